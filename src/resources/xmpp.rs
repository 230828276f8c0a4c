//! The group `Xmpp`.

use crate::wire::Effect::{Consume, Read, Stanza, Write};
use crate::wire::Kind::{
    Address, Boolean, DateTime, Element, Elements, Integer, IntegerOr, Language, Name, Object,
    Objects, Secret, StanzaId, Text, Texts, Word, Xml,
};
use crate::wire::Trace;
use crate::wire::{Entries, Field, Resource};

const GROUP: &str = "Xmpp";

/// The greatest whole number of the broker.
const INT32_MAX: i64 = 2_147_483_647;

/// How many messages a caller gets who does not say: what is popped and then lost on the way is
/// lost for good, so not all.
const MESSAGES: i64 = 100;

/// Sends a chat message of plain text.
pub static SEND_TEXT_MESSAGE: Resource = Resource::new(
    GROUP,
    "SendTextMessage",
    Stanza(Trace::None),
    MESSAGE_OF_TEXT,
    "StanzaResult",
    STANZA_RESULT,
);

/// Sends a chat message of Markdown, which the recipient gets as text, HTML and Markdown.
pub static SEND_FORMATTED_MESSAGE: Resource = Resource::new(
    GROUP,
    "SendFormattedMessage",
    Stanza(Trace::None),
    MESSAGE_OF_TEXT,
    "StanzaResult",
    STANZA_RESULT,
);

/// Sends a message of custom XML.
pub static SEND_XML_MESSAGE: Resource = Resource::new(
    GROUP,
    "SendXmlMessage",
    Stanza(Trace::None),
    &[
        TO,
        Field::required("xml", Xml),
        Field::optional("subject", Text),
        Field::optional("language", Language),
        ID,
    ],
    "StanzaResult",
    STANZA_RESULT,
);

/// Asks a contact for permission to see its presence (RFC 6121 §3.1). The broker adds the
/// account's approved Legal ID, if it has one.
pub static SEND_PRESENCE_SUBSCRIPTION: Resource = Resource::new(
    GROUP,
    "SendPresenceSubscription",
    Stanza(Trace::Requested),
    &[TO, Field::optional("customXml", Xml), Field::optional("language", Language), ID],
    "PresenceSubscriptionResult",
    SUBSCRIPTION_RESULT,
);

/// Takes back the permission to see a contact's presence (RFC 6121 §3.3).
pub static SEND_PRESENCE_UNSUBSCRIPTION: Resource = Resource::new(
    GROUP,
    "SendPresenceUnsubscription",
    Stanza(Trace::Ended),
    &[TO, ID],
    "StanzaResult",
    STANZA_RESULT,
);

/// Grants a contact the permission that it asked for (RFC 6121 §3.1.4).
pub static SEND_SUBSCRIPTION_ACCEPTED: Resource = Resource::new(
    GROUP,
    "SendSubscriptionAccepted",
    Stanza(Trace::Granted),
    &[TO, ID],
    "SubscriptionAcceptedResult",
    SUBSCRIPTION_RESULT,
);

/// Declines what a contact asked for (RFC 6121 §3.1.4), or takes back what was granted (§3.2).
pub static SEND_SUBSCRIPTION_DECLINED: Resource = Resource::new(
    GROUP,
    "SendSubscriptionDeclined",
    Stanza(Trace::None),
    &[TO, ID],
    "StanzaResult",
    STANZA_RESULT,
);

/// Reads the account's contacts, a page at a time.
pub static GET_ROSTER: Resource = Resource::new(
    GROUP,
    "GetRoster",
    Read,
    &[
        Field::optional("offset", Integer(0, INT32_MAX)),
        Field::optional("maxCount", Integer(1, INT32_MAX)),
    ],
    "Roster",
    &[Field::required("RosterItems", Objects(ROSTER_ITEM, Entries::Within("Item")))],
);

/// Reads one contact.
pub static GET_ROSTER_ITEM: Resource =
    Resource::new(GROUP, "GetRosterItem", Read, &[BARE_JID], "RosterItem", ROSTER_ITEM);

/// Names a contact and puts it into groups; makes it, if it is not there.
pub static SET_ROSTER_ITEM: Resource = Resource::new(
    GROUP,
    "SetRosterItem",
    Write,
    &[BARE_JID, Field::required("name", Text), Field::required("Groups", Texts)],
    "RosterItem",
    ROSTER_ITEM,
);

