//! The group `Xmpp`.

use super::resource::Kind::{Address, Boolean, Integer, Language, Name, Object, Objects, StanzaId};
use super::resource::Kind::{Text, Texts, Xml};
use super::resource::{Field, Resource};

const GROUP: &str = "Xmpp";

/// The greatest whole number of the broker.
const INT32_MAX: i64 = 2_147_483_647;

/// Asks a contact for permission to see its presence (RFC 6121 §3.1). The broker adds the
/// account's approved Legal ID, if it has one.
pub static SEND_PRESENCE_SUBSCRIPTION: Resource = Resource::new(
    GROUP,
    "SendPresenceSubscription",
    &[
        Field::required("to", Address),
        Field::optional("customXml", Xml),
        Field::optional("language", Language),
        Field::optional("id", StanzaId),
    ],
    &[
        Field::required("sent", Boolean),
        Field::required("id", Text),
        // The seed requires it, the older interface description does not.
        Field::optional("RosterItem", Object(ROSTER_ITEM)),
    ],
);

/// Reads the account's contacts, a page at a time.
pub static GET_ROSTER: Resource = Resource::new(
    GROUP,
    "GetRoster",
    &[
        Field::optional("offset", Integer(0, INT32_MAX)),
        Field::optional("maxCount", Integer(1, INT32_MAX)),
    ],
    &[Field::required("RosterItems", Objects(ROSTER_ITEM))],
);

/// A contact in the account's roster (RFC 6121 §2).
const ROSTER_ITEM: &[Field] = &[
    Field::required("bareJid", Name),
    Field::required("pendingSubscription", Boolean),
    Field::required("status", Text),
    Field::required("name", Text),
    Field::required("Groups", Texts),
];
