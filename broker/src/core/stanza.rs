//! Stanzas as they are written on a stream, and the errors in them.

use super::content::Content;
use jid::Jid;
use serde::{Deserialize, Serialize};

/// The namespace of stanzas and their standard children, as accounts and clients see them.
pub(super) const CLIENT: &str = "jabber:client";

/// The namespace of error conditions.
const STANZAS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";

/// The three kinds of stanzas (RFC 6120 §8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StanzaName {
    /// A text or something else that is pushed to somebody.
    Message,
    /// Whether somebody is available, and who may know.
    Presence,
    /// A query, or the response to one.
    Iq,
}

/// A stanza, to or from any address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stanza {
    /// Which of the three it is.
    pub name: StanzaName,
    /// The sender.
    pub from: Jid,
    /// The recipient.
    pub to: Jid,
    /// The id that its sender gave it.
    pub id: Option<String>,
    /// The type. Empty if there is none: for presence, the sender is available.
    pub kind: String,
    /// The language of the content (`xml:lang`).
    pub language: Option<String>,
    /// The elements and texts inside.
    pub content: Content,
}

impl StanzaName {
    /// The name of the stanza's element.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Presence => "presence",
            Self::Iq => "iq",
        }
    }
}

impl Stanza {
    /// A stanza without an id, a language and content.
    pub(super) fn new(name: StanzaName, from: Jid, to: Jid, kind: &str) -> Self {
        let kind = kind.into();
        Self { name, from, to, id: None, kind, language: None, content: Content::default() }
    }

    /// A response to an information query.
    pub(super) fn iq(from: Jid, to: Jid, id: String, result: Result<Content, Condition>) -> Self {
        let (kind, content) = match result {
            Ok(content) => ("result", content),
            Err(condition) => ("error", condition.element()),
        };
        Self { id: Some(id), content, ..Self::new(StanzaName::Iq, from, to, kind) }
    }

    /// The error that answers this stanza (RFC 6120 §8.3.1).
    pub(super) fn refused(self, condition: Condition) -> Self {
        Self {
            from: self.to,
            to: self.from,
            kind: "error".into(),
            language: None,
            content: condition.element(),
            ..self
        }
    }

    /// Its attributes, in the order in which they are written.
    fn attributes(&self) -> Vec<(&str, &str)> {
        let mut attributes = vec![("from", self.from.as_str()), ("to", self.to.as_str())];
        attributes.extend(self.id.as_deref().map(|id| ("id", id)));
        if !self.kind.is_empty() {
            attributes.push(("type", &self.kind));
        }
        attributes.extend(self.language.as_deref().map(|language| ("xml:lang", language)));
        attributes
    }

    /// The stanza as one element, in the namespace of clients.
    pub(super) fn element(&self) -> Content {
        Content::element(self.name.as_str(), CLIENT, &self.attributes(), &self.content)
    }

    /// The stanza as it is written on a stream whose default namespace is that of its stanzas.
    pub(super) fn stream_xml(&self) -> String {
        self.content.stream_element(self.name.as_str(), CLIENT, &self.attributes())
    }
}

/// An error condition (RFC 6120 §8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// The legacy error code (XEP-0086).
    pub code: u32,
    /// The name of the condition.
    pub name: &'static str,
    /// Whether a retry is of use: [`CANCEL`] or [`WAIT`].
    pub kind: &'static str,
    /// A sentence that explains it.
    pub text: &'static str,
}

/// The type of an error after which a retry is of no use.
pub(super) const CANCEL: &str = "cancel";

/// The type of an error that is temporary.
pub(super) const WAIT: &str = "wait";

impl Condition {
    /// The error as an element.
    pub(super) fn element(&self) -> Content {
        let mut inside = Content::element(self.name, STANZAS, &[], &Content::default());
        let text = Content::text(self.text);
        inside.append(&Content::element("text", STANZAS, &[("xml:lang", "en")], &text));
        let code = self.code.to_string();
        Content::element("error", CLIENT, &[("code", &code), ("type", self.kind)], &inside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_a_condition_and_a_sentence() {
        let condition =
            Condition { code: 503, name: "service-unavailable", kind: CANCEL, text: "No & no." };
        assert_eq!(
            condition.element().as_str(),
            concat!(
                r#"<error xmlns="jabber:client" code="503" type="cancel">"#,
                r#"<service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>"#,
                r#"<text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas" xml:lang="en">No &amp; no."#,
                r#"</text></error>"#
            )
        );
    }

    /// A child in the namespace of stanzas inherits it from the stream; one below another namespace
    /// keeps saying so, such as a forwarded message.
    #[test]
    fn on_a_stream_the_stanza_and_its_own_children_declare_no_namespace() {
        let content = Content::parse(concat!(
            "<body xmlns='jabber:client'>Hi &lt;</body>",
            "<f xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'/></f>",
            "<plain/>text",
        ))
        .unwrap();
        let jid = |text: &str| Jid::new(text).unwrap();
        let stanza = Stanza {
            id: Some("\"1\"".into()),
            language: Some("sv".into()),
            content,
            ..Stanza::new(StanzaName::Message, jid("a@x/1"), jid("b@y"), "chat")
        };
        assert_eq!(
            stanza.stream_xml(),
            concat!(
                r#"<message from="a@x/1" to="b@y" id="&quot;1&quot;" type="chat" xml:lang="sv">"#,
                "<body>Hi &lt;</body>",
                r#"<f xmlns="urn:xmpp:forward:0"><message xmlns="jabber:client"/></f>"#,
                r#"<plain xmlns=""/>text</message>"#,
            )
        );
        assert!(stanza.element().as_str().starts_with("<message xmlns=\"jabber:client\" from="));
    }
}
