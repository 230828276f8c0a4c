//! Opening and ending a session.

use crate::call::fresh_token::whole_seconds;
use crate::call::prepare::text_of;
use crate::call::send::{Job, Parting, Progress, Subject};
use crate::client::Client;
use crate::environment::clock::Pause;
use crate::environment::{Environment, Hook};
use crate::error::{Error, Failure};
use crate::session::broker::Origin;
use crate::session::{keys, payload};
use crate::text;
use crate::wire::{Access, Encoding, Recipe, Resource, Value};
use std::pin::Pin;
use std::rc::Rc;

/// Why a session was lost.
pub(crate) const EXPIRED: &str = "expired";
/// Why a session was lost.
pub(crate) const REFUSED: &str = "refused";

/// Whose session it was at some moment. A call does not go out in another's.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    logins: u32,
    user_name: String,
    has_token: bool,
}

/// Whether the broker counts failed calls of a resource, and blocks who has too many.
fn is_counted(resource: &Resource) -> bool {
    matches!(resource.recipe, Recipe::Login | Recipe::Create | Recipe::Password)
}

impl<E: Environment> Client<E> {
    /// Asks for a token and keeps it.
    pub(crate) async fn open_session(
        self: &Rc<Self>,
        resource: &'static Resource,
        arguments: &Value,
        encoding: Encoding,
        progress: &Rc<Progress>,
    ) -> Result<Value, Box<Failure>> {
        let origin = self.safe_origin()?;
        let closings = self.closings.get();
        // From now on it is heard who ends the session that is there.
        self.condition();
        let response = match self.perform(resource, arguments, encoding, progress).await {
            Ok(response) => response,
            Err(failure) if is_counted(resource) => return Err(self.blocked_by(origin, failure)),
            Err(failure) => return Err(failure),
        };
        // A logout wins, be it here or in another client; a session that was there before may have
        // gone on or come to its end by itself.
        if self.closings.get() != closings || !self.is_at(&origin) {
            return Err(Error::NotLoggedIn.into());
        }
        self.abandon_refresh();
        if self.begin_session(arguments, &response) {
            self.logins.set(self.logins.get().wrapping_add(1));
        }
        self.tell_session("logged-in", &self.user_name(), None);
        Ok(response)
    }

    /// Each login before the end of a pause that the broker has asked for may prolong it.
    pub(crate) fn refuse_while_blocked(&self, job: &Job) -> Result<(), Box<Failure>> {
        if !matches!(&job.subject, Subject::Resource(resource, ..) if is_counted(resource)) {
            return Ok(());
        }
        let now = self.environment.now();
        let left = match &*self.login_pause.borrow() {
            Some((wanted_by, pause)) if *wanted_by == job.origin => pause.left_ms(&now),
            _ => None,
        };
        left.map_or(Ok(()), |left| Err(self.until_then(Error::LoginBlocked.into(), left)))
    }

