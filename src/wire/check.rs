//! From a call's arguments to a request that keeps the contract.

use super::resource::{Field, Kind, Resource};
use super::value::{Value, push};
use crate::error::ErrorKind;
use crate::syntax::jid::{self, Jid};
use crate::syntax::{language, xml};
use crate::text;

/// The greatest length of a stanza id, in bytes: that of a part of an address.
const LONGEST_ID: usize = 1023;

impl Resource {
    /// Checks what a caller gave, in the order of the documented parameters, and names it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for the first argument that breaks a rule.
    pub fn arguments(&self, values: Vec<Value>) -> Result<Value, ErrorKind> {
        named(self.parameters, values)
    }

    /// Makes the request of values in the order of its fields.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for the first value that breaks a rule.
    pub fn request(&self, values: Vec<Value>) -> Result<Value, ErrorKind> {
        named(self.request, values)
    }
}

/// An object that holds exactly what was given: the broker refuses properties that it does not
/// know, so what is absent is left out and never `null`.
fn named(fields: &[Field], values: Vec<Value>) -> Result<Value, ErrorKind> {
    let mut values = values.into_iter();
    let mut properties = Vec::with_capacity(fields.len());
    for field in fields {
        let value = values.next().unwrap_or(Value::Null);
        if is_absent(&value, field) {
            if let Some(default) = default(&field.kind) {
                push(&mut properties, field.name, default);
                continue;
            }
            if field.required {
                return Err(broken(field, &["is missing. ", hint(&field.kind)]));
            }
            continue;
        }
        check(field, &value)?;
        push(&mut properties, field.name, value);
    }
    Ok(Value::Object(properties))
}

/// What is sent for an argument that is absent: a list always, for some brokers require it.
fn default(kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Texts => Some(Value::Array(Vec::new())),
        Kind::IntegerOr(_, _, default) => u32::try_from(*default).ok().map(Value::from),
        _ => None,
    }
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

fn check(field: &Field, argument: &Value) -> Result<(), ErrorKind> {
    match (&field.kind, argument) {
        (
            Kind::Integer(least, greatest) | Kind::IntegerOr(least, greatest, _),
            Value::Number(_),
        ) => {
            let number = argument.as_integer();
            if number.is_some_and(|number| (*least..=*greatest).contains(&number)) {
                return Ok(());
            }
            let (least, greatest) = (text::decimal(*least), text::decimal(*greatest));
            let example = hint(&field.kind);
            Err(broken(
                field,
                &["must be a whole number from ", &least, " to ", &greatest, ". ", example],
            ))
        }
        (Kind::Code, Value::Number(_)) if argument.as_integer().is_some_and(|code| code >= 0) => {
            Ok(())
        }
        (Kind::Texts, Value::Array(items)) => items.iter().try_for_each(|item| match item {
            Value::String(text) => check_text(field, text),
            other => {
                Err(broken(field, &["must hold strings only, and holds ", other.type_name(), "."]))
            }
        }),
        (Kind::Integer(..) | Kind::IntegerOr(..) | Kind::Texts, _) => {
            Err(field.wrong_type(argument.type_name()))
        }
        (_, Value::String(text)) => check_text(field, text),
        _ => Err(field.wrong_type(argument.type_name())),
    }
}

impl Field {
    /// What an argument is to be, for a sentence.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        match self.kind {
            Kind::Integer(..) | Kind::IntegerOr(..) => "a number",
            Kind::Texts => "an array of strings",
            Kind::Code => "digits",
            _ => "a string",
        }
    }

    fn wrong_type(&self, found: &str) -> ErrorKind {
        broken(self, &["must be ", self.expected(), ", not ", found, ". ", hint(&self.kind)])
    }

    /// The error of an argument that breaks a rule of its type.
    #[must_use]
    pub fn broken(&self, rule: &str) -> ErrorKind {
        broken(self, &[rule, " ", hint(&self.kind)])
    }
}

fn check_text(field: &Field, text: &str) -> Result<(), ErrorKind> {
    let fault = match field.kind {
        Kind::Address => match Jid::parse(text) {
            Err(rule) => Some(["is not an XMPP address: it ", rule]),
            Ok(jid) if jid.is_lone_label() => {
                Some(["is not a whole XMPP address: ", "it has no \"@\"."])
            }
            Ok(_) => None,
        },
        Kind::UserName => {
            jid::check_local(text).err().map(|rule| ["is not a user name: it ", rule])
        }
        Kind::Language if !language::is_language_tag(text) => Some([language::RULE, ""]),
        Kind::StanzaId if text.len() > LONGEST_ID => Some(["is longer than 1023 bytes.", ""]),
        Kind::StanzaId if text.contains(char::is_control) || text.trim().is_empty() => {
            Some(["must be visible characters, ", "and no control characters."])
        }
        Kind::Word(words) if !words.contains(&text) => {
            let mut rule = vec!["must be one of"];
            words.iter().for_each(|word| rule.extend_from_slice(&[" \"", word, "\""]));
            return Err(broken(field, &rule));
        }
        Kind::Code if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(["must be digits, ", "as they were sent."])
        }
        Kind::Xml => {
            return xml::check_content(text).map_err(|fault| broken(field, &[&fault.sentence()]));
        }
        _ if !text.chars().all(xml::is_character) => {
            Some(["holds a character that XML 1.0 ", "can't carry."])
        }
        _ => None,
    };
    match fault {
        Some([what, rule]) => Err(broken(field, &[what, rule, " ", hint(&field.kind)])),
        None => Ok(()),
    }
}

/// How a right value looks.
fn hint(kind: &Kind) -> &'static str {
    match kind {
        Kind::Address => jid::EXAMPLE,
        Kind::UserName => "Write the part before \"@\", for example \"alice\".",
        Kind::Language => "For example \"en\".",
        Kind::StanzaId => "For example \"sub-1\".",
        Kind::Xml => "For example \"<nick xmlns='http://jabber.org/protocol/nick'>Al</nick>\".",
        Kind::Integer(1, 3600) => "For example 3600, an hour.",
        Kind::Integer(..) | Kind::IntegerOr(..) => "For example 10.",
        Kind::Texts => "For example [\"Friends\"].",
        Kind::Host => "",
        Kind::Code => "For example \"123456\".",
        Kind::Word(_) => "",
        _ => "For example \"text\".",
    }
}

fn broken(field: &Field, sentence: &[&str]) -> ErrorKind {
    ErrorKind::invalid(&field.parameter(), text::concat(sentence).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::{account, xmpp};

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
            (
                vec![to(), "<a>".into()],
                "CustomXml is not well-formed XML: an element is not closed",
            ),
            (vec![to(), Value::Null, "en_US".into()], "Language is not a language tag."),
            (
                vec![to(), Value::Null, Value::Array(vec![])],
                "Language must be a string, not an array.",
            ),
            (vec![to(), Value::Null, Value::Null, "a\nb".into()], "Id must be visible characters"),
            (
                vec![to(), Value::Null, Value::Null, "a\u{FFFE}".into()],
                "Id holds a character that XML 1.0 can\'t carry.",
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
                "Seconds must be a whole number from 1 to 3600. For example 3600, an hour."
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
