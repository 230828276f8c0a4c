//! How long a session lasts, and what is due.

use crate::call::account::{EXPIRED, REFUSED};
use crate::call::send::{CallOptions, Pending};
use crate::client::Client;
use crate::environment::Environment;
use crate::environment::clock::{Moment, Pause};
use crate::error::Failure;
use crate::session::keys;
use crate::syntax::date_time::to_unix_seconds;
use crate::text;
use crate::wire::Value;
use std::rc::Rc;

/// After a refresh that failed the next one is not tried for so long, nor for longer than a part of
/// the time that is left.
const LONGEST_PAUSE_MS: f64 = 30_000.0;

/// The longest lifetime that a broker grants, in seconds.
const MOST_SECONDS: u32 = 3600;

/// The time of a token.
#[derive(Clone)]
pub(crate) struct Term {
    token: String,
    /// Whose it is, as far as the storage said then.
    user_name: Option<String>,
    /// The lifetime that was asked for, and will be again.
    seconds: u32,
    /// Nothing, where nobody knows: it is used until it is refused.
    lifetime_ms: Option<f64>,
    /// How old the token was at some moment.
    age_ms: f64,
    at: Moment,
    /// No refresh before this is over.
    pause: Option<Pause>,
}

/// How a session is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// There is none.
    None,
    /// Nothing has to be done.
    Good,
    /// The token should be exchanged for one of so many seconds.
    Due(u32),
    /// The token is not good any more, and why.
    Over(&'static str),
}

impl<E: Environment> Client<E> {
    /// How long a new token lasts: what it says itself, by one clock, whatever that shows; else what
    /// the answer says, as far as the clock here agrees; else what was asked for.
    pub(crate) fn lifetime_ms(
        &self,
        token: &str,
        expires: &str,
        seconds: i64,
        now: &Moment,
    ) -> f64 {
        let in_token = self.lifetime_in(token);
        let in_answer = || {
            let left = to_unix_seconds(expires)? - now.unix_seconds();
            (1..=seconds).contains(&left).then_some(left)
        };
        #[allow(clippy::cast_precision_loss, reason = "an hour at most")]
        in_token.unwrap_or_else(|| in_answer().unwrap_or(seconds) as f64 * 1000.0)
    }

    fn lifetime_in(&self, token: &str) -> Option<f64> {
        let claims = self.claims(token)?;
        let claim = |name| match claims.get(name) {
            Some(Value::Number(seconds)) => Some(*seconds),
            _ => None,
        };
        Some((claim("exp")? - claim("iat")?) * 1000.0).filter(|lifetime| *lifetime > 0.0)
    }

    /// Counts the time of a token from now on.
    pub(crate) fn begin_term(
        &self,
        token: &str,
        seconds: i64,
        lifetime_ms: Option<f64>,
        age_ms: f64,
    ) {
        let seconds = u32::try_from(seconds).unwrap_or_default().clamp(1, MOST_SECONDS);
        let at = self.environment.now();
        let token = String::from(token);
        let user_name = self.environment.load(keys::USER_NAME);
        self.lost.set(false);
        // Given or written anew, it is good until it is refused anew.
        if self.is_refused(&token) {
            self.refused.take();
        }
        let pause = None;
        self.term.replace(Some(Term { token, user_name, seconds, lifetime_ms, age_ms, at, pause }));
        self.schedule();
    }

    /// The time of the token that is kept. One that was put there by somebody else, as by the page
    /// before it was loaded again, is as old as the storage says.
    fn term(&self) -> Option<Term> {
        let token = self.token()?;
        let known = self.term.borrow().clone().filter(|term| term.token == token);
        if known.is_some() {
            return known;
        }
        // Whole seconds: reading fractions would cost 10 KB.
        let number = |key| text::digits(&self.environment.load(key)?).map(|number| number as f64);
        let seconds = number(keys::SECONDS);
        let lifetime_ms =
            self.lifetime_in(&token).or_else(|| seconds.map(|seconds| seconds * 1000.0));
        let left_ms =
            number(keys::EXPIRES).map(|expires| expires * 1000.0 - self.environment.now().wall_ms);
        let age_ms = match (lifetime_ms, left_ms) {
            (Some(lifetime), Some(left)) => (lifetime - left).max(0.0),
            _ => 0.0,
        };
        let lifetime_seconds = lifetime_ms.map(|lifetime| lifetime / 1000.0);
        let seconds = whole_seconds(1000.0 * seconds.or(lifetime_seconds).unwrap_or_default());
        self.begin_term(&token, seconds, lifetime_ms, age_ms);
        self.term.borrow().clone()
    }

