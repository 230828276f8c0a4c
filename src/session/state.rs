//! The session and its transitions, which alone write what a session is.

use super::broker::Broker;
use super::claims::Claims;
use super::grant::Grant;
use super::keys;
use super::refresh::Refresh;
use super::snapshot::{LogoutToken, SessionOwner, Snapshot};
use super::token_lifetime::{REFUSED, TokenLifetime, TokenStatus, whole_seconds};
use crate::environment::clock::{Deadline, Timestamp};
use crate::environment::origin::Origin;
use crate::environment::{Environment, Hook};
use crate::error::{Error, ErrorKind};
use crate::futures::once_event::OnceEvent;
use crate::text;
use crate::wire::Value;
use std::cell::{Cell, Ref, RefCell};
use std::pin::Pin;
use std::rc::Rc;

/// The session of a client: there is one or none. What has to survive a reload is in the storage,
/// where other tabs, and TAG's `Agent.js`, may write as well.
pub(crate) struct Session<E: Environment> {
    environment: Rc<E>,
    pub(crate) broker: Broker<E>,
    /// Counts the tokens that came or went here, so that the response to a request with an earlier
    /// one is not taken for this one's.
    token_generation: Cell<u32>,
    /// Counts the sessions.
    session_number: Cell<u32>,
    /// Counts the logouts, because a login under way does not outlive one.
    logouts: Cell<u32>,
    lifetime: RefCell<Option<TokenLifetime>>,
    refresh: RefCell<Option<Rc<Refresh>>>,
    /// The token that was refused last. It is not shown again unless it is granted again.
    refused_token: RefCell<String>,
    /// Until when a broker accepts no login.
    login_block: RefCell<Option<(Origin, Deadline)>>,
    /// Removes the event handlers, which belong to the user of the session.
    remove_handlers: Box<dyn Fn()>,
    disposed: Rc<OnceEvent>,
}

impl<E: Environment> Session<E> {
    pub(crate) fn new(
        environment: Rc<E>,
        disposed: Rc<OnceEvent>,
        remove_handlers: Box<dyn Fn()>,
    ) -> Self {
        Self {
            broker: Broker::new(Rc::clone(&environment)),
            environment,
            token_generation: Cell::new(0),
            session_number: Cell::new(0),
            logouts: Cell::new(0),
            lifetime: RefCell::default(),
            refresh: RefCell::default(),
            refused_token: RefCell::default(),
            login_block: RefCell::default(),
            remove_handlers,
            disposed,
        }
    }
}

/// The transitions.
impl<E: Environment> Session<E> {
    /// A login succeeded.
    pub(crate) fn logged_in(&self, arguments: &Value, response: &Value) {
        self.abandon_refresh();
        if self.store_grant(arguments, response) {
            increment(&self.session_number);
        }
        self.emit("logged-in", &self.user_name(), None);
    }

    /// The token was exchanged for a new one. Whose session it is does not change, whatever the new
    /// token says.
    pub(crate) fn refreshed(&self, arguments: &Value, response: &Value) {
        self.store_grant(arguments, response);
        self.emit("refreshed", arguments.text("userName"), None);
    }

    /// A refresh failed: the token is still valid, and another refresh comes later.
    fn refresh_failed(&self, error: &Error) {
        let now = self.environment.now();
        if let Some(lifetime) = self.lifetime.borrow_mut().as_mut() {
            lifetime.delay_refresh(now, error.retry_after_ms);
        }
        self.schedule_maintenance();
    }

    /// The broker does not accept the token any more, or will not.
    pub(crate) fn lost(&self, reason: &str) {
        let user_name = self.user_name();
        self.clear();
        self.emit("lost", &user_name, Some(reason));
    }

    /// The caller logged out. Returns the token with which to tell the broker; `None` without a
    /// session.
    pub(crate) fn logged_out(&self) -> Result<Option<(Origin, LogoutToken)>, ErrorKind> {
        let (token, origin) = (self.token(), self.broker.origin());
        let valid_until = self.load_lifetime().and_then(|lifetime| lifetime.valid_until());
        let user_name = self.user_name();
        self.leave();
        let Some(token) = token else { return Ok(None) };
        let origin = origin?;
        self.environment.broadcast_logout(&origin.base_url(), &user_name);
        self.emit("logged-out", &user_name, None);
        Ok(Some((origin, LogoutToken { token, valid_until })))
    }

    /// Another client on the same storage logged out a user of a broker.
    pub(crate) fn logged_out_elsewhere(&self, broker: &str, user_name: &str) {
        let is_own =
            self.broker.base_url() == broker && self.last_user_name().as_deref() == Some(user_name);
        if is_own && self.token().is_some() || self.was_removed() {
            self.leave();
            self.emit("logged-out", user_name, None);
        }
    }

