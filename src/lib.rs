//! Client of the Agent API of TAG's Neuron®, compiled to WebAssembly.
//!
//! A Neuron® is a broker of the XMPP family. Programs that can't hold an XMPP connection use its
//! HTTP interface, the Agent API. This crate checks a request, sends it with `fetch` and returns
//! the typed response; JavaScript sees it as `AgentAPI.Xmpp.SendPresenceSubscription(…)` and its
//! neighbours.
//!
//! The layers, from the ground up. No module imports one of a layer above it, nor any in a circle:
//!
//! | Module | Responsibility |
//! |---|---|
//! | [`error`] | every way in which a call can fail |
//! | [`syntax`] | one syntax a file: addresses, hosts, languages, XML, … |
//! | [`wire`] | what reads the declarations: checks, both encodings, both directions; no I/O |
//! | [`resources`] | the declarations: every resource and its fields |
//! | [`environment`] | what a client needs from its host program: requests, clocks, storage, … |
//! | [`session`] | the session: its transitions, its token, its signatures, where it is stored |
//! | `call` | one call from its arguments to its result: attempts, retries, deadlines |
//! | `events` | messages that the broker pushes |
//! | [`client`] | what composes these |
//! | `allocator` (wasm32 only) | memory |
//! | `web` (wasm32 only) | the functions that JavaScript calls, and the browser as an environment |

#[cfg(any(test, all(target_arch = "wasm32", feature = "web")))]
mod allocator;
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

#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod web;
