//! The tabs that events are pushed to.

use super::message::Message;
use super::shown;
use neuron_agent_api::wire::Value;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// For how long a tab lives that is not heard of, in seconds. A page that is loaded anew, or whose
/// connection broke, is back sooner.
pub const TAB_LIFE: i64 = 60;

/// The longest name of a tab, in bytes.
pub const LONGEST_TAB_NAME: usize = 256;

/// How many tabs there are at most.
const MOST: usize = 1_000;

/// How many events wait for a tab at most.
const MOST_EVENTS: usize = 256;

/// The tabs, by the name that each gives itself. The name is a secret: who knows it gets the
/// events.
#[derive(Default)]
pub(super) struct Tabs {
    tabs: BTreeMap<String, Tab>,
    /// How many connections there have been.
    connections: u64,
}

struct Tab {
    /// The connection that the tab has now.
    connection: Option<u64>,
    /// When the tab was last heard of.
    contact: i64,
    waiting: VecDeque<Waiting>,
}

/// What waits to be pushed. The message is kept, to be given back when the tab does not return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub user_name: String,
    pub message: Message,
    /// The function's dotted name.
    pub function: String,
    pub part: Part,
}

/// What of a message is pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// An outermost element of its content.
    Element(Range<usize>),
    /// All of it, as a stanza.
    Stanza,
}

/// A call of a function in a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The function's dotted name.
    pub function: String,
    xml: String,
}

impl Event {
    /// What the function is called with: an element as JSON shows it, or its text where it is too
    /// large for that. It is parsed here, so no lock is to be held meanwhile.
    #[must_use]
    pub fn data(self) -> Value {
        shown::element(self.xml)
    }

    /// The length of the element's text, in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.xml.len()
    }
}

impl Waiting {
    pub(super) fn event(self) -> Event {
        let xml = match self.part {
            Part::Element(place) => self.message.content.as_str().get(place).map(str::to_owned),
            Part::Stanza => Some(self.message.stanza().into_string()),
        };
        Event { function: self.function, xml: xml.unwrap_or_default() }
    }
}

/// A connection is not the tab's any more: it has another, or was not heard of for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disconnected;

impl Tabs {
    /// A tab connects, for the first time or anew. A connection that it had before is over.
    /// Nothing, where there are too many tabs.
    pub(super) fn open(&mut self, name: &str, now: i64) -> Option<u64> {
        if !self.tabs.contains_key(name) && self.tabs.len() >= MOST {
            return None;
        }
        self.connections += 1;
        let connection = Some(self.connections);
        let tab = self.tabs.entry(name.into()).or_insert(Tab {
            connection,
            contact: now,
            waiting: VecDeque::new(),
        });
        (tab.connection, tab.contact) = (connection, now);
        connection
    }

    /// A tab is heard of.
    pub(super) fn touch(&mut self, name: &str, connection: u64, now: i64) {
        if let Some(tab) = self.connected(name, connection) {
            tab.contact = now;
        }
    }

    /// Takes out the oldest event that waits for a tab.
    pub(super) fn take(
        &mut self,
        name: &str,
        connection: u64,
    ) -> Result<Option<Waiting>, Disconnected> {
        let tab = self.connected(name, connection).ok_or(Disconnected)?;
        Ok(tab.waiting.pop_front())
    }

    /// A connection broke. The tab may come back.
    pub(super) fn leave(&mut self, name: &str, connection: u64) {
        if let Some(tab) = self.connected(name, connection) {
            tab.connection = None;
        }
    }

    /// A tab says farewell. What it did not get is given back.
    pub(super) fn close(&mut self, name: &str, connection: u64) -> VecDeque<Waiting> {
        if self.connected(name, connection).is_none() {
            return VecDeque::new();
        }
        self.tabs.remove(name).map(|tab| tab.waiting).unwrap_or_default()
    }

    /// Forgets the tabs that were not heard of for too long. What they did not get is given back.
    pub(super) fn expire(&mut self, now: i64) -> Vec<Waiting> {
        let gone = self.tabs.extract_if(.., |_, tab| tab.is_gone(now));
        gone.flat_map(|(_, tab)| tab.waiting).collect()
    }

