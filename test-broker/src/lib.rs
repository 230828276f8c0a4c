//! The module of the entry `neuron-agent-api/testing`: the local broker as WebAssembly, without a server.
//!
//! `src/testing` has the JavaScript around it, which gives it requests, frames and the time, and makes
//! the faults. All that is answered comes from the crate `broker`.

mod local;
#[cfg(target_arch = "wasm32")]
mod web;

pub use local::Local;
