//! Contracts and their templates.

use super::identities::{decode, page};
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::content::Content;
use crate::core::contract::{CONTRACT, Contract, TRUST_PROVIDER};
use crate::core::contract_parameter;
use crate::core::contract_template::checked;
use crate::core::contract_text::{TextFormat, render};
use crate::core::element::Element;
use crate::core::legal::set_reader;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::token_creation;
use crate::core::values::object;
use neuron_agent_api::resources::legal;
use neuron_agent_api::wire::{Value, elements_in};
use std::collections::BTreeSet;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&legal::CREATE_CONTRACT, create_contract),
    Route::new(&legal::PROPOSE_TEMPLATE, propose_template),
    Route::new(&legal::GET_CONTRACT, get_contract),
    Route::new(&legal::GET_CREATED_CONTRACTS, get_created_contracts),
    Route::new(&legal::AUTHORIZE_ACCESS_TO_CONTRACT, authorize_access_to_contract),
];

/// Creates a contract from a template. It needs no approval, because its template has it.
fn create_contract(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let user_name = &call.session()?.user_name;
    if !broker.has_approved_identity(user_name) {
        return Err(Refusal::new(403, "The account has no approved identity."));
    }
    let unknown = |_| Refusal::new(404, "There is no such template.");
    let template = broker.contract(given.text("templateId")?).map_err(unknown)?;
    if !template.is_template() || !broker.may_read_contract(user_name, template) {
        return Err(Refusal::new(403, "The account can't use the contract as a template."));
    }
    let mut definition = template.definition().clone();
    definition.set("canActAsTemplate", "false");
    definition.set("visibility", given.text("visibility")?);
    set_parts(&mut definition, broker, template, given.objects("Parts"))?;
    set_parameters(&mut definition, given.objects("Parameters"))?;
    token_creation::plan(&definition, call.now)?;
    let template_id = template.id.clone();
    let id = broker.new_legal_id();
    let contract = Contract::new(id.clone(), Some(user_name), definition, call.now);
    let mut contract = contract.made_from(&template_id);
    contract.seal(&broker.key_pair);
    let answer = response(broker.keep_contract(contract)?);
    broker.announce(&id, &change("contractCreated", &id), call.now);
    Ok(answer)
}

/// Sets who can sign. Without parts, the template decides; if nobody can sign that, anybody can
/// sign the contract.
fn set_parts(
    definition: &mut Element,
    broker: &Broker,
    template: &Contract,
    given: &[Arguments],
) -> Result<(), Refusal> {
    let parts = parts(broker, template, given)?;
    let Some(element) = definition.children_mut().find(|child| child.name == "parts") else {
        let text = "The template has no element parts, so nobody could sign the contract.";
        return Err(Refusal::new(403, text));
    };
    if !parts.is_empty() {
        element.clear();
        parts.into_iter().for_each(|part| element.push(part));
    } else if element.named("templateOnly").next().is_some() {
        element.clear();
        element.push(Element::new("open", CONTRACT));
    }
    Ok(())
}

fn parts(
    broker: &Broker,
    template: &Contract,
    given: &[Arguments],
) -> Result<Vec<Element>, Refusal> {
    let mut parts = Vec::new();
    for (index, part) in given.iter().enumerate() {
        let (role, legal_id) = (part.text("role")?, part.text("legalId")?);
        let Some(known) = template.roles().find(|known| known.name == role) else {
            let text = format!("The property \"Parts[{index}].role\" is no role of the template.");
            return Err(Refusal::bad_request(text));
        };
        let wrong = |rule: &str| {
            Refusal::bad_request(format!("The property \"Parts[{index}].legalId\" {rule}"))
        };
        let legal_id = match broker.identity(legal_id) {
            _ if (role == TRUST_PROVIDER) != (legal_id == broker.trust_provider()) => {
                return Err(wrong("must be the broker's own identity as TrustProvider only."));
            }
            _ if role == TRUST_PROVIDER => legal_id,
            Ok(identity) => &identity.id,
            Err(_) => return Err(wrong("is no identity.")),
        };
        let earlier = given.iter().take(index);
        let same_role = earlier.filter(|earlier| earlier.optional_text("role") == Some(role));
        if same_role.count() >= known.max_count {
            let text = format!("The property \"Parts[{index}].role\" is given too often.");
            return Err(Refusal::bad_request(text));
        }
        let part = Element::new("part", CONTRACT).with("legalId", legal_id).with("role", role);
        parts.push(part);
    }
    Ok(parts)
}

