//! The contracts of the accounts: who has which, and who may read them.

use super::content::Content;
use super::contract::{Contract, ContractSignature, TRUST_PROVIDER};
use super::contract_template::{book_loan, book_token};
use super::delivery::Component;
use super::identity::{Identity, IdentityState};
use super::keys::sign;
use super::legal::check_length;
use super::refusal::Refusal;
use super::state::Broker;
use std::collections::BTreeSet;

/// The maximum number of contracts that an account can create.
const MAX_CONTRACTS: usize = 1_000;

/// The names of the templates that come with the broker, before the domain.
const BOOK_LOAN: &str = "book-loan";
const BOOK_TOKEN: &str = "book-token";

/// The identity in which the broker signs, before the domain.
const TRUST_PROVIDER_ID: &str = "00000000-0000-0000-0000-000000000001";

impl Broker {
    /// Adds the templates that come with the broker.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub(super) fn add_templates(&mut self, now: i64) -> Result<(), String> {
        let domain = self.component_domain(Component::Legal);
        for (name, definition) in [(BOOK_LOAN, book_loan()), (BOOK_TOKEN, book_token()?)] {
            let id = format!("{name}@{domain}");
            if self.contracts.contains_key(&id) {
                continue;
            }
            let mut template = Contract::new(id.clone(), None, definition, now);
            template.seal(&self.key_pair);
            self.contracts.insert(id, template);
        }
        Ok(())
    }

    /// The identity in which the broker signs as [`TRUST_PROVIDER`]. It can't be read: it has no
    /// owner, and no key but the broker's own.
    pub(super) fn trust_provider(&self) -> String {
        format!("{TRUST_PROVIDER_ID}@{}", self.component_domain(Component::Legal))
    }

    /// The broker's own signature of a contract.
    pub(super) fn broker_signature(&self, contract: &Contract, now: i64) -> ContractSignature {
        ContractSignature {
            user_name: None,
            address: self.component_domain(Component::Legal),
            legal_id: self.trust_provider(),
            role: TRUST_PROVIDER.into(),
            signature: sign(&self.key_pair, contract.definition().canonical().as_bytes()),
            signed: now,
        }
    }

    /// The contract with an id.
    pub(super) fn contract(&self, id: &str) -> Result<&Contract, Refusal> {
        self.contracts
            .get(&id.to_ascii_lowercase())
            .ok_or_else(|| Refusal::new(404, "There is no such contract."))
    }

    /// The contracts of which a user is a party, in the order in which it became one.
    pub(super) fn contracts_of(&self, user_name: &str) -> impl Iterator<Item = &Contract> {
        let user = self.users.get(user_name);
        let ids = user.into_iter().flat_map(|user| user.legal_objects.contracts.values());
        ids.filter_map(|id| self.contracts.get(id))
    }

    /// The contracts that a user created, the oldest first.
    pub(super) fn created_contracts<'a>(
        &'a self,
        user_name: &'a str,
    ) -> impl Iterator<Item = &'a Contract> {
        let contracts = self.contracts_of(user_name);
        contracts.filter(move |contract| contract.creator.as_deref() == Some(user_name))
    }

    /// Keeps a contract, which is [sealed](Contract::seal), instead of the one with the same id. It
    /// takes the memory of whoever created it.
    pub(super) fn keep_contract(&mut self, contract: Contract) -> Result<&Contract, Refusal> {
        check_length(contract.xml())?;
        let old = self.contracts.get(&contract.id).map(Contract::size);
        let full = "The contracts of the account that created it are too many or too large.";
        let full = || Refusal::bad_request(full);
        if let Some(creator) = &contract.creator {
            if old.is_none() && self.created_contracts(creator).count() >= MAX_CONTRACTS {
                return Err(full());
            }
            let user = self.users.get_mut(creator);
            let user = user.ok_or_else(|| Refusal::internal("The account is gone."))?;
            let budget = &mut user.legal_objects.contract_budget;
            budget.replace(old.unwrap_or_default(), contract.size()).map_err(|_| full())?;
        }
        for party in self.parties(&contract) {
            if let Some(user) = self.users.get_mut(&party)
                && !user.legal_objects.contracts.values().any(|id| *id == contract.id)
            {
                user.legal_objects.contracts.push(contract.id.clone());
            }
        }
        let id = contract.id.clone();
        self.contracts.insert(id.clone(), contract);
        self.contract(&id)
    }

    /// The users whom a contract concerns: its creator, its parts, and who signed it.
    pub(super) fn parties(&self, contract: &Contract) -> BTreeSet<String> {
        let identities = contract.identities();
        let owners = identities.iter().filter_map(|id| self.identity(id).ok());
        owners.map(|identity| identity.owner.clone()).chain(contract.creator.clone()).collect()
    }

    /// Whether a user may read a contract.
    pub(super) fn may_read_contract(&self, user_name: &str, contract: &Contract) -> bool {
        let is_visible = matches!(
            contract.visibility(),
            // All accounts are of the broker's own domain.
            "DomainAndParts" | "Public" | "PublicSearchable"
        );
        is_visible
            || self.parties(contract).contains(user_name)
            || self.identities_of(user_name).any(|own| contract.readers.contains(&own.id))
    }

    /// Whether a user may read an identity: its owner, whoever was authorized, and the parts of a
    /// shared contract.
    pub(super) fn may_read_identity(&self, user_name: &str, identity: &Identity) -> bool {
        identity.owner == user_name || self.is_authorized(user_name, identity) || {
            self.contracts_of(user_name).any(|contract| {
                let parts = contract.identities();
                parts.contains(identity.id.as_str())
                    && self.identities_of(user_name).any(|own| parts.contains(own.id.as_str()))
            })
        }
    }

    /// Whether a user was authorized to read an identity.
    fn is_authorized(&self, user_name: &str, identity: &Identity) -> bool {
        self.identities_of(user_name)
            .any(|own| own.state == IdentityState::Approved && identity.readers.contains(&own.id))
    }

    /// Tells all parties of a contract of a change. The change is made, whoever can be told.
    pub(super) fn announce(&mut self, contract_id: &str, message: &Content, now: i64) {
        let Ok(contract) = self.contract(contract_id) else { return };
        for party in self.parties(contract) {
            let _ = self.notify(Component::Legal, &party, message.clone(), now);
        }
    }
}
