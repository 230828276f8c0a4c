//! The JavaScript object that keeps what outlives an instance of the module.

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::WebSocket;

#[wasm_bindgen]
extern "C" {
    /// What belongs to a client and outlives the module: `src/loader/host.js`.
    #[derive(Clone)]
    pub type Host;
    #[wasm_bindgen(method, catch)]
    pub fn open(this: &Host, session_keys: Array) -> Result<Option<Promise>, JsValue>;
    #[wasm_bindgen(method)]
    pub fn load(this: &Host, key: &str) -> Option<String>;
    #[wasm_bindgen(method)]
    pub fn write(this: &Host, list: Array);
    #[wasm_bindgen(method, js_name = "requestNewerToken")]
    pub fn request_newer_token(this: &Host, token: &str) -> Option<Promise>;
    #[wasm_bindgen(method, catch)]
    pub fn flush(this: &Host) -> Result<Option<Promise>, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn connect(
        this: &Host,
        url: &str,
        protocol: &str,
        on_event: &JsValue,
    ) -> Result<Option<WebSocket>, JsValue>;
    #[wasm_bindgen(method)]
    pub fn leave(this: &Host, socket: &WebSocket);
    #[wasm_bindgen(method, js_name = "scheduleMaintenance")]
    pub fn schedule_maintenance(this: &Host, milliseconds: Option<f64>);
    #[wasm_bindgen(method, js_name = "broadcastLogout")]
    pub fn broadcast_logout(this: &Host, broker: &str, user_name: &str);
    #[wasm_bindgen(method)]
    pub fn redact(this: &Host, text: &str, secrets: &Array, longest: u32) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn hooks(this: &Host) -> Hooks;
    /// Attempt, total, requests in flight and bytes of a response, as far as they were chosen.
    #[wasm_bindgen(method, getter)]
    pub fn limits(this: &Host) -> Array;
    /// Calls a function of `src/loader/local-functions.js`, in which the module has no part; throws as `checkArgument` of `src/loader/arguments.js` does.
    #[wasm_bindgen(method, catch, js_name = "callLocal")]
    pub fn call_local(this: &Host, what: &str, arguments: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    pub fn send(
        this: &Host,
        url: &str,
        method: &str,
        headers: &Object,
        body: &JsValue,
        with_cookies: bool,
        to_own_broker: bool,
        most_bytes: u32,
        reads_bytes: bool,
    ) -> Option<Exchange>;

    /// One request and its response: `src/loader/exchange.js`.
    #[derive(Clone)]
    pub type Exchange;
    /// Status, status text and body.
    #[wasm_bindgen(method, getter)]
    pub fn answer(this: &Exchange) -> Promise;
    #[wasm_bindgen(method, getter)]
    pub fn reach(this: &Exchange) -> u32;
    #[wasm_bindgen(method)]
    pub fn header(this: &Exchange, name: &str) -> Option<String>;
    #[wasm_bindgen(method)]
    pub fn stop(this: &Exchange);

    /// The listeners: `src/loader/hooks.js`.
    pub type Hooks;
    #[wasm_bindgen(method)]
    pub fn has(this: &Hooks, hook: &str) -> bool;
    #[wasm_bindgen(method)]
    pub fn emit(this: &Hooks, hook: &str, event: &JsValue);
}
