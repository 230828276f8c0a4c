//! JSON that the host has parsed, as one text: `src/loader/tape.js` writes it and tells its form.

use super::Value;

impl Value {
    /// Reads a tape; nothing, where it is none.
    #[must_use]
    pub fn from_tape(tape: &str) -> Option<Self> {
        let mut reader = Reader { rest: tape };
        let value = reader.value()?;
        reader.rest.is_empty().then_some(value)
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    // How deep a tape goes is limited by who writes it.
    fn value(&mut self) -> Option<Value> {
        let kind = *self.rest.as_bytes().first()?;
        self.rest = self.rest.get(1..)?;
        Some(match kind {
            b'n' => Value::Null,
            b't' => Value::Boolean(true),
            b'f' => Value::Boolean(false),
            b'd' => Value::Number(f64::from_bits(self.number()?)),
            b's' => Value::String(self.text()?.into()),
            b'[' => {
                let mut items = Vec::new();
                for _ in 0..self.number()? {
                    items.push(self.value()?);
                }
                Value::Array(items)
            }
            b'{' => {
                let mut properties = Vec::new();
                for _ in 0..self.number()? {
                    let (name, value) = (self.text()?, self.value()?);
                    // Written back, that property would be an object's prototype.
                    if name != "__proto__" {
                        properties.push((name.into(), value));
                    }
                }
                Value::Object(properties)
            }
            _ => return None,
        })
    }

    fn number(&mut self) -> Option<u64> {
        let (digits, rest) = self.rest.split_once(';')?;
        self.rest = rest;
        digits.parse().ok()
    }

    fn text(&mut self) -> Option<&'a str> {
        let mut units_left = usize::try_from(self.number()?).ok()?;
        let mut characters = self.rest.chars();
        while units_left > 0 {
            units_left = units_left.checked_sub(characters.next()?.len_utf16())?;
        }
        let length = self.rest.len() - characters.as_str().len();
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn json(tape: &str) -> Option<String> {
        Some(serde_json::to_string(&Value::from_tape(tape)?).unwrap())
    }

    #[test]
    fn it_is_what_the_host_has_parsed() {
        for (tape, expected) in [
            ("n", "null"),
            ("t", "true"),
            ("f", "false"),
            ("d4607182418800017408;", "1"),
            ("d13830554455654793216;", "-1"),
            ("d4609434218613702656;", "1.5"),
            ("s0;", r#""""#),
            ("s3;a;b", r#""a;b""#),
            ("s4;å♚x;", r#""å♚x;""#),
            ("s3;😀x", r#""😀x""#),
            ("[0;", "[]"),
            ("[2;ns1;a", r#"[null,"a"]"#),
            ("{0;", "{}"),
            ("{2;1;at2;😀{1;0;[1;f", r#"{"a":true,"😀":{"":[false]}}"#),
            ("{2;9;__proto__{1;1;xt1;at", r#"{"a":true}"#),
        ] {
            assert_eq!(json(tape).as_deref(), Some(expected), "{tape}");
        }
    }

    #[test]
    fn the_time_grows_with_the_tape_and_no_faster() {
        let time = |items: usize| {
            let tape = format!("[{items};{}", "s29;a text that is not at the end".repeat(items));
            let once = || {
                let since = Instant::now();
                assert!(Value::from_tape(&tape).is_some());
                since.elapsed()
            };
            (0..5).map(|_| once()).min().unwrap()
        };
        let (few, many) = (time(5_000), time(100_000));
        // Twenty times, were it not for the machine; four hundred, if each text looked at all others.
        assert!(many < few * 100, "{few:?} for five thousand, {many:?} for a hundred thousand");
    }

    #[test]
    fn what_is_no_tape_is_nothing() {
        for tape in [
            "",
            "x",
            "å",
            "nn",
            "d",
            "d;",
            "d-1;",
            "d1",
            "s1;",
            "s1;😀",
            "s-1;",
            "s99999999999999999999;",
            "[1;",
            "[2;n",
            "{1;1;a",
            "{1;n",
            "s2;a",
        ] {
            assert_eq!(json(tape), None, "{tape}");
        }
    }
}
