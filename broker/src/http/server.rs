//! Listening, and what holds for every connection.

use super::{agent, log, socket, static_files};
use crate::core::{Broker, TAB_LIFE};
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::any;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How the broker is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen, as `127.0.0.1:8080`; port 0 takes any that is free.
    pub listen: String,
    /// The folder that holds `www` and `pkg`.
    pub root: PathBuf,
    /// Whether a page from another origin may read the headers that it can't by default.
    pub expose_headers: bool,
    /// Whether each request is written to standard error.
    pub verbose: bool,
    /// Where lines go that somebody must see: what would be sent by mail.
    pub say: fn(&str),
    /// How long a client may take.
    pub limits: Limits,
}

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request; also how long a connection may be idle.
    pub head: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// Between two signs of life of a tab.
    pub tab: Duration,
    /// For the requests that are under way when the broker is told to stop.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            tab: Duration::from_secs(TAB_LIFE.unsigned_abs()),
            stop: Duration::from_secs(5),
        }
    }
}

/// A broker that listens.
pub struct Server {
    listener: TcpListener,
    router: Router,
    limits: Limits,
}

/// What all requests share.
pub(super) struct Shared {
    broker: Mutex<Broker>,
    pub settings: Settings,
    /// Rung when a tab has something to take; what it says is how much there was so far.
    bell: watch::Sender<u64>,
}

/// The address at the other end of a connection.
#[derive(Clone)]
pub(super) struct Remote(pub Arc<str>);

impl Shared {
    /// A handler that panics leaves the lock poisoned. The others go on: what it left half done
    /// is one account's, and the alternative is a broker that answers nobody.
    pub(super) fn lock(&self) -> MutexGuard<'_, Broker> {
        self.broker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the tabs, if there was something new.
    pub(super) fn ring(&self, pushes: u64) {
        self.bell.send_if_modified(|known| std::mem::replace(known, pushes) != pushes);
    }

    pub(super) fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }
}

/// How long to wait after a connection could not be taken: most often all file descriptors are in
/// use, and trying again at once would only take the processor too.
const AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(100);

impl Server {
    /// Listens; answers from when [`Server::run`] is called.
    ///
    /// # Errors
    /// When the address can't be listened on.
    pub async fn bind(broker: Broker, settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind(&settings.listen).await?;
        let limits = settings.limits;
        let verbose = settings.verbose;
        let bell = watch::Sender::new(0);
        let shared = Arc::new(Shared { broker: Mutex::new(broker), settings, bell });
        let mut router = Router::new()
            .route("/Agent/{*resource}", any(agent::serve))
            .route("/ClientEventsWS", any(socket::serve))
            .fallback(static_files::serve)
            .with_state(shared);
        if verbose {
            router = router.layer(from_fn(log::write_line));
        }
        Ok(Self { listener, router, limits })
    }

    /// Where the broker listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until told to stop, then lets the requests that are under way finish.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        // Each connection holds a receiver: it hears there that it shall end, and when all are
        // dropped, all have ended.
        let connections = watch::Sender::new(());
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, remote)) => self.serve(stream, remote.ip(), connections.subscribe()),
                    Err(_) => sleep(AFTER_FAILED_ACCEPT).await,
                },
            }
        }
        drop(self.listener);
        connections.send_replace(());
        // A request that takes longer is cut off.
        let _ = timeout(self.limits.stop, connections.closed()).await;
    }

    fn serve(&self, stream: TcpStream, remote: IpAddr, mut end: watch::Receiver<()>) {
        // Without this, small answers wait for the client's acknowledgement. Failing is no harm.
        let _ = stream.set_nodelay(true);
        let remote = Remote(remote.to_canonical().to_string().into());
        let router = TowerToHyperService::new(self.router.clone());
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(remote.clone());
            router.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service)
            // hyper-util's graceful shutdown knows no connection that becomes a WebSocket.
            .with_upgrades();
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            // A connection that breaks concerns nobody but its client.
            tokio::select! {
                _ = connection.as_mut() => return,
                _ = end.changed() => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
}
