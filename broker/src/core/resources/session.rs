//! Opens and ends sessions.

use crate::core::address::parse_user_name;
use crate::core::arguments::Arguments;
use crate::core::call::{Call, Credentials};
use crate::core::event_handlers::EventHandlers;
use crate::core::login_limiter::Target;
use crate::core::nonces::{self, NonceError};
use crate::core::password::normalise;
use crate::core::refusal::{Challenge, Refusal};
use crate::core::route::{Answer, Route};
use crate::core::signature::{self, Signature};
use crate::core::state::Broker;
use crate::core::tabs::Tabs;
use crate::core::tokens::{ALGORITHM, TYPE};
use crate::core::values::{object, unix_seconds};
use base64ct::{Base64, Encoding};
use neuron_agent_api::resources::account;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&account::LOGIN, login),
    Route::new(&account::WWW_LOGIN, www_login),
    Route::new(&account::REFRESH, refresh).allow_disabled(),
    Route::new(&account::LOGOUT, logout).allow_disabled(),
    Route::new(&account::AUTHENTICATE_JWT, authenticate_jwt),
];

/// Opens a session for a caller that signs with the account's password.
fn login(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let sent_name = arguments.text("userName")?;
    let nonce = nonce(arguments)?;
    // An unknown user name takes the same time and gets the same answer as a wrong password.
    let user_name = parse_user_name(sent_name).unwrap_or_default();
    broker.refuse_blocked(call, Some(&user_name))?;
    let user = broker.users.get(&user_name);
    let password = user.map_or(broker.dummy_secret.as_str(), |user| user.account.password.as_str());
    let message = signature::login_message(sent_name, call.host, nonce);
    let signature = signature::verify(password.as_bytes(), &message, arguments.text("signature")?);
    let Some(signature) = signature.filter(|_| user.is_some()) else {
        broker.record_failure(call, Target::Account(&user_name));
        return Err(Refusal::unauthorized(
            "The user name or the password is incorrect. If both are right, the signature is not: \
             the password signs the user name, the host with its port as in the Host header, and \
             the nonce, joined with colons.",
            Challenge::LogIn,
        ));
    };
    take_nonce(broker, &user_name, nonce, signature)?;
    Ok(token(open(broker, call, &user_name, arguments.integer("seconds")?)?))
}

/// Opens a session for a caller that sends user name and password (RFC 7617).
fn www_login(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let Credentials::Basic(base64) = call.credentials else {
        let text = "Send user name and password: Authorization: Basic.";
        return Err(Refusal::unauthorized(text, Challenge::Password));
    };
    let decoded = Base64::decode_vec(base64).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let (user_name, password) =
        decoded.as_deref().and_then(|decoded| decoded.split_once(':')).unwrap_or_default();
    let user_name = parse_user_name(user_name).unwrap_or_default();
    broker.refuse_blocked(call, Some(&user_name))?;
    let user = broker.users.get(&user_name);
    if !user.is_some_and(|user| signature::are_equal(&user.account.password, &normalise(password)))
    {
        broker.record_failure(call, Target::Account(&user_name));
        let text = "The user name or the password is incorrect.";
        return Err(Refusal::unauthorized(text, Challenge::Password));
    }
    Ok(token(open(broker, call, &user_name, arguments.integer("seconds")?)?))
}

/// Exchanges the token for a new one. The old one stays valid for a few seconds.
fn refresh(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let (id, expires) = (broker.new_id(), call.now + arguments.integer("seconds")?);
    Ok(token((broker.tokens.exchange(call.session()?, call.now, expires, &id), expires)))
}

/// Ends the session and all its tokens.
fn logout(broker: &mut Broker, call: &Call<'_>, _: &Arguments) -> Answer {
    let session = call.session()?;
    let end = |handlers: &mut EventHandlers, _: &Tabs| handlers.remove_session(&session.resource);
    broker.update_event_handlers(&session.user_name, call.now, end);
    broker.tokens.close(session);
    Ok(object([]))
}

