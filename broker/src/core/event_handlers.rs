//! The event handlers of an account: which messages are pushed, and to which tab.

use super::message::Message;
use super::record::{Records, Table};
use super::stanza::CLIENT;
use super::tabs::EventPart;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The maximum number of event handlers of an account.
const MAX_HANDLERS: usize = 100;

/// How many outermost elements of a message are compared with each handler.
const MAX_ELEMENTS: usize = 1_000;

/// Which messages an event handler takes. A property that is `None` matches anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pattern {
    pub local_name: Option<String>,
    pub namespace: Option<String>,
    /// The type of the stanza.
    pub kind: Option<String>,
}

/// A function in a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EventHandler {
    pub pattern: Pattern,
    pub tab: String,
    pub function: String,
    /// The resource of the session that registered it. The handler ends with that session.
    pub session: String,
}

/// The event handlers of an account, in the order in which they were registered.
pub(super) struct EventHandlers {
    handlers: Table<u64, EventHandler>,
    /// The tabs that calls named, for what they began, each with the session.
    named: Table<u64, (String, String)>,
}

/// The account has too many event handlers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooManyHandlers;

impl Default for EventHandlers {
    fn default() -> Self {
        Self { handlers: Table::new("event_handler"), named: Table::new("named_tab") }
    }
}

impl EventHandlers {
    /// What is kept of them.
    pub(super) fn records(&mut self) -> [&mut dyn Records; 2] {
        [&mut self.handlers, &mut self.named]
    }

    /// Adds a handler. It replaces the one with the same pattern in the same tab. If there are too
    /// many, those of tabs that are gone are removed.
    pub(super) fn add(
        &mut self,
        handler: EventHandler,
        is_alive: impl Fn(&str) -> bool,
    ) -> Result<(), TooManyHandlers> {
        self.remove(&handler.pattern, &handler.tab);
        if self.handlers.len() >= MAX_HANDLERS {
            self.handlers.retain(|_, handler| is_alive(&handler.tab));
        }
        if self.handlers.len() >= MAX_HANDLERS {
            return Err(TooManyHandlers);
        }
        self.handlers.push(handler);
        Ok(())
    }

    pub(super) fn remove(&mut self, pattern: &Pattern, tab: &str) {
        self.handlers.retain(|_, known| known.pattern != *pattern || known.tab != tab);
    }

    /// Notes that a call named a tab, for events of what it began. Of too many, the first goes.
    pub(super) fn name_tab(&mut self, tab: &str, session: &str) {
        let named = (tab.to_owned(), session.to_owned());
        self.named.retain(|_, known| *known != named);
        if self.named.len() >= MAX_HANDLERS {
            self.named.pop_first();
        }
        self.named.push(named);
    }

    /// The tabs to which something may be pushed.
    pub(super) fn tabs(&self) -> BTreeSet<String> {
        let tabs = self.handlers.values().map(|handler| &handler.tab);
        tabs.chain(self.named.values().map(|(tab, _)| tab)).cloned().collect()
    }

    /// Removes the handlers of a session, and the tabs that it named.
    pub(super) fn remove_session(&mut self, session: &str) {
        self.handlers.retain(|_, handler| handler.session != session);
        self.named.retain(|_, (_, known)| known != session);
    }

    /// The handler for a message, and the part of the message that it gets. The most specific
    /// handler is chosen, and of several the one registered last.
    ///
    /// A handler is not told who sent a message, so a subscription's stanza is passed as a whole,
    /// and only to handlers that name its type.
    pub(super) fn find(
        &self,
        message: &Message,
        is_alive: impl Fn(&str) -> bool,
    ) -> Option<(&EventHandler, EventPart)> {
        let live = self.handlers.values().filter(|handler| is_alive(&handler.tab));
        let matching =
            live.filter_map(|handler| Some((handler, handler.pattern.part_of(message)?)));
        matching.max_by_key(|(handler, _)| handler.pattern.rank())
    }
}

impl Pattern {
    /// The part of a message that this pattern takes. `None` if it does not match.
    fn part_of(&self, message: &Message) -> Option<EventPart> {
        let kind = message.kind;
        if self.kind.as_deref().is_some_and(|wanted| wanted != kind.name()) {
            return None;
        }
        let (name, namespace) = (self.local_name.as_deref(), self.namespace.as_deref());
        if kind.is_message() {
            let elements = message.content.elements();
            let elements = elements.get(..MAX_ELEMENTS).unwrap_or(elements);
            let range = message.content.find(elements, name, namespace)?;
            return Some(EventPart::Element(range.clone()));
        }
        let is_taken = self.kind.is_some()
            && name.is_none_or(|name| name == kind.stanza_name().as_str())
            && namespace.is_none_or(|namespace| namespace == CLIENT);
        is_taken.then_some(EventPart::Stanza)
    }