/// Sets the values of the parameters. In a contract each has one.
fn set_parameters(definition: &mut Element, given: &[Arguments]) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for pair in given {
        let name = pair.text("name")?;
        let wrong = |rule: &str| {
            let name: String = name.chars().take(64).collect();
            Refusal::bad_request(format!("The parameter {name:?} in \"Parameters\" {rule}"))
        };
        if !names.insert(name.to_lowercase()) {
            return Err(wrong("is given twice."));
        }
        let Some(parameter) = parameters(definition).find(|known| {
            known.attribute("name").map(str::to_lowercase) == Some(name.to_lowercase())
        }) else {
            return Err(wrong("is not one of the template."));
        };
        contract_parameter::set(parameter, pair.json("value").unwrap_or(&Value::Null))
            .map_err(wrong)?;
    }
    match parameters(definition).find(|parameter| parameter.attribute("value").is_none()) {
        None => Ok(()),
        Some(parameter) => {
            let name = parameter.attribute("name").unwrap_or_default();
            let text = format!("The property \"Parameters\" lacks {name}.");
            Err(Refusal::bad_request(text))
        }
    }
}

fn parameters(definition: &mut Element) -> impl Iterator<Item = &mut Element> {
    let parameters = definition.children_mut().filter(|child| child.name == "parameters");
    parameters.flat_map(Element::children_mut)
}

/// Takes a contract as a template. It is approved at once.
fn propose_template(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let bytes = decode(given.text("templateBase64")?, "templateBase64")?;
    let wrong =
        |rule: String| Refusal::bad_request(format!("The XML in \"templateBase64\" {rule}"));
    let xml = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8.".into()))?;
    let definition = checked(Element::parse(&xml).map_err(wrong)?, call.now)?;
    let id = broker.new_legal_id();
    let user_name = &call.session()?.user_name;
    let mut template = Contract::new(id.clone(), Some(user_name), definition, call.now);
    template.seal(&broker.key_pair);
    let answer = response(broker.keep_contract(template)?);
    broker.announce(&id, &change("contractCreated", &id), call.now);
    broker.announce(&id, &change("contractUpdated", &id), call.now);
    Ok(answer)
}

fn get_contract(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let contract = broker.contract(given.text("contractId")?)?;
    if !broker.may_read_contract(&call.session()?.user_name, contract) {
        return Err(Refusal::new(403, "The account may not read the contract."));
    }
    let format = match given.optional_text("format") {
        None => return Ok(response(contract)),
        Some("Markdown") => TextFormat::Markdown,
        Some("Html") => TextFormat::Html,
        Some("Text") => TextFormat::Text,
        Some(other) => {
            let text = format!("This broker does not write the texts of contracts as {other}.");
            return Err(Refusal::new(501, text));
        }
    };
    let mut element = element(contract)?;
    let text = "This broker writes tables and images in contracts as elements only.";
    render(&mut element, format).map_err(|_| Refusal::new(501, text))?;
    Ok(object([("Contract", Value::String(element.to_xml()))]))
}

/// Lists the contracts that the account created, templates included, the oldest first.
fn get_created_contracts(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let (offset, max_count) = page(given);
    let contracts = broker.created_contracts(&call.session()?.user_name);
    let xml: String = contracts.skip(offset).take(max_count).map(Contract::xml).collect();
    let fault = |_| Refusal::internal("The contracts can't be written as objects.");
    Ok(object([("Contracts", Value::Array(elements_in(&xml).map_err(fault)?))]))
}

