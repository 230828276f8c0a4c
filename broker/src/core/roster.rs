//! An account's contacts.

use super::message::Message;
use super::subscription::{Direction, Fate, Stage, Stanza, Subscription};
use jid::BareJid;
use neuron_agent_api::wire::Value;
use std::collections::BTreeMap;

/// All that an account has with others, in the order of their addresses.
#[derive(Default)]
pub(super) struct Roster {
    contacts: BTreeMap<BareJid, Contact>,
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
    /// The account sends a stanza. The one that asks, and the one that approves, put the contact
    /// into the roster (RFC 6121 §3.1.2, §3.1.5).
    pub(super) fn send(&mut self, to: &BareJid, stanza: Stanza) -> Fate {
        let fate = self.apply(to, Direction::Out, stanza);
        let lists = matches!(stanza, Stanza::Subscribe | Stanza::Subscribed);
        if lists && fate == Fate::Passed {
            self.contacts.entry(to.clone()).or_default().listed = true;
        }
        fate
    }

    /// A stanza arrives. One that asks is kept until it is answered (RFC 6121 §3.1.3).
    pub(super) fn receive(&mut self, from: &BareJid, stanza: Stanza, message: &Message) -> Fate {
        let fate = self.apply(from, Direction::In, stanza);
        if stanza == Stanza::Subscribe
            && fate == Fate::Passed
            && let Some(contact) = self.contacts.get_mut(from)
        {
            contact.request = Some(message.clone());
        }
        fate
    }

    /// Names a contact and puts it into groups; adds it, if it is not in the roster (RFC 6121
    /// §2.3, §2.4).
    pub(super) fn set(&mut self, jid: &BareJid, name: &str, groups: Vec<String>) {
        let contact = self.contacts.entry(jid.clone()).or_default();
        contact.listed = true;
        contact.name = name.into();
        contact.groups = groups;
    }

    /// Takes a contact out of the roster, whose subscriptions have ended.
    pub(super) fn remove(&mut self, contact: &BareJid) {
        self.contacts.remove(contact);
    }

    fn apply(&mut self, with: &BareJid, direction: Direction, stanza: Stanza) -> Fate {
        let contact = self.contacts.entry(with.clone()).or_default();
        let fate = contact.subscription.apply(direction, stanza);
        if contact.subscription.from != Stage::Asked {
            contact.request = None;
        }
        if !contact.listed && contact.subscription == Subscription::default() {
            self.contacts.remove(with);
        }
        fate
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

impl Contact {
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
