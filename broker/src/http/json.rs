//! Parses a request in JSON: one object of texts, numbers, and lists of these.
//!
//! What no request may hold is skipped: deeper values, unknown properties, and surplus items. So a
//! body takes about as much memory as it is long.

use crate::core::MOST_TEXTS;
use neuron_agent_api::wire::{Field, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Parses a body.
///
/// # Errors
/// Why it is not JSON.
pub(super) fn read(fields: &'static [Field], body: &[u8]) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let request = Level::Request(fields).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(request)
}

/// The level of a value.
#[derive(Clone, Copy)]
enum Level {
    /// The request itself.
    Request(&'static [Field]),
    /// One of its properties.
    Property,
    /// An item in a list.
    Item,
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
        if let Self::Property = self {
            // One more than allowed shows that there are too many.
            while items.len() <= MOST_TEXTS
                && let Some(item) = list.next_element_seed(Self::Item)?
            {
                items.push(item);
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut properties: Vec<(String, Value)> = Vec::new();
        let Self::Request(fields) = self else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Object(properties));
        };
        let mut unknown = None;
        while let Some(name) = map.next_key::<String>()? {
            if fields.iter().any(|field| field.name == name) {
                // The last of two equal names counts.
                properties.retain(|(known, _)| *known != name);
                properties.push((name, map.next_value_seed(Self::Property)?));
            } else {
                map.next_value::<IgnoredAny>()?;
                unknown.get_or_insert(name);
            }
        }
        // One unknown name is enough to refuse the request.
        properties.extend(unknown.map(|name| (name, Value::Null)));
        Ok(Value::Object(properties))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::resources::xmpp::SET_ROSTER_ITEM;
    use proptest::prelude::*;

    fn json(body: &str) -> Result<String, String> {
        let value = read(SET_ROSTER_ITEM.request, body.as_bytes());
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
            prop_assert_eq!(read(SET_ROSTER_ITEM.request, text.as_bytes()).is_ok(), is_json);
        }
    }
}
