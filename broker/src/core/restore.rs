//! Takes the state of a broker out as records, and makes a broker of them again.

use super::account::Account;
use super::api_key::ApiKey;
use super::confusable_names::check_script;
use super::contract::Contract;
use super::identity::Identity;
use super::memory_budget::SharedBudget;
use super::neuro_feature::NeuroFeature;
use super::profile::Profile;
use super::record::{Change, RecordId, Records, Unreadable};
use super::state::{Broker, Seed, Setup};
use super::users::User;
use std::collections::{BTreeMap, BTreeSet};

impl Broker {
    /// A broker with the state of an earlier run: all records that it gave, by their ids, each as
    /// it was given last. Without any, a broker in its initial state. From now on it notes its
    /// changes.
    ///
    /// An account of the set-up is added if there is none of its name, or else gets its password.
    /// Of API keys, only how often each was used is part of the state. Tabs are not: messages that
    /// waited for one are in the inbox.
    ///
    /// # Errors
    /// Those of [`Broker::new`]; if the state is that of another domain; if a record can't be read.
    pub fn restore(
        setup: Setup,
        seed: Seed,
        records: BTreeMap<RecordId, String>,
    ) -> Result<Self, String> {
        let mut broker = Self::empty(&setup.domain, setup.login_limits, seed)?;
        if setup.is_linked {
            broker.outbox.link();
        }
        let is_new = records.is_empty();
        if !is_new {
            // What is not put back is missing.
            broker.instance.domain.clear();
        }
        broker.put_back(records)?;
        broker.resume(is_new)?;
        // There is no link yet, but there may have been one in the earlier run.
        broker.announcements.stop(broker.tokens.last_number());
        for api_key in setup.api_keys {
            broker.add_api_key(api_key)?;
        }
        broker.add_accounts(setup.accounts, setup.now)?;
        broker.add_templates(setup.now)?;
        broker.add_concentrator(setup.now);
        Ok(broker)
    }

    /// Adds an API key.
    ///
    /// # Errors
    /// If it is given twice.
    pub fn add_api_key(&mut self, api_key: ApiKey) -> Result<(), String> {
        let key = api_key.key.clone();
        match self.api_keys.insert(key.clone(), api_key) {
            None => Ok(()),
            Some(_) => Err(format!("The API key {key:?} is given twice.")),
        }
    }

    /// Whether there is an account with this name and password.
    #[must_use]
    pub fn has(&self, account: &Account) -> bool {
        let known = self.users.get(&account.user_name);
        known.is_some_and(|known| known.account.password == account.password)
    }

    /// How many accounts there are, that of the concentrator aside.
    #[must_use]
    pub fn account_count(&self) -> usize {
        self.users.len() - usize::from(self.concentrator.is_some())
    }

    /// Takes the changes since the last time: records that are new, changed or deleted. Whoever
    /// keeps them makes them one transaction.
    ///
    /// # Errors
    /// Why a record can't be written.
    pub fn take_changes(&mut self) -> Result<Vec<Change>, String> {
        let mut changes = Vec::new();
        for user_name in self.users.take_touched() {
            if let Some(user) = self.users.get_untouched(&user_name) {
                for records in user.records() {
                    records.take_changes(&user_name, &mut changes)?;
                }
            }
        }
        for records in self.own_records() {
            records.take_changes("", &mut changes)?;
        }
        Ok(changes)
    }

    /// Forgets the changes of a broker that nobody takes them from.
    pub fn forget_changes(&mut self) {
        for user_name in self.users.take_touched() {
            if let Some(user) = self.users.get_untouched(&user_name) {
                user.records().for_each(Records::forget_changes);
            }
        }
        self.own_records().into_iter().for_each(Records::forget_changes);
    }

    /// All that is kept and belongs to no user.
    fn own_records(&mut self) -> [&mut dyn Records; 10] {
        [
            &mut self.instance,
            &mut self.api_key_uses,
            &mut self.identities,
            &mut self.contracts,
            &mut self.neuro_features,
            self.tokens.records(),
            self.nonces.records(),
            self.login_limiter.records(),
            self.intelligence.records(),
            self.outbox.records(),
        ]
    }

    fn put_back(&mut self, records: BTreeMap<RecordId, String>) -> Result<(), String> {
        for (RecordId { kind, owner, key }, value) in records {
            let of_kind = |records: &&mut dyn Records| records.kinds().contains(&kind.as_str());
            let restored = if owner.is_empty() {
                let mut known = self.own_records().into_iter();
                known.find(of_kind).map(|records| records.restore(&kind, &key, &value))
            } else {
                let user = self.users.get_or_restore(&owner, || blank(&self.budget));
                let mut known = user.records();
                known.find(of_kind).map(|records| records.restore(&kind, &key, &value))
            };
            match restored {
                Some(Ok(())) => {}
                // A key may be a secret.
                Some(Err(Unreadable)) if owner.is_empty() => {
                    return Err(format!("A record {kind:?} is damaged."));
                }
                Some(Err(Unreadable)) => {
                    return Err(format!("A record {kind:?} of the account {owner:?} is damaged."));
                }
                None => return Err(format!("There is no such kind of record as {kind:?}.")),
            }
        }
        Ok(())
    }

    /// Checks what was put back, and makes of it what is not kept.
    fn resume(&mut self, is_new: bool) -> Result<(), String> {
        if is_new {
            return Ok(());
        }
        if self.instance.domain.is_empty() {
            return Err("The record \"instance\" is missing.".into());
        }
        if self.instance.domain != self.domain() {
            let (kept, given) = (&self.instance.domain, self.domain());
            return Err(format!("Its accounts are of the domain {kept:?}, and not of {given:?}."));
        }
        self.tokens.resume(self.instance.token_key);
        self.nonces.resume();
        self.key_pair = self.instance.key_pair.clone();
        self.intelligence.recount();
        self.outbox.recount();
        let user_names: Vec<_> = self.users.keys().cloned().collect();
        for user_name in user_names {
            self.resume_user(&user_name)?;
        }
        Ok(())
    }

