//! Attempt after attempt, until a request succeeds or fails for good.

use super::context::CallContext;
use super::fresh_token::WITHOUT_LIMIT_MS;
use super::job::{CallFuture, Job};
use super::limiter::Permit;
use super::progress::Progress;
use super::reconcile::Reconciled;
use super::retry::{self, RetryDecision};
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::session::snapshot::{LogoutToken, Snapshot};
use crate::session::token_lifetime::TokenStatus;
use crate::wire::Access;
use std::rc::Rc;

/// Of the time that a call has left, it waits this part for a refresh.
const REFRESH_SHARE: u32 = 3;

impl<E: Environment> CallContext<E> {
    /// Sends a job's request until it succeeds or fails for good.
    pub(super) fn send_with_retries(
        self: &Rc<Self>,
        mut job: Box<Job>,
        progress: &Rc<Progress>,
    ) -> CallFuture {
        let (calls, progress) = (Rc::clone(self), Rc::clone(progress));
        Box::pin(async move {
            let mut session = job.session.take().unwrap_or_else(|| calls.session.snapshot());
            let mut has_replaced_token = false;
            loop {
                calls.check_login_block(&job)?;
                // Before any wait: what can't be sent fails at once.
                let outgoing = calls.prepare(&job, &progress)?;
                let is_single_use = outgoing.request.body.is_single_use();
                let patience_ms = match is_single_use {
                    // Refused with the token that it has, it could not be sent again.
                    true => WITHOUT_LIMIT_MS,
                    false => progress.remaining_ms(&*calls.environment) / REFRESH_SHARE,
                };
                let acquiring = calls.acquire_slot_and_token(&job, &mut session, patience_ms);
                let (permit, token) = Box::pin(acquiring).await?;
                calls.check_login_block(&job)?;
                let outcome =
                    Box::pin(calls.attempt(&job, outgoing, token.clone(), &progress)).await;
                drop(permit);
                let error = match outcome {
                    Ok(answer) => {
                        calls.retry_budget.give_back();
                        return Ok(answer);
                    }
                    Err(error) => error,
                };
                let kind = &error.kind;
                // A stream can't be sent twice.
                if is_single_use {
                    return Err(error);
                }
                if kind.is_unauthorized()
                    && job.logout_token.is_none()
                    && let Some(token) = token
                {
                    let generation = session.token_generation;
                    let is_refresh = job.is_refresh();
                    let is_replaced =
                        Box::pin(calls.replace_refused_token(&token, generation, is_refresh)).await;
                    if is_replaced && !has_replaced_token {
                        has_replaced_token = true;
                        calls.emit_retry(&job, kind, &progress, 0);
                        continue;
                    }
                    return Err(error);
                }
                let attempts = progress.attempts.get();
                let mut was_not_delivered = false;
                match retry::decide(job.effect, kind, attempts) {
                    RetryDecision::Fail => return Err(error),
                    RetryDecision::Retry => {}
                    RetryDecision::Reconcile(trace) => {
                        match Box::pin(calls.reconcile(trace, &job, &session, kind, &progress))
                            .await
                        {
                            Reconciled::Delivered(answer) => return Ok(answer),
                            Reconciled::NotDelivered if attempts < retry::MAX_ATTEMPTS => {
                                was_not_delivered = true;
                            }
                            _ => return Err(error),
                        }
                    }
                }
                let Some(delay_ms) = calls.retry_delay(kind, attempts, &progress) else {
                    return Err(error);
                };
                if was_not_delivered {
                    // The roster shows that it was not delivered, so only the next attempt can make it
                    // ambiguous.
                    progress.is_ambiguous.set(false);
                }
                calls.emit_retry(&job, kind, &progress, delay_ms);
                calls.environment.sleep(delay_ms).await;
            }
        })
    }

    /// The delay before another attempt; `None` if deadline or retry budget don't allow one.
    fn retry_delay(&self, kind: &ErrorKind, attempts: u32, progress: &Progress) -> Option<u32> {
        let delay_ms = retry::delay_ms(&*self.environment, kind, attempts)?;
        // Fails now with this error, not later with a timeout that says less.
        (delay_ms < progress.remaining_ms(&*self.environment) && self.retry_budget.take())
            .then_some(delay_ms)
    }

    /// Waits until a request may be sent. Returns the token that it shows.
    async fn acquire_slot_and_token(
        self: &Rc<Self>,
        job: &Job,
        session: &mut Snapshot,
        patience_ms: u32,
    ) -> Result<(Permit<'_>, Option<String>), Box<Error>> {
        let is_refresh = job.is_refresh();
        let needs_fresh_token = job.shows_token() && !is_refresh && job.logout_token.is_none();
        loop {
            let mut is_done = false;
            if needs_fresh_token {
                is_done = self.ensure_fresh_token(patience_ms).await;
            }
            let permit = self.limiter.acquire(is_refresh).await;
            if let Some(LogoutToken { token, valid_until }) = &job.logout_token {
                let now = self.environment.now();
                let is_expired =
                    valid_until.is_some_and(|until| until.remaining_ms(&now).is_none());
                if is_expired || self.session.is_refused(token) {
                    return Err(ErrorKind::NotLoggedIn.into());
                }
                return Ok((permit, Some(token.clone())));
            }
            if !job.shows_token() {
                return Ok((permit, None));
            }
            // The wait may have been long. A refresh needs a permit as well, so this one is dropped.
            let is_due = match is_done {
                true => self.session.needs_maintenance(),
                // It goes on with the token that is still valid.
                false => matches!(self.session.check_token(), TokenStatus::Invalid(_)),
            };
            if needs_fresh_token && is_due {
                continue;
            }
            if is_refresh && let TokenStatus::Invalid(reason) = self.session.check_token() {
                self.session.lose_unless_renewed(reason).await;
            }
            let requires_token = job.access == Access::RequiresToken;
            self.session.revalidate(session, &job.origin, requires_token)?;
            return Ok((permit, session.token.clone()));
        }
    }
}
