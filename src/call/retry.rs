//! The retry policy. It does not go by the HTTP method, because nearly all of the Agent API is `POST`,
//! but by what repeating the call would do ([`Effect`]).

use crate::environment::Environment;
use crate::error::{ErrorKind, Reach};
use crate::wire::{Effect, Trace};
use std::cell::Cell;

/// A fifth attempt has hardly ever helped where four did not.
pub(crate) const MAX_ATTEMPTS: u32 = 4;

/// A login is signed and counted; see [`Effect::Session`].
const MAX_LOGIN_ATTEMPTS: u32 = 2;

/// The longest backoff before the first retry, and before any.
const BACKOFF_MS: (u32, u32) = (250, 5_000);

/// The longest `Retry-After` that a call waits for; a longer one is left to the caller.
pub(crate) const MAX_RETRY_AFTER_MS: u32 = 60_000;

/// How many requests may be retried while none succeeds.
const BUDGET: u32 = 100;

/// What follows a failed attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// The call fails.
    Fail,
    /// The same request again, after a delay.
    Retry,
    /// A query of the roster, which shows whether the stanza was delivered.
    Reconcile(Trace),
}

/// Decides by the effect of the call, the failure of its latest attempt and their number.
pub(crate) fn decide(effect: Effect, kind: &ErrorKind, attempts: u32) -> RetryDecision {
    if matches!(kind, ErrorKind::Refused(refusal) if refusal.status == 500) {
        // The broker's own error, which another attempt would meet as well.
        return RetryDecision::Fail;
    }
    let is_ambiguous = may_have_arrived(kind);
    let is_login = matches!(effect, Effect::Session | Effect::Account);
    let most = if is_login { MAX_LOGIN_ATTEMPTS } else { MAX_ATTEMPTS };
    let is_retryable = match effect {
        // The broker counts what it refuses, so any response is final, even a truncated one.
        Effect::Session | Effect::Account => match kind {
            ErrorKind::Network { reach, .. } => *reach != Reach::Answered,
            ErrorKind::Timeout { .. } => true,
            _ => false,
        },
        Effect::Read | Effect::Write => is_transient(kind),
        Effect::Stanza(trace) if is_ambiguous => {
            return if trace == Trace::None {
                RetryDecision::Fail
            } else {
                RetryDecision::Reconcile(trace)
            };
        }
        Effect::Stanza(_) | Effect::Consume | Effect::Once => is_transient(kind) && !is_ambiguous,
    };
    if is_retryable && attempts < most { RetryDecision::Retry } else { RetryDecision::Fail }
}

/// Whether another attempt may succeed.
fn is_transient(kind: &ErrorKind) -> bool {
    match kind {
        ErrorKind::Network { .. } | ErrorKind::Timeout { .. } => true,
        ErrorKind::Refused(refusal) => matches!(refusal.status, 408 | 429 | 502 | 503 | 504),
        _ => false,
    }
}

/// Whether the broker may have done what the request asked for. A broker that fails (500) may have
/// failed after that; 502 and 504 come from a proxy that knows no more than the client; an invalid
/// response may be a proxy's as well.
pub(crate) fn may_have_arrived(kind: &ErrorKind) -> bool {
    match kind {
        ErrorKind::Network { reach, .. } => *reach != Reach::Unsent,
        ErrorKind::Timeout { .. } | ErrorKind::BadResponse { .. } => true,
        ErrorKind::Refused(refusal) => matches!(refusal.status, 500 | 502 | 504),
        _ => false,
    }
}

/// Keeps the clients of a broken broker from adding to its load: each retry takes from the budget, and
/// each success gives back to it.
pub(crate) struct RetryBudget(Cell<u32>);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(Cell::new(BUDGET))
    }
}

impl RetryBudget {
    pub(crate) fn take(&self) -> bool {
        let left = self.0.get().checked_sub(1);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }

    pub(crate) fn give_back(&self) {
        self.0.set((self.0.get() + 1).min(BUDGET));
    }
}

