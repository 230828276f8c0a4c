//! Where a response departs from its declaration.

use crate::text;

/// Where an answer departs from the contract, and how.
#[derive(Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The property's path, as `RosterItem.Groups`; empty for the whole answer.
    pub path: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Mismatch {
    pub(super) fn here(problem: &'static str) -> Self {
        Self { path: String::new(), problem }
    }

    pub(super) fn below(mut self, name: &str) -> Self {
        let separator = if self.path.is_empty() { "" } else { "." };
        self.path = text::concat(&[name, separator, &self.path]);
        self
    }

    /// What is wrong with what, without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let subject = if self.path.is_empty() { "it" } else { &self.path };
        text::concat(&[subject, " ", self.problem])
    }
}
