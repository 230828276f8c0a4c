//! Smart contracts.

use super::duration;
use super::element::{Element, timestamp};
use super::keys::sign;
use super::record::Table;
use super::xml_as_json;
use ed25519_dalek::SigningKey;
use neuron_agent_api::syntax::date_time::to_unix_seconds;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The namespace of contracts, as this broker writes it.
pub(super) const CONTRACT: &str = "urn:nf:iot:leg:sc:1.0";

/// The namespace of machine-readable contents about payments.
const PAYMENTS: &str = "https://paiwise.tagroot.io/Schema/PaymentInstructions.xsd";

/// The role in which the broker itself signs, after all others.
pub(super) const TRUST_PROVIDER: &str = "TrustProvider";

/// The contracts of all accounts, by their ids.
pub(super) type Contracts = Table<String, Contract>;

/// The state of a contract. The broker approves each at once, and none fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ContractState {
    /// Nobody has signed it.
    Approved,
    /// Signatures are missing.
    BeingSigned,
    /// Each role has as many signatures as it needs.
    Signed,
}

/// A contract, which may be a template for others.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Contract {
    pub id: String,
    /// The user name of whoever created it. `None` for a template that comes with the broker.
    pub creator: Option<String>,
    pub state: ContractState,
    /// The identities whose owners may read it.
    pub readers: BTreeSet<String>,
    pub signatures: Vec<ContractSignature>,
    /// What is signed: the contract without its id and what the broker adds.
    definition: Element,
    /// The template that it was created from.
    template_id: Option<String>,
    created: i64,
    updated: Option<i64>,
    /// From when to when it is in force. `None` unless it is signed.
    in_force: Option<(i64, i64)>,
    /// The contract with all signatures, as it is answered.
    xml: String,
}

/// The signature of a contract.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ContractSignature {
    /// The user name of whoever signed. `None` if it is the broker.
    pub user_name: Option<String>,
    /// The bare address of whoever signed.
    pub address: String,
    pub legal_id: String,
    pub role: String,
    /// The signature in Base64.
    pub signature: String,
    /// When it was made.
    pub signed: i64,
}

/// A role of a contract, and how many signatures it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Role<'a> {
    pub name: &'a str,
    pub min_count: usize,
    pub max_count: usize,
}

/// Who can sign a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parts<'a> {
    /// Anybody.
    Open,
    /// Nobody, because it is only a template.
    TemplateOnly,
    /// These identities, each in its role.
    Listed(Vec<Part<'a>>),
}

/// An identity, and its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub legal_id: &'a str,
    pub role: &'a str,
}

/// The machine-readable content that does nothing.
pub(super) fn nop() -> Element {
    Element::new("Nop", PAYMENTS)
}

/// Whether machine-readable content is [`nop`].
pub(super) fn is_nop(content: &Element) -> bool {
    content.name == "Nop" && content.namespace == PAYMENTS
}

impl Contract {
    /// A contract that nobody has signed, with a valid definition.
    pub(super) fn new(id: String, creator: Option<&str>, definition: Element, now: i64) -> Self {
        Self {
            id,
            creator: creator.map(Into::into),
            state: ContractState::Approved,
            readers: BTreeSet::new(),
            signatures: Vec::new(),
            definition,
            template_id: None,
            created: now,
            updated: None,
            in_force: None,
            xml: String::new(),
        }
    }

    /// The contract, made from a template.
    pub(super) fn made_from(self, template_id: &str) -> Self {
        Self { template_id: Some(template_id.into()), ..self }
    }

    /// The contract as XML, with all signatures.
    pub(super) fn xml(&self) -> &str {
        &self.xml
    }

    /// What is signed.
    pub(super) fn definition(&self) -> &Element {
        &self.definition
    }

