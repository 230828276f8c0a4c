//! The browser, or whatever has `fetch`, as an environment.

use super::arguments::report;
use super::socket::BrowserSocket;
use super::timer;
use super::turn::{begin_turn, in_turns, turn};
use super::value::{get, parse_json, set, to_js};
use crate::client::{Body, Environment, Hook, HttpRequest, HttpResponse, Moment, Origin, first_of};
use crate::error::{Cause, Error, Reach};
use crate::session::keys;
use crate::text;
use crate::wire::{Method, Value};
use js_sys::{Array, Date, Function, JSON, Object, Promise, global};
use std::cell::{Cell, RefCell, RefMut};
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal, WebSocket};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = "getRandomValues")]
    fn get_random_values(bytes: &mut [u8]) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = performance, js_name = "now")]
    fn performance_now() -> Result<f64, JsValue>;

    /// What belongs to a client and outlives the module: `src/loader/host.js`.
    #[derive(Clone)]
    pub type Host;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Host, session_keys: Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn load(this: &Host, key: &str) -> Option<String>;
    #[wasm_bindgen(method)]
    fn write(this: &Host, list: Array);
    #[wasm_bindgen(method, js_name = "askForNewer")]
    fn ask_for_newer(this: &Host, token: &str) -> JsValue;
    #[wasm_bindgen(method, catch)]
    fn flush(this: &Host) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn connect(this: &Host, url: &str, protocol: &str) -> Result<WebSocket, JsValue>;
    #[wasm_bindgen(method)]
    fn schedule(this: &Host, milliseconds: Option<f64>);
    #[wasm_bindgen(method)]
    fn announce(this: &Host, broker: &str, user_name: &str);
    #[wasm_bindgen(method, getter)]
    pub fn hooks(this: &Host) -> Hooks;
    #[wasm_bindgen(method, getter)]
    pub fn limits(this: &Host) -> Object;
    #[wasm_bindgen(method, getter, js_name = "canFetch")]
    fn can_fetch(this: &Host) -> bool;
    #[wasm_bindgen(method, catch)]
    fn fetch(
        this: &Host,
        url: &str,
        method: &str,
        headers: &Object,
        body: &JsValue,
        signal: &AbortSignal,
        with_cookies: bool,
        to_own_broker: bool,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Host, response: &Response, most_bytes: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, js_name = "isUnsent")]
    fn is_unsent(this: &Host, error: &JsValue) -> bool;

    /// Those who listen: `src/loader/hooks.js`.
    pub type Hooks;
    #[wasm_bindgen(method)]
    pub fn add(this: &Hooks, hook: &str, listener: &JsValue) -> JsValue;
    #[wasm_bindgen(method)]
    fn has(this: &Hooks, hook: &str) -> bool;
    #[wasm_bindgen(method)]
    fn tell(this: &Hooks, hook: &str, event: &JsValue);
    #[wasm_bindgen(method)]
    pub fn log(this: &Hooks, level: &JsValue, message: &JsValue);
    #[wasm_bindgen(method, setter, js_name = "level")]
    pub fn set_level(this: &Hooks, level: &JsValue);

    // What is used of a response, by name: one that comes from a double or from another frame is
    // as good as any. Each can throw, for a double may be anything.
    type Response;
    #[wasm_bindgen(method, getter, catch, js_name = "statusText")]
    fn status_text(this: &Response) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(raw_module = "./body.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = "statusOf")]
    fn status_of(response: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = "headerOf")]
    fn header_of(response: &Response, name: &str) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(raw_module = "./http-date.js")]
extern "C" {
    /// In milliseconds since 1970; `NaN` for what is none.
    #[wasm_bindgen(js_name = "parseDate")]
    fn parse_date(text: &str) -> f64;
}

#[wasm_bindgen(raw_module = "./url-host.js")]
extern "C" {
    #[wasm_bindgen(js_name = "urlHost")]
    fn url_host(host: &str, secure: bool) -> Option<String>;
}

#[wasm_bindgen(raw_module = "./redact.js")]
extern "C" {
    fn redact(text: &str, secrets: &Array, longest: u32) -> String;
}

#[wasm_bindgen(raw_module = "./page.js")]
extern "C" {
    #[wasm_bindgen(js_name = "pageOrigin")]
    fn page_origin() -> Option<String>;
}

/// The browser, as one client sees it.
pub(super) struct Browser {
    pub(super) host: Host,
    is_open: Cell<bool>,
    read: RefCell<Read>,
    /// What `url_host` gave last: a call asks for the same host several times.
    known_host: RefCell<(String, bool, Option<String>)>,
}

