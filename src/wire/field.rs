//! How inputs and outputs look in XML: what is a scalar is an attribute, the rest a child.

use super::entries::Entries;
use super::input::{Input, InputKind};
use super::output::{Output, OutputKind};

/// What inputs and outputs have in common.
pub(super) trait Field: Sized + 'static {
    fn name(&self) -> &'static str;
    fn form(&self) -> Form<Self>;

    /// Whether a property or attribute of that name is this one.
    fn is(&self, name: &str) -> bool {
        self.name() == name
    }

    /// Whether it is part of the element.
    fn is_in_body(&self) -> bool {
        true
    }
}

/// How a field looks in XML.
pub(super) enum Form<F: 'static> {
    /// An attribute of the element.
    Attribute(Scalar),
    /// A child element of `Item` elements.
    Texts,
    /// A child element.
    Object(&'static [F]),
    /// Child elements.
    Objects(&'static [F], Entries),
    /// A child element that holds one element.
    Element,
    /// Elements among the children that no other field claims.
    Elements,
    /// Content among the children that no other field claims, as a text.
    InnerXml,
    /// None: the resource is documented in JSON only.
    JsonOnly,
}

/// What the text of an attribute is in JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Text,
    Boolean,
    Number,
    DateTime,
}

impl Field for Input {
    fn name(&self) -> &'static str {
        self.name
    }

    fn form(&self) -> Form<Self> {
        match self.kind {
            InputKind::Text
            | InputKind::NonEmptyText
            | InputKind::Secret
            | InputKind::Password
            | InputKind::UserName
            | InputKind::Address
            | InputKind::Host
            | InputKind::Language
            | InputKind::StanzaId
            | InputKind::OneOf(_)
            | InputKind::Code
            | InputKind::XmlText
            | InputKind::Base64
            | InputKind::OwnUrl
            | InputKind::Function => Form::Attribute(Scalar::Text),
            InputKind::DateTime => Form::Attribute(Scalar::DateTime),
            InputKind::Boolean => Form::Attribute(Scalar::Boolean),
            InputKind::Integer(..) | InputKind::IntegerOr(..) | InputKind::Decimal => {
                Form::Attribute(Scalar::Number)
            }
            InputKind::Texts => Form::Texts,
            InputKind::Object(fields) => Form::Object(fields),
            InputKind::Objects(fields, entries) => Form::Objects(fields, *entries),
            InputKind::Map(fields, entry) => Form::Objects(fields, Entries::Within(entry)),
            InputKind::Xml => Form::InnerXml,
            InputKind::Json | InputKind::Content => Form::JsonOnly,
        }
    }

    fn is_in_body(&self) -> bool {
        self.is_in_body()
    }
}

impl Field for Output {
    fn name(&self) -> &'static str {
        self.name
    }

    fn form(&self) -> Form<Self> {
        match self.kind {
            OutputKind::Text | OutputKind::NonEmptyText | OutputKind::Token => {
                Form::Attribute(Scalar::Text)
            }
            OutputKind::Boolean => Form::Attribute(Scalar::Boolean),
            OutputKind::Integer(..) | OutputKind::Decimal => Form::Attribute(Scalar::Number),
            OutputKind::DateTime => Form::Attribute(Scalar::DateTime),
            OutputKind::Texts => Form::Texts,
            OutputKind::Object(object) => Form::Object(object.fields),
            OutputKind::Objects(object, entries) => Form::Objects(object.fields, *entries),
            OutputKind::Element => Form::Element,
            OutputKind::Elements => Form::Elements,
            OutputKind::Json => Form::JsonOnly,
        }
    }

    fn is(&self, name: &str) -> bool {
        self.name == name || self.alias == Some(name)
    }
}
