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
mod value;
mod xmpp;

use crate::client::Client;
use crate::error::Error;
use crate::wire::{Resource, Value};
use browser::Browser;
use js_sys::Promise;
use std::pin::Pin;
use std::rc::Rc;
use value::to_js;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// What the generated types refer to. They are compared with the hand-written ones, and not shipped.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { CallOptions, DomainInfo, PresenceSubscriptionResult, Roster, \
    Token } from \"neuron-agent-api\";";

/// Half the size of the standard allocator, and no slower.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

thread_local! {
    static CLIENT: Rc<Client<Browser>> = Rc::new(Client::new(Browser));
}

/// The client behind `AgentAPI`.
fn client() -> Rc<Client<Browser>> {
    CLIENT.with(Rc::clone)
}

/// Calls a resource with the arguments of its documented parameters.
fn call<const N: usize>(
    resource: &'static Resource,
    arguments: [JsValue; N],
    options: JsValue,
) -> Promise {
    call_boxed(resource, Box::new(arguments), options)
}

/// [`call`] for any number of arguments, compiled once.
fn call_boxed(resource: &'static Resource, arguments: Box<[JsValue]>, options: JsValue) -> Promise {
    promise(resource, async move {
        let values = arguments::values(resource, &arguments)?;
        client().call(resource, values, arguments::options(&options)?).await
    })
}

/// Runs a call and promises its outcome. An exported `async fn` would do the same, and would be
/// compiled once a resource: 2 KB each, where this is compiled once (`docs/decisions.md`).
fn promise(
    resource: &'static Resource,
    call: impl Future<Output = Result<Value, Error>> + 'static,
) -> Promise {
    promise_boxed(resource, Box::pin(call))
}

fn promise_boxed(
    resource: &'static Resource,
    call: Pin<Box<dyn Future<Output = Result<Value, Error>>>>,
) -> Promise {
    future_to_promise(async move {
        let outcome = call.await;
        outcome
            .map(|value| to_js(&value))
            .map_err(|error| error::to_js(&resource.operation(), error))
    })
}
