//! The vault of an account.

use super::encoded_size::escaped_json_size;
use super::memory_budget::{Budget, BudgetExceeded, SharedBudget};
use super::record::{Records, Table};
use super::values::{object, unix_seconds};
use neuron_agent_api::wire::Value;
use serde::{Deserialize, Serialize};

/// The maximum number of items in a vault.
const MAX_ITEMS: usize = 1_000;

/// The maximum size of a vault in a response, in bytes: a search may find all of it.
const MAX_LISTED_BYTES: usize = 4 * 1024 * 1024;

/// What an account keeps for itself: items with names and values, the oldest first.
pub(super) struct Vault {
    items: Table<u64, VaultItem>,
    budget: Budget,
}

/// An item of a vault.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct VaultItem {
    /// Its id, which the broker made.
    pub id: String,
    /// When it was stored for the first time, in Unix seconds.
    pub created: i64,
    /// When it was stored last, in Unix seconds.
    pub updated: i64,
    pub description: VaultDescription,
}

/// What an account says of an item.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct VaultDescription {
    /// What it is, in a word of the account's.
    pub kind: String,
    /// Whose it is, in a word of the account's.
    pub client_id: Option<String>,
    pub tags: Vec<VaultTag>,
}

/// A name with its value.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct VaultTag {
    pub name: String,
    pub value: String,
    /// What can be shown instead of the value.
    pub mask: Option<String>,
}

/// What items must have to be found. What is `None` or empty does not matter.
#[derive(Debug, Default)]
pub(super) struct VaultQuery<'a> {
    pub kind: Option<&'a str>,
    pub client_id: Option<&'a str>,
    /// Names and their values.
    pub tags: Vec<(&'a str, &'a str)>,
}

impl Vault {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self { items: Table::new("vault_item"), budget: Budget::new(MAX_LISTED_BYTES, shared) }
    }

    /// What is kept of it.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.items
    }

    /// Counts anew what it takes.
    pub(super) fn recount(&mut self) {
        self.budget.recount(self.items.values().map(VaultItem::size).sum());
    }

    fn find_id(&self, id: &str) -> Option<(u64, &VaultItem)> {
        let found = self.items.iter().find(|(_, item)| item.id == id);
        found.map(|(number, item)| (*number, item))
    }

    /// Stores a new item.
    pub(super) fn add(
        &mut self,
        id: String,
        description: VaultDescription,
        now: i64,
    ) -> Result<(), BudgetExceeded> {
        if self.items.len() >= MAX_ITEMS {
            return Err(BudgetExceeded);
        }
        let item = VaultItem { id, created: now, updated: now, description };
        self.budget.reserve(item.size())?;
        self.items.push(item);
        Ok(())
    }

    /// Stores another description of an item, and returns when the item was created. `None` if
    /// there is no such item.
    pub(super) fn replace(
        &mut self,
        id: &str,
        description: VaultDescription,
        now: i64,
    ) -> Result<Option<i64>, BudgetExceeded> {
        let Some((number, item)) = self.find_id(id) else { return Ok(None) };
        let (created, old) = (item.created, item.size());
        let replaced = VaultItem { id: id.into(), created, updated: now, description };
        self.budget.replace(old, replaced.size())?;
        self.items.insert(number, replaced);
        Ok(Some(created))
    }

    /// The item of an id. `None` if there is none.
    pub(super) fn get(&self, id: &str) -> Option<&VaultItem> {
        self.find_id(id).map(|(_, item)| item)
    }

    /// The items that have all that a query asks for, the oldest first.
    pub(super) fn find<'a>(
        &'a self,
        query: &'a VaultQuery<'_>,
    ) -> impl Iterator<Item = &'a VaultItem> {
        self.items.values().filter(|item| query.matches(&item.description))
    }

    /// Deletes an item. Returns whether there was one.
    pub(super) fn delete(&mut self, id: &str) -> bool {
        let number = self.find_id(id).map(|(number, _)| number);
        let deleted = number.and_then(|number| self.items.remove(&number));
        if let Some(item) = &deleted {
            self.budget.release(item.size());
        }
        deleted.is_some()
    }
}

