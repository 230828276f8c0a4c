//! The tabs that events are pushed to.

use super::message::Message;
use super::record::Moment;
use super::xml_as_json;
use neuron_agent_api::wire::Value;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// How many seconds a tab may be silent before it is removed. A page that reloads, or whose
/// connection broke, is back sooner.
pub const TAB_TIMEOUT: i64 = 60;

/// The maximum length of a tab's name, in bytes.
pub const MAX_TAB_NAME_BYTES: usize = 256;

/// The maximum number of tabs.
const MAX_TABS: usize = 1_000;

/// How many seconds a tab may exist in which no account has an event handler. Registering one takes
/// a session, connecting a tab does not.
const ANONYMOUS_TAB_TIMEOUT: i64 = 30;

/// The maximum number of such tabs, in all and for one address. Another one replaces the oldest.
const MAX_ANONYMOUS_TABS: usize = 250;
const MAX_ANONYMOUS_TABS_PER_ADDRESS: usize = 50;

/// The maximum number of pending events of a tab.
const MAX_PENDING_EVENTS: usize = 256;

/// The maximum number of these that are about presence.
const MAX_PENDING_PRESENCE: usize = 16;

/// The tabs, by the name that each chooses. The name is a secret: whoever knows it gets the events.
#[derive(Default)]
pub(super) struct Tabs {
    tabs: BTreeMap<String, Tab>,
    /// How many connections there have been.
    connections: u64,
}

struct Tab {
    /// The number of the current connection. `None` if the tab is disconnected.
    connection: Option<u64>,
    /// When the tab was last heard of.
    last_seen: i64,
    /// The network that it connected from.
    address: String,
    /// Since when no account has an event handler in it. `None` while one has.
    anonymous_since: Option<i64>,
    pending: VecDeque<PendingEvent>,
}

/// An event that waits for its tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PendingEvent {
    pub user_name: String,
    /// The function's dotted name.
    pub function: String,
    pub subject: EventSubject,
}

impl PendingEvent {
    fn is_presence(&self) -> bool {
        matches!(self.subject, EventSubject::Presence(_))
    }
}

/// What an event tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EventSubject {
    /// A message, by its place in the inbox. It stays there if the tab does not come back.
    Message(Moment, EventPart),
    /// The presence of a session, which nobody gets if the tab does not come back.
    Presence(Box<Message>),
    /// The transaction with an id, in the wallet of the user.
    Transaction(String),
}

/// Which part of a message is pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EventPart {
    /// An outermost element of its content.
    Element(Range<usize>),
    /// The whole stanza.
    Stanza,
}

/// A call of a function in a tab.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The function's dotted name.
    pub function: String,
    data: EventData,
}

/// The argument of a function.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum EventData {
    Xml(String),
    Object(Value),
}

impl Event {
    pub(super) fn new(function: String, data: EventData) -> Self {
        Self { function, data }
    }

    /// The argument of the function: an object, or an element as JSON objects, or as XML if it is
    /// too large for that. It is parsed here, so the broker should not be locked.
    #[must_use]
    pub fn data(self) -> Value {
        match self.data {
            EventData::Xml(xml) => xml_as_json::element(xml),
            EventData::Object(object) => object,
        }
    }

    /// The length of the element's XML, in bytes. Objects are short.
    #[must_use]
    pub fn length(&self) -> usize {
        match &self.data {
            EventData::Xml(xml) => xml.len(),
            EventData::Object(_) => 0,
        }
    }
}

impl EventPart {
    /// This part of a message.
    pub(super) fn of(self, message: &Message) -> EventData {
        EventData::Xml(match self {
            Self::Element(range) => message.content.as_str().get(range).unwrap_or_default().into(),
            Self::Stanza => message.stanza().element().into_string(),
        })
    }
}

/// The connection is not the tab's any more: the tab has a newer one, or was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disconnected;

impl Tabs {
    /// Connects a tab, and ends its older connection. `None` if there are too many tabs.
    pub(super) fn connect(
        &mut self,
        name: &str,
        address: &str,
        is_registered: bool,
        now: i64,
    ) -> Option<u64> {
        if !self.tabs.contains_key(name) {
            if !is_registered {
                self.make_room_for_anonymous(address);
            }
            if self.tabs.len() >= MAX_TABS {
                return None;
            }
        }
        self.connections += 1;
        let connection = Some(self.connections);
        let tab = self.tabs.entry(name.into()).or_insert(Tab {
            connection,
            last_seen: now,
            address: address.into(),
            anonymous_since: (!is_registered).then_some(now),
            pending: VecDeque::new(),
        });
        (tab.connection, tab.last_seen) = (connection, now);
        connection
    }

    /// Notes whether an account has an event handler in a tab.
    pub(super) fn set_registered(&mut self, name: &str, is_registered: bool, now: i64) {
        if let Some(tab) = self.tabs.get_mut(name) {
            let since = tab.anonymous_since.unwrap_or(now);
            tab.anonymous_since = (!is_registered).then_some(since);
        }
    }

