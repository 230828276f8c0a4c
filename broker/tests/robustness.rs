//! Requests of badly behaved clients. After each, the broker still answers others.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use broker::http::{Limits, Settings};
use std::io::Write;
use std::net::Shutdown;
use std::thread::sleep;
use std::time::Duration;
use support::{Request, Response, read_head, read_to_end, settings, start};

/// Settings with short timeouts.
fn impatient() -> Settings {
    let moment = Duration::from_millis(300);
    Settings {
        limits: Limits {
            head: moment,
            body: moment,
            write: moment,
            tab: moment,
            stop: moment,
            ..Limits::default()
        },
        ..settings()
    }
}

const MIB: usize = 1024 * 1024;
/// The maximum length of a body.
const MOST: usize = 8 * MIB;

#[test]
fn a_long_body_is_refused_and_the_answer_arrives() {
    let broker = start(settings());
    for length in [MOST + 1, MOST + MIB, 2 * MOST] {
        let mut stream = broker.connect();
        let request = Request::post("Account/Login", &" ".repeat(length)).bytes(&broker.host());
        // A browser that can't send everything does not read the response.
        stream.write_all(&request).unwrap();
        let response = Response::parse(&read_to_end(&mut stream));
        response.assert_refusal(413, "At most 8192 KiB");
        assert_eq!(response.header("connection").as_deref(), Some("close"));
    }
    let dead = broker.post("Xmpp/GetRoster", Some("dead"), &" ".repeat(MOST + 1));
    dead.assert_refusal(413, "At most 8192 KiB");
    broker.post("Account/Login", None, &" ".repeat(MOST)).assert_refusal(400, "not JSON");
    broker.assert_alive();
}

#[test]
fn a_long_body_in_chunks_is_refused_too() {
    let broker = start(settings());
    let head = Request::new("POST", "/Agent/Account/Login")
        .header("Content-Type", "application/json")
        .header("Transfer-Encoding", "chunked")
        .bytes(&broker.host());
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let bytes = [head, chunk.repeat(130).into_bytes(), b"0\r\n\r\n".into()].concat();
    Response::parse(&broker.exchange(bytes)).assert_refusal(413, "too long");
    broker.assert_alive();
}

#[test]
fn a_body_without_end_is_cut_off() {
    let broker = start(settings());
    let head = Request::new("POST", "/Agent/Account/Login")
        .header("Content-Type", "application/json")
        .header("Content-Length", "99999999999")
        .bytes(&broker.host());
    let mut stream = broker.connect();
    stream.write_all(&head).unwrap();
    let piece = vec![b' '; MIB];
    let sent = (0..100).take_while(|_| stream.write_all(&piece).is_ok()).count();
    assert!(sent < 100, "the broker read {sent} MiB");
    broker.assert_alive();
}

#[test]
fn a_client_that_waits_to_continue_is_refused() {
    let broker = start(settings());
    let request = Request::post("Account/Login", "")
        .header("Content-Length", "20000000")
        .header("Expect", "100-continue")
        .bytes(&broker.host());
    let mut stream = broker.connect();
    stream.write_all(&request).unwrap();
    Response::parse(&read_to_end(&mut stream)).assert_refusal(413, "too long");
}

#[test]
fn a_slow_head_is_cut_off() {
    let broker = start(impatient());
    let mut stream = broker.connect();
    for byte in b"GET /Agent/Account/DomainInfo HTTP/1.1\r\n" {
        if stream.write_all(&[*byte]).is_err() {
            break;
        }
        sleep(Duration::from_millis(20));
    }
    assert!(!read_to_end(&mut stream).contains(" 200 "));
    broker.assert_alive();
}

#[test]
fn a_silent_connection_is_closed() {
    let broker = start(impatient());
    assert_eq!(read_to_end(&mut broker.connect()), "");
}

#[test]
fn a_connection_that_is_idle_after_a_request_is_closed() {
    let broker = start(impatient());
    let mut stream = broker.connect();
    let request = Request::new("GET", "/Agent/Account/DomainInfo").bytes(&broker.host());
    stream.write_all(&request).unwrap();
    assert_eq!(Response::parse(&read_to_end(&mut stream)).status, 200);
}

