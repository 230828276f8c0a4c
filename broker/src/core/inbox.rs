//! The inbox of an account.

use super::memory_budget::{Budget, BudgetExceeded, SharedBudget};
use super::message::{Message, StanzaType};
use jid::BareJid;
use std::collections::{BTreeSet, VecDeque};

/// The maximum number of messages in an inbox, those reserved for tabs included.
const MAX_MESSAGES: usize = 1_000;
/// The maximum size of these messages in memory, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Messages, the oldest first. Each is delivered at most once.
pub(super) struct Inbox {
    messages: VecDeque<Message>,
    /// How many messages wait for tabs. They stay reserved here, because they may come back.
    reserved: usize,
    budget: Budget,
}

impl Inbox {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self { messages: VecDeque::new(), reserved: 0, budget: Budget::new(MAX_BYTES, shared) }
    }

    pub(super) fn push(&mut self, message: Message) -> Result<(), BudgetExceeded> {
        self.take_room(&message)?;
        self.insert(message);
        Ok(())
    }

    /// Reserves room for a message that waits for a tab.
    pub(super) fn reserve(&mut self, message: &Message) -> Result<(), BudgetExceeded> {
        self.take_room(message)?;
        self.reserved += 1;
        Ok(())
    }

    /// Releases the room of a message that a tab got.
    pub(super) fn release_reserved(&mut self, message: &Message) {
        self.reserved -= 1;
        self.budget.release(message.memory_size());
    }

    /// Inserts a message that a tab did not get.
    pub(super) fn requeue(&mut self, message: Message) {
        self.reserved -= 1;
        self.insert(message);
    }

    fn take_room(&mut self, message: &Message) -> Result<(), BudgetExceeded> {
        if self.messages.len() + self.reserved >= MAX_MESSAGES {
            return Err(BudgetExceeded);
        }
        self.budget.reserve(message.memory_size())
    }

    fn insert(&mut self, message: Message) {
        // A message that comes back from a tab is older than those that came since.
        let position = self.messages.partition_point(|known| known.received <= message.received);
        self.messages.insert(position, message);
    }

    /// Takes out the oldest messages.
    pub(super) fn pop(&mut self, max: usize) -> Vec<Message> {
        let popped: Vec<_> = self.messages.drain(..max.min(self.messages.len())).collect();
        self.budget.release(popped.iter().map(Message::memory_size).sum());
        popped
    }

    /// Takes out the oldest messages: as many as fit into that many bytes, but at least one.
    pub(super) fn pop_within(
        &mut self,
        max: usize,
        bytes: usize,
        size: impl Fn(&Message) -> usize,
    ) -> Vec<Message> {
        let mut left = Some(bytes);
        let fits = |message: &&Message| {
            left = left.and_then(|left| left.checked_sub(size(message)));
            left.is_some()
        };
        let count = self.messages.iter().take(max).take_while(fits).count();
        self.pop(count.max(1).min(max))
    }

    /// Takes out all messages, and returns how many there were.
    pub(super) fn clear(&mut self) -> usize {
        self.pop(usize::MAX).len()
    }

    /// The contacts whose subscription requests are in the inbox.
    pub(super) fn requesters(&self) -> BTreeSet<BareJid> {
        let requests = self.messages.iter().filter(|message| message.kind == StanzaType::Subscribe);
        requests.map(|request| request.from.to_bare()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Content;
    use super::*;
    use jid::Jid;

    fn message(id: usize, length: usize) -> Message {
        Message {
            id: Some(id.to_string()),
            from: Jid::new("bob@localhost/x").unwrap(),
            to: Jid::new("alice@localhost").unwrap(),
            language: None,
            kind: StanzaType::Chat,
            received: 0,
            content: Content::text(&"x".repeat(length)),
        }
    }

    fn ids(messages: Vec<Message>) -> Vec<usize> {
        messages.iter().map(|message| message.id.as_deref().unwrap().parse().unwrap()).collect()
    }

    #[test]
    fn the_oldest_come_first_and_once() {
        let mut inbox = Inbox::new(&SharedBudget::default());
        for id in 0..5 {
            inbox.push(message(id, 1)).unwrap();
        }
        assert_eq!(ids(inbox.pop(2)), [0, 1]);
        assert_eq!(ids(inbox.pop(1)), [2]);
        assert_eq!(inbox.clear(), 2);
        assert_eq!(inbox.clear(), 0);
        assert_eq!(ids(inbox.pop(usize::MAX)), [0; 0]);
        assert_eq!(inbox.budget.used(), 0);
    }

    #[test]
    fn messages_are_ordered_by_their_time() {
        let mut inbox = Inbox::new(&SharedBudget::default());
        for (id, received) in [(0, 5), (1, 5), (2, 9), (3, 5), (4, 1)] {
            inbox.push(Message { received, ..message(id, 1) }).unwrap();
        }
        assert_eq!(ids(inbox.pop(usize::MAX)), [4, 0, 1, 3, 2]);
    }

    #[test]
    fn number_and_size_are_limited() {
        let mut inbox = Inbox::new(&SharedBudget::default());
        for id in 0..MAX_MESSAGES {
            inbox.push(message(id, 1)).unwrap();
        }
        assert_eq!(inbox.push(message(0, 1)), Err(BudgetExceeded));
        inbox.pop(1);
        assert_eq!(inbox.push(message(0, MAX_BYTES)), Err(BudgetExceeded));
        assert_eq!(inbox.push(message(0, 1)), Ok(()));
    }

    #[test]
    fn as_many_messages_are_popped_as_fit_but_at_least_one() {
        let mut inbox = Inbox::new(&SharedBudget::default());
        for (id, length) in [10, 1, 1, 5, 1].into_iter().enumerate() {
            inbox.push(message(id, length)).unwrap();
        }
        let mut pop = |max, bytes| {
            ids(inbox.pop_within(max, bytes, |message| message.content.as_str().len()))
        };
        assert_eq!(pop(0, 9), [0; 0]);
        assert_eq!(pop(9, 9), [0]);
        assert_eq!(pop(1, 9), [1]);
        assert_eq!(pop(9, 6), [2, 3]);
        assert_eq!(pop(9, 6), [4]);
        assert_eq!(pop(9, 6), [0; 0]);
    }

    #[test]
    fn reserved_messages_keep_their_room() {
        let mut inbox = Inbox::new(&SharedBudget::default());
        let heavy = || message(0, MAX_BYTES / 2 - 512);
        assert_eq!(inbox.reserve(&heavy()), Ok(()));
        assert_eq!(inbox.reserve(&heavy()), Ok(()));
        assert_eq!(inbox.push(message(1, 2_000)), Err(BudgetExceeded));
        inbox.requeue(heavy());
        assert_eq!(inbox.push(message(1, 2_000)), Err(BudgetExceeded));
        inbox.release_reserved(&heavy());
        assert_eq!(inbox.push(message(1, 2_000)), Ok(()));
        assert_eq!(ids(inbox.pop(9)), [0, 1]);
        assert_eq!((inbox.reserved, inbox.budget.used()), (0, 0));
        for _ in 0..MAX_MESSAGES {
            inbox.reserve(&message(0, 1)).unwrap();
        }
        assert_eq!(inbox.push(message(0, 1)), Err(BudgetExceeded));
    }
}
