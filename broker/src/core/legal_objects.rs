//! The identities and contracts of an account.

use super::memory_budget::{Budget, SharedBudget};
use super::record::{Records, Table};

/// The maximum size of the identities of an account, in bytes: all may be requested at once.
const MAX_IDENTITY_BYTES: usize = 4 * 1024 * 1024;

/// The maximum size of the contracts that an account created, in bytes: all may be requested at
/// once.
const MAX_CONTRACT_BYTES: usize = 4 * 1024 * 1024;

/// The identities and contracts of an account.
pub(super) struct LegalObjects {
    /// The ids of its identities, the oldest first.
    pub identities: Table<u64, String>,
    /// The memory of its identities.
    pub identity_budget: Budget,
    /// The ids of the contracts of which it is a party, in the order in which it became one.
    pub contracts: Table<u64, String>,
    /// The memory of the contracts that it created.
    pub contract_budget: Budget,
}

impl LegalObjects {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self {
            identities: Table::new("own_identity"),
            identity_budget: Budget::new(MAX_IDENTITY_BYTES, shared),
            contracts: Table::new("own_contract"),
            contract_budget: Budget::new(MAX_CONTRACT_BYTES, shared),
        }
    }
    /// What is kept of them.
    pub(super) fn records(&mut self) -> [&mut dyn Records; 2] {
        [&mut self.identities, &mut self.contracts]
    }
}
