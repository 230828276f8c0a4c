//! The end of a connection that shall look like an accident.

use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// An error in the place of an answer, or of the rest of one: hyper drops the connection then, and
/// sends nothing more.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConnectionReset;

impl Display for ConnectionReset {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("The connection is cut on purpose.")
    }
}

impl Error for ConnectionReset {}
