//! A token that is valid when it is shown.

use super::context::CallContext;
use super::job::{CallFuture, CallOptions};
use crate::environment::Environment;
use crate::futures::race::run_until;
use crate::session::token_lifetime::TokenStatus;
use crate::wire::Value;
use std::pin::pin;
use std::rc::Rc;

/// Longer than any call may take, and the longest that a timer can.
pub(super) const WITHOUT_LIMIT_MS: u32 = i32::MAX as u32;

impl<E: Environment> CallContext<E> {
    /// Does what is due: refreshes the token, or ends a session whose token is not valid any more. Waits no
    /// longer than `patience_ms` for a refresh while the token is still valid: where each request has timers
    /// and promises of its own, as in workerd, the end of one that another call began may never be noticed.
    /// Returns whether it is all done.
    pub(super) async fn ensure_fresh_token(self: &Rc<Self>, patience_ms: u32) -> bool {
        let mut is_patient = true;
        loop {
            let status = self.session.check_token();
            if let Some(refresh) = self.session.refresh_under_way() {
                if matches!(status, TokenStatus::Invalid(_)) {
                    refresh.done.wait().await;
                } else if is_patient {
                    let patience = pin!(self.environment.sleep(patience_ms));
                    is_patient = run_until(patience, pin!(refresh.done.wait())).await.is_some();
                } else {
                    return false;
                }
                continue;
            }
            match status {
                TokenStatus::None | TokenStatus::Valid => return true,
                TokenStatus::RefreshDue(seconds) => self.start_refresh(seconds),
                TokenStatus::Invalid(reason) => self.session.lose_unless_renewed(reason).await,
            }
        }
    }

    /// Does what is due, without a call. See [`Environment::schedule_maintenance`].
    pub(crate) async fn maintain_session(self: &Rc<Self>) {
        if self.environment.open_storage().await.is_err() || self.disposed.is_set() {
            return;
        }
        if self.session.removed_elsewhere() {
            return;
        }
        self.ensure_fresh_token(WITHOUT_LIMIT_MS).await;
        if self.session.is_known() {
            self.session.schedule_maintenance();
        }
    }

    /// Goes on with the stored session: refreshes it if it is due, and ends it if its token has
    /// expired. Returns whether there is a session; a failed refresh leaves it valid.
    pub(crate) fn restart_session(self: &Rc<Self>, mut options: CallOptions) -> CallFuture {
        let progress = self.new_progress(&mut options);
        let calls = Rc::clone(self);
        let restart = async move {
            calls.ensure_fresh_token(WITHOUT_LIMIT_MS).await;
            Ok(Value::Boolean(calls.session.token().is_some()))
        };
        self.within_deadline(options.aborted, &progress, Box::pin(restart))
    }
}
