//! The XML encoding: a request or response as an element, by the same declarations as in JSON.

use super::element::{Budget, read_element};
use super::read::read_entry;
use super::resource::{Entries, Field, Kind, Resource};
use super::value::{Value, first, push};
use crate::syntax::date_time::from_unix_seconds;
use crate::syntax::xml::{
    Attribute, Event, Fault, LONGEST_CONTENT, Mark, Name, Reader, XMLNS_NAMESPACE, embed, escape,
    rewrite,
};
use crate::text;

/// The namespace of every request and response.
pub const NAMESPACE: &str = "https://waher.se/Schema/BrokerAgent.xsd";

impl Resource {
    /// A request in XML; nothing where only JSON is documented.
    #[must_use]
    pub fn xml_request(&self, request: &Value) -> Option<String> {
        self.elements.map(|(element, _)| write_root(element, self.request, request))
    }

    /// A response in XML; nothing where only JSON is documented.
    #[must_use]
    pub fn xml_response(&self, response: &Value) -> Option<String> {
        self.elements.map(|(_, element)| write_root(element, self.response, response))
    }

    /// A request in XML as the object that it would be in JSON.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn read_xml_request(&self, document: &str) -> Result<Value, Fault> {
        let (element, _) = self.elements.unwrap_or_default();
        read_root(element, self.request, document, How { rewrite, salvages: false })
    }

    /// A response in XML as the object that it would be in JSON.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn read_xml_response(&self, document: &str) -> Result<Value, Fault> {
        self.read_xml(document, false)
    }

    /// As much of a response as can be read; the entries of its list are as [`read_entry`] makes them.
    pub(super) fn salvage_xml(&self, document: &str) -> Result<Value, Fault> {
        self.read_xml(document, true)
    }

    fn read_xml(&self, document: &str, salvages: bool) -> Result<Value, Fault> {
        let (_, element) = self.elements.unwrap_or_default();
        // No response holds free XML as text, and the wasm is spared what would write it.
        let rewrite: Rewrite = |reader, _, _| read_text(reader);
        read_root(element, self.response, document, How { rewrite, salvages })
    }
}

fn write_root(element: &str, fields: &[Field], object: &Value) -> String {
    let mut out = String::new();
    write_object(&mut out, element, text::concat(&[" xmlns=\"", NAMESPACE, "\""]), fields, object);
    out
}

fn write_object(
    out: &mut String,
    name: &str,
    declaration: String,
    fields: &[Field],
    object: &Value,
) {
    let mut start = text::concat(&["<", name, &declaration]);
    let mut content = String::new();
    for field in fields {
        let Some(value) = object.get(field.name).filter(|value| **value != Value::Null) else {
            if matches!(field.kind, Kind::Texts) {
                write_texts(&mut content, field.name, &[]);
            }
            continue;
        };
        match (&field.kind, value) {
            (Kind::Texts, Value::Array(items)) => write_texts(&mut content, field.name, items),
            (Kind::Object(fields), _) => {
                write_object(&mut content, field.name, String::new(), fields, value);
            }
            (Kind::Objects(fields, entries), Value::Array(items)) => {
                let (Entries::Within(entry) | Entries::Bare(entry)) = *entries;
                let mut written = String::new();
                for item in items {
                    write_object(&mut written, entry, String::new(), fields, item);
                }
                match entries {
                    Entries::Within(_) => push_element(&mut content, field.name, &written),
                    Entries::Bare(_) => content.push_str(&written),
                }
            }
            (Kind::Element, Value::String(element)) => {
                push_element(&mut content, field.name, &embed(element).unwrap_or_default());
            }
            (Kind::Xml | Kind::Elements, Value::String(xml)) => {
                content.push_str(&embed(xml).unwrap_or_default());
            }
            (kind, value) => {
                let text = escape(&scalar(kind, value));
                start.push_str(&text::concat(&[" ", field.name, "=\"", &text, "\""]));
            }
        }
    }
    out.push_str(&start);
    if content.is_empty() {
        out.push_str("/>");
    } else {
        out.push_str(&text::concat(&[">", &content, "</", name, ">"]));
    }
}

fn write_texts(out: &mut String, name: &str, items: &[Value]) {
    let mut content = String::new();
    for item in items.iter().filter_map(Value::as_str) {
        push_element(&mut content, "Item", &escape(item));
    }
    push_element(out, name, &content);
}

fn push_element(out: &mut String, name: &str, content: &str) {
    out.push_str(&text::concat(&["<", name, ">", content, "</", name, ">"]));
}

