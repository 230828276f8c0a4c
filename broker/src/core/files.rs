//! The files that an account has uploaded.

use super::memory_budget::{Budget, BudgetExceeded, SharedBudget};
use super::received::Blob;
use super::record::{Records, Table};
use serde::{Deserialize, Serialize};

/// The maximum number of files of an account.
const MAX_FILES: usize = 1_000;

/// The maximum size of these files in memory, in bytes.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The files of an account, by their names.
pub(super) struct Files {
    files: Table<String, StoredFile>,
    budget: Budget,
}

/// A file, and who can read it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredFile {
    /// When it was uploaded, in Unix seconds.
    pub uploaded: i64,
    pub visibility: Visibility,
    /// Its entity tag, without quotes. Each upload has another.
    pub etag: String,
    pub content: Blob,
}

/// Who can read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Visibility {
    /// Every account.
    Public,
    /// The contacts that may see its owner's presence.
    Presence,
    /// Its owner alone.
    Private,
}

impl Visibility {
    /// `None` if it is no visibility.
    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Public, Self::Presence, Self::Private].into_iter().find(|known| known.name() == text)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::Presence => "Presence",
            Self::Private => "Private",
        }
    }
}

impl Files {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self { files: Table::new("file"), budget: Budget::new(MAX_BYTES, shared) }
    }

    /// What is kept of them.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.files
    }

    /// Counts anew what they take.
    pub(super) fn recount(&mut self) {
        self.budget.recount(self.files.iter().map(|(name, file)| size(name, file)).sum());
    }

    /// Keeps a file instead of the one of the same name.
    pub(super) fn store(&mut self, name: &str, file: StoredFile) -> Result<(), BudgetExceeded> {
        let old = self.files.get(name).map(|old| size(name, old));
        if old.is_none() && self.files.len() >= MAX_FILES {
            return Err(BudgetExceeded);
        }
        self.budget.replace(old.unwrap_or(0), size(name, &file))?;
        self.files.insert(name.into(), file);
        Ok(())
    }

    /// The file of a name. `None` if there is none.
    pub(super) fn get(&self, name: &str) -> Option<&StoredFile> {
        self.files.get(name)
    }

    /// Deletes a file. Returns whether there was one.
    pub(super) fn delete(&mut self, name: &str) -> bool {
        let deleted = self.files.remove(name);
        if let Some(file) = &deleted {
            self.budget.release(size(name, file));
        }
        deleted.is_some()
    }
}

/// Roughly how much memory a file takes, in bytes.
fn size(name: &str, file: &StoredFile) -> usize {
    const REST: usize = 256;
    REST + name.len() + file.etag.len() + file.content.media_type.len() + file.content.bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(length: usize) -> StoredFile {
        let content = Blob { media_type: "text/plain".into(), bytes: vec![b'x'; length] };
        StoredFile { uploaded: 1, visibility: Visibility::Private, etag: "1".into(), content }
    }

    #[test]
    fn a_file_is_stored_replaced_and_deleted() {
        let mut files = Files::new(&SharedBudget::default());
        files.store("a", file(5)).unwrap();
        files.store("a", file(3)).unwrap();
        assert_eq!(files.get("a"), Some(&file(3)));
        assert_eq!((files.delete("a"), files.delete("a")), (true, false));
        assert_eq!((files.get("a"), files.budget.used()), (None, 0));
    }

    #[test]
    fn number_and_size_are_limited() {
        let mut files = Files::new(&SharedBudget::default());
        files.store("a", file(MAX_BYTES - 1_000)).unwrap();
        assert_eq!(files.store("b", file(1_000)), Err(BudgetExceeded));
        assert_eq!(files.get("b"), None);
        files.store("a", file(1)).unwrap();
        for number in 1..MAX_FILES {
            files.store(&number.to_string(), file(1)).unwrap();
        }
        assert_eq!(files.store("b", file(1)), Err(BudgetExceeded));
        assert_eq!(files.store("a", file(2)), Ok(()));
    }
}
