//! XML that a caller adds to a stanza, parsed and rewritten.

use super::encoded_size::escaped_json_size;
use super::xml_as_json;
use neuron_agent_api::syntax::xml::{LONGEST_CONTENT, LONGEST_NAMESPACE, LONGEST_NESTING};
use neuron_agent_api::wire::Encoding;
use rxml::error::EndOrError;
use rxml::parser::{CommentMode, XMLNS_XML};
use rxml::{AttrMap, Event, Options, Parse, Parser, WithOptions};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// Element content: any number of elements and texts.
///
/// The caller's own text never reaches a stanza. It is parsed and rewritten, so it can't end the
/// stanza that it is put into and start another. Comments are dropped, CDATA becomes text.
///
/// Each outermost element declares its namespace, even an empty one (`xmlns=""`). So an element
/// without a namespace keeps having none inside a stanza, and does not become one of the stanza's
/// own (`jabber:client`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    xml: String,
    /// The positions of its outermost elements.
    elements: Vec<Range<usize>>,
    /// An upper bound for the size of its elements in JSON, in bytes.
    json: usize,
}

impl Content {
    /// Parses element content.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST_CONTENT {
            return Err("is longer than 1 MiB.".into());
        }
        let content = rewrite(text)
            .map_err(|fault| format!("is not well-formed element content: {fault}."))?;
        content.readable()
    }

    /// The content, if a client can read it.
    fn readable(mut self) -> Result<Self, String> {
        let as_objects = xml_as_json::size(&self.xml)
            .map_err(|fault| format!("is not content that a client can read: {}.", fault.rule))?;
        // What is too large for objects is written as text.
        self.json = as_objects.max(escaped_json_size(&self.xml));
        Ok(self)
    }

    /// Wraps content in an element.
    pub(super) fn element(
        name: &str,
        namespace: &str,
        attributes: &[(&str, &str)],
        inside: &Self,
    ) -> Self {
        let mut xml = ["<", name].concat();
        write_attribute(&mut xml, "xmlns", namespace);
        let mut json = inside.json + xml_as_json::element_size(name, namespace);
        json += xml_as_json::attribute_size("xmlns", namespace);
        for (name, value) in attributes {
            write_attribute(&mut xml, name, value);
            json += xml_as_json::attribute_size(name, value);
        }
        if inside.xml.is_empty() {
            xml.push_str("/>");
        } else {
            xml.push('>');
            xml.push_str(&inside.xml);
            xml.push_str("</");
            xml.push_str(name);
            xml.push('>');
        }
        let elements = vec![Range { start: 0, end: xml.len() }];
        Self { xml, elements, json }
    }

    /// Wraps the content in an element that inherits its namespace, and so do its children in that
    /// namespace.
    pub(super) fn stream_element(
        &self,
        name: &str,
        inherited: &str,
        attributes: &[(&str, &str)],
    ) -> String {
        let mut declaration = String::new();
        write_attribute(&mut declaration, "xmlns", inherited);
        let mut xml = ["<", name].concat();
        for (name, value) in attributes {
            write_attribute(&mut xml, name, value);
        }
        xml.push('>');
        let mut written = 0;
        for element in &self.elements {
            let start = self.xml.get(element.clone()).unwrap_or_default();
            // The declaration comes first, right after the name.
            let Some((name, rest)) = start.split_once(' ') else { continue };
            if rest.starts_with(declaration.trim_start()) {
                let end_of_name = element.start + name.len();
                xml.push_str(self.xml.get(written..end_of_name).unwrap_or_default());
                written = end_of_name + declaration.len();
            }
        }
        xml.push_str(self.xml.get(written..).unwrap_or_default());
        xml.push_str("</");
        xml.push_str(name);
        xml.push('>');
        xml
    }

    /// The content without its outermost elements of a namespace.
    pub(super) fn without(&self, namespace: &str) -> Self {
        let mut kept = Self::default();
        let mut written = 0;
        let keep = |kept: &mut Self, range: Range<usize>, is_element: bool| {
            let xml = self.xml.get(range).unwrap_or_default();
            if is_element {
                kept.elements.push(kept.xml.len()..kept.xml.len() + xml.len());
            }
            kept.xml.push_str(xml);
        };
        for element in &self.elements {
            keep(&mut kept, written..element.start, false);
            written = element.end;
            let only = std::slice::from_ref(element);
            if self.find(only, None, Some(namespace)).is_none() {
                keep(&mut kept, element.clone(), true);
            }
        }
        keep(&mut kept, written..self.xml.len(), false);
        // An upper bound.
        kept.json = self.json;
        kept
    }

    /// A text, escaped.
    pub(super) fn text(text: &str) -> Self {
        let mut xml = String::with_capacity(text.len());
        escape(&mut xml, text, false);
        Self { xml, elements: Vec::new(), json: escaped_json_size(text) }
    }

    /// Appends other content.
    pub(super) fn append(&mut self, other: &Self) {
        let before = self.xml.len();
        self.xml.push_str(&other.xml);
        let moved = |element: &Range<usize>| element.start + before..element.end + before;
        self.elements.extend(other.elements.iter().map(moved));
        self.json += other.json;
    }

    /// The content as XML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.xml
    }

    /// The content as XML, without copying it.
    pub(super) fn into_string(self) -> String {
        self.xml
    }

    /// The names of the outermost elements, in their order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let elements = self.elements.iter().filter_map(|element| self.xml.get(element.clone()));
        elements.filter_map(|xml| xml.strip_prefix('<')?.split(' ').next())
    }

    /// The positions of the outermost elements, in their order.
    pub(super) fn elements(&self) -> &[Range<usize>] {
        &self.elements
    }

    /// Whether it is one element, with nothing beside it.
    pub(super) fn is_one_element(&self) -> bool {
        self.elements.len() == 1 && self.elements.first() == Some(&(0..self.xml.len()))
    }

    /// The first of these elements with that name and in that namespace; `None` matches any.
    /// Nothing is parsed, because each element begins with its name and its namespace.
    pub(super) fn find<'a>(
        &self,
        elements: &'a [Range<usize>],
        name: Option<&str>,
        namespace: Option<&str>,
    ) -> Option<&'a Range<usize>> {
        let written = namespace.map(|namespace| {
            let mut written = String::new();
            escape(&mut written, namespace, true);
            written
        });
        elements.iter().find(|element| {
            let start = self.xml.get((*element).clone()).and_then(|xml| xml.strip_prefix('<'));
            let Some((own_name, rest)) = start.and_then(|xml| xml.split_once(XMLNS)) else {
                return false;
            };
            let own_namespace = rest.split('"').next();
            name.is_none_or(|name| name == own_name)
                && (written.is_none() || own_namespace == written.as_deref())
        })
    }

    /// Roughly how much memory it takes, in bytes.
    pub(super) fn memory_size(&self) -> usize {
        self.xml.len() + size_of_val(self.elements.as_slice())
    }

    /// An upper bound for its size in a response, in bytes.
    pub(super) fn size(&self, encoding: Encoding) -> usize {
        match encoding {
            Encoding::Xml => self.xml.len(),
            Encoding::Json if self.json <= xml_as_json::LARGEST => self.json,
            Encoding::Json => escaped_json_size(&self.xml),
        }
    }
}

