//! How long a token is good, whatever the clocks do.

use super::*;
use crate::resources::account::{LOGOUT, REFRESH};
use crate::resources::xmpp::GET_ROSTER;

const DAY_MS: i64 = 86_400_000;

/// Whether a call now is preceded by a refresh, sent as it is, or not sent at all.
#[derive(Debug, PartialEq)]
enum Found {
    Good,
    Due,
    Over,
}

fn found(client: &TestClient) -> Found {
    let before = asked(client).len();
    match call(client, &GET_ROSTER, []) {
        Ok(_) if asked(client).len() == before + 2 => Found::Due,
        Ok(_) => Found::Good,
        Err(failure) => {
            assert_eq!(failure.code(), "not-logged-in");
            assert_eq!(asked(client).len(), before, "nothing is sent");
            Found::Over
        }
    }
}

fn logged_in() -> TestClient {
    let client = grants_and(|_, _| ok(ROSTER));
    login(&client).unwrap();
    client
}

#[test]
fn a_token_that_is_over_is_never_shown() {
    let client = logged_in();
    client.environment().run_for(600_000);
    assert_eq!(found(&client), Found::Over);
    assert_eq!(emitted(&client), ["logged-in", "lost expired"]);
    assert_eq!(stored_token(&client), None);
    for _ in 0..3 {
        assert_eq!(found(&client), Found::Over);
    }
    assert_eq!(emitted(&client), ["logged-in", "lost expired"], "once");
    login(&client).unwrap();
    assert_eq!(found(&client), Found::Good);
}

#[test]
fn a_token_that_is_over_is_not_exchanged_either() {
    let client = logged_in();
    client.environment().run_for(600_000);
    let refresh = call(&client, &REFRESH, [600.into()]);
    assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
    assert_eq!(asked(&client), ["Login"]);
    assert_eq!(emitted(&client), ["logged-in", "lost expired"]);
}

#[test]
fn a_token_that_is_over_is_not_shown_for_a_logout() {
    let client = logged_in();
    client.environment().run_for(600_000);
    call(&client, &LOGOUT, []).unwrap();
    assert_eq!(asked(&client), ["Login"]);
    assert_eq!(emitted(&client), ["logged-in", "logged-out"]);
    assert_eq!(stored_token(&client), None);
}

/// The attempts of a refresh, and the pauses between, take their time.
#[test]
fn a_token_that_ends_between_two_attempts_is_not_shown_again() {
    for (name, resource) in [("Refresh", &REFRESH), ("Logout", &LOGOUT)] {
        let client = served_by(|name, _| match name {
            "Login" => grant("alice", 1, 600),
            "Refresh" => Answer::Never,
            _ => Answer::body(503, "").header("Retry-After", "10"),
        });
        login(&client).unwrap();
        client.environment().run_for(595_000);
        let arguments = (name == "Refresh").then(|| 600.into());
        let _ = call(&client, resource, arguments);
        assert_eq!(asked(&client), ["Login", name]);
        assert_eq!(stored_token(&client), None);
    }
}

#[test]
fn a_clock_that_is_set_back_prolongs_nothing() {
    let client = logged_in();
    client.environment().world.set_clock(-DAY_MS);
    assert_eq!(found(&client), Found::Good);
    client.environment().run_for(300_000);
    assert_eq!(found(&client), Found::Due);
    client.environment().world.set_clock(-DAY_MS);
    client.environment().run_for(600_000);
    assert_eq!(found(&client), Found::Over);
}

#[test]
fn a_clock_that_was_wrong_at_the_login_does_not_matter() {
    for offset in [DAY_MS, 1_700_000_000_000, 0] {
        let client = grants_and(|_, _| ok(ROSTER));
        client.environment().world.set_clock(offset);
        login(&client).unwrap();
        assert_eq!(found(&client), Found::Good);
        client.environment().run_for(299_999);
        assert_eq!(found(&client), Found::Good);
        client.environment().run_for(1);
        assert_eq!(found(&client), Found::Due);
    }
}

