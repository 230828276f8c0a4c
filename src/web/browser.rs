//! The browser, or whatever has `fetch`, as an environment.

use super::arguments::report;
use super::socket::BrowserSocket;
use super::value::{from_json, to_js};
use super::{storage, timer};
use crate::client::{Body, Environment, HttpRequest, HttpResponse, Origin};
use crate::error::{Cause, Error};
use crate::wire::{Method, Value};
use js_sys::{Date, Function, JSON, Object, Promise, Reflect, Uint8Array, global};
use std::pin::Pin;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    // By name on the global object at the time of the call: it works in workers, and a test's
    // double is seen.
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, options: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = "getRandomValues")]
    fn get_random_values(bytes: &Uint8Array) -> Result<(), JsValue>;

    // What is used of a response, by name: one that comes from a double or from another frame is
    // as good as any. Each can throw, for a double may be anything.
    type Response;
    #[wasm_bindgen(method, getter, catch)]
    fn status(this: &Response) -> Result<u16, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = "statusText")]
    fn status_text(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn text(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn headers(this: &Response) -> Result<Headers, JsValue>;

    type Headers;
    #[wasm_bindgen(method, catch)]
    fn get(this: &Headers, name: &str) -> Result<JsValue, JsValue>;
}

#[derive(Debug)]
pub(super) struct Browser;

impl Environment for Browser {
    type Socket = BrowserSocket;

    fn connect(&self, url: &str, protocol: &str) -> Result<BrowserSocket, Error> {
        BrowserSocket::open(url, protocol)
    }

    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()>>>) {
        spawn_local(task);
    }

    fn call_global(&self, name: &str, argument: &Value) {
        let (holder, function) = name.split('.').fold(
            (JsValue::UNDEFINED, JsValue::from(global())),
            |(_, holder), part| {
                let found = Reflect::get(&holder, &part.into()).unwrap_or_default();
                (holder, found)
            },
        );
        if let Some(function) = function.dyn_ref::<Function>() {
            report(function.call1(&holder, &to_js(argument)));
        }
    }

    fn tab_id(&self) -> Option<String> {
        Reflect::get(&global(), &"TabID".into()).ok()?.as_string().filter(|id| !id.is_empty())
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        if !Reflect::get(&global(), &"fetch".into()).is_ok_and(|fetch| fetch.is_function()) {
            return Err(Error::Unsupported("there is no fetch here."));
        }
        let answer = exchange(request).await;
        answer.map_err(|cause| Error::Network(Cause(Some(Box::new(cause)))))
    }

    async fn sleep(&self, milliseconds: u32) {
        timer::sleep(milliseconds).await;
    }

    #[allow(clippy::cast_possible_truncation, reason = "seconds of this millennium")]
    fn unix_seconds(&self) -> i64 {
        (Date::now() / 1000.0) as i64
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        #[allow(clippy::cast_possible_truncation, reason = "a nonce's length")]
        let random = Uint8Array::new_with_length(bytes.len() as u32);
        let unsupported = |_| Error::Unsupported("there is no crypto.getRandomValues here.");
        get_random_values(&random).map_err(unsupported)?;
        random.copy_to(bytes);
        Ok(())
    }

    fn load(&self, key: &str) -> Option<String> {
        storage::load(key)
    }

    fn store(&self, key: &str, value: &str) {
        storage::store(key, value);
    }

    fn remove(&self, key: &str) {
        storage::remove(key);
    }

    fn page_origin(&self) -> Option<Origin> {
        // A worker has a location too: that of its script.
        let location = Reflect::get(&global(), &"location".into()).ok()?;
        let property = |name: &str| Reflect::get(&location, &name.into()).ok()?.as_string();
        let secure = match property("protocol")?.as_str() {
            "https:" => true,
            "http:" => false,
            _ => return None,
        };
        Origin::new(&property("host")?, secure).ok()
    }

    fn read_json(&self, text: &str) -> Option<Value> {
        from_json(&JSON::parse(text).ok()?)
    }

    fn write_json(&self, value: &Value) -> String {
        JSON::stringify(&to_js(value)).map(String::from).unwrap_or_default()
    }
}

async fn exchange(request: HttpRequest) -> Result<HttpResponse, JsValue> {
    /// Ends the request when nobody waits for it any more.
    struct Abort(AbortController);
    impl Drop for Abort {
        fn drop(&mut self) {
            self.0.abort();
        }
    }
    let abort = Abort(AbortController::new()?);
    let options = fetch_options(&request);
    set(&options, "signal", &abort.0.signal());
    let response: Response = settled(fetch(&request.url, &options)?).await?.unchecked_into();
    let body = settled(response.text()?).await?;
    let headers = response.headers()?;
    Ok(HttpResponse {
        status: response.status()?,
        status_text: response.status_text()?.as_string().unwrap_or_default(),
        body: body.as_string().unwrap_or_default(),
        header: Box::new(move |name| headers.get(name).ok()?.as_string()),
    })
}

/// What `await` would give, for a value that may be no promise.
async fn settled(value: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&value)).await
}

fn fetch_options(request: &HttpRequest) -> Object {
    let options = Object::new();
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    set(&options, "method", &method.into());
    let headers = Object::new();
    for (name, value) in &request.headers {
        set(&headers, name, &value.into());
    }
    set(&options, "headers", &headers);
    match &request.body {
        Body::Nothing => {}
        Body::Text(text) => set(&options, "body", &text.into()),
        Body::Foreign(body) => {
            set(&options, "body", body.downcast_ref().unwrap_or(&JsValue::UNDEFINED));
        }
    }
    // A redirect could lead the token to another origin. "manual" is known everywhere, "error" is
    // not; either way nothing is followed.
    set(&options, "redirect", &"manual".into());
    // Where there is a location there are cookies, a referrer and a cache to keep out of this.
    // Elsewhere a host may refuse options that it has no use for.
    if Reflect::has(&global(), &"location".into()).unwrap_or_default() {
        // Another origin gets no cookies: without its explicit consent a browser would withhold the
        // answer.
        let credentials = if request.with_cookies { "same-origin" } else { "omit" };
        set(&options, "credentials", &credentials.into());
        set(&options, "referrerPolicy", &"no-referrer".into());
        set(&options, "cache", &"no-store".into());
    }
    options
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a property of a fresh object does not fail.
    let _ = Reflect::set(object, &name.into(), value);
}