fn scalar(kind: &Kind, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Boolean(true) => "true".into(),
        Value::Boolean(false) => "false".into(),
        _ => {
            let number = value.as_integer().unwrap_or_default();
            let time = matches!(kind, Kind::DateTime).then(|| from_unix_seconds(number)).flatten();
            time.unwrap_or_else(|| text::decimal(number))
        }
    }
}

/// Makes a text of an element whose start was just read.
type Rewrite = for<'a> fn(&mut Reader<'a>, &Name<'a>, &[Attribute<'a>]) -> Result<String, Fault>;

/// How a document is read.
#[derive(Clone, Copy)]
struct How {
    rewrite: Rewrite,
    /// Whether an entry of a list that can't be read leaves the others as they are.
    salvages: bool,
}

fn read_root(element: &str, fields: &[Field], document: &str, how: How) -> Result<Value, Fault> {
    let mut reader = Reader::document(document);
    let mut root = None;
    loop {
        let offset = reader.position();
        match reader.next_event()? {
            None => return root.ok_or(Fault { offset, rule: "no element" }),
            Some(Event::Start(name, attributes)) if root.is_none() => {
                if name.local != element || name.namespace != NAMESPACE {
                    return Err(Fault { offset, rule: "another element than the documented one" });
                }
                root = Some(read_object(&mut reader, fields, &attributes, how)?);
            }
            Some(Event::Text(layout)) if layout.trim().is_empty() => {}
            Some(_) => return Err(Fault { offset, rule: "something beside the root" }),
        }
    }
}

