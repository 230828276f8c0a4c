//! The broker of a server, for what runs beside the server.

use super::state::ServerState;
use crate::core::Broker;
use crate::store::NotSaved;
use std::sync::Arc;
use tokio::sync::watch;

/// The broker that a server serves.
#[derive(Clone)]
pub struct BrokerHandle(pub(super) Arc<ServerState>);

impl BrokerHandle {
    /// Locks the broker for some work, and waits until all is saved that the work has changed, or
    /// may have seen.
    ///
    /// # Errors
    /// If the state can't be saved.
    pub async fn with_broker<T>(&self, work: impl FnOnce(&mut Broker) -> T) -> Result<T, NotSaved> {
        self.0.with_broker(work).await
    }

    /// [`BrokerHandle::with_broker`], for what nobody outside learns of before it is saved.
    ///
    /// # Errors
    /// If the state can't be saved.
    pub fn change<T>(&self, work: impl FnOnce(&mut Broker) -> T) -> Result<T, NotSaved> {
        self.0.change(work)
    }

    /// Changes when there are stanzas for other domains.
    #[must_use]
    pub fn subscribe_to_outgoing(&self) -> watch::Receiver<u64> {
        self.0.subscribe_to_outgoing()
    }

    /// Saves what is not saved yet. From now on nothing is answered.
    pub fn finish(&self) {
        self.0.finish();
    }
}
