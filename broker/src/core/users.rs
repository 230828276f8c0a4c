//! The accounts, and all that belongs to them.

use super::account::Account;
use super::event_handlers::Handlers;
use super::inbox::Inbox;
use super::memory_budget::Total;
use super::profile::Profile;
use super::roster::Roster;
use std::collections::BTreeMap;

/// The accounts by their user names.
pub(super) type Members = BTreeMap<String, Member>;

/// How many accounts there may be.
pub(super) const MOST: usize = 10_000;

/// An account, and all that belongs to it.
pub(super) struct Member {
    pub account: Account,
    pub profile: Profile,
    pub roster: Roster,
    pub inbox: Inbox,
    pub handlers: Handlers,
}

impl Member {
    pub(super) fn new(account: Account, profile: Profile, total: &Total) -> Self {
        Self {
            account,
            profile,
            roster: Roster::new(total),
            inbox: Inbox::new(total),
            handlers: Handlers::default(),
        }
    }
}
