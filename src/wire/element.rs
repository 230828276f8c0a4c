//! XML as a JSON object: how the broker shows stanzas and their content in JSON.
//!
//! An element is an object with `__name` and `__ns` first; then its attributes as they are written,
//! namespace declarations included; its child elements under their local names, one as an object,
//! several as an array; and its text as `value`, or `__value` where a child has that name.

use super::value::{Value, push};
use crate::xml::{Attribute, Event, Fault, Name, Reader};

/// How many children of different names an element may have: far more than any has, and few enough
/// to be kept in order.
const MOST_NAMES: usize = 10_000;

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
pub(super) fn read_element<'a>(
    reader: &mut Reader<'a>,
    name: &Name<'_>,
    attributes: &[Attribute<'_>],
) -> Result<Value, Fault> {
    let mut element = Vec::new();
    push(&mut element, "__name", name.local.into());
    push(&mut element, "__ns", Value::from(&*name.namespace));
    for attribute in attributes {
        add(&mut element, attribute.written, Value::from(&*attribute.value));
    }
    // Where the children of a name are, in the order of the names: looking for them one by one would
    // take for ever.
    let mut places: Vec<(&'a str, usize)> = Vec::new();
    let mut text = String::new();
    while let Some(event) = reader.next_event()? {
        match event {
            Event::Start(name, attributes) => {
                let child = read_element(reader, &name, &attributes)?;
                add_child(&mut element, &mut places, name.local, child);
                if places.len() > MOST_NAMES {
                    let offset = reader.position();
                    return Err(Fault { offset, rule: "an element with more than 10000 names" });
                }
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::End => break,
        }
    }
    let only_layout = !places.is_empty() && text.trim().is_empty();
    if !text.is_empty() && !only_layout {
        let taken = places.iter().any(|(name, _)| *name == "value");
        add(&mut element, if taken { "__value" } else { "value" }, Value::String(text));
    }
    Ok(Value::Object(element))
}

fn add_child<'a>(
    element: &mut Vec<(String, Value)>,
    places: &mut Vec<(&'a str, usize)>,
    name: &'a str,
    child: Value,
) {
    let known = places.binary_search_by(|(known, _)| (*known).cmp(name));
    let place = known.ok().and_then(|known| places.get(known)).map(|(_, place)| *place);
    match (place.and_then(|place| element.get_mut(place)), known) {
        (Some((_, Value::Array(several))), _) => several.push(child),
        (Some((_, one)), _) => {
            let first = std::mem::replace(one, Value::Null);
            *one = Value::Array(vec![first, child]);
        }
        (None, Ok(known) | Err(known)) => {
            if add(element, name, child) {
                places.insert(known, (name, element.len() - 1));
            }
        }
    }
}

/// Adds a property, unless it would pass for something else: for an object's prototype, or for the
/// name and namespace that the element really has.
fn add(element: &mut Vec<(String, Value)>, name: &str, value: Value) -> bool {
    let free = !matches!(name, "__proto__" | "__name" | "__ns");
    if free {
        push(element, name, value);
    }
    free
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
    fn nothing_passes_for_the_name_of_its_element() {
        assert_eq!(
            json("<a xmlns='u' __name='b' __ns='v'><__name/><__ns/><__name/></a>"),
            r#"[{"__name":"a","__ns":"u","xmlns":"u"}]"#
        );
    }

    #[test]
    fn many_names_take_no_more_than_their_share_of_time() {
        let children = |count: usize| (0..count).map(|number| format!("<n{number}/>"));
        let with = |count| format!("<a>{}</a>", children(count).collect::<String>());
        assert!(elements_in(&with(10_000)).is_ok());
        let start = std::time::Instant::now();
        // One by one they would take minutes.
        assert!(elements_in(&with(200_000)).is_err());
        assert!(elements_in(&format!("<a>{}</a>", "<n/>".repeat(200_000))).is_ok());
        assert!(start.elapsed().as_secs() < 20);
    }

    #[test]
    fn no_element_becomes_a_prototype() {
        assert_eq!(
            json("<a __proto__='x'><__proto__ b='c'/></a>"),
            r#"[{"__name":"a","__ns":""}]"#
        );
    }
}
