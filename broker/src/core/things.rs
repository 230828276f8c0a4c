//! The account of the simulated concentrator, for which the broker itself acts.

use super::account::Account;
use super::concentrator;
use super::content::Content;
use super::element::Element;
use super::message::{Message, StanzaType};
use super::presence::Payload;
use super::profile::Profile;
use super::sensor_data;
use super::stanza::{CANCEL, Condition};
use super::state::Broker;
use super::subscription::{Stage, SubscriptionStanza};
use super::users::User;
use jid::{BareJid, Jid};

/// The user name of the concentrator.
const USER_NAME: &str = "concentrator";

/// The resource that is available.
const RESOURCE: &str = "sensors";

/// The maximum length of a query, in bytes: it is parsed while the broker is locked.
const MAX_QUERY_BYTES: usize = 16 * 1024;

const FORBIDDEN: Condition = Condition {
    code: 403,
    name: "forbidden",
    kind: CANCEL,
    text: "Subscribe to the presence of the concentrator first.",
};

impl Broker {
    /// Adds the account of the concentrator, unless an account has that name or one like it. Nobody
    /// knows its password.
    pub(super) fn add_concentrator(&mut self, now: i64) {
        let Ok(address) = self.bare_jid(USER_NAME) else { return };
        if self.is_concentrator(USER_NAME) {
            self.concentrator = Some(address);
            return;
        }
        if self.user_names.confusable_with(USER_NAME).is_some() {
            return;
        }
        let account =
            Account { user_name: USER_NAME.into(), password: self.new_id(), legal_id: None };
        let profile = Profile { created: now, ..Profile::default() };
        self.user_names.add(USER_NAME);
        self.users.insert(USER_NAME.into(), User::new(account, profile, &self.budget));
        self.instance.has_concentrator = true;
        self.concentrator = Some(address);
    }

    /// Whether an account of an earlier run is that of the concentrator.
    pub(super) fn is_concentrator(&self, user_name: &str) -> bool {
        self.instance.has_concentrator && user_name == USER_NAME
    }

    /// The address of the simulated concentrator. `None` if an account has its name.
    #[must_use]
    pub fn concentrator(&self) -> Option<&str> {
        self.concentrator.as_ref().map(|address| address.as_str())
    }

    /// Whether the broker itself acts for an address.
    pub(super) fn is_thing(&self, address: &BareJid) -> bool {
        self.concentrator.as_ref() == Some(address)
    }

    /// The full address of a thing, and since when it is available. `None` for any other address.
    pub(super) fn thing_presence(&self, address: &BareJid) -> Option<(Jid, i64)> {
        let user = self.user(address).filter(|_| self.is_thing(address))?;
        Some((address.with_resource_str(RESOURCE).ok()?.into(), user.profile.created))
    }

    /// Accepts a request for the presence of a thing: anybody may read it.
    pub(super) fn accept_as_thing(&mut self, thing: &BareJid, contact: &BareJid, now: i64) {
        let payload = Payload { id: self.new_id(), ..Payload::default() };
        // Without a link to the contact's domain there was no request.
        let _ = self.send_presence(thing, contact, SubscriptionStanza::Subscribed, payload, now);
    }

    /// Answers a query to a thing. `None` if it is to another address.
    pub(super) fn query_thing(
        &mut self,
        from: &Jid,
        to: &Jid,
        kind: &str,
        query: &Content,
        now: i64,
    ) -> Option<Result<Content, Condition>> {
        let (thing, since) = self.thing_presence(&to.to_bare())?;
        if *to != thing {
            return None;
        }
        Some(self.answer_as_thing(from, to, kind, query, since, now))
    }

