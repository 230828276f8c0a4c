//! The keys of an account.

use super::memory_budget::{Budget, BudgetExceeded, SharedBudget};
use super::record::{self, Records, Table};
use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Signer, SigningKey};
use serde::{Deserialize, Serialize};

/// The maximum number of keys of an account.
const MAX_KEYS: usize = 100;

/// The maximum size of the keys of an account, in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// The keys of an account, by their ids.
pub(super) struct Keys {
    keys: Table<String, Key>,
    budget: Budget,
}

/// A key, which the broker keeps for its owner.
///
/// The password of a key is never sent. What the broker has of it is the signature of the key,
/// which is the same for each request, so it is kept as the proof of the password and must be
/// repeated. It covers the host of the request: a key can be used only under the host under which
/// it was made, with the same port.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Key {
    /// The namespace of its algorithm, as its owner writes it.
    pub namespace: String,
    /// The signature of the key, in Base64.
    pub proof: String,
    /// When a key with this id was first made.
    pub created: i64,
    #[serde(with = "record::key_pair")]
    pub pair: SigningKey,
}

impl Key {
    /// The public key in Base64.
    pub(super) fn public(&self) -> String {
        public(&self.pair)
    }

    fn size(&self, id: &str) -> usize {
        const REST: usize = 512;
        REST + id.len() + self.namespace.len() + self.proof.len()
    }
}

impl Keys {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self { keys: Table::new("key"), budget: Budget::new(MAX_BYTES, shared) }
    }

    /// What is kept of them.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.keys
    }

    /// Counts anew what they take.
    pub(super) fn recount(&mut self) {
        self.budget.recount(self.keys.iter().map(|(id, key)| key.size(id)).sum());
    }

    pub(super) fn get(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }

    /// Keeps a key instead of the one with the same id.
    pub(super) fn set(&mut self, id: &str, key: Key) -> Result<(), BudgetExceeded> {
        let old = self.keys.get(id).map_or(0, |key| key.size(id));
        if old == 0 && self.keys.len() >= MAX_KEYS {
            return Err(BudgetExceeded);
        }
        self.budget.replace(old, key.size(id))?;
        self.keys.insert(id.into(), key);
        Ok(())
    }
}

/// The public key of a pair, in Base64.
pub(super) fn public(pair: &SigningKey) -> String {
    Base64::encode_string(pair.verifying_key().as_bytes())
}

/// Signs bytes; the signature in Base64.
pub(super) fn sign(pair: &SigningKey, bytes: &[u8]) -> String {
    Base64::encode_string(&pair.sign(bytes).to_bytes())
}

/// Whether a signature, in Base64, is of these bytes by a pair of keys.
pub(super) fn verify(pair: &SigningKey, bytes: &[u8], signature: &str) -> bool {
    let decoded = Base64::decode_vec(signature).ok();
    let signature = decoded.and_then(|bytes| Signature::from_slice(&bytes).ok());
    signature.is_some_and(|signature| pair.verifying_key().verify_strict(bytes, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(proof: &str) -> Key {
        Key {
            namespace: "n".into(),
            proof: proof.into(),
            created: 0,
            pair: SigningKey::from_bytes(&[7; 32]),
        }
    }

    #[test]
    fn a_key_replaces_the_one_with_the_same_id() {
        let mut keys = Keys::new(&SharedBudget::default());
        keys.set("k", key("a")).unwrap();
        keys.set("k", key("bc")).unwrap();
        assert_eq!(keys.get("k").unwrap().proof, "bc");
        assert_eq!(keys.budget.used(), key("bc").size("k"));
    }

    #[test]
    fn number_and_size_are_limited() {
        let mut keys = Keys::new(&SharedBudget::default());
        assert_eq!(keys.set(&"k".repeat(MAX_BYTES), key("")), Err(BudgetExceeded));
        for id in 0..MAX_KEYS {
            keys.set(&id.to_string(), key("")).unwrap();
        }
        assert_eq!(keys.set("x", key("")), Err(BudgetExceeded));
        assert_eq!(keys.set("0", key("")), Ok(()));
    }

    /// The first test vector of RFC 8032 §7.1.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let secret = [
            0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec,
            0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03,
            0x1c, 0xae, 0x7f, 0x60,
        ];
        let pair = SigningKey::from_bytes(&secret);
        assert_eq!(public(&pair), "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        let signature = sign(&pair, b"");
        assert!(signature.starts_with("5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJ"));
        assert!(verify(&pair, b"", &signature));
        assert!(!verify(&pair, b"x", &signature));
        for malformed in ["", "_", "c2ln", &signature.to_lowercase()] {
            assert!(!verify(&pair, b"", malformed), "{malformed}");
        }
    }
}
