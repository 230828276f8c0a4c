//! Messages, and the presence stanzas that are delivered like them.

use super::content::Content;
use super::encoded_size::{escaped_json_size, escaped_xml_size};
use super::stanza::{Stanza, StanzaName};
use super::subscription::SubscriptionStanza;
use super::values::unix_seconds;
use jid::Jid;
use neuron_agent_api::wire::{Encoding, Value};
use serde::{Deserialize, Serialize};

/// A stanza for an account.
///
/// A program that uses the Agent API has no stream on which subscription requests could arrive, so
/// they are delivered like messages: as entries of `PopMessages` with the type `subscribe`, and
/// their answers as `subscribed`, `unsubscribe` and `unsubscribed`. This is the broker's own
/// choice; how a Neuron® delivers them is not published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The stanza's id. `None` if it has none.
    pub id: Option<String>,
    /// The sender: a full JID for a message, a bare JID for a presence stanza.
    pub from: Jid,
    /// The recipient, as the sender wrote it.
    pub to: Jid,
    /// The language of the content (`xml:lang`).
    pub language: Option<String>,
    /// The stanza's type.
    pub kind: StanzaType,
    /// When the broker received it, in Unix seconds.
    pub received: i64,
    /// The content from the sender, followed by what the broker added.
    pub content: Content,
}

/// The type of a stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StanzaType {
    /// A message of a conversation.
    Chat,
    /// A single message.
    Normal,
    /// A presence stanza: the contact asks to see the account's presence.
    Subscribe,
    /// A presence stanza: the contact lets the account see its presence.
    Subscribed,
    /// A presence stanza: the contact no longer wants to see the account's presence.
    Unsubscribe,
    /// A presence stanza: the contact declined, or no longer lets its presence be seen.
    Unsubscribed,
    /// A presence stanza: a session of the contact is available.
    Available,
    /// A presence stanza: a session of the contact has ended.
    Unavailable,
    /// The answer of another domain to a message that it could not deliver.
    MessageError,
    /// The answer of another domain to a presence stanza that it could not deliver.
    PresenceError,
}

impl StanzaType {
    /// The type as it is written in a stanza. Presence that has none there is `available`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Normal => "normal",
            Self::Subscribe => "subscribe",
            Self::Subscribed => "subscribed",
            Self::Unsubscribe => "unsubscribe",
            Self::Unsubscribed => "unsubscribed",
            Self::Available => "available",
            Self::Unavailable => "unavailable",
            Self::MessageError | Self::PresenceError => "error",
        }
    }

    /// The stanza of which it is a type.
    pub(super) fn stanza_name(self) -> StanzaName {
        if self.is_message() { StanzaName::Message } else { StanzaName::Presence }
    }

    /// Whether this is a message rather than a presence stanza.
    pub(super) fn is_message(self) -> bool {
        matches!(self, Self::Chat | Self::Normal | Self::MessageError)
    }

    /// Whether it says what is so now, and is of no use later.
    pub(super) fn is_transient(self) -> bool {
        matches!(self, Self::Available | Self::Unavailable)
    }
}

impl From<SubscriptionStanza> for StanzaType {
    fn from(stanza: SubscriptionStanza) -> Self {
        match stanza {
            SubscriptionStanza::Subscribe => Self::Subscribe,
            SubscriptionStanza::Subscribed => Self::Subscribed,
            SubscriptionStanza::Unsubscribe => Self::Unsubscribe,
            SubscriptionStanza::Unsubscribed => Self::Unsubscribed,
        }
    }
}

impl Message {
    /// The message as an entry of `PopMessages`.
    pub(super) fn entry(self) -> Value {
        let mut entry = Vec::with_capacity(7);
        entry.extend(self.id.map(|id| ("id".into(), Value::String(id))));
        entry.push(("from".into(), self.from.as_str().into()));
        entry.push(("to".into(), self.to.as_str().into()));
        entry.extend(self.language.map(|language| ("lang".into(), Value::String(language))));
        entry.push(("type".into(), self.kind.name().into()));
        entry.push(("timestamp".into(), unix_seconds(self.received)));
        entry.push(("Content".into(), Value::String(self.content.into_string())));
        Value::Object(entry)
    }

    /// An upper bound for the size of the entry in a response, in bytes.
    pub(super) fn size(&self, encoding: Encoding) -> usize {
        const REST: usize = 256;
        let written = match encoding {
            Encoding::Json => escaped_json_size,
            Encoding::Xml => escaped_xml_size,
        };
        let texts = [
            self.id.as_deref().unwrap_or_default(),
            self.from.as_str(),
            self.to.as_str(),
            self.language.as_deref().unwrap_or_default(),
        ];
        REST + texts.map(written).iter().sum::<usize>() + self.content.size(encoding)
    }

    /// The message as a stanza.
    pub(super) fn stanza(&self) -> Stanza {
        let kind = match self.kind {
            StanzaType::Available => "",
            kind => kind.name(),
        };
        Stanza {
            name: self.kind.stanza_name(),
            from: self.from.clone(),
            to: self.to.clone(),
            id: self.id.clone(),
            kind: kind.into(),
            language: self.language.clone(),
            content: self.content.clone(),
        }
    }

    /// Roughly how much memory it takes, in bytes.
    pub(super) fn memory_size(&self) -> usize {
        const REST: usize = 256;
        let id = self.id.as_ref().map_or(0, String::len);
        let language = self.language.as_ref().map_or(0, String::len);
        let addresses = self.from.as_str().len() + self.to.as_str().len();
        REST + id + language + addresses + self.content.memory_size()
    }
}
