//! The browser, or any host program with `fetch`, as an environment.

use super::arguments::report;
use super::host::{Exchange, Host};
use super::socket::BrowserSocket;
use super::task;
use super::tick::{begin_tick, tick};
use super::value::{number_text, read_scalar, set, to_js};
use super::wait::{Settled, Sleep};
use crate::environment::clock::Timestamp;
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, Hook, HttpRequest, HttpResponse, ResponseBody};
use crate::error::{Cause, ErrorKind, Reach};
use crate::session::keys;
use crate::text;
use crate::wire::Value;
use js_sys::{Array, Date, Object, Promise};
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = "getRandomValues")]
    fn get_random_values(bytes: &mut [u8]) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = performance, js_name = "now")]
    fn performance_now() -> Result<f64, JsValue>;

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
    #[wasm_bindgen(catch, js_name = "callGlobal")]
    fn call_global(name: &str, argument: &JsValue) -> Result<JsValue, JsValue>;
}

/// How far a failed request got, as `src/loader/exchange.js` numbers it.
const UNSENT: u32 = 0;
const UNKNOWN: u32 = 1;

/// The positions in the array that `answer` in `src/loader/exchange.js` resolves to.
const STATUS: u32 = 0;
const STATUS_TEXT: u32 = 1;
const BODY: u32 = 2;
const LENGTH: u32 = 3;

/// The browser, as one client sees it.
pub(super) struct Browser {
    pub(super) host: Host,
    is_open: Cell<bool>,
    read_cache: RefCell<ReadCache>,
    /// The last result of `url_host`: a call needs the same host several times.
    known_host: RefCell<(String, bool, Option<String>)>,
}

/// What was read from the store in one tick, in which nothing else on this page can have changed it: a
/// call reads the same few texts some twenty times.
#[derive(Default)]
struct ReadCache {
    tick: u32,
    values: Vec<(&'static str, Option<String>)>,
}

impl Browser {
    pub(super) fn new(host: Host) -> Self {
        Self {
            host,
            is_open: Cell::new(false),
            read_cache: RefCell::default(),
            known_host: RefCell::default(),
        }
    }

    /// Opens the store; `None` if it can be read already.
    fn open(&self) -> Result<Option<Promise>, JsValue> {
        let keys = Array::new();
        for key in keys::OF_SESSION {
            add(&keys, key);
        }
        self.host.open(keys)
    }

    /// After a write, which also must leave no secret in the cache that the store has removed.
    fn clear_read_cache(&self) {
        self.read_cache.borrow_mut().values.clear();
        begin_tick();
    }
}

/// The name of a hook in `src/loader/hooks.js`.
fn name(hook: Hook) -> &'static str {
    match hook {
        Hook::Request => "request",
        Hook::Response => "response",
        Hook::Retry => "retry",
        Hook::Session => "session",
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
        report(call_global(name, &to_js(argument)));
        begin_tick();
    }

    fn tab_id(&self) -> Option<String> {
        tab_id()
    }

