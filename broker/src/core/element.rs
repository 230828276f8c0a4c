//! Elements as trees, for XML that the broker keeps, changes and signs.

use super::content::{Content, escape};
use neuron_agent_api::syntax::date_time::from_unix_seconds;
use neuron_agent_api::syntax::xml::{Event, Reader};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

/// An element and what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub name: String,
    pub namespace: String,
    /// The attributes, without declarations of the default namespace.
    attributes: Vec<(String, String)>,
    nodes: Vec<Node>,
}

/// A child.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Element(Element),
    Text(String),
}

/// How an element is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// So that a parser gets exactly what was written.
    Xml,
    /// As it is signed: in NFC, with five escaped characters.
    Canonical,
}

impl Form {
    fn escape(self, xml: &mut String, text: &str, in_attribute: bool) {
        match self {
            Self::Xml => escape(xml, text, in_attribute),
            Self::Canonical => escape_canonical(xml, text),
        }
    }
}

impl Element {
    /// An element without attributes and children.
    pub(super) fn new(name: &str, namespace: &str) -> Self {
        Self { name: name.into(), namespace: namespace.into(), ..Self::default() }
    }

    /// The element with one more attribute.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// The element with one more attribute, if there is a value.
    pub(super) fn with_optional(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The element with one more child.
    pub(super) fn containing(mut self, child: Self) -> Self {
        self.push(child);
        self
    }

    /// The element with more text.
    pub(super) fn saying(mut self, text: impl Into<String>) -> Self {
        self.nodes.push(Node::Text(text.into()));
        self
    }

    /// Adds a child.
    pub(super) fn push(&mut self, child: Self) {
        self.nodes.push(Node::Element(child));
    }

    /// Sets an attribute.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.attributes.retain(|(known, _)| known != name);
        self.attributes.push((name.into(), value.into()));
    }

    /// Removes all children and texts.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
    }

    /// The value of an attribute. `None` if it has none.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The children that are elements.
    pub(super) fn children(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The children that are elements, to be changed.
    pub(super) fn children_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        self.nodes.iter_mut().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The children with a name, in the namespace of the element itself.
    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children().filter(move |child| child.name == name && child.namespace == self.namespace)
    }

    /// The child that is an element. `None` unless there is one.
    pub(super) fn only_child(&self) -> Option<&Self> {
        let mut children = self.children();
        children.next().filter(|_| children.next().is_none())
    }

    /// How many levels of elements it has, itself included.
    pub(super) fn depth(&self) -> usize {
        1 + self.children().map(Self::depth).max().unwrap_or_default()
    }

    /// The text directly in it.
    pub(super) fn text(&self) -> String {
        let texts = self.nodes.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        texts.collect()
    }

    /// Whether there is any text directly in it.
    pub(super) fn has_text(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node, Node::Text(_)))
    }

    /// The element as XML, without insignificant white space.
    pub(super) fn to_xml(&self) -> String {
        let mut xml = String::new();
        self.write(&mut xml, None, Form::Xml);
        xml
    }

    /// What a signature covers: the root declares no namespace, attributes are in alphabetical
    /// order, and texts are in NFC.
    pub(super) fn canonical(&self) -> String {
        let mut xml = String::new();
        self.write(&mut xml, Some(&self.namespace), Form::Canonical);
        xml
    }

    /// The element as the content of a message.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub(super) fn content(&self) -> Result<Content, String> {
        Content::parse(&self.to_xml())
    }

    /// Reads a document. White space between elements is dropped.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub(super) fn parse(document: &str) -> Result<Self, String> {
        let content = Content::parse(without_declaration(document))?;
        if content.elements().len() != 1 {
            return Err("is not one element.".into());
        }
        read(content.as_str()).ok_or_else(|| "is not one element.".into())
    }

    fn write(&self, xml: &mut String, around: Option<&str>, form: Form) {
        let mut attributes: Vec<_> = self
            .attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain((around != Some(&self.namespace)).then_some(("xmlns", self.namespace.as_str())))
            .collect();
        attributes.sort_unstable();
        xml.push('<');
        xml.push_str(&self.name);
        for (name, value) in attributes {
            xml.push(' ');
            xml.push_str(name);
            xml.push_str("=\"");
            form.escape(xml, value, true);
            xml.push('"');
        }
        if self.nodes.is_empty() {
            xml.push_str("/>");
            return;
        }
        xml.push('>');
        for node in &self.nodes {
            match node {
                Node::Element(child) => child.write(xml, Some(&self.namespace), form),
                Node::Text(text) => form.escape(xml, text, false),
            }
        }
        xml.push_str("</");
        xml.push_str(&self.name);
        xml.push('>');
    }

    /// Drops white space between elements.
    fn compact(&mut self) {
        if self.children().next().is_some() {
            self.nodes.retain(|node| match node {
                Node::Element(_) => true,
                Node::Text(text) => !text.trim_ascii().is_empty(),
            });
        }
    }
}

