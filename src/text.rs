//! What the standard library does too, in the few bytes that the wasm can spare: its generic
//! `concat` and its two-way search come to 8 KB with the messages of their panics.

/// The parts, one after the other.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    parts.iter().for_each(|part| text.push_str(part));
    text
}

/// What is before and after the first occurrence of a text that is not empty.
pub(crate) fn split_once<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let start = find(text, separator)?;
    Some((text.get(..start)?, text.get(start + separator.len()..)?))
}

/// Where a text that is not empty occurs first, in bytes.
pub(crate) fn find(text: &str, wanted: &str) -> Option<usize> {
    let place =
        text.as_bytes().windows(wanted.len().max(1)).position(|window| window == wanted.as_bytes());
    #[cfg(test)]
    work::add(place.unwrap_or(text.len()));
    place
}

/// Splits at the first of an ASCII character, as `split_once` does.
pub(crate) fn split_once_at(text: &str, separator: u8) -> Option<(&str, &str)> {
    let place = text.as_bytes().iter().position(|byte| *byte == separator)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// The parts between an ASCII character, as `split` gives them.
pub(crate) fn split(text: &str, separator: u8) -> Split<'_> {
    Split { rest: Some(text), separator }
}

pub(crate) struct Split<'a> {
    rest: Option<&'a str>,
    separator: u8,
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.take()?;
        let Some((part, rest)) = split_once_at(rest, self.separator) else { return Some(rest) };
        self.rest = Some(rest);
        Some(part)
    }
}

/// How many parts there are between an ASCII character, if all of them fit.
pub(crate) fn count_parts(text: &str, separator: u8, fits: &dyn Fn(&str) -> bool) -> Option<usize> {
    let mut count = 0;
    for part in split(text, separator) {
        if !fits(part) {
            return None;
        }
        count += 1;
    }
    Some(count)
}

/// Whether all bytes fit. With `Iterator::all` each condition would bring a loop of its own, and so
/// it is for the next two.
#[inline(never)]
pub(crate) fn all_bytes(text: &str, fits: fn(&u8) -> bool) -> bool {
    text.as_bytes().iter().all(fits)
}

/// Whether all characters fit.
#[inline(never)]
pub(crate) fn all_chars(text: &str, fits: fn(char) -> bool) -> bool {
    text.chars().all(fits)
}

/// Where the first of certain ASCII characters is.
#[inline(never)]
pub(crate) fn find_byte(text: &str, is_wanted: fn(&u8) -> bool) -> Option<usize> {
    text.as_bytes().iter().position(is_wanted)
}

/// Where an ASCII character is last.
pub(crate) fn last_place(text: &str, wanted: u8) -> Option<usize> {
    text.as_bytes().iter().rposition(|byte| *byte == wanted)
}

/// Every occurrence of a text that is not empty, replaced.
pub(crate) fn replace(text: &str, wanted: &str, replacement: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = split_once(rest, wanted) {
        replaced.push_str(before);
        replaced.push_str(replacement);
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// A path in a URL (RFC 3986 §3.3): what separates or ends one is escaped, all but its slashes.
pub(crate) fn percent_encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            push_hexadecimal(&mut encoded, byte, b'A');
        }
    }
    encoded
}

/// Appends a byte in hexadecimal digits, whose letters begin with `a` or `A`.
pub(crate) fn push_hexadecimal(text: &mut String, byte: u8, first_letter: u8) {
    for half in [byte >> 4, byte & 15] {
        let digit = if half < 10 { b'0' + half } else { first_letter - 10 + half };
        text.push(char::from(digit));
    }
}

