//! Base64 (RFC 4648): small, where the constant-time library comes to 4 KB in the wasm. What is
//! encoded here is on its way over the wire, and what is decoded came from there.

use crate::text;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// With padding, in the standard alphabet (§4).
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for place in 0..4 {
            let index = bits >> (18 - 6 * place) & 0x3F;
            let digit = ALPHABET.get(index as usize).filter(|_| place <= group.len());
            text.push(digit.map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}

/// Whether a text is what [`encode`] could have made of something: standard alphabet, padding, no spaces.
#[must_use]
pub fn is_base64(text: &str) -> bool {
    let digits = text.strip_suffix('=').unwrap_or(text);
    let digits = digits.strip_suffix('=').filter(|_| digits != text).unwrap_or(digits);
    !text.is_empty()
        && text.len().is_multiple_of(4)
        && text::all_bytes(digits, |digit| {
            digit.is_ascii_alphanumeric() || matches!(digit, b'+' | b'/')
        })
}

/// Without padding, in the alphabet for URLs (§5), as the parts of a token are.
#[must_use]
pub fn decode_url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text.bytes() {
        let digit = match digit {
            b'-' => b'+',
            b'_' => b'/',
            b'+' | b'/' => return None,
            _ => digit,
        };
        let value = ALPHABET.iter().position(|known| *known == digit)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xFF) as u8);
        }
    }
    // What is left are the zeros that filled the last digit up; a whole digit of them is one too many.
    (count < 6 && bits & ((1 << count) - 1) == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_are_encoded_as_by_a_library(bytes: Vec<u8>) {
            prop_assert_eq!(encode(&bytes), Base64::encode_string(&bytes));
        }

        #[test]
        fn texts_are_decoded_as_by_a_library(text in "[A-Za-z0-9_=+/-]{0,9}") {
            prop_assert_eq!(decode_url(&text), Base64UrlUnpadded::decode_vec(&text).ok(), "{}", text);
        }

        #[test]
        fn what_a_library_encoded_is_decoded(bytes: Vec<u8>) {
            prop_assert_eq!(decode_url(&Base64UrlUnpadded::encode_string(&bytes)), Some(bytes));
        }
    }
}
