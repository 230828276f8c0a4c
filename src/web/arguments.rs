//! From JavaScript arguments to values, whatever was passed.

use super::tick::begin_tick;
use super::timer::Fired;
use super::value::{get, to_js};
use crate::client::{CallOptions, Handler};
use crate::error::{Cause, ErrorKind};
use crate::text;
use crate::wire::{Encoding, Field, Value};
use js_sys::{Array, Function};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./arguments.js")]
extern "C" {
    /// What the module takes for an argument; throws a sentence that begins with the parameter's name.
    #[wasm_bindgen(catch)]
    fn checked(
        kind: &str,
        parameter: &str,
        argument: &JsValue,
        is_optional: bool,
    ) -> Result<JsValue, JsValue>;
    /// Puts arguments that come in two orders into the places of the parameters.
    pub(super) fn arrange(name: &str, arguments: &Array);
    /// A scalar, or an array of such; throws the rule that it breaks.
    #[wasm_bindgen(catch)]
    fn taken(argument: &JsValue, expected: &str, is_password: bool) -> Result<JsValue, JsValue>;
}

/// The error of a sentence that was thrown.
fn refused(sentence: JsValue) -> ErrorKind {
    let sentence = sentence.as_string().unwrap_or_default();
    let (parameter, rule) = text::split_once(&sentence, " ").unwrap_or_default();
    ErrorKind::invalid(parameter, rule)
}

/// A function, or the dotted name of a global one.
pub(super) fn handler(argument: &JsValue) -> Result<Handler, ErrorKind> {
    let handler = required("handler", "Function", argument)?;
    if let Some(name) = handler.as_string() {
        return Ok(Handler::Name(name));
    }
    let function: Function = handler.unchecked_into();
    Ok(Handler::Function(Rc::new(move |data| {
        report(function.call1(&JsValue::UNDEFINED, &to_js(data)));
        begin_tick();
    })))
}

/// Shows a handler's failure where the host shows uncaught errors: it is no failure of ours.
pub(super) fn report(outcome: Result<JsValue, JsValue>) {
    if let Err(error) = outcome {
        let _ = report_error(&error);
    }
}

/// An argument of a kind that `src/loader/arguments.js` knows.
pub(super) fn required(
    kind: &str,
    parameter: &str,
    argument: &JsValue,
) -> Result<JsValue, ErrorKind> {
    checked(kind, parameter, argument, false).map_err(refused)
}

/// The same, or `undefined` where it is absent.
pub(super) fn optional(
    kind: &str,
    parameter: &str,
    argument: &JsValue,
) -> Result<JsValue, ErrorKind> {
    checked(kind, parameter, argument, true).map_err(refused)
}

/// A text, which may be empty.
pub(super) fn text(parameter: &str, argument: &JsValue) -> Result<String, ErrorKind> {
    Ok(required("text", parameter, argument)?.as_string().unwrap_or_default())
}

/// The name of an encoding.
pub(super) fn encoding(parameter: &str, argument: &JsValue) -> Result<Encoding, ErrorKind> {
    let name = required("encoding", parameter, argument)?;
    Ok(encoding_of(&name).unwrap_or(Encoding::Json))
}

fn encoding_of(name: &JsValue) -> Option<Encoding> {
    let name = name.as_string()?;
    Some(if name == "xml" { Encoding::Xml } else { Encoding::Json })
}

/// The arguments of a resource's documented parameters as values.
pub(super) fn values(parameters: &[Field], arguments: &Array) -> Result<Vec<Value>, ErrorKind> {
    let mut values = Vec::with_capacity(parameters.len());
    for (field, place) in parameters.iter().zip(0..arguments.length()) {
        let taken = taken(&arguments.get(place), field.expected(), field.is_password());
        let taken = taken.map_err(|rule| field.broken(&rule.as_string().unwrap_or_default()))?;
        values.push(value(&taken));
    }
    Ok(values)
}

#[wasm_bindgen]
extern "C" {
    // Throws where there is none.
    #[wasm_bindgen(catch, js_name = "reportError")]
    fn report_error(error: &JsValue) -> Result<(), JsValue>;
}

/// What `src/loader/arguments.js` has checked, as a value.
pub(super) fn value(checked: &JsValue) -> Value {
    if let Some(text) = checked.as_string() {
        return Value::String(text);
    }
    if let Some(number) = checked.as_f64() {
        return Value::Number(number);
    }
    let Some(items) = checked.dyn_ref::<Array>() else {
        return checked.as_bool().map_or(Value::Null, Value::Boolean);
    };
    let mut values = Vec::new();
    for place in 0..items.length() {
        values.push(value(&items.get(place)));
    }
    Value::Array(values)
}

/// The last argument of a call: `{ signal, timeoutMs, encoding }`.
pub(super) fn options(argument: &JsValue) -> Result<CallOptions, ErrorKind> {
    let given = optional("options", "Options", argument)?;
    if given.is_undefined() {
        return Ok(CallOptions::default());
    }
    let mut aborted = None;
    let signal = get(&given, "signal");
    if !signal.is_undefined() {
        let fired = Fired::of(&signal).ok_or_else(|| {
            let rule = "must be an AbortSignal, for example new AbortController().signal.";
            ErrorKind::invalid("Options.signal", rule)
        })?;
        aborted = Some(Box::pin(async { Cause(Some(Rc::new(fired.reason().await))) }) as _);
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was checked")]
    let timeout_ms = get(&given, "timeoutMs").as_f64().map(|count| count as u32);
    Ok(CallOptions { timeout_ms, aborted, encoding: encoding_of(&get(&given, "encoding")) })
}
