//! Keys.

use super::key_request::{take_nonce, unknown_key, verify_request};
use super::session::nonce;
use crate::core::algorithms::{self, KEYS};
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::keys::{self, Key};
use crate::core::refusal::{Challenge, Refusal};
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::{object, unix_seconds};
use base64ct::{Base64, Encoding};
use neuron_agent_api::resources::crypto;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&crypto::GET_ALGORITHMS, get_algorithms),
    Route::new(&crypto::CREATE_KEY, create_key),
    Route::new(&crypto::GET_PUBLIC_KEY, get_public_key),
];

/// The maximum length of the id of a key, in bytes.
const MAX_ID_BYTES: usize = 1_023;

/// The length of the signature of a key, in bytes.
const SIGNATURE_BYTES: usize = 32;

fn get_algorithms(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    Ok(object([("Algorithms", Value::Array(vec![algorithms::ed25519(KEYS)]))]))
}

/// Makes a key. One with the same id is replaced, unless an identity has it.
fn create_key(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let nonce = nonce(given)?;
    let (local_name, namespace) = (given.text("localName")?, given.text("namespace")?);
    let (id, proof) = (given.text("id")?, given.text("keySignature")?);
    algorithms::check(local_name, namespace)?;
    check_id(id)?;
    check_proof(proof)?;
    let algorithm = [local_name, namespace];
    let signature = verify_request(broker, call, given, algorithm, id, &[nonce])?;
    take_nonce(broker, call, nonce, signature)?;
    if broker.is_key_in_use(&call.session()?.user_name, id) {
        return Err(Refusal::new(
            403,
            "The property \"id\" is that of a key that an identity has.",
        ));
    }
    let pair = broker.new_key_pair();
    let known = &mut broker.caller_mut(call)?.keys;
    let created = known.get(id).map_or(call.now, |key| key.created);
    let key = Key { namespace: namespace.into(), proof: proof.into(), created, pair };
    known.set(id, key).map_err(|_| Refusal::bad_request("The account has too many keys."))?;
    Ok(object([("created", unix_seconds(created)), ("updated", unix_seconds(call.now))]))
}

fn check_id(id: &str) -> Result<(), Refusal> {
    if id.len() > MAX_ID_BYTES {
        return Err(Refusal::bad_request("The property \"id\" is longer than 1023 bytes."));
    }
    Ok(())
}

/// The signature of a new key can't be verified, because the broker does not know the password.
fn check_proof(proof: &str) -> Result<(), Refusal> {
    let decoded = Base64::decode_vec(proof).ok().filter(|bytes| bytes.len() == SIGNATURE_BYTES);
    let rule = "The property \"keySignature\" must be a signature: 32 bytes in Base64.";
    decoded.map(drop).ok_or_else(|| Refusal::bad_request(rule))
}

/// Returns a public key of the account. Without a key, that of the broker, for which no session is
/// needed.
fn get_public_key(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let Some(id) = given.optional_text("keyId") else {
        return Ok(public_key(keys::public(&broker.key_pair), KEYS));
    };
    if call.session.is_none() {
        let text = "Log in first: the keys of an account need a bearer token.";
        return Err(Refusal::unauthorized(text, Challenge::LogIn));
    }
    let key = broker.caller(call)?.keys.get(id).ok_or_else(unknown_key)?;
    Ok(public_key(key.public(), &key.namespace))
}

