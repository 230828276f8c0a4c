//! The group `Xmpp`.

use super::common::{MAX_COUNT, OFFSET};
use crate::wire::Effect::{Consume, Stanza, Write};
use crate::wire::InputKind::{
    Address, IntegerOr, Language, NonEmptyText, OneOf, Secret, StanzaId, Text, Texts, Xml,
};
use crate::wire::{Entries, Input, Object, Output, OutputKind, Resource, Role, Trace};

/// The greatest whole number of the broker.
const INT32_MAX: i32 = i32::MAX;

/// How many messages a caller gets who does not say: what is popped and then lost on the way is
/// lost for good, so not all.
const MESSAGES: i32 = 100;

resources! { ($) "Xmpp" xmpp, for_each_xmpp:

/// Sends a chat message in plain text (RFC 6121 §5).
SEND_TEXT_MESSAGE "SendTextMessage"
    .effect(Stanza(Trace::None))
    .inputs(&[TO, Input::required("message", Text).doc("The text.").example("\"Hi <you> &\\nme\""), SUBJECT, LANGUAGE, ID])
    .responds("StanzaResult", &STANZA_RESULT)
    .example("await AgentAPI.Xmpp.SendTextMessage(\"bob@example.org\", \"Hi!\");")
    .source("Agent API, Xmpp/SendTextMessage; RFC 6121 §5");

/// Sends a chat message in Markdown. The recipient gets it as text, as HTML and as Markdown.
SEND_FORMATTED_MESSAGE "SendFormattedMessage"
    .effect(Stanza(Trace::None))
    .inputs(&[TO, Input::required("message", Text).doc("The Markdown.").example("\"**Hi**\""), SUBJECT, LANGUAGE, ID])
    .responds("StanzaResult", &STANZA_RESULT)
    .example("await AgentAPI.Xmpp.SendFormattedMessage(\"bob@example.org\", \"Hi, **Bob**!\");")
    .source("Agent API, Xmpp/SendFormattedMessage");

/// Sends a message with custom XML.
SEND_XML_MESSAGE "SendXmlMessage"
    .effect(Stanza(Trace::None))
    .inputs(&[TO, Input::required("xml", Xml).doc("The XML."), SUBJECT, LANGUAGE, ID])
    .responds("StanzaResult", &STANZA_RESULT)
    .example("await AgentAPI.Xmpp.SendXmlMessage(\"bob@example.org\", \"<alert xmlns='urn:example' level='3'/>\");")
    .source("Agent API, Xmpp/SendXmlMessage");

/// Asks a contact for permission to see its presence (RFC 6121 §3.1). If the account has an
/// approved Legal ID, the broker adds it, so that the contact knows who is asking.
SEND_PRESENCE_SUBSCRIPTION "SendPresenceSubscription"
    .effect(Stanza(Trace::Requested))
    .inputs(&[
        Input::required("to", Address).doc("The contact's address."),
        Input::optional("customXml", Xml).doc("XML to add to the request."),
        LANGUAGE,
        ID,
    ])
    .responds("PresenceSubscriptionResult", &PRESENCE_SUBSCRIPTION_RESULT)
    .returns("Whether the request was sent, its id, and the contact's roster item. That it was sent \
        does not mean that it was accepted: the contact answers later.")
    .throws("Rejects with `invalid-argument` (and `parameter`) before anything is sent, with \
        `not-logged-in` if there is no session, else with any of {@link AgentApiErrorCode}.")
    .example("const response = await AgentAPI.Xmpp.SendPresenceSubscription(\n  \"bob@example.org\",\n  \"<nick xmlns='http://jabber.org/protocol/nick'>Alice</nick>\",\n  \"en\",\n);\nif (response.sent) console.log(response.id, response.RosterItem?.pendingSubscription);")
    .source("Agent API, Xmpp/SendPresenceSubscription; RFC 6121 §3.1");

/// Unsubscribes from a contact's presence: the account no longer sees it (RFC 6121 §3.3). To stop
/// the contact from seeing the account's, use {@link Xmpp.SendSubscriptionDeclined}.
SEND_PRESENCE_UNSUBSCRIPTION "SendPresenceUnsubscription"
    .effect(Stanza(Trace::Ended))
    .inputs(&[Input::required("to", Address).doc("The contact's address."), ID])
    .responds("StanzaResult", &STANZA_RESULT)
    .example("await AgentAPI.Xmpp.SendPresenceUnsubscription(\"bob@example.org\");")
    .source("Agent API, Xmpp/SendPresenceUnsubscription; RFC 6121 §3.3");

/// Accepts a contact's subscription request: the contact may see the account's presence
/// (RFC 6121 §3.1.4).
SEND_SUBSCRIPTION_ACCEPTED "SendSubscriptionAccepted"
    .effect(Stanza(Trace::Granted))
    .inputs(&[Input::required("to", Address).doc("The contact's address."), ID])
    .responds("SubscriptionAcceptedResult", &SUBSCRIPTION_ACCEPTED_RESULT)
    .example("const { RosterItem } = await AgentAPI.Xmpp.SendSubscriptionAccepted(\"alice@example.org\");")
    .source("Agent API, Xmpp/SendSubscriptionAccepted; RFC 6121 §3.1.4");

/// Declines a contact's subscription request, or cancels its subscription: the contact does not see,
/// or no longer sees, the account's presence (RFC 6121 §3.1.4 and §3.2).
SEND_SUBSCRIPTION_DECLINED "SendSubscriptionDeclined"
    .effect(Stanza(Trace::None))
    .inputs(&[Input::required("to", Address).doc("The contact's address."), ID])
    .responds("StanzaResult", &STANZA_RESULT)
    .example("await AgentAPI.Xmpp.SendSubscriptionDeclined(\"mallory@example.org\");")
    .source("Agent API, Xmpp/SendSubscriptionDeclined; RFC 6121 §3.1.4 and §3.2");

/// Reads the account's contacts.
GET_ROSTER "GetRoster"
    .inputs(&[OFFSET, MAX_COUNT])
    .responds("Roster", &Object::new("Roster", "Contacts of an account.", &[
        Output::required("RosterItems", OutputKind::Objects(&ROSTER_ITEM, &Entries::Within("Item")), "The contacts; empty if there are none."),
    ]))
    .example("const { RosterItems } = await AgentAPI.Xmpp.GetRoster(0, 100);")
    .source("Agent API, Xmpp/GetRoster; RFC 6121 §2");

/// Reads one contact.
GET_ROSTER_ITEM "GetRosterItem"
    .inputs(&[BARE_JID])
    .responds("RosterItem", &ROSTER_ITEM)
    .throws("Rejects with `not-found` if there is no such contact.")
    .example("const { status } = await AgentAPI.Xmpp.GetRosterItem(\"bob@example.org\");")
    .source("Agent API, Xmpp/GetRosterItem");

/// Names a contact and puts it into groups; adds it if it is not in the roster. Subscriptions are
/// not changed.
SET_ROSTER_ITEM "SetRosterItem"
    .effect(Write)
    .inputs(&[
        BARE_JID,
        Input::required("name", Text).doc("The name; `\"\"` for none.").example("\"Bob\""),
        Input::required("Groups", Texts)
            .doc("The names of its groups, which replace the earlier ones, 10,000 at most. Default: none.")
            .example("[\"Friends\", \"A & B\"]"),
    ])
    .responds("RosterItem", &ROSTER_ITEM)
    .example("await AgentAPI.Xmpp.SetRosterItem(\"bob@example.org\", \"Bob\", [\"Friends\"]);")
    .source("Agent API, Xmpp/SetRosterItem; RFC 6121 §2.3");

/// Removes a contact, and with it the subscriptions both ways (RFC 6121 §2.5).
REMOVE_ROSTER_ITEM "RemoveRosterItem"
    .effect(Write)
    .inputs(&[BARE_JID])
    .responds("RosterItem", &ROSTER_ITEM)
    .returns("The contact as it was.")
    .throws("Rejects with `not-found` if there is no such contact.")
    .example("await AgentAPI.Xmpp.RemoveRosterItem(\"bob@example.org\");")
    .source("Agent API, Xmpp/RemoveRosterItem; RFC 6121 §2.5");

/// Reads the latest presence of a contact, and with it its full JID. Without a subscription, the
/// broker sends a request for one.
PRESENCE_PROBE "PresenceProbe"
    .inputs(&[Input::required("to", Address).called("BareJid").doc("The contact's bare JID.")])
    .responds("ProbeResult", &Object::new("ProbeResult", "The latest presence of a contact.", &[
        Output::required("jid", OutputKind::NonEmptyText, "The full JID that the latest presence came from."),
        Output::required("type", OutputKind::Text, "`\"\"` for available, else `unavailable` (RFC 6121 §4.7.1).").known(&["", "unavailable"]),
        Output::required("received", OutputKind::DateTime, "When the broker received it").alias("recieved"),
        Output::required("Stanza", OutputKind::Element, "The presence stanza."),
    ]))
    .example("const { jid } = await AgentAPI.Xmpp.PresenceProbe(\"bob@example.org\");")
    .source("Agent API, Xmpp/PresenceProbe; RFC 6121 §4.3");

/// Sends a query to a contact's program and waits for its response (RFC 6120 §8.2.3).
INFORMATION_QUERY "InformationQuery"
    .effect(Stanza(Trace::None))
    .inputs(&[
        Input::required("to", Address).called("BareJid")
            .doc("The program's full JID, which {@link Xmpp.PresenceProbe} gives. The parameter is named as in TAG's `Agent.js`.")
            .example("\"bob@example.org/pc\""),
        Input::required("type", OneOf(&["get", "set"])).doc("`get` to read, `set` to change."),
        Input::required("xml", Xml).called("QueryXml").doc("The query: one element.").example("\"<ping xmlns='urn:xmpp:ping'/>\""),
    ])
    .responds("QueryResult", &Object::new("QueryResult", "The response of a contact's program.", &[
        Output::required("ok", OutputKind::Boolean, "Whether the response is a result. One that is an error is not thrown."),
        Output::optional("errorCode", OutputKind::Integer(-INT32_MAX, INT32_MAX), "The numeric code of the error, which XMPP no longer uses."),
        Output::optional("errorText", OutputKind::Text, "The error in words."),
        Output::optional("errorType", OutputKind::Text, "The type of the error (RFC 6120 §8.3.2), such as `cancel`."),
        Output::optional("ErrorElement", OutputKind::Element, "The error element."),
        Output::optional("Stanza", OutputKind::Element, "The stanza that came back."),
    ]))
    .returns("The response. If it is an error, `ok` is false, and the call succeeds all the same.")
    .example("const { ok, Stanza } = await AgentAPI.Xmpp.InformationQuery(\n  jid, \"get\", \"<query xmlns='jabber:iq:version'/>\",\n);")
    .source("Agent API, Xmpp/InformationQuery; RFC 6120 §8.2.3");

/// Takes messages out of the queue of those for which there was no handler. The broker deletes them:
/// if the response is lost, so are its messages, and the error says how many at most.
///
/// Of a response that was received, every message is returned: one that breaks the contract, is nested too
/// deep or has too many parts (some 25,000 elements) has `problem` and `raw`.
POP_MESSAGES "PopMessages"
    .effect(Consume)
    .inputs(&[Input::required("maxCount", IntegerOr(1, INT32_MAX, MESSAGES)).doc("How many at most.").example("5")])
    .responds("MessagesResult", &Object::new("MessagesResult", "Messages that were queued.", &[
        Output::required("Messages", OutputKind::Objects(&MESSAGE, &Entries::Bare("Message")), "The messages, oldest first; empty if there are none.").alias("messages"),
    ]))
    .example("const { Messages } = await AgentAPI.Xmpp.PopMessages(10);")
    .source("Agent API, Xmpp/PopMessages");

/// Deletes the messages in the queue.
CLEAR_MESSAGES "ClearMessages"
    .effect(Consume)
    .responds("MessagesCleared", &Object::new("MessagesCleared", "How many messages were deleted.", &[
        Output::required("count", OutputKind::Integer(0, INT32_MAX), "How many messages were deleted."),
    ]))
    .example("const { count } = await AgentAPI.Xmpp.ClearMessages();")
    .source("Agent API, Xmpp/ClearMessages");

}

