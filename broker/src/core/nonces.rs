//! The nonces that have been used.

use super::record::{Records, Table};
use super::signature::Signature;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The minimum length of a nonce, in characters.
pub(super) const MIN_LENGTH: usize = 32;

/// How many logins are remembered: some 200 MB in all.
const MAX_LOGINS: usize = 1 << 20;

/// How many of them may be logins to one account.
const MAX_LOGINS_PER_ACCOUNT: usize = MAX_LOGINS / 4;

/// Remembers nonces for as long as the broker runs, or for as long as its state is kept.
///
/// A signature holds no time, so a signed login stays valid for as long as the password does, and
/// no nonce may ever be forgotten. The memory is limited all the same: only valid logins are
/// remembered, so it takes a password to fill it, and when it is full, logins are refused.
pub(super) struct Nonces {
    /// The logins, by the digests of their nonces.
    used: Table<[u8; 32], Login>,
    signatures: BTreeSet<Signature>,
    /// How many logins each account has had.
    logins: BTreeMap<String, usize>,
}

/// A login with a nonce.
#[derive(Serialize, Deserialize)]
struct Login {
    user_name: String,
    #[serde(with = "super::record::base64")]
    signature: Signature,
}

impl Default for Nonces {
    fn default() -> Self {
        Self { used: Table::new("nonce"), signatures: BTreeSet::new(), logins: BTreeMap::new() }
    }
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
        if self.used.contains_key(&digest) || self.signatures.contains(&signature) {
            return Err(NonceError::Used);
        }
        let logins = self.logins.get(user_name).copied().unwrap_or_default();
        if self.used.len() >= MAX_LOGINS || logins >= MAX_LOGINS_PER_ACCOUNT {
            return Err(NonceError::Full);
        }
        self.used.insert(digest, Login { user_name: user_name.into(), signature });
        self.count(user_name, signature);
        Ok(())
    }

    fn count(&mut self, user_name: &str, signature: Signature) {
        *self.logins.entry(user_name.into()).or_default() += 1;
        self.signatures.insert(signature);
    }

    /// What is kept of them.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.used
    }

    /// Goes on after the logins of an earlier run, which were put back.
    pub(super) fn resume(&mut self) {
        let logins = self.used.values().map(|login| (login.user_name.clone(), login.signature));
        for (user_name, signature) in logins.collect::<Vec<_>>() {
            self.count(&user_name, signature);
        }
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
        for login in 0..MAX_LOGINS {
            let login_of_bob = Login { user_name: "bob".into(), signature: [0; 32] };
            nonces.used.insert(number(login), login_of_bob);
        }
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
