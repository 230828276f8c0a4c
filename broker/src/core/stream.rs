//! Reads the stream of an XMPP server, stanza by stanza (RFC 6120 §4).

use super::content::Writer;
use super::stanza::{CLIENT, Stanza, StanzaName};
use jid::Jid;
use neuron_agent_api::syntax::language::is_language_tag;
use neuron_agent_api::syntax::xml::LONGEST_CONTENT;
use rxml::error::EndOrError;
use rxml::parser::{CommentMode, XMLNS_XML};
use rxml::{AttrMap, Event, Namespace, Options, Parse, Parser, WithOptions};

/// The namespace of streams.
const STREAMS: &str = "http://etherx.jabber.org/streams";

/// The namespace of the stanzas of a component's stream (XEP-0114). What is in it is in
/// `jabber:client` for everybody else.
const COMPONENT: &str = "jabber:component:accept";

/// What comes in on a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamEvent {
    /// The stream has begun, and has this id.
    Opened(String),
    /// The server has accepted the secret.
    Accepted,
    /// A stanza.
    Stanza(Stanza),
    /// A stanza whose content breaks a limit, without that.
    Unreadable(Stanza),
    /// The server is about to end the stream, with this error.
    Error(String),
    /// The stream has ended.
    Closed,
}

/// Reads a stream in pieces.
pub struct StreamReader {
    parser: Parser,
    depth: usize,
    /// The child of the stream that is being read.
    child: Option<Child>,
}

struct Child {
    namespace: String,
    name: String,
    attributes: Attributes,
    /// `None` if its content breaks a limit: then it is left out, and the stream goes on.
    content: Option<Writer>,
}

#[derive(Default)]
struct Attributes {
    from: String,
    to: String,
    id: Option<String>,
    kind: String,
    language: Option<String>,
}

impl Default for StreamReader {
    fn default() -> Self {
        let options = Options {
            max_token_length: LONGEST_CONTENT,
            comments: CommentMode::Discard,
            ..Options::default()
        };
        Self { parser: Parser::with_options(options), depth: 0, child: None }
    }
}

impl StreamReader {
    /// Reads a piece of the stream.
    ///
    /// # Errors
    /// If it is not well-formed. What comes then can't be read.
    pub fn read(&mut self, mut piece: &[u8]) -> Result<Vec<StreamEvent>, String> {
        let mut events = Vec::new();
        loop {
            match self.parser.parse(&mut piece, false) {
                Ok(Some(event)) => events.extend(self.handle(event)),
                Ok(None) | Err(EndOrError::NeedMoreData) => return Ok(events),
                Err(EndOrError::Error(error)) => return Err(error.to_string()),
            }
        }
    }

    fn handle(&mut self, event: Event) -> Option<StreamEvent> {
        match event {
            Event::XmlDeclaration(..) => None,
            Event::StartElement(metrics, (namespace, name), attributes) => {
                self.depth += 1;
                match (self.depth, &mut self.child) {
                    (1, _) => {
                        let is_stream = namespace.as_str() == STREAMS && name.as_str() == "stream";
                        let id = Attributes::new(&attributes).id.unwrap_or_default();
                        Some(if is_stream {
                            StreamEvent::Opened(id)
                        } else {
                            StreamEvent::Error("what begins is not a stream".into())
                        })
                    }
                    (2, child) => {
                        let mut content = Writer::default();
                        // The child itself wraps its content, and has nothing that could fail.
                        let none = AttrMap::new();
                        let wrapper =
                            Event::StartElement(metrics, (Namespace::NONE, name.clone()), none);
                        let content = content.write(wrapper).ok().map(|()| content);
                        *child = Some(Child {
                            namespace: namespace.as_str().into(),
                            name: name.as_str().into(),
                            attributes: Attributes::new(&attributes),
                            content,
                        });
                        None
                    }
                    (_, Some(child)) => {
                        let namespace = if namespace.as_str() == COMPONENT {
                            Namespace::from(CLIENT)
                        } else {
                            namespace
                        };
                        child.write(Event::StartElement(metrics, (namespace, name), attributes));
                        None
                    }
                    (_, None) => None,
                }
            }
            Event::Text(..) => {
                // Beside stanzas there is only white space, which keeps the connection alive.
                if let Some(child) = &mut self.child {
                    child.write(event);
                }
                None
            }
            Event::EndElement(_) => {
                self.depth -= 1;
                match self.depth {
                    0 => Some(StreamEvent::Closed),
                    1 => self.child.take().and_then(Child::event),
                    _ => {
                        if let Some(child) = &mut self.child {
                            child.write(event);
                        }
                        None
                    }
                }
            }
        }
    }
}

