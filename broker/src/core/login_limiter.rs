//! Blocks endpoints after too many failed logins.
//!
//! Failures are counted for each account that was tried at an endpoint, and for the endpoint as a
//! whole. So guessing at one account soon ends, while others at the same endpoint can log in to
//! other accounts; trying each account a few times ends as well. A successful login resets the
//! failures of its own account, and of no other.
//!
//! An endpoint is an address, and an origin. A person's browser sends what any page tells it to,
//! from that person's address, so the failures of a foreign page must not block the person.

use super::record::{self, Records, Table};
use serde::{Deserialize, Serialize};

/// The maximum number of counters. When it is reached, the one used longest ago is removed.
const MAX_COUNTERS: usize = 10_000;

/// How many times as many failures as one account the whole endpoint may have.
const ENDPOINT_FACTOR: u32 = 5;

/// How many foreign origins of an address have counters of their own. A program can make up any
/// number of origins, so all others share one counter.
const MAX_FOREIGN_ORIGINS: usize = 4;

/// The maximum length of an origin with a counter of its own, in bytes.
const MAX_ORIGIN_BYTES: usize = 256;

/// After how many seconds without a failure a counter is reset, or after the time of a block, if
/// that is longer.
const RESET_AFTER_SECONDS: i64 = 300;

/// When failed logins are blocked, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginLimits {
    /// After how many failures an account is blocked for the endpoint they came from. After as many
    /// failures that name no account, or five times as many in all, the whole endpoint is blocked.
    /// 0 to never block.
    pub failures: u32,
    /// How long a block lasts, in seconds.
    pub seconds: u32,
}

/// Generous, because a test suite fails to log in on purpose and must not block itself.
impl Default for LoginLimits {
    fn default() -> Self {
        Self { failures: 20, seconds: 60 }
    }
}

/// The origin of the page that calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// A page of the broker's own origin, or a program, which has none.
    Own,
    /// A page of another origin that is served from the same machine, such as by a development
    /// server.
    Loopback,
    /// A page of any other origin.
    Foreign(&'a str),
}

/// Where a call comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endpoint<'a> {
    pub address: &'a str,
    pub origin: Origin<'a>,
}

/// What a failed attempt was aimed at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'a> {
    /// The password of an account, by its user name.
    Account(&'a str),
    /// A bearer token. Nobody can guess one, but a Neuron® counts them too.
    Token,
    /// The secret of an API key, a verification code, or a contact address of an account.
    Other,
}

/// Counts failed logins and other failed attempts.
///
/// A Neuron® blocks an endpoint forever after enough failures. This broker does not, because that
/// would only lock out its developer.
pub(super) struct LoginLimiter {
    limits: LoginLimits,
    counters: Table<Key, Counter>,
}

