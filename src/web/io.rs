//! `AgentAPI.IO`: which broker, and on what terms.

use super::browser::Browser;
use super::clients::client;
use super::value::{get, set};
use super::{arguments, error, promise};
use crate::client::{
    Body, Client, DEFAULT_ATTEMPT_MS, DEFAULT_MAX_IN_FLIGHT, DEFAULT_MAX_RESPONSE_BYTES,
    DEFAULT_TOTAL_MS, Payload,
};
use crate::error::Error;
use crate::host;
use crate::text;
use crate::wire::Value;
use js_sys::{Array, Promise};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

const PAYLOAD_RULE: &str = "can't be sent. Write an object that JSON can hold, or what fetch takes \
    here, for example a URLSearchParams.";

/// Chooses the broker.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetHost", unchecked_return_type = "(void)")]
pub fn set_host(
    #[wasm_bindgen(unchecked_param_type = "[Host?: Maybe<string>, Secure?: Maybe<boolean>]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    let host = arguments.get(0);
    let secure = arguments.get(1);
    let set = || {
        let secure = boolean("Secure", &secure, true)?;
        let origin = match arguments::value("Host", &host)? {
            Value::Null => None,
            Value::String(host) if host.is_empty() => None,
            Value::String(host) => {
                let origin = client()?.origin_of(&host, secure);
                Some(origin.ok_or_else(|| Error::invalid("Host", host::RULE))?)
            }
            other => {
                let rule = text::concat(&["must be a string, not ", other.type_name(), "."]);
                return Err(Error::invalid("Host", rule));
            }
        };
        client()?.set_origin(origin.as_ref());
        Ok(JsValue::UNDEFINED)
    };
    answer("IO.SetHost", set())
}

/// The broker's host name, with its port where that is not the protocol's own.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "GetHost", unchecked_return_type = "string")]
pub fn get_host() -> Result<JsValue, JsValue> {
    let origin = client().and_then(|client| client.origin());
    answer("IO.GetHost", origin.map(|origin| origin.host().into()))
}

/// Protocol and host, as `https://neuron.example.org`.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "GetBaseURL", unchecked_return_type = "string")]
pub fn get_base_url() -> Result<JsValue, JsValue> {
    let origin = client().and_then(|client| client.origin());
    answer("IO.GetBaseURL", origin.map(|origin| origin.base_url().into()))
}

/// Allows plain `http` beyond this machine.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "AllowInsecure", unchecked_return_type = "(void)")]
pub fn allow_insecure(
    #[wasm_bindgen(unchecked_param_type = "[Allowed: boolean]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    let allowed = arguments.get(0);
    let allow = || {
        if allowed.is_undefined() || allowed.is_null() {
            return Err(Error::invalid("Allowed", "is missing. Write true or false."));
        }
        client()?.allow_insecure(boolean("Allowed", &allowed, false)?);
        Ok(JsValue::UNDEFINED)
    };
    answer("IO.AllowInsecure", allow())
}

/// Chooses how requests are written.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetEncoding", unchecked_return_type = "(void)")]
pub fn set_encoding(
    #[wasm_bindgen(unchecked_param_type = "[Encoding: Encoding]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    let encoding = arguments.get(0);
    let set = || {
        client()?.set_encoding(arguments::encoding("Encoding", &encoding)?);
        Ok(JsValue::UNDEFINED)
    };
    answer("IO.SetEncoding", set())
}

/// Chooses how long an attempt may take, and a call with all of its attempts.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetTimeout", unchecked_return_type = "(void)")]
pub fn set_timeout(
    #[wasm_bindgen(unchecked_param_type = "[Timeouts: Timeouts]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    let timeouts = arguments.get(0);
    let set = set_limits_of("Timeouts", "{ totalMs: 30000 }", &timeouts, ["attemptMs", "totalMs"]);
    answer("IO.SetTimeout", set)
}

/// Chooses how many requests there are at a time, and how large an answer may be.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetLimits", unchecked_return_type = "(void)")]
pub fn set_limits(
    #[wasm_bindgen(unchecked_param_type = "[Limits: Limits]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    let limits = arguments.get(0);
    let set =
        set_limits_of("Limits", "{ maxInFlight: 6 }", &limits, ["maxInFlight", "maxResponseBytes"]);
    answer("IO.SetLimits", set)
}

fn set_limits_of(
    parameter: &str,
    example: &str,
    chosen: &JsValue,
    names: [&str; 2],
) -> Result<JsValue, Error> {
    let client = client()?;
    let counts = arguments::counts(parameter, example, chosen, names)?;
    let kept = client.environment().host.limits();
    for (name, count) in names.iter().zip(&counts) {
        if let Some(count) = *count {
            set(&kept, name, &count.into());
        }
    }
    apply_limits(&client);
    Ok(JsValue::UNDEFINED)
}

/// Takes over the limits that the client's host keeps.
pub(super) fn apply_limits(client: &Client<Browser>) {
    let kept = client.environment().host.limits();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
    let limit =
        |name: &str, default: u32| get(&kept, name).as_f64().map_or(default, |limit| limit as u32);
    client.set_timeout(limit("attemptMs", DEFAULT_ATTEMPT_MS), limit("totalMs", DEFAULT_TOTAL_MS));
    client.set_max_in_flight(limit("maxInFlight", DEFAULT_MAX_IN_FLIGHT));
    client.set_max_response_bytes(limit("maxResponseBytes", DEFAULT_MAX_RESPONSE_BYTES));
}

