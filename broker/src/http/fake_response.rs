//! Answers that are not the broker's: those of a proxy on the way, or what is left of one.

use super::connection_reset::ConnectionReset;
use super::cors;
use super::scripted_body::{Step, scripted_body};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use std::iter::repeat_n;
use std::time::Duration;

/// What a proxy says when it wants to be seen instead of what was asked for.
const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Log in</title></head>\n\
    <body><h1>Welcome to this network</h1><p>Accept the terms to go on.</p></body></html>\n";

/// No resource answers with a list.
const WRONG_JSON: &str = r#"[{"unexpected":[null,true,0]}]"#;

/// More than the 8 MiB that the client takes.
const BIG_BYTES: usize = 9 * 1024 * 1024;

/// A piece of the big answer, which is never in memory as a whole.
const BIG_CHUNK: &[u8] = &[b' '; 64 * 1024];

/// How long a byte of the slow answer takes.
const DELAY_PER_BYTE: Duration = Duration::from_secs(2);

/// hyper throws away what it has not written yet when a body fails. So long it may take to write.
const FLUSH_TIME: Duration = Duration::from_millis(100);

/// A refusal by somebody on the way.
pub(super) fn status(code: u16) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY);
    let text = format!("The network answers {code}, for the broker was started with --fault.");
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

/// Without a length: a client shall find out while it reads.
pub(super) fn big() -> Response {
    let pieces = repeat_n(BIG_CHUNK, BIG_BYTES / BIG_CHUNK.len());
    let steps = pieces.map(|piece| Step::Send(Bytes::from_static(piece)));
    ([(CONTENT_TYPE, "application/json")], scripted_body(steps)).into_response()
}

/// The first half of an answer.
pub(super) async fn truncate(answer: Response) -> Result<Response, ConnectionReset> {
    rewrite(answer, |body| {
        let half = body.slice(..body.len() / 2);
        [Step::Send(half), Step::Wait(FLUSH_TIME), Step::Reset]
    })
    .await
}

/// An answer, byte by byte.
pub(super) async fn slow(answer: Response) -> Result<Response, ConnectionReset> {
    let byte = |byte| [Step::Wait(DELAY_PER_BYTE), Step::Send(Bytes::from(vec![byte]))];
    rewrite(answer, move |body| body.into_iter().flat_map(byte)).await
}

/// The same answer, whose head promises the whole body, whatever becomes of it.
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

/// Lets a page read a fake answer: without this, a browser would tell it of no more than a
/// failure of the network.
pub(super) fn allow_origin(mut fake: Response, request: &HeaderMap, expose: bool) -> Response {
    let headers = fake.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    cors::allow_origin(headers, request, expose);
    fake
}
