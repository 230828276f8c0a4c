//! The signatures of contracts.

use super::contracts::{change, element, response};
use super::identities::{check_key, page};
use super::key_request::verify_once;
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::content::Content;
use crate::core::contract::{
    CONTRACT, Contract, ContractSignature, ContractState, Part, TRUST_PROVIDER,
};
use crate::core::element::Element;
use crate::core::legal::message_content;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::object;
use neuron_agent_api::resources::legal;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&legal::SIGN_CONTRACT, sign_contract),
    Route::new(&legal::GET_SIGNED_CONTRACTS, get_signed_contracts),
];

/// Signs a contract with the key of an approved identity, and tells all parties. Whatever can fail
/// does so before the contract and its token are kept.
fn sign_contract(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let (legal_id, contract_id) = (given.text("legalId")?, given.text("contractId")?);
    let role = given.text("role")?;
    verify_once(broker, call, given, &[legal_id, contract_id, role])?;
    let user_name = &call.session()?.user_name;
    let mut contract = broker.contract(contract_id)?.clone();
    let identity = broker.approved_identity(legal_id, user_name)?;
    check_key(identity, given)?;
    if !broker.may_read_contract(user_name, &contract) {
        return Err(Refusal::new(403, "The account may not read the contract."));
    }
    let part = Part { legal_id: &identity.id, role };
    if let Some(reason) = contract.reason_against(part, call.now) {
        return Err(Refusal::new(403, reason));
    }
    if let Some(name) = contract.parameter_without_value() {
        let name: String = name.chars().take(64).collect();
        let text = format!("The contract can't be signed: its parameter {name:?} has no value.");
        return Err(Refusal::new(403, text));
    }
    contract.add(ContractSignature {
        user_name: Some(user_name.clone()),
        address: broker.caller_address(call)?.to_string(),
        legal_id: identity.id.clone(),
        role: role.into(),
        signature: identity.sign(contract.definition().canonical().as_bytes()),
        signed: call.now,
    });
    let mut signed = vec![(identity.id.clone(), role)];
    if contract.awaits_broker() {
        contract.add(broker.broker_signature(&contract, call.now));
        signed.push((broker.trust_provider(), TRUST_PROVIDER));
    }
    contract.seal(&broker.key_pair);
    let messages = messages(&contract, &signed)?;
    let is_signed = contract.state == ContractState::Signed;
    let feature = if is_signed { broker.new_neuro_feature(&contract, call.now)? } else { None };
    let contract = match broker.keep_contract(contract) {
        Ok(contract) => contract,
        Err(refusal) => {
            feature.into_iter().for_each(|feature| broker.discard_neuro_feature(&feature));
            return Err(refusal);
        }
    };
    let (answer, id) = (response(contract), contract.id.clone());
    for message in &messages {
        broker.announce(&id, message, call.now);
    }
    if let Some(feature) = feature {
        broker.keep_neuro_feature(feature, call.now);
    }
    Ok(answer)
}

/// What the parties are told of new signatures: whose each is, and in which role.
fn messages(contract: &Contract, signed: &[(String, &str)]) -> Result<Vec<Content>, Refusal> {
    let whole = element(contract)?;
    let is_signed = contract.state == ContractState::Signed;
    let message = |(index, (legal_id, role)): (usize, &(String, &str))| {
        let is_last = index + 1 == signed.len();
        let message = Element::new("contractSigned", CONTRACT)
            .with("contractId", &contract.id)
            .with("legalId", legal_id)
            .with("role", *role)
            .with_optional("signed", (is_signed && is_last).then_some("true"))
            .containing(whole.clone());
        message_content(&message)
    };
    let messages = signed.iter().enumerate().map(message);
    messages.chain([Ok(change("contractUpdated", &contract.id))]).collect()
}

/// Lists which contracts the account signed, and as whom.
fn get_signed_contracts(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let (offset, max_count) = page(given);
    let user_name = &call.session()?.user_name;
    let signatures = broker.contracts_of(user_name).flat_map(|contract| {
        let own = contract
            .signatures
            .iter()
            .filter(|signed| signed.user_name.as_ref() == Some(user_name));
        own.map(|signature| {
            object([
                ("contractId", contract.id.as_str().into()),
                ("legalId", signature.legal_id.as_str().into()),
            ])
        })
    });
    let signatures = signatures.skip(offset).take(max_count).collect();
    Ok(object([("Signatures", Value::Array(signatures))]))
}

#[cfg(test)]
mod tests {
    use super::super::contracts::tests::{contract_id, loan, propose};
    use crate::core::contract_template::book_loan;
    use crate::core::testing::{Pair, pair};
    use neuron_agent_api::resources::legal::{
        CREATE_CONTRACT, GET_CONTRACT, GET_SIGNED_CONTRACTS, SIGN_CONTRACT,
    };
    use neuron_agent_api::resources::xmpp::{CLEAR_MESSAGES, POP_MESSAGES};
    use neuron_agent_api::wire::Value;

