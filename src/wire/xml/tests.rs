use super::*;
use crate::resources::{account, all, xmpp};
use crate::wire::tests::ALL_KINDS;
use crate::wire::{Input, InputKind, OutputKind};
use proptest::prelude::*;

fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn the_seeds_request_and_response_are_written() {
    let request = parse(r#"{"to":"bob@x","customXml":"<a/>","language":"sv","id":"1"}"#);
    assert_eq!(
        xmpp::SEND_PRESENCE_SUBSCRIPTION.xml_request(&request, &print).unwrap(),
        "<SendPresenceSubscription xmlns=\"https://waher.se/Schema/BrokerAgent.xsd\" to=\"bob@x\" \
         language=\"sv\" id=\"1\"><a xmlns=\"\"/></SendPresenceSubscription>"
    );
    let response = parse(
        r#"{"sent":true,"id":"1","RosterItem":{"bareJid":"bob@x","pendingSubscription":true,
        "status":"None","name":"B & b","Groups":["A",""]}}"#,
    );
    assert_eq!(
        xmpp::SEND_PRESENCE_SUBSCRIPTION.xml_response(&response).unwrap(),
        "<PresenceSubscriptionResult xmlns=\"https://waher.se/Schema/BrokerAgent.xsd\" sent=\"true\" \
         id=\"1\"><RosterItem bareJid=\"bob@x\" pendingSubscription=\"true\" status=\"None\" \
         name=\"B &amp; b\"><Groups><Item>A</Item><Item></Item></Groups></RosterItem>\
         </PresenceSubscriptionResult>"
    );
}

fn read(resource: &Resource, document: &str) -> Result<String, String> {
    let value = resource.read_xml_response(document).map_err(|fault| fault.rule.to_string())?;
    let response = resource.check_response(&value).map_err(|mismatch| mismatch.path)?;
    Ok(serde_json::to_string(&response).unwrap())
}

#[test]
fn a_response_is_read_however_it_is_written() {
    let expected = r#"{"sent":true,"id":"a>b"}"#;
    for document in [
        "<PresenceSubscriptionResult xmlns='https://waher.se/Schema/BrokerAgent.xsd' sent='true' id='a>b'/>",
        "\u{FEFF}<?xml version=\"1.0\"?>\n<!-- c --><b:PresenceSubscriptionResult id=\"a&gt;b\" sent='1' \
         xmlns:b='https://waher.se/Schema/BrokerAgent.xsd'> </b:PresenceSubscriptionResult>\n",
    ] {
        assert_eq!(read(&xmpp::SEND_PRESENCE_SUBSCRIPTION, document).as_deref(), Ok(expected));
    }
}

#[test]
fn what_is_no_response_is_refused() {
    let body = "<PresenceSubscriptionResult xmlns='https://waher.se/Schema/BrokerAgent.xsd' sent='true' id='x'/>";
    for (document, fault) in [
        ("", "no element"),
        ("text", "something beside the root"),
        ("<a/>", "another element than the documented one"),
        (
            "<PresenceSubscriptionResult sent='true' id='x'/>",
            "another element than the documented one",
        ),
        (&format!("{body}{body}"), "something beside the root"),
        (&format!("<!DOCTYPE a>{body}"), "a DOCTYPE"),
        (&format!("<?x?>{body}"), "a processing instruction"),
        (&body.replace("'x'", "'&x;'"), "an unknown entity"),
        (&body.replace("'true'", "'yes'"), "sent"),
    ] {
        assert_eq!(read(&xmpp::SEND_PRESENCE_SUBSCRIPTION, document), Err(fault.into()));
    }
}

