//! Legal identities.

use super::key_request::{verify, verify_once};
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::delivery::Component;
use crate::core::element::Element;
use crate::core::identity::{Attachment, Identity, IdentityState};
use crate::core::legal::{message_content, set_reader};
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::{object, size};
use base64ct::{Base64, Encoding};
use neuron_agent_api::resources::legal;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&legal::APPLY_ID, apply_id),
    Route::new(&legal::ADD_ID_ATTACHMENT, add_id_attachment),
    Route::new(&legal::READY_FOR_APPROVAL, ready_for_approval),
    Route::new(&legal::GET_IDENTITY, get_identity),
    Route::new(&legal::GET_IDENTITIES, get_identities),
    Route::new(&legal::AUTHORIZE_ACCESS_TO_ID, authorize_access_to_id),
    Route::new(&legal::SIGN_DATA, sign_data),
];

/// The properties that an application must have.
pub(super) const REQUIRED: &[&str] = &["FIRST", "LAST", "COUNTRY"];

/// The length of a country's code by ISO 3166-1.
const COUNTRY_LETTERS: usize = 2;

/// Takes an application for an identity.
fn apply_id(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let properties = properties(given)?;
    let signed: Vec<_> = properties.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let key = verify_once(broker, call, given, &signed)?;
    check_properties(&properties)?;
    let address = broker.caller_address(call)?;
    let properties = with_broker_properties(properties, referrer(call)?, address.as_str())?;
    let id = broker.new_legal_id();
    let user_name = &call.session()?.user_name;
    let key = (given.text("keyId")?, &key);
    let application = Identity::new(id, user_name, key, &properties, call.now);
    Ok(response(broker.keep_identity(application)?))
}

fn properties(given: &Arguments) -> Result<Vec<(&str, &str)>, Refusal> {
    let pairs = given.objects("Properties").iter();
    pairs.map(|pair| Ok((pair.text("name")?, pair.text("value")?))).collect()
}

fn referrer<'a>(call: &Call<'a>) -> Result<&'a str, Refusal> {
    call.referrer.ok_or_else(|| {
        Refusal::bad_request("The header Referer is missing: the address of the page or program.")
    })
}

fn check_properties(properties: &[(&str, &str)]) -> Result<(), Refusal> {
    let has = |wanted: &str| properties.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
    if let Some(missing) = REQUIRED.iter().find(|name| !has(name)) {
        return Err(Refusal::bad_request(format!("The property \"Properties\" lacks {missing}.")));
    }
    for (index, (name, value)) in properties.iter().enumerate() {
        let earlier = properties.iter().take(index);
        if earlier.into_iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return Err(Refusal::bad_request("The property \"Properties\" has a name twice."));
        }
        let is_code =
            value.len() == COUNTRY_LETTERS && value.bytes().all(|byte| byte.is_ascii_uppercase());
        if name.eq_ignore_ascii_case("COUNTRY") && !is_code {
            let rule = "The COUNTRY in \"Properties\" must be two letters of ISO 3166-1.";
            return Err(Refusal::bad_request(rule));
        }
    }
    Ok(())
}

/// Adds the properties of which the broker is sure. An applicant may name them too, but not
/// differently.
fn with_broker_properties<'a>(
    mut properties: Vec<(&'a str, &'a str)>,
    agent: &'a str,
    address: &'a str,
) -> Result<Vec<(&'a str, &'a str)>, Refusal> {
    for (name, value) in [("AGENT", agent), ("JID", address)] {
        match properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            None => properties.push((name, value)),
            Some((_, named)) if *named == value => {}
            Some(_) => {
                return Err(Refusal::bad_request(format!(
                    "The {name} in \"Properties\" is not what the broker knows. Leave it out."
                )));
            }
        }
    }
    Ok(properties)
}