/// What follows the name of an outermost element.
const XMLNS: &str = " xmlns=\"";

fn rewrite(text: &str) -> Result<Content, ContentError> {
    let mut parser = Parser::with_options(Options {
        // The content as a whole is limited already, and the default would refuse an attribute of 8
        // KiB.
        max_token_length: LONGEST_CONTENT,
        comments: CommentMode::Discard,
        ..Options::default()
    });
    let mut writer = Writer::default();
    // A document has one root, content has any number of elements. The wrapper has no namespace,
    // and so have the elements inside that declare none.
    writer.feed(&mut parser, "<x>")?;
    writer.feed(&mut parser, text)?;
    if writer.ended {
        return Err(ContentError::Breakout);
    }
    writer.feed(&mut parser, "</x>")?;
    if !writer.ended {
        return Err(ContentError::Unfinished);
    }
    Ok(writer.content())
}

/// Writes the events of a parser as canonical XML. The first element is the wrapper of the content.
#[derive(Default)]
pub(super) struct Writer {
    xml: String,
    /// The positions of its outermost elements. The last one is empty until its element is closed.
    elements: Vec<Range<usize>>,
    /// The open elements; the first is the wrapper.
    open: Vec<Open>,
    /// Whether the start tag still lacks its `>`.
    in_tag: bool,
    /// Whether the wrapper has ended.
    ended: bool,
}

