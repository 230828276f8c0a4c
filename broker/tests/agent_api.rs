//! The resources over a real socket.

mod support;

use support::{Request, Response, Running, settings, start, text};

#[test]
fn the_web_form_is_not_supported() {
    let broker = start(settings());
    broker.post("Account/CreateWebForm", None, "{}").assert_refusal(501, "Account/Create");
    broker.post("Account/Nothing", None, "{}").assert_refusal(404, "no such resource");
}

#[test]
fn the_documented_request_gets_the_documented_response() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    let response = broker.post(
        "Xmpp/SendPresenceSubscription",
        Some(&token),
        r#"{"to":"bob@localhost","customXml":"<a xmlns='urn:example'/>","language":"en","id":"1"}"#,
    );
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type").as_deref(), Some("application/json"));
    assert_eq!(response.header("cache-control").as_deref(), Some("no-store"));
    assert_eq!(response.header("x-content-type-options").as_deref(), Some("nosniff"));
    let item = concat!(
        r#"{"bareJid":"bob@localhost","pendingSubscription":true,"#,
        r#""status":"None","name":"","Groups":[]}"#
    );
    assert_eq!(response.body, format!(r#"{{"sent":true,"id":"1","RosterItem":{item}}}"#));
    let roster = broker.post("Xmpp/GetRoster", Some(&token), "{}");
    assert_eq!(roster.body, format!(r#"{{"RosterItems":[{item}]}}"#));
}

#[test]
fn a_session_is_opened_continued_and_closed() {
    let broker = start(settings());
    let token = broker.log_in("bob", "builder");
    let refreshed = broker.post("Account/Refresh", Some(&token), r#"{"seconds":60}"#);
    assert_eq!(refreshed.status, 200);
    let token = refreshed.body.split('"').nth(3).unwrap();
    let closed = broker.post("Account/Logout", Some(token), "{}");
    assert_eq!((closed.status, closed.body.as_str()), (200, "{}"));
    broker.post("Account/Logout", Some(token), "{}").assert_refusal(401, "Log in again.");
}

#[test]
fn a_wrong_login_and_a_repeated_one_are_refused() {
    let broker = start(settings());
    let wrong = broker.post("Account/Login", None, &broker.login_body("alice", "looking glass"));
    wrong.assert_refusal(401, "The user name or the password is incorrect.");
    assert_eq!(wrong.header("www-authenticate").as_deref(), Some("Bearer realm=\"Agent API\""));
    let body = broker.login_body("alice", "wonderland");
    assert_eq!(broker.post("Account/Login", None, &body).status, 200);
    broker.post("Account/Login", None, &body).assert_refusal(400, "nonce was used before");
}

#[test]
fn a_signature_is_valid_for_the_named_host_only() {
    let broker = start(settings());
    let body = broker.login_body("alice", "wonderland");
    let port = broker.address.port();
    let request = Request::post("Account/Login", &body).bytes(&format!("localhost:{port}"));
    assert!(broker.exchange(request).starts_with("HTTP/1.1 401 "));
}

#[test]
fn a_call_without_a_valid_token_is_challenged() {
    let broker = start(settings());
    let none = broker.post("Xmpp/GetRoster", None, "{}");
    none.assert_refusal(401, "Log in first");
    assert_eq!(none.header("www-authenticate").as_deref(), Some("Bearer realm=\"Agent API\""));
    let bad = broker.post("Xmpp/GetRoster", Some("x.y.z"), "{}");
    bad.assert_refusal(401, "Log in again");
    let challenge = bad.header("www-authenticate").unwrap();
    assert!(challenge.contains("error=\"invalid_token\", error_description=\"The token "));
    let basic = Request::post("Xmpp/GetRoster", "{}").header("Authorization", "Basic YTpi");
    broker.send(&basic).assert_refusal(401, "Log in first");
    let token = broker.log_in("alice", "wonderland");
    let lower = Request::post("Xmpp/GetRoster", "{}");
    let lower = lower.header("Authorization", &format!("bearer  {token}"));
    assert_eq!(broker.send(&lower).status, 200);
    let double = Request::post("Xmpp/GetRoster", "{}")
        .header("Authorization", &format!("Bearer {token}"))
        .header("authorization", &format!("Bearer {token}"));
    broker.send(&double).assert_refusal(400, "more than one Authorization header");
}

#[test]
fn open_resources_ignore_an_old_token() {
    let broker = start(settings());
    let body = broker.login_body("alice", "wonderland");
    assert_eq!(broker.post("Account/Login", Some("stale"), &body).status, 200);
}

#[test]
fn a_wrong_method_is_answered_with_the_allowed_ones() {
    let broker = start(settings());
    let get = broker.send(&Request::new("GET", "/Agent/Xmpp/GetRoster"));
    get.assert_refusal(405, "POST, OPTIONS");
    assert_eq!(get.header("allow").as_deref(), Some("POST, OPTIONS"));
    let post = broker.post("Account/DomainInfo", None, "{}");
    post.assert_refusal(405, "GET, HEAD, OPTIONS");
    let head = broker.send(&Request::new("HEAD", "/Agent/Account/DomainInfo"));
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn an_unknown_resource_is_not_found() {
    let broker = start(settings());
    for path in [
        "/Agent/Xmpp/Nothing",
        "/Agent/xmpp/GetRoster",
        "/Agent/Xmpp/GetRoster/",
        "/Agent/Xmpp",
        "/Agent/Xmpp/GetRoster/x",
        "/Agent//GetRoster",
        "/Agent/Xmpp%2FGetRoster",
    ] {
        broker.send(&Request::new("POST", path)).assert_refusal(404, "no such resource");
    }
}

#[test]
fn a_body_that_is_not_as_declared_is_refused() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    let deep = "[".repeat(100_000);
    for (body, sentence) in [
        ("", "The body is not JSON"),
        ("{", "The body is not JSON"),
        ("{}x", "The body is not JSON"),
        ("\u{FEFF}{}", "The body is not JSON"),
        (r#"{"to":"\ud800"}"#, "The body is not JSON"),
        (r#"{"to":1e999}"#, "The body is not JSON"),
        (deep.as_str(), "The body is not JSON"),
        ("null", "The body must be an object, not null."),
        ("{}", r#"The property "to" is missing."#),
        (r#"{"to":"bob@localhost","TO":1}"#, r#"The property "TO" is unknown;"#),
        (r#"{"to":"bob@localhost","id":"\u0000"}"#, r#"The property "id" holds"#),
        (r#"{"to":-1e300}"#, r#"The property "to" is not an XMPP address"#),
    ] {
        let response = broker.post("Xmpp/SendPresenceSubscription", Some(&token), body);
        response.assert_refusal(400, sentence);
    }
}

#[test]
fn a_page_of_another_origin_may_call() {
    let broker = start(settings());
    let preflight = broker.send(
        &Request::new("OPTIONS", "/Agent/Xmpp/GetRoster")
            .header("Origin", "https://page.example")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization,content-type"),
    );
    assert_eq!((preflight.status, preflight.body.as_str()), (204, ""));
    for (name, value) in [
        ("access-control-allow-origin", "https://page.example"),
        ("access-control-allow-methods", "POST, OPTIONS"),
        ("access-control-allow-headers", "authorization,content-type"),
        ("allow", "POST, OPTIONS"),
    ] {
        assert_eq!(preflight.header(name).as_deref(), Some(value), "{name}");
    }
    assert!(preflight.header("vary").unwrap().contains("origin"));
    let call = Request::post("Xmpp/GetRoster", "{}").header("Origin", "https://page.example");
    let refusal = broker.send(&call);
    assert_eq!(refusal.status, 401);
    assert_eq!(
        refusal.header("access-control-allow-origin").as_deref(),
        Some("https://page.example")
    );
    assert_eq!(refusal.header("access-control-expose-headers"), None);
    assert_eq!(refusal.header("access-control-allow-credentials"), None);
}

#[test]
fn headers_are_exposed_when_asked_for() {
    let broker = start(broker::http::Settings { expose_headers: true, ..settings() });
    let response = broker.post("Xmpp/GetRoster", None, "{}");
    let exposed = response.header("access-control-expose-headers").unwrap();
    for name in ["WWW-Authenticate", "Retry-After", "X-AlternativeName1", "X-AlternativeName9"] {
        assert!(exposed.contains(name), "{exposed}");
    }
}

/// Uploads a text by a form.
fn upload(broker: &Running, token: &str, name: &str, visibility: &str) -> Response {
    let part = |name: &str, head: &str, text: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{head}\r\n\r\n{text}\r\n")
    };
    let content = part("Content", "; filename=\"a.txt\"\r\nContent-Type: text/plain", "Hi.");
    let texts = [part("ContentId", "", name), part("Visibility", "", visibility)].concat();
    let request = Request::post("Storage/Content", &format!("{content}{texts}--x--\r\n"))
        .header("Content-Type", "multipart/form-data; boundary=x")
        .header("Authorization", &format!("Bearer {token}"));
    broker.send(&request)
}

#[test]
fn a_file_is_uploaded_shared_and_deleted() {
    let broker = start(settings());
    let [alice, bob] =
        [("alice", "wonderland"), ("bob", "builder")].map(|(name, pw)| broker.log_in(name, pw));
    let at = |method: &str, path: &str, token: &str| {
        let request = Request::new(method, path);
        broker.send(&request.header("Authorization", &format!("Bearer {token}")))
    };
    let uploaded = upload(&broker, &alice, "note 1.txt", "Private");
    assert_eq!(uploaded.status, 200, "{uploaded:?}");
    let reference = serde_json::from_str(&uploaded.body).unwrap();
    let base = format!("http://{}", broker.host());
    let path = text(&reference, "url").strip_prefix(&base).unwrap();
    assert_eq!(path, "/Agent/Storage/Content/alice/note%201.txt");

    let downloaded = at("GET", path, &alice);
    assert_eq!((downloaded.status, downloaded.body.as_str()), (200, "Hi."));
    assert_eq!(downloaded.header("content-type").as_deref(), Some("text/plain"));
    let etag = format!("\"{}\"", text(&reference, "etag"));
    assert_eq!(downloaded.header("etag"), Some(etag));
    at("GET", path, &bob).assert_refusal(403, "may not read this file");
    broker.send(&Request::new("GET", path)).assert_refusal(401, "Log in first");

    assert_eq!(upload(&broker, &alice, "note 1.txt", "Public").status, 200);
    assert_eq!(at("GET", path, &bob).body, "Hi.");
    at("DELETE", path, &bob).assert_refusal(403, "another account's");
    let deleted = at("DELETE", path, &alice);
    assert_eq!((deleted.status, deleted.body.as_str()), (200, "{}"));
    for method in ["GET", "DELETE"] {
        at(method, path, &alice).assert_refusal(404, "no such file");
    }
    upload(&broker, &alice, "note.png", "Public").assert_refusal(400, "has an extension");
}