    /// Another client on the same storage removed the session. A login under way goes on. Returns
    /// whether that has happened.
    pub(crate) fn removed_elsewhere(&self) -> bool {
        let was_removed = self.was_removed();
        if was_removed {
            self.clear();
            self.emit("logged-out", "", None);
        }
        was_removed
    }

    /// The caller chose another broker, or with `None` the page's own. A session with the broker
    /// before ends, because its token must not be shown to another.
    pub(crate) fn moved_to(&self, origin: Option<&Origin>) {
        let before = self.broker.origin().ok();
        let next = origin.cloned().or_else(|| self.environment.page_origin());
        if before.is_some() && before != next {
            let user_name = self.environment.load(keys::USER_NAME).unwrap_or_default();
            let had_session = self.environment.load(keys::TOKEN).is_some();
            self.leave();
            if had_session {
                self.emit("logged-out", &user_name, None);
            }
        }
        self.broker.set(origin);
    }

    /// The broker refused a token. It is not shown again, because the broker counts each use of it as
    /// a failed login, unless it has been granted again since.
    pub(crate) fn token_refused(&self, token: &str, shown_in_generation: u32) {
        if self.token_generation.get() == shown_in_generation || !self.is_stored(token) {
            self.refused_token.replace(token.into());
        }
    }

    /// The broker accepts no login for a while.
    pub(crate) fn logins_blocked(&self, origin: Origin, for_ms: u32) {
        let until = Deadline { from: self.environment.now(), after_ms: for_ms.into() };
        self.login_block.replace(Some((origin, until)));
    }

    /// Ends the session unless another tab has a newer token to go on with.
    pub(crate) fn lose_unless_renewed<'a>(
        &'a self,
        reason: &'a str,
    ) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(async move {
            let before = self.snapshot();
            if let Some(token) = &before.token {
                self.environment.request_newer_token(token).await;
            }
            if self.still_has_token(&before) {
                self.lost(reason);
            }
        })
    }

    /// Reads the stored session, which another tab, or this page before it was reloaded, may have written.
    pub(crate) fn load_stored_session(&self) {
        self.load_lifetime();
    }

    /// The lifetime of the stored token, which is adopted if it is another one than before.
    fn load_lifetime(&self) -> Option<Ref<'_, TokenLifetime>> {
        let token = self.token()?;
        let is_known = |known: &TokenLifetime| known.token == token;
        if !self.lifetime.borrow().as_ref().is_some_and(is_known) {
            self.adopt(&token);
        }
        Ref::filter_map(self.lifetime.borrow(), Option::as_ref).ok()
    }

    /// Takes over a token that somebody else stored, such as this page before it was reloaded. It is as
    /// old as the storage says.
    fn adopt(&self, token: &str) {
        // Whole seconds: reading fractions would cost 10 KB.
        let number = |key| text::digits(&self.environment.load(key)?).map(|number| number as f64);
        let seconds = number(keys::SECONDS);
        let in_token = Claims::read(&*self.environment, token);
        let in_token = in_token.and_then(|claims| claims.lifetime_ms());
        let lifetime_ms = in_token.or_else(|| seconds.map(|seconds| seconds * 1000.0));
        let now = self.environment.now();
        let left_ms = number(keys::EXPIRES).map(|expires| expires * 1000.0 - now.wall_ms);
        let age_ms = match (lifetime_ms, left_ms) {
            (Some(lifetime), Some(left)) => (lifetime - left).max(0.0),
            _ => 0.0,
        };
        let lifetime_seconds = lifetime_ms.map(|lifetime| lifetime / 1000.0);
        let seconds = whole_seconds(1000.0 * seconds.or(lifetime_seconds).unwrap_or_default());
        self.begin_lifetime(token, seconds, lifetime_ms, age_ms, now);
    }

    /// Stores a new token. Returns whether it belongs to another owner than the one before, as far
    /// as that is known.
    fn store_grant(&self, arguments: &Value, response: &Value) -> bool {
        increment(&self.token_generation);
        let now = self.environment.now();
        let grant = Grant::read(&*self.environment, arguments, response, &now);
        let user_before = self.environment.load(keys::USER_NAME);
        let is_same_user = user_before.as_ref() == Some(&grant.user_name);
        if user_before.is_some() && !is_same_user {
            (self.remove_handlers)();
        }
        let issued = now.unix_seconds();
        let lifetime = whole_seconds(grant.lifetime_ms);
        let broker = self.broker.base_url();
        let is_anothers = grant.user_name.is_empty()
            || !is_same_user
            || self.environment.load(keys::BROKER).as_ref() != Some(&broker);
        // The old token is removed before the name changes and the new one is written last, so that
        // at no moment does a token stand beside another user's name. A token of the same user stays
        // until then, because other tabs use it.
        let removed_first = if is_anothers { keys::TOKEN } else { keys::REFRESH_TIMER };
        let requested = text::decimal(grant.requested_seconds);
        let due = text::decimal(issued + lifetime / 2);
        let expires = text::decimal(issued + lifetime);
        self.environment.store_all(&[
            (removed_first, ""),
            (keys::BROKER, &broker),
            (keys::USER_NAME, &grant.user_name),
            // The timer that TAG's `Agent.js` set for the token before.
            (keys::REFRESH_TIMER, ""),
            (keys::SECONDS, &requested),
            (keys::REFRESH_DUE, &due),
            (keys::EXPIRES, &expires),
            (keys::TOKEN, grant.token),
        ]);
        let (seconds, lifetime_ms) = (grant.requested_seconds, Some(grant.lifetime_ms));
        self.begin_lifetime(grant.token, seconds, lifetime_ms, 0.0, now);
        is_anothers
    }

    fn begin_lifetime(
        &self,
        token: &str,
        seconds: i64,
        lifetime_ms: Option<f64>,
        age_ms: f64,
        now: Timestamp,
    ) {
        let user_name = self.environment.load(keys::USER_NAME);
        // Granted or written again, it is valid until it is refused again.
        if self.is_refused(token) {
            self.refused_token.take();
        }
        let lifetime = TokenLifetime::new(token, user_name, seconds, lifetime_ms, age_ms, now);
        self.lifetime.replace(Some(lifetime));
        self.schedule_maintenance();
    }

    /// Ends the session in this client, because somebody wants to.
    fn leave(&self) {
        increment(&self.logouts);
        self.clear();
    }

    /// Removes everything that belongs to the session.
    fn clear(&self) {
        increment(&self.token_generation);
        increment(&self.session_number);
        let mut removed = Vec::new();
        for key in keys::OF_SESSION {
            removed.push((*key, ""));
        }
        self.environment.store_all(&removed);
        self.lifetime.replace(None);
        self.abandon_refresh();
        self.environment.schedule_maintenance(None);
        (self.remove_handlers)();
    }

    fn emit(&self, kind: &str, user_name: &str, reason: Option<&str>) {
        if !self.environment.has_listener(Hook::Session) {
            return;
        }
        let mut event = Value::object();
        event.put("type", kind);
        event.put("userName", user_name);
        if let Some(reason) = reason {
            event.put("reason", reason);
        }
        self.environment.emit(Hook::Session, &event);
    }

    /// Has the environment call when something is due.
    pub(crate) fn schedule_maintenance(&self) {
        let now = self.environment.now();
        let due = self.lifetime.borrow().as_ref().map(|lifetime| lifetime.due_in_ms(&now));
        self.environment.schedule_maintenance(due.filter(|_| !self.disposed.is_set()));
    }
}

