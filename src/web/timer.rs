//! Waiting: for a time, and for an abort. Both leave nothing behind when they are dropped.

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
    fn new(milliseconds: i32, ring: &JsValue) -> Timer;
    #[wasm_bindgen(method)]
    fn stop(this: &Timer);
}

/// A timer that is set. No promise: two timers run beside each call, and few of them to their end.
pub(super) struct Sleep {
    end: Rc<End>,
    timer: Timer,
    /// Kept until the timer is stopped, which calls it.
    _ring: Closure<dyn FnMut(JsValue)>,
}

#[derive(Default)]
struct End {
    has_come: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl Sleep {
    pub(super) fn start(milliseconds: u32) -> Self {
        let end = Rc::<End>::default();
        let told = Rc::clone(&end);
        let ring = Closure::new(move |_| {
            told.has_come.set(true);
            if let Some(waker) = told.waker.take() {
                waker.wake();
            }
        });
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let timer = Timer::new(milliseconds, ring.as_ref());
        Self { end, timer, _ring: ring }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.end.has_come.get() {
            return Poll::Ready(());
        }
        self.end.waker.set(Some(context.waker().clone()));
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

/// A signal that is listened to.
pub(super) struct Fired(Watch);

impl Fired {
    /// Listens to a signal; nothing, if that is none.
    pub(super) fn of(signal: &JsValue) -> Option<Self> {
        Watch::new(signal).ok().map(Self)
    }

    /// Waits for the signal to fire and gives its reason.
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
