//! Petitions: an account asks the owner of an identity for something.
//!
//! The question goes to the owner as a message, and so does the answer to the asker. No resource of
//! the Agent API answers a petition; what an owner can do is to authorize the asker beforehand.

use super::identities::{decode, element};
use super::key_request::verify;
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::delivery::Component;
use crate::core::element::Element;
use crate::core::identity::{IDENTITY, Identity, IdentityState};
use crate::core::legal::message_content;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::object;
use base64ct::{Base64, Encoding};
use neuron_agent_api::resources::legal;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&legal::PETITION_ID, petition_id),
    Route::new(&legal::PETITION_PEER_REVIEW, petition_peer_review),
    Route::new(&legal::PETITION_SIGNATURE_OF, petition_signature),
];

/// Asks to read an identity. If the asker may read it already, the answer comes at once.
fn petition_id(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let petition = Petition::read(broker, call, given, &[])?;
    petition.check_state(IdentityState::Approved)?;
    let question = petition.question("petitionIdentityMsg", call, broker)?;
    let question = message_content(&question)?;
    let is_authorized = petition.wanted.readers.contains(&petition.own.id);
    broker.send_from(Component::Legal, &petition.wanted.owner, question, call.now)?;
    if is_authorized {
        let response = Element::new("petitionIdentityResponseMsg", IDENTITY)
            .with("pid", given.text("petitionId")?)
            .with("response", "true")
            .containing(element(&petition.wanted)?);
        broker.send_from(
            Component::Legal,
            &petition.own.owner,
            message_content(&response)?,
            call.now,
        )?;
    }
    Ok(object([]))
}

/// Asks to approve of an application: to sign the application as it is.
fn petition_peer_review(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let petition = Petition::read(broker, call, given, &[])?;
    petition.check_state(IdentityState::Created)?;
    let content = Base64::encode_string(petition.own.xml().as_bytes());
    petition.ask_for_signature(broker, call, content)
}

/// Asks to sign something.
fn petition_signature(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let content = given.text("contentBase64")?;
    let petition = Petition::read(broker, call, given, &[content])?;
    petition.check_state(IdentityState::Approved)?;
    decode(content, "contentBase64")?;
    petition.ask_for_signature(broker, call, content.into())
}

/// A question to the owner of an identity.
struct Petition<'a> {
    id: &'a str,
    purpose: &'a str,
    /// The identity of the asker.
    own: Identity,
    /// The identity whose owner is asked.
    wanted: Identity,
}

impl<'a> Petition<'a> {
    /// Verifies a petition. It has no nonce, so it may be repeated.
    fn read(
        broker: &mut Broker,
        call: &Call<'_>,
        given: &'a Arguments,
        parts: &[&str],
    ) -> Result<Self, Refusal> {
        let (id, purpose) = (given.text("petitionId")?, given.text("purpose")?);
        let (own, wanted) = (given.text("legalId")?, given.text("remoteId")?);
        verify(broker, call, given, &[&[id, purpose, own, wanted], parts].concat())?;
        let own = broker.own_identity(own, &call.session()?.user_name)?.clone();
        super::identities::check_key(&own, given)?;
        Ok(Self { id, purpose, own, wanted: broker.identity(wanted)?.clone() })
    }

    fn check_state(&self, state: IdentityState) -> Result<(), Refusal> {
        match state {
            _ if self.own.state == state => Ok(()),
            IdentityState::Created => {
                Err(Refusal::new(403, "The identity is not in the state Created."))
            }
            IdentityState::Approved => Err(Refusal::new(403, "The identity is not approved.")),
        }
    }

    /// The message to the owner, which shows who asks.
    fn question(&self, name: &str, call: &Call<'_>, broker: &Broker) -> Result<Element, Refusal> {
        Ok(Element::new(name, IDENTITY)
            .with("id", &self.wanted.id)
            .with("pid", self.id)
            .with("purpose", self.purpose)
            .with("from", broker.caller_full_address(call)?.as_str())
            .containing(element(&self.own)?))
    }

    fn ask_for_signature(&self, broker: &mut Broker, call: &Call<'_>, content: String) -> Answer {
        let question = self
            .question("petitionSignatureMsg", call, broker)?
            .containing(Element::new("content", IDENTITY).saying(content));
        let question = message_content(&question)?;
        broker.send_from(Component::Legal, &self.wanted.owner, question, call.now)?;
        Ok(object([]))
    }
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{Pair, pair};
    use base64ct::{Base64, Encoding};
    use neuron_agent_api::resources::legal::{
        AUTHORIZE_ACCESS_TO_ID, PETITION_ID, PETITION_PEER_REVIEW, PETITION_SIGNATURE_OF,
    };
    use neuron_agent_api::resources::xmpp::{POP_MESSAGES, SEND_TEXT_MESSAGE};
    use neuron_agent_api::wire::{Resource, Value};

