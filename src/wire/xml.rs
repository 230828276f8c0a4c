//! The XML encoding: a request or response as an element, by the same declarations as in JSON.

use super::element::{Budget, read_element};
use super::entries::Entries;
use super::field::{Field, Form, Scalar};
use super::output::Output;
use super::read::read_entry;
use super::resource::Resource;
use super::value::{Value, first, push};
use crate::syntax::date_time::from_unix_seconds;
use crate::syntax::xml::{
    Attribute, Event, Fault, LONGEST_CONTENT, Mark, Name, Reader, XMLNS_NAMESPACE, embed, escape,
    rewrite,
};
use crate::text;

/// The namespace of every request and response.
pub const NAMESPACE: &str = "https://waher.se/Schema/BrokerAgent.xsd";

/// Prints a number that is not whole, as JavaScript does: to print doubles alone would take 10 KB.
pub type PrintNumber<'a> = &'a dyn Fn(f64) -> String;

impl Resource {
    /// A request in XML; `None` if only JSON is documented.
    #[must_use]
    pub fn xml_request(&self, body: &Value, print: PrintNumber<'_>) -> Option<String> {
        self.elements.map(|(element, _)| write_root(element, self.inputs, body, print))
    }

    /// A response in XML; `None` if only JSON is documented.
    #[must_use]
    pub fn xml_response(&self, response: &Value) -> Option<String> {
        let (_, element) = self.elements?;
        let print = |number: f64| number.to_string();
        Some(write_root(element, self.response.fields, response, &print))
    }

    /// A request in XML as the object that it would be in JSON.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn read_xml_request(&self, document: &str) -> Result<Value, Fault> {
        let (element, _) = self.elements.unwrap_or_default();
        read_root(element, self.inputs, document, How { rewrite, entry: None })
    }

    /// A response in XML as the object that it would be in JSON.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn read_xml_response(&self, document: &str) -> Result<Value, Fault> {
        self.read_xml(document, None)
    }

    /// As much of a response as can be read; the entries of its list are as [`read_entry`] makes them.
    pub(super) fn salvage_xml(&self, document: &str) -> Result<Value, Fault> {
        self.read_xml(document, Some(read_entry))
    }

    fn read_xml(&self, document: &str, entry: Option<ReadEntry<Output>>) -> Result<Value, Fault> {
        let (_, element) = self.elements.unwrap_or_default();
        // No response holds free XML as text, and the wasm is spared what would write it.
        let rewrite: Rewrite = |reader, _, _| read_text(reader);
        read_root(element, self.response.fields, document, How { rewrite, entry })
    }
}

fn write_root<F: Field>(
    element: &str,
    fields: &[F],
    object: &Value,
    print: PrintNumber<'_>,
) -> String {
    let mut out = String::new();
    let declaration = text::concat(&[" xmlns=\"", NAMESPACE, "\""]);
    write_object(&mut out, element, declaration, fields, object, print);
    out
}

fn write_object<F: Field>(
    out: &mut String,
    name: &str,
    declaration: String,
    fields: &[F],
    object: &Value,
    print: PrintNumber<'_>,
) {
    let mut start = text::concat(&["<", name, &declaration]);
    let mut content = String::new();
    for field in fields.iter().filter(|field| field.is_in_body()) {
        let (name, form) = (field.name(), field.form());
        let Some(value) = object.get(name).filter(|value| !matches!(value, Value::Null)) else {
            if matches!(form, Form::Texts) {
                write_texts(&mut content, name, &[]);
            }
            continue;
        };
        match form {
            Form::Attribute(kind) => {
                let text = escape(&scalar(kind, value, print));
                start.push_str(&text::concat(&[" ", name, "=\"", &text, "\""]));
            }
            Form::Texts => write_texts(&mut content, name, object.items(name)),
            Form::Object(fields) => {
                write_object(&mut content, name, String::new(), fields, value, print);
            }
            Form::Objects(fields, entries) => {
                let (Entries::Within(entry) | Entries::Bare(entry)) = entries;
                let mut written = String::new();
                for item in object.items(name) {
                    write_object(&mut written, entry, String::new(), fields, item, print);
                }
                match entries {
                    Entries::Within(_) => push_element(&mut content, name, &written),
                    Entries::Bare(_) => content.push_str(&written),
                }
            }
            Form::Element => {
                push_element(&mut content, name, &embedded(value));
            }
            Form::InnerXml | Form::Elements => {
                content.push_str(&embedded(value));
            }
            Form::JsonOnly => {}
        }
    }
    out.push_str(&start);
    if content.is_empty() {
        out.push_str("/>");
    } else {
        out.push_str(&text::concat(&[">", &content, "</", name, ">"]));
    }
}

