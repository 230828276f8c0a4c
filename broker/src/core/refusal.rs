//! How the broker says no.

/// An error answer: a status and a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong. It quotes names of properties, never their values: one may be a secret.
    pub text: String,
    /// What to do to be let in, for 401.
    pub challenge: Option<Challenge>,
    /// UserNames in the place of one that is taken.
    pub alternatives: Vec<String>,
}

/// Why a session is needed (RFC 6750 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// No token was sent, or the credentials of a login are wrong.
    LogIn,
    /// A token was sent and is of no use.
    InvalidToken(&'static str),
    /// User name and password are wanted (RFC 7617).
    Password,
}

impl Refusal {
    /// A refusal without a challenge.
    pub fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), challenge: None, alternatives: Vec::new() }
    }

    /// The request breaks a rule.
    pub fn bad_request(text: impl Into<String>) -> Self {
        Self::new(400, text)
    }

    /// The caller is not known.
    pub fn unauthorized(text: impl Into<String>, challenge: Challenge) -> Self {
        Self { challenge: Some(challenge), ..Self::new(401, text) }
    }

    /// The broker is at fault.
    pub fn internal(text: impl Into<String>) -> Self {
        Self::new(500, text)
    }
}
