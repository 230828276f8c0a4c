//! Error responses.

/// An error response: a status and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong. It quotes names of properties, never their values, because one may be a
    /// secret.
    pub text: String,
    /// Which credentials are expected, for 401.
    pub challenge: Option<Challenge>,
    /// User names that are free, if the requested one is taken.
    pub alternatives: Vec<String>,
}

/// Which credentials are expected (RFC 6750 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// A login: no token was sent, or the credentials of a login are wrong.
    LogIn,
    /// Another token: the one sent is invalid, for this reason.
    InvalidToken(&'static str),
    /// User name and password (RFC 7617).
    Password,
}

impl Refusal {
    /// An error response without a challenge.
    pub fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), challenge: None, alternatives: Vec::new() }
    }

    /// The request breaks a rule.
    pub fn bad_request(text: impl Into<String>) -> Self {
        Self::new(400, text)
    }

    /// The credentials are missing or wrong.
    pub fn unauthorized(text: impl Into<String>, challenge: Challenge) -> Self {
        Self { challenge: Some(challenge), ..Self::new(401, text) }
    }

    /// The broker itself failed.
    pub fn internal(text: impl Into<String>) -> Self {
        Self::new(500, text)
    }
}
