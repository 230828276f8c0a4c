//! What the tests of the core share.

use super::{
    Broker, Call, Credentials, LoginLimits, Origin, Received, Refusal, Request, ResponseBody,
    Session, Setup, demo_accounts, demo_api_keys, to_json_answer,
};
use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit, Mac};
use neuron_agent_api::resources::{account, crypto, legal, xmpp};
use neuron_agent_api::wire::{Derived, Encoding, Resource, Role, SigningContext, Value};
use sha2::Sha256;
use std::collections::BTreeMap;

pub(super) const NOW: i64 = 1_700_000_000;
pub(super) const HOST: &str = "127.0.0.1:8080";
pub(super) const REFERRER: &str = "https://app.example/";

/// A broker with the demo accounts; the same at each call. It is restarted after each call.
pub(super) fn broker() -> Broker {
    broker_with(false)
}

fn broker_with(is_linked: bool) -> Broker {
    let setup = Setup {
        domain: "localhost".into(),
        accounts: demo_accounts(),
        api_keys: demo_api_keys(),
        login_limits: LoginLimits::default(),
        is_linked,
        now: NOW,
    };
    Broker::restore(setup, [1; 32], BTreeMap::new()).unwrap()
}

fn new_call(credentials: Credentials<'_>, now: i64) -> Call<'_> {
    Call {
        now,
        host: HOST,
        is_secure: false,
        remote: "192.0.2.1",
        origin: Origin::Own,
        referrer: Some(REFERRER),
        credentials,
        encoding: Encoding::Json,
        session: None,
    }
}

fn bearer(token: Option<&str>) -> Credentials<'_> {
    token.map_or(Credentials::None, Credentials::Bearer)
}

/// Admits a call, and returns its session.
pub(super) fn admit(
    broker: &mut Broker,
    resource: &Resource,
    token: Option<&str>,
    now: i64,
) -> Result<Option<Session>, Refusal> {
    let mut call = new_call(bearer(token), now);
    let admitted = broker.admit(resource, &mut call);
    broker.restart();
    admitted?;
    Ok(call.session)
}

/// Calls a resource with JSON. The answer is checked as the client checks it.
pub(super) fn call(
    broker: &mut Broker,
    resource: &Resource,
    (token, now): (Option<&str>, i64),
    body: &str,
) -> Result<String, Refusal> {
    call_with(broker, resource, bearer(token), now, body)
}

/// [`call`], with any credentials.
pub(super) fn call_with(
    broker: &mut Broker,
    resource: &Resource,
    credentials: Credentials<'_>,
    now: i64,
    body: &str,
) -> Result<String, Refusal> {
    answer_to(broker, resource, new_call(credentials, now), body)
}

fn answer_to(
    broker: &mut Broker,
    resource: &Resource,
    call: Call<'_>,
    body: &str,
) -> Result<String, Refusal> {
    let answer = answer_of_one_run(broker, resource, call, body);
    broker.restart();
    answer
}

/// [`answer_to`], without a restart.
fn answer_of_one_run(
    broker: &mut Broker,
    resource: &Resource,
    mut call: Call<'_>,
    body: &str,
) -> Result<String, Refusal> {
    broker.admit(resource, &mut call)?;
    let request = Request::read(resource, serde_json::from_str::<Value>(body).unwrap().into())?;
    let answer = broker.answer(resource, &call, &request)?;
    let answer = to_json_answer(resource, object(answer));
    resource.check_response(&answer).unwrap();
    Ok(serde_json::to_string(&answer).unwrap())
}

