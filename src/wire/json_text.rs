//! A strict reader of JSON (RFC 8259), in one pass and with bounds: how deep values may be nested, and
//! how many there may be.
//!
//! The host's `JSON.parse` would have to be asked for each part of what it read, over the border of
//! the module, and reads all of a text or nothing of it.

use super::mismatch::Mismatch;
use super::value::{Value, push};
use crate::text;

/// Deeper than any answer of the broker, and far from the end of the stack.
const DEEPEST: usize = 200;

/// Reads a number or a text in the syntax of JSON; `None` if it is neither. The host can do it, where
/// to read decimal fractions alone would take 10 KB. What is read without it are short whole numbers
/// and texts without escapes, which are most.
pub type ReadScalar<'a> = &'a dyn Fn(&str) -> Option<Value>;

impl Value {
    /// Reads a JSON text of at most `most` values.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub fn from_json(text: &str, most: usize, scalar: ReadScalar) -> Result<Self> {
        let mut reader = Reader { text, position: 0, values_left: most, scalar };
        let value = reader.value(DEEPEST)?;
        reader.space();
        if reader.peek().is_none() { Ok(value) } else { Err(NOT_JSON) }
    }
}

const NOT_JSON: &str = "is not JSON";

/// The texts of an array's items, or of an object's properties with their names. What can't be told
/// apart any more is the last one. `None` if the text is neither.
pub(super) fn parts<'a>(text: &'a str, scalar: ReadScalar) -> Option<Vec<(String, &'a str)>> {
    let mut reader = Reader { text, position: 0, values_left: usize::MAX, scalar };
    reader.space();
    let is_object = match reader.next()? {
        b'{' => true,
        b'[' => false,
        _ => return None,
    };
    let mut parts = Vec::new();
    loop {
        reader.space();
        match reader.peek() {
            Some(b']' | b'}') => return Some(parts),
            Some(_) => {}
            // The end is missing, and nobody knows what was before it.
            None => {
                parts.push((String::new(), ""));
                return Some(parts);
            }
        }
        let start = reader.position;
        let name = if is_object { reader.name() } else { Ok(String::new()) };
        let value = reader.position;
        let rest = |from| text.get(from..).unwrap_or_default();
        match name {
            Ok(name) if reader.pass_over() => parts.push((name, reader.since(value))),
            Ok(name) => {
                parts.push((name, rest(value)));
                return Some(parts);
            }
            Err(_) => {
                parts.push((String::new(), rest(start)));
                return Some(parts);
            }
        }
        reader.space();
        if reader.peek() == Some(b',') {
            reader.position += 1;
        }
    }
}

/// Whether a value is there to its end, whatever is in it.
pub(super) fn is_whole(text: &str) -> bool {
    let mut reader = Reader { text, position: 0, values_left: 0, scalar: &|_| None };
    let is_whole = reader.pass_over();
    reader.space();
    is_whole && reader.peek().is_none()
}

/// The properties of an object that can be read, each by itself, and what is wrong with the first one
/// that can't be.
#[must_use]
pub fn properties(text: &str, most: usize, scalar: ReadScalar) -> (Value, Option<String>) {
    let mut problem = None;
    let mut properties = Vec::new();
    for (name, part) in parts(text, scalar).filter(|_| text.starts_with('{')).unwrap_or_default() {
        match Value::from_json(part, most, scalar) {
            Ok(value) => push(&mut properties, &name, value),
            Err(of_part) => {
                problem.get_or_insert_with(|| Mismatch::here(of_part).below(&name).sentence());
            }
        }
    }
    (Value::Object(properties), problem)
}

struct Reader<'a, 'b> {
    text: &'a str,
    position: usize,
    values_left: usize,
    scalar: ReadScalar<'b>,
}

type Result<T> = std::result::Result<T, &'static str>;

