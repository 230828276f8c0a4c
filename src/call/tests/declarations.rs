//! What a declaration can say, by resources that were made up for it.

use crate::call::job::{CallOptions, RequestBody};
use crate::client::Client;
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, ForeignBytes, HttpRequest};
use crate::resources::account::LOGIN;
use crate::resources::xmpp::SEND_PRESENCE_SUBSCRIPTION;
use crate::resources::{intelligence, legal, storage};
use crate::session::keys;
use crate::simulation::simulator::{Answer, Simulator};
use crate::syntax::xml::CHECKS;
use crate::wire::{
    BodyKind, Effect, Input, InputKind, Method, Object, Output, OutputKind, Resource, Role, Value,
};
use std::cell::RefCell;
use std::rc::Rc;

fn client(answers: impl IntoIterator<Item = Answer>) -> Rc<Client<Simulator>> {
    let client = Rc::new(Client::new(Simulator::new(answers)));
    client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
    client.environment().store(keys::TOKEN, "token");
    client
}

fn call(
    client: &Rc<Client<Simulator>>,
    resource: &'static Resource,
    arguments: &str,
    options: CallOptions,
) -> Result<String, String> {
    let Value::Array(arguments) = serde_json::from_str(arguments).unwrap() else { panic!() };
    match client.environment().run(client.call(resource, arguments, options)) {
        Ok(answer) => Ok(serde_json::to_string(&answer).unwrap()),
        Err(error) => Err(error.kind.message()),
    }
}