#[test]
fn a_client_that_never_reads_is_cut_off() {
    let broker = start(impatient());
    let requests =
        Request::new("GET", "/Agent/Account/DomainInfo").bytes(&broker.host()).repeat(99);
    let mut streams: Vec<_> = (0..5).map(|_| broker.connect()).collect();
    for stream in &mut streams {
        // The writes fail when the broker closes the connection.
        while stream.write_all(&requests).is_ok() {}
    }
    broker.wait_for_connections(0);
    broker.assert_alive();
}

/// Says that no more will be written. The broker may have answered and closed the connection already.
fn finish_writing(stream: &std::net::TcpStream) {
    let fault = stream.shutdown(Shutdown::Write).err().map(|error| error.kind());
    assert!(matches!(fault, None | Some(std::io::ErrorKind::NotConnected)), "{fault:?}");
}

/// Connects from an address of this machine.
#[cfg(target_os = "linux")]
fn connect_from(address: [u8; 4], broker: &support::Client) -> std::net::TcpStream {
    use socket2::{Domain, Socket, Type};
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&std::net::SocketAddr::from((address, 0)).into()).unwrap();
    socket.connect(&broker.address.into()).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket.into()
}

#[cfg(target_os = "linux")]
#[test]
fn addresses_with_many_connections_do_not_block_others() {
    let limits = Limits { connections: 8, ..Limits::default() };
    let broker = start(Settings { limits, ..settings() });
    let request = Request::new("GET", "/Agent/Account/DomainInfo").bytes(&broker.host());
    let mut honest = broker.connect();
    let mut hostile = Vec::new();
    for number in 0..60 {
        hostile.push(connect_from([127, 0, 0, 2 + number % 3], &broker));
        broker.assert_alive();
    }
    honest.write_all(&request).unwrap();
    finish_writing(&honest);
    assert_eq!(Response::parse(&read_to_end(&mut honest)).status, 200, "it kept its place");
    assert_eq!(read_to_end(&mut hostile[0]), "", "it made room");
    drop(hostile);
}

#[test]
fn a_new_connection_replaces_the_oldest_of_its_address() {
    let limits = Limits { connections: 8, ..Limits::default() };
    let broker = start(Settings { limits, ..settings() });
    let mut streams: Vec<_> = (0..20).map(|_| broker.connect()).collect();
    broker.assert_alive();
    assert_eq!(read_to_end(&mut streams[0]), "");
    let latest = streams.last_mut().unwrap();
    let request = Request::new("GET", "/Agent/Account/DomainInfo").bytes(&broker.host());
    latest.write_all(&request).unwrap();
    finish_writing(latest);
    assert_eq!(Response::parse(&read_to_end(latest)).status, 200);
}

#[test]
fn a_slow_body_is_cut_off() {
    let broker = start(impatient());
    let mut stream = broker.connect();
    let request = Request::post("Account/Login", "{").header("Content-Length", "100");
    stream.write_all(&request.bytes(&broker.host())).unwrap();
    Response::parse(&read_to_end(&mut stream)).assert_refusal(408, "too long to arrive");
    broker.assert_alive();
}

#[test]
fn slow_clients_do_not_keep_others_waiting() {
    let broker = start(settings());
    let slow: Vec<_> = (0..200)
        .map(|_| {
            let mut stream = broker.connect();
            stream.write_all(b"POST /Agent/Account/Login HTTP/1.1\r\nHost: x\r\n").unwrap();
            stream
        })
        .collect();
    broker.assert_alive();
    drop(slow);
}

#[test]
fn a_client_that_closes_its_side_still_gets_the_answer() {
    let broker = start(settings());
    let mut stream = broker.connect();
    stream
        .write_all(&Request::new("GET", "/Agent/Account/DomainInfo").bytes(&broker.host()))
        .unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(Response::parse(&read_to_end(&mut stream)).status, 200);
}

#[test]
fn a_body_that_ends_too_early_is_refused() {
    let broker = start(settings());
    let request = Request::post("Account/Login", "{}").header("Content-Length", "100");
    let response = Response::parse(&broker.exchange(request.bytes(&broker.host())));
    response.assert_refusal(400, "ended too early");
    broker.assert_alive();
}

