//! Exchanging a token for a new one, once for all who need it.

use crate::call::account::REFUSED;
use crate::call::send::Progress;
use crate::client::Client;
use crate::environment::Environment;
use crate::error::{Error, Failure};
use crate::futures::once_event::Bell;
use crate::futures::race::first_of;
use crate::resources::account::REFRESH;
use crate::wire::{Encoding, Value};
use std::cell::RefCell;
use std::rc::Rc;

/// A refresh under way. It belongs to nobody: whoever stops waiting leaves it to the others.
pub(crate) struct Refresh {
    seconds: u32,
    done: Rc<Bell>,
    /// Rung when its outcome is of no use any more.
    abandoned: Rc<Bell>,
    outcome: RefCell<Option<Result<Value, Box<Failure>>>>,
}

impl<E: Environment> Client<E> {
    /// Exchanges the token, as the caller asked for.
    pub(crate) async fn refresh(
        self: &Rc<Self>,
        arguments: &Value,
        encoding: Encoding,
        progress: &Progress,
    ) -> Result<Value, Box<Failure>> {
        let seconds = arguments.get("seconds").and_then(Value::as_integer).unwrap_or_default();
        let seconds = u32::try_from(seconds).unwrap_or_default();
        // Who begins it says how; others may wait for it, for as long as they like.
        loop {
            let token = self.token();
            let under_way = self.refreshing.borrow().clone();
            let refresh = match under_way {
                Some(other) if other.seconds != seconds => {
                    other.done.wait().await;
                    continue;
                }
                Some(same) => same,
                None if token.is_none() => return Err(Error::NotLoggedIn.into()),
                None => {
                    let left = progress.time.left_ms(&self.environment.now()).unwrap_or_default();
                    #[allow(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "it was a u32"
                    )]
                    let for_ms = (left as u32).max(self.settings.total_ms.get());
                    self.begin_refresh(seconds, encoding, for_ms)
                }
            };
            refresh.done.wait().await;
            let outcome = refresh.outcome.borrow().clone();
            let outcome = outcome.unwrap_or_else(|| Err(Error::NotLoggedIn.into()));
            let is_refused = matches!(&outcome, Err(failure) if failure.code() == "unauthorized");
            // Another tab had exchanged it before, and has given the newer one.
            if is_refused && self.token().is_some() && self.token() != token {
                continue;
            }
            return outcome;
        }
    }

    /// Exchanges a token that is still good. Calls wait for the outcome, so it has to leave them the
    /// most of their time.
    pub(crate) fn start_refresh(self: &Rc<Self>, seconds: u32) {
        let limits = &self.settings;
        let for_ms = limits.attempt_ms.get().min(limits.total_ms.get() / 3).max(1);
        self.begin_refresh(seconds, self.encoding(), for_ms);
    }

    fn begin_refresh(
        self: &Rc<Self>,
        seconds: u32,
        encoding: Encoding,
        for_ms: u32,
    ) -> Rc<Refresh> {
        let refresh = Rc::new(Refresh {
            seconds,
            done: Rc::default(),
            abandoned: Rc::default(),
            outcome: RefCell::default(),
        });
        self.refreshing.replace(Some(Rc::clone(&refresh)));
        let (client, own) = (Rc::clone(self), Rc::clone(&refresh));
        self.environment.spawn(Box::pin(async move {
            let abandoned = async {
                own.abandoned.wait().await;
                Err(Error::NotLoggedIn.into())
            };
            let outcome =
                first_of(abandoned, client.exchange_token(seconds, encoding, for_ms)).await;
            let is_current = |current: &Rc<Refresh>| Rc::ptr_eq(current, &own);
            if client.refreshing.borrow().as_ref().is_some_and(is_current) {
                client.refreshing.replace(None);
                if let Err(failure) = &outcome {
                    client.postpone_refresh(failure);
                }
            }
            own.outcome.replace(Some(outcome));
            own.done.ring();
        }));
        refresh
    }

    async fn exchange_token(
        self: &Rc<Self>,
        seconds: u32,
        encoding: Encoding,
        for_ms: u32,
    ) -> Result<Value, Box<Failure>> {
        // Whose session it is does not change, whatever the new token says.
        let user_name = self.user_name();
        let mut arguments = Value::object();
        arguments.put("seconds", seconds);
        arguments.put("userName", user_name.as_str());
        let progress = self.progress(Some(for_ms));
        let asked_in = self.session();
        let exchange = self.perform(&REFRESH, &arguments, encoding, &progress);
        let response = self.in_time(None, &progress, exchange).await?;
        if self.session() != asked_in {
            return Err(Error::NotLoggedIn.into());
        }
        self.begin_session(&arguments, &response);
        self.tell_session("refreshed", &user_name, None);
        Ok(response)
    }

    pub(crate) fn is_refreshing(&self) -> bool {
        self.refreshing.borrow().is_some()
    }

    /// The end of the refresh that is under way.
    pub(crate) fn refresh_under_way(&self) -> Option<impl Future<Output = ()> + use<E>> {
        Some(self.refreshing.borrow().as_ref()?.done.wait())
    }

    /// Gives up a refresh under way: the session that it was for has ended, or begun anew.
    pub(crate) fn abandon_refresh(&self) {
        if let Some(refresh) = self.refreshing.take() {
            refresh.abandoned.ring();
        }
    }

    /// After the broker has refused a token: whether there is another one to show in its place. A
    /// refused one is dropped, for the broker counts each use of it as a failed login. It was shown
    /// in an epoch; one that was given once more since is another, though it be the same text.
    pub(crate) async fn is_replaced(&self, refused: &str, shown_in: u32, is_refresh: bool) -> bool {
        let is_kept = || self.token().as_deref() == Some(refused);
        if self.epoch.get() == shown_in || !is_kept() {
            self.refused.replace(refused.into());
        }
        if !is_refresh && let Some(refresh) = self.refresh_under_way() {
            // It may have been refused because a new one has been given out.
            refresh.await;
        }
        if is_kept() && self.is_refused(refused) {
            self.lose_unless_renewed(REFUSED).await;
        }
        self.token().is_some() && !is_refresh
    }
}
