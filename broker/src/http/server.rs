//! The server: its routes, its listeners, and how it stops.

use super::broker_handle::BrokerHandle;
use super::clock::unix_seconds;
use super::connections::ConnectionLimiter;
use super::fault_injector::FaultInjector;
use super::listener::Listener;
use super::settings::Settings;
use super::state::ServerState;
use super::{agent, event_socket, log, request_checks, static_files};
use crate::core::Broker;
use crate::faults::FaultSampler;
use crate::store::Journal;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{interval, timeout};

/// A broker that listens.
pub struct Server {
    listener: Listener,
    /// The second listener, whose connections meet faults, if there is one.
    faulty_listener: Option<Listener>,
    router: Router,
    limiter: Arc<ConnectionLimiter>,
    shared: Arc<ServerState>,
}

impl Server {
    /// Listens. Requests are answered once [`Server::run`] is called.
    ///
    /// # Errors
    /// If the address can't be listened on.
    pub async fn bind(broker: Broker, settings: Settings) -> io::Result<Self> {
        let (limits, verbose) = (settings.limits, settings.verbose);
        let listen = settings.listen.clone();
        let shared = Arc::new(ServerState::new(broker, settings));
        let mut router = Router::new()
            .route("/Agent/{*resource}", any(agent::serve))
            .route("/ClientEventsWS", any(event_socket::serve))
            .fallback(static_files::serve)
            .layer(from_fn_with_state(shared.clone(), request_checks::check))
            .with_state(shared.clone());
        if verbose {
            router = router.layer(from_fn(log::write_line));
        }
        let limiter = ConnectionLimiter::new(limits.connections);
        let listener =
            Listener::bind(&listen, router.clone(), limits, limiter.clone(), None).await?;
        Ok(Self { listener, faulty_listener: None, router, limiter, shared })
    }

    /// Keeps the state of the broker, which was made of records, in a journal.
    #[must_use]
    pub fn keeping_state_in(self, journal: Journal) -> Self {
        self.shared.keep_in(journal);
        self
    }

    /// Listens on a second address, where requests to the same broker meet faults.
    ///
    /// # Errors
    /// If the address can't be listened on.
    pub async fn with_faults(mut self, listen: &str, sampler: FaultSampler) -> io::Result<Self> {
        let injector = FaultInjector::new(sampler, self.shared.clone());
        let (router, limiter) = (self.router.clone(), self.limiter.clone());
        let limits = self.shared.settings.limits;
        let listener = Listener::bind(listen, router, limits, limiter, Some(injector)).await?;
        self.faulty_listener = Some(listener);
        Ok(self)
    }

    /// The broker, for what runs beside the server.
    #[must_use]
    pub fn broker(&self) -> BrokerHandle {
        BrokerHandle(self.shared.clone())
    }

    /// The address that the broker listens on.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.address()
    }

    /// The second address, where requests meet faults, if there is one.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn fault_address(&self) -> io::Result<Option<SocketAddr>> {
        self.faulty_listener.as_ref().map(Listener::address).transpose()
    }

    /// Serves until `stop` completes, then lets the requests in progress finish.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        // Each connection holds a receiver, which tells it to end. When all receivers are dropped,
        // all connections have ended.
        let shutdown = watch::Sender::new(());
        let faulty_listener = async {
            match &self.faulty_listener {
                Some(listener) => listener.accept_connections(&shutdown).await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = stop => {}
            () = self.listener.accept_connections(&shutdown) => {}
            () = faulty_listener => {}
            () = announce_ended_sessions(&self.shared) => {}
        }
        drop((self.listener, self.faulty_listener));
        shutdown.send_replace(());
        // A request that takes longer than that is cut off.
        let _ = timeout(self.shared.settings.limits.stop, shutdown.closed()).await;
    }
}

/// Tells contacts of sessions that end because their time is over, for which nobody calls.
async fn announce_ended_sessions(shared: &ServerState) {
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        seconds.tick().await;
        // If it can't be saved, the next call is told.
        let _ = shared.change(|broker| broker.announce_ended_sessions(unix_seconds()));
    }
}
