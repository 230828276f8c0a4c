//! From JavaScript arguments to values, whatever was passed.

use super::tick::begin_tick;
use super::value::{read_scalar, to_js};
use super::wait::Aborted;
use crate::client::{CallOptions, Handler};
use crate::error::ErrorKind;
use crate::text;
use crate::wire::{Encoding, Input, Value};
use js_sys::{Array, Function};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./arguments.js")]
extern "C" {
    /// What the module takes for an argument; throws a sentence that begins with the parameter's name.
    #[wasm_bindgen(catch, js_name = "checkArgument")]
    fn check_argument(
        kind: &str,
        parameter: &str,
        argument: &JsValue,
        is_optional: bool,
    ) -> Result<JsValue, JsValue>;
    /// The text of each argument, or JSON in an array of its own; throws the number of one that breaks a
    /// rule, the place in it and the rule.
    #[wasm_bindgen(catch, js_name = "argumentsToJson")]
    fn arguments_to_json(arguments: &Array, parameters: &str) -> Result<Array, JsValue>;
}

/// The error of a sentence that was thrown.
pub(super) fn refused(sentence: JsValue) -> ErrorKind {
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
    check_argument(kind, parameter, argument, false).map_err(refused)
}

/// The same, or `undefined` where it is absent.
pub(super) fn optional(
    kind: &str,
    parameter: &str,
    argument: &JsValue,
) -> Result<JsValue, ErrorKind> {
    check_argument(kind, parameter, argument, true).map_err(refused)
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
    let mut expected = String::new();
    for input in parameters {
        if !expected.is_empty() {
            expected.push('\n');
        }
        expected.push_str(input.kind.argument_type());
        expected.push(':');
        expected.push_str(input.kind.expected());
    }
    let mut values = Vec::new();
    if !parameters.is_empty() {
        let taken = arguments_to_json(arguments, &expected)
            .map_err(|broken| broken_by(parameters, &broken))?;
        for (input, place) in parameters.iter().zip(0..) {
            let item = taken.get(place);
            values.push(match item.as_string() {
                Some(text) => Value::String(text),
                None => read_json(&item.unchecked_into::<Array>().get(0))
                    .map_err(|problem| input.broken("", &text::concat(&[problem, "."])))?,
            });
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "twenty at most")]
    Ok((values, arguments.get(parameters.len() as u32)))
}

fn read_json(json: &JsValue) -> Result<Value, &'static str> {
    Value::from_json(&json.as_string().unwrap_or_default(), usize::MAX, &read_scalar)
}

/// The error of an argument that was not taken.
fn broken_by(parameters: &[&'static Input], broken: &JsValue) -> ErrorKind {
    let broken = broken.as_string().unwrap_or_default();
    let (number, broken) = text::split_once_at(&broken, b'\n').unwrap_or_default();
    let (place, rule) = text::split_once_at(broken, b'\n').unwrap_or_default();
    let number = text::digits(number).and_then(|number| usize::try_from(number).ok());
    match number.and_then(|number| parameters.get(number)) {
        Some(input) => input.broken(place, rule),
        None => ErrorKind::invalid("", rule),
    }
}

#[wasm_bindgen]
extern "C" {
    // Throws where there is none.
    #[wasm_bindgen(catch, js_name = "reportError")]
    fn report_error(error: &JsValue) -> Result<(), JsValue>;
}

/// The last argument of a call: `{ signal, timeoutMs, encoding }`.
pub(super) fn options(argument: &JsValue) -> Result<CallOptions, ErrorKind> {
    let given = optional("options", "Options", argument)?;
    let Some(given) = given.dyn_ref::<Array>() else { return Ok(CallOptions::default()) };
    let mut aborted = None;
    let signal = given.get(0);
    if !signal.is_undefined() {
        let fires = Aborted::of(&signal).ok_or_else(|| {
            let rule = "must be an AbortSignal, for example new AbortController().signal.";
            ErrorKind::invalid("Options.signal", rule)
        })?;
        aborted = Some(Box::pin(fires) as _);
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was checked")]
    let timeout_ms = given.get(1).as_f64().map(|count| count as u32);
    let encoding = encoding_of(&given.get(2));
    Ok(CallOptions { timeout_ms, aborted, encoding, ..CallOptions::default() })
}
