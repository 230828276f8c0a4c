//! Logins: signed anew, hardly ever repeated, and not at all while the broker wants a pause.

use super::*;
use crate::resources::account::{
    CREATE, GET_SESSION_TOKEN, LOGOUT, QUICK_LOGIN, REFRESH, WWW_LOGIN,
};
use crate::wire::login_signature;
use futures_util::future::join;

const AUDITOR: &str = "Too many failed login attempts in a row registered. Try again in 5 minutes.";

fn create(client: &TestClient) -> Result<Value, Box<Error>> {
    let [user, mail, phone] = ["alice", "alice@example.org", ""].map(Value::from);
    let [password, key, secret] = ["pw", "key", "secret"].map(Value::from);
    call(client, &CREATE, [user, mail, phone, password, key, secret, 600.into()])
}

fn www_login(client: &TestClient) -> Result<Value, Box<Error>> {
    call(client, &WWW_LOGIN, ["alice".into(), "pw".into(), 600.into()])
}

#[test]
fn without_an_answer_it_is_tried_once_more_with_another_nonce() {
    for lost in [Answer::Lost, Answer::Unsent, Answer::Never] {
        let client = client([lost, grant("alice", 1, 600)]);
        login(&client).unwrap();
        let sent = client.environment().requests();
        let nonces = [0, 1].map(|place| property(&sent[place], "nonce"));
        assert_ne!(nonces[0], nonces[1]);
        let nonce = nonces[1].as_str().unwrap();
        let signature = login_signature("alice", "neuron.example", nonce, "pw");
        assert_eq!(property(&sent[1], "signature"), Value::String(signature));
    }
}

#[test]
fn two_attempts_are_the_most() {
    for opens in [login, create, www_login] {
        let client = always(Answer::Lost);
        let failure = opens(&client).unwrap_err();
        assert_eq!((failure.code(), failure.attempts), ("network", 2));
        // A session of which nobody knows does no harm, but there may be an account.
        assert_eq!(failure.ambiguous, asked(&client)[0] == "Create");
        assert_eq!(asked(&client).len(), 2);
    }
}

