//! Tasks: what runs beside everything else, step by step, each of which is a turn and a microtask.
//!
//! `wasm_bindgen_futures::spawn_local` has a queue of its own, and looks for the host's; that is 3 KB
//! more before compression (`docs/decisions.md`).

use super::turn::begin_turn;
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use wasm_bindgen::prelude::*;

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// By their numbers; nothing in the place of one that is done.
    static TASKS: RefCell<Vec<Option<Rc<RefCell<Task>>>>> = const { RefCell::new(Vec::new()) };
}

#[wasm_bindgen]
extern "C" {
    /// Has [`step`] called soon: see `src/loader/instance.js`.
    #[wasm_bindgen(js_name = "queueMicrotask")]
    fn queue(task: usize);
}

/// Who waits is woken by it: the task of that number.
struct Bell(usize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        queue(self.0);
    }
}

/// Runs a task, soon.
pub(super) fn spawn(task: Task) {
    queue(keep(task));
}

/// Runs a task, whose first step is taken at once.
pub(super) fn begin(task: Task) {
    step(keep(task));
}

fn keep(task: Task) -> usize {
    let task = Some(Rc::new(RefCell::new(task)));
    TASKS.with_borrow_mut(|tasks| {
        let free = tasks.iter().position(Option::is_none);
        let number = free.unwrap_or(tasks.len());
        match tasks.get_mut(number) {
            Some(place) => *place = task,
            None => tasks.push(task),
        }
        number
    })
}

/// Takes the next step of a task. It may have been woken twice, and be done.
#[wasm_bindgen]
pub fn step(number: usize) {
    let found = TASKS.with_borrow(|tasks| tasks.get(number).cloned().flatten());
    let Some(task) = found else { return };
    begin_turn();
    let waker = Waker::from(Arc::new(Bell(number)));
    // A step of another task may be taken within it, and none of its own.
    let outcome = task.borrow_mut().as_mut().poll(&mut Context::from_waker(&waker));
    if outcome.is_ready() {
        TASKS.with_borrow_mut(|tasks| {
            if let Some(place) = tasks.get_mut(number) {
                *place = None;
            }
        });
    }
}
