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
use super::roster::Roster;
use super::vault::Vault;
use super::wallet::Wallet;
use std::collections::BTreeMap;
use std::ops::Bound;

/// The users by their user names.
pub(super) type Users = BTreeMap<String, User>;

/// The maximum number of accounts.
pub(super) const MAX_USERS: usize = 10_000;

/// Two users, to change both. `None` if one is missing, or if they are the same.
pub(super) fn two_of<'a>(
    users: &'a mut Users,
    one: &str,
    other: &str,
) -> Option<[&'a mut User; 2]> {
    let [first, last] = if one < other { [one, other] } else { [other, one] };
    let mut range = users.range_mut::<str, _>((Bound::Included(first), Bound::Included(last)));
    let (first_name, first_user) = range.next()?;
    let (last_name, last_user) = range.next_back()?;
    if first_name != first || last_name != last {
        return None;
    }
    Some(if one == first { [first_user, last_user] } else { [last_user, first_user] })
}

/// An account, and the state that belongs to it.
pub(super) struct User {
    pub account: Account,
    pub profile: Profile,
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
            account,
            profile,
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
}

#[cfg(test)]
mod tests {
    use super::super::testing::pair;
    use super::*;

    #[test]
    fn two_users_are_found_in_the_order_of_their_names() {
        let users = &mut pair().broker.users;
        for names in [["alice", "bob"], ["bob", "alice"]] {
            let found = two_of(users, names[0], names[1]).unwrap();
            assert_eq!(found.map(|user| user.account.user_name.clone()), names);
        }
        for [one, other] in [["alice", "alice"], ["alice", "carol"], ["aaron", "bob"], ["x", "y"]] {
            assert!(two_of(users, one, other).is_none(), "{one} {other}");
        }
    }
}
