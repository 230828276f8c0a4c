//! Waiting for a time, an abort signal or a promise. Dropped, a wait leaves nothing behind.

use crate::error::Cause;
use js_sys::Promise;
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./wait.js")]
extern "C" {
    #[wasm_bindgen(js_name = "Wait")]
    type Source;
    #[wasm_bindgen(static_method_of = Source, js_class = "Wait", js_name = "time")]
    fn time(on_end: &JsValue, milliseconds: i32) -> Source;
    #[wasm_bindgen(static_method_of = Source, js_class = "Wait", js_name = "signal", catch)]
    fn signal(on_end: &JsValue, signal: &JsValue) -> Result<Source, JsValue>;
    #[wasm_bindgen(static_method_of = Source, js_class = "Wait", js_name = "promise")]
    fn promise(on_end: &JsValue, promise: &Promise) -> Source;
    #[wasm_bindgen(method, getter)]
    fn outcome(this: &Source) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = "hasFailed")]
    fn has_failed(this: &Source) -> bool;
    #[wasm_bindgen(method)]
    fn stop(this: &Source);
}

/// A wait under way. No promise for a time, because two are waited for in each call and few of them
/// pass.
struct Wait {
    source: Source,
    end: Rc<End>,
    /// Lives until the source is stopped, which calls it.
    _on_end: OnEnd,
}

/// What the source calls at the end.
type OnEnd = Closure<dyn FnMut(JsValue)>;

#[derive(Default)]
struct End {
    has_come: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

/// The end of a wait that is about to begin.
fn new_end() -> (Rc<End>, OnEnd) {
    let end = Rc::<End>::default();
    let own = Rc::clone(&end);
    let on_end = Closure::new(move |_| {
        own.has_come.set(true);
        if let Some(waker) = own.waker.take() {
            waker.wake();
        }
    });
    (end, on_end)
}

impl Wait {
    fn poll(&self, context: &mut Context<'_>) -> Poll<JsValue> {
        if self.end.has_come.get() {
            return Poll::Ready(self.source.outcome());
        }
        self.end.waker.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.source.stop();
    }
}

/// A running timer.
pub(super) struct Sleep(Wait);

impl Sleep {
    pub(super) fn start(milliseconds: u32) -> Self {
        let (end, on_end) = new_end();
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let source = Source::time(on_end.as_ref(), milliseconds);
        Self(Wait { source, end, _on_end: on_end })
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.poll(context).map(drop)
    }
}

/// An abort signal with a listener.
pub(super) struct Aborted(Wait);

impl Aborted {
    /// Listens to a signal; `None` if it is not one.
    pub(super) fn of(signal: &JsValue) -> Option<Self> {
        let (end, on_end) = new_end();
        let source = Source::signal(on_end.as_ref(), signal).ok()?;
        Some(Self(Wait { source, end, _on_end: on_end }))
    }
}

/// The reason of the signal, when it has fired.
impl Future for Aborted {
    type Output = Cause;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Cause> {
        self.0.poll(context).map(|reason| Cause(Some(Rc::new(reason))))
    }
}

/// A promise that is waited for.
pub(super) struct Settled(Wait);

impl Settled {
    pub(super) fn of(promise: &Promise) -> Self {
        let (end, on_end) = new_end();
        let source = Source::promise(on_end.as_ref(), promise);
        Self(Wait { source, end, _on_end: on_end })
    }
}

impl Future for Settled {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let has_failed = || self.0.source.has_failed();
        self.0.poll(context).map(|outcome| if has_failed() { Err(outcome) } else { Ok(outcome) })
    }
}
