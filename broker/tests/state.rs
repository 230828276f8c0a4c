//! What a caller is told is saved before, wherever it is kept.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use broker::core::{Change, LoginLimits};
use broker::store::{Journal, Storage};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use support::{Request, Running, read_head, settings, start_keeping};

/// Tells when it is to write, and waits until it is told how that ends.
struct Gate {
    asked: Sender<()>,
    answers: Receiver<Result<(), String>>,
}

impl Storage for Gate {
    fn write(&mut self, _: &[Change]) -> Result<(), String> {
        self.asked.send(()).unwrap();
        self.answers.recv().unwrap()
    }
}

struct Gated {
    asked: Receiver<()>,
    answers: Sender<Result<(), String>>,
    broker: Running,
    token: String,
}

/// A broker whose journal waits, and a session.
fn start() -> Gated {
    let (asked, was_asked) = channel();
    let (answers, is_answered) = channel();
    let journal = Journal::start(Gate { asked, answers: is_answered }, |_| {});
    let broker = start_keeping(settings(), LoginLimits::default(), journal);
    // The initial state, and the session.
    const WRITES: usize = 2;
    for _ in 0..WRITES {
        answers.send(Ok(())).unwrap();
    }
    let token = broker.log_in("alice", "wonderland");
    for _ in 0..WRITES {
        was_asked.recv().unwrap();
    }
    Gated { asked: was_asked, answers, broker, token }
}

impl Gated {
    /// Begins a call.
    fn begin(&self, resource: &str, body: &str) -> TcpStream {
        let authorization = format!("Bearer {}", self.token);
        let request = Request::post(resource, body).header("Authorization", &authorization);
        let mut stream = self.broker.connect();
        stream.write_all(&request.bytes(&self.broker.host())).unwrap();
        stream
    }
}

const SAVE: (&str, &str) = ("Storage/SavePrivateXml", r#"{"xml":"<a/>"}"#);
const LOAD: (&str, &str) = ("Storage/LoadPrivateXml", r#"{"localName":"a","namespace":""}"#);

/// Fails if anything comes. It takes no longer to come than this, or the test sees nothing wrong.
#[track_caller]
fn assert_no_answer(stream: &mut TcpStream) {
    let timeout = stream.read_timeout().unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let error = stream.read(&mut [0]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    stream.set_read_timeout(timeout).unwrap();
}

#[test]
fn a_change_is_saved_before_it_is_answered_or_seen() {
    let gated = start();
    let mut change = gated.begin(SAVE.0, SAVE.1);
    gated.asked.recv().unwrap();
    let mut reader = gated.begin(LOAD.0, LOAD.1);
    for stream in [&mut change, &mut reader] {
        assert_no_answer(stream);
    }
    gated.answers.send(Ok(())).unwrap();
    for mut stream in [change, reader] {
        assert!(read_head(&mut stream).starts_with("HTTP/1.1 200 "));
    }
    let mut reader = gated.begin(LOAD.0, LOAD.1);
    assert!(read_head(&mut reader).starts_with("HTTP/1.1 200 "), "nothing to wait for");
}

#[test]
fn a_change_that_is_not_saved_is_refused_and_nothing_is_answered_after_it() {
    let gated = start();
    let mut change = gated.begin(SAVE.0, SAVE.1);
    gated.asked.recv().unwrap();
    let mut reader = gated.begin(LOAD.0, LOAD.1);
    gated.answers.send(Err("The disk is full.".into())).unwrap();
    for stream in [&mut change, &mut reader] {
        assert!(read_head(stream).starts_with("HTTP/1.1 503 "));
    }
    for (resource, body) in [SAVE, LOAD] {
        let later = gated.broker.post(resource, Some(&gated.token), body);
        later.assert_refusal(503, "could not save its state");
        assert!(!later.body.contains("disk"), "that is for whoever runs the broker");
    }
}
