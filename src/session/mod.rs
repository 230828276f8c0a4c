//! What a session is made of: the signature that opens it and the place where it is kept.

pub mod keys;
mod signature;

pub use signature::payload;