    /// An upper bound for its size in an answer, and for the memory that it takes.
    pub(super) fn size(&self) -> usize {
        const READER: usize = 128;
        let answered = xml_as_json::size(&self.xml).unwrap_or_default();
        answered + 4 * self.xml.len() + READER * self.readers.len()
    }

    /// Whether other contracts can be made from it.
    pub(super) fn is_template(&self) -> bool {
        self.definition.attribute("canActAsTemplate") == Some("true")
    }

    /// Who may read it, as its definition says.
    pub(super) fn visibility(&self) -> &str {
        self.definition.attribute("visibility").unwrap_or_default()
    }

    /// Its roles. One whose numbers are missing takes a single signature.
    pub(super) fn roles(&self) -> impl Iterator<Item = Role<'_>> {
        self.definition.named("role").map(|role| {
            let count = |name| role.attribute(name).and_then(|count| count.parse().ok());
            Role {
                name: role.attribute("name").unwrap_or_default(),
                min_count: count("minCount").unwrap_or(1),
                max_count: count("maxCount").unwrap_or(1),
            }
        })
    }

    /// Who can sign it.
    pub(super) fn parts(&self) -> Parts<'_> {
        let Some(parts) = self.definition.named("parts").next() else { return Parts::TemplateOnly };
        if parts.named("open").next().is_some() {
            return Parts::Open;
        }
        let listed = parts.named("part").filter_map(|part| {
            Some(Part { legal_id: part.attribute("legalId")?, role: part.attribute("role")? })
        });
        match listed.collect::<Vec<_>>() {
            parts if parts.is_empty() => Parts::TemplateOnly,
            parts => Parts::Listed(parts),
        }
    }

    /// The identities that are parts, or have signed.
    pub(super) fn identities(&self) -> BTreeSet<&str> {
        let listed = match self.parts() {
            Parts::Listed(parts) => parts,
            Parts::Open | Parts::TemplateOnly => Vec::new(),
        };
        let listed = listed.into_iter().map(|part| part.legal_id);
        listed.chain(self.signatures.iter().map(|signature| signature.legal_id.as_str())).collect()
    }

    /// Why an identity can't sign it in a role, at that time. `None` if it can.
    pub(super) fn reason_against(&self, part: Part<'_>, now: i64) -> Option<&'static str> {
        let time = |name| self.definition.attribute(name).and_then(to_unix_seconds);
        let has_role = |signature: &&ContractSignature| signature.role == part.role;
        let Some(role) = self.roles().find(|role| role.name == part.role) else {
            return Some("The contract has no such role.");
        };
        let signatures = || self.signatures.iter().filter(has_role);
        if part.role == TRUST_PROVIDER {
            Some("The broker itself signs as TrustProvider, after all others.")
        } else if self.state == ContractState::Signed {
            Some("The contract is signed already.")
        } else if self.parts() == Parts::TemplateOnly {
            Some("The contract is only a template.")
        } else if matches!(self.parts(), Parts::Listed(parts) if !parts.contains(&part)) {
            Some("The identity does not have that role in the contract.")
        } else if signatures().any(|signature| signature.legal_id == part.legal_id) {
            Some("The identity has signed in that role already.")
        } else if signatures().count() >= role.max_count {
            Some("The role has all its signatures already.")
        } else if time("signAfter").is_some_and(|after| now < after) {
            Some("The contract can't be signed yet.")
        } else if time("signBefore").is_some_and(|before| now >= before) {
            Some("The contract can't be signed any more.")
        } else {
            None
        }
    }

    /// The name of a parameter that has no value, as those of a template. `None` if each has one.
    pub(super) fn parameter_without_value(&self) -> Option<&str> {
        let mut parameters = self.definition.named("parameters").flat_map(Element::children);
        let parameter = parameters.find(|parameter| parameter.attribute("value").is_none())?;
        parameter.attribute("name")
    }

    /// Adds a signature. The contract is signed when each role has as many as it needs.
    pub(super) fn add(&mut self, signature: ContractSignature) {
        let now = signature.signed;
        self.signatures.push(signature);
        self.updated = Some(now);
        let is_complete = self.roles().all(|role| self.is_complete(role));
        self.state = if is_complete { ContractState::Signed } else { ContractState::BeingSigned };
        if is_complete {
            let duration = self.definition.attribute("duration").unwrap_or_default();
            self.in_force = Some((now, duration::after(now, duration).unwrap_or(now)));
        }
    }

    /// Whether a role has as many signatures as it needs.
    fn is_complete(&self, role: Role<'_>) -> bool {
        let signatures = self.signatures.iter().filter(|signature| signature.role == role.name);
        signatures.count() >= role.min_count
    }

    /// Whether nothing but the broker's own signature is missing.
    pub(super) fn awaits_broker(&self) -> bool {
        self.state == ContractState::BeingSigned
            && self.roles().all(|role| role.name == TRUST_PROVIDER || self.is_complete(role))
    }

    /// The first signature in a role. `None` if there is none.
    pub(super) fn signature_in(&self, role: &str) -> Option<&ContractSignature> {
        self.signatures.iter().find(|signature| signature.role == role)
    }

    /// The template that it was created from. `None` if it is one itself.
    pub(super) fn template_id(&self) -> Option<&str> {
        self.template_id.as_deref()
    }

    /// Writes and signs it anew, after a change.
    pub(super) fn seal(&mut self, broker: &SigningKey) {
        let mut element = self.definition.clone().with("id", &self.id);
        for signature in &self.signatures {
            element.push(signature.element());
        }
        element.push(self.status());
        let signature = sign(broker, element.canonical().as_bytes());
        element.push(
            Element::new("serverSignature", CONTRACT)
                .with("timestamp", timestamp(self.updated.unwrap_or(self.created)))
                .saying(signature),
        );
        self.xml = element.to_xml();
    }

    fn status(&self) -> Element {
        let provider = self.id.split_once('@').map_or("", |(_, provider)| provider);
        let state = match self.state {
            ContractState::Approved => "Approved",
            ContractState::BeingSigned => "BeingSigned",
            ContractState::Signed => "Signed",
        };
        let [from, to] = [self.in_force.map(|(from, _)| from), self.in_force.map(|(_, to)| to)];
        Element::new("status", CONTRACT)
            .with("created", timestamp(self.created))
            .with("provider", provider)
            .with("state", state)
            .with_optional("updated", self.updated.map(timestamp))
            .with_optional("from", from.map(timestamp))
            .with_optional("to", to.map(timestamp))
            .with_optional("templateId", self.template_id.as_deref())
    }
}

