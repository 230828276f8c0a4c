//! The limits of a client, which its host keeps.

use super::browser::Browser;
use crate::client::{
    Client, DEFAULT_ATTEMPT_MS, DEFAULT_MAX_IN_FLIGHT, DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TOTAL_MS,
};

/// Applies the limits that the client's host keeps.
pub(super) fn apply_limits(client: &Client<Browser>) {
    let kept = client.environment().host.limits();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
    let limit =
        |place: u32, default: u32| kept.get(place).as_f64().map_or(default, |limit| limit as u32);
    client.set_timeout(limit(0, DEFAULT_ATTEMPT_MS), limit(1, DEFAULT_TOTAL_MS));
    client.set_max_in_flight(limit(2, DEFAULT_MAX_IN_FLIGHT));
    client.set_max_response_bytes(limit(3, DEFAULT_MAX_RESPONSE_BYTES));
}
