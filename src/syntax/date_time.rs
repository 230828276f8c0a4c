//! Points in time: Unix seconds or ISO 8601 from the broker, ISO 8601 to the caller.

use crate::text;

const SECONDS_A_DAY: i64 = 86_400;
/// From 0000-03-01, where the count of [`from_unix_seconds`] starts, to 1970-01-01.
const DAYS_BEFORE_1970: i64 = 719_468;
const DAYS_IN_400_YEARS: i64 = 146_097;
/// The last second of the year 9999: later ones have no four-digit year.
const LAST_SECOND: i64 = 253_402_300_799;

/// Writes `2026-11-23T05:37:42Z`; nothing for a year of more or less than four digits.
#[must_use]
pub fn from_unix_seconds(seconds: i64) -> Option<String> {
    if !(-62_167_219_200..=LAST_SECOND).contains(&seconds) {
        return None;
    }
    let (year, month, day) = date_of(seconds.div_euclid(SECONDS_A_DAY));
    let second = seconds.rem_euclid(SECONDS_A_DAY);
    let mut text = String::with_capacity(20);
    for (number, width, after) in [
        (year, 4, "-"),
        (month, 2, "-"),
        (day, 2, "T"),
        (second / 3600, 2, ":"),
        (second / 60 % 60, 2, ":"),
        (second % 60, 2, "Z"),
    ] {
        let digits = text::decimal(number);
        for _ in digits.len()..width {
            text.push('0');
        }
        text.push_str(&digits);
        text.push_str(after);
    }
    Some(text)
}

/// Reads `yyyy-MM-ddTHH:mm:ss[.fff](Z|±HH[:]mm)`, cutting the fraction. A time without a zone is
/// taken as UTC, which is what the broker writes. `24:00:00` is the end of its day (XML Schema Part 2
/// §3.2.7, ISO 8601).
#[must_use]
pub fn to_unix_seconds(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    let date_end = text::find_byte(text, |byte| matches!(byte, b'T' | b't'))?;
    let (date, time) = (text.get(..date_end)?, text.get(date_end + 1..)?);
    let [year, month, day] = numbers(date, b'-')?;
    let starts_zone = |byte: &u8| matches!(byte, b'Z' | b'z' | b'+' | b'-');
    let zone_start = text::find_byte(time, starts_zone).unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(zone_start)?;
    let (clock, fraction) = text::split_once_at(clock, b'.').unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers(clock, b':')?;
    let in_range = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && (hour < 24 || hour == 24 && minute == 0 && second == 0)
        && minute < 60
        && second <= 60
        && !fraction.is_empty()
        && text::all_bytes(fraction, u8::is_ascii_digit);
    if !in_range {
        return None;
    }
    let offset = match zone {
        "" | "Z" | "z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let zone = zone.get(1..)?;
            let (hours, minutes) = match text::split_once_at(zone, b':') {
                Some(parts) => parts,
                None => zone.split_at_checked(2)?,
            };
            sign * (two_digits(hours)? * 3600 + two_digits(minutes)? * 60)
        }
    };
    let days = days_until(year, month, day);
    Some(days * SECONDS_A_DAY + hour * 3600 + minute * 60 + second - offset)
}

/// `yyyy-MM-dd` or `HH:mm:ss` as numbers.
fn numbers(text: &str, separator: u8) -> Option<[i64; 3]> {
    let mut parts = text::split(text, separator);
    let first = parts.next()?;
    let numbers = [text::digits(first)?, two_digits(parts.next()?)?, two_digits(parts.next()?)?];
    let width = if separator == b'-' { 4 } else { 2 };
    (first.len() == width && parts.next().is_none()).then_some(numbers)
}

fn two_digits(text: &str) -> Option<i64> {
    if text.len() == 2 { text::digits(text) } else { None }
}

fn days_in(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_until(next_year, next_month, 1) - days_until(year, month, 1)
}

/// Days from 1970-01-01. Counting years from March puts the leap day at the end of its year, and
/// `(153 * month + 2) / 5` are the days before a month so counted.
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let year_of_era = year.rem_euclid(400);
    let day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (153 * month + 2) / 5 + day - 1;
    year.div_euclid(400) * DAYS_IN_400_YEARS + day_of_era - DAYS_BEFORE_1970
}

/// The inverse of [`days_until`].
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_BEFORE_1970;
    let day_of_era = days.rem_euclid(DAYS_IN_400_YEARS);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524
        - day_of_era / (DAYS_IN_400_YEARS - 1))
        / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + days.div_euclid(DAYS_IN_400_YEARS) * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments_are_written_and_read() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (LAST_SECOND, "9999-12-31T23:59:59Z"),
            (-62_167_219_200, "0000-01-01T00:00:00Z"),
        ] {
            assert_eq!(from_unix_seconds(seconds).as_deref(), Some(text));
            assert_eq!(to_unix_seconds(text), Some(seconds));
        }
        assert_eq!(from_unix_seconds(LAST_SECOND + 1), None);
        // The end of a day is the start of the next.
        assert_eq!(to_unix_seconds("1969-12-31T24:00:00.000Z"), Some(0));
    }

    #[test]
    fn zones_and_fractions_are_read() {
        for text in [
            "2023-11-14T22:13:20.999Z",
            "2023-11-14T23:13:20+01:00",
            "2023-11-14T16:43:20-05:30",
            "2023-11-14T23:13:20+0100",
            " \n2023-11-14T22:13:20Z ",
            "2023-11-14T22:13:20",
            "2023-11-14t22:13:20z",
        ] {
            assert_eq!(to_unix_seconds(text), Some(1_700_000_000), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_time() {
        for text in [
            "",
            "T",
            "2023-11-14",
            "2023-11-14 22:13:20",
            "2023-02-29T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "2023-11-14T24:00:01Z",
            "2023-11-14T24:01:00Z",
            "2023-11-14T25:00:00Z",
            "2023-11-14T22:13:20+010",
            "2023-11-14T22:13:20+å10",
            "2023-11-14T22:60:00Z",
            "2023-11-14T22:13:20.Z",
            "2023-11-14T22:13:20+1:00",
            "23-11-14T22:13:20Z",
            "2023-11-14T22:13:20Zx",
            "2023-11-14T2 :13:20Z",
            "+023-11-14T22:13:20Z",
        ] {
            assert_eq!(to_unix_seconds(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_second_is_written_and_read_back(seconds in -62_167_219_200..=LAST_SECOND) {
            let text = from_unix_seconds(seconds).unwrap();
            prop_assert_eq!(to_unix_seconds(&text), Some(seconds));
        }

        #[test]
        fn any_text_gets_a_verdict(text in any::<String>()) {
            let _ = to_unix_seconds(&text);
        }
    }
}