/// What is counted. The order of the fields keeps all counters of an address together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Key {
    address: String,
    origin: OriginKey,
    target: TargetKey,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum OriginKey {
    Own,
    Loopback,
    Foreign(String),
    /// The foreign origins without a counter of their own.
    OtherForeign,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum TargetKey {
    /// Everything that is tried at the endpoint.
    All,
    Account(String),
    Token,
    Other,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Counter {
    failures: u32,
    latest: i64,
    blocked_until: i64,
}

/// As JSON: it has several parts, and each may hold any character.
impl record::Key for Key {
    fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl LoginLimiter {
    pub(super) fn new(limits: LoginLimits) -> Self {
        Self { limits, counters: Table::new("failed_logins") }
    }

    #[cfg(test)]
    pub(super) fn limits(&self) -> LoginLimits {
        self.limits
    }

    /// What is kept of it.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.counters
    }

    /// For how many more seconds an endpoint is blocked, as a whole or for an account. `None` if it
    /// is not blocked.
    pub(super) fn blocked_for(
        &self,
        endpoint: Endpoint<'_>,
        account: Option<&str>,
        now: i64,
    ) -> Option<i64> {
        let mut key = self.key(endpoint, TargetKey::All, now);
        let account = account.map(|account| TargetKey::Account(account.into()));
        let whole = [TargetKey::All, TargetKey::Token, TargetKey::Other];
        let left = whole.into_iter().chain(account).filter_map(|target| {
            key.target = target;
            self.counters.get(&key).map(|counter| counter.blocked_until - now)
        });
        left.max().filter(|left| *left > 0)
    }

    /// Counts a failed attempt.
    pub(super) fn record_failure(&mut self, endpoint: Endpoint<'_>, target: Target<'_>, now: i64) {
        if self.limits.failures == 0 {
            return;
        }
        self.forget_stale(endpoint.address, now);
        let all = self.key(endpoint, TargetKey::All, now);
        let one = Key { target: target.into(), ..all.clone() };
        self.count(one, self.limits.failures, now);
        self.count(all, self.limits.failures.saturating_mul(ENDPOINT_FACTOR), now);
    }

    /// Notes a successful login.
    pub(super) fn record_success(&mut self, endpoint: Endpoint<'_>, user_name: &str, now: i64) {
        let all = self.key(endpoint, TargetKey::All, now);
        for target in [TargetKey::Account(user_name.into()), TargetKey::Token] {
            let one = self.counters.remove(&Key { target, ..all.clone() });
            if let (Some(one), Some(all)) = (one, self.counters.get_mut(&all)) {
                all.failures = all.failures.saturating_sub(one.failures);
            }
        }
    }

    fn count(&mut self, key: Key, max: u32, now: i64) {
        if !self.counters.contains_key(&key) {
            self.make_room();
        }
        let counter = self.counters.get_or_default(key);
        counter.failures += 1;
        counter.latest = now;
        if counter.failures >= max {
            let blocked_until = now + i64::from(self.limits.seconds);
            *counter = Counter { failures: 0, latest: now, blocked_until };
        }
    }

    fn key(&self, endpoint: Endpoint<'_>, target: TargetKey, now: i64) -> Key {
        let address = endpoint.address.to_owned();
        let origin = match endpoint.origin {
            Origin::Own => OriginKey::Own,
            Origin::Loopback => OriginKey::Loopback,
            Origin::Foreign(origin) if self.has_room_for(&address, origin, now) => {
                OriginKey::Foreign(origin.into())
            }
            Origin::Foreign(_) => OriginKey::OtherForeign,
        };
        Key { address, origin, target }
    }

    /// Whether an origin has a counter of its own, or may get one.
    fn has_room_for(&self, address: &str, origin: &str, now: i64) -> bool {
        let foreign = self.of_address(address).filter_map(|(key, counter)| match &key.origin {
            OriginKey::Foreign(foreign)
                if key.target == TargetKey::All && !self.is_stale(counter, now) =>
            {
                Some(foreign.as_str())
            }
            _ => None,
        });
        let origins: Vec<_> = foreign.collect();
        origin.len() <= MAX_ORIGIN_BYTES
            && (origins.contains(&origin) || origins.len() < MAX_FOREIGN_ORIGINS)
    }

    fn of_address(&self, address: &str) -> impl Iterator<Item = (&Key, &Counter)> {
        let first = Key { address: address.into(), origin: OriginKey::Own, target: TargetKey::All };
        self.counters.range(&first..).take_while(move |(key, _)| key.address == first.address)
    }

    fn is_stale(&self, counter: &Counter, now: i64) -> bool {
        let reset_after = RESET_AFTER_SECONDS.max(self.limits.seconds.into());
        now - counter.latest >= reset_after && counter.blocked_until <= now
    }

    fn forget_stale(&mut self, address: &str, now: i64) {
        let of_address = self.of_address(address);
        let stale = of_address.filter(|(_, counter)| self.is_stale(counter, now));
        let keys: Vec<_> = stale.map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.counters.remove(&key);
        }
    }

    fn make_room(&mut self) {
        if self.counters.len() < MAX_COUNTERS {
            return;
        }
        let oldest = self.counters.iter().min_by_key(|(_, counter)| counter.latest);
        if let Some(key) = oldest.map(|(key, _)| key.clone()) {
            self.counters.remove(&key);
        }
    }
}

impl From<Target<'_>> for TargetKey {
    fn from(target: Target<'_>) -> Self {
        match target {
            Target::Account(user_name) => Self::Account(user_name.into()),
            Target::Token => Self::Token,
            Target::Other => Self::Other,
        }
    }
}

