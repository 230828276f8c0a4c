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
    /// What repeating a call may do.
    pub effect: Effect,
    /// How the request is made.
    pub recipe: Recipe,
    /// What a caller gives, in the order of the documented parameters. Mostly what is sent, too.
    pub parameters: &'static [Field],
    /// What is sent.
    pub request: &'static [Field],
    /// What comes back.
    pub response: &'static [Field],
    /// The names of the XML elements of request and response; none where only JSON is documented.
    pub elements: Option<(&'static str, &'static str)>,
}

/// The HTTP methods that the Agent API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// No body.
    Get,
    /// An object as body, an empty one where there is nothing to say.
    Post,
}

/// How requests and responses are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `application/json`
    Json,
    /// `text/xml`
    Xml,
}

/// What a call shows of who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing: the token stays here. A dead one would be counted as a failed login.
    Open,
    /// Nothing but the cookie of the HTTP session.
    Cookie,
    /// A token, if there is one.
    Welcome,
    /// A token: the resource is for sessions.
    Session,
}

/// What a call does at the broker, and so what repeating it may do. `client/retry.rs` holds to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: it can be repeated.
    Read,
    /// Sets something to a value: repeating it sets the same.
    Write,
    /// Sends a stanza: repeating it may send another.
    Stanza(Trace),
    /// Opens or prolongs a session, signed anew each time. The broker counts what it refuses, so it
    /// is repeated once, and only where no answer came.
    Session,
    /// Takes something away and hands it over: what a lost answer held is lost.
    Consume,
    /// Serves once, as a code or a petition, or is counted: repeating it may be held against the
    /// caller.
    Once,
}

/// What the roster shows of a stanza that arrived: proof for a call whose answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Nothing.
    None,
    /// A request that is pending, or granted (RFC 6121 §3.1).
    Requested,
    /// The contact may see the account's presence (RFC 6121 §3.1.5).
    Granted,
    /// The account neither sees the contact's presence nor waits for it (RFC 6121 §3.3).
    Ended,
}

/// How a request is made of what a caller gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// It is what the caller gives.
    Plain,
    /// The language goes into a header.
    Language,
    /// Signed with the account's password.
    Login,
    /// Signed with the secret of an API key.
    Create,
    /// The password goes into a header.
    Password,
    /// Shows the token that it exchanges.
    Refresh,
    /// Shows the token, which is forgotten before it is sent.
    Logout,
    /// Some of it is needed, but not all.
    Recover,
    /// Signed with the passwords of key and account.
    Transfer,
    /// Goes to another broker.
    Elsewhere,
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
    /// The name of the documented parameter, where it is not that of the wire with a capital.
    pub parameter: Option<&'static str>,
    /// Another spelling, of older brokers and documents.
    pub alias: Option<&'static str>,
}

/// What a field may hold. A request is held to it by [`Resource::request`], a response by
/// [`Resource::response`].
///
/// In XML, what is a scalar here is an attribute of its element, the rest a child.
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
    /// A host name with an optional port.
    Host,
    /// A bearer token.
    Token,
    /// A language tag.
    Language,
    /// A stanza id: no control characters, for it becomes an XML attribute.
    StanzaId,
    /// One of several words.
    Word(&'static [&'static str]),
    /// Digits, as a text or as a whole number: a code that a person was sent.
    Code,
    /// Well-formed element content. In XML it is the content of its element.
    Xml,
    /// `true` or `false`.
    Boolean,
    /// A whole number between two others, both included.
    Integer(i64, i64),
    /// [`Kind::Integer`] with a value for a caller who names none.
    IntegerOr(i64, i64, i64),
    /// A point in time; in responses an ISO 8601 text, whatever the broker sent.
    DateTime,
    /// A list of texts; what is missing is empty. In XML an element of `Item` elements.
    Texts,
    /// One object.
    Object(&'static [Field]),
    /// A list of objects; what is missing is empty.
    Objects(&'static [Field], Entries),
    /// One XML element, as an object with `__name` and `__ns`.
    Element,
    /// Any number of XML elements, as such objects. In XML they are the content.
    Elements,
    /// Anything that JSON can say.
    Json,
}

/// How a list of objects looks in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entries {
    /// An element of the field's name, that holds entries of this name.
    Within(&'static str),
    /// Entries of this name, side by side with the other children.
    Bare(&'static str),
}

impl Resource {
    /// A resource with the most common traits: `POST`, for a session, named alike in XML.
    #[must_use]
    pub const fn new(
        group: &'static str,
        name: &'static str,
        effect: Effect,
        request: &'static [Field],
        response_element: &'static str,
        response: &'static [Field],
    ) -> Self {
        Self {
            group,
            name,
            method: Method::Post,
            access: Access::Session,
            effect,
            recipe: Recipe::Plain,
            parameters: request,
            request,
            response,
            elements: Some((name, response_element)),
        }
    }

    /// The same resource, whose request is made from other things than it holds, as a signature
    /// from a password.
    #[must_use]
    pub const fn made_from(mut self, parameters: &'static [Field], recipe: Recipe) -> Self {
        self.parameters = parameters;
        self.recipe = recipe;
        self
    }

    /// The same resource, for others than sessions.
    #[must_use]
    pub const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// The same resource, asked for with `GET`.
    #[must_use]
    pub const fn get(mut self) -> Self {
        self.method = Method::Get;
        self
    }

    /// The same resource, whose XML request is not named like itself.
    #[must_use]
    pub const fn request_element(mut self, request: &'static str) -> Self {
        if let Some((_, response)) = self.elements {
            self.elements = Some((request, response));
        }
        self
    }

    /// The same resource, in JSON whatever the encoding: its XML is documented nowhere.
    #[must_use]
    pub const fn json_only(mut self) -> Self {
        self.elements = None;
        self
    }

    /// Whether the answer holds the token of a session.
    #[must_use]
    pub fn opens_session(&self) -> bool {
        self.response.iter().any(|field| match field.kind {
            Kind::Token => true,
            Kind::Object(fields) => fields.iter().any(|field| matches!(field.kind, Kind::Token)),
            _ => false,
        })
    }

    /// What arguments and request hold that must never be shown.
    #[must_use]
    pub fn secrets(&self, arguments: &Value, request: &Value) -> Vec<String> {
        let mut secrets = Vec::new();
        for (fields, object) in [(self.parameters, arguments), (self.request, request)] {
            for field in fields {
                if matches!(field.kind, Kind::Secret | Kind::Token | Kind::Code)
                    && let Some(secret) = object.get(field.name).and_then(Value::to_text)
                {
                    secrets.push(secret);
                }
            }
        }
        secrets
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
        Self { name, kind, required: true, parameter: None, alias: None }
    }

    /// A field that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false, parameter: None, alias: None }
    }

    /// The same field, whose documented parameter is named otherwise.
    #[must_use]
    pub const fn called(mut self, parameter: &'static str) -> Self {
        self.parameter = Some(parameter);
        self
    }

    /// The same field, that some spell otherwise.
    #[must_use]
    pub const fn alias(mut self, alias: &'static str) -> Self {
        self.alias = Some(alias);
        self
    }

    /// Whether it is a password that a person types, and so in one form of many.
    #[must_use]
    pub fn is_password(&self) -> bool {
        self.name.ends_with("assword")
    }

    /// The name of the documented parameter.
    #[must_use]
    pub fn parameter(&self) -> String {
        if let Some(parameter) = self.parameter {
            return parameter.into();
        }
        let mut name = String::from(self.name);
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        name
    }
}
