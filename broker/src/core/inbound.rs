//! Handles the stanzas of other domains.
//!
//! The broker is the server of its accounts, so it has a server's duties (RFC 6121): only a
//! contact changes a subscription, and only as the account's roster allows; probes and queries are
//! answered in the account's name; who asks for what does not exist learns nothing.

use super::content::Content;
use super::message::{Message, StanzaType};
use super::presence::{LEGAL_ID_NAMESPACE, claims_legal_id};
use super::roster::Presence;
use super::stanza::{CANCEL, Condition, Stanza, StanzaName, WAIT};
use super::state::Broker;
use super::subscription::{Stage, SubscriptionStanza};

/// The maximum size of the content of a presence stanza that is kept, in bytes. Longer content is
/// left out.
const MAX_PRESENCE_CONTENT: usize = 4 * 1024;

const FULL: Condition = Condition {
    code: 500,
    name: "resource-constraint",
    kind: WAIT,
    text: "The account has no room for this.",
};

const NO_CONFERENCE: Condition = Condition {
    code: 503,
    name: "service-unavailable",
    kind: CANCEL,
    text: "An account is not a chat room.",
};

const UNREADABLE: Condition = Condition {
    code: 406,
    name: "not-acceptable",
    kind: CANCEL,
    text: "The content is longer than 1 MiB, nested too deeply, or of a form that is not taken here.",
};

impl Broker {
    /// Handles a stanza from another domain, as [`Broker::receive`], whose content could not be read. The
    /// type of presence and of errors says enough; other stanzas are refused.
    pub fn receive_unreadable(&mut self, stanza: Stanza, now: i64) {
        match (stanza.name, stanza.kind.as_str()) {
            (StanzaName::Presence, _) | (StanzaName::Message, "error") => self.receive(stanza, now),
            (StanzaName::Iq, kind) if !matches!(kind, "get" | "set") => {
                let (kind, content) = ("error".into(), UNREADABLE.element());
                self.receive(Stanza { kind, content, ..stanza }, now);
            }
            _ if self.is_local(&stanza.from.to_bare()) || !self.is_local(&stanza.to.to_bare()) => {}
            _ => self.reply(&stanza.refused(UNREADABLE)),
        }
    }

    /// Handles a stanza from another domain. Its server vouches for the sender.
    pub fn receive(&mut self, mut stanza: Stanza, now: i64) {
        // Nobody else speaks for this domain, and nothing is forwarded.
        if self.is_local(&stanza.from.to_bare()) || !self.is_local(&stanza.to.to_bare()) {
            return;
        }
        // Only this broker vouches for a Legal ID.
        if claims_legal_id(&stanza.content) {
            stanza.content = stanza.content.without(LEGAL_ID_NAMESPACE);
        }
        match (stanza.name, stanza.kind.as_str()) {
            (StanzaName::Iq, "get" | "set") => self.receive_query(stanza, now),
            (StanzaName::Iq, _) => self.queries.receive(stanza),
            (StanzaName::Message, "groupchat") => self.reply(&stanza.refused(NO_CONFERENCE)),
            (StanzaName::Message, "chat") => self.receive_message(stanza, StanzaType::Chat, now),
            (StanzaName::Message, "error") => {
                self.receive_message(stanza, StanzaType::MessageError, now);
            }
            (StanzaName::Message, _) => self.receive_message(stanza, StanzaType::Normal, now),
            (StanzaName::Presence, kind) => match kind {
                "" => self.receive_available(stanza, now),
                "unavailable" => self.receive_unavailable(stanza, now),
                "probe" => self.receive_probe(&stanza, now),
                "error" => self.receive_presence_error(stanza, now),
                "subscribe" => {
                    self.receive_subscription(stanza, SubscriptionStanza::Subscribe, now)
                }
                "subscribed" => {
                    self.receive_subscription(stanza, SubscriptionStanza::Subscribed, now);
                }
                "unsubscribe" => {
                    self.receive_subscription(stanza, SubscriptionStanza::Unsubscribe, now);
                }
                "unsubscribed" => {
                    self.receive_subscription(stanza, SubscriptionStanza::Unsubscribed, now);
                }
                _ => {}
            },
        }
    }

    fn receive_query(&mut self, stanza: Stanza, now: i64) {
        let Stanza { from, to, id, kind, content, .. } = stanza;
        let result = self.answer_query(&from, &to, &kind, &content, now);
        self.reply(&Stanza::iq(to, from, id.unwrap_or_default(), result));
    }

    fn receive_message(&mut self, stanza: Stanza, kind: StanzaType, now: i64) {
        if self.deliver(message(&stanza, kind, now)).is_err() && kind != StanzaType::MessageError {
            self.reply(&stanza.refused(FULL));
        }
    }

    /// A subscription is between accounts, so the resources of addresses say nothing.
    fn receive_subscription(&mut self, stanza: Stanza, kind: SubscriptionStanza, now: i64) {
        let mut message = message(&stanza, kind.into(), now);
        message.from = message.from.to_bare().into();
        message.to = message.to.to_bare().into();
        let (account, contact) = (message.to.to_bare(), message.from.to_bare());
        let Some(user) = self.user(&account) else { return };
        if user.roster.can_receive(&contact, kind, &message) {
            self.receive_presence(kind, message);
        } else {
            self.reply(&stanza.refused(FULL));
        }
    }

