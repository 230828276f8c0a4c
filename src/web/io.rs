//! `AgentAPI.IO`: which broker, and on what terms.

use super::{arguments, client, error, promise};
use crate::client::{Body, Origin};
use crate::error::Error;
use crate::text;
use crate::wire::Value;
use js_sys::{JSON, Promise, Reflect, Symbol};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Chooses the broker.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetHost")]
pub fn set_host(
    #[wasm_bindgen(js_name = "Host", unchecked_optional_param_type = "string | null")]
    host: JsValue,
    #[wasm_bindgen(js_name = "Secure", unchecked_optional_param_type = "boolean | null")]
    secure: JsValue,
) -> Result<(), JsValue> {
    let set = || {
        let secure = boolean("Secure", &secure, true)?;
        let origin = match arguments::value("Host", &host)? {
            Value::Null => None,
            Value::String(host) if host.is_empty() => None,
            Value::String(host) => Some(Origin::new(&host, secure)?),
            other => {
                let rule = text::concat(&["must be a string, not ", other.type_name(), "."]);
                return Err(Error::invalid("Host", rule));
            }
        };
        client().set_origin(origin.as_ref());
        Ok(())
    };
    set().map_err(|failure| error::to_js("IO.SetHost", failure))
}

/// The broker's host name, with its port where that is not the protocol's own.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "GetHost")]
pub fn get_host() -> Result<String, JsValue> {
    let origin = client().origin();
    origin.map(|origin| origin.host().into()).map_err(|failure| error::to_js("IO.GetHost", failure))
}

/// Protocol and host, as `https://neuron.example.org`.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "GetBaseURL")]
pub fn get_base_url() -> Result<String, JsValue> {
    let origin = client().origin();
    origin.map(|origin| origin.base_url()).map_err(|failure| error::to_js("IO.GetBaseURL", failure))
}

/// Allows plain `http` beyond this machine.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "AllowInsecure")]
pub fn allow_insecure(
    #[wasm_bindgen(js_name = "Allowed", unchecked_param_type = "boolean")] allowed: JsValue,
) -> Result<(), JsValue> {
    let allow = || {
        if allowed.is_undefined() || allowed.is_null() {
            return Err(Error::invalid("Allowed", "is missing. Write true or false."));
        }
        client().allow_insecure(boolean("Allowed", &allowed, false)?);
        Ok(())
    };
    allow().map_err(|failure| error::to_js("IO.AllowInsecure", failure))
}

/// Chooses how requests are written.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetEncoding")]
pub fn set_encoding(
    #[wasm_bindgen(js_name = "Encoding", unchecked_param_type = "Encoding")] encoding: JsValue,
) -> Result<(), JsValue> {
    let encoding = arguments::encoding("Encoding", &encoding);
    encoding
        .map(|encoding| client().set_encoding(encoding))
        .map_err(|failure| error::to_js("IO.SetEncoding", failure))
}

/// Sends a request to any resource.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Request", unchecked_return_type = "Promise<unknown>")]
pub fn request(
    #[wasm_bindgen(js_name = "Resource", unchecked_param_type = "string")] resource: JsValue,
    #[wasm_bindgen(js_name = "Payload", unchecked_optional_param_type = "object | null")]
    payload: JsValue,
    #[wasm_bindgen(js_name = "Internal", unchecked_optional_param_type = "boolean | null")]
    _internal: JsValue,
    #[wasm_bindgen(js_name = "Language", unchecked_optional_param_type = "string | null")]
    language: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    promise("IO.Request", async move {
        let resource = arguments::text("Resource", &resource)?;
        let language = arguments::value("Language", &language)?;
        let body = body(payload)?;
        client().request(&resource, body, language, arguments::options(&options)?).await
    })
}

/// Writes a line to the console.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Log")]
pub fn log(
    #[wasm_bindgen(js_name = "Message", unchecked_param_type = "unknown")] message: &JsValue,
) {
    console_log(message);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = "log")]
    fn console_log(message: &JsValue);
}

/// A form goes as it is, everything else as JSON.
fn body(payload: JsValue) -> Result<Body, Error> {
    if payload.is_undefined() || payload.is_null() {
        return Ok(Body::Nothing);
    }
    // By its name, for it may be another frame's.
    let tag = Reflect::get(&payload, &Symbol::to_string_tag()).unwrap_or_default();
    if tag == "FormData" {
        return Ok(Body::Foreign(Rc::new(payload)));
    }
    match JSON::stringify(&payload).ok().and_then(|text| text.as_string()) {
        Some(text) => Ok(Body::Text(text)),
        None => Err(Error::invalid("Payload", "can't be written as JSON.")),
    }
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
