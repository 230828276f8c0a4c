//! Creating accounts and logging in, in both encodings.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use base64ct::{Base64, Encoding as _};
use broker::core::LoginLimits;
use neuron_agent_api::resources::{account, xmpp};
use neuron_agent_api::wire::Encoding::{self, Json, Xml};
use neuron_agent_api::wire::Value;
use std::sync::atomic::{AtomicU32, Ordering};
use support::{Request, Running, codes, list, settings, sign, start, start_with, text};

fn creation(broker: &Running, user_name: &str, e_mail: &str, phone: Option<&str>) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let nonce = format!("creation{:024}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut parts = vec![user_name.to_owned(), broker.address.to_string(), e_mail.into()];
    parts.extend(phone.map(Into::into));
    parts.extend(["hush".into(), "demo-key".into(), nonce.clone()]);
    let signature = sign("demo-secret", &parts.join(":"));
    let phone = phone.map(|phone| format!(r#""phoneNr":"{phone}","#)).unwrap_or_default();
    [
        format!(r#"{{"userName":"{user_name}","eMail":"{e_mail}",{phone}"password":"hush","#),
        format!(r#""apiKey":"demo-key","nonce":"{nonce}","signature":"{signature}","#),
        r#""seconds":60,"language":"en"}"#.into(),
    ]
    .concat()
}

#[test]
fn an_account_is_created_verified_and_used() {
    for (encoding, user_name) in [(Json, "carol"), (Xml, "dave")] {
        let broker = start(settings());
        let (mail, phone) = (format!("{user_name}@example.org"), format!("+46{user_name}0"));
        let body = creation(&broker, user_name, &mail, Some(&phone));
        let created = broker.call(&account::CREATE, "", encoding, &body);
        assert_eq!(created.get("enabled"), Some(&false.into()));
        assert_eq!(created.get("phoneNrCodeSent"), Some(&true.into()));
        let token = text(&created, "jwt");
        let refused = broker.try_call(&xmpp::GET_ROSTER, token, encoding, "{}");
        refused.unwrap_err().assert_refusal(403, "disabled until");

        broker.call(
            &account::RESEND_VERIFICATION_CODES,
            token,
            encoding,
            &format!(r#"{{"eMail":"{mail}"}}"#),
        );
        assert_eq!(codes(&mail).len(), 2);
        let wrong = format!(r#"{{"eMail":"{mail}","code":"1000000"}}"#);
        let refused = broker.try_call(&account::VERIFY_E_MAIL, "", encoding, &wrong);
        refused.unwrap_err().assert_refusal(400, "code is wrong");
        let body = format!(r#"{{"eMail":"{mail}","code":"{}"}}"#, codes(&mail)[0]);
        let verified = broker.call(&account::VERIFY_E_MAIL, "", encoding, &body);
        assert_eq!(text(&verified, "userName"), user_name);
        let body = format!(
            r#"{{"phoneNr":"{phone}","code":{}}}"#,
            codes(&phone)[0].trim_start_matches('0')
        );
        broker.call(&account::VERIFY_PHONE_NR, token, encoding, &body);

        let roster = broker.call(&xmpp::GET_ROSTER, token, encoding, "{}");
        assert_eq!(list(&roster, "RosterItems"), []);
        let info = broker.call(&account::INFO, token, encoding, "{}");
        assert_eq!(text(&info, "eMail"), mail);
        assert!(text(&info, "phoneNrVerified").ends_with('Z'));
        let references = broker.call(&account::REMOTE_REFERENCES, token, encoding, "{}");
        assert_eq!(list(&references, "References"), []);
        let body = creation(&broker, user_name, &mail, Some(&phone));
        let again = broker.call(&account::CREATE, "", encoding, &body);
        assert_eq!(again.get("enabled"), Some(&true.into()));
    }
}

#[test]
fn a_taken_name_is_answered_with_three_free_ones() {
    let broker = start(settings());
    let body = creation(&broker, "alice", "a@example.org", None);
    let refused = broker.try_call(&account::CREATE, "", Json, &body).unwrap_err();
    refused.assert_refusal(400, "user name is taken");
    for number in 1..=3 {
        let name = refused.header(&format!("X-AlternativeName{number}")).unwrap();
        assert!(name.starts_with("alice") && name.len() > 5);
        let body = creation(&broker, &name, "a@example.org", None);
        broker.call(&account::CREATE, "", Json, &body);
    }
    assert_eq!(refused.header("X-AlternativeName4"), None);
}

#[test]
fn a_session_is_opened_continued_checked_and_closed_in_both_encodings() {
    for encoding in [Json, Xml] {
        let broker = start(settings());
        let login = broker.login_body("alice", "wonderland");
        let first = broker.call(&account::LOGIN, "", encoding, &login);
        let refreshed =
            broker.call(&account::REFRESH, text(&first, "jwt"), encoding, r#"{"seconds":60}"#);
        let token = text(&refreshed, "jwt");
        let body = format!(r#"{{"token":"{token}"}}"#);
        let jwt = broker.call(&account::AUTHENTICATE_JWT, "", Json, &body);
        assert_eq!(text(&jwt, "subject"), "alice");
        assert_eq!(broker.call(&account::LOGOUT, token, encoding, "{}"), Value::Object(vec![]));
        let refused = broker.try_call(&account::INFO, token, encoding, "{}");
        refused.unwrap_err().assert_refusal(401, "Log in again");
        let refused = broker.try_call(&account::AUTHENTICATE_JWT, "", Json, &body);
        refused.unwrap_err().assert_refusal(400, "not a valid token");
    }
}

#[test]
fn a_password_in_the_header_is_requested_and_accepted() {
    let broker = start(settings());
    let request = || Request::post("Account/WwwLogin", r#"{"seconds":60}"#);
    let challenged = broker.send(&request());
    challenged.assert_refusal(401, "Authorization: Basic");
    assert_eq!(
        challenged.header("www-authenticate").as_deref(),
        Some("Basic realm=\"Agent API\", charset=\"UTF-8\"")
    );
    for (credentials, status) in [("alice:wonderland", 200), ("alice:x", 401)] {
        let value = format!("Basic {}", Base64::encode_string(credentials.as_bytes()));
        let response = broker.send(&request().header("Authorization", &value));
        assert_eq!(response.status, status, "{response:?}");
    }
}

#[test]
fn guessing_is_blocked_for_a_while() {
    let broker = start_with(settings(), LoginLimits { failures: 3, seconds: 600 });
    let token = broker.log_in("bob", "builder");
    for _ in 0..3 {
        broker.post("Xmpp/GetRoster", Some("x.y.z"), "{}").assert_refusal(401, "Log in again");
    }
    let right = broker.login_body("alice", "wonderland");
    let blocked = broker.post("Account/Login", None, &right);
    blocked.assert_refusal(
        429,
        "Too many failed login attempts in a row registered. Try again in 10 minutes. \
         Remote Endpoint: 127.0.0.1",
    );
    assert_eq!(blocked.header("retry-after"), None);
    for (resource, body) in [
        ("Account/WwwLogin", r#"{"seconds":60}"#),
        ("Account/VerifyEMail", r#"{"eMail":"x","code":1}"#),
        ("Account/Recover", r#"{"userName":"x","eMail":"x"}"#),
    ] {
        broker.post(resource, None, body).assert_refusal(429, "Too many");
    }
    assert_eq!(broker.post("Xmpp/GetRoster", Some(&token), "{}").status, 200);
    broker.assert_alive();
}

#[test]
fn recovery_reveals_nothing() {
    let broker = start(settings());
    for encoding in [Json, Xml] {
        let body = r#"{"userName":"alice","eMail":"a@example.org"}"#;
        assert_eq!(broker.call(&account::RECOVER, "", encoding, body), Value::Object(vec![]));
    }
}

#[test]
fn what_needs_a_phone_or_another_broker_says_so() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    let refusal = |encoding: Encoding, resource, body| {
        broker.try_call(resource, &token, encoding, body).unwrap_err()
    };
    for encoding in [Json, Xml] {
        refusal(encoding, &account::QUICK_LOGIN, r#"{"seconds":60}"#)
            .assert_refusal(501, "needs an app on a phone");
        refusal(encoding, &account::PREPARE_REMOTE_QUICK_LOGIN, "{}")
            .assert_refusal(501, "can't reach other brokers");
        refusal(encoding, &account::GET_SESSION_TOKEN, "{}").assert_refusal(501, "Account/Create");
    }
}

/// A browser sends what any page tells it to, from the address of the person who uses it.
#[test]
fn the_failures_of_a_foreign_page_block_only_that_page() {
    let broker = start(settings());
    let log_in = |origin: Option<&str>, password: &str| {
        let request = Request::post("Account/Login", &broker.login_body("alice", password));
        let request = match origin {
            Some(origin) => request.header("Origin", origin),
            None => request,
        };
        broker.send(&request).status
    };
    let own = format!("http://{}", broker.host());
    let by_name = format!("http://localhost:{}", broker.address.port());
    for foreign in ["https://evil.example", "null", "http://evil.example:8080"] {
        for _ in 0..20 {
            assert_eq!(log_in(Some(foreign), "x"), 401, "{foreign}");
        }
        assert_eq!(log_in(Some(foreign), "wonderland"), 429, "{foreign}");
    }
    // With a new origin for each guess, guessing ends all the same.
    let guesses = (0..200).map(|number| log_in(Some(&format!("https://{number}.example")), "x"));
    assert!(guesses.filter(|status| *status == 401).count() <= 40);
    for right in [None, Some(&*own), Some(&*by_name), Some("http://localhost:5173")] {
        assert_eq!(log_in(right, "wonderland"), 200, "{right:?}");
    }
    // A page of the broker's own origin is counted like a program.
    for _ in 0..20 {
        assert_eq!(log_in(Some(&own), "x"), 401);
    }
    assert_eq!(log_in(None, "wonderland"), 429);
    assert_eq!(log_in(Some("http://localhost:5173"), "wonderland"), 200);
}

/// The status of a login over a connection with this `Host` header, signed for that host.
fn login_as(broker: &Running, header: &str, signed: &str, number: u32) -> u16 {
    let nonce = format!("{number:032}h");
    let signature = sign("wonderland", &format!("alice:{signed}:{nonce}"));
    let body = format!(
        r#"{{"userName":"alice","nonce":"{nonce}","signature":"{signature}","seconds":60}}"#
    );
    let head = format!("POST /Agent/Account/Login HTTP/1.1\r\nHost: {header}\r\n");
    let length = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    let answer = broker.exchange(format!("{head}{length}Connection: close\r\n\r\n{body}"));
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_host_is_compared_in_the_form_of_a_url() {
    let broker = start(settings());
    let port = broker.address.port();
    for (number, (header, signed, status)) in (0..).zip([
        (format!("LOCALHOST:{port}"), format!("localhost:{port}"), 200),
        (format!("[0:0:0:0:0:0:0:1]:{port}"), format!("[::1]:{port}"), 200),
        (format!("localhost:0{port}"), format!("localhost:{port}"), 200),
        (format!("localhost:{port}"), format!("127.0.0.1:{port}"), 401),
        (format!("u@localhost:{port}"), format!("localhost:{port}"), 400),
    ]) {
        assert_eq!(login_as(&broker, &header, &signed, number), status, "{header}");
    }
}
