//! XMPP addresses (RFC 7622), by structure: parts, lengths and forbidden characters.
//!
//! Case folding and Unicode normalisation are the broker's: it answers with the bare JID it
//! understood. Their tables would cost over 100 KB in the wasm (`docs/decisions.md`).

use crate::syntax::ip_address::{is_ipv4_address, is_ipv6_literal};
use crate::text;

/// How a right address looks, for the messages of errors.
pub const EXAMPLE: &str =
    "Write user@domain or user@domain/resource, for example \"bob@example.org\".";

/// The greatest length of a part, in bytes of UTF-8 (RFC 7622 §3.2–3.4).
const LONGEST_PART: usize = 1023;

/// An address whose structure is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jid<'a> {
    local: Option<&'a str>,
    domain: &'a str,
    resource: Option<&'a str>,
}

impl<'a> Jid<'a> {
    /// Takes an address apart (RFC 7622 §3.1): the first `/` starts the resource, the first `@`
    /// before it ends the local part.
    ///
    /// # Errors
    /// The broken rule, as the end of a sentence that begins with the parameter's name.
    pub fn parse(address: &'a str) -> Result<Self, &'static str> {
        let (bare, resource) = match text::split_once_at(address, b'/') {
            Some((bare, resource)) => (bare, Some(resource)),
            None => (address, None),
        };
        let (local, domain) = match text::split_once_at(bare, b'@') {
            Some((local, domain)) => (Some(local), domain),
            None => (None, bare),
        };
        // A trailing dot is no part of the address (§3.2).
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        if let Some(local) = local {
            check_local(local)?;
        }
        check_domain(domain)?;
        if let Some(resource) = resource {
            check_resource(resource)?;
        }
        Ok(Self { local, domain, resource })
    }

    /// The part before `@`, if any.
    #[must_use]
    pub fn local(&self) -> Option<&'a str> {
        self.local
    }

    /// The domain, without a trailing dot.
    #[must_use]
    pub fn domain(&self) -> &'a str {
        self.domain
    }

    /// The part after `/`, if any; with it the address is a full JID.
    #[must_use]
    pub fn resource(&self) -> Option<&'a str> {
        self.resource
    }

    /// Whether this is a domain of a single label with no local part, as `bob`: right by the
    /// letter, and nearly always an account whose domain was forgotten.
    #[must_use]
    pub fn is_lone_label(&self) -> bool {
        self.local.is_none() && text::all_bytes(self.domain, |byte| !matches!(byte, b'.' | b':'))
    }
}

/// Checks the part before `@` (RFC 7622 §3.3), which is an account's user name too.
///
/// # Errors
/// The broken rule, as the end of a sentence.
pub fn check_local(local: &str) -> Result<(), &'static str> {
    if local.is_empty() {
        return Err("has nothing before \"@\".");
    }
    if local.len() > LONGEST_PART {
        return Err("has more than 1023 bytes before \"@\".");
    }
    let is_plain =
        |byte: &u8| !matches!(byte, b'"' | b'&' | b'\'' | b'/' | b':' | b'<' | b'>' | b'@');
    if !text::all_bytes(local, is_plain) {
        return Err("has one of the characters \" & ' / : < > @ in the user name.");
    }
    let is_visible = |character: char| !character.is_whitespace() && !is_forbidden(character);
    if !text::all_chars(local, is_visible) {
        return Err("has a space or an invisible character in the user name.");
    }
    Ok(())
}

fn check_domain(domain: &str) -> Result<(), &'static str> {
    if domain.is_empty() {
        return Err("has no domain.");
    }
    if domain.len() > LONGEST_PART {
        return Err("has a domain of more than 1023 bytes.");
    }
    if domain.starts_with('[') {
        let fault = "has a bracketed domain that is no IPv6 address.";
        return is_ipv6_literal(domain).then_some(()).ok_or(fault);
    }
    // A domain that ends in a number can only be an IPv4 address.
    let last = text::split(domain, b'.').last().unwrap_or_default();
    let numeric = text::all_bytes(last, u8::is_ascii_digit);
    if text::count_parts(domain, b'.', &is_label).is_some() && (!numeric || is_ipv4_address(domain))
    {
        Ok(())
    } else {
        Err("has a domain that is no host name.")
    }
}

fn is_label(label: &str) -> bool {
    let characters_fit = text::all_chars(label, |character| match character {
        '-' => true,
        _ if character.is_ascii() => character.is_ascii_alphanumeric(),
        // Other scripts' full stops would make one label of two.
        '\u{3002}' | '\u{FF0E}' | '\u{FF61}' => false,
        _ => !character.is_whitespace() && !is_forbidden(character),
    });
    let ascii_fits = !label.is_ascii() || label.len() <= 63;
    characters_fit
        && ascii_fits
        && !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn check_resource(resource: &str) -> Result<(), &'static str> {
    if resource.is_empty() {
        return Err("has nothing after \"/\".");
    }
    if resource.len() > LONGEST_PART {
        return Err("has more than 1023 bytes after \"/\".");
    }
    if !text::all_chars(resource, |character| !is_forbidden(character)) {
        return Err("has a control or invisible character in the resource.");
    }
    Ok(())
}

