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

fn collect(fields: &[Input], object: &Value, secrets: &mut Vec<String>) {
    for field in fields {
        if field.personal {
            let mut texts = Vec::new();
            object.get(field.name).unwrap_or(&Value::Null).texts(&mut texts);
            texts.retain(|text| text.len() >= SHORTEST_PERSONAL);
            secrets.append(&mut texts);
        }
        match field.kind {
            InputKind::Secret | InputKind::Password | InputKind::Code => {
                if let Some(secret) = object.get(field.name).and_then(Value::to_text) {
                    secrets.push(secret);
                }
            }
            InputKind::Object(fields) => {
                collect(fields, object.get(field.name).unwrap_or(&Value::Null), secrets);
            }
            InputKind::Objects(fields, _) => {
                object.items(field.name).iter().for_each(|item| collect(fields, item, secrets));
            }
            InputKind::Map(fields, _) => {
                object.items(field.name).iter().for_each(|pair| collect(fields, pair, secrets));
            }
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
            | InputKind::OwnUrl => {}
        }
    }
}
