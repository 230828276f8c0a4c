//! What a response is made of.

use super::entries::Entries;

/// A property of a response.
#[derive(Debug)]
pub struct Output {
    /// The name on the wire, such as `bareJid`.
    pub name: &'static str,
    /// What it may hold.
    pub kind: OutputKind,
    /// Whether it must be there.
    pub required: bool,
    /// Another spelling, of older brokers and documents.
    pub alias: Option<&'static str>,
    /// What it is, for a reader.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// The texts that are known for it, if others are to be expected too.
    #[cfg(not(target_arch = "wasm32"))]
    pub known: &'static [&'static str],
    /// Its type in TypeScript, if that says more than the kind does; else empty.
    #[cfg(not(target_arch = "wasm32"))]
    pub interface: &'static str,
}

/// The properties of an object that comes back.
#[derive(Debug)]
pub struct Object {
    /// In their documented order.
    pub fields: &'static [Output],
    /// The name of its TypeScript interface.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// What it is, for a reader.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// What an output may hold.
#[derive(Debug)]
pub enum OutputKind {
    /// Any text.
    Text,
    /// A text that is not empty.
    NonEmptyText,
    /// A bearer token.
    Token,
    /// `true` or `false`.
    Boolean,
    /// A whole number between two others, both included.
    Integer(i32, i32),
    /// Any number.
    Decimal,
    /// A point in time: an ISO 8601 text, whatever the broker sent.
    DateTime,
    /// A list of texts; what is missing is empty. In XML an element of `Item` elements.
    Texts,
    /// One object.
    Object(&'static Object),
    /// A list of objects; what is missing is empty.
    Objects(&'static Object, &'static Entries),
    /// One XML element, as an object with `__name` and `__ns`.
    Element,
    /// Any number of XML elements, as such objects. In XML they are the content.
    Elements,
    /// Anything that JSON can say.
    Json,
}

impl Object {
    /// The answer that says nothing.
    pub const EMPTY: Self = Self::new("", "", &[]);

    /// The properties of an object, with the name of its TypeScript interface and what it is.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", allow(unused_variables))]
    pub const fn new(name: &'static str, doc: &'static str, fields: &'static [Output]) -> Self {
        Self {
            fields,
            #[cfg(not(target_arch = "wasm32"))]
            name,
            #[cfg(not(target_arch = "wasm32"))]
            doc,
        }
    }
}

impl Output {
    /// A property that must be there.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", allow(unused_variables))]
    pub const fn required(name: &'static str, kind: OutputKind, doc: &'static str) -> Self {
        Self {
            name,
            kind,
            required: true,
            alias: None,
            #[cfg(not(target_arch = "wasm32"))]
            doc,
            #[cfg(not(target_arch = "wasm32"))]
            known: &[],
            #[cfg(not(target_arch = "wasm32"))]
            interface: "",
        }
    }

    /// A property that may be missing.
    #[must_use]
    pub const fn optional(name: &'static str, kind: OutputKind, doc: &'static str) -> Self {
        let mut output = Self::required(name, kind, doc);
        output.required = false;
        output
    }

    /// Its type in TypeScript, which says more than the kind does.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", allow(unused_variables, unused_mut))]
    pub const fn typed(mut self, interface: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.interface = interface;
        }
        self
    }

    /// Another spelling, of older brokers and documents.
    #[must_use]
    pub const fn alias(mut self, alias: &'static str) -> Self {
        self.alias = Some(alias);
        self
    }

    /// The texts that are known for it, if others are to be expected too.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", allow(unused_variables, unused_mut))]
    pub const fn known(mut self, known: &'static [&'static str]) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.known = known;
        }
        self
    }
}
