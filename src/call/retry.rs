//! What to do after a failed attempt. Not by HTTP method, for all of the Agent API is `POST`, but by
//! what repeating the call would do ([`Effect`]).

use crate::client::Client;
use crate::environment::Environment;
use crate::error::{Error, Reach};
use crate::wire::{Effect, Trace};
use std::cell::Cell;

/// A fifth attempt has hardly ever helped where four did not.
pub(crate) const MOST_ATTEMPTS: u32 = 4;

/// A login is signed and counted; see [`Effect::Session`].
const MOST_LOGINS: u32 = 2;

/// The longest back-off before the first repetition, and before any.
const BACK_OFF_MS: (u32, u32) = (250, 5_000);

/// A broker that asks for more is not waited for: the caller is told.
pub(crate) const LONGEST_RETRY_AFTER_MS: u32 = 60_000;

/// How many requests may be repeated while none succeeds.
const RESERVE: u32 = 100;

/// What follows a failed attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The failure is the call's.
    Fail,
    /// The same again, after a pause.
    Repeat,
    /// A look at the roster, which shows whether the request arrived.
    LookAfter(Trace),
}

/// Decides by the effect of the call, the failure of its latest attempt and their number.
pub(crate) fn next(effect: Effect, error: &Error, attempts: u32) -> Next {
    if matches!(error, Error::Refused(refusal) if refusal.status == 500) {
        // The broker's own failure: what it fails of once it fails of again.
        return Next::Fail;
    }
    let uncertain = may_have_arrived(error);
    let most = if effect == Effect::Session { MOST_LOGINS } else { MOST_ATTEMPTS };
    let passes = match effect {
        // An answer that is none is one: the broker counts what it refuses.
        Effect::Session => match error {
            Error::Network { reach, .. } => *reach != Reach::Answered,
            Error::Timeout { .. } => true,
            _ => false,
        },
        Effect::Read | Effect::Write => may_pass(error),
        Effect::Stanza(trace) if uncertain => {
            return if trace == Trace::None { Next::Fail } else { Next::LookAfter(trace) };
        }
        Effect::Stanza(_) | Effect::Consume | Effect::Once => may_pass(error) && !uncertain,
    };
    if passes && attempts < most { Next::Repeat } else { Next::Fail }
}

/// Whether another attempt may have better luck.
fn may_pass(error: &Error) -> bool {
    match error {
        Error::Network { .. } | Error::Timeout { .. } => true,
        Error::Refused(refusal) => matches!(refusal.status, 408 | 429 | 502 | 503 | 504),
        _ => false,
    }
}

/// Whether the broker may have done what the request asked for. A broker that fails (500) may have
/// failed after that; behind 502 and 504 stands a proxy that knows no more than we do; an answer
/// that is not understood may be its as well.
pub(crate) fn may_have_arrived(error: &Error) -> bool {
    match error {
        Error::Network { reach, .. } => *reach != Reach::Unsent,
        Error::Timeout { .. } | Error::BadResponse { .. } => true,
        Error::Refused(refusal) => matches!(refusal.status, 500 | 502 | 504),
        _ => false,
    }
}

/// What keeps a broken broker from being asked by everybody all the time: repetitions are paid for
/// with successes.
pub(crate) struct Budget(Cell<u32>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(RESERVE))
    }
}

impl Budget {
    pub(crate) fn take(&self) -> bool {
        let left = self.0.get().checked_sub(1);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }

    pub(crate) fn give_back(&self) {
        self.0.set((self.0.get() + 1).min(RESERVE));
    }
}

impl<E: Environment> Client<E> {
    /// How long to wait before another attempt: as long as the broker asks, else a random part of a
    /// time that doubles (full jitter), so that not all come back at once. Nothing, where the broker
    /// asks for too much.
    pub(crate) fn pause_ms(&self, error: &Error, attempts: u32) -> Option<u32> {
        let (first, longest) = BACK_OFF_MS;
        match error {
            Error::Refused(refusal) if refusal.retry_after_ms.is_some() => {
                let asked = refusal.retry_after_ms;
                let asked = asked.filter(|asked| *asked <= LONGEST_RETRY_AFTER_MS)?;
                Some(asked + self.random_below(first))
            }
            _ => {
                let doubled = first.saturating_mul(1 << attempts.saturating_sub(1).min(16));
                Some(self.random_below(doubled.min(longest)))
            }
        }
    }

    /// A random number below another. Without a source of randomness, none below which is none.
    pub(crate) fn random_below(&self, limit: u32) -> u32 {
        let mut random = [0; 4];
        let _ = self.environment.fill_random(&mut random);
        let scaled = (u64::from(u32::from_le_bytes(random)) * u64::from(limit)) >> 32;
        u32::try_from(scaled).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Cause, Refusal};

    fn network(reach: Reach) -> Error {
        Error::Network { cause: Cause(None), reach }
    }

    fn status(status: u16) -> Error {
        Error::Refused(Box::new(Refusal { status, ..Refusal::default() }))
    }

    #[test]
    fn each_effect_has_its_way() {
        use Next::{Fail, LookAfter, Repeat};
        let lost = network(Reach::Unknown);
        let unsent = network(Reach::Unsent);
        let cut = network(Reach::Answered);
        let late = Error::Timeout { after_ms: 1 };
        let odd = Error::BadResponse { problem: String::new(), status: 200 };
        let traced = Effect::Stanza(Trace::Requested);
        let look = || LookAfter(Trace::Requested);
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
        for (error, rows) in [
            (&lost, [Repeat, Repeat, look(), Fail, Repeat, Fail, Fail]),
            (&late, [Repeat, Repeat, look(), Fail, Repeat, Fail, Fail]),
            (&cut, [Repeat, Repeat, look(), Fail, Fail, Fail, Fail]),
            (&unsent, [Repeat, Repeat, Repeat, Repeat, Repeat, Repeat, Repeat]),
            (&odd, [Fail, Fail, look(), Fail, Fail, Fail, Fail]),
            (&status(408), [Repeat, Repeat, Repeat, Repeat, Fail, Repeat, Repeat]),
            (&status(429), [Repeat, Repeat, Repeat, Repeat, Fail, Repeat, Repeat]),
            (&status(503), [Repeat, Repeat, Repeat, Repeat, Fail, Repeat, Repeat]),
            (&status(502), [Repeat, Repeat, look(), Fail, Fail, Fail, Fail]),
            (&status(504), [Repeat, Repeat, look(), Fail, Fail, Fail, Fail]),
            (&status(400), [Fail, Fail, Fail, Fail, Fail, Fail, Fail]),
            (&status(401), [Fail, Fail, Fail, Fail, Fail, Fail, Fail]),
            (&status(500), [Fail, Fail, Fail, Fail, Fail, Fail, Fail]),
            (&Error::NotLoggedIn, [Fail, Fail, Fail, Fail, Fail, Fail, Fail]),
        ] {
            for (effect, expected) in columns.into_iter().zip(rows) {
                assert_eq!(next(effect, error, 1), expected, "{effect:?} after {error:?}");
            }
        }
    }

    #[test]
    fn there_is_an_end_to_it() {
        assert_eq!(next(Effect::Read, &network(Reach::Unknown), 3), Next::Repeat);
        assert_eq!(next(Effect::Read, &network(Reach::Unknown), 4), Next::Fail);
        assert_eq!(next(Effect::Session, &network(Reach::Unsent), 2), Next::Fail);
    }

    #[test]
    fn the_budget_is_paid_back_by_successes_and_has_a_limit() {
        let budget = Budget::default();
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
