//! What a caller can choose for all calls of a client.

use std::cell::Cell;

/// How long an attempt may take: about as long as a person waits.
pub const DEFAULT_ATTEMPT_MS: u32 = 10_000;

/// How long a call may take, with all of its attempts.
pub const DEFAULT_TOTAL_MS: u32 = 30_000;

/// How large a response may be: a thousand times the usual one, and safe for a phone.
pub const DEFAULT_MAX_RESPONSE_BYTES: u32 = 8 * 1024 * 1024;

/// The settings of a client.
pub(crate) struct Settings {
    pub(crate) attempt_ms: Cell<u32>,
    pub(crate) total_ms: Cell<u32>,
    pub(crate) max_response_bytes: Cell<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            attempt_ms: Cell::new(DEFAULT_ATTEMPT_MS),
            total_ms: Cell::new(DEFAULT_TOTAL_MS),
            max_response_bytes: Cell::new(DEFAULT_MAX_RESPONSE_BYTES),
        }
    }
}
