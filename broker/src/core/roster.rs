//! An account's contacts.

use super::encoded_size::{escaped_json_size, escaped_xml_size};
use super::memory_budget::{Budget, BudgetExceeded, SharedBudget};
use super::message::Message;
use super::subscription::{Direction, Stage, StanzaOutcome, Subscription, SubscriptionStanza};
use jid::BareJid;
use neuron_agent_api::wire::Value;
use std::collections::BTreeMap;

/// How much a roster takes in an answer at max, in bytes: it may be asked for as a whole.
const MAX_LISTED_BYTES: usize = 4 * 1024 * 1024;

/// How many requests wait for an answer at max.
const MAX_REQUESTS: usize = 1_000;

/// How much they weigh together at max, in bytes.
const MAX_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// All that an account has with others, in the order of their addresses.
pub(super) struct Roster {
    contacts: BTreeMap<BareJid, Contact>,
    /// What the contacts that are listed take.
    listed: Budget,
    /// What the requests weigh.
    requests: Budget,
}

/// What an account has with one other.
#[derive(Default)]
struct Contact {
    name: String,
    groups: Vec<String>,
    subscription: Subscription,
    /// Whether the account itself has to do with the contact. Somebody who only asks is kept
    /// here too, and is not in the roster that the account sees (RFC 6121 §3.1.3).
    listed: bool,
    /// What the contact asked with, while it waits for an answer.
    request: Option<Message>,
}

impl Roster {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self {
            contacts: BTreeMap::new(),
            listed: Budget::new(MAX_LISTED_BYTES, shared),
            requests: Budget::new(MAX_REQUEST_BYTES, shared),
        }
    }

    /// The account sends a stanza. The one that asks, and the one that approves, put the contact
    /// into the roster (RFC 6121 §3.1.2, §3.1.5); where there is no room for it, nothing happens.
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
            self.contacts.entry(to.clone()).or_default().listed = true;
        }
        Ok(self.apply(to, Direction::Out, stanza))
    }

    /// Whether there is room for another contact.
    pub(super) fn has_room_for(&self, contact: &BareJid) -> bool {
        self.is_listed(contact) || self.listed.has_room(size(contact, "", &[]))
    }

    /// Whether there is room for what a stanza brings.
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

    /// Whether a stanza is a request that will wait for its answer here.
    fn will_keep(&self, from: &BareJid, stanza: SubscriptionStanza) -> bool {
        stanza == SubscriptionStanza::Subscribe
            && self.subscription(from).apply(Direction::In, stanza) == StanzaOutcome::Forwarded
    }

    fn is_listed(&self, contact: &BareJid) -> bool {
        self.contacts.get(contact).is_some_and(|contact| contact.listed)
    }

    /// A stanza arrives. One that asks is kept until it is answered (RFC 6121 §3.1.3).
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

    /// UserNames a contact and puts it into groups; adds it, if it is not in the roster (RFC 6121
    /// §2.3, §2.4).
    pub(super) fn set(
        &mut self,
        jid: &BareJid,
        name: &str,
        groups: Vec<String>,
    ) -> Result<(), BudgetExceeded> {
        let old = self.contacts.get(jid).map_or(0, |contact| contact.size(jid));
        self.listed.replace(old, size(jid, name, &groups))?;
        let contact = self.contacts.entry(jid.clone()).or_default();
        contact.listed = true;
        contact.name = name.into();
        contact.groups = groups;
        Ok(())
    }

    /// Takes a contact out of the roster, whose subscriptions have ended.
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
        let contact = self.contacts.entry(with.clone()).or_default();
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

    /// What the account has with a contact.
    pub(super) fn subscription(&self, contact: &BareJid) -> Subscription {
        self.contacts.get(contact).map(|contact| contact.subscription).unwrap_or_default()
    }

    /// A contact's roster item, if it is in the roster.
    pub(super) fn item(&self, contact: &BareJid) -> Option<Value> {
        self.contacts.get_key_value(contact).and_then(|(jid, contact)| contact.item(jid))
    }

    /// The roster items, in the order of their addresses.
    pub(super) fn items(&self) -> impl Iterator<Item = Value> {
        self.contacts.iter().filter_map(|(jid, contact)| contact.item(jid))
    }

    /// The requests that wait for an answer.
    pub(super) fn requests(&self) -> impl Iterator<Item = &Message> {
        self.contacts.values().filter_map(|contact| contact.request.as_ref())
    }
}

/// No less than a contact takes in an answer of either encoding, in bytes.
fn size(jid: &BareJid, name: &str, groups: &[String]) -> usize {
    const ITEM: usize = 160;
    const GROUP: usize = 16;
    let text = |text: &str| escaped_json_size(text).max(escaped_xml_size(text));
    let groups = groups.iter().map(|group| GROUP + text(group)).sum::<usize>();
    ITEM + text(jid.as_str()) + text(name) + groups
}

impl Contact {
    /// What it takes in the roster; nothing, if it is not in there.
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
