//! What a request is made of.

use super::entries::Entries;
use super::sign::Signature;
use super::value::Value;
use crate::syntax::xml::escape;
use crate::text;

/// One input of a resource: mostly an argument of the caller's and a property of the body.
#[derive(Debug)]
pub struct Input {
    /// The name on the wire, such as `customXml`.
    pub name: &'static str,
    /// What it may hold.
    pub kind: InputKind,
    /// Whether it must be given.
    pub required: bool,
    /// Where it goes.
    pub role: Role,
    /// How it is made; `None` if the caller gives it.
    pub derived: Option<Derived>,
    /// Whether it is about a person who is not logged in, and so is not shown in errors.
    pub personal: bool,
    /// Whether it is a list that must hold something.
    pub not_empty: bool,
    /// The name of the documented parameter, if it is not that of the wire with a capital.
    pub parameter: Option<&'static str>,
    /// What it is, for a reader.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// An argument that fits, as JavaScript; empty for that of its kind.
    #[cfg(not(target_arch = "wasm32"))]
    pub example: &'static str,
}

/// Where an input goes.
#[derive(Debug)]
pub enum Role {
    /// It is a property of the body.
    Body,
    /// It is the header of this name.
    Header(&'static str),
    /// It is the end of the path.
    Path,
    /// It is the host of another broker, to which the request goes.
    OtherBroker,
    /// It is not sent itself: signatures and credentials are made from it.
    SignatureOnly,
    /// It is a property of the body that the library sets, and no parameter.
    SetByLibrary,
    /// It is an object in the body, whose properties are parameters.
    Spread,
}

/// What is made here, and not given by the caller.
#[derive(Debug)]
pub enum Derived {
    /// Random bytes that serve once.
    Nonce,
    /// A signature of what stands before it.
    Signature(&'static Signature),
    /// The identity of the page's tab; left out if there is none.
    TabId,
    /// User name and password as they are sent (RFC 7617).
    BasicCredentials,
    /// An XML element whose attributes are other inputs.
    Element(&'static ElementTemplate),
}

/// An empty XML element.
#[derive(Debug)]
pub struct ElementTemplate {
    /// Its local name.
    pub name: &'static str,
    /// Its namespace.
    pub namespace: &'static str,
    /// The inputs that become attributes of their names; those that are not given are left out.
    pub attributes: &'static [&'static str],
}

/// What an input may hold.
///
/// In XML a scalar is an attribute of its element, everything else a child (`Form` in `field.rs`).
#[derive(Debug)]
pub enum InputKind {
    /// Any text that XML can carry.
    Text,
    /// A text that is not empty.
    NonEmptyText,
    /// A text that is not empty and must never be shown.
    Secret,
    /// A [`InputKind::Secret`] that a person types, which is signed in one form (RFC 8265).
    Password,
    /// An account's name: the local part of its address.
    UserName,
    /// A bare or full JID.
    Address,
    /// A host name with an optional port.
    Host,
    /// A language tag.
    Language,
    /// A stanza id: no control characters, because it becomes an XML attribute.
    StanzaId,
    /// One of several texts.
    OneOf(&'static [&'static str]),
    /// Digits, as a text or as a whole number: a code that a person was sent, which is never shown.
    Code,
    /// Well-formed element content. In XML it is the content of its element.
    Xml,
    /// Well-formed element content that stays a text in XML too.
    XmlText,
    /// `true` or `false`.
    Boolean,
    /// A whole number between two others, both included.
    Integer(i32, i32),
    /// [`InputKind::Integer`] with a value for a caller who names none.
    IntegerOr(i32, i32, i32),
    /// A number, which JSON carries as a double.
    Decimal,
    /// A point in time: ISO 8601 with a time zone.
    DateTime,
    /// Bytes in Base64 with padding (RFC 4648 §4).
    Base64,
    /// A list of texts, always sent. In XML an element of `Item` elements.
    Texts,
    /// One object.
    Object(&'static [Input]),
    /// A list of objects, always sent.
    Objects(&'static [Input], &'static Entries),
    /// Names with a value each, in an order: an object or a list of pairs. It is sent as a list of
    /// objects, which have these two properties and in XML are named so.
    Map(&'static [Input; 2], &'static str),
    /// Anything that JSON can say.
    Json,
    /// What `fetch` takes as a body.
    Content,
    /// The URL of something below the path of the resource: whole, at the account's broker, or from the
    /// path on.
    OwnUrl,
    /// What is called with the events of a call: the dotted name of a function of the tab, or a function
    /// of the caller's, which gets a name here.
    Function,
}

impl ElementTemplate {
    /// The element, with the inputs that are given.
    #[must_use]
    pub fn filled(&self, inputs: &Value) -> String {
        let mut xml = text::concat(&["<", self.name, " xmlns=\"", self.namespace, "\""]);
        for name in self.attributes {
            if inputs.get(name).is_some() {
                let value = escape(&inputs.scalar_text(name));
                xml.push_str(&text::concat(&[" ", name, "=\"", &value, "\""]));
            }
        }
        xml.push_str("/>");
        xml
    }
}

impl Input {
    /// An input that must be given.
    #[must_use]
    pub const fn required(name: &'static str, kind: InputKind) -> Self {
        Self {
            name,
            kind,
            required: true,
            role: Role::Body,
            derived: None,
            personal: false,
            not_empty: false,
            parameter: None,
            #[cfg(not(target_arch = "wasm32"))]
            doc: "",
            #[cfg(not(target_arch = "wasm32"))]
            example: "",
        }
    }

    /// An input that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, kind: InputKind) -> Self {
        let mut input = Self::required(name, kind);
        input.required = false;
        input
    }

    /// An input that is made here. It is never shown.
    #[must_use]
    pub const fn derived(name: &'static str, derived: Derived) -> Self {
        let mut input = Self::required(name, InputKind::Secret);
        input.required = !matches!(derived, Derived::TabId);
        input.derived = Some(derived);
        input
    }

    /// Chooses where it goes.
    #[must_use]
    pub const fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Errors don't show it: it is about a person, or nobody else's business.
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }

    /// A list that must hold something.
    #[must_use]
    pub const fn not_empty(mut self) -> Self {
        self.not_empty = true;
        self
    }

    /// Names the documented parameter.
    #[must_use]
    pub const fn called(mut self, parameter: &'static str) -> Self {
        self.parameter = Some(parameter);
        self
    }

    /// Says what it is.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", allow(unused_variables, unused_mut))]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.doc = doc;
        }
        self
    }

    /// Gives an argument that fits, as JavaScript.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", allow(unused_variables, unused_mut))]
    pub const fn example(mut self, example: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.example = example;
        }
        self
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

    /// Whether it is given, and not made here.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.derived.is_none()
    }

    /// Whether it is a property of the body.
    #[must_use]
    pub const fn is_in_body(&self) -> bool {
        match self.role {
            Role::Body | Role::SetByLibrary | Role::Spread => true,
            Role::Header(_) | Role::Path | Role::OtherBroker | Role::SignatureOnly => false,
        }
    }
}
