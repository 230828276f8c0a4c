//! Stanzas for other domains, which wait for the link to an XMPP server.

use super::memory_budget::{Budget, SharedBudget};
use super::record::{Records, Table};
use super::refusal::Refusal;
use super::stanza::Stanza;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The maximum number of stanzas that wait.
const MAX_STANZAS: usize = 10_000;

/// The maximum size of the stanzas that wait, in bytes.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The maximum number of stanzas of one sender, so that nobody takes all the room.
const MAX_PER_SENDER: usize = 1_000;

/// The maximum size of a stanza, in bytes. Prosody closes the stream after one of 512 KiB, and with
/// it the link of all accounts.
const MAX_STANZA_BYTES: usize = 256 * 1024;

/// How much is handed to the link at once, in bytes, unless a single stanza is larger.
const MAX_BATCH_BYTES: usize = 64 * 1024;

/// What waits for the link, the oldest first.
///
/// A stream acknowledges nothing by itself, so the link hands over a batch, then asks its server a
/// question, and lets the batch go when that is answered: a server handles what it reads in order.
/// If the link breaks before, the batch is handed over again.
pub(super) struct Outbox {
    stanzas: Table<u64, WaitingStanza>,
    /// How many of them the link has, and nobody has acknowledged.
    in_flight: usize,
    /// Whether there is a link at all.
    is_linked: bool,
    is_connected: bool,
    by_sender: BTreeMap<String, usize>,
    budget: Budget,
    /// How many stanzas there have been.
    count: u64,
}

#[derive(Serialize, Deserialize)]
struct WaitingStanza {
    sender: String,
    xml: String,
}

/// Why a stanza is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutboxError {
    /// There is no link, and so no other domain.
    Unlinked,
    /// The stanza is too long.
    TooLong,
    /// Too much waits.
    Full,
}

impl From<OutboxError> for Refusal {
    fn from(error: OutboxError) -> Self {
        match error {
            OutboxError::Unlinked => Self::internal("This broker has no link to other domains."),
            OutboxError::TooLong => Self::bad_request(format!(
                "The stanza has more than {} KiB, which is too long for other domains.",
                MAX_STANZA_BYTES / 1024
            )),
            OutboxError::Full => Self::new(
                503,
                "Too many stanzas wait for other domains. Try again when the XMPP server takes \
                 them.",
            ),
        }
    }
}

impl Outbox {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self {
            stanzas: Table::new("outgoing"),
            in_flight: 0,
            is_linked: false,
            is_connected: false,
            by_sender: BTreeMap::new(),
            budget: Budget::new(MAX_BYTES, shared),
            count: 0,
        }
    }

    /// What is kept of it.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.stanzas
    }

    /// Counts anew what it takes.
    pub(super) fn recount(&mut self) {
        self.by_sender.clear();
        let mut bytes = 0;
        for WaitingStanza { sender, xml } in self.stanzas.values() {
            bytes += size(sender, xml);
            *self.by_sender.entry(sender.clone()).or_default() += 1;
        }
        self.budget.recount(bytes);
    }

    /// Takes stanzas from now on, for a link.
    pub(super) fn link(&mut self) {
        self.is_linked = true;
    }

    /// Whether there is a link, up or down.
    pub(super) fn is_linked(&self) -> bool {
        self.is_linked
    }

    /// Whether the link is up.
    pub(super) fn is_connected(&self) -> bool {
        self.is_connected
    }

    /// How many stanzas wait.
    pub(super) fn len(&self) -> usize {
        self.stanzas.len()
    }

    /// How many stanzas there have been. When it has grown, the link has something to take.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Adds a stanza.
    pub(super) fn push(&mut self, stanza: &Stanza) -> Result<(), OutboxError> {
        if !self.is_linked {
            return Err(OutboxError::Unlinked);
        }
        let (sender, xml) = (stanza.from.to_bare().to_string(), stanza.stream_xml());
        if xml.len() > MAX_STANZA_BYTES {
            return Err(OutboxError::TooLong);
        }
        let of_sender = self.by_sender.get(&sender).copied().unwrap_or_default();
        if self.stanzas.len() >= MAX_STANZAS || of_sender >= MAX_PER_SENDER {
            return Err(OutboxError::Full);
        }
        self.budget.reserve(size(&sender, &xml)).map_err(|_| OutboxError::Full)?;
        *self.by_sender.entry(sender.clone()).or_default() += 1;
        self.stanzas.push(WaitingStanza { sender, xml });
        self.count += 1;
        Ok(())
    }

    /// The next stanzas, as one text. Empty if nothing waits, or if the last batch is not
    /// acknowledged yet.
    pub(super) fn next_batch(&mut self) -> String {
        let mut batch = String::new();
        if self.in_flight > 0 {
            return batch;
        }
        for WaitingStanza { xml, .. } in self.stanzas.values() {
            if !batch.is_empty() && batch.len() + xml.len() > MAX_BATCH_BYTES {
                break;
            }
            batch.push_str(xml);
            self.in_flight += 1;
        }
        batch
    }

    /// The last batch has arrived.
    pub(super) fn acknowledge(&mut self) {
        for _ in 0..std::mem::take(&mut self.in_flight) {
            let Some(WaitingStanza { sender, xml }) = self.stanzas.pop_first() else { return };
            self.budget.release(size(&sender, &xml));
            if let Some(count) = self.by_sender.get_mut(&sender) {
                *count -= 1;
                if *count == 0 {
                    self.by_sender.remove(&sender);
                }
            }
        }
    }

    /// The link is up, or down. What is not acknowledged is handed over again.
    pub(super) fn set_connected(&mut self, is_connected: bool) {
        self.is_connected = is_connected;
        self.in_flight = 0;
    }
}

