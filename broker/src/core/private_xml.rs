//! The private XML of an account (in the manner of XEP-0049).

use super::content::Content;
use super::memory_budget::{Budget, BudgetExceeded, SharedBudget};
use super::record::{Key, Records, Table};
use neuron_agent_api::syntax::xml::{Event, Reader};
use serde::{Deserialize, Serialize};

/// The maximum number of elements that an account keeps.
const MAX_ELEMENTS: usize = 1_000;

/// The maximum size of these elements in memory, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The XML elements that an account keeps for itself, one of each name and namespace.
pub(super) struct PrivateXml {
    elements: Table<ElementName, StoredElement>,
    budget: Budget,
}

/// What identifies an element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ElementName {
    /// Empty for none.
    pub namespace: String,
    pub local: String,
}

/// An element, and when it was saved.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredElement {
    /// When an element of this name was saved for the first time, in Unix seconds.
    pub created: i64,
    /// When it was saved last, in Unix seconds.
    pub updated: i64,
    pub xml: String,
}

/// The namespace in braces, and the local name, which has no brace.
impl Key for ElementName {
    fn to_text(&self) -> String {
        format!("{{{}}}{}", self.namespace, self.local)
    }

    fn from_text(text: &str) -> Option<Self> {
        let (namespace, local) = text.strip_prefix('{')?.rsplit_once('}')?;
        Some(Self { namespace: namespace.into(), local: local.into() })
    }
}

impl PrivateXml {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self { elements: Table::new("private_xml"), budget: Budget::new(MAX_BYTES, shared) }
    }

    /// What is kept of it.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.elements
    }

    /// Counts anew what it takes.
    pub(super) fn recount(&mut self) {
        self.budget
            .recount(self.elements.iter().map(|(name, stored)| size(name, &stored.xml)).sum());
    }

    /// Saves an element instead of the one of the same name.
    pub(super) fn save(
        &mut self,
        name: ElementName,
        xml: &str,
        now: i64,
    ) -> Result<&StoredElement, BudgetExceeded> {
        let old = self.elements.get(&name);
        if old.is_none() && self.elements.len() >= MAX_ELEMENTS {
            return Err(BudgetExceeded);
        }
        let created = old.map_or(now, |old| old.created);
        let old_size = old.map_or(0, |old| size(&name, &old.xml));
        self.budget.replace(old_size, size(&name, xml))?;
        let stored = self.elements.get_or_default(name);
        *stored = StoredElement { created, updated: now, xml: xml.into() };
        Ok(stored)
    }

    /// The element of a name. `None` if none was saved.
    pub(super) fn get(&self, name: &ElementName) -> Option<&StoredElement> {
        self.elements.get(name)
    }
}

/// Roughly how much memory an element takes, in bytes.
fn size(name: &ElementName, xml: &str) -> usize {
    const REST: usize = 128;
    REST + name.namespace.len() + name.local.len() + xml.len()
}

/// The only element of some content, and its name. `None` if there is anything else but white space.
pub(super) fn root(content: &Content) -> Option<(ElementName, &str)> {
    let [element] = content.elements() else { return None };
    let root = content.as_str().get(element.clone())?;
    if content.as_str().trim_ascii() != root {
        return None;
    }
    let Ok(Some(Event::Start(name, _))) = Reader::document(root).next_event() else { return None };
    let name =
        ElementName { namespace: name.namespace.clone().into_owned(), local: name.local.into() };
    Some((name, root))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(local: &str) -> ElementName {
        ElementName { namespace: "urn:x".into(), local: local.into() }
    }

    fn name_in(xml: &str) -> Option<(String, String)> {
        let content = Content::parse(xml).unwrap();
        root(&content).map(|(name, _)| (name.namespace, name.local))
    }

    #[test]
    fn the_root_has_a_local_name_and_a_namespace() {
        let named = |namespace: &str, local: &str| Some((namespace.into(), local.into()));
        assert_eq!(name_in("<a/>"), named("", "a"));
        assert_eq!(name_in(" <p:a xmlns:p='urn:x&amp;y'><b/></p:a>\r\n"), named("urn:x&y", "a"));
        for xml in ["", " ", "text", "<a/><b/>", "<a/>x", "x<a/>"] {
            assert_eq!(name_in(xml), None, "{xml}");
        }
    }

    #[test]
    fn an_element_replaces_the_one_of_its_name() {
        let mut elements = PrivateXml::new(&SharedBudget::default());
        elements.save(name("a"), "<a/>", 1).unwrap();
        elements.save(name("b"), "<b/>", 2).unwrap();
        elements.save(name("a"), "<a>x</a>", 3).unwrap();
        let expected = StoredElement { created: 1, updated: 3, xml: "<a>x</a>".into() };
        assert_eq!(elements.get(&name("a")), Some(&expected));
        assert_eq!(elements.get(&name("c")), None);
        assert_eq!(elements.budget.used(), 2 * (128 + 6) + 8 + 4);
    }

    #[test]
    fn number_and_size_are_limited() {
        let mut elements = PrivateXml::new(&SharedBudget::default());
        let large = "x".repeat(MAX_BYTES / 2);
        elements.save(name("a"), &large, 1).unwrap();
        assert_eq!(elements.save(name("b"), &large, 1).unwrap_err(), BudgetExceeded);
        assert_eq!(elements.get(&name("b")), None);
        elements.save(name("a"), "", 1).unwrap();
        for number in 1..MAX_ELEMENTS {
            elements.save(name(&number.to_string()), "", 1).unwrap();
        }
        assert_eq!(elements.save(name("b"), "", 1).unwrap_err(), BudgetExceeded);
        assert!(elements.save(name("a"), "<a/>", 1).is_ok());
    }
}
