//! Delivers messages to an account's tabs and inbox, and other events to its tabs.

use super::content::Content;
use super::event_handlers::EventHandlers;
use super::memory_budget::BudgetExceeded;
use super::message::{Message, StanzaType};
use super::refusal::Refusal;
use super::state::Broker;
use super::tabs::{Disconnected, Event, EventData, EventPart, EventSubject, PendingEvent, Tabs};
use super::tokens::Session;
use jid::Jid;

/// A part of the broker that sends messages of its own, from a domain below the broker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Component {
    /// Identities and contracts.
    Legal,
    /// Payments.
    EDaler,
    /// Tokens that contracts create.
    Tokens,
}

impl Broker {
    /// The domain of a component.
    pub(super) fn component_domain(&self, component: Component) -> String {
        let label = match component {
            Component::Legal => "legal",
            Component::EDaler => "edaler",
            Component::Tokens => "tokens",
        };
        format!("{label}.{}", self.domain())
    }

    /// Sends a message to a user, from a component.
    pub(super) fn send_from(
        &mut self,
        component: Component,
        user_name: &str,
        content: Content,
        now: i64,
    ) -> Result<(), Refusal> {
        let from = Jid::new(&self.component_domain(component));
        let message = Message {
            id: Some(self.new_id()),
            from: from.map_err(|error| Refusal::internal(error.to_string()))?,
            to: self.bare_jid(user_name)?.into(),
            language: None,
            kind: StanzaType::Normal,
            received: now,
            content,
        };
        let full = |_| Refusal::new(503, "The inbox of the other account is full.");
        self.deliver(message).map_err(full)
    }

    /// Tells a user of a change. One whose inbox is full is not told.
    pub(super) fn notify(
        &mut self,
        component: Component,
        user_name: &str,
        content: Content,
        now: i64,
    ) -> Result<(), Refusal> {
        match self.send_from(component, user_name, content, now) {
            Err(Refusal { status: 503, .. }) => Ok(()),
            other => other,
        }
    }

    /// Delivers a message to a tab with a matching event handler, or else to the inbox. A message
    /// to an address without an account is dropped silently, as in [`Broker::send_presence`], and so
    /// is one to a thing, which takes none.
    pub(super) fn deliver(&mut self, message: Message) -> Result<(), BudgetExceeded> {
        let to = message.to.to_bare();
        if self.is_thing(&to) {
            return Ok(());
        }
        let Some(user_name) = self.user_name(&to).map(str::to_owned) else { return Ok(()) };
        let Some(user) = self.users.get_mut(&user_name) else { return Ok(()) };
        let tabs = &mut self.tabs;
        let is_alive = |tab: &str| tabs.is_alive(tab, message.received);
        let Some((handler, part)) = user.event_handlers.find(&message, is_alive) else {
            return if message.kind.is_transient() { Ok(()) } else { user.inbox.push(message) };
        };
        let function = handler.function.clone();
        let subject = if message.kind.is_transient() {
            EventSubject::Presence(Box::new(message))
        } else {
            EventSubject::Message(user.inbox.reserve(message)?, part)
        };
        tabs.push(&handler.tab, PendingEvent { user_name, function, subject });
        self.event_count += 1;
        Ok(())
    }

    /// Tells a tab of a transaction, if the tab is there, which is kept for as long as the session. It gets the transaction as it is when it
    /// takes the event.
    pub(super) fn push_transaction(
        &mut self,
        session: &Session,
        id: &str,
        (tab, function): (&str, &str),
        now: i64,
    ) {
        let user_name = session.user_name.as_str();
        let name = |handlers: &mut EventHandlers, _: &Tabs| {
            handlers.name_tab(tab, &session.resource);
        };
        self.update_event_handlers(user_name, now, name);
        if self.tabs.is_alive(tab, now) {
            let subject = EventSubject::Transaction(id.into());
            let (user_name, function) = (user_name.into(), function.into());
            self.tabs.push(tab, PendingEvent { user_name, function, subject });
            self.event_count += 1;
        }
    }

    /// How many events there have been. When it has grown, a tab has an event to take.
    #[must_use]
    pub fn event_count(&self) -> u64 {
        self.event_count
    }

    /// Connects a tab. Returns the connection's number, or `None` if there are too many tabs. An
    /// older connection of the same tab ends.
    pub fn connect_tab(&mut self, tab: &str, address: &str, now: i64) -> Option<u64> {
        let gone = self.tabs.expire(now);
        self.requeue(gone);
        self.tabs.connect(tab, address, self.registrations.contains(tab), now)
    }

    /// Keeps a tab alive.
    ///
    /// # Errors
    /// [`Disconnected`], if the connection is not the tab's any more.
    pub fn touch_tab(&mut self, tab: &str, connection: u64, now: i64) -> Result<(), Disconnected> {
        self.tabs.touch(tab, connection, now)
    }

    /// Changes the event handlers of an account, and keeps the registrations in step with them.
    pub(super) fn update_event_handlers<T>(
        &mut self,
        user_name: &str,
        now: i64,
        change: impl FnOnce(&mut EventHandlers, &Tabs) -> T,
    ) -> Option<T> {
        let handlers = &mut self.users.get_mut(user_name)?.event_handlers;
        let before = handlers.tabs();
        let result = change(handlers, &self.tabs);
        let after = handlers.tabs();
        for tab in after.difference(&before) {
            self.registrations.add(tab);
            self.tabs.set_registered(tab, true, now);
        }
        for tab in before.difference(&after) {
            self.registrations.remove(tab);
            self.tabs.set_registered(tab, self.registrations.contains(tab), now);
        }
        Some(result)
    }

    /// Takes the oldest pending event of a tab. One at a time, so that at most one is lost when the
    /// connection breaks.
    ///
    /// # Errors
    /// [`Disconnected`], if the connection is not the tab's any more.
    pub fn take_event(
        &mut self,
        tab: &str,
        connection: u64,
    ) -> Result<Option<Event>, Disconnected> {
        let Some(waiting) = self.tabs.take(tab, connection)? else { return Ok(None) };
        let Some(user) = self.users.get_mut(&waiting.user_name) else { return Ok(None) };
        let data = match waiting.subject {
            EventSubject::Message(place, part) => match user.inbox.take_reserved(place) {
                Some(message) => part.of(&message),
                None => return self.take_event(tab, connection),
            },
            EventSubject::Presence(message) => EventPart::Stanza.of(&message),
            EventSubject::Transaction(id) => match user.wallet.transaction(&id) {
                Some(transaction) => EventData::Object(transaction.event()),
                // Later ones have replaced it.
                None => return self.take_event(tab, connection),
            },
        };
        Ok(Some(Event::new(waiting.function, data)))
    }

    /// Notes that a connection broke. The tab may connect again, and then gets what it missed.
    pub fn disconnect_tab(&mut self, tab: &str, connection: u64) {
        self.tabs.disconnect(tab, connection);
    }

    /// Removes a tab that unregisters.
    pub fn remove_tab(&mut self, tab: &str, connection: u64) {
        let missed = self.tabs.remove(tab, connection);
        self.requeue(missed);
    }

    /// Leaves messages that a tab did not get to the inbox. Other events are lost, because what
    /// they tell of can be read.
    pub(super) fn requeue(&mut self, missed: impl IntoIterator<Item = PendingEvent>) {
        for PendingEvent { user_name, subject, .. } in missed {
            if let EventSubject::Message(place, _) = subject
                && let Some(user) = self.users.get_mut(&user_name)
            {
                user.inbox.requeue(place);
            }
        }
    }
}
