//! The model of a broker: what it knows, by its own true clock.

use super::history::{Grant, History};
use super::world::HOSTS;
use crate::environment::{Body, HttpRequest};
use crate::wire::Value;
use crate::wire::login_signature;
use base64ct::{Base64UrlUnpadded, Encoding};
use std::collections::{BTreeMap, HashMap};

/// The endpoint is blocked for so long after so many failed logins in a row.
const BLOCKED_MS: u64 = 60_000;
const MOST_FAILED_LOGINS: u32 = 3;

#[derive(Default)]
pub(super) struct Broker {
    tokens: HashMap<String, Issued>,
    tokens_so_far: u64,
    roster: HashMap<(String, String), Item>,
    failed_logins: u32,
    blocked_until_ms: u64,
    /// Whether requests for subscriptions are not shown on the roster.
    pub(super) hides_requests: bool,
    /// Whether contacts grant what they are asked for.
    pub(super) grants_at_once: bool,
    pub(super) gives_opaque_tokens: bool,
}

struct Issued {
    user: String,
    until_ms: u64,
}

#[derive(Clone, Default)]
pub(super) struct Item {
    pending: bool,
    sees: bool,
    seen: bool,
}

pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) headers: BTreeMap<&'static str, String>,
}

impl Response {
    pub(super) fn new(status: u16, body: &str) -> Self {
        Self { status, body: body.into(), headers: BTreeMap::new() }
    }
}

/// A request as it arrives.
pub(super) struct Arrival<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) host: &'static str,
    /// The last part of the path.
    pub(super) name: &'a str,
    pub(super) bearer: Option<&'a str>,
    /// Whether its sender has given it up.
    pub(super) late: bool,
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn body_of(request: &HttpRequest) -> Value {
    match &request.body {
        Body::Text(text) => serde_json::from_str(text).unwrap(),
        _ => Value::Null,
    }
}

/// The number of the call that a request is for, wherever it says so.
pub(super) fn call_of(body: &Value) -> Option<usize> {
    let number = |text: &str| text.trim_start_matches(['c', 'm']).split('@').next()?.parse().ok();
    // Zero is no number of messages.
    let whole = |name| usize::try_from(body.get(name)?.as_integer()? - 1).ok();
    let named = |name| Some(text(body, name)).filter(|text| !text.is_empty()).and_then(number);
    named("message")
        .or_else(|| named("to"))
        .or_else(|| named("bareJid"))
        .or_else(|| whole("code"))
        .or_else(|| whole("maxCount"))
}

impl Broker {
    /// Forgets what it has given out, as when it is started again.
    pub(super) fn forget_tokens(&mut self) {
        self.tokens.clear();
    }

    pub(super) fn prepare(&mut self, user: &str, contact: &str, sees: bool) {
        let item = Item { sees, ..Item::default() };
        self.roster.insert((user.into(), contact.into()), item);
    }

    /// What the roster of a user says of a contact: whether it was asked, seen, or sees.
    pub(super) fn traces(&self, user: &str, contact: &str) -> (bool, bool, bool) {
        let item = self.roster.get(&(user.into(), contact.into())).cloned().unwrap_or_default();
        (item.pending, item.sees, item.seen)
    }

