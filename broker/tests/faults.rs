//! The broker on the address with faults: what arrives, and whether the broker has handled the
//! call.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod support;

use broker::http::Settings;
use neuron_agent_api::resources::xmpp::GET_ROSTER;
use neuron_agent_api::wire::Encoding::Json;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};
use support::{
    Client, Request, Response, Running, list, read_head, read_to_end, settings, start_with_faults,
    wait_until,
};

const MIB: usize = 1024 * 1024;

/// A broker with one fault, and a session that was opened on the address without faults.
struct Scene {
    broker: Running,
    faulty: Client,
    token: String,
}

impl Scene {
    fn new(faults: &str) -> Self {
        Self::with(settings(), faults)
    }

    fn with(settings: Settings, faults: &str) -> Self {
        let (broker, faulty) = start_with_faults(settings, faults);
        let token = broker.log_in("alice", "wonderland");
        Self { broker, faulty, token }
    }

    /// A call whose effect can be seen.
    fn request(&self) -> Request {
        Request::post("Xmpp/SetRosterItem", r#"{"bareJid":"carol@localhost","name":"Carol"}"#)
            .header("Authorization", &format!("Bearer {}", self.token))
            .header("Origin", "https://page.example")
    }

    fn bytes(&self) -> Vec<u8> {
        self.request().bytes(&self.faulty.address.to_string())
    }

    /// Sends the call to the address with faults.
    fn send(&self) -> TcpStream {
        let mut stream = self.faulty.connect();
        stream.write_all(&self.bytes()).unwrap();
        stream
    }

    /// Everything that arrives when the call is sent to the address with faults.
    fn exchange(&self) -> String {
        read_to_end(&mut self.send())
    }

    /// [`Scene::exchange`], if that is a whole response.
    fn answer(&self) -> Response {
        let response = self.faulty.send(&self.request().header("Connection", "close"));
        assert_eq!(
            response.header("access-control-allow-origin").as_deref(),
            Some("https://page.example")
        );
        assert_eq!(response.header("vary").as_deref(), Some("origin"));
        assert_eq!(response.header("cache-control").as_deref(), Some("no-store"));
        response
    }

    /// Whether the broker has handled the call.
    fn is_handled(&self) -> bool {
        let roster = self.broker.call(&GET_ROSTER, &self.token, Json, "{}");
        !list(&roster, "RosterItems").is_empty()
    }

    /// Fails unless the broker handles the call, or has not handled it.
    #[track_caller]
    fn assert_handled(&self, is_handled: bool) {
        if is_handled {
            wait_until(|| self.is_handled());
        } else {
            assert!(!self.is_handled());
        }
    }
}

/// Everything that arrives within that time, on a connection that must not end.
#[track_caller]
fn read_for(stream: &mut TcpStream, time: Duration) -> String {
    let (start, mut bytes) = (Instant::now(), Vec::new());
    while let Some(left) = time.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) {
        stream.set_read_timeout(Some(left)).unwrap();
        let mut piece = [0; 1024];
        match stream.read(&mut piece) {
            Ok(0) => panic!("The connection has ended."),
            Ok(length) => bytes.extend_from_slice(piece.get(..length).unwrap()),
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut));
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn reset_ends_the_connection_before_the_broker_gets_the_call() {
    let scene = Scene::new("reset=1");
    assert_eq!(scene.exchange(), "");
    scene.assert_handled(false);
}

#[test]
fn lost_ends_the_connection_after_the_call_is_handled() {
    let scene = Scene::new("lost=1");
    assert_eq!(scene.exchange(), "");
    scene.assert_handled(true);
}

#[test]
fn a_reset_ends_a_connection_that_worked_so_far() {
    let scene = Scene::new("lost=1");
    let mut stream = scene.faulty.connect();
    let preflight = Request::new("OPTIONS", "/Agent/Xmpp/GetRoster").bytes(&scene.faulty.host());
    stream.write_all(&preflight).unwrap();
    let head = read_head(&mut stream);
    assert!(head.starts_with("HTTP/1.1 204 "), "{head}");
    stream.write_all(&scene.bytes()).unwrap();
    assert_eq!(read_to_end(&mut stream), "");
    scene.assert_handled(true);
}

#[test]
fn hang_never_answers() {
    let scene = Scene::new("hang=1");
    let mut stream = scene.send();
    assert_eq!(read_for(&mut stream, Duration::from_secs(1)), "");
    scene.assert_handled(true);
}

#[test]
fn a_connection_ends_with_its_client() {
    for fault in ["hang=1", "slow=1", "latency=200..200,hang=1", "big=1"] {
        let scene = Scene::new(fault);
        let streams = [scene.send(), scene.send(), scene.send()];
        scene.assert_handled(true);
        scene.broker.wait_for_connections(streams.len());
        drop(streams);
        scene.broker.wait_for_connections(0);
    }
}

#[test]
fn a_hanging_call_ends_when_the_client_closes_its_half() {
    let scene = Scene::new("hang=1");
    let mut stream = scene.send();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&mut stream), "");
    scene.broker.wait_for_connections(0);
}