    fn resume_user(&mut self, user_name: &str) -> Result<(), String> {
        let identities = self.identities_of(user_name).map(Identity::size).sum();
        let contracts = self.created_contracts(user_name).map(Contract::size).sum();
        let tokens = self.neuro_features_of(user_name).map(NeuroFeature::whole_size).sum();
        let Some(user) = self.users.get_untouched(user_name) else { return Ok(()) };
        if user.account.user_name != user_name {
            return Err(format!("The record \"account\" of the account {user_name:?} is missing."));
        }
        user.recount();
        user.legal_objects.identity_budget.recount(identities);
        user.legal_objects.contract_budget.recount(contracts);
        user.neuro_features.budget.recount(tokens);
        for tab in user.event_handlers.tabs() {
            self.registrations.add(&tab);
        }
        self.user_names.add(user_name);
        Ok(())
    }

    /// Adds accounts, or sets the passwords of those that there are.
    ///
    /// # Errors
    /// If a user name is given twice, is reserved, or looks like another.
    pub fn add_accounts(&mut self, accounts: Vec<Account>, now: i64) -> Result<(), String> {
        let mut given = BTreeSet::new();
        for account in accounts {
            let user_name = account.user_name.clone();
            if !given.insert(user_name.clone()) {
                return Err(format!("The account {user_name:?} is given twice."));
            }
            if self.is_concentrator(&user_name) {
                return Err(format!("The account {user_name:?} is the simulated concentrator's."));
            }
            if let Some(known) = self.users.get_mut(&user_name) {
                if known.account.password != account.password {
                    known.account.password = account.password;
                }
                continue;
            }
            if let Some(other) = self.user_names.confusable_with(&user_name) {
                return Err(format!("The account {user_name:?} looks like {other:?}."));
            }
            check_script(&user_name)
                .map_err(|reason| format!("{user_name:?} can't be an account: {reason}."))?;
            self.user_names.add(&user_name);
            let profile = Profile { created: now, ..Profile::default() };
            self.users.insert(user_name, User::new(account, profile, &self.budget));
        }
        Ok(())
    }
}

/// A user of whom nothing has been put back yet.
fn blank(budget: &SharedBudget) -> User {
    let nobody = Account { user_name: String::new(), password: String::new(), legal_id: None };
    User::new(nobody, Profile::default(), budget)
}

/// With more records than that, or more bytes of them, a restart takes too long for each call of a
/// test.
#[cfg(test)]
const MANY: usize = 200;
#[cfg(test)]
const LARGE: usize = 256 * 1024;

#[cfg(test)]
impl Broker {
    /// Restarts the broker, so that whatever a test does is done across restarts. It goes on with
    /// what was kept, and with what is no state: tabs and randomness.
    ///
    /// Panics if a change was not noted, or is not put back.
    pub(super) fn restart(&mut self) {
        if !self.is_recorded {
            return;
        }
        for Change { id, value } in self.take_changes().unwrap() {
            match value {
                Some(value) => _ = self.kept.insert(id, value),
                None => _ = self.kept.remove(&id),
            }
        }
        // What a test does with many is covered by those with few.
        let bytes: usize = self.kept.values().map(String::len).sum();
        if self.kept.len() > MANY || bytes > LARGE {
            return;
        }
        assert_eq!(self.all_records(), self.kept, "a change was not noted");
        let setup = Setup {
            domain: self.domain().into(),
            accounts: Vec::new(),
            api_keys: self.api_keys.values().cloned().collect(),
            login_limits: self.login_limiter.limits(),
            is_linked: self.outbox.is_linked(),
            now: 0,
        };
        let mut next = Self::restore(setup, Seed::default(), self.kept.clone()).unwrap();
        assert_eq!(next.take_changes().unwrap(), [], "a restart changes something");
        assert_eq!(next.all_records(), self.kept, "a record was not put back as it was");
        assert_eq!(next.budget.used(), self.budget.used(), "the memory is counted differently");
        for (user_name, user) in next.users.each_untouched() {
            if let Some(before) = self.users.get_untouched(user_name) {
                std::mem::swap(user.inbox.reserved_mut(), before.inbox.reserved_mut());
                user.roster.swap_presences(&mut before.roster);
            }
        }
        std::mem::swap(&mut next.random, &mut self.random);
        std::mem::swap(&mut next.queries, &mut self.queries);
        std::mem::swap(&mut next.announcements, &mut self.announcements);
        if self.outbox.is_connected() {
            next.outbox.set_connected();
        }
        next.tabs = std::mem::take(&mut self.tabs);
        next.event_count = self.event_count;
        for mail in self.take_mail() {
            next.send_mail(mail);
        }
        next.kept = std::mem::take(&mut self.kept);
        *self = next;
    }

    fn all_records(&mut self) -> BTreeMap<RecordId, String> {
        let mut changes = Vec::new();
        for (user_name, user) in self.users.each_untouched() {
            for records in user.records() {
                records.touch_all();
                records.take_changes(user_name, &mut changes).unwrap();
            }
        }
        for records in self.own_records() {
            records.touch_all();
            records.take_changes("", &mut changes).unwrap();
        }
        changes.into_iter().filter_map(|Change { id, value }| Some((id, value?))).collect()
    }
}
