//! The faults that can be injected.

use std::fmt::{self, Display, Formatter};

/// A fault of a request, and whether the broker has handled the request by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset. Not handled.
    Reset,
    /// The connection is reset instead of a response. Handled.
    Lost,
    /// There is no response, but the connection stays open. Handled.
    Hang,
    /// The connection is reset in the middle of the response. Handled.
    Truncate,
    /// A proxy answers with this status. Not handled.
    Status(u16),
    /// A proxy answers with a page of HTML. Handled.
    Html,
    /// The response has no body. Handled.
    Empty,
    /// The response is JSON, but of another shape. Handled.
    Wrong,
    /// The response is larger than a client should accept. Handled.
    Big,
    /// The response arrives byte by byte. Handled.
    Slow,
}

impl Fault {
    /// The faults that are written as a name alone.
    pub(super) const NAMED: [Self; 9] = [
        Self::Reset,
        Self::Lost,
        Self::Hang,
        Self::Truncate,
        Self::Html,
        Self::Empty,
        Self::Wrong,
        Self::Big,
        Self::Slow,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Lost => "lost",
            Self::Hang => "hang",
            Self::Truncate => "truncate",
            Self::Status(_) => "status",
            Self::Html => "html",
            Self::Empty => "empty",
            Self::Wrong => "wrong",
            Self::Big => "big",
            Self::Slow => "slow",
        }
    }
}

/// As on the command line, without the probability.
impl Display for Fault {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(code) => write!(formatter, "status={code}"),
            named => formatter.write_str(named.name()),
        }
    }
}
