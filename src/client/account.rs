//! Opening, prolonging and ending a session.

use super::{CallOptions, Client, Environment};
use crate::error::Error;
use crate::session::{NONCE_BYTES, keys, login_signature, nonce};
use crate::wire::Value;
use crate::wire::account::{LOGIN, LOGOUT, REFRESH};

impl<E: Environment> Client<E> {
    /// Opens a session. The password is not sent: it signs the request.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn login(&self, values: Vec<Value>, options: CallOptions) -> Result<Value, Error> {
        let arguments = LOGIN.arguments(values)?;
        let text = |name| arguments.get(name).and_then(Value::as_str).unwrap_or_default();
        let mut random = [0; NONCE_BYTES];
        self.environment.fill_random(&mut random)?;
        let nonce = nonce(&random);
        let host = self.origin()?;
        let signature = login_signature(text("userName"), host.host(), &nonce, text("password"));
        let seconds = arguments.get("seconds").cloned().unwrap_or(Value::Null);
        let request = LOGIN.request(vec![
            text("userName").into(),
            nonce.as_str().into(),
            signature.as_str().into(),
            seconds,
        ])?;
        let epoch = self.epoch.get();
        let response = self.send(&LOGIN, &request, None, options).await?;
        self.begin_session(epoch, text("userName"), &request, &response)?;
        Ok(response)
    }

    /// Exchanges the token for a new one.
    ///
    /// # Errors
    /// [`Error::NotLoggedIn`] without a session, or when it ended meanwhile; else any [`Error`].
    pub async fn refresh(&self, values: Vec<Value>, options: CallOptions) -> Result<Value, Error> {
        let request = REFRESH.request(values)?;
        let token = self.environment.load(keys::TOKEN).ok_or(Error::NotLoggedIn)?;
        let user_name = self.environment.load(keys::USER_NAME).unwrap_or_default();
        let epoch = self.epoch.get();
        let response = self.send(&REFRESH, &request, Some(token), options).await?;
        self.begin_session(epoch, &user_name, &request, &response)?;
        Ok(response)
    }

    /// Ends the session: here at once, then at the broker.
    ///
    /// # Errors
    /// Any [`Error`] of telling the broker. The session has ended here all the same.
    pub async fn logout(&self, options: CallOptions) -> Result<Value, Error> {
        let token = self.environment.load(keys::TOKEN);
        self.forget_session();
        let ended = Value::Object(Vec::new());
        let Some(token) = token else { return Ok(ended) };
        match self.send(&LOGOUT, &ended, Some(token), options).await {
            // The broker knows no such session: that is what was asked for.
            Err(Error::Refused(refusal)) if matches!(refusal.status, 401 | 403 | 404) => Ok(ended),
            outcome => outcome,
        }
    }

    /// Ends the session here.
    pub(super) fn forget_session(&self) {
        self.epoch.set(self.epoch.get().wrapping_add(1));
        keys::OF_SESSION.iter().for_each(|key| self.environment.remove(key));
    }

    /// Ends the session here if it still is the one of this token. The broker counts each use of
    /// a dead one as a failed login, and blocks.
    pub(super) fn forget_token(&self, token: Option<&str>) {
        if token.is_some() && self.environment.load(keys::TOKEN).as_deref() == token {
            self.forget_session();
        }
    }

    /// Keeps a new token, unless the session that asked for it has ended: a logout wins over a
    /// refresh under way.
    fn begin_session(
        &self,
        epoch: u32,
        user_name: &str,
        request: &Value,
        response: &Value,
    ) -> Result<(), Error> {
        if epoch != self.epoch.get() {
            return Err(Error::NotLoggedIn);
        }
        let seconds = request.get("seconds").and_then(Value::as_integer).unwrap_or_default();
        let token = response.get("jwt").and_then(Value::as_str).unwrap_or_default();
        let now = self.environment.unix_seconds();
        for (key, value) in [
            (keys::USER_NAME, user_name),
            (keys::TOKEN, token),
            (keys::SECONDS, &seconds.to_string()),
            (keys::REFRESH_DUE, &(now + seconds / 2).to_string()),
            (keys::EXPIRES, &(now + seconds).to_string()),
        ] {
            self.environment.store(key, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::simulator::{Answer, Simulator};
    use super::super::{HttpRequest, Origin};
    use super::*;
    use futures_util::future::join3;

    const TOKEN: &str = r#"{"jwt":"new","expires":1700003600}"#;

    fn client(answers: impl IntoIterator<Item = Answer>) -> Client<Simulator> {
        let client = Client::new(Simulator::new(answers));
        client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
        client
    }

    fn login(client: &Client<Simulator>) -> Result<Value, Error> {
        let arguments = vec!["alice".into(), "correct horse".into(), 600.into()];
        let call = client.login(arguments, CallOptions::default());
        client.environment.run(call)
    }

    fn session(client: &Client<Simulator>) -> Vec<Option<String>> {
        keys::OF_SESSION.iter().map(|key| client.environment.load(key)).collect()
    }

    fn has_session(client: &Client<Simulator>) -> bool {
        session(client).iter().any(Option::is_some)
    }

    #[test]
    fn a_login_is_signed_and_kept() {
        let client = client([Answer::body(200, TOKEN)]);
        client.environment.store(keys::TOKEN, "old");
        let response = login(&client).unwrap();
        let [HttpRequest { headers, body: Some(body), .. }] = &client.environment.requests()[..]
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
        assert_ne!(one.body, other.body);
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
            let call = client.login(vec![user_name, password, seconds], CallOptions::default());
            match client.environment.run(call) {
                Err(Error::InvalidArgument { parameter: found, .. }) => {
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
        client.environment.run(client.refresh(vec![60.into()], CallOptions::default())).unwrap();
        let requests = client.environment.requests();
        assert!(requests[0].headers.contains(&("Authorization", "Bearer old".into())));
        assert_eq!(client.environment.load(keys::TOKEN).as_deref(), Some("new"));
        assert_eq!(client.environment.load(keys::USER_NAME).as_deref(), Some("alice"));
    }

    #[test]
    fn a_refresh_needs_a_session() {
        let client = client([]);
        let refresh = client.refresh(vec![60.into()], CallOptions::default());
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
            let refresh = client.refresh(vec![60.into()], CallOptions::default());
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
            let outcome = client.environment.run(client.logout(CallOptions::default()));
            assert_eq!(outcome.is_ok(), settles_well);
            assert!(!has_session(&client));
            let requests = client.environment.requests();
            assert!(requests[0].headers.contains(&("Authorization", "Bearer old".into())));
        }
    }

    #[test]
    fn a_logout_without_a_session_asks_nobody() {
        let client = client([]);
        client.environment.run(client.logout(CallOptions::default())).unwrap();
    }

    #[test]
    fn a_logout_during_a_refresh_or_login_wins() {
        let client = client([
            Answer::body(200, TOKEN).after_ms(100),
            Answer::body(200, TOKEN).after_ms(100),
            Answer::body(200, "{}"),
        ]);
        client.environment.store(keys::TOKEN, "old");
        let refresh = client.refresh(vec![60.into()], CallOptions::default());
        let login = client.login(vec!["a".into(), "b".into(), 60.into()], CallOptions::default());
        let logout = async {
            client.environment.sleep(50).await;
            client.logout(CallOptions::default()).await
        };
        let (refresh, login, logout) = client.environment.run(join3(refresh, login, logout));
        assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
        assert_eq!(login.unwrap_err().code(), "not-logged-in");
        logout.unwrap();
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