    pub(super) fn is_alive(&self, name: &str, now: i64) -> bool {
        self.tabs.get(name).is_some_and(|tab| !tab.is_gone(now) && tab.waiting.len() < MOST_EVENTS)
    }

    /// Has something wait for a tab that is alive.
    pub(super) fn push(&mut self, name: &str, waiting: Waiting) {
        if let Some(tab) = self.tabs.get_mut(name) {
            tab.waiting.push_back(waiting);
        }
    }

    fn connected(&mut self, name: &str, connection: u64) -> Option<&mut Tab> {
        self.tabs.get_mut(name).filter(|tab| tab.connection == Some(connection))
    }
}

impl Tab {
    fn is_gone(&self, now: i64) -> bool {
        now - self.contact >= TAB_LIFE
    }
}

#[cfg(test)]
mod tests {
    use super::super::Content;
    use super::super::message::Kind;
    use super::*;
    use jid::Jid;

    fn waiting(number: u32) -> Waiting {
        let message = Message {
            id: Some(number.to_string()),
            from: Jid::new("bob@localhost").unwrap(),
            to: Jid::new("alice@localhost").unwrap(),
            language: None,
            kind: Kind::Chat,
            received: 0,
            content: Content::default(),
        };
        Waiting { user_name: "alice".into(), message, function: "f".into(), part: Part::Stanza }
    }

    #[test]
    fn a_tab_gets_what_came_while_it_was_away() {
        let mut tabs = Tabs::default();
        let first = tabs.open("t", 0).unwrap();
        assert_eq!(tabs.take("t", first), Ok(None));
        tabs.leave("t", first);
        assert!(tabs.is_alive("t", TAB_LIFE - 1));
        tabs.push("t", waiting(1));
        assert_eq!(tabs.take("t", first), Err(Disconnected));
        let second = tabs.open("t", TAB_LIFE - 1).unwrap();
        assert_eq!(tabs.take("t", second), Ok(Some(waiting(1))));
        assert_eq!(tabs.take("t", second), Ok(None));
        assert!(tabs.is_alive("t", 2 * TAB_LIFE - 2));
    }

    #[test]
    fn a_tab_that_is_silent_is_forgotten_and_gives_back() {
        let mut tabs = Tabs::default();
        let connection = tabs.open("t", 0).unwrap();
        tabs.touch("t", connection, 10);
        tabs.push("t", waiting(1));
        assert_eq!(tabs.expire(TAB_LIFE + 9).len(), 0);
        assert!(!tabs.is_alive("t", TAB_LIFE + 10));
        assert_eq!(tabs.expire(TAB_LIFE + 10).len(), 1);
        assert_eq!(tabs.take("t", connection), Err(Disconnected));
    }

    #[test]
    fn a_new_connection_ends_the_old_one() {
        let mut tabs = Tabs::default();
        let first = tabs.open("t", 0).unwrap();
        let second = tabs.open("t", 0).unwrap();
        tabs.push("t", waiting(1));
        assert_eq!(tabs.take("t", first), Err(Disconnected));
        tabs.leave("t", first);
        assert_eq!(tabs.close("t", first).len(), 0);
        tabs.touch("t", first, 30);
        assert!(!tabs.is_alive("t", TAB_LIFE));
        assert_eq!(tabs.close("t", second).len(), 1);
        assert!(!tabs.is_alive("t", 0));
    }

    #[test]
    fn tabs_and_their_events_are_bounded() {
        let mut tabs = Tabs::default();
        for number in 0..MOST {
            assert!(tabs.open(&number.to_string(), 0).is_some());
        }
        assert!(tabs.open("one more", 0).is_none());
        assert!(tabs.open("0", 0).is_some());
        for number in 0..256 {
            assert!(tabs.is_alive("0", 0));
            tabs.push("0", waiting(number));
        }
        assert!(!tabs.is_alive("0", 0));
    }
}
