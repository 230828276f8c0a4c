//! An address that is listened on, and the connections that come in there.

use super::client_stream::ClientStream;
use super::connections::{Connections, network_name};
use super::fault_injector::{BadNetwork, handle};
use super::server::{Limits, Local, Remote};
use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// How long to wait after a connection could not be taken: most often all file descriptors are in
/// use, and trying again at once would only take the processor too.
const AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(100);

/// The broker, for a request on a connection.
pub(super) type Handler = TowerToHyperService<Router>;

/// An address that is listened on.
pub(super) struct Door {
    listener: TcpListener,
    handler: Handler,
    limits: Limits,
    /// The connections of all addresses that are listened on.
    places: Arc<Connections>,
    /// What lies between this address and the broker, if it does harm.
    network: Option<Arc<BadNetwork>>,
}

impl Door {
    pub(super) async fn bind(
        listen: &str,
        router: Router,
        limits: Limits,
        places: Arc<Connections>,
        network: Option<BadNetwork>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let handler = TowerToHyperService::new(router);
        Ok(Self { listener, handler, limits, places, network: network.map(Arc::new) })
    }

    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Lets everybody in, for ever. Each connection holds a receiver for as long as it lasts, and
    /// hears there that it shall end.
    pub(super) async fn open(&self, connections: &watch::Sender<()>) {
        loop {
            match self.listener.accept().await {
                Ok((stream, remote)) => {
                    // Without this, small answers wait for the client's acknowledgement. Failing
                    // is no harm.
                    let _ = stream.set_nodelay(true);
                    self.serve(stream, remote, connections.subscribe());
                }
                Err(_) => sleep(AFTER_FAILED_ACCEPT).await,
            }
        }
    }

    fn serve(&self, stream: TcpStream, remote: SocketAddr, mut end: watch::Receiver<()>) {
        // The client may be gone already.
        let Ok(local) = stream.local_addr() else { return };
        let stream = Arc::new(stream);
        let place = self.places.admit(stream.clone(), remote.ip());
        let line = self.network.as_ref().map(|network| Arc::new(network.line(stream.clone())));
        let stream = ClientStream::new(stream, place, self.limits.write);
        let is_good = line.is_none();
        let remote = Remote(network_name(remote.ip()).into());
        let handler = self.handler.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(remote.clone());
            request.extensions_mut().insert(Local(local));
            let (handler, line) = (handler.clone(), line.clone());
            async move {
                match line {
                    None => handle(&handler, request).await,
                    Some(line) => line.carry(request, &handler).await,
                }
            }
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
            // An answer that hangs would be waited for in vain.
            if is_good {
                let _ = connection.await;
            }
        });
    }
}
