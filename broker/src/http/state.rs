//! What all requests share, and what is known of the connection of each.

use super::allowed_hosts::AllowedHosts;
use super::offload::BlockingPool;
use super::settings::Settings;
use crate::core::{Broker, QUERY_SECONDS, Refusal, query_result};
use neuron_agent_api::wire::Value;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// What all requests share.
pub(super) struct ServerState {
    broker: Mutex<Broker>,
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
        self.shared.change(|broker| broker.end_query(self.id));
    }
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
            response_count: watch::Sender::new(0),
            outgoing_count: watch::Sender::new(0),
        }
    }

    /// Locks the broker. A handler that panics poisons the lock; the others go on, because what it
    /// left half done belongs to one account, and a broker that answers nobody helps nobody.
    pub(super) fn lock(&self) -> MutexGuard<'_, Broker> {
        self.broker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the broker, and wakes whoever waits for what that has brought about.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Broker) -> T) -> T {
        let mut broker = self.lock();
        let result = change(&mut broker);
        let counts = [broker.event_count(), broker.response_count(), broker.outgoing_count()];
        drop(broker);
        let senders = [&self.event_count, &self.response_count, &self.outgoing_count];
        for (sender, count) in senders.into_iter().zip(counts) {
            // Another change may have come first, and has told of both.
            sender.send_if_modified(|known| {
                let has_grown = count > *known;
                *known = count.max(*known);
                has_grown
            });
        }
        result
    }

    /// Changes when there are new events.
    pub(super) fn subscribe_to_events(&self) -> watch::Receiver<u64> {
        self.event_count.subscribe()
    }

    /// Changes when there are stanzas for other domains.
    pub(super) fn subscribe_to_outgoing(&self) -> watch::Receiver<u64> {
        self.outgoing_count.subscribe()
    }

    /// The result of a query, when another domain has answered it, or when its time is over.
    pub(super) async fn result_of(&self, query: &str) -> Result<Value, Refusal> {
        let query = PendingQuery { shared: self, id: query };
        let mut responses = self.response_count.subscribe();
        let answered = async {
            loop {
                if let Some(response) = self.change(|broker| broker.take_response(query.id)) {
                    return response;
                }
                if responses.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let response =
            timeout(Duration::from_secs(QUERY_SECONDS.unsigned_abs()), answered).await.ok();
        let response = response.or_else(|| self.change(|broker| broker.end_query(query.id)));
        match response {
            Some(response) => Ok(query_result(&response)),
            None => Err(Refusal::internal("The query is gone.")),
        }
    }
}
