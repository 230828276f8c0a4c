//! The calls that open a session.

use super::context::CallContext;
use super::job::Job;
use super::progress::Progress;
use crate::environment::Environment;
use crate::environment::origin::Origin;
use crate::error::{Error, ErrorKind};
use crate::wire::{Encoding, Resource, Value};
use std::rc::Rc;

impl<E: Environment> CallContext<E> {
    /// Asks for a token, and begins a session with it.
    pub(super) async fn log_in(
        self: &Rc<Self>,
        resource: &'static Resource,
        arguments: &Value,
        encoding: Encoding,
        progress: &Rc<Progress>,
    ) -> Result<Value, Box<Error>> {
        let origin = self.session.broker.safe_origin()?;
        let logouts = self.session.logouts();
        // So that the end of a session that this client has not read yet is noticed.
        self.session.load_stored_session();
        let response = match self.send_resource(resource, arguments, encoding, progress).await {
            Ok(response) => response,
            Err(error) if resource.is_login() => return Err(self.note_block(origin, error)),
            Err(error) => return Err(error),
        };
        // A logout during the login wins, be it in this client or another; the session before may
        // have been refreshed or lost meanwhile.
        if self.session.logouts() != logouts || !self.session.broker.is_at(&origin) {
            return Err(ErrorKind::NotLoggedIn.into());
        }
        self.session.logged_in(arguments, &response);
        Ok(response)
    }

    /// Fails a login while the broker accepts none, because each try may prolong the block.
    pub(super) fn check_login_block(&self, job: &Job) -> Result<(), Box<Error>> {
        if !job.is_login() {
            return Ok(());
        }
        match self.session.logins_blocked_for_ms(&job.origin) {
            Some(left) => Err(self.with_retry_at(ErrorKind::LoginBlocked.into(), left)),
            None => Ok(()),
        }
    }

    /// Notes for how long the broker accepts no login, if it said so.
    fn note_block(&self, origin: Origin, error: Box<Error>) -> Box<Error> {
        match (&error.kind, error.retry_after_ms) {
            (ErrorKind::Refused(refusal), Some(delay_ms)) if refusal.status == 429 => {
                self.session.logins_blocked(origin, delay_ms);
                self.with_retry_at(error, delay_ms.into())
            }
            _ => error,
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a u32")]
    fn with_retry_at(&self, mut error: Box<Error>, left_ms: f64) -> Box<Error> {
        let left_seconds = (left_ms / 1000.0).ceil() as i64;
        error.retry_at = Some(self.environment.now().unix_seconds() + left_seconds);
        error.retry_after_ms = Some(left_ms as u32);
        error
    }
}
