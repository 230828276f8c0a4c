//! Routes stanzas: to an account of this broker, or to another domain.

use super::message::Message;
use super::outbox::{Outbox, OutboxError};
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
        match &mut self.outbox {
            Some(outbox) => outbox.push(&message.stanza()).map(|()| true),
            None => Ok(false),
        }
    }

    /// Sends a stanza to another domain.
    pub(super) fn send_stanza(&mut self, stanza: &Stanza) -> Result<(), OutboxError> {
        self.outbox.as_mut().ok_or(OutboxError::Unlinked)?.push(stanza)
    }

    /// Sends to another domain what is of no use later, if the link is up and has room.
    pub(super) fn send_now(&mut self, stanza: &Stanza) {
        let outbox = self
            .outbox
            .as_mut()
            .filter(|outbox| outbox.is_connected() && outbox.len() < MAX_WAITING_BEFORE_REPLIES);
        if let Some(outbox) = outbox {
            // Without room it is left out.
            let _ = outbox.push(stanza);
        }
    }

    /// How many stanzas there have been for other domains. When it has grown, the link has
    /// something to take.
    #[must_use]
    pub fn outgoing_count(&self) -> u64 {
        self.outbox.as_ref().map_or(0, Outbox::count)
    }

    /// How many stanzas wait for other domains.
    #[must_use]
    pub fn waiting_stanzas(&self) -> usize {
        self.outbox.as_ref().map_or(0, Outbox::len)
    }

    /// The next stanzas for other domains, as one text, in the default namespace of the link's
    /// stream. Empty if nothing waits, or if the last ones are not acknowledged yet.
    pub fn next_outgoing(&mut self) -> String {
        self.outbox.as_mut().map(Outbox::next_batch).unwrap_or_default()
    }

    /// What [`Broker::next_outgoing`] returned last has arrived.
    pub fn acknowledge_outgoing(&mut self) {
        if let Some(outbox) = &mut self.outbox {
            outbox.acknowledge();
        }
    }
}
