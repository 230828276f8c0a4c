//! Points in time and deadlines, by two clocks.

/// A point in time. The wall clock may be set and the monotonic clock may stop while the machine
/// sleeps; of the time between two timestamps the larger reading is the true one, or nearer to it.
#[derive(Clone, Copy, Debug)]
pub struct Timestamp {
    /// Milliseconds since some start, never set back.
    pub monotonic_ms: f64,
    /// Milliseconds since 1970, as the machine believes.
    pub wall_ms: f64,
}

impl Timestamp {
    /// The milliseconds from an earlier timestamp to this one.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> f64 {
        let monotonic = self.monotonic_ms - earlier.monotonic_ms;
        (self.wall_ms - earlier.wall_ms).max(monotonic).max(0.0)
    }

    /// The wall clock in whole seconds.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "seconds of this millennium")]
    pub fn unix_seconds(&self) -> i64 {
        (self.wall_ms / 1000.0) as i64
    }
}

/// The end of a period that began at a timestamp.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) from: Timestamp,
    pub(crate) after_ms: f64,
}

impl Deadline {
    /// The milliseconds that remain at a timestamp; `None` if it has passed.
    pub(crate) fn remaining_ms(&self, now: &Timestamp) -> Option<f64> {
        Some(self.after_ms - now.since(&self.from)).filter(|remaining| *remaining > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timestamp(monotonic_ms: f64, wall_ms: f64) -> Timestamp {
        Timestamp { monotonic_ms, wall_ms }
    }

    #[test]
    fn neither_a_clock_that_is_set_nor_sleep_shortens_the_time() {
        let start = timestamp(1000.0, 5_000_000.0);
        for (label, now, passed) in [
            ("both agree", timestamp(1500.0, 5_000_500.0), 500.0),
            ("the wall clock was set back", timestamp(1500.0, 1.0), 500.0),
            ("the machine slept", timestamp(1001.0, 5_007_200.0), 7200.0),
            ("both stood still", start, 0.0),
            ("both went back", timestamp(0.0, 0.0), 0.0),
        ] {
            assert_eq!(now.since(&start), passed, "{label}");
        }
    }

    #[test]
    fn a_deadline_passes() {
        let deadline = Deadline { from: timestamp(0.0, 0.0), after_ms: 10.0 };
        assert_eq!(deadline.remaining_ms(&timestamp(4.0, 0.0)), Some(6.0));
        assert_eq!(deadline.remaining_ms(&timestamp(10.0, 0.0)), None);
    }
}
