//! Reading a message takes work in proportion to its length: eight times the text, about eight times
//! the allocated bytes. An allocator counts them, because a clock would measure the machine.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use broker::core::Request;
use neuron_agent_api::resources::xmpp::{SEND_FORMATTED_MESSAGE, SEND_XML_MESSAGE};
use neuron_agent_api::wire::{Resource, Value};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    /// How many bytes this thread has allocated so far.
    static ALLOCATED: Cell<usize> = const { Cell::new(0) };
}

/// The allocator of the system, with a count.
struct Counting;

// SAFETY: everything is left to the allocator of the system; the count is not on the heap.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATED.try_with(|allocated| allocated.set(allocated.get() + layout.size()));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many bytes are allocated to read a message whose property has this text.
fn cost(resource: &Resource, property: &str, text: String) -> usize {
    let body = Value::Object(vec![
        ("to".into(), "bob@localhost".into()),
        (property.into(), Value::String(text)),
    ]);
    let before = ALLOCATED.get();
    Request::read(resource, body.into()).unwrap();
    ALLOCATED.get() - before
}

/// Fails if a long text of these pieces costs more in proportion than a short one.
fn assert_proportional(resource: &Resource, property: &str, kib: usize, piece: &str) {
    let text = |kib: usize| piece.repeat(kib * 1024 / piece.len());
    let [short, long] = [kib, 8 * kib].map(|kib| cost(resource, property, text(kib)));
    assert!(short > kib * 1024, "{piece}: {short}");
    // Twice the proportion is left for buffers that double.
    assert!(long < 16 * short, "{piece}: {short} bytes for {kib} KiB, {long} for eight times that");
}

#[test]
fn rendering_markdown_takes_work_in_proportion_to_its_length() {
    for piece in ["- ", "> ", "[", "![", "*a_", "`a", "<a ", "a](", "|", "1. ", "&", "\\", "#"] {
        assert_proportional(&SEND_FORMATTED_MESSAGE, "message", 8, piece);
    }
}

#[test]
fn reading_xml_takes_work_in_proportion_to_its_length() {
    for piece in ["]", "](", "&amp;", "<a/>", "<a b='c'>d</a>", "<![CDATA[]]]]>", "<!--a-->", "x"] {
        assert_proportional(&SEND_XML_MESSAGE, "xml", 16, piece);
    }
}