/// The body of a login with a valid signature.
pub(super) fn login_body(user_name: &str, password: &str, nonce: &str, seconds: i64) -> String {
    let signature = sign(password, &format!("{user_name}:{HOST}:{nonce}"));
    [
        format!(r#"{{"userName":"{user_name}","nonce":"{nonce}","#),
        format!(r#""signature":"{signature}","seconds":{seconds}}}"#),
    ]
    .concat()
}

pub(super) fn sign(password: &str, message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(password.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    Base64::encode_string(&mac.finalize().into_bytes())
}

/// The body of a request that uses a key. What the fields lack is added as the client adds it: the
/// algorithm, a nonce and the signatures.
pub(super) fn signed(
    broker: &mut Broker,
    resource: &Resource,
    [user_name, password]: [&str; 2],
    fields: &str,
) -> String {
    let mut inputs: Value = serde_json::from_str(fields).unwrap();
    let mut add = |name: &str, value: &str| {
        if inputs.get(name).is_none() {
            inputs.put(name, value);
        }
    };
    add("localName", "ed25519");
    add("namespace", "urn:nf:iot:e2e:1.0");
    add("keyPassword", "secret");
    add("accountPassword", password);
    let context = SigningContext { user_name: Some(user_name), host: HOST };
    for input in resource.inputs {
        match input.derived {
            _ if inputs.get(input.name).is_some() => {}
            Some(Derived::Nonce) => inputs.put(input.name, broker.new_id().as_str()),
            Some(Derived::Signature(signature)) => {
                inputs.put(input.name, signature.sign(context, &inputs).unwrap().as_str());
            }
            _ => {}
        }
    }
    let Value::Object(mut properties) = inputs else { panic!("{fields}") };
    let is_sent = |name: &str| {
        let input = resource.inputs.iter().find(|input| input.name == name);
        input.is_some_and(|input| !matches!(input.role, Role::SignatureOnly))
    };
    properties.retain(|(name, _)| is_sent(name));
    serde_json::to_string(&Value::Object(properties)).unwrap()
}

/// An application for an identity with the key `key`.
pub(super) fn application(first_name: &str) -> String {
    format!(
        r#"{{"keyId":"key","Properties":[{{"name":"FIRST","value":"{first_name}"}},
           {{"name":"LAST","value":"Byron"}},{{"name":"COUNTRY","value":"GB"}}]}}"#
    )
}

/// The id of the identity in an answer.
pub(super) fn identity_id(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    answer.get("Identity").unwrap().text("id").into()
}

/// Logs in for an hour and returns the token.
pub(super) fn log_in(broker: &mut Broker, user_name: &str, password: &str) -> String {
    log_in_at(broker, user_name, password, NOW)
}

/// [`log_in`], at another time. The broker is restarted by the next call: some tests log in for each
/// of many thousand cases.
pub(super) fn log_in_at(broker: &mut Broker, user_name: &str, password: &str, now: i64) -> String {
    let nonce = format!("{user_name:->32}{}", broker.new_id());
    let body = login_body(user_name, password, &nonce, 3600);
    let call = new_call(Credentials::None, now);
    token(&answer_of_one_run(broker, &account::LOGIN, call, &body).unwrap())
}

/// A broker, and a session of Alice's that begins at that time.
pub(crate) fn session_at(now: i64) -> (Broker, String) {
    let mut broker = broker();
    let token = log_in_at(&mut broker, "alice", "wonderland", now);
    (broker, token)
}

/// The token in an answer.
pub(super) fn token(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    answer.get("jwt").and_then(Value::as_str).unwrap().into()
}

/// Two accounts and their sessions.
pub(crate) struct Pair {
    pub broker: Broker,
    pub alice: String,
    pub bob: String,
}

/// Alice and Bob, both logged in.
pub(crate) fn pair() -> Pair {
    logged_in(broker())
}

/// [`pair`], with a link to other domains that is up.
pub(super) fn linked_pair() -> Pair {
    let mut broker = broker_with(true);
    broker.link_is_up(NOW);
    logged_in(broker)
}

fn logged_in(mut broker: Broker) -> Pair {
    let alice = log_in(&mut broker, "alice", "wonderland");
    let bob = log_in(&mut broker, "bob", "builder");
    Pair { broker, alice, bob }
}

impl Pair {
    pub(super) fn as_alice(&mut self, resource: &Resource, body: &str) -> Result<String, String> {
        said(call(&mut self.broker, resource, (Some(&self.alice), NOW), body))
    }

    pub(super) fn as_bob(&mut self, resource: &Resource, body: &str) -> Result<String, String> {
        said(call(&mut self.broker, resource, (Some(&self.bob), NOW), body))
    }

    /// Alice asks another domain, which answers later. Returns the id of the query.
    pub(super) fn ask_as_alice(&mut self, resource: &Resource, body: &str) -> String {
        let received = serde_json::from_str::<Value>(body).unwrap().into();
        match send(&mut self.broker, resource, &self.alice, received) {
            Ok(ResponseBody::Pending(id)) => id,
            other => panic!("{other:?}"),
        }
    }

    /// Sends what need not be JSON: a file, or the end of a path.
    pub(super) fn send_as_alice(
        &mut self,
        resource: &Resource,
        received: Received,
    ) -> Result<ResponseBody, String> {
        said(send(&mut self.broker, resource, &self.alice, received))
    }

    /// [`Pair::send_as_alice`], as Bob.
    pub(super) fn send_as_bob(
        &mut self,
        resource: &Resource,
        received: Received,
    ) -> Result<ResponseBody, String> {
        said(send(&mut self.broker, resource, &self.bob, received))
    }

