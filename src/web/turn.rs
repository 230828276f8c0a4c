//! Turns: what the module does between two moments at which anybody else can do something.

use std::cell::Cell;

thread_local! {
    static TURN: Cell<u32> = const { Cell::new(0) };
}

/// Begins another turn: before each call and each step of a task, and after whatever was called that
/// may be a caller's or a test's.
pub(super) fn begin_turn() {
    TURN.set(TURN.get().wrapping_add(1));
}

/// The number of the turn.
pub(super) fn turn() -> u32 {
    TURN.get()
}