    fn send(
        &self,
        request: HttpRequest,
        max_bytes: u32,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, ErrorKind>> + '_>> {
        // Starts the request now, not at the first poll, so that the future holds only `InFlight` and
        // not the request.
        let in_flight = InFlight::new(&self.host, request, max_bytes);
        Box::pin(async move {
            let in_flight = in_flight.ok_or(ErrorKind::Unsupported(
                "there is no fetch here, or no AbortController for it. Give one, for example \
                 createAgentAPI({ fetch }).",
            ))?;
            let exchange = &in_flight.0;
            let answer = Settled::of(&exchange.answer()).await.map_err(|cause| {
                let reach = match exchange.reach() {
                    UNSENT => Reach::Unsent,
                    UNKNOWN => Reach::Unknown,
                    _ => Reach::Answered,
                };
                ErrorKind::Network { cause: Cause(Some(Rc::new(cause))), reach }
            })?;
            let answer: Array = answer.unchecked_into();
            let exchange = exchange.clone();
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it saturates"
            )]
            let status = answer.get(STATUS).as_f64().unwrap_or_default() as u16;
            Ok(HttpResponse {
                status,
                status_text: answer.get(STATUS_TEXT).as_string().unwrap_or_default(),
                body: response_body(answer.get(BODY), &answer.get(LENGTH)),
                header: Box::new(move |name| exchange.header(name)),
            })
        })
    }

    fn sleep(&self, milliseconds: u32) -> impl Future<Output = ()> {
        Sleep::start(milliseconds)
    }

    fn now(&self) -> Timestamp {
        let wall_ms = Date::now();
        // Without a monotonic clock the wall clock has to serve.
        Timestamp { monotonic_ms: performance_now().unwrap_or(wall_ms), wall_ms }
    }

    fn schedule_maintenance(&self, in_ms: Option<f64>) {
        self.host.schedule_maintenance(in_ms);
    }

    fn broadcast_logout(&self, broker: &str, user_name: &str) {
        self.host.broadcast_logout(broker, user_name);
    }

    fn has_listener(&self, hook: Hook) -> bool {
        self.host.hooks().has(name(hook))
    }

    fn emit(&self, hook: Hook, event: &Value) {
        self.host.hooks().emit(name(hook), &to_js(event));
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
        let now = tick();
        {
            let mut read = self.read_cache.borrow_mut();
            if read.tick != now {
                *read = ReadCache { tick: now, values: Vec::new() };
            }
            if let Some((_, value)) = read.values.iter().find(|(known, _)| *known == key) {
                return value.clone();
            }
        }
        let value = self.host.load(key);
        // The caller's store may have called the library in between.
        if tick() == now {
            self.read_cache.borrow_mut().values.push((key, value.clone()));
        }
        value
    }

    fn store(&self, key: &'static str, value: &str) {
        self.store_all(&[(key, value)]);
    }

    fn remove(&self, key: &'static str) {
        self.store_all(&[(key, "")]);
    }

    fn store_all(&self, texts: &[(&'static str, &str)]) {
        let list = Array::new();
        for (key, text) in texts {
            add(&list, key);
            add(&list, text);
        }
        self.host.write(list);
        self.clear_read_cache();
    }

    async fn request_newer_token(&self, token: &str) {
        if let Some(asking) = self.host.request_newer_token(token) {
            let _ = Settled::of(&asking).await;
            self.clear_read_cache();
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
        let list = Array::new();
        for secret in secrets {
            add(&list, secret);
        }
        self.host.redact(text, &list, max_chars)
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

/// A request in flight. Dropping it cancels it.
struct InFlight(Exchange);

impl InFlight {
    /// `None` if nothing can be sent here.
    fn new(host: &Host, request: HttpRequest, max_bytes: u32) -> Option<Self> {
        let HttpRequest { method, url, headers, body, with_cookies, to_own_broker, reads_bytes } =
            request;
        let header_object = Object::new();
        for (name, value) in &headers {
            set(&header_object, name, &value.into());
        }
        let body = body_of(&body);
        host.send(
            &url,
            method.name(),
            &header_object,
            &body,
            with_cookies,
            to_own_broker,
            max_bytes,
            reads_bytes,
        )
        .map(Self)
    }
}

fn response_body(body: JsValue, length: &JsValue) -> ResponseBody {
    match (body.as_string(), length.as_f64()) {
        (Some(text), _) => ResponseBody::Text(text),
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
        (None, Some(length)) => ResponseBody::Bytes(Rc::new(body), length as usize),
        (None, None) => ResponseBody::TooLarge,
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

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.stop();
        // `fetch` may be a test double that called the library.
        begin_tick();
    }
}

/// Adds a text to a list. A function of its own, so that it is compiled once.
#[inline(never)]
fn add(list: &Array, text: &str) {
    list.push(&text.into());
}

/// Waits for a store, but not if it is done already, so that a call is sent at once.
async fn finished(operation: Result<Option<Promise>, JsValue>) -> Result<(), ErrorKind> {
    let outcome = match operation {
        Ok(Some(promise)) => Settled::of(&promise).await.err(),
        Ok(None) => None,
        Err(cause) => Some(cause),
    };
    outcome.map_or(Ok(()), |cause| Err(ErrorKind::Storage(Cause(Some(Rc::new(cause))))))
}
