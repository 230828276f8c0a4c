//! The call that ends a session.

use super::context::CallContext;
use super::job::Job;
use super::progress::Progress;
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::wire::{Encoding, Resource, Value};
use std::rc::Rc;

impl<E: Environment> CallContext<E> {
    /// Ends the session: in this client at once, then at the broker.
    pub(super) async fn log_out(
        self: &Rc<Self>,
        resource: &'static Resource,
        arguments: &Value,
        encoding: Encoding,
        progress: &Rc<Progress>,
    ) -> Result<Value, Box<Error>> {
        let Some((origin, logout_token)) = self.session.logged_out()? else {
            return Ok(Value::object());
        };
        let origin = self.session.broker.check_safe(origin)?;
        let mut job = Job::new(resource, arguments.clone(), encoding, origin);
        job.logout_token = Some(logout_token);
        let outcome = self.send_with_retries(job, progress).await;
        match outcome.as_ref().map_err(|error| &error.kind) {
            // The token has expired.
            Err(ErrorKind::NotLoggedIn) => Ok(Value::object()),
            // The broker knows no such session, which is what was asked for.
            Err(ErrorKind::Refused(refusal)) if matches!(refusal.status, 401 | 403 | 404) => {
                Ok(Value::object())
            }
            _ => outcome,
        }
    }
}