impl<'a> Reader<'a, '_> {
    fn value(&mut self, depth_left: usize) -> Result<Value> {
        self.space();
        self.values_left = self.values_left.checked_sub(1).ok_or("has too many parts")?;
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{' | b'[') if depth_left == 0 => Err("is nested too deeply"),
            Some(b'[') => {
                let mut items = Vec::new();
                self.list(b']', &mut |reader| {
                    items.push(reader.value(depth_left - 1)?);
                    Ok(())
                })?;
                Ok(Value::Array(items))
            }
            Some(b'{') => {
                let mut properties = Vec::new();
                self.list(b'}', &mut |reader| {
                    let name = reader.name()?;
                    let value = reader.value(depth_left - 1)?;
                    // Written back, that property would be an object's prototype.
                    if name != "__proto__" {
                        properties.push((name, value));
                    }
                    Ok(())
                })?;
                Ok(Value::Object(properties))
            }
            _ => self.scalar(),
        }
    }

    /// What stands between two brackets, separated by commas.
    fn list(&mut self, end: u8, item: &mut dyn FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.position += 1;
        self.space();
        if self.peek() == Some(end) {
            self.position += 1;
            return Ok(());
        }
        loop {
            item(self)?;
            self.space();
            match self.next() {
                Some(b',') => {}
                Some(byte) if byte == end => return Ok(()),
                _ => return Err(NOT_JSON),
            }
        }
    }

    /// A property's name, and the colon after it.
    fn name(&mut self) -> Result<String> {
        self.space();
        let name = match self.peek() {
            Some(b'"') => self.string()?,
            _ => return Err(NOT_JSON),
        };
        self.space();
        let colon = self.next();
        self.space();
        match (colon, name) {
            (Some(b':'), Value::String(name)) => Ok(name),
            _ => Err(NOT_JSON),
        }
    }

    /// A word or a number.
    fn scalar(&mut self) -> Result<Value> {
        let start = self.position;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        {
            self.position += 1;
        }
        match self.since(start) {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Boolean(true)),
            "false" => Ok(Value::Boolean(false)),
            text => match whole_number(text) {
                Some(number) => Ok(Value::Number(number)),
                None => (self.scalar)(text).ok_or(NOT_JSON),
            },
        }
    }

    fn string(&mut self) -> Result<Value> {
        let start = self.position;
        if self.pass_over_string().is_none() {
            return Err(NOT_JSON);
        }
        let quoted = self.since(start);
        let text = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        if text.as_bytes().iter().any(|byte| *byte < b' ' || *byte == b'\\') {
            return (self.scalar)(quoted).ok_or(NOT_JSON);
        }
        Ok(text.into())
    }

    /// Moves past a value without a look at what is in it.
    fn pass_over(&mut self) -> bool {
        let mut depth = 0_usize;
        loop {
            self.space();
            let start = self.position;
            match self.peek() {
                Some(b'"') => {
                    if self.pass_over_string().is_none() {
                        return false;
                    }
                }
                Some(b'[' | b'{') => {
                    self.position += 1;
                    depth += 1;
                }
                Some(b']' | b'}') if depth > 0 => {
                    self.position += 1;
                    depth -= 1;
                }
                Some(b',' | b':') if depth > 0 => {
                    self.position += 1;
                    continue;
                }
                None => return false,
                Some(_) => {
                    let ends = |byte: u8| {
                        matches!(
                            byte,
                            b',' | b':'
                                | b'['
                                | b']'
                                | b'{'
                                | b'}'
                                | b'"'
                                | b' '
                                | b'\t'
                                | b'\r'
                                | b'\n'
                        )
                    };
                    while self.peek().is_some_and(|byte| !ends(byte)) {
                        self.position += 1;
                    }
                    if self.position == start {
                        return false;
                    }
                }
            }
            if depth == 0 {
                return true;
            }
        }
    }

    fn pass_over_string(&mut self) -> Option<()> {
        self.position += 1;
        loop {
            let rest = self.text.as_bytes().get(self.position..)?;
            let place = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
            #[cfg(test)]
            text::work::add(place);
            self.position += place;
            if self.next()? == b'"' {
                return Some(());
            }
            self.position += 1;
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.position).unwrap_or_default()
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        #[cfg(test)]
        text::work::add(1);
        self.text.as_bytes().get(self.position).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.position += 1;
        Some(byte)
    }
}

