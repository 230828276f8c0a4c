//! What all requests share, and what is known of the connection of each.

use super::allowed_hosts::AllowedHosts;
use super::offload::BlockingPool;
use super::settings::Settings;
use crate::core::Broker;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// What all requests share.
pub(super) struct ServerState {
    broker: Mutex<Broker>,
    pub blocking_pool: BlockingPool,
    pub settings: Settings,
    pub allowed_hosts: AllowedHosts,
    /// How many events there have been; its change wakes the event sockets.
    event_count: watch::Sender<u64>,
}

/// The address at this end of a connection.
#[derive(Clone, Copy)]
pub(super) struct LocalAddress(pub SocketAddr);

/// The network at the other end of a connection, by its name.
#[derive(Clone)]
pub(super) struct RemoteNetwork(pub Arc<str>);

impl ServerState {
    pub(super) fn new(broker: Broker, settings: Settings) -> Self {
        Self {
            broker: Mutex::new(broker),
            blocking_pool: BlockingPool::default(),
            allowed_hosts: AllowedHosts::new(settings.hosts.clone(), &settings.listen),
            settings,
            event_count: watch::Sender::new(0),
        }
    }

    /// Locks the broker. A handler that panics poisons the lock; the others go on, because what it
    /// left half done belongs to one account, and a broker that answers nobody helps nobody.
    pub(super) fn lock(&self) -> MutexGuard<'_, Broker> {
        self.broker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the event sockets if there are new events.
    pub(super) fn notify_tabs(&self, event_count: u64) {
        self.event_count
            .send_if_modified(|known| std::mem::replace(known, event_count) != event_count);
    }

    /// Changes when there are new events.
    pub(super) fn subscribe_to_events(&self) -> watch::Receiver<u64> {
        self.event_count.subscribe()
    }
}
