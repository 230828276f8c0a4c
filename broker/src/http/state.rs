//! What all requests share, and what is known of the connection of each.

use super::allowed_hosts::AllowedHosts;
use super::clock::unix_seconds;
use super::offload::BlockingPool;
use super::settings::Settings;
use crate::core::{Broker, Mail, QUERY_SECONDS, Refusal, query_result};
use crate::exchange::{ErrorResponse, Runtime};
use crate::store::{Journal, NotSaved, Progress};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use neuron_agent_api::wire::Value;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long another domain may take to respond to a query.
const QUERY_TIMEOUT: Duration = Duration::from_secs(QUERY_SECONDS.unsigned_abs());

/// What all requests share.
pub(super) struct ServerState {
    kept: Mutex<Kept>,
    pub blocking_pool: BlockingPool,
    pub settings: Settings,
    pub allowed_hosts: AllowedHosts,
    /// How many events there have been; its change wakes the event sockets.
    event_count: watch::Sender<u64>,
    /// How many responses of other domains there have been; its change wakes those who wait for one.
    response_count: watch::Sender<u64>,
    /// How many stanzas for other domains there have been; its change wakes the link.
    outgoing_count: watch::Sender<u64>,
}

/// A query that somebody waits for, until this is dropped.
struct PendingQuery<'a> {
    shared: &'a ServerState,
    id: &'a str,
}

impl Drop for PendingQuery<'_> {
    fn drop(&mut self) {
        // It is not part of what is saved.
        let _ = self.shared.change(|broker| broker.end_query(self.id));
    }
}

/// Which changes have to be saved, and what tells when they are.
type Unsaved = (u64, watch::Receiver<Progress>);

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
            response_count: watch::Sender::new(0),
            outgoing_count: watch::Sender::new(0),
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
    /// be gone after a restart. Wakes whoever waits for what the work has brought about.
    pub(super) async fn with_broker<T>(
        &self,
        work: impl FnOnce(&mut Broker) -> T,
    ) -> Result<T, NotSaved> {
        let (result, pending) = self.work(work)?;
        if let Some((number, mut progress)) = pending {
            Progress::reach(&mut progress, number).await?;
        }
        Ok(result)
    }

    /// [`ServerState::with_broker`], for what nobody outside learns of before it is saved.
    pub(super) fn change<T>(&self, work: impl FnOnce(&mut Broker) -> T) -> Result<T, NotSaved> {
        self.work(work).map(|(result, _)| result)
    }

    /// Does some work. Returns which changes have to be saved, too, if any are.
    fn work<T>(
        &self,
        work: impl FnOnce(&mut Broker) -> T,
    ) -> Result<(T, Option<Unsaved>), NotSaved> {
        let mut kept = self.lock();
        let Kept { broker, journal } = &mut *kept;
        if let Some(journal) = journal {
            journal.check()?;
        }
        let result = work(broker);
        let pending = match journal {
            None => {
                broker.forget_changes();
                None
            }
            Some(journal) => {
                let changes = broker.take_changes().map_err(|_| journal.give_up())?;
                Some((journal.submit(changes)?, journal.progress()))
            }
        };
        let counts = [broker.event_count(), broker.response_count(), broker.outgoing_count()];
        drop(kept);
        // Whoever is woken waits itself for what it sees to be saved.
        self.wake(counts);
        Ok((result, pending))
    }

    /// Wakes whoever waits for events, for responses, or for stanzas for other domains, of which there
    /// have been so many.
    fn wake(&self, counts: [u64; 3]) {
        let senders = [&self.event_count, &self.response_count, &self.outgoing_count];
        for (sender, count) in senders.into_iter().zip(counts) {
            // Another change may have come first, and has told of both.
            sender.send_if_modified(|known| {
                let has_grown = count > *known;
                *known = count.max(*known);
                has_grown
            });
        }
    }

    /// Changes when there are new events.
    pub(super) fn subscribe_to_events(&self) -> watch::Receiver<u64> {
        self.event_count.subscribe()
    }

    /// Changes when there are stanzas for other domains.
    pub(super) fn subscribe_to_outgoing(&self) -> watch::Receiver<u64> {
        self.outgoing_count.subscribe()
    }
}

impl Runtime for ServerState {
    fn now(&self) -> i64 {
        unix_seconds()
    }

    async fn with_broker<T: Send>(
        &self,
        work: impl FnOnce(&mut Broker) -> T + Send,
    ) -> Result<T, Refusal> {
        Ok(Self::with_broker(self, work).await?)
    }

    async fn run<T: Send + 'static>(
        &self,
        length: usize,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.blocking_pool.run(length, work).await
    }

    async fn result_of(&self, query: &str) -> Result<Value, Refusal> {
        let query = PendingQuery { shared: self, id: query };
        let mut responses = self.response_count.subscribe();
        let answered = async {
            loop {
                let take = |broker: &mut Broker| broker.take_response(query.id);
                if let Some(response) = self.change(take)? {
                    return Ok(response);
                }
                if responses.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let response = match timeout(QUERY_TIMEOUT, answered).await {
            Ok(response) => response.map(Some),
            Err(_) => self.change(|broker| broker.end_query(query.id)),
        };
        match response? {
            Some(response) => Ok(query_result(&response)),
            None => Err(Refusal::internal("The query is gone.")),
        }
    }

    fn hand_over(&self, Mail { to, text }: Mail) {
        (self.settings.print_mail)(&format!("To {to}: {text}"));
    }
}

impl From<NotSaved> for Refusal {
    fn from(_: NotSaved) -> Self {
        let text = "The broker could not save its state, so it answers no more calls. It has said \
                    why where it runs, and has to be restarted.";
        Self::new(503, text)
    }
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        hyper::Response::from(self).map(Body::from)
    }
}