    pub(super) fn answer(
        &mut self,
        arrival: &Arrival<'_>,
        now_ms: u64,
        history: &mut History,
    ) -> Response {
        let body = body_of(arrival.request);
        if arrival.name == "Login" {
            return self.log_in(&body, arrival.host, now_ms, history);
        }
        if arrival.name == "DomainInfo" {
            return Response::new(200, r#"{"useEncryption":true}"#);
        }
        if !HOSTS.contains(&arrival.host) {
            return Response::new(200, "{}");
        }
        let issued = arrival.bearer.and_then(|token| self.tokens.get(token));
        let Some(user) =
            issued.filter(|issued| issued.until_ms > now_ms).map(|issued| issued.user.clone())
        else {
            return Response::new(401, "Log in first.");
        };
        if let Some(call) = call_of(&body)
            && arrival.name != "GetRosterItem"
        {
            history.arrived(call, &user, arrival.host, arrival.late);
        }
        let contact = text(&body, "to");
        let id = Some(text(&body, "id")).filter(|id| !id.is_empty()).unwrap_or("own-id");
        let sent = format!(r#"{{"sent":true,"id":"{id}"}}"#);
        let (hides, grants) = (self.hides_requests, self.grants_at_once);
        let key = (user.clone(), contact.to_string());
        match arrival.name {
            "Refresh" => {
                let shown = arrival.bearer.map(String::from);
                self.grant(&user, &body, (now_ms, arrival.host), shown, history)
            }
            "Logout" => {
                self.tokens.remove(arrival.bearer.unwrap_or_default());
                Response::new(200, "{}")
            }
            "SendTextMessage" => Response::new(200, &sent),
            "SendPresenceSubscription" => {
                let item = self.roster.entry(key).or_default();
                item.pending = !hides && !grants;
                item.sees |= !hides && grants;
                Response::new(200, &sent)
            }
            "SendSubscriptionAccepted" => {
                self.roster.entry(key).or_default().seen = true;
                Response::new(200, &sent)
            }
            "SendPresenceUnsubscription" => {
                let item = self.roster.entry(key).or_default();
                (item.pending, item.sees) = (false, false);
                Response::new(200, &sent)
            }
            "GetRosterItem" => self.show(&user, text(&body, "bareJid")),
            "GetRoster" => Response::new(200, r#"{"RosterItems":[]}"#),
            "PopMessages" => Response::new(200, r#"{"Messages":[]}"#),
            "VerifyEMail" => Response::new(200, r#"{"eMail":"a@b","userName":"alice"}"#),
            _ => Response::new(200, "{}"),
        }
    }

    fn show(&self, user: &str, contact: &str) -> Response {
        let Some(item) = self.roster.get(&(user.into(), contact.into())) else {
            return Response::new(404, "No such contact.");
        };
        let status = match (item.sees, item.seen) {
            (false, false) => "None",
            (true, false) => "To",
            (false, true) => "From",
            (true, true) => "Both",
        };
        let body = format!(
            r#"{{"bareJid":"{contact}","name":"","Groups":[],"status":"{status}","pendingSubscription":{}}}"#,
            item.pending
        );
        Response::new(200, &body)
    }

    fn log_in(
        &mut self,
        body: &Value,
        host: &'static str,
        now_ms: u64,
        history: &mut History,
    ) -> Response {
        if now_ms < self.blocked_until_ms {
            return Response::new(429, "Too many failed logins. Try again in 1 minute.");
        }
        let (user, nonce) = (text(body, "userName"), text(body, "nonce"));
        if text(body, "signature") != login_signature(user, host, nonce, "pw") {
            self.failed_logins += 1;
            if self.failed_logins >= MOST_FAILED_LOGINS {
                (self.failed_logins, self.blocked_until_ms) = (0, now_ms + BLOCKED_MS);
            }
            return Response::new(401, "Wrong user name or password.");
        }
        self.failed_logins = 0;
        self.grant(user, body, (now_ms, host), None, history)
    }

    fn grant(
        &mut self,
        user: &str,
        body: &Value,
        (now_ms, host): (u64, &'static str),
        shown: Option<String>,
        history: &mut History,
    ) -> Response {
        let seconds = body.get("seconds").and_then(Value::as_integer).unwrap();
        let (from, until) = (now_ms / 1000, now_ms / 1000 + seconds as u64);
        self.tokens_so_far += 1;
        let token = if self.gives_opaque_tokens {
            format!("opaque-{user}-{host}-{}", self.tokens_so_far)
        } else {
            let claims = format!(
                r#"{{"sub":"{user}","iat":{from},"exp":{until},"jti":"{host}-{}"}}"#,
                self.tokens_so_far
            );
            format!("h.{}.s", Base64UrlUnpadded::encode_string(claims.as_bytes()))
        };
        let issued = Issued { user: user.into(), until_ms: until * 1000 };
        self.tokens.insert(token.clone(), issued);
        let lifetime_ms = seconds as f64 * 1000.0;
        history.grants.insert(token.clone(), Grant { host, lifetime_ms, shown });
        Response::new(200, &format!(r#"{{"jwt":"{token}","expires":{until}}}"#))
    }
}
