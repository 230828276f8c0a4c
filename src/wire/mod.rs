//! The contract of the Agent API: its resources, their fields, and both directions of each.
//!
//! A resource is declared once, as data ([`Resource`]), and everything else follows from the
//! declaration: the check of a call's arguments, the body, the reading of the answer. Tables in
//! the place of one struct a message keep the wasm small (`docs/decisions.md`).

pub mod account;
mod check;
mod date_time;
mod element;
mod json_text;
mod read;
mod resource;
mod salvage;
mod value;
mod xml;
pub mod xmpp;

pub use date_time::{from_unix_seconds, to_unix_seconds};
pub use element::elements_in;
pub use json_text::{ReadScalar, properties};
pub use read::Mismatch;
pub use resource::{
    Access, Effect, Encoding, Entries, Field, Kind, Method, Recipe, Resource, Trace,
};
pub use value::Value;
pub use xml::NAMESPACE;

/// Every resource that is declared, for the programs that serve or document them all.
pub const RESOURCES: &[&Resource] = &[
    &account::DOMAIN_INFO,
    &account::CREATE,
    &account::GET_SESSION_TOKEN,
    &account::VERIFY_E_MAIL,
    &account::VERIFY_PHONE_NR,
    &account::RESEND_VERIFICATION_CODES,
    &account::LOGIN,
    &account::QUICK_LOGIN,
    &account::WWW_LOGIN,
    &account::REFRESH,
    &account::LOGOUT,
    &account::RECOVER,
    &account::AUTHENTICATE_JWT,
    &account::INFO,
    &account::TRANSFER,
    &account::PREPARE_REMOTE_QUICK_LOGIN,
    &account::REMOTE_QUICK_LOGIN,
    &account::REMOTE_REFERENCES,
    &xmpp::SEND_TEXT_MESSAGE,
    &xmpp::SEND_FORMATTED_MESSAGE,
    &xmpp::SEND_XML_MESSAGE,
    &xmpp::SEND_PRESENCE_SUBSCRIPTION,
    &xmpp::SEND_PRESENCE_UNSUBSCRIPTION,
    &xmpp::SEND_SUBSCRIPTION_ACCEPTED,
    &xmpp::SEND_SUBSCRIPTION_DECLINED,
    &xmpp::GET_ROSTER,
    &xmpp::GET_ROSTER_ITEM,
    &xmpp::SET_ROSTER_ITEM,
    &xmpp::REMOVE_ROSTER_ITEM,
    &xmpp::PRESENCE_PROBE,
    &xmpp::INFORMATION_QUERY,
    &xmpp::POP_MESSAGES,
    &xmpp::CLEAR_MESSAGES,
    &xmpp::REGISTER_EVENT_HANDLER,
];