    fn blocked_by(&self, origin: Origin, failure: Box<Failure>) -> Box<Failure> {
        match (&failure.error, failure.retry_after_ms) {
            (Error::Refused(refusal), Some(pause_ms)) if refusal.status == 429 => {
                let pause = Pause { from: self.environment.now(), for_ms: pause_ms.into() };
                self.login_pause.replace(Some((origin, pause)));
                self.until_then(failure, pause_ms.into())
            }
            _ => failure,
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a u32")]
    fn until_then(&self, mut failure: Box<Failure>, left_ms: f64) -> Box<Failure> {
        let left_seconds = (left_ms / 1000.0).ceil() as i64;
        failure.retry_at = Some(self.environment.now().unix_seconds() + left_seconds);
        failure.retry_after_ms = Some(left_ms as u32);
        failure
    }

    /// Ends the session: here at once, then at the broker.
    pub(crate) async fn end_session(
        self: &Rc<Self>,
        resource: &'static Resource,
        arguments: &Value,
        encoding: Encoding,
        progress: &Rc<Progress>,
    ) -> Result<Value, Box<Failure>> {
        let (token, good_for, origin) = (self.token(), self.good_for(), self.origin());
        let user_name = self.user_name();
        self.leave_session();
        let ended = Value::Object(Vec::new());
        if token.is_none() {
            return Ok(ended);
        }
        let origin = origin?;
        self.environment.announce_logout(&origin.base_url(), &user_name);
        self.tell_session("logged-out", &user_name, None);
        let mut job = Job::of(resource, arguments.clone(), encoding, self.safe(origin)?);
        job.parting = token.map(|token| Parting { token, good_for });
        let outcome = self.persist(job, progress).await;
        match outcome.as_ref().map_err(|failure| &failure.error) {
            // Its time is over.
            Err(Error::NotLoggedIn) => Ok(ended),
            // The broker knows no such session: that is what was asked for.
            Err(Error::Refused(refusal)) if matches!(refusal.status, 401 | 403 | 404) => Ok(ended),
            _ => outcome,
        }
    }

    /// Hears that a session was ended by another client on the same storage.
    pub fn session_ended_elsewhere(&self, broker: &str, user_name: &str) {
        let is_ours =
            self.base_url() == broker && self.known_user_name().as_deref() == Some(user_name);
        // Where the storage is one, the other has emptied it.
        let is_gone = self.had_token() && self.token().is_none();
        if is_ours && self.token().is_some() || is_gone {
            self.leave_session();
            self.tell_session("logged-out", user_name, None);
        }
    }

    /// Ends the session here: the broker does not take its token any more, or will not.
    pub(crate) fn lose(&self, reason: &str) {
        let user_name = self.user_name();
        self.forget_session();
        self.lost.set(true);
        self.tell_session("lost", &user_name, Some(reason));
    }

    /// The same, unless another tab of the session has a newer token to go on with.
    pub(crate) fn lose_unless_renewed<'a>(
        &'a self,
        reason: &'a str,
    ) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(async move {
            let session = self.session();
            if let Some(token) = &session.1 {
                self.environment.ask_for_newer(token).await;
            }
            if self.session() == session {
                self.lose(reason);
            }
        })
    }

    /// Ends the session here, because somebody wants to.
    pub(crate) fn leave_session(&self) {
        self.closings.set(self.closings.get().wrapping_add(1));
        self.forget_session();
        self.lost.set(false);
    }

    /// Ends the session here.
    pub(crate) fn forget_session(&self) {
        self.epoch.set(self.epoch.get().wrapping_add(1));
        self.logins.set(self.logins.get().wrapping_add(1));
        self.environment.keep(&keys::OF_SESSION.map(|key| (key, "")));
        self.term.replace(None);
        self.abandon_refresh();
        self.environment.schedule(None);
        self.forget_handlers();
    }

    /// What tells one token from another. A refresh is for the token with which it was asked: a
    /// logout wins over it, and so does a login, be it in this copy of the library or in another
    /// that shares the storage.
    pub(crate) fn session(&self) -> (u32, Option<String>) {
        (self.epoch.get(), self.token())
    }

    /// Whose session it is now.
    pub(crate) fn holder(&self) -> Holder {
        self.holder_of(self.token().is_some())
    }

    fn holder_of(&self, has_token: bool) -> Holder {
        Holder { logins: self.logins.get(), user_name: self.user_name(), has_token }
    }

    /// The token, if it is one for the configured broker.
    pub(crate) fn token(&self) -> Option<String> {
        let token = self.environment.load(keys::TOKEN)?;
        let broker = self.environment.load(keys::BROKER);
        // The maintainers' client does not say whose it is.
        broker.is_none_or(|broker| self.base_url() == broker).then_some(token)
    }

    /// The token that a job shows; with it the job becomes its holder's.
    pub(crate) fn token_for(
        &self,
        job: &Job,
        holder: &mut Holder,
    ) -> Result<Option<String>, Box<Failure>> {
        let needs = job.access == Access::Session;
        let token = self.token();
        if token.is_none() {
            let had_one = holder.has_token || self.lost.get();
            return if needs && had_one { Err(Error::NotLoggedIn.into()) } else { Ok(None) };
        }
        let current = self.holder_of(true);
        let is_another = holder.has_token && *holder != current;
        if is_another || !self.is_at(&job.origin) {
            return Err(Error::NotLoggedIn.into());
        }
        *holder = current;
        Ok(token)
    }

