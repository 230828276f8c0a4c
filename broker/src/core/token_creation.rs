//! What contracts say of the tokens that they create.

use super::contract::{TRUST_PROVIDER, is_nop};
use super::element::{Element, timestamp};
use super::element_rules::ElementRules;
use super::refusal::Refusal;
use super::state_machine::{STATE_MACHINES, StateMachine};
use super::wallet::CURRENCY;
use neuron_agent_api::syntax::date_time::to_unix_seconds;

const RULES: ElementRules = ElementRules("token");

/// The namespace of tokens.
pub(super) const NEURO_FEATURES: &str = "https://paiwise.tagroot.io/Schema/NeuroFeatures.xsd";

/// The machine-readable content of a contract that creates a token.
const CREATE: &str = "Create";

/// How much of a token's value the broker takes, in percent: it asks nobody to pay.
pub(super) const COMMISSION: u32 = 0;

/// What must be said of a token.
const REQUIRED: &[&str] = &[
    "TokenID",
    "Creator",
    "Owner",
    TRUST_PROVIDER,
    "Value",
    "Currency",
    "CommissionPercent",
    "Expires",
    "Definition",
    "FriendlyName",
    "Category",
    "Description",
];

/// Who can destroy a token: the elements, and the attributes of the token.
const DESTROYERS: [(&str, &str); 4] = [
    ("CreatorCanDestroy", "creatorCanDestroy"),
    ("OwnerCanDestroyBatch", "ownerCanDestroyBatch"),
    ("OwnerCanDestroyIndividual", "ownerCanDestroyIndividual"),
    ("CertifierCanDestroy", "certifierCanDestroy"),
];

/// The maximum length of a name or a category, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// The maximum length of a description, in bytes.
const MAX_DESCRIPTION_BYTES: usize = 16 * 1024;

/// A token that a contract creates when it is signed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TokenPlan {
    /// The role whose signer creates the token.
    pub creator: String,
    /// The role whose signer owns the token.
    pub owner: String,
    /// The names and values of the token's attributes that the contract says. In a template some
    /// may be missing.
    pub attributes: Vec<(&'static str, String)>,
    /// What it is, in Markdown.
    pub description: String,
    /// The namespace of its definition.
    pub definition_namespace: String,
    /// Its state machine, started.
    pub machine: Option<StateMachine>,
}

/// What a contract, or a template, says of the token that it creates. `None` if it creates none.
///
/// # Errors
/// 400 if it contradicts itself, 501 if it has what this broker does not support.
pub(super) fn plan(contract: &Element, now: i64) -> Result<Option<TokenPlan>, Refusal> {
    let create = contract.children().next();
    let is_create =
        |content: &&Element| content.name == CREATE && content.namespace == NEURO_FEATURES;
    let Some(create) = create.filter(is_create) else { return Ok(None) };
    CreationReader { create, contract }.plan(now).map(Some)
}

struct CreationReader<'a> {
    create: &'a Element,
    contract: &'a Element,
}

