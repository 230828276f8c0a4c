//! Who fails to log in too often is kept out for a while.
//!
//! Failures are counted for each account that was tried at an endpoint, and for all that was tried
//! there. So guessing at one account soon ends, and who is at the same endpoint can go on with
//! another; trying each account a few times ends as well. A right login makes up for the failures of
//! its own account, and for no other's.
//!
//! An endpoint is an address, and what kind of page calls. A person's browser sends what any page
//! tells it to, from that person's address: what a foreign page fails at must not keep the person
//! out.

use std::collections::BTreeMap;

/// How many counters there are. When all are in use, the one that was used longest ago is forgotten.
const MOST: usize = 10_000;

/// How many times as many failures an endpoint may have as one account there.
const WHOLE_ENDPOINT: u32 = 5;

/// How many sites are counted one by one for each address. A program can make up as many origins as
/// it likes, so all that come later share one more counter.
const MOST_SITES: usize = 4;

/// The longest origin that is remembered, in bytes.
const LONGEST_ORIGIN: usize = 256;

/// After how many seconds without a failure a counter begins anew, or after the time of a block, if
/// that is longer.
const REST: i64 = 300;

/// What is done about failed logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// After how many an account is blocked for the endpoint they came from. After as many that
    /// name no account, or five times as many in all, the whole endpoint is. 0 for never.
    pub failures: u32,
    /// For how long, in seconds.
    pub seconds: u32,
}

/// Generous: a test-suite fails to log in all the time, and must not shut itself out.
impl Default for Patience {
    fn default() -> Self {
        Self { failures: 20, seconds: 60 }
    }
}

/// Which kind of page calls, if one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page<'a> {
    /// A page of the broker's own origin, or a program.
    Own,
    /// A page of another origin that is served from the browser's own machine, as by the tools of a
    /// developer.
    ThisMachine,
    /// A page of any other origin.
    Site(&'a str),
}

/// Where a call comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endpoint<'a> {
    pub address: &'a str,
    pub page: Page<'a>,
}

/// What was tried.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    /// The password of an account, by its user name.
    Account(&'a str),
    /// A bearer token. Nobody can guess one, but a Neuron® counts them.
    Token,
    /// The secret of an API key, a code, or an address of an account.
    Other,
}

/// Counts failed logins, and whatever else a guesser does.
///
/// A Neuron® blocks for ever who goes on long enough. This broker does not: it would only keep
/// out the person who develops with it.
pub(super) struct Auditor {
    patience: Patience,
    counters: BTreeMap<Key, Counter>,
}

/// What is counted. The order of the fields has all counters of an address in a row.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    address: String,
    page: PageKey,
    subject: SubjectKey,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum PageKey {
    Own,
    ThisMachine,
    Site(String),
    /// The sites for which there is no counter of their own.
    OtherSites,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum SubjectKey {
    /// All that is tried at the endpoint.
    All,
    Account(String),
    Token,
    Other,
}

#[derive(Clone, Copy, Default)]
struct Counter {
    failures: u32,
    latest: i64,
    blocked_until: i64,
}

impl Auditor {
    pub(super) fn new(patience: Patience) -> Self {
        Self { patience, counters: BTreeMap::new() }
    }

    /// For how many seconds more an endpoint is blocked, as a whole or for an account; `None` if it
    /// is not.
    pub(super) fn blocked_for(
        &self,
        endpoint: Endpoint<'_>,
        account: Option<&str>,
        now: i64,
    ) -> Option<i64> {
        let mut key = self.key(endpoint, SubjectKey::All, now);
        let account = account.map(|account| SubjectKey::Account(account.into()));
        let whole = [SubjectKey::All, SubjectKey::Token, SubjectKey::Other];
        let left = whole.into_iter().chain(account).filter_map(|subject| {
            key.subject = subject;
            self.counters.get(&key).map(|counter| counter.blocked_until - now)
        });
        left.max().filter(|left| *left > 0)
    }

    /// Something was tried there in vain.
    pub(super) fn fail(&mut self, endpoint: Endpoint<'_>, subject: Subject<'_>, now: i64) {
        if self.patience.failures == 0 {
            return;
        }
        self.forget_rested(endpoint.address, now);
        let all = self.key(endpoint, SubjectKey::All, now);
        let one = Key { subject: subject.into(), ..all.clone() };
        self.count(one, self.patience.failures, now);
        self.count(all, self.patience.failures.saturating_mul(WHOLE_ENDPOINT), now);
    }

    /// Somebody there got in.
    pub(super) fn succeed(&mut self, endpoint: Endpoint<'_>, user_name: &str, now: i64) {
        let all = self.key(endpoint, SubjectKey::All, now);
        for subject in [SubjectKey::Account(user_name.into()), SubjectKey::Token] {
            let one = self.counters.remove(&Key { subject, ..all.clone() });
            if let (Some(one), Some(all)) = (one, self.counters.get_mut(&all)) {
                all.failures = all.failures.saturating_sub(one.failures);
            }
        }
    }

    fn count(&mut self, key: Key, most: u32, now: i64) {
        if !self.counters.contains_key(&key) {
            self.make_room();
        }
        let counter = self.counters.entry(key).or_default();
        counter.failures += 1;
        counter.latest = now;
        if counter.failures >= most {
            let blocked_until = now + i64::from(self.patience.seconds);
            *counter = Counter { failures: 0, latest: now, blocked_until };
        }
    }

    fn key(&self, endpoint: Endpoint<'_>, subject: SubjectKey, now: i64) -> Key {
        let address = endpoint.address.to_owned();
        let page = match endpoint.page {
            Page::Own => PageKey::Own,
            Page::ThisMachine => PageKey::ThisMachine,
            Page::Site(origin) if self.has_room_for(&address, origin, now) => {
                PageKey::Site(origin.into())
            }
            Page::Site(_) => PageKey::OtherSites,
        };
        Key { address, page, subject }
    }

    /// Whether a site has a counter of its own, or may get one.
    fn has_room_for(&self, address: &str, origin: &str, now: i64) -> bool {
        let of_sites = self.of_address(address).filter_map(|(key, counter)| match &key.page {
            PageKey::Site(site) if key.subject == SubjectKey::All && !self.rests(counter, now) => {
                Some(site.as_str())
            }
            _ => None,
        });
        let sites: Vec<_> = of_sites.collect();
        origin.len() <= LONGEST_ORIGIN && (sites.contains(&origin) || sites.len() < MOST_SITES)
    }

    fn of_address(&self, address: &str) -> impl Iterator<Item = (&Key, &Counter)> {
        let first = Key { address: address.into(), page: PageKey::Own, subject: SubjectKey::All };
        self.counters.range(&first..).take_while(move |(key, _)| key.address == first.address)
    }

    fn rests(&self, counter: &Counter, now: i64) -> bool {
        let rest = REST.max(self.patience.seconds.into());
        now - counter.latest >= rest && counter.blocked_until <= now
    }

    fn forget_rested(&mut self, address: &str, now: i64) {
        let of_address = self.of_address(address);
        let rested = of_address.filter(|(_, counter)| self.rests(counter, now));
        let keys: Vec<_> = rested.map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.counters.remove(&key);
        }
    }

    fn make_room(&mut self) {
        if self.counters.len() < MOST {
            return;
        }
        let oldest = self.counters.iter().min_by_key(|(_, counter)| counter.latest);
        if let Some(key) = oldest.map(|(key, _)| key.clone()) {
            self.counters.remove(&key);
        }
    }
}

