//! API keys, with which programs create accounts.

use std::str::FromStr;

/// An API key, as given on the command line.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Identifies the key in a request.
    pub key: String,
    /// Signs requests, and is never sent.
    pub secret: String,
    /// How many accounts may be created with it. `None` if there is no limit.
    pub quota: Option<u32>,
}

/// The API key of a broker that is given none. Its secret is public.
#[must_use]
pub fn demo_api_keys() -> Vec<ApiKey> {
    vec![ApiKey { key: "demo-key".into(), secret: "demo-secret".into(), quota: None }]
}

impl FromStr for ApiKey {
    type Err = String;

    /// Reads `key:secret[:quota]`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let key = parts.next().unwrap_or_default();
        let secret = parts.next().unwrap_or_default();
        if key.is_empty() || secret.is_empty() {
            return Err("write key:secret or key:secret:quota".into());
        }
        let quota = match parts.next() {
            None => None,
            Some(number) => Some(
                number
                    .parse()
                    .map_err(|_| format!("the quota {number:?} is not a whole number"))?,
            ),
        };
        Ok(Self { key: key.into(), secret: secret.into(), quota })
    }
}

/// Without the secret, to keep it out of logs.
impl std::fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ApiKey")
            .field("key", &self.key)
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<(String, String, Option<u32>), String> {
        text.parse().map(|key: ApiKey| (key.key, key.secret, key.quota))
    }

    #[test]
    fn two_or_three_parts_are_parsed() {
        assert_eq!(parts("k:s"), Ok(("k".into(), "s".into(), None)));
        assert_eq!(parts("k:s:0"), Ok(("k".into(), "s".into(), Some(0))));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "k", "k:", ":s", "k:s:", "k:s:x", "k:s:-1", "k:s:1:1"] {
            assert!(parts(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_secret_is_not_written_to_a_log() {
        let key: ApiKey = "k:hush".parse().unwrap();
        assert!(!format!("{key:?}").contains("hush"));
    }
}