fn public_key(key: String, namespace: &str) -> Value {
    object([("key", Value::String(key)), ("Algorithm", algorithms::ed25519(namespace))])
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{NOW, Pair, broker, call, pair, sign};
    use neuron_agent_api::resources::crypto::{CREATE_KEY, GET_ALGORITHMS, GET_PUBLIC_KEY};
    use neuron_agent_api::resources::legal::SIGN_DATA;

    fn create(pair: &mut Pair, id: &str) -> Result<String, String> {
        let body = pair.signed_as_alice(&CREATE_KEY, &format!(r#"{{"id":"{id}"}}"#));
        pair.as_alice(&CREATE_KEY, &body)
    }

    #[test]
    fn one_algorithm_is_listed() {
        let answer = pair().as_alice(&GET_ALGORITHMS, "{}").unwrap();
        assert!(answer.starts_with(r#"{"Algorithms":[{"localName":"ed25519","#), "{answer}");
    }

    #[test]
    fn a_key_is_made_and_its_public_part_can_be_read() {
        let mut pair = pair();
        let stored = format!(r#"{{"created":{NOW},"updated":{NOW}}}"#);
        assert_eq!(create(&mut pair, "k").unwrap(), stored);
        let first = pair.as_alice(&GET_PUBLIC_KEY, r#"{"keyId":"k"}"#).unwrap();
        assert!(first.contains(r#""localName":"ed25519","namespace":"urn:nf:iot:e2e:1.0""#));
        assert!(pair.as_bob(&GET_PUBLIC_KEY, r#"{"keyId":"k"}"#).unwrap_err().starts_with("404"));
        assert_eq!(create(&mut pair, "k").unwrap(), stored);
        assert_ne!(pair.as_alice(&GET_PUBLIC_KEY, r#"{"keyId":"k"}"#).unwrap(), first);
    }

    #[test]
    fn only_the_key_of_the_broker_can_be_read_without_a_session() {
        let broker = &mut broker();
        let mut read = |body| call(broker, &GET_PUBLIC_KEY, (None, NOW), body);
        assert!(read("{}").unwrap().starts_with(r#"{"key":""#));
        assert_eq!(read(r#"{"keyId":"k"}"#).unwrap_err().status, 401);
    }

    #[test]
    fn a_key_that_an_identity_has_is_not_replaced() {
        let mut pair = pair();
        pair.approved_as_alice();
        let refusal = create(&mut pair, "key").unwrap_err();
        assert!(refusal.starts_with("403 The property \"id\""), "{refusal}");
    }

    #[test]
    fn the_request_is_signed_and_accepted_once() {
        let mut pair = pair();
        let body = pair.signed_as_alice(&CREATE_KEY, r#"{"id":"k"}"#);
        for (name, value) in [("id", "other"), ("namespace", "urn:nfi:iot:e2e:1.0")] {
            let mut changed: serde_json::Value = serde_json::from_str(&body).unwrap();
            changed[name] = value.into();
            let refusal = pair.as_alice(&CREATE_KEY, &changed.to_string()).unwrap_err();
            assert!(refusal.starts_with("403 The property \"requestSignature\""), "{refusal}");
        }
        pair.as_alice(&CREATE_KEY, &body).unwrap();
        let refusal = pair.as_alice(&CREATE_KEY, &body).unwrap_err();
        assert!(refusal.starts_with("403 The property \"nonce\""), "{refusal}");
        let short = pair.signed_as_alice(&CREATE_KEY, r#"{"id":"k","nonce":"short"}"#);
        assert!(pair.as_alice(&CREATE_KEY, &short).unwrap_err().starts_with("400"));
    }

    #[test]
    fn other_algorithms_and_malformed_signatures_are_refused() {
        let mut pair = pair();
        for (fields, refusal) in [
            (r#""localName":"ed448""#, "501 This broker makes no ed448 keys"),
            (r#""localName":"x""#, "404 The property \"localName\""),
            (r#""namespace":"urn:x""#, "404 The property \"namespace\""),
            (r#""keySignature":"AAAA""#, "400 The property \"keySignature\""),
        ] {
            let body = format!(r#"{{"id":"k",{fields}}}"#);
            let body = pair.signed_as_alice(&CREATE_KEY, &body);
            let found = pair.as_alice(&CREATE_KEY, &body).unwrap_err();
            assert!(found.starts_with(refusal), "{found}");
        }
        let long = format!(r#"{{"id":"{}"}}"#, "k".repeat(1_024));
        let long = pair.signed_as_alice(&CREATE_KEY, &long);
        assert!(pair.as_alice(&CREATE_KEY, &long).unwrap_err().contains("1023 bytes"));
    }

    /// The password of a key is proved by the signature that was sent when the key was made.
    #[test]
    fn a_key_is_used_with_the_same_signature() {
        let mut pair = pair();
        let id = pair.approved_as_alice();
        let fields = format!(r#"{{"keyId":"key","legalId":"{id}","dataBase64":"aGk="}}"#);
        let body = pair.signed_as_alice(&SIGN_DATA, &fields);
        pair.as_alice(&SIGN_DATA, &body).unwrap();
        let mut other: serde_json::Value = serde_json::from_str(&body).unwrap();
        other["keySignature"] = sign("guess", "alice").into();
        let refusal = pair.as_alice(&SIGN_DATA, &other.to_string()).unwrap_err();
        assert!(refusal.starts_with("403 The property \"keySignature\""), "{refusal}");
        let mut other: serde_json::Value = serde_json::from_str(&body).unwrap();
        other["keyId"] = "unknown".into();
        assert!(pair.as_alice(&SIGN_DATA, &other.to_string()).unwrap_err().starts_with("404"));
    }

    #[test]
    fn guesses_of_the_password_are_limited() {
        let mut pair = pair();
        let body = pair.signed_as_alice(&CREATE_KEY, r#"{"id":"k","requestSignature":"x"}"#);
        let statuses: Vec<_> =
            (0..30).map(|_| pair.as_alice(&CREATE_KEY, &body).unwrap_err()).collect();
        assert!(statuses.first().unwrap().starts_with("403"));
        assert!(statuses.last().unwrap().starts_with("429"));
    }
}
