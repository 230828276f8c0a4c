//! Serves the resources below `/Agent/`.

use super::body;
use super::request_checks::CheckedRequest;
use super::state::{RemoteNetwork, ServerState};
use super::{clock, cors};
use crate::core::{
    Blob, Broker, Call, Credentials, Download, Mail, Received, Refusal, Request as DecodedRequest,
    ResponseBody, resources,
};
use crate::exchange::body::BodyError;
use crate::exchange::encoding::{decode, encode};
use crate::exchange::error_response::ErrorResponse;
use crate::exchange::media_type::{self, ResponseFormat};
use crate::exchange::path_match::PathMatch;
use crate::exchange::{form, inputs};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, REFERER,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use neuron_agent_api::wire::{AnswerKind, BodyKind, Input, InputKind, Resource, Value};
use std::sync::Arc;

/// Serves a request to a resource.
pub(super) async fn serve(State(shared): State<Arc<ServerState>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    // The body is read first, because a client that is still sending when the connection is closed
    // may never see the response.
    let body = body::read(body, &head.headers, shared.settings.limits.body).await;
    let answer = answer(&shared, &head, body).await;
    let mut response = answer.unwrap_or_else(IntoResponse::into_response);
    let headers = response.headers_mut();
    // The response may hold a token.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    cors::allow_origin(headers, &head.headers, shared.settings.expose_headers);
    response
}