/// As XML.
impl Serialize for Element {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_xml().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// An XML declaration is no content.
fn without_declaration(document: &str) -> &str {
    let document = document.strip_prefix('\u{FEFF}').unwrap_or(document);
    let declared = document.strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>"));
    declared.map_or(document, |(_, rest)| rest).trim_ascii()
}

/// Builds the tree of content that was rewritten: its elements have no prefixes.
fn read(xml: &str) -> Option<Element> {
    let mut reader = Reader::content(xml);
    // The first is the document around the root.
    let mut open = vec![Element::default()];
    while let Some(event) = reader.next_event().ok()? {
        match event {
            Event::Start(name, attributes) => {
                let attributes = attributes.iter().filter(|attribute| attribute.written != "xmlns");
                let attributes = attributes
                    .map(|attribute| (attribute.written.to_owned(), attribute.value.to_string()));
                open.push(Element {
                    attributes: attributes.collect(),
                    ..Element::new(name.local, &name.namespace)
                });
            }
            Event::Text(text) => open.last_mut()?.nodes.push(Node::Text(text.into_owned())),
            Event::End => {
                let mut ended = open.pop()?;
                ended.compact();
                open.last_mut()?.push(ended);
            }
        }
    }
    let mut document = open.pop()?;
    document.compact();
    match document.nodes.pop()? {
        Node::Element(root) if document.nodes.is_empty() => Some(root),
        _ => None,
    }
}

/// The canonical form escapes five characters everywhere.
fn escape_canonical(xml: &mut String, text: &str) {
    for character in text.nfc() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
            other => xml.push(other),
        }
    }
}

/// A point in time, as XML has it.
pub(super) fn timestamp(seconds: i64) -> String {
    let text = from_unix_seconds(seconds).unwrap_or_default();
    text.replace('Z', ".000Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Element {
        Element::new("a", "u")
            .with("z", "1\n")
            .with("b", "'\"")
            .containing(Element::new("c", "v").saying("e\u{301} & <"))
            .containing(Element::new("d", "u"))
    }

    #[test]
    fn attributes_are_sorted_and_namespaces_are_declared_where_they_change() {
        assert_eq!(
            sample().to_xml(),
            concat!(
                r#"<a b="'&quot;" xmlns="u" z="1&#10;"><c xmlns="v">"#,
                "e\u{301} &amp; &lt;</c><d/></a>"
            )
        );
    }

    #[test]
    fn the_canonical_form_is_composed_and_its_root_declares_no_namespace() {
        assert_eq!(
            sample().canonical(),
            concat!(
                "<a b=\"&apos;&quot;\" z=\"1\n\"><c xmlns=\"v\">",
                "\u{e9} &amp; &lt;</c><d/></a>"
            )
        );
    }

    #[test]
    fn what_is_written_is_read_again() {
        let read = Element::parse(&sample().to_xml()).unwrap();
        assert_eq!(read.to_xml(), sample().to_xml());
        assert_eq!(read.content().unwrap().elements().len(), 1);
    }

    #[test]
    fn a_document_may_be_indented_and_have_a_declaration() {
        let document =
            "\u{FEFF}<?xml version='1.0'?>\n<p:a xmlns:p='u'>\n <p:b/>\n <c> </c>\n</p:a>\n";
        let read = Element::parse(document).unwrap();
        assert_eq!(read.to_xml(), r#"<a xmlns="u"><b/><c xmlns=""> </c></a>"#);
    }

    #[test]
    fn other_documents_are_refused() {
        for document in ["", "text", "<a/><b/>", "<a/>text", "<a>", "<!DOCTYPE a><a/>"] {
            assert!(Element::parse(document).is_err(), "{document}");
        }
    }

    #[test]
    fn children_are_found_by_name_and_namespace() {
        let sample = sample();
        assert_eq!(sample.named("c").count(), 0);
        assert_eq!(sample.named("d").count(), 1);
        assert_eq!(sample.attribute("b"), Some("'\""));
        assert_eq!(sample.only_child(), None);
        let around = Element::new("e", "u").saying("x").containing(sample.clone());
        assert_eq!(around.only_child(), Some(&sample));
        assert_eq!(Element::new("e", "u").only_child(), None);
    }

    #[test]
    fn times_have_milliseconds() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000Z");
    }
}
