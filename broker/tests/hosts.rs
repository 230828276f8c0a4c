//! The hosts that the broker answers for.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use broker::http::Settings;
use std::fs;
use std::path::PathBuf;
use support::{Request, Response, Running, settings, sign, start, start_with_faults};

/// A broker with a page.
fn serve(hosts: &[&str]) -> Running {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hosts");
    fs::create_dir_all(root.join("www")).unwrap();
    fs::write(root.join("www/index.html"), "<!doctype html>").unwrap();
    let hosts = hosts.iter().map(|name| name.parse().unwrap()).collect();
    start(Settings { hosts, root, ..settings() })
}

fn socket_request() -> Request {
    Request::new("GET", "/ClientEventsWS")
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Protocol", "ls")
}

/// One request of each kind, and the status of its answer.
fn kinds() -> [(Request, u16); 6] {
    [
        (Request::new("GET", "/"), 200),
        (Request::new("GET", "/missing.js"), 404),
        (Request::new("GET", "/Agent/Account/DomainInfo"), 200),
        (Request::post("Account/Login", "{}"), 400),
        (Request::new("OPTIONS", "/Agent/Xmpp/GetRoster"), 204),
        (Request::new("GET", "/ClientEventsWS"), 400),
    ]
}

fn send(broker: &Running, request: &Request, host: &str) -> Response {
    Response::parse(&broker.exchange(request.bytes(host)))
}

#[test]
fn requests_for_the_names_of_this_machine_are_answered() {
    let broker = serve(&[]);
    let port = broker.address.port();
    for host in [format!("127.0.0.1:{port}"), format!("LOCALHOST:{port}"), format!("[::1]:{port}")]
    {
        for (request, status) in kinds() {
            assert_eq!(send(&broker, &request, &host).status, status, "{host}");
        }
    }
}

#[test]
fn other_names_are_refused_whatever_is_asked_for() {
    let broker = serve(&["broker.example"]);
    let port = broker.address.port();
    for host in [
        "evil.example".into(),
        format!("evil.example:{port}"),
        format!("broker.example.evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        "localhost:1".into(),
        format!("192.0.2.7:{port}"),
    ] {
        for (request, _) in kinds().into_iter().chain([(socket_request(), 101)]) {
            let response = send(&broker, &request, &host);
            response.assert_refusal(421, "does not answer for the host");
        }
    }
    broker.assert_alive();
}

#[test]
fn more_hosts_may_be_allowed() {
    let broker = serve(&["broker.example", "proxy.example:8443"]);
    let port = broker.address.port();
    for host in ["broker.example", &format!("broker.example:{port}"), "Proxy.Example:8443"] {
        for (request, status) in kinds() {
            assert_eq!(send(&broker, &request, host).status, status, "{host}");
        }
    }
    send(&broker, &kinds()[0].0, "proxy.example").assert_refusal(421, "--host NAME");
}

#[test]
fn a_request_has_one_host_whatever_is_asked_for() {
    let broker = serve(&[]);
    let own = broker.host();
    for line in ["GET /", "GET /Agent/Account/DomainInfo", "GET /ClientEventsWS", "GET /missing"] {
        for (headers, sentence) in [
            (String::new(), "one Host header"),
            (format!("Host: {own}\r\nHost: {own}\r\n"), "one Host header"),
            ("Host: \u{e5}\r\n".into(), "one Host header"),
            ("Host:\r\n".into(), "must be a host name"),
            (format!("Host: user@{own}\r\n"), "must be a host name"),
            (format!("Host: http://{own}\r\n"), "must be a host name"),
            (format!("Host: {own}, {own}\r\n"), "must be a host name"),
        ] {
            let text = broker.exchange(format!("{line} HTTP/1.1\r\n{headers}\r\n"));
            Response::parse(&text).assert_refusal(400, sentence);
        }
    }
}

/// RFC 9112, section 3.2.2.
#[test]
fn an_absolute_url_names_the_host() {
    let broker = serve(&[]);
    let own = broker.host();
    let get = |target: &str, host: &str| {
        let text = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Response::parse(&broker.exchange(text))
    };
    assert_eq!(get(&format!("http://{own}/"), &own).status, 200);
    assert_eq!(get(&format!("http://{own}/"), "evil.example").status, 200);
    get("http://evil.example/", &own).assert_refusal(421, "does not answer for the host");
}

#[test]
fn a_login_that_was_signed_for_another_broker_is_refused() {
    let broker = serve(&[]);
    let host = "other.example";
    let nonce = "n".repeat(32);
    let signature = sign("wonderland", &format!("alice:{host}:{nonce}"));
    let body = [
        format!(r#"{{"userName":"alice","nonce":"{nonce}","#),
        format!(r#""signature":"{signature}","seconds":60}}"#),
    ]
    .concat();
    let login = Request::post("Account/Login", &body);
    send(&broker, &login, host).assert_refusal(421, "does not answer for the host");
    send(&broker, &login, &broker.host()).assert_refusal(401, "the signature is not");
    let told = serve(&[host]);
    assert_eq!(send(&told, &login, host).status, 200);
}

#[test]
fn the_address_with_faults_is_a_host_of_its_own() {
    let (broker, bad) = start_with_faults(settings(), "latency=0..1");
    let request = Request::new("GET", "/Agent/Account/DomainInfo");
    assert_eq!(bad.send(&request).status, 200);
    let text = bad.exchange(request.bytes(&broker.host()));
    Response::parse(&text).assert_refusal(421, "does not answer for the host");
}

#[test]
fn the_answer_arrives_while_the_body_is_sent() {
    let broker = serve(&[]);
    let request = Request::post("Account/Login", &" ".repeat(4 * 1024 * 1024));
    send(&broker, &request, "evil.example").assert_refusal(421, "does not answer for the host");
}
