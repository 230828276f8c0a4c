//! Concurrent tasks. Each step of one is a microtask, and a tick.
//!
//! `wasm_bindgen_futures::spawn_local` would add a queue of its own, 3 KB before compression
//! (`docs/decisions.md`).

use super::tick::begin_tick;
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use wasm_bindgen::prelude::*;

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// By number; `None` for a task that is done.
    static TASKS: RefCell<Vec<Option<Rc<RefCell<Task>>>>> = const { RefCell::new(Vec::new()) };
}

#[wasm_bindgen]
extern "C" {
    /// Calls [`poll_task`] in a microtask: see `src/loader/instance.js`.
    #[wasm_bindgen(js_name = "queueMicrotask")]
    fn queue(task: usize);
}

/// Wakes the task of a number.
struct TaskWaker(usize);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        queue(self.0);
    }
}

/// Runs a task, beginning in a microtask.
pub(super) fn spawn(task: Task) {
    queue(keep(task));
}

/// Runs a task, beginning at once.
pub(super) fn begin(task: Task) {
    poll_task(keep(task));
}

fn keep(task: Task) -> usize {
    let task = Some(Rc::new(RefCell::new(task)));
    TASKS.with_borrow_mut(|tasks| {
        let free = tasks.iter().position(Option::is_none);
        let number = free.unwrap_or(tasks.len());
        match tasks.get_mut(number) {
            Some(slot) => *slot = task,
            None => tasks.push(task),
        }
        number
    })
}

/// Polls a task. It may have been woken twice, and be done.
#[wasm_bindgen(js_name = "pollTask")]
pub fn poll_task(number: usize) {
    let found = TASKS.with_borrow(|tasks| tasks.get(number).cloned().flatten());
    let Some(task) = found else { return };
    begin_tick();
    let waker = Waker::from(Arc::new(TaskWaker(number)));
    // Another task may be polled within this poll, but never the same task.
    let outcome = task.borrow_mut().as_mut().poll(&mut Context::from_waker(&waker));
    if outcome.is_ready() {
        TASKS.with_borrow_mut(|tasks| {
            if let Some(slot) = tasks.get_mut(number) {
                *slot = None;
            }
        });
    }
}
