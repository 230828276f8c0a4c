//! From a call's arguments to the inputs of a request, held to their declaration.

use super::input::{Input, InputKind, Role};
use super::resource::{Resource, Rule};
use super::value::{Value, push};
use crate::error::ErrorKind;
use crate::syntax::base64::is_base64;
use crate::syntax::date_time::to_unix_seconds;
use crate::syntax::jid::{self, Jid};
use crate::syntax::{language, xml};
use crate::text;

/// The greatest length of a stanza id, in bytes: that of a part of an address.
const LONGEST_ID: usize = 1023;

/// The greatest length of a name that stands for an entry in an error, in bytes.
const LONGEST_SHOWN: usize = 60;

/// Below this size JavaScript writes a number without an exponent, and so does every XML schema.
const LARGEST_DECIMAL: f64 = 1e21;
/// Not smaller than this, for the same reason.
const SMALLEST_DECIMAL: f64 = 1e-6;

impl Resource {
    /// What a caller gives, in the order of the documented parameters.
    #[must_use]
    pub fn parameters(&self) -> Vec<&'static Input> {
        let mut parameters = Vec::new();
        for input in self.inputs {
            match (&input.role, &input.kind) {
                (Role::Spread, InputKind::Object(fields)) => parameters.extend(*fields),
                _ if input.is_given() => parameters.push(input),
                _ => {}
            }
        }
        parameters
    }

    /// Checks the arguments of the documented parameters, and names them as on the wire.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for the first argument that breaks a rule.
    pub fn check(&self, arguments: Vec<Value>) -> Result<Value, ErrorKind> {
        let mut arguments = arguments.into_iter();
        let mut named = Value::object();
        for input in self.parameters() {
            named.put(input.name, arguments.next().unwrap_or(Value::Null));
        }
        let inputs = check_properties(self.inputs, "", &named)?;
        self.rules.iter().try_for_each(|rule| self.check_rule(rule, &inputs))?;
        Ok(inputs)
    }

    fn check_rule(&self, rule: &Rule, inputs: &Value) -> Result<(), ErrorKind> {
        let is_given = |name| inputs.get(name).is_some();
        let parameter = |name: &str| {
            let input = self.inputs.iter().find(|input| input.name == name);
            input.map(Input::parameter).unwrap_or_default()
        };
        match *rule {
            Rule::Either(one, other) if !is_given(one) && !is_given(other) => {
                let rule =
                    text::concat(&["is missing, and so is ", &parameter(other), "; give one."]);
                Err(ErrorKind::invalid(&parameter(one), &rule))
            }
            Rule::Needs(one, other) if is_given(one) && !is_given(other) => {
                let rule = text::concat(&["is missing; ", &parameter(one), " needs it."]);
                Err(ErrorKind::invalid(&parameter(other), &rule))
            }
            Rule::Either(..) | Rule::Needs(..) => Ok(()),
        }
    }

    /// The body's properties: the inputs that are in it, in their order. What is absent is left out
    /// and never `null`, because the broker refuses properties that it does not know.
    #[must_use]
    pub fn body_of(&self, inputs: Value) -> Value {
        let Value::Object(mut given) = inputs else { return Value::object() };
        let mut properties = Vec::with_capacity(given.len());
        for input in self.inputs.iter().filter(|input| input.is_in_body()) {
            if let Some(place) = given.iter().position(|(name, _)| name == input.name) {
                properties.push(given.swap_remove(place));
            }
        }
        Value::Object(properties)
    }
}

/// Checks the properties of an object. `path` stands in front of their names.
fn check_properties(fields: &[Input], path: &str, object: &Value) -> Result<Value, ErrorKind> {
    let mut properties = Vec::with_capacity(fields.len());
    for input in fields.iter().filter(|input| input.is_given()) {
        let value = object.get(input.name).unwrap_or(&Value::Null);
        let place = ArgumentPath { input, path };
        if let (Role::Spread, InputKind::Object(fields)) = (&input.role, &input.kind) {
            push(&mut properties, input.name, check_properties(fields, path, object)?);
            continue;
        }
        if !is_absent(value, input) {
            let checked = place.check(value)?;
            if input.not_empty && matches!(&checked, Value::Array(items) if items.is_empty()) {
                return Err(place.broken(&["must not be empty. ", hint(&input.kind)]));
            }
            push(&mut properties, input.name, checked);
        } else if let Some(default) = default(input) {
            push(&mut properties, input.name, default);
        } else if input.required {
            return Err(match &input.kind {
                InputKind::OneOf(texts) => place.not_one_of("is missing. Write \"", texts),
                kind => place.broken(&["is missing. ", hint(kind)]),
            });
        }
    }
    Ok(Value::Object(properties))
}

