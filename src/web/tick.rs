//! Ticks: the stretches in which only this module runs. What it has read from a store is unchanged until
//! the next one.

use std::cell::Cell;

thread_local! {
    static TICK: Cell<u32> = const { Cell::new(0) };
}

/// Begins another tick: before each call and each step of a task, and after any call of code that may
/// be the caller's or a test double's.
pub(super) fn begin_tick() {
    TICK.set(TICK.get().wrapping_add(1));
}

/// The number of the tick.
pub(super) fn tick() -> u32 {
    TICK.get()
}
