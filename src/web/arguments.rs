//! From JavaScript arguments to values, whatever was passed.

use super::timer::Fired;
use super::value::to_js;
use crate::client::{CallOptions, DEFAULT_TIMEOUT_MS, Handler};
use crate::error::{Cause, Error};
use crate::text;
use crate::wire::{Encoding, Field, Resource, Value};
use js_sys::{Array, Function, JsString, Reflect, global};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// Timers take a signed 32-bit number, and fire at once for more.
const LONGEST_TIMEOUT_MS: f64 = 2_147_483_647.0;

/// The arguments of `Create`, in the order of its parameters, and its options: a lifetime in the
/// sixth place means that there is no phone number.
pub(super) fn of_create(mut arguments: Vec<JsValue>) -> (Vec<JsValue>, JsValue) {
    let is_number =
        |place| arguments.get(place).is_some_and(|value: &JsValue| value.as_f64().is_some());
    if is_number(5) && !is_number(6) {
        arguments.insert(2, JsValue::UNDEFINED);
    }
    let options = arguments.get(8).cloned().unwrap_or_default();
    (arguments, options)
}

/// A function, or the dotted name of a global one.
pub(super) fn handler(argument: &JsValue) -> Result<Handler, Error> {
    if let Some(function) = argument.dyn_ref::<Function>() {
        let function = function.clone();
        return Ok(Handler::Function(Rc::new(move |data| {
            report(function.call1(&JsValue::UNDEFINED, &to_js(data)));
        })));
    }
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match argument.as_string() {
        Some(name) if name.split('.').all(is_part) => Ok(Handler::Name(name)),
        _ => Err(Error::invalid(
            "Function",
            "must be a function, or the dotted name of a global one, for example \"Page.OnAlert\".",
        )),
    }
}

/// Shows a handler's failure where the host shows uncaught errors: it is no failure of ours.
pub(super) fn report(outcome: Result<JsValue, JsValue>) {
    if let Err(error) = outcome
        && let Ok(function) = Reflect::get(&global(), &"reportError".into())
        && let Some(function) = function.dyn_ref::<Function>()
    {
        let _ = function.call1(&JsValue::UNDEFINED, &error);
    }
}

/// A text, which may be empty.
pub(super) fn text(parameter: &str, argument: &JsValue) -> Result<String, Error> {
    match value(parameter, argument)? {
        Value::String(text) => Ok(text),
        other => {
            let rule = text::concat(&["must be a string, not ", other.type_name(), "."]);
            Err(Error::invalid(parameter, rule))
        }
    }
}

/// The name of an encoding.
pub(super) fn encoding(parameter: &str, argument: &JsValue) -> Result<Encoding, Error> {
    match argument.as_string().as_deref() {
        Some("json") => Ok(Encoding::Json),
        Some("xml") => Ok(Encoding::Xml),
        _ => Err(Error::invalid(parameter, "must be \"json\" or \"xml\".")),
    }
}

/// The arguments of a resource's documented parameters as values.
pub(super) fn values(resource: &Resource, arguments: &[JsValue]) -> Result<Vec<Value>, Error> {
    let parameters = resource.parameters.iter().zip(arguments);
    let value = |(field, argument): (&Field, &JsValue)| {
        let unfit = |unfit| match unfit {
            Unfit::Type(found) => field.wrong_type(found),
            Unfit::Surrogate => field.broken(SURROGATE_RULE),
        };
        value_or_values(argument).map_err(unfit)
    };
    parameters.map(value).collect()
}

/// An argument as a value. `undefined` and `null` are the same: absent.
pub(super) fn value(parameter: &str, argument: &JsValue) -> Result<Value, Error> {
    scalar(argument).map_err(|unfit| match unfit {
        Unfit::Type(found) => {
            Error::invalid(parameter, text::concat(&["must not be ", found, "."]))
        }
        Unfit::Surrogate => Error::invalid(parameter, SURROGATE_RULE),
    })
}

const SURROGATE_RULE: &str = "holds half of a surrogate pair (a cut emoji?).";

/// Why an argument can't be a value.
enum Unfit {
    Type(&'static str),
    Surrogate,
}

fn value_or_values(argument: &JsValue) -> Result<Value, Unfit> {
    if !Array::is_array(argument) {
        return scalar(argument);
    }
    // One level: no argument has more, and an array can hold itself.
    let items = argument.unchecked_ref::<Array>().iter();
    items.map(|item| scalar(&item)).collect::<Result<_, _>>().map(Value::Array)
}

fn scalar(argument: &JsValue) -> Result<Value, Unfit> {
    if argument.is_undefined() || argument.is_null() {
        return Ok(Value::Null);
    }
    if let Some(value) = argument.as_bool() {
        return Ok(Value::Boolean(value));
    }
    if let Some(number) = argument.as_f64() {
        return Ok(Value::Number(number));
    }
    let Some(text) = argument.dyn_ref::<JsString>() else {
        return Err(Unfit::Type(type_of(argument)));
    };
    let converted = String::from(text);
    // It would silently become U+FFFD. The costly check is for the texts that may need it.
    let suspect = converted.chars().any(|character| character == '\u{FFFD}');
    if suspect && !text.is_valid_utf16() {
        return Err(Unfit::Surrogate);
    }
    Ok(Value::String(converted))
}

fn type_of(argument: &JsValue) -> &'static str {
    if argument.is_symbol() {
        "a symbol"
    } else if argument.is_function() {
        "a function"
    } else if argument.is_bigint() {
        "a bigint"
    } else if Array::is_array(argument) {
        "an array"
    } else {
        "an object"
    }
}

/// The last argument of a call: `{ signal, timeoutMs, encoding }`.
pub(super) fn options(argument: &JsValue) -> Result<CallOptions, Error> {
    if argument.is_undefined() || argument.is_null() {
        return Ok(CallOptions::default());
    }
    let invalid = |rule: &str| Error::invalid("Options", rule);
    let example = "must be an object, for example { timeoutMs: 5000 }.";
    if !argument.is_object() || Array::is_array(argument) {
        return Err(invalid(example));
    }
    let names = Reflect::own_keys(argument).map_err(|_| invalid(example))?;
    if let Some(unknown) = names.iter().find(|name| !OPTIONS.iter().any(|known| name == known)) {
        let unknown = unknown.as_string().unwrap_or_default();
        let rule = ["have no ", &unknown, ". There are signal, timeoutMs and encoding."];
        return Err(invalid(&text::concat(&rule)));
    }
    let property = |name: &str| Reflect::get(argument, &name.into()).map_err(|_| invalid(example));
    let timeout_ms = timeout(&property("timeoutMs")?)?;
    let signal = property("signal")?;
    let aborted = if signal.is_undefined() || signal.is_null() {
        None
    } else {
        let fired = Fired::of(&signal).ok_or_else(|| {
            let rule = "must be an AbortSignal, for example new AbortController().signal.";
            Error::invalid("Options.signal", rule)
        })?;
        Some(Box::pin(async { Cause(Some(Box::new(fired.reason().await))) }) as _)
    };
    let encoding = match property("encoding")? {
        none if none.is_undefined() || none.is_null() => None,
        name => Some(encoding("Options.encoding", &name)?),
    };
    Ok(CallOptions { timeout_ms, aborted, encoding })
}

const OPTIONS: [&str; 3] = ["signal", "timeoutMs", "encoding"];

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
