//! Language tags: an ISO 639-1 code (`sv`), or the longer form of BCP 47 (`sv-SE`).

use crate::text;

/// The rule, as told to a caller who broke it.
pub const RULE: &str = "is not a language tag. Write an ISO 639-1 code or a BCP 47 tag, for \
    example \"en\" or \"sv-SE\".";

/// Far more than any tag in use: RFC 5646 §4.4.1 asks for room for 35 characters.
const LONGEST: usize = 128;

/// The tags that were registered before there was a grammar and break it (RFC 5646 §2.2.8).
const IRREGULAR: &str = " en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo \
    i-navajo i-pwn i-tao i-tay i-tsu sgn-be-fr sgn-be-nl sgn-ch-de ";

/// Whether a text is a well-formed language tag (RFC 5646 §2.1).
#[must_use]
pub fn is_language_tag(tag: &str) -> bool {
    if is_irregular(tag) {
        return true;
    }
    let mut subtags = text::split(tag, b'-');
    let mut next = subtags.next();
    let mut take = |fits: fn(&str) -> bool| {
        let is_taken = next.is_some_and(fits);
        if is_taken {
            next = subtags.next();
        }
        is_taken
    };
    tag.len() <= LONGEST && grammar(&mut take) && next.is_none()
}

fn is_irregular(tag: &str) -> bool {
    let listed = text::concat(&[" ", &tag.to_ascii_lowercase(), " "]);
    text::all_bytes(tag, |byte| *byte != b' ') && text::find(IRREGULAR, &listed).is_some()
}

/// Takes subtags in the order of the grammar; `take` takes one if it fits.
fn grammar(take: &mut dyn FnMut(fn(&str) -> bool) -> bool) -> bool {
    if take(is_x) {
        return private(take);
    }
    if take(|subtag| is_letters(subtag, 2..=3)) {
        // Extended languages.
        for _ in 0..3 {
            take(|subtag| is_letters(subtag, 3..=3));
        }
    } else if !take(|subtag| is_letters(subtag, 4..=8)) {
        return false;
    }
    // Script, region, variants.
    take(|subtag| is_letters(subtag, 4..=4));
    take(|subtag| is_letters(subtag, 2..=2) || (subtag.len() == 3 && is_digits(subtag)));
    while take(|subtag| is(subtag, 5..=8) || (is(subtag, 4..=4) && starts_with_digit(subtag))) {}
    // Extensions: a letter or digit other than x announces subtags.
    while take(|subtag| is(subtag, 1..=1) && !is_x(subtag)) {
        if !take(|subtag| is(subtag, 2..=8)) {
            return false;
        }
        while take(|subtag| is(subtag, 2..=8)) {}
    }
    !take(is_x) || private(take)
}

/// What follows an `x`.
fn private(take: &mut dyn FnMut(fn(&str) -> bool) -> bool) -> bool {
    let announced = take(|subtag| is(subtag, 1..=8));
    while take(|subtag| is(subtag, 1..=8)) {}
    announced
}

fn is_x(subtag: &str) -> bool {
    matches!(subtag, "x" | "X")
}

fn is(subtag: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&subtag.len()) && text::all_bytes(subtag, u8::is_ascii_alphanumeric)
}

fn is_letters(subtag: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    is(subtag, lengths) && text::all_bytes(subtag, u8::is_ascii_alphabetic)
}

fn is_digits(subtag: &str) -> bool {
    text::all_bytes(subtag, u8::is_ascii_digit)
}

fn starts_with_digit(subtag: &str) -> bool {
    subtag.bytes().next().is_some_and(|first| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_the_rfc_and_in_use_are_accepted() {
        for tag in [
            "en",
            "sv",
            "SV",
            "deu",
            "sv-SE",
            "xh",
            "zh-Hant-TW",
            "es-419",
            "de-CH-1996",
            "x-whatever",
            "en-x-a",
            "en-a-bbb-x-a-ccc",
            "sl-rozaj-biske",
            "zh-cmn-Hans-CN",
            "zh-yue-HK",
            "sr-Latn-RS",
            "sl-IT-nedis",
            "hy-Latn-IT-arevela",
            "az-Arab-x-AZE-derbend",
            "de-DE-u-co-phonebk",
            "en-US-u-islamcal",
            "qaa-Qaaa-QM-x-southern",
            "ar-a-aaa-b-bbb-a-ccc",
            "abcd",
            "abcde",
            "x-a-b-c",
            "zh-min-nan",
            "en-GB-oed",
            "i-ami",
            "i-bnn",
            "i-default",
            "i-enochian",
            "i-hak",
            "i-klingon",
            "I-Klingon",
            "I-LUX",
            "i-mingo",
            "i-navajo",
            "i-pwn",
            "i-tao",
            "i-tay",
            "i-tsu",
            "sgn-BE-FR",
            "sgn-BE-NL",
            "SGN-ch-de",
            "art-lojban",
            "cel-gaulish",
            "no-bok",
            "no-nyn",
            "zh-guoyu",
            "zh-hakka",
            "zh-min",
            "zh-xiang",
        ] {
            assert!(is_language_tag(tag), "{tag}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for tag in [
            "",
            " ",
            "e",
            "1",
            "en_US",
            "en-",
            "-en",
            "en--US",
            "en US",
            "english language",
            "svenska-så",
            "abcdefghi",
            "en-abcdefghi",
            "x",
            "x-",
            "i",
            "en-a",
            "en-a-b-ccc",
            "en-x",
            "en\n",
            "s2",
            "en-US-abc",
            "de-419-DE",
            "en-DE-DE",
            "en-abc-def-ghi-jkl",
            "en-12",
            "i-foo",
            "aaaaa-abc",
            "a-DE",
            "ar-a-b",
            "x-123456789",
            "i-ami i-bnn",
            "i-defaul",
            "i-default-x",
            "en-GB-oe",
            "sgn-BE-DE",
        ] {
            assert!(!is_language_tag(tag), "{tag:?}");
        }
        assert!(!is_language_tag(&format!("en{}", "-variant".repeat(20))));
    }
}
