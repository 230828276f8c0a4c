//! Refusals of elements that break the rules of what they describe.

use super::element::Element;
use super::refusal::Refusal;

/// How much of a name a refusal shows, in characters.
const SHOWN_CHARACTERS: usize = 64;

/// What elements describe, such as `token`.
#[derive(Clone, Copy, Debug)]
pub(super) struct ElementRules(pub &'static str);

impl ElementRules {
    /// The one element in another.
    ///
    /// # Errors
    /// 400 if there is none, or more than one.
    pub(super) fn only_child(self, around: &Element) -> Result<&Element, Refusal> {
        let rule = "must have one element in it";
        around.only_child().ok_or_else(|| self.invalid(&around.name, rule))
    }

    /// The element of a name breaks a rule.
    pub(super) fn invalid(self, name: &str, rule: &str) -> Refusal {
        let Self(described) = self;
        let name = shown(name);
        Refusal::bad_request(format!("The element {name} of the {described} {rule}."))
    }

    /// The element may be right, but this broker does not know it.
    pub(super) fn unsupported(self, element: &Element) -> Refusal {
        let Self(described) = self;
        let name = shown(&element.name);
        let text = format!("This broker does not support the element {name} in a {described}.");
        Refusal::new(501, text)
    }
}

fn shown(name: &str) -> String {
    name.chars().take(SHOWN_CHARACTERS).collect()
}
