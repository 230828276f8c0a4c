//! A strict reader of element content, an event at a time.

use crate::text;

use super::character::{is_character, is_ncname, is_space};
use std::borrow::Cow;
use std::fmt;

/// The greatest depth of elements in content: enough for any stanza, and no stack is at stake.
pub const LONGEST_NESTING: usize = 64;

/// Far more than a tag has, and few enough to compare.
const MOST_ATTRIBUTES: usize = 1000;

/// The longest namespace, in characters. No real one is a tenth of it, and whoever writes XML anew may have
/// to say it for each element.
pub const LONGEST_NAMESPACE: usize = 1024;

/// How many namespaces may be declared for one element, by itself and all that are around it: far more
/// than any document has, and few enough to look through for each name.
const MOST_DECLARATIONS: usize = 100;

pub(super) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// Where namespace declarations are.
pub const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// Why a text is not well-formed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Bytes of UTF-8 before the fault, or before the construct that has it.
    pub offset: usize,
    /// What is there.
    pub rule: &'static str,
}

/// An expanded name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name<'a> {
    /// The namespace; empty where there is none.
    pub namespace: Cow<'a, str>,
    /// The local name.
    pub local: &'a str,
}

/// An attribute, or a namespace declaration, whose namespace is [`XMLNS_NAMESPACE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name.
    pub name: Name<'a>,
    /// Its name as it stands in the text, prefix included.
    pub written: &'a str,
    /// Its value, references resolved.
    pub value: Cow<'a, str>,
}

/// What a text holds next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A start tag; an empty element gives an [`Event::End`] too.
    Start(Name<'a>, Vec<Attribute<'a>>),
    /// Text or CDATA, references resolved. Neighbours may come in several pieces.
    Text(Cow<'a, str>),
    /// An end tag.
    End,
}

/// Reads element content; comments are passed over, everything else that is no element and no
/// text is a [`Fault`].
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    position: usize,
    open: Vec<Open<'a>>,
    declared: Vec<Declaration<'a>>,
    end_is_due: bool,
    deepest: usize,
}

/// A place in a text, between two of its elements.
#[derive(Debug)]
pub struct Mark {
    position: usize,
    open: usize,
    declared: usize,
}

#[derive(Debug)]
struct Open<'a> {
    tag: &'a str,
    declared_before: usize,
}

#[derive(Debug)]
struct Declaration<'a> {
    prefix: &'a str,
    namespace: Cow<'a, str>,
}

struct RawAttribute<'a> {
    written: &'a str,
    prefix: &'a str,
    local: &'a str,
    value: Cow<'a, str>,
}

type Result<T> = std::result::Result<T, Fault>;

impl<'a> Reader<'a> {
    /// A reader of element content: any number of roots, and text beside them.
    #[must_use]
    pub fn content(text: &'a str) -> Self {
        #[cfg(test)]
        text::work::add(text.len());
        Self {
            text,
            position: 0,
            open: Vec::new(),
            declared: Vec::new(),
            end_is_due: false,
            deepest: LONGEST_NESTING,
        }
    }

    /// A reader of a document: a byte order mark and an XML declaration may come first. How deep it is
    /// nested is for whom to look at who builds something of it.
    #[must_use]
    pub fn document(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let declared =
            text.strip_prefix("<?xml").filter(|rest| rest.bytes().next().is_some_and(is_space));
        let content =
            declared.and_then(|rest| text::split_once(rest, "?>")).map(|(_, after)| after);
        Self { deepest: usize::MAX, ..Self::content(content.unwrap_or(text)) }
    }

