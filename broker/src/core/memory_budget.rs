//! How much memory the broker may use for what accounts have it keep.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much all accounts together may have the broker keep, in bytes.
const MAX_SHARED_BYTES: usize = 512 * 1024 * 1024;

/// How much memory all budgets use together, in bytes.
#[derive(Clone, Default)]
pub(super) struct SharedBudget(Arc<AtomicUsize>);

#[cfg(test)]
impl SharedBudget {
    pub(super) fn used(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// How much memory an account may use for one kind of data, as part of the [`SharedBudget`].
pub(super) struct Budget {
    used: usize,
    limit: usize,
    shared: SharedBudget,
}

/// The budget has no room.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BudgetExceeded;

impl Budget {
    /// A budget of that many bytes, of which none are used.
    pub(super) fn new(limit: usize, shared: &SharedBudget) -> Self {
        Self { used: 0, limit, shared: shared.clone() }
    }

    /// Whether that many bytes are left.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        let shared_used = self.shared.0.load(Ordering::Relaxed);
        self.used + bytes <= self.limit && shared_used + bytes <= MAX_SHARED_BYTES
    }

    /// Reserves memory.
    pub(super) fn reserve(&mut self, bytes: usize) -> Result<(), BudgetExceeded> {
        self.replace(0, bytes)
    }

    /// Reserves memory for a new value, and releases that of the old one.
    pub(super) fn replace(&mut self, old: usize, new: usize) -> Result<(), BudgetExceeded> {
        if new > old && !self.has_room(new - old) {
            return Err(BudgetExceeded);
        }
        self.release(old);
        self.used += new;
        self.shared.0.fetch_add(new, Ordering::Relaxed);
        Ok(())
    }

    /// Releases memory.
    pub(super) fn release(&mut self, bytes: usize) {
        self.used -= bytes;
        self.shared.0.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Counts anew what is used, after what is kept was put back from an earlier run. That may be
    /// more than the limit, if the limit has changed since.
    pub(super) fn recount(&mut self, used: usize) {
        self.release(self.used);
        self.used = used;
        self.shared.0.fetch_add(used, Ordering::Relaxed);
    }

    #[cfg(test)]
    pub(super) fn used(&self) -> usize {
        self.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_not_exceeded() {
        let budget = SharedBudget::default();
        let mut budget = Budget::new(10, &budget);
        assert_eq!(budget.reserve(6), Ok(()));
        assert_eq!(budget.reserve(5), Err(BudgetExceeded));
        assert_eq!(budget.replace(6, 11), Err(BudgetExceeded));
        assert_eq!(budget.replace(6, 10), Ok(()));
        budget.release(4);
        assert_eq!((budget.used(), budget.shared.0.load(Ordering::Relaxed)), (6, 6));
    }

    #[test]
    fn the_shared_budget_is_not_exceeded() {
        let budget = SharedBudget::default();
        let mut limit = Budget::new(MAX_SHARED_BYTES, &budget);
        let mut other = Budget::new(MAX_SHARED_BYTES, &budget);
        assert_eq!(limit.reserve(MAX_SHARED_BYTES - 1), Ok(()));
        assert_eq!(other.reserve(2), Err(BudgetExceeded));
        assert_eq!(other.reserve(1), Ok(()));
        limit.release(1);
        assert!(other.has_room(1));
    }
}