/// What is sent for an argument that is absent: a list that is required always, because some brokers
/// require it.
fn default(input: &Input) -> Option<Value> {
    match &input.kind {
        InputKind::Texts | InputKind::Objects(..) | InputKind::Map(..) => {
            (input.required && !input.not_empty).then(|| Value::Array(Vec::new()))
        }
        InputKind::IntegerOr(_, _, default) => u32::try_from(*default).ok().map(Value::from),
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
        | InputKind::Decimal
        | InputKind::DateTime
        | InputKind::Base64
        | InputKind::Object(_)
        | InputKind::Json
        | InputKind::Content
        | InputKind::OwnUrl
        | InputKind::Function => None,
    }
}

/// An empty text counts as absent, except for a required [`InputKind::Text`], where it is a value (a
/// contact without a name), and for JSON.
fn is_absent(value: &Value, input: &Input) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => {
            let is_value = match input.kind {
                InputKind::Json => true,
                InputKind::Text => input.required,
                InputKind::NonEmptyText
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
                | InputKind::Texts
                | InputKind::Object(_)
                | InputKind::Objects(..)
                | InputKind::Map(..)
                | InputKind::Content
                | InputKind::OwnUrl
                | InputKind::Function => false,
            };
            text.is_empty() && !is_value
        }
        _ => false,
    }
}

/// A value's place among the arguments.
struct ArgumentPath<'a> {
    input: &'a Input,
    /// What is in front of the input's name, such as `Properties[2].`.
    path: &'a str,
}