/// Characters that no part of an address may hold: controls, private use, noncharacters and those
/// that are drawn as nothing (the `PrecisIgnorableProperties` of RFC 8264 §9.13).
fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200E}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{10FFFF}')
        || (u32::from(character) & 0xFFFE) == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(address: &str) -> (Option<&str>, &str, Option<&str>) {
        let jid = Jid::parse(address).unwrap_or_else(|rule| panic!("{address:?} {rule}"));
        (jid.local(), jid.domain(), jid.resource())
    }

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(parts("bob@example.org"), (Some("bob"), "example.org", None));
        assert_eq!(parts("bob@example.org/phone"), (Some("bob"), "example.org", Some("phone")));
        assert_eq!(parts("example.org"), (None, "example.org", None));
        assert_eq!(parts("example.org."), (None, "example.org", None));
        assert_eq!(parts("bob@localhost/a/b@c d"), (Some("bob"), "localhost", Some("a/b@c d")));
        assert_eq!(parts("bob@[::1]"), (Some("bob"), "[::1]", None));
        assert_eq!(parts("bob@192.0.2.7"), (Some("bob"), "192.0.2.7", None));
        assert_eq!(parts("åsa@exämple.org"), (Some("åsa"), "exämple.org", None));
    }

    /// The valid and invalid examples of RFC 7622 §3.5, less the two that only Unicode tables can
    /// tell (ROMAN NUMERAL FOUR and BLACK CHESS KING in the local part).
    #[test]
    fn the_examples_of_the_rfc_are_told_apart() {
        for valid in [
            "juliet@example.com",
            "juliet@example.com/foo",
            "juliet@example.com/foo bar",
            "juliet@example.com/foo@bar",
            "foo\\20bar@example.com",
            "fussball@example.com",
            "fußball@example.com",
            "π@example.com",
            "Σ@example.com/foo",
            "king@example.com/♚",
            "example.com",
            "example.com/foobar",
            "a.example.com/b@example.net",
        ] {
            assert!(Jid::parse(valid).is_ok(), "{valid}");
        }
        for invalid in [
            "\"juliet\"@example.com",
            "foo bar@example.com",
            "@example.com",
            "user@example.com/",
            "user@",
            "/resource",
            "juliet@",
        ] {
            assert!(Jid::parse(invalid).is_err(), "{invalid}");
        }
    }

    #[test]
    fn broken_structure_is_refused() {
        for address in [
            "",
            " ",
            "@",
            "/",
            "a@b@c",
            "a@b c",
            "a@b:5222",
            "a@.b",
            "a@b..c",
            "a@-b",
            "a@b-",
            "a@b_c",
            "a@[::1",
            "a@[x]",
            "a:b@c",
            "a<b@c",
            "a&b@c",
            "a'b@c",
            "a\tb@c",
            "a@b/\n",
            "a\u{202E}b@c",
            "a@b\u{202E}c",
            "a@b/\u{200B}",
            "a\u{A0}b@c",
            "a@b\u{3000}c",
            "a@b/\u{FFFE}",
            "a@b\0",
            "a@999.1.1.1",
            "a@1",
            "a@b\u{3002}c",
            "https://example.org",
            "xmpp:bob@example.org",
        ] {
            assert!(Jid::parse(address).is_err(), "{address:?}");
        }
    }

    #[test]
    fn a_part_may_have_1023_bytes_and_no_more() {
        let longest = "a".repeat(1023);
        let too_long = "a".repeat(1024);
        assert!(Jid::parse(&format!("{longest}@b/{longest}")).is_ok());
        assert!(Jid::parse(&format!("{too_long}@b")).is_err());
        assert!(Jid::parse(&format!("a@b/{too_long}")).is_err());
        assert!(Jid::parse(&format!("a@{}", "b.".repeat(511))).is_ok());
        assert!(Jid::parse(&format!("a@{}bbb", "b.".repeat(511))).is_err());
        // Bytes count, not characters.
        assert!(Jid::parse(&format!("{}@b", "å".repeat(512))).is_err());
    }

    #[test]
    fn a_forgotten_domain_is_noticed() {
        for (address, lone) in
            [("bob", true), ("bob/x", true), ("example.org", false), ("bob@localhost", false)]
        {
            assert_eq!(Jid::parse(address).map(|jid| jid.is_lone_label()), Ok(lone), "{address}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_whole(address in "\\PC{0,6}@?[a-z.\\-]{0,6}/?\\PC{0,6}") {
            if let Ok(jid) = Jid::parse(&address) {
                let mut whole = String::new();
                if let Some(local) = jid.local() {
                    whole = format!("{local}@");
                }
                whole += jid.domain();
                if address.len() > whole.len() && address.as_bytes()[whole.len()] == b'.' {
                    whole.push('.');
                }
                if let Some(resource) = jid.resource() {
                    whole = format!("{whole}/{resource}");
                }
                prop_assert_eq!(whole, address);
            }
        }

        #[test]
        fn any_text_gets_a_verdict(address in any::<String>()) {
            let _ = Jid::parse(&address);
        }
    }
}
