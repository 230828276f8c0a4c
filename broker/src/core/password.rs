//! Normalises passwords: the profile OpaqueString of RFC 8265 §4.2.

use unicode_normalization::UnicodeNormalization;

/// The form in which a password is kept and compared: composed characters (NFC), and plain spaces.
pub(super) fn normalise(password: &str) -> String {
    password
        .chars()
        .map(|character| if is_space(character) { ' ' } else { character })
        .nfc()
        .collect()
}

/// The Unicode category Zs.
fn is_space(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_same_however_it_was_typed() {
        for (typed, kept) in [
            ("wonderland", "wonderland"),
            ("Zu\u{308}rich", "Z\u{fc}rich"),
            ("Z\u{fc}rich", "Z\u{fc}rich"),
            ("a\u{3000}b\u{a0}c d", "a b c d"),
            // Compatibility characters and case are kept, because they make other passwords.
            ("\u{fb01}ne \u{2460} ABC", "\u{fb01}ne \u{2460} ABC"),
            ("a\tb", "a\tb"),
        ] {
            assert_eq!(normalise(typed), kept);
        }
    }
}
