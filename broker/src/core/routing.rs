//! Routes stanzas: to an account of this broker, or to another domain.

use super::message::Message;
use super::outbox::OutboxError;
use super::stanza::Stanza;
use super::state::Broker;

/// How many stanzas may wait for other domains before answers to those are left out.
const MAX_WAITING_BEFORE_REPLIES: usize = 1_000;

impl Broker {
    /// Sends a message, and returns whether that was possible.
    ///
    /// # Errors
    /// If it is for another domain, and the link does not take it.
    pub(super) fn send_message(&mut self, message: Message) -> Result<bool, OutboxError> {
        if self.is_local(&message.to.to_bare()) {
            return Ok(self.deliver(message).is_ok());
        }
        if !self.outbox.is_linked() {
            return Ok(false);
        }
        self.send_stanza(&message.stanza()).map(|()| true)
    }

    /// Sends a stanza to another domain.
    pub(super) fn send_stanza(&mut self, stanza: &Stanza) -> Result<(), OutboxError> {
        self.outbox.push(stanza)
    }

    /// Sends to another domain what is of no use later, if the link is up and has room. It takes no
    /// room of its sender, who may have much that waits from before the link was up.
    pub(super) fn send_now(&mut self, stanza: &Stanza) {
        if self.outbox.is_connected() {
            // Without room it is left out.
            let _ = self.outbox.push_own(stanza);
        }
    }

    /// Whether another domain is answered: if the link is up, and few stanzas wait.
    pub(super) fn can_reply(&self) -> bool {
        self.outbox.is_connected() && self.outbox.len() < MAX_WAITING_BEFORE_REPLIES
    }

    /// Answers a stanza of another domain, if that is possible. Answers take no room of the account in
    /// whose name they are given.
    pub(super) fn reply(&mut self, stanza: &Stanza) {
        if self.can_reply() {
            let _ = self.outbox.push_own(stanza);
        }
    }

    /// How many stanzas there have been for other domains. When it has grown, the link has
    /// something to take.
    #[must_use]
    pub fn outgoing_count(&self) -> u64 {
        self.outbox.count()
    }

    /// Whether the link is up.
    #[must_use]
    pub fn is_link_up(&self) -> bool {
        self.outbox.is_connected()
    }

    /// How many stanzas wait for other domains.
    #[must_use]
    pub fn waiting_stanzas(&self) -> usize {
        self.outbox.len()
    }

    /// Whether there is anything to send to other domains: what waits, or what will when there is room.
    #[must_use]
    pub fn has_outgoing(&self) -> bool {
        self.outbox.len() > 0 || !self.announcements.later.is_empty()
    }

    /// The next stanzas for other domains, as one text, in the default namespace of the link's
    /// stream. Empty if nothing waits, or if the last ones are not acknowledged yet.
    pub fn next_outgoing(&mut self, now: i64) -> String {
        self.announce_later(now);
        self.outbox.next_batch()
    }

    /// What [`Broker::next_outgoing`] returned last has arrived.
    pub fn acknowledge_outgoing(&mut self) {
        self.outbox.acknowledge();
    }
}
