//! The JavaScript face: the groups of `AgentAPI`, and the browser as an environment.
//!
//! Nothing here decides anything. Arguments are taken as they come: a value of the wrong type has
//! to be answered with an error, and would trap if the parameter had a Rust type.

mod account;
mod arguments;
mod browser;
mod clients;
mod element;
mod error;
mod events;
mod exports;
mod host;
mod io;
mod limits;
mod slots;
mod socket;
mod task;
mod tasks;
mod tick;
#[cfg(feature = "trap")]
mod trap;
mod value;
mod wait;

use crate::allocator::{Allocator, PAGE};
use crate::client::{CallFuture, Client, ResponseBytesSlot};
use crate::error::Error;
use crate::wire::{InputKind, Resource};
use browser::Browser;
use clients::client;
use js_sys::{Array, Promise};
use std::rc::Rc;
use tasks::TaskHandle;
use value::number_text;
use wasm_bindgen::prelude::*;

/// What the generated types refer to. They are compared with the hand-written ones, and not shipped.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { CallOptions, Encoding, EventHandler, Limits, LogLevel, \
    Message, MessageOptions, RequestEvent, ResponseEvent, RetryEvent, SessionEvent, Timeouts, XmlElement } \
    from \"neuron-agent-api\";\ntype Maybe<T> = T | null | undefined;";

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new(|pages| {
    let before = core::arch::wasm32::memory_grow::<0>(pages);
    (before != usize::MAX).then_some(before * PAGE)
});

/// Calls a resource with the arguments of its documented parameters and, after them, the options.
///
/// An exported function takes its arguments as one array, in which the loader collects them: a
/// parameter each would be converted by code of its own.
fn call(resource: &'static Resource, arguments: &Array) -> Promise {
    let response_bytes = ResponseBytesSlot::default();
    promise(&response_bytes, &|client, task| {
        let parameters = resource.parameters();
        let (values, mut options) =
            arguments::values(task, &parameters, arguments, parameters.len())?;
        for (input, index) in parameters.iter().zip(0..) {
            if input.kind.is_content() {
                let content = arguments.get(index);
                options.content = arguments::request_body("file", &input.parameter(), &content)?;
            }
        }
        options.response_bytes = Rc::clone(&response_bytes);
        if parameters.iter().any(|input| matches!(input.kind, InputKind::Function)) {
            let callback = task.callback();
            if callback.is_function() {
                let handler = arguments::function(callback);
                return Ok(client.call_with_handler(resource, values, handler, options));
            }
        }
        Ok(client.call(resource, values, options))
    })
}

/// A call, or why there is none.
type Begun = Result<CallFuture, Box<Error>>;

/// Runs a call of the current client and promises its outcome. An exported `async fn` would do the
/// same, and would be compiled once a resource: 2 KB each, where this is compiled once
/// (`docs/decisions.md`).
fn promise(
    response_bytes: &ResponseBytesSlot,
    call: &dyn Fn(&Rc<Client<Browser>>, &TaskHandle) -> Begun,
) -> Promise {
    let response_bytes = Rc::clone(response_bytes);
    let task = tasks::begun();
    // Before the arguments are looked at: they may be getters that call another client.
    let call = client().map_err(Box::from).and_then(|client| call(&client, &task));
    let own = task.clone();
    let number = task::keep(
        task.clone(),
        Box::pin(async move {
            let outcome = match call {
                Ok(call) => call.await,
                Err(failure) => Err(failure),
            };
            match outcome {
                Ok(value) => {
                    let received = response_bytes.take();
                    match received.as_ref().and_then(|received| received.downcast_ref()) {
                        Some(received) => own.set_result(received),
                        None => own.resolve(&value.to_json(&number_text)),
                    }
                }
                Err(failure) => own.fail(&error::to_js(&own, failure)),
            }
        }),
    );
    // The first step is taken at once, so that host, session and options are those of the moment of the call.
    task.drive(number)
}
