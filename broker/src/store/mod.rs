//! Keeps the state of the [`core`](crate::core) where it outlives the program.

mod journal;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use journal::{Journal, NotSaved, Progress, Storage};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteFile;
