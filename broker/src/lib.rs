//! A local broker that speaks the Agent API, for development and tests.
//!
//! It serves the same API as a Neuron®, from memory: all state is lost when it stops, unless
//! `--data` keeps it in a file. It has six layers, and a layer imports only those above it in this table:
//!
//! | Module | What it does |
//! |---|---|
//! | [`core`] | answers calls; it has no sockets, no clock, and no randomness of its own |
//! | [`store`] | keeps the state of the core in a file |
//! | [`faults`] | samples the faults to inject; it does no I/O either |
//! | [`exchange`] | reads a request and writes its response, whatever carries them |
//! | [`http`] | serves both over HTTP, and the files of the demo page |
//! | `link` | joins the XMPP network, if the broker is built with the feature `xmpp` |
//!
//! The resources and their fields are those of [`neuron_agent_api::resources`]. A new one is
//! declared there, and gets a handler in [`core`]'s `resources`; nothing else here knows its name.

pub mod core;
pub mod exchange;
pub mod faults;
#[cfg(not(target_family = "wasm"))]
pub mod http;
#[cfg(all(feature = "xmpp", not(target_family = "wasm")))]
pub mod link;
#[cfg(not(target_family = "wasm"))]
pub mod store;
