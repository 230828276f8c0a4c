//! Writes stanzas.

use super::content::Content;
use jid::Jid;

/// The namespace of stanzas and their standard children.
pub(super) const CLIENT: &str = "jabber:client";

/// The namespace of error conditions.
const STANZAS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";

/// A presence stanza. An empty type means that the sender is available.
pub(super) fn presence(from: &Jid, to: &Jid, kind: &str) -> Content {
    let mut attributes = vec![("from", from.as_str()), ("to", to.as_str())];
    if !kind.is_empty() {
        attributes.push(("type", kind));
    }
    Content::element("presence", CLIENT, &attributes, &Content::default())
}

/// The response to an information query.
pub(super) fn iq(from: &Jid, to: &Jid, id: &str, kind: &str, inside: &Content) -> Content {
    let attributes = [("from", from.as_str()), ("to", to.as_str()), ("id", id), ("type", kind)];
    Content::element("iq", CLIENT, &attributes, inside)
}

/// An error condition (RFC 6120 §8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// The legacy error code (XEP-0086).
    pub code: u32,
    /// The name of the condition.
    pub name: &'static str,
    /// A sentence that explains it.
    pub text: &'static str,
}

/// The type of every error here: a retry is of no use.
pub(super) const CANCEL: &str = "cancel";

impl Condition {
    /// The error as an element.
    pub(super) fn element(&self) -> Content {
        let mut inside = Content::element(self.name, STANZAS, &[], &Content::default());
        let text = Content::text(self.text);
        inside.append(&Content::element("text", STANZAS, &[("xml:lang", "en")], &text));
        let code = self.code.to_string();
        Content::element("error", CLIENT, &[("code", &code), ("type", CANCEL)], &inside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_a_condition_and_a_sentence() {
        let condition = Condition { code: 503, name: "service-unavailable", text: "No & no." };
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
}
