//! A client: its calls, its session and its events, over an [`Environment`].

pub use crate::call::job::{CallFuture, CallOptions};
pub use crate::call::job::{RequestBody, ResponseBytesSlot};
pub use crate::call::limiter::DEFAULT_MAX_IN_FLIGHT;
pub use crate::call::settings::{DEFAULT_ATTEMPT_MS, DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TOTAL_MS};
pub use crate::events::registrations::Handler;

use crate::call::context::CallContext;
use crate::environment::Environment;
use crate::environment::origin::Origin;
use crate::error::ErrorKind;
use crate::events::connection::Events;
use crate::events::registrations::Registrations;
use crate::wire::{Encoding, Resource, Value};
use std::rc::Rc;

/// A client of one broker.
pub struct Client<E: Environment> {
    pub(crate) calls: Rc<CallContext<E>>,
    events: Rc<Events<E>>,
}

impl<E: Environment> Client<E> {
    /// Creates a client.
    pub fn new(environment: E) -> Self {
        let registrations = Rc::<Registrations<E::Socket>>::default();
        let removed = Rc::clone(&registrations);
        let calls = CallContext::new(Rc::new(environment), Box::new(move || removed.clear()));
        let events = Events::new(Rc::clone(&calls), registrations);
        Self { calls, events }
    }

    /// The environment that it was created in.
    pub fn environment(&self) -> &E {
        &self.calls.environment
    }

    /// Calls a resource with the arguments of its documented parameters.
    ///
    /// # Errors
    /// Any [`Error`](crate::error::Error). An invalid argument fails the call before anything is sent.
    pub fn call(
        &self,
        resource: &'static Resource,
        values: Vec<Value>,
        options: CallOptions,
    ) -> CallFuture {
        self.calls.call(resource, values, options)
    }

    /// Calls a resource that pushes events to a function of a tab: to this handler, until the session
    /// ends or an event says that the transaction has ended. The arguments that name tab and function
    /// are left out.
    ///
    /// # Errors
    /// Any [`Error`](crate::error::Error).
    pub fn call_with_handler(
        &self,
        resource: &'static Resource,
        values: Vec<Value>,
        handler: Handler,
        options: CallOptions,
    ) -> CallFuture {
        self.events.call(resource, values, handler, options)
    }

    /// Sends a body, with `GET` if there is none, and reads the JSON of the response. A path, and a URL
    /// of the broker, go to the broker with the token; a URL of another host gets no token.
    ///
    /// # Errors
    /// Any [`Error`](crate::error::Error).
    pub fn request(
        &self,
        resource: &str,
        body: Option<RequestBody>,
        language: Value,
        options: CallOptions,
    ) -> CallFuture {
        self.calls.request(resource, body, language, options)
    }

    /// Has messages of a kind pushed to a handler, which replaces an earlier one for the same kind.
    ///
    /// # Errors
    /// Any [`Error`](crate::error::Error).
    pub fn register_event_handler(
        &self,
        values: Vec<Value>,
        handler: Handler,
        options: CallOptions,
    ) -> CallFuture {
        self.events.register(values, handler, options)
    }

    /// Ends what [`Client::register_event_handler`] began: the broker queues such messages again.
    ///
    /// # Errors
    /// Any [`Error`](crate::error::Error).
    pub fn unregister_event_handler(&self, values: Vec<Value>, options: CallOptions) -> CallFuture {
        self.events.unregister(values, options)
    }

    /// Goes on with the stored session: refreshes it if it is due, and ends it if its token has
    /// expired. Resolves to whether there is a session; a failed refresh leaves it valid.
    ///
    /// # Errors
    /// An [`Error`](crate::error::Error) of deadline, storage or client; none of the refresh.
    pub fn restart_session(&self, options: CallOptions) -> CallFuture {
        self.calls.restart_session(options)
    }

    /// Refreshes a token that is due, and ends a session that is over. See
    /// [`Environment::schedule_maintenance`].
    pub async fn maintain_session(&self) {
        self.calls.maintain_session().await;
    }

    /// Another client on the same storage logged out a user of a broker.
    pub fn logged_out_elsewhere(&self, broker: &str, user_name: &str) {
        self.calls.session.logged_out_elsewhere(broker, user_name);
    }

    /// Chooses the broker; `None` goes back to the page's own. A session with another broker ends,
    /// because its token must not be shown to this one.
    pub fn set_origin(&self, origin: Option<&Origin>) {
        self.calls.session.moved_to(origin);
    }

    /// The broker that was set, else the page's own.
    ///
    /// # Errors
    /// [`ErrorKind::NoHost`] if none is set and there is no page.
    pub fn origin(&self) -> Result<Origin, ErrorKind> {
        self.calls.session.broker.origin()
    }

    /// The origin of a host as a person writes it; `None` if it is not a host.
    pub fn origin_of(&self, host: &str, secure: bool) -> Option<Origin> {
        self.calls.session.broker.origin_of(host, secure)
    }

    /// Allows plain `http` beyond this machine, or forbids it again.
    pub fn allow_insecure(&self, allowed: bool) {
        self.calls.session.broker.allow_insecure(allowed);
    }

    /// Chooses the encoding of calls that name none.
    pub fn set_encoding(&self, encoding: Encoding) {
        self.calls.set_encoding(encoding);
    }

    /// Chooses how long an attempt and a call may take, in milliseconds.
    pub fn set_timeout(&self, attempt_ms: u32, total_ms: u32) {
        self.calls.settings.attempt_ms.set(attempt_ms);
        self.calls.settings.total_ms.set(total_ms);
    }

    /// Chooses how many requests may be in flight.
    pub fn set_max_in_flight(&self, requests: u32) {
        self.calls.limiter.set_limit(requests);
    }

    /// Chooses how large a response may be.
    pub fn set_max_response_bytes(&self, bytes: u32) {
        self.calls.settings.max_response_bytes.set(bytes);
    }

    /// Whether it knows nothing that the storage does not hold, so that another client can take its place while
    /// no call is under way.
    pub fn is_replaceable(&self) -> bool {
        self.calls.session.is_stored_whole()
    }

    /// Ends all calls under way, and leaves nothing but what is stored.
    pub fn dispose(&self) {
        self.calls.disposed.set();
        self.environment().schedule_maintenance(None);
        self.events.registrations.clear();
    }
}

#[cfg(test)]
mod tests;
