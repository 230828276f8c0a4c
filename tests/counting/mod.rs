//! An allocator that counts, so that a test can measure work without a clock.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    /// Bytes in use, their maximum, and all that were ever allocated.
    static COUNTS: Cell<(usize, usize, usize)> = const { Cell::new((0, 0, 0)) };
}

struct CountingAllocator;

fn note(taken: usize, given_back: usize) {
    let _ = COUNTS.try_with(|counts| {
        let (used, most, all) = counts.get();
        let used = (used + taken).saturating_sub(given_back);
        counts.set((used, most.max(used), all + taken));
    });
}

// SAFETY: the system's allocator does all of it; the counters are not on the heap.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), 0);
        // SAFETY: the caller upholds the contract of the allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        note(0, layout.size());
        // SAFETY: the caller upholds the contract of the allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// The maximum of bytes in use, and all that were allocated, by some work of this thread.
pub fn cost<T>(work: impl FnOnce() -> T) -> (usize, usize) {
    COUNTS.set((0, 0, 0));
    let done = work();
    let (_, most, all) = COUNTS.get();
    drop(done);
    (most, all)
}