/// Has a function called when a request goes out.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "OnRequest", unchecked_return_type = "() => void")]
pub fn on_request(
    #[wasm_bindgen(unchecked_param_type = "[Listener: (event: RequestEvent) => void]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    let listener = arguments.get(0);
    listen("IO.OnRequest", "request", &listener)
}

/// Has a function called when a request is answered, or will not be.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "OnResponse", unchecked_return_type = "() => void")]
pub fn on_response(
    #[wasm_bindgen(unchecked_param_type = "[Listener: (event: ResponseEvent) => void]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    let listener = arguments.get(0);
    listen("IO.OnResponse", "response", &listener)
}

/// Has a function called when a request will be repeated.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "OnRetry", unchecked_return_type = "() => void")]
pub fn on_retry(
    #[wasm_bindgen(unchecked_param_type = "[Listener: (event: RetryEvent) => void]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    let listener = arguments.get(0);
    listen("IO.OnRetry", "retry", &listener)
}

/// Adds a listener, and gives a function that takes it away.
pub(super) fn listen(
    operation: &'static str,
    hook: &str,
    listener: &JsValue,
) -> Result<JsValue, JsValue> {
    let add = || {
        if !listener.is_function() {
            return Err(Error::invalid("Listener", "must be a function."));
        }
        Ok(client()?.environment().host.hooks().add(hook, listener))
    };
    answer(operation, add())
}

/// Sends a request to any resource.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Request", unchecked_return_type = "Promise<unknown>")]
pub fn request(
    #[wasm_bindgen(
        unchecked_param_type = "[Resource: string, Payload?: Maybe<object | string>, Internal?: Maybe<boolean>, Language?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    let resource = arguments.get(0);
    let payload = arguments.get(1);
    let language = arguments.get(3);
    let options = arguments.get(4);
    promise("IO.Request", |client| {
        let resource = arguments::text("Resource", &resource)?;
        let language = arguments::value("Language", &language)?;
        let payload = self::payload(&payload)?;
        Ok(client.request(&resource, payload, language, arguments::options(&options)?))
    })
}

/// Writes a line to the console.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Log", unchecked_return_type = "(void)")]
pub fn log(
    #[wasm_bindgen(unchecked_param_type = "[Message: unknown, Level?: Maybe<LogLevel>]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    let message = arguments.get(0);
    let level = arguments.get(1);
    if level.is_undefined() || level.is_null() {
        console_log(&message);
        return Ok(JsValue::UNDEFINED);
    }
    let write = || {
        client()?.environment().host.hooks().log(log_level(&level)?, &message);
        Ok(JsValue::UNDEFINED)
    };
    answer("IO.Log", write())
}

/// Chooses what is written to the console.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetLogLevel", unchecked_return_type = "(void)")]
pub fn set_log_level(
    #[wasm_bindgen(unchecked_param_type = "[Level: LogLevel]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    let level = arguments.get(0);
    let set = || {
        client()?.environment().host.hooks().set_level(log_level(&level)?);
        Ok(JsValue::UNDEFINED)
    };
    answer("IO.SetLogLevel", set())
}

fn log_level(level: &JsValue) -> Result<&'static str, Error> {
    let levels = ["silent", "error", "warn", "info", "debug"];
    levels.into_iter().find(|known| level == known).ok_or_else(|| {
        let rule = "must be \"silent\", \"error\", \"warn\", \"info\" or \"debug\".";
        Error::invalid("Level", rule)
    })
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = "log")]
    fn console_log(message: &JsValue);
}

/// What a function gives that returns no promise. All give the same type, and so do all that return
/// one: the loader calls them in one way (`xtask/bundle.mjs`).
pub(super) fn answer(operation: &str, outcome: Result<JsValue, Error>) -> Result<JsValue, JsValue> {
    outcome.map_err(|failed| error::to_js(operation, failed.into()))
}

#[wasm_bindgen(raw_module = "./payload.js")]
extern "C" {
    /// What is sent for a payload, its media type, and JSON with the texts in it. Throws for what
    /// can't be sent.
    #[wasm_bindgen(catch, js_name = "bodyOf")]
    fn body_of(payload: &JsValue) -> Result<Array, JsValue>;
}

fn payload(payload: &JsValue) -> Result<Option<Payload>, Error> {
    if payload.is_undefined() || payload.is_null() {
        return Ok(None);
    }
    let parts = body_of(payload).map_err(|_| Error::invalid("Payload", PAYLOAD_RULE))?;
    let text = |place| parts.get(place).as_string().unwrap_or_default();
    let body = parts.get(0);
    let body = match body.as_string() {
        Some(text) => Body::Text(text),
        None if get(&body, "getReader").is_function() => Body::Stream(Rc::new(body)),
        None => Body::Foreign(Rc::new(body)),
    };
    Ok(Some(Payload { body, media_type: text(1), texts: text(2) }))
}

fn boolean(parameter: &str, argument: &JsValue, default: bool) -> Result<bool, Error> {
    match arguments::value(parameter, argument)? {
        Value::Null => Ok(default),
        Value::Boolean(value) => Ok(value),
        other => {
            let rule = text::concat(&["must be true or false, not ", other.type_name(), "."]);
            Err(Error::invalid(parameter, rule))
        }
    }
}