impl ArgumentPath<'_> {
    /// Holds a value to its kind. Gives it as it is sent.
    fn check(&self, value: &Value) -> Result<Value, ErrorKind> {
        match (&self.input.kind, value) {
            // Whatever it is, the host has looked at it.
            (InputKind::Json | InputKind::Content, _) | (InputKind::Boolean, Value::Boolean(_)) => {
            }
            (
                InputKind::Integer(least, greatest) | InputKind::IntegerOr(least, greatest, _),
                Value::Number(_),
            ) => self.check_integer(*least, *greatest, value)?,
            (InputKind::Decimal, Value::Number(number)) => self.check_decimal(*number)?,
            (InputKind::Code, Value::Number(_)) if value.as_integer() >= Some(0) => {}
            (InputKind::Texts, Value::Array(items)) => {
                items.iter().try_for_each(|item| self.check_item(item))?;
            }
            (InputKind::Object(fields), _) => return self.check_object(fields, value, "."),
            (InputKind::Objects(fields, _), Value::Array(items)) => {
                return self.check_items(fields, items);
            }
            (InputKind::Map(fields, _), _) => {
                let pairs = pairs(value).ok_or_else(|| match value {
                    Value::Array(_) => self.broken(&[
                        "must be an object, or an array of pairs, each an array of a name and a value. ",
                        hint(&self.input.kind),
                    ]),
                    _ => self.wrong_type(value),
                })?;
                return self.check_items(*fields, &pairs);
            }
            (
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
                | InputKind::DateTime
                | InputKind::Base64
                | InputKind::OwnUrl
                | InputKind::Function,
                Value::String(text),
            ) => self.check_text(text)?,
            // No catch-all, so that a new kind has to be thought of here.
            (
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
                | InputKind::Texts
                | InputKind::Objects(..)
                | InputKind::OwnUrl
                | InputKind::Function,
                _,
            ) => return Err(self.wrong_type(value)),
        }
        Ok(value.clone())
    }

    fn check_item(&self, item: &Value) -> Result<(), ErrorKind> {
        match item {
            Value::String(text) => self.check_text(text),
            _ => Err(self.broken(&["must hold strings only, and holds ", item.type_name(), "."])),
        }
    }

    fn check_integer(&self, least: i32, greatest: i32, value: &Value) -> Result<(), ErrorKind> {
        if value
            .as_integer()
            .is_some_and(|number| (least.into()..=greatest.into()).contains(&number))
        {
            return Ok(());
        }
        let (least, greatest) = (text::decimal(least), text::decimal(greatest));
        let example = hint(&self.input.kind);
        Err(self.broken(&[
            "must be a whole number from ",
            &least,
            " to ",
            &greatest,
            ". ",
            example,
        ]))
    }

    fn check_decimal(&self, number: f64) -> Result<(), ErrorKind> {
        let size = number.abs();
        if number == 0.0 || (SMALLEST_DECIMAL..LARGEST_DECIMAL).contains(&size) {
            return Ok(());
        }
        Err(self.broken(&[
            "must be a number that is written without an exponent. ",
            hint(&self.input.kind),
        ]))
    }

    /// The properties of an object. Its place is told with what separates a property from it.
    fn check_object(
        &self,
        fields: &[Input],
        object: &Value,
        separator: &str,
    ) -> Result<Value, ErrorKind> {
        let path = text::concat(&[self.path, &self.name(), separator]);
        let Value::Object(given) = object else {
            let place = path.strip_suffix('.').unwrap_or_default();
            let rule = text::concat(&["must be an object, not ", object.type_name(), "."]);
            return Err(ErrorKind::invalid(place, rule));
        };
        let is_known = |name: &str| fields.iter().any(|field| field.name == name);
        if let Some((name, _)) = given.iter().find(|(name, _)| !is_known(name)) {
            let place = text::concat(&[&path, name]);
            return Err(ErrorKind::invalid(&place, "is a property that is not documented."));
        }
        check_properties(fields, &path, object)
    }

    /// The entries of a list, or of a map: a caller wrote those by their names, and knows no numbers.
    fn check_items(&self, fields: &[Input], items: &[Value]) -> Result<Value, ErrorKind> {
        let is_map = matches!(self.input.kind, InputKind::Map(..));
        let mut checked = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let name = item.text("name");
            let is_shown = is_map && (1..=LONGEST_SHOWN).contains(&name.len());
            let place = if is_shown && text::all_chars(name, |shown| !shown.is_control()) {
                name.to_owned()
            } else {
                text::decimal(index)
            };
            let separator = text::concat(&["[", &place, "]."]);
            checked.push(self.check_object(fields, item, &separator)?);
        }
        Ok(Value::Array(checked))
    }

    fn check_text(&self, text: &str) -> Result<(), ErrorKind> {
        match self.input.role {
            Role::Path if text::split(text, b'/').any(is_dots) => {
                return Err(self.broken(&["must not have \".\" or \"..\" between its slashes."]));
            }
            Role::Header(_) if !text::all_bytes(text, |byte| (b' '..=b'~').contains(byte)) => {
                return Err(self.broken(&["must be ASCII, because a header carries it."]));
            }
            _ => {}
        }
        let fault = match self.input.kind {
            InputKind::Address => match Jid::parse(text) {
                Err(rule) => Some(["is not an XMPP address: it ", rule]),
                Ok(jid) if jid.is_lone_label() => {
                    Some(["is not a whole XMPP address: ", "it has no \"@\"."])
                }
                Ok(_) => None,
            },
            InputKind::UserName => {
                jid::check_local(text).err().map(|rule| ["is not a user name: it ", rule])
            }
            InputKind::Language if !language::is_language_tag(text) => {
                return Err(self.broken(&[language::RULE]));
            }
            InputKind::StanzaId if text.len() > LONGEST_ID => {
                Some(["is longer than 1023 bytes.", ""])
            }
            InputKind::StanzaId if !is_visible(text) => {
                Some(["must be visible characters, ", "and no control characters."])
            }
            InputKind::OneOf(texts) if !texts.contains(&text) => {
                return Err(self.not_one_of("must be \"", texts));
            }
            InputKind::Code if !text::all_bytes(text, u8::is_ascii_digit) => {
                Some(["must be digits, ", "as they were sent."])
            }
            InputKind::DateTime if to_unix_seconds(text).is_none() || !has_time_zone(text) => {
                Some(["is not an ISO 8601 date and time ", "with a time zone."])
            }
            InputKind::OwnUrl if !text::all_bytes(text, is_url_byte) => {
                Some(["must be percent-encoded, ", "without a query or a fragment."])
            }
            InputKind::Base64 if !is_base64(text) => Some(["is not Base64 with padding.", ""]),
            InputKind::Xml | InputKind::XmlText => {
                let fault = xml::check_content(text).err();
                return fault.map_or(Ok(()), |fault| Err(self.broken(&[&fault.sentence()])));
            }
            _ if !text::all_chars(text, xml::is_character) => {
                Some(["holds a character that XML 1.0 ", "can't carry."])
            }
            // No catch-all, so that a new kind has to be thought of here.
            InputKind::Text
            | InputKind::NonEmptyText
            | InputKind::Secret
            | InputKind::Password
            | InputKind::Host
            | InputKind::Language
            | InputKind::StanzaId
            | InputKind::OneOf(_)
            | InputKind::Code
            | InputKind::Boolean
            | InputKind::Integer(..)
            | InputKind::IntegerOr(..)
            | InputKind::Decimal
            | InputKind::DateTime
            | InputKind::Base64
            | InputKind::Texts
            | InputKind::Object(_)
            | InputKind::Objects(..)
            | InputKind::Map(..)
            | InputKind::Json
            | InputKind::Content
            | InputKind::OwnUrl
            | InputKind::Function => None,
        };
        match fault {
            Some([what, rule]) => Err(self.broken(&[what, rule, " ", hint(&self.input.kind)])),
            None => Ok(()),
        }
    }

    fn not_one_of(&self, start: &'static str, texts: &[&'static str]) -> ErrorKind {
        let mut rule = vec![start];
        for (index, text) in texts.iter().enumerate() {
            rule.extend_from_slice(&[if index == 0 { "" } else { "\" or \"" }, text]);
        }
        rule.push("\".");
        self.broken(&rule)
    }

    fn wrong_type(&self, found: &Value) -> ErrorKind {
        let kind = &self.input.kind;
        self.broken(&["must be ", kind.expected(), ", not ", found.type_name(), ". ", hint(kind)])
    }

    fn broken(&self, sentence: &[&str]) -> ErrorKind {
        let place = text::concat(&[self.path, &self.name()]);
        ErrorKind::invalid(&place, text::concat(sentence).trim_ascii())
    }

    /// As the caller knows it: a parameter by its documented name, a property by that of the wire.
    fn name(&self) -> String {
        if self.path.is_empty() { self.input.parameter() } else { self.input.name.into() }
    }
}

