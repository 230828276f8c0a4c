//! Keeps records in a file of SQLite.

use super::journal::Storage;
use crate::core::{Change, RecordId};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, params};
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What brings a file to the next version of its format. Once released, a migration never changes.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE record (
        kind  TEXT NOT NULL, -- what it is, such as 'contact'
        owner TEXT NOT NULL, -- the user name of its account, '' for none
        key   TEXT NOT NULL, -- which one it is
        value TEXT NOT NULL, -- what it is, in JSON
        PRIMARY KEY (kind, owner, key)
    ) STRICT;
"];

/// Marks the files of this broker: \"NAPI\" in ASCII.
const APPLICATION_ID: i32 = 0x4E41_5049;

/// How long to wait for another program, which may be about to end.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);

/// A file with the state of a broker. No other program can use it meanwhile.
pub struct SqliteFile {
    connection: Connection,
    path: PathBuf,
}

/// Why a file can't be used.
enum FileError {
    Sqlite(rusqlite::Error),
    Unusable(String),
}

impl From<rusqlite::Error> for FileError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl SqliteFile {
    /// Opens a file, or creates it, and reads all records in it.
    ///
    /// # Errors
    /// What is wrong with it, in one line that names it.
    pub fn open(path: &Path) -> Result<(Self, BTreeMap<RecordId, String>), String> {
        create(path).map_err(|error| describe(path, &format!("can't be opened: {error}.")))?;
        open(path)
            .map_err(|error| describe(path, &reason(error)))
            .map(|(connection, records)| (Self { connection, path: path.into() }, records))
    }

    fn try_write(&mut self, changes: &[Change]) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut set = transaction.prepare(
                "INSERT INTO record (kind, owner, key, value) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET value = excluded.value",
            )?;
            let mut delete = transaction
                .prepare("DELETE FROM record WHERE kind = ?1 AND owner = ?2 AND key = ?3")?;
            for Change { id: RecordId { kind, owner, key }, value } in changes {
                match value {
                    Some(value) => set.execute(params![kind, owner, key, value])?,
                    None => delete.execute(params![kind, owner, key])?,
                };
            }
        }
        transaction.commit()
    }
}

impl Storage for SqliteFile {
    fn write(&mut self, changes: &[Change]) -> Result<(), String> {
        self.try_write(changes).map_err(|error| {
            let reason = format!("can't be written, so the broker answers no more calls: {error}.");
            describe(&self.path, &reason)
        })
    }
}

/// One line about a file.
fn describe(path: &Path, what: &str) -> String {
    format!("The file {} {what}", path.display())
}

/// Creates a file that only its owner can read, because there are passwords and keys in it.
fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn open(path: &Path) -> Result<(Connection, BTreeMap<RecordId, String>), FileError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    check_program(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A transaction is on the disk when it is committed, not only in the memory of the system.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(FileError::Unusable(damaged()));
    }
    migrate(&mut connection, MIGRATIONS)?;
    let records = read(&connection)?;
    Ok((connection, records))
}

/// Refuses the file of another program, before anything in it is changed.
fn check_program(connection: &Connection) -> Result<(), FileError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let is_new = tables == 0 && pragma("application_id")? == 0 && pragma("user_version")? == 0;
    if !is_new && pragma("application_id")? != APPLICATION_ID {
        let reason = "is a database of another program. Choose another file.";
        return Err(FileError::Unusable(reason.into()));
    }
    Ok(())
}

/// Brings a file to the latest version of its format.
fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), FileError> {
    // It takes the lock, which the connection then keeps.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = migrations.len();
    let Some(version) = usize::try_from(version).ok().filter(|version| *version <= known) else {
        return Err(FileError::Unusable(format!(
            "is of a newer version of the broker: its format is {version}, and this broker knows \
             those up to {known}."
        )));
    };
    for migration in migrations.iter().skip(version) {
        transaction.execute_batch(migration)?;
    }
    if version < known {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", known.to_string())?;
    }
    transaction.commit()?;
    Ok(())
}

