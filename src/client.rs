//! One call from request to response: host, session, attempts, deadlines, sending, reading.
//!
//! | File | Its one idea |
//! |---|---|
//! | `call` | a call's attempts, within its time |
//! | `prepare`, `request` | what goes out |
//! | `refusal` | what comes back, if it is no |
//! | `retry`, `look_after` | what follows a failed attempt |
//! | `gate` | how many requests at a time |
//! | `account`, `term`, `refresh` | a session's beginning and end, its time, its prolongation |
//! | `events` | what the broker pushes |
//! | `host` | which broker |
//! | `hooks` | what is told of requests |
//! | `settings` | what a caller can choose |
//! | `moment`, `bell`, `race` | time, waiting, the first of two |
//! | `environment` | what all this needs of the world |

#[cfg(test)]
mod tests;

pub use crate::call::limiter::DEFAULT_MAX_IN_FLIGHT;
pub use crate::call::request::Payload;
pub use crate::call::send::{CallOptions, Pending};
pub use crate::call::settings::{DEFAULT_ATTEMPT_MS, DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TOTAL_MS};
pub use crate::environment::clock::Moment;
pub use crate::environment::{
    Body, Environment, Hook, HttpRequest, HttpResponse, Socket, SocketEvent,
};
pub use crate::events::Handler;
pub use crate::session::broker::Origin;

use crate::call::fresh_token::Term;
use crate::call::limiter::Gate;
use crate::call::refresh::Refresh;
use crate::call::retry::Budget;
use crate::call::settings::Settings;
use crate::environment::clock::Pause;
use crate::events::Events;
use crate::futures::once_event::Bell;
use crate::wire::Value;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A client of one broker.
pub struct Client<E: Environment> {
    pub(crate) environment: E,
    pub(crate) settings: Settings,
    pub(crate) gate: Gate,
    pub(crate) budget: Budget,
    /// Counts the tokens that came or went here, so that an answer that was asked for with an
    /// earlier one is not taken for this one.
    pub(crate) epoch: Cell<u32>,
    /// Counts the calls.
    pub(crate) calls: Cell<u32>,
    /// Counts the sessions.
    pub(crate) logins: Cell<u32>,
    /// Counts what a login under way does not outlive: logouts.
    pub(crate) closings: Cell<u32>,
    pub(crate) term: RefCell<Option<Term>>,
    pub(crate) refreshing: RefCell<Option<Rc<Refresh>>>,
    /// The token that was refused last: it is not shown any more, unless it is given once more.
    pub(crate) refused: RefCell<String>,
    /// Whether the latest session ended without a logout.
    pub(crate) lost: Cell<bool>,
    /// Until when a broker wants no login.
    pub(crate) login_pause: RefCell<Option<(Origin, Pause)>>,
    pub(crate) events: RefCell<Events<E::Socket>>,
    pub(crate) disposed: Rc<Bell>,
}

impl<E: Environment> Client<E> {
    /// A client in an environment.
    pub fn new(environment: E) -> Self {
        Self {
            environment,
            settings: Settings::default(),
            gate: Gate::default(),
            budget: Budget::default(),
            epoch: Cell::new(0),
            calls: Cell::new(0),
            logins: Cell::new(0),
            closings: Cell::new(0),
            term: RefCell::default(),
            refreshing: RefCell::default(),
            refused: RefCell::default(),
            lost: Cell::new(false),
            login_pause: RefCell::default(),
            events: RefCell::default(),
            disposed: Rc::default(),
        }
    }

    /// The environment that it was made in.
    pub fn environment(&self) -> &E {
        &self.environment
    }

    /// Reads JSON.
    pub(crate) fn read_json(&self, text: &str) -> Result<Value, &'static str> {
        Value::from_json(text, usize::MAX, &|text| self.environment.read_scalar(text))
    }

    /// Chooses how long an attempt and a call may take, in milliseconds.
    pub fn set_timeout(&self, attempt_ms: u32, total_ms: u32) {
        self.settings.attempt_ms.set(attempt_ms);
        self.settings.total_ms.set(total_ms);
    }

    /// Chooses how many requests there are at a time.
    pub fn set_max_in_flight(&self, requests: u32) {
        self.gate.set_limit(requests);
    }

    /// Chooses how large an answer may be.
    pub fn set_max_response_bytes(&self, bytes: u32) {
        self.settings.max_response_bytes.set(bytes);
    }

    /// Ends all calls under way and leaves nothing behind but what is stored.
    pub fn dispose(&self) {
        self.disposed.ring();
        self.environment.schedule(None);
        self.forget_handlers();
    }
}
