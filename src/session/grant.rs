//! What a broker grants with the response to a login or a refresh.

use super::claims::Claims;
use crate::environment::Environment;
use crate::environment::clock::Timestamp;
use crate::syntax::date_time::to_unix_seconds;
use crate::wire::Value;

/// A token that was granted.
pub(super) struct Grant<'a> {
    pub(super) token: &'a str,
    /// Whose it is: as the caller said, else the response, else the token; empty if none does.
    pub(super) user_name: String,
    /// The lifetime that was asked for.
    pub(super) requested_seconds: i64,
    pub(super) lifetime_ms: f64,
}

impl<'a> Grant<'a> {
    pub(super) fn read(
        environment: &impl Environment,
        arguments: &Value,
        response: &'a Value,
        now: &Timestamp,
    ) -> Self {
        // The response of `GetSessionToken` says how long the session lasts, and has its token in
        // `AccountCreated`.
        let requested = arguments.get("seconds").or_else(|| response.get("seconds"));
        let requested_seconds = requested.and_then(Value::as_integer).unwrap_or_default();
        let granted = response.get("AccountCreated").unwrap_or(response);
        let token = granted.text("jwt");
        let claims = Claims::read(environment, token);
        let user_name = match (arguments.text("userName"), response.text("userName")) {
            ("", "") => claims.as_ref().and_then(Claims::subject).unwrap_or_default(),
            ("", name) | (name, _) => name.into(),
        };
        // The token tells its lifetime by one clock, whatever that shows; the response only as far as
        // it agrees with the clock here.
        let in_response = || {
            let left = to_unix_seconds(granted.text("expires"))? - now.unix_seconds();
            (1..=requested_seconds).contains(&left).then_some(left)
        };
        let in_token = claims.as_ref().and_then(Claims::lifetime_ms);
        #[allow(clippy::cast_precision_loss, reason = "an hour at most")]
        let lifetime_ms =
            in_token.unwrap_or_else(|| in_response().unwrap_or(requested_seconds) as f64 * 1000.0);
        Self { token, user_name, requested_seconds, lifetime_ms }
    }
}
