//! Opening and ending a session.

use super::call::{Job, Progress, Subject};
use super::moment::Pause;
use super::prepare::text_of;
use super::term::whole_seconds;
use super::{Client, Environment, Hook};
use crate::error::{Error, Failure};
use crate::session::{keys, payload};
use crate::wire::{Access, Encoding, Recipe, Resource, Value};
use std::rc::Rc;

/// Why a session was lost.
pub(super) const EXPIRED: &str = "expired";
/// Why a session was lost.
pub(super) const REFUSED: &str = "refused";

/// Whose session it was at some moment. A call does not go out in another's.
#[derive(PartialEq, Eq)]
pub(super) struct Holder {
    logins: u32,
    user_name: Option<String>,
    has_token: bool,
}

impl<E: Environment> Client<E> {
    /// Asks for a token and keeps it.
    pub(super) async fn open_session(
        self: &Rc<Self>,
        resource: &Resource,
        arguments: &Value,
        encoding: Encoding,
        progress: &Progress,
    ) -> Result<Value, Failure> {
        let counted = matches!(resource.recipe, Recipe::Login | Recipe::Create | Recipe::Password);
        if counted {
            self.refuse_while_blocked()?;
        }
        let asked_in = self.session();
        let response = match self.perform(resource, arguments, encoding, progress).await {
            Ok(response) => response,
            Err(failure) if counted => return Err(self.blocked_by(failure)),
            Err(failure) => return Err(failure),
        };
        if self.session() != asked_in {
            return Err(Error::NotLoggedIn.into());
        }
        self.abandon_refresh();
        self.logins.set(self.logins.get().wrapping_add(1));
        self.begin_session(arguments, &response);
        let user_name = self.environment.load(keys::USER_NAME).unwrap_or_default();
        self.tell_session("logged-in", &user_name, None);
        Ok(response)
    }

    /// Each login before the end of a pause that the broker has asked for may prolong it.
    fn refuse_while_blocked(&self) -> Result<(), Failure> {
        let now = self.environment.now();
        let Some(left) = self.login_pause.get().and_then(|pause| pause.left_ms(&now)) else {
            return Ok(());
        };
        Err(self.until_then(Error::LoginBlocked.into(), left))
    }