struct Open {
    name: String,
    /// Its namespace, which is the default namespace inside it. `None` for the wrapper.
    namespace: Option<String>,
}

impl Writer {
    fn feed(&mut self, parser: &mut Parser, piece: &str) -> Result<(), ContentError> {
        let mut rest = piece.as_bytes();
        loop {
            match parser.parse(&mut rest, false) {
                Ok(Some(event)) => self.write(event)?,
                Ok(None) | Err(EndOrError::NeedMoreData) => return Ok(()),
                Err(EndOrError::Error(error)) => return Err(ContentError::Syntax(error)),
            }
        }
    }

    fn content(self) -> Content {
        Content { xml: self.xml, elements: self.elements, json: 0 }
    }

    /// The content that was written.
    ///
    /// # Errors
    /// Why a client can't read it.
    pub(super) fn finish(self) -> Result<Content, String> {
        self.content().readable()
    }

    pub(super) fn write(&mut self, event: Event) -> Result<(), ContentError> {
        match event {
            Event::XmlDeclaration(..) => Err(ContentError::Breakout),
            Event::StartElement(_, (namespace, name), attributes) => {
                self.start(namespace.as_str(), name.as_str(), &attributes)
            }
            Event::Text(_, text) => {
                self.finish_tag();
                escape(&mut self.xml, &text, false);
                self.check_length()
            }
            Event::EndElement(_) => {
                self.end();
                self.check_length()
            }
        }
    }

    /// The rewritten XML may be longer, because prefixes become namespaces.
    fn check_length(&self) -> Result<(), ContentError> {
        if self.xml.len() > LONGEST_CONTENT { Err(ContentError::Length) } else { Ok(()) }
    }

    fn start(
        &mut self,
        namespace: &str,
        name: &str,
        attributes: &AttrMap,
    ) -> Result<(), ContentError> {
        let Some(parent) = self.open.last() else {
            self.open.push(Open { name: String::new(), namespace: None });
            return Ok(());
        };
        if self.open.len() > LONGEST_NESTING {
            return Err(ContentError::Depth);
        }
        check_namespace(namespace)?;
        let declare = parent.namespace.as_deref() != Some(namespace);
        self.finish_tag();
        if self.open.len() == 1 {
            self.elements.push(self.xml.len()..self.xml.len());
        }
        self.xml.push('<');
        self.xml.push_str(name);
        if declare {
            write_attribute(&mut self.xml, "xmlns", namespace);
        }
        // The attributes are ordered by namespace, so that one prefix serves all of a namespace.
        let mut prefixed = ("", String::new());
        for (index, ((namespace, name), value)) in attributes.iter().enumerate() {
            match namespace.as_str() {
                "" => write_attribute(&mut self.xml, name, value),
                XMLNS_XML => write_attribute(&mut self.xml, &["xml:", name].concat(), value),
                other => {
                    if prefixed.0 != other {
                        check_namespace(other)?;
                        prefixed = (other, format!("n{index}"));
                        let (_, prefix) = &prefixed;
                        write_attribute(&mut self.xml, &["xmlns:", prefix].concat(), other);
                    }
                    write_attribute(&mut self.xml, &[&prefixed.1, ":", name].concat(), value);
                }
            }
            self.check_length()?;
        }
        self.in_tag = true;
        self.open.push(Open { name: name.into(), namespace: Some(namespace.into()) });
        Ok(())
    }

