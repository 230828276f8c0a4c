//! A failure as JavaScript sees it: an `AgentApiError`, whose class is in `src/loader/error.js`.

use super::value;
use crate::error::{Cause, Error, Failure};
use crate::text;
use crate::wire::{Value, from_unix_seconds};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./error.js")]
extern "C" {
    type AgentApiError;
    #[wasm_bindgen(constructor)]
    fn new(details: &JsValue) -> AgentApiError;
}

/// The error for a failed operation, as `Xmpp.SendPresenceSubscription`.
pub(super) fn to_js(operation: &str, failure: Box<Failure>) -> JsValue {
    let message = text::concat(&[operation, ": ", &failure.message()]);
    let Failure { error, attempts, retry_after_ms, retry_at, ambiguous } = *failure;
    let mut details: Vec<(String, Value)> = vec![
        ("code".into(), error.code().into()),
        ("message".into(), message.as_str().into()),
        ("operation".into(), operation.into()),
        ("attempts".into(), attempts.into()),
    ];
    details.extend(retry_after_ms.map(|pause| ("retryAfterMs".into(), pause.into())));
    let retry_at = retry_at.and_then(from_unix_seconds);
    details.extend(retry_at.map(|time| ("retryAt".into(), Value::String(time))));
    if ambiguous {
        details.push(("ambiguous".into(), Value::Boolean(true)));
    }
    let mut cause = None;
    match error {
        Error::InvalidArgument { parameter, .. } => {
            details.push(("parameter".into(), Value::String(parameter)));
        }
        Error::Refused(refusal) => {
            let refusal = *refusal;
            let alternatives = refusal.alternatives.into_iter().map(Value::String).collect();
            details.push(("status".into(), u32::from(refusal.status).into()));
            details.push(("statusText".into(), Value::String(refusal.status_text)));
            details.push(("alternatives".into(), Value::Array(alternatives)));
        }
        Error::BadResponse { status, .. } => {
            details.push(("status".into(), u32::from(status).into()));
        }
        Error::Network { cause: Cause(found), .. }
        | Error::Aborted(Cause(found))
        | Error::Storage(Cause(found)) => cause = found,
        _ => {}
    }
    let details = value::to_js(&Value::Object(details));
    if let Some(cause) = cause.and_then(|cause| cause.downcast::<JsValue>().ok()) {
        value::set(&details, "cause", &cause);
    }
    AgentApiError::new(&details).into()
}
