//! How a resource is declared.

use super::value::Value;
use crate::text;

/// One resource of the Agent API: `/Agent/<group>/<name>`.
#[derive(Debug)]
pub struct Resource {
    /// The group, as `Xmpp`.
    pub group: &'static str,
    /// The resource's name in the path and in `AgentAPI.<group>.<name>`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// Who may call it.
    pub access: Access,
    /// What a caller gives, in the order of the documented parameters. Mostly what is sent, too.
    pub parameters: &'static [Field],
    /// What is sent.
    pub request: &'static [Field],
    /// What comes back.
    pub response: &'static [Field],
}

/// The HTTP methods that the Agent API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// No body.
    Get,
    /// An object as body, `{}` where there is nothing to say.
    Post,
}

/// Whether a call carries the session's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Open to all: the token stays here. A dead one would be counted as a failed login.
    Open,
    /// For a session.
    Session,
}

/// A property of a request or a response.
#[derive(Debug)]
pub struct Field {
    /// The name on the wire, as `customXml`.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

/// What a field may hold. A request is held to it by [`Resource::request`], a response by
/// [`Resource::response`].
#[derive(Debug)]
pub enum Kind {
    /// Any text that XML can carry.
    Text,
    /// A text that is not empty.
    Name,
    /// A text that is not empty and must never be shown.
    Secret,
    /// An account's name: the local part of its address.
    UserName,
    /// A bare or full JID.
    Address,
    /// A bearer token.
    Token,
    /// A language tag.
    Language,
    /// A stanza id: no control characters, for it becomes an XML attribute.
    StanzaId,
    /// Well-formed element content.
    Xml,
    /// `true` or `false`.
    Boolean,
    /// A whole number between two others, both included.
    Integer(i64, i64),
    /// A point in time; in responses an ISO 8601 text, whatever the broker sent.
    DateTime,
    /// A list of texts; what is missing is empty.
    Texts,
    /// One object.
    Object(&'static [Field]),
    /// A list of objects; what is missing is empty.
    Objects(&'static [Field]),
}

impl Resource {
    /// A resource with the most common traits: `POST`, for a session.
    #[must_use]
    pub const fn new(
        group: &'static str,
        name: &'static str,
        request: &'static [Field],
        response: &'static [Field],
    ) -> Self {
        let (method, access) = (Method::Post, Access::Session);
        Self { group, name, method, access, parameters: request, request, response }
    }

    /// The same resource, whose request is made from other things than it holds, as a signature
    /// from a password.
    #[must_use]
    pub const fn made_from(mut self, parameters: &'static [Field]) -> Self {
        self.parameters = parameters;
        self
    }

    /// The same resource, open to those without a session.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.access = Access::Open;
        self
    }

    /// The same resource, asked for with `GET`.
    #[must_use]
    pub const fn get(mut self) -> Self {
        self.method = Method::Get;
        self
    }

    /// What a request holds that must never be shown.
    pub fn secrets<'a>(&self, request: &'a Value) -> impl Iterator<Item = &'a str> {
        let secret = |field: &&Field| matches!(field.kind, Kind::Secret | Kind::Token);
        self.request.iter().filter(secret).filter_map(|field| request.get(field.name)?.as_str())
    }

    /// The documented name, as `Xmpp.GetRoster`.
    #[must_use]
    pub fn operation(&self) -> String {
        text::concat(&[self.group, ".", self.name])
    }

    /// The path below the host, as `/Agent/Xmpp/GetRoster`.
    #[must_use]
    pub fn path(&self) -> String {
        text::concat(&["/Agent/", self.group, "/", self.name])
    }
}

impl Field {
    /// A field that must be there.
    #[must_use]
    pub const fn required(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: true }
    }

    /// A field that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false }
    }

    /// The name of the documented parameter: that of the wire, with a capital.
    #[must_use]
    pub fn parameter(&self) -> String {
        let mut characters = self.name.chars();
        let first = characters.next().map(|character| character.to_ascii_uppercase());
        first.into_iter().chain(characters).collect()
    }
}
