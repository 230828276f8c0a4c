//! What in a request is not as declared.

use super::refusal::Refusal;
use neuron_agent_api::wire::{Input, Role};

/// A rule that is broken, and the path of the value that breaks it.
#[derive(Debug)]
pub(super) struct Mismatch {
    /// Such as `Lines[1].price`; empty for the value that was read.
    path: String,
    /// What follows the name of the value in a sentence.
    rule: String,
}

impl Mismatch {
    /// The value is in a property of that name.
    pub(super) fn in_property(self, name: &str) -> Self {
        self.within(name.into())
    }

    /// The value is in an item of a list.
    pub(super) fn in_item(self, index: usize) -> Self {
        self.within(format!("[{index}]"))
    }

    fn within(self, mut path: String) -> Self {
        if !self.path.is_empty() && !self.path.starts_with('[') {
            path.push('.');
        }
        path.push_str(&self.path);
        Self { path, ..self }
    }

    /// The refusal of a body.
    pub(super) fn in_body(self) -> Refusal {
        let Self { path, rule } = self;
        Refusal::bad_request(if path.is_empty() {
            format!("The body {rule}")
        } else {
            format!("The property {path:?} {rule}")
        })
    }

    /// The refusal of an input that is not in the body.
    pub(super) fn of_input(self, input: &Input) -> Refusal {
        let (name, rule) = (input.name, self.rule);
        Refusal::bad_request(match input.role {
            Role::Header(header) => format!("The header {header} {rule}"),
            _ => format!("The {name} at the end of the path {rule}"),
        })
    }
}

impl From<String> for Mismatch {
    fn from(rule: String) -> Self {
        Self { path: String::new(), rule }
    }
}

impl From<&str> for Mismatch {
    fn from(rule: &str) -> Self {
        String::from(rule).into()
    }
}
