//! Parses a request in JSON, as far as its declaration goes.
//!
//! What no request may hold is skipped: values deeper than declared, unknown properties, and surplus
//! items. So a body takes about as much memory as it is long.

use crate::core::MOST_ITEMS;
use neuron_agent_api::wire::{Input, InputKind, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Parses a body.
///
/// # Errors
/// Why it is not JSON.
pub(super) fn read(inputs: &'static [Input], body: &[u8]) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let request = Level::Object(inputs).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(request)
}

/// The maximum nesting of a property that may be any JSON.
const DEEPEST: usize = 32;

/// What is kept of a value.
#[derive(Clone, Copy)]
enum Level {
    /// An object of these properties: the request itself, or what is in it.
    Object(&'static [Input]),
    /// A list of such objects.
    Objects(&'static [Input]),
    /// A list of scalars.
    Scalars,
    /// A scalar.
    Scalar,
    /// Any JSON, nested at most that deep.
    Any(usize),
}

impl Level {
    fn of(input: &Input) -> Self {
        match input.kind {
            InputKind::Object(fields) => Self::Object(fields),
            InputKind::Objects(fields, _) => Self::Objects(fields),
            InputKind::Map(fields, _) => Self::Objects(fields),
            InputKind::Texts => Self::Scalars,
            InputKind::Json => Self::Any(DEEPEST),
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
            | InputKind::Xml
            | InputKind::XmlText
            | InputKind::Boolean
            | InputKind::Integer(..)
            | InputKind::IntegerOr(..)
            | InputKind::Decimal
            | InputKind::DateTime
            | InputKind::Base64
            | InputKind::Content
            | InputKind::OwnUrl
            | InputKind::Function => Self::Scalar,
        }
    }

    /// What is kept of the items of a list. `None` if there may be no list.
    fn of_item(self) -> Option<Self> {
        match self {
            Self::Objects(fields) => Some(Self::Object(fields)),
            Self::Scalars => Some(Self::Scalar),
            Self::Any(depth_left) => depth_left.checked_sub(1).map(Self::Any),
            Self::Object(_) | Self::Scalar => None,
        }
    }

    /// What is kept of a property. `None` if there may be none of that name.
    fn of_property(self, name: &str) -> Option<Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|field| field.name == name).map(Self::of),
            Self::Any(depth_left) => depth_left.checked_sub(1).map(Self::Any),
            Self::Objects(_) | Self::Scalars | Self::Scalar => None,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    #[allow(clippy::cast_precision_loss, reason = "JSON numbers are doubles in JavaScript too")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    #[allow(clippy::cast_precision_loss, reason = "JSON numbers are doubles in JavaScript too")]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        if let Some(level) = self.of_item() {
            // One more than there may be tells that there are too many.
            while items.len() <= MOST_ITEMS
                && let Some(item) = list.next_element_seed(level)?
            {
                items.push(item);
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut properties: Vec<(String, Value)> = Vec::new();
        let mut unknown = None;
        while let Some(name) = map.next_key::<String>()? {
            if let Some(level) = self.of_property(&name) {
                // The last of two equal names counts.
                properties.retain(|(known, _)| *known != name);
                properties.push((name, map.next_value_seed(level)?));
            } else {
                map.next_value::<IgnoredAny>()?;
                unknown.get_or_insert(name);
            }
        }
        if let Self::Object(_) = self {
            // One is enough to refuse the request.
            properties.extend(unknown.map(|name| (name, Value::Null)));
        }
        Ok(Value::Object(properties))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::resources::xmpp::SET_ROSTER_ITEM;
    use proptest::prelude::*;

    fn json(body: &str) -> Result<String, String> {
        let value = read(SET_ROSTER_ITEM.inputs, body.as_bytes());
        value.map(|value| serde_json::to_string(&value).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_a_request_may_hold_is_read_unchanged() {
        for body in [
            "{}",
            r#"{"bareJid":"a@b","name":"\"å","Groups":["a",1,true,null,-2.5]}"#,
            r#"{"name":null}"#,
            "null",
            "true",
            "1",
            r#""x""#,
        ] {
            assert_eq!(json(body).as_deref(), Ok(body));
        }
    }

    #[test]
    fn what_no_request_may_hold_is_skipped() {
        for (body, read) in [
            ("[1,[2],{}]", "[]"),
            (
                r#"{"name":{"a":[1]},"Groups":[[1],{"a":1},"b"]}"#,
                r#"{"name":{},"Groups":[[],{},"b"]}"#,
            ),
            (r#"{"x":[1],"name":"a","y":2}"#, r#"{"name":"a","x":null}"#),
            (r#"{"name":"a","name":"b"}"#, r#"{"name":"b"}"#),
        ] {
            assert_eq!(json(body).as_deref(), Ok(read));
        }
        let many = json(&format!(r#"{{"Groups":[{}1]}}"#, "1,".repeat(5_000))).unwrap();
        assert_eq!(many.matches('1').count(), 1_001);
    }

    #[test]
    fn invalid_json_is_refused() {
        for body in
            ["", "{", "{}x", r#"{"x":}"#, r#"{"Groups":[1,}"#, r#"{"name":"\ud800"}"#, "nul"]
        {
            assert!(json(body).is_err(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn all_json_is_accepted(text in "[\\[\\]{},:\"ax1 \\\\]{0,24}") {
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            prop_assert_eq!(read(SET_ROSTER_ITEM.inputs, text.as_bytes()).is_ok(), is_json);
        }
    }
}
