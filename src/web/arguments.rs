//! From JavaScript arguments to values, whatever was passed.

use super::timer::Fired;
use super::turn::begin_turn;
use super::value::{get, items, named, opaque, to_js};
use crate::client::{CallOptions, Handler};
use crate::error::{Cause, Error};
use crate::text;
use crate::wire::{Encoding, Field, Value};
use js_sys::{Array, Function};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Timers take a signed 32-bit number, and fire at once for more.
const LARGEST: f64 = 2_147_483_647.0;

/// The arguments of `Create`, in the order of its parameters: a lifetime in the sixth place means
/// that there is no phone number.
pub(super) fn of_create(arguments: Array) -> Array {
    let is_number = |place| arguments.get(place).as_f64().is_some();
    if is_number(5) && !is_number(6) {
        let _ = arguments.splice(2, 0, &JsValue::UNDEFINED);
    }
    arguments
}

/// A function, or the dotted name of a global one.
pub(super) fn handler(argument: &JsValue) -> Result<Handler, Error> {
    if let Some(function) = argument.dyn_ref::<Function>() {
        let function = function.clone();
        return Ok(Handler::Function(Rc::new(move |data| {
            report(function.call1(&JsValue::UNDEFINED, &to_js(data)));
            begin_turn();
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
    if let Err(error) = outcome {
        let _ = report_error(&error);
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
pub(super) fn values(parameters: &[Field], arguments: &Array) -> Result<Vec<Value>, Error> {
    let mut values = Vec::with_capacity(parameters.len());
    for (field, argument) in parameters.iter().zip(arguments.iter()) {
        let unfit = |unfit| match unfit {
            Unfit::Type(found) => field.wrong_type(found),
            Unfit::Surrogate => field.broken(SURROGATE_RULE),
            Unfit::Items => field.broken(ITEMS_RULE),
        };
        let argument = match field.is_password() {
            true => opaque(&argument).unwrap_or(argument),
            false => argument,
        };
        values.push(value_or_values(&argument).map_err(unfit)?);
    }
    Ok(values)
}

/// An argument as a value. `undefined` and `null` are the same: absent.
pub(super) fn value(parameter: &str, argument: &JsValue) -> Result<Value, Error> {
    scalar(argument).map_err(|unfit| match unfit {
        Unfit::Type(found) => {
            Error::invalid(parameter, text::concat(&["must not be ", found, "."]))
        }
        Unfit::Surrogate => Error::invalid(parameter, SURROGATE_RULE),
        Unfit::Items => Error::invalid(parameter, ITEMS_RULE),
    })
}

#[wasm_bindgen]
extern "C" {
    // Throws for half of a surrogate pair, and for nothing else that a string can hold.
    #[wasm_bindgen(catch, js_name = "encodeURIComponent")]
    fn encode_uri_component(text: &JsValue) -> Result<JsValue, JsValue>;
    // Throws where there is none.
    #[wasm_bindgen(catch, js_name = "reportError")]
    fn report_error(error: &JsValue) -> Result<(), JsValue>;
}

const SURROGATE_RULE: &str = "contains an unpaired surrogate.";
const ITEMS_RULE: &str = "can't be read, or has more than 10000 items.";

/// Why an argument can't be a value.
enum Unfit {
    Type(&'static str),
    Surrogate,
    Items,
}

fn value_or_values(argument: &JsValue) -> Result<Value, Unfit> {
    let items = items(argument).map_err(|_| Unfit::Items)?;
    let Some(items) = items.dyn_ref::<Array>() else { return scalar(argument) };
    // One level: no argument has more, and an array can hold itself.
    let mut values = Vec::new();
    for item in items.iter() {
        values.push(scalar(&item)?);
    }
    Ok(Value::Array(values))
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
    let Some(converted) = argument.as_string() else {
        return Err(Unfit::Type(type_of(argument)));
    };
    // It would silently become U+FFFD. The costly check is for the texts that may need it.
    let suspect = text::find(&converted, "\u{FFFD}").is_some();
    if suspect && encode_uri_component(argument).is_err() {
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
    } else if items(argument).is_ok_and(|items| items.is_undefined()) {
        "an object"
    } else {
        "an array"
    }
}

/// The last argument of a call: `{ signal, timeoutMs, encoding }`.
pub(super) fn options(argument: &JsValue) -> Result<CallOptions, Error> {
    if argument.is_undefined() || argument.is_null() {
        return Ok(CallOptions::default());
    }
    let given = properties("Options", "{ timeoutMs: 5000 }", argument, OPTIONS)?;
    let signal = get(&given, "signal");
    let timeout_ms = get(&given, "timeoutMs");
    let encoding_name = get(&given, "encoding");
    let timeout_ms = count("Options", "timeoutMs", &timeout_ms)?;
    let aborted = if signal.is_undefined() || signal.is_null() {
        None
    } else {
        let fired = Fired::of(&signal).ok_or_else(|| {
            let rule = "must be an AbortSignal, for example new AbortController().signal.";
            Error::invalid("Options.signal", rule)
        })?;
        Some(Box::pin(async { Cause(Some(Rc::new(fired.reason().await))) }) as _)
    };
    let encoding = match encoding_name {
        none if none.is_undefined() || none.is_null() => None,
        name => Some(encoding("Options.encoding", &name)?),
    };
    Ok(CallOptions { timeout_ms, aborted, encoding })
}

const OPTIONS: &str = "signal, timeoutMs, encoding";

/// Two counts of an object, each absent or not.
pub(super) fn counts(
    parameter: &str,
    example: &str,
    argument: &JsValue,
    names: [&str; 2],
) -> Result<[Option<u32>; 2], Error> {
    let [first, second] = names;
    let known = text::concat(&[first, ", ", second]);
    let given = properties(parameter, example, argument, &known)?;
    let (one, other) = (get(&given, first), get(&given, second));
    Ok([count(parameter, first, &one)?, count(parameter, second, &other)?])
}

/// The own properties of an object. Refuses what is none, and one that has others.
fn properties(
    parameter: &str,
    example: &str,
    argument: &JsValue,
    known: &str,
) -> Result<JsValue, Error> {
    let given = named(argument, known, example);
    match given.as_string() {
        Some(rule) => Err(Error::invalid(parameter, rule)),
        None => Ok(given),
    }
}

fn count(parameter: &str, name: &str, argument: &JsValue) -> Result<Option<u32>, Error> {
    if argument.is_undefined() || argument.is_null() {
        return Ok(None);
    }
    match argument.as_f64() {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
        Some(count) if count.trunc() == count && (1.0..=LARGEST).contains(&count) => {
            Ok(Some(count as u32))
        }
        _ => {
            let unit = if name.ends_with("Ms") { " of milliseconds" } else { "" };
            let rule = ["must be a whole number", unit, " from 1 to 2147483647."];
            Err(Error::invalid(&text::concat(&[parameter, ".", name]), text::concat(&rule)))
        }
    }
}
