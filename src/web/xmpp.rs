//! `AgentAPI.Xmpp`

use super::{arguments, call, promise};
use crate::resources::xmpp::{
    CLEAR_MESSAGES, GET_ROSTER, GET_ROSTER_ITEM, INFORMATION_QUERY, POP_MESSAGES, PRESENCE_PROBE,
    REGISTER_EVENT_HANDLER, REMOVE_ROSTER_ITEM, SEND_FORMATTED_MESSAGE, SEND_PRESENCE_SUBSCRIPTION,
    SEND_PRESENCE_UNSUBSCRIPTION, SEND_SUBSCRIPTION_ACCEPTED, SEND_SUBSCRIPTION_DECLINED,
    SEND_TEXT_MESSAGE, SEND_XML_MESSAGE, SET_ROSTER_ITEM,
};
use crate::wire::Field;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

/// Sends a chat message of plain text.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendTextMessage", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_text_message(
    #[wasm_bindgen(
        unchecked_param_type = "[To: string, Message: string, Subject?: Maybe<string>, Language?: Maybe<string>, Id?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&SEND_TEXT_MESSAGE, arguments)
}

/// Sends a chat message of Markdown.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendFormattedMessage", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_formatted_message(
    #[wasm_bindgen(
        unchecked_param_type = "[To: string, Message: string, Subject?: Maybe<string>, Language?: Maybe<string>, Id?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&SEND_FORMATTED_MESSAGE, arguments)
}

/// Sends a message of custom XML.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendXmlMessage", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_xml_message(
    #[wasm_bindgen(
        unchecked_param_type = "[To: string, Xml: string, Subject?: Maybe<string>, Language?: Maybe<string>, Id?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&SEND_XML_MESSAGE, arguments)
}

/// Asks a contact for permission to see its presence.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendPresenceSubscription", unchecked_return_type = "Promise<PresenceSubscriptionResult>")]
pub fn send_presence_subscription(
    #[wasm_bindgen(
        unchecked_param_type = "[To: string, CustomXml?: Maybe<string>, Language?: Maybe<string>, Id?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&SEND_PRESENCE_SUBSCRIPTION, arguments)
}

/// Takes back the permission to see a contact's presence.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendPresenceUnsubscription", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_presence_unsubscription(
    #[wasm_bindgen(
        unchecked_param_type = "[To: string, Id?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&SEND_PRESENCE_UNSUBSCRIPTION, arguments)
}

/// Grants a contact what it asked for.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendSubscriptionAccepted", unchecked_return_type = "Promise<SubscriptionAcceptedResult>")]
pub fn send_subscription_accepted(
    #[wasm_bindgen(
        unchecked_param_type = "[To: string, Id?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&SEND_SUBSCRIPTION_ACCEPTED, arguments)
}

/// Declines what a contact asked for.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendSubscriptionDeclined", unchecked_return_type = "Promise<StanzaResult>")]
pub fn send_subscription_declined(
    #[wasm_bindgen(
        unchecked_param_type = "[To: string, Id?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&SEND_SUBSCRIPTION_DECLINED, arguments)
}

/// Reads the account's contacts.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "GetRoster", unchecked_return_type = "Promise<Roster>")]
pub fn get_roster(
    #[wasm_bindgen(
        unchecked_param_type = "[Offset?: Maybe<number>, MaxCount?: Maybe<number>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&GET_ROSTER, arguments)
}

/// Reads one contact.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "GetRosterItem", unchecked_return_type = "Promise<RosterItem>")]
pub fn get_roster_item(
    #[wasm_bindgen(unchecked_param_type = "[BareJid: string, Options?: Maybe<CallOptions>]")]
    arguments: Array,
) -> Promise {
    call(&GET_ROSTER_ITEM, arguments)
}

/// Names a contact and puts it into groups.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SetRosterItem", unchecked_return_type = "Promise<RosterItem>")]
pub fn set_roster_item(
    #[wasm_bindgen(
        unchecked_param_type = "[BareJid: string, Name: string, Groups?: Maybe<readonly string[]>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&SET_ROSTER_ITEM, arguments)
}

/// Removes a contact.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "RemoveRosterItem", unchecked_return_type = "Promise<RosterItem>")]
pub fn remove_roster_item(
    #[wasm_bindgen(unchecked_param_type = "[BareJid: string, Options?: Maybe<CallOptions>]")]
    arguments: Array,
) -> Promise {
    call(&REMOVE_ROSTER_ITEM, arguments)
}

/// Reads the latest presence of a contact.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "PresenceProbe", unchecked_return_type = "Promise<ProbeResult>")]
pub fn presence_probe(
    #[wasm_bindgen(unchecked_param_type = "[BareJid: string, Options?: Maybe<CallOptions>]")]
    arguments: Array,
) -> Promise {
    call(&PRESENCE_PROBE, arguments)
}

/// Sends an iq stanza and waits for the answer.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "InformationQuery", unchecked_return_type = "Promise<QueryResult>")]
pub fn information_query(
    #[wasm_bindgen(
        unchecked_param_type = "[BareJid: string, Type: \"get\" | \"set\", QueryXml: string, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    arguments::arrange("InformationQuery", &arguments);
    call(&INFORMATION_QUERY, arguments)
}

/// Takes messages out of the queue.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "PopMessages", unchecked_return_type = "Promise<MessagesResult>")]
pub fn pop_messages(
    #[wasm_bindgen(
        unchecked_param_type = "[MaxCount?: Maybe<number>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&POP_MESSAGES, arguments)
}

/// Deletes the messages in the queue.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "ClearMessages", unchecked_return_type = "Promise<MessagesCleared>")]
pub fn clear_messages(
    #[wasm_bindgen(unchecked_param_type = "[Options?: Maybe<CallOptions>]")] arguments: Array,
) -> Promise {
    call(&CLEAR_MESSAGES, arguments)
}

/// Has messages of a kind pushed to a function.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "RegisterEventHandler", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn register_event_handler(
    #[wasm_bindgen(
        unchecked_param_type = "[LocalName: Maybe<string>, Namespace: Maybe<string>, Type: Maybe<string>, Function: EventHandler | string, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    promise("Xmpp.RegisterEventHandler".into(), &|client| {
        let values = arguments::values(selector(), &arguments)?;
        let handler = arguments::handler(&arguments.get(3))?;
        let options = arguments::options(&arguments.get(4))?;
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
    promise("Xmpp.UnregisterEventHandler".into(), &|client| {
        let values = arguments::values(selector(), &arguments)?;
        let options = arguments::options(&arguments.get(3))?;
        Ok(client.unregister_event_handler(values, options))
    })
}

/// The fields that say which messages are meant.
fn selector() -> &'static [Field] {
    REGISTER_EVENT_HANDLER.parameters.get(..3).unwrap_or_default()
}