/// Has messages of a kind pushed to a tab, instead of being queued. An empty `function` ends that. The
/// function that callers see (`src/web/events.rs`) opens the socket on which they come.
pub static REGISTER_EVENT_HANDLER: Resource = Resource::new("Xmpp", "RegisterEventHandler")
    .effect(Write)
    .doc(&[
        "Has messages of a kind pushed to a tab, over its WebSocket, instead of being queued. A message goes to",
        "the most specific handler; what is left out matches every value.",
    ])
    .inputs(&[
        Input::optional("localName", NonEmptyText).doc("The local name of the messages' content element."),
        Input::optional("namespace", NonEmptyText).doc("Its namespace."),
        Input::optional("type", NonEmptyText).doc("The type of the messages, such as `chat`."),
        Input::required("function", Text).doc("The name with which they are pushed; `\"\"` removes the handler."),
        // The tab id of the event socket, not that of the page, which `Derived::TabId` would send.
        Input::required("tabId", Secret)
            .role(Role::SetByLibrary)
            .doc("The id under which the tab registered on its WebSocket."),
    ])
    .responds("EventHandlerRegistered", &Object::EMPTY);

const TO: Input = Input::required("to", Address).doc("The recipient's address.");
const BARE_JID: Input = Input::required("bareJid", Address).doc("The contact's bare JID.");
const SUBJECT: Input =
    Input::optional("subject", Text).doc("What it is about.").example("\"Greeting\"");
