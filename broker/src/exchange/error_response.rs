//! A [`Refusal`] as an HTTP response: a status, and a sentence in plain text.

use super::body::{BodyError, MAX_BYTES};
use crate::core::{Challenge, Refusal};
use hyper::body::Bytes;
use hyper::header::{
    ALLOW, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::header::InvalidHeaderValue;
use hyper::{Response, StatusCode};

/// A refusal, and what HTTP adds to it.
#[derive(Debug)]
pub struct ErrorResponse {
    refusal: Refusal,
    /// The methods that are allowed, for 405.
    allow: Option<String>,
    /// Whether the connection is closed, because what follows may still belong to this request's
    /// body.
    close: bool,
}

impl ErrorResponse {
    /// The response to a method that the path does not have.
    pub fn wrong_method(allow: String) -> Self {
        let text = format!("The method is not allowed. Use one of: {allow}.");
        Self { allow: Some(allow), ..Refusal::new(405, text).into() }
    }

    /// Closes the connection after the response.
    pub fn closing(self) -> Self {
        Self { close: true, ..self }
    }
}

impl From<Refusal> for ErrorResponse {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, allow: None, close: false }
    }
}

impl From<BodyError> for ErrorResponse {
    fn from(fault: BodyError) -> Self {
        let refusal = match fault {
            BodyError::TooLong => {
                let most = MAX_BYTES / 1024;
                Refusal::new(413, format!("The body is too long. At most {most} KiB are read."))
            }
            BodyError::TooSlow => Refusal::new(408, "The body took too long to arrive."),
            BodyError::Broken => Refusal::bad_request("The body ended too early or is malformed."),
        };
        Self { close: true, ..refusal.into() }
    }
}

impl From<ErrorResponse> for Response<Bytes> {
    fn from(error: ErrorResponse) -> Self {
        let Refusal { status, text, challenge, alternatives } = error.refusal;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::new(Bytes::from(text));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(allow) = error.allow.and_then(|allow| HeaderValue::try_from(allow).ok()) {
            headers.insert(ALLOW, allow);
        }
        if error.close {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        for (number, name) in (1..).zip(&alternatives) {
            let header = HeaderName::try_from(format!("x-alternativename{number}"));
            // A name that is not ASCII is sent as UTF-8, because the contract defines nothing else.
            if let (Ok(header), Ok(name)) = (header, HeaderValue::from_bytes(name.as_bytes())) {
                headers.insert(header, name);
            }
        }
        if let Some(value) = challenge.and_then(|challenge| challenge_value(challenge).ok()) {
            headers.insert(WWW_AUTHENTICATE, value);
        }
        response
    }
}

/// No error is named if no token was sent (RFC 6750 §3).
fn challenge_value(challenge: Challenge) -> Result<HeaderValue, InvalidHeaderValue> {
    match challenge {
        Challenge::LogIn => Ok(HeaderValue::from_static("Bearer realm=\"Agent API\"")),
        Challenge::Password => {
            Ok(HeaderValue::from_static("Basic realm=\"Agent API\", charset=\"UTF-8\""))
        }
        Challenge::InvalidToken(reason) => HeaderValue::try_from(format!(
            "Bearer realm=\"Agent API\", error=\"invalid_token\", error_description=\"{reason}\""
        )),
    }
}