    /// Removes an anonymous tab if there are too many, of this address or in all: the oldest of the
    /// address that has the most.
    fn make_room_for_anonymous(&mut self, address: &str) {
        let mut by_address = BTreeMap::<&str, usize>::new();
        for tab in self.tabs.values().filter(|tab| tab.is_idle()) {
            *by_address.entry(&tab.address).or_default() += 1;
        }
        let is_full =
            by_address.get(address).is_some_and(|&count| count >= MAX_ANONYMOUS_TABS_PER_ADDRESS);
        let crowded = if is_full {
            address
        } else if by_address.values().sum::<usize>() >= MAX_ANONYMOUS_TABS {
            by_address.iter().max_by_key(|(_, count)| **count).map_or(address, |(most, _)| most)
        } else {
            return;
        };
        let is_meant = |tab: &Tab| tab.is_idle() && tab.address == crowded;
        let of_address = self.tabs.iter().filter(|(_, tab)| is_meant(tab));
        let anonymous = of_address.filter_map(|(name, tab)| Some((tab.anonymous_since?, name)));
        if let Some(name) = anonymous.min().map(|(_, name)| name.clone()) {
            self.tabs.remove(&name);
        }
    }

    /// Notes that a tab is alive.
    pub(super) fn touch(
        &mut self,
        name: &str,
        connection: u64,
        now: i64,
    ) -> Result<(), Disconnected> {
        let tab = self.connected(name, connection).ok_or(Disconnected)?;
        tab.last_seen = now;
        Ok(())
    }

    /// Takes the oldest pending event of a tab.
    pub(super) fn take(
        &mut self,
        name: &str,
        connection: u64,
    ) -> Result<Option<PendingEvent>, Disconnected> {
        let tab = self.connected(name, connection).ok_or(Disconnected)?;
        Ok(tab.pending.pop_front())
    }

    /// Notes that a connection broke. The tab may connect again, unless nothing would be pushed to
    /// it.
    pub(super) fn disconnect(&mut self, name: &str, connection: u64) {
        let Some(tab) = self.connected(name, connection) else { return };
        tab.connection = None;
        if tab.is_idle() {
            self.tabs.remove(name);
        }
    }

    /// Removes a tab, and returns its pending events.
    pub(super) fn remove(&mut self, name: &str, connection: u64) -> VecDeque<PendingEvent> {
        if self.connected(name, connection).is_none() {
            return VecDeque::new();
        }
        self.tabs.remove(name).map(|tab| tab.pending).unwrap_or_default()
    }

    /// Removes the tabs that were silent for too long, and returns their pending events.
    pub(super) fn expire(&mut self, now: i64) -> Vec<PendingEvent> {
        let gone = self.tabs.extract_if(.., |_, tab| tab.is_gone(now));
        gone.flat_map(|(_, tab)| tab.pending).collect()
    }

    pub(super) fn is_alive(&self, name: &str, now: i64) -> bool {
        self.tabs
            .get(name)
            .is_some_and(|tab| !tab.is_gone(now) && tab.pending.len() < MAX_PENDING_EVENTS)
    }

    /// Adds a pending event to a tab that is alive. Of too many about presence, the oldest goes.
    pub(super) fn push(&mut self, name: &str, pending: PendingEvent) {
        if let Some(tab) = self.tabs.get_mut(name) {
            if pending.is_presence() {
                let known = tab.pending.iter().enumerate().filter(|(_, known)| known.is_presence());
                let places: Vec<_> = known.map(|(place, _)| place).collect();
                if places.len() >= MAX_PENDING_PRESENCE
                    && let Some(oldest) = places.first()
                {
                    tab.pending.remove(*oldest);
                }
            }
            tab.pending.push_back(pending);
        }
    }

    fn connected(&mut self, name: &str, connection: u64) -> Option<&mut Tab> {
        self.tabs.get_mut(name).filter(|tab| tab.connection == Some(connection))
    }
}

impl Tab {
    /// Whether the tab has neither event handlers nor pending events.
    fn is_idle(&self) -> bool {
        self.anonymous_since.is_some() && self.pending.is_empty()
    }