const LANGUAGE: Input =
    Input::optional("language", Language).doc("The language of what is human-readable in it.");
const ID: Input = Input::optional("id", StanzaId).doc(
    "The id of the stanza, which the response repeats. If it is left out, the broker creates one.",
);

const SENT: Output = Output::required(
    "sent",
    OutputKind::Boolean,
    "Whether the broker delivered the stanza, or passed it on. `false` is no error: it does not reach that \
         domain, the recipient's queue is full, or there is nothing to answer.",
);
const STANZA_ID: Output = Output::required(
    "id",
    OutputKind::Text,
    "The id of the stanza: the caller's, or one that the broker created.",
);
// The seed requires it, the older interface description does not.
const CHANGED_ITEM: Output = Output::optional(
    "RosterItem",
    OutputKind::Object(&ROSTER_ITEM),
    "The contact's roster item afterwards. Missing if the broker gives none.",
);

pub(super) static STANZA_RESULT: Object =
    Object::new("StanzaResult", "A stanza that was to be sent.", &[SENT, STANZA_ID]);

static PRESENCE_SUBSCRIPTION_RESULT: Object = Object::new(
    "PresenceSubscriptionResult",
    "A subscription request that was to be sent.",
    &[SENT, STANZA_ID, CHANGED_ITEM],
);

