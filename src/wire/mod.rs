//! The contract of the Agent API: its resources, their fields, and both directions of each.
//!
//! A resource is declared once, as data ([`Resource`]), and everything else follows from the
//! declaration: the check of a call's arguments, the body, the reading of the answer. Tables in
//! the place of one struct a message keep the wasm small (`docs/decisions.md`).

mod check;
mod element;
mod json_text;
mod read;
mod resource;
mod salvage;
mod value;
mod xml;

pub use element::elements_in;
pub use json_text::{ReadScalar, properties};
pub use read::Mismatch;
pub use resource::{
    Access, Effect, Encoding, Entries, Field, Kind, Method, Recipe, Resource, Trace,
};
pub use value::Value;
pub use xml::NAMESPACE;