    fn end(&mut self) {
        let Some(Open { name, .. }) = self.open.pop() else { return };
        if self.open.is_empty() {
            self.ended = true;
        } else if std::mem::take(&mut self.in_tag) {
            self.xml.push_str("/>");
        } else {
            self.xml.push_str("</");
            self.xml.push_str(&name);
            self.xml.push('>');
        }
        if self.open.len() == 1
            && let Some(element) = self.elements.last_mut()
        {
            element.end = self.xml.len();
        }
    }

    fn finish_tag(&mut self) {
        if std::mem::take(&mut self.in_tag) {
            self.xml.push('>');
        }
    }
}

fn check_namespace(namespace: &str) -> Result<(), ContentError> {
    let is_longer = namespace.chars().nth(LONGEST_NAMESPACE).is_some();
    if is_longer { Err(ContentError::Namespace) } else { Ok(()) }
}

fn write_attribute(xml: &mut String, name: &str, value: &str) {
    xml.push(' ');
    xml.push_str(name);
    xml.push_str("=\"");
    escape(xml, value, true);
    xml.push('"');
}

/// Escapes a text, so that a parser gets exactly what it was: white space in attributes would turn into
/// spaces, and carriage returns into line feeds, unless they are written as references (XML 1.0 §2.11,
/// §3.3.3).
pub(super) fn escape(xml: &mut String, text: &str, in_attribute: bool) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '\r' => xml.push_str("&#13;"),
            '"' if in_attribute => xml.push_str("&quot;"),
            '\n' if in_attribute => xml.push_str("&#10;"),
            '\t' if in_attribute => xml.push_str("&#9;"),
            other => xml.push(other),
        }
    }
}

/// Why a text is not element content.
pub(super) enum ContentError {
    Syntax(rxml::Error),
    Breakout,
    Unfinished,
    Depth,
    Namespace,
    Length,
}