impl ContractSignature {
    fn element(&self) -> Element {
        Element::new("signature", CONTRACT)
            .with("bareJid", &self.address)
            .with("legalId", &self.legal_id)
            .with("role", &self.role)
            .with("timestamp", timestamp(self.signed))
            .saying(&self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract_template::book_loan;
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn contract(parts: &str) -> Contract {
        let template = book_loan().to_xml();
        let xml = template.replace("<templateOnly/>", parts);
        Contract::new("c@legal.localhost".into(), None, Element::parse(&xml).unwrap(), NOW)
    }

    fn signature(legal_id: &str, role: &str) -> ContractSignature {
        ContractSignature {
            user_name: Some("alice".into()),
            address: "alice@localhost".into(),
            legal_id: legal_id.into(),
            role: role.into(),
            signature: "s".into(),
            signed: NOW,
        }
    }

    fn reason(contract: &Contract, legal_id: &str, role: &str) -> String {
        let part = Part { legal_id, role };
        contract.reason_against(part, NOW).unwrap_or_default().into()
    }

    #[test]
    fn a_contract_is_signed_when_all_roles_are() {
        let mut contract = contract("<open/>");
        assert_eq!(reason(&contract, "a", "Lender"), "");
        contract.add(signature("a", "Lender"));
        assert_eq!(contract.state, ContractState::BeingSigned);
        assert!(reason(&contract, "a", "Lender").contains("already"));
        assert!(reason(&contract, "b", "Lender").contains("all its signatures"));
        assert!(reason(&contract, "b", "Reader").contains("no such role"));
        assert_eq!(reason(&contract, "b", "Borrower"), "");
        contract.add(signature("b", "Borrower"));
        assert_eq!(contract.state, ContractState::Signed);
        assert_eq!(contract.in_force, Some((NOW, 1_731_622_400)));
        assert!(reason(&contract, "c", "Borrower").contains("signed already"));
    }

    #[test]
    fn the_broker_signs_after_all_others() {
        let xml = book_loan().to_xml().replace("<templateOnly/>", "<open/>");
        let xml = xml.replace("Borrower", TRUST_PROVIDER);
        let definition = Element::parse(&xml).unwrap();
        let mut contract = Contract::new("c@legal.localhost".into(), None, definition, NOW);
        assert!(reason(&contract, "a", TRUST_PROVIDER).contains("The broker itself signs"));
        assert!(!contract.awaits_broker());
        contract.add(signature("a", "Lender"));
        assert!(contract.awaits_broker());
        contract.add(signature("broker", TRUST_PROVIDER));
        assert_eq!(contract.state, ContractState::Signed);
        assert!(!contract.awaits_broker());
    }

    #[test]
    fn only_parts_can_sign_if_they_are_listed() {
        let contract = contract("<part legalId='a' role='Lender'/>");
        assert_eq!(reason(&contract, "a", "Lender"), "");
        for (legal_id, role) in [("a", "Borrower"), ("b", "Lender")] {
            assert!(reason(&contract, legal_id, role).contains("does not have that role"));
        }
        assert_eq!(contract.identities(), BTreeSet::from(["a"]));
    }

    #[test]
    fn a_template_can_not_be_signed() {
        assert!(reason(&contract("<templateOnly/>"), "a", "Lender").contains("only a template"));
    }

    #[test]
    fn a_parameter_without_value_is_found() {
        let xml = book_loan().to_xml();
        let with_title = xml.replace("name=\"Title\"", "name=\"Title\" value=\"Moby-Dick\"");
        let with_both = with_title.replace("name=\"Days\"", "name=\"Days\" value=\"14\"");
        for (xml, missing) in
            [(&xml, Some("Title")), (&with_title, Some("Days")), (&with_both, None)]
        {
            let definition = Element::parse(xml).unwrap();
            let contract = Contract::new("c@legal.localhost".into(), None, definition, NOW);
            assert_eq!(contract.parameter_without_value(), missing);
        }
    }

    #[test]
    fn the_time_of_signatures_may_be_limited() {
        for (name, time, can_sign) in [
            ("signAfter", "2023-11-14T22:13:20Z", true),
            ("signAfter", "2023-11-14T22:13:21Z", false),
            ("signBefore", "2023-11-14T22:13:20Z", false),
            ("signBefore", "2023-11-14T22:13:21Z", true),
        ] {
            let mut contract = contract("<open/>");
            contract.definition.set(name, time);
            assert_eq!(reason(&contract, "a", "Lender").is_empty(), can_sign, "{name} {time}");
        }
    }

    #[test]
    fn a_contract_has_the_parts_of_the_schema_in_their_order() {
        let mut contract = contract("<open/>");
        contract.add(signature("a", "Lender"));
        contract.seal(&SigningKey::from_bytes(&[9; 32]));
        let element = Element::parse(contract.xml()).unwrap();
        let names: Vec<_> = element.children().map(|child| child.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Nop",
                "role",
                "role",
                "parts",
                "parameters",
                "humanReadableText",
                "signature",
                "status",
                "serverSignature",
            ]
        );
        assert!(contract.size() > contract.xml().len());
    }
}