#[test]
fn a_broker_that_is_told_to_stop_does_not_wait_for_its_faults() {
    for fault in ["hang=1", "slow=1", "latency=60000..60000"] {
        let scene = Scene::new(fault);
        let mut stream = scene.send();
        read_for(&mut stream, Duration::from_millis(200));
        scene.broker.assert_stops_at_once();
    }
}

#[test]
fn truncate_sends_less_than_it_promises() {
    let scene = Scene::new("truncate=1");
    let half = Response::parse(&scene.exchange());
    assert_eq!(half.status, 200);
    let promised: usize = half.header("content-length").unwrap().parse().unwrap();
    let whole = scene.broker.send(&scene.request());
    assert_eq!(whole.body.len(), promised);
    assert_eq!(half.body, whole.body.get(..promised / 2).unwrap());
    assert_eq!(half.header("access-control-allow-origin").unwrap(), "https://page.example");
    scene.assert_handled(true);
}

#[test]
fn status_is_sent_before_the_broker_gets_the_call() {
    for (code, retry_after) in [(429, Some("1")), (500, None), (502, None), (503, Some("1"))] {
        let scene = Scene::new(&format!("status={code}:1"));
        let response = scene.answer();
        assert_eq!(response.status, code);
        assert_eq!(response.header("retry-after").as_deref(), retry_after);
        assert_eq!(response.header("content-type").unwrap(), "text/plain; charset=utf-8");
        assert!(response.body.contains(&code.to_string()), "{response:?}");
        scene.assert_handled(false);
    }
}

#[test]
fn a_long_body_is_read_before_a_status() {
    let scene = Scene::new("status=503:1");
    let body = "x".repeat(8 * MIB);
    assert_eq!(scene.faulty.send(&Request::post("Xmpp/GetRoster", &body)).status, 503);
}

#[test]
fn html_is_a_page_instead_of_the_answer() {
    let scene = Scene::new("html=1");
    let response = scene.answer();
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type").unwrap(), "text/html; charset=utf-8");
    assert!(response.body.starts_with("<!DOCTYPE html>"), "{}", response.body);
    scene.assert_handled(true);
}

#[test]
fn empty_is_no_content_instead_of_the_answer() {
    let scene = Scene::new("empty=1");
    let response = scene.answer();
    assert_eq!((response.status, response.body.as_str()), (204, ""));
    assert_eq!(response.header("content-length"), None);
    scene.assert_handled(true);
}

#[test]
fn wrong_is_json_of_another_shape() {
    let scene = Scene::new("wrong=1");
    let response = scene.answer();
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type").unwrap(), "application/json");
    assert!(serde_json::from_str::<serde_json::Value>(&response.body).unwrap().is_array());
    scene.assert_handled(true);
}

#[test]
fn big_is_more_than_a_client_accepts() {
    let scene = Scene::new("big=1");
    let response = scene.answer();
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type").unwrap(), "application/json");
    // Without a length, so that a client has to count.
    assert_eq!(response.header("content-length"), None);
    assert_eq!(response.body.matches(' ').count(), 9 * MIB);
    scene.assert_handled(true);
}

#[test]
fn slow_keeps_a_client_waiting_in_the_body() {
    let scene = Scene::new("slow=1");
    let mut stream = scene.send();
    let head = Response::parse(&read_head(&mut stream));
    assert_eq!(head.status, 200);
    let promised: usize = head.header("content-length").unwrap().parse().unwrap();
    scene.assert_handled(true);
    stream.read_exact(&mut [0, 0]).unwrap();
    let arrived = 2 + read_for(&mut stream, Duration::from_millis(10)).len();
    assert!(arrived < promised / 2, "{arrived} of {promised}");
}

#[test]
fn latency_delays_a_call_before_the_broker_gets_it() {
    let scene = Scene::new("latency=60000..60000");
    let mut stream = scene.send();
    assert_eq!(read_for(&mut stream, Duration::from_millis(400)), "");
    scene.assert_handled(false);
    let scene = Scene::new("latency=300..300");
    assert_eq!(scene.answer().status, 200);
    scene.assert_handled(true);
}

#[test]
fn a_delayed_call_is_handled_even_if_its_client_disconnects() {
    let scene = Scene::new("latency=500..500");
    drop(scene.send());
    scene.broker.wait_for_connections(0);
    scene.assert_handled(true);
}

