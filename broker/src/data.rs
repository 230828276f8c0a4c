//! The file that `--data` names.

use broker::core::{Broker, RecordId, Seed, Setup};
use broker::store::{Journal, Storage};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file with the state of a broker.
pub struct Data {
    path: PathBuf,
    records: BTreeMap<RecordId, String>,
    storage: Box<dyn Storage>,
}

/// Opens a file, or creates it.
#[cfg(feature = "sqlite")]
pub fn open(path: &Path) -> Result<Data, String> {
    let (file, records) = broker::store::SqliteFile::open(path)?;
    Ok(Data { path: path.into(), records, storage: Box::new(file) })
}

/// SQLite needs a C compiler, so only who needs it compiles it.
#[cfg(not(feature = "sqlite"))]
pub fn open(_: &Path) -> Result<Data, String> {
    Err("This broker was built without --data. Start it with: \
         cargo run -p broker --features sqlite -- --data FILE"
        .into())
}

impl Data {
    /// Whether no broker has kept its state here.
    pub fn is_new(&self) -> bool {
        self.records.is_empty()
    }

    /// A broker that goes on with the state in the file, and what keeps its changes there.
    pub fn start(self, setup: Setup, seed: Seed) -> Result<(Broker, Journal), String> {
        let Self { path, records, mut storage } = self;
        let about = |reason: String| format!("{}: {reason}", path.display());
        let mut broker = Broker::restore(setup, seed, records).map_err(about)?;
        storage.write(&broker.take_changes()?)?;
        Ok((broker, Journal::start(storage, super::console::error)))
    }
}
