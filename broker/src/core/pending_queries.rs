//! Information queries to other domains, which wait for their responses.

use super::element::Element;
use super::stanza::{CLIENT, Condition, Stanza, WAIT};
use super::values::object;
use jid::{BareJid, Jid};
use neuron_agent_api::wire::Value;
use std::collections::BTreeMap;

/// How many seconds another domain may take to respond. A client's own deadline is longer.
pub const QUERY_SECONDS: i64 = 15;

/// The maximum number of queries that wait at the same time, in all and of one account.
const MAX_QUERIES: usize = 1_000;
const MAX_QUERIES_PER_ACCOUNT: usize = 50;

/// Nobody has responded.
pub(super) const TIMEOUT: Condition = Condition {
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

impl PendingQueries {
    /// Whether an account may ask one more.
    pub(super) fn has_room_for(&self, account: &BareJid) -> bool {
        let of_account = self.queries.values().filter(|query| query.from.to_bare() == *account);
        self.queries.len() < MAX_QUERIES && of_account.count() < MAX_QUERIES_PER_ACCOUNT
    }

    /// Adds a query that has been sent.
    pub(super) fn add(&mut self, id: String, from: Jid, to: Jid) {
        self.queries.insert(id, Query { from, to, response: None });
    }

    /// Takes the response to a query from the one that was asked. Any other is ignored.
    pub(super) fn receive(&mut self, response: Stanza) {
        let query = response.id.as_deref().and_then(|id| self.queries.get_mut(id));
        if let Some(query) = query.filter(|query| query.to == response.from) {
            query.response = Some(response);
            self.responses += 1;
        }
    }

    /// How many responses there have been.
    pub(super) fn response_count(&self) -> u64 {
        self.responses
    }

    /// Takes out the response to a query, if it has come.
    pub(super) fn take(&mut self, id: &str) -> Option<Stanza> {
        self.queries.get(id)?.response.as_ref()?;
        self.end(id)
    }

    /// Ends a query. Returns its response, which is an error if none has come.
    pub(super) fn end(&mut self, id: &str) -> Option<Stanza> {
        let Query { from, to, response } = self.queries.remove(id)?;
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