fn read(connection: &Connection) -> rusqlite::Result<BTreeMap<RecordId, String>> {
    let mut all = connection.prepare("SELECT kind, owner, key, value FROM record")?;
    let records = all.query_map([], |row| {
        let id = RecordId { kind: row.get(0)?, owner: row.get(1)?, key: row.get(2)? };
        Ok((id, row.get(3)?))
    })?;
    records.collect()
}

fn damaged() -> String {
    "is damaged. Restore a copy of it, or choose another file.".into()
}

/// What is wrong with a file, as the end of a sentence about it.
fn reason(error: FileError) -> String {
    let error = match error {
        FileError::Unusable(reason) => return reason,
        FileError::Sqlite(error) => error,
    };
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            "is not the file of a broker, or is damaged. Choose another file.".into()
        }
        Some(ErrorCode::DatabaseCorrupt) => damaged(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "is in use by another program, such as another broker. Stop that first.".into()
        }
        // A value is of another type, or no UTF-8.
        None => damaged(),
        Some(_) => format!("can't be used: {error}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is deleted with it.
    struct TemporaryFile(PathBuf);

    impl TemporaryFile {
        fn new(name: &str) -> Self {
            let name = format!("broker-sqlite-{}-{name}", std::process::id());
            Self(std::env::temp_dir().join(name))
        }

        fn open(&self) -> Result<(SqliteFile, BTreeMap<RecordId, String>), String> {
            SqliteFile::open(&self.0)
        }
    }

    impl Drop for TemporaryFile {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn id(owner: &str, key: &str) -> RecordId {
        RecordId { kind: "k".into(), owner: owner.into(), key: key.into() }
    }

    fn change(id: RecordId, value: Option<&str>) -> Change {
        Change { id, value: value.map(Into::into) }
    }

    #[test]
    fn records_are_what_they_were_set_to_last() {
        let file = TemporaryFile::new("records");
        let (mut open, records) = file.open().unwrap();
        assert!(records.is_empty());
        let first = [change(id("a", "x"), Some("1")), change(id("", "x"), Some("2"))];
        open.write(&first).unwrap();
        let then = [change(id("a", "x"), Some("3")), change(id("", "x"), None)];
        open.write(&[&then[..], &[change(id("a", "\"'\u{0}ö"), Some("4"))]].concat()).unwrap();
        drop(open);
        let expected = [(id("a", "\"'\u{0}ö"), "4".into()), (id("a", "x"), "3".into())];
        assert_eq!(file.open().unwrap().1, BTreeMap::from(expected));
    }

    #[test]
    fn a_file_of_an_earlier_version_is_brought_to_the_latest() {
        let mut connection = Connection::open_in_memory().unwrap();
        let version = |connection: &Connection| -> i64 {
            connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
        };
        let migrations = ["CREATE TABLE a (x)", "ALTER TABLE a ADD y", "not SQL"];
        for known in [1, 2, 2] {
            assert!(migrate(&mut connection, &migrations[..known]).is_ok());
            assert_eq!(version(&connection), i64::try_from(known).unwrap());
        }
        assert!(migrate(&mut connection, &migrations).is_err());
        assert_eq!(version(&connection), 2, "a migration that fails changes nothing");
        connection.execute_batch("INSERT INTO a (x, y) VALUES (1, 2)").unwrap();
        assert!(migrate(&mut connection, &migrations[..1]).is_err());
    }

    #[test]
    fn the_database_of_another_program_is_left_as_it_is() {
        let file = TemporaryFile::new("foreign");
        Connection::open(&file.0).unwrap().execute_batch("CREATE TABLE a (x)").unwrap();
        let before = std::fs::read(&file.0).unwrap();
        assert!(file.open().err().unwrap().contains("is a database of another program"));
        assert_eq!(std::fs::read(&file.0).unwrap(), before);
    }
}
