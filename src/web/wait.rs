//! Waiting for the caller's signal, and for a promise. A task waits for one promise at most at any time, besides
//! the signal.

use super::task::{self, ABORT, SETTLED};
use crate::error::Cause;
use js_sys::Promise;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::prelude::*;

/// Waits until the caller's signal fires, for its reason. The loader listens to it since it read the options.
pub(super) async fn aborted() -> Cause {
    Cause(Some(Rc::new(come(ABORT).await)))
}

/// Waits until a promise has settled. Gives the error with which it was rejected.
pub(super) async fn settled(promise: &Promise) -> Result<(), Cause> {
    if let Some(task) = task::current() {
        // An earlier promise may have settled in this very step.
        task.forget(SETTLED);
        task.handle.watch(promise);
    }
    let reason = come(SETTLED).await;
    if reason.is_undefined() { Ok(()) } else { Err(Cause(Some(Rc::new(reason)))) }
}

/// Waits until something has come, for its reason.
fn come(what: u32) -> impl Future<Output = JsValue> {
    poll_fn(move |_| match task::current().filter(|task| task.has_come(what)) {
        Some(task) => Poll::Ready(task.handle.reason()),
        None => Poll::Pending,
    })
}
