//! Answers a request to a resource.

use super::body::BodyError;
use super::encoding::{decode, encode};
use super::error_response::ErrorResponse;
use super::form;
use super::inputs;
use super::media_type::{self, ResponseFormat};
use super::path_match::PathMatch;
use super::runtime::Runtime;
use crate::core::{
    Blob, Broker, Call, Credentials, Download, Origin, Received, Refusal,
    Request as DecodedRequest, ResponseBody, resources,
};
use hyper::body::Bytes;
use hyper::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    REFERER, X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use neuron_agent_api::wire::{AnswerKind, BodyKind, Input, InputKind, Resource, Value};
use std::pin::Pin;

/// Who sends a request, and to which host.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The host in the form of a URL, with its port, which a login signs.
    pub host: &'a str,
    /// Whether it is sent over TLS.
    pub is_secure: bool,
    /// The network that the request comes from: an IP address, or an IPv6 prefix.
    pub remote: &'a str,
    /// The origin for which failed logins are counted.
    pub origin: Origin<'a>,
}

/// The response to a request below `/Agent/`.
///
/// In a box, because the compiler does not see that the future is `Send` through a generic runtime.
pub fn respond<'a>(
    runtime: &'a impl Runtime,
    caller: Caller<'a>,
    head: &'a Parts,
    body: Result<Bytes, BodyError>,
) -> Pin<Box<dyn Future<Output = Response<Bytes>> + Send + 'a>> {
    Box::pin(async move {
        let mut response = answer(runtime, caller, head, body).await.unwrap_or_else(Into::into);
        let headers = response.headers_mut();
        // The response may hold a token.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    })
}

/// The broker is locked twice, and only for short: to check the credentials before the body is
/// parsed, and to answer. What an answer tells is saved before it is sent.
async fn answer(
    runtime: &impl Runtime,
    caller: Caller<'_>,
    head: &Parts,
    body: Result<Bytes, BodyError>,
) -> Result<Response<Bytes>, ErrorResponse> {
    let path = head.uri.path();
    let found = PathMatch::find(resources(), path).ok_or_else(|| not_found(path))?;
    let allowed = found.allowed_methods();
    if head.method == Method::OPTIONS {
        return Ok(allowing(allowed));
    }
    let resource =
        found.with_method(&head.method).ok_or_else(|| ErrorResponse::wrong_method(allowed))?;
    // A body that is too long is refused whoever sends it, before anything else is checked.
    if let Err(BodyError::TooLong) = body {
        return Err(BodyError::TooLong.into());
    }
    let wanted = match resource.answer {
        AnswerKind::Bytes => ResponseFormat::JSON,
        AnswerKind::Object | AnswerKind::Nothing => {
            media_type::of_answer(&head.headers, resource.elements.is_some())?
        }
    };
    let mut call = Call {
        now: runtime.now(),
        host: caller.host,
        is_secure: caller.is_secure,
        remote: caller.remote,
        origin: caller.origin,
        referrer: referrer(&head.headers),
        credentials: credentials(&head.headers)?,
        encoding: wanted.encoding,
        session: None,
    };
    runtime.with_broker(|broker| broker.admit(resource, &mut call)).await??;
    let texts = inputs::read(resource, &head.headers, found.tail)?;
    let request = read_request(runtime, resource, &head.headers, texts, body).await?;
    let work = |broker: &mut Broker| {
        // In the meantime the session may have ended, or the endpoint may have been blocked.
        let admitted = broker.admit(resource, &mut call);
        let answer = admitted.and_then(|()| broker.answer(resource, &call, &request));
        (answer, broker.take_mail())
    };
    let (answer, mail) = runtime.with_broker(work).await?;
    mail.into_iter().for_each(|mail| runtime.hand_over(mail));
    let answer = match answer? {
        ResponseBody::Object(answer) => answer,
        ResponseBody::Pending(query) => runtime.result_of(&query).await?,
        ResponseBody::Bytes(download) => return Ok(bytes_response(download)?),
    };
    let length = text_length(&answer);
    let encode = move || encode(resource, wanted.encoding, answer);
    let text = runtime.run(length, encode).await?;
    let content_type = HeaderValue::from_static(wanted.content_type);
    Ok(with_header(Response::new(text.into()), CONTENT_TYPE, content_type))
}

/// Decodes a request, by the kind of body that its resource has.
async fn read_request(
    runtime: &impl Runtime,
    resource: &'static Resource,
    headers: &HeaderMap,
    texts: Vec<(&'static str, String)>,
    body: Result<Bytes, BodyError>,
) -> Result<DecodedRequest, ErrorResponse> {
    let (received, length) = match resource.body {
        BodyKind::Nothing => (Value::object().into(), 0),
        BodyKind::Object => {
            let (encoding, body) = (media_type::of_body(headers)?, body?);
            let length = body.len();
            let decode = move || decode(resource, encoding, &body, texts);
            return Ok(runtime.run(length, decode).await?);
        }
        BodyKind::Form => {
            let body = body?;
            let length = body.len();
            (form::read(resource.inputs, headers, body).await?, length)
        }
        BodyKind::Bytes => {
            let content = Blob { media_type: media_type::of_bytes(headers)?, bytes: body?.into() };
            let is_content = |input: &&Input| matches!(input.kind, InputKind::Content);
            let input = resource.inputs.iter().find(is_content);
            let contents = input.map(|input| (input.name, content)).into_iter().collect();
            (Received { contents, ..Value::object().into() }, 0)
        }
    };
    let read = move || DecodedRequest::read(resource, Received { texts, ..received });
    Ok(runtime.run(length, read).await?)
}

fn bytes_response(Download { content, etag }: Download) -> Result<Response<Bytes>, Refusal> {
    let header = |text: String| {
        HeaderValue::try_from(text).map_err(|error| Refusal::internal(error.to_string()))
    };
    let mut response = Response::new(content.bytes.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, header(content.media_type)?);
    if let Some(etag) = etag {
        headers.insert(ETAG, header(etag)?);
    }
    Ok(response)
}

/// The response to `OPTIONS`.
fn allowing(methods: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    match HeaderValue::try_from(methods) {
        Ok(methods) => with_header(response, ALLOW, methods),
        Err(_) => response,
    }
}

fn with_header(
    mut response: Response<Bytes>,
    name: HeaderName,
    value: HeaderValue,
) -> Response<Bytes> {
    response.headers_mut().insert(name, value);
    response
}

/// The size of the texts in an answer, in bytes.
fn text_length(answer: &Value) -> usize {
    match answer {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(text_length).sum(),
        Value::Object(properties) => properties.iter().map(|(_, value)| text_length(value)).sum(),
        _ => 0,
    }
}

fn not_found(path: &str) -> Refusal {
    if path == "/Agent/Account/CreateWebForm" {
        Refusal::new(
            501,
            "This broker can't do that: a web form needs a CAPTCHA service. Use Account/Create.",
        )
    } else {
        Refusal::new(404, "There is no such resource.")
    }
}

/// The credentials of a request. An unknown scheme is ignored; two headers could name two callers.
fn credentials(headers: &HeaderMap) -> Result<Credentials<'_>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(Credentials::None) };
    if values.next().is_some() {
        return Err(Refusal::bad_request("The request has more than one Authorization header."));
    }
    let Some((scheme, presented)) = value.to_str().ok().and_then(|value| value.split_once(' '))
    else {
        return Ok(Credentials::None);
    };
    let is = |name: &str| scheme.eq_ignore_ascii_case(name);
    let presented = presented.trim();
    Ok(match () {
        () if is("Bearer") => Credentials::Bearer(presented),
        () if is("Basic") => Credentials::Basic(presented),
        () => Credentials::None,
    })
}

/// The address of the page or program that calls. An empty one says nothing.
fn referrer(headers: &HeaderMap) -> Option<&str> {
    headers.get(REFERER)?.to_str().ok().filter(|referrer| !referrer.is_empty())
}