impl VaultQuery<'_> {
    fn matches(&self, description: &VaultDescription) -> bool {
        let has = |(name, value): &(&str, &str)| {
            description.tags.iter().any(|tag| tag.name == *name && tag.value == *value)
        };
        self.kind.is_none_or(|kind| description.kind == kind)
            && (self.client_id.is_none() || description.client_id.as_deref() == self.client_id)
            && self.tags.iter().all(has)
    }
}

impl VaultItem {
    /// The item in a response. If it is masked, masks replace the values that have one.
    pub(super) fn listed(&self, is_masked: bool) -> Value {
        let VaultDescription { kind, client_id, tags } = &self.description;
        let tags = tags.iter().map(|tag| {
            let mask = tag.mask.as_deref().filter(|_| is_masked);
            object([
                ("name", tag.name.as_str().into()),
                ("value", mask.unwrap_or(&tag.value).into()),
            ])
        });
        let mut item = object([
            ("vaultId", self.id.as_str().into()),
            ("type", kind.as_str().into()),
            ("created", unix_seconds(self.created)),
            ("updated", unix_seconds(self.updated)),
            ("Tags", Value::Array(tags.collect())),
        ]);
        if let Some(client_id) = client_id {
            item.put("clientId", client_id.as_str());
        }
        item
    }

    /// An upper bound for its size in a response, in bytes. A mask counts in addition to the value.
    fn size(&self) -> usize {
        const ITEM: usize = 192;
        const TAG: usize = 32;
        let VaultDescription { kind, client_id, tags } = &self.description;
        let tag = |tag: &VaultTag| {
            let mask = tag.mask.as_deref().unwrap_or_default();
            TAG + [&tag.name, &tag.value, mask].map(escaped_json_size).iter().sum::<usize>()
        };
        let client_id = client_id.as_deref().unwrap_or_default();
        ITEM + escaped_json_size(&self.id)
            + escaped_json_size(kind)
            + escaped_json_size(client_id)
            + tags.iter().map(tag).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description(value: &str) -> VaultDescription {
        let tag = VaultTag { name: "n".into(), value: value.into(), mask: Some("*".into()) };
        VaultDescription { kind: "k".into(), client_id: Some("c".into()), tags: vec![tag] }
    }

    #[test]
    fn an_item_is_no_larger_in_a_response_than_estimated() {
        let item = VaultItem {
            id: "v".into(),
            created: i64::from(i32::MAX),
            updated: i64::from(i32::MAX),
            description: description("\"\\\n"),
        };
        for is_masked in [true, false] {
            let listed = serde_json::to_string(&item.listed(is_masked)).unwrap();
            assert!(listed.len() <= item.size(), "{listed}");
        }
    }

    #[test]
    fn number_and_size_are_limited() {
        let mut vault = Vault::new(&SharedBudget::default());
        let large = "x".repeat(MAX_LISTED_BYTES / 2);
        vault.add("a".into(), description(&large), 1).unwrap();
        assert_eq!(vault.add("b".into(), description(&large), 1), Err(BudgetExceeded));
        vault.add("b".into(), description(""), 1).unwrap();
        assert_eq!(vault.replace("b", description(&large), 2), Err(BudgetExceeded));
        assert_eq!(vault.get("b").unwrap().description, description(""));
        assert_eq!(vault.replace("a", description(""), 2), Ok(Some(1)));
        for number in 2..MAX_ITEMS {
            vault.add(number.to_string(), description(""), 1).unwrap();
        }
        assert_eq!(vault.add("c".into(), description(""), 1), Err(BudgetExceeded));
        assert!(vault.delete("a"));
        assert_eq!(vault.add("c".into(), description(""), 1), Ok(()));
    }

    #[test]
    fn what_is_deleted_takes_no_room() {
        let mut vault = Vault::new(&SharedBudget::default());
        vault.add("a".into(), description("x"), 1).unwrap();
        vault.replace("a", description("xyz"), 2).unwrap();
        assert_eq!((vault.delete("a"), vault.delete("a")), (true, false));
        assert_eq!((vault.get("a"), vault.budget.used()), (None, 0));
    }
}
