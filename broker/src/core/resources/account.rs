//! The group `Account`.

use super::super::arguments::Arguments;
use super::super::broker::{Broker, Call};
use super::super::nonces::{self, Fault};
use super::super::refusal::{Challenge, Refusal};
use super::super::signature;
use super::unix_seconds;
use neuron_agent_api::wire::Value;

type Answer = Result<Value, Refusal>;

/// What the broker says of its domain to anybody.
pub(super) fn domain_info(broker: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    Ok(Value::Object(vec![
        ("domain".into(), broker.domain().into()),
        ("useEncryption".into(), false.into()),
        ("humanReadableName".into(), "Local broker".into()),
        (
            "humanReadableDescription".into(),
            "A broker for development. It keeps nothing: all is new at each start.".into(),
        ),
    ]))
}

/// Opens a session for who can sign with the account's password.
pub(super) fn login(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let user_name = arguments.text("userName")?;
    let nonce = arguments.text("nonce")?;
    let seconds = arguments.integer("seconds")?;
    if nonce.chars().count() < nonces::SHORTEST {
        let shortest = nonces::SHORTEST;
        let rule = format!("The property \"nonce\" must have at least {shortest} characters.");
        return Err(Refusal::bad_request(rule));
    }
    // An unknown user name takes the same work and gets the same answer as a wrong password.
    let account = broker.account(user_name);
    let password = account.map_or(broker.decoy.as_str(), |account| account.password.as_str());
    let message = signature::login_message(user_name, call.host, nonce);
    let signature = signature::verify(password.as_bytes(), &message, arguments.text("signature")?);
    let Some(signature) = signature.filter(|_| account.is_some()) else {
        return Err(Refusal::unauthorized(
            "The user name or the signature is wrong. What is signed is the user name, the \
             host with its port as in the Host header, and the nonce, joined with colons.",
            Challenge::LogIn,
        ));
    };
    broker.nonces.take(nonce, signature).map_err(|fault| match fault {
        Fault::Used => {
            Refusal::bad_request("The nonce was used before. Each login needs a new one.")
        }
        Fault::Full => Refusal::new(503, "This broker can't remember more logins. Start it anew."),
    })?;
    let (id, expires) = (broker.new_id(), call.now + seconds);
    Ok(token(broker.tokens.open(user_name, call.now, expires, &id), expires))
}

/// Exchanges a token for a new one. The old one works for a moment more.
pub(super) fn refresh(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let (id, expires) = (broker.new_id(), call.now + arguments.integer("seconds")?);
    Ok(token(broker.tokens.exchange(call.session()?, call.now, expires, &id), expires))
}

/// Ends the session, with all its tokens.
pub(super) fn logout(broker: &mut Broker, call: &Call<'_>, _: &Arguments) -> Answer {
    broker.tokens.close(call.session()?);
    Ok(Value::Object(Vec::new()))
}

