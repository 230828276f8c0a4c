//! Time that has passed, by two clocks.

/// A point in time. The wall clock may be set, the monotonic one may stand still while the machine
/// sleeps; of the time between two moments the larger reading is the true one or nearer to it.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Milliseconds since some start, never set back.
    pub monotonic_ms: f64,
    /// Milliseconds since 1970, as the machine believes.
    pub wall_ms: f64,
}

impl Moment {
    /// The milliseconds from an earlier moment to this one.
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

/// A time that has to pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pause {
    pub(crate) from: Moment,
    pub(crate) for_ms: f64,
}

impl Pause {
    /// The milliseconds that are left at a moment; nothing when it is over.
    pub(crate) fn left_ms(&self, now: &Moment) -> Option<f64> {
        Some(self.for_ms - now.since(&self.from)).filter(|left| *left > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(monotonic_ms: f64, wall_ms: f64) -> Moment {
        Moment { monotonic_ms, wall_ms }
    }

    #[test]
    fn neither_a_clock_that_is_set_nor_sleep_shortens_the_time() {
        let start = moment(1000.0, 5_000_000.0);
        for (label, now, passed) in [
            ("both agree", moment(1500.0, 5_000_500.0), 500.0),
            ("the wall clock was set back", moment(1500.0, 1.0), 500.0),
            ("the machine slept", moment(1001.0, 5_007_200.0), 7200.0),
            ("both stood still", start, 0.0),
            ("both went back", moment(0.0, 0.0), 0.0),
        ] {
            assert_eq!(now.since(&start), passed, "{label}");
        }
    }

    #[test]
    fn a_pause_ends() {
        let pause = Pause { from: moment(0.0, 0.0), for_ms: 10.0 };
        assert_eq!(pause.left_ms(&moment(4.0, 0.0)), Some(6.0));
        assert_eq!(pause.left_ms(&moment(10.0, 0.0)), None);
    }
}
