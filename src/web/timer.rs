//! Waiting: for a time, and for an abort. Both leave nothing behind when they are dropped.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    // By name on the global object, so that a worker and a test's fake clock serve as well. Node
    // gives an object in the place of a number.
    #[wasm_bindgen(js_name = "setTimeout")]
    fn set_timeout(handler: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = "clearTimeout")]
    fn clear_timeout(handle: &JsValue);
}

pub(super) async fn sleep(milliseconds: u32) {
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    Wait::start(|resolve| {
        let handle = set_timeout(resolve, milliseconds);
        move |_| clear_timeout(&handle)
    })
    .end()
    .await;
}

/// Waits for a signal to fire and gives its reason.
pub(super) async fn aborted(signal: AbortSignal) -> JsValue {
    if !signal.aborted() {
        let listened = signal.clone();
        Wait::start(|resolve| {
            let _ = listened.add_event_listener_with_callback("abort", resolve);
            move |resolve| {
                let _ = listened.remove_event_listener_with_callback("abort", resolve);
            }
        })
        .end()
        .await;
    }
    signal.reason()
}

/// A promise that something outside resolves.
struct Wait<Undo: Fn(&Function)> {
    promise: Promise,
    resolve: Function,
    undo: Undo,
}

impl<Undo: Fn(&Function)> Wait<Undo> {
    /// Makes the promise and hands its `resolve` to `begin`, which says how to undo what it did.
    fn start(begin: impl FnOnce(&Function) -> Undo) -> Self {
        // No `Function::default()`: that is `new Function`, which most policies forbid.
        let mut resolve = JsValue::UNDEFINED;
        let promise = Promise::new(&mut |function, _| resolve = function.into());
        let resolve = resolve.unchecked_into();
        let undo = begin(&resolve);
        Self { promise, resolve, undo }
    }

    async fn end(self) {
        let _ = JsFuture::from(self.promise.clone()).await;
    }
}

impl<Undo: Fn(&Function)> Drop for Wait<Undo> {
    fn drop(&mut self) {
        (self.undo)(&self.resolve);
        // A future on a promise that never settles would never be freed.
        let _ = self.resolve.call0(&JsValue::UNDEFINED);
    }
}
