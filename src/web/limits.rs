//! The limits of a client, which its host keeps.

use super::browser::Browser;
use super::value::get;
use crate::client::{
    Client, DEFAULT_ATTEMPT_MS, DEFAULT_MAX_IN_FLIGHT, DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TOTAL_MS,
};

/// Applies the limits that the client's host keeps.
pub(super) fn apply_limits(client: &Client<Browser>) {
    let kept = client.environment().host.limits();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
    let limit =
        |name: &str, default: u32| get(&kept, name).as_f64().map_or(default, |limit| limit as u32);
    client.set_timeout(limit("attemptMs", DEFAULT_ATTEMPT_MS), limit("totalMs", DEFAULT_TOTAL_MS));
    client.set_max_in_flight(limit("maxInFlight", DEFAULT_MAX_IN_FLIGHT));
    client.set_max_response_bytes(limit("maxResponseBytes", DEFAULT_MAX_RESPONSE_BYTES));
}
