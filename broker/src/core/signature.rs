//! Signatures: HMAC-SHA256, compared in constant time.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The bytes of a signature.
pub(super) type Signature = [u8; 32];

/// The message that a login signs. The contract joins the parts without escaping them.
pub(super) fn login_message(user_name: &str, host: &str, nonce: &str) -> String {
    [user_name, host, nonce].join(":")
}

/// The message that the creation of an account signs. A phone number is signed if there is one.
pub(super) fn creation_message(
    [user_name, host, e_mail]: [&str; 3],
    phone: Option<&str>,
    [password, api_key, nonce]: [&str; 3],
) -> String {
    let mut parts = vec![user_name, host, e_mail];
    parts.extend(phone);
    parts.extend([password, api_key, nonce]);
    parts.join(":")
}

/// Decodes a signature from Base64. `None` if it is not valid for this secret and message.
pub(super) fn verify(secret: &[u8], message: &str, base64: &str) -> Option<Signature> {
    let mut sent = Signature::default();
    // A malformed signature is compared too, so that it takes as long as a wrong one.
    let length = Base64::decode(base64, &mut sent).map(<[u8]>::len);
    let whole = length == Ok(sent.len());
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(message.as_bytes());
    let right = mac.verify_slice(&sent).is_ok();
    (whole && right).then_some(sent)
}

/// Whether two secrets are equal. Their digests are compared, so that the time does not depend on
/// where they differ.
pub(super) fn are_equal(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of the contract.
    const RIGHT: &str = "3FsYVd6PlAct7c/s7mHETSbeTDkpuwFAkFlVlOB9MRM=";

    fn is_right(secret: &str, user_name: &str, signature: &str) -> bool {
        let message = login_message(user_name, "neuron.example", &"A".repeat(32));
        verify(secret.as_bytes(), &message, signature).is_some()
    }

    #[test]
    fn the_login_vector_of_the_contract_is_valid() {
        assert!(is_right("correct horse", "alice", RIGHT));
    }

    #[test]
    fn the_creation_vectors_of_the_contract_are_valid() {
        for (phone, signature) in [
            (None, "qdEzNWPlmgnigFbatJCu5izzHAserZT/eGWKtDit+bk="),
            (Some("+46700000000"), "yUzX78he7Kt9B+7lIrOHShmY3UmssPOmxl5O6DRPwf8="),
        ] {
            let nonce = "A".repeat(32);
            let message = creation_message(
                ["alice", "neuron.example", "alice@example.org"],
                phone,
                ["pw", "KEY", &nonce],
            );
            assert!(verify(b"S3cret", &message, signature).is_some());
        }
    }

    #[test]
    fn any_other_signature_is_invalid() {
        assert!(!is_right("correct horsf", "alice", RIGHT));
        assert!(!is_right("correct horse", "alicf", RIGHT));
        let url_safe = RIGHT.replace('/', "_");
        let no_padding = RIGHT.trim_end_matches('=');
        let zeros = "A".repeat(43) + "=";
        // The same bytes, with surplus bits in the last character.
        let loose = RIGHT.replace("RM=", "RN=");
        let longer = "A".repeat(88);
        for signature in [
            "",
            "=",
            "å",
            &url_safe,
            no_padding,
            &zeros,
            &loose,
            &longer,
            RIGHT.trim_start_matches("3FsY"),
        ] {
            assert!(!is_right("correct horse", "alice", signature), "{signature:?}");
        }
    }
}