fn read_attributes(fields: &[Field], attributes: &[Attribute<'_>]) -> Vec<(String, Value)> {
    let mut properties = Vec::new();
    for attribute in attributes {
        if attribute.name.namespace != XMLNS_NAMESPACE {
            let field = fields.iter().find(|field| field.is(attribute.written));
            let value = typed(field.map(|field| &field.kind), &attribute.value);
            push(&mut properties, attribute.written, value);
        }
    }
    properties
}

/// Reads an element whose start was just read, to its end, into an object of its fields. What is
/// not declared is named, for a broker refuses it.
fn read_object<'a>(
    reader: &mut Reader<'a>,
    fields: &[Field],
    attributes: &[Attribute<'a>],
    how: How,
) -> Result<Value, Fault> {
    let mut properties = read_attributes(fields, attributes);
    // What no other field claims belongs to the one for free XML. A query's answer has two: the
    // last is for what went well.
    let is_free = |field: &&Field| matches!(field.kind, Kind::Xml | Kind::Element | Kind::Elements);
    let free = fields.iter().rev().find(is_free);
    let mut free_text = String::new();
    let mut free_elements = Vec::new();
    let mut entries = Vec::new();
    let mut names_unknown = true;
    let mut budget = Budget::from(reader);
    loop {
        let before = reader.mark();
        let event = match reader.next_event() {
            Ok(Some(event)) => event,
            Ok(None) => break,
            Err(fault) => {
                let list = fields.iter().find(|field| how.salvages && field.is_list());
                let list = list.ok_or_else(|| fault.clone())?;
                entries.push(unreadable(reader, &before, list, &[], &fault));
                continue;
            }
        };
        match event {
            Event::End => break,
            Event::Text(piece) => free_text.push_str(&escape(&piece)),
            Event::Start(name, attributes) => {
                let claimed = fields.iter().find(|field| field.claims(&name));
                // The answer to a query that failed, where nothing is wrapped around it.
                if claimed.is_none()
                    && name.local == "error"
                    && let Some(field) = fields.iter().find(|field| field.name == "ErrorElement")
                {
                    let error = read_element(reader, &mut budget, &name, &attributes)?;
                    push(&mut properties, field.name, error);
                    continue;
                }
                match (claimed, free.map(|field| &field.kind)) {
                    (
                        Some(list @ Field { kind: Kind::Objects(fields, Entries::Bare(_)), .. }),
                        _,
                    ) => {
                        let entry = read_entry_of(reader, list, fields, &before, &attributes, how);
                        entries.push(entry?);
                    }
                    (Some(field), _) => {
                        let value = read_child(reader, field, &attributes, how)?;
                        push(&mut properties, field.name, value);
                    }
                    (None, Some(Kind::Xml)) => {
                        free_text.push_str(&(how.rewrite)(reader, &name, &attributes)?);
                    }
                    (None, Some(_)) => {
                        let element = read_element(reader, &mut budget, &name, &attributes)?;
                        free_elements.push(element);
                    }
                    (None, None) => {
                        read_text(reader)?;
                        // One is enough to be refused, and many would be looked through for each field.
                        if std::mem::take(&mut names_unknown) {
                            push(&mut properties, name.local, "".into());
                        }
                    }
                }
            }
        }
        if free_text.len() > LONGEST_CONTENT {
            return Err(Fault { offset: reader.position(), rule: "content longer than 1 MiB" });
        }
    }
    if !entries.is_empty()
        && let Some(list) = fields.iter().find(|field| field.is_list())
    {
        let read = properties.iter_mut().find(|(name, _)| name == list.name);
        match read {
            Some((_, Value::Array(read))) => read.append(&mut entries),
            _ => push(&mut properties, list.name, Value::Array(entries)),
        }
    }
    if let Some(field) = free {
        let value = match field.kind {
            Kind::Xml if free_text.trim().is_empty() => None,
            Kind::Xml => Some(Value::String(free_text)),
            Kind::Element => first(free_elements),
            _ => Some(Value::Array(free_elements)),
        };
        if let Some(value) = value {
            push(&mut properties, field.name, value);
        }
    }
    Ok(Value::Object(properties))
}

fn read_child<'a>(
    reader: &mut Reader<'a>,
    field: &Field,
    attributes: &[Attribute<'a>],
    how: How,
) -> Result<Value, Fault> {
    if let Kind::Object(fields) = field.kind {
        return read_object(reader, fields, attributes, how);
    }
    let mut items = Vec::new();
    let mut budget = Budget::from(reader);
    loop {
        let before = reader.mark();
        match reader.next_event() {
            Ok(None | Some(Event::End)) => break,
            Ok(Some(Event::Text(_))) => {}
            Ok(Some(Event::Start(name, attributes))) => items.push(match field.kind {
                Kind::Objects(fields, _) => {
                    read_entry_of(reader, field, fields, &before, &attributes, how)?
                }
                Kind::Texts => Value::String(read_text(reader)?),
                _ => read_element(reader, &mut budget, &name, &attributes)?,
            }),
            Err(fault) if how.salvages && field.is_list() => {
                items.push(unreadable(reader, &before, field, &[], &fault));
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(if matches!(field.kind, Kind::Element) {
        first(items).unwrap_or(Value::Null)
    } else {
        Value::Array(items)
    })
}

/// Reads an entry of a list whose start was just read.
fn read_entry_of<'a>(
    reader: &mut Reader<'a>,
    list: &Field,
    fields: &[Field],
    before: &Mark,
    attributes: &[Attribute<'a>],
    how: How,
) -> Result<Value, Fault> {
    match read_object(reader, fields, attributes, how) {
        Ok(entry) if how.salvages => Ok(read_entry(fields, &entry, None, reader.since(before))),
        Err(fault) if how.salvages => Ok(unreadable(reader, before, list, attributes, &fault)),
        outcome => outcome,
    }
}

/// An entry that has a fault: its attributes, and its text. The reader goes on behind it.
fn unreadable<'a>(
    reader: &mut Reader<'a>,
    before: &Mark,
    list: &Field,
    attributes: &[Attribute<'a>],
    fault: &Fault,
) -> Value {
    reader.pass_over(before);
    let Kind::Objects(fields, _) = list.kind else { return Value::Null };
    let found = Value::Object(read_attributes(fields, attributes));
    let problem = text::concat(&["its XML has ", fault.rule]);
    read_entry(fields, &found, Some(problem), reader.since(before))
}

/// The text of an element whose start was just read, to its end.
fn read_text(reader: &mut Reader<'_>) -> Result<String, Fault> {
    let depth = reader.depth();
    let mut text = String::new();
    while let Some(event) = reader.next_event()? {
        match event {
            Event::Text(piece) => text.push_str(&piece),
            Event::End if reader.depth() < depth => break,
            _ => {}
        }
    }
    Ok(text)
}

/// An attribute's text as what it would be in JSON. White space around a value that is no text is none
/// of it (XML Schema Part 2 §4.3.6).
fn typed(kind: Option<&Kind>, text: &str) -> Value {
    match (kind, text.trim()) {
        (Some(Kind::Boolean), "true" | "1") => Value::Boolean(true),
        (Some(Kind::Boolean), "false" | "0") => Value::Boolean(false),
        (Some(Kind::Boolean | Kind::Integer(..) | Kind::IntegerOr(..) | Kind::DateTime), "") => {
            Value::Null
        }
        (Some(Kind::Integer(..) | Kind::IntegerOr(..)), digits) => match text::integer(digits) {
            Some(number) => Value::Number(number as f64),
            None => text.into(),
        },
        _ => text.into(),
    }
}

impl Field {
    /// Whether a property or attribute of that name is this one.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name || self.alias == Some(name)
    }

    /// Whether this is a list of objects.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Objects(..))
    }

    /// Whether a child element is this field.
    fn claims(&self, name: &Name<'_>) -> bool {
        let own = match self.kind {
            Kind::Objects(_, Entries::Bare(entry)) => name.local == entry,
            Kind::Texts | Kind::Object(_) | Kind::Objects(..) | Kind::Element => {
                self.is(name.local)
            }
            _ => false,
        };
        own && name.namespace == NAMESPACE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::{RESOURCES, account, xmpp};
    use proptest::prelude::*;

    fn parse(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_seeds_request_and_response_are_written() {
        let request = parse(r#"{"to":"bob@x","customXml":"<a/>","language":"sv","id":"1"}"#);
        assert_eq!(
            xmpp::SEND_PRESENCE_SUBSCRIPTION.xml_request(&request).unwrap(),
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
        let response = resource.response(&value).map_err(|mismatch| mismatch.path)?;
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
        let document = xmpp::SEND_XML_MESSAGE.xml_request(&request).unwrap();
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
        let name = || {
            prop::sample::select(vec!["a", "b", "value", "__value", "__name", "__ns", "__proto__"])
        };
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

    fn value_of(kind: &'static Kind) -> BoxedStrategy<Value> {
        match kind {
            Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
            Kind::Integer(least, greatest) | Kind::IntegerOr(least, greatest, _) => {
                (*least..=*greatest).prop_map(|number| Value::Number(number as f64)).boxed()
            }
            Kind::DateTime => (0_i64..4_000_000_000, any::<bool>())
                .prop_map(|(seconds, in_words)| match from_unix_seconds(seconds) {
                    Some(text) if in_words => Value::String(text),
                    _ => Value::Number(seconds as f64),
                })
                .boxed(),
            Kind::Texts => prop::collection::vec(text().prop_map(Value::String), 0..3)
                .prop_map(Value::Array)
                .boxed(),
            Kind::Object(fields) => object_of(fields),
            Kind::Objects(fields, _) => {
                prop::collection::vec(object_of(fields), 0..3).prop_map(Value::Array).boxed()
            }
            Kind::Element => element().prop_map(Value::String).boxed(),
            Kind::Elements => prop::collection::vec(element(), 0..3)
                .prop_map(|elements| Value::String(elements.concat()))
                .boxed(),
            Kind::Xml => element().prop_map(Value::String).boxed(),
            Kind::Token => Just(Value::from("a.b-c")).boxed(),
            Kind::Text => text().prop_map(Value::String).boxed(),
            Kind::Code => Just(Value::from("123456")).boxed(),
            Kind::Word(words) => prop::sample::select(*words).prop_map(Value::from).boxed(),
            Kind::Address => Just(Value::from("bob@example.org/å")).boxed(),
            Kind::UserName => Just(Value::from("alice")).boxed(),
            Kind::Language => Just(Value::from("sv-SE")).boxed(),
            _ => "[a-z]{1,4}".prop_map(Value::String).boxed(),
        }
    }

    fn object_of(fields: &'static [Field]) -> BoxedStrategy<Value> {
        let mut object = Just(Vec::new()).boxed();
        for field in fields {
            let value = if field.required {
                value_of(&field.kind).prop_map(Some).boxed()
            } else {
                prop::option::of(value_of(&field.kind)).boxed()
            };
            object = (object, value)
                .prop_map(|(mut object, value): (Vec<(String, Value)>, _)| {
                    object.extend(value.map(|value| (field.name.to_string(), value)));
                    object
                })
                .boxed();
        }
        object.prop_map(Value::Object).boxed()
    }

    fn in_xml() -> impl Strategy<Value = &'static Resource> {
        let resources: Vec<_> =
            RESOURCES.iter().copied().filter(|resource| resource.elements.is_some()).collect();
        prop::sample::select(resources)
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
                (Just(resource), object_of(resource.response))
            })
        ) {
            let json = resource.response(&response).unwrap();
            let document = resource.xml_response(&response).unwrap();
            let xml = resource.response(&resource.read_xml_response(&document).unwrap()).unwrap();
            // Putting an element into another adds declarations, and changes nothing else.
            prop_assert_eq!(canonical(&xml), canonical(&json), "{}", document);
        }

        #[test]
        fn both_encodings_give_the_same_request(
            (resource, request) in in_xml().prop_flat_map(|resource| {
                (Just(resource), object_of(resource.request))
            })
        ) {
            let document = resource.xml_request(&request).unwrap();
            let read = resource.read_xml_request(&document).unwrap();
            for field in resource.request {
                let (sent, received) = (request.get(field.name), read.get(field.name));
                if matches!(field.kind, Kind::Xml) {
                    let elements = |value: Option<&Value>| {
                        let xml = value.and_then(Value::as_str).unwrap_or_default();
                        super::super::elements_in(xml).unwrap().iter().map(canonical).collect::<Vec<_>>()
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
}
