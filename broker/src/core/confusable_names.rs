//! User names that look like others.
//!
//! RFC 8265 (`UsernameCaseMapped`, which `jid` applies) says which characters a name may have, but
//! not that two names must look different. So a new name is held to two rules of UTS #39: its
//! letters are of one script, and its skeleton, which is the same for all names that look alike, is
//! new.

use std::collections::BTreeMap;
use unicode_security::{MixedScript, confusable_detection::skeleton};

/// The user names in use, by their skeletons.
#[derive(Default)]
pub(super) struct UserNames(BTreeMap<String, String>);

impl UserNames {
    /// A user name in use that looks like this one, or is the same.
    pub(super) fn confusable_with(&self, user_name: &str) -> Option<&str> {
        self.0.get(&skeleton_of(user_name)).map(String::as_str)
    }

    pub(super) fn add(&mut self, user_name: &str) {
        self.0.insert(skeleton_of(user_name), user_name.into());
    }
}

/// Checks that a name is of one script. Digits and punctuation belong to all scripts; Japanese,
/// Korean and Chinese names may mix the scripts that are written together (UTS #39, section 5.1).
///
/// # Errors
/// The rule that is broken.
pub(super) fn check_script(user_name: &str) -> Result<(), String> {
    if user_name.is_single_script() {
        Ok(())
    } else {
        Err("its letters are of several scripts, so that it may look like another name".into())
    }
}

fn skeleton_of(user_name: &str) -> String {
    skeleton(user_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_letters_of_one_script() {
        for name in [
            "alice",
            "åsa",
            "o'neil-2.b_c",
            "алиса",
            "αλίκη",
            "ひらがなカタカナ漢字",
            "한글漢字",
            "123",
            "алиса-2",
        ] {
            assert_eq!(check_script(name), Ok(()), "{name}");
        }
        for name in ["\u{430}lice", "alic\u{435}", "b\u{3bf}b", "алиcа", "ali\u{585}ce"] {
            assert!(check_script(name).is_err(), "{name}");
        }
    }

    #[test]
    fn names_that_look_alike_are_found() {
        let mut names = UserNames::default();
        for name in ["alice", "ace", "corn", "bob"] {
            names.add(name);
        }
        for (name, confusable_with) in [
            ("alice", Some("alice")),
            ("a1ice", Some("alice")),
            ("\u{430}lice", Some("alice")),
            ("\u{430}\u{441}\u{435}", Some("ace")),
            ("com", Some("corn")),
            ("carol", None),
            ("bob2", None),
            ("åce", None),
        ] {
            assert_eq!(names.confusable_with(name), confusable_with, "{name}");
        }
    }
}
