//! A local broker that speaks the Agent API, for development and tests.
//!
//! It serves the same wire as a Neuron®, from memory: accounts, sessions and subscriptions begin
//! anew with each start. Three floors; an import never points up:
//!
//! | Module | What it knows |
//! |---|---|
//! | [`core`] | what the broker answers, and why; no sockets, no clock, no randomness of its own |
//! | [`faults`] | what goes wrong on the way to it, if that is asked for; as pure |
//! | [`http`] | sockets, headers, bodies, static files; and the time of day |
//!
//! The resources and their fields are those of [`neuron_agent_api::wire`]. A new one is declared
//! there and gets a handler in [`core`]'s `resources`; nothing else knows its name.

pub mod core;
pub mod faults;
pub mod http;