    fn is_gone(&self, now: i64) -> bool {
        let is_over = |since| now - since >= ANONYMOUS_TAB_TIMEOUT;
        now - self.last_seen >= TAB_TIMEOUT || self.anonymous_since.is_some_and(is_over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(number: u64) -> PendingEvent {
        PendingEvent {
            user_name: "alice".into(),
            function: "f".into(),
            subject: EventSubject::Message(Moment { time: 0, number }, EventPart::Stanza),
        }
    }

    /// Opens a tab with an event handler.
    fn open(tabs: &mut Tabs, name: &str, now: i64) -> Option<u64> {
        tabs.connect(name, "192.0.2.1", true, now)
    }

    #[test]
    fn a_tab_gets_the_events_that_came_while_it_was_disconnected() {
        let mut tabs = Tabs::default();
        let first = open(&mut tabs, "t", 0).unwrap();
        assert_eq!(tabs.take("t", first), Ok(None));
        tabs.disconnect("t", first);
        assert!(tabs.is_alive("t", TAB_TIMEOUT - 1));
        tabs.push("t", pending(1));
        assert_eq!(tabs.take("t", first), Err(Disconnected));
        let second = open(&mut tabs, "t", TAB_TIMEOUT - 1).unwrap();
        assert_eq!(tabs.take("t", second), Ok(Some(pending(1))));
        assert_eq!(tabs.take("t", second), Ok(None));
        assert!(tabs.is_alive("t", 2 * TAB_TIMEOUT - 2));
    }

    #[test]
    fn a_silent_tab_is_removed_and_its_events_are_returned() {
        let mut tabs = Tabs::default();
        let connection = open(&mut tabs, "t", 0).unwrap();
        tabs.touch("t", connection, 10).unwrap();
        tabs.push("t", pending(1));
        assert_eq!(tabs.expire(TAB_TIMEOUT + 9).len(), 0);
        assert!(!tabs.is_alive("t", TAB_TIMEOUT + 10));
        assert_eq!(tabs.expire(TAB_TIMEOUT + 10).len(), 1);
        assert_eq!(tabs.take("t", connection), Err(Disconnected));
    }

    #[test]
    fn a_new_connection_ends_the_old_one() {
        let mut tabs = Tabs::default();
        let first = open(&mut tabs, "t", 0).unwrap();
        let second = open(&mut tabs, "t", 0).unwrap();
        tabs.push("t", pending(1));
        assert_eq!(tabs.take("t", first), Err(Disconnected));
        tabs.disconnect("t", first);
        assert_eq!(tabs.remove("t", first).len(), 0);
        assert_eq!(tabs.touch("t", first, 30), Err(Disconnected));
        assert!(!tabs.is_alive("t", TAB_TIMEOUT));
        assert_eq!(tabs.remove("t", second).len(), 1);
        assert!(!tabs.is_alive("t", 0));
    }

    #[test]
    fn the_numbers_of_tabs_and_events_are_limited() {
        let mut tabs = Tabs::default();
        for number in 0..MAX_TABS {
            assert!(open(&mut tabs, &number.to_string(), 0).is_some());
        }
        assert!(open(&mut tabs, "one more", 0).is_none());
        assert!(open(&mut tabs, "0", 0).is_some());
        for number in 0..256 {
            assert!(tabs.is_alive("0", 0));
            tabs.push("0", pending(number));
        }
        assert!(!tabs.is_alive("0", 0));
    }

    #[test]
    fn an_anonymous_tab_is_soon_removed() {
        let mut tabs = Tabs::default();
        let connection = tabs.connect("t", "a", false, 0).unwrap();
        tabs.touch("t", connection, ANONYMOUS_TAB_TIMEOUT - 1).unwrap();
        tabs.expire(ANONYMOUS_TAB_TIMEOUT - 1);
        assert_eq!(tabs.take("t", connection), Ok(None));
        tabs.expire(ANONYMOUS_TAB_TIMEOUT);
        assert_eq!(tabs.touch("t", connection, ANONYMOUS_TAB_TIMEOUT), Err(Disconnected));
        let connection = tabs.connect("t", "a", false, 0).unwrap();
        tabs.disconnect("t", connection);
        assert!(tabs.tabs.is_empty(), "nobody would have anything for it");
        tabs.connect("t", "a", false, 0).unwrap();
        tabs.set_registered("t", true, ANONYMOUS_TAB_TIMEOUT - 1);
        assert!(tabs.is_alive("t", TAB_TIMEOUT - 1));
        tabs.set_registered("t", false, TAB_TIMEOUT - 1);
        assert!(tabs.is_alive("t", TAB_TIMEOUT - 1), "it counts from here");
    }

    #[test]
    fn anonymous_tabs_replace_only_each_other() {
        let mut tabs = Tabs::default();
        let early = tabs.connect("early", "honest", false, 0).unwrap();
        let mut hostile = Vec::new();
        for number in 0..2_000 {
            let (name, address) = (format!("t{number}"), format!("a{}", number / 100));
            hostile.push((tabs.connect(&name, &address, false, 1).unwrap(), name));
            assert!(tabs.tabs.len() <= MAX_ANONYMOUS_TABS);
        }
        assert_eq!(tabs.take("early", early), Ok(None), "who has few keeps them");
        let (latest, name) = hostile.last().unwrap();
        assert_eq!(tabs.take(name, *latest), Ok(None), "who comes is let in");
        for number in MAX_ANONYMOUS_TABS..MAX_TABS {
            assert!(open(&mut tabs, &number.to_string(), 2).is_some());
        }
        assert!(open(&mut tabs, "one more", 2).is_none());
        let mut one = Tabs::default();
        for number in 0..1_000 {
            one.connect(&number.to_string(), "a", false, 0).unwrap();
        }
        assert_eq!(one.tabs.len(), MAX_ANONYMOUS_TABS_PER_ADDRESS);
    }
}