fn embedded(xml: &Value) -> String {
    embed(xml.as_str().unwrap_or_default()).unwrap_or_default()
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

fn scalar(kind: Scalar, value: &Value, print: PrintNumber<'_>) -> String {
    match value {
        Value::Boolean(true) => "true".into(),
        Value::Boolean(false) => "false".into(),
        Value::Number(number) => match value.as_integer() {
            Some(seconds) if kind == Scalar::DateTime => {
                from_unix_seconds(seconds).unwrap_or_else(|| text::decimal(seconds))
            }
            Some(number) => text::decimal(number),
            None => print(*number),
        },
        _ => value.as_str().unwrap_or_default().into(),
    }
}

/// Makes a text of an element whose start was just read.
type Rewrite = for<'a> fn(&mut Reader<'a>, &Name<'a>, &[Attribute<'a>]) -> Result<String, Fault>;

/// Makes an entry of a list of what was found of it, with what is wrong with it and its text.
type ReadEntry<F> = fn(&[F], &Value, Option<String>, &str) -> Value;

/// How a document is read.
struct How<F: 'static> {
    rewrite: Rewrite,
    /// Set if an entry of a list that can't be read leaves the others as they are.
    entry: Option<ReadEntry<F>>,
}

// Derived, it would ask for fields that are `Copy`.
impl<F> Clone for How<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for How<F> {}

fn read_root<F: Field>(
    element: &str,
    fields: &[F],
    document: &str,
    how: How<F>,
) -> Result<Value, Fault> {
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
            Some(Event::Text(layout)) if layout.trim_ascii().is_empty() => {}
            Some(_) => return Err(Fault { offset, rule: "something beside the root" }),
        }
    }
}

