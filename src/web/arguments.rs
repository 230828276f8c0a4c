//! From JavaScript arguments to values, whatever was passed.

use super::timer;
use crate::client::{CallOptions, DEFAULT_TIMEOUT_MS};
use crate::error::{Cause, Error};
use crate::text;
use crate::wire::{Resource, Value};
use js_sys::{JsString, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

/// Timers take a signed 32-bit number, and fire at once for more.
const LONGEST_TIMEOUT_MS: f64 = 2_147_483_647.0;

/// The arguments of a resource's documented parameters as values.
pub(super) fn values(resource: &Resource, arguments: &[JsValue]) -> Result<Vec<Value>, Error> {
    let parameters = resource.parameters.iter().zip(arguments);
    parameters.map(|(field, argument)| value(&field.parameter(), argument)).collect()
}

/// An argument as a value. `undefined` and `null` are the same: absent.
pub(super) fn value(parameter: &str, argument: &JsValue) -> Result<Value, Error> {
    if argument.is_undefined() || argument.is_null() {
        return Ok(Value::Null);
    }
    if let Some(value) = argument.as_bool() {
        return Ok(Value::Boolean(value));
    }
    if let Some(number) = argument.as_f64() {
        return Ok(Value::Number(number));
    }
    if let Some(text) = argument.dyn_ref::<JsString>() {
        return string(parameter, text).map(Value::String);
    }
    let rule = text::concat(&["must be a plain value, not ", type_of(argument), "."]);
    Err(Error::invalid(parameter, rule))
}

/// Half of a surrogate pair would silently become U+FFFD, so it is refused.
fn string(parameter: &str, text: &JsString) -> Result<String, Error> {
    let converted = String::from(text);
    // The costly check is for the texts that may need it.
    if converted.chars().any(|character| character == '\u{FFFD}') && !text.is_valid_utf16() {
        return Err(Error::invalid(parameter, "holds half of a surrogate pair (a cut emoji?)."));
    }
    Ok(converted)
}

fn type_of(argument: &JsValue) -> &'static str {
    if argument.is_symbol() {
        "a symbol"
    } else if argument.is_function() {
        "a function"
    } else if argument.is_bigint() {
        "a bigint"
    } else if argument.is_array() {
        "an array"
    } else {
        "an object"
    }
}

/// The last argument of a call: `{ signal, timeoutMs }`.
pub(super) fn options(argument: &JsValue) -> Result<CallOptions, Error> {
    if argument.is_undefined() || argument.is_null() {
        return Ok(CallOptions::default());
    }
    if !argument.is_object() {
        let rule = "must be an object, for example { timeoutMs: 5000 }.";
        return Err(Error::invalid("Options", rule));
    }
    let property = |name: &str| Reflect::get(argument, &name.into()).unwrap_or_default();
    let timeout_ms = timeout(&property("timeoutMs"))?;
    let signal = property("signal");
    let aborted = if signal.is_undefined() || signal.is_null() {
        None
    } else if is_abort_signal(&signal) {
        let signal: AbortSignal = signal.unchecked_into();
        let aborted = async move { Cause(Some(Box::new(timer::aborted(signal).await))) };
        Some(Box::pin(aborted) as _)
    } else {
        let rule = "must be an AbortSignal, for example new AbortController().signal.";
        return Err(Error::invalid("Options.signal", rule));
    };
    Ok(CallOptions { timeout_ms, aborted })
}

fn timeout(argument: &JsValue) -> Result<u32, Error> {
    if argument.is_undefined() || argument.is_null() {
        return Ok(DEFAULT_TIMEOUT_MS);
    }
    match argument.as_f64() {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
        Some(ms) if ms.trunc() == ms && (1.0..=LONGEST_TIMEOUT_MS).contains(&ms) => Ok(ms as u32),
        _ => Err(Error::invalid(
            "Options.timeoutMs",
            "must be a whole number of milliseconds from 1 to 2147483647.",
        )),
    }
}

/// By what it can do: a signal may come from another frame, whose `AbortSignal` is another class.
fn is_abort_signal(value: &JsValue) -> bool {
    let has = |name: &str| Reflect::get(value, &name.into()).unwrap_or_default();
    value.is_object() && has("addEventListener").is_function() && has("aborted").as_bool().is_some()
}
