//! Turns: what the module does between two moments at which anybody else can do something.

use std::cell::Cell;
use wasm_bindgen::prelude::*;

thread_local! {
    static TURN: Cell<u32> = const { Cell::new(0) };
}

/// Begins another turn. The loader says so before each of its own, and so does whoever has changed
/// something, or has called somebody who may have.
#[wasm_bindgen]
pub fn begin_turn() {
    TURN.set(TURN.get().wrapping_add(1));
}

/// The number of the turn.
pub(super) fn turn() -> u32 {
    TURN.get()
}
