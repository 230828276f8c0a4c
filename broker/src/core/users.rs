//! The users: their accounts, and the state of each.

use super::account::Account;
use super::event_handlers::EventHandlers;
use super::files::Files;
use super::inbox::Inbox;
use super::keys::Keys;
use super::legal_objects::LegalObjects;
use super::memory_budget::SharedBudget;
use super::neuro_feature::OwnNeuroFeatures;
use super::private_xml::PrivateXml;
use super::profile::Profile;
use super::record::{Records, Single};
use super::roster::Roster;
use super::vault::Vault;
use super::wallet::Wallet;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, Deref};

/// The users by their user names.
#[derive(Default)]
pub(super) struct Users {
    users: BTreeMap<String, User>,
    /// Who may have changed.
    touched: BTreeSet<String>,
}

/// The maximum number of accounts.
pub(super) const MAX_USERS: usize = 10_000;

impl Users {
    pub(super) fn insert(&mut self, user_name: String, user: User) {
        self.touched.insert(user_name.clone());
        self.users.insert(user_name, user);
    }

    /// A user, to be changed.
    pub(super) fn get_mut(&mut self, user_name: &str) -> Option<&mut User> {
        let user = self.users.get_mut(user_name)?;
        if !self.touched.contains(user_name) {
            self.touched.insert(user_name.into());
        }
        Some(user)
    }

    /// A user, whose changes have been noted already.
    pub(super) fn get_untouched(&mut self, user_name: &str) -> Option<&mut User> {
        self.users.get_mut(user_name)
    }

    /// All users, whose changes have been noted already.
    #[cfg(test)]
    pub(super) fn each_untouched(&mut self) -> impl Iterator<Item = (&String, &mut User)> {
        self.users.iter_mut()
    }

    /// A user of an earlier run, who is new at the first record that is put back.
    pub(super) fn get_or_restore(
        &mut self,
        user_name: &str,
        new: impl FnOnce() -> User,
    ) -> &mut User {
        self.touched.insert(user_name.into());
        self.users.entry(user_name.into()).or_insert_with(new)
    }

    /// Two users, to change both. `None` if one is missing, or if they are the same.
    pub(super) fn two_of(&mut self, one: &str, other: &str) -> Option<[&mut User; 2]> {
        let [first, last] = if one < other { [one, other] } else { [other, one] };
        let bounds = (Bound::Included(first), Bound::Included(last));
        let mut range = self.users.range_mut::<str, _>(bounds);
        let (first_name, first_user) = range.next()?;
        let (last_name, last_user) = range.next_back()?;
        if first_name != first || last_name != last {
            return None;
        }
        self.touched.extend([one.to_owned(), other.to_owned()]);
        Some(if one == first { [first_user, last_user] } else { [last_user, first_user] })
    }

    /// Takes the names of the users who may have changed since the last time.
    pub(super) fn take_touched(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.touched)
    }
}

/// Reading is that of the map. What changes a user is a method of the users themselves.
impl Deref for Users {
    type Target = BTreeMap<String, User>;

    fn deref(&self) -> &Self::Target {
        &self.users
    }
}

/// An account, and the state that belongs to it.
pub(super) struct User {
    pub account: Single<Account>,
    pub profile: Single<Profile>,
    pub roster: Roster,
    pub inbox: Inbox,
    pub event_handlers: EventHandlers,
    pub private_xml: PrivateXml,
    pub files: Files,
    pub vault: Vault,
    pub keys: Keys,
    pub legal_objects: LegalObjects,
    pub neuro_features: OwnNeuroFeatures,
    pub wallet: Wallet,
}

impl User {
    pub(super) fn new(account: Account, profile: Profile, budget: &SharedBudget) -> Self {
        Self {
            account: Single::new("account", account),
            profile: Single::new("profile", profile),
            roster: Roster::new(budget),
            inbox: Inbox::new(budget),
            event_handlers: EventHandlers::default(),
            private_xml: PrivateXml::new(budget),
            files: Files::new(budget),
            vault: Vault::new(budget),
            keys: Keys::new(budget),
            legal_objects: LegalObjects::new(budget),
            neuro_features: OwnNeuroFeatures::new(budget),
            wallet: Wallet::new(budget),
        }
    }

    /// All that is kept of a user.
    pub(super) fn records(&mut self) -> impl Iterator<Item = &mut dyn Records> {
        let own: [&mut dyn Records; 9] = [
            &mut self.account,
            &mut self.profile,
            self.roster.records(),
            self.inbox.records(),
            self.private_xml.records(),
            self.files.records(),
            self.vault.records(),
            self.keys.records(),
            self.neuro_features.records(),
        ];
        let own = own.into_iter().chain(self.event_handlers.records());
        own.chain(self.legal_objects.records()).chain(self.wallet.records())
    }

    /// Counts anew what all takes that belongs to the user alone.
    pub(super) fn recount(&mut self) {
        self.roster.recount();
        self.inbox.recount();
        self.private_xml.recount();
        self.files.recount();
        self.vault.recount();
        self.keys.recount();
        self.wallet.recount();
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::pair;

    #[test]
    fn two_users_are_found_in_the_order_of_their_names() {
        let users = &mut pair().broker.users;
        for names in [["alice", "bob"], ["bob", "alice"]] {
            let found = users.two_of(names[0], names[1]).unwrap();
            assert_eq!(found.map(|user| user.account.user_name.clone()), names);
        }
        for [one, other] in [["alice", "alice"], ["alice", "carol"], ["aaron", "bob"], ["x", "y"]] {
            assert!(users.two_of(one, other).is_none(), "{one} {other}");
        }
    }
}
