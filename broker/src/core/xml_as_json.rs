//! Converts the XML of an answer to JSON objects.

use super::encoded_size::escaped_json_size;
use neuron_agent_api::syntax::xml::{Attribute, Event as XmlEvent, Fault, Reader};
use neuron_agent_api::wire::{Output, OutputKind, Resource, Value, elements_in};

/// The maximum size of content that is converted, in bytes of JSON. Larger content stays XML, which
/// our client returns as `raw`, because objects take several times the memory, and clients limit
/// the size of a response.
pub(super) const LARGEST: usize = 4 * 1024 * 1024;

/// An upper bound for the size of an object without its names and values: braces, `__name`, `__ns`,
/// `__value`.
const ELEMENT: usize = 80;

/// An upper bound for the size of a property without its name and value.
const ATTRIBUTE: usize = 16;

/// Converts an answer to JSON. Its XML is parsed here, so the broker should not be locked.
#[must_use]
pub fn to_json_answer(resource: &Resource, answer: Value) -> Value {
    object(resource.response.fields, answer)
}

fn object(fields: &[Output], value: Value) -> Value {
    let Value::Object(properties) = value else { return value };
    let converted = properties.into_iter().map(|(name, value)| {
        let kind = fields.iter().find(|field| field.name == name).map(|field| &field.kind);
        let value = match (kind, value) {
            (Some(OutputKind::Element), Value::String(xml)) => element(xml),
            (Some(OutputKind::Elements), Value::String(xml)) => match objects(&xml) {
                Some(elements) => Value::Array(elements),
                None => Value::String(xml),
            },
            (Some(OutputKind::Object(shape)), value) => object(shape.fields, value),
            (Some(OutputKind::Objects(shape, _)), Value::Array(items)) => {
                Value::Array(items.into_iter().map(|item| object(shape.fields, item)).collect())
            }
            (_, value) => value,
        };
        (name, value)
    });
    Value::Object(converted.collect())
}

/// One element as an object, or as XML if it is too large.
pub(super) fn element(xml: String) -> Value {
    let first = objects(&xml).and_then(|elements| elements.into_iter().next());
    first.unwrap_or(Value::String(xml))
}

fn objects(xml: &str) -> Option<Vec<Value>> {
    if size(xml).ok()? > LARGEST {
        return None;
    }
    elements_in(xml).ok()
}

/// An upper bound for the size of the objects of some content, in bytes of JSON. Each object has
/// its whole namespace, so they may take many times the size of the content.
///
/// # Errors
/// Why a client can't read the content.
pub(super) fn size(xml: &str) -> Result<usize, Fault> {
    let mut reader = Reader::document(xml);
    let mut size = 0;
    while let Some(event) = reader.next_event()? {
        size += match event {
            XmlEvent::Start(name, attributes) => {
                let attribute =
                    |attribute: &Attribute<'_>| attribute_size(attribute.written, &attribute.value);
                element_size(name.local, &name.namespace)
                    + attributes.iter().map(attribute).sum::<usize>()
            }
            XmlEvent::Text(text) => escaped_json_size(&text),
            XmlEvent::End => 0,
        };
    }
    Ok(size)
}

/// The part of [`size`] for an element without attributes and content. Its name is a property's
/// name too.
pub(super) fn element_size(name: &str, namespace: &str) -> usize {
    ELEMENT + 2 * name.len() + escaped_json_size(namespace)
}

/// The part of [`size`] for an attribute, or for the declaration of a namespace.
pub(super) fn attribute_size(name: &str, value: &str) -> usize {
    ATTRIBUTE + name.len() + escaped_json_size(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::resources::xmpp::POP_MESSAGES;
    use proptest::prelude::*;

    fn content(xml: &str) -> Value {
        let entry = Value::Object(vec![("Content".into(), xml.into())]);
        let answer = Value::Object(vec![("Messages".into(), Value::Array(vec![entry]))]);
        let converted = to_json_answer(&POP_MESSAGES, answer);
        let Some(Value::Array(entries)) = converted.get("Messages") else {
            panic!("{converted:?}")
        };
        entries[0].get("Content").unwrap().clone()
    }

    #[test]
    fn content_becomes_objects_unless_it_is_too_large() {
        assert_eq!(content("<a xmlns=\"\"/>"), Value::Array(elements_in("<a xmlns=''/>").unwrap()));
        for xml in [
            "<b xmlns=\"\"/>".repeat(80_000),
            "<a".into(),
            (0..20_000).map(|number| format!("<a xmlns=\"{number}\"/>")).collect::<String>() + "<",
        ] {
            assert_eq!(content(&xml), Value::String(xml));
        }
    }

    proptest! {
        #[test]
        fn objects_are_no_larger_than_estimated(pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<a/>", "<b c='\"&quot;\\' d='&#10;'/>", "t\"\\", "<a xmlns='urn:x'>", "<p:a xmlns:p='u' p:q=''>",
                "<a value='5'>five", "<a id='1'><id>2</id>", "<value/>",
            ]),
            0..12,
        )) {
            let mut open = Vec::new();
            let mut xml = String::new();
            for piece in pieces {
                xml += piece;
                if piece.starts_with("<p:a") {
                    open.push("</p:a>");
                } else if piece.starts_with("<a") && piece != "<a/>" {
                    open.push("</a>");
                }
            }
            xml.extend(open.into_iter().rev());
            let converted = serde_json::to_string(&elements_in(&xml).unwrap()).unwrap();
            prop_assert!(size(&xml).unwrap() + 2 >= converted.len(), "{} {}", xml, converted);
        }
    }
}
