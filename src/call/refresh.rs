//! Exchanging a token for a new one, once for all who need it.

use super::context::CallContext;
use super::job::CallOptions;
use super::progress::Progress;
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::futures::race::run_until;
use crate::resources::account::REFRESH;
use crate::session::refresh::Refresh;
use crate::session::token_lifetime::REFUSED;
use crate::wire::{Encoding, Value};
use std::pin::pin;
use std::rc::Rc;

impl<E: Environment> CallContext<E> {
    /// Exchanges the token, as the caller asked.
    pub(super) async fn refresh(
        self: &Rc<Self>,
        arguments: &Value,
        encoding: Encoding,
        progress: &Progress,
    ) -> Result<Value, Box<Error>> {
        let seconds = arguments.get("seconds").and_then(Value::as_integer).unwrap_or_default();
        let seconds = u32::try_from(seconds).unwrap_or_default();
        // The first caller chooses encoding and deadline; others share the outcome.
        loop {
            let token = self.session.token();
            let refresh = match self.session.refresh_under_way() {
                Some(other) if other.seconds != seconds => {
                    other.done.wait().await;
                    continue;
                }
                Some(same) => same,
                None if token.is_none() => return Err(ErrorKind::NotLoggedIn.into()),
                None => {
                    let left = progress.remaining_ms(&*self.environment);
                    let timeout_ms = left.max(self.settings.total_ms.get());
                    self.spawn_refresh(seconds, encoding, timeout_ms)
                }
            };
            refresh.done.wait().await;
            let outcome = refresh.outcome.borrow().clone();
            let outcome = outcome.unwrap_or_else(|| Err(ErrorKind::NotLoggedIn.into()));
            let is_refused = matches!(&outcome, Err(error) if error.kind.is_unauthorized());
            let current = self.session.token();
            // Another tab had exchanged it before, and has given the newer one.
            if is_refused && current.is_some() && current != token {
                continue;
            }
            return outcome;
        }
    }

    /// Exchanges a token that is still valid. Calls wait for the outcome, so it has to leave them
    /// most of their time.
    pub(super) fn start_refresh(self: &Rc<Self>, seconds: u32) {
        let settings = &self.settings;
        let timeout_ms = settings.attempt_ms.get().min(settings.total_ms.get() / 3).max(1);
        self.spawn_refresh(seconds, self.encoding(), timeout_ms);
    }

    fn spawn_refresh(
        self: &Rc<Self>,
        seconds: u32,
        encoding: Encoding,
        timeout_ms: u32,
    ) -> Rc<Refresh> {
        let refresh = self.session.refresh_started(seconds, timeout_ms);
        let (calls, own) = (Rc::clone(self), Rc::clone(&refresh));
        self.environment.spawn(Box::pin(async move {
            let exchange = pin!(calls.request_new_token(seconds, encoding, timeout_ms));
            let outcome = run_until(pin!(own.abandoned.wait()), exchange).await;
            let outcome = outcome.unwrap_or_else(|| Err(ErrorKind::NotLoggedIn.into()));
            calls.session.refresh_finished(&own, outcome);
        }));
        refresh
    }

    async fn request_new_token(
        self: &Rc<Self>,
        seconds: u32,
        encoding: Encoding,
        timeout_ms: u32,
    ) -> Result<Value, Box<Error>> {
        let mut arguments = Value::object();
        arguments.put("seconds", seconds);
        arguments.put("userName", Value::String(self.session.user_name()));
        let timeout_ms = Some(timeout_ms);
        let progress = self.new_progress(&mut CallOptions { timeout_ms, ..CallOptions::default() });
        let before = self.session.snapshot();
        let exchange = self.send_resource(&REFRESH, &arguments, encoding, &progress);
        let response = self.within_deadline(None, &progress, exchange).await?;
        if !self.session.still_has_token(&before) {
            return Err(ErrorKind::NotLoggedIn.into());
        }
        self.session.refreshed(&arguments, &response);
        Ok(response)
    }

    /// After the broker refused a token: whether there is another one to show instead.
    pub(super) async fn replace_refused_token(
        &self,
        refused: &str,
        shown_in_generation: u32,
        is_refresh: bool,
    ) -> bool {
        self.session.token_refused(refused, shown_in_generation);
        if !is_refresh && let Some(refresh) = self.session.refresh_under_way() {
            // It may have been refused because a new one has been granted.
            refresh.done.wait().await;
        }
        if self.session.is_stored(refused) && self.session.is_refused(refused) {
            self.session.lose_unless_renewed(REFUSED).await;
        }
        self.session.token().is_some() && !is_refresh
    }
}
