//! A single call: what goes out, what comes back, when it ends.

use crate::call::job::CallOptions;
use crate::call::refusal::MAX_TEXT_CHARS;
use crate::client::Client;
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, HttpRequest};
use crate::error::{Cause, Error, ErrorKind};
use crate::resources::account::DOMAIN_INFO;
use crate::resources::xmpp::{GET_ROSTER, SEND_PRESENCE_SUBSCRIPTION};
use crate::session::keys;
use crate::simulation::simulator::{Answer, Simulator};
use crate::wire::{Encoding, Method, Value};
use std::rc::Rc;

const ANSWER: &str = r#"{"sent":true,"id":"1"}"#;

fn client(answers: impl IntoIterator<Item = Answer>) -> Rc<Client<Simulator>> {
    let client = Rc::new(Client::new(Simulator::new(answers)));
    client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
    client.environment().store(keys::TOKEN, "token");
    client
}

fn subscribe(client: &Rc<Client<Simulator>>, options: CallOptions) -> Result<Value, Box<Error>> {
    let arguments = vec![Value::from("bob@example.org")];
    let call = client.call(&SEND_PRESENCE_SUBSCRIPTION, arguments, options);
    client.environment().run(call)
}

fn failure(answer: Answer) -> Box<Error> {
    let client = client([]);
    // However often it is asked.
    client.environment().world.serve(Box::new(move |_| answer.clone()));
    subscribe(&client, CallOptions::default()).unwrap_err()
}

fn sent_in(encoding: Encoding, answer: &str) -> HttpRequest {
    let client = client([Answer::body(200, answer)]);
    client.environment().store(keys::TOKEN, "token");
    let arguments = ["bob@example.org", "<a/>", "sv", "id-1"].map(Value::from).to_vec();
    let options = CallOptions { encoding: Some(encoding), ..CallOptions::default() };
    let call = client.call(&SEND_PRESENCE_SUBSCRIPTION, arguments, options);
    assert_eq!(client.environment().run(call).unwrap().get("id"), Some(&"1".into()));
    client.environment().requests().pop().unwrap()
}

fn text_of(request: &HttpRequest) -> &str {
    match &request.body {
        Body::Text(text) => text,
        _ => "",
    }
}

#[test]
fn the_request_is_the_documented_one() {
    let request = sent_in(Encoding::Json, ANSWER);
    assert_eq!(request.method, Method::Post);
    assert_eq!(request.url, "https://neuron.example/Agent/Xmpp/SendPresenceSubscription");
    assert_eq!(
        request.headers,
        [
            ("Accept", "application/json".into()),
            ("Content-Type", "application/json".into()),
            ("Authorization", "Bearer token".to_string()),
        ]
    );
    assert_eq!(
        text_of(&request),
        r#"{"to":"bob@example.org","customXml":"<a/>","language":"sv","id":"id-1"}"#
    );
}

#[test]
fn the_request_is_the_documented_one_in_xml() {
    let request = sent_in(
        Encoding::Xml,
        "<PresenceSubscriptionResult xmlns='https://waher.se/Schema/BrokerAgent.xsd' \
         sent='true' id='1'/>",
    );
    assert_eq!(
        request.headers,
        [
            ("Accept", "text/xml".into()),
            ("Content-Type", "text/xml".into()),
            ("Authorization", "Bearer token".to_string()),
        ]
    );
    assert_eq!(
        text_of(&request),
        "<SendPresenceSubscription xmlns=\"https://waher.se/Schema/BrokerAgent.xsd\" \
         to=\"bob@example.org\" language=\"sv\" id=\"id-1\"><a xmlns=\"\"/>\
         </SendPresenceSubscription>"
    );
}

#[test]
fn a_bad_argument_sends_nothing() {
    let client = client([Answer::body(200, ANSWER)]);
    let call = client.call(&GET_ROSTER, vec![Value::Number(-1.0)], CallOptions::default());
    assert_eq!(client.environment().run(call).unwrap_err().code(), "invalid-argument");
    assert_eq!(client.environment().requests().len(), 0);
}

