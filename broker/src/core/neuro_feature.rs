//! Neuro-Features: tokens that contracts create. (The tokens of sessions are in `tokens.rs`.)

use super::content::Content;
use super::contract::{Contract, TRUST_PROVIDER};
use super::element::timestamp;
use super::memory_budget::{Budget, SharedBudget};
use super::record::{self, Records, Table, Unreadable};
use super::state_machine::{Changes, HISTORY_ENTRY_BYTES, Note, StateMachine};
use super::token_creation::{NEURO_FEATURES, TokenPlan};
use neuron_agent_api::wire::Encoding;
use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};

/// The maximum number of tokens of an account.
pub(super) const MAX_TOKENS: usize = 1_000;

/// The maximum number of events of a token.
const MAX_EVENTS: usize = 1_000;

/// The maximum size of the tokens of an account and their events, in bytes: all may be requested at
/// once.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The kinds of the records of tokens, and of what has happened to them.
const RECORD: &str = "neuro_feature";
const EVENT_RECORD: &str = "neuro_feature_event";

/// The tokens of all accounts, by their ids.
///
/// Each event is a record of its own, so that a note does not write all earlier ones again. Its key
/// is the id of the token and a number, with a slash between.
pub(super) struct NeuroFeatures(Table<String, NeuroFeature>);

/// A token.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NeuroFeature {
    pub id: String,
    /// The user name of its owner.
    pub owner: String,
    /// The contract that created it.
    pub contract_id: String,
    /// What it is, in Markdown.
    pub description: String,
    pub machine: Option<StateMachine>,
    token: Content,
    /// The oldest first.
    #[serde(skip, default = "no_events")]
    events: Table<u64, Content>,
}

/// The tokens of an account.
pub(super) struct OwnNeuroFeatures {
    /// Their ids, the oldest first.
    pub ids: Table<u64, String>,
    /// The memory of the tokens and their events.
    pub budget: Budget,
}

/// The token has as many events as it can have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooManyEvents;

impl OwnNeuroFeatures {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self { ids: Table::new("own_neuro_feature"), budget: Budget::new(MAX_BYTES, shared) }
    }

    /// What is kept of them.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.ids
    }
}

fn no_events() -> Table<u64, Content> {
    Table::new(EVENT_RECORD)
}

impl Default for NeuroFeatures {
    fn default() -> Self {
        Self(Table::new(RECORD))
    }
}