fn authorize_access_to_contract(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let mut contract = broker.contract(given.text("contractId")?)?.clone();
    if contract.creator.as_ref() != Some(&call.session()?.user_name) {
        return Err(Refusal::new(403, "The contract was created by another account."));
    }
    let reader = broker.identity(given.text("remoteId")?)?.id.clone();
    set_reader(&mut contract.readers, &reader, given.boolean("authorized").unwrap_or_default())?;
    broker.keep_contract(contract)?;
    Ok(object([]))
}

/// A message that tells of a change.
pub(super) fn change(name: &str, contract_id: &str) -> Content {
    Content::element(name, CONTRACT, &[("contractId", contract_id)], &Content::default())
}

/// A contract as a tree.
pub(super) fn element(contract: &Contract) -> Result<Element, Refusal> {
    Element::parse(contract.xml())
        .map_err(|reason| Refusal::internal(format!("The contract {reason}")))
}

/// A contract as an answer.
pub(super) fn response(contract: &Contract) -> Value {
    object([("Contract", contract.xml().into())])
}

#[cfg(test)]
pub(super) mod tests {
    use crate::core::contract_template::book_loan;
    use crate::core::testing::{Pair, pair};
    use base64ct::{Base64, Encoding};
    use neuron_agent_api::resources::legal::{
        AUTHORIZE_ACCESS_TO_CONTRACT, CREATE_CONTRACT, GET_CONTRACT, GET_CREATED_CONTRACTS,
        GET_IDENTITY, PROPOSE_TEMPLATE,
    };
    use neuron_agent_api::resources::xmpp::POP_MESSAGES;
    use neuron_agent_api::wire::Value;

