//! Tokens that contracts create, and their notes.

use super::identities::page;
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::content::Content;
use crate::core::markdown;
use crate::core::neuro_feature::{NeuroFeature, list};
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::state_machine::Note;
use crate::core::token_creation::COMMISSION;
use crate::core::values::object;
use crate::core::wallet::CURRENCY;
use neuron_agent_api::resources::tokens;
use neuron_agent_api::wire::Value;
use std::collections::BTreeSet;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&tokens::GET_TOKENS, get_tokens),
    Route::new(&tokens::GET_CONTRACT_TOKENS, get_contract_tokens),
    Route::new(&tokens::GET_CREATION_ATTRIBUTES, get_creation_attributes),
    Route::new(&tokens::GET_TOKEN, get_token),
    Route::new(&tokens::GET_DESCRIPTION, get_description),
    Route::new(&tokens::ADD_TEXT_NOTE, add_text_note),
    Route::new(&tokens::ADD_XML_NOTE, add_xml_note),
    Route::new(&tokens::GET_TOKEN_EVENTS, get_token_events),
];

/// Lists the tokens of the account, the oldest first.
fn get_tokens(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    Ok(tokens(broker.neuro_features_of(&call.session()?.user_name), given))
}

/// Lists the token that a contract created, if it is signed and creates one.
fn get_contract_tokens(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let contract = broker.contract(given.text("contractId")?)?;
    if !broker.may_read_contract(&call.session()?.user_name, contract) {
        return Err(Refusal::new(403, "The account may not read the contract."));
    }
    // A token belongs to somebody who has signed.
    let signers = contract.signatures.iter().filter_map(|signed| signed.user_name.as_deref());
    let signers: BTreeSet<_> = signers.collect();
    let owned = signers.into_iter().flat_map(|user_name| broker.neuro_features_of(user_name));
    Ok(tokens(owned.filter(|token| token.contract_id == contract.id), given))
}

fn tokens<'a>(tokens: impl Iterator<Item = &'a NeuroFeature>, given: &Arguments) -> Value {
    let (offset, max_count) = page(given);
    let tokens = tokens.skip(offset).take(max_count);
    let listed: Vec<_> = if given.boolean("references").unwrap_or(true) {
        tokens.map(NeuroFeature::reference).collect()
    } else {
        tokens.map(|token| token.token().clone()).collect()
    };
    object([("Tokens", Value::String(list("tokens", listed.iter())))])
}

fn get_creation_attributes(broker: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    Ok(object([
        ("currency", CURRENCY.into()),
        ("commission", COMMISSION.into()),
        ("trustProvider", broker.trust_provider().as_str().into()),
    ]))
}

fn get_token(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let token = token(broker, call, given)?;
    Ok(object([("Token", token.token().as_str().into())]))
}

/// The token that a request names.
pub(super) fn token<'a>(
    broker: &'a Broker,
    call: &Call<'_>,
    given: &Arguments,
) -> Result<&'a NeuroFeature, Refusal> {
    broker.readable_neuro_feature(given.text("tokenId")?, &call.session()?.user_name)
}

fn get_description(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    report(&token(broker, call, given)?.description, given)
}

/// Writes Markdown in the format that is asked for.
pub(super) fn report(markdown: &str, given: &Arguments) -> Answer {
    let report = match given.text("reportFormat")? {
        "Markdown" => markdown.into(),
        "Html" => markdown::html(markdown),
        "Text" => markdown::plain(markdown),
        other => {
            let text = format!("This broker writes no reports as {other}: Markdown, Html or Text.");
            return Err(Refusal::new(501, text));
        }
    };
    Ok(object([("report", Value::String(report))]))
}

fn add_text_note(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let inside = Content::text(given.text("note")?);
    add_note(broker, call, given, Note::Text, &inside)
}

