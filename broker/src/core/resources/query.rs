//! Information queries.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::pending_queries::{TIMEOUT, query_result};
use crate::core::refusal::Refusal;
use crate::core::route::{QueryAnswer, Route};
use crate::core::stanza::{Stanza, StanzaName};
use crate::core::state::Broker;
use neuron_agent_api::resources::xmpp;

pub(super) const ROUTES: &[Route] = &[Route::query(&xmpp::INFORMATION_QUERY, information_query)];

/// Sends an information query, and returns its result (RFC 6120 §8.2.3). An error is a result too.
fn information_query(
    broker: &mut Broker,
    call: &Call<'_>,
    arguments: &Arguments,
) -> Result<QueryAnswer, Refusal> {
    let query = arguments.xml("xml")?;
    if query.elements().len() != 1 {
        return Err(Refusal::bad_request("The property \"xml\" must be one element."));
    }
    let caller = broker.caller_full_address(call)?;
    let to = arguments.address("to")?;
    let kind = arguments.text("type")?;
    if !broker.is_local(&to.to_bare()) && broker.can_reach(&to.to_bare()) {
        // A query that is sent after its caller has given it up would surprise everybody.
        if !broker.outbox.is_connected() {
            let id = broker.new_id();
            let answer = Stanza::iq(to.clone(), caller, id, Err(TIMEOUT));
            return Ok(QueryAnswer::Result(query_result(&answer)));
        }
        let stanza = Stanza::new(StanzaName::Iq, caller, to.clone(), kind);
        let stanza = Stanza { content: query.clone(), ..stanza };
        return broker.send_query(stanza).map(QueryAnswer::Pending);
    }
    let id = broker.new_id();
    let answer = broker.answer_query(&caller, to, kind, query, call.now);
    Ok(QueryAnswer::Result(query_result(&Stanza::iq(to.clone(), caller, id, answer))))
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{Pair, pair};
    use neuron_agent_api::resources::account::LOGOUT;
    use neuron_agent_api::resources::xmpp::{INFORMATION_QUERY, PRESENCE_PROBE};

    /// Alice's and Bob's sessions, and Bob's full address.
    fn friends() -> (Pair, String) {
        let mut pair = pair();
        pair.befriend();
        let answer = pair.as_alice(&PRESENCE_PROBE, r#"{"to":"bob@localhost"}"#).unwrap();
        let full = answer.split('"').nth(3).unwrap().to_owned();
        (pair, full)
    }

    fn ask(pair: &mut Pair, to: &str, kind: &str, xml: &str) -> Result<String, String> {
        let body = format!(r#"{{"to":"{to}","type":"{kind}","xml":"{xml}"}}"#);
        pair.as_alice(&INFORMATION_QUERY, &body)
    }

    #[test]
    fn common_queries_are_answered() {
        let (mut pair, bob) = friends();
        for (xml, answer) in [
            ("<ping xmlns='urn:xmpp:ping'/>", r#""type":"result"}}"#),
            (
                "<query xmlns='http://jabber.org/protocol/disco#info'/>",
                r#""feature":[{"__name":"feature""#,
            ),
            ("<query xmlns='jabber:iq:version'/>", r#""value":"Agent API of a local broker""#),
            ("<time xmlns='urn:xmpp:time'/>", r#""value":"2023-11-14T22:13:20Z""#),
        ] {
            for to in [bob.as_str(), "localhost"] {
                let found = ask(&mut pair, to, "get", xml).unwrap();
                assert!(found.starts_with(r#"{"ok":true,"Stanza":{"__name":"iq""#), "{found}");
                assert!(found.contains(answer), "{found}");
            }
        }
    }

    #[test]
    fn other_queries_are_not_available() {
        let (mut pair, bob) = friends();
        let ping = "<ping xmlns='urn:xmpp:ping'/>";
        for (to, kind, xml, code) in [
            (bob.as_str(), "set", ping, 503),
            (&bob, "get", "<ping xmlns='urn:other'/>", 503),
            ("bob@localhost", "get", ping, 503),
            ("bob@localhost/nowhere", "get", ping, 503),
            ("nobody@localhost/x", "get", ping, 503),
            ("x@example.org/x", "get", ping, 404),
        ] {
            let found = ask(&mut pair, to, kind, xml).unwrap();
            assert!(found.starts_with(&format!(r#"{{"ok":false,"errorCode":{code},"#)), "{found}");
            let element = r#""errorType":"cancel","ErrorElement":{"__name":"error","#;
            assert!(found.contains(element), "{found}");
        }
        pair.as_bob(&LOGOUT, "{}").unwrap();
        assert!(ask(&mut pair, &bob, "get", ping).unwrap().contains(r#""errorCode":503"#));
    }

    #[test]
    fn a_query_is_one_element_and_one_of_two_types() {
        let (mut pair, bob) = friends();
        for xml in ["", "text", "<a/><b/>"] {
            assert!(ask(&mut pair, &bob, "get", xml).unwrap_err().contains("must be one element"));
        }
        assert!(ask(&mut pair, &bob, "result", "<a/>").unwrap_err().starts_with("400"));
    }
}