#[test]
fn latency_combines_with_a_fault() {
    let scene = Scene::new("latency=500..600,lost=1");
    let start = Instant::now();
    assert_eq!(scene.exchange(), "");
    assert!(start.elapsed() >= Duration::from_millis(500));
    scene.assert_handled(true);
}

#[test]
fn only_calls_meet_faults() {
    let scene = Scene::new("reset=1");
    for (method, path, status) in [
        ("OPTIONS", "/Agent/Xmpp/GetRoster", 204),
        ("HEAD", "/Agent/Account/DomainInfo", 200),
        ("PATCH", "/Agent/Xmpp/GetRoster", 405),
        ("GET", "/", 404),
        ("POST", "/", 405),
        ("GET", "/ClientEventsWS", 400),
        ("GET", "/agent/Account/DomainInfo", 404),
    ] {
        assert_eq!(
            scene.faulty.send(&Request::new(method, path)).status,
            status,
            "{method} {path}"
        );
    }
    for (method, path) in [
        ("GET", "/Agent/Account/DomainInfo"),
        ("GET", "/Agent/Nothing/AtAll"),
        ("PUT", "/Agent/Storage/Content/alice/a.txt"),
    ] {
        let request = Request::new(method, path).bytes(&scene.faulty.host());
        assert_eq!(scene.faulty.exchange(request), "", "{method} {path}");
    }
}

#[test]
fn an_event_socket_meets_no_fault() {
    let scene = Scene::new("reset=1");
    let request = Request::new("GET", "/ClientEventsWS")
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Protocol", "ls");
    let mut stream = scene.faulty.connect();
    stream.write_all(&request.bytes(&scene.faulty.host())).unwrap();
    let head = read_head(&mut stream);
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    stream.shutdown(Shutdown::Write).unwrap();
    // A second handle on the socket would keep the connection open.
    stream.read_to_end(&mut Vec::new()).unwrap();
    scene.broker.wait_for_connections(0);
}

#[test]
fn only_calls_and_their_preflights_are_delayed() {
    let scene = Scene::new("latency=60000..60000");
    for (method, path, is_delayed) in [
        ("OPTIONS", "/Agent/Xmpp/GetRoster", true),
        ("GET", "/Agent/Account/DomainInfo", true),
        ("GET", "/", false),
        ("GET", "/ClientEventsWS", false),
    ] {
        let request = Request::new(method, path);
        if is_delayed {
            let mut stream = scene.faulty.connect();
            stream.write_all(&request.bytes(&scene.faulty.host())).unwrap();
            assert_eq!(read_for(&mut stream, Duration::from_millis(200)), "", "{method} {path}");
        } else {
            assert!(scene.faulty.send(&request).status > 0, "{method} {path}");
        }
    }
}

#[test]
fn both_addresses_are_one_broker() {
    let scene = Scene::new("lost=0,seed=1");
    // A signature covers the address that the client uses.
    let token = scene.faulty.log_in("bob", "builder");
    scene.broker.call(&GET_ROSTER, &token, Json, "{}");
    assert_eq!(scene.answer().status, 200);
    scene.assert_handled(true);
}

#[test]
fn the_clean_address_stays_clean() {
    let scene = Scene::new("reset=0.5,lost=0.5,latency=60000..60000");
    for _ in 0..20 {
        assert_eq!(scene.broker.send(&scene.request()).status, 200);
    }
}

#[test]
fn headers_are_exposed_when_asked_for() {
    for (expose_headers, fault) in
        [(true, "status=503:1"), (true, "html=1"), (true, "slow=1"), (false, "status=503:1")]
    {
        let scene = Scene::with(Settings { expose_headers, ..settings() }, fault);
        let head = read_head(&mut scene.send());
        let exposed = Response::parse(&head).header("access-control-expose-headers");
        assert_eq!(exposed.is_some_and(|it| it.contains("Retry-After")), expose_headers, "{fault}");
    }
}

#[test]
fn a_seed_repeats_a_run() {
    let run = |seed| {
        let scene = Scene::new(&format!("status=500:0.3,status=503:0.3,seed={seed}"));
        (0..30).map(|_| scene.answer().status).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn each_call_on_a_connection_is_sampled_anew() {
    let scene = Scene::new("status=503:0.5,seed=1");
    let text = scene.faulty.exchange(scene.bytes().repeat(20));
    let (good, bad) =
        (text.matches("HTTP/1.1 200 ").count(), text.matches("HTTP/1.1 503 ").count());
    assert_eq!(good + bad, 20);
    assert!(good > 0 && bad > 0, "{good} {bad}");
}