fn token(jwt: String, expires: i64) -> Value {
    Value::Object(vec![
        ("jwt".into(), Value::String(jwt)),
        ("expires".into(), unix_seconds(expires)),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{HOST, NOW, broker, call, log_in, login_body, sign, token};
    use super::*;
    use neuron_agent_api::wire::account::{DOMAIN_INFO, LOGIN, LOGOUT, REFRESH};

    const NONCE: &str = "0123456789abcdef0123456789abcdef";

    fn try_login(broker: &mut Broker, body: &str) -> Result<String, (u16, String)> {
        call(broker, &LOGIN, (None, NOW), body).map_err(|refusal| (refusal.status, refusal.text))
    }

    #[test]
    fn anybody_may_ask_for_the_domain() {
        let answer = call(&mut broker(), &DOMAIN_INFO, (None, NOW), "{}").unwrap();
        assert!(answer.starts_with(r#"{"domain":"localhost","useEncryption":false,"#));
    }

    #[test]
    fn a_right_signature_opens_a_session() {
        let broker = &mut broker();
        let answer = try_login(broker, &login_body("alice", "wonderland", NONCE, 600)).unwrap();
        assert!(answer.ends_with(&format!(r#","expires":{}}}"#, NOW + 600)));
        let token = token(&answer);
        assert!(broker.admit(&REFRESH, Some(&token), NOW + 599).is_ok());
        assert_eq!(broker.admit(&REFRESH, Some(&token), NOW + 600).err().unwrap().status, 401);
    }

    /// The documentation writes `seconds` as a pattern for whole numbers, which takes digits in a
    /// string too.
    #[test]
    fn seconds_may_be_digits_in_a_string() {
        let body = login_body("alice", "wonderland", NONCE, 600).replace("600", "\"600\"");
        assert!(try_login(&mut broker(), &body).is_ok());
    }

    #[test]
    fn a_wrong_signature_and_an_unknown_user_get_the_same_answer() {
        let broker = &mut broker();
        let wrong_password = try_login(broker, &login_body("alice", "x", NONCE, 600)).unwrap_err();
        let unknown_user = try_login(broker, &login_body("eve", "x", NONCE, 600)).unwrap_err();
        assert_eq!(wrong_password.0, 401);
        assert_eq!(wrong_password, unknown_user);
        let other_host = login_body("alice", "wonderland", NONCE, 600).replace(
            &sign("wonderland", &format!("alice:{HOST}:{NONCE}")),
            &sign("wonderland", &format!("alice:localhost:8080:{NONCE}")),
        );
        assert_eq!(try_login(broker, &other_host).unwrap_err(), wrong_password);
        let decoy = broker.decoy.clone();
        let lucky = try_login(broker, &login_body("eve", &decoy, NONCE, 600)).unwrap_err();
        assert_eq!(lucky, wrong_password);
        let empty = format!(r#"{{"userName":"","nonce":"{NONCE}","signature":"","seconds":1}}"#);
        assert_eq!(try_login(broker, &empty).unwrap_err(), wrong_password);
    }

    /// Otherwise anybody could use up a nonce that he saw on its way.
    #[test]
    fn a_refused_login_does_not_use_up_its_nonce() {
        let broker = &mut broker();
        try_login(broker, &login_body("alice", "x", NONCE, 600)).unwrap_err();
        assert!(try_login(broker, &login_body("alice", "wonderland", NONCE, 600)).is_ok());
    }

    #[test]
    fn a_nonce_is_accepted_once_whoever_sends_it() {
        let broker = &mut broker();
        try_login(broker, &login_body("alice", "wonderland", NONCE, 600)).unwrap();
        for body in
            [login_body("alice", "wonderland", NONCE, 600), login_body("bob", "builder", NONCE, 1)]
        {
            let (status, text) = try_login(broker, &body).unwrap_err();
            assert_eq!((status, text.contains("used before")), (400, true));
        }
    }

    #[test]
    fn a_short_nonce_is_refused() {
        let body = login_body("alice", "wonderland", &"å".repeat(31), 600);
        let (status, text) = try_login(&mut broker(), &body).unwrap_err();
        assert_eq!((status, text.contains("at least 32")), (400, true));
        let body = login_body("alice", "wonderland", &"å".repeat(32), 600);
        assert!(try_login(&mut broker(), &body).is_ok());
    }

    #[test]
    fn a_session_lasts_an_hour_at_most() {
        for seconds in [0, -1, 3601] {
            let body = login_body("alice", "wonderland", NONCE, seconds);
            let (status, text) = try_login(&mut broker(), &body).unwrap_err();
            assert_eq!((status, text.contains("from 1 to 3600")), (400, true), "{seconds}");
        }
    }

    #[test]
    fn a_session_goes_on_with_a_new_token() {
        let broker = &mut broker();
        let old = log_in(broker, "alice", "wonderland");
        let later = NOW + 100;
        let answer = call(broker, &REFRESH, (Some(&old), later), r#"{"seconds":60}"#).unwrap();
        let new = token(&answer);
        assert_ne!(new, old);
        assert!(answer.contains(&format!(r#""expires":{}"#, later + 60)));
        assert!(broker.admit(&REFRESH, Some(&old), later + 4).is_ok());
        assert_eq!(broker.admit(&REFRESH, Some(&old), later + 5).err().unwrap().status, 401);
        assert!(broker.admit(&REFRESH, Some(&new), later + 59).is_ok());
    }

    #[test]
    fn after_a_logout_no_token_of_the_session_is_good() {
        let broker = &mut broker();
        let first = log_in(broker, "alice", "wonderland");
        let answer = call(broker, &REFRESH, (Some(&first), NOW), r#"{"seconds":60}"#).unwrap();
        let second = token(&answer);
        assert_eq!(call(broker, &LOGOUT, (Some(&second), NOW), "{}").unwrap(), "{}");
        for token in [first, second] {
            assert_eq!(broker.admit(&LOGOUT, Some(&token), NOW).err().unwrap().status, 401);
        }
    }

    #[test]
    fn a_stranger_is_told_to_log_in() {
        let broker = broker();
        let refusal = |token| broker.admit(&LOGOUT, token, NOW).err().unwrap();
        assert_eq!(refusal(None).challenge, Some(Challenge::LogIn));
        assert!(matches!(refusal(Some("x")).challenge, Some(Challenge::InvalidToken(_))));
    }

    #[test]
    fn an_open_resource_does_not_look_at_a_token() {
        assert!(broker().admit(&LOGIN, Some("stale"), NOW).is_ok_and(|session| session.is_none()));
    }
}
