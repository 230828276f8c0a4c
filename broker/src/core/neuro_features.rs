//! The tokens of the accounts: who has which, and who may read them.

use super::content::Content;
use super::contract::Contract;
use super::delivery::Component;
use super::memory_budget::BudgetExceeded;
use super::neuro_feature::{MAX_TOKENS, NeuroFeature, event_size};
use super::refusal::Refusal;
use super::state::Broker;
use super::state_machine::{Changes, Note, STATE_MACHINES};
use super::token_creation::{self, NEURO_FEATURES};

impl Broker {
    /// The token that a contract creates now that it is signed, with the memory that it takes.
    /// `None` if it creates none.
    pub(super) fn new_neuro_feature(
        &mut self,
        contract: &Contract,
        now: i64,
    ) -> Result<Option<NeuroFeature>, Refusal> {
        let Some(plan) = token_creation::plan(contract.definition(), now)? else { return Ok(None) };
        let id = format!("{}@{}", self.new_uuid(), self.component_domain(Component::Tokens));
        let token = NeuroFeature::new(id, contract, plan, now);
        let token =
            token.ok_or_else(|| Refusal::internal("Somebody has not signed for the token."))?;
        let full = |_| Refusal::bad_request("The tokens of their owner are too many or too large.");
        let owner = self.users.get_mut(&token.owner);
        let own =
            &mut owner.ok_or_else(|| Refusal::internal("The account is gone."))?.neuro_features;
        if own.ids.len() >= MAX_TOKENS {
            return Err(full(BudgetExceeded));
        }
        own.budget.reserve(token.size()).map_err(full)?;
        Ok(Some(token))
    }

    /// Gives back the memory of a token that is not kept.
    pub(super) fn discard_neuro_feature(&mut self, token: &NeuroFeature) {
        if let Some(owner) = self.users.get_mut(&token.owner) {
            owner.neuro_features.budget.release(token.size());
        }
    }

    /// Keeps a new token, and tells its owner. The token is kept, whether or not its owner can be
    /// told.
    pub(super) fn keep_neuro_feature(&mut self, token: NeuroFeature, now: i64) {
        let added = Content::element("tokenAdded", NEURO_FEATURES, &[], token.token());
        let owner = token.owner.clone();
        if let Some(owner) = self.users.get_mut(&owner) {
            owner.neuro_features.ids.push(token.id.clone());
        }
        self.neuro_features.insert(token.id.clone(), token);
        let _ = self.notify(Component::Tokens, &owner, added, now);
    }

    /// The tokens of a user, the oldest first.
    pub(super) fn neuro_features_of(&self, user_name: &str) -> impl Iterator<Item = &NeuroFeature> {
        let user = self.users.get(user_name);
        let ids = user.into_iter().flat_map(|user| user.neuro_features.ids.values());
        ids.filter_map(|id| self.neuro_features.get(id))
    }

    /// The token with an id, which this user may read: its owner, and whoever may read the contract
    /// that created it.
    pub(super) fn readable_neuro_feature(
        &self,
        id: &str,
        user_name: &str,
    ) -> Result<&NeuroFeature, Refusal> {
        let token = self.neuro_features.get(&id.to_ascii_lowercase());
        let token = token.ok_or_else(|| Refusal::new(404, "There is no such token."))?;
        let contract = self.contract(&token.contract_id)?;
        if token.owner != user_name && !self.may_read_contract(user_name, contract) {
            return Err(Refusal::new(403, "The account may not read the token."));
        }
        Ok(token)
    }

    /// Adds a note to a token of this user, and tells the user what it has changed. Returns the
    /// note as XML.
    pub(super) fn add_note(
        &mut self,
        (id, user_name): (&str, &str),
        note: Note<'_>,
        inside: &Content,
        personal: bool,
        now: i64,
    ) -> Result<Content, Refusal> {
        let token = self.readable_neuro_feature(id, user_name)?;
        if token.owner != user_name {
            return Err(Refusal::new(403, "The token is another account's."));
        }
        let (id, event) = (token.id.clone(), token.note(note, inside, personal, now));
        let full = || Refusal::bad_request("The account's tokens have too many or too long notes.");
        let gone = || Refusal::internal("The token is gone.");
        let budget = &mut self.users.get_mut(user_name).ok_or_else(gone)?.neuro_features.budget;
        budget.reserve(event_size(&event)).map_err(|_| full())?;
        let token = self.neuro_features.get_mut(&id).ok_or_else(gone)?;
        let Ok(changes) = token.add_note(note, event.clone(), now) else {
            budget.release(event_size(&event));
            return Err(full());
        };
        for message in token.notices(changes) {
            self.notify(Component::Tokens, user_name, message, now)?;
        }
        Ok(event)
    }
}

impl NeuroFeature {
    /// What its owner is told of its state machine. How a Neuron® names these elements is not
    /// published.
    fn notices(&self, changes: Changes) -> Vec<Content> {
        let Some(machine) = &self.machine else { return Vec::new() };
        let element = |name, attributes: &[(&str, &str)], inside: &Content| {
            Content::element(name, STATE_MACHINES, attributes, inside)
        };
        let (token, nothing) = (("tokenId", self.id.as_str()), Content::default());
        let mut notices = Vec::new();
        if changes.state {
            let state = if machine.has_ended() { "" } else { machine.state() };
            notices.push(element("newState", &[token, ("state", state)], &nothing));
        }
        if changes.variables {
            let mut variables = Content::default();
            for (name, value) in machine.variables() {
                let attributes = [("name", name), ("value", value)];
                variables.append(&element("variable", &attributes, &nothing));
            }
            notices.push(element("variablesUpdated", &[token], &variables));
        }
        notices
    }
}