/// Removes a contact, and with it the subscriptions both ways (RFC 6121 §2.5).
pub static REMOVE_ROSTER_ITEM: Resource =
    Resource::new(GROUP, "RemoveRosterItem", Write, &[BARE_JID], "RosterItem", ROSTER_ITEM);

/// Reads the latest presence of a contact, and with it its full JID. Without a subscription, the
/// broker sends a request for one.
pub static PRESENCE_PROBE: Resource = Resource::new(
    GROUP,
    "PresenceProbe",
    Read,
    &[Field::required("to", Address).called("BareJid")],
    "ProbeResult",
    &[
        Field::required("jid", Name),
        Field::required("type", Text),
        Field::required("received", DateTime).alias("recieved"),
        Field::required("Stanza", Element),
    ],
);

/// Asks a contact's program something and waits for its answer (RFC 6120 §8.2.3).
pub static INFORMATION_QUERY: Resource = Resource::new(
    GROUP,
    "InformationQuery",
    Stanza(Trace::None),
    &[
        Field::required("to", Address).called("BareJid"),
        Field::required("type", Word(&["get", "set"])),
        Field::required("xml", Xml).called("QueryXml"),
    ],
    "QueryResult",
    &[
        Field::required("ok", Boolean),
        Field::optional("errorCode", Integer(-INT32_MAX, INT32_MAX)),
        Field::optional("errorText", Text),
        Field::optional("errorType", Text),
        Field::optional("ErrorElement", Element),
        Field::optional("Stanza", Element),
    ],
);

/// Takes messages out of the queue of those that nobody has handled.
pub static POP_MESSAGES: Resource = Resource::new(
    GROUP,
    "PopMessages",
    Consume,
    &[Field::required("maxCount", IntegerOr(1, INT32_MAX, MESSAGES))],
    "MessagesResult",
    &[Field::required("Messages", Objects(MESSAGE, Entries::Bare("Message"))).alias("messages")],
);

/// Deletes the messages that wait in the queue.
pub static CLEAR_MESSAGES: Resource = Resource::new(
    GROUP,
    "ClearMessages",
    Consume,
    &[],
    "MessagesCleared",
    &[Field::required("count", Integer(0, INT32_MAX))],
);

/// Has messages of a kind pushed to a tab, in the place of being queued. An empty `function` ends
/// that.
pub static REGISTER_EVENT_HANDLER: Resource = Resource::new(
    GROUP,
    "RegisterEventHandler",
    Write,
    &[
        Field::optional("localName", Name),
        Field::optional("namespace", Name),
        Field::optional("type", Name),
        Field::required("function", Text),
        Field::required("tabId", Secret),
    ],
    "EventHandlerRegistered",
    &[],
);

const TO: Field = Field::required("to", Address);
const ID: Field = Field::optional("id", StanzaId);
const BARE_JID: Field = Field::required("bareJid", Address);

const MESSAGE_OF_TEXT: &[Field] = &[
    TO,
    Field::required("message", Text),
    Field::optional("subject", Text),
    Field::optional("language", Language),
    ID,
];

const STANZA_RESULT: &[Field] = &[Field::required("sent", Boolean), Field::required("id", Text)];

const SUBSCRIPTION_RESULT: &[Field] = &[
    Field::required("sent", Boolean),
    Field::required("id", Text),
    // The seed requires it, the older interface description does not.
    Field::optional("RosterItem", Object(ROSTER_ITEM)),
];

/// A contact in the account's roster (RFC 6121 §2).
const ROSTER_ITEM: &[Field] = &[
    Field::required("bareJid", Name),
    Field::required("pendingSubscription", Boolean),
    Field::required("status", Text),
    Field::required("name", Text),
    Field::required("Groups", Texts),
];

const MESSAGE: &[Field] = &[
    Field::optional("id", Text),
    // Anything at all: what was popped is gone, so one odd message must not take the others along.
    Field::required("from", Text),
    Field::required("to", Text),
    Field::optional("lang", Text),
    Field::required("type", Text),
    Field::required("timestamp", DateTime),
    Field::required("Content", Elements).alias("content"),
];