/// Decodes a valid token of this broker. The answer to an invalid one is 400, because a client
/// takes 401 to be about its own token, and drops that.
fn authenticate_jwt(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let token = given.text("token")?;
    let decode = broker.tokens.decode(token, call.now).map_err(|reason| {
        Refusal::bad_request(format!("The property \"token\" is not a valid token: {reason}."))
    })?;
    let claims = value(&decode.claims);
    let claim = |name: &str| claims.get(name).cloned().unwrap_or(Value::Null);
    Ok(object([
        ("header", decode.header.into()),
        ("payload", decode.payload.into()),
        ("signature", decode.signature.into()),
        ("algorithm", ALGORITHM.into()),
        ("type", TYPE.into()),
        ("issuer", claim("iss")),
        ("subject", claim("sub")),
        ("id", claim("jti")),
        ("expiration", claim("exp")),
        ("issuedAt", claim("iat")),
        ("claims", claims),
    ]))
}

/// Converts JSON to the wire's own type.
fn value(json: &serde_json::Value) -> Value {
    serde_json::from_value(json.clone()).unwrap_or(Value::Null)
}

/// The nonce of a request. It must have a minimum length.
pub(super) fn nonce(arguments: &Arguments) -> Result<&str, Refusal> {
    let nonce = arguments.text("nonce")?;
    if nonce.chars().count() < nonces::MIN_LENGTH {
        let shortest = nonces::MIN_LENGTH;
        let rule = format!("The property \"nonce\" must have at least {shortest} characters.");
        return Err(Refusal::bad_request(rule));
    }
    Ok(nonce)
}

/// Marks a nonce as used.
pub(super) fn take_nonce(
    broker: &mut Broker,
    user_name: &str,
    nonce: &str,
    signature: Signature,
) -> Result<(), Refusal> {
    broker.nonces.take(user_name, nonce, signature).map_err(|fault| match fault {
        NonceError::Used => {
            Refusal::bad_request("The nonce was used before. Each login needs a new one.")
        }
        NonceError::Full => {
            Refusal::new(503, "This broker can't remember more logins. Start it anew.")
        }
    })
}

/// Opens a session for an authenticated user. Returns the token, and when it expires.
pub(super) fn open(
    broker: &mut Broker,
    call: &Call<'_>,
    user_name: &str,
    seconds: i64,
) -> Result<(String, i64), Refusal> {
    broker.record_success(call, user_name);
    let (id, expires) = (broker.new_id(), call.now + seconds);
    let token = broker.tokens.open(user_name, call.now, expires, &id);
    let account = broker.bare_jid(user_name)?;
    broker.redeliver_requests(&account);
    broker.announce_session(user_name, call.now);
    Ok((token, expires))
}

