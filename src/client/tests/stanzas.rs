//! Stanzas, and what is taken from queues: after a lost response no contact may be asked twice.

use super::*;
use crate::resources::xmpp::{
    CLEAR_MESSAGES, INFORMATION_QUERY, POP_MESSAGES, SEND_FORMATTED_MESSAGE,
    SEND_PRESENCE_SUBSCRIPTION, SEND_PRESENCE_UNSUBSCRIPTION, SEND_SUBSCRIPTION_ACCEPTED,
    SEND_SUBSCRIPTION_DECLINED, SEND_TEXT_MESSAGE, SEND_XML_MESSAGE,
};

fn item(status: &str, pending: bool) -> Answer {
    let name = r#""bareJid":"bob@example.org","name":"","Groups":[]"#;
    ok(&format!(r#"{{{name},"status":"{status}","pendingSubscription":{pending}}}"#))
}

fn send(client: &TestClient, resource: &'static Resource, id: &str) -> Result<Value, Box<Error>> {
    let mut values = vec!["bob@example.org/phone".into()];
    if resource.name == "SendPresenceSubscription" {
        values.extend(["", ""].map(Value::from));
    }
    values.push(id.into());
    call(client, resource, values)
}

const LOST: [fn() -> Answer; 5] = [
    || Answer::Lost,
    || Answer::Never,
    || Answer::body(502, ""),
    || Answer::body(504, ""),
    || ok("<html>"),
];

#[test]
fn a_subscription_on_the_roster_has_arrived() {
    for lost in LOST {
        for (status, pending) in [("None", true), ("From", true), ("To", false), ("Both", false)] {
            for id in ["id-1", ""] {
                let client = client([lost(), item(status, pending)]);
                let answer = send(&client, &SEND_PRESENCE_SUBSCRIPTION, id).unwrap();
                assert_eq!(answer.get("sent"), Some(&true.into()));
                assert_eq!(answer.get("id"), Some(&id.into()));
                assert_eq!(answer.get("reconciled"), Some(&true.into()));
                let shown = answer.get("RosterItem").unwrap();
                assert_eq!(shown.get("status"), Some(&status.into()));
                assert_eq!(asked(&client), ["SendPresenceSubscription", "GetRosterItem"]);
                let question = &client.environment().requests()[1];
                assert_eq!(property(question, "bareJid"), "bob@example.org".into());
            }
        }
    }
}

#[test]
fn a_subscription_that_the_roster_does_not_show_is_sent_again() {
    for lost in LOST {
        for shown in [item("None", false), item("From", false), Answer::body(404, "no such item")] {
            let client = client([lost(), shown, ok(SENT)]);
            let answer = send(&client, &SEND_PRESENCE_SUBSCRIPTION, "id-1").unwrap();
            assert_eq!(answer.get("reconciled"), None);
            let asked = asked(&client);
            assert_eq!(asked[0], asked[2]);
            let sent = client.environment().requests();
            assert_eq!(text_of(&sent[0]), text_of(&sent[2]));
        }
    }
}

#[test]
fn a_roster_that_does_not_answer_leaves_the_failure_as_it_was() {
    for silent in [Answer::Lost, Answer::body(500, ""), Answer::body(403, ""), ok("{}")] {
        let client = served_by(move |name, _| match name {
            "GetRosterItem" => silent.clone(),
            _ => Answer::Lost,
        });
        let failure = send(&client, &SEND_PRESENCE_SUBSCRIPTION, "id-1").unwrap_err();
        assert_eq!((failure.code(), failure.attempts), ("network", 1));
        assert!(failure.ambiguous);
        assert_eq!(count(&client, "SendPresenceSubscription"), 1);
    }
}

#[test]
fn a_roster_that_hangs_does_not_outlast_the_call() {
    let client = served_by(|name, _| match name {
        "GetRosterItem" => Answer::Never,
        _ => Answer::Lost,
    });
    let failure = send(&client, &SEND_PRESENCE_SUBSCRIPTION, "id-1").unwrap_err();
    assert!(failure.ambiguous);
    assert_eq!(client.environment().elapsed_ms(), 30_000);
    assert_eq!(count(&client, "SendPresenceSubscription"), 1);
}

#[test]
fn the_roster_is_not_asked_after_the_deadline() {
    let client = served_by(|name, _| match name {
        "GetRosterItem" => item("None", true),
        _ => Answer::Never,
    });
    // As after a sleep of the machine, both times are over at once.
    client.calls.settings.attempt_ms.set(30_000);
    let failure = send(&client, &SEND_PRESENCE_SUBSCRIPTION, "id-1").unwrap_err();
    assert_eq!((failure.code(), failure.ambiguous), ("timeout", true));
    assert_eq!(asked(&client), ["SendPresenceSubscription"]);
}

#[test]
fn each_traced_stanza_has_its_trace() {
    for (resource, status, pending, arrived) in [
        (&SEND_SUBSCRIPTION_ACCEPTED, "From", false, true),
        (&SEND_SUBSCRIPTION_ACCEPTED, "Both", false, true),
        (&SEND_SUBSCRIPTION_ACCEPTED, "To", false, false),
        (&SEND_SUBSCRIPTION_ACCEPTED, "None", true, false),
        (&SEND_PRESENCE_UNSUBSCRIPTION, "None", false, true),
        (&SEND_PRESENCE_UNSUBSCRIPTION, "From", false, true),
        (&SEND_PRESENCE_UNSUBSCRIPTION, "To", false, false),
        (&SEND_PRESENCE_UNSUBSCRIPTION, "Both", false, false),
        (&SEND_PRESENCE_UNSUBSCRIPTION, "None", true, false),
    ] {
        let client = client([Answer::Lost, item(status, pending), ok(SENT)]);
        let answer = send(&client, resource, "id-1").unwrap();
        assert_eq!(answer.get("reconciled").is_some(), arrived, "{} {status}", resource.name);
        assert_eq!(asked(&client).len(), if arrived { 2 } else { 3 });
        if arrived {
            let has_item = resource.name == "SendSubscriptionAccepted";
            assert_eq!(answer.get("RosterItem").is_some(), has_item);
        }
    }
    let gone = client([Answer::Lost, Answer::body(404, "")]);
    assert!(send(&gone, &SEND_PRESENCE_UNSUBSCRIPTION, "").is_ok());
    let not_granted = client([Answer::Lost, Answer::body(404, ""), Answer::body(400, "")]);
    assert_eq!(
        send(&not_granted, &SEND_SUBSCRIPTION_ACCEPTED, "").unwrap_err().code(),
        "bad-request"
    );
}

#[test]
fn what_is_not_sent_needs_no_look() {
    for answer in [Answer::Unsent, Answer::body(503, ""), Answer::body(429, "")] {
        let client = client([answer, ok(SENT)]);
        send(&client, &SEND_PRESENCE_SUBSCRIPTION, "").unwrap();
        assert_eq!(asked(&client), ["SendPresenceSubscription"; 2]);
    }
}

#[test]
fn a_message_is_never_sent_twice_and_the_doubt_is_told() {
    let stanza = ["bob@example.org", "<a/>"].map(Value::from);
    let query = ["bob@example.org", "get", "<a/>"].map(Value::from);
    for lost in LOST {
        for (resource, values) in [
            (&SEND_TEXT_MESSAGE, &stanza[..]),
            (&SEND_FORMATTED_MESSAGE, &stanza[..]),
            (&SEND_XML_MESSAGE, &stanza[..]),
            (&SEND_SUBSCRIPTION_DECLINED, &stanza[..1]),
            (&INFORMATION_QUERY, &query[..]),
        ] {
            let client = client([lost()]);
            let failure = call(&client, resource, values.to_vec()).unwrap_err();
            assert!(failure.ambiguous, "{}: {failure:?}", resource.name);
            assert!(failure.message().contains("may have been processed; check before retrying"));
        }
    }
}

#[test]
fn a_broker_that_fails_may_have_sent_and_is_not_asked_again() {
    for resource in [&SEND_TEXT_MESSAGE, &SEND_PRESENCE_SUBSCRIPTION] {
        let client = client([Answer::body(500, "out of order")]);
        let failure =
            call(&client, resource, ["bob@example.org", "<a/>"].map(Value::from).to_vec());
        let failure = failure.unwrap_err();
        assert_eq!((failure.code(), failure.ambiguous), ("server-error", true));
    }
    let client = client([Answer::body(500, "")]);
    assert!(!call(&client, &crate::resources::xmpp::GET_ROSTER, []).unwrap_err().ambiguous);
}

#[test]
fn without_time_for_another_attempt_the_doubt_is_told_whatever_the_roster_shows() {
    let client = client([Answer::Never, item("None", false).after_ms(9_999)]);
    client.set_timeout(10_000, 20_000);
    let failure = send(&client, &SEND_PRESENCE_SUBSCRIPTION, "").unwrap_err();
    assert_eq!(asked(&client), ["SendPresenceSubscription", "GetRosterItem"]);
    assert!(failure.ambiguous, "{failure:?}");
}

#[test]
fn a_message_that_is_given_up_while_nothing_was_out_is_not_in_doubt() {
    let client = always(Answer::body(503, "").header("Retry-After", "20"));
    let values = ["bob@example.org", "hi"].map(Value::from).to_vec();
    let options = abort_after(&client, 1_000);
    let failure = client.environment().run(client.call(&SEND_TEXT_MESSAGE, values, options));
    assert!(!failure.unwrap_err().ambiguous);
    let client = always(Answer::Never);
    let values = ["bob@example.org", "hi"].map(Value::from).to_vec();
    let options = abort_after(&client, 1_000);
    let failure = client.environment().run(client.call(&SEND_TEXT_MESSAGE, values, options));
    assert!(failure.unwrap_err().ambiguous);
}

#[test]
fn what_was_taken_is_not_taken_again() {
    for resource in [&POP_MESSAGES, &CLEAR_MESSAGES] {
        for lost in LOST {
            let client = client([lost()]);
            let failure = call(&client, resource, []).unwrap_err();
            assert!(failure.ambiguous);
        }
        let empty = r#"{"Messages":[],"count":0}"#;
        for answer in [Answer::Unsent, Answer::body(503, ""), Answer::body(429, "")] {
            let client = client([answer, ok(empty)]);
            call(&client, resource, []).unwrap();
            assert_eq!(asked(&client).len(), 2);
        }
    }
}

#[test]
fn who_asked_for_messages_is_told_how_many_may_be_lost() {
    for (arguments, most) in [(vec![Value::from(7)], "7"), (vec![], "100")] {
        let client = client([Answer::Cut]);
        let message = call(&client, &POP_MESSAGES, arguments).unwrap_err().message();
        assert!(message.ends_with(&format!(" Up to {most} messages may be lost.")), "{message}");
    }
    for (resource, answer) in
        [(&CLEAR_MESSAGES, Answer::Cut), (&POP_MESSAGES, Answer::body(400, ""))]
    {
        let message = call(&client([answer]), resource, []).unwrap_err().message();
        assert!(!message.contains("may be lost"), "{message}");
    }
}

#[test]
fn what_was_taken_is_read_whatever_its_size() {
    let message = r#"{"from":"a","to":"b","type":"chat","timestamp":0,"Content":"text"}"#;
    let client = client([ok(&format!(r#"{{"Messages":[{message},{message}]}}"#))]);
    client.set_max_response_bytes(10);
    let Value::Object(response) = call(&client, &POP_MESSAGES, []).unwrap() else { panic!() };
    assert!(matches!(&response[..], [(_, Value::Array(messages))] if messages.len() == 2));
}

#[test]
fn one_message_that_breaks_the_contract_leaves_the_others() {
    let odd = r#"{"Messages":[{"from":"a"},{"from":"b","to":"c","type":"","timestamp":1}]}"#;
    let client = client([ok(odd)]);
    let response = call(&client, &POP_MESSAGES, []).unwrap();
    let Some(Value::Array(messages)) = response.get("Messages") else { panic!() };
    let problem =
        |message: &Value| message.get("problem").and_then(Value::as_str).map(String::from);
    assert_eq!(problem(&messages[0]).as_deref(), Some("to is missing"));
    assert_eq!(problem(&messages[1]), None);
}

/// A look at the roster is for the user whose stanza it was, at the broker that it went to.
#[test]
fn the_roster_of_another_user_is_not_queried() {
    let client = served_by(|name, _| match name {
        "Login" => grant("bob", 2, 600),
        "Logout" => ok("{}"),
        "GetRosterItem" => item("Both", false),
        _ => Answer::body(504, "").after_ms(100),
    });
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    client.environment().store(keys::USER_NAME, "alice");
    let subscribe = begin(&client, &SEND_PRESENCE_SUBSCRIPTION, ["carol@example.org".into()]);
    let change = async {
        client.environment().sleep(50).await;
        begin(&client, &crate::resources::account::LOGOUT, []).await.unwrap();
        begin_login(&client, "bob").await.unwrap();
    };
    let (subscribed, ()) = client.environment().run(futures_util::future::join(subscribe, change));
    assert!(subscribed.unwrap_err().ambiguous);
    assert_eq!(count(&client, "GetRosterItem"), 0);
}

#[test]
fn the_roster_at_another_broker_is_not_queried() {
    let client = served_by(|name, _| match name {
        "GetRosterItem" => item("Both", false),
        _ => Answer::body(504, "").after_ms(100),
    });
    let subscribe = begin(&client, &SEND_PRESENCE_SUBSCRIPTION, ["carol@example.org".into()]);
    let change = async {
        client.environment().sleep(50).await;
        client.set_origin(Some(&Origin::new("other.example", true).unwrap()));
    };
    let _ = client.environment().run(futures_util::future::join(subscribe, change));
    let elsewhere = client.environment().requests();
    assert!(elsewhere.iter().all(|request| request.url.starts_with("https://neuron.example/")));
}
