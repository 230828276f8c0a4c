//! The roster of an account.

use super::encoded_size::{escaped_json_size, escaped_xml_size};
use super::memory_budget::{Budget, BudgetExceeded, SharedBudget};
use super::message::Message;
use super::record::{Records, Table};
use super::stanza::Stanza;
use super::subscription::{Direction, Stage, StanzaOutcome, Subscription, SubscriptionStanza};
use jid::{BareJid, Jid};
use neuron_agent_api::wire::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Bound;

/// The maximum size of a roster in a response, in bytes: it may be requested as a whole.
const MAX_LISTED_BYTES: usize = 4 * 1024 * 1024;

/// The maximum number of open requests.
const MAX_REQUESTS: usize = 1_000;

/// The maximum size of open requests in memory, in bytes.
const MAX_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// The maximum number of sessions of a contact in another domain whose presence is kept.
const MAX_PRESENCES: usize = 16;

/// The maximum size of these presences of an account in memory, in bytes.
const MAX_PRESENCE_BYTES: usize = 4 * 1024 * 1024;

/// The contacts of an account, in the order of their addresses.
pub(super) struct Roster {
    contacts: Table<BareJid, Contact>,
    /// The budget of the listed contacts.
    listed: Budget,
    /// The budget of the open requests.
    requests: Budget,
    /// Which contacts in other domains are available. It is not kept: it is asked for again.
    presences: BTreeMap<BareJid, Presences>,
    /// The budget of these presences.
    presence_budget: Budget,
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
    /// The id of the account's own request, while that is open. An error with it ends the request.
    asked_with: Option<String>,
}

/// The sessions of a contact that are available, by their resources.
type Presences = BTreeMap<String, Presence>;

/// What a contact's session has last said of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Presence {
    /// The stanza, with the full address of the session.
    pub stanza: Stanza,
    /// When it came, in Unix seconds.
    pub received: i64,
}

impl Presence {
    /// Roughly how much memory it takes, in bytes.
    fn memory_size(&self) -> usize {
        const REST: usize = 512;
        let id = self.stanza.id.as_ref().map_or(0, String::len);
        let language = self.stanza.language.as_ref().map_or(0, String::len);
        REST + id + language + self.stanza.content.memory_size()
    }
}

impl Roster {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self {
            contacts: Table::new("contact"),
            listed: Budget::new(MAX_LISTED_BYTES, shared),
            requests: Budget::new(MAX_REQUEST_BYTES, shared),
            presences: BTreeMap::new(),
            presence_budget: Budget::new(MAX_PRESENCE_BYTES, shared),
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

    /// Whether [`Roster::send`] would forward a stanza.
    pub(super) fn can_send(&self, to: &BareJid, stanza: SubscriptionStanza) -> bool {
        let lists =
            matches!(stanza, SubscriptionStanza::Subscribe | SubscriptionStanza::Subscribed);
        self.subscription(to).apply(Direction::Out, stanza) == StanzaOutcome::Forwarded
            && (!lists || self.has_room_for(to))
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
            self.hide(contact);
        }
    }

    /// Notes the id of a request that was sent.
    pub(super) fn note_request(&mut self, to: &BareJid, id: &str) {
        let contact = self.contacts.get_mut(to);
        if let Some(contact) = contact.filter(|contact| contact.subscription.to == Stage::Asked) {
            contact.asked_with = Some(id.into());
        }
    }

    /// Takes back a request that could not be delivered. Returns whether there was one.
    pub(super) fn take_back_request(&mut self, to: &BareJid, id: &str) -> bool {
        let is_of_request = |contact: &Contact| contact.asked_with.as_deref() == Some(id);
        let was_asked = self.contacts.get(to).is_some_and(is_of_request);
        if was_asked {
            self.apply(to, Direction::In, SubscriptionStanza::Unsubscribed);
        }
        was_asked
    }

    /// Notes that a session of a contact is available, if the account may see that and there is
    /// room.
    pub(super) fn set_presence(&mut self, contact: &BareJid, presence: Presence) {
        if self.subscription(contact).to != Stage::Granted {
            return;
        }
        let presences = self.presences.entry(contact.clone()).or_default();
        let resource = resource_of(&presence.stanza.from);
        let old = presences.get(&resource).map(Presence::memory_size);
        let has_place = old.is_some() || presences.len() < MAX_PRESENCES;
        let budget = &mut self.presence_budget;
        if has_place && budget.replace(old.unwrap_or(0), presence.memory_size()).is_ok() {
            presences.insert(resource, presence);
        }
    }

    /// Notes that a session of a contact has ended; with a bare address, all of them.
    pub(super) fn end_presence(&mut self, address: &Jid) {
        let contact = address.to_bare();
        if address.resource().is_none() {
            self.hide(&contact);
        } else if let Some(presences) = self.presences.get_mut(&contact)
            && let Some(ended) = presences.remove(&resource_of(address))
        {
            self.presence_budget.release(ended.memory_size());
        }
    }

    /// Forgets which contacts in other domains are available.
    pub(super) fn forget_presences(&mut self) {
        for contact in self.presences.keys().cloned().collect::<Vec<_>>() {
            self.hide(&contact);
        }
    }

    /// Exchanges the presences with those of the same roster in another broker.
    #[cfg(test)]
    pub(super) fn swap_presences(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.presences, &mut other.presences);
        std::mem::swap(&mut self.presence_budget, &mut other.presence_budget);
    }

    fn hide(&mut self, contact: &BareJid) {
        let hidden = self.presences.remove(contact).unwrap_or_default();
        self.presence_budget.release(hidden.values().map(Presence::memory_size).sum());
    }

    /// The latest presence of a contact in another domain. `None` if it is not available.
    pub(super) fn latest_presence(&self, contact: &BareJid) -> Option<&Presence> {
        self.presences.get(contact)?.values().max_by_key(|presence| presence.received)
    }

    /// The contacts that have granted their presence.
    pub(super) fn seen(&self) -> impl Iterator<Item = &BareJid> {
        let seen = |(_, contact): &(&BareJid, &Contact)| contact.subscription.to == Stage::Granted;
        self.contacts.iter().filter(seen).map(|(jid, _)| jid)
    }

    /// The contacts that have not answered the account's request, each with the id of that.
    pub(super) fn asked(&self) -> impl Iterator<Item = (&BareJid, &str)> {
        self.contacts
            .iter()
            .filter_map(|(jid, contact)| Some((jid, contact.asked_with.as_deref()?)))
    }

    /// The contacts to which the account has granted its presence.
    pub(super) fn seeing(&self) -> impl Iterator<Item = &BareJid> {
        let seeing =
            |(_, contact): &(&BareJid, &Contact)| contact.subscription.from == Stage::Granted;
        self.contacts.iter().filter(seeing).map(|(jid, _)| jid)
    }

    /// The contacts after one of them, or all, each with the subscriptions.
    pub(super) fn subscriptions_after(
        &self,
        last: Option<&BareJid>,
    ) -> impl Iterator<Item = (&BareJid, Subscription)> {
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        let after = self.contacts.range::<BareJid, _>((start, Bound::Unbounded));
        after.map(|(jid, contact)| (jid, contact.subscription))
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
        if contact.subscription.to != Stage::Asked {
            contact.asked_with = None;
        }
        let is_hidden = contact.subscription.to != Stage::Granted;
        if !contact.listed && contact.subscription == Subscription::default() {
            self.contacts.remove(with);
        }
        if is_hidden {
            self.hide(with);
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

fn resource_of(address: &Jid) -> String {
    address.resource().map(|resource| resource.as_str().into()).unwrap_or_default()
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