    fn receive_available(&mut self, mut stanza: Stanza, now: i64) {
        let (account, contact) = (stanza.to.to_bare(), stanza.from.to_bare());
        if !self.sees(&account, &contact) || stanza.from.resource().is_none() {
            return;
        }
        cut(&mut stanza);
        let news = message(&stanza, StanzaType::Available, now);
        if let Some(user) = self.user_mut(&account) {
            user.roster.set_presence(&contact, Presence { stanza, received: now });
        }
        let _ = self.deliver(news);
    }

    fn receive_unavailable(&mut self, mut stanza: Stanza, now: i64) {
        let (account, contact) = (stanza.to.to_bare(), stanza.from.to_bare());
        if !self.sees(&account, &contact) {
            return;
        }
        if let Some(user) = self.user_mut(&account) {
            user.roster.end_presence(&stanza.from);
        }
        cut(&mut stanza);
        let _ = self.deliver(message(&stanza, StanzaType::Unavailable, now));
    }

    /// Who may not see an account is told that it is not subscribed, and so is who asks for one that
    /// does not exist (RFC 6121 §4.3.2).
    fn receive_probe(&mut self, stanza: &Stanza, now: i64) {
        let (account, contact) = (stanza.to.to_bare(), stanza.from.to_bare());
        let subscription = self.user(&account).map(|user| user.roster.subscription(&contact));
        match subscription.unwrap_or_default().from {
            Stage::Granted if self.can_reply() => self.show_sessions(&account, &contact, now),
            Stage::Granted => {}
            // "Unsubscribed" would decline the request, which waits for the account's own answer.
            Stage::Asked => {}
            Stage::None => {
                let (from, to) = (account.into(), contact.into());
                self.reply(&Stanza::new(StanzaName::Presence, from, to, "unsubscribed"));
            }
        }
    }

    /// A request that could not be delivered is taken back, and the account gets the error.
    fn receive_presence_error(&mut self, stanza: Stanza, now: i64) {
        let (account, contact) = (stanza.to.to_bare(), stanza.from.to_bare());
        let id = stanza.id.clone().unwrap_or_default();
        let Some(user) = self.user_mut(&account) else { return };
        if user.roster.take_back_request(&contact, &id) {
            let _ = self.deliver(message(&stanza, StanzaType::PresenceError, now));
        } else {
            user.roster.end_presence(&stanza.from);
        }
    }
}

/// Leaves out content that is too long to be kept.
fn cut(presence: &mut Stanza) {
    if presence.content.as_str().len() > MAX_PRESENCE_CONTENT {
        presence.content = Content::default();
    }
}

