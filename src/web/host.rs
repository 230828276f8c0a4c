//! The JavaScript object that keeps what outlives an instance of the module.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use web_sys::WebSocket;

#[wasm_bindgen]
extern "C" {
    /// What belongs to a client and outlives the module: `src/loader/host.js`.
    #[derive(Clone)]
    pub type Host;
    /// Chooses what a snapshot has, in its order: keys, a line each.
    #[wasm_bindgen(method, js_name = "setKeys")]
    pub fn set_keys(this: &Host, keys: &str);
    /// Opens the store of the session, whose keys are the first of those.
    #[wasm_bindgen(method, catch)]
    pub fn open(this: &Host, session_keys: usize) -> Result<Option<Promise>, JsValue>;
    /// The stored texts as a list in JSON, empty where there is none; nothing if they are those of the last
    /// snapshot.
    #[wasm_bindgen(method)]
    pub fn snapshot(this: &Host) -> Option<String>;
    /// Stores texts and removes those that are empty: keys, each followed by its text, as a list in JSON.
    #[wasm_bindgen(method)]
    pub fn write(this: &Host, list: &str);
    #[wasm_bindgen(method, js_name = "requestNewerToken")]
    pub fn request_newer_token(this: &Host, token: &str) -> Option<Promise>;
    #[wasm_bindgen(method, catch)]
    pub fn flush(this: &Host) -> Result<Option<Promise>, JsValue>;
    /// Opens a socket, or gives nothing where there are none.
    #[wasm_bindgen(method, catch)]
    pub fn connect(this: &Host, url: &str, protocol: &str) -> Result<Option<WebSocket>, JsValue>;
    #[wasm_bindgen(method)]
    pub fn leave(this: &Host, socket: &WebSocket);
    #[wasm_bindgen(method, js_name = "scheduleMaintenance")]
    pub fn schedule_maintenance(this: &Host, milliseconds: Option<f64>);
    #[wasm_bindgen(method, js_name = "broadcastLogout")]
    pub fn broadcast_logout(this: &Host, broker: &str, user_name: &str);
    /// Removes secrets, which are a list in JSON.
    #[wasm_bindgen(method)]
    pub fn redact(this: &Host, text: &str, secrets: &str, longest: u32) -> String;
    /// Whether anybody listens to a hook, by its number in `src/loader/hooks.js`.
    #[wasm_bindgen(method, js_name = "hasListener")]
    pub fn has_listener(this: &Host, hook: u32) -> bool;
    /// Gives an event, in JSON, to the listeners of a hook.
    #[wasm_bindgen(method)]
    pub fn emit(this: &Host, hook: u32, event: &str);
    /// Attempt, total, requests in flight and bytes of a response, as far as they were chosen.
    #[wasm_bindgen(method, getter)]
    pub fn limits(this: &Host) -> Array;
    /// Calls a function of `src/loader/local-functions.js`, in which the module has no part; throws as `checkArgument` of `src/loader/arguments.js` does.
    #[wasm_bindgen(method, catch, js_name = "callLocal")]
    pub fn call_local(this: &Host, what: &str, arguments: &Array) -> Result<JsValue, JsValue>;
}
