//! `AgentAPI.Xmpp`

use super::{arguments, call, client, promise};
use crate::wire::xmpp::{
    CLEAR_MESSAGES, GET_ROSTER, GET_ROSTER_ITEM, INFORMATION_QUERY, POP_MESSAGES, PRESENCE_PROBE,
    REGISTER_EVENT_HANDLER, REMOVE_ROSTER_ITEM, SEND_FORMATTED_MESSAGE, SEND_PRESENCE_SUBSCRIPTION,
    SEND_PRESENCE_UNSUBSCRIPTION, SEND_SUBSCRIPTION_ACCEPTED, SEND_SUBSCRIPTION_DECLINED,
    SEND_TEXT_MESSAGE, SEND_XML_MESSAGE, SET_ROSTER_ITEM,
};
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// Sends a chat message of plain text.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendTextMessage", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_text_message(
    #[wasm_bindgen(js_name = "To", unchecked_param_type = "string")] to: JsValue,
    #[wasm_bindgen(js_name = "Message", unchecked_param_type = "string")] message: JsValue,
    #[wasm_bindgen(js_name = "Subject", unchecked_optional_param_type = "string | null")]
    subject: JsValue,
    #[wasm_bindgen(js_name = "Language", unchecked_optional_param_type = "string | null")]
    language: JsValue,
    #[wasm_bindgen(js_name = "Id", unchecked_optional_param_type = "string | null")] id: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&SEND_TEXT_MESSAGE, [to, message, subject, language, id], options)
}

/// Sends a chat message of Markdown.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendFormattedMessage", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_formatted_message(
    #[wasm_bindgen(js_name = "To", unchecked_param_type = "string")] to: JsValue,
    #[wasm_bindgen(js_name = "Message", unchecked_param_type = "string")] message: JsValue,
    #[wasm_bindgen(js_name = "Subject", unchecked_optional_param_type = "string | null")]
    subject: JsValue,
    #[wasm_bindgen(js_name = "Language", unchecked_optional_param_type = "string | null")]
    language: JsValue,
    #[wasm_bindgen(js_name = "Id", unchecked_optional_param_type = "string | null")] id: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&SEND_FORMATTED_MESSAGE, [to, message, subject, language, id], options)
}

/// Sends a message of custom XML.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendXmlMessage", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_xml_message(
    #[wasm_bindgen(js_name = "To", unchecked_param_type = "string")] to: JsValue,
    #[wasm_bindgen(js_name = "Xml", unchecked_param_type = "string")] xml: JsValue,
    #[wasm_bindgen(js_name = "Subject", unchecked_optional_param_type = "string | null")]
    subject: JsValue,
    #[wasm_bindgen(js_name = "Language", unchecked_optional_param_type = "string | null")]
    language: JsValue,
    #[wasm_bindgen(js_name = "Id", unchecked_optional_param_type = "string | null")] id: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&SEND_XML_MESSAGE, [to, xml, subject, language, id], options)
}

/// Asks a contact for permission to see its presence.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendPresenceSubscription", unchecked_return_type = "Promise<PresenceSubscriptionResult>")]
pub fn send_presence_subscription(
    #[wasm_bindgen(js_name = "To", unchecked_param_type = "string")] to: JsValue,
    #[wasm_bindgen(js_name = "CustomXml", unchecked_optional_param_type = "string | null")]
    custom_xml: JsValue,
    #[wasm_bindgen(js_name = "Language", unchecked_optional_param_type = "string | null")]
    language: JsValue,
    #[wasm_bindgen(js_name = "Id", unchecked_optional_param_type = "string | null")] id: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&SEND_PRESENCE_SUBSCRIPTION, [to, custom_xml, language, id], options)
}

/// Takes back the permission to see a contact's presence.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendPresenceUnsubscription", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_presence_unsubscription(
    #[wasm_bindgen(js_name = "To", unchecked_param_type = "string")] to: JsValue,
    #[wasm_bindgen(js_name = "Id", unchecked_optional_param_type = "string | null")] id: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&SEND_PRESENCE_UNSUBSCRIPTION, [to, id], options)
}

/// Grants a contact what it asked for.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendSubscriptionAccepted", unchecked_return_type = "Promise<SubscriptionAcceptedResult>")]
pub fn send_subscription_accepted(
    #[wasm_bindgen(js_name = "To", unchecked_param_type = "string")] to: JsValue,
    #[wasm_bindgen(js_name = "Id", unchecked_optional_param_type = "string | null")] id: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&SEND_SUBSCRIPTION_ACCEPTED, [to, id], options)
}

/// Declines what a contact asked for.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendSubscriptionDeclined", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_subscription_declined(
    #[wasm_bindgen(js_name = "To", unchecked_param_type = "string")] to: JsValue,
    #[wasm_bindgen(js_name = "Id", unchecked_optional_param_type = "string | null")] id: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&SEND_SUBSCRIPTION_DECLINED, [to, id], options)
}

