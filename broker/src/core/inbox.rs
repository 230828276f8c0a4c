//! The inbox of an account.

use super::memory_budget::{Budget, BudgetExceeded, SharedBudget};
use super::message::{Message, StanzaType};
use super::record::{Moment, Records, Table};
use jid::BareJid;
use std::collections::BTreeSet;

/// The maximum number of messages in an inbox, those reserved for tabs included.
const MAX_MESSAGES: usize = 1_000;
/// The maximum size of these messages in memory, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Messages, the oldest first. Each is delivered at most once.
pub(super) struct Inbox {
    messages: Table<Moment, Message>,
    /// Which messages wait for tabs. They stay here until a tab takes them, because they may come
    /// back.
    reserved: BTreeSet<Moment>,
    budget: Budget,
}

impl Inbox {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self {
            messages: Table::new("message"),
            reserved: BTreeSet::new(),
            budget: Budget::new(MAX_BYTES, shared),
        }
    }

    /// What is kept of it. Tabs are not kept, so no message waits for one after a restart.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.messages
    }

    /// Counts anew what it takes.
    pub(super) fn recount(&mut self) {
        self.budget.recount(self.messages.values().map(Message::memory_size).sum());
    }

    pub(super) fn push(&mut self, message: Message) -> Result<(), BudgetExceeded> {
        self.insert(message).map(|_| ())
    }

    /// Keeps a message that waits for a tab. Returns where it is.
    pub(super) fn reserve(&mut self, message: Message) -> Result<Moment, BudgetExceeded> {
        let place = self.insert(message)?;
        self.reserved.insert(place);
        Ok(place)
    }

    /// Takes out a message that waited for a tab.
    pub(super) fn take_reserved(&mut self, place: Moment) -> Option<Message> {
        if !self.reserved.remove(&place) {
            return None;
        }
        self.remove(place)
    }

    /// Notes that a message does not wait for a tab any more.
    pub(super) fn requeue(&mut self, place: Moment) {
        self.reserved.remove(&place);
    }

    /// Which messages wait for tabs.
    #[cfg(test)]
    pub(super) fn reserved_mut(&mut self) -> &mut BTreeSet<Moment> {
        &mut self.reserved
    }

    fn insert(&mut self, message: Message) -> Result<Moment, BudgetExceeded> {
        if self.messages.len() >= MAX_MESSAGES {
            return Err(BudgetExceeded);
        }
        self.budget.reserve(message.memory_size())?;
        Ok(self.messages.add(message.received, message))
    }

    fn remove(&mut self, place: Moment) -> Option<Message> {
        let message = self.messages.remove(&place)?;
        self.budget.release(message.memory_size());
        Some(message)
    }

    /// The messages that wait for no tab.
    fn waiting(&self) -> impl Iterator<Item = (&Moment, &Message)> {
        self.messages.iter().filter(|(place, _)| !self.reserved.contains(place))
    }

    /// Takes out the oldest messages.
    pub(super) fn pop(&mut self, max: usize) -> Vec<Message> {
        let places: Vec<_> = self.waiting().take(max).map(|(place, _)| *place).collect();
        places.into_iter().filter_map(|place| self.remove(place)).collect()
    }

    /// Takes out the oldest messages: as many as fit into that many bytes, but at least one.
    pub(super) fn pop_within(
        &mut self,
        max: usize,
        bytes: usize,
        size: impl Fn(&Message) -> usize,
    ) -> Vec<Message> {
        let mut left = Some(bytes);
        let fits = |(_, message): &(&Moment, &Message)| {
            left = left.and_then(|left| left.checked_sub(size(message)));
            left.is_some()
        };
        let count = self.waiting().take(max).take_while(fits).count();
        self.pop(count.max(1).min(max))
    }

    /// Takes out all messages, and returns how many there were.
    pub(super) fn clear(&mut self) -> usize {
        self.pop(usize::MAX).len()
    }

    /// The contacts whose subscription requests are in the inbox.
    pub(super) fn requesters(&self) -> BTreeSet<BareJid> {
        let waiting = self.waiting().map(|(_, message)| message);
        let requests = waiting.filter(|message| message.kind == StanzaType::Subscribe);
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
        let [one, other] = [heavy(), heavy()].map(|message| inbox.reserve(message).unwrap());
        assert_eq!(inbox.push(message(1, 2_000)), Err(BudgetExceeded));
        assert_eq!(ids(inbox.pop(9)), [0; 0]);
        inbox.requeue(one);
        assert_eq!(inbox.push(message(1, 2_000)), Err(BudgetExceeded));
        assert_eq!(inbox.take_reserved(other), Some(heavy()));
        assert_eq!([one, other].map(|place| inbox.take_reserved(place)), [None, None]);
        assert_eq!(inbox.push(message(1, 2_000)), Ok(()));
        assert_eq!(ids(inbox.pop(9)), [0, 1]);
        assert_eq!((inbox.reserved.len(), inbox.budget.used()), (0, 0));
        for _ in 0..MAX_MESSAGES {
            inbox.reserve(message(0, 1)).unwrap();
        }
        assert_eq!(inbox.push(message(0, 1)), Err(BudgetExceeded));
    }

    #[test]
    fn a_message_that_comes_back_has_kept_its_place() {
        let mut inbox = Inbox::new(&SharedBudget::default());
        let place = inbox.reserve(message(0, 1)).unwrap();
        inbox.push(message(1, 1)).unwrap();
        inbox.requeue(place);
        assert_eq!(ids(inbox.pop(9)), [0, 1]);
    }
}
