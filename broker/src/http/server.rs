//! Listening, and what holds for every connection.

use super::{agent, log, static_files};
use crate::core::Broker;
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::any;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
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
    /// For the requests that are under way when the broker is told to stop.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
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
    pub broker: Mutex<Broker>,
    pub settings: Settings,
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
        let shared = Arc::new(Shared { broker: Mutex::new(broker), settings });
        let mut router = Router::new()
            .route("/Agent/{*resource}", any(agent::serve))
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
        let connections = GracefulShutdown::new();
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => self.serve(stream, &connections),
                    Err(_) => sleep(AFTER_FAILED_ACCEPT).await,
                },
            }
        }
        drop(self.listener);
        // A request that takes longer is cut off.
        let _ = timeout(self.limits.stop, connections.shutdown()).await;
    }

    fn serve(&self, stream: TcpStream, connections: &GracefulShutdown) {
        // Without this, small answers wait for the client's acknowledgement. Failing is no harm.
        let _ = stream.set_nodelay(true);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .half_close(true)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(self.router.clone()));
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks concerns nobody but its client.
            let _ = connection.await;
        });
    }
}
