//! `AgentAPI.IO`: the broker, the settings, and requests to any resource.

use super::browser::Browser;
use super::clients::client;
use super::limits::apply_limits;
use super::{arguments, error, promise, tasks};
use crate::client::Client;
use crate::client::ResponseBytesSlot;
use crate::error::ErrorKind;
use crate::syntax::host;
use crate::syntax::xml::escape;
use crate::wire::Value;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

/// Chooses the broker.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetHost", unchecked_return_type = "(void)")]
pub fn set_host(
    #[wasm_bindgen(unchecked_param_type = "[Host?: Maybe<string>, Secure?: Maybe<boolean>]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    answer(&|client| {
        let secure = arguments::optional("boolean", "Secure", &arguments.get(1))?;
        let host = arguments::optional("text", "Host", &arguments.get(0))?.as_string();
        let mut origin = None;
        if let Some(host) = host.filter(|host| !host.is_empty()) {
            origin = client.origin_of(&host, secure.as_bool().unwrap_or(true));
            if origin.is_none() {
                return Err(ErrorKind::invalid("Host", host::RULE));
            }
        }
        client.set_origin(origin.as_ref());
        Ok(JsValue::UNDEFINED)
    })
}

/// The broker's host name, with its port unless that is the protocol's default.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "GetHost", unchecked_return_type = "string")]
pub fn get_host() -> Result<JsValue, JsValue> {
    answer(&|client| Ok(client.origin()?.host().into()))
}

/// Protocol and host, such as `https://neuron.example.org`.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "GetBaseURL", unchecked_return_type = "string")]
pub fn get_base_url() -> Result<JsValue, JsValue> {
    answer(&|client| Ok(client.origin()?.base_url().into()))
}

/// Allows plain `http` beyond this machine.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "AllowInsecure", unchecked_return_type = "(void)")]
pub fn allow_insecure(
    #[wasm_bindgen(unchecked_param_type = "[Allowed: boolean]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    answer(&|client| {
        let allowed = arguments::required("boolean", "Allowed", &arguments.get(0))?;
        client.allow_insecure(allowed.as_bool().unwrap_or_default());
        Ok(JsValue::UNDEFINED)
    })
}

/// Chooses how requests are written.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetEncoding", unchecked_return_type = "(void)")]
pub fn set_encoding(
    #[wasm_bindgen(unchecked_param_type = "[Encoding: Encoding]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    answer(&|client| {
        client.set_encoding(arguments::encoding("Encoding", &arguments.get(0))?);
        Ok(JsValue::UNDEFINED)
    })
}

/// Chooses how long an attempt may take, and a call with all of its attempts.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetTimeout", unchecked_return_type = "(void)")]
pub fn set_timeout(
    #[wasm_bindgen(unchecked_param_type = "[Timeouts: Timeouts]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    set_limits_of("timeouts", &arguments)
}

/// Chooses how many requests may be in flight, and how large a response may be.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetLimits", unchecked_return_type = "(void)")]
pub fn set_limits(
    #[wasm_bindgen(unchecked_param_type = "[Limits: Limits]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    set_limits_of("limits", &arguments)
}

fn set_limits_of(what: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    answer(&|client| {
        let outcome = call_local(client, what, arguments)?;
        apply_limits(client);
        Ok(outcome)
    })
}

/// Adds a listener that is called before a request is sent.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "OnRequest", unchecked_return_type = "() => void")]
pub fn on_request(
    #[wasm_bindgen(unchecked_param_type = "[Listener: (event: RequestEvent) => void]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    in_host("request", &arguments)
}

/// Adds a listener that is called when a response arrives, or none will.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "OnResponse", unchecked_return_type = "() => void")]
pub fn on_response(
    #[wasm_bindgen(unchecked_param_type = "[Listener: (event: ResponseEvent) => void]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    in_host("response", &arguments)
}

/// Adds a listener that is called when a request will be repeated.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "OnRetry", unchecked_return_type = "() => void")]
pub fn on_retry(
    #[wasm_bindgen(unchecked_param_type = "[Listener: (event: RetryEvent) => void]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    in_host("retry", &arguments)
}

/// A function of `src/loader/local-functions.js`, because the module has no part in it.
pub(super) fn in_host(what: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    answer(&|client| call_local(client, what, arguments))
}

fn call_local(
    client: &Client<Browser>,
    what: &str,
    arguments: &Array,
) -> Result<JsValue, ErrorKind> {
    client.environment().host.call_local(what, arguments).map_err(arguments::refused)
}

/// Sends a request to any resource.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Request", unchecked_return_type = "Promise<unknown>")]
pub fn request(
    #[wasm_bindgen(
        unchecked_param_type = "[Resource: string, Payload?: Maybe<object | string>, Internal?: Maybe<boolean>, Language?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    promise(&ResponseBytesSlot::default(), &|client, task| {
        let resource = arguments::text("Resource", &arguments.get(0))?;
        let language = arguments::optional("text", "Language", &arguments.get(3))?;
        let language = language.as_string().map_or(Value::Null, Value::String);
        let body = arguments::request_body("payload", "Payload", &arguments.get(1))?;
        let options = arguments::options(task, &arguments, 4)?;
        Ok(client.request(&resource, body, language, options))
    })
}

/// A text for use in XML.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "XmlEncode", unchecked_return_type = "string")]
pub fn xml_encode(
    #[wasm_bindgen(unchecked_param_type = "[Text: string]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    answer(&|_| Ok(escape(&arguments::text("Text", &arguments.get(0))?).into()))
}

/// Writes a line to the console.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Log", unchecked_return_type = "(void)")]
pub fn log(
    #[wasm_bindgen(unchecked_param_type = "[Message: unknown, Level?: Maybe<LogLevel>]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    in_host("log", &arguments)
}

/// Chooses what is written to the console.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetLogLevel", unchecked_return_type = "(void)")]
pub fn set_log_level(
    #[wasm_bindgen(unchecked_param_type = "[Level: LogLevel]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    in_host("level", &arguments)
}

/// The result of a function that returns no promise. All such functions have the same type, and so have
/// all that return a promise, because the loader calls them in one way (`xtask/bundle.mjs`).
pub(super) fn answer(
    act: &dyn Fn(&Client<Browser>) -> Result<JsValue, ErrorKind>,
) -> Result<JsValue, JsValue> {
    // Before the arguments are looked at: they may be getters that call another client.
    let outcome = client().and_then(|client| act(&client));
    outcome.map_err(|failed| error::to_js(&tasks::begun(), failed.into()))
}
