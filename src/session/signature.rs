//! Signatures of the Agent API: HMAC-SHA256 over parts joined by colons, in Base64.

use crate::syntax::base64;
use crate::text;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How many random bytes a nonce is made of; as Base64 they are 44 characters, and the broker
/// asks for 32 or more.
pub const NONCE_BYTES: usize = 32;

/// A nonce, from random bytes that serve this one time.
#[must_use]
pub fn nonce(random: &[u8; NONCE_BYTES]) -> String {
    base64::encode(random)
}

/// The signature of a login. `host` is the `Host` header of the request, a port that is not the
/// protocol's own included.
#[must_use]
pub fn login_signature(user_name: &str, host: &str, nonce: &str, password: &str) -> String {
    sign(password, &[user_name, host, nonce])
}

/// The signature of an account's creation, with the secret of the API key. A phone number that is
/// given is signed as well.
#[must_use]
pub fn create_signature(
    [user_name, host, e_mail, phone_nr, password, api_key, nonce]: [&str; 7],
    secret: &str,
) -> String {
    if phone_nr.is_empty() {
        sign(secret, &[user_name, host, e_mail, password, api_key, nonce])
    } else {
        sign(secret, &[user_name, host, e_mail, phone_nr, password, api_key, nonce])
    }
}

/// The two signatures of a transfer: that of the key, with the key's password, and that of the
/// request, with the account's.
#[must_use]
pub fn transfer_signatures(
    key: [&str; 5],
    key_password: &str,
    nonce: &str,
    pin: &str,
    account_password: &str,
) -> (String, String) {
    let key_signature = sign(key_password, &key);
    let [user_name, host, local_name, namespace, key_id] = key;
    let mut parts = vec![user_name, host, local_name, namespace, key_id, &key_signature, nonce];
    if !pin.is_empty() {
        parts.push(pin);
    }
    let request_signature = sign(account_password, &parts);
    (key_signature, request_signature)
}

/// The header of a login with the password itself (RFC 7617).
#[must_use]
pub fn basic_credentials(user_name: &str, password: &str) -> String {
    let pair = text::concat(&[user_name, ":", password]);
    text::concat(&["Basic ", &base64::encode(pair.as_bytes())])
}

/// What a token says of whose it is. Nobody relies on it: the broker alone can check a token.
#[must_use]
pub fn payload(token: &str) -> Option<String> {
    let payload = token.split('.').nth(1)?;
    String::from_utf8(base64::decode_url(payload)?).ok()
}

fn sign(secret: &str, parts: &[&str]) -> String {
    // HMAC takes a key of any length: longer ones are hashed first (RFC 2104 §2).
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            mac.update(b":");
        }
        mac.update(part.as_bytes());
    }
    base64::encode(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    /// The vectors of the wire contract (`docs/wire.md`), checked against the maintainers' client.
    #[test]
    fn the_vectors_of_the_contract_hold() {
        assert_eq!(
            login_signature("alice", "neuron.example", NONCE, "correct horse"),
            "3FsYVd6PlAct7c/s7mHETSbeTDkpuwFAkFlVlOB9MRM="
        );
        let create = |phone_nr| {
            let account = ["alice", "neuron.example", "alice@example.org"];
            let [user_name, host, e_mail] = account;
            create_signature([user_name, host, e_mail, phone_nr, "pw", "KEY", NONCE], "S3cret")
        };
        assert_eq!(create(""), "qdEzNWPlmgnigFbatJCu5izzHAserZT/eGWKtDit+bk=");
        assert_eq!(create("+46700000000"), "yUzX78he7Kt9B+7lIrOHShmY3UmssPOmxl5O6DRPwf8=");
        let key = ["alice", "neuron.example", "ed448", "urn:nf:iot:e2e:1.0", "key1"];
        let (key_signature, _) = transfer_signatures(key, "keypw", NONCE, "1234", "pw");
        assert_eq!(key_signature, "ZlPin8FrKcJq8+Nv2RsdGsuylCFfYpO6VOdRTIhO+Xw=");
        // The contract's vector of a request signature is that of CreateKey, which has no PIN.
        let parts = [key.join(":"), key_signature, NONCE.to_string()].join(":");
        assert_eq!(sign("pw", &[&parts]), "6ad0UxM5vKp0feWSt+TMfry708FGFtHLHvT4WsX8fIE=");
    }

    #[test]
    fn a_password_of_any_length_signs() {
        for password in ["p".to_string(), "p".repeat(64), "p".repeat(65), "p".repeat(1000)] {
            assert_eq!(login_signature("a", "b", "c", &password).len(), 44);
        }
    }

    #[test]
    fn a_nonce_has_44_characters() {
        assert_eq!(nonce(&[0xFF; NONCE_BYTES]), "//////////////////////////////////////////8=");
    }
}
