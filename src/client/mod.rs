//! One call from request to response: host, session, deadline, sending, reading.

mod account;
mod call;
mod environment;
mod events;
mod host;
mod prepare;
mod race;
mod request;
#[cfg(test)]
mod simulator;

pub use call::{CallOptions, DEFAULT_TIMEOUT_MS};
pub use environment::{Body, Environment, HttpRequest, HttpResponse, Socket, SocketEvent};
pub use events::Handler;
pub use host::Origin;

use events::Events;
use std::cell::{Cell, RefCell};

/// A client of one broker.
pub struct Client<E: Environment> {
    environment: E,
    /// Counts the sessions that began or ended here, so that an answer that was asked for in an
    /// earlier one is not taken for this one.
    epoch: Cell<u32>,
    events: RefCell<Events<E::Socket>>,
}

impl<E: Environment> Client<E> {
    /// A client in an environment.
    pub fn new(environment: E) -> Self {
        Self { environment, epoch: Cell::new(0), events: RefCell::default() }
    }
}