/// What was read from the store in one turn, in which nobody on this page can have changed it: a call
/// asks for the same few texts some twenty times.
#[derive(Default)]
struct Read {
    turn: u32,
    values: Vec<(&'static str, Option<String>)>,
}

impl Browser {
    pub(super) fn new(host: Host) -> Self {
        Self {
            host,
            is_open: Cell::new(false),
            read: RefCell::default(),
            known_host: RefCell::default(),
        }
    }

    /// What was read before has been changed, and is not to be kept for longer than by the store.
    fn forget_read(&self) {
        self.read.borrow_mut().values.clear();
        begin_turn();
    }

    /// What was read in this turn.
    fn read(&self) -> RefMut<'_, Read> {
        let mut read = self.read.borrow_mut();
        if read.turn != turn() {
            read.turn = turn();
            read.values.clear();
        }
        read
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

    fn connect(&self, url: &str, protocol: &str) -> Result<BrowserSocket, Error> {
        BrowserSocket::open(|| self.host.connect(url, protocol))
    }

    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()>>>) {
        spawn_local(in_turns(task));
    }

    fn call_global(&self, name: &str, argument: &Value) {
        let (holder, function) = name.split('.').fold(
            (JsValue::UNDEFINED, JsValue::from(global())),
            |(_, holder), part| {
                let found = get(&holder, part);
                (holder, found)
            },
        );
        if let Some(function) = function.dyn_ref::<Function>() {
            report(function.call1(&holder, &to_js(argument)));
            begin_turn();
        }
    }

    fn tab_id(&self) -> Option<String> {
        get(&global(), "TabID").as_string().filter(|id| !id.is_empty())
    }

    fn send(
        &self,
        request: HttpRequest,
        most_bytes: u32,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + '_>> {
        Box::pin(async move {
            if !self.host.can_fetch() {
                return Err(Error::Unsupported(
                    "there is no fetch here, or no AbortController for it. Give one, for example \
                     createAgentAPI({ fetch }).",
                ));
            }
            let answered = Cell::new(false);
            let answer = exchange(&self.host, request, most_bytes, &answered).await;
            answer.map_err(|cause| {
                let reach = if answered.get() {
                    Reach::Answered
                } else if self.host.is_unsent(&cause) {
                    Reach::Unsent
                } else {
                    Reach::Unknown
                };
                Error::Network { cause: Cause(Some(Rc::new(cause))), reach }
            })
        })
    }

    async fn sleep(&self, milliseconds: u32) {
        timer::sleep(milliseconds).await;
    }

    fn now(&self) -> Moment {
        let wall_ms = Date::now();
        // Without the one clock the other has to do.
        Moment { monotonic_ms: performance_now().unwrap_or(wall_ms), wall_ms }
    }

    fn schedule(&self, in_ms: Option<f64>) {
        self.host.schedule(in_ms);
    }

    fn announce_logout(&self, broker: &str, user_name: &str) {
        self.host.announce(broker, user_name);
    }

    fn listens(&self, hook: Hook) -> bool {
        self.host.hooks().has(name(hook))
    }

    fn tell(&self, hook: Hook, event: &Value) {
        self.host.hooks().tell(name(hook), &to_js(event));
        begin_turn();
    }

    async fn storage(&self) -> Result<(), Error> {
        if self.is_open.get() {
            return Ok(());
        }
        let failed = |cause| Error::Storage(Cause(Some(Rc::new(cause))));
        let keys = Array::new();
        for key in keys::OF_SESSION {
            keys.push(&JsValue::from_str(key));
        }
        let opening = self.host.open(keys).map_err(failed)?;
        // Not awaited where it need not be: a call goes out at once.
        if opening.is_object() {
            settled(opening).await.map_err(failed)?;
        }
        self.is_open.set(true);
        Ok(())
    }

    async fn flush(&self) -> Result<(), Error> {
        let failed = |cause| Error::Storage(Cause(Some(Rc::new(cause))));
        let flushing = self.host.flush().map_err(failed)?;
        if flushing.is_object() {
            settled(flushing).await.map_err(failed)?;
        }
        Ok(())
    }

    fn parse_date(&self, text: &str) -> Option<f64> {
        Some(parse_date(text)).filter(|wall_ms| wall_ms.is_finite())
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        let unsupported =
            |_| Error::Unsupported("there is no crypto.getRandomValues here, which signs a login.");
        get_random_values(bytes).map_err(unsupported)
    }

