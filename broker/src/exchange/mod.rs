//! One request and its response, whatever carries them.
//!
//! Which resource a request is for, what its head says, its body in either encoding, and how an
//! answer or a refusal is written; and what goes over an event socket. It does no I/O: what it needs
//! of the program that it runs in is a [`Runtime`].

mod answer;
mod body;
pub mod cors;
mod encoding;
mod error_response;
mod form;
mod inputs;
mod json;
mod media_type;
mod path_match;
mod runtime;
mod shown;
mod tab;

pub use answer::{Caller, respond};
pub use body::{BodyError, MAX_BYTES};
pub use error_response::ErrorResponse;
pub use runtime::Runtime;
pub use shown::{MASK, shown_body};
pub use tab::{Closed, Handled, Tab};