    /// A loan that anybody can sign.
    fn open_loan(pair: &mut Pair) -> String {
        let body = loan(r#""visibility":"Public","#);
        contract_id(&pair.as_alice(&CREATE_CONTRACT, &body).unwrap())
    }

    fn signing(contract: &str, identity: &str, role: &str) -> String {
        format!(
            r#"{{"keyId":"key","contractId":"{contract}","legalId":"{identity}","role":"{role}"}}"#
        )
    }

    fn message_names(messages: &str) -> Vec<String> {
        let messages: Value = serde_json::from_str(messages).unwrap();
        let elements =
            messages.items("Messages").iter().flat_map(|message| message.items("Content"));
        elements.map(|element| element.text("__name").to_owned()).collect()
    }

    /// The whole way: keys, identities, a contract, and both signatures.
    #[test]
    fn alice_lends_bob_a_book() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        let parts = format!(
            r#""visibility":"CreatorAndParts","Parts":[{{"role":"Lender","legalId":"{alice}"}},
               {{"role":"Borrower","legalId":"{bob}"}}],"#
        );
        let id = contract_id(&pair.as_alice(&CREATE_CONTRACT, &loan(&parts)).unwrap());
        let answer = pair.sign_as_alice(&SIGN_CONTRACT, &signing(&id, &alice, "Lender")).unwrap();
        assert!(answer.contains(r#""state":"BeingSigned""#), "{answer}");
        assert!(answer.contains(r#""bareJid":"alice@localhost""#), "{answer}");
        let messages = pair.as_bob(&POP_MESSAGES, "{}").unwrap();
        let names = ["contractCreated", "contractSigned", "contractUpdated"];
        assert_eq!(message_names(&messages), names);
        assert!(!messages.contains(r#""signed":"true""#), "{messages}");
        pair.as_alice(&CLEAR_MESSAGES, "{}").unwrap();

        let answer = pair.sign_as_bob(&SIGN_CONTRACT, &signing(&id, &bob, "Borrower")).unwrap();
        assert!(answer.contains(r#""state":"Signed""#), "{answer}");
        assert!(answer.contains(r#""from":"2023-11-14T22:13:20.000Z""#), "{answer}");
        assert!(answer.contains(r#""to":"2024-11-14T22:13:20.000Z""#), "{answer}");
        let messages = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        assert_eq!(message_names(&messages), names[1..]);
        assert!(messages.contains(&format!(
            r#""contractId":"{id}","legalId":"{bob}","role":"Borrower","signed":"true","contract":{{"__name":"contract""#
        )), "{messages}");
        let read = pair.as_alice(&GET_CONTRACT, &format!(r#"{{"contractId":"{id}"}}"#)).unwrap();
        assert_eq!(read, answer);
        let signed = pair.as_bob(&GET_SIGNED_CONTRACTS, "{}").unwrap();
        assert_eq!(
            signed,
            format!(r#"{{"Signatures":[{{"contractId":"{id}","legalId":"{bob}"}}]}}"#)
        );
        let later = pair.as_bob(&GET_SIGNED_CONTRACTS, r#"{"offset":1}"#).unwrap();
        assert_eq!(later, r#"{"Signatures":[]}"#);
    }

    #[test]
    fn a_signature_that_the_contract_does_not_allow_is_refused() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        let id = open_loan(&mut pair);
        pair.sign_as_alice(&SIGN_CONTRACT, &signing(&id, &alice, "Lender")).unwrap();
        for (fields, refusal) in [
            (signing(&id, &bob, "Lender"), "403 The role has all its signatures"),
            (signing(&id, &bob, "Reader"), "403 The contract has no such role"),
            (signing(&id, &alice, "Borrower"), "403 The identity is another account's"),
            (signing(&id, "x", "Borrower"), "404 There is no such identity"),
            (signing("x", &bob, "Borrower"), "404 There is no such contract"),
            (signing("book-loan@legal.localhost", &bob, "Lender"), "403 The contract is only a"),
        ] {
            let found = pair.sign_as_bob(&SIGN_CONTRACT, &fields).unwrap_err();
            assert!(found.starts_with(refusal), "{found}");
        }
    }

    #[test]
    fn a_signature_is_accepted_once() {
        let mut pair = pair();
        let alice = pair.approved_as_alice();
        let id = open_loan(&mut pair);
        let fields = signing(&id, &alice, "Lender");
        let body = pair.signed_as_alice(&SIGN_CONTRACT, &fields);
        let other_role = body.replace("Lender", "Borrower");
        let refusal = pair.as_alice(&SIGN_CONTRACT, &other_role).unwrap_err();
        assert!(refusal.starts_with("403 The property \"requestSignature\""), "{refusal}");
        pair.as_alice(&SIGN_CONTRACT, &body).unwrap();
        let refusal = pair.as_alice(&SIGN_CONTRACT, &body).unwrap_err();
        assert!(refusal.starts_with("403 The property \"nonce\""), "{refusal}");
    }

    #[test]
    fn the_deepest_contract_can_be_signed() {
        let mut pair = pair();
        let alice = pair.approved_as_alice();
        let deep = ["<a>".repeat(61), "</a>".repeat(61), "</humanReadableText>".into()].concat();
        let xml = book_loan().to_xml().replace("</humanReadableText>", &deep);
        let template = contract_id(&propose(&mut pair, &xml).unwrap());
        let body =
            loan(r#""visibility":"Public","#).replace("book-loan@legal.localhost", &template);
        let id = contract_id(&pair.as_alice(&CREATE_CONTRACT, &body).unwrap());
        pair.as_alice(&CLEAR_MESSAGES, "{}").unwrap();
        pair.sign_as_alice(&SIGN_CONTRACT, &signing(&id, &alice, "Lender")).unwrap();
        let messages = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        assert_eq!(message_names(&messages), ["contractSigned", "contractUpdated"]);
    }

    #[test]
    fn an_identity_that_is_not_approved_can_not_sign() {
        let mut pair = pair();
        pair.approved_as_bob();
        let body = loan(r#""visibility":"Public","#);
        let id = contract_id(&pair.as_bob(&CREATE_CONTRACT, &body).unwrap());
        let alice = pair.applied_as_alice();
        let fields = signing(&id, &alice, "Lender");
        let refusal = pair.sign_as_alice(&SIGN_CONTRACT, &fields).unwrap_err();
        assert!(refusal.starts_with("403 The identity is not approved"), "{refusal}");
    }
}
