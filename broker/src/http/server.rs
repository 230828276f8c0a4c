//! What is served, and what all requests share.

use super::allowed_hosts::{HostName, Hosts};
use super::connections::{Connections, most_connections};
use super::fault_injector::BadNetwork;
use super::listener::Door;
use super::offload::Aside;
use super::{agent, event_socket, log, request_checks, static_files};
use crate::core::{Broker, TAB_LIFE};
use crate::faults::Dice;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How the broker is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen, as `127.0.0.1:8080`; port 0 takes any that is free.
    pub listen: String,
    /// The host names to answer for, beside the address that is listened on and those of this
    /// machine: `localhost`, `127.0.0.1` and `[::1]`, with the port.
    pub hosts: Vec<HostName>,
    /// The folder that holds `www` and `pkg`.
    pub root: PathBuf,
    /// Whether a page from another origin may read the headers that it can't by default.
    pub expose_headers: bool,
    /// Whether each request is written to standard error.
    pub verbose: bool,
    /// Where lines go that somebody must see: what would be sent by mail.
    pub say: fn(&str),
    /// How long a client may take, and how many there may be.
    pub limits: Limits,
}

/// How long a client may take, and how many there may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request; also how long a connection may be idle.
    pub head: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// For taking 64 KiB of an answer or of an event, or what is left of it.
    pub write: Duration,
    /// Between two signs of life of a tab.
    pub tab: Duration,
    /// For the requests that are under way when the broker is told to stop.
    pub stop: Duration,
    /// How many connections there are at a time, WebSockets among them; three quarters of them at
    /// most from one address.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            write: Duration::from_secs(10),
            tab: Duration::from_secs(TAB_LIFE.unsigned_abs()),
            stop: Duration::from_secs(5),
            connections: most_connections(),
        }
    }
}

/// A broker that listens.
pub struct Server {
    door: Door,
    /// The one that leads through a bad network, if there is one.
    bad_door: Option<Door>,
    router: Router,
    places: Arc<Connections>,
    shared: Arc<Shared>,
}

/// What all requests share.
pub(super) struct Shared {
    broker: Mutex<Broker>,
    pub aside: Aside,
    pub settings: Settings,
    pub hosts: Hosts,
    /// Rung when a tab has something to take; what it says is how much there was so far.
    bell: watch::Sender<u64>,
}

/// The address at this end of a connection.
#[derive(Clone, Copy)]
pub(super) struct Local(pub SocketAddr);

/// The address at the other end of a connection.
#[derive(Clone)]
pub(super) struct Remote(pub Arc<str>);

impl Shared {
    pub(super) fn new(broker: Broker, settings: Settings) -> Self {
        let bell = watch::Sender::new(0);
        let hosts = Hosts::new(settings.hosts.clone(), &settings.listen);
        Self { broker: Mutex::new(broker), aside: Aside::default(), settings, hosts, bell }
    }

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

impl Server {
    /// Listens; answers from when [`Server::run`] is called.
    ///
    /// # Errors
    /// When the address can't be listened on.
    pub async fn bind(broker: Broker, settings: Settings) -> io::Result<Self> {
        let (limits, verbose) = (settings.limits, settings.verbose);
        let listen = settings.listen.clone();
        let shared = Arc::new(Shared::new(broker, settings));
        let mut router = Router::new()
            .route("/Agent/{*resource}", any(agent::serve))
            .route("/ClientEventsWS", any(event_socket::serve))
            .fallback(static_files::serve)
            .layer(from_fn_with_state(shared.clone(), request_checks::check))
            .with_state(shared.clone());
        if verbose {
            router = router.layer(from_fn(log::write_line));
        }
        let places = Connections::new(limits.connections);
        let door = Door::bind(&listen, router.clone(), limits, places.clone(), None).await?;
        Ok(Self { door, bad_door: None, router, places, shared })
    }

    /// Listens on a second address, which is the same broker behind a bad network.
    ///
    /// # Errors
    /// When the address can't be listened on.
    pub async fn with_faults(mut self, listen: &str, dice: Dice) -> io::Result<Self> {
        let network = BadNetwork::new(dice, self.shared.clone());
        let (router, places) = (self.router.clone(), self.places.clone());
        let limits = self.shared.settings.limits;
        self.bad_door = Some(Door::bind(listen, router, limits, places, Some(network)).await?);
        Ok(self)
    }

    /// Where the broker listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.door.address()
    }

    /// Where the bad network is, if there is one.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn fault_address(&self) -> io::Result<Option<SocketAddr>> {
        self.bad_door.as_ref().map(Door::address).transpose()
    }

    /// Serves until told to stop, then lets the requests that are under way finish.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        // Each connection holds a receiver: it hears there that it shall end, and when all are
        // dropped, all have ended.
        let connections = watch::Sender::new(());
        let bad_door = async {
            match &self.bad_door {
                Some(door) => door.open(&connections).await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = stop => {}
            () = self.door.open(&connections) => {}
            () = bad_door => {}
        }
        drop((self.door, self.bad_door));
        connections.send_replace(());
        // A request that takes longer is cut off.
        let _ = timeout(self.shared.settings.limits.stop, connections.closed()).await;
    }
}
