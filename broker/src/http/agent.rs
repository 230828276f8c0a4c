//! The resources below `/Agent/`.

use super::body::{self, Fault as BodyFault};
use super::encoding::{decode, encode};
use super::media_type;
use super::problem::Problem;
use super::request_checks::Checked;
use super::server::{Remote, Shared};
use super::{clock, cors};
use crate::core::{Call, Credentials, Letter, Refusal};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hyper::body::Bytes;
use hyper::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use neuron_agent_api::wire::{self, RESOURCES, Resource, Value};
use std::sync::Arc;

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

fn answer(
    shared: &Shared,
    head: &Parts,
    body: Result<Bytes, BodyFault>,
) -> Result<Response, Problem> {
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
    // What is too long is so for everybody, and before anything else is looked at.
    if let Err(BodyFault::TooLong) = body {
        return Err(BodyFault::TooLong.into());
    }
    let has_xml = resource.elements.is_some();
    let wanted = media_type::of_answer(&head.headers, has_xml)?;
    let checked: &Checked =
        head.extensions.get().ok_or_else(|| Refusal::internal("The request was not checked."))?;
    let mut call = Call {
        now: clock::unix_seconds(),
        host: &checked.host,
        remote: remote(head),
        page: checked.page(),
        credentials: credentials(&head.headers)?,
        session: None,
    };
    let mut broker = shared.lock();
    broker.admit(resource, &mut call)?;
    let body = match resource.method {
        wire::Method::Get => Value::Object(Vec::new()),
        wire::Method::Post => decode(resource, media_type::of_body(&head.headers)?, &body?)?,
    };
    let answer = broker.answer(resource, &call, &body);
    let (letters, pushes) = (broker.take_letters(), broker.pushes());
    drop(broker);
    for Letter { to, text } in letters {
        (shared.settings.say)(&format!("To {to}: {text}"));
    }
    shared.ring(pushes);
    let text = encode(resource, wanted.encoding, &answer?)?;
    Ok((StatusCode::OK, [(CONTENT_TYPE, wanted.content_type)], text).into_response())
}

fn resource_at(path: &str) -> Result<&'static Resource, Problem> {
    let here = |resource: &&&Resource| {
        let names = path.strip_prefix("/Agent/").and_then(|names| names.split_once('/'));
        names == Some((resource.group, resource.name))
    };
    match RESOURCES.iter().find(here) {
        Some(resource) => Ok(resource),
        None if path == "/Agent/Account/CreateWebForm" => Err(Refusal::new(
            501,
            "This broker can't do that: its web form would take a service that tells people from \
             programs. Use Account/Create.",
        )
        .into()),
        None => Err(Refusal::new(404, "There is no such resource.").into()),
    }
}

/// What the caller shows. Another scheme is nothing; two headers could mean two callers.
fn credentials(headers: &HeaderMap) -> Result<Credentials<'_>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(Credentials::None) };
    if values.next().is_some() {
        return Err(Refusal::bad_request("There are two Authorization headers."));
    }
    let Some((scheme, shown)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else {
        return Ok(Credentials::None);
    };
    let is = |name: &str| scheme.eq_ignore_ascii_case(name);
    let shown = shown.trim();
    Ok(match () {
        () if is("Bearer") => Credentials::Bearer(shown),
        () if is("Basic") => Credentials::Basic(shown),
        () => Credentials::None,
    })
}

/// Where the call comes from, by address: the port changes with each connection.
fn remote(head: &Parts) -> &str {
    head.extensions.get::<Remote>().map_or("unknown", |remote| &remote.0)
}
