//! The allocator of the module: a list of free blocks for each power of two.
//!
//! 500 bytes less than `talc` in the file that travels, and a tenth less time for a roster
//! (`docs/decisions.md`). The price: a block may be twice as large as what it is for, and is used again for its
//! own size only. A module lives as long as a page, and is replaced when its memory has grown too large.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::ptr;

/// By how much memory grows.
pub(crate) const PAGE: usize = 65_536;

/// The smallest block, as a power of two, and what each block is aligned to.
const SMALLEST: u32 = 4;

/// Makes memory grow by a number of pages, and gives the address at which they begin.
pub(crate) type Grow = fn(usize) -> Option<usize>;

/// The allocator of a program with one thread.
pub(crate) struct Allocator {
    blocks: UnsafeCell<Blocks>,
    grow: Grow,
}

struct Blocks {
    /// The address of the first free block of each power of two, which holds that of the next; 0 for none.
    free: [usize; usize::BITS as usize],
    /// Where memory begins that was never used, and where it ends.
    start: usize,
    end: usize,
}

// SAFETY: the module has one thread, and each test an allocator of its own.
unsafe impl Sync for Allocator {}

impl Allocator {
    pub(crate) const fn new(grow: Grow) -> Self {
        let blocks = Blocks { free: [0; usize::BITS as usize], start: 0, end: 0 };
        Self { blocks: UnsafeCell::new(blocks), grow }
    }
}

/// The power of two that is the size of the block for a layout.
fn power_of(size: usize) -> u32 {
    (usize::BITS - size.saturating_sub(1).leading_zeros()).max(SMALLEST)
}

// SAFETY: a block is at least as large as the layout that it is for, and no two blocks overlap. All begin at
// multiples of 16, because they are carved one after the other out of pages and have sizes that are multiples.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: there is one thread, and nothing below calls the allocator.
        let blocks = unsafe { &mut *self.blocks.get() };
        let power = power_of(layout.size());
        let Some(free) = blocks.free.get_mut(power as usize) else { return ptr::null_mut() };
        if layout.align() > 1 << SMALLEST {
            return ptr::null_mut();
        }
        if *free != 0 {
            let block = ptr::with_exposed_provenance_mut::<usize>(*free);
            // SAFETY: a free block holds the address of the next.
            *free = unsafe { *block };
            return block.cast();
        }
        let size = 1_usize << power;
        if blocks.end - blocks.start < size {
            let pages = size.div_ceil(PAGE);
            let Some(start) = (self.grow)(pages) else { return ptr::null_mut() };
            // What was left goes on where the new pages begin, unless somebody else made memory grow.
            if start != blocks.end {
                blocks.start = start;
            }
            blocks.end = start + pages * PAGE;
        }
        let block = blocks.start;
        blocks.start += size;
        ptr::with_exposed_provenance_mut(block)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        let blocks = unsafe { &mut *self.blocks.get() };
        if let Some(free) = blocks.free.get_mut(power_of(layout.size()) as usize) {
            let block = block.cast::<usize>();
            // SAFETY: it is as large as an address, aligned to it, and nobody uses it any more.
            unsafe { *block = *free };
            *free = block.expose_provenance();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Memory of the system, in pages that follow one another now and then.
    fn grow(pages: usize) -> Option<usize> {
        let layout = Layout::from_size_align(pages * PAGE, PAGE).ok()?;
        // SAFETY: the layout is not empty. It is never given back.
        let start = unsafe { std::alloc::alloc_zeroed(layout) };
        Some(start.expose_provenance()).filter(|start| *start != 0)
    }

    proptest! {
        #[test]
        fn no_two_blocks_overlap(steps in prop::collection::vec((0_usize..40, 1_usize..200_000), 1..200)) {
            let allocator = Allocator::new(grow);
            let mut blocks: Vec<(*mut u8, Layout, u8)> = Vec::new();
            for (number, (place, size)) in steps.into_iter().enumerate() {
                if place < blocks.len() {
                    let (block, layout, mark) = blocks.swap_remove(place);
                    // SAFETY: it was allocated with this layout.
                    let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
                    prop_assert!(bytes.iter().all(|byte| *byte == mark), "another block was written to");
                    // SAFETY: likewise.
                    unsafe { allocator.dealloc(block, layout) };
                    continue;
                }
                let layout = Layout::from_size_align(size % (1 << (size % 18 + 1)) + 1, 8).unwrap();
                // SAFETY: the layout is not empty.
                let block = unsafe { allocator.alloc(layout) };
                prop_assert_eq!(block.addr() % 16, 0);
                let mark = number as u8;
                // SAFETY: it was allocated with this layout.
                unsafe { block.write_bytes(mark, layout.size()) };
                blocks.push((block, layout, mark));
            }
        }
    }

    static GROWN: AtomicUsize = AtomicUsize::new(0);

    #[test]
    fn what_was_given_back_is_used_again() {
        fn counted(pages: usize) -> Option<usize> {
            GROWN.fetch_add(pages, Ordering::Relaxed);
            grow(pages)
        }
        let allocator = Allocator::new(counted);
        for size in [1, 16, 17, 1000, PAGE, 3 * PAGE] {
            let layout = Layout::from_size_align(size, 8).unwrap();
            for _ in 0..1_000 {
                // SAFETY: the layout is not empty, and the block is given back with it.
                unsafe { allocator.dealloc(allocator.alloc(layout), layout) };
            }
        }
        assert!(GROWN.load(Ordering::Relaxed) <= 1 + 1 + 1 + 4, "a page for each size at most");
    }

    #[test]
    fn what_memory_can_t_hold_is_refused() {
        let allocator = Allocator::new(|_| None);
        let layout = Layout::from_size_align(100, 8).unwrap();
        // SAFETY: the layout is not empty.
        assert!(unsafe { allocator.alloc(layout) }.is_null());
        let aligned = Layout::from_size_align(100, 64).unwrap();
        // SAFETY: likewise.
        assert!(unsafe { Allocator::new(grow).alloc(aligned) }.is_null());
    }
}