/// Adds a file to an application.
fn add_id_attachment(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let names = ["attachmentBase64", "attachmentFileName", "attachmentContentType", "legalId"];
    let [base64, file_name, content_type, legal_id] = names.map(|name| given.text(name));
    let (base64, file_name, content_type) = (base64?, file_name?, content_type?);
    verify_once(broker, call, given, &[base64, file_name, content_type, legal_id?])?;
    let mut application = application(broker, call, given)?;
    application.attachments.push(Attachment {
        id: broker.new_legal_id(),
        file_name: file_name.into(),
        content_type: content_type.into(),
        signature: application.sign(&decode(base64, "attachmentBase64")?),
        added: call.now,
    });
    application.updated = Some(call.now);
    Ok(response(broker.keep_identity(application)?))
}

/// Approves an application at once, and tells its owner.
fn ready_for_approval(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    verify_once(broker, call, given, &[given.text("legalId")?])?;
    let mut application = application(broker, call, given)?;
    application.state = IdentityState::Approved;
    application.updated = Some(call.now);
    let identity = broker.keep_identity(application)?;
    let (answer, id) = (response(identity), identity.id.clone());
    let message = message_content(&element(identity)?)?;
    let user = broker.caller_mut(call)?;
    user.account.legal_id = Some(id);
    broker.notify(Component::Legal, &call.session()?.user_name, message, call.now)?;
    Ok(answer)
}

/// The application that a request is about. It must have the key of the request.
fn application(broker: &Broker, call: &Call<'_>, given: &Arguments) -> Result<Identity, Refusal> {
    let identity = broker.own_identity(given.text("legalId")?, &call.session()?.user_name)?;
    check_key(identity, given)?;
    if identity.state != IdentityState::Created {
        return Err(Refusal::new(403, "The identity is not in the state Created."));
    }
    Ok(identity.clone())
}

/// Refuses a request that is signed with another key than that of the identity.
pub(super) fn check_key(identity: &Identity, given: &Arguments) -> Result<(), Refusal> {
    if identity.key_id != given.text("keyId")? {
        return Err(Refusal::new(403, "The property \"keyId\" is not the key of the identity."));
    }
    Ok(())
}

fn get_identity(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let identity = broker.identity(given.text("legalId")?)?;
    if !broker.may_read_identity(&call.session()?.user_name, identity) {
        return Err(Refusal::new(403, "The account may not read the identity. Petition for it."));
    }
    Ok(response(identity))
}

/// Lists the identities of the account, the oldest first.
fn get_identities(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let (offset, max_count) = page(given);
    let identities = broker.identities_of(&call.session()?.user_name);
    let xml: String = identities.skip(offset).take(max_count).map(Identity::xml).collect();
    Ok(object([("Identities", Value::String(xml))]))
}

/// How many entries of a list are skipped, and how many are wanted at most.
pub(super) fn page(given: &Arguments) -> (usize, usize) {
    let number = |name, default| given.optional_integer(name).map_or(default, size);
    (number("offset", 0), number("maxCount", usize::MAX))
}

fn authorize_access_to_id(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let user_name = &call.session()?.user_name;
    let mut identity = broker.own_identity(given.text("legalId")?, user_name)?.clone();
    let reader = broker.identity(given.text("remoteId")?)?.id.clone();
    set_reader(&mut identity.readers, &reader, given.boolean("authorized").unwrap_or_default())?;
    broker.keep_identity(identity)?;
    Ok(object([]))
}

/// Signs data with the key of an approved identity.
fn sign_data(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let (data, legal_id) = (given.text("dataBase64")?, given.text("legalId")?);
    verify(broker, call, given, &[data, legal_id])?;
    let identity = broker.approved_identity(legal_id, &call.session()?.user_name)?;
    check_key(identity, given)?;
    let signature = identity.sign(&decode(data, "dataBase64")?);
    Ok(object([("Signature", Value::String(signature))]))
}

/// The bytes of a property.
pub(super) fn decode(base64: &str, name: &str) -> Result<Vec<u8>, Refusal> {
    let fault = |_| Refusal::bad_request(format!("The property {name:?} is not Base64."));
    Base64::decode_vec(base64).map_err(fault)
}

