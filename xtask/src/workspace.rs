//! Where things are.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::Outcome;

/// The checkout.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The checkout that this program was compiled in.
    pub fn find() -> Outcome<Self> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().ok_or("xtask is not inside a workspace")?;
        Ok(Self { root: root.to_path_buf() })
    }

    /// The directory of the workspace's `Cargo.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The directory of intermediate files. Not cargo's usual one, which is built with other flags:
    /// each build would discard the other's work.
    pub fn scratch(&self) -> PathBuf {
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        self.root.join(target).join("pkg")
    }

    /// Waits until no other process builds. The lock is released when the file is dropped.
    pub fn lock(&self) -> Outcome<File> {
        fs::create_dir_all(self.scratch())?;
        let lock = File::create(self.scratch().join("lock"))?;
        lock.lock()?;
        Ok(lock)
    }
}
