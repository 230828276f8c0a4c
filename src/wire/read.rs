//! From the broker's answer to the response that the documentation promises.

use super::element::elements_in;
use super::json_text::ReadScalar;
use super::mismatch::Mismatch;
use super::output::{Output, OutputKind};
use super::resource::Resource;
use super::value::{Value, first, push};
use crate::syntax::date_time::{from_unix_seconds, to_unix_seconds};
use crate::text;

/// How many values are read of an answer whose entries can be read one by one: some 30 MB.
pub(super) const MOST_VALUES: usize = 500_000;

impl Resource {
    /// Reads an answer from its text.
    ///
    /// # Errors
    /// What is wrong with it, without a full stop.
    pub fn read(&self, answer: &str, in_xml: bool, scalar: ReadScalar) -> Result<Value, String> {
        let answer = if in_xml {
            self.read_xml_response(answer).map_err(|fault| {
                let offset = text::decimal(fault.offset);
                text::concat(&["its XML has ", fault.rule, " at byte ", &offset])
            })?
        } else {
            let most = if self.list().is_some() { MOST_VALUES } else { usize::MAX };
            let answer = Value::from_json(answer, most, scalar);
            answer.map_err(|problem| Mismatch::here(problem).sentence())?
        };
        self.check_response(&answer).map_err(|mismatch| mismatch.sentence())
    }

    /// Checks an answer against the declaration. Returns the known properties in their documented
    /// order; unknown ones are ignored.
    ///
    /// # Errors
    /// A [`Mismatch`] when a required property is missing or one is of the wrong type.
    pub fn check_response(&self, answer: &Value) -> Result<Value, Mismatch> {
        read_object(self.response.fields, answer)
    }
}

fn read_object(fields: &[Output], answer: &Value) -> Result<Value, Mismatch> {
    if !matches!(answer, Value::Object(_)) {
        return Err(Mismatch::here("is not an object"));
    }
    match read_fields(fields, answer) {
        (properties, None) => Ok(Value::Object(properties)),
        (_, Some(mismatch)) => Err(mismatch),
    }
}

/// Reads what can be read, and tells the first problem. What is required and can't be read is empty.
fn read_fields(fields: &[Output], found: &Value) -> (Vec<(String, Value)>, Option<Mismatch>) {
    let mut properties = Vec::with_capacity(fields.len());
    let mut problem = None;
    for field in fields {
        match read_property(field, property(field, found)) {
            Ok(Some(value)) => push(&mut properties, field.name, value),
            Ok(None) => {}
            Err(mismatch) => {
                problem.get_or_insert_with(|| mismatch.below(field.name));
                if field.required {
                    push(&mut properties, field.name, empty(&field.kind));
                }
            }
        }
    }
    (properties, problem)
}

/// Reads an entry of a list as far as it can be read. Its first problem is told in a property, and its
/// raw text in another; what is required and can't be read is empty.
pub(super) fn read_entry(
    fields: &[Output],
    found: &Value,
    problem: Option<String>,
    raw: &str,
) -> Value {
    let (mut properties, mismatch) = read_fields(fields, found);
    if let Some(problem) = problem.or_else(|| mismatch.map(|mismatch| mismatch.sentence())) {
        push(&mut properties, "problem", Value::String(problem));
        push(&mut properties, "raw", raw.into());
    }
    Value::Object(properties)
}

/// What stands for a value that can't be read, so that a program can go on with the next entry.
fn empty(kind: &OutputKind) -> Value {
    match kind {
        OutputKind::Boolean => false.into(),
        OutputKind::Texts | OutputKind::Objects(..) | OutputKind::Elements => {
            Value::Array(Vec::new())
        }
        OutputKind::Object(_) | OutputKind::Element | OutputKind::Json => Value::Null,
        OutputKind::Text
        | OutputKind::NonEmptyText
        | OutputKind::Token
        | OutputKind::Integer(..)
        | OutputKind::Decimal
        | OutputKind::DateTime => "".into(),
    }
}

fn property<'a>(field: &Output, answer: &'a Value) -> &'a Value {
    let alias = || answer.get(field.alias?);
    answer.get(field.name).or_else(alias).unwrap_or(&Value::Null)
}

pub(super) fn read_property(field: &Output, found: &Value) -> Result<Option<Value>, Mismatch> {
    match found {
        Value::Null if field.kind.is_list() => Ok(Some(Value::Array(Vec::new()))),
        Value::Null if field.required => Err(Mismatch::here("is missing")),
        Value::Null => Ok(None),
        // Some brokers say so of what is not there.
        Value::String(text) if text.is_empty() && !field.required && !field.kind.may_be_empty() => {
            Ok(None)
        }
        _ => read_value(&field.kind, found).map(Some),
    }
}

