//! What a declaration can say, by resources that were made up for it.

use super::agent::{self, tests::begin};
use super::request_checks::CheckedRequest;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use hyper::header::AUTHORIZATION;

/// Sends a request with Alice's token.
async fn send(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let (shared, token) = begin();
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .extension(CheckedRequest::of_program("localhost"))
        .header(AUTHORIZATION, format!("Bearer {token}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_vec())).unwrap();
    agent::serve(State(shared), request).await
}

/// The status and the body of a response.
async fn answer(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn bytes_a_header_and_the_end_of_the_path_are_arguments() {
    let path = "/Agent/Test/Content/a%20b/%C3%A5.png";
    let headers = [("Content-Type", "image/png"), ("X-Visibility", "Public")];
    let seen = r#"{"seen":"image/png [0, 255] [Some(\"a b/å.png\"), Some(\"Public\")] None"}"#;
    assert_eq!(answer(send("PUT", path, &headers, &[0, 255]).await).await, (200, seen.into()));
    let seen = r#"{"seen":"application/octet-stream [] [Some(\"x\"), None] None"}"#;
    let response = send("PUT", "/Agent/Test/Content/x", &[], &[]).await;
    assert_eq!(answer(response).await, (200, seen.into()));
}

#[tokio::test]
async fn a_header_and_the_path_have_the_rules_of_their_kinds() {
    for (path, headers, text) in [
        (
            "/Agent/Test/Content/x",
            &[("X-Visibility", "None")][..],
            "The header X-Visibility is not one of the allowed values.",
        ),
        (
            "/Agent/Test/Content/x",
            &[("X-Visibility", "Public"), ("X-Visibility", "Public")],
            "The request has more than one header X-Visibility.",
        ),
        ("/Agent/Test/Content/", &[], "The contentId at the end of the path must not be empty."),
        (
            "/Agent/Test/Content/a/%2e%2e/b",
            &[],
            "The path must not have \".\" or \"..\" between its slashes.",
        ),
    ] {
        assert_eq!(answer(send("PUT", path, headers, b"").await).await, (400, text.into()));
    }
    let compressed =
        send("PUT", "/Agent/Test/Content/x", &[("Content-Encoding", "gzip")], b"").await;
    assert_eq!(compressed.status().as_u16(), 415);
}

#[tokio::test]
async fn resources_at_one_path_differ_by_their_methods() {
    let path = "/Agent/Test/Content/x";
    assert_eq!(answer(send("DELETE", path, &[], b"").await).await, (200, "{}".into()));
    for (method, path, status, allowed) in [
        ("POST", path, 405, "PUT, GET, HEAD, DELETE, OPTIONS"),
        ("OPTIONS", path, 204, "PUT, GET, HEAD, DELETE, OPTIONS"),
        ("PUT", "/Agent/Test/Content", 405, "POST, OPTIONS"),
    ] {
        let response = send(method, path, &[], b"").await;
        assert_eq!(response.status().as_u16(), status, "{method}");
        assert_eq!(header(&response, "Allow"), Some(allowed));
    }
}

#[tokio::test]
async fn bytes_are_answered_with_their_media_type_and_version() {
    let response = send("GET", "/Agent/Test/Content/hi", &[("Accept", "image/*")], b"").await;
    assert_eq!(header(&response, "Content-Type"), Some("image/png"));
    assert_eq!(header(&response, "ETag"), Some("\"1\""));
    assert_eq!(header(&response, "X-Content-Type-Options"), Some("nosniff"));
    assert_eq!(answer(response).await, (200, "hi".into()));
}

#[tokio::test]
async fn a_form_has_texts_and_files() {
    let upload = async |most: &str| {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"visibility\"\r\n\r\nPublic\r\n\
             --x\r\nContent-Disposition: form-data; name=\"most\"\r\n\r\n{most}\r\n\
             --x\r\nContent-Disposition: form-data; name=\"Content\"; filename=\"a.txt\"\r\n\
             Content-Type: text/plain\r\n\r\nhi\r\n--x--\r\n"
        );
        let headers = [("Content-Type", "multipart/form-data; boundary=x")];
        answer(send("POST", "/Agent/Test/Content", &headers, body.as_bytes()).await).await
    };
    let seen = r#"{"seen":"text/plain [104, 105] [None, Some(\"Public\")] Some(7)"}"#;
    assert_eq!(upload("7").await, (200, seen.into()));
    let rule = r#"The property "most" must be a whole number from 1 to 9."#;
    assert_eq!(upload("10").await, (400, rule.into()));
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_whatever_its_kind() {
    let long = vec![b'x'; crate::exchange::MAX_BYTES + 1];
    for (method, path) in [("PUT", "/Agent/Test/Content/x"), ("POST", "/Agent/Test/Content")] {
        assert_eq!(send(method, path, &[], &long).await.status().as_u16(), 413);
    }
}
