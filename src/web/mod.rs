//! The JavaScript face: the groups of `AgentAPI`, and the browser as an environment.
//!
//! Nothing here decides anything. Arguments are taken as they come: a value of the wrong type has
//! to be answered with an error, and would trap if the parameter had a Rust type.

mod account;
mod arguments;
mod browser;
mod element;
mod error;
mod io;
mod socket;
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
use std::task::{Context, Poll, Waker};
use value::to_js;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// What the generated types refer to. They are compared with the hand-written ones, and not shipped.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { AccountCreated, AccountInfo, CallOptions, CreateArguments, \
    DomainInfo, EMailVerified, Encoding, EventHandler, JwtInfo, MessagesCleared, MessagesResult, \
    PhoneNrVerified, PresenceSubscriptionResult, ProbeResult, QueryResult, QuickLoginResult, \
    RemoteQuickLoginPreparation, RemoteQuickLoginResult, RemoteReferences, Roster, RosterItem, \
    SessionToken, StanzaResult, SubscriptionAcceptedResult, Token, TransferCode, XmlElement } \
    from \"neuron-agent-api\";";

/// Half the size of the standard allocator.
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
    promise(resource.operation(), async move {
        let values = arguments::values(resource, &arguments)?;
        client().call(resource, values, arguments::options(&options)?).await
    })
}

/// Runs a call and promises its outcome. An exported `async fn` would do the same, and would be
/// compiled once a resource: 2 KB each, where this is compiled once (`docs/decisions.md`).
fn promise(
    operation: impl Into<String>,
    call: impl Future<Output = Result<Value, Error>> + 'static,
) -> Promise {
    promise_boxed(operation.into(), Box::pin(call))
}

fn promise_boxed(
    operation: String,
    mut call: Pin<Box<dyn Future<Output = Result<Value, Error>>>>,
) -> Promise {
    // Begun at once, so that host, session and options are those of the moment of the call. The
    // task polls it again right away, which is when it gets to know whom to wake.
    let begun = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    future_to_promise(async move {
        let outcome = match begun {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => call.await,
        };
        outcome.map(|value| to_js(&value)).map_err(|error| error::to_js(&operation, error))
    })
}
