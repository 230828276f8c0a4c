//! The sizes of texts in a response.

/// The size of a text inside a JSON string, in bytes.
pub(super) fn escaped_json_size(text: &str) -> usize {
    let length = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0C => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(length).sum()
}

/// An upper bound for the size of a text inside an XML attribute, in bytes.
pub(super) fn escaped_xml_size(text: &str) -> usize {
    let length = |byte| match byte {
        b'"' | b'\'' => 6,
        b'&' | b'<' | b'>' | b'\n' | b'\r' | b'\t' => 5,
        _ => 1,
    };
    text.bytes().map(length).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::syntax::xml::escape;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sizes_are_those_of_the_written_texts(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(escaped_json_size(&text), json.len() - 2);
            prop_assert!(escaped_xml_size(&text) >= escape(&text).len());
        }
    }
}