static SUBSCRIPTION_ACCEPTED_RESULT: Object = Object::new(
    "SubscriptionAcceptedResult",
    "An acceptance that was to be sent.",
    &[SENT, STANZA_ID, CHANGED_ITEM],
);

static ROSTER_ITEM: Object = Object::new(
    "RosterItem",
    "A contact in the account's roster (RFC 6121 §2).",
    &[
        Output::required(
            "bareJid",
            OutputKind::NonEmptyText,
            "The contact's bare JID, `user@domain`, as the broker normalised it.",
        ),
        Output::required(
            "pendingSubscription",
            OutputKind::Boolean,
            "Whether a subscription request of the account waits for the contact's answer.",
        ),
        Output::required(
            "status",
            OutputKind::Text,
            "Who sees whose presence: `None` nobody, `To` the account sees the contact's, `From` the \
             contact sees the account's, `Both` each the other's. Kept as the broker sent it; compare \
             without regard to case, and expect others.",
        )
        .known(&["None", "To", "From", "Both"]),
        Output::required(
            "name",
            OutputKind::Text,
            "The name that the account gave the contact; may be empty.",
        ),
        Output::required(
            "Groups",
            OutputKind::Texts,
            "The names of the groups that the contact is in; may be empty.",
        ),
    ],
);

static MESSAGE: Object = Object::new(
    "Message",
    "A message that was queued.",
    &[
        Output::optional("id", OutputKind::Text, "The id of the stanza."),
        // Anything at all: what was popped is gone, so one odd message must not take the others along.
        Output::required("from", OutputKind::Text, "The sender's address."),
        Output::required("to", OutputKind::Text, "The recipient's address."),
        Output::optional("lang", OutputKind::Text, "The language of what is human-readable in it."),
        Output::required(
            "type",
            OutputKind::Text,
            "What it is: a message (`chat`, `normal`, `headline`, `groupchat`, RFC 6121 §5.2.2); a request to see \
             the account's presence (`subscribe`), its answer (`subscribed`; `unsubscribed` for no, or no more), \
             or the end of a subscription (`unsubscribe`, RFC 6121 §3); or that a stanza came back (`error`).",
        )
        .known(&[
            "chat",
            "normal",
            "headline",
            "groupchat",
            "error",
            "subscribe",
            "subscribed",
            "unsubscribe",
            "unsubscribed",
        ]),
        Output::required("timestamp", OutputKind::DateTime, "When the broker received it"),
        Output::required("Content", OutputKind::Elements, "The child elements of the stanza.")
            .alias("content"),
    ],
);
