//! What of a request must never be shown.

use super::input::{Input, InputKind};
use super::resource::Resource;
use super::value::Value;

/// Shorter texts of a person are words of any sentence.
const SHORTEST_PERSONAL: usize = 4;

impl Resource {
    /// What inputs hold, however deep, that must never be shown.
    #[must_use]
    pub fn secrets(&self, inputs: &Value) -> Vec<String> {
        let mut secrets = Vec::new();
        collect(self.inputs, inputs, &mut secrets);
        secrets
    }
}

impl Input {
    /// Whether it holds, however deep, what must never be shown.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        let is_in_it = match secrecy(&self.kind) {
            Secrecy::Shown => false,
            Secrecy::Secret => true,
            Secrecy::Of(fields) => fields.iter().any(Self::is_secret),
        };
        self.personal || is_in_it
    }
}

/// What of a kind must never be shown.
enum Secrecy {
    /// Nothing.
    Shown,
    /// All of it.
    Secret,
    /// What these fields say, of the object or of each object in the list.
    Of(&'static [Input]),
}

fn secrecy(kind: &InputKind) -> Secrecy {
    match kind {
        InputKind::Secret | InputKind::Password | InputKind::Code => Secrecy::Secret,
        InputKind::Object(fields) | InputKind::Objects(fields, _) => Secrecy::Of(fields),
        InputKind::Map(fields, _) => Secrecy::Of(*fields),
        InputKind::Text
        | InputKind::NonEmptyText
        | InputKind::UserName
        | InputKind::Address
        | InputKind::Host
        | InputKind::Language
        | InputKind::StanzaId
        | InputKind::OneOf(_)
        | InputKind::Xml
        | InputKind::XmlText
        | InputKind::Boolean
        | InputKind::Integer(..)
        | InputKind::IntegerOr(..)
        | InputKind::Decimal
        | InputKind::DateTime
        | InputKind::Base64
        | InputKind::Texts
        | InputKind::Json
        | InputKind::Content
        | InputKind::OwnUrl
        | InputKind::Function => Secrecy::Shown,
    }
}

fn collect(fields: &[Input], object: &Value, secrets: &mut Vec<String>) {
    for field in fields {
        let value = object.get(field.name).unwrap_or(&Value::Null);
        if field.personal {
            let mut texts = Vec::new();
            value.texts(&mut texts);
            texts.retain(|text| text.len() >= SHORTEST_PERSONAL);
            secrets.append(&mut texts);
        }
        match secrecy(&field.kind) {
            Secrecy::Shown => {}
            Secrecy::Secret => secrets.extend(value.to_text()),
            Secrecy::Of(fields) => match value {
                Value::Array(items) => items.iter().for_each(|item| collect(fields, item, secrets)),
                object => collect(fields, object, secrets),
            },
        }
    }
}
