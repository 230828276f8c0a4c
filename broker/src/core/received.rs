//! What came with a request, before it is checked against the declaration.

use super::record;
use neuron_agent_api::wire::{Derived, Input, Role, Value};
use serde::{Deserialize, Serialize};

/// Bytes of a media type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blob {
    /// The media type, such as `image/png`.
    pub media_type: String,
    /// The bytes.
    #[serde(with = "record::base64")]
    pub bytes: Vec<u8>,
}

/// What came with a request, by the names of the inputs.
#[derive(Debug)]
pub struct Received {
    /// The body, if it is an object, or the texts of a form.
    pub body: Value,
    /// The texts of the headers, and the end of the path.
    pub texts: Vec<(&'static str, String)>,
    /// The body, if it is bytes, or the files of a form.
    pub contents: Vec<(&'static str, Blob)>,
}

impl From<Value> for Received {
    fn from(body: Value) -> Self {
        Self { body, texts: Vec::new(), contents: Vec::new() }
    }
}

/// Whether an input is a header or the end of the path. Credentials are not: those are part of a
/// [`Call`](super::Call).
#[must_use]
pub fn is_text_beside_body(input: &Input) -> bool {
    match input.role {
        Role::Header(_) => !matches!(input.derived, Some(Derived::BasicCredentials)),
        Role::Path => true,
        Role::Body
        | Role::OtherBroker
        | Role::SignatureOnly
        | Role::SetByLibrary
        | Role::Spread => false,
    }
}