    fn fields(own: &str, wanted: &str, more: &str) -> String {
        format!(
            r#"{{"keyId":"key","legalId":"{own}","remoteId":"{wanted}","petitionId":"p1",
               "purpose":"To sign."{more}}}"#
        )
    }

    /// The elements of the only message.
    fn content(answer: &str) -> Value {
        let answer: Value = serde_json::from_str(answer).unwrap();
        let [message] = answer.items("Messages") else { panic!("{answer:?}") };
        message.items("Content").first().unwrap().clone()
    }

    fn as_bob(pair: &mut Pair, resource: &Resource, fields: &str) -> Result<String, String> {
        pair.sign_as_bob(resource, fields)
    }

    #[test]
    fn the_owner_is_asked_for_an_identity() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        let answer = as_bob(&mut pair, &PETITION_ID, &fields(&bob, &alice, "")).unwrap();
        assert_eq!(answer, "{}");
        let question = content(&pair.as_alice(&POP_MESSAGES, "{}").unwrap());
        for (name, value) in [
            ("__name", "petitionIdentityMsg"),
            ("id", &alice),
            ("pid", "p1"),
            ("purpose", "To sign."),
        ] {
            assert_eq!(question.text(name), value);
        }
        assert!(question.text("from").starts_with("bob@localhost/"));
        assert_eq!(question.get("identity").unwrap().text("id"), bob);
        assert_eq!(pair.as_bob(&POP_MESSAGES, "{}").unwrap(), r#"{"Messages":[]}"#);
    }

    #[test]
    fn the_answer_comes_at_once_if_the_owner_has_authorized_the_asker() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        let body = format!(r#"{{"legalId":"{alice}","remoteId":"{bob}","authorized":true}}"#);
        pair.as_alice(&AUTHORIZE_ACCESS_TO_ID, &body).unwrap();
        as_bob(&mut pair, &PETITION_ID, &fields(&bob, &alice, "")).unwrap();
        let response = content(&pair.as_bob(&POP_MESSAGES, "{}").unwrap());
        assert_eq!(response.text("__name"), "petitionIdentityResponseMsg");
        assert_eq!([response.text("pid"), response.text("response")], ["p1", "true"]);
        assert_eq!(response.get("identity").unwrap().text("id"), alice);
        let question = content(&pair.as_alice(&POP_MESSAGES, "{}").unwrap());
        assert_eq!(question.text("__name"), "petitionIdentityMsg");
    }

    #[test]
    fn the_owner_is_asked_for_a_signature() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        let fields = fields(&bob, &alice, r#","contentBase64":"aGk=""#);
        assert_eq!(as_bob(&mut pair, &PETITION_SIGNATURE_OF, &fields).unwrap(), "{}");
        let question = content(&pair.as_alice(&POP_MESSAGES, "{}").unwrap());
        assert_eq!(question.text("__name"), "petitionSignatureMsg");
        assert_eq!(question.get("content").unwrap().text("value"), "aGk=");
    }

    #[test]
    fn a_review_asks_for_the_signature_of_the_application() {
        let mut pair = pair();
        let (alice, bob) = (pair.applied_as_alice(), pair.approved_as_bob());
        let fields = fields(&alice, &bob, "");
        assert_eq!(pair.sign_as_alice(&PETITION_PEER_REVIEW, &fields).unwrap(), "{}");
        let question = content(&pair.as_bob(&POP_MESSAGES, "{}").unwrap());
        let application = question.get("content").unwrap().text("value").to_owned();
        let application = String::from_utf8(Base64::decode_vec(&application).unwrap()).unwrap();
        assert!(application.starts_with(&format!("<identity id=\"{alice}\"")), "{application}");
    }

    #[test]
    fn the_state_of_the_own_identity_decides() {
        let mut pair = pair();
        let (alice, bob) = (pair.applied_as_alice(), pair.approved_as_bob());
        let refusal = pair.sign_as_alice(&PETITION_ID, &fields(&alice, &bob, "")).unwrap_err();
        assert!(refusal.starts_with("403 The identity is not approved"), "{refusal}");
        let asked = fields(&alice, &bob, r#","contentBase64":"aGk=""#);
        let refusal = pair.sign_as_alice(&PETITION_SIGNATURE_OF, &asked).unwrap_err();
        assert!(refusal.starts_with("403 The identity is not approved"), "{refusal}");
        let refusal = as_bob(&mut pair, &PETITION_PEER_REVIEW, &fields(&bob, &alice, ""));
        assert!(refusal.unwrap_err().starts_with("403 The identity is not in the state Created"));
    }

    #[test]
    fn unknown_and_foreign_identities_are_refused() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        for (own, wanted, status) in
            [(&*bob, "x", "404"), ("x", &*alice, "404"), (&alice, &bob, "403")]
        {
            let refusal = as_bob(&mut pair, &PETITION_ID, &fields(own, wanted, "")).unwrap_err();
            assert!(refusal.starts_with(status), "{refusal}");
        }
    }

    #[test]
    fn a_petition_is_signed() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        let body = pair.signed_as_bob(&PETITION_ID, &fields(&bob, &alice, ""));
        let other = body.replace("To sign.", "To read.");
        let refusal = pair.as_bob(&PETITION_ID, &other).unwrap_err();
        assert!(refusal.starts_with("403 The property \"requestSignature\""), "{refusal}");
        // Without a nonce, it may be sent again.
        for _ in 0..2 {
            pair.as_bob(&PETITION_ID, &body).unwrap();
        }
    }

    #[test]
    fn a_petition_to_a_full_inbox_fails() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        let body = r#"{"to":"alice@localhost","message":"x"}"#;
        for _ in 0..1_000 {
            pair.as_bob(&SEND_TEXT_MESSAGE, body).unwrap();
        }
        let refusal = as_bob(&mut pair, &PETITION_ID, &fields(&bob, &alice, "")).unwrap_err();
        assert!(refusal.starts_with("503 The inbox"), "{refusal}");
    }
}