    /// Alice calls from a page that says nothing of its address.
    pub(super) fn as_alice_without_referrer(
        &mut self,
        resource: &Resource,
        body: &str,
    ) -> Result<String, String> {
        let call = Call { referrer: None, ..new_call(Credentials::Bearer(&self.alice), NOW) };
        said(answer_to(&mut self.broker, resource, call, body))
    }

    /// Signs a request of Alice's (see [`signed`]).
    pub(super) fn signed_as_alice(&mut self, resource: &Resource, fields: &str) -> String {
        signed(&mut self.broker, resource, ["alice", "wonderland"], fields)
    }

    /// Signs a request of Bob's (see [`signed`]).
    pub(super) fn signed_as_bob(&mut self, resource: &Resource, fields: &str) -> String {
        signed(&mut self.broker, resource, ["bob", "builder"], fields)
    }

    /// Signs and sends a request of Alice's.
    pub(super) fn sign_as_alice(
        &mut self,
        resource: &Resource,
        fields: &str,
    ) -> Result<String, String> {
        let body = self.signed_as_alice(resource, fields);
        self.as_alice(resource, &body)
    }

    /// Signs and sends a request of Bob's.
    pub(super) fn sign_as_bob(
        &mut self,
        resource: &Resource,
        fields: &str,
    ) -> Result<String, String> {
        let body = self.signed_as_bob(resource, fields);
        self.as_bob(resource, &body)
    }

    /// Alice makes the key `key` and applies for an identity. Returns its id.
    pub(super) fn applied_as_alice(&mut self) -> String {
        self.sign_as_alice(&crypto::CREATE_KEY, r#"{"id":"key"}"#).unwrap();
        let fields = application("Alice");
        identity_id(&self.sign_as_alice(&legal::APPLY_ID, &fields).unwrap())
    }

    /// An approved identity of Alice's.
    pub(super) fn approved_as_alice(&mut self) -> String {
        let id = self.applied_as_alice();
        let fields = format!(r#"{{"keyId":"key","legalId":"{id}"}}"#);
        self.sign_as_alice(&legal::READY_FOR_APPROVAL, &fields).unwrap();
        self.as_alice(&xmpp::CLEAR_MESSAGES, "{}").unwrap();
        id
    }

    /// An approved identity of Bob's, with the key `key`.
    pub(super) fn approved_as_bob(&mut self) -> String {
        self.sign_as_bob(&crypto::CREATE_KEY, r#"{"id":"key"}"#).unwrap();
        let id = identity_id(&self.sign_as_bob(&legal::APPLY_ID, &application("Bob")).unwrap());
        let fields = format!(r#"{{"keyId":"key","legalId":"{id}"}}"#);
        self.sign_as_bob(&legal::READY_FOR_APPROVAL, &fields).unwrap();
        self.as_bob(&xmpp::CLEAR_MESSAGES, "{}").unwrap();
        id
    }

    /// Alice asks and Bob accepts.
    pub(super) fn befriend(&mut self) {
        let (alice, bob) = (r#"{"to":"alice@localhost"}"#, r#"{"to":"bob@localhost"}"#);
        self.as_alice(&xmpp::SEND_PRESENCE_SUBSCRIPTION, bob).unwrap();
        self.as_bob(&xmpp::SEND_SUBSCRIPTION_ACCEPTED, alice).unwrap();
        self.as_alice(&xmpp::CLEAR_MESSAGES, "{}").unwrap();
        self.as_bob(&xmpp::CLEAR_MESSAGES, "{}").unwrap();
    }
}

/// Calls a resource with a decoded request.
pub(crate) fn try_answer(
    pair: &mut Pair,
    is_alice: bool,
    resource: &Resource,
    request: &Request,
) -> Result<Value, Refusal> {
    let token = if is_alice { &pair.alice } else { &pair.bob };
    let mut call = new_call(Credentials::Bearer(token), NOW);
    pair.broker.admit(resource, &mut call)?;
    pair.broker.answer(resource, &call, request).map(object)
}

fn send(
    broker: &mut Broker,
    resource: &Resource,
    token: &str,
    received: Received,
) -> Result<ResponseBody, Refusal> {
    let mut call = new_call(Credentials::Bearer(token), NOW);
    broker.admit(resource, &mut call)?;
    let request = Request::read(resource, received)?;
    let answer = broker.answer(resource, &call, &request);
    broker.restart();
    answer
}

fn object(body: ResponseBody) -> Value {
    let ResponseBody::Object(answer) = body else { panic!("{body:?}") };
    answer
}

/// A refusal as its status and its sentence.
fn said<T>(result: Result<T, Refusal>) -> Result<T, String> {
    result.map_err(|refusal| format!("{} {}", refusal.status, refusal.text))
}
