//! One call from request to response: host, session, deadline, sending, reading.

mod account;
mod call;
mod environment;
mod host;
mod race;
#[cfg(test)]
mod simulator;

pub use call::{CallOptions, DEFAULT_TIMEOUT_MS};
pub use environment::{Environment, HttpRequest, HttpResponse};
pub use host::Origin;

use std::cell::Cell;

/// A client of one broker.
#[derive(Debug)]
pub struct Client<E> {
    environment: E,
    /// Counts the sessions that began or ended here, so that an answer that was asked for in an
    /// earlier one is not taken for this one.
    epoch: Cell<u32>,
}

impl<E: Environment> Client<E> {
    /// A client in an environment.
    pub const fn new(environment: E) -> Self {
        Self { environment, epoch: Cell::new(0) }
    }
}