    fn blocked_by(&self, failure: Failure) -> Failure {
        match (&failure.error, failure.retry_after_ms) {
            (Error::Refused(refusal), Some(pause_ms)) if refusal.status == 429 => {
                let pause = Pause { from: self.environment.now(), for_ms: pause_ms.into() };
                self.login_pause.set(Some(pause));
                self.until_then(failure, pause_ms.into())
            }
            _ => failure,
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a u32")]
    fn until_then(&self, failure: Failure, left_ms: f64) -> Failure {
        let left_seconds = (left_ms / 1000.0).ceil() as i64;
        let retry_at = Some(self.environment.now().unix_seconds() + left_seconds);
        Failure { retry_after_ms: Some(left_ms as u32), retry_at, ..failure }
    }

    /// Ends the session: here at once, then at the broker.
    pub(super) async fn end_session(
        self: &Rc<Self>,
        resource: &Resource,
        arguments: &Value,
        encoding: Encoding,
        progress: &Progress,
    ) -> Result<Value, Failure> {
        let (token, origin) = (self.token(), self.origin());
        let user_name = self.environment.load(keys::USER_NAME).unwrap_or_default();
        self.forget_session();
        self.lost.set(false);
        let ended = Value::Object(Vec::new());
        if token.is_none() {
            return Ok(ended);
        }
        let origin = origin?;
        self.environment.announce_logout(&origin.base_url(), &user_name);
        self.tell_session("logged-out", &user_name, None);
        let job = Job {
            operation: &resource.operation(),
            effect: resource.effect,
            access: resource.access,
            origin: self.safe(origin)?,
            parting_token: token,
            subject: Subject::Resource(resource, arguments, encoding),
        };
        match self.persist(&job, progress).await {
            // The broker knows no such session: that is what was asked for.
            Err(Failure { error: Error::Refused(refusal), .. })
                if matches!(refusal.status, 401 | 403 | 404) =>
            {
                Ok(ended)
            }
            outcome => outcome,
        }
    }

    /// Hears that a session was ended by another client on the same storage.
    pub fn session_ended_elsewhere(&self, broker: &str, user_name: &str) {
        let is_ours = self.origin().is_ok_and(|origin| origin.base_url() == broker)
            && self.environment.load(keys::USER_NAME).as_deref() == Some(user_name);
        // Where the storage is one, the other has emptied it.
        let is_gone = self.had_token() && self.token().is_none();
        if is_ours && self.token().is_some() || is_gone {
            self.forget_session();
            self.tell_session("logged-out", user_name, None);
        }
    }

    /// Ends the session here: the broker does not take its token any more, or will not.
    pub(super) fn lose(&self, reason: &str) {
        let user_name = self.environment.load(keys::USER_NAME).unwrap_or_default();
        self.forget_session();
        self.lost.set(true);
        self.tell_session("lost", &user_name, Some(reason));
    }

    /// Ends the session here.
    pub(super) fn forget_session(&self) {
        self.epoch.set(self.epoch.get().wrapping_add(1));
        self.logins.set(self.logins.get().wrapping_add(1));
        keys::OF_SESSION.iter().for_each(|key| self.environment.remove(key));
        self.term.replace(None);
        self.abandon_refresh();
        self.environment.schedule(None);
        self.forget_handlers();
    }

    /// What tells one session from another. An answer to a request for a token is for the session
    /// in which it was asked: a logout wins over a refresh under way, and so does a login, be it in
    /// this copy of the library or in another that shares the storage.
    pub(super) fn session(&self) -> (u32, Option<String>) {
        (self.epoch.get(), self.token())
    }

    /// Whose session it is now.
    pub(super) fn holder(&self) -> Holder {
        Holder {
            logins: self.logins.get(),
            user_name: self.environment.load(keys::USER_NAME),
            has_token: self.token().is_some(),
        }
    }

    /// The token, if it is one for the configured broker.
    pub(super) fn token(&self) -> Option<String> {
        let token = self.environment.load(keys::TOKEN)?;
        let is_for_this =
            |broker: String| self.origin().is_ok_and(|origin| origin.base_url() == broker);
        // The maintainers' client does not say whose it is.
        self.environment.load(keys::BROKER).is_none_or(is_for_this).then_some(token)
    }

    /// The token that a job shows.
    pub(super) fn token_for(
        &self,
        job: &Job<'_>,
        holder: &Holder,
    ) -> Result<Option<String>, Error> {
        let needs = job.access == Access::Session;
        match self.token() {
            // Another logged in meanwhile, or this is another broker's.
            Some(_) if holder.has_token && *holder != self.holder() => Err(Error::NotLoggedIn),
            Some(_) if !self.origin().is_ok_and(|origin| origin == job.origin) => {
                Err(Error::NotLoggedIn)
            }
            None if needs && (holder.has_token || self.lost.get()) => Err(Error::NotLoggedIn),
            token => Ok(token),
        }
    }

    /// Keeps a new token.
    pub(super) fn begin_session(&self, arguments: &Value, response: &Value) {
        self.epoch.set(self.epoch.get().wrapping_add(1));
        self.lost.set(false);
        // A session that was taken over says how long it lasts, and has its token further in.
        let seconds = arguments.get("seconds").or_else(|| response.get("seconds"));
        let seconds = seconds.and_then(Value::as_integer).unwrap_or_default();
        let holder = response.get("AccountCreated").unwrap_or(response);
        let token = text_of(holder, "jwt");
        let user_name = self.user_of(text_of(arguments, "userName"), response, token);
        if self.environment.load(keys::USER_NAME).is_some_and(|before| before != user_name) {
            // What one user asked to hear is nothing for another.
            self.forget_handlers();
        }
        let now = self.environment.now();
        let lifetime = self.lifetime_ms(token, text_of(holder, "expires"), seconds, &now);
        let issued = now.unix_seconds();
        let origin = self.origin().map(|origin| origin.base_url()).unwrap_or_default();
        let lifetime_seconds = whole_seconds(lifetime);
        for (key, value) in [
            (keys::BROKER, origin.as_str()),
            (keys::USER_NAME, user_name.as_str()),
            (keys::TOKEN, token),
            (keys::SECONDS, &seconds.to_string()),
            (keys::REFRESH_DUE, &(issued + lifetime_seconds / 2).to_string()),
            (keys::EXPIRES, &(issued + lifetime_seconds).to_string()),
        ] {
            self.environment.store(key, value);
        }
        // That of the maintainers' client, for a token that is not any more.
        self.environment.remove(keys::REFRESH_TIMER);
        self.begin_term(token, seconds, Some(lifetime), 0.0);
    }

    /// Whose session it is: as the caller said, else the answer, else the token, else as before.
    fn user_of(&self, said: &str, response: &Value, token: &str) -> String {
        let in_answer = text_of(response, "userName");
        let known = [said, in_answer].into_iter().find(|name| !name.is_empty());
        let in_token = || Some(self.claims(token)?.get("sub")?.as_str()?.to_string());
        let before = || self.environment.load(keys::USER_NAME);
        known.map(String::from).or_else(in_token).or_else(before).unwrap_or_default()
    }

    /// What a token says, where it is a JSON Web Token.
    pub(super) fn claims(&self, token: &str) -> Option<Value> {
        self.environment.read_json(&payload(token)?)
    }

    pub(super) fn tell_session(&self, kind: &str, user_name: &str, reason: Option<&str>) {
        if !self.environment.listens(Hook::Session) {
            return;
        }
        let mut event = vec![("type".into(), kind.into()), ("userName".into(), user_name.into())];
        event.extend(reason.map(|reason| ("reason".into(), reason.into())));
        self.environment.tell(Hook::Session, &Value::Object(event));
    }
}

#[cfg(test)]
mod tests {
    use super::super::simulator::{Answer, Simulator};
    use super::super::{Body, CallOptions, HttpRequest, Origin};
    use super::*;
    use crate::session::login_signature;
    use crate::wire::account::{LOGIN, LOGOUT, REFRESH};
    use futures_util::future::join3;

    const TOKEN: &str = r#"{"jwt":"new","expires":1700003600}"#;

    fn client(answers: impl IntoIterator<Item = Answer>) -> Rc<Client<Simulator>> {
        let client = Rc::new(Client::new(Simulator::new(answers)));
        client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
        client
    }

    fn login(client: &Rc<Client<Simulator>>) -> Result<Value, Failure> {
        let arguments = vec!["alice".into(), "correct horse".into(), 600.into()];
        let call = client.call(&LOGIN, arguments, CallOptions::default());
        client.environment.run(call)
    }

    fn session(client: &Rc<Client<Simulator>>) -> Vec<Option<String>> {
        keys::OF_SESSION.iter().map(|key| client.environment.load(key)).collect()
    }

    fn has_session(client: &Rc<Client<Simulator>>) -> bool {
        session(client).iter().any(Option::is_some)
    }

    #[test]
    fn a_login_is_signed_and_kept() {
        let client = client([Answer::body(200, TOKEN)]);
        client.environment.store(keys::TOKEN, "old");
        let response = login(&client).unwrap();
        let [HttpRequest { headers, body: Body::Text(body), .. }] =
            &client.environment.requests()[..]
        else {
            panic!("one request with a body")
        };
        let body: Value = serde_json::from_str(body).unwrap();
        let text = |name| body.get(name).and_then(Value::as_str).unwrap();
        assert_eq!(
            text("signature"),
            login_signature("alice", "neuron.example", text("nonce"), "correct horse")
        );
        assert_eq!(text("nonce").len(), 44);
        assert_eq!(body.get("seconds"), Some(&600.into()));
        assert!(
            !headers.iter().any(|(name, _)| *name == "Authorization"),
            "an old token stays here"
        );
        assert_eq!(response.get("expires"), Some(&"2023-11-14T23:13:20Z".into()));
        assert_eq!(
            session(&client),
            [Some("alice"), Some("new"), Some("600"), Some("300"), Some("600"), None]
                .map(|value| value.map(String::from))
        );
    }

    #[test]
    fn no_nonce_is_used_twice() {
        let client = client(std::iter::repeat_n(Answer::body(200, TOKEN), 2));
        login(&client).unwrap();
        login(&client).unwrap();
        let [one, other] = &client.environment.requests()[..] else { panic!("two requests") };
        let (Body::Text(one), Body::Text(other)) = (&one.body, &other.body) else {
            panic!("two bodies")
        };
        assert_ne!(one, other);
    }

    #[test]
    fn bad_arguments_of_a_login_are_named() {
        let client = client([]);
        for (user_name, password, seconds, parameter) in [
            (Value::Null, "pw".into(), 1.into(), "UserName"),
            ("a@b".into(), "pw".into(), 1.into(), "UserName"),
            ("a".into(), Value::Null, 1.into(), "Password"),
            ("a".into(), "".into(), 1.into(), "Password"),
            ("a".into(), 7.into(), 1.into(), "Password"),
            ("a".into(), "pw".into(), 0.into(), "Seconds"),
            ("a".into(), "pw".into(), Value::Null, "Seconds"),
        ] {
            let call =
                client.call(&LOGIN, vec![user_name, password, seconds], CallOptions::default());
            match client.environment.run(call) {
                Err(Failure { error: Error::InvalidArgument { parameter: found, .. }, .. }) => {
                    assert_eq!(found, parameter)
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(client.environment.requests().len(), 0);
    }

    #[test]
    fn a_refresh_replaces_the_token() {
        let client = client([Answer::body(200, TOKEN)]);
        client.environment.store(keys::TOKEN, "old");
        client.environment.store(keys::USER_NAME, "alice");
        client
            .environment
            .run(client.call(&REFRESH, vec![60.into()], CallOptions::default()))
            .unwrap();
        let requests = client.environment.requests();
        assert!(requests[0].headers.contains(&("Authorization", "Bearer old".into())));
        assert_eq!(client.environment.load(keys::TOKEN).as_deref(), Some("new"));
        assert_eq!(client.environment.load(keys::USER_NAME).as_deref(), Some("alice"));
    }

    #[test]
    fn a_refresh_needs_a_session() {
        let client = client([]);
        let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
        assert_eq!(client.environment.run(refresh).unwrap_err().code(), "not-logged-in");
    }

    #[test]
    fn a_failed_refresh_keeps_a_token_that_may_still_be_good() {
        for (answer, kept) in [
            (Answer::Lost, true),
            (Answer::body(500, ""), true),
            (Answer::body(200, "{}"), true),
            (Answer::body(401, ""), false),
        ] {
            let client = client([answer]);
            client.environment.store(keys::TOKEN, "old");
            let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
            client.environment.run(refresh).unwrap_err();
            assert_eq!(has_session(&client), kept);
        }
    }

    #[test]
    fn a_logout_clears_first_whatever_the_server_answers() {
        for (answer, settles_well) in [
            (Answer::body(200, "{}"), true),
            (Answer::body(200, ""), true),
            (Answer::body(401, ""), true),
            (Answer::body(500, ""), false),
            (Answer::Lost, false),
            (Answer::Never, false),
        ] {
            let client = client([answer]);
            client.environment.store(keys::TOKEN, "old");
            let outcome =
                client.environment.run(client.call(&LOGOUT, Vec::new(), CallOptions::default()));
            assert_eq!(outcome.is_ok(), settles_well);
            assert!(!has_session(&client));
            let requests = client.environment.requests();
            assert!(requests[0].headers.contains(&("Authorization", "Bearer old".into())));
        }
    }

    #[test]
    fn a_logout_without_a_session_asks_nobody() {
        let client = client([]);
        client.environment.run(client.call(&LOGOUT, Vec::new(), CallOptions::default())).unwrap();
    }

    #[test]
    fn a_logout_during_a_refresh_or_login_wins() {
        let client = client([
            Answer::body(200, TOKEN).after_ms(100),
            Answer::body(200, TOKEN).after_ms(100),
            Answer::body(200, "{}"),
        ]);
        client.environment.store(keys::TOKEN, "old");
        let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
        let login =
            client.call(&LOGIN, vec!["a".into(), "b".into(), 60.into()], CallOptions::default());
        let logout = async {
            client.environment.sleep(50).await;
            client.call(&LOGOUT, Vec::new(), CallOptions::default()).await
        };
        let (refresh, login, logout) = client.environment.run(join3(refresh, login, logout));
        assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
        assert_eq!(login.unwrap_err().code(), "not-logged-in");
        logout.unwrap();
        assert!(!has_session(&client));
    }

    #[test]
    fn a_later_login_wins_over_a_refresh_under_way() {
        let client = client([
            Answer::body(200, r#"{"jwt":"late","expires":0}"#).after_ms(100),
            Answer::body(200, TOKEN),
        ]);
        client.environment.store(keys::TOKEN, "old");
        let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
        let login = async {
            client.environment.sleep(50).await;
            let arguments = vec!["bob".into(), "b".into(), 60.into()];
            client.call(&LOGIN, arguments, CallOptions::default()).await
        };
        let (refresh, login, ()) = client.environment.run(join3(refresh, login, async {}));
        assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
        login.unwrap();
        assert_eq!(client.environment.load(keys::TOKEN).as_deref(), Some("new"));
        assert_eq!(client.environment.load(keys::USER_NAME).as_deref(), Some("bob"));
    }

    #[test]
    fn a_session_that_another_copy_ended_does_not_come_back() {
        let client = client([Answer::body(200, TOKEN).after_ms(100)]);
        client.environment.store(keys::TOKEN, "old");
        let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
        let elsewhere = async {
            client.environment.sleep(50).await;
            client.environment.remove(keys::TOKEN);
        };
        let (refresh, (), ()) = client.environment.run(join3(refresh, elsewhere, async {}));
        assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
        assert!(!has_session(&client));
    }

    #[test]
    fn a_token_is_not_shown_to_another_host() {
        let client = client([]);
        client.environment.store(keys::TOKEN, "token");
        client.set_origin(Some(&Origin::new("Neuron.Example:443", true).unwrap()));
        assert!(has_session(&client), "the same host, written otherwise");
        client.set_origin(Some(&Origin::new("other.example", true).unwrap()));
        assert!(!has_session(&client));
    }
}
