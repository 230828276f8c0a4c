//! Waiting for a time, and for an abort signal. Dropped, both leave nothing behind.

use js_sys::Promise;
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(raw_module = "./timer.js")]
extern "C" {
    type Timer;
    #[wasm_bindgen(constructor)]
    fn new(milliseconds: i32, on_end: &JsValue) -> Timer;
    #[wasm_bindgen(method)]
    fn stop(this: &Timer);
}

/// A running timer. Not a promise, because two timers are set for each call and few of them fire.
pub(super) struct Sleep {
    state: Rc<TimerState>,
    timer: Timer,
    /// Lives until the timer is stopped, which calls it.
    _on_end: Closure<dyn FnMut(JsValue)>,
}

#[derive(Default)]
struct TimerState {
    has_fired: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl Sleep {
    pub(super) fn start(milliseconds: u32) -> Self {
        let state = Rc::<TimerState>::default();
        let fired = Rc::clone(&state);
        let on_end = Closure::new(move |_| {
            fired.has_fired.set(true);
            if let Some(waker) = fired.waker.take() {
                waker.wake();
            }
        });
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let timer = Timer::new(milliseconds, on_end.as_ref());
        Self { state, timer, _on_end: on_end }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.state.has_fired.get() {
            return Poll::Ready(());
        }
        self.state.waker.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.timer.stop();
    }
}

#[wasm_bindgen(raw_module = "./watch.js")]
extern "C" {
    type Watch;
    #[wasm_bindgen(constructor, catch)]
    fn new(signal: &JsValue) -> Result<Watch, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn fired(this: &Watch) -> Option<Promise>;
    #[wasm_bindgen(method, getter)]
    fn reason(this: &Watch) -> JsValue;
    #[wasm_bindgen(method)]
    fn stop(this: &Watch);
}

/// An abort signal with a listener.
pub(super) struct Fired(Watch);

impl Fired {
    /// Listens to a signal; `None` if it is not one.
    pub(super) fn of(signal: &JsValue) -> Option<Self> {
        Watch::new(signal).ok().map(Self)
    }

    /// Waits for the signal to fire, and returns its reason.
    pub(super) async fn reason(self) -> JsValue {
        if let Some(fired) = self.0.fired() {
            let _ = JsFuture::from(fired).await;
        }
        self.0.reason()
    }
}

impl Drop for Fired {
    fn drop(&mut self) {
        self.0.stop();
    }
}
