//! What travels: a JSON value that keeps the order of its properties.

use crate::text;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::fmt;

/// A JSON value. Being the only type that crosses serde, it is compiled once, whatever the number
/// of resources.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, and what is missing.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number; whole ones are exact up to 2^53.
    Number(f64),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Named properties in the order they were written.
    Object(Vec<(String, Value)>),
}

/// Whole numbers up to this size have one `f64` each.
const LARGEST_EXACT: f64 = 9_007_199_254_740_991.0;

impl Value {
    /// The property of that name; the last one where a name comes twice, as in `JSON.parse`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Object(properties) => {
                properties.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// An object without properties.
    #[must_use]
    pub fn object() -> Self {
        Self::Object(Vec::new())
    }

    /// Adds a property; nothing happens where this is no object.
    pub fn put(&mut self, name: &str, value: impl Into<Value>) {
        if let Self::Object(properties) = self {
            push(properties, name, value.into());
        }
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The text of a property, empty if there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The number, if this is a whole one that is exact.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            #[allow(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
            Self::Number(number) if is_exact_integer(*number) => Some(*number as i64),
            _ => None,
        }
    }

    /// The text, or the boolean or whole number as one.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::String(text) => Some(text.clone()),
            Self::Boolean(true) => Some("true".into()),
            Self::Boolean(false) => Some("false".into()),
            other => other.as_integer().map(text::decimal),
        }
    }

    /// The text of a property, or its boolean or whole number as one; empty if there is none.
    #[must_use]
    pub fn scalar_text(&self, name: &str) -> String {
        self.get(name).and_then(Self::to_text).unwrap_or_default()
    }

    /// The items of a property that is a list; none if it is not.
    #[must_use]
    pub fn items(&self, name: &str) -> &[Value] {
        if let Some(Self::Array(items)) = self.get(name) { items } else { &[] }
    }

    /// Every text in it, however deep; a whole number is one.
    pub fn texts(&self, into: &mut Vec<String>) {
        match self {
            Self::Array(items) => items.iter().for_each(|item| item.texts(into)),
            Self::Object(properties) => properties.iter().for_each(|(_, value)| value.texts(into)),
            other => {
                if let Some(text) = other.to_text() {
                    into.push(text);
                }
            }
        }
    }

    /// What kind of value this is, for a sentence.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Adds a property. Apart, so that it is compiled once.
#[inline(never)]
pub(super) fn push(properties: &mut Vec<(String, Value)>, name: &str, value: Value) {
    properties.push((name.into(), value));
}

/// The first of some values. Apart, so that it is compiled once.
#[inline(never)]
pub(super) fn first(values: Vec<Value>) -> Option<Value> {
    values.into_iter().next()
}

fn is_exact_integer(number: f64) -> bool {
    number.abs() <= LARGEST_EXACT && number.trunc() == number
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Number(number) => match self.as_integer() {
                // "600", where a float would be written "600.0". No integer is -0.
                Some(integer) if integer != 0 || number.is_sign_positive() => {
                    serializer.serialize_i64(integer)
                }
                _ => serializer.serialize_f64(*number),
            },
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    sequence.serialize_element(item)?;
                }
                sequence.end()
            }
            Self::Object(properties) => {
                let mut map = serializer.serialize_map(Some(properties.len()))?;
                for (name, value) in properties {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
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

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut properties = Vec::new();
        while let Some(property) = map.next_entry()? {
            properties.push(property);
        }
        Ok(Value::Object(properties))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn properties_keep_their_order_and_whole_numbers_their_form() {
        for text in [r#"{"b":1,"a":[null,true,"x",-2.5],"c":{}}"#, "600", "-9007199254740991"] {
            assert_eq!(serde_json::to_string(&parse(text)).unwrap(), text);
        }
    }

    #[test]
    fn the_last_of_two_equal_names_counts() {
        assert_eq!(parse(r#"{"a":1,"a":2}"#).get("a"), Some(&Value::Number(2.0)));
    }

    #[test]
    fn only_exact_whole_numbers_are_integers() {
        assert_eq!(parse("3600").as_integer(), Some(3600));
        assert_eq!(parse("0.5").as_integer(), None);
        assert_eq!(parse("1e300").as_integer(), None);
        assert_eq!(Value::Number(f64::NAN).as_integer(), None);
        assert_eq!(Value::Number(f64::INFINITY).as_integer(), None);
    }

    pub(in super::super) fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Boolean),
            any::<i32>().prop_map(|number| Value::Number(number.into())),
            any::<String>().prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::vec((any::<String>(), inner), 0..4).prop_map(Value::Object),
            ]
        })
    }

    proptest! {
        #[test]
        fn json_text_and_back_is_the_same_value(value in any_value()) {
            let text = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(parse(&text), value);
        }
    }
}
