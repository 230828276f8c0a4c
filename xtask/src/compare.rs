//! Directories of files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::{Outcome, package};

/// What differs between two directories, one line a file.
pub fn differences(committed: &Path, made: &Path) -> Outcome<Vec<String>> {
    let (committed, made) = (contents(committed)?, contents(made)?);
    let mut differences = Vec::new();
    for (name, content) in &made {
        match committed.get(name) {
            None => differences.push(format!("{name} is missing")),
            Some(other) if other != content => differences.push(format!("{name} differs")),
            Some(_) => {}
        }
    }
    for name in committed.keys().filter(|name| !made.contains_key(*name)) {
        differences.push(format!("{name} is not made any more"));
    }
    Ok(differences)
}

/// Puts the files of one directory in the place of another's, unless that holds something else
/// than a package.
pub fn replace(destination: &Path, made: &Path) -> Outcome<()> {
    let old = contents(destination)?;
    if !old.is_empty() && !old.contains_key(package::RECORD) {
        return Err(format!("{} is not empty and not a package", destination.display()).into());
    }
    fs::create_dir_all(destination)?;
    for name in old.keys() {
        fs::remove_file(destination.join(name))?;
    }
    for (name, content) in contents(made)? {
        fs::write(destination.join(name), content)?;
    }
    Ok(())
}

fn contents(directory: &Path) -> Outcome<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    if directory.exists() {
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            if !entry.file_type()?.is_file() {
                continue;
            }
            files.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
        let directory = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        for (file, content) in files {
            fs::write(directory.join(file), content).unwrap();
        }
        directory
    }

    #[test]
    fn each_kind_of_difference_is_named() {
        let committed = directory("committed", &[("same", "1"), ("changed", "1"), ("old", "1")]);
        let made = directory("made", &[("same", "1"), ("changed", "2"), ("new", "1")]);
        assert_eq!(
            differences(&committed, &made).unwrap(),
            ["changed differs", "new is missing", "old is not made any more"]
        );
        assert!(differences(&made, &made).unwrap().is_empty());
    }

    #[test]
    fn only_a_package_is_replaced() {
        let made = directory("replacement", &[("index.js", "new")]);
        let package = directory("package", &[(package::RECORD, ""), ("index.cjs", "old")]);
        replace(&package, &made).unwrap();
        assert!(differences(&package, &made).unwrap().is_empty());

        let other = directory("other", &[("letter.txt", "dear")]);
        assert!(replace(&other, &made).is_err());
        assert_eq!(fs::read_to_string(other.join("letter.txt")).unwrap(), "dear");
    }
}