fn token((jwt, expires): (String, i64)) -> Value {
    object([("jwt", Value::String(jwt)), ("expires", unix_seconds(expires))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::testing::{
        HOST, NOW, admit, broker, call, call_with, log_in, login_body, sign, token,
    };
    use neuron_agent_api::resources::account::{
        AUTHENTICATE_JWT, LOGIN, LOGOUT, REFRESH, WWW_LOGIN,
    };

    const SECONDS: &str = r#"{"seconds":60}"#;
    const NONCE: &str = "0123456789abcdef0123456789abcdef";

    fn try_login(broker: &mut Broker, body: &str) -> Result<String, (u16, String)> {
        call(broker, &LOGIN, (None, NOW), body).map_err(|refusal| (refusal.status, refusal.text))
    }

    #[test]
    fn a_valid_signature_opens_a_session() {
        let broker = &mut broker();
        let answer = try_login(broker, &login_body("alice", "wonderland", NONCE, 600)).unwrap();
        assert!(answer.ends_with(&format!(r#","expires":{}}}"#, NOW + 600)));
        let token = token(&answer);
        assert!(admit(broker, &REFRESH, Some(&token), NOW + 599).is_ok());
        assert_eq!(admit(broker, &REFRESH, Some(&token), NOW + 600).err().unwrap().status, 401);
    }

    /// The same name may be written differently, as when the account was created.
    #[test]
    fn a_user_name_is_normalised() {
        let body = login_body("ALICE", "wonderland", NONCE, 600);
        let broker = &mut broker();
        let token = token(&try_login(broker, &body).unwrap());
        assert!(admit(broker, &LOGOUT, Some(&token), NOW).unwrap().unwrap().user_name == "alice");
    }

    /// The documentation matches `seconds` with a pattern for whole numbers, which takes digits in
    /// a string too.
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
        let dummy_secret = broker.dummy_secret.clone();
        let lucky = try_login(broker, &login_body("eve", &dummy_secret, NONCE, 600)).unwrap_err();
        assert_eq!(lucky, wrong_password);
        let empty = format!(r#"{{"userName":"","nonce":"{NONCE}","signature":"","seconds":1}}"#);
        assert_eq!(try_login(broker, &empty).unwrap_err(), wrong_password);
    }

    /// Otherwise anybody who saw a nonce on its way could use it up.
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
    fn a_session_continues_with_a_new_token() {
        let broker = &mut broker();
        let old = log_in(broker, "alice", "wonderland");
        let later = NOW + 100;
        let answer = call(broker, &REFRESH, (Some(&old), later), r#"{"seconds":60}"#).unwrap();
        let new = token(&answer);
        assert_ne!(new, old);
        assert!(answer.contains(&format!(r#""expires":{}"#, later + 60)));
        assert!(admit(broker, &REFRESH, Some(&old), later + 4).is_ok());
        assert_eq!(admit(broker, &REFRESH, Some(&old), later + 5).err().unwrap().status, 401);
        assert!(admit(broker, &REFRESH, Some(&new), later + 59).is_ok());
    }

    #[test]
    fn a_logout_ends_all_tokens_of_the_session() {
        let broker = &mut broker();
        let first = log_in(broker, "alice", "wonderland");
        let answer = call(broker, &REFRESH, (Some(&first), NOW), r#"{"seconds":60}"#).unwrap();
        let second = token(&answer);
        assert_eq!(call(broker, &LOGOUT, (Some(&second), NOW), "{}").unwrap(), "{}");
        for token in [first, second] {
            assert_eq!(admit(broker, &LOGOUT, Some(&token), NOW).err().unwrap().status, 401);
        }
    }

    #[test]
    fn a_call_without_a_valid_token_is_challenged() {
        let broker = &mut broker();
        let mut refusal = |token| admit(broker, &LOGOUT, token, NOW).err().unwrap();
        assert_eq!(refusal(None).challenge, Some(Challenge::LogIn));
        assert!(matches!(refusal(Some("x")).challenge, Some(Challenge::InvalidToken(_))));
    }

    #[test]
    fn an_open_resource_ignores_a_token() {
        assert!(
            admit(&mut broker(), &LOGIN, Some("stale"), NOW).is_ok_and(|session| session.is_none())
        );
    }

    #[test]
    fn a_password_opens_a_session() {
        let broker = &mut broker();
        let mut try_it = |credentials: Credentials<'_>| {
            call_with(broker, &WWW_LOGIN, credentials, NOW, r#"{"seconds":60}"#)
        };
        let right = Base64::encode_string(b"alice:wonderland");
        assert!(try_it(Credentials::Basic(&right)).unwrap().contains(r#""jwt":""#));
        for wrong in ["alice:", "alice", "eve:wonderland", ":", "", "alice:wonderland:"] {
            let wrong = Base64::encode_string(wrong.as_bytes());
            let refusal = try_it(Credentials::Basic(&wrong)).unwrap_err();
            assert_eq!((refusal.status, refusal.challenge), (401, Some(Challenge::Password)));
        }
        for none in [Credentials::None, Credentials::Bearer("x"), Credentials::Basic("%")] {
            assert_eq!(try_it(none).unwrap_err().challenge, Some(Challenge::Password));
        }
    }

    #[test]
    fn a_token_is_decoded_for_anybody() {
        let broker = &mut broker();
        let token = log_in(broker, "alice", "wonderland");
        let body = format!(r#"{{"token":"{token}"}}"#);
        let answer = call(broker, &AUTHENTICATE_JWT, (None, NOW), &body).unwrap();
        for part in [
            r#""algorithm":"HS256","type":"JWT","issuer":"localhost","subject":"alice""#,
            &format!(r#""expiration":{}"#, NOW + 3600),
            &format!(r#""issuedAt":{NOW}"#),
            r#""claims":{"#,
        ] {
            assert!(answer.contains(part), "{answer}");
        }
        let late = call(broker, &AUTHENTICATE_JWT, (None, NOW + 3600), &body).unwrap_err();
        assert_eq!((late.status, late.text.contains("expired")), (400, true));
        let wrong = call(broker, &AUTHENTICATE_JWT, (Some("x"), NOW), r#"{"token":"x"}"#);
        assert_eq!(wrong.unwrap_err().status, 400);
    }

    #[test]
    fn failures_in_a_row_block_logins_but_not_sessions() {
        let broker = &mut broker();
        let token = log_in(broker, "alice", "wonderland");
        for _ in 0..20 {
            assert_eq!(try_login(broker, &login_body("alice", "x", NONCE, 1)).unwrap_err().0, 401);
        }
        let right = login_body("alice", "wonderland", NONCE, 600);
        assert_eq!(
            try_login(broker, &right).unwrap_err(),
            (
                429,
                "Too many failed login attempts in a row registered. Try again in 1 minute. \
                 Remote Endpoint: 192.0.2.1"
                    .into()
            )
        );
        let decoded = Base64::encode_string(b"ALICE:wonderland");
        let refusal = call_with(broker, &WWW_LOGIN, Credentials::Basic(&decoded), NOW, SECONDS);
        assert_eq!(refusal.unwrap_err().status, 429);
        assert!(admit(broker, &LOGOUT, Some(&token), NOW).is_ok());
        log_in(broker, "bob", "builder");
        assert!(call(broker, &LOGIN, (None, NOW + 60), &right).is_ok());
    }

    #[test]
    fn a_login_with_another_account_does_not_help_to_guess() {
        let broker = &mut broker();
        let wrong = login_body("bob", "x", NONCE, 1);
        for attempt in 0..380 {
            let expected = if attempt < 20 { 401 } else { 429 };
            assert_eq!(try_login(broker, &wrong).unwrap_err().0, expected, "{attempt}");
            log_in(broker, "alice", "wonderland");
        }
    }

    #[test]
    fn guessing_at_many_accounts_is_blocked_too() {
        let broker = &mut broker();
        for number in 0..100 {
            log_in(broker, "alice", "wonderland");
            let wrong = login_body(&format!("user{number}"), "x", NONCE, 1);
            assert_eq!(try_login(broker, &wrong).unwrap_err().0, 401, "{number}");
        }
        let right = login_body("alice", "wonderland", NONCE, 1);
        assert_eq!(try_login(broker, &right).unwrap_err().0, 429);
        assert_eq!(admit(broker, &LOGOUT, Some("dead"), NOW).err().unwrap().status, 429);
        assert!(call(broker, &LOGIN, (None, NOW + 60), &right).is_ok());
    }

    #[test]
    fn invalid_tokens_count_as_failed_logins() {
        let broker = &mut broker();
        for _ in 0..19 {
            assert_eq!(admit(broker, &LOGOUT, Some("dead"), NOW).err().unwrap().status, 401);
        }
        log_in(broker, "alice", "wonderland");
        for _ in 0..20 {
            assert_eq!(admit(broker, &LOGOUT, Some("dead"), NOW).err().unwrap().status, 401);
        }
        assert_eq!(admit(broker, &LOGOUT, Some("dead"), NOW).err().unwrap().status, 429);
        assert_eq!(admit(broker, &LOGOUT, None, NOW).err().unwrap().status, 401);
    }
}
