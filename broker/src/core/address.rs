//! Reading XMPP addresses, normalised.

use jid::{Jid, NodePart};
use std::borrow::Cow;

/// The maximum length of a part of an address, in bytes (RFC 7622 §3.3.1).
const MAX_PART_BYTES: usize = 1023;

/// Three parts, an `@` and a `/` (RFC 7622 §3.1).
const MAX_BYTES: usize = 3 * MAX_PART_BYTES + 2;

/// Parses an address and normalises it: `Bob@LOCALHOST.` is `bob@localhost`.
///
/// # Errors
/// The rule that is broken.
pub(super) fn parse(text: &str) -> Result<Jid, String> {
    // The length is checked first, because normalising takes time that grows with its square.
    if text.len() > MAX_BYTES {
        return Err("it is too long".into());
    }
    Jid::new(&without_trailing_dot(text)).map_err(|error| error.to_string())
}

/// Parses the name of an account, the part before `@`, and normalises it: `Bob` is `bob`.
///
/// # Errors
/// The rule that is broken.
pub(super) fn parse_user_name(text: &str) -> Result<String, String> {
    if text.len() > MAX_PART_BYTES {
        return Err("it is too long".into());
    }
    NodePart::new(text).map(|node| node.to_string()).map_err(|error| error.to_string())
}

/// The dot after a domain is not part of the address (RFC 7622 §3.2). The `jid` crate keeps it, so
/// that `bob@localhost.` would not be `bob@localhost`.
fn without_trailing_dot(text: &str) -> Cow<'_, str> {
    match text.split_once('/') {
        None => text.strip_suffix('.').unwrap_or(text).into(),
        Some((bare, resource)) => match bare.strip_suffix('.') {
            Some(bare) => format!("{bare}/{resource}").into(),
            None => text.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_normalised() {
        for (text, expected) in [
            ("bob@localhost", "bob@localhost"),
            ("Bob@LOCALHOST", "bob@localhost"),
            ("bob@localhost.", "bob@localhost"),
            ("BOB@localhost./Phone", "bob@localhost/Phone"),
            ("\u{FF42}ob@localhost", "bob@localhost"),
            ("bob@example.org/a@b/c", "bob@example.org/a@b/c"),
            ("example.org", "example.org"),
        ] {
            assert_eq!(parse(text).map(|jid| jid.to_string()), Ok(expected.into()), "{text}");
        }
    }

    #[test]
    fn user_names_are_normalised() {
        assert_eq!(parse_user_name("B\u{C5}b"), Ok("b\u{E5}b".into()));
        for text in ["", "a@b", "a b", "a/b", &"a".repeat(1024)] {
            assert!(parse_user_name(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let too_long = format!("{}@localhost", "a".repeat(4000));
        for text in ["", "@", "a@", "@b", "a@b@c", "a b@c", "a@b/", "a@b c", "a@b:5222", &too_long]
        {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
