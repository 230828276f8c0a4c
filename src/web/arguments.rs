//! From JavaScript arguments to values, whatever was passed.

use super::tasks::TaskHandle;
use super::tick::begin_tick;
use super::value::{number_text, read_scalar};
use super::wait::aborted;
use crate::client::{CallOptions, Handler, RequestBody};
use crate::environment::Body;
use crate::error::ErrorKind;
use crate::text;
use crate::wire::{Encoding, Input, NAMED_FROM, Value};
use js_sys::Array;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./handlers.js")]
extern "C" {
    fn handle(handler: &JsValue, data: &str);
}

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
    Ok(function(handler))
}

/// A function.
pub(super) fn function(function: JsValue) -> Handler {
    Handler::Function(Rc::new(move |data| call_handler(&function, data)))
}

/// Calls a function, or the global one of a dotted name.
pub(super) fn call_handler(handler: &JsValue, data: &Value) {
    handle(handler, &data.to_json(&number_text));
    begin_tick();
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
    Ok(encoding_of(&name.as_string().unwrap_or_default()).unwrap_or(Encoding::Json))
}

fn encoding_of(name: &str) -> Option<Encoding> {
    match name {
        "xml" => Some(Encoding::Xml),
        "json" => Some(Encoding::Json),
        _ => None,
    }
}

/// What separates the arguments. A text that has it itself comes as JSON, which writes it otherwise.
const SEPARATOR: u8 = 0;

/// The arguments of documented parameters as values, and the options at a place among the arguments.
pub(super) fn values(
    task: &TaskHandle,
    parameters: &[&'static Input],
    arguments: &Array,
    options_index: usize,
) -> Result<(Vec<Value>, CallOptions), ErrorKind> {
    let mut expected = String::new();
    let are_named = parameters.len() >= NAMED_FROM;
    for input in parameters {
        if !expected.is_empty() {
            expected.push('\n');
        }
        expected.push_str(input.kind.argument_type());
        expected.push(':');
        expected.push_str(input.kind.expected());
        if are_named {
            expected.push(':');
            expected.push_str(&input.parameter());
        }
    }
    let taken = task
        .arguments(arguments, &expected, options_index)
        .map_err(|broken| broken_by(parameters, &broken))?;
    let mut options = CallOptions::default();
    let mut values = Vec::new();
    for (place, piece) in text::split(&taken, SEPARATOR).enumerate() {
        let value = piece.get(1..).unwrap_or_default();
        if let Some(input) = parameters.get(place) {
            values.push(if piece.starts_with('=') {
                Value::from_json(value, usize::MAX, &read_scalar)
                    .map_err(|problem| input.broken("", &text::concat(&[problem, "."])))?
            } else {
                value.into()
            });
        } else if piece.starts_with('s') {
            options.aborted = Some(Box::pin(aborted()));
        } else if piece.starts_with('e') {
            options.encoding = encoding_of(value);
        } else {
            options.timeout_ms = text::digits(value).and_then(|count| u32::try_from(count).ok());
        }
    }
    Ok((values, options))
}

/// The options of a call, at a place among the arguments: `{ signal, timeoutMs, encoding }`.
pub(super) fn options(
    task: &TaskHandle,
    arguments: &Array,
    index: usize,
) -> Result<CallOptions, ErrorKind> {
    values(task, &[], arguments, index).map(|(_, options)| options)
}

/// The error of an argument that was not taken.
fn broken_by(parameters: &[&'static Input], broken: &JsValue) -> ErrorKind {
    let broken = broken.as_string().unwrap_or_default();
    let (name, broken) = text::split_once_at(&broken, b'\n').unwrap_or_default();
    let (place, rule) = text::split_once_at(broken, b'\n').unwrap_or_default();
    let number = text::digits(name).and_then(|number| usize::try_from(number).ok());
    match number.and_then(|number| parameters.get(number)) {
        Some(input) => input.broken(place, rule),
        None => ErrorKind::invalid(&text::concat(&[name, place]), rule),
    }
}

/// What `fetch` takes as a body, or a part of a form; `None` if it is absent.
pub(super) fn request_body(
    kind: &str,
    parameter: &str,
    payload: &JsValue,
) -> Result<Option<RequestBody>, ErrorKind> {
    let parts = optional(kind, parameter, payload)?;
    let Some(parts) = parts.dyn_ref::<Array>() else { return Ok(None) };
    let text = |index| parts.get(index).as_string().unwrap_or_default();
    let body = parts.get(0);
    let is_stream = parts.get(3).is_truthy();
    let body = match (body.as_string(), Rc::new(body)) {
        (Some(text), _) => Body::Text(text),
        (None, body) if is_stream => Body::Stream(body),
        (None, body) => Body::Foreign(body),
    };
    Ok(Some(RequestBody { body, media_type: text(1), texts: text(2) }))
}
