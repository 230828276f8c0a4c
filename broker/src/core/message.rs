//! What waits for an account: messages, and what others say about subscriptions.

use super::content::Content;
use super::stanza::{self, CLIENT};
use super::subscription::Stanza;
use jid::Jid;
use neuron_agent_api::wire::Value;

/// A stanza for an account.
///
/// A program on the Agent API has no stream on which requests for its presence could arrive, so
/// they come the way of messages: as entries of `PopMessages` with the type `subscribe`, and their
/// answers as `subscribed`, `unsubscribe` and `unsubscribed`. That is this broker's own doing; how
/// a Neuron® does it is not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The stanza's id, if it has one.
    pub id: Option<String>,
    /// Who sends it: a full JID for a message, a bare one for a subscription's stanza.
    pub from: Jid,
    /// Whom it is for, as addressed.
    pub to: Jid,
    /// The language of the content (`xml:lang`).
    pub language: Option<String>,
    /// The stanza's type.
    pub kind: Kind,
    /// When the broker got it, in Unix seconds.
    pub received: i64,
    /// What the sender put in, then what the broker added.
    pub content: Content,
}

/// The type of a stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A message of a conversation.
    Chat,
    /// A message that stands alone.
    Normal,
    /// A presence stanza: the contact asks to see the account's presence.
    Subscribe,
    /// A presence stanza: the contact lets the account see its presence.
    Subscribed,
    /// A presence stanza: the contact no longer wants to see the account's presence.
    Unsubscribe,
    /// A presence stanza: the contact declined, or no longer lets its presence be seen.
    Unsubscribed,
}

impl Kind {
    /// The type as it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Normal => "normal",
            Self::Subscribe => "subscribe",
            Self::Subscribed => "subscribed",
            Self::Unsubscribe => "unsubscribe",
            Self::Unsubscribed => "unsubscribed",
        }
    }

    /// Whether this is a message, and no presence.
    pub(super) fn is_message(self) -> bool {
        matches!(self, Self::Chat | Self::Normal)
    }
}

impl From<Stanza> for Kind {
    fn from(stanza: Stanza) -> Self {
        match stanza {
            Stanza::Subscribe => Self::Subscribe,
            Stanza::Subscribed => Self::Subscribed,
            Stanza::Unsubscribe => Self::Unsubscribe,
            Stanza::Unsubscribed => Self::Unsubscribed,
        }
    }
}

impl Message {
    /// The message as `PopMessages` hands it over.
    pub(super) fn entry(&self) -> Value {
        let text = |text: &str| Value::from(text);
        let mut entry = Vec::with_capacity(7);
        entry.extend(self.id.as_deref().map(|id| ("id".into(), text(id))));
        entry.push(("from".into(), text(self.from.as_str())));
        entry.push(("to".into(), text(self.to.as_str())));
        entry.extend(self.language.as_deref().map(|lang| ("lang".into(), text(lang))));
        entry.push(("type".into(), text(self.kind.name())));
        entry.push(("timestamp".into(), stanza::unix_seconds(self.received)));
        entry.push(("Content".into(), text(self.content.as_str())));
        Value::Object(entry)
    }

    /// The whole as one element.
    pub(super) fn stanza(&self) -> Content {
        let mut attributes = vec![("from", self.from.as_str()), ("to", self.to.as_str())];
        attributes.extend(self.id.as_deref().map(|id| ("id", id)));
        attributes.push(("type", self.kind.name()));
        attributes.extend(self.language.as_deref().map(|language| ("xml:lang", language)));
        let name = if self.kind.is_message() { "message" } else { "presence" };
        Content::element(name, CLIENT, &attributes, &self.content)
    }

    /// How much memory it takes, roughly, in bytes.
    pub(super) fn weight(&self) -> usize {
        const REST: usize = 256;
        let id = self.id.as_ref().map_or(0, String::len);
        let addresses = self.from.as_str().len() + self.to.as_str().len();
        REST + id + addresses + self.content.as_str().len()
    }
}
