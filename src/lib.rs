//! Client of the Agent API of TAG's Neuron®, compiled to WebAssembly.
//!
//! A Neuron® is a broker of the XMPP family. Programs that can't hold an XMPP connection use its
//! HTTP interface, the Agent API. This crate checks a request, sends it with `fetch` and returns
//! the typed response; JavaScript sees it as `AgentAPI.Xmpp.SendPresenceSubscription(…)` and its
//! neighbours.
//!
//! The floors, from the ground; an import never points up:
//!
//! | Module | What it knows |
//! |---|---|
//! | [`error`] | every way a call can fail |
//! | [`syntax`] | one syntax a file: addresses, hosts, languages, XML, … |
//! | [`resources`] | the contract as data: every resource and its fields |
//! | [`wire`] | what reads those declarations: checks, both encodings, both directions; no I/O |
//! | [`session`] | signatures, nonces, what a session keeps and where |
//! | [`client`] | one call from request to response, over an [`client::Environment`] |
//! | `web` (wasm32 only) | the JavaScript face and the browser as an environment |

mod call;
pub mod client;
pub mod environment;
pub mod error;
mod events;
mod futures;
pub mod resources;
pub mod session;
#[cfg(test)]
mod simulation;
pub mod syntax;
mod text;
pub mod wire;

#[cfg(target_arch = "wasm32")]
mod web;