/// The message of a Neuron® for a blocked endpoint, which the client parses.
pub(super) fn blocked_message(seconds_left: i64, endpoint: &str) -> String {
    let (number, unit) = match seconds_left {
        ..=59 => (seconds_left, "second"),
        60..=3_599 => (seconds_left.unsigned_abs().div_ceil(60).cast_signed(), "minute"),
        _ => (seconds_left.unsigned_abs().div_ceil(3_600).cast_signed(), "hour"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!(
        "Too many failed login attempts in a row registered. Try again in {number} {unit}{plural}. \
         Remote Endpoint: {endpoint}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Endpoint<'_> = Endpoint { address: "a", origin: Origin::Own };
    const B: Endpoint<'_> = Endpoint { address: "b", origin: Origin::Own };
    const ALICE: Target<'_> = Target::Account("alice");
    const BOB: Target<'_> = Target::Account("bob");
    const SECONDS: Option<i64> = Some(90);

    fn limiter() -> LoginLimiter {
        LoginLimiter::new(LoginLimits { failures: 3, seconds: 90 })
    }

    fn foreign(origin: &str) -> Endpoint<'_> {
        Endpoint { address: "a", origin: Origin::Foreign(origin) }
    }

    #[test]
    fn the_third_failure_blocks_the_account_there() {
        let mut limiter = limiter();
        for now in [0, 1] {
            limiter.record_failure(A, ALICE, now);
            assert_eq!(limiter.blocked_for(A, Some("alice"), now), None);
        }
        limiter.record_failure(B, ALICE, 1);
        limiter.record_failure(A, BOB, 1);
        limiter.record_failure(A, ALICE, 2);
        assert_eq!(limiter.blocked_for(A, Some("alice"), 2), Some(90));
        assert_eq!(limiter.blocked_for(A, Some("alice"), 91), Some(1));
        assert_eq!(limiter.blocked_for(A, Some("alice"), 92), None);
        for other in [None, Some("bob")] {
            assert_eq!(limiter.blocked_for(A, other, 2), None);
        }
        assert_eq!(limiter.blocked_for(B, Some("alice"), 2), None);
        for now in [92, 93, 94] {
            assert_eq!(limiter.blocked_for(A, Some("alice"), now), None);
            limiter.record_failure(A, ALICE, now);
        }
        assert_eq!(limiter.blocked_for(A, Some("alice"), 94), Some(90));
    }

    #[test]
    fn a_successful_login_resets_its_counter() {
        let mut limiter = limiter();
        for _ in 0..20 {
            limiter.record_failure(A, ALICE, 0);
            limiter.record_failure(A, ALICE, 0);
            limiter.record_success(A, "alice", 0);
        }
        assert_eq!(limiter.blocked_for(A, Some("alice"), 0), None);
    }

    #[test]
    fn a_login_resets_no_other_account() {
        let mut limiter = limiter();
        for _ in 0..3 {
            assert_eq!(limiter.blocked_for(A, Some("bob"), 0), None);
            limiter.record_failure(A, BOB, 0);
            limiter.record_success(A, "alice", 0);
            limiter.record_success(B, "bob", 0);
            limiter.record_success(foreign("https://x.example"), "bob", 0);
        }
        assert_eq!(limiter.blocked_for(A, Some("bob"), 0), Some(90));
        assert_eq!(limiter.blocked_for(A, Some("alice"), 0), None);
    }

    #[test]
    fn what_names_no_account_blocks_the_whole_endpoint() {
        for (target, is_made_up_for) in [(Target::Token, true), (Target::Other, false)] {
            let mut limiter = limiter();
            for _ in 0..2 {
                limiter.record_failure(A, target, 0);
            }
            limiter.record_success(A, "alice", 0);
            limiter.record_failure(A, target, 0);
            let left = if is_made_up_for { None } else { SECONDS };
            assert_eq!(limiter.blocked_for(A, Some("alice"), 0), left, "{target:?}");
            for _ in 0..2 {
                limiter.record_failure(A, target, 0);
            }
            assert_eq!(limiter.blocked_for(A, None, 0), SECONDS, "{target:?}");
            assert_eq!(limiter.blocked_for(B, None, 0), None, "{target:?}");
        }
    }

    #[test]
    fn trying_each_account_once_ends_too() {
        let mut limiter = limiter();
        let names: Vec<_> = (0..15).map(|number| number.to_string()).collect();
        for name in &names {
            assert_eq!(limiter.blocked_for(A, Some("alice"), 0), None);
            limiter.record_failure(A, Target::Account(name), 0);
            limiter.record_success(A, "alice", 0);
        }
        assert_eq!(limiter.blocked_for(A, None, 0), Some(90));
        assert_eq!(limiter.blocked_for(A, Some("alice"), 0), Some(90));
        assert_eq!(limiter.blocked_for(B, Some("alice"), 0), None);
    }

    #[test]
    fn a_foreign_page_blocks_only_itself() {
        let mut limiter = limiter();
        let loopback = Endpoint { origin: Origin::Loopback, ..A };
        let origins: Vec<_> = (0..100).map(|number| format!("https://{number}.example")).collect();
        let early = foreign("https://early.example");
        limiter.record_failure(early, BOB, 0);
        let mut guesses = 0;
        for origin in &origins {
            while limiter.blocked_for(foreign(origin), Some("alice"), 0).is_none() {
                limiter.record_failure(foreign(origin), ALICE, 0);
                guesses += 1;
            }
        }
        assert_eq!(guesses, 3 * 4, "three origins, and one counter for the rest");
        for endpoint in [A, early, loopback] {
            assert_eq!(limiter.blocked_for(endpoint, Some("alice"), 0), None, "{endpoint:?}");
        }
        for _ in 0..3 {
            limiter.record_failure(loopback, ALICE, 0);
        }
        assert_eq!(limiter.blocked_for(loopback, Some("alice"), 0), Some(90));
        assert_eq!(limiter.blocked_for(A, Some("alice"), 0), None);
        let long = "x".repeat(MAX_ORIGIN_BYTES + 1);
        limiter.record_failure(foreign(&long), ALICE, RESET_AFTER_SECONDS);
        assert!(limiter.counters.keys().all(|key| key.origin != OriginKey::Foreign(long.clone())));
    }

    #[test]
    fn an_idle_counter_is_reset() {
        let mut limiter = limiter();
        for now in [
            0,
            0,
            RESET_AFTER_SECONDS,
            RESET_AFTER_SECONDS,
            2 * RESET_AFTER_SECONDS,
            3 * RESET_AFTER_SECONDS,
        ] {
            limiter.record_failure(A, ALICE, now);
            assert_eq!(limiter.blocked_for(A, Some("alice"), now), None, "{now}");
        }
        assert_eq!(limiter.counters.len(), 2);
        limiter.record_failure(A, ALICE, 4 * RESET_AFTER_SECONDS - 1);
        limiter.record_failure(A, ALICE, 4 * RESET_AFTER_SECONDS - 1);
        assert_eq!(limiter.blocked_for(A, Some("alice"), 4 * RESET_AFTER_SECONDS - 1), Some(90));
        let mut long = LoginLimiter::new(LoginLimits { failures: 2, seconds: 7_200 });
        long.record_failure(A, ALICE, 0);
        long.record_failure(A, ALICE, 7_199);
        assert_eq!(long.blocked_for(A, Some("alice"), 7_199), Some(7_200));
    }

    #[test]
    fn nobody_is_blocked_if_that_is_disabled() {
        let mut limiter = LoginLimiter::new(LoginLimits { failures: 0, seconds: 90 });
        (0..100).for_each(|now| limiter.record_failure(A, ALICE, now));
        assert_eq!(limiter.blocked_for(A, Some("alice"), 100), None);
    }

    #[test]
    fn the_number_of_counters_is_limited() {
        let mut limiter = limiter();
        let addresses: Vec<_> = (0..=MAX_COUNTERS / 2).map(|number| number.to_string()).collect();
        for (address, now) in addresses.iter().zip(0..) {
            limiter.record_failure(Endpoint { address, ..A }, ALICE, now);
        }
        assert_eq!(limiter.counters.len(), MAX_COUNTERS);
        assert!(limiter.counters.keys().all(|key| key.address != "0"));
    }

    #[test]
    fn the_time_left_is_rounded_up() {
        for (seconds, left) in [
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (61, "2 minutes"),
            (3_599, "60 minutes"),
            (3_600, "1 hour"),
            (3_601, "2 hours"),
        ] {
            assert!(
                blocked_message(seconds, "x").contains(&format!("Try again in {left}. ")),
                "{seconds}"
            );
        }
        assert!(blocked_message(1, "::1").ends_with(" Remote Endpoint: ::1"));
    }
}
