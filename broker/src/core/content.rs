//! XML that a caller adds to a stanza: parsed, and written anew.

use neuron_agent_api::wire::{Value, elements_in};
use neuron_agent_api::xml::{LONGEST_CONTENT, LONGEST_NESTING};
use rxml::error::EndOrError;
use rxml::parser::{CommentMode, XMLNS_XML};
use rxml::{AttrMap, Event, Options, Parse, Parser, WithOptions};
use std::fmt;

/// Element content: elements and text, any number of each.
///
/// The caller's own text never reaches a stanza. It is parsed and written anew, so it can't close
/// the stanza it is put into and open another. Comments are dropped, CDATA becomes text.
///
/// Each outermost element names its namespace, even an empty one (`xmlns=""`): an element written
/// without a namespace stays without, wherever it is put, and does not become one of the stanza's
/// own (`jabber:client`) by accident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content(String);

impl Content {
    /// Reads element content.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST_CONTENT {
            return Err("is longer than 1 MiB.".into());
        }
        rewrite(text).map_err(|fault| format!("is not well-formed element content: {fault}."))
    }

    /// An element around other content.
    pub(super) fn element(
        name: &str,
        namespace: &str,
        attributes: &[(&str, &str)],
        inside: &Self,
    ) -> Self {
        let mut xml = ["<", name].concat();
        write_attribute(&mut xml, "xmlns", namespace);
        for (name, value) in attributes {
            write_attribute(&mut xml, name, value);
        }
        if inside.0.is_empty() {
            xml.push_str("/>");
        } else {
            xml.push('>');
            xml.push_str(&inside.0);
            xml.push_str("</");
            xml.push_str(name);
            xml.push('>');
        }
        Self(xml)
    }

    /// A text, escaped.
    pub(super) fn text(text: &str) -> Self {
        let mut xml = String::with_capacity(text.len());
        escape(&mut xml, text, false);
        Self(xml)
    }

    /// The outermost elements, as JSON shows them.
    pub(super) fn elements(&self) -> Vec<Value> {
        // What was written here is well-formed.
        elements_in(&self.0).unwrap_or_default()
    }

    /// Adds other content at the end.
    pub(super) fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// The content as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn rewrite(text: &str) -> Result<Content, Fault> {
    let mut parser = Parser::with_options(Options {
        // The whole is bounded already; the default would refuse an attribute of 8 KiB.
        max_token_length: LONGEST_CONTENT,
        comments: CommentMode::Discard,
        ..Options::default()
    });
    let mut writer = Writer::default();
    // A document has one root, content any number. The root put around it has no namespace, so
    // neither have the elements inside that name none.
    writer.feed(&mut parser, "<x>")?;
    writer.feed(&mut parser, text)?;
    if writer.ended {
        return Err(Fault::Breakout);
    }
    writer.feed(&mut parser, "</x>")?;
    if writer.ended { Ok(Content(writer.xml)) } else { Err(Fault::Unfinished) }
}

/// From a parser's events to canonical text.
#[derive(Default)]
struct Writer {
    xml: String,
    /// The open elements; the first is the root that was put around.
    open: Vec<Open>,
    /// Whether a start tag is still without its `>`.
    in_tag: bool,
    /// Whether the root that was put around has ended.
    ended: bool,
}

struct Open {
    name: String,
    /// Its namespace, which is the default one inside. The outermost has none to pass on.
    namespace: Option<String>,
}

impl Writer {
    fn feed(&mut self, parser: &mut Parser, piece: &str) -> Result<(), Fault> {
        let mut rest = piece.as_bytes();
        loop {
            match parser.parse(&mut rest, false) {
                Ok(Some(event)) => self.write(event)?,
                Ok(None) | Err(EndOrError::NeedMoreData) => return Ok(()),
                Err(EndOrError::Error(error)) => return Err(Fault::Syntax(error)),
            }
        }
    }

    fn write(&mut self, event: Event) -> Result<(), Fault> {
        match event {
            Event::XmlDeclaration(..) => Err(Fault::Breakout),
            Event::StartElement(_, (namespace, name), attributes) => {
                self.start(namespace.as_str(), name.as_str(), &attributes)
            }
            Event::Text(_, text) => {
                self.finish_tag();
                escape(&mut self.xml, &text, false);
                Ok(())
            }
            Event::EndElement(_) => {
                self.end();
                Ok(())
            }
        }
    }

    fn start(&mut self, namespace: &str, name: &str, attributes: &AttrMap) -> Result<(), Fault> {
        let Some(parent) = self.open.last() else {
            self.open.push(Open { name: String::new(), namespace: None });
            return Ok(());
        };
        if self.open.len() > LONGEST_NESTING {
            return Err(Fault::Depth);
        }
        let declare = parent.namespace.as_deref() != Some(namespace);
        self.finish_tag();
        self.xml.push('<');
        self.xml.push_str(name);
        if declare {
            write_attribute(&mut self.xml, "xmlns", namespace);
        }
        for (index, ((namespace, name), value)) in attributes.iter().enumerate() {
            let prefix = match namespace.as_str() {
                "" => String::new(),
                XMLNS_XML => "xml:".into(),
                other => {
                    let prefix = format!("n{index}");
                    write_attribute(&mut self.xml, &format!("xmlns:{prefix}"), other);
                    prefix + ":"
                }
            };
            write_attribute(&mut self.xml, &(prefix + name.as_str()), value);
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
    }

    fn finish_tag(&mut self) {
        if std::mem::take(&mut self.in_tag) {
            self.xml.push('>');
        }
    }
}

fn write_attribute(xml: &mut String, name: &str, value: &str) {
    xml.push(' ');
    xml.push_str(name);
    xml.push_str("=\"");
    escape(xml, value, true);
    xml.push('"');
}

/// A reader turns white space in attributes into spaces, and carriage returns into line feeds,
/// unless it is written as references (XML 1.0 §2.11, §3.3.3).
fn escape(xml: &mut String, text: &str, in_attribute: bool) {
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

/// Why a text is no element content.
enum Fault {
    Syntax(rxml::Error),
    Breakout,
    Unfinished,
    Depth,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(formatter),
            Self::Breakout => formatter.write_str("it ends an element that it did not start"),
            Self::Unfinished => formatter.write_str("it ends in the middle of something"),
            Self::Depth => formatter.write_str("it is nested too deep"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::xml::check_content;
    use proptest::prelude::*;

    fn rewritten(text: &str) -> String {
        match Content::parse(text) {
            Ok(content) => content.0,
            Err(fault) => panic!("{text:?} {fault}"),
        }
    }

    #[test]
    fn content_is_written_anew() {
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
        assert_eq!(Content::element("e", "", &[], &Content::default()).0, r#"<e xmlns=""/>"#);
    }

    #[test]
    fn what_would_leave_the_stanza_is_refused() {
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
    fn depth_and_length_are_bounded() {
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
        fn what_is_written_is_read_as_itself(text in fragments()) {
            if let Ok(content) = Content::parse(&text) {
                prop_assert_eq!(Content::parse(&content.0), Ok(content));
            }
        }

        #[test]
        fn the_client_agrees(text in fragments()) {
            prop_assert_eq!(Content::parse(&text).is_ok(), check_content(&text).is_ok());
        }
    }
}
