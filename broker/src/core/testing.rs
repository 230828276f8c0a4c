//! What the tests of the core share.

use super::{Broker, Call, Refusal, demo_accounts};
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use neuron_agent_api::wire::{Resource, Value, account};
use sha2::Sha256;

pub(super) const NOW: i64 = 1_700_000_000;
pub(super) const HOST: &str = "127.0.0.1:8080";

/// A broker with the demo accounts; the same at each call.
pub(super) fn broker() -> Broker {
    Broker::new("localhost", demo_accounts(), [1; 32]).unwrap()
}

/// Calls a resource with JSON. An answer is held to the contract as the client reads it.
pub(super) fn call(
    broker: &mut Broker,
    resource: &Resource,
    (token, now): (Option<&str>, i64),
    body: &str,
) -> Result<String, Refusal> {
    let session = broker.admit(resource, token, now)?;
    let body = serde_json::from_str(body).unwrap();
    let answer = broker.answer(resource, &Call { now, host: HOST, session }, &body)?;
    resource.response(&answer).unwrap();
    Ok(serde_json::to_string(&answer).unwrap())
}

/// The body of a login that is signed as it must be.
pub(super) fn login_body(user_name: &str, password: &str, nonce: &str, seconds: i64) -> String {
    let signature = sign(password, &format!("{user_name}:{HOST}:{nonce}"));
    [
        format!(r#"{{"userName":"{user_name}","nonce":"{nonce}","#),
        format!(r#""signature":"{signature}","seconds":{seconds}}}"#),
    ]
    .concat()
}

pub(super) fn sign(password: &str, message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(password.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    Base64::encode_string(&mac.finalize().into_bytes())
}

/// Logs in for an hour and gives the token.
pub(super) fn log_in(broker: &mut Broker, user_name: &str, password: &str) -> String {
    let nonce = format!("{user_name:->32}");
    let body = login_body(user_name, password, &nonce, 3600);
    token(&call(broker, &account::LOGIN, (None, NOW), &body).unwrap())
}

/// The token in an answer.
pub(super) fn token(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    answer.get("jwt").and_then(Value::as_str).unwrap().into()
}
