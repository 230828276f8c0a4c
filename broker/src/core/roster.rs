//! The roster of an account.

use super::encoded_size::{escaped_json_size, escaped_xml_size};
use super::memory_budget::{Budget, BudgetExceeded, SharedBudget};
use super::message::Message;
use super::record::{Records, Table};
use super::subscription::{Direction, Stage, StanzaOutcome, Subscription, SubscriptionStanza};
use jid::BareJid;
use neuron_agent_api::wire::Value;
use serde::{Deserialize, Serialize};

/// The maximum size of a roster in a response, in bytes: it may be requested as a whole.
const MAX_LISTED_BYTES: usize = 4 * 1024 * 1024;

/// The maximum number of open requests.
const MAX_REQUESTS: usize = 1_000;

/// The maximum size of open requests in memory, in bytes.
const MAX_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// The contacts of an account, in the order of their addresses.
pub(super) struct Roster {
    contacts: Table<BareJid, Contact>,
    /// The budget of the listed contacts.
    listed: Budget,
    /// The budget of the open requests.
    requests: Budget,
}

/// A contact, and the subscriptions both ways.
#[derive(Default, Serialize, Deserialize)]
struct Contact {
    name: String,
    groups: Vec<String>,
    subscription: Subscription,
    /// Whether the contact is in the roster that the account sees. One that has only sent a request
    /// is not (RFC 6121 §3.1.3).
    listed: bool,
    /// The open request of the contact.
    request: Option<Message>,
}