/// A whole number whose digits make an exact double.
fn whole_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.starts_with('0') && digits.len() > 1 {
        return None;
    }
    let number = text::digits(digits)? as f64;
    // There is a negative zero.
    Some(if digits.len() < text.len() { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn as_host(text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }

    fn read(text: &str) -> Result<Value> {
        Value::from_json(text, usize::MAX, &as_host)
    }

    /// As `serde_json` has it, which is as strict. It refuses numbers that are too large for a double
    /// and halves of surrogate pairs; a host takes them.
    fn expected(text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn what_is_json_is_read_and_what_is_none_is_not() {
        for text in [
            "null",
            " true\n",
            "false",
            "0",
            "-0",
            "-1",
            "123456789012345",
            "1234567890123456",
            "0.5",
            "-1.5e-3",
            "1E+2",
            "1e400",
            "\"\"",
            r#""å♚😀""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u00e5\ud83d\ude00\u0000""#,
            "[]",
            "[ ]",
            "[1,2 , 3]",
            "{}",
            r#"{ "a" : [{}] }"#,
            "",
            " ",
            "nul",
            "nulll",
            "tru e",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "0x1",
            "NaN",
            "Infinity",
            "\"",
            "\"\n\"",
            r#""\x""#,
            r#""\u12""#,
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "]",
            "{",
            "{}}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            "{a:1}",
            "[1}",
            "1 2",
            "\u{FEFF}1",
            "'a'",
            "//",
            "[1]x",
        ] {
            assert_eq!(read(text).ok(), expected(text), "{text}");
        }
    }

    #[test]
    fn no_property_becomes_a_prototype() {
        let value = read(r#"{"__proto__":{"a":1},"b":{"__proto__":2}}"#).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), r#"{"b":{}}"#);
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(&nested(DEEPEST)).is_ok());
        assert_eq!(read(&nested(DEEPEST + 1)), Err("is nested too deeply"));
        assert_eq!(read(&nested(1_000_000)), Err("is nested too deeply"));
        assert_eq!(read(&"[".repeat(1_000_000)), Err("is nested too deeply"));
        let most = |most| Value::from_json(r#"[1,{"a":2}]"#, most, &|_| None);
        assert!(most(4).is_ok());
        assert_eq!(most(3), Err("has too many parts"));
    }

    #[test]
    fn an_object_and_an_array_have_parts() {
        let of = |text: &str| {
            let parts = parts(text, &as_host)?;
            Some(parts.into_iter().map(|(name, value)| name + "=" + value).collect::<Vec<_>>())
        };
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(of("1"), None);
        assert_eq!(of(""), None);
        assert_eq!(of("[]").unwrap(), [""; 0]);
        assert_eq!(
            of(r#" [1, "],\"" ,{"a":[2]}]"#).unwrap(),
            ["=1", r#"="],\"""#, r#"={"a":[2]}"#]
        );
        assert_eq!(of(r#"{"a":{"b":1},"c" : null}"#).unwrap(), [r#"a={"b":1}"#, "c=null"]);
        assert_eq!(of(&format!("[{deep},1]")).unwrap(), [format!("={deep}"), "=1".into()]);
        // What can't be told apart is one.
        assert_eq!(of(r#"[1,{"a":2"#).unwrap(), ["=1", r#"={"a":2"#]);
        assert_eq!(of(r#"{"a":1,b:2,"c":3}"#).unwrap(), ["a=1", r#"=b:2,"c":3}"#]);
        assert_eq!(of("[1,:,2]").unwrap(), ["=1", "=:,2]"]);
        assert_eq!(of(r#"{"a":[1,{"#).unwrap(), ["a=[1,{"]);
        assert_eq!(of("[1,").unwrap(), ["=1", "="]);
        assert_eq!(of(r#"{"a":[1]"#).unwrap(), ["a=[1]", "="]);
    }

    proptest! {
        #[test]
        fn it_reads_what_serde_json_reads(text in r#"([\[\]{},:"\\ \n0-9eE+.a-]|null|true|"a"|\\u00e5|[0-9]{15,17}|1\.5){0,12}"#) {
            prop_assert_eq!(read(&text).ok(), expected(&text), "{}", text);
        }

        #[test]
        fn the_parts_of_what_is_json_are_json(value in super::super::value::tests::any_value()) {
            let text = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(read(&text), Ok(value.clone()));
            match (&value, parts(&text, &as_host)) {
                (Value::Array(items), Some(parts)) => {
                    let parts: Vec<_> = parts.iter().map(|(_, part)| read(part).unwrap()).collect();
                    prop_assert_eq!(&parts, items);
                }
                (Value::Object(properties), Some(parts)) => {
                    let part = |(name, part): &(String, &str)| (name.clone(), read(part).unwrap());
                    prop_assert_eq!(&parts.iter().map(part).collect::<Vec<_>>(), properties);
                }
                (_, parts) => prop_assert_eq!(parts, None),
            }
        }
    }
}
