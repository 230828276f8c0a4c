//! A call: who calls, from where, and when.

use super::login_limiter::{Endpoint, Origin};
use super::refusal::Refusal;
use super::tokens::Session;
use neuron_agent_api::wire::Encoding;

/// What a caller shows in the header `Authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials<'a> {
    /// Nothing that is of use here.
    None,
    /// A token.
    Bearer(&'a str),
    /// User name and password, in Base64 (RFC 7617).
    Basic(&'a str),
}

/// A call, on its way through.
pub struct Call<'a> {
    /// The time of day, in Unix seconds.
    pub now: i64,
    /// The `Host` header, which a login signs.
    pub host: &'a str,
    /// Where the call comes from: an IP address, or a network that is counted as one.
    pub remote: &'a str,
    /// The origin that calls, if one does.
    pub origin: Origin<'a>,
    /// What the caller shows.
    pub credentials: Credentials<'a>,
    /// How the answer will be written.
    pub encoding: Encoding,
    /// The caller, for a resource that needs one; from [`Broker::admit`].
    pub session: Option<Session>,
}

impl Call<'_> {
    /// Where failed logins of this call are counted.
    pub(super) fn endpoint(&self) -> Endpoint<'_> {
        Endpoint { address: self.remote, origin: self.origin }
    }

    /// The caller's session.
    pub(super) fn session(&self) -> Result<&Session, Refusal> {
        self.session.as_ref().ok_or_else(|| Refusal::internal("The broker let in a stranger."))
    }
}
