//! One syntax a file; none of them knows anything of the Agent API.

pub mod base64;
pub mod date_time;
pub mod host;
pub mod ip_address;
pub mod jid;
pub mod language;
pub mod xml;