impl Child {
    fn write(&mut self, event: Event) {
        if self.content.as_mut().is_some_and(|content| content.write(event).is_err()) {
            self.content = None;
        }
    }

    /// What it means. `None` if that is nothing, or its addresses can't be read.
    fn event(self) -> Option<StreamEvent> {
        let content = self.content.and_then(|content| content.finish().ok());
        match (self.namespace.as_str(), self.name.as_str()) {
            (COMPONENT, "handshake") => return Some(StreamEvent::Accepted),
            (STREAMS, "error") => {
                let content = content?;
                // Only conditions: what a text says may be private.
                let names: Vec<_> = content.names().filter(|name| *name != "text").collect();
                return Some(StreamEvent::Error(names.join(", ")));
            }
            _ => {}
        }
        let name = match (self.namespace.as_str(), self.name.as_str()) {
            (COMPONENT, "message") => StanzaName::Message,
            (COMPONENT, "presence") => StanzaName::Presence,
            (COMPONENT, "iq") => StanzaName::Iq,
            _ => return None,
        };
        let Attributes { from, to, id, kind, language } = self.attributes;
        let (from, to) = (Jid::new(&from).ok()?, Jid::new(&to).ok()?);
        let event = if content.is_some() { StreamEvent::Stanza } else { StreamEvent::Unreadable };
        let content = content.unwrap_or_default();
        Some(event(Stanza { name, from, to, id, kind, language, content }))
    }
}

