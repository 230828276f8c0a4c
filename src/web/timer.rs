//! Waiting: for a time, and for an abort. Both leave nothing behind when they are dropped.

use js_sys::{Function, Promise};
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    // Each can throw, for a caller may pass a double.
    #[derive(Clone)]
    pub(super) type EventTarget;
    #[wasm_bindgen(method, catch, js_name = "addEventListener")]
    pub(super) fn add_event_listener(
        this: &EventTarget,
        kind: &str,
        listener: &JsValue,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = "removeEventListener")]
    pub(super) fn remove_event_listener(
        this: &EventTarget,
        kind: &str,
        listener: &JsValue,
    ) -> Result<(), JsValue>;

    #[derive(Clone)]
    #[wasm_bindgen(extends = EventTarget)]
    type AbortSignal;
    #[wasm_bindgen(method, getter, catch, js_name = "aborted")]
    fn is_aborted(this: &AbortSignal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn reason(this: &AbortSignal) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(raw_module = "./timer.js")]
extern "C" {
    type Timer;
    #[wasm_bindgen(constructor)]
    fn new(milliseconds: i32, ring: &JsValue) -> Timer;
    #[wasm_bindgen(method)]
    fn stop(this: &Timer);
}

pub(super) async fn sleep(milliseconds: u32) {
    Sleep::start(milliseconds).await;
}

/// A timer that is set. No promise: two timers run beside each call, and few of them to their end.
struct Sleep {
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
    fn start(milliseconds: u32) -> Self {
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

/// A signal that is listened to.
pub(super) struct Fired {
    signal: AbortSignal,
    /// Nothing, where it had fired before.
    wait: Option<Wait>,
}

impl Fired {
    /// Listens to a signal; nothing, if that is none. By what it can do: it may come from another
    /// frame, whose `AbortSignal` is another class, and it may be anything.
    pub(super) fn of(signal: &JsValue) -> Option<Self> {
        let signal: AbortSignal = signal.is_object().then(|| signal.clone().unchecked_into())?;
        if signal.is_aborted().ok()?.as_bool()? {
            return Some(Self { signal, wait: None });
        }
        let wait = Some(Wait::start(&signal)?);
        Some(Self { signal, wait })
    }

    /// Waits for the signal to fire and gives its reason.
    pub(super) async fn reason(self) -> JsValue {
        if let Some(wait) = &self.wait {
            let _ = JsFuture::from(wait.promise.clone()).await;
        }
        self.signal.reason().unwrap_or_default()
    }
}

/// A promise that a signal resolves.
struct Wait {
    signal: AbortSignal,
    promise: Promise,
    resolve: Function,
}

impl Wait {
    /// Nothing, where the signal takes no listener.
    fn start(signal: &AbortSignal) -> Option<Self> {
        // No `Function::default()`: that is `new Function`, which most policies forbid.
        let mut resolve = JsValue::UNDEFINED;
        let promise = Promise::new(&mut |function, _| resolve = function.into());
        let wait = Self { signal: signal.clone(), promise, resolve: resolve.unchecked_into() };
        signal.add_event_listener("abort", &wait.resolve).ok()?;
        Some(wait)
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let _ = self.signal.remove_event_listener("abort", &self.resolve);
        // A future on a promise that never settles would never be freed.
        let _ = self.resolve.call0(&JsValue::UNDEFINED);
    }
}