impl From<Subject<'_>> for SubjectKey {
    fn from(subject: Subject<'_>) -> Self {
        match subject {
            Subject::Account(user_name) => Self::Account(user_name.into()),
            Subject::Token => Self::Token,
            Subject::Other => Self::Other,
        }
    }
}

/// The sentence that a Neuron® answers with.
pub(super) fn sentence(seconds_left: i64, endpoint: &str) -> String {
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

    const A: Endpoint<'_> = Endpoint { address: "a", page: Page::Own };
    const B: Endpoint<'_> = Endpoint { address: "b", page: Page::Own };
    const ALICE: Subject<'_> = Subject::Account("alice");
    const BOB: Subject<'_> = Subject::Account("bob");
    const SECONDS: Option<i64> = Some(90);

    fn auditor() -> Auditor {
        Auditor::new(Patience { failures: 3, seconds: 90 })
    }

    fn site(origin: &str) -> Endpoint<'_> {
        Endpoint { address: "a", page: Page::Site(origin) }
    }

    #[test]
    fn the_third_failure_blocks_the_account_there() {
        let mut auditor = auditor();
        for now in [0, 1] {
            auditor.fail(A, ALICE, now);
            assert_eq!(auditor.blocked_for(A, Some("alice"), now), None);
        }
        auditor.fail(B, ALICE, 1);
        auditor.fail(A, BOB, 1);
        auditor.fail(A, ALICE, 2);
        assert_eq!(auditor.blocked_for(A, Some("alice"), 2), Some(90));
        assert_eq!(auditor.blocked_for(A, Some("alice"), 91), Some(1));
        assert_eq!(auditor.blocked_for(A, Some("alice"), 92), None);
        for other in [None, Some("bob")] {
            assert_eq!(auditor.blocked_for(A, other, 2), None);
        }
        assert_eq!(auditor.blocked_for(B, Some("alice"), 2), None);
        for now in [92, 93, 94] {
            assert_eq!(auditor.blocked_for(A, Some("alice"), now), None);
            auditor.fail(A, ALICE, now);
        }
        assert_eq!(auditor.blocked_for(A, Some("alice"), 94), Some(90));
    }

    #[test]
    fn who_gets_in_starts_anew() {
        let mut auditor = auditor();
        for _ in 0..20 {
            auditor.fail(A, ALICE, 0);
            auditor.fail(A, ALICE, 0);
            auditor.succeed(A, "alice", 0);
        }
        assert_eq!(auditor.blocked_for(A, Some("alice"), 0), None);
    }

    #[test]
    fn a_login_makes_up_for_no_other_account() {
        let mut auditor = auditor();
        for _ in 0..3 {
            assert_eq!(auditor.blocked_for(A, Some("bob"), 0), None);
            auditor.fail(A, BOB, 0);
            auditor.succeed(A, "alice", 0);
            auditor.succeed(B, "bob", 0);
            auditor.succeed(site("https://x.example"), "bob", 0);
        }
        assert_eq!(auditor.blocked_for(A, Some("bob"), 0), Some(90));
        assert_eq!(auditor.blocked_for(A, Some("alice"), 0), None);
    }

    #[test]
    fn what_names_no_account_blocks_the_whole_endpoint() {
        for (subject, is_made_up_for) in [(Subject::Token, true), (Subject::Other, false)] {
            let mut auditor = auditor();
            for _ in 0..2 {
                auditor.fail(A, subject, 0);
            }
            auditor.succeed(A, "alice", 0);
            auditor.fail(A, subject, 0);
            let left = if is_made_up_for { None } else { SECONDS };
            assert_eq!(auditor.blocked_for(A, Some("alice"), 0), left, "{subject:?}");
            for _ in 0..2 {
                auditor.fail(A, subject, 0);
            }
            assert_eq!(auditor.blocked_for(A, None, 0), SECONDS, "{subject:?}");
            assert_eq!(auditor.blocked_for(B, None, 0), None, "{subject:?}");
        }
    }

    #[test]
    fn trying_each_account_once_ends_too() {
        let mut auditor = auditor();
        let names: Vec<_> = (0..15).map(|number| number.to_string()).collect();
        for name in &names {
            assert_eq!(auditor.blocked_for(A, Some("alice"), 0), None);
            auditor.fail(A, Subject::Account(name), 0);
            auditor.succeed(A, "alice", 0);
        }
        assert_eq!(auditor.blocked_for(A, None, 0), Some(90));
        assert_eq!(auditor.blocked_for(A, Some("alice"), 0), Some(90));
        assert_eq!(auditor.blocked_for(B, Some("alice"), 0), None);
    }

    #[test]
    fn a_foreign_page_keeps_nobody_else_out() {
        let mut auditor = auditor();
        let this_machine = Endpoint { page: Page::ThisMachine, ..A };
        let origins: Vec<_> = (0..100).map(|number| format!("https://{number}.example")).collect();
        let early = site("https://early.example");
        auditor.fail(early, BOB, 0);
        let mut guesses = 0;
        for origin in &origins {
            while auditor.blocked_for(site(origin), Some("alice"), 0).is_none() {
                auditor.fail(site(origin), ALICE, 0);
                guesses += 1;
            }
        }
        assert_eq!(guesses, 3 * 4, "three sites, and one counter for the rest");
        for endpoint in [A, early, this_machine] {
            assert_eq!(auditor.blocked_for(endpoint, Some("alice"), 0), None, "{endpoint:?}");
        }
        for _ in 0..3 {
            auditor.fail(this_machine, ALICE, 0);
        }
        assert_eq!(auditor.blocked_for(this_machine, Some("alice"), 0), Some(90));
        assert_eq!(auditor.blocked_for(A, Some("alice"), 0), None);
        let long = "x".repeat(LONGEST_ORIGIN + 1);
        auditor.fail(site(&long), ALICE, REST);
        assert!(auditor.counters.keys().all(|key| key.page != PageKey::Site(long.clone())));
    }

    #[test]
    fn a_counter_that_rests_begins_anew() {
        let mut auditor = auditor();
        for now in [0, 0, REST, REST, 2 * REST, 3 * REST] {
            auditor.fail(A, ALICE, now);
            assert_eq!(auditor.blocked_for(A, Some("alice"), now), None, "{now}");
        }
        assert_eq!(auditor.counters.len(), 2);
        auditor.fail(A, ALICE, 4 * REST - 1);
        auditor.fail(A, ALICE, 4 * REST - 1);
        assert_eq!(auditor.blocked_for(A, Some("alice"), 4 * REST - 1), Some(90));
        let mut long = Auditor::new(Patience { failures: 2, seconds: 7_200 });
        long.fail(A, ALICE, 0);
        long.fail(A, ALICE, 7_199);
        assert_eq!(long.blocked_for(A, Some("alice"), 7_199), Some(7_200));
    }

    #[test]
    fn nobody_is_blocked_where_that_is_switched_off() {
        let mut auditor = Auditor::new(Patience { failures: 0, seconds: 90 });
        (0..100).for_each(|now| auditor.fail(A, ALICE, now));
        assert_eq!(auditor.blocked_for(A, Some("alice"), 100), None);
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut auditor = auditor();
        let addresses: Vec<_> = (0..=MOST / 2).map(|number| number.to_string()).collect();
        for (address, now) in addresses.iter().zip(0..) {
            auditor.fail(Endpoint { address, ..A }, ALICE, now);
        }
        assert_eq!(auditor.counters.len(), MOST);
        assert!(auditor.counters.keys().all(|key| key.address != "0"));
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
                sentence(seconds, "x").contains(&format!("Try again in {left}. ")),
                "{seconds}"
            );
        }
        assert!(sentence(1, "::1").ends_with(" Remote Endpoint: ::1"));
    }
}
