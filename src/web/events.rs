//! The functions of `AgentAPI.Xmpp` by which messages are pushed to a page's functions.

use super::io::in_host;
use super::{arguments, promise};
use crate::client::ResponseBytesSlot;
use crate::resources::xmpp::REGISTER_EVENT_HANDLER;
use crate::wire::Input;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

/// Has messages of a kind pushed to a function.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "RegisterEventHandler", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn register_event_handler(
    #[wasm_bindgen(
        unchecked_param_type = "[LocalName: Maybe<string>, Namespace: Maybe<string>, Type: Maybe<string>, Function: EventHandler | string, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    promise(&ResponseBytesSlot::default(), &|client, task| {
        let (values, options) = arguments::values(task, &selector(), &arguments, 4)?;
        let handler = arguments::handler(&arguments.get(3))?;
        Ok(client.register_event_handler(values, handler, options))
    })
}

/// Ends what `RegisterEventHandler` began.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "UnregisterEventHandler", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn unregister_event_handler(
    #[wasm_bindgen(
        unchecked_param_type = "[LocalName?: Maybe<string>, Namespace?: Maybe<string>, Type?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    promise(&ResponseBytesSlot::default(), &|client, task| {
        let (values, options) = arguments::values(task, &selector(), &arguments, 3)?;
        Ok(client.unregister_event_handler(values, options))
    })
}

/// Hands over the messages that are queued.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "OnMessage", unchecked_return_type = "() => void")]
pub fn on_message(
    #[wasm_bindgen(
        unchecked_param_type = "[Listener: (message: Message) => unknown, Options?: Maybe<MessageOptions>]"
    )]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    in_host("message", &arguments)
}

/// The inputs that say which messages are meant.
fn selector() -> Vec<&'static Input> {
    let mut inputs = REGISTER_EVENT_HANDLER.parameters();
    inputs.truncate(3);
    inputs
}
