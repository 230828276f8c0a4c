//! JSON and XML, as a request prefers.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use neuron_agent_api::resources::storage::{LOAD_PRIVATE_XML, SAVE_PRIVATE_XML};
use neuron_agent_api::wire::{Encoding, NAMESPACE};
use support::{Request, Response, Running, settings, start, text};

fn roster(broker: &Running, token: &str, body: &str, headers: &[(&str, &str)]) -> Response {
    let mut request =
        Request::post("Xmpp/GetRoster", body).header("Authorization", &format!("Bearer {token}"));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    broker.send(&request)
}

#[test]
fn the_answer_has_the_accepted_encoding() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    let (json, xml) = ("{}", format!("<GetRoster xmlns='{NAMESPACE}'/>"));
    let empty = format!(r#"<Roster xmlns="{NAMESPACE}"><RosterItems></RosterItems></Roster>"#);
    for (body, content_type, accept, answer_type) in [
        (json, "application/json", None, "application/json"),
        (json, "application/json", Some("text/xml"), "text/xml; charset=utf-8"),
        (json, "application/json", Some("application/xml"), "application/xml"),
        (&xml, "text/xml", None, "text/xml; charset=utf-8"),
        (&xml, "text/xml; charset=utf-8", Some("*/*"), "text/xml; charset=utf-8"),
        (&xml, "application/xml", Some("application/json"), "application/json"),
    ] {
        let mut headers = vec![("Content-Type", content_type)];
        headers.extend(accept.map(|accept| ("Accept", accept)));
        let response = roster(&broker, &token, body, &headers);
        assert_eq!(response.status, 200, "{response:?}");
        assert_eq!(response.header("content-type").as_deref(), Some(answer_type));
        let is_json = answer_type == "application/json";
        assert_eq!(response.body, if is_json { r#"{"RosterItems":[]}"# } else { &empty });
    }
}

#[test]
fn other_media_types_are_refused() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    let json = ("Content-Type", "application/json");
    roster(&broker, &token, "{}", &[("Content-Type", "text/plain")])
        .assert_refusal(415, "must be application/json or text/xml");
    roster(&broker, &token, "{}", &[json, ("Accept", "text/html")])
        .assert_refusal(406, "The Accept header must allow one of them");
    let bare = Request::post("Xmpp/GetRoster", "{}")
        .without("Content-Type")
        .header("Authorization", &format!("Bearer {token}"));
    broker.send(&bare).assert_refusal(415, "is missing");
}

#[test]
fn a_resource_without_documented_xml_accepts_json_only() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    let body = format!(r#"{{"token":"{token}"}}"#);
    let request = |body: &str| Request::post("Account/AuthenticateJwt", body);
    assert_eq!(broker.send(&request(&body)).status, 200);
    let wants_xml = request(&body).header("Accept", "text/xml");
    broker.send(&wants_xml).assert_refusal(406, "XML is not documented");
    let either = request(&body).header("Accept", "text/xml, application/json;q=0.1");
    assert_eq!(broker.send(&either).status, 200);
    let xml = format!("<AuthenticateJwt xmlns='{NAMESPACE}' token='x'/>");
    let sends_xml = request(&xml).header("Content-Type", "text/xml").header("Accept", "*/*");
    broker.send(&sends_xml).assert_refusal(415, "accepts application/json only");
}

#[test]
fn the_domain_is_available_in_xml_too() {
    let broker = start(settings());
    let path = "/Agent/Account/DomainInfo";
    let response = broker.send(&Request::new("GET", path).header("Accept", "text/xml"));
    assert!(response.body.starts_with(&format!(
        "<DomainInfo xmlns=\"{NAMESPACE}\" domain=\"localhost\" useEncryption=\"false\""
    )));
}

#[test]
fn xml_that_is_not_as_declared_is_refused() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    let open = format!("<GetRoster xmlns='{NAMESPACE}'");
    let deep = format!("{open}>{}</GetRoster>", "<a>".repeat(100_000));
    for (body, sentence) in [
        (String::new(), "no element"),
        ("{}".into(), "something beside the root"),
        ("<GetRoster/>".into(), "another element than the documented one"),
        (format!("<Roster xmlns='{NAMESPACE}'/>"), "Write <GetRoster xmlns="),
        (format!("<!DOCTYPE GetRoster>{open}/>"), "a DOCTYPE"),
        (
            format!("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>{open} offset='&b;'/>"),
            "a DOCTYPE",
        ),
        (format!("{open} offset='&b;'/>"), "an unknown entity"),
        (format!("<?php ?>{open}/>"), "a processing instruction"),
        (format!("{open}>"), "an element is not closed"),
        (deep, "an end tag does not match"),
        (format!("{open} offset='x'/>"), r#"The property "offset" must be a whole number"#),
        (format!("{open} Offset='1'/>"), r#"The property "Offset" is unknown"#),
        (format!("{open}><other/></GetRoster>"), r#"The property "other" is unknown"#),
    ] {
        let response = roster(&broker, &token, &body, &[("Content-Type", "text/xml")]);
        response.assert_refusal(400, sentence);
    }
    let mut request = Request::post("Xmpp/GetRoster", "xxxx")
        .header("Content-Type", "text/xml")
        .header("Authorization", &format!("Bearer {token}"))
        .bytes(&broker.host());
    let body = request.len() - 4;
    request.splice(body.., [b'<', 0xff, 0xfe, b'>']);
    Response::parse(&broker.exchange(request)).assert_refusal(400, "it is not UTF-8");
    broker.assert_alive();
}

#[test]
fn a_number_in_xml_is_digits() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    for (offset, status) in [("0", 200), ("", 200), ("007", 200), ("-1", 400), ("1.0", 400)] {
        let body = format!("<GetRoster xmlns='{NAMESPACE}' offset='{offset}'/>");
        let response = roster(&broker, &token, &body, &[("Content-Type", "text/xml")]);
        assert_eq!(response.status, status, "{offset}: {response:?}");
    }
}

#[test]
fn private_xml_is_the_same_in_both_encodings() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    for encoding in [Encoding::Json, Encoding::Xml] {
        let save = r#"{"xml":"<prefs xmlns='urn:x' theme='a &amp; b'/>"}"#;
        broker.call(&SAVE_PRIVATE_XML, &token, encoding, save);
        let load = r#"{"localName":"prefs","namespace":"urn:x"}"#;
        let loaded = broker.call(&LOAD_PRIVATE_XML, &token, encoding, load);
        let element = loaded.get("Xml").unwrap();
        assert_eq!((text(element, "__name"), text(element, "theme")), ("prefs", "a & b"));
    }
}