    /// How the session is now.
    pub(crate) fn condition(&self) -> Condition {
        let Some(term) = self.term() else { return Condition::None };
        if self.is_refused(&term.token) {
            return Condition::Over(REFUSED);
        }
        let Some(lifetime) = term.lifetime_ms else { return Condition::Good };
        let now = self.environment.now();
        let age = term.age_ms + now.since(&term.at);
        if age >= lifetime {
            Condition::Over(EXPIRED)
        } else if age >= lifetime / 2.0
            && term.pause.and_then(|pause| pause.left_ms(&now)).is_none()
        {
            Condition::Due(term.seconds)
        } else {
            Condition::Good
        }
    }

    /// For how long the token is good; nothing, where nobody knows.
    pub(crate) fn good_for(&self) -> Option<Pause> {
        let term = self.term()?;
        Some(Pause { from: term.at, for_ms: term.lifetime_ms? - term.age_ms })
    }

    /// Whether something has to be done before the token can be shown.
    pub(crate) fn needs_care(&self) -> bool {
        self.is_refreshing() || matches!(self.condition(), Condition::Due(_) | Condition::Over(_))
    }

    /// Does what has to be done: refreshes a token that is due, and ends a session that is over.
    pub(crate) async fn keep_alive(self: &Rc<Self>) {
        loop {
            if let Some(refresh) = self.refresh_under_way() {
                refresh.await;
                continue;
            }
            match self.condition() {
                Condition::None | Condition::Good => return,
                Condition::Due(seconds) => self.start_refresh(seconds),
                Condition::Over(reason) => self.lose_unless_renewed(reason).await,
            }
        }
    }

    pub(crate) fn is_refused(&self, token: &str) -> bool {
        *self.refused.borrow() == token
    }

    /// After a refresh that failed: the token is still good, and the next try comes later.
    pub(crate) fn postpone_refresh(&self, failure: &Failure) {
        let now = self.environment.now();
        if let Some(term) = self.term.borrow_mut().as_mut() {
            let age = term.age_ms + now.since(&term.at);
            let left = term.lifetime_ms.map_or(LONGEST_PAUSE_MS, |lifetime| lifetime - age);
            let asked = failure.retry_after_ms.map(f64::from).unwrap_or_default();
            let for_ms = (left / 4.0).min(LONGEST_PAUSE_MS).max(asked);
            term.pause = Some(Pause { from: now, for_ms });
        }
        self.schedule();
    }

    /// Has the environment come back when something is due.
    fn schedule(&self) {
        let now = self.environment.now();
        let term = self.term.borrow();
        let due = term.as_ref().map(|term| {
            let age = term.age_ms + now.since(&term.at);
            let Some(lifetime) = term.lifetime_ms else { return f64::INFINITY };
            let until_due = (lifetime / 2.0 - age).max(0.0);
            let pause = term.pause.and_then(|pause| pause.left_ms(&now)).unwrap_or_default();
            until_due.max(pause).min((lifetime - age).max(0.0))
        });
        self.environment.schedule(due.filter(|_| !self.disposed.has_rung()));
    }

    /// Looks after the session. The environment calls it when it was asked to, and whenever it may
    /// have been away.
    pub async fn attend(self: &Rc<Self>) {
        if self.environment.storage().await.is_err() || self.disposed.has_rung() {
            return;
        }
        if self.had_token() && self.token().is_none() {
            // Somebody else who shares the storage has ended the session, or found it to be over: a
            // login under way goes on.
            self.forget_session();
            self.lost.set(false);
            self.tell_session("logged-out", "", None);
            return;
        }
        self.keep_alive().await;
        if self.term.borrow().is_some() {
            self.schedule();
        }
    }

    /// Whose the session is, though the storage may have forgotten it by now.
    pub(crate) fn known_user_name(&self) -> Option<String> {
        let kept = self.environment.load(keys::USER_NAME);
        kept.or_else(|| self.term.borrow().as_ref()?.user_name.clone())
    }

    /// Whether there was a token when somebody looked last.
    pub(crate) fn had_token(&self) -> bool {
        self.term.borrow().is_some()
    }

    /// Goes on with the session that is kept here: refreshes it when it is due, and ends it when it
    /// is over. Says whether there is one; a token whose refresh fails is still good.
    ///
    /// # Errors
    /// A [`Failure`] of its time, the store or the client; none of the refresh.
    pub fn restart_session(self: &Rc<Self>, options: CallOptions) -> Pending {
        let progress = self.progress(options.timeout_ms);
        let client = Rc::clone(self);
        let restart = async move {
            client.keep_alive().await;
            Ok(Value::Boolean(client.token().is_some()))
        };
        self.in_time(options.aborted, &progress, Box::pin(restart))
    }
}

#[allow(clippy::cast_possible_truncation, reason = "an hour at most")]
pub(crate) fn whole_seconds(milliseconds: f64) -> i64 {
    (milliseconds / 1000.0) as i64
}
