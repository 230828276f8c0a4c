//! An error as JavaScript sees it: an `AgentApiError`, whose class is in `src/loader/error.js`.

use super::tasks::TaskHandle;
use super::value;
use crate::error::{Cause, Error, ErrorKind};
use crate::syntax::date_time::from_unix_seconds;
use crate::wire::Value;
use wasm_bindgen::prelude::*;

/// The error of a call that failed.
#[allow(clippy::boxed_local, reason = "each caller would have to unbox it")]
pub(super) fn to_js(task: &TaskHandle, failed: Box<Error>) -> JsValue {
    let Error { kind, attempts, retry_after_ms, retry_at, ambiguous, .. } = &*failed;
    let mut details = Value::object();
    details.put("attempts", *attempts);
    if let Some(pause) = *retry_after_ms {
        details.put("retryAfterMs", pause);
    }
    if let Some(time) = retry_at.and_then(from_unix_seconds) {
        details.put("retryAt", Value::String(time));
    }
    if *ambiguous {
        details.put("ambiguous", true);
    }
    if let Some(status) = kind.status() {
        details.put("status", u32::from(status));
    }
    let mut cause = None;
    match kind {
        ErrorKind::InvalidArgument { parameter, .. } => details.put("parameter", &**parameter),
        ErrorKind::Refused(refusal) => {
            let mut alternatives = Vec::new();
            for name in &refusal.alternatives {
                alternatives.push((&**name).into());
            }
            details.put("statusText", &*refusal.status_text);
            details.put("alternatives", Value::Array(alternatives));
        }
        ErrorKind::Network { cause: Cause(found), .. }
        | ErrorKind::Aborted(Cause(found))
        | ErrorKind::Storage(Cause(found)) => cause = found.as_ref(),
        _ => {}
    }
    let cause = cause.and_then(|cause| cause.downcast_ref::<JsValue>());
    let cause = cause.cloned().unwrap_or_default();
    let details = details.to_json(&value::number_text);
    task.error(kind.code(), &failed.message(), &details, &cause)
}
