//! The rules of a call and of a session, each against a scripted broker.

mod attempts;
mod end_of_sessions;
mod lifetime;
mod logins;
mod refreshing;
mod same_session;
mod stanzas;
mod together;

use crate::call::job::{CallFuture, CallOptions};
use crate::client::Client;
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, Hook, HttpRequest};
use crate::error::{Cause, Error};
use crate::resources::account::LOGIN;
use crate::session::keys;
use crate::simulation::simulator::{Answer, Simulator};
use crate::wire::{Resource, Value};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use std::rc::Rc;

type TestClient = Rc<Client<Simulator>>;

const ROSTER: &str = r#"{"RosterItems":[]}"#;
const SENT: &str = r#"{"sent":true,"id":"of-the-broker"}"#;

fn on(simulator: Simulator) -> TestClient {
    let client = Rc::new(Client::new(simulator));
    client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
    client
}

fn without_session() -> TestClient {
    on(Simulator::new([]))
}

/// A client with a session.
fn client(answers: impl IntoIterator<Item = Answer>) -> TestClient {
    let client = on(Simulator::new(answers));
    client.environment().store(keys::TOKEN, "token");
    client
}

/// A client of a broker that answers by the last part of the path.
fn served_by(server: impl FnMut(&str, &HttpRequest) -> Answer + 'static) -> TestClient {
    let client = client([]);
    serve(&client, server);
    client
}

fn serve(client: &TestClient, mut server: impl FnMut(&str, &HttpRequest) -> Answer + 'static) {
    client.environment().world.serve(Box::new(move |request| server(name_of(request), request)));
}

fn always(answer: Answer) -> TestClient {
    served_by(move |_, _| answer.clone())
}

fn name_of(request: &HttpRequest) -> &str {
    request.url.rsplit('/').next().unwrap()
}

fn ok(body: &str) -> Answer {
    Answer::body(200, body)
}

fn text_of(request: &HttpRequest) -> &str {
    if let Body::Text(text) = &request.body { text } else { "" }
}

fn property(request: &HttpRequest, name: &str) -> Value {
    let body: Value = serde_json::from_str(text_of(request)).unwrap();
    body.get(name).cloned().unwrap_or(Value::Null)
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let (_, value) = request.headers.iter().find(|(name, _)| *name == "Authorization")?;
    value.strip_prefix("Bearer ").map(String::from)
}

/// The names of the resources that were asked for.
fn asked(client: &TestClient) -> Vec<String> {
    client.environment().requests().iter().map(|request| name_of(request).into()).collect()
}

fn count(client: &TestClient, name: &str) -> usize {
    asked(client).iter().filter(|asked| *asked == name).count()
}

fn call(
    client: &TestClient,
    resource: &'static Resource,
    values: impl IntoIterator<Item = Value>,
) -> Result<Value, Box<Error>> {
    client.environment().run(begin(client, resource, values))
}

fn begin(
    client: &TestClient,
    resource: &'static Resource,
    values: impl IntoIterator<Item = Value>,
) -> CallFuture {
    client.call(resource, values.into_iter().collect(), CallOptions::default())
}

fn begin_login(client: &TestClient, user: &str) -> CallFuture {
    begin(client, &LOGIN, [user.into(), "pw".into(), 600.into()])
}

fn login(client: &TestClient) -> Result<Value, Box<Error>> {
    client.environment().run(begin_login(client, "alice"))
}

/// The answer of a resource that gives a token of so many seconds. The broker's clock is a wrong
/// one, as far as the client can see.
fn grant(user: &str, number: u32, seconds: u32) -> Answer {
    ok(&format!(r#"{{"jwt":"{}","expires":{}}}"#, token(user, number, seconds), 5_000 + seconds))
}

fn token(user: &str, number: u32, seconds: u32) -> String {
    let claims =
        format!(r#"{{"sub":"{user}","iat":5000,"exp":{},"jti":"{number}"}}"#, 5_000 + seconds);
    format!("h.{}.s", Base64UrlUnpadded::encode_string(claims.as_bytes()))
}

/// A broker that grants numbered tokens of 600 seconds, and answers the rest with a given function.
fn grants_and(mut other: impl FnMut(&str, &HttpRequest) -> Answer + 'static) -> TestClient {
    let mut number = 0;
    served_by(move |name, request| match name {
        "Login" | "Refresh" => {
            number += 1;
            grant("alice", number, 600)
        }
        _ => other(name, request),
    })
}

/// Rings after a time, as an abort signal.
fn abort_after(client: &TestClient, milliseconds: u32) -> CallOptions {
    let simulator = client.environment().clone();
    let aborted = async move {
        simulator.sleep(milliseconds).await;
        Cause(None)
    };
    CallOptions { aborted: Some(Box::pin(aborted)), ..CallOptions::default() }
}

fn within(timeout_ms: u32) -> CallOptions {
    CallOptions { timeout_ms: Some(timeout_ms), ..CallOptions::default() }
}

/// Whose token it is, as it says itself.
fn subject_of(token: &str) -> Option<String> {
    let payload = Base64UrlUnpadded::decode_vec(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    Some(claims.get("sub")?.as_str()?.to_string())
}

fn stored_token(client: &TestClient) -> Option<String> {
    client.environment().load(keys::TOKEN)
}

/// What was emitted of the session: the kind and the reason.
fn emitted(client: &TestClient) -> Vec<String> {
    let emitted = client.environment().world.emitted(Hook::Session);
    let text = |event: &Value, name| event.get(name).and_then(Value::as_str).map(String::from);
    let line = |event| match text(&event, "reason") {
        Some(reason) => format!("{} {reason}", text(&event, "type").unwrap()),
        None => text(&event, "type").unwrap(),
    };
    emitted.into_iter().map(line).collect()
}
