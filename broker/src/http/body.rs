//! Reads the body of a request, within limits of length and time.

use crate::exchange::{BodyError, MAX_BYTES};
use axum::body::Body;
use http_body_util::BodyExt;
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, EXPECT, HeaderMap};
use std::time::Duration;
use tokio::time::timeout;

/// How much of a body that is too long is read and discarded. A client reads the response once it
/// has sent everything; if the connection were closed before, it would see a network error.
const MAX_DISCARDED_BYTES: usize = 2 * MAX_BYTES;

/// Reads the whole body.
pub(super) async fn read(
    body: Body,
    headers: &HeaderMap,
    deadline: Duration,
) -> Result<Bytes, BodyError> {
    // A client that waits for "100 Continue" has sent nothing yet.
    if headers.contains_key(EXPECT) && declared_length(headers).is_some_and(|all| all > MAX_BYTES) {
        return Err(BodyError::TooLong);
    }
    timeout(deadline, collect(body)).await.unwrap_or(Err(BodyError::TooSlow))
}

async fn collect(mut body: Body) -> Result<Bytes, BodyError> {
    let mut whole = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        length += data.len();
        if length > MAX_DISCARDED_BYTES {
            break;
        }
        if length <= MAX_BYTES {
            whole.extend_from_slice(&data);
        }
    }
    if length > MAX_BYTES { Err(BodyError::TooLong) } else { Ok(whole.into()) }
}

fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
