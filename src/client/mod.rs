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

mod account;
mod bell;
mod call;
#[cfg(test)]
mod clockwork;
mod environment;
mod events;
mod gate;
mod hooks;
mod host;
mod look_after;
mod moment;
mod prepare;
mod race;
mod refresh;
mod refusal;
mod request;
mod retry;
mod settings;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod simulator;
mod term;
#[cfg(test)]
mod tests;

pub use call::{CallOptions, Pending};
pub use environment::{Body, Environment, Hook, HttpRequest, HttpResponse, Socket, SocketEvent};
pub use events::Handler;
pub use gate::DEFAULT_MAX_IN_FLIGHT;
pub use host::Origin;
pub use moment::Moment;
pub use request::Payload;
pub use settings::{DEFAULT_ATTEMPT_MS, DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TOTAL_MS};

use crate::wire::Value;
use bell::Bell;
use events::Events;
use gate::Gate;
use moment::Pause;
use refresh::Refresh;
use retry::Budget;
use settings::Settings;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use term::Term;

/// A client of one broker.
pub struct Client<E: Environment> {
    environment: E,
    settings: Settings,
    gate: Gate,
    budget: Budget,
    /// Counts the tokens that came or went here, so that an answer that was asked for with an
    /// earlier one is not taken for this one.
    epoch: Cell<u32>,
    /// Counts the calls.
    calls: Cell<u32>,
    /// Counts the sessions.
    logins: Cell<u32>,
    /// Counts what a login under way does not outlive: logouts.
    closings: Cell<u32>,
    term: RefCell<Option<Term>>,
    refreshing: RefCell<Option<Rc<Refresh>>>,
    /// The token that was refused last: it is not shown any more, unless it is given once more.
    refused: RefCell<String>,
    /// Whether the latest session ended without a logout.
    lost: Cell<bool>,
    /// Until when a broker wants no login.
    login_pause: RefCell<Option<(Origin, Pause)>>,
    events: RefCell<Events<E::Socket>>,
    disposed: Rc<Bell>,
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
