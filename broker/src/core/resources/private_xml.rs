//! The private XML of an account.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::private_xml::{ElementName, root};
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::{object, unix_seconds};
use neuron_agent_api::resources::storage;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&storage::SAVE_PRIVATE_XML, save_private_xml),
    Route::new(&storage::LOAD_PRIVATE_XML, load_private_xml),
];

/// Saves an element, instead of the one of the same name and namespace.
fn save_private_xml(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let not_one = || Refusal::bad_request("The property \"xml\" must be one element.");
    let (name, xml) = root(arguments.xml("xml")?).ok_or_else(not_one)?;
    let elements = &mut broker.caller_mut(call)?.private_xml;
    let stored = elements.save(name, xml, call.now).map_err(|_| full())?;
    Ok(object([
        ("created", unix_seconds(stored.created)),
        ("updated", unix_seconds(stored.updated)),
    ]))
}

/// Returns a saved element.
fn load_private_xml(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let name = ElementName {
        namespace: arguments.text("namespace")?.into(),
        local: arguments.text("localName")?.into(),
    };
    let unknown = || Refusal::new(404, "The account has saved no such element.");
    let stored = broker.caller(call)?.private_xml.get(&name).ok_or_else(unknown)?;
    Ok(object([
        ("created", unix_seconds(stored.created)),
        ("updated", unix_seconds(stored.updated)),
        ("Xml", stored.xml.as_str().into()),
    ]))
}

/// The account has no room for another element.
fn full() -> Refusal {
    Refusal::bad_request(
        "The private XML of the account is full. Replace elements by smaller ones.",
    )
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{NOW, call, log_in_at, pair};
    use neuron_agent_api::resources::storage::{LOAD_PRIVATE_XML, SAVE_PRIVATE_XML};

    const LOAD: &str = r#"{"localName":"prefs","namespace":"urn:x"}"#;

    #[test]
    fn an_element_is_saved_replaced_and_loaded() {
        let mut pair = pair();
        let save = r#"{"xml":" <p:prefs xmlns:p='urn:x' theme='dark'/>\n"}"#;
        let saved = pair.as_alice(&SAVE_PRIVATE_XML, save).unwrap();
        assert_eq!(saved, format!(r#"{{"created":{NOW},"updated":{NOW}}}"#));
        let later = log_in_at(&mut pair.broker, "alice", "wonderland", NOW + 60);
        let mut call = |resource, body: &str| {
            call(&mut pair.broker, resource, (Some(&later), NOW + 60), body).unwrap()
        };
        let element = r#"{"__name":"prefs","__ns":"urn:x","xmlns":"urn:x","theme":"dark"}"#;
        assert_eq!(
            call(&LOAD_PRIVATE_XML, LOAD),
            format!(r#"{{"created":{NOW},"updated":{NOW},"Xml":{element}}}"#)
        );
        let replaced = call(&SAVE_PRIVATE_XML, r#"{"xml":"<prefs xmlns='urn:x'/>"}"#);
        assert_eq!(replaced, format!(r#"{{"created":{NOW},"updated":{}}}"#, NOW + 60));
        assert!(!call(&LOAD_PRIVATE_XML, LOAD).contains("dark"));
    }

    #[test]
    fn an_element_has_a_name_and_a_namespace_and_belongs_to_one_account() {
        let mut pair = pair();
        pair.as_alice(&SAVE_PRIVATE_XML, r#"{"xml":"<prefs/>"}"#).unwrap();
        assert!(
            pair.as_alice(&LOAD_PRIVATE_XML, r#"{"localName":"prefs","namespace":""}"#).is_ok()
        );
        let unknown = Err("404 The account has saved no such element.".to_string());
        assert_eq!(pair.as_alice(&LOAD_PRIVATE_XML, LOAD), unknown);
        pair.as_alice(&SAVE_PRIVATE_XML, r#"{"xml":"<prefs xmlns='urn:x'/>"}"#).unwrap();
        assert_eq!(pair.as_bob(&LOAD_PRIVATE_XML, LOAD), unknown);
        assert_eq!(
            pair.as_alice(&LOAD_PRIVATE_XML, r#"{"localName":"other","namespace":"urn:x"}"#),
            unknown
        );
    }

    #[test]
    fn what_is_not_one_element_is_refused() {
        let mut pair = pair();
        for xml in ["text", "<a/><b/>", "<a/>text", " "] {
            let body = format!(r#"{{"xml":"{xml}"}}"#);
            let refusal = pair.as_alice(&SAVE_PRIVATE_XML, &body).unwrap_err();
            assert_eq!(refusal, "400 The property \"xml\" must be one element.");
        }
        let refusal = pair.as_alice(&SAVE_PRIVATE_XML, r#"{"xml":"<a>"}"#).unwrap_err();
        assert!(refusal.starts_with("400 The property \"xml\" is not well-formed"), "{refusal}");
    }

    #[test]
    fn the_size_of_an_account_is_limited() {
        let mut pair = pair();
        let text = "x".repeat(1_000_000);
        let save = |number| format!(r#"{{"xml":"<a{number}>{text}</a{number}>"}}"#);
        for number in 0..16 {
            assert!(pair.as_alice(&SAVE_PRIVATE_XML, &save(number)).is_ok());
        }
        let refusal = pair.as_alice(&SAVE_PRIVATE_XML, &save(16)).unwrap_err();
        assert!(refusal.starts_with("400 The private XML of the account is full."), "{refusal}");
        assert!(pair.as_alice(&SAVE_PRIVATE_XML, &save(0)).is_ok());
        assert!(pair.as_bob(&SAVE_PRIVATE_XML, &save(0)).is_ok());
    }
}