    /// Whose session it is, as far as anybody has said.
    pub(crate) fn user_name(&self) -> String {
        let kept = self.environment.load(keys::USER_NAME);
        kept.or_else(|| self.subject_of(&self.token()?)).unwrap_or_default()
    }

    pub(crate) fn subject_of(&self, token: &str) -> Option<String> {
        Some(self.claims(token)?.get("sub")?.as_str()?.to_string())
    }

    /// Keeps a new token. Says whether it is another's than the one before, as far as anybody knows.
    pub(crate) fn begin_session(&self, arguments: &Value, response: &Value) -> bool {
        self.epoch.set(self.epoch.get().wrapping_add(1));
        // A session that was taken over says how long it lasts, and has its token further in.
        let seconds = arguments.get("seconds").or_else(|| response.get("seconds"));
        let seconds = seconds.and_then(Value::as_integer).unwrap_or_default();
        let holder = response.get("AccountCreated").unwrap_or(response);
        let token = text_of(holder, "jwt");
        let user_name = self.user_of(text_of(arguments, "userName"), response, token);
        let before = self.environment.load(keys::USER_NAME);
        if before.as_ref().is_some_and(|before| *before != user_name) {
            // What one user asked to hear is nothing for another.
            self.forget_handlers();
        }
        let now = self.environment.now();
        let lifetime = self.lifetime_ms(token, text_of(holder, "expires"), seconds, &now);
        let issued = now.unix_seconds();
        let origin = self.base_url();
        let lifetime_seconds = whole_seconds(lifetime);
        let is_anothers = user_name.is_empty()
            || before.as_ref() != Some(&user_name)
            || self.environment.load(keys::BROKER).as_ref() != Some(&origin);
        // A token goes before the name that it is not for, and the new one comes last, so that at no
        // moment does it stand beside another's. That of the same user stays where it is, for other
        // tabs go on with it.
        let goes = if is_anothers { keys::TOKEN } else { keys::REFRESH_TIMER };
        let [asked, due, expires] =
            [seconds, issued + lifetime_seconds / 2, issued + lifetime_seconds].map(text::decimal);
        self.environment.keep(&[
            (goes, ""),
            (keys::BROKER, &origin),
            (keys::USER_NAME, &user_name),
            // That of the maintainers' client, for a token that is not any more.
            (keys::REFRESH_TIMER, ""),
            (keys::SECONDS, &asked),
            (keys::REFRESH_DUE, &due),
            (keys::EXPIRES, &expires),
            (keys::TOKEN, token),
        ]);
        self.begin_term(token, seconds, Some(lifetime), 0.0);
        is_anothers
    }

    /// Whose session it is: as the caller said, else the answer, else the token. Nobody in particular,
    /// where none of them says it: who was there before is another.
    fn user_of(&self, said: &str, response: &Value, token: &str) -> String {
        let in_answer = text_of(response, "userName");
        let known = [said, in_answer].into_iter().find(|name| !name.is_empty());
        known.map(String::from).or_else(|| self.subject_of(token)).unwrap_or_default()
    }

    /// What a token says, where it is a JSON Web Token.
    pub(crate) fn claims(&self, token: &str) -> Option<Value> {
        self.read_json(&payload(token)?).ok()
    }

    pub(crate) fn tell_session(&self, kind: &str, user_name: &str, reason: Option<&str>) {
        if !self.environment.listens(Hook::Session) {
            return;
        }
        let mut event = Value::object();
        event.put("type", kind);
        event.put("userName", user_name);
        if let Some(reason) = reason {
            event.put("reason", reason);
        }
        self.environment.tell(Hook::Session, &event);
    }
}

#[cfg(test)]
mod tests;