    /// How much has been read, in bytes.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// How many elements are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Goes back to where the reader was before an element in which it found a fault, and moves past
    /// that element by its tags alone: to the end of the text, where it has no end.
    pub fn pass_over(&mut self, before: &Mark) {
        #[cfg(test)]
        text::work::add(self.position - before.position);
        self.position = before.position;
        self.open.truncate(before.open);
        self.declared.truncate(before.declared);
        self.end_is_due = false;
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            let Some(start) = rest.as_bytes().iter().position(|byte| *byte == b'<') else { break };
            if depth == 0 && start > 0 {
                // The fault is in a text; what comes after it has none so far.
                self.position += start;
                return;
            }
            let tag = rest.get(start..).unwrap_or_default();
            let past = |end| text::find(tag, end).map(|length| length + end.len());
            let length = if tag.starts_with("<!--") {
                past("-->")
            } else if tag.starts_with("<![CDATA[") {
                past("]]>")
            } else if tag.starts_with("<?") {
                past("?>")
            } else {
                length_of_tag(tag)
            };
            let Some(length) = length else { break };
            let tag = tag.get(..length).unwrap_or_default();
            let is_beside = tag.starts_with("<!") || tag.starts_with("<?");
            if tag.starts_with("</") {
                depth = depth.saturating_sub(1);
            } else if !is_beside && !tag.ends_with("/>") {
                depth += 1;
            }
            self.position += start + length;
            if depth == 0 && !is_beside {
                return;
            }
        }
        self.position = self.text.len();
        self.open.clear();
    }

    /// Where the reader is, for [`Reader::pass_over`].
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark { position: self.position, open: self.open.len(), declared: self.declared.len() }
    }

    /// The text that was read since.
    #[must_use]
    pub fn since(&self, mark: &Mark) -> &'a str {
        self.text.get(mark.position..self.position).unwrap_or_default()
    }

    /// The next event, or nothing at the end.
    ///
    /// # Errors
    /// The first [`Fault`]. The reader is of no use after it.
    pub fn next_event(&mut self) -> Result<Option<Event<'a>>> {
        if std::mem::take(&mut self.end_is_due) {
            self.close();
            return Ok(Some(Event::End));
        }
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return if self.open.is_empty() {
                    Ok(None)
                } else {
                    self.fault("an element is not closed")
                };
            }
            if rest.starts_with("<!--") {
                self.comment()?;
            } else if rest.starts_with("<![CDATA[") {
                return self.cdata().map(Some);
            } else if rest.starts_with("<!") {
                return self.fault("a DOCTYPE");
            } else if rest.starts_with("<?") {
                return self.fault("a processing instruction");
            } else if rest.starts_with("</") {
                return self.end_tag().map(Some);
            } else if rest.starts_with('<') {
                return self.start_tag().map(Some);
            } else {
                return self.text().map(Some);
            }
        }
    }

    fn rest(&self) -> &'a str {
        #[cfg(test)]
        text::work::add(1);
        self.text.get(self.position..).unwrap_or_default()
    }

    fn fault<T>(&self, rule: &'static str) -> Result<T> {
        Err(Fault { offset: self.position, rule })
    }

    fn comment(&mut self) -> Result<()> {
        let inside = self.rest().get(4..).unwrap_or_default();
        let Some(length) = text::find(inside, "--") else {
            return self.fault("a comment is not closed");
        };
        let (comment, after) = inside.split_at_checked(length).unwrap_or_default();
        if !after.starts_with("-->") {
            return self.fault("a \"--\" in a comment");
        }
        self.position += 4;
        self.characters(comment)?;
        self.position += 3;
        Ok(())
    }

    fn cdata(&mut self) -> Result<Event<'a>> {
        let inside = self.rest().get(9..).unwrap_or_default();
        let Some((characters, _)) = text::split_once(inside, "]]>") else {
            return self.fault("a CDATA section is not closed");
        };
        self.position += 9;
        self.characters(characters)?;
        self.position += 3;
        Ok(Event::Text(line_ends(characters)))
    }

    fn text(&mut self) -> Result<Event<'a>> {
        let rest = self.rest();
        let characters = text::split(rest, b'<').next().unwrap_or_default();
        if let Some(offset) = text::find(characters, "]]>") {
            self.position += offset;
            return self.fault("a \"]]>\" outside CDATA");
        }
        Ok(Event::Text(self.resolve(characters, false)?))
    }

    /// Moves past characters that may stand here.
    fn characters(&mut self, text: &str) -> Result<()> {
        let forbidden = text.char_indices().find(|(_, character)| !is_character(*character));
        if let Some((offset, _)) = forbidden {
            self.position += offset;
            return self.fault("a forbidden character");
        }
        self.position += text.len();
        Ok(())
    }

    /// Moves past a text and resolves its references; in an attribute, white space becomes spaces
    /// (XML 1.0 §3.3.3).
    fn resolve(&mut self, text: &'a str, in_attribute: bool) -> Result<Cow<'a, str>> {
        let normalised = |piece: &'a str| {
            let piece = line_ends(piece);
            if in_attribute && piece.as_bytes().iter().any(|byte| matches!(byte, b'\t' | b'\n')) {
                Cow::Owned(text::replace(&text::replace(&piece, "\t", " "), "\n", " "))
            } else {
                piece
            }
        };
        let mut pieces = text::split(text, b'&');
        let first = pieces.next().unwrap_or_default();
        self.characters(first)?;
        let mut resolved = normalised(first);
        for piece in pieces {
            let Some((reference, plain)) = text::split_once_at(piece, b';') else {
                return self.fault("an unknown entity");
            };
            resolved.to_mut().push(self.reference(reference)?);
            self.position += reference.len() + 2;
            self.characters(plain)?;
            resolved.to_mut().push_str(&normalised(plain));
        }
        Ok(resolved)
    }

    fn reference(&self, name: &str) -> Result<char> {
        let number = match name {
            "lt" => return Ok('<'),
            "gt" => return Ok('>'),
            "amp" => return Ok('&'),
            "quot" => return Ok('"'),
            "apos" => return Ok('\''),
            _ => name.strip_prefix('#'),
        };
        let Some(number) = number else { return self.fault("an unknown entity") };
        let (digits, radix) = match number.strip_prefix('x') {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        // `from_str_radix` would take a sign.
        let plain = text::all_bytes(digits, u8::is_ascii_hexdigit);
        let code = u32::from_str_radix(digits, radix).ok().filter(|_| plain);
        match code.and_then(char::from_u32).filter(|character| is_character(*character)) {
            Some(character) => Ok(character),
            None => self.fault("a reference to a forbidden character"),
        }
    }

    fn end_tag(&mut self) -> Result<Event<'a>> {
        let inside = self.rest().get(2..).unwrap_or_default();
        let Some((tag, _)) = text::split_once_at(inside, b'>') else {
            return self.fault("a tag is not finished");
        };
        let end =
            tag.as_bytes().iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1);
        let name = tag.get(..end).unwrap_or_default();
        if self.open.last().is_none_or(|open| open.tag != name) {
            return self.fault("an end tag does not match");
        }
        self.position += tag.len() + 3;
        self.close();
        Ok(Event::End)
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            self.declared.truncate(open.declared_before);
        }
    }

    fn start_tag(&mut self) -> Result<Event<'a>> {
        let start = Fault { offset: self.position, rule: "a name is expected" };
        let at_start = |rule| Fault { rule, ..start.clone() };
        self.position += 1;
        let tag = self.until_delimiter();
        let (prefix, local) = split_name(tag).ok_or_else(|| start.clone())?;
        if self.open.len() == self.deepest {
            return Err(at_start("nested too deep"));
        }
        self.open.push(Open { tag, declared_before: self.declared.len() });
        let mut plain = Vec::new();
        let empty = loop {
            let spaces = self.spaces();
            let rest = self.rest();
            if rest.is_empty() || rest == "/" {
                return Err(at_start("a tag is not finished"));
            }
            if rest.starts_with('>') {
                self.position += 1;
                break false;
            }
            if rest.starts_with("/>") {
                self.position += 2;
                break true;
            }
            if spaces == 0 {
                return self.fault("a space is missing");
            }
            let attribute = self.attribute(&start)?;
            let declared = match (attribute.prefix, attribute.local) {
                ("", "xmlns") => Some(""),
                ("xmlns", prefix) => Some(prefix),
                _ => None,
            };
            if let Some(prefix) = declared {
                self.declare(prefix, attribute.value.clone()).map_err(at_start)?;
            }
            plain.push(attribute);
            if plain.len() > MOST_ATTRIBUTES {
                return Err(at_start("more than 1000 attributes"));
            }
        };
        // Declarations have a namespace, but no element may be in it.
        let namespace = self.namespace(prefix).filter(|_| prefix != "xmlns");
        let namespace = namespace.ok_or_else(|| at_start("an undeclared prefix"))?;
        let mut attributes = Vec::with_capacity(plain.len());
        for RawAttribute { written, prefix, local, value } in plain {
            // The default namespace is for elements only.
            let namespace = match (prefix, local) {
                ("", "xmlns") => self.namespace("xmlns"),
                ("", _) => Some(Cow::Borrowed("")),
                _ => self.namespace(prefix),
            };
            let namespace = namespace.ok_or_else(|| at_start("an undeclared prefix"))?;
            attributes.push(Attribute { name: Name { namespace, local }, written, value });
        }
        if has_duplicates(&attributes) {
            return Err(at_start("a duplicate attribute"));
        }
        self.end_is_due = empty;
        Ok(Event::Start(Name { namespace, local }, attributes))
    }

    fn attribute(&mut self, start: &Fault) -> Result<RawAttribute<'a>> {
        let written = self.until_delimiter();
        let Some((prefix, local)) = split_name(written) else {
            return Err(start.clone());
        };
        self.spaces();
        if !self.rest().starts_with('=') {
            return self.fault("an attribute needs a quoted value");
        }
        self.position += 1;
        self.spaces();
        let rest = self.rest();
        let Some(quote) = rest.bytes().next().filter(|quote| matches!(quote, b'"' | b'\'')) else {
            return self.fault("an attribute needs a quoted value");
        };
        self.position += 1;
        let Some((value, _)) = text::split_once_at(self.rest(), quote) else {
            return self.fault("a quote is not closed");
        };
        if let Some(offset) = value.as_bytes().iter().position(|byte| *byte == b'<') {
            self.position += offset;
            return self.fault("a \"<\" in an attribute");
        }
        let value = self.resolve(value, true)?;
        self.position += 1;
        Ok(RawAttribute { written, prefix, local, value })
    }

    fn declare(
        &mut self,
        prefix: &'a str,
        namespace: Cow<'a, str>,
    ) -> std::result::Result<(), &'static str> {
        let declared_before = self.open.last().map_or(0, |open| open.declared_before);
        let mut own = self.declared.iter().skip(declared_before);
        if own.any(|declaration| declaration.prefix == prefix) {
            return Err("a duplicate attribute");
        }
        let allowed = match prefix {
            "xml" => namespace == XML_NAMESPACE,
            "xmlns" => false,
            _ => {
                (prefix.is_empty() || !namespace.is_empty())
                    && namespace != XML_NAMESPACE
                    && namespace != XMLNS_NAMESPACE
            }
        };
        if !allowed {
            return Err("a namespace that may not be declared");
        }
        if namespace.chars().nth(LONGEST_NAMESPACE).is_some() {
            return Err("a namespace longer than 1024 characters");
        }
        if self.declared.len() == MOST_DECLARATIONS {
            return Err("more than 100 declarations of namespaces");
        }
        self.declared.push(Declaration { prefix, namespace });
        Ok(())
    }

    fn namespace(&self, prefix: &str) -> Option<Cow<'a, str>> {
        match prefix {
            "xml" => return Some(Cow::Borrowed(XML_NAMESPACE)),
            "xmlns" => return Some(Cow::Borrowed(XMLNS_NAMESPACE)),
            _ => {}
        }
        let mut inner_first = self.declared.iter().rev();
        match inner_first.find(|declaration| declaration.prefix == prefix) {
            Some(declaration) => Some(declaration.namespace.clone()),
            None if prefix.is_empty() => Some(Cow::Borrowed("")),
            None => None,
        }
    }

    /// Moves past a name, whatever its characters.
    fn until_delimiter(&mut self) -> &'a str {
        let rest = self.rest();
        let ends = |byte: &u8| is_space(*byte) || matches!(byte, b'>' | b'/' | b'=' | b'<');
        let length = rest.as_bytes().iter().position(ends).unwrap_or(rest.len());
        self.position += length;
        rest.get(..length).unwrap_or_default()
    }

    fn spaces(&mut self) -> usize {
        let count = self.rest().bytes().take_while(|byte| is_space(*byte)).count();
        self.position += count;
        count
    }
}