fn read_attributes<F: Field>(fields: &[F], attributes: &[Attribute<'_>]) -> Vec<(String, Value)> {
    let mut properties = Vec::new();
    for attribute in attributes {
        if attribute.name.namespace != XMLNS_NAMESPACE {
            let field = fields.iter().find(|field| field.is(attribute.written));
            let value = typed(field, &attribute.value);
            push(&mut properties, attribute.written, value);
        }
    }
    properties
}

/// Reads an element whose start was just read, to its end, into an object of its fields. What is
/// not declared is named, because a broker refuses it.
fn read_object<'a, F: Field>(
    reader: &mut Reader<'a>,
    fields: &[F],
    attributes: &[Attribute<'a>],
    how: How<F>,
) -> Result<Value, Fault> {
    let mut properties = read_attributes(fields, attributes);
    // What no other field claims belongs to the one for free XML. A query's answer has two: the
    // last is for what went well.
    let is_free =
        |field: &&F| matches!(field.form(), Form::InnerXml | Form::Element | Form::Elements);
    let free = fields.iter().rev().find(is_free);
    let list = || fields.iter().find(|field| is_list(*field));
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
                let list = list().filter(|_| how.entry.is_some());
                let list = list.ok_or_else(|| fault.clone())?;
                entries.push(unreadable(reader, &before, list, &[], &fault, how));
                continue;
            }
        };
        match event {
            Event::End => break,
            Event::Text(piece) => free_text.push_str(&escape(&piece)),
            Event::Start(name, attributes) => {
                let claimed = fields.iter().find(|field| claims(*field, &name));
                // The answer to a query that failed, where nothing is wrapped around it.
                if claimed.is_none()
                    && name.local == "error"
                    && let Some(field) = fields.iter().find(|field| field.is("ErrorElement"))
                {
                    let error = read_element(reader, &mut budget, &name, &attributes)?;
                    push(&mut properties, field.name(), error);
                    continue;
                }
                match (claimed, free.map(Field::form)) {
                    (Some(field), _) => match field.form() {
                        Form::Objects(fields, Entries::Bare(_)) => {
                            let entry =
                                read_entry_of(reader, field, fields, &before, &attributes, how);
                            entries.push(entry?);
                        }
                        _ => {
                            let value = read_child(reader, field, &attributes, how)?;
                            push(&mut properties, field.name(), value);
                        }
                    },
                    (None, Some(Form::InnerXml)) => {
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
        && let Some(list) = list()
    {
        let read = properties.iter_mut().find(|(name, _)| name == list.name());
        match read {
            Some((_, Value::Array(read))) => read.append(&mut entries),
            _ => push(&mut properties, list.name(), Value::Array(entries)),
        }
    }
    if let Some(field) = free {
        let value = match field.form() {
            Form::InnerXml if free_text.trim_ascii().is_empty() => None,
            Form::InnerXml => Some(Value::String(free_text)),
            Form::Element => first(free_elements),
            _ => Some(Value::Array(free_elements)),
        };
        if let Some(value) = value {
            push(&mut properties, field.name(), value);
        }
    }
    Ok(Value::Object(properties))
}

fn read_child<'a, F: Field>(
    reader: &mut Reader<'a>,
    field: &F,
    attributes: &[Attribute<'a>],
    how: How<F>,
) -> Result<Value, Fault> {
    let form = field.form();
    if let Form::Object(fields) = form {
        return read_object(reader, fields, attributes, how);
    }
    let mut items = Vec::new();
    let mut budget = Budget::from(reader);
    loop {
        let before = reader.mark();
        match reader.next_event() {
            Ok(None | Some(Event::End)) => break,
            Ok(Some(Event::Text(_))) => {}
            Ok(Some(Event::Start(name, attributes))) => items.push(match form {
                Form::Objects(fields, _) => {
                    read_entry_of(reader, field, fields, &before, &attributes, how)?
                }
                Form::Texts => Value::String(read_text(reader)?),
                _ => read_element(reader, &mut budget, &name, &attributes)?,
            }),
            Err(fault) if how.entry.is_some() && is_list(field) => {
                items.push(unreadable(reader, &before, field, &[], &fault, how));
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(if matches!(form, Form::Element) {
        first(items).unwrap_or(Value::Null)
    } else {
        Value::Array(items)
    })
}

/// Reads an entry of a list whose start was just read.
fn read_entry_of<'a, F: Field>(
    reader: &mut Reader<'a>,
    list: &F,
    fields: &[F],
    before: &Mark,
    attributes: &[Attribute<'a>],
    how: How<F>,
) -> Result<Value, Fault> {
    let outcome = read_object(reader, fields, attributes, how);
    let Some(read_entry) = how.entry else { return outcome };
    Ok(match outcome {
        Ok(entry) => read_entry(fields, &entry, None, reader.since(before)),
        Err(fault) => unreadable(reader, before, list, attributes, &fault, how),
    })
}

/// An entry that has a fault: its attributes, and its text. The reader goes on behind it.
fn unreadable<'a, F: Field>(
    reader: &mut Reader<'a>,
    before: &Mark,
    list: &F,
    attributes: &[Attribute<'a>],
    fault: &Fault,
    how: How<F>,
) -> Value {
    reader.pass_over(before);
    let (Form::Objects(fields, _), Some(read_entry)) = (list.form(), how.entry) else {
        return Value::Null;
    };
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
fn typed<F: Field>(field: Option<&F>, text: &str) -> Value {
    let Some(Form::Attribute(scalar)) = field.map(Field::form) else { return text.into() };
    match (scalar, text.trim_ascii()) {
        (Scalar::Boolean, "true" | "1") => Value::Boolean(true),
        (Scalar::Boolean, "false" | "0") => Value::Boolean(false),
        (Scalar::Boolean | Scalar::Number | Scalar::DateTime, "") => Value::Null,
        (Scalar::Number, digits) => match text::integer(digits) {
            Some(number) => Value::Number(number as f64),
            None => text.into(),
        },
        (Scalar::Text | Scalar::Boolean | Scalar::DateTime, _) => text.into(),
    }
}

fn is_list<F: Field>(field: &F) -> bool {
    matches!(field.form(), Form::Objects(..))
}

/// Whether a child element is a field.
fn claims<F: Field>(field: &F, name: &Name<'_>) -> bool {
    let own = match field.form() {
        Form::Objects(_, Entries::Bare(entry)) => name.local == entry,
        Form::Texts | Form::Object(_) | Form::Objects(_, Entries::Within(_)) | Form::Element => {
            field.is(name.local)
        }
        Form::Attribute(_) | Form::Elements | Form::InnerXml | Form::JsonOnly => false,
    };
    own && name.namespace == NAMESPACE
}

#[cfg(test)]
mod tests;