fn add_xml_note(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let note = given.xml("note")?;
    if !note.is_one_element() {
        return Err(Refusal::bad_request("The property \"note\" must be one XML element."));
    }
    add_note(broker, call, given, Note::Xml(note), note)
}

fn add_note(
    broker: &mut Broker,
    call: &Call<'_>,
    given: &Arguments,
    note: Note<'_>,
    inside: &Content,
) -> Answer {
    let token = (given.text("tokenId")?, call.session()?.user_name.as_str());
    let personal = given.boolean("personal").unwrap_or_default();
    let note = broker.add_note(token, note, inside, personal, call.now)?;
    Ok(object([("Note", Value::String(note.into_string()))]))
}

/// Lists what has happened to a token, the oldest first.
fn get_token_events(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let (offset, max_count) = page(given);
    let events = token(broker, call, given)?.events().skip(offset).take(max_count);
    Ok(object([("Events", Value::String(list("events", events)))]))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::contracts::tests::{contract_id, propose};
    use crate::core::contract::{Contract, ContractState};
    use crate::core::contract_template::book_token;
    use crate::core::element::Element;
    use crate::core::testing::{NOW, Pair, pair};
    use neuron_agent_api::resources::legal::{CREATE_CONTRACT, SIGN_CONTRACT};
    use neuron_agent_api::resources::state_machines::GET_CURRENT_STATE;
    use neuron_agent_api::resources::tokens::{
        ADD_TEXT_NOTE, ADD_XML_NOTE, GET_CONTRACT_TOKENS, GET_CREATION_ATTRIBUTES, GET_DESCRIPTION,
        GET_TOKEN, GET_TOKEN_EVENTS, GET_TOKENS,
    };
    use neuron_agent_api::resources::xmpp::{CLEAR_MESSAGES, POP_MESSAGES};
    use neuron_agent_api::wire::Value;

    /// The request for a contract that creates a token for a book.
    fn book(visibility: &str, parts: &str) -> String {
        format!(
            r#"{{"templateId":"book-token@legal.localhost","visibility":"{visibility}",{parts}
               "Parameters":[{{"name":"Title","value":"Moby-Dick"}},{{"name":"Value","value":10}},
               {{"name":"Currency","value":"SEK"}},{{"name":"CommissionPercent","value":0}},
               {{"name":"Expires","value":"2030-01-01"}}]}}"#
        )
    }

    /// A book of Alice's: the ids of the contract and the token.
    fn registered(pair: &mut Pair, visibility: &str) -> (String, String) {
        let alice = pair.approved_as_alice();
        let contract = pair.as_alice(&CREATE_CONTRACT, &book(visibility, "")).unwrap();
        let id = contract_id(&contract);
        sign(pair, &id, &alice).unwrap();
        let tokens = tokens(&pair.as_alice(&GET_TOKENS, "{}").unwrap());
        pair.as_alice(&CLEAR_MESSAGES, "{}").unwrap();
        (id, tokens.get("ref").unwrap().text("id").into())
    }

    /// The token of a book of Alice's that everybody may read.
    pub(in crate::core::resources) fn public_book(pair: &mut Pair) -> String {
        registered(pair, "Public").1
    }

    fn sign(pair: &mut Pair, contract: &str, identity: &str) -> Result<String, String> {
        let fields = format!(
            r#"{{"keyId":"key","contractId":"{contract}","legalId":"{identity}","role":"Owner"}}"#
        );
        pair.sign_as_alice(&SIGN_CONTRACT, &fields)
    }

    fn tokens(answer: &str) -> Value {
        let answer: Value = serde_json::from_str(answer).unwrap();
        answer.get("Tokens").unwrap().clone()
    }

    pub(in crate::core::resources) fn of(token: &str, more: &str) -> String {
        format!(r#"{{"tokenId":"{token}"{more}}}"#)
    }

    pub(in crate::core::resources) fn note(token: &str, note: &str) -> String {
        of(token, &format!(r#","note":"{note}","personal":false"#))
    }

    #[test]
    fn a_signed_contract_creates_a_token_of_its_owner() {
        let mut pair = pair();
        let alice = pair.approved_as_alice();
        let contract = pair.as_alice(&CREATE_CONTRACT, &book("Public", "")).unwrap();
        let contract = contract_id(&contract);
        let signed = sign(&mut pair, &contract, &alice).unwrap();
        assert!(signed.contains(r#""state":"Signed""#), "{signed}");
        let trust_provider = "00000000-0000-0000-0000-000000000001@legal.localhost";
        let by_broker = format!(r#""legalId":"{trust_provider}","role":"TrustProvider""#);
        assert!(signed.contains(&by_broker), "{signed}");
        let list = pair.as_alice(&GET_TOKENS, r#"{"references":false}"#).unwrap();
        let token = tokens(&list).get("token").unwrap().clone();
        let id = token.text("id").to_owned();
        assert!(id.ends_with("@tokens.localhost"), "{id}");
        for (name, value) in [
            ("friendlyName", "Moby-Dick"),
            ("category", "Book"),
            ("value", "10"),
            ("currency", "SEK"),
            ("created", "2023-11-14T22:13:20.000Z"),
            ("expires", "2030-01-01T00:00:00.000Z"),
            ("visibility", "Public"),
            ("owner", &alice),
            ("ownerJid", "alice@localhost"),
            ("creator", &alice),
            ("trustProvider", trust_provider),
            ("creationContract", &contract),
            ("creationContractTemplate", "book-token@legal.localhost"),
            ("machineId", &id),
        ] {
            assert_eq!(token.text(name), value, "{name}");
        }
        let messages = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        let added = format!(r#""id":"{id}","tokenIdMethod":"Random","friendlyName":"Moby-Dick""#);
        assert!(messages.contains(r#""__name":"tokenAdded""#), "{messages}");
        assert!(messages.contains(&added), "{messages}");
        // The broker's signature is the one that made the contract signed.
        assert_eq!(messages.matches(r#""__name":"contractSigned""#).count(), 2);
        assert_eq!(messages.matches(r#""signed":"true""#).count(), 1);
    }

    #[test]
    fn the_attributes_of_a_new_token_are_known_and_the_broker_may_be_a_part() {
        let mut pair = pair();
        let answer = pair.as_alice(&GET_CREATION_ATTRIBUTES, "{}").unwrap();
        assert_eq!(
            answer,
            r#"{"currency":"SEK","commission":0,"trustProvider":"00000000-0000-0000-0000-000000000001@legal.localhost"}"#
        );
        let alice = pair.approved_as_alice();
        let broker = "00000000-0000-0000-0000-000000000001@legal.localhost";
        let parts = |owner: &str, trust_provider: &str| {
            format!(
                r#""Parts":[{{"role":"Owner","legalId":"{owner}"}},
                   {{"role":"TrustProvider","legalId":"{trust_provider}"}}],"#
            )
        };
        for [owner, trust_provider] in [[&*alice, &*alice], [broker, broker]] {
            let body = book("Public", &parts(owner, trust_provider));
            let refused = pair.as_alice(&CREATE_CONTRACT, &body).unwrap_err();
            assert!(refused.contains("must be the broker's own identity"), "{refused}");
        }
        let body = book("Public", &parts(&alice, broker));
        let id = contract_id(&pair.as_alice(&CREATE_CONTRACT, &body).unwrap());
        assert!(sign(&mut pair, &id, &alice).unwrap().contains(r#""state":"Signed""#));
    }

    #[test]
    fn a_contract_whose_token_would_be_wrong_is_refused() {
        let mut pair = pair();
        pair.approved_as_alice();
        for (old, new, refusal) in [
            ("\"SEK\"", "\"EUR\"", "400 The element Currency of the token must be SEK"),
            ("2030", "2020", "400 The element Expires of the token must be a date"),
        ] {
            let body = book("Public", "").replace(old, new);
            let refused = pair.as_alice(&CREATE_CONTRACT, &body).unwrap_err();
            assert!(refused.starts_with(refusal), "{refused}");
        }
    }

    #[test]
    fn a_contract_stays_unsigned_if_it_or_its_token_finds_no_room() {
        const ALL: usize = 4 * 1024 * 1024;
        let mut pair = pair();
        let alice = pair.approved_as_alice();
        let contract = pair.as_alice(&CREATE_CONTRACT, &book("Public", "")).unwrap();
        let contract = contract_id(&contract);

        // A restart would not find what takes up the memory.
        pair.broker.is_recorded = false;
        let owner = pair.broker.users.get_mut("alice").unwrap();
        owner.neuro_features.budget.reserve(ALL).unwrap();
        let refused = sign(&mut pair, &contract, &alice).unwrap_err();
        assert!(refused.starts_with("400 The tokens of their owner are too many"), "{refused}");

        let owner = pair.broker.users.get_mut("alice").unwrap();
        owner.neuro_features.budget.release(ALL);
        let rest = ALL - owner.legal_objects.contract_budget.used();
        owner.legal_objects.contract_budget.reserve(rest).unwrap();
        let refused = sign(&mut pair, &contract, &alice).unwrap_err();
        assert!(refused.starts_with("400 The contracts of the account"), "{refused}");

        let owner = pair.broker.users.get_mut("alice").unwrap();
        assert_eq!(owner.neuro_features.budget.used(), 0, "the token's memory is given back");
        owner.legal_objects.contract_budget.release(rest);
        assert_eq!(tokens(&pair.as_alice(&GET_TOKENS, "{}").unwrap()).get("ref"), None);
        assert!(sign(&mut pair, &contract, &alice).unwrap().contains(r#""state":"Signed""#));
        assert!(tokens(&pair.as_alice(&GET_TOKENS, "{}").unwrap()).get("ref").is_some());
    }

    #[test]
    fn a_template_can_be_signed_only_with_all_its_values() {
        let mut pair = pair();
        let alice = pair.approved_as_alice();
        let xml = book_token().unwrap().to_xml().replace("<templateOnly/>", "<open/>");
        let id = contract_id(&propose(&mut pair, &xml).unwrap());
        let refused = sign(&mut pair, &id, &alice).unwrap_err();
        let refusal = "403 The contract can't be signed: its parameter \"Title\" has no value.";
        assert_eq!(refused, refusal);
        assert_eq!(pair.broker.contract(&id).unwrap().state, ContractState::Approved);
        let mut xml = xml;
        for (name, value) in [
            ("Title", "Moby-Dick"),
            ("Value", "10"),
            ("Currency", "SEK"),
            ("CommissionPercent", "0"),
            ("Expires", "2030-01-01"),
        ] {
            let name = format!("name=\"{name}\"");
            xml = xml.replace(&name, &format!("{name} value=\"{value}\""));
        }
        let id = contract_id(&propose(&mut pair, &xml).unwrap());
        assert!(sign(&mut pair, &id, &alice).unwrap().contains(r#""state":"Signed""#));
        assert!(tokens(&pair.as_alice(&GET_TOKENS, "{}").unwrap()).get("ref").is_some());
    }

    #[test]
    fn a_contract_stays_unsigned_if_no_message_can_carry_it() {
        let mut pair = pair();
        let alice = pair.approved_as_alice();
        let contract = pair.as_alice(&CREATE_CONTRACT, &book("Public", "")).unwrap();
        let id = contract_id(&contract);
        // Deeper than a template can be.
        let mut definition = pair.broker.contract(&id).unwrap().definition().clone();
        let text = definition.children_mut().last().unwrap();
        let deep = (1..62)
            .fold(Element::new("a", "u"), |inner, _| Element::new("a", "u").containing(inner));
        text.push(deep);
        let mut contract = Contract::new(id.clone(), Some("alice"), definition, NOW);
        contract.seal(&pair.broker.key_pair);
        pair.broker.keep_contract(contract).unwrap();

        let refused = sign(&mut pair, &id, &alice).unwrap_err();
        assert!(refused.starts_with("400 The message about it"), "{refused}");
        let contract = pair.broker.contract(&id).unwrap();
        assert_eq!((contract.state, contract.signatures.len()), (ContractState::Approved, 0));
        let owner = pair.broker.users.get("alice").unwrap();
        assert_eq!(owner.neuro_features.budget.used(), 0);
    }

    #[test]
    fn the_contract_decides_who_reads_a_token() {
        for (visibility, status) in [("Public", None), ("CreatorAndParts", Some("403"))] {
            let mut pair = pair();
            let (contract, token) = registered(&mut pair, visibility);
            let of_contract = format!(r#"{{"contractId":"{contract}"}}"#);
            let format = r#","reportFormat":"Text""#;
            for (resource, body) in [
                (&GET_TOKEN, of(&token, "")),
                (&GET_TOKEN, of(&token.to_uppercase(), "")),
                (&GET_TOKEN_EVENTS, of(&token, "")),
                (&GET_DESCRIPTION, of(&token, format)),
                (&GET_CURRENT_STATE, of(&token, "")),
                (&GET_CONTRACT_TOKENS, of_contract),
            ] {
                let as_bob = pair.as_bob(resource, &body);
                let refused = as_bob.err().and_then(|text| text.get(..3).map(str::to_owned));
                assert_eq!(refused.as_deref(), status, "{visibility} {}", resource.path());
                pair.as_alice(resource, &body).unwrap();
            }
            let refused = pair.as_bob(&ADD_TEXT_NOTE, &note(&token, "x")).unwrap_err();
            assert!(refused.starts_with("403"), "{refused}");
            let none = tokens(&pair.as_bob(&GET_TOKENS, "{}").unwrap());
            assert_eq!(none.get("ref"), None);
        }
        let mut pair = pair();
        for (resource, body) in [
            (&GET_TOKEN, of("x", "")),
            (&ADD_TEXT_NOTE, note("x", "x")),
            (&GET_CONTRACT_TOKENS, r#"{"contractId":"x"}"#.into()),
        ] {
            let refused = pair.as_alice(resource, &body).unwrap_err();
            assert!(refused.starts_with("404 There is no such"), "{refused}");
        }
    }

    #[test]
    fn tokens_are_listed_in_pages() {
        let mut pair = pair();
        let (contract, first) = registered(&mut pair, "Public");
        let identity = pair.as_alice(&neuron_agent_api::resources::legal::GET_IDENTITIES, "{}");
        let identity: Value = serde_json::from_str(&identity.unwrap()).unwrap();
        let alice = identity.items("Identities").first().unwrap().text("id").to_owned();
        let second = pair.as_alice(&CREATE_CONTRACT, &book("Public", "")).unwrap();
        sign(&mut pair, &contract_id(&second), &alice).unwrap();
        let list = |pair: &mut Pair, body: &str| tokens(&pair.as_alice(&GET_TOKENS, body).unwrap());
        assert_eq!(list(&mut pair, "{}").items("ref").len(), 2);
        let one = list(&mut pair, r#"{"offset":0,"maxCount":1}"#);
        assert_eq!(one.get("ref").unwrap().text("id"), first);
        let rest = list(&mut pair, r#"{"offset":1}"#);
        assert_ne!(rest.get("ref").unwrap().text("id"), first);
        assert_eq!(list(&mut pair, r#"{"offset":2}"#).get("ref"), None);
        let body = format!(r#"{{"contractId":"{contract}","references":false}}"#);
        let created = tokens(&pair.as_bob(&GET_CONTRACT_TOKENS, &body).unwrap());
        assert_eq!(created.get("token").unwrap().text("id"), first);
    }

    #[test]
    fn notes_are_kept_as_events() {
        let mut pair = pair();
        let token = public_book(&mut pair);
        let answer = pair.as_alice(&ADD_TEXT_NOTE, &note(&token, "a <b>")).unwrap();
        assert_eq!(
            answer,
            format!(
                r#"{{"Note":{{"__name":"noteText","__ns":"https://paiwise.tagroot.io/Schema/NeuroFeatures.xsd","xmlns":"https://paiwise.tagroot.io/Schema/NeuroFeatures.xsd","tokenId":"{token}","timestamp":"2023-11-14T22:13:20.000Z","personal":"false","value":"a <b>"}}}}"#
            )
        );
        let personal = of(&token, r#","note":"<c xmlns='u'>d</c>","personal":true"#);
        let answer = pair.as_alice(&ADD_XML_NOTE, &personal).unwrap();
        assert!(answer.contains(r#""personal":"true","c":{"__name":"c""#), "{answer}");
        let events = |pair: &mut Pair, more: &str| {
            let answer = pair.as_alice(&GET_TOKEN_EVENTS, &of(&token, more)).unwrap();
            let answer: Value = serde_json::from_str(&answer).unwrap();
            answer.get("Events").unwrap().clone()
        };
        let all = events(&mut pair, "");
        let created = all.get("created").unwrap();
        assert_eq!([created.text("value"), created.text("currency")], ["10", "SEK"]);
        assert_eq!(all.get("noteText").unwrap().text("value"), "a <b>");
        assert_eq!(all.get("noteXml").unwrap().get("c").unwrap().text("value"), "d");
        let one = events(&mut pair, r#","offset":1,"maxCount":1"#);
        assert!(one.get("noteText").is_some() && one.get("noteXml").is_none());
        for text in ["x", "<a/><b/>", "<a/>x", " <a/>"] {
            let refused = pair.as_alice(&ADD_XML_NOTE, &note(&token, text)).unwrap_err();
            assert!(refused.starts_with("400 The property \"note\" must be one XML"), "{refused}");
        }
    }

    #[test]
    fn number_and_size_of_notes_are_limited() {
        let mut pair = pair();
        let token = public_book(&mut pair);
        let long = note(&token, &"x".repeat(60_000));
        let added = (0..1_000).take_while(|_| pair.as_alice(&ADD_TEXT_NOTE, &long).is_ok());
        assert!((20..60).contains(&added.count()));
        let refused = pair.as_alice(&ADD_TEXT_NOTE, &long).unwrap_err();
        assert!(refused.starts_with("400 The account's tokens have too many"), "{refused}");
        let mut other = super::tests::pair();
        let token = public_book(&mut other);
        let short = note(&token, "x");
        let added = (0..2_000).take_while(|_| other.as_alice(&ADD_TEXT_NOTE, &short).is_ok());
        // The first event is that of its creation.
        assert_eq!(added.count(), 999);
    }

    #[test]
    fn a_description_is_written_in_three_formats() {
        let mut pair = pair();
        let token = public_book(&mut pair);
        let mut read = |format: &str| {
            let body = of(&token, &format!(r#","reportFormat":"{format}""#));
            pair.as_alice(&GET_DESCRIPTION, &body)
        };
        assert!(read("Markdown").unwrap().starts_with(r#"{"report":"A *book*. Notes say"#));
        assert!(read("Html").unwrap().starts_with(r#"{"report":"<p>A <em>book</em>. Notes say"#));
        assert!(read("Text").unwrap().starts_with(r#"{"report":"A book. Notes say"#));
        for format in ["Xaml", "XamarinXaml", "SmartContract", "Xml"] {
            assert!(read(format).unwrap_err().starts_with("501 This broker writes no reports"));
        }
        assert!(read("Pdf").unwrap_err().starts_with("400"));
    }
}
