//! What was asked for, what came of it at the brokers, and whether the two agree.

use super::world::World;
use crate::error::Error;
use crate::wire::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Message,
    Subscribe,
    Accept,
    Unsubscribe,
    Pop,
    Verify,
    Read,
    ReadOpenly,
    Request,
    RequestElsewhere,
    Login,
    Refresh,
    Logout,
}

/// A call, and what is known of it.
pub(super) struct Call {
    pub(super) operation: Operation,
    /// The host that it was made for.
    pub(super) host: String,
    /// Whose session there was when it began, if any.
    pub(super) user: Option<String>,
    pub(super) outcome: Option<Result<Value, Box<Error>>>,
}

/// What a broker did for a call.
struct Arrived {
    user: String,
    host: &'static str,
    late: bool,
}

/// A token that a broker gave.
pub(super) struct Grant {
    pub(super) host: &'static str,
    pub(super) lifetime_ms: f64,
    /// The token that it was given for; none for a login.
    pub(super) shown: Option<String>,
}

pub(super) type Counts = BTreeMap<&'static str, u64>;

#[derive(Default)]
pub(super) struct History {
    pub(super) calls: Vec<Call>,
    arrived: HashMap<usize, Vec<Arrived>>,
    nonces: HashSet<String>,
    pub(super) grants: HashMap<String, Grant>,
    /// Calls whose token was refused.
    refused: HashSet<usize>,
    /// The events of sessions, and what else is counted.
    events: Counts,
    /// What the wall clock showed when a token was first stored.
    pub(super) stored_at: HashMap<String, f64>,
}

impl History {
    pub(super) fn sign(&mut self, nonce: &str) {
        assert!(self.nonces.insert(nonce.into()), "nonces: one was used twice");
    }

    pub(super) fn note(&mut self, event: &'static str) {
        *self.events.entry(event).or_default() += 1;
    }

    pub(super) fn refused(&mut self, call: usize) {
        self.refused.insert(call);
    }

    pub(super) fn departed(&mut self, call: usize) {
        if self.refused.contains(&call) {
            self.note("sent again");
        }
    }

    pub(super) fn arrived(&mut self, call: usize, user: &str, host: &'static str, late: bool) {
        let made = &self.calls[call];
        assert_eq!(made.host, host, "owner: call {call} arrived at another broker");
        if let Some(owner) = &made.user {
            assert_eq!(owner, user, "owner: call {call} was done for another user");
        }
        let entry = Arrived { user: user.into(), host, late };
        self.arrived.entry(call).or_default().push(entry);
    }

    /// Compares the outcome of each call with what happened at the broker. What may still be under
    /// way must have arrived.
    pub(super) fn check(&self, world: &World) {
        (0..self.calls.len()).for_each(|number| self.check_call(number, world));
    }

    /// Counts what happened, by names.
    pub(super) fn count(&self, counts: &mut Counts) {
        for (event, times) in &self.events {
            *counts.entry(event).or_default() += times;
        }
        let mut count = |name| *counts.entry(name).or_default() += 1;
        for (number, call) in self.calls.iter().enumerate() {
            count("calls");
            match call.outcome.as_ref() {
                Some(Ok(answer)) if answer.get("reconciled").is_some() => count("reconciled"),
                Some(Ok(_)) => count("successes"),
                Some(Err(error)) => {
                    count(error.code());
                    if error.ambiguous {
                        count("ambiguous");
                    }
                    if error.retry_at.is_some() && error.attempts == 0 {
                        count("blocked here");
                    }
                    if error.attempts > 1 {
                        count("repeated in vain");
                    }
                }
                None => {}
            }
            let copies = self.arrived.get(&number).map_or(&[][..], Vec::as_slice);
            if copies.iter().any(|copy| copy.late) {
                count("came late");
            }
            if copies.len() > 1 {
                count("came late and twice");
            }
        }
    }

    fn check_call(&self, number: usize, world: &World) {
        let call = &self.calls[number];
        let outcome = call.outcome.as_ref();
        let outcome = outcome.unwrap_or_else(|| panic!("deadline: call {number} never settled"));
        let none = Vec::new();
        let arrived = self.arrived.get(&number).unwrap_or(&none);
        let in_time = arrived.iter().filter(|copy| !copy.late).count();
        let brokers = world.brokers.borrow();
        let at = |host: &str| &brokers[usize::from(host == super::world::HOSTS[1])];
        if let Err(error) = outcome {
            let sent_nothing = error.attempts == 0;
            assert!(!(sent_nothing && error.ambiguous), "doubt: call {number} sent nothing");
            // Four, and one that is sent again with a new token; see `retry.rs`.
            let most = if call.operation == Operation::Login { 2 } else { 5 };
            assert!(error.attempts <= most, "attempts: call {number} had {}", error.attempts);
        }
        let what = call.operation;
        match what {
            Operation::Message | Operation::Pop | Operation::Verify => {
                assert!(arrived.len() <= 1, "once: call {number} was done {} times", arrived.len());
                match outcome {
                    Ok(_) => assert_eq!(arrived.len(), 1, "truth: {what:?} {number} was not done"),
                    Err(error) => assert!(
                        error.ambiguous || arrived.is_empty(),
                        "doubt: call {number} was done, and failed without a doubt: {error:?}"
                    ),
                }
            }
            Operation::Subscribe | Operation::Accept | Operation::Unsubscribe => {
                // An acceptance and an end leave their traces whatever the broker hides.
                let is_shown =
                    call.operation != Operation::Subscribe || !at(&call.host).hides_requests;
                if is_shown {
                    assert!(in_time <= 1, "trace: call {number} was done {in_time} times");
                }
                if outcome.is_err() {
                    return;
                }
                let contact = format!("c{number}@c.example");
                if call.operation == Operation::Unsubscribe {
                    if let Some(user) = &call.user {
                        let (pending, sees, _) = at(&call.host).traces(user, &contact);
                        assert!(!pending && !sees, "truth: call {number} has ended nothing");
                    }
                    return;
                }
                let Some(copy) = arrived.first() else { panic!("truth: call {number}: no stanza") };
                let (pending, sees, seen) = at(copy.host).traces(&copy.user, &contact);
                let there =
                    if call.operation == Operation::Subscribe { pending || sees } else { seen };
                assert!(there || !is_shown, "truth: call {number} left nothing");
            }
            _ => {}
        }
    }
}