#[test]
fn every_answer_settles_with_its_code() {
    let rows = [
        (Answer::Lost, "network"),
        (Answer::Never, "timeout"),
        (Answer::body(200, ""), "bad-response"),
        (Answer::body(200, "<html>"), "bad-response"),
        (Answer::body(200, r#"{"sent":tr"#), "bad-response"),
        (Answer::body(200, r#"{"sent":"yes","id":"1"}"#), "bad-response"),
        (Answer::body(204, ""), "bad-response"),
        (Answer::body(400, "no"), "bad-request"),
        (Answer::body(401, "no"), "unauthorized"),
        (Answer::body(503, ""), "unavailable"),
        (Answer::body(0, ""), "refused"),
    ];
    for (answer, code) in rows {
        let label = format!("{answer:?}");
        assert_eq!(failure(answer).code(), code, "{label}");
    }
}

#[test]
fn half_an_answer_is_a_failure_of_the_network_though_it_was_given_for_a_whole_one() {
    let (start, _) = ANSWER.split_at(ANSWER.len() / 2);
    let of = |body: &str, length: &str| Answer::body(200, body).header("Content-Length", length);
    for cut in [of(start, "500"), of("", "500"), of(" ", "500")] {
        assert_eq!(failure(cut).code(), "network");
    }
    let itself = start.len().to_string();
    // The last two are a text and nothing, as gzip packs them.
    for not_cut in [
        Answer::body(200, start),
        of(start, &itself),
        of(start, "unknown"),
        of("ok", "22"),
        of("", "20"),
    ] {
        assert_eq!(failure(not_cut).code(), "bad-response");
    }
    // What is compressed on its way may well be shorter than it was there.
    let shorter = Answer::body(200, ANSWER).header("Content-Length", "5000");
    assert!(subscribe(&client([shorter]), CallOptions::default()).is_ok());
}

#[test]
fn any_status_of_success_is_one() {
    assert!(subscribe(&client([Answer::body(201, ANSWER)]), CallOptions::default()).is_ok());
}

#[test]
fn the_deadline_is_the_callers() {
    let client = client([Answer::Never]);
    let options = CallOptions { timeout_ms: Some(1234), ..CallOptions::default() };
    let error = subscribe(&client, options).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Timeout { after_ms: 1234 }));
    assert_eq!(client.environment().elapsed_ms(), 1234);
}

#[test]
fn an_abort_wins_at_once_and_before_sending() {
    let client = client([Answer::Never]);
    let aborted = |after_ms| {
        let simulator = client.environment().clone();
        let wait = async move {
            simulator.sleep(after_ms).await;
            Cause(None)
        };
        CallOptions { aborted: Some(Box::pin(wait)), ..CallOptions::default() }
    };
    assert_eq!(subscribe(&client, aborted(0)).unwrap_err().code(), "aborted");
    assert_eq!(client.environment().requests().len(), 0);
    assert_eq!(subscribe(&client, aborted(50)).unwrap_err().code(), "aborted");
    assert_eq!(client.environment().requests().len(), 1);
    assert_eq!(client.environment().elapsed_ms(), 50);
}

#[test]
fn a_refused_token_is_dropped_and_never_sent_again() {
    let client = client([Answer::body(401, "expired")]);
    client.environment().store(keys::TOKEN, "token");
    let codes = [0, 1].map(|_| subscribe(&client, CallOptions::default()).unwrap_err().code());
    assert_eq!(codes, ["unauthorized", "not-logged-in"]);
    let sent = client.environment().requests();
    let with_token =
        |request: &HttpRequest| request.headers.iter().any(|(name, _)| *name == "Authorization");
    assert_eq!(sent.iter().map(with_token).collect::<Vec<_>>(), [true]);
}

#[test]
fn a_secret_that_the_broker_quotes_stays_out_of_the_error() {
    let client = client([Answer::body(500, "header was: Bearer s3cr3t-token")]);
    client.environment().store(keys::TOKEN, "s3cr3t-token");
    let message = subscribe(&client, CallOptions::default()).unwrap_err().message();
    assert!(message.contains("header was: Bearer …"), "{message}");
}

#[test]
fn a_secret_is_found_wherever_it_stands() {
    let token = "x".repeat(600);
    let quote = |lead: usize| format!("{}{token}", "a".repeat(lead));
    for lead in [0, 1, 499, 500, 501] {
        let mut answer = Answer::body(500, &quote(lead)).header("X-AlternativeName1", &quote(1));
        if let Answer::Http { status_text, .. } = &mut answer {
            *status_text = quote(2);
        }
        let client = client([answer]);
        client.environment().store(keys::TOKEN, &token);
        let error = subscribe(&client, CallOptions::default()).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("xx"), "{error:?}");
    }
}

#[test]
fn names_without_end_come_to_an_end() {
    let mut answer = Answer::body(400, "taken");
    for number in 1..1000 {
        answer = answer.header(&format!("X-AlternativeName{number}"), "x");
    }
    let ErrorKind::Refused(refusal) = failure(answer).kind else { panic!("not refused") };
    assert_eq!(refusal.alternatives.len(), 20);
}

#[test]
fn a_long_text_is_cut_and_a_page_left_out() {
    let long = failure(Answer::body(500, &"å".repeat(2000))).message();
    assert_eq!(long.matches('å').count(), MAX_TEXT_CHARS as usize);
    let page = failure(Answer::body(502, " <html><body>Bad gateway</body></html>"));
    assert_eq!(page.kind.message(), "the broker refused with 502.");
}

#[test]
fn a_page_before_a_session_is_no_answer_of_a_broker() {
    let page = "<!DOCTYPE html><title>Not found</title>";
    for (status, resource, said) in [
        (404, &DOMAIN_INFO, ": this host seems to have no Agent API."),
        (405, &DOMAIN_INFO, ": this host seems to have no Agent API."),
        (501, &DOMAIN_INFO, ": this host seems to have no Agent API."),
        (400, &DOMAIN_INFO, "."),
        // A broker may answer so as well, and with a session it is known to be one.
        (404, &GET_ROSTER, "."),
    ] {
        let client = client([Answer::body(status, page)]);
        let call = client.call(resource, vec![], CallOptions::default());
        let message = client.environment().run(call).unwrap_err().message();
        assert_eq!(message, format!("the broker refused with {status}{said}"), "{}", resource.name);
    }
}

/// What the message of a refusal quotes of the broker.
fn quoted(status_text: &str, body: &str) -> String {
    let mut answer = Answer::body(400, body);
    if let Answer::Http { status_text: phrase, .. } = &mut answer {
        *phrase = status_text.into();
    }
    let message = failure(answer).kind.message();
    message.strip_prefix("the broker refused with 400").unwrap().into()
}

#[test]
fn problem_details_are_quoted_by_title_and_detail() {
    let xml = |content: &str| {
        format!(
            "<?xml version='1.0'?>\n<problem xmlns='urn:ietf:rfc:7807'>{content}<status>400</status></problem>"
        )
    };
    for (body, said) in [
        (
            r#"{"type":"about:blank","title":"No credit","detail":"It costs 50."}"#,
            ": No credit: It costs 50.",
        ),
        (r#" {"title":"No credit","status":400}"#, ": No credit."),
        (r#"{"detail":"It costs \u00e5 50\n"}"#, ": It costs å 50."),
        (r#"{"title":7,"detail":["x"]}"#, r#": {"title":7,"detail":["x"]}."#),
        (r#"{"title":"","detail":"It costs 50."}"#, ": It costs 50."),
        (r#"{"error":"no"}"#, r#": {"error":"no"}."#),
        (r#"{"title":"No cred"#, r#": {"title":"No cred."#),
        (
            &xml("<title>No &lt;credit></title><detail xml:lang='en'>It costs 50.</detail>"),
            ": No <credit>: It costs 50.",
        ),
        (&xml("<title>No credit</title>"), ": No credit."),
        (&xml("<title><b/></title>"), "."),
        ("<html><head><title>Bad gateway</title></head></html>", "."),
        ("<!DOCTYPE html><title>Bad gateway</title>", "."),
        ("title", ": title."),
        ("", "."),
    ] {
        let phrase = if said.len() > 1 { "Bad Request" } else { "" };
        let phrase_shown = if phrase.is_empty() { String::new() } else { format!(" {phrase}") };
        assert_eq!(quoted(phrase, body), format!("{phrase_shown}{said}"), "{body}");
    }
}

#[test]
fn problem_details_are_bounded_and_tell_no_secret() {
    let long = format!(r#"{{"detail":"{}"}}"#, "å".repeat(2_000));
    assert_eq!(quoted("", &long).matches('å').count(), MAX_TEXT_CHARS as usize);
    let longer = format!(r#"{{"detail":"{}"}}"#, "å".repeat(2_000_000));
    assert!(quoted("", &longer).len() <= 2 * MAX_TEXT_CHARS as usize + 3);
    assert_eq!(quoted("", &format!("<problem>{}</problem>", "<a/>".repeat(100_000))), ".");
    let token = "sécret-\"token\"";
    for body in [
        r#"{"title":"Not for s\u00e9cret-\"token\"","detail":"no sécret-\"token\" here"}"#,
        "<problem><title>Not for s&#233;cret-&quot;token&quot;</title><detail>no sécret-\"token\" here</detail></problem>",
    ] {
        let client = client([Answer::body(400, body)]);
        client.environment().store(keys::TOKEN, token);
        let message = subscribe(&client, CallOptions::default()).unwrap_err().message();
        assert!(message.contains(": Not for …: no … here."), "{message}");
    }
}

#[test]
fn alternative_names_are_collected() {
    let answer = Answer::body(400, "taken")
        .header("X-AlternativeName1", "alice1")
        .header("X-AlternativeName2", "alice2")
        .header("X-AlternativeName4", "alice4");
    let ErrorKind::Refused(refusal) = failure(answer).kind else { panic!("not refused") };
    assert_eq!(refusal.alternatives, ["alice1", "alice2"]);
}
