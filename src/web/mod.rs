//! The JavaScript face: the groups of `AgentAPI`, and the browser as an environment.
//!
//! Nothing here decides anything. Arguments are taken as they come: a value of the wrong type has
//! to be answered with an error, and would trap if the parameter had a Rust type.

mod account;
mod arguments;
mod browser;
mod error;
mod io;
mod storage;
mod timer;
mod xmpp;

use crate::client::Client;
use crate::wire::{Resource, Value};
use browser::Browser;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::rc::Rc;
use wasm_bindgen::JsValue;

thread_local! {
    static CLIENT: Rc<Client<Browser>> = Rc::new(Client::new(Browser));
}

/// The client behind `AgentAPI`.
fn client() -> Rc<Client<Browser>> {
    CLIENT.with(Rc::clone)
}

/// Calls a resource with the arguments of its documented parameters.
async fn call<const N: usize>(
    resource: &'static Resource,
    arguments: [JsValue; N],
    options: JsValue,
) -> Result<JsValue, JsValue> {
    let operation = [resource.group, ".", resource.name].concat();
    let outcome = async {
        let parameters = resource.request.iter();
        let arguments = parameters
            .zip(&arguments)
            .map(|(field, argument)| arguments::value(&field.parameter(), argument))
            .collect::<Result<Vec<_>, _>>()?;
        client().call(resource, arguments, arguments::options(&options)?).await
    };
    settle(&operation, outcome.await)
}

/// An outcome as JavaScript sees it.
fn settle(
    operation: &str,
    outcome: Result<Value, crate::error::Error>,
) -> Result<JsValue, JsValue> {
    outcome.map(|value| to_js(&value)).map_err(|error| error::to_js(operation, error))
}

/// A plain object.
fn to_js(value: &Value) -> JsValue {
    // Values have string keys and finite numbers, which always find a form.
    value.serialize(&Serializer::json_compatible()).unwrap_or_default()
}