    fn load(&self, key: &'static str) -> Option<String> {
        let known = self.read().values.iter().find(|(known, _)| *known == key).cloned();
        if let Some((_, value)) = known {
            return value;
        }
        let asked_in = turn();
        let value = self.host.load(key);
        // Whose store it is may have called us in between.
        if turn() == asked_in {
            self.read().values.push((key, value.clone()));
        }
        value
    }

    fn store(&self, key: &'static str, value: &str) {
        self.keep(&[(key, value)]);
    }

    fn remove(&self, key: &'static str) {
        self.keep(&[(key, "")]);
    }

    fn keep(&self, texts: &[(&'static str, &str)]) {
        let list = Array::new();
        for (key, text) in texts {
            list.push(&JsValue::from_str(key));
            list.push(&JsValue::from_str(text));
        }
        self.host.write(list);
        self.forget_read();
    }

    async fn ask_for_newer(&self, token: &str) {
        let asking = self.host.ask_for_newer(token);
        if asking.is_object() {
            let _ = settled(asking).await;
            self.forget_read();
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

    fn redact(&self, text: &str, secrets: &[String], longest: u32) -> String {
        let list = Array::new();
        for secret in secrets {
            list.push(&JsValue::from_str(secret));
        }
        redact(text, &list, longest)
    }

    fn read_scalar(&self, text: &str) -> Option<Value> {
        let scalar = parse_json(text).ok()?;
        let text = scalar.as_string().map(Value::String);
        text.or_else(|| scalar.as_f64().map(Value::Number))
    }

    fn write_json(&self, value: &Value) -> String {
        JSON::stringify(&to_js(value)).map(String::from).unwrap_or_default()
    }
}

/// How long the words of a refusal are waited for.
const LONGEST_WAIT_FOR_WORDS_MS: u32 = 1_000;

async fn exchange(
    host: &Host,
    request: HttpRequest,
    most_bytes: u32,
    answered: &Cell<bool>,
) -> Result<HttpResponse, JsValue> {
    /// Ends the request when nobody waits for it any more.
    struct Abort(Option<AbortController>);
    impl Drop for Abort {
        fn drop(&mut self) {
            if let Some(controller) = &self.0 {
                controller.abort();
                begin_turn();
            }
        }
    }
    let controller = AbortController::new()?;
    let signal = controller.signal();
    let mut abort = Abort(Some(controller));
    let answer = fetch(host, &request, &signal)?;
    let response: Response = settled(answer).await?.unchecked_into();
    let status = status_of(&response)?;
    // Whatever a double of `fetch` gives, it is a response if it has a status.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    let status = status.as_f64().ok_or(status)? as u16;
    let reading = async { settled(host.read(&response, most_bytes)?).await };
    let mut status_text = String::new();
    let body = if (200..300).contains(&status) {
        answered.set(true);
        let body = reading.await?;
        // Its error would be a fifth of the time of a call, and nobody's.
        abort.0 = None;
        body
    } else {
        status_text = response.status_text()?.as_string().unwrap_or_default();
        // A refusal is one, though its words be lost or late.
        let or_nothing =
            async { Ok::<JsValue, JsValue>(reading.await.unwrap_or(JsValue::UNDEFINED)) };
        let late = async {
            timer::sleep(LONGEST_WAIT_FOR_WORDS_MS).await;
            Ok(JsValue::UNDEFINED)
        };
        first_of(or_nothing, late).await?
    };
    // All of it may be a double's.
    begin_turn();
    Ok(HttpResponse {
        status,
        status_text,
        body: body.as_string(),
        header: Box::new(move |name| header_of(&response, name).ok()?.as_string()),
    })
}

/// What `await` would give, for a value that may be no promise.
async fn settled(value: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&value)).await
}

fn fetch(host: &Host, request: &HttpRequest, signal: &AbortSignal) -> Result<JsValue, JsValue> {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let headers = Object::new();
    for (name, value) in &request.headers {
        set(&headers, name, &value.into());
    }
    let body = match &request.body {
        Body::Nothing => JsValue::UNDEFINED,
        Body::Text(text) => text.into(),
        Body::Foreign(body) | Body::Stream(body) => {
            body.downcast_ref().cloned().unwrap_or_default()
        }
    };
    let HttpRequest { url, with_cookies, to_own_broker, .. } = request;
    host.fetch(url, method, &headers, &body, signal, *with_cookies, *to_own_broker)
}
