//! What reads the declarations of `src/resources`: the check of a call's arguments, what is signed and
//! redacted, and both encodings in both directions.
//!
//! Tables instead of one struct a message keep the module small (`docs/decisions.md`).

mod check;
mod element;
mod entries;
mod field;
mod input;
mod json_text;
mod json_write;
mod mismatch;
mod output;
mod read;
mod redact;
mod resource;
mod salvage;
mod sign;
#[cfg(test)]
mod tests;
mod value;
#[cfg(test)]
mod work_tests;
mod xml;

pub use element::elements_in;
pub use entries::Entries;
pub use input::{Derived, ElementTemplate, Input, InputKind, Role};
pub use json_text::{ReadScalar, properties};
pub use mismatch::Mismatch;
pub use output::{Object, Output, OutputKind};
#[cfg(not(target_arch = "wasm32"))]
pub use resource::Docs;
pub use resource::{
    Access, AnswerKind, BodyKind, Effect, Encoding, Method, NAMED_FROM, Resource, Rule,
    SessionChange, Trace,
};
#[cfg(test)]
pub(crate) use sign::login_signature;
pub use sign::{NONCE_BYTES, Part, Signature, SigningContext, basic_credentials, nonce};
pub use value::Value;
pub use xml::{NAMESPACE, PrintNumber};
