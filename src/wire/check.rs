//! From a call's arguments to a request that keeps the contract.

use super::resource::{Field, Kind, Resource};
use super::value::Value;
use crate::error::Error;
use crate::jid::{self, Jid};
use crate::text;
use crate::{language, xml};

impl Resource {
    /// Checks what a caller gave, in the order of the documented parameters, and names it.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for the first argument that breaks a rule.
    pub fn arguments(&self, values: Vec<Value>) -> Result<Value, Error> {
        named(self.parameters, values)
    }

    /// Makes the request of values in the order of its fields.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for the first value that breaks a rule.
    pub fn request(&self, values: Vec<Value>) -> Result<Value, Error> {
        named(self.request, values)
    }
}

/// An object that holds exactly what was given: the broker refuses properties that it does not
/// know, so what is absent is left out and never `null`.
fn named(fields: &[Field], values: Vec<Value>) -> Result<Value, Error> {
    let mut values = values.into_iter();
    let mut properties = Vec::with_capacity(fields.len());
    for field in fields {
        let value = values.next().unwrap_or(Value::Null);
        if is_absent(&value, field) {
            if field.required {
                return Err(broken(field, &["is missing. ", hint(&field.kind)]));
            }
            continue;
        }
        check(field, &value)?;
        properties.push((field.name.into(), value));
    }
    Ok(Value::Object(properties))
}

fn is_absent(argument: &Value, field: &Field) -> bool {
    match argument {
        Value::Null => true,
        Value::String(text) => {
            text.is_empty() && !matches!(field.kind, Kind::Text if field.required)
        }
        _ => false,
    }
}

fn check(field: &Field, argument: &Value) -> Result<(), Error> {
    let fits = match (&field.kind, argument) {
        (Kind::Boolean, Value::Boolean(_)) => true,
        (Kind::Integer(least, greatest), Value::Number(_)) => {
            return match argument.as_integer() {
                Some(number) if (*least..=*greatest).contains(&number) => Ok(()),
                _ => Err(broken(
                    field,
                    &[
                        "must be a whole number from ",
                        &least.to_string(),
                        " to ",
                        &greatest.to_string(),
                        ".",
                    ],
                )),
            };
        }
        (Kind::Texts, Value::Array(items)) => {
            return items.iter().try_for_each(|item| match item {
                Value::String(text) => check_text(field, text),
                other => Err(broken(
                    field,
                    &["must hold strings only, and holds ", other.type_name(), "."],
                )),
            });
        }
        (
            Kind::Boolean | Kind::Integer(..) | Kind::Texts | Kind::Object(_) | Kind::Objects(_),
            _,
        ) => false,
        (_, Value::String(text)) => return check_text(field, text),
        _ => false,
    };
    if fits {
        return Ok(());
    }
    Err(broken(
        field,
        &[
            "must be ",
            expected(&field.kind),
            ", not ",
            argument.type_name(),
            ". ",
            hint(&field.kind),
        ],
    ))
}

fn check_text(field: &Field, text: &str) -> Result<(), Error> {
    match field.kind {
        Kind::Address => match Jid::parse(text) {
            Err(rule) => {
                Err(broken(field, &["is not an XMPP address: it ", rule, " ", jid::EXAMPLE]))
            }
            Ok(jid) if jid.is_lone_label() => Err(broken(
                field,
                &["is not a whole XMPP address: it has no \"@\". ", jid::EXAMPLE],
            )),
            Ok(_) => Ok(()),
        },
        Kind::UserName => jid::check_local(text).map_err(|rule| {
            broken(
                field,
                &[
                    "is not a user name: it ",
                    rule,
                    " Write the part before \"@\", for example \"alice\".",
                ],
            )
        }),
        Kind::Language if !language::is_language_tag(text) => Err(broken(field, &[language::RULE])),
        Kind::StanzaId if text.contains(|c: char| c.is_control() || !xml::is_character(c)) => {
            Err(broken(
                field,
                &["holds a control character. Write visible ones, for example \"sub-1\"."],
            ))
        }
        Kind::Xml => xml::check_content(text).map_err(|fault| broken(field, &[&fault.sentence()])),
        _ if !text.chars().all(xml::is_character) => {
            Err(broken(field, &["holds a character that XML 1.0 can't carry."]))
        }
        _ => Ok(()),
    }
}

fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean => "a boolean",
        Kind::Integer(..) => "a number",
        Kind::Texts => "an array of strings",
        Kind::Object(_) => "an object",
        Kind::Objects(_) => "an array of objects",
        _ => "a string",
    }
}

/// How a right value looks.
fn hint(kind: &Kind) -> &'static str {
    match kind {
        Kind::Address => jid::EXAMPLE,
        Kind::Language => "For example \"en\".",
        Kind::Xml => "For example \"<nick xmlns='http://jabber.org/protocol/nick'>Al</nick>\".",
        Kind::UserName => "For example \"alice\".",
        Kind::Integer(1, 3600) => "For example 3600, an hour.",
        Kind::Texts => "For example [\"Friends\"].",
        _ => "",
    }
}

fn broken(field: &Field, sentence: &[&str]) -> Error {
    Error::invalid(&field.parameter(), text::concat(sentence).trim_end())
}

#[cfg(test)]
mod tests {
    use super::super::{account, xmpp};
    use super::*;

    fn subscription(arguments: &[Value]) -> Result<String, String> {
        match xmpp::SEND_PRESENCE_SUBSCRIPTION.request(arguments.to_vec()) {
            Ok(request) => Ok(serde_json::to_string(&request).unwrap()),
            Err(error) => Err(error.message()),
        }
    }

    #[test]
    fn all_four_arguments_are_the_documented_object() {
        assert_eq!(
            subscription(&["bob@example.org".into(), "<a/>".into(), "sv".into(), "id-1".into()])
                .unwrap(),
            r#"{"to":"bob@example.org","customXml":"<a/>","language":"sv","id":"id-1"}"#
        );
    }

    #[test]
    fn absent_arguments_are_left_out() {
        let only_to = r#"{"to":"bob@example.org"}"#;
        assert_eq!(subscription(&["bob@example.org".into()]).unwrap(), only_to);
        assert_eq!(
            subscription(&["bob@example.org".into(), Value::Null, "".into(), Value::Null]).unwrap(),
            only_to
        );
    }

    #[test]
    fn each_broken_rule_names_its_parameter() {
        let to = || Value::from("bob@example.org");
        let rows: Vec<(Vec<Value>, &str)> = vec![
            (vec![], "To is missing. Write user@domain"),
            (vec!["".into()], "To is missing."),
            (vec![7.into()], "To must be a string, not a number."),
            (vec!["bob".into()], "To is not a whole XMPP address: it has no \"@\"."),
            (vec!["@b".into()], "To is not an XMPP address: it has nothing before \"@\"."),
            (vec![to(), true.into()], "CustomXml must be a string, not a boolean."),
            (vec![to(), "<a>".into()], "CustomXml is not well-formed"),
            (vec![to(), Value::Null, "en_US".into()], "Language is not a language tag."),
            (
                vec![to(), Value::Null, Value::Array(vec![])],
                "Language must be a string, not an array.",
            ),
            (vec![to(), Value::Null, Value::Null, "a\nb".into()], "Id holds a control character."),
            (
                vec![to(), Value::Null, Value::Null, "a\u{FFFE}".into()],
                "Id holds a control character.",
            ),
        ];
        for (arguments, start) in rows {
            let message = subscription(&arguments).unwrap_err();
            assert!(message.starts_with(start), "{message}");
        }
    }

    #[test]
    fn seconds_are_whole_and_within_an_hour() {
        let refresh = |seconds: Value| {
            account::REFRESH.request(vec![seconds]).map_err(|error| error.message())
        };
        for right in [1, 600, 3600] {
            assert!(refresh(right.into()).is_ok());
        }
        for wrong in [0.0, 3601.0, -1.0, 1.5, f64::NAN, f64::INFINITY] {
            assert_eq!(
                refresh(Value::Number(wrong)).unwrap_err(),
                "Seconds must be a whole number from 1 to 3600."
            );
        }
        assert_eq!(
            refresh("600".into()).unwrap_err(),
            "Seconds must be a number, not a string. For example 3600, an hour."
        );
    }

    #[test]
    fn a_user_name_is_no_address() {
        let login = account::LOGIN.arguments(vec!["alice@example.org".into()]);
        assert!(login.unwrap_err().message().starts_with("UserName is not a user name"));
    }
}
