//! The browser, or any host program with `fetch`, as an environment.

use super::arguments::call_handler;
use super::host::Host;
use super::socket::BrowserSocket;
use super::task::{self, Sleep, Task};
use super::tick::{self, begin_tick, tick};
use super::value::{number_text, read_scalar};
use super::wait::settled;
use crate::environment::clock::Timestamp;
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, Hook, HttpRequest, HttpResponse, ResponseBody};
use crate::error::{Cause, ErrorKind, Reach};
use crate::session::keys;
use crate::text;
use crate::wire::Value;
use js_sys::Promise;
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = "getRandomValues")]
    fn get_random_values(bytes: &mut [u8]) -> Result<(), JsValue>;

}

#[wasm_bindgen(raw_module = "./retry-after.js")]
extern "C" {
    #[wasm_bindgen(js_name = "retryAfterMs")]
    fn retry_after_ms(header: &str, date: &str, sentence: &str) -> Option<f64>;
}

#[wasm_bindgen(raw_module = "./text-decoder.js")]
extern "C" {
    #[wasm_bindgen(js_name = "textOf")]
    fn text_of(bytes: &[u8]) -> Option<String>;
}

#[wasm_bindgen(raw_module = "./url-host.js")]
extern "C" {
    #[wasm_bindgen(js_name = "urlHost")]
    fn url_host(host: &str, secure: bool) -> Option<String>;
}

#[wasm_bindgen(raw_module = "./page.js")]
extern "C" {
    #[wasm_bindgen(js_name = "pageOrigin")]
    fn page_origin() -> Option<String>;
    #[wasm_bindgen(js_name = "tabId")]
    fn tab_id() -> Option<String>;
}

/// What `src/loader/exchange.js` gives as the status of a request that failed: how far it got.
const UNSENT: f64 = -1.0;
const UNKNOWN: f64 = -2.0;
const ANSWERED: f64 = -3.0;

/// The browser, as one client sees it.
pub(super) struct Browser {
    pub(super) host: Host,
    is_open: Cell<bool>,
    stored: RefCell<Stored>,
    /// The last result of `url_host`: a call needs the same host several times.
    known_host: RefCell<(String, bool, Option<String>)>,
}

/// What the store held in one tick, in which nothing else on this page can have changed it: a call asks some
/// twenty times.
#[derive(Default)]
struct Stored {
    tick: Option<u32>,
    /// In the order of [`keys::ALL`].
    texts: Vec<Value>,
}

impl Browser {
    pub(super) fn new(host: Host) -> Self {
        let mut lines = String::new();
        for key in keys::ALL {
            lines.push_str(key);
            lines.push('\n');
        }
        host.set_keys(&lines);
        Self {
            host,
            is_open: Cell::new(false),
            stored: RefCell::default(),
            known_host: RefCell::default(),
        }
    }

    /// Opens the store; `None` if it can be read already.
    fn open(&self) -> Result<Option<Promise>, JsValue> {
        self.host.open(keys::OF_SESSION.len())
    }

    /// Reads the store, unless this tick has done so.
    #[inline(never)]
    fn read_stored(&self) {
        if self.stored.borrow().tick == Some(tick()) {
            return;
        }
        // The caller's store may call the library, which begins another tick.
        let now = tick();
        let snapshot = self.host.snapshot();
        let mut stored = self.stored.borrow_mut();
        stored.tick = Some(now);
        if let Some(json) = snapshot
            && let Ok(Value::Array(texts)) = Value::from_json(&json, usize::MAX, &read_scalar)
        {
            stored.texts = texts;
        }
    }
}

impl Environment for Browser {
    type Socket = BrowserSocket;