impl CreationReader<'_> {
    fn plan(&self, now: i64) -> Result<TokenPlan, Refusal> {
        self.check_elements()?;
        let id = RULES.only_child(self.required("TokenID")?)?;
        if id.name != "Random" {
            return Err(RULES.unsupported(id));
        }
        let trust_provider = self.role(TRUST_PROVIDER)?;
        if trust_provider != TRUST_PROVIDER {
            return Err(RULES.invalid(TRUST_PROVIDER, "must refer to the role TrustProvider"));
        }
        let mut attributes = Vec::new();
        let mut add =
            |name, value: Option<String>| attributes.extend(value.map(|value| (name, value)));
        add("friendlyName", self.name("FriendlyName")?);
        add("category", self.name("Category")?);
        add("value", self.number("Value", f64::MAX)?);
        add("currency", self.currency()?);
        self.number("CommissionPercent", 100.0)?;
        add("expires", self.expires(now)?);
        for (element, attribute) in DESTROYERS {
            add(attribute, self.boolean(element)?);
        }
        let definition = RULES.only_child(self.required("Definition")?)?;
        Ok(TokenPlan {
            creator: self.signer("Creator")?,
            owner: self.signer("Owner")?,
            attributes,
            description: self.description()?.unwrap_or_default(),
            definition_namespace: definition.namespace.clone(),
            machine: machine(definition, now)?,
        })
    }

    /// Each element must be known, and there once.
    fn check_elements(&self) -> Result<(), Refusal> {
        let count = |name: &str| self.create.named(name).count();
        if let Some(missing) = REQUIRED.iter().find(|name| count(name) == 0) {
            return Err(RULES.invalid(missing, "is missing"));
        }
        for child in self.create.children() {
            let is_destroyer = DESTROYERS.iter().any(|(name, _)| *name == child.name);
            let is_known = is_destroyer || REQUIRED.contains(&child.name.as_str());
            if !is_known || child.namespace != NEURO_FEATURES {
                return Err(RULES.unsupported(child));
            }
            if count(&child.name) > 1 {
                return Err(RULES.invalid(&child.name, "is given twice"));
            }
        }
        Ok(())
    }

    fn required<'a>(&'a self, name: &'a str) -> Result<&'a Element, Refusal> {
        self.create.named(name).next().ok_or_else(|| RULES.invalid(name, "is missing"))
    }

    /// The role of the contract to which an element refers.
    fn role(&self, name: &str) -> Result<String, Refusal> {
        let reference = RULES.only_child(self.required(name)?)?;
        if reference.name != "RoleReference" {
            return Err(RULES.unsupported(reference));
        }
        let role = reference.attribute("role").unwrap_or_default();
        // A role that needs nobody may have no signer.
        let is_signed = |known: &Element| {
            let min_count = known.attribute("minCount").and_then(|count| count.parse().ok());
            known.attribute("name") == Some(role) && min_count.is_some_and(|count: usize| count > 0)
        };
        if !self.contract.named("role").any(is_signed) {
            return Err(RULES.invalid(
                name,
                "must refer to a role of the contract that somebody has to sign in",
            ));
        }
        Ok(role.into())
    }

    /// [`role`](Self::role), which an account signs in.
    fn signer(&self, name: &str) -> Result<String, Refusal> {
        match self.role(name)? {
            role if role == TRUST_PROVIDER => {
                Err(RULES
                    .invalid(name, "can't be the role TrustProvider, in which the broker signs"))
            }
            role => Ok(role),
        }
    }

    /// What an element says: a literal, or the value of a parameter. `None` if it is not there, or
    /// the parameter has no value yet.
    fn value(&self, name: &str, literals: &[&str]) -> Result<Option<String>, Refusal> {
        let Some(element) = self.create.named(name).next() else { return Ok(None) };
        let value = RULES.only_child(element)?;
        if value.name != "ParameterReference" {
            let is_literal = literals.contains(&value.name.as_str());
            return if is_literal { Ok(Some(value.text())) } else { Err(RULES.unsupported(value)) };
        }
        let wanted = value.attribute("parameter").unwrap_or_default().to_lowercase();
        let mut parameters = self.contract.named("parameters").flat_map(Element::children);
        let parameter = parameters.find(|parameter| {
            parameter.attribute("name").is_some_and(|known| known.to_lowercase() == wanted)
        });
        match parameter {
            Some(parameter) => Ok(parameter.attribute("value").map(Into::into)),
            None => {
                Err(RULES.invalid(name, "refers to a parameter that the contract does not have"))
            }
        }
    }

    /// [`value`](Self::value), which must be valid.
    fn checked(
        &self,
        name: &str,
        literals: &[&str],
        (is_valid, rule): (impl Fn(&str) -> bool, &str),
    ) -> Result<Option<String>, Refusal> {
        let value = self.value(name, literals)?;
        if value.as_deref().is_none_or(is_valid) {
            Ok(value)
        } else {
            Err(RULES.invalid(name, rule))
        }
    }

    fn name(&self, name: &str) -> Result<Option<String>, Refusal> {
        let is_valid = |text: &str| (1..=MAX_NAME_BYTES).contains(&text.len());
        self.checked(name, &["String"], (is_valid, "must be a text of 1 to 256 bytes"))
    }

    fn description(&self) -> Result<Option<String>, Refusal> {
        let is_valid = |text: &str| text.len() <= MAX_DESCRIPTION_BYTES;
        self.checked("Description", &["String"], (is_valid, "must be a text of at most 16 KiB"))
    }

    fn number(&self, name: &str, max: f64) -> Result<Option<String>, Refusal> {
        let is_valid = |text: &str| text.parse().is_ok_and(|number| (0.0..=max).contains(&number));
        let rule = if max < f64::MAX { "must be from 0 to 100" } else { "must be a number from 0" };
        self.checked(name, &["Number"], (is_valid, rule))
    }

    fn currency(&self) -> Result<Option<String>, Refusal> {
        let rule = format!("must be {CURRENCY}");
        self.checked("Currency", &["String"], (|text: &str| text == CURRENCY, &rule))
    }

    fn boolean(&self, name: &str) -> Result<Option<String>, Refusal> {
        let is_valid = |text: &str| matches!(text, "true" | "false");
        self.checked(name, &["Boolean"], (is_valid, "must be true or false"))
    }

    fn expires(&self, now: i64) -> Result<Option<String>, Refusal> {
        let time = |text: &str| {
            to_unix_seconds(text).or_else(|| to_unix_seconds(&format!("{text}T00:00:00Z")))
        };
        let is_valid = |text: &str| time(text).is_some_and(|expires| expires > now);
        let rule = "must be a date, or a date and time, to come";
        let value = self.checked("Expires", &["Date", "DateTime"], (is_valid, rule))?;
        Ok(value.as_deref().and_then(time).map(timestamp))
    }
}

