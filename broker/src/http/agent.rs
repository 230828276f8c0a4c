//! The resources below `/Agent/`.

use super::body::{self, Fault};
use super::problem::Problem;
use super::server::Shared;
use super::{cors, media_type};
use crate::core::{Broker, Call, Refusal};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hyper::body::Bytes;
use hyper::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderValue,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use neuron_agent_api::wire::{self, RESOURCES, Resource, Value};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Answers a request to a resource.
pub(super) async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    // The body is taken in first, whatever the answer: a client that is still sending when the
    // connection is closed may never see the answer.
    let body = body::read(body, &head.headers, shared.settings.limits.body).await;
    let answer = answer(&shared, &head, body);
    let mut response = answer.unwrap_or_else(IntoResponse::into_response);
    let headers = response.headers_mut();
    // An answer may hold a token.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    cors::open(headers, &head.headers, shared.settings.expose_headers);
    response
}

fn answer(shared: &Shared, head: &Parts, body: Result<Bytes, Fault>) -> Result<Response, Problem> {
    let resource = resource_at(head.uri.path())?;
    let allowed = match resource.method {
        wire::Method::Get => "GET, HEAD, OPTIONS",
        wire::Method::Post => "POST, OPTIONS",
    };
    match (resource.method, &head.method) {
        (_, &Method::OPTIONS) => return Ok(cors::preflight(&head.headers, allowed)),
        (wire::Method::Get, &Method::GET | &Method::HEAD) => {}
        (wire::Method::Post, &Method::POST) => {}
        _ => return Err(Problem::wrong_method(allowed)),
    }
    media_type::admits_json(&head.headers)?;
    let now = unix_seconds();
    let mut broker = lock(shared);
    let session = broker.admit(resource, bearer_token(&head.headers)?, now)?;
    let body = match resource.method {
        wire::Method::Get => Value::Object(Vec::new()),
        wire::Method::Post => {
            media_type::is_json(&head.headers)?;
            decode(&body?)?
        }
    };
    let call = Call { now, host: host(&head.headers)?, session };
    let answer = broker.answer(resource, &call, &body)?;
    drop(broker);
    encode(&answer)
}

fn resource_at(path: &str) -> Result<&'static Resource, Problem> {
    let here = |resource: &&&Resource| {
        let names = path.strip_prefix("/Agent/").and_then(|names| names.split_once('/'));
        names == Some((resource.group, resource.name))
    };
    match RESOURCES.iter().find(here) {
        Some(resource) => Ok(resource),
        None => Err(Refusal::new(404, "There is no such resource.").into()),
    }
}

fn decode(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::bad_request(format!("The body is not JSON: {error}.")))
}

fn encode(answer: &Value) -> Result<Response, Problem> {
    let json = serde_json::to_vec(answer).map_err(|error| Refusal::internal(error.to_string()))?;
    Ok((StatusCode::OK, [(CONTENT_TYPE, "application/json")], json).into_response())
}

/// The token, if one was sent. Another scheme is no token; two headers could mean two callers.
fn bearer_token(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Refusal::bad_request("There are two Authorization headers."));
    }
    let Some((scheme, token)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else {
        return Ok(None);
    };
    Ok(scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim()))
}

/// What a client signs as the host; a request has exactly one (RFC 9112 §3.2).
fn host(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut values = headers.get_all(HOST).iter();
    match (values.next().and_then(|host| host.to_str().ok()), values.next()) {
        (Some(host), None) => Ok(host),
        _ => Err(Refusal::bad_request("There must be one Host header.")),
    }
}

/// A handler that panics leaves the lock poisoned. The others go on: what it left half done is
/// one account's, and the alternative is a broker that answers nobody.
fn lock(shared: &Shared) -> MutexGuard<'_, Broker> {
    shared.broker.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unix_seconds() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX)
}
