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

/// The users by their user names.
pub(super) type Users = BTreeMap<String, User>;

/// The maximum number of accounts.
pub(super) const MAX_USERS: usize = 10_000;

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
