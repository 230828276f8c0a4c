//! A failure as JavaScript sees it: an `AgentApiError`, whose class is in `src/loader/error.js`.

use super::value;
use crate::error::{Cause, Error};
use crate::text;
use crate::wire::Value;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./error.js")]
extern "C" {
    type AgentApiError;
    #[wasm_bindgen(constructor)]
    fn new(details: &JsValue) -> AgentApiError;
}

/// The error for a failed operation, as `Xmpp.SendPresenceSubscription`.
pub(super) fn to_js(operation: &str, error: Error) -> JsValue {
    let message = text::concat(&[operation, ": ", &error.message()]);
    let mut details: Vec<(String, Value)> = vec![
        ("code".into(), error.code().into()),
        ("message".into(), message.as_str().into()),
        ("operation".into(), operation.into()),
    ];
    let mut cause = None;
    match error {
        Error::InvalidArgument { parameter, .. } => {
            details.push(("parameter".into(), Value::String(parameter)));
        }
        Error::Refused(refusal) => {
            let alternatives = refusal.alternatives.into_iter().map(Value::String).collect();
            details.push(("status".into(), u32::from(refusal.status).into()));
            details.push(("statusText".into(), Value::String(refusal.status_text)));
            details.push(("alternatives".into(), Value::Array(alternatives)));
        }
        Error::BadResponse { status, .. } => {
            details.push(("status".into(), u32::from(status).into()));
        }
        Error::Network(Cause(found)) | Error::Aborted(Cause(found)) => cause = found,
        _ => {}
    }
    let details = value::to_js(&Value::Object(details));
    if let Some(cause) = cause.and_then(|cause| cause.downcast::<JsValue>().ok()) {
        let _ = Reflect::set(&details, &"cause".into(), &cause);
    }
    AgentApiError::new(&details).into()
}
