//! Registers event handlers.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::event_handlers::{EventHandler, Pattern};
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::tabs::MAX_TAB_NAME_BYTES;
use crate::core::values::object;
use neuron_agent_api::resources::xmpp;

pub(super) const ROUTES: &[Route] =
    &[Route::new(&xmpp::REGISTER_EVENT_HANDLER, register_event_handler)];

/// The maximum length of a function's name, in bytes.
const MAX_FUNCTION_BYTES: usize = 256;

/// The maximum length of a part of a pattern, in bytes: namespaces have at most as many characters.
const MAX_PATTERN_BYTES: usize = 1_024;

/// Has matching messages pushed to a tab instead of queued. An empty `function` ends that.
fn register_event_handler(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let text = |name| arguments.optional_text(name).map(Into::into);
    let pattern =
        Pattern { local_name: text("localName"), namespace: text("namespace"), kind: text("type") };
    for name in ["localName", "namespace", "type"] {
        if arguments.optional_text(name).is_some_and(|text| text.len() > MAX_PATTERN_BYTES) {
            return Err(Refusal::bad_request(format!(
                "The property {name:?} is longer than {MAX_PATTERN_BYTES} bytes."
            )));
        }
    }
    let (tab, function) = (arguments.text("tabId")?, arguments.text("function")?);
    check_tab(tab)?;
    if !function.is_empty() {
        check_function("function", function)?;
    }
    let session = call.session()?;
    let added = broker.update_event_handlers(&session.user_name, call.now, |handlers, tabs| {
        if function.is_empty() {
            handlers.remove(&pattern, tab);
            return Ok(());
        }
        let session = session.resource.clone();
        let handler = EventHandler { pattern, tab: tab.into(), function: function.into(), session };
        handlers.add(handler, |tab| tabs.is_alive(tab, call.now))
    });
    match added.ok_or_else(|| Refusal::internal("The account is gone."))? {
        Ok(()) => Ok(object([])),
        Err(_) => Err(Refusal::bad_request("There are too many event handlers. Unregister some.")),
    }
}

/// Checks the name of a tab.
pub(super) fn check_tab(tab: &str) -> Result<(), Refusal> {
    if tab.is_empty() || tab.len() > MAX_TAB_NAME_BYTES {
        return Err(Refusal::bad_request("The property \"tabId\" is not the name of a tab."));
    }
    Ok(())
}

