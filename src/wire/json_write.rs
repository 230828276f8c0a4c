//! Writes JSON (RFC 8259).

use super::value::Value;
use super::xml::PrintNumber;
use crate::text;

impl Value {
    /// The value as JSON. Numbers that are not whole are printed by the host.
    #[must_use]
    pub fn to_json(&self, print: PrintNumber<'_>) -> String {
        let mut json = String::new();
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
            // No integer is -0.
            Some(integer) if integer != 0 || number.is_sign_positive() => {
                json.push_str(&text::decimal(integer));
            }
            _ => json.push_str(&print(*number)),
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
    while let Some(place) =
        rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
    {
        let (plain, escaped) = rest.split_at_checked(place).unwrap_or((rest, ""));
        json.push_str(plain);
        if let Some(byte) = escaped.bytes().next() {
            if byte < b' ' {
                json.push_str("\\u00");
                json.push(if byte < 16 { '0' } else { '1' });
                let digit = byte % 16;
                json.push(char::from(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit }));
            } else {
                json.push('\\');
                json.push(char::from(byte));
            }
        }
        rest = escaped.get(1..).unwrap_or_default();
    }
    json.push_str(rest);
    json.push('"');
}
