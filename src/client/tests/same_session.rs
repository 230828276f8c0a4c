//! A session that others have as well: the same token given once more, and a newer one in another tab.

use super::*;
use crate::resources::account::{LOGOUT, REFRESH};
use crate::resources::xmpp::GET_ROSTER;
use futures_util::future::{join, join_all};

/// A broker that restores a session: its token is always the same.
fn restoring(mut roster: impl FnMut() -> Answer + 'static) -> TestClient {
    served_by(move |name, _| match name {
        "Login" | "Refresh" => grant("alice", 1, 600),
        "Logout" => ok("{}"),
        _ => roster(),
    })
}

#[test]
fn the_same_token_is_good_until_it_is_refused_again() {
    let mut refusals = [true, false, true, false].into_iter();
    let client = restoring(move || match refusals.next() {
        Some(true) => Answer::body(401, ""),
        _ => ok(ROSTER),
    });
    for _ in 0..2 {
        login(&client).unwrap();
        assert_eq!(call(&client, &GET_ROSTER, []).unwrap_err().code(), "unauthorized");
        assert_eq!(call(&client, &GET_ROSTER, []).unwrap_err().code(), "not-logged-in");
        login(&client).unwrap();
        call(&client, &GET_ROSTER, []).unwrap();
    }
    let once = ["logged-in", "lost refused", "logged-in"];
    assert_eq!(emitted(&client), [once, once].concat());
}

#[test]
fn the_same_token_from_a_refresh_is_good_again() {
    let client = served_by(|name, _| match name {
        "Refresh" => grant("alice", 1, 600).after_ms(100),
        _ => ok(ROSTER),
    });
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    let refresh = begin(&client, &REFRESH, [600.into()]);
    let refused = async {
        client.environment().sleep(10).await;
        let session = &client.calls.session;
        session.token_refused(&token("alice", 1, 600), session.snapshot().token_generation);
    };
    let (refresh, ()) = client.environment().run(join(refresh, refused));
    refresh.unwrap();
    call(&client, &GET_ROSTER, []).unwrap();
}

/// What was sent before a login and is refused after it says nothing of what the login gave.
#[test]
fn a_refusal_that_comes_late_is_none_of_the_token_that_was_given_since() {
    let mut rosters = 0;
    let client = served_by(move |name, _| match name {
        "Login" => grant("alice", 1, 600),
        _ => {
            rosters += 1;
            match rosters {
                1 => Answer::body(401, "").after_ms(10),
                2 => Answer::body(401, "").after_ms(100),
                _ => ok(ROSTER),
            }
        }
    });
    login(&client).unwrap();
    let calls = join_all((0..2).map(|_| begin(&client, &GET_ROSTER, [])));
    let again = async {
        client.environment().sleep(50).await;
        begin_login(&client, "alice").await
    };
    let (outcomes, again) = client.environment().run(join(calls, again));
    again.unwrap();
    assert_eq!(outcomes[0].as_ref().unwrap_err().code(), "unauthorized");
    assert_eq!(outcomes[1].as_ref().unwrap_err().code(), "not-logged-in", "of an ended session");
    call(&client, &GET_ROSTER, []).unwrap();
    assert_eq!(emitted(&client), ["logged-in", "lost refused", "logged-in"]);
}

/// Another tab, or TAG's `Agent.js` on the page.
#[test]
fn the_same_token_stored_again_by_another_client_is_valid_again() {
    let mut first = true;
    let client = restoring(move || match std::mem::take(&mut first) {
        true => Answer::body(401, ""),
        false => ok(ROSTER),
    });
    login(&client).unwrap();
    call(&client, &GET_ROSTER, []).unwrap_err();
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    call(&client, &GET_ROSTER, []).unwrap();
}

/// A tab that was duplicated, whose twin has exchanged the token: the old one is refused.
fn duplicated(twin_has: Option<u32>, answers_after_ms: u32) -> TestClient {
    let client = served_by(|name, request| {
        let newer = [2, 3].map(|number| Some(token("alice", number, 600)));
        match name {
            _ if !newer.contains(&bearer(request)) => Answer::body(401, "").after_ms(10),
            "Refresh" => grant("alice", 3, 600),
            "Logout" => ok("{}"),
            _ => ok(ROSTER),
        }
    });
    let session = |number: u32| {
        [
            (keys::BROKER, "https://neuron.example".to_string()),
            (keys::USER_NAME, "alice".into()),
            (keys::EXPIRES, (600 * number).to_string()),
            (keys::SECONDS, "600".into()),
            (keys::TOKEN, token("alice", number, 600)),
        ]
    };
    session(1).iter().for_each(|(key, value)| client.environment().store(key, value));
    let world = &client.environment().world;
    world.twin.replace(twin_has.map(session).into_iter().flatten().collect());
    world.twin_answers_after_ms.set(answers_after_ms);
    client
}

#[test]
fn a_twin_that_has_a_newer_token_is_asked_for_it() {
    for calls in [1, 5] {
        let client = duplicated(Some(2), 50);
        let calls = join_all((0..calls).map(|_| begin(&client, &GET_ROSTER, [])));
        let outcomes = client.environment().run(calls);
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(stored_token(&client), Some(token("alice", 2, 600)));
        assert_eq!(emitted(&client).len(), 0, "the session goes on");
        assert_eq!(client.environment().world.asked_for_newer.borrow()[0], token("alice", 1, 600));
    }
}

#[test]
fn a_twin_helps_a_refresh_too() {
    let client = duplicated(Some(2), 50);
    call(&client, &REFRESH, [600.into()]).unwrap();
    assert_eq!(stored_token(&client), Some(token("alice", 3, 600)));
    assert_eq!(emitted(&client), ["refreshed"]);
}

#[test]
fn a_twin_is_asked_when_the_token_is_over() {
    let client = duplicated(Some(2), 50);
    client.environment().run_for(600_000);
    call(&client, &GET_ROSTER, []).unwrap();
    assert_eq!(count(&client, "GetRoster"), 1);
    assert_eq!(stored_token(&client), Some(token("alice", 2, 600)));
}

#[test]
fn without_a_newer_token_the_session_is_lost_once() {
    for twin_has in [None, Some(1)] {
        let client = duplicated(twin_has, 50);
        let calls = join_all((0..5).map(|_| begin(&client, &GET_ROSTER, [])));
        let outcomes = client.environment().run(calls);
        for outcome in outcomes {
            assert_eq!(outcome.unwrap_err().code(), "unauthorized");
        }
        assert_eq!(emitted(&client), ["lost refused"]);
        assert_eq!(stored_token(&client), None);
    }
}

#[test]
fn a_logout_or_login_does_not_wait_for_a_twin_and_wins_over_its_answer() {
    let client = duplicated(Some(2), 1_000);
    let roster = begin(&client, &GET_ROSTER, []);
    let logout = async {
        client.environment().sleep(100).await;
        begin(&client, &LOGOUT, []).await.unwrap();
        client.environment().elapsed_ms()
    };
    let (roster, at) = client.environment().run(join(roster, logout));
    assert_eq!(roster.unwrap_err().code(), "unauthorized");
    assert_eq!(at, 100);
    assert_eq!(emitted(&client), ["logged-out"]);
    assert_eq!(stored_token(&client), None);
}
