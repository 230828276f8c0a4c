//! One request and its response, whatever carries them.
//!
//! Which resource a request is for, what its head says, its body in either encoding, and how an
//! answer or a refusal is written. It does no I/O.

pub(crate) mod body;
pub(crate) mod encoding;
pub(crate) mod error_response;
pub(crate) mod form;
pub(crate) mod inputs;
mod json;
pub(crate) mod media_type;
pub(crate) mod path_match;
