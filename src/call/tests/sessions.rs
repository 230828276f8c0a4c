//! How a session begins and ends.

use crate::call::job::CallOptions;
use crate::client::Client;
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, HttpRequest};
use crate::error::{Error, ErrorKind};
use crate::resources::account::{LOGIN, LOGOUT, REFRESH};
use crate::session::keys;
use crate::simulation::simulator::{Answer, Simulator};
use crate::wire::{Value, login_signature};
use futures_util::future::join3;
use std::rc::Rc;

const TOKEN: &str = r#"{"jwt":"new","expires":1700003600}"#;

fn client(answers: impl IntoIterator<Item = Answer>) -> Rc<Client<Simulator>> {
    let client = Rc::new(Client::new(Simulator::new(answers)));
    client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
    client
}

fn login(client: &Rc<Client<Simulator>>) -> Result<Value, Box<Error>> {
    let arguments = vec!["alice".into(), "correct horse".into(), 600.into()];
    let call = client.call(&LOGIN, arguments, CallOptions::default());
    client.environment().run(call)
}

fn session(client: &Rc<Client<Simulator>>) -> Vec<Option<String>> {
    keys::OF_SESSION.iter().map(|key| client.environment().load(key)).collect()
}

fn has_session(client: &Rc<Client<Simulator>>) -> bool {
    session(client).iter().any(Option::is_some)
}

#[test]
fn a_login_is_signed_and_kept() {
    let client = client([Answer::body(200, TOKEN)]);
    client.environment().store(keys::TOKEN, "old");
    let response = login(&client).unwrap();
    let [HttpRequest { headers, body: Body::Text(body), .. }] =
        &client.environment().requests()[..]
    else {
        panic!("one request with a body")
    };
    let body: Value = serde_json::from_str(body).unwrap();
    let text = |name| body.get(name).and_then(Value::as_str).unwrap();
    assert_eq!(
        text("signature"),
        login_signature("alice", "neuron.example", text("nonce"), "correct horse")
    );
    assert_eq!(text("nonce").len(), 44);
    assert_eq!(body.get("seconds"), Some(&600.into()));
    assert!(!headers.iter().any(|(name, _)| *name == "Authorization"), "an old token stays here");
    assert_eq!(response.get("expires"), Some(&"2023-11-14T23:13:20Z".into()));
    assert_eq!(
        session(&client),
        [
            Some("new"),
            Some("alice"),
            Some("600"),
            Some("300"),
            Some("600"),
            None,
            Some("https://neuron.example"),
            None
        ]
        .map(|value| value.map(String::from))
    );
}

#[test]
fn no_nonce_is_used_twice() {
    let client = client(std::iter::repeat_n(Answer::body(200, TOKEN), 2));
    login(&client).unwrap();
    login(&client).unwrap();
    let [one, other] = &client.environment().requests()[..] else { panic!("two requests") };
    let (Body::Text(one), Body::Text(other)) = (&one.body, &other.body) else {
        panic!("two bodies")
    };
    assert_ne!(one, other);
}

