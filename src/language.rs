//! Language tags: an ISO 639-1 code (`sv`), or the longer form of BCP 47 (`sv-SE`).

/// The rule, as told to a caller who broke it.
pub const RULE: &str = "is not a language tag. Write an ISO 639-1 code or a BCP 47 tag, for example \"en\" or \"sv-SE\".";

/// Whether a text has the form of a language tag (RFC 5646 §2.1, well-formed): subtags of one to
/// eight ASCII letters and digits, joined by hyphens, the first of letters only and at least two
/// of them, unless the tag is a private one (`x-…`) or a registered irregular one (`i-…`).
#[must_use]
pub fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let Some(first) = subtags.next() else { return false };
    let mut private = matches!(first, "x" | "X" | "i" | "I");
    if !first.bytes().all(|byte| byte.is_ascii_alphabetic())
        || !(private || (2..=8).contains(&first.len()))
    {
        return false;
    }
    // A singleton announces what follows, so something must follow.
    let mut announced = private;
    for subtag in subtags {
        if !subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
            || !(1..=8).contains(&subtag.len())
        {
            return false;
        }
        let singleton = subtag.len() == 1 && !private;
        if singleton && announced {
            return false;
        }
        private |= matches!(subtag, "x" | "X");
        announced = singleton;
    }
    !announced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_in_use_are_accepted() {
        for tag in [
            "en",
            "sv",
            "SV",
            "deu",
            "sv-SE",
            "zh-Hant-TW",
            "es-419",
            "de-CH-1996",
            "x-whatever",
            "en-x-a",
            "i-klingon",
            "en-a-bbb-x-a-ccc",
            "sl-rozaj-biske",
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
        ] {
            assert!(!is_language_tag(tag), "{tag:?}");
        }
    }
}