impl OutputKind {
    /// Whether it is a list, which is empty if it is missing.
    fn is_list(&self) -> bool {
        match self {
            Self::Texts | Self::Objects(..) | Self::Elements => true,
            Self::Text
            | Self::NonEmptyText
            | Self::Token
            | Self::Boolean
            | Self::Integer(..)
            | Self::Decimal
            | Self::DateTime
            | Self::Object(_)
            | Self::Element
            | Self::Json => false,
        }
    }

    /// The properties of each entry, if it is a list of objects.
    pub(super) fn entry_fields(&self) -> Option<&'static [Output]> {
        match self {
            Self::Objects(object, _) => Some(object.fields),
            Self::Text
            | Self::NonEmptyText
            | Self::Token
            | Self::Boolean
            | Self::Integer(..)
            | Self::Decimal
            | Self::DateTime
            | Self::Texts
            | Self::Object(_)
            | Self::Element
            | Self::Elements
            | Self::Json => None,
        }
    }

    /// Whether an empty text is a value of this kind, or is to be refused as one.
    fn may_be_empty(&self) -> bool {
        match self {
            Self::DateTime
            | Self::Element
            | Self::Object(_)
            | Self::Integer(..)
            | Self::Decimal
            | Self::Boolean => false,
            Self::Text
            | Self::NonEmptyText
            | Self::Token
            | Self::Texts
            | Self::Objects(..)
            | Self::Elements
            | Self::Json => true,
        }
    }
}

fn read_value(kind: &OutputKind, found: &Value) -> Result<Value, Mismatch> {
    let problem = match kind {
        OutputKind::Boolean => match found {
            Value::Boolean(_) => return Ok(found.clone()),
            _ => "is not a boolean",
        },
        OutputKind::Integer(least, greatest) => match found.as_integer() {
            Some(number) if (i64::from(*least)..=i64::from(*greatest)).contains(&number) => {
                return Ok(found.clone());
            }
            _ => "is not a whole number in its range",
        },
        // Some brokers write it as a text, as an attribute is in XML.
        OutputKind::Decimal => match found {
            Value::Number(_) => return Ok(found.clone()),
            Value::String(digits) => match text::number(digits) {
                Some(number) => return Ok(Value::Number(number)),
                None => "is not a number",
            },
            _ => "is not a number",
        },
        OutputKind::DateTime => match normalise(found) {
            Some(time) => return Ok(time),
            None => "is not a point in time",
        },
        // An empty text stands for one that is missing, as `null` does: `<Item/>` in XML.
        OutputKind::Texts => {
            return read_items(found, &|item| match item {
                Value::String(text) => Ok((!text.is_empty()).then(|| item.clone())),
                _ => Err(Mismatch::here("holds something else than strings")),
            });
        }
        OutputKind::Objects(object, _) => {
            return read_items(found, &|item| read_object(object.fields, item).map(Some));
        }
        OutputKind::Object(object) => return read_object(object.fields, found),
        OutputKind::Json => return Ok(found.clone()),
        // Older brokers give XML as text, and one element where there may be several.
        OutputKind::Element => match found {
            Value::Object(_) => return Ok(found.clone()),
            Value::String(xml) => match elements_in(xml).ok().and_then(first) {
                Some(element) => return Ok(element),
                None => "is not an element",
            },
            _ => "is not a string",
        },
        OutputKind::Elements => match found {
            Value::String(xml) => match elements_in(xml) {
                Ok(elements) => return Ok(Value::Array(elements)),
                Err(_) => "is not XML that can be read",
            },
            Value::Object(_) => return Ok(Value::Array(vec![found.clone()])),
            _ => {
                return read_items(found, &|item| match item {
                    Value::Object(_) => Ok(Some(item.clone())),
                    _ => Err(Mismatch::here("holds something else than elements")),
                });
            }
        },
        OutputKind::Text | OutputKind::NonEmptyText | OutputKind::Token => match (kind, found) {
            (OutputKind::Token, Value::String(token)) if !is_bearer_token(token) => {
                "is not a bearer token"
            }
            (OutputKind::NonEmptyText, Value::String(text)) if text.is_empty() => "is empty",
            (_, Value::String(_)) => return Ok(found.clone()),
            _ => "is not a string",
        },
    };
    Err(Mismatch::here(problem))
}

fn read_items(
    found: &Value,
    read_item: &dyn Fn(&Value) -> Result<Option<Value>, Mismatch>,
) -> Result<Value, Mismatch> {
    let Value::Array(items) = found else { return Err(Mismatch::here("is not an array")) };
    let mut read = Vec::with_capacity(items.len());
    for item in items {
        if !matches!(item, Value::Null)
            && let Some(item) = read_item(item)?
        {
            read.push(item);
        }
    }
    Ok(Value::Array(read))
}

