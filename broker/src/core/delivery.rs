//! Delivers messages to an account's tabs and inbox.

use super::event_handlers::EventHandlers;
use super::memory_budget::BudgetExceeded;
use super::message::Message;
use super::state::Broker;
use super::tabs::{Disconnected, Event, PendingEvent, Tabs};

impl Broker {
    /// Delivers a message to a tab with a matching event handler, or else to the inbox. A message
    /// to an address without an account is dropped silently, as in [`Broker::send_presence`].
    pub(super) fn deliver(&mut self, message: Message) -> Result<(), BudgetExceeded> {
        let to = message.to.to_bare();
        let Some(user_name) = self.user_name(&to).map(str::to_owned) else { return Ok(()) };
        let Some(user) = self.users.get_mut(&user_name) else { return Ok(()) };
        let tabs = &mut self.tabs;
        let is_alive = |tab: &str| tabs.is_alive(tab, message.received);
        let Some((handler, part)) = user.event_handlers.find(&message, is_alive) else {
            return user.inbox.push(message);
        };
        user.inbox.reserve(&message)?;
        let function = handler.function.clone();
        tabs.push(&handler.tab, PendingEvent { user_name, message, function, part });
        self.event_count += 1;
        Ok(())
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
        if let Some(user) = self.users.get_mut(&waiting.user_name) {
            user.inbox.release_reserved(&waiting.message);
        }
        Ok(Some(waiting.event()))
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

    /// Puts messages that a tab did not get into the inbox.
    pub(super) fn requeue(&mut self, missed: impl IntoIterator<Item = PendingEvent>) {
        for PendingEvent { user_name, message, .. } in missed {
            if let Some(user) = self.users.get_mut(&user_name) {
                user.inbox.requeue(message);
            }
        }
    }
}