    fn answer_as_thing(
        &mut self,
        from: &Jid,
        thing: &Jid,
        kind: &str,
        query: &Content,
        since: i64,
        now: i64,
    ) -> Result<Content, Condition> {
        let contacts = self.user(&thing.to_bare()).map(|user| &user.roster);
        let subscription = contacts.map(|roster| roster.subscription(&from.to_bare()));
        if subscription.unwrap_or_default().from != Stage::Granted {
            return Err(FORBIDDEN);
        }
        if query.as_str().len() > MAX_QUERY_BYTES {
            return Err(concentrator::BAD_REQUEST);
        }
        let query = Element::parse(query.as_str()).map_err(|_| concentrator::BAD_REQUEST)?;
        let namespace = query.namespace.as_str();
        let answer = match (kind, query.name.as_str()) {
            ("get", "req") if sensor_data::NAMESPACES.contains(&namespace) => {
                let readout = sensor_data::read(&query, now)?;
                // Without room for one message there is none for those that follow it.
                for element in readout.messages {
                    if !self.send_from_thing(thing, from, &element, now) {
                        break;
                    }
                }
                readout.answer
            }
            // Whatever was asked for has been sent.
            ("set", "cancel") if sensor_data::NAMESPACES.contains(&namespace) => {
                return Ok(Content::default());
            }
            ("get", _) if concentrator::NAMESPACES.contains(&namespace) => {
                concentrator::answer(&query, since)?
            }
            _ => return Err(concentrator::NOT_IMPLEMENTED),
        };
        answer.content().map_err(|_| concentrator::BAD_REQUEST)
    }