    /// The request for a loan of a book.
    pub(in crate::core) fn loan(more: &str) -> String {
        format!(
            r#"{{"templateId":"book-loan@legal.localhost",{more}
               "Parameters":[{{"name":"Title","value":"Moby-Dick"}},{{"name":"days","value":14}}]}}"#
        )
    }

    const FOR_PARTS: &str = r#""visibility":"CreatorAndParts","#;

    pub(in crate::core) fn contract_id(answer: &str) -> String {
        let answer: Value = serde_json::from_str(answer).unwrap();
        answer.get("Contract").unwrap().text("id").into()
    }

    fn create(pair: &mut Pair, visibility: &str) -> String {
        let body = loan(&format!(r#""visibility":"{visibility}","#));
        contract_id(&pair.as_alice(&CREATE_CONTRACT, &body).unwrap())
    }

    fn read_as_bob(pair: &mut Pair, id: &str) -> Result<String, String> {
        pair.as_bob(&GET_CONTRACT, &format!(r#"{{"contractId":"{id}"}}"#))
    }

    #[test]
    fn a_contract_is_created_from_a_template() {
        let mut pair = pair();
        pair.approved_as_alice();
        let answer = pair.as_alice(&CREATE_CONTRACT, &loan(FOR_PARTS)).unwrap();
        for part in [
            r#""canActAsTemplate":"false""#,
            r#""visibility":"CreatorAndParts""#,
            r#""name":"Title","value":"Moby-Dick""#,
            r#""name":"Days","value":"14""#,
            r#""parts":{"__name":"parts","__ns":"urn:nf:iot:leg:sc:1.0","open":"#,
            r#""state":"Approved","templateId":"book-loan@legal.localhost""#,
        ] {
            assert!(answer.contains(part), "{part} {answer}");
        }
        let message = format!(
            r#""__name":"contractCreated","__ns":"urn:nf:iot:leg:sc:1.0","xmlns":"urn:nf:iot:leg:sc:1.0","contractId":"{}""#,
            contract_id(&answer)
        );
        let messages = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        assert!(messages.contains(&message), "{messages}");
    }

    #[test]
    fn only_an_approved_account_creates_contracts() {
        let mut pair = pair();
        pair.applied_as_alice();
        let refusal = pair.as_alice(&CREATE_CONTRACT, &loan(FOR_PARTS)).unwrap_err();
        assert!(refusal.starts_with("403 The account has no approved identity"), "{refusal}");
    }

    #[test]
    fn what_contradicts_the_template_is_refused() {
        let mut pair = pair();
        let id = pair.approved_as_alice();
        let valid = loan(FOR_PARTS);
        let part = |role: &str, id: &str| format!(r#"{{"role":"{role}","legalId":"{id}"}}"#);
        let parts = |parts: &str| loan(&format!(r#""visibility":"Public","Parts":[{parts}],"#));
        let twice = [part("Lender", &id), part("Lender", &id)].join(",");
        for (body, refusal) in [
            (valid.replace("book-loan", "x"), "404 There is no such template"),
            (
                valid.replace("14", "61"),
                "400 The parameter \"days\" in \"Parameters\" is too large.",
            ),
            (valid.replace("14", "\"x\""), "400 The parameter \"days\""),
            (valid.replace("days", "Pages"), "400 The parameter \"Pages\""),
            (
                valid.replace("days", "title"),
                "400 The parameter \"title\" in \"Parameters\" is given twice",
            ),
            (
                valid.replace(r#",{"name":"days","value":14}"#, ""),
                "400 The property \"Parameters\" lacks Days.",
            ),
            (parts(&part("Reader", &id)), "400 The property \"Parts[0].role\" is no role"),
            (parts(&part("Lender", "x")), "400 The property \"Parts[0].legalId\""),
            (parts(&twice), "400 The property \"Parts[1].role\" is given too often"),
        ] {
            let found = pair.as_alice(&CREATE_CONTRACT, &body).unwrap_err();
            assert!(found.starts_with(refusal), "{found}");
        }
        let own = create(&mut pair, "Public");
        let body = valid.replace("book-loan@legal.localhost", &own);
        let refusal = pair.as_alice(&CREATE_CONTRACT, &body).unwrap_err();
        assert!(refusal.starts_with("403 The account can't use"), "{refusal}");
    }

    #[test]
    fn the_visibility_decides_who_reads_a_contract() {
        let mut pair = pair();
        pair.approved_as_alice();
        let bob = pair.approved_as_bob();
        for (visibility, is_visible) in [
            ("CreatorAndParts", false),
            ("DomainAndParts", true),
            ("Public", true),
            ("PublicSearchable", true),
        ] {
            let id = create(&mut pair, visibility);
            assert_eq!(read_as_bob(&mut pair, &id).is_ok(), is_visible, "{visibility}");
        }
        assert!(read_as_bob(&mut pair, "x").unwrap_err().starts_with("404"));
        let id = create(&mut pair, "CreatorAndParts");
        let authorize =
            |allows| format!(r#"{{"contractId":"{id}","remoteId":"{bob}","authorized":{allows}}}"#);
        pair.as_alice(&AUTHORIZE_ACCESS_TO_CONTRACT, &authorize(true)).unwrap();
        assert!(read_as_bob(&mut pair, &id).is_ok());
        let refusal = pair.as_bob(&AUTHORIZE_ACCESS_TO_CONTRACT, &authorize(true)).unwrap_err();
        assert!(refusal.starts_with("403"), "{refusal}");
        pair.as_alice(&AUTHORIZE_ACCESS_TO_CONTRACT, &authorize(false)).unwrap();
        assert!(read_as_bob(&mut pair, &id).unwrap_err().starts_with("403"));
    }

    #[test]
    fn parts_read_a_contract_and_each_others_identities() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        let identity = format!(r#"{{"legalId":"{alice}"}}"#);
        assert!(pair.as_bob(&GET_IDENTITY, &identity).is_err());
        let parts = format!(
            r#"{FOR_PARTS}"Parts":[{{"role":"Lender","legalId":"{alice}"}},
               {{"role":"Borrower","legalId":"{bob}"}}],"#
        );
        let id = contract_id(&pair.as_alice(&CREATE_CONTRACT, &loan(&parts)).unwrap());
        assert!(read_as_bob(&mut pair, &id).is_ok());
        assert!(pair.as_bob(&GET_IDENTITY, &identity).is_ok());
        assert!(pair.as_bob(&POP_MESSAGES, "{}").unwrap().contains("contractCreated"));
    }

    #[test]
    fn texts_are_rendered_in_three_formats() {
        let mut pair = pair();
        pair.approved_as_alice();
        let id = create(&mut pair, "Public");
        let mut read = |format: &str| {
            let body = format!(r#"{{"contractId":"{id}","format":"{format}"}}"#);
            pair.as_alice(&GET_CONTRACT, &body)
        };
        let text = r#""xml:lang":"en","value":"The lender lends the book Moby-Dick to the borrower for 14 days.""#;
        assert!(read("Text").unwrap().contains(text));
        assert!(read("Markdown").unwrap().contains("**Moby-Dick**"));
        assert!(read("Html").unwrap().contains("<strong>Moby-Dick</strong>"));
        for format in ["Xaml", "XamarinXaml", "SmartContract"] {
            assert!(read(format).unwrap_err().starts_with("501"));
        }
        assert!(read("Pdf").unwrap_err().starts_with("400"));
    }

    pub(in crate::core) fn propose(pair: &mut Pair, xml: &str) -> Result<String, String> {
        let base64 = Base64::encode_string(xml.as_bytes());
        pair.as_alice(&PROPOSE_TEMPLATE, &format!(r#"{{"templateBase64":"{base64}"}}"#))
    }

    #[test]
    fn a_proposed_template_can_be_used() {
        let mut pair = pair();
        pair.approved_as_alice();
        let xml = book_loan().to_xml();
        let id = contract_id(&propose(&mut pair, &xml).unwrap());
        let messages = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        assert!(messages.contains("contractCreated") && messages.contains("contractUpdated"));
        let body = loan(FOR_PARTS).replace("book-loan@legal.localhost", &id);
        pair.as_alice(&CREATE_CONTRACT, &body).unwrap();
        for (xml, refusal) in [
            ("<a/>", "400 The property \"templateBase64\" is not a contract"),
            ("<a>", "400 The XML in \"templateBase64\""),
            (&xml.replace("Nop", "Create"), "501"),
        ] {
            let found = propose(&mut pair, xml).unwrap_err();
            assert!(found.starts_with(refusal), "{found}");
        }
        let body = r#"{"templateBase64":"/w=="}"#;
        assert!(pair.as_alice(&PROPOSE_TEMPLATE, body).unwrap_err().contains("is not UTF-8"));
    }

    #[test]
    fn created_contracts_are_listed_the_oldest_first() {
        let mut pair = pair();
        let list = |pair: &mut Pair, body: &str| {
            let answer: Value =
                serde_json::from_str(&pair.as_alice(&GET_CREATED_CONTRACTS, body).unwrap())
                    .unwrap();
            let items = answer.items("Contracts").iter();
            items.map(|contract| contract.text("id").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list(&mut pair, "{}"), [""; 0]);
        pair.approved_as_alice();
        let ids = [create(&mut pair, "Public"), create(&mut pair, "Public")];
        assert_eq!(list(&mut pair, "{}"), ids);
        assert_eq!(list(&mut pair, r#"{"offset":1,"maxCount":5}"#), ids[1..]);
        let answer = pair.as_bob(&GET_CREATED_CONTRACTS, "{}").unwrap();
        assert_eq!(answer, r#"{"Contracts":[]}"#);
    }

    #[test]
    fn the_size_of_contracts_is_limited() {
        let mut pair = pair();
        pair.approved_as_alice();
        let body = loan(FOR_PARTS).replace("Moby-Dick", &"x".repeat(60_000));
        let created = (0..100).take_while(|_| pair.as_alice(&CREATE_CONTRACT, &body).is_ok());
        assert!((5..50).contains(&created.count()));
        let refusal = pair.as_alice(&CREATE_CONTRACT, &body).unwrap_err();
        assert!(refusal.starts_with("400 The contracts of the account"), "{refusal}");
    }
}
