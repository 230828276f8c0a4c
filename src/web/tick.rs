//! Ticks: the stretches in which only this module runs. What it has read from a store or a clock is unchanged
//! until the next one.

use crate::environment::clock::Timestamp;
use std::cell::Cell;

thread_local! {
    static TICK: Cell<u32> = const { Cell::new(0) };
    static NOW: Cell<Timestamp> = const { Cell::new(Timestamp { monotonic_ms: 0.0, wall_ms: 0.0 }) };
}

/// Begins another tick: after any call of code that may be the caller's or a test double's.
pub(super) fn begin_tick() {
    TICK.set(TICK.get().wrapping_add(1));
}

/// Begins a tick at a given time, before each call and each step of a task.
pub(super) fn begin_tick_at(monotonic_ms: f64, wall_ms: f64) {
    begin_tick();
    NOW.set(Timestamp { monotonic_ms, wall_ms });
}

/// The time of the tick.
pub(super) fn now() -> Timestamp {
    NOW.get()
}

/// The number of the tick.
pub(super) fn tick() -> u32 {
    TICK.get()
}