/// The broker is locked twice, and only for short: to check the credentials before the body is
/// parsed, and to answer. What an answer tells is saved before it is sent.
async fn answer(
    shared: &ServerState,
    head: &Parts,
    body: Result<Bytes, BodyError>,
) -> Result<Response, ErrorResponse> {
    let path = head.uri.path();
    let found = PathMatch::find(resources(), path).ok_or_else(|| not_found(path))?;
    let allowed = found.allowed_methods();
    if head.method == Method::OPTIONS {
        return Ok(cors::preflight(&head.headers, allowed));
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
    let checked: &CheckedRequest =
        head.extensions.get().ok_or_else(|| Refusal::internal("The request was not checked."))?;
    let mut call = Call {
        now: clock::unix_seconds(),
        host: &checked.host,
        remote: remote(head),
        origin: checked.origin(),
        referrer: referrer(&head.headers),
        credentials: credentials(&head.headers)?,
        encoding: wanted.encoding,
        session: None,
    };
    shared.with_broker(|broker| broker.admit(resource, &mut call)).await??;
    let texts = inputs::read(resource, &head.headers, found.tail)?;
    let request = read_request(shared, resource, &head.headers, texts, body).await?;
    let work = |broker: &mut Broker| {
        // In the meantime the session may have ended, or the endpoint may have been blocked.
        let admitted = broker.admit(resource, &mut call);
        let answer = admitted.and_then(|()| broker.answer(resource, &call, &request));
        (answer, broker.take_mail())
    };
    let (answer, mail) = shared.with_broker(work).await?;
    for Mail { to, text } in mail {
        (shared.settings.print_mail)(&format!("To {to}: {text}"));
    }
    let answer = match answer? {
        ResponseBody::Object(answer) => answer,
        ResponseBody::Pending(query) => shared.result_of(&query).await?,
        ResponseBody::Bytes(download) => return Ok(bytes_response(download)?),
    };
    let length = text_length(&answer);
    let encode = move || encode(resource, wanted.encoding, answer);
    let text = shared.blocking_pool.run(length, encode).await?;
    Ok(([(CONTENT_TYPE, wanted.content_type)], text).into_response())
}

/// Decodes a request, by the kind of body that its resource has.
async fn read_request(
    shared: &ServerState,
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
            return Ok(shared.blocking_pool.run(length, decode).await?);
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
    Ok(shared.blocking_pool.run(length, read).await?)
}

fn bytes_response(Download { content, etag }: Download) -> Result<Response, Refusal> {
    let header = |text: String| {
        HeaderValue::try_from(text).map_err(|error| Refusal::internal(error.to_string()))
    };
    let mut response = content.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, header(content.media_type)?);
    if let Some(etag) = etag {
        headers.insert(ETAG, header(etag)?);
    }
    Ok(response)
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

/// The network that the request comes from. The port changes with each connection.
fn remote(head: &Parts) -> &str {
    head.extensions.get::<RemoteNetwork>().map_or("unknown", |remote| &remote.0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::offload::tests::is_waiting;
    use super::*;
    use crate::core::testing::session_at;
    use crate::http::{Limits, Settings};
    use axum::body::{Body, to_bytes};
    use std::pin::pin;

    /// A broker, and a session of Alice's.
    pub(in crate::http) fn begin() -> (Arc<ServerState>, String) {
        let (broker, token) = session_at(clock::unix_seconds());
        let settings = Settings {
            listen: String::new(),
            hosts: Vec::new(),
            root: "nowhere".into(),
            expose_headers: false,
            verbose: false,
            print_mail: |_| {},
            limits: Limits::default(),
        };
        (Arc::new(ServerState::new(broker, settings)), token)
    }

    async fn post(
        shared: &Arc<ServerState>,
        resource: &str,
        token: &str,
        body: String,
    ) -> (u16, String) {
        let request = Request::post(format!("/Agent/{resource}"))
            .extension(CheckedRequest::of_program("localhost"))
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body))
            .unwrap();
        let response = serve(State(shared.clone()), request).await;
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn assert_others_are_answered(shared: &Arc<ServerState>, token: &str) {
        let answer = post(shared, "Xmpp/GetRoster", token, "{}".into()).await;
        assert_eq!(answer, (200, r#"{"RosterItems":[]}"#.into()));
    }

    /// A message from Alice to herself, too long to be decoded or encoded inline.
    fn long_message() -> String {
        format!(r#"{{"to":"alice@localhost","xml":"{}"}}"#, "<a>12345678</a>".repeat(10_000))
    }

    #[tokio::test]
    async fn others_are_answered_while_a_long_request_is_read() {
        let (shared, token) = begin();
        let permits = shared.blocking_pool.acquire_all();
        let mut long = pin!(post(&shared, "Xmpp/SendXmlMessage", &token, long_message()));
        assert!(is_waiting(long.as_mut()).await);
        assert_others_are_answered(&shared, &token).await;
        assert!(is_waiting(long.as_mut()).await);
        drop(permits);
        assert_eq!(long.await.0, 200);
    }

    #[tokio::test]
    async fn others_are_answered_while_a_long_answer_is_written() {
        let (shared, token) = begin();
        assert_eq!(post(&shared, "Xmpp/SendXmlMessage", &token, long_message()).await.0, 200);
        let permits = shared.blocking_pool.acquire_all();
        let mut long = pin!(post(&shared, "Xmpp/PopMessages", &token, "{}".into()));
        assert!(is_waiting(long.as_mut()).await);
        assert_others_are_answered(&shared, &token).await;
        drop(permits);
        let (status, body) = long.await;
        assert_eq!((status, body.matches(r#""__name":"a""#).count()), (200, 10_000));
    }

    /// This would deadlock if decoding a body needed the broker.
    #[tokio::test]
    #[allow(clippy::await_holding_lock, reason = "that this does no harm is what is tested")]
    async fn a_body_is_decoded_without_locking_the_broker() {
        let (shared, token) = begin();
        for body in ["x".repeat(100_000), format!(r#"{{"to":"{}"}}"#, "x".repeat(100_000))] {
            let permits = shared.blocking_pool.acquire_all();
            let mut long = pin!(post(&shared, "Xmpp/SendXmlMessage", &token, body));
            assert!(is_waiting(long.as_mut()).await);
            let broker = shared.lock();
            drop(permits);
            assert_eq!(long.await.0, 400);
            drop(broker);
        }
    }

    #[tokio::test]
    async fn a_body_without_a_valid_token_is_not_decoded() {
        let (shared, _) = begin();
        let _permits = shared.blocking_pool.acquire_all();
        assert_eq!(post(&shared, "Xmpp/SendXmlMessage", "x", long_message()).await.0, 401);
    }

    #[tokio::test]
    async fn a_session_may_end_while_its_request_is_decoded() {
        let (shared, token) = begin();
        let permits = shared.blocking_pool.acquire_all();
        let mut long = pin!(post(&shared, "Xmpp/SendXmlMessage", &token, long_message()));
        assert!(is_waiting(long.as_mut()).await);
        assert_eq!(post(&shared, "Account/Logout", &token, "{}".into()).await.0, 200);
        drop(permits);
        assert_eq!(long.await.0, 401);
    }

    /// Concurrent guesses are counted like successive ones.
    #[tokio::test]
    async fn concurrent_guesses_are_counted() {
        let (shared, _) = begin();
        let permits = shared.blocking_pool.acquire_all();
        let guess = |number: usize| {
            let padding = " ".repeat(100_000);
            let body = format!(
                r#"{{"userName":"alice","nonce":"{number:032}","signature":"x","seconds":60}}{padding}"#
            );
            let shared = shared.clone();
            tokio::spawn(async move { post(&shared, "Account/Login", "", body).await.0 })
        };
        let guesses: Vec<_> = (0..30).map(guess).collect();
        drop(permits);
        let mut wrong = 0;
        for guess in guesses {
            match guess.await.unwrap() {
                401 => wrong += 1,
                status => assert_eq!(status, 429),
            }
        }
        assert_eq!(wrong, 20);
    }
}