fn message(stanza: &Stanza, kind: StanzaType, now: i64) -> Message {
    Message {
        id: stanza.id.clone(),
        from: stanza.from.clone(),
        to: stanza.to.clone(),
        language: stanza.language.clone(),
        kind,
        received: now,
        content: stanza.content.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, Pair, call, linked_pair, log_in};
    use super::super::{StreamEvent, StreamReader, query_result};
    use super::*;
    use jid::{BareJid, Jid};
    use neuron_agent_api::resources::{account, xmpp};
    use neuron_agent_api::wire::Value;
    use std::collections::{BTreeMap, BTreeSet};

    const HEADER: &str = concat!(
        "<stream:stream xmlns='jabber:component:accept' ",
        "xmlns:stream='http://etherx.jabber.org/streams'>",
    );

    /// The stanzas of a stream.
    fn stanzas(xml: &str) -> Vec<Stanza> {
        let events = StreamReader::default().read([HEADER, xml].concat().as_bytes()).unwrap();
        let stanza = |event| match event {
            StreamEvent::Stanza(stanza) => Some(stanza),
            _ => None,
        };
        events.into_iter().filter_map(stanza).collect()
    }

    /// Another domain sends stanzas whose content can't be read.
    fn receive_unreadable(pair: &mut Pair, xml: &str) {
        for stanza in stanzas(xml) {
            pair.broker.receive_unreadable(stanza, NOW);
        }
    }

    /// Another domain sends stanzas.
    fn receive(pair: &mut Pair, xml: &str) {
        for stanza in stanzas(xml) {
            pair.broker.receive(stanza, NOW);
        }
    }

    /// Takes what the broker has sent to other domains, without the sessions' resources.
    fn sent(pair: &mut Pair) -> Vec<String> {
        let xml = pair.broker.next_outgoing(NOW);
        pair.broker.acknowledge_outgoing();
        let describe = |stanza: &Stanza| {
            let name = stanza.name.as_str();
            let has_resource = if stanza.from.resource().is_some() { "/…" } else { "" };
            let from = stanza.from.to_bare();
            format!("{name} {} {from}{has_resource} → {}", stanza.kind, stanza.to)
        };
        stanzas(&xml).iter().map(describe).collect()
    }

    /// [`sent`], until there is no more.
    fn all_sent(pair: &mut Pair) -> Vec<String> {
        let batches = std::iter::from_fn(|| Some(sent(pair)).filter(|batch| !batch.is_empty()));
        batches.flatten().collect()
    }

    fn answer(text: Result<String, String>) -> Value {
        serde_json::from_str(&text.unwrap()).unwrap()
    }

    /// How Alice's roster has a contact: status, and whether a request is pending.
    fn item(pair: &mut Pair, contact: &str) -> (String, bool) {
        let body = format!(r#"{{"bareJid":"{contact}"}}"#);
        let item = answer(pair.as_alice(&xmpp::GET_ROSTER_ITEM, &body));
        (item.text("status").into(), item.get("pendingSubscription") == Some(&true.into()))
    }

    /// Alice's messages, as type, sender and content.
    fn popped(pair: &mut Pair) -> Vec<[String; 3]> {
        let popped = answer(pair.as_alice(&xmpp::POP_MESSAGES, r#"{"maxCount":10}"#));
        let Some(Value::Array(messages)) = popped.get("Messages") else { panic!("{popped:?}") };
        let describe = |message: &Value| {
            let content = serde_json::to_string(message.get("Content").unwrap()).unwrap();
            [message.text("type").into(), message.text("from").into(), content]
        };
        messages.iter().map(describe).collect()
    }

    const CAROL: &str = "carol@other.example";
    const TO_CAROL: &str = r#"{"to":"carol@other.example/phone","id":"q1"}"#;

    /// Alice asks for Carol's presence, and gets it.
    fn subscribed() -> Pair {
        let mut pair = linked_pair();
        pair.as_alice(&xmpp::SEND_PRESENCE_SUBSCRIPTION, TO_CAROL).unwrap();
        receive(
            &mut pair,
            "<presence type='subscribed' from='carol@other.example' to='alice@localhost'/>",
        );
        popped(&mut pair);
        sent(&mut pair);
        pair
    }

    /// Carol asks for Alice's presence, and gets it.
    fn observed() -> Pair {
        let mut pair = linked_pair();
        receive(
            &mut pair,
            "<presence type='subscribe' from='carol@other.example' to='alice@localhost'/>",
        );
        pair.as_alice(&xmpp::SEND_SUBSCRIPTION_ACCEPTED, r#"{"to":"carol@other.example"}"#)
            .unwrap();
        popped(&mut pair);
        pair
    }

    #[test]
    fn a_request_leaves_with_all_that_it_has_and_its_answer_changes_the_roster() {
        let mut pair = linked_pair();
        let request = r#"{"to":"carol@other.example/phone","id":"q1","language":"sv",
            "customXml":"<hej xmlns='urn:x'>Får jag?</hej>"}"#;
        let response = answer(pair.as_alice(&xmpp::SEND_PRESENCE_SUBSCRIPTION, request));
        assert_eq!(response.get("sent"), Some(&true.into()));
        let xml = pair.broker.next_outgoing(NOW);
        assert_eq!(
            xml,
            concat!(
                r#"<presence from="alice@localhost" to="carol@other.example" id="q1" "#,
                r#"type="subscribe" xml:lang="sv"><hej xmlns="urn:x">Får jag?</hej>"#,
                r#"<legalId xmlns="urn:neuron-agent-api:broker" "#,
                r#"id="2c1f3a52-7d0e-8a41-b60c-9f5be2d4c781@legal.localhost"/></presence>"#,
            )
        );
        assert_eq!(item(&mut pair, CAROL), ("None".into(), true));
        // The contact's server shows a full address, and an id of its own.
        receive(
            &mut pair,
            "<presence type='subscribed' id='z' from='carol@other.example/phone' to='alice@localhost'/>",
        );
        assert_eq!(item(&mut pair, CAROL), ("To".into(), false));
        let [message] = &popped(&mut pair)[..] else { panic!() };
        assert_eq!(message[..2], ["subscribed", CAROL]);
    }

    /// It may have been lost on the way.
    #[test]
    fn a_request_that_is_not_answered_leaves_again_with_the_next_first_session() {
        let mut pair = linked_pair();
        pair.as_alice(&xmpp::SEND_PRESENCE_SUBSCRIPTION, TO_CAROL).unwrap();
        pair.as_alice(&xmpp::SEND_PRESENCE_SUBSCRIPTION, r#"{"to":"bob@localhost"}"#).unwrap();
        sent(&mut pair);
        let second = log_in(&mut pair.broker, "alice", "wonderland");
        assert_eq!(sent(&mut pair), [""; 0], "there is a session already");
        for token in [pair.alice.clone(), second] {
            call(&mut pair.broker, &account::LOGOUT, (Some(&token), NOW), "{}").unwrap();
        }
        pair.alice = log_in(&mut pair.broker, "alice", "wonderland");
        assert_eq!(
            pair.broker.next_outgoing(NOW),
            concat!(
                r#"<presence from="alice@localhost" to="carol@other.example" id="q1" "#,
                r#"type="subscribe"><legalId xmlns="urn:neuron-agent-api:broker" "#,
                r#"id="2c1f3a52-7d0e-8a41-b60c-9f5be2d4c781@legal.localhost"/></presence>"#,
            )
        );
        pair.broker.acknowledge_outgoing();
        receive(
            &mut pair,
            "<presence type='unsubscribed' from='carol@other.example' to='alice@localhost'/>",
        );
        pair.as_alice(&account::LOGOUT, "{}").unwrap();
        log_in(&mut pair.broker, "alice", "wonderland");
        assert_eq!(sent(&mut pair), [""; 0], "it is answered");
    }

    #[test]
    fn only_what_was_asked_for_changes_the_roster() {
        let mut pair = linked_pair();
        receive(
            &mut pair,
            "<presence type='subscribed' from='carol@other.example' to='alice@localhost'/>",
        );
        assert!(
            pair.as_alice(&xmpp::GET_ROSTER_ITEM, r#"{"bareJid":"carol@other.example"}"#).is_err()
        );
        // Nobody else speaks for the own domain, and nothing is passed on to a third one.
        receive(
            &mut pair,
            concat!(
                "<presence type='subscribe' from='bob@localhost' to='alice@localhost'/>",
                "<message from='carol@other.example' to='dave@third.example'><body>x</body></message>",
            ),
        );
        assert_eq!(popped(&mut pair), [[""; 3]; 0]);
        assert_eq!(sent(&mut pair), [""; 0]);
    }

    #[test]
    fn a_request_that_can_not_be_delivered_is_taken_back() {
        for (id, is_taken_back) in [("q1", true), ("other", false)] {
            let mut pair = linked_pair();
            pair.as_alice(&xmpp::SEND_PRESENCE_SUBSCRIPTION, TO_CAROL).unwrap();
            receive(
                &mut pair,
                &format!(
                    "<presence type='error' id='{id}' from='carol@other.example' to='alice@localhost'>\
                 <error type='cancel'><remote-server-not-found \
                 xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
                ),
            );
            assert_eq!(item(&mut pair, CAROL), ("None".into(), !is_taken_back));
            let messages = popped(&mut pair);
            assert_eq!(messages.len(), usize::from(is_taken_back));
            if let [[kind, from, content]] = &messages[..] {
                assert_eq!([kind, from], ["error", CAROL]);
                assert!(content.contains("remote-server-not-found"));
            }
        }
    }

    #[test]
    fn a_stranger_asks_and_is_answered() {
        let mut pair = linked_pair();
        receive(
            &mut pair,
            concat!(
                "<presence type='subscribe' id='1' xml:lang='sv' from='carol@other.example/x' ",
                "to='alice@localhost/y'><hej xmlns='urn:x'/>",
                "<legalId xmlns='urn:neuron-agent-api:broker' id='forged'/></presence>",
            ),
        );
        let [[kind, from, content]] = &popped(&mut pair)[..] else { panic!() };
        assert_eq!([kind, from], ["subscribe", CAROL]);
        assert!(content.contains("hej") && !content.contains("forged"), "{content}");
        pair.as_alice(&xmpp::SEND_SUBSCRIPTION_ACCEPTED, r#"{"to":"carol@other.example"}"#)
            .unwrap();
        assert_eq!(
            sent(&mut pair),
            [
                "presence subscribed alice@localhost → carol@other.example",
                "presence  alice@localhost/… → carol@other.example",
            ]
        );
        // Who asks again is answered at once, and Alice is not asked.
        receive(
            &mut pair,
            "<presence type='subscribe' from='carol@other.example' to='alice@localhost'/>",
        );
        assert_eq!(popped(&mut pair), [[""; 3]; 0]);
        assert_eq!(sent(&mut pair)[0], "presence subscribed alice@localhost → carol@other.example");
    }

    #[test]
    fn who_may_see_an_account_is_told_of_its_sessions() {
        let mut pair = observed();
        sent(&mut pair);
        let again = log_in(&mut pair.broker, "alice", "wonderland");
        assert_eq!(sent(&mut pair), ["presence  alice@localhost/… → carol@other.example"]);
        pair.broker.announce_ended_sessions(NOW + 3_599);
        assert_eq!(sent(&mut pair), [""; 0]);
        pair.broker.announce_ended_sessions(NOW + 3_600);
        assert_eq!(
            sent(&mut pair),
            ["presence unavailable alice@localhost/… → carol@other.example"; 2]
        );
        drop(again);
        receive(
            &mut pair,
            "<presence type='probe' from='carol@other.example' to='alice@localhost'/>",
        );
        assert_eq!(sent(&mut pair).len(), 1);
    }

    #[test]
    fn a_log_out_and_a_revocation_are_told() {
        let mut pair = observed();
        sent(&mut pair);
        pair.as_alice(&xmpp::SEND_SUBSCRIPTION_DECLINED, r#"{"to":"carol@other.example"}"#)
            .unwrap();
        assert_eq!(
            sent(&mut pair),
            [
                "presence unavailable alice@localhost/… → carol@other.example",
                "presence unsubscribed alice@localhost → carol@other.example",
            ]
        );
        let mut pair = observed();
        sent(&mut pair);
        pair.as_alice(&account::LOGOUT, "{}").unwrap();
        assert_eq!(
            sent(&mut pair),
            ["presence unavailable alice@localhost/… → carol@other.example"]
        );
    }

    #[test]
    fn probes_are_answered_as_the_roster_allows() {
        let mut pair = observed();
        sent(&mut pair);
        receive(
            &mut pair,
            "<presence type='probe' from='carol@other.example/x' to='alice@localhost'/>",
        );
        assert_eq!(sent(&mut pair), ["presence  alice@localhost/… → carol@other.example"]);
        for account in ["bob", "nobody"] {
            receive(
                &mut pair,
                &format!(
                    "<presence type='probe' from='carol@other.example/x' to='{account}@localhost'/>"
                ),
            );
            assert_eq!(
                sent(&mut pair),
                [format!("presence unsubscribed {account}@localhost → carol@other.example")]
            );
        }
    }

    #[test]
    fn the_presence_of_a_contact_is_known_until_it_ends() {
        let mut pair = subscribed();
        let probe = |pair: &mut Pair| {
            let body = r#"{"to":"carol@other.example"}"#;
            answer(pair.as_alice(&xmpp::PRESENCE_PROBE, body))
        };
        let unknown = probe(&mut pair);
        assert_eq!((unknown.text("jid"), unknown.text("type")), (CAROL, "unavailable"));
        assert_eq!(sent(&mut pair), ["presence probe alice@localhost → carol@other.example"]);
        receive(
            &mut pair,
            concat!(
                "<presence from='carol@other.example/phone' to='alice@localhost'>",
                "<show>away</show></presence>",
            ),
        );
        let known = probe(&mut pair);
        assert_eq!((known.text("jid"), known.text("type")), ("carol@other.example/phone", ""));
        let stanza = serde_json::to_string(known.get("Stanza").unwrap()).unwrap();
        assert!(stanza.contains("away"), "{stanza}");
        assert_eq!(sent(&mut pair), [""; 0]);
        receive(
            &mut pair,
            "<presence type='unavailable' from='carol@other.example/phone' to='alice@localhost'/>",
        );
        assert_eq!(probe(&mut pair).text("type"), "unavailable");
    }

    #[test]
    fn presence_that_was_not_granted_is_ignored() {
        let mut pair = linked_pair();
        receive(&mut pair, "<presence from='carol@other.example/phone' to='alice@localhost'/>");
        let alice = pair.broker.user(&BareJid::new("alice@localhost").unwrap()).unwrap();
        assert!(alice.roster.latest_presence(&BareJid::new(CAROL).unwrap()).is_none());
    }

    #[test]
    fn the_end_of_a_subscription_hides_the_presence() {
        let mut pair = subscribed();
        receive(&mut pair, "<presence from='carol@other.example/phone' to='alice@localhost'/>");
        receive(
            &mut pair,
            "<presence type='unsubscribed' from='carol@other.example' to='alice@localhost'/>",
        );
        let alice = pair.broker.user(&BareJid::new("alice@localhost").unwrap()).unwrap();
        assert!(alice.roster.latest_presence(&BareJid::new(CAROL).unwrap()).is_none());
        assert_eq!(item(&mut pair, CAROL), ("None".into(), false));
    }

    #[test]
    fn messages_go_both_ways() {
        let mut pair = linked_pair();
        let body = r#"{"to":"carol@other.example","message":"Hej","language":"sv","subject":"S"}"#;
        let response = answer(pair.as_alice(&xmpp::SEND_TEXT_MESSAGE, body));
        assert_eq!(response.get("sent"), Some(&true.into()));
        let xml = pair.broker.next_outgoing(NOW);
        pair.broker.acknowledge_outgoing();
        assert!(
            xml.ends_with("xml:lang=\"sv\"><body>Hej</body><subject>S</subject></message>"),
            "{xml}"
        );
        receive(
            &mut pair,
            concat!(
                "<message type='chat' from='carol@other.example/phone' to='alice@localhost'><body>Hi</body></message>",
                "<message type='headline' from='carol@other.example/phone' to='alice@localhost'><x xmlns='u'/></message>",
                "<message type='error' from='carol@other.example' to='alice@localhost'><error type='cancel'/></message>",
                "<message type='groupchat' id='g' from='carol@other.example' to='alice@localhost'><body>Hi</body></message>",
                "<message type='chat' from='carol@other.example' to='nobody@localhost'><body>Hi</body></message>",
            ),
        );
        let kinds: Vec<_> = popped(&mut pair).into_iter().map(|[kind, ..]| kind).collect();
        assert_eq!(kinds, ["chat", "normal", "error"]);
        assert_eq!(sent(&mut pair), ["message error alice@localhost → carol@other.example"]);
    }

    #[test]
    fn a_full_inbox_is_an_error_for_the_sender() {
        let mut pair = linked_pair();
        let message = "<message id='m' from='carol@other.example' to='alice@localhost'><body>Hi</body></message>";
        receive(&mut pair, &message.repeat(1_001));
        assert_eq!(sent(&mut pair), ["message error alice@localhost → carol@other.example"]);
    }

    #[test]
    fn strangers_queries_are_answered_in_the_name_of_who_is_asked() {
        let mut pair = linked_pair();
        for (query, kind, namespace) in [
            ("<ping xmlns='urn:xmpp:ping'/>", "result", ""),
            ("<query xmlns='http://jabber.org/protocol/disco#info'/>", "result", "disco#info"),
            ("<query xmlns='jabber:iq:version'/>", "result", "jabber:iq:version"),
            ("<time xmlns='urn:xmpp:time'/>", "result", "urn:xmpp:time"),
            ("<query xmlns='jabber:iq:roster'/>", "error", "service-unavailable"),
        ] {
            receive(
                &mut pair,
                &format!(
                    "<iq type='get' id='i' from='carol@other.example/phone' to='localhost'>{query}</iq>"
                ),
            );
            let xml = pair.broker.next_outgoing(NOW);
            pair.broker.acknowledge_outgoing();
            let start = format!(
                r#"<iq from="localhost" to="carol@other.example/phone" id="i" type="{kind}">"#
            );
            assert!(xml.starts_with(&start) && xml.contains(namespace), "{xml}");
        }
    }

    #[test]
    fn a_query_gets_the_response_of_the_one_that_was_asked_and_of_nobody_else() {
        let mut pair = linked_pair();
        let query = r#"{"to":"carol@other.example/phone","type":"get",
            "xml":"<query xmlns='jabber:iq:version'/>"}"#;
        let id = pair.ask_as_alice(&xmpp::INFORMATION_QUERY, query);
        let xml = pair.broker.next_outgoing(NOW);
        pair.broker.acknowledge_outgoing();
        assert!(xml.contains(&format!("id=\"{id}\" type=\"get\"><query xmlns")), "{xml}");
        receive(
            &mut pair,
            &format!(
                "<iq type='result' id='{id}' from='mallory@other.example/phone' to='alice@localhost/x'/>"
            ),
        );
        assert_eq!(pair.broker.take_response(&id), None);
        receive(
            &mut pair,
            &format!(
                "<iq type='error' id='{id}' from='carol@other.example/phone' to='alice@localhost/x'>\
             <query xmlns='jabber:iq:version'/><error code='503' type='cancel'><service-unavailable \
             xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
            ),
        );
        let result = query_result(&pair.broker.take_response(&id).unwrap());
        assert_eq!(result.get("ok"), Some(&false.into()));
        assert_eq!(
            (result.text("errorText"), result.text("errorType")),
            ("service-unavailable", "cancel")
        );
        assert_eq!(pair.broker.take_response(&id), None);
        let late = pair.ask_as_alice(&xmpp::INFORMATION_QUERY, query);
        assert_eq!(pair.broker.take_response(&late), None);
        let timeout = query_result(&pair.broker.end_query(&late).unwrap());
        assert_eq!(timeout.text("errorType"), "wait");
        assert_eq!(pair.broker.end_query(&late), None);
    }

    #[test]
    fn what_the_link_does_not_take_changes_nothing() {
        let mut pair = linked_pair();
        let message = r#"{"to":"carol@other.example","message":"x"}"#;
        for _ in 0..1_000 {
            pair.as_alice(&xmpp::SEND_TEXT_MESSAGE, message).unwrap();
        }
        for (resource, body) in [
            (&xmpp::SEND_TEXT_MESSAGE, message),
            (&xmpp::SEND_PRESENCE_SUBSCRIPTION, r#"{"to":"dave@other.example"}"#),
        ] {
            // Alice's own address is full, that of her session is not told apart.
            let refusal = pair.as_alice(resource, body).unwrap_err();
            assert!(refusal.starts_with("503 Too many stanzas wait"), "{refusal}");
        }
        assert!(
            pair.as_alice(&xmpp::GET_ROSTER_ITEM, r#"{"bareJid":"dave@other.example"}"#).is_err()
        );
    }

    #[test]
    fn without_a_link_nothing_is_kept_for_later_that_is_of_no_use_then() {
        let mut pair = observed();
        sent(&mut pair);
        pair.broker.link_is_down(false, NOW);
        receive(
            &mut pair,
            "<presence type='probe' from='carol@other.example' to='alice@localhost'/>",
        );
        pair.as_alice(&xmpp::SEND_TEXT_MESSAGE, r#"{"to":"carol@other.example","message":"x"}"#)
            .unwrap();
        assert_eq!(pair.broker.waiting_stanzas(), 1);
        pair.broker.link_is_up(NOW);
        assert_eq!(
            sent(&mut pair),
            [
                "message chat alice@localhost/… → carol@other.example",
                "presence  alice@localhost/… → carol@other.example",
            ]
        );
    }

    #[test]
    fn a_message_that_is_too_long_for_other_domains_is_refused() {
        let mut pair = linked_pair();
        let body = format!(
            r#"{{"to":"carol@other.example","xml":"<a xmlns='u'>{}</a>"}}"#,
            "x".repeat(300 * 1024)
        );
        let refusal = pair.as_alice(&xmpp::SEND_XML_MESSAGE, &body).unwrap_err();
        assert!(refusal.starts_with("400 The stanza has more than 256 KiB"), "{refusal}");
    }

    #[test]
    fn a_contact_that_is_removed_is_told_of_both_ends() {
        let mut pair = subscribed();
        pair.as_alice(&xmpp::REMOVE_ROSTER_ITEM, r#"{"bareJid":"carol@other.example"}"#).unwrap();
        assert_eq!(sent(&mut pair), ["presence unsubscribe alice@localhost → carol@other.example"]);
    }

    #[test]
    fn a_contact_that_is_removed_is_told_first_that_sessions_have_ended() {
        let mut pair = observed();
        sent(&mut pair);
        pair.as_alice(&xmpp::REMOVE_ROSTER_ITEM, r#"{"bareJid":"carol@other.example"}"#).unwrap();
        assert_eq!(
            sent(&mut pair),
            [
                "presence unavailable alice@localhost/… → carol@other.example",
                "presence unsubscribed alice@localhost → carol@other.example",
            ]
        );
    }

    /// Otherwise the contact would see nothing of a session that goes on.
    #[test]
    fn a_session_is_announced_after_an_outage_in_which_much_was_sent() {
        let mut pair = observed();
        sent(&mut pair);
        pair.broker.link_is_down(false, NOW);
        let message = r#"{"to":"carol@other.example","message":"x"}"#;
        while pair.as_alice(&xmpp::SEND_TEXT_MESSAGE, message).is_ok() {}
        pair.broker.link_is_up(NOW);
        let all = all_sent(&mut pair);
        assert_eq!(all.len(), 1_001);
        assert_eq!(all[1_000], "presence  alice@localhost/… → carol@other.example");
    }

    /// More presence than the queue holds: 150 sessions of alice's, and 80 contacts who see them. The link
    /// is down.
    fn crowded() -> Pair {
        let mut pair = linked_pair();
        pair.broker.link_is_down(false, NOW);
        for number in 0..80 {
            receive(
                &mut pair,
                &format!(
                    "<presence type='subscribe' from='c{number}@other.example' to='alice@localhost'/>"
                ),
            );
            let to = format!(r#"{{"to":"c{number}@other.example"}}"#);
            pair.as_alice(&xmpp::SEND_SUBSCRIPTION_ACCEPTED, &to).unwrap();
        }
        for _ in 1..150 {
            log_in(&mut pair.broker, "alice", "wonderland");
        }
        all_sent(&mut pair);
        pair
    }

    #[test]
    fn all_is_announced_as_the_queue_drains_and_calls_have_room_meanwhile() {
        let mut pair = crowded();
        pair.broker.link_is_up(NOW);
        let mut shown = BTreeMap::new();
        while shown.len() < 80 * 150 {
            let batch = pair.broker.next_outgoing(NOW);
            assert_ne!(batch, "", "{} are shown", shown.len());
            assert!(pair.broker.waiting_stanzas() < 1_000, "{}", pair.broker.waiting_stanzas());
            let message = r#"{"to":"dave@other.example","message":"x"}"#;
            pair.as_bob(&xmpp::SEND_TEXT_MESSAGE, message).unwrap();
            pair.broker.acknowledge_outgoing();
            for Stanza { name, from, to, .. } in stanzas(&batch) {
                if name == StanzaName::Presence {
                    *shown.entry((from, to)).or_insert(0) += 1;
                }
            }
        }
        assert!(shown.values().all(|count| *count == 1));
    }

    #[test]
    fn a_broker_that_stops_says_so_to_all_as_the_queue_drains() {
        let mut pair = crowded();
        pair.broker.link_is_up(NOW);
        all_sent(&mut pair);
        // One whose messages fill its part of the queue is announced, too.
        let message = r#"{"to":"dave@other.example","message":"x"}"#;
        while pair.as_alice(&xmpp::SEND_TEXT_MESSAGE, message).is_ok() {}
        pair.broker.announce_stop(NOW);
        let mut told = BTreeSet::new();
        while pair.broker.has_outgoing() {
            for Stanza { kind, from, to, .. } in stanzas(&pair.broker.next_outgoing(NOW)) {
                assert!(kind == "chat" || (kind == "unavailable" && told.insert((from, to))));
            }
            pair.broker.acknowledge_outgoing();
        }
        assert_eq!(told.len(), 80 * 150);
    }

    #[test]
    fn presence_leaves_room_for_calls_and_is_made_up_for() {
        let mut pair = observed();
        sent(&mut pair);
        let filler = Stanza::new(
            StanzaName::Presence,
            Jid::new("alice@localhost").unwrap(),
            Jid::new(CAROL).unwrap(),
            "probe",
        );
        for _ in 0..5_000 {
            pair.broker.send_now(&filler);
        }
        log_in(&mut pair.broker, "alice", "wonderland");
        assert_eq!(pair.broker.waiting_stanzas(), 5_000);
        assert_eq!(
            all_sent(&mut pair)[5_000..],
            ["presence  alice@localhost/… → carol@other.example"; 2],
            "both sessions are announced"
        );
    }

    #[test]
    fn who_asks_again_and_again_does_not_fill_the_queue() {
        let mut pair = observed();
        let probe = "<presence type='probe' from='carol@other.example' to='alice@localhost'/>";
        for _ in 0..2_000 {
            receive(&mut pair, probe);
        }
        assert_eq!(pair.broker.waiting_stanzas(), 1_000);
    }

    #[test]
    fn what_can_not_be_read_is_refused_and_its_type_counts_without_its_content() {
        let mut pair = linked_pair();
        receive_unreadable(
            &mut pair,
            concat!(
                "<message type='chat' from='carol@other.example/x' to='alice@localhost'/>",
                "<iq type='set' id='1' from='carol@other.example/x' to='alice@localhost'/>",
                "<message type='error' from='carol@other.example/x' to='alice@localhost'/>",
                "<presence type='subscribe' from='carol@other.example' to='alice@localhost'/>",
                "<message from='bob@localhost' to='alice@localhost'/>",
                "<message from='carol@other.example/x' to='dave@third.example'/>",
            ),
        );
        assert_eq!(
            sent(&mut pair),
            [
                "message error alice@localhost → carol@other.example/x",
                "iq error alice@localhost → carol@other.example/x",
            ]
        );
        let kinds: Vec<_> = popped(&mut pair).into_iter().map(|[kind, ..]| kind).collect();
        assert_eq!(kinds, ["error", "subscribe"]);
    }

    #[test]
    fn a_response_that_can_not_be_read_is_an_error_at_once() {
        let mut pair = linked_pair();
        let (from, to) = ("alice@localhost/1", "carol@other.example/phone");
        let jid = |text: &str| Jid::new(text).unwrap();
        let query = Stanza::new(StanzaName::Iq, jid(from), jid(to), "get");
        let id = pair.broker.send_query(query).unwrap();
        receive_unreadable(
            &mut pair,
            &format!("<iq type='result' id='{id}' from='{to}' to='{from}'/>"),
        );
        let result = query_result(&pair.broker.take_response(&id).unwrap());
        assert_eq!(result.get("ok"), Some(&false.into()));
        assert_eq!(result.text("errorType"), "cancel");
    }

    #[test]
    fn a_resource_is_no_stranger() {
        let jid = |text: &str| Jid::new(text).unwrap();
        let mut pair = subscribed();
        let more = (0..20).map(|number| format!("carol@other.example/r{number}"));
        for from in more {
            let stanza = Stanza::new(StanzaName::Presence, jid(&from), jid("alice@localhost"), "");
            pair.broker.receive(stanza, NOW);
        }
        receive(
            &mut pair,
            "<presence type='unavailable' from='carol@other.example' to='alice@localhost'/>",
        );
        let alice = pair.broker.user(&BareJid::new("alice@localhost").unwrap()).unwrap();
        assert!(alice.roster.latest_presence(&BareJid::new(CAROL).unwrap()).is_none());
    }

    #[test]
    fn a_probe_declines_no_request() {
        let mut pair = linked_pair();
        let carol = r#"{"to":"carol@other.example"}"#;
        for expected in [&["presence subscribe alice@localhost → carol@other.example"][..], &[]] {
            pair.as_alice(&xmpp::PRESENCE_PROBE, carol).unwrap();
            assert_eq!(sent(&mut pair), expected, "a probe would be answered \"unsubscribed\"");
        }
        receive(
            &mut pair,
            concat!(
                "<presence type='subscribe' from='dave@other.example' to='alice@localhost'/>",
                "<presence type='probe' from='dave@other.example' to='alice@localhost'/>",
            ),
        );
        assert_eq!(sent(&mut pair), [""; 0]);
    }

    #[test]
    fn the_end_of_a_session_is_kept_for_the_link() {
        let mut pair = observed();
        sent(&mut pair);
        pair.broker.link_is_down(false, NOW);
        pair.as_alice(&account::LOGOUT, "{}").unwrap();
        pair.broker.link_is_up(NOW);
        assert_eq!(
            sent(&mut pair),
            ["presence unavailable alice@localhost/… → carol@other.example"]
        );
    }

    /// Nobody there was ever told of it.
    #[test]
    fn a_session_that_begins_while_the_link_is_down_has_no_end_that_is_kept() {
        let mut pair = observed();
        sent(&mut pair);
        pair.broker.link_is_down(false, NOW);
        for _ in 0..3 {
            let token = log_in(&mut pair.broker, "alice", "wonderland");
            call(&mut pair.broker, &account::LOGOUT, (Some(&token), NOW), "{}").unwrap();
        }
        assert_eq!(pair.broker.waiting_stanzas(), 0);
        let goes_on = log_in(&mut pair.broker, "alice", "wonderland");
        pair.as_alice(&account::LOGOUT, "{}").unwrap();
        pair.broker.link_is_up(NOW);
        call(&mut pair.broker, &account::LOGOUT, (Some(&goes_on), NOW), "{}").unwrap();
        assert_eq!(
            sent(&mut pair),
            [
                "presence unavailable alice@localhost/… → carol@other.example",
                "presence  alice@localhost/… → carol@other.example",
                "presence unavailable alice@localhost/… → carol@other.example",
            ]
        );
    }

    #[test]
    fn a_contact_is_shown_no_end_of_a_session_that_it_never_saw() {
        let mut pair = observed();
        sent(&mut pair);
        pair.broker.link_is_down(false, NOW);
        log_in(&mut pair.broker, "alice", "wonderland");
        pair.as_alice(&xmpp::SEND_SUBSCRIPTION_DECLINED, r#"{"to":"carol@other.example"}"#)
            .unwrap();
        pair.broker.link_is_up(NOW);
        assert_eq!(
            sent(&mut pair),
            [
                "presence unavailable alice@localhost/… → carol@other.example",
                "presence unsubscribed alice@localhost → carol@other.example",
            ]
        );
    }

    #[test]
    fn what_is_no_language_and_long_presence_is_left_out() {
        let mut pair = subscribed();
        let long = "x".repeat(10_000);
        receive(
            &mut pair,
            &format!(
                "<message xml:lang='{long}' from='{CAROL}' to='alice@localhost'><body>x</body>\
                 </message><presence from='{CAROL}/r' to='alice@localhost'><a xmlns='u'>{long}</a>\
                 </presence>"
            ),
        );
        let alice = pair.broker.user(&BareJid::new("alice@localhost").unwrap()).unwrap();
        let presence = alice.roster.latest_presence(&BareJid::new(CAROL).unwrap()).unwrap();
        assert_eq!(presence.stanza.content.as_str(), "");
        let popped = pair.as_alice(&xmpp::POP_MESSAGES, r#"{"maxCount":1}"#).unwrap();
        assert!(popped.len() < 1_000, "{popped}");
    }

    #[test]
    fn a_contact_is_removed_as_a_whole_or_not_at_all() {
        let mut pair = observed();
        pair.as_alice(&xmpp::SEND_PRESENCE_SUBSCRIPTION, TO_CAROL).unwrap();
        sent(&mut pair);
        let message = r#"{"to":"carol@other.example","message":"x"}"#;
        for _ in 0..999 {
            pair.as_alice(&xmpp::SEND_TEXT_MESSAGE, message).unwrap();
        }
        let body = r#"{"bareJid":"carol@other.example"}"#;
        assert!(pair.as_alice(&xmpp::REMOVE_ROSTER_ITEM, body).unwrap_err().starts_with("503"));
        assert_eq!(item(&mut pair, CAROL), ("From".into(), true));
    }

    #[test]
    fn a_query_is_not_kept_for_a_link_that_is_down() {
        let mut pair = linked_pair();
        pair.broker.link_is_down(false, NOW);
        let query = r#"{"to":"carol@other.example/phone","type":"set",
            "xml":"<q xmlns='urn:x'/>"}"#;
        let result = answer(pair.as_alice(&xmpp::INFORMATION_QUERY, query));
        assert_eq!((result.text("errorType"), pair.broker.waiting_stanzas()), ("wait", 0));
    }

    #[test]
    fn the_sender_of_a_refused_stanza_is_told() {
        let mut pair = linked_pair();
        pair.as_alice(&xmpp::SEND_PRESENCE_SUBSCRIPTION, TO_CAROL).unwrap();
        for _ in 0..3 {
            pair.broker.link_is_up(NOW);
            assert!(pair.broker.next_outgoing(NOW).contains("subscribe"));
            pair.broker.link_is_down(true, NOW);
        }
        assert_eq!(pair.broker.waiting_stanzas(), 0);
        assert_eq!(item(&mut pair, CAROL), ("None".into(), false));
        let [[kind, from, content]] = &popped(&mut pair)[..] else { panic!() };
        assert_eq!([kind, from], ["error", CAROL]);
        assert!(content.contains("not-acceptable"), "{content}");
    }
}
