//! The messages that wait for an account.

use super::message::{Kind, Message};
use jid::BareJid;
use std::collections::VecDeque;

/// How many messages wait at most.
const MOST: usize = 1_000;
/// How much they weigh together at most, in bytes.
const HEAVIEST: usize = 16 * 1024 * 1024;

/// Messages, the oldest first. Each is handed over once at most.
#[derive(Default)]
pub(super) struct Inbox {
    messages: VecDeque<Message>,
    weight: usize,
}

/// There is no room for another message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Inbox {
    pub(super) fn push(&mut self, message: Message) -> Result<(), Full> {
        let weight = self.weight + message.weight();
        if self.messages.len() >= MOST || weight > HEAVIEST {
            return Err(Full);
        }
        self.weight = weight;
        // One that a tab gave back is older than what came meanwhile.
        let position = self.messages.partition_point(|known| known.received <= message.received);
        self.messages.insert(position, message);
        Ok(())
    }

    /// Takes the oldest messages out.
    pub(super) fn pop(&mut self, most: usize) -> Vec<Message> {
        let popped: Vec<_> = self.messages.drain(..most.min(self.messages.len())).collect();
        self.weight -= popped.iter().map(Message::weight).sum::<usize>();
        popped
    }

    /// Takes out all there are, and tells how many.
    pub(super) fn clear(&mut self) -> usize {
        self.pop(usize::MAX).len()
    }

    /// Whether a request of this contact waits here.
    pub(super) fn holds_request_of(&self, contact: &BareJid) -> bool {
        self.messages
            .iter()
            .any(|message| message.kind == Kind::Subscribe && message.from.to_bare() == *contact)
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
            kind: Kind::Chat,
            received: 0,
            content: Content::text(&"x".repeat(length)),
        }
    }

    fn ids(messages: Vec<Message>) -> Vec<usize> {
        messages.iter().map(|message| message.id.as_deref().unwrap().parse().unwrap()).collect()
    }

    #[test]
    fn the_oldest_come_first_and_once() {
        let mut inbox = Inbox::default();
        for id in 0..5 {
            inbox.push(message(id, 1)).unwrap();
        }
        assert_eq!(ids(inbox.pop(2)), [0, 1]);
        assert_eq!(ids(inbox.pop(1)), [2]);
        assert_eq!(inbox.clear(), 2);
        assert_eq!(inbox.clear(), 0);
        assert_eq!(ids(inbox.pop(usize::MAX)), [0; 0]);
        assert_eq!(inbox.weight, 0);
    }

    #[test]
    fn what_comes_late_takes_its_place() {
        let mut inbox = Inbox::default();
        for (id, received) in [(0, 5), (1, 5), (2, 9), (3, 5), (4, 1)] {
            inbox.push(Message { received, ..message(id, 1) }).unwrap();
        }
        assert_eq!(ids(inbox.pop(usize::MAX)), [4, 0, 1, 3, 2]);
    }

    #[test]
    fn number_and_weight_are_bounded() {
        let mut inbox = Inbox::default();
        for id in 0..MOST {
            inbox.push(message(id, 1)).unwrap();
        }
        assert_eq!(inbox.push(message(0, 1)), Err(Full));
        inbox.pop(1);
        assert_eq!(inbox.push(message(0, HEAVIEST)), Err(Full));
        assert_eq!(inbox.push(message(0, 1)), Ok(()));
    }
}
