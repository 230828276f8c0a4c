//! Which tabs have event handlers.

use std::collections::BTreeMap;

/// Counts, for each tab, the accounts with event handlers in it. It is kept in step with the event
/// handlers, and limited as they are.
#[derive(Default)]
pub(super) struct Registrations(BTreeMap<String, usize>);

impl Registrations {
    pub(super) fn contains(&self, tab: &str) -> bool {
        self.0.contains_key(tab)
    }

    /// Notes the first event handler of an account in a tab.
    pub(super) fn add(&mut self, tab: &str) {
        *self.0.entry(tab.into()).or_default() += 1;
    }

    /// Notes that the last event handler of an account in a tab is gone.
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
