//! What the module asks of its loader to run tasks: `src/loader/tasks.js` and `src/loader/task.js`.

use super::host::Host;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use web_sys::WebSocket;

#[wasm_bindgen]
extern "C" {
    /// The task of the call that begins.
    #[wasm_bindgen(js_namespace = tasks)]
    pub(super) fn begun() -> TaskHandle;

    /// A task that no call waits for.
    #[wasm_bindgen(js_namespace = tasks)]
    pub(super) fn background() -> TaskHandle;

    /// A task, as the loader knows it.
    #[derive(Clone)]
    pub type TaskHandle;

    /// The arguments of its call, as one text; a signal among its options is listened to. Throws the number or name
    /// of an argument that breaks a rule, the place in it and the rule, in three lines.
    #[wasm_bindgen(catch, method)]
    pub(super) fn arguments(
        this: &TaskHandle,
        arguments: &Array,
        parameters: &str,
        options_index: usize,
    ) -> Result<String, JsValue>;

    /// The function that was among its arguments.
    #[wasm_bindgen(method, getter)]
    pub(super) fn callback(this: &TaskHandle) -> JsValue;

    /// Takes its steps, the first at once. The promise is that of its call.
    #[wasm_bindgen(method)]
    pub(super) fn drive(this: &TaskHandle, number: usize) -> Promise;

    /// Takes its steps, the first in a microtask.
    #[wasm_bindgen(method)]
    pub(super) fn spawn(this: &TaskHandle, number: usize);

    /// An error of its call: its code, its message, and its other properties as JSON.
    #[wasm_bindgen(method)]
    pub(super) fn error(
        this: &TaskHandle,
        code: &str,
        sentence: &str,
        details: &str,
        cause: &JsValue,
    ) -> JsValue;

    /// Has it take another step.
    #[wasm_bindgen(method)]
    pub(super) fn wake(this: &TaskHandle);

    /// Its outcome, as JSON.
    #[wasm_bindgen(method)]
    pub(super) fn resolve(this: &TaskHandle, json: &str);

    /// The same, as a value of the host's.
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_result(this: &TaskHandle, value: &JsValue);

    /// Its failure.
    #[wasm_bindgen(method)]
    pub(super) fn fail(this: &TaskHandle, error: &JsValue);

    /// Sends a request; `false` if nothing can be sent here. `head` is all of it but the body, a list in JSON:
    /// URL, method, whether cookies are sent, whether it goes to the client's own broker, whether bytes are read,
    /// the most bytes of the response, and then name and value of each header.
    #[wasm_bindgen(method)]
    pub(super) fn send(this: &TaskHandle, host: &Host, head: &str, body: &JsValue) -> bool;

    /// Cancels the request under way.
    #[wasm_bindgen(method)]
    pub(super) fn stop(this: &TaskHandle);

    /// A header of the response, or with an empty name its status text.
    #[wasm_bindgen(method)]
    pub(super) fn header(this: &TaskHandle, name: &str) -> Option<String>;

    /// How many bytes the response has, if it was read as bytes.
    #[wasm_bindgen(method, getter, js_name = "byteLength")]
    pub(super) fn byte_length(this: &TaskHandle) -> usize;

    /// The next event of a socket: a text, `true` when it opens and `false` when it closes. The task takes
    /// another step when there is one, if there is none yet.
    #[wasm_bindgen(method, js_name = "nextEvent")]
    pub(super) fn next_event(this: &TaskHandle, host: &Host, socket: &WebSocket) -> JsValue;

    /// Waits for a promise, and no longer for the one before.
    #[wasm_bindgen(method)]
    pub(super) fn watch(this: &TaskHandle, promise: &Promise);

    /// Why the caller's signal has fired, or why the promise that was watched was rejected.
    #[wasm_bindgen(method, getter)]
    pub(super) fn reason(this: &TaskHandle) -> JsValue;
}
