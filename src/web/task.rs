//! Concurrent tasks. `src/loader/tasks.js` drives each by an asynchronous function of its own, which calls
//! [`step`] whenever something has come that the task waits for.
//!
//! A step polls the whole task, so what it waits for asks the task whether it has come, and registers no
//! waker: only what another task brings about does.

use super::slots::Slots;
use super::tasks::{self, TaskHandle};
use super::tick::begin_tick_at;
use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use wasm_bindgen::prelude::*;

/// What comes for a task, as the bits of `src/loader/task.js`: its time is over.
const TIME: u32 = 1;
/// The request was answered, or failed.
const ANSWER: u32 = 2;
/// The caller's signal has fired.
pub(super) const ABORT: u32 = 4;
/// The promise that was watched has settled.
pub(super) const SETTLED: u32 = 8;

/// What [`step`] returns when the task is done.
const DONE: f64 = -1.0;

pub(super) type Work = Pin<Box<dyn Future<Output = ()>>>;

pub(super) struct Task {
    pub(super) handle: TaskHandle,
    work: RefCell<Work>,
    /// What has come for the step under way.
    come: Cell<u32>,
    /// Status and body of the answer, if it has.
    answer: Cell<Option<(f64, JsValue)>>,
    /// Up to when time counts as passed, by the monotonic clock.
    passed: Cell<f64>,
    /// When the next of the times ends that it waits for, or that it has just stopped waiting for: that step
    /// does nothing.
    alarm: Cell<f64>,
}

thread_local! {
    static TASKS: ManuallyDrop<Slots<Task>> = const { ManuallyDrop::new(Slots::new()) };
    static CURRENT: ManuallyDrop<RefCell<Option<Rc<Task>>>> =
        const { ManuallyDrop::new(RefCell::new(None)) };
}

/// The task that takes a step.
pub(super) fn current() -> Option<Rc<Task>> {
    CURRENT.with(|current| current.borrow().clone())
}

/// Changes the task that takes a step, and gives the one before.
fn set_current(task: Option<Rc<Task>>) -> Option<Rc<Task>> {
    CURRENT.with(|current| current.replace(task))
}

impl Task {
    /// Whether something has come.
    pub(super) fn has_come(&self, what: u32) -> bool {
        self.come.get() & what != 0
    }

    /// Forgets that something has come: it was not what is waited for now.
    pub(super) fn forget(&self, what: u32) {
        self.come.set(self.come.get() & !what);
    }

    /// Status and body of the answer to the request, once it has come.
    pub(super) fn take_answer(&self) -> Option<(f64, JsValue)> {
        self.answer.take()
    }
}

/// A time that passes for the task in whose step it is polled.
pub(super) struct Sleep {
    end: f64,
    /// Whether it was waited for already when the step began.
    is_pending: bool,
}

impl Sleep {
    pub(super) fn until(end: f64) -> Self {
        Self { end, is_pending: false }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let Some(task) = current() else { return Poll::Pending };
        if self.is_pending && task.passed.get() >= self.end {
            return Poll::Ready(());
        }
        self.is_pending = true;
        task.alarm.set(task.alarm.get().min(self.end));
        Poll::Pending
    }
}

/// Wakes the task of a number.
struct TaskWaker(usize);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        if let Some(task) = find(self.0) {
            task.handle.wake();
        }
    }
}

/// Runs work, beginning in a microtask.
pub(super) fn spawn(work: Work) {
    let handle = tasks::background();
    let number = keep(handle.clone(), work);
    handle.spawn(number);
}

/// Keeps a task, and gives its number.
pub(super) fn keep(handle: TaskHandle, work: Work) -> usize {
    let (come, answer) = (Cell::new(0), Cell::new(None));
    let (passed, alarm) = (Cell::new(0.0), Cell::new(0.0));
    let task = Rc::new(Task { handle, work: RefCell::new(work), come, answer, passed, alarm });
    TASKS.with(|tasks| tasks.add(task))
}

fn find(number: usize) -> Option<Rc<Task>> {
    TASKS.with(|tasks| tasks.get(number))
}

/// Polls a task, and returns in how many milliseconds to do it again unless something comes first.
#[wasm_bindgen]
pub fn step(
    number: usize,
    come: u32,
    monotonic_ms: f64,
    wall_ms: f64,
    status: f64,
    body: JsValue,
) -> f64 {
    let Some(task) = find(number) else { return DONE };
    begin_tick_at(monotonic_ms, wall_ms);
    task.come.set(come);
    if come & ANSWER != 0 {
        task.answer.set(Some((status, body)));
    }
    // A clock of a test may have moved the timers alone.
    task.passed.set(if come & TIME == 0 { f64::NEG_INFINITY } else { task.alarm.get() });
    task.alarm.set(f64::INFINITY);
    let waker = Waker::from(Arc::new(TaskWaker(number)));
    // A step of another task may be taken within this one, by a `fetch` of the caller's that calls the
    // library, but never of the same task.
    let outer = set_current(Some(Rc::clone(&task)));
    let outcome = task.work.borrow_mut().as_mut().poll(&mut Context::from_waker(&waker));
    set_current(outer);
    if outcome.is_ready() {
        TASKS.with(|tasks| tasks.remove(number));
        return DONE;
    }
    (task.alarm.get() - monotonic_ms).max(0.0)
}
