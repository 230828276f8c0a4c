//! A call: who calls, from where, and when.

use super::login_limiter::{Endpoint, Origin};
use super::refusal::Refusal;
use super::tokens::Session;
use neuron_agent_api::wire::Encoding;

/// The credentials in the header `Authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials<'a> {
    /// No credentials, or of an unknown scheme.
    None,
    /// A bearer token.
    Bearer(&'a str),
    /// User name and password, in Base64 (RFC 7617).
    Basic(&'a str),
}

/// A call of a resource.
pub struct Call<'a> {
    /// The time of day, in Unix seconds.
    pub now: i64,
    /// The host in the form of a URL, with its port, from the `Host` header. A login signs it.
    pub host: &'a str,
    /// Whether the call came over TLS, so that URLs of its host begin with `https`.
    pub is_secure: bool,
    /// The network that the call comes from: an IP address, or an IPv6 prefix.
    pub remote: &'a str,
    /// The origin of the page that calls.
    pub origin: Origin<'a>,
    /// The address of the page or program that calls, from the `Referer` header. `None` without it.
    pub referrer: Option<&'a str>,
    /// The credentials of the caller.
    pub credentials: Credentials<'a>,
    /// The encoding of the response.
    pub encoding: Encoding,
    /// The session of the caller. [`Broker::admit`](super::Broker::admit) sets it.
    pub session: Option<Session>,
}

impl Call<'_> {
    /// Where failed logins of this call are counted.
    pub(super) fn endpoint(&self) -> Endpoint<'_> {
        Endpoint { address: self.remote, origin: self.origin }
    }

    /// The caller's session.
    pub(super) fn session(&self) -> Result<&Session, Refusal> {
        self.session.as_ref().ok_or_else(|| Refusal::internal("The call has no session."))
    }
}