/// The state machine of a definition. `None` if it defines none.
fn machine(definition: &Element, now: i64) -> Result<Option<StateMachine>, Refusal> {
    match definition.name.as_str() {
        "StateMachine" if definition.namespace == STATE_MACHINES => {
            StateMachine::start(definition, now).map(Some)
        }
        _ if is_nop(definition) => Ok(None),
        _ => Err(RULES.unsupported(definition)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract_template::book_token;
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn read(xml: &str) -> Result<TokenPlan, Refusal> {
        plan(&Element::parse(xml).unwrap(), NOW).map(Option::unwrap)
    }

    /// The template of the broker, with a value for each parameter.
    fn contract() -> String {
        let mut contract = book_token().unwrap().to_xml();
        for (name, value) in [
            ("Title", "Moby-Dick"),
            ("Value", "10"),
            ("Currency", "SEK"),
            ("CommissionPercent", "0"),
            ("Expires", "2030-01-01"),
        ] {
            let name = format!("name=\"{name}\"");
            assert!(contract.contains(&format!("{name}>")), "{name} {contract}");
            contract = contract.replace(&format!("{name}>"), &format!("{name} value=\"{value}\">"));
        }
        contract
    }

    #[test]
    fn a_template_has_a_plan_without_the_values_of_its_parameters() {
        let plan = read(&book_token().unwrap().to_xml()).unwrap();
        assert_eq!([plan.creator.as_str(), plan.owner.as_str()], ["Owner", "Owner"]);
        let names: Vec<_> = plan.attributes.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["category", "creatorCanDestroy", "ownerCanDestroyIndividual"]);
        assert_eq!(plan.machine.unwrap().state(), "AtHome");
        assert_eq!(super::plan(&Element::new("contract", "u"), NOW), Ok(None));
    }

    #[test]
    fn a_contract_says_all_of_the_token() {
        let plan = read(&contract()).unwrap();
        let attribute = |wanted| plan.attributes.iter().find(|(name, _)| *name == wanted);
        for (name, value) in [
            ("friendlyName", "Moby-Dick"),
            ("category", "Book"),
            ("value", "10"),
            ("currency", "SEK"),
            ("expires", "2030-01-01T00:00:00.000Z"),
            ("creatorCanDestroy", "false"),
        ] {
            assert_eq!(attribute(name), Some(&(name, value.into())));
        }
    }

    #[test]
    fn what_contradicts_itself_or_is_not_supported_is_refused() {
        let valid = contract();
        for (old, new, refusal) in [
            ("<Random/>", "<Unique/>", "501 This broker does not support the element Unique"),
            ("<Random/>", "", "400 The element TokenID of the token must have one element"),
            (
                "<Creator>",
                "<Certifier/><Creator>",
                "501 This broker does not support the element Certifier",
            ),
            (
                "<Creator>",
                "<Category/><Creator>",
                "400 The element Category of the token is given twice",
            ),
            ("FriendlyName", "Name", "400 The element FriendlyName of the token is missing"),
            (
                "RoleReference role=\"TrustProvider\"",
                "RoleReference role=\"Owner\"",
                "400 The element TrustProvider of the token must refer",
            ),
            (
                "RoleReference role=\"Owner\"",
                "RoleReference role=\"x\"",
                "400 The element Creator of the token must refer",
            ),
            (
                "RoleReference role=\"Owner\"",
                "RoleReference role=\"TrustProvider\"",
                "400 The element Creator of the token can't be",
            ),
            (
                "parameter=\"Value\"",
                "parameter=\"x\"",
                "400 The element Value of the token refers to a parameter",
            ),
            ("value=\"10\"", "value=\"-1\"", "400 The element Value of the token must be a number"),
            ("value=\"SEK\"", "value=\"EUR\"", "400 The element Currency of the token must be SEK"),
            (
                "value=\"0\"",
                "value=\"101\"",
                "400 The element CommissionPercent of the token must be from 0",
            ),
            ("2030", "2020", "400 The element Expires of the token must be a date"),
            (
                "value=\"Moby-Dick\"",
                "value=\"\"",
                "400 The element FriendlyName of the token must be a text",
            ),
            (
                "<Boolean>false",
                "<Boolean>no",
                "400 The element CreatorCanDestroy of the token must be true",
            ),
            (
                "<String>Book</String>",
                "<Number>1</Number>",
                "501 This broker does not support the element Number",
            ),
            (
                "StateMachines.xsd",
                "Other.xsd",
                "501 This broker does not support the element StateMachine",
            ),
        ] {
            let changed = valid.replace(old, new);
            assert_ne!(changed, valid, "{old}");
            let refused = read(&changed).unwrap_err();
            let found = format!("{} {}", refused.status, refused.text);
            assert!(found.starts_with(refusal), "{old} {new}: {found}");
        }
        let long = valid.replace(
            "<Description><String>",
            &format!("<Description><String>{}", "x".repeat(16_384)),
        );
        assert!(read(&long).unwrap_err().text.contains("at most 16 KiB"));
    }
}