#[test]
fn bad_arguments_of_a_login_are_named() {
    let client = client([]);
    for (user_name, password, seconds, parameter) in [
        (Value::Null, "pw".into(), 1.into(), "UserName"),
        ("a@b".into(), "pw".into(), 1.into(), "UserName"),
        ("a".into(), Value::Null, 1.into(), "Password"),
        ("a".into(), "".into(), 1.into(), "Password"),
        ("a".into(), 7.into(), 1.into(), "Password"),
        ("a".into(), "pw".into(), 0.into(), "Seconds"),
        ("a".into(), "pw".into(), Value::Null, "Seconds"),
    ] {
        let call = client.call(&LOGIN, vec![user_name, password, seconds], CallOptions::default());
        match client.environment().run(call).map_err(|failure| failure.kind) {
            Err(ErrorKind::InvalidArgument { parameter: found, .. }) => {
                assert_eq!(found, parameter)
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(client.environment().requests().len(), 0);
}

#[test]
fn a_refresh_replaces_the_token() {
    let client = client([Answer::body(200, TOKEN)]);
    client.environment().store(keys::TOKEN, "old");
    client.environment().store(keys::USER_NAME, "alice");
    client
        .environment()
        .run(client.call(&REFRESH, vec![60.into()], CallOptions::default()))
        .unwrap();
    let requests = client.environment().requests();
    assert!(requests[0].headers.contains(&("Authorization", "Bearer old".into())));
    assert_eq!(client.environment().load(keys::TOKEN).as_deref(), Some("new"));
    assert_eq!(client.environment().load(keys::USER_NAME).as_deref(), Some("alice"));
}

#[test]
fn a_refresh_needs_a_session() {
    let client = client([]);
    let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
    assert_eq!(client.environment().run(refresh).unwrap_err().code(), "not-logged-in");
}

#[test]
fn a_failed_refresh_keeps_a_token_that_may_still_be_good() {
    for (answer, kept) in [
        (Answer::Lost, true),
        (Answer::body(500, ""), true),
        (Answer::body(200, "{}"), true),
        (Answer::body(401, ""), false),
    ] {
        let client = client([]);
        client.environment().world.serve(Box::new(move |_| answer.clone()));
        client.environment().store(keys::TOKEN, "old");
        let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
        client.environment().run(refresh).unwrap_err();
        assert_eq!(has_session(&client), kept);
    }
}

#[test]
fn a_logout_clears_first_whatever_the_server_answers() {
    for (answer, settles_well) in [
        (Answer::body(200, "{}"), true),
        (Answer::body(200, ""), true),
        (Answer::body(401, ""), true),
        (Answer::body(500, ""), false),
        (Answer::Lost, false),
        (Answer::Never, false),
    ] {
        let client = client([answer]);
        client.environment().store(keys::TOKEN, "old");
        let outcome =
            client.environment().run(client.call(&LOGOUT, Vec::new(), CallOptions::default()));
        assert_eq!(outcome.is_ok(), settles_well);
        assert!(!has_session(&client));
        let requests = client.environment().requests();
        assert!(requests[0].headers.contains(&("Authorization", "Bearer old".into())));
    }
}

#[test]
fn a_logout_without_a_session_asks_nobody() {
    let client = client([]);
    client.environment().run(client.call(&LOGOUT, Vec::new(), CallOptions::default())).unwrap();
}

#[test]
fn a_logout_during_a_refresh_or_login_wins() {
    let client = client([
        Answer::body(200, TOKEN).after_ms(100),
        Answer::body(200, TOKEN).after_ms(100),
        Answer::body(200, "{}"),
    ]);
    client.environment().store(keys::TOKEN, "old");
    let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
    let login =
        client.call(&LOGIN, vec!["a".into(), "b".into(), 60.into()], CallOptions::default());
    let logout = async {
        client.environment().sleep(50).await;
        client.call(&LOGOUT, Vec::new(), CallOptions::default()).await
    };
    let (refresh, login, logout) = client.environment().run(join3(refresh, login, logout));
    assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
    assert_eq!(login.unwrap_err().code(), "not-logged-in");
    logout.unwrap();
    assert!(!has_session(&client));
}

#[test]
fn a_later_login_wins_over_a_refresh_under_way() {
    let client = client([
        Answer::body(200, r#"{"jwt":"late","expires":0}"#).after_ms(100),
        Answer::body(200, TOKEN),
    ]);
    client.environment().store(keys::TOKEN, "old");
    let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
    let login = async {
        client.environment().sleep(50).await;
        let arguments = vec!["bob".into(), "b".into(), 60.into()];
        client.call(&LOGIN, arguments, CallOptions::default()).await
    };
    let (refresh, login, ()) = client.environment().run(join3(refresh, login, async {}));
    assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
    login.unwrap();
    assert_eq!(client.environment().load(keys::TOKEN).as_deref(), Some("new"));
    assert_eq!(client.environment().load(keys::USER_NAME).as_deref(), Some("bob"));
}

#[test]
fn a_session_that_another_copy_ended_does_not_come_back() {
    let client = client([Answer::body(200, TOKEN).after_ms(100)]);
    client.environment().store(keys::TOKEN, "old");
    let refresh = client.call(&REFRESH, vec![60.into()], CallOptions::default());
    let elsewhere = async {
        client.environment().sleep(50).await;
        client.environment().remove(keys::TOKEN);
    };
    let (refresh, (), ()) = client.environment().run(join3(refresh, elsewhere, async {}));
    assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
    assert!(!has_session(&client));
}

#[test]
fn a_token_is_not_shown_to_another_host() {
    let client = client([]);
    client.environment().store(keys::TOKEN, "token");
    client.set_origin(Some(&Origin::new("Neuron.Example:443", true).unwrap()));
    assert!(has_session(&client), "the same host, written otherwise");
    client.set_origin(Some(&Origin::new("other.example", true).unwrap()));
    assert!(!has_session(&client));
}
