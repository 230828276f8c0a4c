//! The nonces that have been used.

use super::signature::Signature;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The minimum length of a nonce, in characters.
pub(super) const MIN_LENGTH: usize = 32;

/// How many logins are remembered: two entries each, some 100 MB in all.
const MAX_LOGINS: usize = 1 << 20;

/// How many of them may be logins to one account.
const MAX_LOGINS_PER_ACCOUNT: usize = MAX_LOGINS / 4;

/// Remembers nonces for as long as the broker runs.
///
/// A signature holds no time, so a signed login stays valid for as long as the password does, and
/// no nonce may ever be forgotten. The memory is limited all the same: only valid logins are
/// remembered, so it takes a password to fill it, and when it is full, logins are refused until the
/// broker is restarted.
#[derive(Default)]
pub(super) struct Nonces {
    used: BTreeSet<[u8; 32]>,
    /// How many logins each account has had.
    logins: BTreeMap<String, usize>,
}

/// Why a nonce is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NonceError {
    Used,
    Full,
}

impl Nonces {
    /// Uses the nonce of a valid login to an account, unless it was used before.
    ///
    /// The signature is remembered beside the nonce: the signed parts are joined without escaping,
    /// so the nonce `8080:N` at host `h` and the nonce `N` at host `h:8080` have the same
    /// signature.
    pub(super) fn take(
        &mut self,
        user_name: &str,
        nonce: &str,
        signature: Signature,
    ) -> Result<(), NonceError> {
        let digest: [u8; 32] = Sha256::digest(nonce).into();
        if self.used.contains(&digest) || self.used.contains(&signature) {
            return Err(NonceError::Used);
        }
        let logins = self.logins.get(user_name).copied().unwrap_or_default();
        if self.used.len() >= 2 * MAX_LOGINS || logins >= MAX_LOGINS_PER_ACCOUNT {
            return Err(NonceError::Full);
        }
        self.logins.insert(user_name.into(), logins + 1);
        self.used.insert(digest);
        self.used.insert(signature);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_signature_with_another_nonce_is_refused() {
        let mut nonces = Nonces::default();
        assert_eq!(nonces.take("alice", "8080:N", [1; 32]), Ok(()));
        assert_eq!(nonces.take("bob", "N", [1; 32]), Err(NonceError::Used));
        assert_eq!(nonces.take("alice", "N", [2; 32]), Ok(()));
    }

    #[test]
    fn a_full_memory_refuses_logins() {
        let mut nonces = Nonces::default();
        let number = |number: usize| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&number.to_be_bytes());
            bytes
        };
        nonces.used = (0..2 * MAX_LOGINS).map(number).collect();
        assert_eq!(nonces.take("alice", "N", [1; 32]), Err(NonceError::Full));
    }

    #[test]
    fn one_account_does_not_fill_the_memory() {
        let mut nonces = Nonces::default();
        nonces.logins.insert("alice".into(), MAX_LOGINS_PER_ACCOUNT - 1);
        assert_eq!(nonces.take("alice", "M", [1; 32]), Ok(()));
        assert_eq!(nonces.take("alice", "N", [2; 32]), Err(NonceError::Full));
        assert_eq!(nonces.take("bob", "N", [2; 32]), Ok(()));
    }

    proptest! {
        #[test]
        fn a_nonce_is_accepted_once(nonces in prop::collection::vec("[ab]{0,3}", 0..64)) {
            let mut memory = Nonces::default();
            let mut seen = BTreeSet::new();
            for (index, nonce) in nonces.iter().enumerate() {
                let mut signature = [7; 32];
                signature[..8].copy_from_slice(&index.to_be_bytes());
                prop_assert_eq!(memory.take("alice", nonce, signature).is_ok(), seen.insert(nonce));
            }
        }
    }
}
