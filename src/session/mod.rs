//! The session: what it is, how it begins, goes on and ends, and where it is stored.
//!
//! | File | Responsibility |
//! |---|---|
//! | `state` | `Session`: the transitions, which alone write what a session is |
//! | `snapshot` | what a call remembers of the session between its waits |
//! | `token_lifetime` | how long a token is valid, and when it is due for a refresh |
//! | `refresh` | a token refresh under way, shared by all who wait for it |
//! | `grant`, `claims` | what a response, and a token, say of a session |
//! | `broker` | the broker that the client talks to |
//! | `keys` | the keys under which all this is stored |

pub(crate) mod broker;
mod claims;
mod grant;
pub mod keys;
pub(crate) mod refresh;
pub(crate) mod snapshot;
pub(crate) mod state;
pub(crate) mod token_lifetime;
