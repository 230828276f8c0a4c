//! The identities and contracts of an account.

use super::memory_budget::{Budget, SharedBudget};

/// The maximum size of the identities of an account, in bytes: all may be requested at once.
const MAX_IDENTITY_BYTES: usize = 4 * 1024 * 1024;

/// The maximum size of the contracts that an account created, in bytes: all may be requested at
/// once.
const MAX_CONTRACT_BYTES: usize = 4 * 1024 * 1024;

/// The identities and contracts of an account.
pub(super) struct LegalObjects {
    /// The ids of its identities, the oldest first.
    pub identities: Vec<String>,
    /// The memory of its identities.
    pub identity_budget: Budget,
    /// The ids of the contracts of which it is a party, in the order in which it became one.
    pub contracts: Vec<String>,
    /// The memory of the contracts that it created.
    pub contract_budget: Budget,
}

impl LegalObjects {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self {
            identities: Vec::new(),
            identity_budget: Budget::new(MAX_IDENTITY_BYTES, shared),
            contracts: Vec::new(),
            contract_budget: Budget::new(MAX_CONTRACT_BYTES, shared),
        }
    }
}
