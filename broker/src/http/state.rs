//! What all requests share, and what is known of the connection of each.

use super::allowed_hosts::AllowedHosts;
use super::offload::BlockingPool;
use super::settings::Settings;
use crate::core::{Broker, Refusal};
use crate::store::{Journal, NotSaved, Progress};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// What all requests share.
pub(super) struct ServerState {
    kept: Mutex<Kept>,
    pub blocking_pool: BlockingPool,
    pub settings: Settings,
    pub allowed_hosts: AllowedHosts,
    /// How many events there have been; its change wakes the event sockets.
    event_count: watch::Sender<u64>,
}

/// The broker, and what keeps its state, if anything does.
pub(super) struct Kept {
    broker: Broker,
    journal: Option<Journal>,
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
            kept: Mutex::new(Kept { broker, journal: None }),
            blocking_pool: BlockingPool::default(),
            allowed_hosts: AllowedHosts::new(settings.hosts.clone(), &settings.listen),
            settings,
            event_count: watch::Sender::new(0),
        }
    }

    /// Has a journal keep the state of the broker from now on.
    pub(super) fn keep_in(&self, journal: Journal) {
        self.lock().journal = Some(journal);
    }

    /// A handler that panics poisons the lock; the others go on, because what it left half done
    /// belongs to one account, and a broker that answers nobody helps nobody.
    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is not written yet. From now on nothing is answered.
    pub(super) fn finish(&self) {
        if let Some(journal) = &mut self.lock().journal {
            journal.finish();
        }
    }

    /// Locks the broker for some work, and waits until all is saved that the work has changed, or
    /// may have seen. Nothing is done once changes could not be saved: what is in memory then may
    /// be gone after a restart.
    pub(super) async fn with_broker<T>(
        &self,
        work: impl FnOnce(&mut Broker) -> T,
    ) -> Result<T, NotSaved> {
        let (done, pending) = {
            let mut kept = self.lock();
            let Kept { broker, journal } = &mut *kept;
            match journal {
                None => (work(broker), None),
                Some(journal) => {
                    journal.check()?;
                    let done = work(broker);
                    let changes = broker.take_changes().map_err(|_| journal.give_up())?;
                    (done, Some((journal.submit(changes)?, journal.progress())))
                }
            }
        };
        if let Some((number, mut progress)) = pending {
            Progress::reach(&mut progress, number).await?;
        }
        Ok(done)
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

impl From<NotSaved> for Refusal {
    fn from(_: NotSaved) -> Self {
        let text = "The broker could not save its state, so it answers no more calls. It has said \
                    why where it runs, and has to be restarted.";
        Self::new(503, text)
    }
}
