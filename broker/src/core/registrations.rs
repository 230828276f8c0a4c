//! The tabs in which accounts have handlers.

use std::collections::BTreeMap;

/// Counts the accounts that have handlers in a tab, by the tab's name. It is kept in step with the
/// accounts' handlers, so it is bounded as they are.
#[derive(Default)]
pub(super) struct Registrations(BTreeMap<String, usize>);

impl Registrations {
    pub(super) fn contains(&self, tab: &str) -> bool {
        self.0.contains_key(tab)
    }

    /// An account has its first handler there.
    pub(super) fn add(&mut self, tab: &str) {
        *self.0.entry(tab.into()).or_default() += 1;
    }

    /// An account has its last handler there no more.
    pub(super) fn remove(&mut self, tab: &str) {
        if let Some(accounts) = self.0.get_mut(tab) {
            *accounts -= 1;
            if *accounts == 0 {
                self.0.remove(tab);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_is_registered_until_the_last_account_is_gone() {
        let mut registrations = Registrations::default();
        registrations.add("t");
        registrations.add("t");
        registrations.remove("t");
        assert!(registrations.contains("t"));
        registrations.remove("t");
        assert!(!registrations.contains("t"));
        registrations.remove("t");
        assert!(registrations.0.is_empty());
    }
}
