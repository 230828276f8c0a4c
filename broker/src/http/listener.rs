//! One address that is listened on, and its connections.

use super::broker_service::BrokerService;
use super::client_stream::ClientStream;
use super::connections::{ConnectionLimiter, client_network_name};
use super::fault_injector::FaultInjector;
use super::settings::Limits;
use super::state::{LocalAddress, RemoteNetwork};
use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// How long to wait after a connection could not be accepted: most often all file descriptors are
/// in use, and an immediate retry would only use up the processor too.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// One address that is listened on.
pub(super) struct Listener {
    listener: TcpListener,
    broker: BrokerService,
    limits: Limits,
    /// Counts the connections of all listeners.
    limiter: Arc<ConnectionLimiter>,
    /// Injects faults into the connections of this listener, if any.
    injector: Option<Arc<FaultInjector>>,
}

impl Listener {
    pub(super) async fn bind(
        listen: &str,
        router: Router,
        limits: Limits,
        limiter: Arc<ConnectionLimiter>,
        injector: Option<FaultInjector>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let broker = BrokerService::new(router);
        Ok(Self { listener, broker, limits, limiter, injector: injector.map(Arc::new) })
    }

    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Accepts connections forever. Each holds a receiver for as long as it lasts, which tells it to
    /// end.
    pub(super) async fn accept_connections(&self, shutdown: &watch::Sender<()>) {
        loop {
            match self.listener.accept().await {
                Ok((stream, remote)) => {
                    // Without this, short responses wait for the client's acknowledgement. They
                    // arrive all the same, so a failure does not matter.
                    let _ = stream.set_nodelay(true);
                    self.serve(stream, remote, shutdown.subscribe());
                }
                Err(_) => sleep(ACCEPT_RETRY_DELAY).await,
            }
        }
    }

    fn serve(&self, stream: TcpStream, remote: SocketAddr, mut shutdown: watch::Receiver<()>) {
        // The client may have disconnected already.
        let Ok(local) = stream.local_addr() else { return };
        let stream = Arc::new(stream);
        let slot = self.limiter.admit(stream.clone(), remote.ip());
        let faulty = self.injector.as_ref().map(|injector| Arc::new(injector.wrap(stream.clone())));
        let stream = ClientStream::new(stream, slot, self.limits.write);
        let has_faults = faulty.is_some();
        let remote = RemoteNetwork(client_network_name(remote.ip()).into());
        let broker = self.broker.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(remote.clone());
            request.extensions_mut().insert(LocalAddress(local));
            let (broker, faulty) = (broker.clone(), faulty.clone());
            async move {
                match faulty {
                    None => broker.call(request).await,
                    Some(faulty) => faulty.call(request, &broker).await,
                }
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service)
            // The graceful shutdown of hyper-util does not support WebSocket upgrades.
            .with_upgrades();
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            // A connection that breaks concerns nobody but its client.
            tokio::select! {
                _ = connection.as_mut() => return,
                _ = shutdown.changed() => connection.as_mut().graceful_shutdown(),
            }
            // A response that a fault holds back would never finish.
            if !has_faults {
                let _ = connection.await;
            }
        });
    }
}