#[test]
fn after_an_answer_it_is_not_tried_again() {
    for answer in [
        Answer::body(400, ""),
        Answer::body(401, "wrong password"),
        Answer::body(408, ""),
        Answer::body(429, ""),
        Answer::body(500, ""),
        Answer::body(502, ""),
        Answer::body(503, "").header("Retry-After", "1"),
        Answer::body(504, ""),
        ok("<html>"),
        ok(r#"{"jwt":7}"#),
        Answer::body(204, ""),
    ] {
        for opens in [login, create, www_login] {
            let client = always(answer.clone());
            assert_eq!(opens(&client).unwrap_err().attempts, 1, "{answer:?}");
            assert_eq!(asked(&client).len(), 1);
        }
    }
}

#[test]
fn a_pause_that_the_broker_asks_for_is_kept() {
    for opens in [login, create, www_login] {
        let client = client([Answer::body(429, AUDITOR), grant("alice", 1, 600)]);
        client.environment().world.set_clock(1_700_000_000_000);
        let failure = login(&client).unwrap_err();
        assert_eq!((failure.code(), failure.attempts), ("rate-limited", 1));
        assert_eq!(failure.retry_at, Some(1_700_000_300));
        client.environment().run_for(299_000);
        let refused = opens(&client).unwrap_err();
        assert_eq!((refused.code(), refused.attempts), ("rate-limited", 0));
        assert_eq!(refused.retry_at, Some(1_700_000_300));
        assert_eq!(refused.retry_after_ms, Some(1_000));
        assert_eq!(asked(&client).len(), 1, "nothing was sent");
        client.environment().run_for(1_000);
        login(&client).unwrap();
    }
}

#[test]
fn every_counted_login_asks_for_it() {
    for opens in [create, www_login] {
        let client = client([Answer::body(429, "").header("Retry-After", "60")]);
        assert!(opens(&client).unwrap_err().retry_at.is_some());
        assert_eq!(login(&client).unwrap_err().attempts, 0);
    }
}

/// The pause that one login brings about is for those, too, that were begun before it.
#[test]
fn a_login_under_way_is_not_tried_again_in_the_pause() {
    let mut requests = 0;
    let client = served_by(move |_, _| {
        requests += 1;
        if requests == 1 { Answer::Lost } else { Answer::body(429, AUDITOR) }
    });
    let both = join(begin_login(&client, "alice"), begin_login(&client, "bob"));
    let (first, second) = client.environment().run(both);
    assert_eq!((first.unwrap_err().code(), asked(&client).len()), ("rate-limited", 2));
    assert_eq!(second.unwrap_err().code(), "rate-limited");
}

#[test]
fn the_pause_is_over_by_either_clock() {
    let client = client([Answer::body(429, AUDITOR), grant("alice", 1, 600)]);
    login(&client).unwrap_err();
    client.environment().world.set_clock(299_999);
    login(&client).unwrap_err();
    client.environment().world.set_clock(1);
    login(&client).unwrap();
}

#[test]
fn a_clock_that_is_set_back_does_not_prolong_the_pause() {
    let client = client([Answer::body(429, AUDITOR), grant("alice", 1, 600)]);
    login(&client).unwrap_err();
    client.environment().world.set_clock(-86_400_000);
    client.environment().run_for(300_000);
    login(&client).unwrap();
}

#[test]
fn the_pause_is_for_one_broker() {
    let client = served_by(|_, request| match request.url.starts_with("https://neuron.") {
        true => Answer::body(429, AUDITOR),
        false => grant("alice", 1, 600),
    });
    login(&client).unwrap_err();
    client.set_origin(Some(&Origin::new("other.example", true).unwrap()));
    login(&client).unwrap();
    client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
    assert_eq!(login(&client).unwrap_err().attempts, 0);
}

#[test]
fn a_refusal_without_a_pause_blocks_nothing() {
    let client = client([Answer::body(429, ""), grant("alice", 1, 600)]);
    login(&client).unwrap_err();
    login(&client).unwrap();
}

#[test]
fn what_is_not_counted_is_not_blocked() {
    let quick = format!(r#"{{"jwt":"{}","userName":"alice","expires":1}}"#, token("alice", 1, 600));
    let client = client([Answer::body(429, AUDITOR), ok(&quick), Answer::body(400, "")]);
    login(&client).unwrap_err();
    call(&client, &QUICK_LOGIN, [600.into()]).unwrap();
    assert_eq!(call(&client, &GET_SESSION_TOKEN, []).unwrap_err().code(), "bad-request");
}

/// A login is for the time after the session that is there: neither its prolongation nor its end
/// by itself are anything to it.
#[test]
fn a_login_outlives_the_refresh_of_the_session_before() {
    let client = served_by(|name, _| match name {
        "Refresh" => grant("alice", 2, 600).after_ms(50),
        _ => grant("bob", 3, 600).after_ms(100),
    });
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    client.environment().store(keys::USER_NAME, "alice");
    let both = join(begin_login(&client, "bob"), begin(&client, &REFRESH, [600.into()]));
    let (login, refresh) = client.environment().run(both);
    refresh.unwrap();
    login.unwrap();
    assert_eq!(stored_token(&client), Some(token("bob", 3, 600)));
    assert_eq!(client.environment().load(keys::USER_NAME).as_deref(), Some("bob"));
}

#[test]
fn a_login_outlives_the_loss_of_the_session_before() {
    let client = served_by(|name, _| match name {
        "GetRoster" => Answer::body(401, "expired").after_ms(50),
        _ => grant("alice", 2, 600).after_ms(100),
    });
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    let roster = begin(&client, &crate::resources::xmpp::GET_ROSTER, []);
    let (login, roster) = client.environment().run(join(begin_login(&client, "alice"), roster));
    assert_eq!(roster.unwrap_err().code(), "unauthorized");
    login.unwrap();
    assert_eq!(stored_token(&client), Some(token("alice", 2, 600)));
    assert_eq!(emitted(&client), ["lost refused", "logged-in"]);
}

type Opening = fn(&TestClient) -> CallFuture;

/// Every way into a session, and the user and token that its answer gives.
const OPENINGS: [(&str, Opening); 6] = [
    ("Login", |client| begin_login(client, "alice")),
    ("bob's Login", |client| begin_login(client, "bob")),
    ("WwwLogin", |client| begin(client, &WWW_LOGIN, ["alice".into(), "pw".into(), 600.into()])),
    ("QuickLogin", |client| begin(client, &QUICK_LOGIN, [600.into()])),
    ("GetSessionToken", |client| begin(client, &GET_SESSION_TOKEN, [])),
    ("Create", |client| {
        let [user, mail, phone] = ["carol", "carol@example.org", ""].map(Value::from);
        let [password, key, secret] = ["pw", "key", "secret"].map(Value::from);
        begin(client, &CREATE, [user, mail, phone, password, key, secret, 600.into()])
    }),
];

/// Gives the tokens 1, 2, …, the first answer after the second.
fn opens_crosswise() -> TestClient {
    let mut number = 0;
    let client = without_session();
    serve(&client, move |name, request| {
        number += 1;
        let user = match name {
            "Login" if text_of(request).contains("bob") => "bob",
            "QuickLogin" | "GetSessionToken" => "dave",
            "Create" => "carol",
            _ => "alice",
        };
        let jwt = token(user, number, 600);
        let answer = match name {
            "QuickLogin" => format!(r#"{{"jwt":"{jwt}","userName":"dave","expires":1}}"#),
            "GetSessionToken" => format!(
                r#"{{"AccountCreated":{{"jwt":"{jwt}","enabled":true,"canRelay":true,"created":1,"expires":1}},"seconds":600}}"#
            ),
            "Create" => {
                format!(
                    r#"{{"jwt":"{jwt}","enabled":false,"canRelay":false,"created":1,"expires":1}}"#
                )
            }
            _ => format!(r#"{{"jwt":"{jwt}","expires":1}}"#),
        };
        ok(&answer).after_ms(if number == 1 { 100 } else { 50 })
    });
    client
}

/// As React's `StrictMode` does, which runs each effect twice.
#[test]
fn of_two_logins_at_once_both_succeed_and_the_last_answers_session_stays() {
    for (first, open_first) in OPENINGS {
        for (second, open_second) in OPENINGS {
            let client = opens_crosswise();
            let both = join(open_first(&client), open_second(&client));
            let (one, other) = client.environment().run(both);
            let last = one.unwrap_or_else(|failure| panic!("{first}, {second}: {failure:?}"));
            other.unwrap_or_else(|failure| panic!("{second} after {first}: {failure:?}"));
            let holder = last.get("AccountCreated").unwrap_or(&last);
            let jwt = holder.get("jwt").and_then(Value::as_str).map(String::from);
            assert_eq!(stored_token(&client), jwt, "{first}, {second}");
            assert_eq!(client.environment().load(keys::USER_NAME), subject_of(&jwt.unwrap()));
            assert_eq!(emitted(&client), ["logged-in", "logged-in"]);
        }
    }
}

#[test]
fn a_logout_ends_the_logins_before_it_and_none_after() {
    for (name, open) in OPENINGS {
        let client = opens_crosswise();
        let then = async {
            client.environment().sleep(10).await;
            begin(&client, &LOGOUT, []).await.unwrap();
            begin_login(&client, "alice").await
        };
        let (first, then) = client.environment().run(join(open(&client), then));
        assert_eq!(first.unwrap_err().code(), "not-logged-in", "{name}");
        then.unwrap();
        assert_eq!(stored_token(&client), Some(token("alice", 2, 600)), "{name}");
    }
}

/// A second login of the same user is no other session to the calls under way.
#[test]
fn a_call_goes_on_when_its_user_logs_in_once_more() {
    let mut number = 0;
    let client = served_by(move |name, request| match name {
        "Login" => {
            number += 1;
            grant("alice", number, 600)
        }
        _ if bearer(request) == Some(token("alice", 1, 600)) => {
            Answer::body(503, "").header("Retry-After", "1")
        }
        _ => ok(ROSTER),
    });
    login(&client).unwrap();
    let roster = begin(&client, &crate::resources::xmpp::GET_ROSTER, []);
    let again = async {
        client.environment().sleep(100).await;
        begin_login(&client, "alice").await
    };
    let (roster, again) = client.environment().run(join(roster, again));
    again.unwrap();
    roster.unwrap();
}

/// Who does not say who he is, is not who was there before.
#[test]
fn a_session_without_a_name_does_not_take_over_the_name_before() {
    let client = served_by(|_, _| {
        ok(
            r#"{"AccountCreated":{"jwt":"opaque","enabled":true,"canRelay":true,"created":1,"expires":1},"seconds":600}"#,
        )
    });
    client.environment().store(keys::TOKEN, "bobs");
    client.environment().store(keys::USER_NAME, "bob");
    call(&client, &GET_SESSION_TOKEN, []).unwrap();
    assert_eq!(stored_token(&client).as_deref(), Some("opaque"));
    assert_eq!(client.environment().load(keys::USER_NAME), None);
}

/// Storage can end anywhere: full, or with the page.
#[test]
fn at_no_moment_is_a_token_kept_beside_the_name_of_another() {
    for (name, open) in OPENINGS {
        let client = opens_crosswise();
        let world = &client.environment().world;
        for (key, value) in [
            (keys::TOKEN, token("erin", 9, 600)),
            (keys::USER_NAME, "erin".into()),
            (keys::BROKER, "https://neuron.example".into()),
        ] {
            client.environment().store(key, &value);
        }
        client.environment().run(open(&client)).unwrap();
        let elsewhere = Origin::new("other.example", true).unwrap();
        client.set_origin(Some(&elsewhere));
        for moment in world.moments.take() {
            let host = moment.get(keys::HOST).filter(|_| moment.contains_key(keys::PROTOCOL));
            let Some(jwt) = moment.get(keys::TOKEN) else { continue };
            assert_ne!(host.map(String::as_str), Some("other.example"), "{name}");
            let subject = subject_of(jwt);
            let user = moment.get(keys::USER_NAME);
            assert!(user.is_none() || user == subject.as_ref(), "{name}: {moment:?}");
        }
    }
}

#[test]
fn a_logout_wins_over_a_login_under_way_even_without_a_session() {
    let client = served_by(|_, _| grant("alice", 1, 600).after_ms(100));
    let logout = async {
        client.environment().sleep(50).await;
        begin(&client, &LOGOUT, []).await
    };
    let (login, logout) = client.environment().run(join(begin_login(&client, "alice"), logout));
    assert_eq!(login.unwrap_err().code(), "not-logged-in");
    logout.unwrap();
    assert_eq!(stored_token(&client), None);
}

/// Another client on the same storage.
#[test]
fn a_logout_elsewhere_wins_over_a_login_under_way() {
    let client = served_by(|_, _| grant("alice", 2, 600).after_ms(100));
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    let elsewhere = async {
        client.environment().sleep(50).await;
        keys::OF_SESSION.iter().for_each(|key| client.environment().remove(key));
        client.logged_out_elsewhere("https://neuron.example", "alice");
    };
    let (login, ()) = client.environment().run(join(begin_login(&client, "alice"), elsewhere));
    assert_eq!(login.unwrap_err().code(), "not-logged-in");
    assert_eq!(stored_token(&client), None);
}

/// Two clients find the same token to be over, while one of them logs in.
#[test]
fn a_login_outlives_a_loss_elsewhere() {
    let client = served_by(|_, _| grant("alice", 2, 600).after_ms(100));
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    let elsewhere = async {
        client.environment().sleep(50).await;
        keys::OF_SESSION.iter().for_each(|key| client.environment().remove(key));
        client.maintain_session().await;
    };
    let (login, ()) = client.environment().run(join(begin_login(&client, "alice"), elsewhere));
    login.unwrap();
    assert_eq!(stored_token(&client), Some(token("alice", 2, 600)));
}

/// Another client on the same storage chooses another broker, while this one logs in.
#[test]
fn a_token_is_kept_for_the_broker_that_gave_it() {
    let client = without_session();
    serve(&client, |name, _| match name {
        "Login" => grant("alice", 1, 600).after_ms(100),
        _ => ok(ROSTER),
    });
    let elsewhere = async {
        client.environment().sleep(50).await;
        client.environment().store(keys::HOST, "other.example");
    };
    let (login, ()) = client.environment().run(join(begin_login(&client, "alice"), elsewhere));
    assert_eq!(login.unwrap_err().code(), "not-logged-in");
    let _ = call(&client, &crate::resources::xmpp::GET_ROSTER, []);
    assert!(client.environment().requests().iter().all(|request| bearer(request).is_none()));
}

#[test]
fn a_login_whose_answer_has_begun_is_not_sent_again() {
    let client = client([Answer::Cut]);
    let failure = login(&client).unwrap_err();
    assert_eq!((failure.code(), failure.attempts, failure.ambiguous), ("network", 1, false));
}