fn content(body: Body) -> Option<RequestBody> {
    Some(RequestBody { body, media_type: "image/png".into(), texts: String::new() })
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

static PUT: Resource = Resource::new("Test", "Upload")
    .at("Test/Content")
    .method(Method::Put)
    .effect(Effect::Write)
    .body(BodyKind::Bytes)
    .inputs(&[
        Input::required("Content", InputKind::Content),
        Input::required("contentId", InputKind::NonEmptyText).role(Role::Path),
        Input::optional("visibility", InputKind::OneOf(&["Public", "Private"]))
            .role(Role::Header("X-Visibility")),
    ])
    .responds(
        "Uploaded",
        &Object::new("Uploaded", "", &[Output::required("url", OutputKind::Text, "")]),
    );

#[test]
fn content_is_put_at_a_path_with_a_header() {
    let client = client([Answer::body(503, ""), Answer::body(200, r#"{"url":"x"}"#)]);
    let bytes: ForeignBytes = Rc::new(vec![1_u8]);
    let options = CallOptions {
        content: content(Body::Foreign(Rc::clone(&bytes))),
        ..CallOptions::default()
    };
    let answer = call(&client, &PUT, r#"[true,"a b/å?.png","Public"]"#, options);
    assert_eq!(answer.as_deref(), Ok(r#"{"url":"x"}"#));
    let requests = client.environment().requests();
    assert_eq!(requests.len(), 2, "it is sent again after a 503");
    for request in &requests {
        assert_eq!(request.method, Method::Put);
        let url = "https://neuron.example/Agent/Test/Content/a%20b/%C3%A5%3F.png";
        assert_eq!(request.url, url);
        assert_eq!(header(request, "X-Visibility"), Some("Public"));
        assert_eq!(header(request, "Accept"), Some("application/json"));
        assert_eq!(header(request, "Content-Type"), Some("image/png"));
        let Body::Foreign(sent) = &request.body else { panic!("{request:?}") };
        assert!(Rc::ptr_eq(sent, &bytes));
    }
}

#[test]
fn a_header_that_is_not_given_is_left_out_and_a_stream_is_sent_once() {
    let client = client([Answer::body(503, "")]);
    let stream = content(Body::Stream(Rc::new(())));
    let options = CallOptions { content: stream, ..CallOptions::default() };
    call(&client, &PUT, r#"[true,"a"]"#, options).unwrap_err();
    let requests = client.environment().requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(header(&requests[0], "X-Visibility"), None);
}

#[test]
fn a_media_type_that_was_given_counts_more_than_that_of_the_content() {
    for (chosen, sent) in [(r#""text/plain""#, "text/plain"), ("null", "image/png")] {
        let answer =
            r#"{"uploaded":"2026-11-26T12:00:00Z","visibility":"Public","etag":"1","url":"x"}"#;
        let client = client([Answer::body(200, answer)]);
        let bytes = content(Body::Foreign(Rc::new(vec![1_u8])));
        let options = CallOptions { content: bytes, ..CallOptions::default() };
        let arguments = format!(r#"["/Agent/Storage/Content/alice/a.txt",true,"Public",{chosen}]"#);
        call(&client, &storage::PUT, &arguments, options).unwrap();
        let requests = client.environment().requests();
        let types = requests[0].headers.iter().filter(|(name, _)| *name == "Content-Type");
        assert_eq!(types.map(|(_, value)| value.as_str()).collect::<Vec<_>>(), [sent]);
    }
}

#[test]
fn a_path_can_t_leave_its_resource() {
    for path in ["..", "a/../b", ".", "a/."] {
        let arguments = format!(r#"[true,"{path}"]"#);
        let error = call(&client([]), &PUT, &arguments, CallOptions::default()).unwrap_err();
        assert!(error.starts_with("ContentId "), "{error}");
    }
}

#[test]
fn a_form_has_the_texts_that_were_given_and_the_content() {
    static UPLOAD: Resource =
        Resource::new("Test", "Upload").effect(Effect::Write).body(BodyKind::Form).inputs(&[
            Input::required("Content", InputKind::Content),
            Input::optional("ContentId", InputKind::NonEmptyText),
            Input::optional("Visibility", InputKind::NonEmptyText),
        ]);
    let client = client([Answer::body(200, "")]);
    let file = content(Body::Foreign(Rc::new(())));
    let options = CallOptions { content: file, ..CallOptions::default() };
    let answer = call(&client, &UPLOAD, r#"[true,null,"Public"]"#, options);
    assert_eq!(answer.as_deref(), Ok("{}"));
    let request = &client.environment().requests()[0];
    // The environment writes the boundary of the parts.
    assert_eq!(header(request, "Content-Type"), None);
    let Body::Form(properties, name, content) = &request.body else { panic!("{request:?}") };
    assert_eq!(properties, r#"{"Content":true,"Visibility":"Public"}"#);
    assert_eq!(*name, "Content");
    assert!(matches!(&**content, Body::Foreign(_)));
}

#[test]
fn bytes_come_back_beside_the_answer() {
    static DOWNLOAD: Resource =
        Resource::new("Test", "Download").method(Method::Get).responds_bytes();
    let answer = Answer::body(200, "\u{1}\u{2}");
    let client = client([answer, Answer::body(404, "no such content")]);
    let received = Rc::new(RefCell::new(None));
    let options = || CallOptions { response_bytes: Rc::clone(&received), ..CallOptions::default() };
    let answer = call(&client, &DOWNLOAD, "[]", options());
    assert_eq!(answer.as_deref(), Ok("{}"));
    assert_eq!(header(&client.environment().requests()[0], "Accept"), Some("*/*"));
    let bytes = received.borrow_mut().take().unwrap();
    assert_eq!(bytes.downcast_ref(), Some(&vec![1_u8, 2]));
    let error = call(&client, &DOWNLOAD, "[]", options()).unwrap_err();
    assert!(error.contains("no such content"), "{error}");
    assert!(received.borrow().is_none());
}

#[test]
fn delete_has_no_body() {
    static DELETE: Resource = Resource::new("Test", "Delete")
        .at("Test/Content")
        .method(Method::Delete)
        .effect(Effect::Write)
        .inputs(&[Input::required("contentId", InputKind::NonEmptyText).role(Role::Path)]);
    let client = client([Answer::body(200, "")]);
    call(&client, &DELETE, r#"["a.png"]"#, CallOptions::default()).unwrap();
    let request = &client.environment().requests()[0];
    assert!(matches!(request.body, Body::Nothing));
    assert_eq!(request.url, "https://neuron.example/Agent/Test/Content/a.png");
}

#[test]
fn an_argument_is_checked_once_however_often_the_request_is_sent() {
    let failures = (0..3).map(|_| Answer::body(503, ""));
    let client = client(failures.chain([Answer::body(200, r#"{"sent":true,"id":"1"}"#)]));
    let before = CHECKS.with(std::cell::Cell::get);
    let xml = "<a>x</a>".repeat(100_000);
    let arguments = serde_json::to_string(&["bob@example.org", &xml]).unwrap();
    call(&client, &SEND_PRESENCE_SUBSCRIPTION, &arguments, CallOptions::default()).unwrap();
    assert_eq!(client.environment().requests().len(), 4);
    assert_eq!(CHECKS.with(std::cell::Cell::get) - before, 1);
}

#[test]
fn no_error_quotes_what_is_secret_however_deep() {
    let pin = "a pin that is long enough";
    static PAY: Resource = Resource::new("Test", "Pay").effect(Effect::Once).inputs(&[
        Input::required(
            "Objects",
            InputKind::Objects(
                &[Input::required(
                    "Inner",
                    InputKind::Object(&[Input::required("pin", InputKind::Secret)]),
                )],
                &crate::wire::Entries::Within("Item"),
            ),
        ),
        Input::required(
            "Tags",
            InputKind::Map(
                &[
                    Input::required("name", InputKind::NonEmptyText),
                    Input::required("value", InputKind::Secret),
                ],
                "Tag",
            ),
        ),
    ]);
    let client = client([Answer::body(400, &format!("{pin} is wrong, and so is a value"))]);
    let arguments = format!(r#"[[{{"Inner":{{"pin":"{pin}"}}}}],{{"a":"a value"}}]"#);
    let error = call(&client, &PAY, &arguments, CallOptions::default()).unwrap_err();
    assert!(error.contains("… is wrong, and so is …"), "{error}");
}

#[test]
fn what_signs_is_not_sent_and_not_quoted() {
    let client = client([Answer::body(400, "correct horse")]);
    let arguments = r#"["alice","correct horse",3600]"#;
    let error = call(&client, &LOGIN, arguments, CallOptions::default()).unwrap_err();
    assert!(!error.contains("correct horse"), "{error}");
    let Body::Text(body) = &client.environment().requests()[0].body else { panic!() };
    assert!(!body.contains("password") && !body.contains("correct horse"), "{body}");
}

#[test]
fn no_error_quotes_the_texts_of_content() {
    let client = client([Answer::body(400, "a text of the content is too much")]);
    let body = RequestBody {
        body: Body::Text("x".into()),
        media_type: String::new(),
        texts: r#"["a text of the content"]"#.into(),
    };
    let options = CallOptions { content: Some(body), ..CallOptions::default() };
    let error = call(&client, &PUT, r#"[true,"a.txt"]"#, options).unwrap_err();
    assert!(error.contains("… is too much"), "{error}");
}

#[test]
fn bytes_that_are_cut_short_are_no_success() {
    static DOWNLOAD: Resource =
        Resource::new("Test", "Download").method(Method::Get).responds_bytes();
    let mut cut = Answer::body(200, "half of it");
    if let Answer::Http { headers, .. } = &mut cut {
        headers.insert("Content-Length".into(), "1000".into());
    }
    let client = client([cut, Answer::body(200, "all of it")]);
    let received = Rc::new(RefCell::new(None));
    let options = CallOptions { response_bytes: Rc::clone(&received), ..CallOptions::default() };
    call(&client, &DOWNLOAD, "[]", options).unwrap();
    assert_eq!(client.environment().requests().len(), 2, "it is read again");
    let bytes = received.borrow_mut().take().unwrap();
    assert_eq!(bytes.downcast_ref::<Vec<u8>>().unwrap(), b"all of it");
}

#[test]
fn what_no_header_or_path_can_carry_is_refused() {
    static TRY: Resource = Resource::new("Test", "Try").inputs(&[
        Input::required("who", InputKind::Address).role(Role::Path),
        Input::optional("mood", InputKind::NonEmptyText).role(Role::Header("X-Mood")),
    ]);
    for (arguments, parameter) in [
        (r#"["a@b.c/../../Logout"]"#, "Who "),
        (r#"["a@b.c","\u2665"]"#, "Mood "),
        (r#"["a@b.c","a\r\nb"]"#, "Mood "),
    ] {
        let error = call(&client([]), &TRY, arguments, CallOptions::default()).unwrap_err();
        assert!(error.starts_with(parameter), "{error}");
    }
}

#[test]
fn a_url_of_the_broker_is_whole_or_a_path() {
    let url = "https://neuron.example/Agent/Storage/Content/alice/a%20b.txt";
    for given in
        [url, "/Agent/Storage/Content/alice/a%20b.txt", &url.replace("example/", "EXAMPLE:443/")]
    {
        let client = client([Answer::body(200, "")]);
        let answer =
            call(&client, &storage::DELETE, &format!("[\"{given}\"]"), CallOptions::default());
        assert_eq!(answer.as_deref(), Ok("{}"), "{given}");
        let request = &client.environment().requests()[0];
        assert_eq!((request.method, request.url.as_str()), (Method::Delete, url));
        assert_eq!(header(request, "Authorization"), Some("Bearer token"));
    }
}

#[test]
fn no_other_url_is_asked_or_shown_the_token() {
    for given in [
        "https://other.example/Agent/Storage/Content/alice/a.txt",
        "http://neuron.example/Agent/Storage/Content/alice/a.txt",
        "https://neuron.example:8443/Agent/Storage/Content/alice/a.txt",
        "https://neuron.example.other.example/Agent/Storage/Content/alice/a.txt",
        "https://alice@neuron.example/Agent/Storage/Content/alice/a.txt",
        "//other.example/Agent/Storage/Content/alice/a.txt",
        "/Agent/Storage/Content/../../Account/Logout",
        "/Agent/Storage/Content/%2e%2E/Account",
        "/Agent/Storage/Content/a/.%2E",
        "/Agent/Storage/Content/a?b",
        "/Agent/Storage/Content/a#b",
        "/Agent/Storage/Content/a b",
        "/Agent/Storage/Content/",
        "/Agent/Storage/Content",
        "/Agent/Account/Logout",
        "alice/a.txt",
        "javascript:alert(1)",
    ] {
        let client = client([]);
        let arguments = format!("[\"{given}\"]");
        for resource in [&storage::DELETE, &storage::DOWNLOAD] {
            let error = call(&client, resource, &arguments, CallOptions::default()).unwrap_err();
            assert!(error.starts_with("Url "), "{given}: {error}");
        }
        assert_eq!(client.environment().requests().len(), 0, "{given}");
    }
}

#[test]
fn a_stream_is_no_part_of_a_form() {
    let client = client([]);
    let stream = content(Body::Stream(Rc::new(())));
    let options = CallOptions { content: stream, ..CallOptions::default() };
    let error = call(&client, &storage::UPLOAD, r#"[true,null,"Public"]"#, options).unwrap_err();
    assert!(error.starts_with("ContentFile can't be a stream."), "{error}");
    assert_eq!(client.environment().requests().len(), 0);
}

#[test]
fn parameters_become_the_properties_of_an_object() {
    let client = client([Answer::body(200, r#"{"objectId":"1"}"#)]);
    let arguments = r#"["203.0.113.7","2030-01-01T00:00:00Z",null,"HTTPS",null,null,null,[{"name":"n","value":3}]]"#;
    call(&client, &intelligence::ADD, arguments, CallOptions::default()).unwrap();
    let Body::Text(body) = &client.environment().requests()[0].body else { panic!() };
    let information = r#"{"endpoint":"203.0.113.7","expires":"2030-01-01T00:00:00Z","protocol":"HTTPS","Tag":[{"name":"n","value":3}]}"#;
    assert_eq!(*body, format!(r#"{{"Information":{information}}}"#));
    for (arguments, start) in [
        (r#"["203.0.113.7"]"#, "Expires is missing."),
        (r#"["203.0.113.7","today"]"#, "Expires is not an ISO 8601"),
        (
            r#"["a","2030-01-01T00:00:00Z",null,null,null,null,null,[{}]]"#,
            "Tags[0].name is missing.",
        ),
    ] {
        let error =
            call(&client, &intelligence::ADD, arguments, CallOptions::default()).unwrap_err();
        assert!(error.starts_with(start), "{error}");
    }
}

#[test]
fn a_proposal_is_a_message_with_an_element() {
    for (message, attribute) in
        [(r#""<Hi> & \"you\"""#, " message=\"&lt;Hi&gt; &amp; &quot;you&quot;\""), ("null", "")]
    {
        let client = client([Answer::body(200, r#"{"sent":true,"id":"1"}"#)]);
        let arguments = format!(r#"["c@x","Lender","bob@example.org",{message}]"#);
        call(&client, &legal::SEND_PROPOSAL, &arguments, CallOptions::default()).unwrap();
        let request = &client.environment().requests()[0];
        assert_eq!(request.url, "https://neuron.example/Agent/Xmpp/SendXmlMessage");
        let Body::Text(body) = &request.body else { panic!() };
        let body: Value = serde_json::from_str(body).unwrap();
        let element = format!(
            "<contractProposal xmlns=\"urn:nf:iot:leg:sc:1.0\" contractId=\"c@x\" role=\"Lender\"{attribute}/>"
        );
        assert_eq!((body.text("to"), body.text("xml")), ("bob@example.org", element.as_str()));
    }
}

#[test]
fn only_an_application_shows_where_it_comes_from() {
    let client = client([Answer::body(400, ""), Answer::body(400, "")]);
    client.environment().store(keys::USER_NAME, "alice");
    let arguments = r#"["ed448","urn:nf:iot:e2e:1.0","key1","keypw","pw",{"FIRST":"Ada"}]"#;
    call(&client, &legal::APPLY_ID, arguments, CallOptions::default()).unwrap_err();
    call(&client, &legal::GET_IDENTITIES, "[]", CallOptions::default()).unwrap_err();
    let requests = client.environment().requests();
    assert_eq!(header(&requests[0], "Referer"), Some("https://neuron.example/"));
    assert_eq!(header(&requests[1], "Referer"), None);
}

#[test]
fn a_list_that_may_be_left_out_is() {
    let client = client([Answer::body(400, ""), Answer::body(400, "")]);
    for parts in ["null", r#"[{"role":"Lender","legalId":"a@x"}]"#] {
        let arguments = format!(r#"["template@x","Public",{parts}]"#);
        call(&client, &legal::CREATE_CONTRACT, &arguments, CallOptions::default()).unwrap_err();
    }
    let bodies: Vec<_> = client
        .environment()
        .requests()
        .into_iter()
        .map(|request| match request.body {
            Body::Text(body) => body,
            _ => panic!(),
        })
        .collect();
    let start = r#"{"templateId":"template@x","visibility":"Public","#;
    assert_eq!(bodies[0], format!(r#"{start}"Parameters":[]}}"#));
    assert_eq!(
        bodies[1],
        format!(r#"{start}"Parts":[{{"role":"Lender","legalId":"a@x"}}],"Parameters":[]}}"#)
    );
}

#[test]
fn a_list_that_must_hold_something_is_neither_left_out_nor_empty() {
    for (tags, rule) in [("null", "is missing."), ("[]", "must not be empty.")] {
        let client = client([]);
        let arguments = format!(r#"[null,"Card",null,{tags}]"#);
        let error = call(&client, &storage::STORE_IN_VAULT, &arguments, CallOptions::default())
            .unwrap_err();
        assert!(error.starts_with(&format!("Tags {rule}")), "{error}");
        assert_eq!(client.environment().requests().len(), 0);
    }
}

#[test]
fn no_error_tells_what_is_personal_in_a_list() {
    let client = client([]);
    client.environment().store(keys::USER_NAME, "alice");
    client.environment().world.serve(Box::new(|request| match &request.body {
        Body::Text(body) => Answer::body(400, body),
        _ => Answer::Never,
    }));
    let key = r#""ed448","urn:nf:iot:e2e:1.0","key1","keypw","pw""#;
    let arguments = format!(r#"[{key},{{"PNR":"19121212-1212"}}]"#);
    let error = call(&client, &legal::APPLY_ID, &arguments, CallOptions::default()).unwrap_err();
    assert!(error.contains(r#""name":"PNR","value":"…""#), "{error}");
}

#[test]
fn a_word_that_is_missing_is_named_with_the_others() {
    let options =
        CallOptions { content: content(Body::Foreign(Rc::new(()))), ..CallOptions::default() };
    let error = call(&client([]), &storage::UPLOAD, "[true]", options).unwrap_err();
    let words = "\"Public\" or \"Presence\" or \"Private\"";
    assert_eq!(error, format!("Visibility is missing. Write {words}."));
}