/// Reads the account's contacts.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "GetRoster", unchecked_return_type = "Promise<Roster>")]
pub fn get_roster(
    #[wasm_bindgen(js_name = "Offset", unchecked_optional_param_type = "number | null")]
    offset: JsValue,
    #[wasm_bindgen(js_name = "MaxCount", unchecked_optional_param_type = "number | null")]
    max_count: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&GET_ROSTER, [offset, max_count], options)
}

/// Reads one contact.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "GetRosterItem", unchecked_return_type = "Promise<RosterItem>")]
pub fn get_roster_item(
    #[wasm_bindgen(js_name = "BareJid", unchecked_param_type = "string")] bare_jid: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&GET_ROSTER_ITEM, [bare_jid], options)
}

/// Names a contact and puts it into groups.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SetRosterItem", unchecked_return_type = "Promise<RosterItem>")]
pub fn set_roster_item(
    #[wasm_bindgen(js_name = "BareJid", unchecked_param_type = "string")] bare_jid: JsValue,
    #[wasm_bindgen(js_name = "Name", unchecked_param_type = "string")] name: JsValue,
    #[wasm_bindgen(js_name = "Groups", unchecked_optional_param_type = "readonly string[] | null")]
    groups: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&SET_ROSTER_ITEM, [bare_jid, name, groups], options)
}

/// Removes a contact.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "RemoveRosterItem", unchecked_return_type = "Promise<RosterItem>")]
pub fn remove_roster_item(
    #[wasm_bindgen(js_name = "BareJid", unchecked_param_type = "string")] bare_jid: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&REMOVE_ROSTER_ITEM, [bare_jid], options)
}

/// Reads the latest presence of a contact.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "PresenceProbe", unchecked_return_type = "Promise<ProbeResult>")]
pub fn presence_probe(
    #[wasm_bindgen(js_name = "BareJid", unchecked_param_type = "string")] bare_jid: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&PRESENCE_PROBE, [bare_jid], options)
}

/// Asks a contact's program something.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "InformationQuery", unchecked_return_type = "Promise<QueryResult>")]
pub fn information_query(
    #[wasm_bindgen(js_name = "BareJid", unchecked_param_type = "string")] bare_jid: JsValue,
    #[wasm_bindgen(js_name = "Type", unchecked_param_type = "\"get\" | \"set\"")] kind: JsValue,
    #[wasm_bindgen(js_name = "QueryXml", unchecked_param_type = "string")] query_xml: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    // The maintainers' Agent.Things.js passes a language here, which their client ignores.
    let options = if options.is_string() { JsValue::UNDEFINED } else { options };
    call(&INFORMATION_QUERY, [bare_jid, kind, query_xml], options)
}

/// Takes messages out of the queue.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "PopMessages", unchecked_return_type = "Promise<MessagesResult>")]
pub fn pop_messages(
    #[wasm_bindgen(js_name = "MaxCount", unchecked_optional_param_type = "number | null")]
    max_count: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&POP_MESSAGES, [max_count], options)
}

/// Deletes the messages in the queue.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "ClearMessages", unchecked_return_type = "Promise<MessagesCleared>")]
pub fn clear_messages(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&CLEAR_MESSAGES, [], options)
}

/// Has messages of a kind pushed to a function.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "RegisterEventHandler", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn register_event_handler(
    #[wasm_bindgen(js_name = "LocalName", unchecked_param_type = "string | null | undefined")]
    local_name: JsValue,
    #[wasm_bindgen(js_name = "Namespace", unchecked_param_type = "string | null | undefined")]
    namespace: JsValue,
    #[wasm_bindgen(js_name = "Type", unchecked_param_type = "string | null | undefined")]
    kind: JsValue,
    #[wasm_bindgen(js_name = "Function", unchecked_param_type = "EventHandler | string")]
    function: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    promise("Xmpp.RegisterEventHandler", async move {
        let selector = [local_name, namespace, kind];
        let values = arguments::values(&REGISTER_EVENT_HANDLER, &selector)?;
        let handler = arguments::handler(&function)?;
        client().register_event_handler(values, handler, arguments::options(&options)?).await
    })
}

/// Ends what `RegisterEventHandler` began.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "UnregisterEventHandler", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn unregister_event_handler(
    #[wasm_bindgen(js_name = "LocalName", unchecked_optional_param_type = "string | null")]
    local_name: JsValue,
    #[wasm_bindgen(js_name = "Namespace", unchecked_optional_param_type = "string | null")]
    namespace: JsValue,
    #[wasm_bindgen(js_name = "Type", unchecked_optional_param_type = "string | null")]
    kind: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    promise("Xmpp.UnregisterEventHandler", async move {
        let selector = [local_name, namespace, kind];
        let values = arguments::values(&REGISTER_EVENT_HANDLER, &selector)?;
        client().unregister_event_handler(values, arguments::options(&options)?).await
    })
}
