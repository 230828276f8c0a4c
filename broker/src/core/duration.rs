//! Durations of XML Schema (Part 2 §3.2.6).

use neuron_agent_api::syntax::date_time::{from_unix_seconds, to_unix_seconds};

/// A duration: months, whose length differs, and seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Duration {
    months: i64,
    seconds: i64,
}

/// The largest number of a unit.
const MAX_NUMBER: i64 = 1_000_000;

/// Parses a duration such as `P1Y2M3DT4H5M6S`. Fractions and negative durations are refused.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None if rest.is_empty() => return None,
        None => (rest, ""),
    };
    let [years, months, days] = numbers(date, ['Y', 'M', 'D'])?;
    let [hours, minutes, seconds] = numbers(time, ['H', 'M', 'S'])?;
    Some(Duration {
        months: 12 * years + months,
        seconds: ((24 * days + hours) * 60 + minutes) * 60 + seconds,
    })
}

/// The point in time that is a duration after another. `None` if the duration is invalid, or the
/// year has more than four digits.
pub(super) fn after(start: i64, duration: &str) -> Option<i64> {
    let Duration { months, seconds } = parse(duration)?;
    let text = from_unix_seconds(start)?;
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let month = 12 * number(0..4)? + number(5..7)? - 1 + months;
    let (year, month) = (month / 12, month % 12 + 1);
    let time = text.get(10..)?;
    // The 31st of a month that is shorter is its last day.
    let date = |day: i64| to_unix_seconds(&format!("{year:04}-{month:02}-{day:02}{time}"));
    let day = number(8..10)?;
    (day - 3..=day).rev().find_map(date).map(|moved| moved + seconds)
}

/// The numbers before these letters, each of which may be missing, in this order.
fn numbers(mut text: &str, letters: [char; 3]) -> Option<[i64; 3]> {
    let mut numbers = [0; 3];
    for (number, letter) in numbers.iter_mut().zip(letters) {
        if let Some((digits, rest)) = text.split_once(letter) {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let parsed = digits.parse().ok().filter(|number| is_number && *number <= MAX_NUMBER);
            (*number, text) = (parsed?, rest);
        }
    }
    text.is_empty().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_added() {
        for (start, duration, end) in [
            ("2023-11-14T22:13:20Z", "P1Y", "2024-11-14T22:13:20Z"),
            ("2023-11-14T22:13:20Z", "P2M", "2024-01-14T22:13:20Z"),
            ("2024-01-31T00:00:00Z", "P1M", "2024-02-29T00:00:00Z"),
            ("2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00Z"),
            ("2023-12-31T23:59:59Z", "P1DT1S", "2024-01-02T00:00:00Z"),
            ("2023-11-14T00:00:00Z", "PT25H61M", "2023-11-15T02:01:00Z"),
        ] {
            let after = after(to_unix_seconds(start).unwrap(), duration);
            assert_eq!(after.and_then(from_unix_seconds).as_deref(), Some(end), "{duration}");
        }
    }

    #[test]
    fn other_texts_are_no_durations() {
        for text in ["", "P", "1Y", "P1", "PY", "P1YT", "P-1Y", "-P1Y", "P1D1Y", "P1.5D", "P1H"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(after(0, "P99999Y"), None);
    }
}