    /// Sends a message, and returns whether there was room for it.
    fn send_from_thing(&mut self, thing: &Jid, to: &Jid, element: &Element, now: i64) -> bool {
        let Ok(content) = element.content() else { return true };
        let message = Message {
            id: Some(self.new_id()),
            from: thing.clone(),
            to: to.clone(),
            language: None,
            kind: StanzaType::Normal,
            received: now,
            content,
        };
        self.send_message(message) == Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use crate::core::content::Content;
    use crate::core::message::Message;
    use crate::core::testing::{NOW, Pair, pair};
    use crate::core::{Account, Broker, LoginLimits, Setup};
    use neuron_agent_api::resources::xmpp::{
        GET_ROSTER, INFORMATION_QUERY, POP_MESSAGES, PRESENCE_PROBE, SEND_PRESENCE_SUBSCRIPTION,
        SEND_PRESENCE_UNSUBSCRIPTION, SEND_TEXT_MESSAGE,
    };

    const TO: &str = r#"{"to":"concentrator@localhost"}"#;

    fn ask(pair: &mut Pair, kind: &str, xml: &str) -> String {
        let body =
            format!(r#"{{"to":"concentrator@localhost/sensors","type":"{kind}","xml":"{xml}"}}"#);
        pair.as_alice(&INFORMATION_QUERY, &body).unwrap()
    }

    fn subscribed() -> Pair {
        let mut pair = pair();
        pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, TO).unwrap();
        pair
    }

    const CAPABILITIES: &str = "<getCapabilities xmlns='urn:nf:iot:concentrator:1.0'/>";

    fn request(node: &str) -> String {
        format!(
            "<req xmlns='urn:nf:iot:sd:1.0' id='r1' all='true'><nd id='{node}' src='House'/></req>"
        )
    }

    #[test]
    fn whoever_subscribes_sees_it_and_may_ask() {
        let mut pair = pair();
        let probe = pair.as_alice(&PRESENCE_PROBE, TO).unwrap();
        assert!(probe.contains("unavailable"), "the probe itself asks for the presence");
        let probe = pair.as_alice(&PRESENCE_PROBE, TO).unwrap();
        assert!(
            probe.starts_with(r#"{"jid":"concentrator@localhost/sensors","type":"","received":1"#)
        );
        let roster = pair.as_alice(&GET_ROSTER, "{}").unwrap();
        assert!(roster.contains(r#""status":"To""#), "{roster}");
        let messages = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        assert_eq!(messages.matches(r#""type":"subscribed""#).count(), 1);
        assert!(ask(&mut pair, "get", CAPABILITIES).contains(r#""value":"getNode""#));
    }

    #[test]
    fn nobody_else_may_ask() {
        let mut pair = pair();
        assert!(ask(&mut pair, "get", CAPABILITIES).contains(r#""errorCode":403"#));
        let mut pair = subscribed();
        pair.as_alice(&SEND_PRESENCE_UNSUBSCRIPTION, TO).unwrap();
        assert!(ask(&mut pair, "get", CAPABILITIES).contains(r#""errorCode":403"#));
    }

    #[test]
    fn data_that_is_not_in_the_answer_comes_in_messages() {
        let mut pair = subscribed();
        pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        let answer = ask(&mut pair, "get", &request("Thermometer"));
        assert!(answer.contains(r#""resp":{"__name":"resp""#), "{answer}");
        assert_eq!(pair.as_alice(&POP_MESSAGES, "{}").unwrap(), r#"{"Messages":[]}"#);
        let answer = ask(&mut pair, "get", &request("Meter"));
        assert!(answer.contains(r#""queued":"true""#), "{answer}");
        let messages = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        assert_eq!(messages.matches(r#""from":"concentrator@localhost/sensors""#).count(), 6);
        assert_eq!(messages.matches(r#"{"__name":"done""#).count(), 1);
        let cancel = "<cancel xmlns='urn:nf:iot:sd:1.0' id='r1'/>";
        assert!(ask(&mut pair, "set", cancel).starts_with(r#"{"ok":true"#));
    }

    #[test]
    fn what_it_does_not_know_is_an_error() {
        let mut pair = subscribed();
        for (kind, xml, code) in [
            ("get", request("Nobody"), 404),
            ("get", "<req xmlns='urn:x' id='1'/>".into(), 501),
            ("set", CAPABILITIES.into(), 501),
            ("get", format!("<req xmlns='urn:nf:iot:sd:1.0'>{}</req>", "x".repeat(16_384)), 400),
        ] {
            let answer = ask(&mut pair, kind, &xml);
            assert!(
                answer.starts_with(&format!(r#"{{"ok":false,"errorCode":{code},"#)),
                "{answer}"
            );
        }
        let bare = CAPABILITIES.replace('\'', "\\\"");
        let body = format!(r#"{{"to":"concentrator@localhost","type":"get","xml":"{bare}"}}"#);
        let answer = pair.as_alice(&INFORMATION_QUERY, &body).unwrap();
        assert!(answer.contains(r#""errorCode":503"#), "a query to no resource is not for it");
    }

    #[test]
    fn a_readout_stops_at_the_first_message_that_finds_no_room() {
        const MIB: usize = 1024 * 1024;
        let mut pair = subscribed();
        pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        ask(&mut pair, "get", &request("Meter"));
        let inbox = &mut pair.broker.users.get_mut("alice").unwrap().inbox;
        let messages = inbox.pop(usize::MAX);
        let [first, .., last] = messages.as_slice() else { panic!("{messages:?}") };
        let filler =
            |length| Message { content: Content::text(&"x".repeat(length)), ..first.clone() };
        let rest = filler(0).memory_size();
        // There is room for these two, but not for one of those between them.
        let room = first.memory_size() + last.memory_size();
        for bytes in [[MIB; 15].as_slice(), &[MIB - room]].concat() {
            inbox.reserve(filler(bytes - rest)).unwrap();
        }
        ask(&mut pair, "get", &request("Meter"));
        let inbox = &mut pair.broker.users.get_mut("alice").unwrap().inbox;
        assert_eq!(inbox.pop(usize::MAX).len(), 1);
    }

    #[test]
    fn messages_to_it_are_dropped() {
        let mut pair = pair();
        let body = r#"{"to":"concentrator@localhost","message":"Hi"}"#;
        for _ in 0..2_000 {
            assert!(pair.as_alice(&SEND_TEXT_MESSAGE, body).unwrap().contains(r#""sent":true"#));
        }
    }

    #[test]
    fn an_account_of_its_name_takes_its_place() {
        let account: Account = "concentrator:pw".parse().unwrap();
        let setup = Setup {
            domain: "localhost".into(),
            accounts: vec![account],
            api_keys: Vec::new(),
            login_limits: LoginLimits::default(),
            is_linked: false,
            now: NOW,
        };
        assert_eq!(Broker::new(setup, [1; 32]).unwrap().concentrator(), None);
        assert_eq!(pair().broker.concentrator(), Some("concentrator@localhost"));
    }
}