/// The one refresh under way.
impl<E: Environment> Session<E> {
    /// The refresh under way. One that is not over by twice its time never will be: in workerd, what a request
    /// has begun ends with it, and tells nobody.
    pub(crate) fn refresh_under_way(&self) -> Option<Rc<Refresh>> {
        let refresh = self.refresh.borrow().clone()?;
        if refresh.until.remaining_ms(&self.environment.now()).is_some() {
            return Some(refresh);
        }
        self.abandon_refresh();
        refresh.done.set();
        None
    }

    /// A refresh that takes so long at most begins.
    pub(crate) fn refresh_started(&self, seconds: u32, timeout_ms: u32) -> Rc<Refresh> {
        let after_ms = 2.0 * f64::from(timeout_ms);
        let refresh = Refresh::new(seconds, Deadline { from: self.environment.now(), after_ms });
        self.refresh.replace(Some(Rc::clone(&refresh)));
        refresh
    }

    pub(crate) fn refresh_finished(
        &self,
        refresh: &Rc<Refresh>,
        outcome: Result<Value, Box<Error>>,
    ) {
        let is_current = |current: &Rc<Refresh>| Rc::ptr_eq(current, refresh);
        if self.refresh.borrow().as_ref().is_some_and(is_current) {
            self.refresh.replace(None);
            if let Err(error) = &outcome {
                self.refresh_failed(error);
            }
        }
        refresh.outcome.replace(Some(outcome));
        refresh.done.set();
    }

    /// Abandons a refresh under way: the session that it was for has ended, or begun anew.
    fn abandon_refresh(&self) {
        if let Some(refresh) = self.refresh.take() {
            refresh.abandoned.set();
        }
    }
}

