//! Writes JSON (RFC 8259).

use super::value::Value;
use super::xml::PrintNumber;
use crate::text;

/// In bytes, of a request or a response: so much is allocated at once.
const USUAL_LENGTH: usize = 256;

impl Value {
    /// The value as JSON. Numbers that are not whole are printed by the host.
    #[must_use]
    pub fn to_json(&self, print: PrintNumber<'_>) -> String {
        let mut json = String::with_capacity(USUAL_LENGTH);
        write(&mut json, self, print);
        json
    }
}

fn write(json: &mut String, value: &Value, print: PrintNumber<'_>) {
    match value {
        Value::Null => json.push_str("null"),
        Value::Boolean(true) => json.push_str("true"),
        Value::Boolean(false) => json.push_str("false"),
        Value::Number(number) => match value.as_integer() {
            Some(0) if number.is_sign_negative() => json.push_str("-0"),
            Some(integer) => json.push_str(&text::decimal(integer)),
            None => json.push_str(&print(*number)),
        },
        Value::String(text) => write_text(json, text),
        Value::Array(items) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write(json, item, print);
            }
            json.push(']');
        }
        Value::Object(properties) => {
            json.push('{');
            for (index, (name, value)) in properties.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write_text(json, name);
                json.push(':');
                write(json, value, print);
            }
            json.push('}');
        }
    }
}

fn write_text(json: &mut String, text: &str) {
    json.push('"');
    let mut rest = text;
    while let Some(place) = rest.as_bytes().iter().position(|byte| must_be_escaped(*byte)) {
        let (plain, escaped) = rest.split_at_checked(place).unwrap_or((rest, ""));
        json.push_str(plain);
        let byte = escaped.bytes().next().unwrap_or_default();
        match byte {
            b'"' | b'\\' => {
                json.push('\\');
                json.push(char::from(byte));
            }
            b'\n' => json.push_str("\\n"),
            b'\r' => json.push_str("\\r"),
            b'\t' => json.push_str("\\t"),
            _ => {
                json.push_str(if byte < 16 { "\\u000" } else { "\\u001" });
                let digit = byte % 16;
                json.push(char::from(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit }));
            }
        }
        rest = escaped.get(1..).unwrap_or_default();
    }
    json.push_str(rest);
    json.push('"');
}

fn must_be_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

#[cfg(test)]
mod tests {
    use super::super::value::tests::any_value;
    use super::*;
    use proptest::prelude::*;

    fn print(number: f64) -> String {
        number.to_string()
    }

    #[test]
    fn texts_are_escaped_as_by_javascript() {
        let controls: String = (0..=0x20_u8).map(char::from).collect();
        let text = Value::String(format!("{controls}\"\\/\u{7f}å\u{1F600}\u{2028}"));
        let read: Value = serde_json::from_str(&text.to_json(&print)).unwrap();
        assert_eq!(read, text);
        assert_eq!(Value::from("a\n\r\t\u{1}\u{1f}").to_json(&print), r#""a\n\r\t\u0001\u001f""#);
    }

    #[test]
    fn numbers_keep_their_form() {
        for (number, json) in [
            (600.0, "600"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (9_007_199_254_740_991.0, "9007199254740991"),
        ] {
            assert_eq!(Value::Number(number).to_json(&print), json);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same_value(value in any_value()) {
            let read: Value = serde_json::from_str(&value.to_json(&print)).unwrap();
            prop_assert_eq!(read, value);
        }
    }
}
