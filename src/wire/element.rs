//! XML as a JSON object: how the broker shows stanzas and their content in JSON.
//!
//! An element is an object with `__name` and `__ns` first; then its attributes as they are written,
//! namespace declarations included; its child elements under their local names, one as an object,
//! several as an array; and its text as `value`, or `__value` where a child has that name.

use super::value::Value;
use crate::xml::{Attribute, Event, Fault, Name, Reader};

/// The elements in a piece of content; text beside them is left out.
///
/// # Errors
/// The first [`Fault`].
pub fn elements_in(content: &str) -> Result<Vec<Value>, Fault> {
    let mut reader = Reader::document(content);
    let mut elements = Vec::new();
    while let Some(event) = reader.next_event()? {
        if let Event::Start(name, attributes) = event {
            elements.push(read_element(&mut reader, &name, &attributes)?);
        }
    }
    Ok(elements)
}

/// Reads an element whose start was just read, to its end.
pub(super) fn read_element(
    reader: &mut Reader<'_>,
    name: &Name<'_>,
    attributes: &[Attribute<'_>],
) -> Result<Value, Fault> {
    let mut element =
        vec![("__name".into(), name.local.into()), ("__ns".into(), Value::from(&*name.namespace))];
    for attribute in attributes {
        add(&mut element, attribute.written, Value::from(&*attribute.value));
    }
    let attributes_end = element.len();
    let mut text = String::new();
    while let Some(event) = reader.next_event()? {
        match event {
            Event::Start(name, attributes) => {
                let child = read_element(reader, &name, &attributes)?;
                add_child(&mut element, attributes_end, name.local, child);
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::End => break,
        }
    }
    let has_children = element.len() > attributes_end;
    let only_layout = has_children && text.trim().is_empty();
    if !text.is_empty() && !only_layout {
        let taken = element.iter().skip(attributes_end).any(|(name, _)| name == "value");
        add(&mut element, if taken { "__value" } else { "value" }, Value::String(text));
    }
    Ok(Value::Object(element))
}

fn add_child(element: &mut Vec<(String, Value)>, attributes_end: usize, name: &str, child: Value) {
    let mut children = element.iter_mut().skip(attributes_end);
    match children.find(|(key, _)| key == name).map(|(_, value)| value) {
        Some(Value::Array(several)) => several.push(child),
        Some(one) => {
            let first = std::mem::replace(one, Value::Null);
            *one = Value::Array(vec![first, child]);
        }
        None => add(element, name, child),
    }
}

/// Adds a property. One that JavaScript would take for an object's prototype stays out.
fn add(element: &mut Vec<(String, Value)>, name: &str, value: Value) {
    if name != "__proto__" {
        element.push((name.into(), value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(content: &str) -> String {
        serde_json::to_string(&elements_in(content).unwrap()).unwrap()
    }

    #[test]
    fn an_element_is_an_object_of_its_parts() {
        assert_eq!(
            json("<a xmlns='u' b='1'>text<c/></a>"),
            r#"[{"__name":"a","__ns":"u","xmlns":"u","b":"1","c":{"__name":"c","__ns":"u"},"value":"text"}]"#
        );
        assert_eq!(
            json("<p:a xmlns:p='u' p:b='&lt;'><![CDATA[<x>]]>y</p:a>"),
            r#"[{"__name":"a","__ns":"u","xmlns:p":"u","p:b":"<","value":"<x>y"}]"#
        );
    }

    #[test]
    fn one_child_is_an_object_and_several_are_an_array() {
        let c = r#"{"__name":"c","__ns":""}"#;
        assert_eq!(json("<a><c/></a>"), format!(r#"[{{"__name":"a","__ns":"","c":{c}}}]"#));
        assert_eq!(
            json("<a><c/><c/></a>"),
            format!(r#"[{{"__name":"a","__ns":"","c":[{c},{c}]}}]"#)
        );
        assert_eq!(
            json("<a><c/><c/><c/></a>"),
            format!(r#"[{{"__name":"a","__ns":"","c":[{c},{c},{c}]}}]"#)
        );
    }

    #[test]
    fn text_gives_way_to_a_child_of_its_name_and_layout_is_no_text() {
        let value = r#"{"__name":"value","__ns":""}"#;
        assert_eq!(
            json("<a>x<value/></a>"),
            format!(r#"[{{"__name":"a","__ns":"","value":{value},"__value":"x"}}]"#)
        );
        assert_eq!(
            json("<a>\n <value/>\n</a>"),
            format!(r#"[{{"__name":"a","__ns":"","value":{value}}}]"#)
        );
        assert_eq!(json("<a> </a>"), r#"[{"__name":"a","__ns":"","value":" "}]"#);
    }

    #[test]
    fn content_may_have_several_elements_and_text_beside_them() {
        assert_eq!(json("x<a/> <b/>"), r#"[{"__name":"a","__ns":""},{"__name":"b","__ns":""}]"#);
        assert_eq!(json("text"), "[]");
        assert!(elements_in("<a>").is_err());
        assert!(elements_in("<!DOCTYPE a><a/>").is_err());
    }

    #[test]
    fn no_element_becomes_a_prototype() {
        assert_eq!(
            json("<a __proto__='x'><__proto__ b='c'/></a>"),
            r#"[{"__name":"a","__ns":""}]"#
        );
    }
}