/// What others ask.
impl<E: Environment> Session<E> {
    /// What the session is now.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let token = self.token();
        let owner = token.as_ref().map(|_| SessionOwner {
            session_number: self.session_number.get(),
            user_name: self.user_name(),
        });
        Snapshot { token, token_generation: self.token_generation.get(), owner }
    }

    /// Brings a snapshot up to date before a request to an origin, if it is still the same session.
    ///
    /// # Errors
    /// [`ErrorKind::NotLoggedIn`] if the session that the call began in has ended, or is another's now, or
    /// if there is none and the call needs one.
    pub(crate) fn revalidate(
        &self,
        snapshot: &mut Snapshot,
        origin: &Origin,
        requires_token: bool,
    ) -> Result<(), ErrorKind> {
        let current = self.snapshot();
        if current.token.is_none() {
            snapshot.token = None;
            return if requires_token { Err(ErrorKind::NotLoggedIn) } else { Ok(()) };
        }
        let is_anothers = snapshot.owner.is_some() && snapshot.owner != current.owner;
        if is_anothers || !self.broker.is_at(origin) {
            return Err(ErrorKind::NotLoggedIn);
        }
        *snapshot = current;
        Ok(())
    }

    /// Whether the token of a snapshot is still the session's: a refresh is for the token with which
    /// it was asked for, and a login or a logout that came meanwhile wins, be it in this client or in
    /// another on the same storage.
    pub(crate) fn still_has_token(&self, snapshot: &Snapshot) -> bool {
        self.token_generation.get() == snapshot.token_generation && self.token() == snapshot.token
    }

    /// The token, if it is for the configured broker.
    pub(crate) fn token(&self) -> Option<String> {
        let token = self.environment.load(keys::TOKEN)?;
        let broker = self.environment.load(keys::BROKER);
        // TAG's `Agent.js` does not store whose it is.
        broker.is_none_or(|broker| self.broker.base_url() == broker).then_some(token)
    }

    pub(crate) fn is_stored(&self, token: &str) -> bool {
        self.token().as_deref() == Some(token)
    }

    pub(crate) fn is_refused(&self, token: &str) -> bool {
        *self.refused_token.borrow() == token
    }

    /// Whose session it is, as the storage or else the token says; empty if neither does.
    pub(crate) fn user_name(&self) -> String {
        let stored = self.environment.load(keys::USER_NAME);
        let in_token = || Claims::read(&*self.environment, &self.token()?)?.subject();
        stored.or_else(in_token).unwrap_or_default()
    }

    /// Reads the stored session, and says what has to be done about its token.
    pub(crate) fn check_token(&self) -> TokenStatus {
        // Before the borrow, because a clock may be a test double.
        let now = self.environment.now();
        let Some(lifetime) = self.load_lifetime() else { return TokenStatus::None };
        if self.is_refused(&lifetime.token) {
            return TokenStatus::Invalid(REFUSED);
        }
        lifetime.status(&now)
    }

    /// Whether something has to be done before the token can be shown.
    pub(crate) fn needs_maintenance(&self) -> bool {
        self.refresh_under_way().is_some()
            || matches!(self.check_token(), TokenStatus::RefreshDue(_) | TokenStatus::Invalid(_))
    }

    /// Whether all that is known of it, and would be missed, is in the storage: not that the broker accepts no
    /// login for a while.
    pub(crate) fn is_stored_whole(&self) -> bool {
        let now = self.environment.now();
        let is_over = |(_, until): &(Origin, Deadline)| until.remaining_ms(&now).is_none();
        self.login_block.borrow().as_ref().is_none_or(is_over)
    }

    /// Whether a session is known here.
    pub(crate) fn is_known(&self) -> bool {
        self.lifetime.borrow().is_some()
    }

    /// The number of logouts so far.
    pub(crate) fn logouts(&self) -> u32 {
        self.logouts.get()
    }

    /// For how many milliseconds the broker at an origin accepts no login; `None` if it does.
    pub(crate) fn logins_blocked_for_ms(&self, origin: &Origin) -> Option<f64> {
        let now = self.environment.now();
        match &*self.login_block.borrow() {
            Some((blocked_by, until)) if blocked_by == origin => until.remaining_ms(&now),
            _ => None,
        }
    }

    /// Whether a session that is known here has gone from the storage.
    fn was_removed(&self) -> bool {
        self.is_known() && self.token().is_none()
    }

    /// Whose session it is, though the storage may have lost it.
    fn last_user_name(&self) -> Option<String> {
        let stored = self.environment.load(keys::USER_NAME);
        stored.or_else(|| self.lifetime.borrow().as_ref()?.user_name.clone())
    }
}

fn increment(counter: &Cell<u32>) {
    counter.set(counter.get().wrapping_add(1));
}

#[cfg(test)]
mod tests;
