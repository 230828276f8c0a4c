//! XML as a JSON object: how the broker shows stanzas and their content in JSON.
//!
//! An element is an object with `__name` and `__ns` first; then its attributes as they are written,
//! namespace declarations included; its child elements under their local names, one as an object,
//! several as an array; and its text as `value`.
//!
//! Nothing gets lost where two have one name: the child elements keep it, the attribute and the text
//! get `__` in front of theirs (`__id`, `__value`), as often as no other name has it. So does what would pass for
//! the element's own name or namespace, or for an object's prototype.

use super::value::{Value, push};
use crate::syntax::xml::{Attribute, Event, Fault, LONGEST_NESTING, Name, Reader};
use crate::text;
use std::collections::BinaryHeap;
use std::ops::Range;

/// How many more elements may be around the content that somebody put into a stanza, down to the
/// `<body>` of HTML in a message.
const AROUND_CONTENT: usize = 8;

/// How many elements, attributes and texts are read of one entry or element: more than any has, and
/// few enough for a page.
const MOST_PARTS: usize = 50_000;

/// How many bytes of namespaces an object may hold for each byte of its text. Each element names its
/// own, though the text names it once: `<a/>` in one of 64 characters takes this much.
const NAMESPACES_A_BYTE: usize = 16;

/// How much more, for what is short.
const NAMESPACES_ANYWAY: usize = 4 * 1024;

/// What is left of the size that an object may have.
pub(super) struct Budget {
    start: usize,
    parts: usize,
    namespaces: usize,
}

impl Budget {
    /// For what begins where a reader is.
    pub(super) fn from(reader: &Reader<'_>) -> Self {
        Self { start: reader.position(), parts: 0, namespaces: 0 }
    }

    fn spend(
        &mut self,
        reader: &Reader<'_>,
        name: &Name<'_>,
        attributes: &[Attribute<'_>],
    ) -> Result<(), Fault> {
        let offset = reader.position();
        self.parts += 2 + attributes.len();
        self.namespaces += name.namespace.len();
        let read = offset.saturating_sub(self.start);
        let rule = if reader.depth() > LONGEST_NESTING + AROUND_CONTENT {
            "elements nested too deep"
        } else if self.parts > MOST_PARTS {
            "too many parts"
        } else if self.namespaces > NAMESPACES_ANYWAY + NAMESPACES_A_BYTE * read {
            "namespaces that are too long, too often"
        } else {
            return Ok(());
        };
        Err(Fault { offset, rule })
    }
}

/// The elements in a piece of content; text beside them is left out.
///
/// # Errors
/// The first [`Fault`].
pub fn elements_in(content: &str) -> Result<Vec<Value>, Fault> {
    let mut reader = Reader::document(content);
    let mut budget = Budget::from(&reader);
    let mut elements = Vec::new();
    while let Some(event) = reader.next_event()? {
        if let Event::Start(name, attributes) = event {
            elements.push(read_element(&mut reader, &mut budget, &name, &attributes)?);
        }
    }
    Ok(elements)
}

/// Reads an element whose start was just read, to its end.
pub(super) fn read_element<'a>(
    reader: &mut Reader<'a>,
    budget: &mut Budget,
    name: &Name<'a>,
    attributes: &[Attribute<'a>],
) -> Result<Value, Fault> {
    budget.spend(reader, name, attributes)?;
    let mut element = Vec::new();
    push(&mut element, "__name", name.local.into());
    push(&mut element, "__ns", Value::from(&*name.namespace));
    for attribute in attributes {
        push(&mut element, attribute.written, Value::from(&*attribute.value));
    }
    let children_start = element.len();
    let mut children: Vec<(&'a str, Value)> = Vec::new();
    let mut text = String::new();
    while let Some(event) = reader.next_event()? {
        match event {
            Event::Start(name, attributes) => {
                let child = read_element(reader, budget, &name, &attributes)?;
                children.push((name.local, child));
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::End => break,
        }
    }
    let names = group(&mut children);
    for (name, child) in children {
        if !matches!(child, Value::Null) {
            push(&mut element, name, child);
        }
    }
    // The children choose first, then the attributes, then the text.
    let end = element.len();
    rename(&mut element, children_start..end, &is_reserved);
    let is_child = |name: &str| names.binary_search_by(|(known, _)| (*known).cmp(name)).is_ok();
    rename(&mut element, 2..children_start, &|name| is_reserved(name) || is_child(name));
    let only_layout = !names.is_empty() && text.trim_ascii().is_empty();
    if !text.is_empty() && !only_layout {
        let is_taken = element.iter().any(|(name, _)| name == "value");
        push(&mut element, "value", Value::String(text));
        rename(&mut element, end..end + 1, &|_| is_taken);
    }
    Ok(Value::Object(element))
}

/// Collects children of the same name in an array, which replaces the first of them; `Null` replaces the
/// others. Returns the names, sorted, each with its index.
fn group<'a>(children: &mut [(&'a str, Value)]) -> Vec<(&'a str, usize)> {
    let mut names = Vec::with_capacity(children.len());
    for (place, (name, _)) in children.iter().enumerate() {
        names.push((*name, place));
    }
    // Sorted by a heap, which takes a tenth of the code of `sort`.
    let names = BinaryHeap::from(names).into_sorted_vec();
    let mut first: Option<(&str, usize)> = None;
    for (name, place) in &names {
        let Some((_, place_of_first)) = first.filter(|(first, _)| first == name) else {
            first = Some((name, *place));
            continue;
        };
        let Some((_, child)) = children.get_mut(*place) else { continue };
        let child = std::mem::replace(child, Value::Null);
        match children.get_mut(place_of_first) {
            Some((_, Value::Array(several))) => several.push(child),
            Some((_, one)) => {
                let before = std::mem::replace(one, Value::Null);
                *one = Value::Array(vec![before, child]);
            }
            None => {}
        }
    }
    names
}