/// The delay before another attempt: what the broker asks for, else a random part of a time that
/// doubles (full jitter), so that not all clients come back at once. `None` if the broker asks for
/// too long a delay.
pub(crate) fn delay_ms(
    environment: &impl Environment,
    kind: &ErrorKind,
    attempts: u32,
) -> Option<u32> {
    let (first, longest) = BACKOFF_MS;
    match kind {
        ErrorKind::Refused(refusal) if refusal.retry_after_ms.is_some() => {
            let asked = refusal.retry_after_ms;
            let asked = asked.filter(|asked| *asked <= MAX_RETRY_AFTER_MS)?;
            Some(asked + environment.random_below(first))
        }
        _ => {
            let doubled = first << attempts.saturating_sub(1).min(16);
            Some(environment.random_below(doubled.min(longest)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Cause, Refusal};

    fn network(reach: Reach) -> ErrorKind {
        ErrorKind::Network { cause: Cause(None), reach }
    }

    fn status(status: u16) -> ErrorKind {
        ErrorKind::Refused(Box::new(Refusal { status, ..Refusal::default() }))
    }

    #[test]
    fn each_effect_has_its_policy() {
        use RetryDecision::{Fail, Reconcile, Retry};
        let lost = network(Reach::Unknown);
        let unsent = network(Reach::Unsent);
        let cut = network(Reach::Answered);
        let late = ErrorKind::Timeout { after_ms: 1 };
        let odd = ErrorKind::BadResponse { problem: String::new(), status: 200 };
        let traced = Effect::Stanza(Trace::Requested);
        let reconcile = || Reconcile(Trace::Requested);
        let untraced = Effect::Stanza(Trace::None);
        let columns = [
            Effect::Read,
            Effect::Write,
            traced,
            untraced,
            Effect::Session,
            Effect::Consume,
            Effect::Once,
        ];
        for (kind, rows) in [
            (&lost, [Retry, Retry, reconcile(), Fail, Retry, Fail, Fail]),
            (&late, [Retry, Retry, reconcile(), Fail, Retry, Fail, Fail]),
            (&cut, [Retry, Retry, reconcile(), Fail, Fail, Fail, Fail]),
            (&unsent, [Retry, Retry, Retry, Retry, Retry, Retry, Retry]),
            (&odd, [Fail, Fail, reconcile(), Fail, Fail, Fail, Fail]),
            (&status(408), [Retry, Retry, Retry, Retry, Fail, Retry, Retry]),
            (&status(429), [Retry, Retry, Retry, Retry, Fail, Retry, Retry]),
            (&status(503), [Retry, Retry, Retry, Retry, Fail, Retry, Retry]),
            (&status(502), [Retry, Retry, reconcile(), Fail, Fail, Fail, Fail]),
            (&status(504), [Retry, Retry, reconcile(), Fail, Fail, Fail, Fail]),
            (&status(400), [Fail, Fail, Fail, Fail, Fail, Fail, Fail]),
            (&status(401), [Fail, Fail, Fail, Fail, Fail, Fail, Fail]),
            (&status(500), [Fail, Fail, Fail, Fail, Fail, Fail, Fail]),
            (&ErrorKind::NotLoggedIn, [Fail, Fail, Fail, Fail, Fail, Fail, Fail]),
        ] {
            for (effect, expected) in columns.into_iter().zip(rows) {
                assert_eq!(decide(effect, kind, 1), expected, "{effect:?} after {kind:?}");
            }
        }
    }

    #[test]
    fn attempts_are_limited() {
        assert_eq!(decide(Effect::Read, &network(Reach::Unknown), 3), RetryDecision::Retry);
        assert_eq!(decide(Effect::Read, &network(Reach::Unknown), 4), RetryDecision::Fail);
        assert_eq!(decide(Effect::Session, &network(Reach::Unsent), 2), RetryDecision::Fail);
    }

    #[test]
    fn the_budget_is_paid_back_by_successes_and_has_a_limit() {
        let budget = RetryBudget::default();
        assert_eq!((0..1000).filter(|_| budget.take()).count(), 100);
        budget.give_back();
        assert!(budget.take());
        assert!(!budget.take());
        for _ in 0..1000 {
            budget.give_back();
        }
        assert_eq!((0..1000).filter(|_| budget.take()).count(), 100);
    }
}