#[test]
fn sleep_counts() {
    let client = logged_in();
    client.environment().world.set_clock(400_000);
    assert_eq!(found(&client), Found::Due);
    client.environment().world.set_clock(7_200_000);
    assert_eq!(found(&client), Found::Over);
}

#[test]
fn sleep_is_noticed_when_attention_comes_back() {
    let client = logged_in();
    client.environment().world.set_clock(7_200_000);
    client.environment().run(client.maintain_session());
    assert_eq!(emitted(&client), ["logged-in", "lost expired"]);
    assert_eq!(asked(&client), ["Login"]);
    assert_eq!(client.environment().world.maintenance_in_ms(), None);
}

/// A clock set ahead can't be told from sleep: the session is lost, and nothing worse.
#[test]
fn a_clock_that_is_set_ahead_is_taken_for_sleep() {
    let client = logged_in();
    client.environment().world.set_clock(DAY_MS);
    assert_eq!(found(&client), Found::Over);
}

#[test]
fn without_a_claim_the_answer_counts_and_else_what_was_asked_for() {
    for (expires, until_due) in [
        ("1700000300", 150_000),
        ("1700000600", 300_000),
        ("1700000601", 300_000),
        ("1700000000", 300_000),
        ("5", 300_000),
        ("1700086400", 300_000),
    ] {
        let client = always(ok(&format!(r#"{{"jwt":"opaque","expires":{expires}}}"#)));
        client.environment().world.set_clock(1_700_000_000_000);
        login(&client).unwrap();
        let attention = client.environment().world.maintenance_in_ms();
        assert_eq!(attention, Some(until_due), "{expires}");
    }
}

/// The page is loaded again: the monotonic clock starts anew, storage and wall clock are the same.
fn reloaded(client: &TestClient, wall_ms: i64) -> TestClient {
    let again = grants_and(|_, _| ok(ROSTER));
    let storage = client.environment().world.storage.borrow().clone();
    again.environment().world.storage.replace(storage);
    again.environment().world.set_clock(wall_ms);
    again
}

#[test]
fn a_reload_goes_on_with_the_age_of_the_token() {
    for (age_ms, expected) in [
        (0, Found::Good),
        (298_000, Found::Good),
        (300_000, Found::Due),
        (598_000, Found::Due),
        (600_000, Found::Over),
        (7_200_000, Found::Over),
        // Set back: as if it were new, and no older than it can be.
        (-DAY_MS, Found::Good),
    ] {
        let client = logged_in();
        let again = reloaded(&client, age_ms);
        assert_eq!(found(&again), expected, "{age_ms}");
    }
    let again = reloaded(&logged_in(), 200_000);
    assert_eq!(found(&again), Found::Good);
    again.environment().run_for(99_000);
    assert_eq!(found(&again), Found::Good);
    again.environment().run_for(1_000);
    assert_eq!(found(&again), Found::Due);
}

#[test]
fn a_reload_resumes_when_it_is_asked_to() {
    for (age_ms, exists, requests) in [(10_000, true, 0), (400_000, true, 1), (600_000, false, 0)] {
        let again = reloaded(&logged_in(), age_ms);
        let restarted = again.restart_session(CallOptions::default());
        assert_eq!(again.environment().run(restarted).unwrap(), exists.into());
        assert_eq!(asked(&again).len(), requests);
        assert_eq!(again.environment().world.maintenance_in_ms().is_some(), exists);
    }
    let none = without_session();
    let restarted = none.restart_session(CallOptions::default());
    assert_eq!(none.environment().run(restarted).unwrap(), false.into());
}

#[test]
fn a_token_of_another_broker_is_never_shown() {
    let client = logged_in();
    client.environment().store(keys::HOST, "other.example");
    let _ = call(&client, &GET_ROSTER, []);
    let _ = call(&client, &REFRESH, [600.into()]);
    let _ = call(&client, &LOGOUT, []);
    assert!(client.environment().requests().iter().all(|request| bearer(request).is_none()));
}
