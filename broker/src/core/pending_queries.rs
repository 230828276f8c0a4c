//! Information queries to other domains, which wait for their responses.

use super::element::Element;
use super::refusal::Refusal;
use super::stanza::{CLIENT, Condition, Stanza, WAIT};
use super::state::Broker;
use super::values::object;
use jid::Jid;
use neuron_agent_api::wire::Value;
use std::collections::BTreeMap;

/// How many seconds another domain may take to respond. A client's own deadline is longer.
pub const QUERY_SECONDS: i64 = 15;

/// The maximum number of queries that wait at the same time, in all and of one account.
const MAX_QUERIES: usize = 1_000;
const MAX_QUERIES_PER_ACCOUNT: usize = 50;

const TIMEOUT: Condition = Condition {
    code: 504,
    name: "remote-server-timeout",
    kind: WAIT,
    text: "The recipient did not respond in time.",
};

/// The queries that wait, by their ids, which nobody can guess.
#[derive(Default)]
pub(super) struct PendingQueries {
    queries: BTreeMap<String, Query>,
    /// How many responses there have been.
    responses: u64,
}

struct Query {
    /// The session that asks.
    from: Jid,
    /// Who is asked, and may respond.
    to: Jid,
    response: Option<Stanza>,
}

impl Broker {
    /// Sends a query to another domain. Returns its id.
    pub(super) fn send_query(&mut self, query: Stanza) -> Result<String, Refusal> {
        let account = query.from.to_bare();
        let waiting = self.queries.queries.values();
        let of_account = waiting.filter(|query| query.from.to_bare() == account).count();
        if self.queries.queries.len() >= MAX_QUERIES || of_account >= MAX_QUERIES_PER_ACCOUNT {
            return Err(Refusal::new(503, "Too many queries wait for other domains."));
        }
        let id = self.new_id();
        let query = Stanza { id: Some(id.clone()), ..query };
        self.send_stanza(&query)?;
        let Stanza { from, to, .. } = query;
        self.queries.queries.insert(id.clone(), Query { from, to, response: None });
        Ok(id)
    }

    /// Takes the response to a query from the one that was asked. Any other is ignored.
    pub(super) fn receive_response(&mut self, response: Stanza) {
        let query = response.id.as_deref().and_then(|id| self.queries.queries.get_mut(id));
        if let Some(query) = query.filter(|query| query.to == response.from) {
            query.response = Some(response);
            self.queries.responses += 1;
        }
    }

    /// How many responses there have been. When it has grown, a query may have been answered.
    #[must_use]
    pub fn response_count(&self) -> u64 {
        self.queries.responses
    }

    /// Takes out the response to a query, if it has come.
    pub fn take_response(&mut self, id: &str) -> Option<Stanza> {
        self.queries.queries.get(id)?.response.as_ref()?;
        self.end_query(id)
    }

    /// Ends a query. Returns its response, which is an error if none has come, or `None` if there is
    /// no such query.
    pub fn end_query(&mut self, id: &str) -> Option<Stanza> {
        let Query { from, to, response } = self.queries.queries.remove(id)?;
        let timeout = || Stanza::iq(to, from, id.into(), Err(TIMEOUT));
        Some(response.unwrap_or_else(timeout))
    }
}

/// What `InformationQuery` returns for a response. An error is a result too. It is parsed here, so the
/// broker should not be locked if it is another domain's.
#[must_use]
pub fn query_result(response: &Stanza) -> Value {
    let stanza = response.element();
    let stanza = ("Stanza", stanza.as_str().into());
    if response.kind != "error" {
        return object([("ok", true.into()), stanza]);
    }
    let content = &response.content;
    let xml = content
        .find(content.elements(), Some("error"), Some(CLIENT))
        .and_then(|error| content.as_str().get(error.clone()))
        .unwrap_or(r#"<error xmlns="jabber:client"/>"#);
    let error = Element::parse(xml).unwrap_or_else(|_| Element::new("error", CLIENT));
    let text = error.named("text").next().map(Element::text).or_else(|| {
        // The condition says it in one word.
        error.children().next().map(|condition| condition.name.clone())
    });
    let code = error.attribute("code").and_then(|code| code.parse::<u32>().ok()).unwrap_or(0);
    object([
        ("ok", false.into()),
        ("errorCode", code.into()),
        ("errorText", Value::String(text.unwrap_or_default())),
        ("errorType", error.attribute("type").unwrap_or_default().into()),
        ("ErrorElement", xml.into()),
        stanza,
    ])
}