/// The whole number that some digits are, 15 at most. `parse` is compiled for each type of number, at
/// 600 bytes.
pub(crate) fn digits(text: &str) -> Option<i64> {
    let fits = (1..=15).contains(&text.len()) && all_bytes(text, u8::is_ascii_digit);
    fits.then(|| text.bytes().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// A whole number, which may have a sign.
pub(crate) fn integer(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(text) => digits(text).map(|number| -number),
        None => digits(text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A number in decimal digits, with a fraction or without one. Up to fifteen digits both operands of the
/// division are exact, so it rounds as it has to; the rest of a longer one adds less than a double can tell.
/// (The standard library's reader takes 14 KB with brotli.)
pub(crate) fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = split_once(unsigned, ".").unwrap_or((unsigned, ""));
    let all = concat(&[whole, fraction]);
    if whole.is_empty() || !all_bytes(&all, u8::is_ascii_digit) {
        return None;
    }
    let (mut size, mut scale) = (0.0, 1.0);
    for digit in all.bytes() {
        size = size * 10.0 + f64::from(digit - b'0');
    }
    for _ in fraction.bytes() {
        scale *= 10.0;
    }
    size /= scale;
    (size < f64::INFINITY).then_some(if unsigned.len() < text.len() { -size } else { size })
}

/// A whole number in decimal digits. `to_string` brings the formatting of all the world, 7 KB.
pub(crate) fn decimal(number: impl TryInto<i64>) -> String {
    decimal_of(number.try_into().unwrap_or(i64::MAX))
}

fn decimal_of(number: i64) -> String {
    let mut text = String::from(if number < 0 { "-" } else { "" });
    push_digits(&mut text, number.unsigned_abs());
    text
}

/// At most twenty.
fn push_digits(text: &mut String, number: u64) {
    if number >= 10 {
        push_digits(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// Counts what readers look at, so that a test can measure their work without a clock.
#[cfg(test)]
pub(crate) mod work {
    use std::cell::Cell;

    thread_local! {
        static COUNT: Cell<usize> = const { Cell::new(0) };
    }

    /// So many bytes or places of a text were looked at.
    pub(crate) fn add(count: usize) {
        COUNT.set(COUNT.get() + count);
    }

    /// How much a function looks at on this thread.
    pub(crate) fn of(function: impl FnOnce()) -> usize {
        COUNT.set(0);
        function();
        COUNT.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_does_what_the_standard_library_does(text in "[ab\\-å]{0,12}", wanted in "[ab\\-å]{1,3}") {
            prop_assert_eq!(find(&text, &wanted), text.find(&wanted));
            prop_assert_eq!(split_once(&text, &wanted), text.split_once(&wanted));
            prop_assert_eq!(split_once_at(&text, b'-'), text.split_once('-'));
            prop_assert!(split(&text, b'-').eq(text.split('-')));
            prop_assert_eq!(last_place(&text, b'-'), text.rfind('-'));
            prop_assert_eq!(replace(&text, &wanted, "…"), text.replace(&wanted, "…"));
            prop_assert_eq!(concat(&[&text, "", &wanted]), [text.as_str(), "", &wanted].concat());
        }

        #[test]
        fn a_number_is_read_as_the_standard_library_does(text in "[+-]{0,2}[0-9]{0,15}a?") {
            prop_assert_eq!(integer(&text), text.parse().ok());
        }

        #[test]
        fn decimal_digits_are_those_of_the_standard_library(number: i64) {
            prop_assert_eq!(decimal(number), number.to_string());
        }
    }

    proptest! {
        #[test]
        fn a_fraction_is_read_as_the_standard_library_does(text in "-?[0-9]{1,8}(\\.[0-9]{0,7})?") {
            prop_assert_eq!(super::number(&text), text.parse().ok());
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", ".", ".5", "-", "-.5", "+1", "1e3", "1.-5", "1.2.3", "1,5", "0x1", " 1"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(number(&"9".repeat(400)), None);
        assert_eq!(number(&["0.", &"3".repeat(400)].concat()), None);
    }

    proptest! {
        #[test]
        fn a_long_number_is_as_close_as_can_be_told(text in "-?[0-9]{1,15}\\.[0-9]{8,28}") {
            let (read, exact) = (number(&text).unwrap(), text.parse::<f64>().unwrap());
            prop_assert!((read - exact).abs() <= exact.abs() * 1e-15, "{read} {exact}");
        }
    }

    #[test]
    fn the_ends_of_the_range_have_digits_too() {
        for number in [0, 9, 10, -1, i64::MIN, i64::MAX] {
            assert_eq!(decimal(number), number.to_string());
        }
        assert_eq!(decimal(u64::MAX), i64::MAX.to_string());
    }
}
