//! Decodes a request into the arguments of a handler, as the platform's patterns do.

use super::address;
use super::content::Content;
use super::mismatch::Mismatch;
use super::received::{Blob, Received, is_text_beside_body};
use super::refusal::Refusal;
use jid::Jid;
use neuron_agent_api::syntax::base64::is_base64;
use neuron_agent_api::syntax::date_time::to_unix_seconds;
use neuron_agent_api::syntax::host::{self, is_host};
use neuron_agent_api::syntax::language::{self, is_language_tag};
use neuron_agent_api::syntax::xml::is_character;
use neuron_agent_api::wire::{Input, InputKind, Value};

/// The inputs of a request that are present, each of its declared kind.
#[derive(Debug, Default, PartialEq)]
pub struct Arguments(Vec<(&'static str, Argument)>);

#[derive(Debug, PartialEq)]
enum Argument {
    Text(String),
    Integer(i64),
    Boolean(bool),
    Address(Jid),
    Xml(Content),
    Texts(Vec<String>),
    Decimal(f64),
    Object(Arguments),
    Objects(Vec<Arguments>),
    Json(Value),
    Bytes(Blob),
}

impl Arguments {
    /// Checks a request against the declaration of its resource.
    ///
    /// # Errors
    /// 400 for the first input that is not as declared, and for a property that is not declared at
    /// all: the platform's patterns match an object as a whole.
    pub(crate) fn read(inputs: &'static [Input], received: Received) -> Result<Self, Refusal> {
        let contents = received.contents.into_iter();
        let contents = contents.map(|(name, content)| (name, Argument::Bytes(content))).collect();
        let mut arguments =
            read_object(inputs, &received.body, contents).map_err(Mismatch::in_body)?;
        for input in inputs.iter().filter(|input| is_text_beside_body(input)) {
            let found = received.texts.iter().find(|(name, _)| *name == input.name);
            let found = found.map_or(Value::Null, |(_, text)| text.as_str().into());
            let read = read_input(input, &found).map_err(|mismatch| mismatch.of_input(input))?;
            arguments.0.extend(read.map(|argument| (input.name, argument)));
        }
        Ok(arguments)
    }

    /// A text that the declaration requires.
    ///
    /// # Errors
    /// 500 if it is not declared.
    pub fn text(&self, name: &str) -> Result<&str, Refusal> {
        self.optional_text(name).ok_or_else(|| undeclared(name))
    }

    /// A text that may be absent.
    #[must_use]
    pub fn optional_text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Argument::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A whole number that the declaration requires.
    ///
    /// # Errors
    /// 500 if it is not declared.
    pub fn integer(&self, name: &str) -> Result<i64, Refusal> {
        self.optional_integer(name).ok_or_else(|| undeclared(name))
    }

    /// A whole number that may be absent.
    #[must_use]
    pub fn optional_integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Argument::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// An address that the declaration requires.
    ///
    /// # Errors
    /// 500 if it is not declared.
    pub fn address(&self, name: &str) -> Result<&Jid, Refusal> {
        match self.get(name) {
            Some(Argument::Address(address)) => Ok(address),
            _ => Err(undeclared(name)),
        }
    }

    /// XML that the declaration requires.
    ///
    /// # Errors
    /// 500 if it is not declared.
    pub fn xml(&self, name: &str) -> Result<&Content, Refusal> {
        self.optional_xml(name).ok_or_else(|| undeclared(name))
    }

    /// XML that may be absent.
    #[must_use]
    pub fn optional_xml(&self, name: &str) -> Option<&Content> {
        match self.get(name) {
            Some(Argument::Xml(content)) => Some(content),
            _ => None,
        }
    }

    /// A list of texts, which is empty if it is absent.
    #[must_use]
    pub fn texts(&self, name: &str) -> &[String] {
        match self.get(name) {
            Some(Argument::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// A number that the declaration requires.
    ///
    /// # Errors
    /// 500 if it is not declared.
    pub fn decimal(&self, name: &str) -> Result<f64, Refusal> {
        match self.get(name) {
            Some(Argument::Decimal(number)) => Ok(*number),
            _ => Err(undeclared(name)),
        }
    }

    /// A boolean. `None` if it is absent.
    #[must_use]
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Some(Argument::Boolean(value)) => Some(*value),
            _ => None,
        }
    }

    /// An object that may be absent.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<&Arguments> {
        match self.get(name) {
            Some(Argument::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// A list of objects, or of name–value pairs, which is empty if it is absent.
    #[must_use]
    pub fn objects(&self, name: &str) -> &[Arguments] {
        match self.get(name) {
            Some(Argument::Objects(objects)) => objects,
            _ => &[],
        }
    }

    /// Any JSON. `None` if it is absent.
    #[must_use]
    pub fn json(&self, name: &str) -> Option<&Value> {
        match self.get(name) {
            Some(Argument::Json(value)) => Some(value),
            _ => None,
        }
    }

    /// Bytes that the declaration requires.
    ///
    /// # Errors
    /// 500 if they are not declared.
    pub fn bytes(&self, name: &str) -> Result<&Blob, Refusal> {
        match self.get(name) {
            Some(Argument::Bytes(content)) => Ok(content),
            _ => Err(undeclared(name)),
        }
    }

    /// Renders a text as XML.
    pub(crate) fn replace_text(&mut self, name: &str, form: fn(&str) -> Content) {
        for (_, argument) in self.0.iter_mut().filter(|(known, _)| *known == name) {
            if let Argument::Text(text) = argument {
                *argument = Argument::Xml(form(text));
            }
        }
    }

    fn get(&self, name: &str) -> Option<&Argument> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, argument)| argument)
    }
}

/// A handler that reads what its resource does not declare is a mistake in the broker.
fn undeclared(name: &str) -> Refusal {
    Refusal::internal(format!("The broker expects a property {name:?} that is not declared."))
}

/// Reads an object. `arguments` holds those of its properties that are not in `found`.
fn read_object(
    inputs: &'static [Input],
    found: &Value,
    arguments: Vec<(&'static str, Argument)>,
) -> Result<Arguments, Mismatch> {
    let Value::Object(properties) = found else {
        return Err(format!("must be an object, not {}.", found.type_name()).into());
    };
    let fields: Vec<_> = inputs.iter().filter(|input| input.is_in_body()).collect();
    let is_declared = |name: &str| fields.iter().any(|field| field.name == name);
    if let Some((name, _)) = properties.iter().find(|(name, _)| !is_declared(name)) {
        return Err(unknown(name, &fields));
    }
    let mut arguments = Arguments(arguments);
    for field in fields {
        if arguments.get(field.name).is_none() {
            let value = found.get(field.name).unwrap_or(&Value::Null);
            let read = read_input(field, value).map_err(|fault| fault.in_property(field.name))?;
            arguments.0.extend(read.map(|argument| (field.name, argument)));
        }
    }
    Ok(arguments)
}

/// Reads an input that may be absent.
fn read_input(input: &'static Input, found: &Value) -> Result<Option<Argument>, Mismatch> {
    if !is_absent(input, found) {
        return read(&input.kind, found).map(Some);
    }
    match default(&input.kind) {
        None if input.required => Err("is missing.".into()),
        default => Ok(default),
    }
}

fn unknown(name: &str, fields: &[&Input]) -> Mismatch {
    let known: Vec<_> = fields.iter().map(|field| field.name).collect();
    let rule = if known.is_empty() {
        "is unknown; this resource has no properties.".into()
    } else {
        format!("is unknown; expected one of: {}.", known.join(", "))
    };
    // A long name is quoted by its beginning only.
    let name: String = name.chars().take(64).collect();
    Mismatch::from(rule).in_property(&name)
}

/// `Optional` takes an empty string as absent, `Required` takes it as it is.
fn is_absent(field: &Input, found: &Value) -> bool {
    match found {
        Value::Null => true,
        Value::String(text) => text.is_empty() && !field.required,
        _ => false,
    }
}

/// What stands for a property that is absent, although it is required: a pattern for a list takes
/// none for an empty one, and a client may leave the number of messages to the broker.
fn default(kind: &InputKind) -> Option<Argument> {
    match kind {
        InputKind::Texts => Some(Argument::Texts(Vec::new())),
        InputKind::Objects(..) | InputKind::Map(..) => Some(Argument::Objects(Vec::new())),
        InputKind::IntegerOr(_, _, default) => Some(Argument::Integer((*default).into())),
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

fn read(kind: &'static InputKind, found: &Value) -> Result<Argument, Mismatch> {
    Ok(match *kind {
        InputKind::Integer(least, greatest) | InputKind::IntegerOr(least, greatest, _) => {
            let number = whole_number(found)
                .filter(|number| (least.into()..=greatest.into()).contains(number));
            let rule = || format!("must be a whole number from {least} to {greatest}.");
            Argument::Integer(number.ok_or_else(rule)?)
        }
        // A pattern for whole numbers, so leading zeros don't count.
        InputKind::Code => {
            let number = whole_number(found).filter(|number| *number >= 0);
            Argument::Integer(number.ok_or("must be digits.")?)
        }
        InputKind::Boolean => Argument::Boolean(boolean(found).ok_or("must be true or false.")?),
        InputKind::Decimal => Argument::Decimal(decimal(found).ok_or("must be a number.")?),
        InputKind::DateTime => {
            let rule = "must be Unix seconds or an ISO 8601 date and time.";
            Argument::Integer(point_in_time(found).ok_or(rule)?)
        }
        InputKind::Texts => {
            // A client that writes XML writes null for an absent text.
            let is_text = |item: &Value| *item != Value::Null;
            Argument::Texts(read_items(found, is_text, |item| Ok(text(item)?))?)
        }
        InputKind::Object(fields) => Argument::Object(read_object(fields, found, Vec::new())?),
        InputKind::Objects(fields, _) => objects(fields, found)?,
        InputKind::Map(fields, _) => objects(fields, found)?,
        InputKind::Json => Argument::Json(found.clone()),
        InputKind::Content => return Err("must be a file.".into()),
        InputKind::Xml | InputKind::XmlText => Argument::Xml(Content::parse(&text(found)?)?),
        InputKind::Address => {
            let rule = |fault| format!("is not an XMPP address: {fault}.");
            Argument::Address(address::parse(&text(found)?).map_err(rule)?)
        }
        InputKind::Text
        | InputKind::NonEmptyText
        | InputKind::Secret
        | InputKind::Password
        | InputKind::UserName
        | InputKind::Host
        | InputKind::Language
        | InputKind::StanzaId
        | InputKind::OneOf(_)
        | InputKind::Base64
        | InputKind::OwnUrl
        | InputKind::Function => {
            let text = text(found)?;
            check_text(kind, &text)?;
            Argument::Text(text)
        }
    })
}

fn objects(fields: &'static [Input], found: &Value) -> Result<Argument, Mismatch> {
    read_items(found, |_| true, |item| read_object(fields, item, Vec::new())).map(Argument::Objects)
}

/// Reads those items of a list that count.
fn read_items<T>(
    found: &Value,
    counts: impl Fn(&Value) -> bool,
    read: impl Fn(&Value) -> Result<T, Mismatch>,
) -> Result<Vec<T>, Mismatch> {
    let items = match found {
        Value::Array(items) if items.len() > MOST_ITEMS => {
            return Err(format!("holds more than {MOST_ITEMS} items.").into());
        }
        Value::Array(items) => items.iter().enumerate(),
        _ => return Err(format!("must be an array, not {}.", found.type_name()).into()),
    };
    let items = items.filter(|(_, item)| counts(item));
    items.map(|(index, item)| read(item).map_err(|fault| fault.in_item(index))).collect()
}

/// The maximum length of a text, in bytes. It is meant for a person.
const LONGEST_TEXT: usize = 64 * 1024;

/// The maximum length of bytes in Base64: as long as the longest content of a message.
const LONGEST_BASE64: usize = 1024 * 1024;

/// The maximum number of items in a list.
pub const MOST_ITEMS: usize = 1_000;

/// The maximum length of a stanza's id, in bytes.
const LONGEST_ID: usize = 1_023;

/// The rules of some texts beyond that they are texts.
fn check_text(kind: &InputKind, text: &str) -> Result<(), &'static str> {
    if matches!(kind, InputKind::Base64) {
        if text.len() > LONGEST_BASE64 {
            return Err("is longer than 1 MiB.");
        }
    } else if text.len() > LONGEST_TEXT {
        return Err("is longer than 64 KiB.");
    }
    match kind {
        InputKind::StanzaId if text.len() > LONGEST_ID => Err("is longer than 1023 bytes."),
        InputKind::NonEmptyText if text.is_empty() => Err("must not be empty."),
        InputKind::Host if !is_host(text) => Err(host::RULE),
        InputKind::Language if !is_language_tag(text) => Err(language::RULE),
        InputKind::StanzaId if text.contains(char::is_control) => Err("holds a control character."),
        InputKind::OneOf(texts) if !texts.contains(&text) => {
            Err("is not one of the allowed values.")
        }
        InputKind::Base64 if !is_base64(text) => Err("is not Base64 with padding."),
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
        | InputKind::Object(_)
        | InputKind::Objects(..)
        | InputKind::Map(..)
        | InputKind::Json
        | InputKind::Content
        | InputKind::OwnUrl
        | InputKind::Function => Ok(()),
    }
}

/// `Str` takes other scalars as texts too.
fn text(found: &Value) -> Result<String, &'static str> {
    let text = match found {
        Value::String(text) => text.clone(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null => return Err("must be a string, not null."),
        Value::Array(_) => return Err("must be a string, not an array."),
        Value::Object(_) => return Err("must be a string, not an object."),
    };
    if text.chars().all(is_character) {
        Ok(text)
    } else {
        Err("holds a character that XML 1.0 can't carry.")
    }
}

/// `Double` takes numbers, and strings that hold one.
fn decimal(found: &Value) -> Option<f64> {
    let number = match found {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => Some(*number),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// `Int` takes whole numbers, and strings that hold one.
fn whole_number(found: &Value) -> Option<i64> {
    match found {
        Value::String(text) => text.parse().ok(),
        other => other.as_integer(),
    }
}

/// `Bool` takes booleans, and strings that hold one.
fn boolean(found: &Value) -> Option<bool> {
    match found {
        Value::Boolean(boolean) => Some(*boolean),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// `DateTime` takes whole Unix seconds, and strings of ISO 8601.
fn point_in_time(found: &Value) -> Option<i64> {
    match found {
        Value::String(text) => to_unix_seconds(text),
        other => other.as_integer(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::wire::{Entries, Role};

    static FIELDS: &[Input] = &[
        Input::required("must", InputKind::Text),
        Input::optional("may", InputKind::Text),
        Input::optional("number", InputKind::Integer(0, 2_147_483_647)),
        Input::optional("Items", InputKind::Texts),
        Input::optional("flag", InputKind::Boolean),
        Input::optional("time", InputKind::DateTime),
        Input::optional("code", InputKind::Code),
        Input::optional("name", InputKind::NonEmptyText),
        Input::optional("word", InputKind::OneOf(&["get", "set"])),
        Input::optional("host", InputKind::Host),
    ];

    fn read_body(inputs: &'static [Input], body: &str) -> Result<Arguments, Refusal> {
        Arguments::read(inputs, serde_json::from_str::<Value>(body).unwrap().into())
    }

    /// Reads a body that has the required property and one more.
    fn read(property: &str) -> Result<Arguments, (u16, String)> {
        let body = format!(r#"{{"must":"",{property}}}"#);
        read_body(FIELDS, &body).map_err(|refusal| (refusal.status, refusal.text))
    }

    #[test]
    fn a_required_text_may_be_empty() {
        assert_eq!(read(r#""may":"x""#).unwrap().text("must"), Ok(""));
    }

    #[test]
    fn null_missing_and_empty_are_absent() {
        for property in [r#""may":null"#, r#""may":"""#, r#""number":"""#, r#""number":null"#] {
            let arguments = read(property).unwrap();
            assert_eq!(arguments.optional_text("may"), None);
            assert_eq!(arguments.optional_integer("number"), None);
        }
    }

    #[test]
    fn a_text_takes_other_scalars() {
        for (value, text) in
            [("1", "1"), ("-1.5", "-1.5"), ("true", "true"), ("600.0", "600"), (r#""å""#, "å")]
        {
            let arguments = read(&format!(r#""may":{value}"#)).unwrap();
            assert_eq!(arguments.optional_text("may"), Some(text));
        }
        for value in ["[]", "{}", r#""\u0000""#, r#""\ufffe""#] {
            assert_eq!(read(&format!(r#""may":{value}"#)).unwrap_err().0, 400, "{value}");
        }
    }

    #[test]
    fn a_number_takes_digits_in_a_string() {
        for (value, number) in [("0", 0), ("7", 7), ("7.0", 7), (r#""7""#, 7), (r#""007""#, 7)] {
            let arguments = read(&format!(r#""number":{value}"#)).unwrap();
            assert_eq!(arguments.optional_integer("number"), Some(number));
        }
        for value in
            ["-1", "7.5", "2147483648", "1e300", "true", "[]", r#""x""#, r#"" 7""#, r#""7.0""#]
        {
            let (status, text) = read(&format!(r#""number":{value}"#)).unwrap_err();
            assert_eq!(status, 400);
            assert_eq!(
                text,
                r#"The property "number" must be a whole number from 0 to 2147483647."#
            );
        }
    }

    #[test]
    fn a_list_holds_texts() {
        let items = |value: &str| read(&format!(r#""Items":{value}"#)).map(|arguments| arguments.0);
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.into()).collect();
        let (_, last) = items(r#"["a","",1]"#).unwrap().pop().unwrap();
        assert_eq!(last, Argument::Texts(texts(&["a", "", "1"])));
        assert_eq!(
            items(r#""a""#).unwrap_err().1,
            r#"The property "Items" must be an array, not a string."#
        );
        assert_eq!(
            items(r#"[null,"a",[]]"#).unwrap_err().1,
            r#"The property "Items[2]" must be a string, not an array."#
        );
        let (_, nothing) = items(r#"[null,"a",null]"#).unwrap().pop().unwrap();
        assert_eq!(nothing, Argument::Texts(texts(&["a"])));
        let many = |count: usize| items(&format!("[{}1]", "1,".repeat(count - 1)));
        assert!(many(1_000).is_ok());
        assert_eq!(
            many(1_001).unwrap_err().1,
            r#"The property "Items" holds more than 1000 items."#
        );
    }

    #[test]
    fn an_error_names_the_path_of_what_is_wrong() {
        static LINE: &[Input] = &[
            Input::required("price", InputKind::Decimal),
            Input::optional("Card", InputKind::Object(&[Input::required("pin", InputKind::Code)])),
        ];
        static FIELDS: &[Input] = &[
            Input::optional("Lines", InputKind::Objects(LINE, &Entries::Within("Line"))),
            Input::optional("Line", InputKind::Object(LINE)),
        ];
        for (body, text) in [
            (r#"7"#, "The body must be an object, not a number."),
            (
                r#"{"Lines":[{"price":1},{"price":"x"}]}"#,
                r#"The property "Lines[1].price" must be a number."#,
            ),
            (r#"{"Lines":[7]}"#, r#"The property "Lines[0]" must be an object, not a number."#),
            (r#"{"Lines":[{}]}"#, r#"The property "Lines[0].price" is missing."#),
            (r#"{"Line":true}"#, r#"The property "Line" must be an object, not a boolean."#),
            (
                r#"{"Line":{"price":1,"Card":{"pin":"x"}}}"#,
                r#"The property "Line.Card.pin" must be digits."#,
            ),
            (
                r#"{"Lines":[{"price":1,"x":1}]}"#,
                r#"The property "Lines[0].x" is unknown; expected one of: price, Card."#,
            ),
        ] {
            let refusal = read_body(FIELDS, body).unwrap_err();
            assert_eq!((refusal.status, refusal.text.as_str()), (400, text));
        }
    }

    #[test]
    fn a_header_and_the_path_are_checked_by_their_kinds() {
        static FIELDS: &[Input] = &[
            Input::required("contentId", InputKind::NonEmptyText).role(Role::Path),
            Input::optional("most", InputKind::Integer(1, 9)).role(Role::Header("X-Most")),
        ];
        let read = |body: &str, texts: &[(&'static str, &str)]| {
            let body = serde_json::from_str(body).unwrap();
            let texts = texts.iter().map(|(name, text)| (*name, (*text).into())).collect();
            Arguments::read(FIELDS, Received { body, texts, contents: Vec::new() })
                .map_err(|refusal| (refusal.status, refusal.text))
        };
        let arguments = read("{}", &[("contentId", "a/b"), ("most", "7")]).unwrap();
        assert_eq!(arguments.text("contentId"), Ok("a/b"));
        assert_eq!(arguments.optional_integer("most"), Some(7));
        for most in [&[][..], &[("most", "")]] {
            let texts = [&[("contentId", "a")], most].concat();
            assert_eq!(read("{}", &texts).unwrap().optional_integer("most"), None);
        }
        for (body, texts, text) in [
            (
                "{}",
                &[("contentId", "a"), ("most", "10")][..],
                "The header X-Most must be a whole number from 1 to 9.",
            ),
            ("{}", &[], "The contentId at the end of the path is missing."),
            ("{}", &[("contentId", "")], "The contentId at the end of the path must not be empty."),
            (
                r#"{"most":7}"#,
                &[("contentId", "a")],
                r#"The property "most" is unknown; this resource has no properties."#,
            ),
        ] {
            assert_eq!(read(body, texts).unwrap_err(), (400, text.into()));
        }
    }

    #[test]
    fn bytes_are_an_argument_and_no_property() {
        static FIELDS: &[Input] = &[Input::required("Content", InputKind::Content)];
        let content = Blob { media_type: "image/png".into(), bytes: vec![0, 255] };
        let contents = vec![("Content", content)];
        let received = Received { contents, ..Value::object().into() };
        let arguments = Arguments::read(FIELDS, received).unwrap();
        assert_eq!(arguments.bytes("Content").unwrap().bytes, [0, 255]);
        for (body, rule) in [("{}", "is missing."), (r#"{"Content":"x"}"#, "must be a file.")] {
            let refusal = read_body(FIELDS, body).unwrap_err();
            assert_eq!(refusal.text, format!(r#"The property "Content" {rule}"#));
        }
    }

    #[test]
    fn a_list_that_is_missing_is_empty_and_a_number_may_have_a_default() {
        static FIELDS: &[Input] = &[
            Input::required("Items", InputKind::Texts),
            Input::required("most", InputKind::IntegerOr(1, 9, 5)),
        ];
        for body in ["{}", r#"{"Items":null,"most":null}"#, r#"{"Items":[],"most":5}"#] {
            let arguments = read_body(FIELDS, body).unwrap();
            assert_eq!((arguments.texts("Items"), arguments.integer("most")), (&[][..], Ok(5)));
        }
    }

    #[test]
    fn a_boolean_takes_its_words_in_a_string() {
        let flag = |value| read(&format!(r#""flag":{value}"#)).map(|arguments| arguments.0);
        for (value, boolean) in
            [("true", true), ("false", false), (r#""true""#, true), (r#""false""#, false)]
        {
            assert_eq!(flag(value).unwrap().pop().unwrap().1, Argument::Boolean(boolean));
        }
        for value in ["1", r#""yes""#, "[]"] {
            assert!(flag(value).unwrap_err().1.ends_with("must be true or false."));
        }
    }

    #[test]
    fn a_point_in_time_has_two_forms() {
        let time = |value| read(&format!(r#""time":{value}"#)).map(|arguments| arguments.0);
        for value in ["1700000000", r#""2023-11-14T22:13:20Z""#] {
            assert_eq!(time(value).unwrap().pop().unwrap().1, Argument::Integer(1_700_000_000));
        }
        assert_eq!(time(r#""yesterday""#).unwrap_err().0, 400);
    }

    #[test]
    fn a_code_is_digits_whatever_its_type() {
        let code = |value| read(&format!(r#""code":{value}"#)).map(|arguments| arguments.0);
        for value in ["1234", r#""001234""#] {
            assert_eq!(code(value).unwrap().pop().unwrap().1, Argument::Integer(1234));
        }
        for value in ["-1", r#""-1""#, r#""12 34""#, "1.5", "true"] {
            assert_eq!(code(value).unwrap_err().1, r#"The property "code" must be digits."#);
        }
    }

    #[test]
    fn some_texts_have_more_rules() {
        for (name, right, wrong) in
            [("name", "x", ""), ("word", "get", "put"), ("host", "a.example:1", "a b")]
        {
            assert!(read(&format!(r#""{name}":"{right}""#)).is_ok(), "{name}");
            if !wrong.is_empty() {
                let (status, _) = read(&format!(r#""{name}":"{wrong}""#)).unwrap_err();
                assert_eq!(status, 400, "{name}");
            }
        }
        static NAME: &[Input] = &[Input::required("name", InputKind::NonEmptyText)];
        let refusal = read_body(NAME, r#"{"name":""}"#).unwrap_err();
        assert_eq!(refusal.text, r#"The property "name" must not be empty."#);
    }

    #[test]
    fn the_last_of_two_equal_names_counts() {
        assert_eq!(read(r#""may":"a","may":"b""#).unwrap().optional_text("may"), Some("b"));
    }

    #[test]
    fn the_length_of_texts_is_limited() {
        static FIELDS: &[Input] =
            &[Input::optional("text", InputKind::Text), Input::optional("id", InputKind::StanzaId)];
        let read = |name: &str, length| {
            let text = Value::String("x".repeat(length));
            Arguments::read(FIELDS, Value::Object(vec![(name.into(), text)]).into())
        };
        for (name, longest, rule) in [
            ("text", 64 * 1024, "is longer than 64 KiB."),
            ("id", 1_023, "is longer than 1023 bytes."),
        ] {
            assert!(read(name, longest).is_ok());
            let refusal = read(name, longest + 1).unwrap_err();
            assert_eq!((refusal.status, refusal.text.ends_with(rule)), (400, true), "{refusal:?}");
        }
    }

    #[test]
    fn an_unknown_name_is_quoted_by_its_start() {
        let (_, text) = read(&format!(r#""{}":1"#, "x".repeat(1000))).unwrap_err();
        assert!(text.len() < 200, "{text}");
    }

    #[test]
    fn a_handler_that_reads_an_undeclared_property_fails() {
        let arguments = Arguments::default();
        assert_eq!(arguments.text("x").unwrap_err().status, 500);
        assert_eq!(arguments.integer("x").unwrap_err().status, 500);
        assert_eq!(arguments.address("x").unwrap_err().status, 500);
        assert_eq!(arguments.bytes("x").unwrap_err().status, 500);
    }
}
