//! The contract of the Agent API: its resources, their fields, and both directions of each.
//!
//! A resource is declared once, as data ([`Resource`]), and everything else follows from the
//! declaration: the check of a call's arguments, the body, the reading of the answer. Tables in
//! the place of one struct a message keep the wasm small (`docs/decisions.md`).

pub mod account;
mod check;
mod date_time;
mod read;
mod resource;
mod value;
pub mod xmpp;

pub use date_time::{from_unix_seconds, to_unix_seconds};
pub use read::Mismatch;
pub use resource::{Access, Field, Kind, Method, Resource};
pub use value::Value;

/// Every resource that is declared, for the programs that serve or document them all.
pub const RESOURCES: &[&Resource] = &[
    &account::DOMAIN_INFO,
    &account::LOGIN,
    &account::REFRESH,
    &account::LOGOUT,
    &xmpp::SEND_PRESENCE_SUBSCRIPTION,
    &xmpp::GET_ROSTER,
];