/// The syntax of a token in a header (RFC 6750 §2.1): nothing that could end the header.
fn is_bearer_token(token: &str) -> bool {
    !token.is_empty() && text::all_bytes(token, is_token_byte)
}

fn is_token_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

/// A response's date-time as ISO 8601 in UTC, from Unix seconds (as a number or as digits) or from
/// ISO 8601. Fractions are cut.
fn normalise(found: &Value) -> Option<Value> {
    let seconds = match found {
        Value::String(text) => to_unix_seconds(text).or_else(|| text::integer(text))?,
        #[allow(clippy::cast_possible_truncation, reason = "beyond the range is refused below")]
        Value::Number(number) => number.trunc() as i64,
        _ => return None,
    };
    from_unix_seconds(seconds).map(Value::String)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::{account, xmpp};

    fn read(resource: &Resource, answer: &str) -> Result<String, (String, &'static str)> {
        match resource.check_response(&serde_json::from_str(answer).unwrap()) {
            Ok(response) => Ok(serde_json::to_string(&response).unwrap()),
            Err(mismatch) => Err((mismatch.path, mismatch.problem)),
        }
    }

    fn subscription(answer: &str) -> Result<String, (String, &'static str)> {
        read(&xmpp::SEND_PRESENCE_SUBSCRIPTION, answer)
    }

    const ITEM: &str = r#""bareJid":"b@x","pendingSubscription":true,"status":"None","name":"""#;

    #[test]
    fn the_documented_answer_is_the_response() {
        let answer =
            format!(r#"{{"sent":true,"id":"1","RosterItem":{{{ITEM},"Groups":["A","B"]}}}}"#);
        assert_eq!(subscription(&answer), Ok(answer));
    }

    #[test]
    fn groups_are_always_a_list_of_strings() {
        let with = |groups: &str| {
            subscription(&format!(r#"{{"sent":true,"id":"","RosterItem":{{{ITEM}{groups}}}}}"#))
        };
        let expected = |groups: &str| {
            Ok(format!(r#"{{"sent":true,"id":"","RosterItem":{{{ITEM},"Groups":{groups}}}}}"#))
        };
        assert_eq!(with(""), expected("[]"));
        assert_eq!(with(r#","Groups":null"#), expected("[]"));
        assert_eq!(with(r#","Groups":["A",null,"","B"]"#), expected(r#"["A","B"]"#));
        let path = || "RosterItem.Groups".to_string();
        assert_eq!(with(r#","Groups":"A""#), Err((path(), "is not an array")));
        assert_eq!(with(r#","Groups":[1]"#), Err((path(), "holds something else than strings")));
    }

    #[test]
    fn what_is_unknown_is_ignored_and_what_is_optional_may_be_missing() {
        assert_eq!(
            subscription(r#"{"x":[1],"id":"1","sent":false,"RosterItem":null}"#),
            Ok(r#"{"sent":false,"id":"1"}"#.into())
        );
    }

    #[test]
    fn a_wrong_shape_is_told_where_it_departs() {
        let rows = [
            ("[]", "", "is not an object"),
            ("null", "", "is not an object"),
            (r#"{"id":"1"}"#, "sent", "is missing"),
            (r#"{"sent":"true","id":"1"}"#, "sent", "is not a boolean"),
            (r#"{"sent":true,"id":1}"#, "id", "is not a string"),
            (r#"{"sent":true,"id":"1","RosterItem":[]}"#, "RosterItem", "is not an object"),
            (r#"{"sent":true,"id":"1","RosterItem":{}}"#, "RosterItem.bareJid", "is missing"),
            (
                r#"{"sent":true,"id":"1","RosterItem":{"bareJid":""}}"#,
                "RosterItem.bareJid",
                "is empty",
            ),
        ];
        for (answer, path, problem) in rows {
            assert_eq!(subscription(answer), Err((path.into(), problem)), "{answer}");
        }
    }

    #[test]
    fn a_token_that_could_break_out_of_its_header_is_refused() {
        let token = |jwt: &str| read(&account::LOGIN, &format!(r#"{{"jwt":"{jwt}","expires":0}}"#));
        assert_eq!(
            token("a.b-c_d"),
            Ok(r#"{"jwt":"a.b-c_d","expires":"1970-01-01T00:00:00Z"}"#.into())
        );
        for jwt in ["", "a b", r"a\r\nX: y", "å"] {
            assert_eq!(token(jwt), Err(("jwt".into(), "is not a bearer token")), "{jwt:?}");
        }
    }

    #[test]
    fn a_roster_may_be_empty_in_three_ways() {
        for answer in ["{}", r#"{"RosterItems":null}"#, r#"{"RosterItems":[]}"#] {
            assert_eq!(read(&xmpp::GET_ROSTER, answer), Ok(r#"{"RosterItems":[]}"#.into()));
        }
    }
}
