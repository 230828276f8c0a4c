//! Who fails to log in too often is kept out for a while.

use std::collections::BTreeMap;

/// How many endpoints are remembered. A full memory forgets who failed longest ago.
const MOST: usize = 10_000;

/// What is done about failed logins in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// After how many an endpoint is blocked; 0 for never.
    pub failures: u32,
    /// For how long, in seconds.
    pub seconds: u32,
}

/// Generous: a test-suite fails to log in all the time, and must not shut itself out.
impl Default for Patience {
    fn default() -> Self {
        Self { failures: 20, seconds: 60 }
    }
}

/// Counts failed logins, and whatever else a guesser does, by remote endpoint.
///
/// A Neuron® blocks for ever who goes on long enough. This broker does not: it would only keep
/// out the person who develops with it.
pub(super) struct Auditor {
    patience: Patience,
    endpoints: BTreeMap<String, Record>,
}

#[derive(Clone, Copy, Default)]
struct Record {
    failures: u32,
    latest: i64,
    blocked_until: i64,
}

impl Auditor {
    pub(super) fn new(patience: Patience) -> Self {
        Self { patience, endpoints: BTreeMap::new() }
    }

    /// For how many seconds more an endpoint is blocked; nothing if it is not.
    pub(super) fn blocked_for(&self, endpoint: &str, now: i64) -> Option<i64> {
        let left = self.endpoints.get(endpoint)?.blocked_until - now;
        (left > 0).then_some(left)
    }

    /// Somebody there failed.
    pub(super) fn fail(&mut self, endpoint: &str, now: i64) {
        if self.patience.failures == 0 {
            return;
        }
        if !self.endpoints.contains_key(endpoint) {
            self.make_room();
        }
        let record = self.endpoints.entry(endpoint.into()).or_default();
        record.failures += 1;
        record.latest = now;
        if record.failures >= self.patience.failures {
            let blocked_until = now + i64::from(self.patience.seconds);
            *record = Record { failures: 0, latest: now, blocked_until };
        }
    }

    /// Somebody there got in.
    pub(super) fn succeed(&mut self, endpoint: &str) {
        self.endpoints.remove(endpoint);
    }

    fn make_room(&mut self) {
        if self.endpoints.len() < MOST {
            return;
        }
        let oldest = self.endpoints.iter().min_by_key(|(_, record)| record.latest);
        if let Some(endpoint) = oldest.map(|(endpoint, _)| endpoint.clone()) {
            self.endpoints.remove(&endpoint);
        }
    }
}

/// The sentence that a Neuron® answers with.
pub(super) fn sentence(seconds_left: i64, endpoint: &str) -> String {
    let (number, unit) = match seconds_left {
        ..=59 => (seconds_left, "second"),
        60..=3_599 => (seconds_left.unsigned_abs().div_ceil(60).cast_signed(), "minute"),
        _ => (seconds_left.unsigned_abs().div_ceil(3_600).cast_signed(), "hour"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!(
        "Too many failed login attempts in a row registered. Try again in {number} {unit}{plural}. \
         Remote Endpoint: {endpoint}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auditor() -> Auditor {
        Auditor::new(Patience { failures: 3, seconds: 90 })
    }

    #[test]
    fn the_third_failure_in_a_row_blocks() {
        let mut auditor = auditor();
        for now in [0, 1] {
            auditor.fail("a", now);
            assert_eq!(auditor.blocked_for("a", now), None);
        }
        auditor.fail("b", 1);
        auditor.fail("a", 2);
        assert_eq!(auditor.blocked_for("a", 2), Some(90));
        assert_eq!(auditor.blocked_for("a", 91), Some(1));
        assert_eq!(auditor.blocked_for("a", 92), None);
        assert_eq!(auditor.blocked_for("b", 2), None);
        for now in [92, 93, 94] {
            assert_eq!(auditor.blocked_for("a", now), None);
            auditor.fail("a", now);
        }
        assert_eq!(auditor.blocked_for("a", 94), Some(90));
    }

    #[test]
    fn who_gets_in_starts_anew() {
        let mut auditor = auditor();
        for _ in 0..5 {
            auditor.fail("a", 0);
            auditor.fail("a", 0);
            auditor.succeed("a");
        }
        assert_eq!(auditor.blocked_for("a", 0), None);
    }

    #[test]
    fn nobody_is_blocked_where_that_is_switched_off() {
        let mut auditor = Auditor::new(Patience { failures: 0, seconds: 90 });
        (0..100).for_each(|now| auditor.fail("a", now));
        assert_eq!(auditor.blocked_for("a", 100), None);
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut auditor = auditor();
        for number in 0..=MOST {
            auditor.fail(&number.to_string(), i64::try_from(number).unwrap());
        }
        assert_eq!(auditor.endpoints.len(), MOST);
        assert!(!auditor.endpoints.contains_key("0"));
    }

    #[test]
    fn the_time_left_is_rounded_up() {
        for (seconds, left) in [
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (61, "2 minutes"),
            (3_599, "60 minutes"),
            (3_600, "1 hour"),
            (3_601, "2 hours"),
        ] {
            assert!(
                sentence(seconds, "x").contains(&format!("Try again in {left}. ")),
                "{seconds}"
            );
        }
        assert!(sentence(1, "::1").ends_with(" Remote Endpoint: ::1"));
    }
}
