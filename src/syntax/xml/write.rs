//! Writing XML: escapes, and content that is put into another element.

use super::character::is_space;
use super::content::LONGEST_CONTENT;
use super::reader::{
    Attribute, Event, Fault, LONGEST_NESTING, Name, Reader, XML_NAMESPACE, XMLNS_NAMESPACE,
};
use crate::text;

/// A text as element content or as an attribute's value in either quote. White space that a reader
/// would change is written as a reference.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Content that means the same inside an element with a default namespace as it does alone: every
/// outermost element says which is its own.
///
/// # Errors
/// The first [`Fault`], where this is no content.
pub fn embed(content: &str) -> Result<String, Fault> {
    let mut reader = Reader::content(content);
    let mut embedded = String::with_capacity(content.len());
    let mut written = 0;
    loop {
        let start = reader.position();
        let outermost = reader.depth() == 0;
        match reader.next_event()? {
            None => break,
            Some(Event::Start(_, attributes)) if outermost => {
                let declares = attributes.iter().any(|attribute| attribute.written == "xmlns");
                if !declares {
                    let read = content.get(start..reader.position()).unwrap_or_default();
                    let name_end = start + name_end(read);
                    embedded.push_str(content.get(written..name_end).unwrap_or_default());
                    embedded.push_str(" xmlns=\"\"");
                    written = name_end;
                }
            }
            Some(_) => {}
        }
    }
    embedded.push_str(content.get(written..).unwrap_or_default());
    Ok(embedded)
}

/// Writes an element anew whose start was just read, to its end: without prefixes on elements,
/// without comments, every namespace said where it changes.
///
/// # Errors
/// The first [`Fault`]: what is nested deeper than content may be, or becomes longer, is one too.
pub fn rewrite<'a>(
    reader: &mut Reader<'a>,
    name: &Name<'a>,
    attributes: &[Attribute<'a>],
) -> Result<String, Fault> {
    let mut out = String::new();
    let mut open = Vec::new();
    start(&mut out, &mut open, name.clone(), attributes);
    while !open.is_empty() {
        match reader.next_event()? {
            Some(Event::Start(name, attributes)) => start(&mut out, &mut open, name, &attributes),
            Some(Event::Text(piece)) => out.push_str(&escape(&piece)),
            Some(Event::End) | None => {
                if let Some(Name { local, .. }) = open.pop() {
                    out.push_str(&text::concat(&["</", local, ">"]));
                }
            }
        }
        if let Some(rule) = too_much(&out, open.len()) {
            return Err(Fault { offset: reader.position(), rule });
        }
    }
    Ok(out)
}

/// What is wrong with content of this length and depth.
fn too_much(content: &str, depth: usize) -> Option<&'static str> {
    if depth > LONGEST_NESTING {
        return Some("nested too deep");
    }
    (content.len() > LONGEST_CONTENT)
        .then_some("longer than 1 MiB, with each namespace where it changes")
}

fn start<'a>(
    out: &mut String,
    open: &mut Vec<Name<'a>>,
    name: Name<'a>,
    attributes: &[Attribute<'a>],
) {
    out.push('<');
    out.push_str(name.local);
    if open.last().is_none_or(|around| around.namespace != name.namespace) {
        out.push_str(&text::concat(&[" xmlns=\"", &escape(&name.namespace), "\""]));
    }
    for (number, attribute) in attributes.iter().enumerate() {
        write_attribute(out, number, attribute);
    }
    out.push('>');
    open.push(name);
}

fn write_attribute(out: &mut String, number: usize, attribute: &Attribute<'_>) {
    let Attribute { name, value, .. } = attribute;
    let value = escape(value);
    match &*name.namespace {
        XMLNS_NAMESPACE => {}
        "" => out.push_str(&text::concat(&[" ", name.local, "=\"", &value, "\""])),
        XML_NAMESPACE => out.push_str(&text::concat(&[" xml:", name.local, "=\"", &value, "\""])),
        namespace => {
            let prefix = text::concat(&["n", &text::decimal(number)]);
            let namespace = escape(namespace);
            out.push_str(&text::concat(&[" xmlns:", &prefix, "=\"", &namespace, "\""]));
            out.push_str(&text::concat(&[" ", &prefix, ":", name.local, "=\"", &value, "\""]));
        }
    }
}

/// Where the name ends in what was read for a start tag, comments before it included.
fn name_end(read: &str) -> usize {
    let mut start = 0;
    while let Some(comment) = read.get(start..).and_then(|rest| rest.strip_prefix("<!--")) {
        start += 4 + text::find(comment, "-->").unwrap_or_default() + 3;
    }
    let tag = read.get(start..).unwrap_or_default();
    let ends = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>');
    start + tag.as_bytes().iter().position(ends).unwrap_or(tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_character_is_escaped() {
        assert_eq!(escape("a&<>\"'\t\r\nå"), "a&amp;&lt;&gt;&quot;&apos;&#9;&#13;&#10;å");
    }

    #[test]
    fn outermost_elements_say_their_default_namespace() {
        for (content, embedded) in [
            ("", ""),
            ("text", "text"),
            ("<a/>", "<a xmlns=\"\"/>"),
            ("<a b='c'><d/></a>x<e/>", "<a xmlns=\"\" b='c'><d/></a>x<e xmlns=\"\"/>"),
            ("<a xmlns='u'/>", "<a xmlns='u'/>"),
            ("<a xmlns=''/>", "<a xmlns=''/>"),
            ("<p:a xmlns:p='u'><b/></p:a>", "<p:a xmlns=\"\" xmlns:p='u'><b/></p:a>"),
            ("<!-- <x> --><!----><a/>", "<!-- <x> --><!----><a xmlns=\"\"/>"),
            ("<a\n/>", "<a xmlns=\"\"\n/>"),
        ] {
            assert_eq!(embed(content).as_deref(), Ok(embedded), "{content}");
        }
    }
}
