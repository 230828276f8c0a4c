//! The JSON encoding, as far as it differs from the values themselves: XML is shown as objects.

use super::element::elements_in;
use super::resource::{Field, Kind, Resource};
use super::value::Value;

impl Resource {
    /// A response whose XML is text, as the broker has it, with that XML as objects.
    #[must_use]
    pub fn json_response(&self, response: &Value) -> Value {
        show(self.response, response)
    }
}

fn show(fields: &[Field], object: &Value) -> Value {
    let Value::Object(properties) = object else { return object.clone() };
    let shown = properties.iter().map(|(name, value)| {
        let kind = fields.iter().find(|field| field.name == name).map(|field| &field.kind);
        let value = match (kind, value) {
            (Some(Kind::Element), Value::String(xml)) => {
                elements_in(xml).unwrap_or_default().into_iter().next().unwrap_or(Value::Null)
            }
            (Some(Kind::Elements), Value::String(xml)) => {
                Value::Array(elements_in(xml).unwrap_or_default())
            }
            (Some(Kind::Object(fields)), _) => show(fields, value),
            (Some(Kind::Objects(fields, _)), Value::Array(items)) => {
                Value::Array(items.iter().map(|item| show(fields, item)).collect())
            }
            _ => value.clone(),
        };
        (name.clone(), value)
    });
    Value::Object(shown.collect())
}
