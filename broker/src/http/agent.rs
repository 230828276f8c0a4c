//! Serves the resources below `/Agent/`.

use super::body;
use super::request_checks::CheckedRequest;
use super::state::{RemoteNetwork, ServerState};
use crate::core::Refusal;
use crate::exchange::{Caller, ErrorResponse, cors, respond};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hyper::Method;
use hyper::http::request::Parts;
use std::sync::Arc;

/// Serves a request to a resource.
pub(super) async fn serve(State(shared): State<Arc<ServerState>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    // The body is read first, because a client that is still sending when the connection is closed
    // may never see the response.
    let body = body::read(body, &head.headers, shared.settings.limits.body).await;
    let Some(checked) = head.extensions.get::<CheckedRequest>() else {
        let refusal = Refusal::internal("The request was not checked.");
        return ErrorResponse::from(refusal).into_response();
    };
    // The broker serves no HTTPS.
    let caller = Caller {
        host: &checked.host,
        is_secure: false,
        remote: remote(&head),
        origin: checked.origin(),
    };
    let mut response = respond(&*shared, caller, &head, body).await.map(Body::from);
    let headers = response.headers_mut();
    if head.method == Method::OPTIONS {
        cors::allow_call(headers, &head.headers);
    }
    cors::allow_origin(headers, &head.headers, shared.settings.expose_headers);
    response
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
    use crate::http::clock::unix_seconds;
    use crate::http::{Limits, Settings};
    use axum::body::to_bytes;
    use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
    use std::pin::pin;

    /// A broker, and a session of Alice's.
    pub(in crate::http) fn begin() -> (Arc<ServerState>, String) {
        let (broker, token) = session_at(unix_seconds());
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
