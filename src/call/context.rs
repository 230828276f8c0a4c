//! What the calls of a client share.

use super::job::CallOptions;
use super::limiter::RequestLimiter;
use super::progress::Progress;
use super::retry::RetryBudget;
use super::settings::Settings;
use crate::environment::Environment;
use crate::environment::clock::Deadline;
use crate::futures::once_event::OnceEvent;
use crate::session::keys;
use crate::session::state::Session;
use crate::wire::Encoding;
use std::cell::Cell;
use std::rc::Rc;

/// What the calls of a client share. Each step of a call is a method of it, in a file of its own.
pub(crate) struct CallContext<E: Environment> {
    pub(crate) environment: Rc<E>,
    pub(crate) session: Session<E>,
    pub(crate) settings: Settings,
    pub(crate) limiter: RequestLimiter,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) disposed: Rc<OnceEvent>,
    calls_so_far: Cell<u32>,
}

impl<E: Environment> CallContext<E> {
    pub(crate) fn new(environment: Rc<E>, remove_handlers: Box<dyn Fn()>) -> Rc<Self> {
        let disposed = Rc::<OnceEvent>::default();
        Rc::new(Self {
            session: Session::new(Rc::clone(&environment), Rc::clone(&disposed), remove_handlers),
            environment,
            settings: Settings::default(),
            limiter: RequestLimiter::default(),
            retry_budget: RetryBudget::default(),
            disposed,
            calls_so_far: Cell::new(0),
        })
    }

    /// The progress of a call that begins now.
    pub(crate) fn new_progress(&self, options: &mut CallOptions) -> Rc<Progress> {
        self.calls_so_far.set(self.calls_so_far.get().wrapping_add(1));
        self.progress_of(self.calls_so_far.get(), options)
    }

    /// The progress of a part of a call that has a deadline of its own.
    pub(super) fn progress_of(&self, call_id: u32, options: &mut CallOptions) -> Rc<Progress> {
        let after_ms = options.timeout_ms.unwrap_or(self.settings.total_ms.get()).into();
        Progress::new(call_id, Deadline { from: self.environment.now(), after_ms }, options)
    }

    /// The encoding of calls that name none.
    pub(crate) fn encoding(&self) -> Encoding {
        match self.environment.load(keys::ENCODING).as_deref() {
            Some("xml") => Encoding::Xml,
            _ => Encoding::Json,
        }
    }

    /// Chooses the encoding of calls that name none.
    pub(crate) fn set_encoding(&self, encoding: Encoding) {
        let value = if encoding == Encoding::Xml { "xml" } else { "" };
        self.environment.store_all(&[(keys::ENCODING, value)]);
    }
}
