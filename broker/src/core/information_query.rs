//! Information queries to and from accounts.
//!
//! A program that uses the Agent API has no stream on which a query could reach it, so the broker
//! answers in its name (RFC 6121 §8.5): queries that any client answers, and "not available" to all
//! others. Other domains answer later.

use super::content::Content;
use super::refusal::Refusal;
use super::stanza::{CANCEL, Condition, Stanza};
use super::state::Broker;
use jid::Jid;
use neuron_agent_api::syntax::date_time::from_unix_seconds;

const SERVICE_UNAVAILABLE: Condition = Condition {
    code: 503,
    name: "service-unavailable",
    kind: CANCEL,
    text: "Nobody at this address answers such a query.",
};

const REMOTE_SERVER_NOT_FOUND: Condition = Condition {
    code: 404,
    name: "remote-server-not-found",
    kind: CANCEL,
    text: "This broker can't reach other domains.",
};

/// A query that is answered, and its answer.
struct KnownQuery {
    name: &'static str,
    namespace: &'static str,
    answer: fn(now: i64) -> Content,
}

static KNOWN_QUERIES: &[KnownQuery] = &[
    KnownQuery { name: "ping", namespace: PING, answer: |_| Content::default() },
    KnownQuery { name: "query", namespace: DISCO_INFO, answer: |_| features() },
    KnownQuery { name: "query", namespace: VERSION, answer: |_| version() },
    KnownQuery { name: "time", namespace: TIME, answer: time },
];

/// XEP-0199
const PING: &str = "urn:xmpp:ping";
/// XEP-0030
const DISCO_INFO: &str = "http://jabber.org/protocol/disco#info";
/// XEP-0092
const VERSION: &str = "jabber:iq:version";
/// XEP-0202
const TIME: &str = "urn:xmpp:time";

impl Broker {
    /// Answers a query in the name of its recipient: the domain itself, the full address of a
    /// session, or a thing.
    pub(super) fn answer_query(
        &mut self,
        from: &Jid,
        to: &Jid,
        kind: &str,
        query: &Content,
        now: i64,
    ) -> Result<Content, Condition> {
        if !self.is_local(&to.to_bare()) {
            return Err(REMOTE_SERVER_NOT_FOUND);
        }
        if let Some(result) = self.query_thing(from, to, kind, query, now) {
            return result;
        }
        let answers = match (to.node(), to.resource()) {
            (None, None) => true,
            (Some(user_name), Some(resource)) => {
                self.tokens.has_session(user_name.as_str(), resource.as_str(), now)
            }
            _ => false,
        };
        let is = |known: &&KnownQuery| {
            query.find(query.elements(), Some(known.name), Some(known.namespace)).is_some()
        };
        let mut known = KNOWN_QUERIES.iter().filter(|_| answers && kind == "get");
        match known.find(is) {
            Some(known) => Ok((known.answer)(now)),
            None => Err(SERVICE_UNAVAILABLE),
        }
    }

    /// Sends a query to another domain. Returns its id.
    pub(super) fn send_query(&mut self, query: Stanza) -> Result<String, Refusal> {
        if !self.queries.has_room_for(&query.from.to_bare()) {
            return Err(Refusal::new(503, "Too many queries wait for other domains."));
        }
        let id = self.new_id();
        let query = Stanza { id: Some(id.clone()), ..query };
        self.send_stanza(&query)?;
        self.queries.add(id.clone(), query.from, query.to);
        Ok(id)
    }

    /// How many responses to queries there have been. When it has grown, one may have been answered.
    #[must_use]
    pub fn response_count(&self) -> u64 {
        self.queries.response_count()
    }

    /// Takes out the response to a query, if it has come.
    pub fn take_response(&mut self, id: &str) -> Option<Stanza> {
        self.queries.take(id)
    }

    /// Ends a query. Returns its response, which is an error if none has come, or `None` if there is
    /// no such query.
    pub fn end_query(&mut self, id: &str) -> Option<Stanza> {
        self.queries.end(id)
    }
}

fn features() -> Content {
    let none = Content::default();
    let identity = [("category", "client"), ("type", "web"), ("name", "Agent API")];
    let mut inside = Content::element("identity", DISCO_INFO, &identity, &none);
    for KnownQuery { namespace, .. } in KNOWN_QUERIES {
        inside.append(&Content::element("feature", DISCO_INFO, &[("var", namespace)], &none));
    }
    Content::element("query", DISCO_INFO, &[], &inside)
}

fn version() -> Content {
    let part = |name, text| Content::element(name, VERSION, &[], &Content::text(text));
    let mut inside = part("name", "Agent API of a local broker");
    inside.append(&part("version", env!("CARGO_PKG_VERSION")));
    Content::element("query", VERSION, &[], &inside)
}

fn time(now: i64) -> Content {
    let part = |name, text: &str| Content::element(name, TIME, &[], &Content::text(text));
    let mut inside = part("tzo", "+00:00");
    inside.append(&part("utc", &from_unix_seconds(now).unwrap_or_default()));
    Content::element("time", TIME, &[], &inside)
}
