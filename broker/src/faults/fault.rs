//! What can go wrong with a request.

use std::fmt::{self, Display, Formatter};

/// What goes wrong with a request, and whether the broker has handled it by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is cut. Not handled.
    Reset,
    /// The connection is cut in the place of an answer. Handled.
    Lost,
    /// There is no answer, but the connection stays. Handled.
    Hang,
    /// The connection is cut in the middle of the answer. Handled.
    Truncate,
    /// Somebody on the way answers with this status. Not handled.
    Status(u16),
    /// Somebody on the way answers with a page. Handled.
    Html,
    /// The answer has lost its body. Handled.
    Empty,
    /// The answer is JSON, but no answer to this request. Handled.
    Wrong,
    /// The answer is longer than a client should bear. Handled.
    Big,
    /// The answer comes byte by byte. Handled.
    Slow,
}

impl Fault {
    /// Those that are known by a name alone.
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

/// As on the command line, up to the probability.
impl Display for Fault {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(code) => write!(formatter, "status={code}"),
            named => formatter.write_str(named.name()),
        }
    }
}
