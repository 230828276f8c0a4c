//! From JavaScript arguments to values, whatever was passed.

use super::tick::begin_tick;
use super::timer::Fired;
use super::value::{get, read_scalar, to_js};
use crate::client::{CallOptions, Handler};
use crate::error::{Cause, ErrorKind};
use crate::text;
use crate::wire::{Encoding, Input, InputKind, Value};
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
    /// A scalar, or JSON in an array of its own; throws the place in it that breaks a rule, and the rule.
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

/// The arguments of documented parameters as values, and the argument after them.
pub(super) fn values(
    parameters: &[&'static Input],
    arguments: &Array,
) -> Result<(Vec<Value>, JsValue), ErrorKind> {
    let mut values = Vec::new();
    for (input, place) in parameters.iter().zip(0..) {
        let argument = arguments.get(place);
        let is_password = matches!(input.kind, InputKind::Password);
        let taken = taken(&argument, input.kind.expected(), is_password);
        let taken = taken.map_err(|broken| {
            let broken = broken.as_string().unwrap_or_default();
            let (place, rule) = text::split_once(&broken, "\n").unwrap_or_default();
            input.broken(place, rule)
        })?;
        values.push(value(&taken));
    }
    #[allow(clippy::cast_possible_truncation, reason = "twenty at most")]
    Ok((values, arguments.get(parameters.len() as u32)))
}

#[wasm_bindgen]
extern "C" {
    // Throws where there is none.
    #[wasm_bindgen(catch, js_name = "reportError")]
    fn report_error(error: &JsValue) -> Result<(), JsValue>;
}

/// What `src/loader/arguments.js` has taken, as a value.
pub(super) fn value(taken: &JsValue) -> Value {
    if let Some(text) = taken.as_string() {
        return Value::String(text);
    }
    if let Some(number) = taken.as_f64() {
        return Value::Number(number);
    }
    if let Some(list) = taken.dyn_ref::<Array>() {
        let json = list.get(0).as_string().unwrap_or_default();
        return Value::from_json(&json, usize::MAX, &read_scalar).unwrap_or(Value::Null);
    }
    taken.as_bool().map_or(Value::Null, Value::Boolean)
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
    let encoding = encoding_of(&get(&given, "encoding"));
    Ok(CallOptions { timeout_ms, aborted, encoding, ..CallOptions::default() })
}