fn is_reserved(name: &str) -> bool {
    matches!(name, "__proto__" | "__name" | "__ns")
}

/// Gives the properties in a range whose names are taken other ones: with so many `__` in front that
/// no property has as many. One look at all the names does for any number of properties.
fn rename(element: &mut [(String, Value)], range: Range<usize>, is_taken: &dyn Fn(&str) -> bool) {
    let underscores = |name: &str| name.bytes().take_while(|byte| *byte == b'_').count();
    // The first two are its own.
    let mut most = 0;
    for (name, _) in element.get(2..).unwrap_or_default() {
        most = underscores(name).max(most);
    }
    let mut start = String::from("__");
    for _ in 0..most / 2 {
        start.push_str("__");
    }
    for (name, _) in element.get_mut(range).unwrap_or_default() {
        if is_taken(name) {
            *name = text::concat(&[&start, name]);
        }
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
    fn nothing_gets_lost_where_two_have_one_name() {
        let of = |name: &str| format!(r#"{{"__name":"{name}","__ns":""}}"#);
        for (content, properties) in [
            ("<a value='5'>five</a>", r#","value":"5","__value":"five""#.to_string()),
            (
                "<a id='1'><id>2</id></a>",
                r#","__id":"1","id":{"__name":"id","__ns":"","value":"2"}"#.into(),
            ),
            (
                "<a value='1'>2<value/></a>",
                format!(r#","__value":"1","value":{},"____value":"2""#, of("value")),
            ),
            (
                "<a __value='1'>2<value/></a>",
                format!(r#","__value":"1","value":{},"____value":"2""#, of("value")),
            ),
            (
                "<a id='1' __id='2'><id/></a>",
                format!(r#","____id":"1","__id":"2","id":{}"#, of("id")),
            ),
            (
                "<a __name='b' __ns='v'><__name/><__ns/><__name/></a>",
                format!(
                    r#","__________name":"b","__________ns":"v","______name":[{name},{name}],"______ns":{}"#,
                    of("__ns"),
                    name = of("__name"),
                ),
            ),
            (
                "<a __proto__='x'><__proto__ b='c'/></a>",
                r#","__________proto__":"x","______proto__":{"__name":"__proto__","__ns":"","b":"c"}"#
                    .into(),
            ),
        ] {
            let expected = format!(r#"[{{"__name":"a","__ns":""{properties}}}]"#);
            assert_eq!(json(content), expected, "{content}");
        }
    }

    #[test]
    fn an_element_has_any_number_of_names_and_a_bounded_number_of_parts() {
        let with = |children: String| elements_in(&format!("<a>{children}</a>"));
        let names = |count: usize| (0..count).map(|number| format!("<n{number}/>")).collect();
        assert!(with(names(20_000)).is_ok());
        assert!(with("<n/>".repeat(20_000)).is_ok());
        for children in [names(30_000), "<n/>".repeat(30_000), "<n b='' c=''/>".repeat(15_000)] {
            assert_eq!(with(children).unwrap_err().rule, "too many parts");
        }
    }

    #[test]
    fn depth_is_bounded_and_no_stack_at_stake() {
        let nested = |depth| "<a>".repeat(depth) + &"</a>".repeat(depth);
        assert!(elements_in(&nested(72)).is_ok());
        for depth in [73, 1_000_000] {
            let fault = elements_in(&nested(depth)).unwrap_err();
            assert_eq!(fault.rule, "elements nested too deep");
        }
    }

    #[test]
    fn namespaces_are_not_repeated_without_end() {
        let with = |length: usize, children: usize| {
            let namespace = "u".repeat(length);
            elements_in(&format!("<x xmlns='{namespace}'>{}</x>", "<a/>".repeat(children)))
        };
        // No real namespace is longer than this, and the smallest elements may have it.
        assert!(with(64, 10_000).is_ok());
        assert!(with(1_000, 3).is_ok());
        let fault = with(1_000, 10_000).unwrap_err();
        assert_eq!(fault.rule, "namespaces that are too long, too often");
        // It is found out while it can still be borne.
        assert!(fault.offset < 2_000, "{fault:?}");
    }
}
