//! The group `Xmpp`.

use super::super::arguments::Arguments;
use super::super::broker::{Broker, Call};
use super::super::content::Content;
use super::super::refusal::Refusal;
use super::super::roster::SubscriptionRequest;
use super::super::subscription::Stanza;
use neuron_agent_api::wire::Value;

type Answer = Result<Value, Refusal>;

/// The namespace of the element that carries a sender's Legal ID. The Neuron®'s own form is not
/// published; this one is `<legalId xmlns="urn:neuron-agent-api:broker" id="…"/>`.
const LEGAL_ID_NAMESPACE: &str = "urn:neuron-agent-api:broker";

/// Asks a contact for permission to see its presence (RFC 6121 §3.1).
pub(super) fn send_presence_subscription(
    broker: &mut Broker,
    call: &Call<'_>,
    arguments: &Arguments,
) -> Answer {
    let user_name = &call.session()?.user_name;
    let from = broker.bare_jid(user_name)?;
    let to = arguments.address("to")?.to_bare();
    if to == from {
        return Err(Refusal::bad_request(
            "The property \"to\" is the account's own address. An account always sees its own \
             presence (RFC 6121 §4.2.2).",
        ));
    }
    let id = match arguments.optional_text("id") {
        Some(id) => id.to_owned(),
        None => broker.new_id(),
    };
    // There is no link to other domains: nothing is sent, and so nothing changes.
    if to.domain().as_str() != broker.domain() {
        return Ok(sent(false, id, None));
    }
    let mut content = arguments.optional_xml("customXml").cloned().unwrap_or_default();
    if let Some(legal_id) = broker.account(user_name).and_then(|account| account.legal_id.as_ref())
    {
        content.append(&Content::element("legalId", LEGAL_ID_NAMESPACE, "id", legal_id));
    }
    let request = SubscriptionRequest {
        id: id.clone(),
        from: from.clone(),
        language: arguments.optional_text("language").map(Into::into),
        content,
    };
    broker.send_presence(&from, &to, Stanza::Subscribe, Some(request));
    let item = broker.roster(&from).and_then(|roster| roster.item(&to));
    Ok(sent(true, id, item))
}

/// Reads the account's contacts, a page at a time, in the order of their addresses.
pub(super) fn get_roster(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let account = broker.bare_jid(&call.session()?.user_name)?;
    let offset = count(arguments.optional_integer("offset").unwrap_or(0));
    let most = arguments.optional_integer("maxCount").map_or(usize::MAX, count);
    let items = match broker.roster(&account) {
        Some(roster) => roster.items().skip(offset).take(most).collect(),
        None => Vec::new(),
    };
    Ok(Value::Object(vec![("RosterItems".into(), Value::Array(items))]))
}

fn sent(sent: bool, id: String, item: Option<Value>) -> Value {
    let mut properties = vec![("sent".into(), sent.into()), ("id".into(), Value::String(id))];
    properties.extend(item.map(|item| ("RosterItem".into(), item)));
    Value::Object(properties)
}

fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, broker, call, log_in};
    use super::*;
    use neuron_agent_api::wire::xmpp::{GET_ROSTER, SEND_PRESENCE_SUBSCRIPTION};

    /// Calls as alice.
    fn alice(broker: &mut Broker) -> impl FnMut(&str) -> Result<String, (u16, String)> {
        let token = log_in(broker, "alice", "wonderland");
        move |body| {
            call(broker, &SEND_PRESENCE_SUBSCRIPTION, (Some(&token), NOW), body)
                .map_err(|refusal| (refusal.status, refusal.text))
        }
    }

    const BOB_PENDING: &str = concat!(
        r#""RosterItem":{"bareJid":"bob@localhost","pendingSubscription":true,"#,
        r#""status":"None","name":"","Groups":[]}"#
    );

    #[test]
    fn the_documented_request_gets_the_documented_answer() {
        let broker = &mut broker();
        let body = concat!(
            r#"{"to":"bob@localhost/phone","#,
            r#""customXml":"<nick xmlns='http://jabber.org/protocol/nick'>Al</nick>","#,
            r#""language":"sv","id":"sub-1"}"#
        );
        assert_eq!(
            alice(broker)(body).unwrap(),
            format!(r#"{{"sent":true,"id":"sub-1",{BOB_PENDING}}}"#)
        );
        let requests: Vec<_> = broker.subscription_requests("bob@localhost").collect();
        assert_eq!(requests.len(), 1);
        let request = requests[0];
        assert_eq!(request.id, "sub-1");
        assert_eq!(request.from.as_str(), "alice@localhost");
        assert_eq!(request.language.as_deref(), Some("sv"));
        assert_eq!(
            request.content.as_str(),
            concat!(
                r#"<nick xmlns="http://jabber.org/protocol/nick">Al</nick>"#,
                r#"<legalId xmlns="urn:neuron-agent-api:broker" "#,
                r#"id="2c1f3a52-7d0e-8a41-b60c-9f5be2d4c781@legal.localhost"/>"#
            )
        );
    }

    #[test]
    fn only_the_address_is_needed_and_each_request_gets_an_id() {
        let broker = &mut broker();
        let mut subscribe = alice(broker);
        let first = subscribe(r#"{"to":"Bob@LOCALHOST"}"#).unwrap();
        let second = subscribe(r#"{"to":"bob@localhost.","customXml":null,"id":"","language":""}"#);
        assert!(first.contains(BOB_PENDING));
        assert!(second.as_ref().unwrap().contains(BOB_PENDING));
        assert_ne!(first, second.unwrap());
    }

    #[test]
    fn asking_again_is_not_delivered_again() {
        let broker = &mut broker();
        let mut subscribe = alice(broker);
        subscribe(r#"{"to":"bob@localhost","id":"1"}"#).unwrap();
        assert!(subscribe(r#"{"to":"bob@localhost","id":"2"}"#).unwrap().contains(BOB_PENDING));
        drop(subscribe);
        let ids: Vec<_> = broker.subscription_requests("bob@localhost").map(|r| &r.id).collect();
        assert_eq!(ids, ["1"]);
    }

    #[test]
    fn an_account_without_a_legal_id_sends_none() {
        let broker = &mut broker();
        let token = log_in(broker, "bob", "builder");
        let body = r#"{"to":"alice@localhost"}"#;
        call(broker, &SEND_PRESENCE_SUBSCRIPTION, (Some(&token), NOW), body).unwrap();
        let request = broker.subscription_requests("alice@localhost").next().unwrap();
        assert_eq!(request.content.as_str(), "");
    }

    #[test]
    fn an_address_without_an_account_looks_like_one_that_does_not_answer() {
        let broker = &mut broker();
        let mut subscribe = alice(broker);
        for to in ["nobody@localhost", "localhost"] {
            let answer = subscribe(&format!(r#"{{"to":"{to}","id":"1"}}"#)).unwrap();
            let expected = format!(r#"{{"sent":true,"id":"1",{BOB_PENDING}}}"#);
            assert_eq!(answer, expected.replace("bob@localhost", to));
        }
    }

    #[test]
    fn nothing_is_sent_to_another_domain() {
        let broker = &mut broker();
        let answer = alice(broker)(r#"{"to":"bob@example.org","id":"1"}"#).unwrap();
        assert_eq!(answer, r#"{"sent":false,"id":"1"}"#);
        let jid = broker.bare_jid("alice").unwrap();
        assert_eq!(broker.roster(&jid).unwrap().items().count(), 0);
    }

    #[test]
    fn an_account_does_not_ask_itself() {
        let (status, text) = alice(&mut broker())(r#"{"to":"alice@localhost/x"}"#).unwrap_err();
        assert_eq!((status, text.contains("own address")), (400, true));
    }

    #[test]
    fn each_broken_rule_names_its_property() {
        let broker = &mut broker();
        let mut subscribe = alice(broker);
        for (body, start) in [
            ("[]", "The body must be an object, not an array."),
            ("{}", r#"The property "to" is missing."#),
            (r#"{"to":null}"#, r#"The property "to" is missing."#),
            (r#"{"to":""}"#, r#"The property "to" is not an XMPP address"#),
            (r#"{"to":"a@b@c"}"#, r#"The property "to" is not an XMPP address"#),
            (r#"{"to":["bob@localhost"]}"#, r#"The property "to" must be a string, not an array."#),
            (
                r#"{"to":"bob@localhost","To":""}"#,
                r#"The property "To" is unknown. There are: to,"#,
            ),
            (r#"{"to":"bob@localhost","x":null}"#, r#"The property "x" is unknown."#),
            (
                r#"{"to":"bob@localhost","customXml":"<a>"}"#,
                r#"The property "customXml" is not well"#,
            ),
            (r#"{"to":"bob@localhost","language":"en_US"}"#, r#"The property "language" is not a"#),
            (r#"{"to":"bob@localhost","id":"a\nb"}"#, r#"The property "id" holds a control"#),
            (r#"{"to":"bob@localhost","id":"\u0000"}"#, r#"The property "id" holds a character"#),
        ] {
            let (status, text) = subscribe(body).unwrap_err();
            assert_eq!((status, text.starts_with(start)), (400, true), "{text}");
        }
    }

    #[test]
    fn a_roster_is_read_in_pages() {
        let broker = &mut broker();
        let token = log_in(broker, "alice", "wonderland");
        let mut call = |resource, body: &str| call(broker, resource, (Some(&token), NOW), body);
        assert_eq!(call(&GET_ROSTER, "{}").unwrap(), r#"{"RosterItems":[]}"#);
        for name in ["d", "b", "a", "c"] {
            let body = format!(r#"{{"to":"{name}@localhost"}}"#);
            call(&SEND_PRESENCE_SUBSCRIPTION, &body).unwrap();
        }
        let mut page = |body: &str| {
            let roster = call(&GET_ROSTER, body).unwrap();
            let names = roster.split(r#""bareJid":""#).skip(1);
            names.filter_map(|rest| rest.chars().next()).collect::<String>()
        };
        for (body, names) in [
            ("{}", "abcd"),
            (r#"{"offset":null,"maxCount":null}"#, "abcd"),
            (r#"{"maxCount":2}"#, "ab"),
            (r#"{"offset":2}"#, "cd"),
            (r#"{"offset":1,"maxCount":2}"#, "bc"),
            (r#"{"offset":"3","maxCount":"2147483647"}"#, "d"),
            (r#"{"offset":4}"#, ""),
            (r#"{"offset":2147483647}"#, ""),
        ] {
            assert_eq!(page(body), names, "{body}");
        }
    }
}