impl Roster {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self {
            contacts: Table::new("contact"),
            listed: Budget::new(MAX_LISTED_BYTES, shared),
            requests: Budget::new(MAX_REQUEST_BYTES, shared),
        }
    }

    /// What is kept of it.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.contacts
    }

    /// Counts anew what it takes.
    pub(super) fn recount(&mut self) {
        self.listed.recount(self.contacts.iter().map(|(jid, contact)| contact.size(jid)).sum());
        self.requests.recount(self.requests().map(Message::memory_size).sum());
    }

    /// Sends a presence stanza. A request and an approval add the contact to the roster (RFC 6121
    /// §3.1.2, §3.1.5); if it has no room, nothing happens.
    pub(super) fn send(
        &mut self,
        to: &BareJid,
        stanza: SubscriptionStanza,
    ) -> Result<StanzaOutcome, BudgetExceeded> {
        let lists =
            matches!(stanza, SubscriptionStanza::Subscribe | SubscriptionStanza::Subscribed);
        let passes =
            self.subscription(to).apply(Direction::Out, stanza) == StanzaOutcome::Forwarded;
        if lists && passes && !self.is_listed(to) {
            self.listed.reserve(size(to, "", &[]))?;
            self.contacts.get_or_default(to.clone()).listed = true;
        }
        Ok(self.apply(to, Direction::Out, stanza))
    }

    /// Whether there is room for another contact.
    pub(super) fn has_room_for(&self, contact: &BareJid) -> bool {
        self.is_listed(contact) || self.listed.has_room(size(contact, "", &[]))
    }

    /// Whether there is room for what a stanza adds.
    pub(super) fn can_receive(
        &self,
        from: &BareJid,
        stanza: SubscriptionStanza,
        message: &Message,
    ) -> bool {
        !self.will_keep(from, stanza)
            || (self.requests().count() < MAX_REQUESTS
                && self.requests.has_room(message.memory_size()))
    }

    /// Whether a stanza is a request that stays open here.
    fn will_keep(&self, from: &BareJid, stanza: SubscriptionStanza) -> bool {
        stanza == SubscriptionStanza::Subscribe
            && self.subscription(from).apply(Direction::In, stanza) == StanzaOutcome::Forwarded
    }

    fn is_listed(&self, contact: &BareJid) -> bool {
        self.contacts.get(contact).is_some_and(|contact| contact.listed)
    }

    /// Receives a presence stanza. A request is kept until it is answered (RFC 6121 §3.1.3).
    pub(super) fn receive(
        &mut self,
        from: &BareJid,
        stanza: SubscriptionStanza,
        message: &Message,
    ) -> StanzaOutcome {
        let keeps =
            self.will_keep(from, stanza) && self.requests.reserve(message.memory_size()).is_ok();
        let outcome = self.apply(from, Direction::In, stanza);
        if keeps && let Some(contact) = self.contacts.get_mut(from) {
            contact.request = Some(message.clone());
        }
        outcome
    }

    /// Sets the name and the groups of a contact, and adds it if it is not in the roster (RFC 6121
    /// §2.3, §2.4).
    pub(super) fn set(
        &mut self,
        jid: &BareJid,
        name: &str,
        groups: Vec<String>,
    ) -> Result<(), BudgetExceeded> {
        let old = self.contacts.get(jid).map_or(0, |contact| contact.size(jid));
        self.listed.replace(old, size(jid, name, &groups))?;
        let contact = self.contacts.get_or_default(jid.clone());
        contact.listed = true;
        contact.name = name.into();
        contact.groups = groups;
        Ok(())
    }

    /// Removes a contact whose subscriptions have ended.
    pub(super) fn remove(&mut self, contact: &BareJid) {
        if let Some(removed) = self.contacts.remove(contact) {
            self.listed.release(removed.size(contact));
            self.requests.release(removed.request.as_ref().map_or(0, Message::memory_size));
        }
    }

    fn apply(
        &mut self,
        with: &BareJid,
        direction: Direction,
        stanza: SubscriptionStanza,
    ) -> StanzaOutcome {
        let contact = self.contacts.get_or_default(with.clone());
        let outcome = contact.subscription.apply(direction, stanza);
        if contact.subscription.from != Stage::Asked
            && let Some(answered) = contact.request.take()
        {
            self.requests.release(answered.memory_size());
        }
        if !contact.listed && contact.subscription == Subscription::default() {
            self.contacts.remove(with);
        }
        outcome
    }

    /// The subscriptions between the account and a contact.
    pub(super) fn subscription(&self, contact: &BareJid) -> Subscription {
        self.contacts.get(contact).map(|contact| contact.subscription).unwrap_or_default()
    }

    /// The roster item of a contact. `None` if it is not in the roster.
    pub(super) fn item(&self, contact: &BareJid) -> Option<Value> {
        self.contacts.get_key_value(contact).and_then(|(jid, contact)| contact.item(jid))
    }

    /// The roster items, in the order of their addresses.
    pub(super) fn items(&self) -> impl Iterator<Item = Value> {
        self.contacts.iter().filter_map(|(jid, contact)| contact.item(jid))
    }

    /// The open requests.
    pub(super) fn requests(&self) -> impl Iterator<Item = &Message> {
        self.contacts.values().filter_map(|contact| contact.request.as_ref())
    }
}

/// An upper bound for the size of a contact in a response of either encoding, in bytes.
fn size(jid: &BareJid, name: &str, groups: &[String]) -> usize {
    const ITEM: usize = 160;
    const GROUP: usize = 16;
    let text = |text: &str| escaped_json_size(text).max(escaped_xml_size(text));
    let groups = groups.iter().map(|group| GROUP + text(group)).sum::<usize>();
    ITEM + text(jid.as_str()) + text(name) + groups
}

impl Contact {
    /// Its size in a response; 0 if it is not listed.
    fn size(&self, jid: &BareJid) -> usize {
        if self.listed { size(jid, &self.name, &self.groups) } else { 0 }
    }

    fn item(&self, bare_jid: &BareJid) -> Option<Value> {
        let groups = self.groups.iter().map(|group| group.as_str().into()).collect();
        self.listed.then(|| {
            Value::Object(vec![
                ("bareJid".into(), bare_jid.as_str().into()),
                ("pendingSubscription".into(), (self.subscription.to == Stage::Asked).into()),
                ("status".into(), self.subscription.status().into()),
                ("name".into(), self.name.as_str().into()),
                ("Groups".into(), Value::Array(groups)),
            ])
        })
    }
}