    /// How specific a pattern is: what it says of the content counts more than the type.
    fn rank(&self) -> (bool, bool, bool) {
        (self.local_name.is_some(), self.namespace.is_some(), self.kind.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Content;
    use super::super::message::StanzaType;
    use super::super::tabs::Event;
    use super::*;
    use jid::Jid;
    use neuron_agent_api::wire::Value;

    fn pattern(text: &str) -> Pattern {
        let mut parts = text.split(' ').map(|part| (part != "-").then(|| part.to_string()));
        let mut next = || parts.next().flatten();
        Pattern { local_name: next(), namespace: next(), kind: next() }
    }

    fn handlers(patterns: &[&str]) -> EventHandlers {
        let mut handlers = EventHandlers::default();
        for text in patterns {
            let handler = EventHandler {
                pattern: pattern(text),
                tab: "t".into(),
                function: (*text).into(),
                session: "s".into(),
            };
            handlers.add(handler, |_| true).unwrap();
        }
        handlers
    }

    fn message(kind: StanzaType, content: &str) -> Message {
        Message {
            id: None,
            from: Jid::new("bob@localhost").unwrap(),
            to: Jid::new("alice@localhost").unwrap(),
            language: None,
            kind,
            received: 0,
            content: Content::parse(content).unwrap(),
        }
    }

    fn found(
        handlers: &EventHandlers,
        kind: StanzaType,
        content: &str,
    ) -> Option<(String, String)> {
        let message = message(kind, content);
        let (handler, part) = handlers.find(&message, |_| true)?;
        let event = Event::new(handler.function.clone(), part.of(&message));
        let function = event.function.clone();
        Some((function, event.data().get("__name").and_then(Value::as_str).unwrap().into()))
    }

    #[test]
    fn the_most_specific_handler_gets_the_element() {
        let all =
            ["- - -", "- - chat", "- u -", "- u chat", "a - -", "a - chat", "a u -", "a u chat"];
        let mut registered = all.to_vec();
        while let Some(best) = registered.pop() {
            for order in [registered.clone(), registered.iter().rev().copied().collect()] {
                let handlers = handlers(&[&order[..], &[best]].concat());
                let expected = Some((best.to_string(), "a".to_string()));
                assert_eq!(found(&handlers, StanzaType::Chat, "<a xmlns='u'/>"), expected);
            }
        }
    }

    #[test]
    fn a_message_without_a_matching_handler_is_left() {
        let all = handlers(&["a u chat", "b - -", "- v -"]);
        for (kind, content) in [
            (StanzaType::Normal, "<a xmlns='u'/>"),
            (StanzaType::Chat, "<a xmlns='w'/>"),
            (StanzaType::Chat, "<c xmlns='u'/>"),
            (StanzaType::Chat, "text"),
        ] {
            assert_eq!(found(&all, kind, content), None, "{content}");
        }
        assert_eq!(found(&EventHandlers::default(), StanzaType::Chat, "<a/>"), None);
    }

    #[test]
    fn an_element_among_others_is_found() {
        let handlers = handlers(&["b u -", "- - -"]);
        let content = "text<a/><b xmlns='u'/>";
        assert_eq!(found(&handlers, StanzaType::Chat, content), Some(("b u -".into(), "b".into())));
    }

    #[test]
    fn a_subscription_stanza_goes_as_a_whole_to_handlers_that_name_its_type() {
        let presence = |handler: &str| Some((handler.into(), "presence".into()));
        assert_eq!(
            found(&handlers(&["- - -", "a u -"]), StanzaType::Subscribe, "<a xmlns='u'/>"),
            None
        );
        let all = handlers(&["- - subscribe", "- - -"]);
        assert_eq!(found(&all, StanzaType::Subscribe, "<a/>"), presence("- - subscribe"));
        assert_eq!(found(&all, StanzaType::Subscribed, ""), None);
    }

    #[test]
    fn a_tab_that_is_gone_gets_nothing_and_frees_its_handlers() {
        let mut handlers = EventHandlers::default();
        let handler = |tab: &str, name: usize| EventHandler {
            pattern: pattern(&format!("x{name} - -")),
            tab: tab.into(),
            function: tab.into(),
            session: "s".into(),
        };
        for name in 0..MAX_HANDLERS {
            handlers.add(handler("old", name), |_| true).unwrap();
        }
        assert_eq!(handlers.add(handler("new", 0), |_| true), Err(TooManyHandlers));
        assert_eq!(handlers.add(handler("old", 0), |_| true), Ok(()));
        assert_eq!(handlers.add(handler("new", 0), |tab| tab == "new"), Ok(()));
        assert_eq!(handlers.handlers.len(), 1);
        let found = handlers.find(&message(StanzaType::Chat, "<x0/>"), |_| false);
        assert!(found.is_none());
    }

    #[test]
    fn the_last_registered_of_two_tabs_gets_it_while_it_lives() {
        let mut handlers = EventHandlers::default();
        for tab in ["one", "two"] {
            let handler = EventHandler {
                pattern: pattern("a - -"),
                tab: tab.into(),
                function: "f".into(),
                session: "s".into(),
            };
            handlers.add(handler, |_| true).unwrap();
        }
        let message = message(StanzaType::Chat, "<a/>");
        assert_eq!(handlers.find(&message, |_| true).unwrap().0.tab, "two");
        assert_eq!(handlers.find(&message, |tab| tab == "one").unwrap().0.tab, "one");
        handlers.remove(&pattern("a - -"), "two");
        assert_eq!(handlers.find(&message, |_| true).unwrap().0.tab, "one");
    }
}
