//! What a session is made of: the signature that opens it and the place where it is kept.

pub(crate) mod broker;
pub mod keys;
mod signature;

pub use signature::{
    NONCE_BYTES, basic_credentials, create_signature, login_signature, nonce, payload,
    transfer_signatures,
};
