//! Signatures of the Agent API: HMAC-SHA256 over parts joined by colons, in Base64.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How many random bytes a nonce is made of; as Base64 they are 44 characters, and the broker
/// asks for 32 or more.
pub const NONCE_BYTES: usize = 32;

/// A nonce, from random bytes that serve this one time.
#[must_use]
pub fn nonce(random: &[u8; NONCE_BYTES]) -> String {
    Base64::encode_string(random)
}

/// The signature of a login. `host` is the `Host` header of the request, a port that is not the
/// protocol's own included.
#[must_use]
pub fn login_signature(user_name: &str, host: &str, nonce: &str, password: &str) -> String {
    sign(password, &[user_name, host, nonce])
}

fn sign(secret: &str, parts: &[&str]) -> String {
    // HMAC takes a key of any length: longer ones are hashed first (RFC 2104 §2).
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(parts.join(":").as_bytes());
    Base64::encode_string(&mac.finalize().into_bytes())
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
        let create = ["alice", "neuron.example", "alice@example.org", "pw", "KEY", NONCE];
        assert_eq!(sign("S3cret", &create), "qdEzNWPlmgnigFbatJCu5izzHAserZT/eGWKtDit+bk=");
        let with_phone =
            ["alice", "neuron.example", "alice@example.org", "+46700000000", "pw", "KEY", NONCE];
        assert_eq!(sign("S3cret", &with_phone), "yUzX78he7Kt9B+7lIrOHShmY3UmssPOmxl5O6DRPwf8=");
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
