//! Swedish personal numbers.

use neuron_agent_api::syntax::date_time::from_unix_seconds;

/// The digits of a year without its century, of a month, of a day, and of the number of that day.
const DIGITS: usize = 10;

/// What is added to the day of somebody who is not registered in the country.
const COORDINATION_DAY: u32 = 60;

/// The number as `yyyyMMdd-nnnn`. `None` if it does not have the form of one, or its check digit is
/// wrong.
pub(super) fn normalise(number: &str, now: i64) -> Option<String> {
    let separator = number.chars().find(|character| !character.is_ascii_digit());
    let position = number.find(|character: char| !character.is_ascii_digit());
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    // All characters but the separator are digits, and four come after it.
    if digits.len() + separator.map_or(0, char::len_utf8) != number.len()
        || position.is_some_and(|position| position + 5 != number.len())
        || separator.is_some_and(|separator| !matches!(separator, '-' | '+'))
    {
        return None;
    }
    let (century, short) = match digits.len() {
        DIGITS => (None, digits.as_str()),
        12 if separator != Some('+') => (digits.get(..2), digits.get(2..)?),
        _ => return None,
    };
    if !has_valid_date(short)? || !has_valid_check_digit(short) {
        return None;
    }
    let century = match century {
        Some(century) => century.to_owned(),
        None => self::century(short, separator == Some('+'), now)?,
    };
    Some(format!("{century}{}-{}", short.get(..6)?, short.get(6..)?))
}

fn has_valid_date(short: &str) -> Option<bool> {
    let month: u32 = short.get(2..4)?.parse().ok()?;
    let day: u32 = short.get(4..6)?.parse().ok()?;
    let day = if day > COORDINATION_DAY { day - COORDINATION_DAY } else { day };
    Some((1..=12).contains(&month) && (1..=31).contains(&day))
}

/// The algorithm of Luhn (ISO/IEC 7812-1, annex B).
fn has_valid_check_digit(short: &str) -> bool {
    let digits = short.chars().filter_map(|character| character.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(index, digit)| if index % 2 == 0 { 2 * digit / 10 + 2 * digit % 10 } else { digit })
        .sum();
    sum.is_multiple_of(10)
}

/// The century in which somebody was born who is younger than a hundred years, or not.
fn century(short: &str, is_a_hundred: bool, now: i64) -> Option<String> {
    let this_year: i64 = from_unix_seconds(now)?.get(..4)?.parse().ok()?;
    let year: i64 = short.get(..2)?.parse().ok()?;
    let last = this_year - (this_year - year).rem_euclid(100);
    let year = if is_a_hundred { last - 100 } else { last };
    Some((year / 100).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_normalised() {
        for (number, normalised) in [
            ("19121212-1212", "19121212-1212"),
            ("191212121212", "19121212-1212"),
            ("121212-1212", "20121212-1212"),
            ("1212121212", "20121212-1212"),
            ("121212+1212", "19121212-1212"),
            ("811228-9874", "19811228-9874"),
            ("701063-2391", "19701063-2391"),
        ] {
            assert_eq!(normalise(number, 1_700_000_000).as_deref(), Some(normalised), "{number}");
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for number in [
            "",
            "1",
            "19121212-1213",
            "121312-1212",
            "19121212+1212",
            "1912-12121212",
            "121212-12-12",
            "121212 1212",
            "121212-121å",
            "1912121212121",
        ] {
            assert_eq!(normalise(number, 1_700_000_000), None, "{number}");
        }
    }
}