#[test]
fn free_elements_are_found_wrapped_or_bare() {
    let open = "xmlns='https://waher.se/Schema/BrokerAgent.xsd'";
    let stanza = r#"{"__name":"iq","__ns":"jabber:client","xmlns":"jabber:client"}"#;
    for document in [
        format!(
            "<QueryResult {open} ok='true'><Stanza><iq xmlns='jabber:client'/></Stanza></QueryResult>"
        ),
        format!("<QueryResult {open} ok='true'><iq xmlns='jabber:client'/></QueryResult>"),
    ] {
        let expected = format!(r#"{{"ok":true,"Stanza":{stanza}}}"#);
        assert_eq!(read(&xmpp::INFORMATION_QUERY, &document), Ok(expected));
    }
    let failed =
        format!("<QueryResult {open} ok='false'><error xmlns='jabber:client'/></QueryResult>");
    let error = r#"{"__name":"error","__ns":"jabber:client","xmlns":"jabber:client"}"#;
    let expected = format!(r#"{{"ok":false,"ErrorElement":{error}}}"#);
    assert_eq!(read(&xmpp::INFORMATION_QUERY, &failed), Ok(expected));
}

/// Content is as deep as its check allows, and the document around it is deeper.
#[test]
fn the_deepest_content_is_read_in_xml_too() {
    let deepest = "<a>".repeat(64) + &"</a>".repeat(64);
    let request = parse(&format!(r#"{{"to":"bob@x","xml":"{deepest}"}}"#));
    let document = xmpp::SEND_XML_MESSAGE.xml_request(&request, &print).unwrap();
    assert!(xmpp::SEND_XML_MESSAGE.read_xml_request(&document).is_ok());
    let response = parse(&format!(
        r#"{{"Messages":[{{"from":"a","to":"b","type":"c","timestamp":0,"Content":"{deepest}"}}]}}"#
    ));
    let document = xmpp::POP_MESSAGES.xml_response(&response).unwrap();
    assert!(read(&xmpp::POP_MESSAGES, &document).unwrap().matches("__name").count() == 64);
}

fn text() -> impl Strategy<Value = String> {
    "[a-zåÅ😀<>&\"' \t\n\r\\]\\[]{0,6}"
}

/// Any element: its names and attributes are those that a reader could mistake for something.
fn element() -> impl Strategy<Value = String> {
    let name =
        || prop::sample::select(vec!["a", "b", "value", "__value", "__name", "__ns", "__proto__"]);
    let attributes = || {
        let all = vec![" b='1'", " value='&lt;'", " __ns='x'", " xmlns='u'", " xml:lang='sv'"];
        prop::sample::subsequence(all, 0..=3).prop_map(|some| some.concat())
    };
    let write = |name: &str, attributes: &str, children: &str, text: &str| {
        format!("<{name}{attributes}>{children}<!-- c -->{}</{name}>", escape(text))
    };
    let leaf = (name(), attributes(), text())
        .prop_map(move |(name, attributes, text)| write(name, &attributes, "", &text));
    leaf.prop_recursive(4, 16, 4, move |inner| {
        (name(), attributes(), prop::collection::vec(inner, 0..4), text()).prop_map(
            move |(name, attributes, children, text)| {
                write(name, &attributes, &children.concat(), &text)
            },
        )
    })
}

/// As JavaScript prints it, where both write no exponent.
fn print(number: f64) -> String {
    number.to_string()
}

fn whole_number(least: i32, greatest: i32) -> BoxedStrategy<Value> {
    (least..=greatest).prop_map(|number| Value::Number(number.into())).boxed()
}

fn texts() -> BoxedStrategy<Value> {
    prop::collection::vec(text().prop_map(Value::String), 0..3).prop_map(Value::Array).boxed()
}

fn word() -> BoxedStrategy<Value> {
    "[a-z]{1,4}".prop_map(Value::String).boxed()
}

fn output_value(kind: &'static OutputKind) -> BoxedStrategy<Value> {
    match kind {
        OutputKind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        OutputKind::Integer(least, greatest) => whole_number(*least, *greatest),
        OutputKind::Decimal => {
            any::<i32>().prop_map(|number| Value::Number(f64::from(number) / 8.0)).boxed()
        }
        OutputKind::DateTime => (0_i64..4_000_000_000, any::<bool>())
            .prop_map(|(seconds, in_words)| match from_unix_seconds(seconds) {
                Some(text) if in_words => Value::String(text),
                _ => Value::Number(seconds as f64),
            })
            .boxed(),
        OutputKind::Texts => texts(),
        OutputKind::Object(object) => object_of(object.fields),
        OutputKind::Objects(object, _) => {
            prop::collection::vec(object_of(object.fields), 0..3).prop_map(Value::Array).boxed()
        }
        OutputKind::Element => element().prop_map(Value::String).boxed(),
        OutputKind::Elements => prop::collection::vec(element(), 0..3)
            .prop_map(|elements| Value::String(elements.concat()))
            .boxed(),
        OutputKind::Token => Just(Value::from("a.b-c")).boxed(),
        OutputKind::Text => text().prop_map(Value::String).boxed(),
        OutputKind::NonEmptyText | OutputKind::Json => word(),
    }
}

fn input_value(kind: &'static InputKind) -> BoxedStrategy<Value> {
    match kind {
        InputKind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        InputKind::Integer(least, greatest) | InputKind::IntegerOr(least, greatest, _) => {
            whole_number(*least, *greatest)
        }
        InputKind::Decimal => {
            any::<i32>().prop_map(|number| Value::Number(f64::from(number) / 8.0)).boxed()
        }
        InputKind::Texts => texts(),
        InputKind::Object(fields) => object_of(fields),
        InputKind::Objects(fields, _) => {
            prop::collection::vec(object_of(fields), 0..3).prop_map(Value::Array).boxed()
        }
        InputKind::Map(fields, _) => {
            prop::collection::vec(object_of(*fields), 0..3).prop_map(Value::Array).boxed()
        }
        InputKind::Xml | InputKind::XmlText => element().prop_map(Value::String).boxed(),
        InputKind::Text => text().prop_map(Value::String).boxed(),
        InputKind::Code => Just(Value::from("123456")).boxed(),
        InputKind::OneOf(texts) => prop::sample::select(*texts).prop_map(Value::from).boxed(),
        InputKind::Address => Just(Value::from("bob@example.org/å")).boxed(),
        InputKind::UserName => Just(Value::from("alice")).boxed(),
        InputKind::Language => Just(Value::from("sv-SE")).boxed(),
        InputKind::DateTime => Just(Value::from("2026-11-26T12:00:00+01:00")).boxed(),
        InputKind::Base64 => Just(Value::from("SGVsbG8=")).boxed(),
        InputKind::NonEmptyText
        | InputKind::Secret
        | InputKind::Password
        | InputKind::Host
        | InputKind::StanzaId
        | InputKind::Json
        | InputKind::Content
        | InputKind::OwnUrl
        | InputKind::Function => word(),
    }
}

/// What a field may hold, for a test.
trait AnyValue: Field {
    fn value(&'static self) -> BoxedStrategy<Value>;
    fn is_required(&self) -> bool;
}

impl AnyValue for Output {
    fn value(&'static self) -> BoxedStrategy<Value> {
        output_value(&self.kind)
    }

    fn is_required(&self) -> bool {
        self.required
    }
}

impl AnyValue for Input {
    fn value(&'static self) -> BoxedStrategy<Value> {
        input_value(&self.kind)
    }

    fn is_required(&self) -> bool {
        self.required
    }
}

fn object_of<F: AnyValue>(fields: &'static [F]) -> BoxedStrategy<Value> {
    let mut object = Just(Vec::new()).boxed();
    for field in fields.iter().filter(|field| field.is_in_body()) {
        let value = if field.is_required() {
            field.value().prop_map(Some).boxed()
        } else {
            prop::option::of(field.value()).boxed()
        };
        object = (object, value)
            .prop_map(|(mut object, value): (Vec<(String, Value)>, _)| {
                object.extend(value.map(|value| (field.name().to_string(), value)));
                object
            })
            .boxed();
    }
    object.prop_map(Value::Object).boxed()
}

fn in_xml() -> impl Strategy<Value = &'static Resource> {
    let resources: Vec<_> =
        all().chain([&ALL_KINDS]).filter(|resource| resource.elements.is_some()).collect();
    prop::sample::select(resources)
}

/// A request with its decimals as numbers; read, they are the texts of attributes.
fn as_numbers(mut request: Value) -> Value {
    let decimal = request.get("decimal").and_then(Value::as_str).map(|text| text.parse::<f64>());
    if let (Some(Ok(number)), Value::Object(properties)) = (decimal, &mut request) {
        properties.retain(|(name, _)| name != "decimal");
        properties.push(("decimal".into(), Value::Number(number)));
    }
    request
}

/// An object with XML written in one way, so that two spellings of the same compare equal.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(properties) => Value::Object(
            properties
                .iter()
                .filter(|(name, _)| !name.starts_with("xmlns"))
                .map(|(name, value)| (name.clone(), canonical(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn both_encodings_give_the_same_response(
        (resource, response) in in_xml().prop_flat_map(|resource| {
            (Just(resource), object_of(resource.response.fields))
        })
    ) {
        let json = resource.check_response(&response).unwrap();
        let document = resource.xml_response(&response).unwrap();
        let xml = resource.check_response(&resource.read_xml_response(&document).unwrap()).unwrap();
        // Putting an element into another adds declarations, and changes nothing else.
        prop_assert_eq!(canonical(&xml), canonical(&json), "{}", document);
    }

    #[test]
    fn both_encodings_give_the_same_request(
        (resource, request) in in_xml().prop_flat_map(|resource| {
            (Just(resource), object_of(resource.inputs))
        })
    ) {
        let document = resource.xml_request(&request, &print).unwrap();
        let read = as_numbers(resource.read_xml_request(&document).unwrap());
        for field in resource.inputs.iter().filter(|input| input.is_in_body()) {
            let (sent, received) = (request.get(field.name), read.get(field.name));
            if matches!(field.kind, InputKind::Xml) {
                let elements = |value: Option<&Value>| {
                    let xml = value.and_then(Value::as_str).unwrap_or_default();
                    crate::wire::elements_in(xml).unwrap().iter().map(canonical).collect::<Vec<_>>()
                };
                prop_assert_eq!(elements(received), elements(sent), "{}", document);
            } else {
                prop_assert_eq!(received, sent, "{}", document);
            }
        }
    }

    #[test]
    fn any_text_gets_a_verdict(text in any::<String>()) {
        let _ = account::LOGIN.read_xml_response(&text);
    }
}
