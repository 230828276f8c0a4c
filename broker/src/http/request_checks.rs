//! Checks every request, whatever its path: how its body is framed, and which host it names.

use super::allowed_hosts::HostAndPort;
use super::body;
use super::state::{LocalAddress, ServerState};
use crate::core::{Origin, Refusal};
use crate::exchange::{ErrorResponse, cors};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::header::{HOST, HeaderMap, ORIGIN, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use neuron_agent_api::syntax::host::as_in_url;
use std::sync::Arc;

/// What the checks found out about a request.
#[derive(Clone)]
pub(super) struct CheckedRequest {
    /// The host in the form of a URL, with its port, which a login signs.
    pub host: Arc<str>,
    origin: RequestOrigin,
}

/// The origin of the page that calls.
#[derive(Clone)]
enum RequestOrigin {
    Own,
    Loopback,
    Foreign(Arc<str>),
}

impl CheckedRequest {
    /// A request of a program.
    #[cfg(test)]
    pub(super) fn of_program(host: &str) -> Self {
        Self { host: host.into(), origin: RequestOrigin::Own }
    }

    /// The origin for which failed logins are counted.
    pub(super) fn origin(&self) -> Origin<'_> {
        match &self.origin {
            RequestOrigin::Own => Origin::Own,
            RequestOrigin::Loopback => Origin::Loopback,
            RequestOrigin::Foreign(origin) => Origin::Foreign(origin),
        }
    }
}

/// Passes a request on, or refuses it.
pub(super) async fn check(
    State(shared): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut head, body) = request.into_parts();
    match checked(&shared, &head) {
        Ok(checked) => {
            head.extensions.insert(checked);
            next.run(Request::from_parts(head, body)).await
        }
        Err(problem) => {
            // A client that is still sending when the connection is closed may never see the
            // response.
            let _ = body::read(body, &head.headers, shared.settings.limits.body).await;
            let mut response = problem.into_response();
            cors::allow_origin(
                response.headers_mut(),
                &head.headers,
                shared.settings.expose_headers,
            );
            response
        }
    }
}

fn checked(shared: &ServerState, head: &Parts) -> Result<CheckedRequest, ErrorResponse> {
    check_framing(&head.headers)?;
    let text = as_in_url(host(head)?, false);
    let host = text.as_deref().and_then(HostAndPort::parse).ok_or_else(|| {
        Refusal::bad_request(
            "The Host header must be a host name or an IP address, with or without a port.",
        )
    })?;
    let Some(LocalAddress(local)) = head.extensions.get() else {
        return Err(Refusal::internal("The connection has no address.").into());
    };
    if !shared.allowed_hosts.allows(&host, *local) {
        return Err(Refusal::new(
            421,
            "This broker does not answer for the host that the request names. Use the address it \
             listens on, or start it with --host NAME.",
        )
        .into());
    }
    let origin = origin(&head.headers, |host| shared.allowed_hosts.allows(host, *local));
    Ok(CheckedRequest { host: text.unwrap_or_default().into(), origin })
}

/// Refuses a transfer coding other than a single `chunked` (RFC 9112 §6.1). If two programs could
/// read a body differently, requests could be smuggled.
fn check_framing(headers: &HeaderMap) -> Result<(), ErrorResponse> {
    let mut chunked = 0;
    for value in headers.get_all(TRANSFER_ENCODING) {
        for coding in value.to_str().unwrap_or_default().split(',') {
            if !coding.trim().eq_ignore_ascii_case("chunked") {
                let text = "The only transfer coding that this broker reads is \"chunked\".";
                return Err(ErrorResponse::from(Refusal::new(501, text)).closing());
            }
            chunked += 1;
        }
    }
    if chunked > 1 {
        let text = "The transfer coding \"chunked\" must not be applied twice.";
        return Err(ErrorResponse::from(Refusal::bad_request(text)).closing());
    }
    Ok(())
}

/// The host of a request. It has exactly one `Host` header (RFC 9112 §3.2); if its target is an
/// absolute URL, the host is in that (§3.2.2).
fn host(head: &Parts) -> Result<&str, Refusal> {
    let mut values = head.headers.get_all(HOST).iter();
    match (values.next().and_then(|host| host.to_str().ok()), values.next()) {
        (Some(host), None) => Ok(head.uri.authority().map_or(host, |authority| authority.as_str())),
        _ => Err(Refusal::bad_request("The request must have exactly one Host header.")),
    }
}

/// Programs send no origin; browsers send that of the page with every call that changes something.
fn origin(headers: &HeaderMap, is_own: impl Fn(&HostAndPort) -> bool) -> RequestOrigin {
    let mut values = headers.get_all(ORIGIN).iter();
    let origin = match (values.next(), values.next()) {
        (None, _) => return RequestOrigin::Own,
        (Some(origin), None) => origin.to_str().unwrap_or("null"),
        (Some(_), Some(_)) => "null",
    };
    let rest = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    match rest.and_then(HostAndPort::parse) {
        Some(host) if is_own(&host) => RequestOrigin::Own,
        Some(host) if host.is_loopback() => RequestOrigin::Loopback,
        _ => RequestOrigin::Foreign(origin.into()),
    }
}