/// An identity as a tree.
pub(super) fn element(identity: &Identity) -> Result<Element, Refusal> {
    Element::parse(identity.xml())
        .map_err(|reason| Refusal::internal(format!("The identity {reason}")))
}

fn response(identity: &Identity) -> Value {
    object([("Identity", identity.xml().into())])
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{Pair, application, identity_id, pair};
    use base64ct::{Base64, Encoding};
    use ed25519_dalek::{Signature, Verifier, VerifyingKey};
    use neuron_agent_api::resources::crypto::{CREATE_KEY, GET_PUBLIC_KEY};
    use neuron_agent_api::resources::legal::{
        ADD_ID_ATTACHMENT, APPLY_ID, AUTHORIZE_ACCESS_TO_ID, GET_IDENTITIES, GET_IDENTITY,
        READY_FOR_APPROVAL, SIGN_DATA,
    };
    use neuron_agent_api::resources::xmpp::{POP_MESSAGES, SEND_PRESENCE_SUBSCRIPTION};
    use neuron_agent_api::wire::Value;

    fn about(id: &str) -> String {
        format!(r#"{{"keyId":"key","legalId":"{id}"}}"#)
    }

    fn read_as_bob(pair: &mut Pair, id: &str) -> Result<String, String> {
        pair.as_bob(&GET_IDENTITY, &format!(r#"{{"legalId":"{id}"}}"#))
    }

    #[test]
    fn an_application_has_the_properties_of_the_applicant_and_the_broker() {
        let mut pair = pair();
        pair.sign_as_alice(&CREATE_KEY, r#"{"id":"key"}"#).unwrap();
        let answer = pair.sign_as_alice(&APPLY_ID, &application("Alice")).unwrap();
        let property = |name, value| {
            format!(
                r#"{{"__name":"property","__ns":"urn:nf:iot:leg:id:1.0","name":"{name}","value":"{value}"}}"#
            )
        };
        let properties = [
            property("FIRST", "Alice"),
            property("LAST", "Byron"),
            property("COUNTRY", "GB"),
            property("AGENT", "https://app.example/"),
            property("JID", "alice@localhost"),
        ];
        assert!(answer.contains(&properties.join(",")), "{answer}");
        assert!(answer.contains(r#""state":"Created""#), "{answer}");
        assert!(answer.contains(r#""ed25519":{"__name":"ed25519","__ns":"urn:nf:iot:e2e:1.0""#));
    }

    fn refused(pair: &mut Pair, properties: &[(&str, &str)]) -> String {
        let properties = properties
            .iter()
            .map(|(name, value)| format!(r#"{{"name":"{name}","value":"{value}"}}"#))
            .collect::<Vec<_>>()
            .join(",");
        let fields = format!(r#"{{"keyId":"key","Properties":[{properties}]}}"#);
        pair.sign_as_alice(&APPLY_ID, &fields).unwrap_err()
    }

    #[test]
    fn an_incomplete_or_contradictory_application_is_refused() {
        let mut pair = pair();
        pair.sign_as_alice(&CREATE_KEY, r#"{"id":"key"}"#).unwrap();
        let complete = [("FIRST", "A"), ("last", "B"), ("COUNTRY", "GB")];
        let with = |more| [&complete[..], &[more]].concat();
        for (properties, rule) in [
            (vec![], "lacks FIRST"),
            (complete[..2].to_vec(), "lacks COUNTRY"),
            (with(("First", "B")), "has a name twice"),
            ([&complete[..2], &[("COUNTRY", "Sweden")]].concat(), "ISO 3166-1"),
            (with(("JID", "bob@localhost")), "The JID in"),
            (with(("AGENT", "x")), "The AGENT in"),
        ] {
            let refusal = refused(&mut pair, &properties);
            assert!(refusal.starts_with("400") && refusal.contains(rule), "{refusal}");
        }
        let refusal = pair.sign_as_alice(&APPLY_ID, r#"{"keyId":"x","Properties":[]}"#);
        assert!(refusal.unwrap_err().starts_with("404 The account has no such key"));
    }

    #[test]
    fn an_application_needs_a_referrer() {
        let mut pair = pair();
        pair.sign_as_alice(&CREATE_KEY, r#"{"id":"key"}"#).unwrap();
        let body = pair.signed_as_alice(&APPLY_ID, &application("Alice"));
        let refusal = pair.as_alice_without_referrer(&APPLY_ID, &body).unwrap_err();
        assert!(refusal.starts_with("400 The header Referer is missing"), "{refusal}");
    }

    #[test]
    fn files_are_added_until_the_application_is_ready() {
        let mut pair = pair();
        let id = pair.applied_as_alice();
        let fields = format!(
            r#"{{"keyId":"key","legalId":"{id}","attachmentBase64":"aGk=",
               "attachmentFileName":"ProfilePhoto.png","attachmentContentType":"image/png"}}"#
        );
        let answer = pair.sign_as_alice(&ADD_ID_ATTACHMENT, &fields).unwrap();
        assert!(answer.contains(r#""fileName":"ProfilePhoto.png""#), "{answer}");
        assert!(answer.contains(r#""updated":"2023-11-14T22:13:20.000Z""#), "{answer}");
        let answer = pair.sign_as_alice(&READY_FOR_APPROVAL, &about(&id)).unwrap();
        assert!(answer.contains(r#""state":"Approved""#), "{answer}");
        for (resource, fields) in [(&ADD_ID_ATTACHMENT, fields), (&READY_FOR_APPROVAL, about(&id))]
        {
            let refusal = pair.sign_as_alice(resource, &fields).unwrap_err();
            assert!(refusal.starts_with("403 The identity is not in the state"), "{refusal}");
        }
    }

    #[test]
    fn an_application_is_changed_by_its_owner_and_with_its_key() {
        let mut pair = pair();
        let id = pair.applied_as_alice();
        pair.sign_as_alice(&CREATE_KEY, r#"{"id":"other"}"#).unwrap();
        pair.sign_as_bob(&CREATE_KEY, r#"{"id":"key"}"#).unwrap();
        let other = about(&id).replace("\"key\"", "\"other\"");
        let refusal = pair.sign_as_alice(&READY_FOR_APPROVAL, &other).unwrap_err();
        assert!(refusal.starts_with("403 The property \"keyId\""), "{refusal}");
        let refusal = pair.sign_as_bob(&READY_FOR_APPROVAL, &about(&id)).unwrap_err();
        assert!(refusal.starts_with("403 The identity is another account's"), "{refusal}");
        let refusal = pair.sign_as_alice(&READY_FOR_APPROVAL, &about("x@y")).unwrap_err();
        assert!(refusal.starts_with("404 There is no such identity"), "{refusal}");
    }

    #[test]
    fn the_owner_is_told_of_the_approval_and_shows_the_identity_to_contacts() {
        let mut pair = pair();
        let id = pair.applied_as_alice();
        pair.sign_as_alice(&READY_FOR_APPROVAL, &about(&id)).unwrap();
        let messages = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        assert!(messages.contains(r#""from":"legal.localhost""#), "{messages}");
        assert!(messages.contains(&format!(
            r#""Content":[{{"__name":"identity","__ns":"urn:nf:iot:leg:id:1.0","xmlns":"urn:nf:iot:leg:id:1.0","id":"{id}""#
        )), "{messages}");
        pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, r#"{"to":"bob@localhost"}"#).unwrap();
        assert!(pair.as_bob(&POP_MESSAGES, "{}").unwrap().contains(&id));
    }

    #[test]
    fn identities_are_listed_the_oldest_first() {
        let mut pair = pair();
        assert_eq!(pair.as_alice(&GET_IDENTITIES, "{}").unwrap(), r#"{"Identities":[]}"#);
        let first = pair.applied_as_alice();
        let answer = pair.sign_as_alice(&APPLY_ID, &application("Alice")).unwrap();
        let second = identity_id(&answer);
        let mut ids = |body| {
            let answer: Value =
                serde_json::from_str(&pair.as_alice(&GET_IDENTITIES, body).unwrap()).unwrap();
            let items = answer.items("Identities").iter();
            items.map(|identity| identity.text("id").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids("{}"), [first.clone(), second.clone()]);
        assert_eq!(ids(r#"{"offset":1}"#), [second]);
        assert_eq!(ids(r#"{"offset":0,"maxCount":1}"#), [first]);
        assert_eq!(ids(r#"{"offset":2}"#), [""; 0]);
    }

    #[test]
    fn the_number_of_identities_is_limited() {
        let mut pair = pair();
        pair.applied_as_alice();
        for _ in 1..100 {
            pair.sign_as_alice(&APPLY_ID, &application("Alice")).unwrap();
        }
        let refusal = pair.sign_as_alice(&APPLY_ID, &application("Alice")).unwrap_err();
        assert!(refusal.starts_with("400 The account's identities are too many"), "{refusal}");
    }

    #[test]
    fn others_read_an_identity_when_they_are_authorized() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        assert!(read_as_bob(&mut pair, &alice).unwrap_err().starts_with("403"));
        assert!(read_as_bob(&mut pair, "x@y").unwrap_err().starts_with("404"));
        assert!(read_as_bob(&mut pair, &bob).is_ok());
        let authorize =
            |allows| format!(r#"{{"legalId":"{alice}","remoteId":"{bob}","authorized":{allows}}}"#);
        for _ in 0..2 {
            assert_eq!(pair.as_alice(&AUTHORIZE_ACCESS_TO_ID, &authorize(true)).unwrap(), "{}");
            assert!(read_as_bob(&mut pair, &alice.to_uppercase()).is_ok());
        }
        pair.as_alice(&AUTHORIZE_ACCESS_TO_ID, &authorize(false)).unwrap();
        assert!(read_as_bob(&mut pair, &alice).unwrap_err().starts_with("403"));
        let refusal = pair.as_bob(&AUTHORIZE_ACCESS_TO_ID, &authorize(true)).unwrap_err();
        assert!(refusal.starts_with("403"), "{refusal}");
        let unknown = authorize(true).replace(&bob, "x@y");
        let refusal = pair.as_alice(&AUTHORIZE_ACCESS_TO_ID, &unknown).unwrap_err();
        assert!(refusal.starts_with("404"), "{refusal}");
    }

    #[test]
    fn data_is_signed_with_the_key_of_an_approved_identity() {
        let mut pair = pair();
        let id = pair.applied_as_alice();
        let fields = format!(r#"{{"keyId":"key","legalId":"{id}","dataBase64":"aGk="}}"#);
        let refusal = pair.sign_as_alice(&SIGN_DATA, &fields).unwrap_err();
        assert!(refusal.starts_with("403 The identity is not approved"), "{refusal}");
        pair.sign_as_alice(&READY_FOR_APPROVAL, &about(&id)).unwrap();
        let value = |answer: String, name: &str| {
            let answer: Value = serde_json::from_str(&answer).unwrap();
            Base64::decode_vec(answer.text(name)).unwrap()
        };
        let answer = pair.sign_as_alice(&SIGN_DATA, &fields).unwrap();
        let signature = value(answer, "Signature");
        let answer = pair.as_alice(&GET_PUBLIC_KEY, r#"{"keyId":"key"}"#).unwrap();
        let key = value(answer, "key");
        let key = VerifyingKey::from_bytes(&key.try_into().unwrap()).unwrap();
        key.verify(b"hi", &Signature::from_slice(&signature).unwrap()).unwrap();
    }
}