/// Whether a date and time ends in `Z` or an offset.
fn has_time_zone(text: &str) -> bool {
    let end = text.len().saturating_sub(6);
    text::find_byte(text.get(end..).unwrap_or_default(), |byte| b"Zz+-".contains(byte)).is_some()
}

/// Segments of a path that lead elsewhere (RFC 3986 §5.2.4), also as browsers read them.
fn is_dots(segment: &str) -> bool {
    let segment = text::replace(&text::replace(segment, "%2e", "."), "%2E", ".");
    matches!(segment.as_str(), "." | "..")
}

/// What a URL has in its path (RFC 3986 §3.3), and in front of it.
fn is_url_byte(byte: &u8) -> bool {
    (b'!'..=b'~').contains(byte) && !b"\"#<>?\\^`{|}".contains(byte)
}

fn is_visible(id: &str) -> bool {
    text::all_chars(id, |character| !character.is_control())
        && !text::all_chars(id, char::is_whitespace)
}

/// The pairs of an object or of a list of pairs, as the objects that are sent. `None` if it is
/// neither.
fn pairs(map: &Value) -> Option<Vec<Value>> {
    let mut pairs = Vec::new();
    match map {
        Value::Object(properties) => {
            for (name, value) in properties {
                pairs.push(pair(name.as_str().into(), value));
            }
        }
        Value::Array(items) => {
            for item in items {
                let Value::Array(both) = item else { return None };
                let [name, value] = both.as_slice() else { return None };
                pairs.push(pair(name.clone(), value));
            }
        }
        _ => return None,
    }
    Some(pairs)
}

fn pair(name: Value, value: &Value) -> Value {
    let mut pair = Value::object();
    pair.put("name", name);
    pair.put("value", value.clone());
    pair
}

impl Input {
    /// The error of an argument that breaks a rule at a place in it, such as `[2].value`.
    #[must_use]
    pub fn broken(&self, place: &str, rule: &str) -> ErrorKind {
        let example = if place.is_empty() { hint(&self.kind) } else { "" };
        let sentence = text::concat(&[rule, " ", example]);
        ErrorKind::invalid(&text::concat(&[&self.parameter(), place]), sentence.trim_ascii())
    }
}