/// How long the tag at the head of a text is: a `>` may stand between the quotes of a value.
fn length_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = b'<';
    let end = text.as_bytes().iter().position(|&byte| {
        match quote {
            Some(open) if byte == open => quote = None,
            None if before == b'=' && matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None if byte == b'>' => return true,
            _ => {}
        }
        if !is_space(byte) {
            before = byte;
        }
        false
    });
    end.map(|end| end + 1)
}

/// Prefix (empty where there is none) and local name.
fn split_name(name: &str) -> Option<(&str, &str)> {
    match text::split_once_at(name, b':') {
        Some((prefix, local)) => (is_ncname(prefix) && is_ncname(local)).then_some((prefix, local)),
        None => is_ncname(name).then_some(("", name)),
    }
}

/// Every end of a line as one line feed (XML 1.0 §2.11).
fn line_ends(text: &str) -> Cow<'_, str> {
    if text::find_byte(text, |byte| *byte == b'\r').is_some() {
        Cow::Owned(text::replace(&text::replace(text, "\r\n", "\n"), "\r", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Keeping the names sorted keeps a tag of thousands of attributes from taking seconds.
fn has_duplicates(attributes: &[Attribute<'_>]) -> bool {
    let mut names: Vec<&Name<'_>> = Vec::with_capacity(attributes.len());
    attributes.iter().any(|attribute| match names.binary_search(&&attribute.name) {
        Ok(_) => true,
        Err(place) => {
            names.insert(place, &attribute.name);
            false
        }
    })
}

impl Fault {
    /// The broken rule, as the end of a sentence that begins with a parameter's name.
    #[must_use]
    pub fn sentence(&self) -> String {
        text::concat(&[
            "is not well-formed XML: ",
            self.rule,
            " at byte ",
            &text::decimal(self.offset),
            ". Write elements, text, comments or CDATA, for example \"<a xmlns='urn:example'/>\".",
        ])
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence())
    }
}

impl std::error::Error for Fault {}