    fn connect(&self, url: &str, protocol: &str) -> Result<BrowserSocket, ErrorKind> {
        BrowserSocket::open(&self.host, url, protocol)
    }

    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()>>>) {
        task::spawn(task);
    }

    fn call_global(&self, name: &str, argument: &Value) {
        call_handler(&name.into(), argument);
    }

    fn tab_id(&self) -> Option<String> {
        tab_id()
    }

    fn send(
        &self,
        request: HttpRequest,
        max_bytes: u32,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, ErrorKind>> + '_>> {
        // Sent now, not at the first poll, so that the future does not hold the request.
        let in_flight = InFlight::new(&self.host, request, max_bytes);
        Box::pin(async move {
            let in_flight = in_flight.ok_or(ErrorKind::Unsupported(
                "there is no fetch here, or no AbortController for it. Give one, for example \
                 createAgentAPI({ fetch }).",
            ))?;
            let task = Rc::clone(&in_flight.task);
            let (status, body) = in_flight.await;
            let reach = match status {
                UNSENT => Reach::Unsent,
                UNKNOWN => Reach::Unknown,
                ANSWERED => Reach::Answered,
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "it saturates"
                )]
                _ => {
                    let status = status as u16;
                    let status_text = match status {
                        200..300 => None,
                        _ => task.handle.header(""),
                    };
                    return Ok(HttpResponse {
                        status,
                        status_text: status_text.unwrap_or_default(),
                        body: response_body(body, &task),
                        header: Box::new(move |name| task.handle.header(name)),
                    });
                }
            };
            Err(ErrorKind::Network { cause: Cause(Some(Rc::new(body))), reach })
        })
    }

    fn sleep(&self, milliseconds: u32) -> impl Future<Output = ()> {
        Sleep::until(self.now().monotonic_ms + f64::from(milliseconds))
    }

    fn now(&self) -> Timestamp {
        tick::now()
    }

    fn schedule_maintenance(&self, in_ms: Option<f64>) {
        self.host.schedule_maintenance(in_ms);
    }

    fn broadcast_logout(&self, broker: &str, user_name: &str) {
        self.host.broadcast_logout(broker, user_name);
    }

    fn has_listener(&self, hook: Hook) -> bool {
        self.host.has_listener(hook as u32)
    }

    fn emit(&self, hook: Hook, event: &Value) {
        self.host.emit(hook as u32, &self.write_json(event));
        begin_tick();
    }

    fn open_storage(&self) -> impl Future<Output = Result<(), ErrorKind>> {
        // An asynchronous store is open when `open` returns no promise any more.
        let opening = if self.is_open.get() { Ok(None) } else { self.open() };
        self.is_open.set(matches!(opening, Ok(None)));
        finished(opening)
    }

    fn flush_storage(&self) -> impl Future<Output = Result<(), ErrorKind>> {
        finished(self.host.flush())
    }

    fn retry_after_ms(&self, header: &str, date: &str, sentence: &str) -> Option<u32> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
        retry_after_ms(header, date, sentence).map(|milliseconds| milliseconds as u32)
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), ErrorKind> {
        let unsupported = |_| {
            ErrorKind::Unsupported(
                "there is no crypto.getRandomValues here, which signing a login needs.",
            )
        };
        get_random_values(bytes).map_err(unsupported)
    }

    fn load(&self, key: &'static str) -> Option<String> {
        self.read_stored();
        let place = keys::ALL.iter().position(|known| *known == key)?;
        let stored = self.stored.borrow();
        let text = stored.texts.get(place)?.as_str()?;
        (!text.is_empty()).then(|| text.into())
    }

    fn store(&self, key: &'static str, value: &str) {
        self.store_all(&[(key, value)]);
    }

    fn remove(&self, key: &'static str) {
        self.store_all(&[(key, "")]);
    }

    fn store_all(&self, texts: &[(&'static str, &str)]) {
        let mut list = Vec::new();
        for (key, text) in texts {
            list.push((*key).into());
            list.push((*text).into());
        }
        self.host.write(&self.write_json(&Value::Array(list)));
        // No secret is left here that the store has removed. The next snapshot has all texts.
        self.stored.take();
        begin_tick();
    }

    async fn request_newer_token(&self, token: &str) {
        if let Some(asking) = self.host.request_newer_token(token) {
            let _ = settled(&asking).await;
        }
    }

    fn page_origin(&self) -> Option<Origin> {
        let origin = page_origin()?;
        let (protocol, host) = text::split_once(&origin, "://")?;
        Some(Origin::of_url_host(host.into(), protocol == "https"))
    }

    fn url_host(&self, host: &str, secure: bool) -> Option<String> {
        let mut known = self.known_host.borrow_mut();
        if known.0 != host || known.1 != secure {
            *known = (host.into(), secure, url_host(host, secure));
        }
        known.2.clone()
    }

    fn redact(&self, text: &str, secrets: &[String], max_chars: u32) -> String {
        let mut list = Vec::new();
        for secret in secrets {
            list.push(secret.as_str().into());
        }
        self.host.redact(text, &self.write_json(&Value::Array(list)), max_chars)
    }

    fn text_of(&self, bytes: &[u8]) -> Option<String> {
        text_of(bytes)
    }

    fn read_scalar(&self, text: &str) -> Option<Value> {
        read_scalar(text)
    }

    fn write_json(&self, value: &Value) -> String {
        value.to_json(&number_text)
    }
}

/// A request in flight: the status of its response, and its body or what failed. Dropping it cancels it.
struct InFlight {
    task: Rc<Task>,
    is_over: bool,
}

impl InFlight {
    /// `None` if nothing can be sent here.
    fn new(host: &Host, request: HttpRequest, max_bytes: u32) -> Option<Self> {
        let HttpRequest { method, url, headers, body, with_cookies, to_own_broker, reads_bytes } =
            request;
        let mut head = vec![
            Value::String(url),
            method.name().into(),
            with_cookies.into(),
            to_own_broker.into(),
            reads_bytes.into(),
            max_bytes.into(),
        ];
        for (name, value) in headers {
            head.push(Value::Array(vec![name.into(), Value::String(value)]));
        }
        let head = Value::Array(head);
        let task = task::current()?;
        // That of the request before may have come when nobody waited for it any more.
        task.take_answer();
        let is_sent = task.handle.send(host, &head.to_json(&number_text), &body_of(&body));
        // `fetch` may be a test double that called the library.
        begin_tick();
        is_sent.then_some(Self { task, is_over: false })
    }
}

impl Future for InFlight {
    type Output = (f64, JsValue);

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        match self.task.take_answer() {
            Some(answer) => {
                self.is_over = true;
                Poll::Ready(answer)
            }
            None => Poll::Pending,
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if !self.is_over {
            self.task.handle.stop();
            begin_tick();
        }
    }
}

fn response_body(body: JsValue, task: &Task) -> ResponseBody {
    match body.as_string() {
        Some(text) => ResponseBody::Text(text),
        None if body.is_undefined() => ResponseBody::TooLarge,
        None => ResponseBody::Bytes(Rc::new(body), task.handle.byte_length()),
    }
}

/// A body as `fetch` takes it.
fn body_of(body: &Body) -> JsValue {
    match body {
        Body::Nothing => JsValue::UNDEFINED,
        Body::Text(text) => text.into(),
        Body::Foreign(body) | Body::Stream(body) => {
            body.downcast_ref().cloned().unwrap_or_default()
        }
        Body::Form(properties, name, content) => form_of(properties, name, &body_of(content)),
    }
}

#[wasm_bindgen(raw_module = "./payload.js")]
extern "C" {
    #[wasm_bindgen(js_name = "formOf")]
    fn form_of(properties: &str, name: &str, content: &JsValue) -> JsValue;
}

/// Waits for a store, but not if it is done already, so that a call is sent at once.
async fn finished(operation: Result<Option<Promise>, JsValue>) -> Result<(), ErrorKind> {
    let outcome = match operation {
        Ok(Some(promise)) => settled(&promise).await,
        Ok(None) => Ok(()),
        Err(cause) => Err(Cause(Some(Rc::new(cause)))),
    };
    outcome.map_err(ErrorKind::Storage)
}
