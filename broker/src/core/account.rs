//! The accounts that the broker is started with.

use super::address::parse_user_name;
use super::password::normalise;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// An account, as given on the command line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The local part of its address, normalised.
    pub user_name: String,
    /// Kept in the clear, normalised (RFC 8265), because the signature of a login is checked with
    /// it.
    pub password: String,
    /// The account's approved Legal ID, which is added to its subscription requests.
    pub legal_id: Option<String>,
}

impl Account {
    /// An account, with name and password normalised.
    ///
    /// # Errors
    /// If the name is invalid, or there is no password.
    pub fn new(user_name: &str, password: &str, legal_id: Option<String>) -> Result<Self, String> {
        let user_name = parse_user_name(user_name)
            .map_err(|reason| format!("{user_name:?} is not a user name: {reason}"))?;
        if password.is_empty() {
            return Err(format!("the password of {user_name:?} is empty"));
        }
        Ok(Self { user_name, password: normalise(password), legal_id })
    }
}

/// `alice`, who has a Legal ID, and `bob`.
#[must_use]
pub fn demo_accounts() -> Vec<Account> {
    let account = |user_name: &str, password: &str, legal_id: Option<&str>| Account {
        user_name: user_name.into(),
        password: password.into(),
        legal_id: legal_id.map(Into::into),
    };
    vec![
        account(
            "alice",
            "wonderland",
            Some("2c1f3a52-7d0e-8a41-b60c-9f5be2d4c781@legal.localhost"),
        ),
        account("bob", "builder", None),
    ]
}

impl FromStr for Account {
    type Err = String;

    /// Reads `user:password[:legal-id]`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let user_name = parts.next().unwrap_or_default();
        let password = parts.next().unwrap_or_default();
        let legal_id = parts.next();
        if password.is_empty() || legal_id == Some("") {
            return Err("write user:password or user:password:legal-id".into());
        }
        Self::new(user_name, password, legal_id.map(Into::into))
    }
}

/// Without the password, to keep it out of logs.
impl std::fmt::Debug for Account {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Account")
            .field("user_name", &self.user_name)
            .field("legal_id", &self.legal_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(text: &str) -> Result<(String, String, Option<String>), String> {
        text.parse().map(|account: Account| (account.user_name, account.password, account.legal_id))
    }

    #[test]
    fn two_or_three_parts_are_parsed() {
        assert_eq!(account("eve:pw"), Ok(("eve".into(), "pw".into(), None)));
        assert_eq!(
            account("Åsa:p w:id@legal.x"),
            Ok(("åsa".into(), "p w".into(), Some("id@legal.x".into())))
        );
        assert_eq!(account("eve:pw:a:b").unwrap().2.as_deref(), Some("a:b"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "eve", "eve:", ":pw", "a@b:pw", "a b:pw", "eve:pw:", "a/b:pw"] {
            assert!(account(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_password_is_not_written_to_a_log() {
        let account: Account = "eve:hush".parse().unwrap();
        assert!(!format!("{account:?}").contains("hush"));
    }
}