/// Roughly how much memory a stanza takes, in bytes.
fn size(sender: &str, xml: &str) -> usize {
    const REST: usize = 64;
    REST + 2 * sender.len() + xml.len()
}

#[cfg(test)]
mod tests {
    use super::super::content::Content;
    use super::super::stanza::StanzaName;
    use super::*;
    use jid::Jid;

    fn stanza(from: &str, length: usize) -> Stanza {
        let jid = |text: &str| Jid::new(text).unwrap();
        let content = Content::text(&"x".repeat(length));
        let empty = Stanza::new(StanzaName::Message, jid(from), jid("bob@other.example"), "chat");
        Stanza { content, ..empty }
    }

    fn outbox() -> Outbox {
        let mut outbox = Outbox::new(&SharedBudget::default());
        outbox.link();
        outbox
    }

    fn numbered(outbox: &mut Outbox, number: usize) {
        let id = Some(number.to_string());
        outbox.push(&Stanza { id, ..stanza("alice@localhost/1", 0) }).unwrap();
    }

    fn ids(batch: &str) -> Vec<usize> {
        let ids = batch.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        ids.map(|id| id.parse().unwrap()).collect()
    }

    #[test]
    fn a_batch_goes_only_when_it_is_acknowledged() {
        let mut outbox = outbox();
        (0..3).for_each(|number| numbered(&mut outbox, number));
        assert_eq!(ids(&outbox.next_batch()), [0, 1, 2]);
        numbered(&mut outbox, 3);
        assert_eq!(outbox.next_batch(), "", "one batch at a time");
        outbox.acknowledge();
        assert_eq!(ids(&outbox.next_batch()), [3]);
        outbox.acknowledge();
        assert_eq!((outbox.next_batch().as_str(), outbox.budget.used()), ("", 0));
        assert!(outbox.by_sender.is_empty());
    }

    #[test]
    fn a_batch_that_nobody_acknowledged_is_handed_over_again_in_its_order() {
        let mut outbox = outbox();
        outbox.set_connected(true);
        (0..2).for_each(|number| numbered(&mut outbox, number));
        outbox.next_batch();
        outbox.set_connected(false);
        numbered(&mut outbox, 2);
        outbox.set_connected(true);
        assert_eq!(ids(&outbox.next_batch()), [0, 1, 2]);
    }

    #[test]
    fn a_batch_is_short_but_has_at_least_one_stanza() {
        let mut outbox = outbox();
        for length in [MAX_BATCH_BYTES, 10, 10] {
            outbox.push(&stanza("alice@localhost/1", length)).unwrap();
        }
        let mut lengths = [(); 3].map(|()| {
            let batch = outbox.next_batch();
            outbox.acknowledge();
            batch.matches("<message").count()
        });
        lengths.sort_unstable();
        assert_eq!(lengths, [0, 1, 2]);
    }

    #[test]
    fn length_number_and_share_are_limited() {
        let mut outbox = outbox();
        let long = stanza("alice@localhost/1", MAX_STANZA_BYTES);
        assert_eq!(outbox.push(&long), Err(OutboxError::TooLong));
        for _ in 0..MAX_PER_SENDER {
            outbox.push(&stanza("alice@localhost/1", 1)).unwrap();
        }
        assert_eq!(outbox.push(&stanza("alice@localhost/2", 1)), Err(OutboxError::Full));
        for number in MAX_PER_SENDER..MAX_STANZAS {
            outbox.push(&stanza(&format!("user{number}@localhost"), 1)).unwrap();
        }
        assert_eq!(outbox.push(&stanza("bob@localhost/1", 1)), Err(OutboxError::Full));
        outbox.next_batch();
        outbox.acknowledge();
        assert_eq!(outbox.push(&stanza("bob@localhost/1", 1)), Ok(()));
    }

    #[test]
    fn memory_is_limited() {
        let mut outbox = outbox();
        let long = |number: usize| stanza(&format!("user{number}@localhost"), 200 * 1024);
        let fitting = (0..).take_while(|number| outbox.push(&long(*number)).is_ok()).count();
        assert_eq!(fitting, MAX_BYTES / (200 * 1024 + 300));
    }
}