impl Deref for NeuroFeatures {
    type Target = Table<String, NeuroFeature>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for NeuroFeatures {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Records for NeuroFeatures {
    fn kinds(&self) -> &[&'static str] {
        &[RECORD, EVENT_RECORD]
    }

    fn take_changes(&mut self, owner: &str, changes: &mut record::Changes) -> Result<(), String> {
        self.0.each_changed(|id, token| {
            let first = changes.len();
            token.events.take_changes(owner, changes)?;
            for change in changes.iter_mut().skip(first) {
                change.id.key = format!("{id}/{}", change.id.key);
            }
            Ok(())
        })?;
        self.0.take_changes(owner, changes)
    }

    fn forget_changes(&mut self) {
        let _ = self.0.each_changed(|_, token| {
            token.events.forget_changes();
            Ok(())
        });
        self.0.forget_changes();
    }

    fn restore(&mut self, kind: &str, key: &str, value: &str) -> Result<(), Unreadable> {
        if kind == RECORD {
            return self.0.restore(kind, key, value);
        }
        let (id, number) = key.rsplit_once('/').ok_or(Unreadable)?;
        self.0.restore_in(id, |token| token.events.restore(kind, number, value))
    }

    #[cfg(test)]
    fn touch_all(&mut self) {
        self.0.touch_all();
        let _ = self.0.each_changed(|_, token| {
            token.events.touch_all();
            Ok(())
        });
    }
}

impl NeuroFeature {
    /// The token that a signed contract creates. `None` if somebody has not signed.
    pub(super) fn new(id: String, contract: &Contract, plan: TokenPlan, now: i64) -> Option<Self> {
        let creator = contract.signature_in(&plan.creator)?;
        let owner = contract.signature_in(&plan.owner)?;
        let trust_provider = contract.signature_in(TRUST_PROVIDER)?;
        let created = timestamp(now);
        let machine_id = plan.machine.as_ref().map(|_| id.as_str());
        let mut attributes = vec![("id", id.as_str()), ("tokenIdMethod", "Random")];
        attributes.extend(plan.attributes.iter().map(|(name, value)| (*name, value.as_str())));
        attributes.extend([
            ("created", created.as_str()),
            ("visibility", contract.visibility()),
            ("description", &plan.description),
            ("creator", &creator.legal_id),
            ("creatorJid", &creator.address),
            ("owner", &owner.legal_id),
            ("ownerJid", &owner.address),
            ("trustProvider", &trust_provider.legal_id),
            ("trustProviderJid", &trust_provider.address),
            ("creationContract", &contract.id),
            ("ownershipContract", &contract.id),
            ("definitionNamespace", &plan.definition_namespace),
        ]);
        attributes.extend(contract.template_id().map(|id| ("creationContractTemplate", id)));
        attributes.extend(machine_id.map(|id| ("machineId", id)));
        let token = element("token", &attributes, &Content::default());
        let attribute = |name| attributes.iter().find(|(known, _)| *known == name).copied();
        let event = [
            Some(("tokenId", id.as_str())),
            Some(("timestamp", created.as_str())),
            Some(("personal", "false")),
            attribute("value"),
            attribute("currency"),
            attribute("creator"),
            attribute("owner"),
            attribute("ownershipContract"),
        ];
        let event: Vec<_> = event.into_iter().flatten().collect();
        let mut events = no_events();
        events.push(element("created", &event, &Content::default()));
        Some(Self {
            owner: owner.user_name.clone()?,
            contract_id: contract.id.clone(),
            description: plan.description,
            machine: plan.machine,
            token,
            events,
            id,
        })
    }

    /// The token as XML.
    pub(super) fn token(&self) -> &Content {
        &self.token
    }

    /// A reference to it.
    pub(super) fn reference(&self) -> Content {
        element("ref", &[("id", &self.id)], &Content::default())
    }

    /// What has happened to it, the oldest first.
    pub(super) fn events(&self) -> impl Iterator<Item = &Content> {
        self.events.values()
    }

    /// An upper bound for the memory that it takes, with its notes.
    pub(super) fn whole_size(&self) -> usize {
        self.size() + self.events().skip(1).map(event_size).sum::<usize>()
    }

    /// A note, which is not added yet.
    pub(super) fn note(
        &self,
        note: Note<'_>,
        inside: &Content,
        personal: bool,
        now: i64,
    ) -> Content {
        let name = match note {
            Note::Text => "noteText",
            Note::Xml(_) => "noteXml",
        };
        let (time, personal) = (timestamp(now), personal.to_string());
        let attributes =
            [("tokenId", self.id.as_str()), ("timestamp", &time), ("personal", &personal)];
        element(name, &attributes, inside)
    }

    /// Adds a note, to which the state machine reacts.
    pub(super) fn add_note(
        &mut self,
        note: Note<'_>,
        event: Content,
        now: i64,
    ) -> Result<Changes, TooManyEvents> {
        if self.events.len() >= MAX_EVENTS {
            return Err(TooManyEvents);
        }
        self.events.push(event);
        let machine = self.machine.as_mut();
        Ok(machine.map(|machine| machine.react(note, now)).unwrap_or_default())
    }

    /// An upper bound for its size in an answer, and for the memory that it takes, without its
    /// notes.
    pub(super) fn size(&self) -> usize {
        const REST: usize = 512;
        let created = self.events().next().map_or(0, event_size);
        let machine = self.machine.as_ref().map_or(0, StateMachine::memory_size);
        REST + content_size(&self.token) + created + self.description.len() + machine
    }
}

/// An upper bound for what an event takes, with the change of state that it may cause.
pub(super) fn event_size(event: &Content) -> usize {
    HISTORY_ENTRY_BYTES + content_size(event)
}

fn content_size(content: &Content) -> usize {
    content.size(Encoding::Json) + content.memory_size()
}

fn element(name: &str, attributes: &[(&str, &str)], inside: &Content) -> Content {
    Content::element(name, NEURO_FEATURES, attributes, inside)
}

/// An element with such elements in it, which need not declare their namespace again.
pub(super) fn list<'a>(name: &str, items: impl Iterator<Item = &'a Content>) -> String {
    let declaration = format!(" xmlns=\"{NEURO_FEATURES}\"");
    let items: String = items.map(|item| item.as_str().replacen(&declaration, "", 1)).collect();
    format!("<{name}{declaration}>{items}</{name}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_declares_its_namespace_once() {
        let inside = Content::parse("<a xmlns='u'/>").unwrap();
        let items =
            [element("ref", &[("id", "1")], &Content::default()), element("x", &[], &inside)];
        assert_eq!(
            list("tokens", items.iter()),
            format!(
                r#"<tokens xmlns="{NEURO_FEATURES}"><ref id="1"/><x><a xmlns="u"/></x></tokens>"#
            )
        );
        assert_eq!(list("e", [].iter()), format!(r#"<e xmlns="{NEURO_FEATURES}"></e>"#));
    }
}