/// Checks the name of a function, which a property has.
pub(super) fn check_function(property: &str, function: &str) -> Result<(), Refusal> {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if function.len() > MAX_FUNCTION_BYTES || !function.split('.').all(is_part) {
        return Err(Refusal::bad_request(format!(
            "The property {property:?} must be letters and digits, separated by dots: a page that \
             uses Events.js runs it.",
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::core::TAB_TIMEOUT;
    use crate::core::testing::{NOW, Pair, call, pair};
    use neuron_agent_api::resources::xmpp::{
        POP_MESSAGES, REGISTER_EVENT_HANDLER, SEND_PRESENCE_SUBSCRIPTION, SEND_XML_MESSAGE,
    };

    fn register(pair: &mut Pair, local_name: &str, function: &str) -> Result<String, String> {
        let body = format!(
            r#"{{"localName":"{local_name}","namespace":"u","function":"{function}","tabId":"t"}}"#
        );
        pair.as_bob(&REGISTER_EVENT_HANDLER, &body)
    }

    fn send(pair: &mut Pair, xml: &str) {
        let body = format!(r#"{{"to":"bob@localhost","xml":"{xml}","id":"1"}}"#);
        assert!(pair.as_alice(&SEND_XML_MESSAGE, &body).unwrap().contains("true"));
    }

    fn is_queued(pair: &mut Pair) -> bool {
        pair.as_bob(&POP_MESSAGES, "{}").unwrap().contains(r#""id":"1""#)
    }

    #[test]
    fn a_message_is_pushed_instead_of_queued() {
        let mut pair = pair();
        let connection = pair.broker.connect_tab("t", "192.0.2.1", NOW).unwrap();
        assert_eq!(register(&mut pair, "a", "My.f1").unwrap(), "{}");
        send(&mut pair, "<b/><a xmlns='u' c='d'/>");
        assert_eq!(pair.broker.event_count(), 1);
        let event = pair.broker.take_event("t", connection).unwrap().unwrap();
        assert_eq!(pair.broker.take_event("t", connection), Ok(None));
        assert_eq!(event.function, "My.f1");
        let data = serde_json::to_string(&event.data()).unwrap();
        assert_eq!(data, r#"{"__name":"a","__ns":"u","xmlns":"u","c":"d"}"#);
        assert!(!is_queued(&mut pair));
        send(&mut pair, "<b/>");
        assert!(is_queued(&mut pair));
        register(&mut pair, "a", "").unwrap();
        send(&mut pair, "<a xmlns='u'/>");
        assert!(is_queued(&mut pair));
    }

    #[test]
    fn a_message_that_a_tab_did_not_get_is_queued() {
        let mut pair = pair();
        register(&mut pair, "a", "f").unwrap();
        send(&mut pair, "<a xmlns='u'/>");
        assert!(is_queued(&mut pair), "the tab never was");
        let connection = pair.broker.connect_tab("t", "192.0.2.1", NOW).unwrap();
        send(&mut pair, "<a xmlns='u'/>");
        pair.broker.disconnect_tab("t", connection);
        assert!(!is_queued(&mut pair), "the tab may come back");
        let (later, token) = (NOW + TAB_TIMEOUT, pair.bob.clone());
        let popped = call(&mut pair.broker, &POP_MESSAGES, (Some(&token), later), "{}").unwrap();
        assert!(popped.contains(r#""id":"1""#));
        let connection = pair.broker.connect_tab("t", "192.0.2.1", NOW).unwrap();
        send(&mut pair, "<a xmlns='u'/>");
        pair.broker.remove_tab("t", connection);
        assert!(is_queued(&mut pair), "the tab unregistered");
    }

    #[test]
    fn a_subscription_request_is_pushed_as_a_whole_stanza() {
        let mut pair = pair();
        let connection = pair.broker.connect_tab("t", "192.0.2.1", NOW).unwrap();
        let body = r#"{"type":"subscribe","function":"f","tabId":"t"}"#;
        pair.as_bob(&REGISTER_EVENT_HANDLER, body).unwrap();
        let body = r#"{"to":"bob@localhost","customXml":"<a xmlns='u'/>","language":"sv"}"#;
        pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, body).unwrap();
        let event = pair.broker.take_event("t", connection).unwrap().unwrap();
        let data = serde_json::to_string(&event.data()).unwrap();
        assert!(data.starts_with(r#"{"__name":"presence","__ns":"jabber:client""#), "{data}");
        for part in [r#""from":"alice@localhost""#, r#""xml:lang":"sv""#, r#""a":{"__name":"a""#] {
            assert!(data.contains(part), "{data}");
        }
    }

    /// Even with the largest messages, a tab and an inbox together hold no more than an inbox
    /// alone.
    #[test]
    fn pending_events_and_queued_messages_share_a_budget() {
        let mut pair = pair();
        let connection = pair.broker.connect_tab("t", "192.0.2.1", NOW).unwrap();
        register(&mut pair, "a", "f").unwrap();
        let xml = |name: &str| format!("<{name} xmlns='u'>{}</{name}>", "x".repeat(1_000_000));
        let try_send = |pair: &mut Pair, xml: &str| {
            let body = format!(r#"{{"to":"bob@localhost","xml":"{xml}"}}"#);
            pair.as_alice(&SEND_XML_MESSAGE, &body).unwrap().contains(r#""sent":true"#)
        };
        for _ in 0..10 {
            assert!(try_send(&mut pair, &xml("a")));
        }
        let queued = (0..10).filter(|_| try_send(&mut pair, &xml("b"))).count();
        assert_eq!(queued, 6);
        assert!(!try_send(&mut pair, &xml("a")));
        pair.broker.take_event("t", connection).unwrap().unwrap();
        assert!(try_send(&mut pair, &xml("a")));
        assert!(!try_send(&mut pair, &xml("a")));
        // What comes back to the inbox has kept its room.
        pair.broker.remove_tab("t", connection);
        let mut popped = 0;
        loop {
            let answer = pair.as_bob(&POP_MESSAGES, "{}").unwrap();
            match answer.matches(r#""type":"normal""#).count() {
                0 => break,
                count => popped += count,
            }
        }
        assert_eq!(popped, 16);
    }

    #[test]
    fn an_element_that_is_too_large_for_an_object_is_pushed_as_xml() {
        let mut pair = pair();
        let connection = pair.broker.connect_tab("t", "192.0.2.1", NOW).unwrap();
        register(&mut pair, "a", "f").unwrap();
        send(&mut pair, &format!("<a xmlns='u'>{}</a>", "<b/>".repeat(200_000)));
        let event = pair.broker.take_event("t", connection).unwrap().unwrap();
        assert!(event.data().as_str().unwrap().starts_with(r#"<a xmlns="u"><b/>"#));
    }

    #[test]
    fn a_long_pattern_is_refused() {
        let mut pair = pair();
        for name in ["localName", "namespace", "type"] {
            let body = |length| {
                let text = "x".repeat(length);
                format!(r#"{{"{name}":"{text}","function":"f","tabId":"t"}}"#)
            };
            assert!(pair.as_bob(&REGISTER_EVENT_HANDLER, &body(1_024)).is_ok());
            let refusal = pair.as_bob(&REGISTER_EVENT_HANDLER, &body(1_025)).unwrap_err();
            assert!(refusal.ends_with("is longer than 1024 bytes."), "{refusal}");
        }
    }

    #[test]
    fn a_function_name_that_could_run_code_is_refused() {
        let mut pair = pair();
        for wrong in ["a()", "a;b", "a b", ".a", "a.", "a..b", "å", "a-b"] {
            let refusal = register(&mut pair, "a", wrong).unwrap_err();
            assert!(refusal.starts_with("400 The property \"function\" must be letters"));
        }
        let long = format!(r#"{{"function":"f","tabId":"{}"}}"#, "x".repeat(257));
        for body in [r#"{"function":"f","tabId":""}"#, &long] {
            let refusal = pair.as_bob(&REGISTER_EVENT_HANDLER, body).unwrap_err();
            assert!(refusal.contains("not the name of a tab"));
        }
    }
}
