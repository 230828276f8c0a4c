//! How long a body may be, and why one could not be read.

/// The maximum length of a body, in bytes: room for the longest XML with each character escaped.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It is longer than [`MAX_BYTES`].
    TooLong,
    /// It did not arrive in time.
    TooSlow,
    /// It ended too early, or its framing is invalid.
    Broken,
}
