//! Verifies requests that use a key of the account.

use super::session::nonce;
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::keys::Key;
use crate::core::login_limiter::Target;
use crate::core::nonces::NonceError;
use crate::core::refusal::Refusal;
use crate::core::signature::{self, Signature};
use crate::core::state::Broker;

/// Verifies a request that uses a key, and returns the key. After the key and its signature, the
/// account's password signs these parts.
///
/// The signature of the key covers the host, so a key can be used only under the host under which
/// it was made (see [`Key`]).
pub(super) fn verify(
    broker: &mut Broker,
    call: &Call<'_>,
    given: &Arguments,
    parts: &[&str],
) -> Result<Key, Refusal> {
    verify_signature(broker, call, given, parts).map(|(key, _)| key)
}

/// [`verify`], for a request with a nonce, which is signed before the other parts. The same request
/// is accepted once.
pub(super) fn verify_once(
    broker: &mut Broker,
    call: &Call<'_>,
    given: &Arguments,
    parts: &[&str],
) -> Result<Key, Refusal> {
    let nonce = nonce(given)?;
    let parts = [&[nonce], parts].concat();
    let (key, signature) = verify_signature(broker, call, given, &parts)?;
    take_nonce(broker, call, nonce, signature)?;
    Ok(key)
}

fn verify_signature(
    broker: &mut Broker,
    call: &Call<'_>,
    given: &Arguments,
    parts: &[&str],
) -> Result<(Key, Signature), Refusal> {
    let (key_id, key_signature) = (given.text("keyId")?, given.text("keySignature")?);
    let key = broker.caller(call)?.keys.get(key_id).cloned().ok_or_else(unknown_key)?;
    let user_name = &call.session()?.user_name;
    broker.refuse_blocked(call, Some(user_name))?;
    if !signature::are_equal(&key.proof, key_signature) {
        broker.record_failure(call, Target::Account(user_name));
        return Err(Refusal::new(
            403,
            "The property \"keySignature\" is wrong: another password of the key, another \
             algorithm, or another host than that under which the key was made.",
        ));
    }
    let algorithm = [crate::core::algorithms::ED25519, &key.namespace];
    let signature = verify_request(broker, call, given, algorithm, key_id, parts)?;
    Ok((key, signature))
}

/// Verifies the signature of a request by the account's password.
pub(super) fn verify_request(
    broker: &mut Broker,
    call: &Call<'_>,
    given: &Arguments,
    [local_name, namespace]: [&str; 2],
    key_id: &str,
    parts: &[&str],
) -> Result<Signature, Refusal> {
    let user_name = &call.session()?.user_name;
    // The answer shows whether a password is right, so guessing is limited as in a login.
    broker.refuse_blocked(call, Some(user_name))?;
    let signed_key = [user_name, call.host, local_name, namespace, key_id];
    let message = [&signed_key[..], &[given.text("keySignature")?], parts].concat().join(":");
    let password = broker.caller(call)?.account.password.as_bytes();
    match signature::verify(password, &message, given.text("requestSignature")?) {
        Some(signature) => Ok(signature),
        None => {
            broker.record_failure(call, Target::Account(user_name));
            Err(Refusal::new(
                403,
                "The property \"requestSignature\" is wrong. The account's password signs the \
                 user name, the host with its port as in the Host header, the algorithm, its \
                 namespace, the key, the keySignature and the parts of the request, joined with \
                 colons.",
            ))
        }
    }
}

/// Marks a nonce as used.
pub(super) fn take_nonce(
    broker: &mut Broker,
    call: &Call<'_>,
    nonce: &str,
    signature: Signature,
) -> Result<(), Refusal> {
    let user_name = &call.session()?.user_name;
    broker.nonces.take(user_name, nonce, signature).map_err(|fault| match fault {
        NonceError::Used => Refusal::new(
            403,
            "The property \"nonce\" was used before. Each request needs a new one.",
        ),
        NonceError::Full => {
            Refusal::new(503, "This broker can't remember more requests. Start it anew.")
        }
    })
}

/// There is no key with the id of a request.
pub(super) fn unknown_key() -> Refusal {
    Refusal::new(404, "The account has no such key.")
}
