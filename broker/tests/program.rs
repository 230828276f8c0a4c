//! The program, started from the command line.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Output, Stdio};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broker"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A program that ends with the test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program and reads its first lines.
fn start(arguments: &[&str], lines: usize) -> (Started, Vec<String>) {
    let mut child = program(arguments).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let lines = output.lines().take(lines).map(Result::unwrap).collect();
    (Started(child), lines)
}

fn fail(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = program(arguments).output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

#[test]
fn it_prints_its_address_and_its_accounts() {
    let (_started, lines) = start(&["--listen", "127.0.0.1:0"], 6);
    let address = lines[0].strip_prefix("Listening on http://127.0.0.1:").unwrap();
    assert!(address.parse::<u16>().unwrap() > 0);
    assert_eq!(lines[1], "Accounts:");
    assert!(lines[2].starts_with("  alice@localhost  password wonderland  Legal ID "));
    assert_eq!(lines[3], "  bob@localhost  password builder");
    assert_eq!(lines[4], "API keys:");
    assert_eq!(lines[5], "  demo-key  secret demo-secret");
}

#[test]
fn given_accounts_replace_the_demo_accounts() {
    let arguments = ["--listen", "[::1]:0", "--account", "eve:hush", "--domain", "Example.ORG"];
    let (_started, lines) = start(&[&arguments[..], &["--api-key", "k:hush:7"]].concat(), 5);
    assert!(lines[0].starts_with("Listening on http://[::1]:"));
    assert_eq!(lines[2..], ["  eve@example.org", "API keys:", "  k  for 7 accounts"]);
}

#[cfg(unix)]
#[test]
fn codes_are_written_to_standard_error() {
    let (mut started, lines) = start(&["--listen", "127.0.0.1:0"], 1);
    let address = lines[0].strip_prefix("Listening on http://").unwrap().parse().unwrap();
    let client = support::Client { address };
    let nonce = "n".repeat(32);
    let signed = format!("carol:{address}:c@example.org:pw:demo-key:{nonce}");
    let signature = support::sign("demo-secret", &signed);
    let body = [
        r#"{"userName":"carol","eMail":"c@example.org","password":"pw","apiKey":"demo-key","#,
        &format!(r#""nonce":"{nonce}","signature":"{signature}","seconds":60}}"#),
    ]
    .concat();
    assert_eq!(client.post("Account/Create", None, &body).status, 200);
    let mut log = BufReader::new(started.0.stderr.take().unwrap()).lines();
    let line = log.next().unwrap().unwrap();
    let code = line.strip_prefix("To c@example.org: the code is ").unwrap();
    let body = format!(r#"{{"eMail":"c@example.org","code":"{code}"}}"#);
    assert_eq!(client.post("Account/VerifyEMail", None, &body).status, 200);
}

#[test]
fn it_prints_the_address_with_faults_and_their_seed() {
    let faults = ["--listen", "127.0.0.1:0", "--fault", "seed=7, latency=1..2,lost=0.5"];
    let (_started, lines) = start(&faults, 3);
    assert!(lines[0].starts_with("Listening on http://127.0.0.1:"));
    let (address, rates) =
        lines[1].strip_prefix("Faults at http://").unwrap().split_once(' ').unwrap();
    assert!(address.parse::<SocketAddr>().unwrap().ip().is_loopback());
    assert_eq!(rates, "(latency=1..2,lost=0.5,seed=7)");
    assert_eq!(lines[2], "Accounts:");
    let seed = || {
        let faults = ["--listen", "127.0.0.1:0", "--fault", "lost=1", "--fault-listen", "[::1]:0"];
        let (_started, lines) = start(&faults, 2);
        assert!(lines[1].starts_with("Faults at http://[::1]:"));
        let seed = lines[1].split_once(" (lost=1,seed=").unwrap().1.strip_suffix(')').unwrap();
        seed.parse::<u64>().unwrap()
    };
    assert_ne!(seed(), seed());
}

#[cfg(unix)]
#[test]
fn the_log_names_each_fault() {
    let arguments = ["--listen", "127.0.0.1:0", "--verbose", "--fault", "status=503:1"];
    let (mut started, lines) = start(&arguments, 2);
    let address = lines[1].strip_prefix("Faults at http://").unwrap().split(' ').next().unwrap();
    let client = support::Client { address: address.parse().unwrap() };
    for _ in 0..2 {
        assert_eq!(client.post("Xmpp/GetRoster?secret", Some("secret"), "{}").status, 503);
    }
    let pid = started.0.id().to_string();
    assert!(Command::new("kill").arg(&pid).status().unwrap().success());
    let mut log = String::new();
    started.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(log, "Fault: status=503\nFault: status=503\n");
}

#[test]
fn failed_logins_are_blocked_for_the_given_time() {
    let arguments = ["--listen", "127.0.0.1:0", "--block-after", "1", "--block-seconds", "7200"];
    let (_started, lines) = start(&arguments, 1);
    let address = lines[0].strip_prefix("Listening on http://").unwrap().parse().unwrap();
    let client = support::Client { address };
    let wrong = client.login_body("alice", "x");
    client.post("Account/Login", None, &wrong).assert_refusal(401, "incorrect");
    client.post("Account/Login", None, &wrong).assert_refusal(429, "Try again in 2 hours.");
}

#[test]
fn it_answers_for_the_given_hosts() {
    let arguments = ["--listen", "127.0.0.1:0", "--host", "a.example", "--host", "b.example:8443"];
    let (_started, lines) = start(&arguments, 1);
    let address = lines[0].strip_prefix("Listening on http://").unwrap().parse().unwrap();
    let client = support::Client { address };
    let request = support::Request::new("GET", "/Agent/Account/DomainInfo");
    for (host, status) in [("a.example", 200), ("b.example:8443", 200), ("c.example", 421)] {
        let text = client.exchange(request.bytes(host));
        assert_eq!(support::Response::parse(&text).status, status, "{host}");
    }
    let error = fail(&["--host", "http://a.example"]);
    assert!(error.contains("write name or name:port"), "{error}");
}

#[cfg(unix)]
#[test]
fn it_stops_when_told_to() {
    for signal in ["-TERM", "-INT"] {
        let (mut started, _) = start(&["--listen", "127.0.0.1:0"], 1);
        let pid = started.0.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert!(started.0.wait().unwrap().success());
    }
}

#[cfg(unix)]
#[test]
fn the_log_holds_no_secrets() {
    let (mut started, lines) = start(&["--listen", "127.0.0.1:0", "--verbose"], 1);
    let address = lines[0].strip_prefix("Listening on http://").unwrap().parse().unwrap();
    let client = support::Client { address };
    let token = client.log_in("alice", "wonderland");
    client.post("Xmpp/GetRoster?secret", Some(&token), "{}");
    let pid = started.0.id().to_string();
    assert!(Command::new("kill").arg(&pid).status().unwrap().success());
    let mut log = String::new();
    started.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let lines: Vec<_> = log.lines().map(|line| line.rsplit_once(' ').unwrap().0).collect();
    assert!(lines[0].starts_with("POST /Agent/Account/Login 200 "));
    assert!(lines[1].starts_with("POST /Agent/Xmpp/GetRoster 200 "));
    for secret in ["secret", "wonderland", &token] {
        assert!(!log.contains(secret));
    }
}

#[test]
fn an_error_is_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let error = fail(&["--listen", &address]);
    assert!(error.starts_with(&format!("The broker can't listen on {address}: ")), "{error}");
    assert_eq!(error.lines().count(), 1);
    assert!(fail(&["--listen", "0.0.0.0:0"]).starts_with("The demo accounts are for this machine"));
    let faults = ["--listen", "127.0.0.1:0", "--fault", "lost=1", "--fault-listen"];
    let error = fail(&[&faults[..], &[&address]].concat());
    assert!(error.starts_with(&format!("The broker can't listen on {address}: ")), "{error}");
    assert!(error.contains("--fault-listen"), "{error}");
    let error = fail(&[&faults[..], &["0.0.0.0:0"]].concat());
    assert!(error.starts_with("The demo accounts are for this machine"), "{error}");
    assert!(fail(&["--fault", "lost=0.6,hang=0.6"]).contains("add up to 1.2,"));
    assert!(fail(&["--fault", "loss=1"]).contains("\"loss\" is unknown; expected latency, "));
    assert!(fail(&["--fault-listen", "127.0.0.1:0"]).contains("--fault <FAULTS>"));
    let twice = ["--account", "eve:a", "--account", "Eve:b"];
    assert!(fail(&twice).starts_with("The account \"eve\" is given twice."));
    assert!(fail(&["--domain", "a b"]).starts_with("\"a b\" is not a domain: "));
    for domain in ["a'b", "a&b", "a\"b", "a_b", "a;b"] {
        assert_eq!(
            fail(&["--domain", domain]),
            format!("{domain:?} is not a domain: it may have letters, digits, hyphens and dots.\n")
        );
    }
    assert!(fail(&["--account", "eve"]).contains("write user:password"));
    assert!(fail(&["--api-key", "k"]).contains("write key:secret"));
    let twice = ["--api-key", "k:a", "--api-key", "k:b"];
    assert!(fail(&twice).starts_with("The API key \"k\" is given twice."));
}

const LINK: [&str; 6] =
    ["--component", "agents.localhost", "--xmpp", "127.0.0.1:1", "--secret-file", "/nowhere"];

#[cfg(feature = "xmpp")]
#[test]
fn a_link_needs_its_secret() {
    let reason = fail(&LINK);
    assert!(reason.starts_with("The secret file /nowhere can't be read: "), "{reason}");
    assert!(fail(&LINK[..2]).contains("--xmpp <ADDRESS>"));
    assert!(fail(&LINK[2..]).contains("--component <DOMAIN>"));
    assert!(fail(&[&LINK[..], &["--domain", "x"]].concat()).contains("cannot be used with"));
    for address in ["127.0.0.1", ":5347", "xmpp.example:", "xmpp.example:65536"] {
        assert!(fail(&["--xmpp", address]).contains("write host:port"), "{address}");
    }
}

#[cfg(not(feature = "xmpp"))]
#[test]
fn without_the_feature_a_link_is_refused() {
    assert!(fail(&LINK).contains("cargo run -p broker --features xmpp -- --component"));
}
