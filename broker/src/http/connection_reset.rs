//! The error that resets a connection.

use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// An error instead of a response, or of the rest of one. hyper then drops the connection, and
/// sends nothing more.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConnectionReset;

impl Display for ConnectionReset {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("An injected fault resets the connection.")
    }
}

impl Error for ConnectionReset {}