#[test]
fn a_client_that_goes_away_does_no_harm() {
    let broker = start(settings());
    for bytes in ["", "GET", "POST /Agent/Account/Login HTTP/1.1\r\nContent-Length: 10\r\n\r\n{"] {
        let mut stream = broker.connect();
        stream.write_all(bytes.as_bytes()).unwrap();
        drop(stream);
    }
    broker.assert_alive();
}

#[test]
fn requests_may_follow_each_other_at_once() {
    let broker = start(settings());
    let request = Request::new("GET", "/Agent/Account/DomainInfo").bytes(&broker.host());
    let text = broker.exchange(request.repeat(3));
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 3);
}

#[test]
fn garbage_after_a_request_ends_the_connection() {
    let broker = start(settings());
    let request = Request::new("GET", "/Agent/Account/DomainInfo").bytes(&broker.host());
    let text =
        broker.exchange([&request[..], b"\0\x01\x02 rubbish\r\n\r\n", &request[..]].concat());
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 1);
    broker.assert_alive();
}

#[test]
fn what_is_not_http_is_refused() {
    let broker = start(settings());
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(MIB));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(10_000));
    let rows: [&[u8]; 12] = [
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /a b HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nNo colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nA\0: b\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ];
    for bytes in rows {
        let text = broker.exchange(bytes);
        assert!(!text.contains(" 200 "), "{text}");
        broker.assert_alive();
    }
}

/// RFC 9112, sections 6.1 and 7: a proxy could read anything else differently.
#[test]
fn chunked_is_the_only_transfer_coding_and_applied_once() {
    let broker = start(settings());
    let send = |headers: &str| {
        let head = format!(
            "POST /Agent/Account/Login HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n",
            broker.host()
        );
        Response::parse(&broker.exchange(format!("{head}{headers}\r\n2\r\n{{}}\r\n0\r\n\r\n")))
    };
    send("Transfer-Encoding: Chunked\r\n").assert_refusal(400, "userName");
    for twice in [
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    ] {
        let response = send(twice);
        response.assert_refusal(400, "must not be applied twice");
        assert_eq!(response.header("connection").as_deref(), Some("close"));
    }
    for other in ["gzip, chunked", "identity, chunked", "x, chunked", ",chunked"] {
        let response = send(&format!("Transfer-Encoding: {other}\r\n"));
        response.assert_refusal(501, "The only transfer coding");
        assert_eq!(response.header("connection").as_deref(), Some("close"));
    }
    // With a length too, what follows may be another request, so nothing more is read.
    for both in [
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
    ] {
        let next = Request::new("GET", "/Agent/Account/DomainInfo").bytes(&broker.host());
        let head = format!("POST /Agent/Account/Login HTTP/1.1\r\nHost: {}\r\n", broker.host());
        let first = format!("{head}{both}\r\n2\r\n{{}}\r\n0\r\n\r\n");
        let text = broker.exchange([first.as_bytes(), &next].concat());
        assert_eq!(text.matches("HTTP/1.1 ").count(), 1, "{text}");
    }
    for last in ["chunked, gzip", "identity"] {
        let head =
            format!("POST / HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: {last}", broker.host());
        let text = broker.exchange(format!("{head}\r\n\r\n0\r\n\r\n"));
        assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
    }
    broker.assert_alive();
}

#[test]
fn a_body_that_is_not_text_is_refused() {
    let broker = start(settings());
    let mut request = Request::post("Account/Login", "xxxx").bytes(&broker.host());
    let body = request.len() - 4;
    request.splice(body.., [b'"', 0xff, 0xfe, b'"']);
    let text = broker.exchange(request);
    Response::parse(&text).assert_refusal(400, "not JSON");
}

#[test]
fn a_broker_that_is_told_to_stop_does_not_wait_for_idle_clients() {
    let broker = start(settings());
    let mut idle = broker.connect();
    idle.write_all(&Request::new("GET", "/Agent/Account/DomainInfo").bytes(&broker.host()))
        .unwrap();
    read_head(&mut idle);
    broker.assert_stops_at_once();
}