impl fmt::Display for ContentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(formatter),
            Self::Breakout => formatter.write_str("it ends an element that it did not start"),
            Self::Unfinished => formatter.write_str("it is incomplete"),
            Self::Depth => formatter.write_str("it is nested too deep"),
            Self::Namespace => formatter.write_str("a namespace is longer than 1024 characters"),
            Self::Length => {
                formatter.write_str("it is longer than 1 MiB with each namespace written out")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::syntax::xml::check_content;
    use proptest::prelude::*;

    fn rewritten(text: &str) -> String {
        match Content::parse(text) {
            Ok(content) => content.xml,
            Err(fault) => panic!("{text:?} {fault}"),
        }
    }

    #[test]
    fn content_is_rewritten() {
        for (text, expected) in [
            ("", ""),
            ("a &amp; b", "a &amp; b"),
            ("<a/>", r#"<a xmlns=""/>"#),
            ("<a></a >", r#"<a xmlns=""/>"#),
            ("<a xmlns='u'/><a xmlns='u'/>", r#"<a xmlns="u"/><a xmlns="u"/>"#),
            ("<a xmlns='u'><b>t</b></a>", r#"<a xmlns="u"><b>t</b></a>"#),
            ("<a xmlns='u'><b xmlns=''/></a>", r#"<a xmlns="u"><b xmlns=""/></a>"#),
            ("<p:a xmlns:p='u'><p:b/><c/></p:a>", r#"<a xmlns="u"><b/><c xmlns=""/></a>"#),
            ("<a z='1' b='2'/>", r#"<a xmlns="" b="2" z="1"/>"#),
            ("<a xml:lang='sv'/>", r#"<a xmlns="" xml:lang="sv"/>"#),
            (
                "<a xmlns:p='u' xmlns:q='v' p:b='1' q:b='2' b='3'/>",
                r#"<a xmlns="" b="3" xmlns:n1="u" n1:b="1" xmlns:n2="v" n2:b="2"/>"#,
            ),
            ("x<!-- <y> -->z", "xz"),
            ("<![CDATA[<a>&]]>", "&lt;a&gt;&amp;"),
            (
                "<a b='\"&lt;&#10;&#9;'/>\r\n&#13;",
                "<a xmlns=\"\" b=\"&quot;&lt;&#10;&#9;\"/>\n&#13;",
            ),
            ("]]&gt;", "]]&gt;"),
        ] {
            assert_eq!(rewritten(text), expected, "{text}");
        }
    }

    #[test]
    fn an_element_is_written_around_content() {
        let inside = Content::text("a<b");
        let element = Content::element("x", "u", &[("y", "\"")], &inside);
        assert_eq!(element.as_str(), r#"<x xmlns="u" y="&quot;">a&lt;b</x>"#);
        let outside = Content::element("z", "v", &[], &element);
        assert_eq!(Content::parse(outside.as_str()), Ok(outside.clone()));
        assert_eq!(outside.elements().len(), 1);
        assert_eq!(Content::element("e", "", &[], &Content::default()).xml, r#"<e xmlns=""/>"#);
    }

    #[test]
    fn content_that_would_end_its_stanza_is_refused() {
        for text in [
            "</x>",
            "</x><x>",
            "</presence><presence from='evil@localhost'/>",
            "<a></x></a>",
            "<a>",
            "<a",
            "<",
            "</a>",
            "<![CDATA[",
            "<!--",
            "&",
            "&#",
            "<a b='",
            "]]>",
            "<!-- -- -->",
            "<?xml version='1.0'?>",
            "<?pi?>",
            "<!DOCTYPE a>",
            "<!ENTITY a 'b'>",
            "&nbsp;",
            "\0",
            "\u{1}",
            "\u{FFFE}",
            "&#0;",
            "&#xD800;",
            "<a b='1' b='2'/>",
            "<p:a/>",
            "<a p:b=''/>",
            "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
            "<a xmlns:p=''/>",
            "<a b=c/>",
            "<1a/>",
            "</x",
            "</x ",
            "</x><!--",
            "<a/></x><a>",
        ] {
            assert!(Content::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_length_of_a_namespace_is_limited() {
        let namespace = |length| "å".repeat(length);
        for content in [
            |namespace: String| format!("<a xmlns='{namespace}'/>"),
            |namespace: String| format!("<p:a xmlns:p='{namespace}'/>"),
            |namespace: String| format!("<a xmlns:p='{namespace}' p:b=''/>"),
        ] {
            assert!(Content::parse(&content(namespace(1_024))).is_ok());
            let fault = Content::parse(&content(namespace(1_025))).unwrap_err();
            assert!(fault.contains("a namespace is longer than 1024 characters"), "{fault}");
        }
    }

    #[test]
    fn the_length_of_rewritten_content_is_limited() {
        let namespace = "u".repeat(1_000);
        for inside in ["<p:a/>", "<a p:b=''/>", "<p:a><b/></p:a>"] {
            let text = |count| format!("<x xmlns:p='{namespace}'>{}</x>", inside.repeat(count));
            assert!(Content::parse(&text(500)).is_ok());
            let fault = Content::parse(&text(2_000)).unwrap_err();
            assert!(fault.contains("longer than 1 MiB with each namespace"), "{fault}");
        }
        // One declaration serves all attributes of a namespace.
        let attributes: String = (0..900).map(|number| format!(" p:a{number}=''")).collect();
        let written = rewritten(&format!("<x xmlns:p='{namespace}'{attributes}/>"));
        assert_eq!(written.matches(&namespace).count(), 1);
    }

    #[test]
    fn content_that_no_client_can_read_is_refused() {
        let attributes: String = (0..1_001).map(|number| format!(" a{number}=''")).collect();
        let fault = Content::parse(&format!("<x{attributes}/>")).unwrap_err();
        assert!(fault.starts_with("is not content that a client can read"), "{fault}");
    }

    #[test]
    fn outermost_elements_are_found_by_name_and_namespace() {
        let mut content = Content::text("x");
        content.append(
            &Content::parse("<a/>t<b xmlns='u&amp;'><c xmlns='v'/></b><a xmlns='w'/>").unwrap(),
        );
        content.append(&Content::element("d", "x", &[], &Content::default()));
        let find = |name, namespace| {
            let range = content.find(content.elements(), name, namespace)?;
            content.as_str().get(range.clone())
        };
        assert_eq!(content.elements().len(), 4);
        assert_eq!(find(None, None), Some(r#"<a xmlns=""/>"#));
        assert_eq!(find(Some("a"), Some("w")), Some(r#"<a xmlns="w"/>"#));
        assert_eq!(find(None, Some("u&")), Some(r#"<b xmlns="u&amp;"><c xmlns="v"/></b>"#));
        assert_eq!(find(Some("d"), None), Some(r#"<d xmlns="x"/>"#));
        for (name, namespace) in [(Some("c"), None), (None, Some("v")), (Some("a"), Some("u&"))] {
            assert_eq!(find(name, namespace), None);
        }
    }

    #[test]
    fn composed_content_is_no_larger_than_estimated() {
        let mut inside = Content::text("\"x\\\n");
        inside.append(&Content::parse("<a b='\"c'>d</a>").unwrap());
        let content = Content::element("y", "u\"", &[("z", "\"\\")], &inside);
        let objects = neuron_agent_api::wire::elements_in(content.as_str()).unwrap();
        let written = serde_json::to_string(&objects).unwrap();
        assert!(content.size(Encoding::Json) >= written.len());
        assert_eq!(content.size(Encoding::Json), xml_as_json::size(content.as_str()).unwrap());
    }

    #[test]
    fn depth_and_length_are_limited() {
        let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
        assert!(Content::parse(&nested(64)).is_ok());
        assert!(Content::parse(&nested(65)).is_err());
        assert!(Content::parse(&nested(5000)).is_err());
        let longest = "a".repeat(1024 * 1024);
        assert!(Content::parse(&longest).is_ok());
        assert!(Content::parse(&(longest.clone() + "a")).is_err());
        let attribute = format!("<a b='{}'/>", "c".repeat(60_000));
        assert!(Content::parse(&attribute).is_ok());
    }

    /// Pieces that make XML, near-XML and nonsense.
    fn fragments() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "<a>",
            "</a>",
            "<b/>",
            "<a xmlns='u'>",
            "<p:a xmlns:p='u' p:b='c'>",
            "</p:a>",
            "</x>",
            "<x>",
            "text",
            "&amp;",
            "&lt;",
            "]]>",
            "<![CDATA[",
            "<!--",
            "-->",
            "<",
            ">",
            "&",
            "'",
            "\"",
            " ",
            "\r\n",
            "å",
            "<?",
            "?>",
            "<a b='&quot;'/>",
        ]);
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn rewritten_content_is_unchanged_when_parsed_again(text in fragments()) {
            if let Ok(content) = Content::parse(&text) {
                prop_assert_eq!(Content::parse(&content.xml), Ok(content));
            }
        }

        #[test]
        fn the_client_accepts_the_same_content(text in fragments()) {
            prop_assert_eq!(Content::parse(&text).is_ok(), check_content(&text).is_ok());
        }
    }
}
