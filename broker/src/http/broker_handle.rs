//! The broker of a server, for what runs beside the server.

use super::state::ServerState;
use crate::core::Broker;
use std::sync::Arc;
use tokio::sync::watch;

/// The broker that a server serves.
#[derive(Clone)]
pub struct BrokerHandle(pub(super) Arc<ServerState>);

impl BrokerHandle {
    /// Changes the broker, and wakes whoever waits for what that has brought about. It is locked
    /// meanwhile.
    pub fn change<T>(&self, change: impl FnOnce(&mut Broker) -> T) -> T {
        self.0.change(change)
    }

    /// Changes when there are stanzas for other domains.
    #[must_use]
    pub fn subscribe_to_outgoing(&self) -> watch::Receiver<u64> {
        self.0.subscribe_to_outgoing()
    }
}
