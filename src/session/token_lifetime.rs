//! How long a token is valid, and when it is due for a refresh.

use crate::environment::clock::{Deadline, Timestamp};

/// Why a session was lost: its token expired.
pub(crate) const EXPIRED: &str = "expired";
/// Why a session was lost: the broker refused its token.
pub(crate) const REFUSED: &str = "refused";

/// The longest delay before another refresh after one that failed.
const MAX_REFRESH_DELAY_MS: f64 = 30_000.0;

/// The longest lifetime that a broker grants, in seconds.
const MAX_LIFETIME_SECONDS: u32 = 3600;

/// The lifetime of a token.
#[derive(Clone)]
pub(crate) struct TokenLifetime {
    pub(super) token: String,
    /// Whose it is, as the storage said then.
    pub(super) user_name: Option<String>,
    /// The lifetime that was asked for, and will be asked for again.
    requested_seconds: u32,
    /// `None` if it is unknown: the token is used until it is refused.
    lifetime_ms: Option<f64>,
    /// How old the token was at `start`.
    initial_age_ms: f64,
    start: Timestamp,
    /// No refresh before it has passed.
    refresh_delay: Option<Deadline>,
}

/// What has to be done about a token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TokenStatus {
    /// There is no token.
    None,
    /// Nothing.
    Valid,
    /// It should be exchanged for one of so many seconds.
    RefreshDue(u32),
    /// It is not valid any more, for this reason.
    Invalid(&'static str),
}

impl TokenLifetime {
    pub(super) fn new(
        token: &str,
        user_name: Option<String>,
        requested_seconds: i64,
        lifetime_ms: Option<f64>,
        initial_age_ms: f64,
        start: Timestamp,
    ) -> Self {
        let requested_seconds = u32::try_from(requested_seconds).unwrap_or_default();
        Self {
            token: token.into(),
            user_name,
            requested_seconds: requested_seconds.clamp(1, MAX_LIFETIME_SECONDS),
            lifetime_ms,
            initial_age_ms,
            start,
            refresh_delay: None,
        }
    }

    fn age_ms(&self, now: &Timestamp) -> f64 {
        self.initial_age_ms + now.since(&self.start)
    }

    fn refresh_delay_ms(&self, now: &Timestamp) -> Option<f64> {
        self.refresh_delay?.remaining_ms(now)
    }

    pub(super) fn status(&self, now: &Timestamp) -> TokenStatus {
        let Some(lifetime) = self.lifetime_ms else { return TokenStatus::Valid };
        let age = self.age_ms(now);
        if age >= lifetime {
            TokenStatus::Invalid(EXPIRED)
        } else if age >= lifetime / 2.0 && self.refresh_delay_ms(now).is_none() {
            TokenStatus::RefreshDue(self.requested_seconds)
        } else {
            TokenStatus::Valid
        }
    }

    /// Until when the token is valid; `None` if that is unknown.
    pub(super) fn valid_until(&self) -> Option<Deadline> {
        Some(Deadline { from: self.start, after_ms: self.lifetime_ms? - self.initial_age_ms })
    }

    /// After a refresh that failed: the token is still valid, and the next refresh comes after a
    /// quarter of the time that is left, or when the broker allows it.
    pub(super) fn delay_refresh(&mut self, now: Timestamp, retry_after_ms: Option<u32>) {
        let age = self.age_ms(&now);
        let left = self.lifetime_ms.map_or(MAX_REFRESH_DELAY_MS, |lifetime| lifetime - age);
        let asked = retry_after_ms.map(f64::from).unwrap_or_default();
        let after_ms = (left / 4.0).min(MAX_REFRESH_DELAY_MS).max(asked);
        self.refresh_delay = Some(Deadline { from: now, after_ms });
    }

    /// In how many milliseconds the status changes; infinity if the lifetime is unknown.
    pub(super) fn due_in_ms(&self, now: &Timestamp) -> f64 {
        let Some(lifetime) = self.lifetime_ms else { return f64::INFINITY };
        let age = self.age_ms(now);
        let until_due = (lifetime / 2.0 - age).max(0.0);
        let delay = self.refresh_delay_ms(now).unwrap_or_default();
        until_due.max(delay).min((lifetime - age).max(0.0))
    }
}

#[allow(clippy::cast_possible_truncation, reason = "an hour at most")]
pub(super) fn whole_seconds(milliseconds: f64) -> i64 {
    (milliseconds / 1000.0) as i64
}
