//! Responses of a faulty network instead of the broker's.

use super::connection_reset::ConnectionReset;
use super::scripted_body::{Step, scripted_body};
use crate::exchange::cors;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use std::iter::repeat_n;
use std::time::Duration;

/// The login page of a captive portal.
const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Log in</title></head>\n\
    <body><h1>Welcome to this network</h1><p>Accept the terms to go on.</p></body></html>\n";

/// No resource answers with a list.
const WRONG_JSON: &str = r#"[{"unexpected":[null,true,0]}]"#;

/// More than the 8 MiB that the client accepts.
const BIG_BYTES: usize = 9 * 1024 * 1024;

/// A piece of the big response, which is never in memory as a whole.
const BIG_CHUNK: &[u8] = &[b' '; 64 * 1024];

/// How long each byte of the slow response takes.
const DELAY_PER_BYTE: Duration = Duration::from_secs(2);

/// How long written data may take to leave, because hyper discards what is unwritten when a body
/// fails.
const FLUSH_TIME: Duration = Duration::from_millis(100);

/// A proxy's response with a status.
pub(super) fn status(code: u16) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY);
    let text = format!("The network answers {code}, because the broker was started with --fault.");
    let mut response =
        (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response();
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

pub(super) fn html() -> Response {
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], HTML_PAGE).into_response()
}

pub(super) fn empty() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

pub(super) fn wrong() -> Response {
    ([(CONTENT_TYPE, "application/json")], WRONG_JSON).into_response()
}

/// Without a length, so that a client has to count while it reads.
pub(super) fn big() -> Response {
    let pieces = repeat_n(BIG_CHUNK, BIG_BYTES / BIG_CHUNK.len());
    let steps = pieces.map(|piece| Step::Send(Bytes::from_static(piece)));
    ([(CONTENT_TYPE, "application/json")], scripted_body(steps)).into_response()
}

/// The first half of a response.
pub(super) async fn truncate(answer: Response) -> Result<Response, ConnectionReset> {
    rewrite(answer, |body| {
        let half = body.slice(..body.len() / 2);
        [Step::Send(half), Step::Wait(FLUSH_TIME), Step::Reset]
    })
    .await
}

/// A response, byte by byte.
pub(super) async fn slow(answer: Response) -> Result<Response, ConnectionReset> {
    let byte = |byte| [Step::Wait(DELAY_PER_BYTE), Step::Send(Bytes::from(vec![byte]))];
    rewrite(answer, move |body| body.into_iter().flat_map(byte)).await
}

/// The same response with another body. Its head promises the whole one.
async fn rewrite<Steps>(
    answer: Response,
    script: impl FnOnce(Bytes) -> Steps,
) -> Result<Response, ConnectionReset>
where
    Steps: IntoIterator<Item = Step>,
    Steps::IntoIter: Send + 'static,
{
    let (mut head, body) = answer.into_parts();
    let body = body.collect().await.map_err(|_| ConnectionReset)?.to_bytes();
    head.headers.insert(CONTENT_LENGTH, body.len().into());
    Ok(Response::from_parts(head, scripted_body(script(body))))
}

/// Lets the calling page read a fake response. Without this, a browser would report a network error
/// only.
pub(super) fn allow_origin(mut fake: Response, request: &HeaderMap, expose: bool) -> Response {
    let headers = fake.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    cors::allow_origin(headers, request, expose);
    fake
}