impl Attributes {
    fn new(attributes: &AttrMap) -> Self {
        let mut found = Self::default();
        for ((namespace, name), value) in attributes {
            match (namespace.as_str(), name.as_str()) {
                ("", "from") => found.from.clone_from(value),
                ("", "to") => found.to.clone_from(value),
                ("", "id") => found.id = Some(value.clone()),
                ("", "type") => found.kind.clone_from(value),
                // What is no language says nothing, and may be long.
                (XMLNS_XML, "lang") if is_language_tag(value) => {
                    found.language = Some(value.clone());
                }
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::Content;
    use super::*;
    use proptest::prelude::*;

    const HEADER: &str = concat!(
        "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' ",
        "xmlns:stream='http://etherx.jabber.org/streams' id='3BF96D32' from='agents.localhost'>",
    );

    fn read(text: &str) -> Vec<StreamEvent> {
        StreamReader::default().read([HEADER, text].concat().as_bytes()).unwrap()
    }

    fn only(text: &str) -> Stanza {
        match read(text).remove(1) {
            StreamEvent::Stanza(stanza) => stanza,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_stream_is_read_from_its_header_to_its_end() {
        let events = read(concat!(
            "<handshake/> <presence from='b@x' to='a@y'/>\n",
            "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>",
            "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Bye</text></stream:error>",
            "</stream:stream>",
        ));
        let jid = |text: &str| Jid::new(text).unwrap();
        assert_eq!(
            events,
            [
                StreamEvent::Opened("3BF96D32".into()),
                StreamEvent::Accepted,
                StreamEvent::Stanza(Stanza::new(StanzaName::Presence, jid("b@x"), jid("a@y"), "")),
                StreamEvent::Error("system-shutdown".into()),
                StreamEvent::Closed,
            ]
        );
    }

    #[test]
    fn what_is_in_the_namespace_of_the_stream_is_in_that_of_clients() {
        let stanza = only(concat!(
            "<message from='b@x/1' to='a@y' id='7' type='chat' xml:lang='sv'><body>Hej</body>",
            "<own xmlns='urn:own' xmlns:p='urn:p' p:a='1'><b xmlns='jabber:component:accept'/>",
            "<plain xmlns=''/></own></message>",
        ));
        assert_eq!((stanza.id.as_deref(), stanza.language.as_deref()), (Some("7"), Some("sv")));
        assert_eq!((stanza.name, stanza.kind.as_str()), (StanzaName::Message, "chat"));
        assert_eq!(
            stanza.content.as_str(),
            concat!(
                r#"<body xmlns="jabber:client">Hej</body>"#,
                r#"<own xmlns="urn:own" xmlns:n0="urn:p" n0:a="1"><b xmlns="jabber:client"/>"#,
                r#"<plain xmlns=""/></own>"#,
            )
        );
    }

    #[test]
    fn the_content_of_a_stanza_that_breaks_a_limit_is_left_out() {
        let deep = ["<a>".repeat(1_000), "</a>".repeat(1_000)].concat();
        let long = "<a xmlns='urn:x' b='c'/>".repeat(100_000);
        for content in [deep, long] {
            let events = read(&format!(
                "<message from='b@x' to='a@y'>{content}</message><presence from='b@x' to='a@y'/>"
            ));
            let [_, StreamEvent::Unreadable(stanza), StreamEvent::Stanza(next)] = &events[..]
            else {
                panic!("{} events", events.len());
            };
            assert_eq!((stanza.name, stanza.content.as_str()), (StanzaName::Message, ""));
            assert_eq!(next.name, StanzaName::Presence);
        }
        for address in ["", "a@@b", "@", "a b@x"] {
            let events = read(&format!("<presence from='{address}' to='a@y'/>"));
            assert_eq!(events.len(), 1, "{address}");
        }
    }

    #[test]
    fn what_is_not_well_formed_ends_the_stream() {
        for text in ["<a></b>", "<!DOCTYPE x>", "<?pi x?>", "&nbsp;", "<a b='1' b='2'/>"] {
            let mut reader = StreamReader::default();
            assert!(reader.read([HEADER, text].concat().as_bytes()).is_err(), "{text}");
        }
    }

    proptest! {
        /// Whatever is cut where, the same events come.
        #[test]
        fn pieces_of_any_length_give_the_same_events(length in 1_usize..40) {
            let text = [HEADER, "<iq from='b@x/å' to='a@y' id='&lt;1'><q xmlns='u'>ö</q></iq> "].concat();
            let mut reader = StreamReader::default();
            let mut events = Vec::new();
            for piece in text.as_bytes().chunks(length) {
                events.extend(reader.read(piece).unwrap());
            }
            prop_assert_eq!(events.len(), 2);
            prop_assert_eq!(events, StreamReader::default().read(text.as_bytes()).unwrap());
        }

        /// What is written to a stream is what is read from one.
        #[test]
        fn a_stanza_survives_the_stream(text in "\\PC{0,40}", id in "[ -~]{0,20}") {
            let content = Content::element("body", CLIENT, &[("a", &text)], &Content::text(&text));
            let jid = |text: &str| Jid::new(text).unwrap();
            let stanza = Stanza {
                id: Some(id),
                language: Some("en".into()),
                content,
                ..Stanza::new(StanzaName::Message, jid("a@x/1"), jid("b@y"), "chat")
            };
            let found = only(&stanza.stream_xml());
            prop_assert_eq!(found.content.as_str(), stanza.content.as_str());
            prop_assert_eq!((found.id, found.language), (stanza.id, stanza.language));
        }
    }
}
