//! What a call remembers of the session between its waits.

use crate::environment::clock::Deadline;

/// The session at some moment.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// The token to show, if there is one.
    pub(crate) token: Option<String>,
    /// Changes with each token that comes or goes in this client: the same text that is granted
    /// again is another token.
    pub(crate) token_generation: u32,
    /// Whose session it is; `None` without a session.
    pub(crate) owner: Option<SessionOwner>,
}

/// Whose session it is. A call is not sent in the session of another owner.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SessionOwner {
    pub(super) session_number: u32,
    pub(super) user_name: String,
}

/// The token of a session that has ended in this client, and not yet at the broker.
pub(crate) struct LogoutToken {
    pub(crate) token: String,
    /// `None` if its lifetime is unknown.
    pub(crate) valid_until: Option<Deadline>,
}
