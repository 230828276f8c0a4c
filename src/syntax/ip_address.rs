//! IP addresses as text. The parser of the standard library would do, at 5 KB in the wasm.

use crate::text;

/// Four numbers up to 255 without leading zeros (RFC 3986 §3.2.2).
#[must_use]
pub fn is_ipv4_address(text: &str) -> bool {
    let is_octet = |part: &str| {
        text::digits(part).is_some_and(|octet| octet <= 255)
            && (part == "0" || !part.starts_with('0'))
    };
    text::count_parts(text, b'.', &is_octet) == Some(4)
}

/// An IPv6 address in brackets (RFC 3986 §3.2.2).
#[must_use]
pub fn is_ipv6_literal(text: &str) -> bool {
    let inside = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(is_ipv6_address)
}

fn is_ipv6_address(text: &str) -> bool {
    match text::split_once(text, "::") {
        None => groups(text, true) == Some(8),
        Some((head, tail)) => match (groups(head, false), groups(tail, true)) {
            // "::" stands for at least one group.
            (Some(before), Some(after)) => before + after <= 7,
            _ => false,
        },
    }
}

/// How many groups of 16 bits a part has; an IPv4 address at the end counts for two.
fn groups(part: &str, may_end_in_ipv4: bool) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    let colon = text::last_place(part, b':');
    let last = part.get(colon.map_or(0, |colon| colon + 1)..).unwrap_or_default();
    let (hexadecimal, ipv4) = if may_end_in_ipv4 && is_ipv4_address(last) {
        let Some(colon) = colon else { return Some(2) };
        (part.get(..colon)?, 2)
    } else {
        (part, 0)
    };
    let is_group = |group: &str| {
        (1..=4).contains(&group.len()) && text::all_bytes(group, u8::is_ascii_hexdigit)
    };
    text::count_parts(hexadecimal, b':', &is_group).map(|count| count + ipv4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn ipv4_is_judged_as_by_the_standard_library(text in "[0-9]{0,4}(\\.[0-9]{0,3}){2,4}") {
            prop_assert_eq!(is_ipv4_address(&text), text.parse::<Ipv4Addr>().is_ok());
        }

        #[test]
        fn ipv6_is_judged_as_by_the_standard_library(
            text in "((::)|([0-9a-fG]{0,5}:)){0,9}(::)?([0-9a-f]{1,4}|1\\.2\\.3\\.4)?",
        ) {
            let expected = text.parse::<Ipv6Addr>().is_ok();
            prop_assert_eq!(is_ipv6_literal(&format!("[{text}]")), expected, "{}", text);
        }

        #[test]
        fn every_ipv6_address_is_one(address: [u16; 8]) {
            let text = Ipv6Addr::from(address).to_string();
            let literal = format!("[{text}]");
            prop_assert!(is_ipv6_literal(&literal));
        }
    }

    #[test]
    fn brackets_belong_to_the_literal() {
        for text in ["::1", "[::1", "::1]", "[]", "[", "]", "[[::1]]"] {
            assert!(!is_ipv6_literal(text), "{text}");
        }
    }
}