impl InputKind {
    /// Whether it is not a value but bytes of the host program.
    #[must_use]
    pub const fn is_content(&self) -> bool {
        match self {
            Self::Content => true,
            Self::Text
            | Self::NonEmptyText
            | Self::Secret
            | Self::Password
            | Self::UserName
            | Self::Address
            | Self::Host
            | Self::Language
            | Self::StanzaId
            | Self::OneOf(_)
            | Self::Code
            | Self::Xml
            | Self::XmlText
            | Self::Boolean
            | Self::Integer(..)
            | Self::IntegerOr(..)
            | Self::Decimal
            | Self::DateTime
            | Self::Base64
            | Self::Texts
            | Self::Object(_)
            | Self::Objects(..)
            | Self::Map(..)
            | Self::Json
            | Self::OwnUrl
            | Self::Function => false,
        }
    }

    /// How JavaScript reads an argument of this kind: one of the words that `ArgumentType` in
    /// `src/loader/arguments.js` lists.
    #[must_use]
    pub fn argument_type(&self) -> &'static str {
        match self {
            Self::Text
            | Self::NonEmptyText
            | Self::Secret
            | Self::UserName
            | Self::Address
            | Self::Host
            | Self::Language
            | Self::StanzaId
            | Self::OneOf(_)
            | Self::Code
            | Self::Xml
            | Self::XmlText
            | Self::Boolean
            | Self::Integer(..)
            | Self::IntegerOr(..)
            | Self::Decimal
            | Self::Base64
            | Self::OwnUrl
            | Self::Texts => "scalar",
            Self::Function => "function",
            Self::Password => "password",
            Self::DateTime => "date",
            Self::Object(_) | Self::Objects(..) | Self::Json => "object",
            Self::Map(..) => "map",
            Self::Content => "content",
        }
    }

    /// What an argument must be, for a sentence.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        match self {
            Self::Text
            | Self::NonEmptyText
            | Self::Secret
            | Self::Password
            | Self::UserName
            | Self::Address
            | Self::Host
            | Self::Language
            | Self::StanzaId
            | Self::OneOf(_)
            | Self::Xml
            | Self::XmlText
            | Self::Base64
            | Self::OwnUrl => "a string",
            Self::Function => "a function, or the dotted name of one",
            Self::Code => "digits",
            Self::Boolean => "a boolean",
            Self::Integer(..) | Self::IntegerOr(..) | Self::Decimal => "a number",
            Self::DateTime => "a string or a Date",
            Self::Texts => "an array of strings",
            Self::Object(_) => "an object",
            Self::Objects(..) => "an array of objects",
            Self::Map(..) => "an object or an array of pairs",
            Self::Json => "a JSON value",
            Self::Content => "what fetch takes as a body",
        }
    }
}

/// A value that fits, for a sentence; empty if the rule says it all.
fn hint(kind: &InputKind) -> &'static str {
    match kind {
        InputKind::Address => jid::EXAMPLE,
        InputKind::UserName => "Write the part before \"@\", for example \"alice\".",
        InputKind::Language => "For example \"en\".",
        InputKind::StanzaId => "For example \"sub-1\".",
        InputKind::Xml | InputKind::XmlText => {
            "For example \"<nick xmlns='http://jabber.org/protocol/nick'>Al</nick>\"."
        }
        InputKind::Integer(1, 3600) => "For example 3600, an hour.",
        InputKind::Integer(..) | InputKind::IntegerOr(..) => "For example 10.",
        InputKind::Decimal => "For example 12.5.",
        InputKind::Texts => "For example [\"Friends\"].",
        InputKind::Code => "For example \"123456\".",
        InputKind::DateTime => "For example \"2026-11-26T12:00:00Z\".",
        InputKind::Base64 => "For example \"SGVsbG8=\".",
        InputKind::Map(..) => "For example { NAME: \"value\" }.",
        InputKind::Text | InputKind::NonEmptyText | InputKind::Secret | InputKind::Password => {
            "For example \"text\"."
        }
        InputKind::Host
        | InputKind::OneOf(_)
        | InputKind::Boolean
        | InputKind::Object(_)
        | InputKind::Objects(..)
        | InputKind::Json
        | InputKind::Content
        | InputKind::OwnUrl
        | InputKind::Function => "",
    }
}

#[cfg(test)]
mod tests;
