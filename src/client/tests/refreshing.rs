//! One refresh for all who need it.

use super::*;
use crate::resources::account::{LOGOUT, REFRESH};
use crate::resources::xmpp::GET_ROSTER;
use futures_util::future::{join, join_all};

fn refreshed_slowly(other: Answer) -> TestClient {
    let mut number = 0;
    served_by(move |name, _| match name {
        "Login" | "Refresh" => {
            number += 1;
            grant("alice", number, 600).after_ms(100)
        }
        "Logout" => ok("{}"),
        _ => other.clone(),
    })
}

#[test]
fn at_half_of_its_life_a_token_is_exchanged_before_a_call() {
    let client = grants_and(|_, _| ok(ROSTER));
    login(&client).unwrap();
    client.environment().run_for(299_999);
    call(&client, &GET_ROSTER, []).unwrap();
    assert_eq!(count(&client, "Refresh"), 0);
    client.environment().run_for(1);
    call(&client, &GET_ROSTER, []).unwrap();
    assert_eq!(asked(&client), ["Login", "GetRoster", "Refresh", "GetRoster"]);
    let shown: Vec<_> = client.environment().requests().iter().map(bearer).collect();
    let [first, second] = [1, 2].map(|number| Some(token("alice", number, 600)));
    assert_eq!(shown, [None, first.clone(), first, second]);
    assert_eq!(emitted(&client), ["logged-in", "refreshed"]);
    let refresh = &client.environment().requests()[2];
    assert_eq!(property(refresh, "seconds"), 600.into());
}

#[test]
fn a_hundred_calls_cause_one_refresh() {
    let client = refreshed_slowly(ok(ROSTER).after_ms(10));
    login(&client).unwrap();
    client.environment().run_for(400_000);
    let calls = (0..100).map(|_| begin(&client, &GET_ROSTER, []));
    let outcomes = client.environment().run(join_all(calls));
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!((count(&client, "Refresh"), count(&client, "GetRoster")), (1, 100));
    let last = Some(token("alice", 2, 600));
    assert!(client.environment().requests()[2..].iter().all(|request| bearer(request) == last));
}

#[test]
fn an_early_refresh_that_fails_keeps_the_token_and_comes_later() {
    for answer in
        [Answer::Lost, Answer::body(500, ""), Answer::body(503, ""), ok("{}"), Answer::Never]
    {
        let lost = answer.clone();
        let client = served_by(move |name, _| match name {
            "Login" => grant("alice", 1, 600),
            "Refresh" => lost.clone(),
            _ => ok(ROSTER),
        });
        login(&client).unwrap();
        client.environment().run_for(300_000);
        for _ in 0..10 {
            call(&client, &GET_ROSTER, []).unwrap();
        }
        assert!(count(&client, "Refresh") <= 2, "{answer:?}");
        let before = count(&client, "Refresh");
        client.environment().run_for(30_000);
        call(&client, &GET_ROSTER, []).unwrap();
        assert!(count(&client, "Refresh") > before, "{answer:?}");
        assert_eq!(emitted(&client), ["logged-in"], "{answer:?}");
        assert_eq!(stored_token(&client), Some(token("alice", 1, 600)));
    }
}

#[test]
fn to_restart_a_session_whose_refresh_fails_is_to_keep_it() {
    for answer in [Answer::Lost, Answer::body(500, ""), Answer::Never] {
        let client = served_by(move |name, _| match name {
            "Login" => grant("alice", 1, 600),
            _ => answer.clone(),
        });
        login(&client).unwrap();
        client.environment().run_for(299_000);
        let restart = client.restart_session(CallOptions::default());
        assert_eq!(client.environment().run(restart).unwrap(), true.into());
        client.environment().run_for(2_000);
        let restart = client.restart_session(CallOptions::default());
        assert_eq!(client.environment().run(restart).unwrap(), true.into());
        assert!(count(&client, "Refresh") > 0);
        assert_eq!(stored_token(&client), Some(token("alice", 1, 600)));
    }
}

#[test]
fn a_refresh_that_is_asked_for_is_made_as_the_caller_says() {
    let client = served_by(|name, _| match name {
        "Login" => grant("alice", 1, 600),
        _ => Answer::Never,
    });
    login(&client).unwrap();
    client.set_timeout(50_000, 60_000);
    let before = client.environment().elapsed_ms();
    let options = CallOptions {
        encoding: Some(crate::wire::Encoding::Xml),
        timeout_ms: Some(200_000),
        ..CallOptions::default()
    };
    let refresh = client.call(&crate::resources::account::REFRESH, vec![600.into()], options);
    let failure = client.environment().run(refresh).unwrap_err();
    assert_eq!(failure.code(), "timeout");
    let took = client.environment().elapsed_ms() - before;
    assert!(took > 60_000, "{took}");
    let request = client.environment().requests().pop().unwrap();
    assert!(request.headers.contains(&("Content-Type", "text/xml".into())), "{request:?}");
}

#[test]
fn the_broker_says_when_to_refresh_again() {
    let client = served_by(|name, _| match name {
        "Login" => grant("alice", 1, 600),
        "Refresh" => Answer::body(429, "").header("Retry-After", "100"),
        _ => ok(ROSTER),
    });
    login(&client).unwrap();
    client.environment().run_for(300_000);
    for _ in 0..99 {
        call(&client, &GET_ROSTER, []).unwrap();
        client.environment().run_for(1_000);
    }
    assert_eq!(count(&client, "Refresh"), 1);
    client.environment().run_for(1_000);
    call(&client, &GET_ROSTER, []).unwrap();
    assert_eq!(count(&client, "Refresh"), 2);
}

#[test]
fn a_refused_refresh_ends_the_session_once() {
    let client = served_by(|name, _| match name {
        "Login" => grant("alice", 1, 600),
        _ => Answer::body(401, "").after_ms(20),
    });
    login(&client).unwrap();
    client.environment().run_for(300_000);
    let calls = (0..10).map(|_| begin(&client, &GET_ROSTER, []));
    let outcomes = client.environment().run(join_all(calls));
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap_err().code() == "not-logged-in"));
    assert_eq!(asked(&client), ["Login", "Refresh"]);
    assert_eq!(emitted(&client), ["logged-in", "lost refused"]);
}

#[test]
fn a_call_that_was_refused_while_the_token_was_exchanged_is_sent_once_more() {
    let mut number = 1;
    let client = served_by(move |name, request| match name {
        "Refresh" => {
            number += 1;
            grant("alice", number, 600).after_ms(100)
        }
        _ if bearer(request) == Some(token("alice", 1, 600)) => Answer::body(401, "").after_ms(50),
        _ => ok(ROSTER),
    });
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    let roster = begin(&client, &GET_ROSTER, []);
    let refresh = async {
        client.environment().sleep(10).await;
        begin(&client, &REFRESH, [600.into()]).await
    };
    let (roster, refresh) = client.environment().run(join(roster, refresh));
    refresh.unwrap();
    roster.unwrap();
    assert_eq!(asked(&client), ["GetRoster", "Refresh", "GetRoster"]);
    assert_eq!(emitted(&client), ["refreshed"]);
}

/// A refresh that is tried again, and the calls that wait for it, do not show what was refused to
/// others meanwhile.
#[test]
fn a_token_that_is_refused_during_its_exchange_is_not_shown_again() {
    let client = served_by(|name, _| match name {
        "Refresh" => Answer::Never,
        _ => Answer::body(401, "").after_ms(50),
    });
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    let roster = begin(&client, &GET_ROSTER, []);
    let refresh = async {
        client.environment().sleep(10).await;
        begin(&client, &REFRESH, [600.into()]).await
    };
    let waits = async {
        client.environment().sleep(100).await;
        begin(&client, &GET_ROSTER, []).await
    };
    let (roster, (refresh, waits)) = client.environment().run(join(roster, join(refresh, waits)));
    assert_eq!(roster.unwrap_err().code(), "unauthorized");
    assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
    assert_eq!(waits.unwrap_err().code(), "not-logged-in");
    assert_eq!(asked(&client), ["GetRoster", "Refresh"]);
    assert_eq!(emitted(&client), ["lost refused"]);
}

#[test]
fn a_token_that_was_refused_is_not_shown_for_a_logout() {
    let client = served_by(|name, _| match name {
        "Logout" => Answer::body(503, "").header("Retry-After", "1"),
        _ => Answer::body(401, "").after_ms(50),
    });
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    let both = join(begin(&client, &GET_ROSTER, []), begin(&client, &LOGOUT, []));
    let (roster, logout) = client.environment().run(both);
    assert_eq!(roster.unwrap_err().code(), "unauthorized");
    logout.unwrap();
    assert_eq!(asked(&client), ["GetRoster", "Logout"]);
}

#[test]
fn it_is_sent_once_more_and_not_for_ever() {
    let mut number = 1;
    let client = served_by(move |name, _| match name {
        "Refresh" => {
            number += 1;
            grant("alice", number, 600).after_ms(100)
        }
        _ => Answer::body(401, "").after_ms(50),
    });
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    let roster = begin(&client, &GET_ROSTER, []);
    let refresh = async {
        for _ in 0..10 {
            client.environment().sleep(10).await;
            let _ = begin(&client, &REFRESH, [600.into()]).await;
        }
    };
    let (roster, ()) = client.environment().run(join(roster, refresh));
    assert_eq!(roster.unwrap_err().code(), "unauthorized");
    assert_eq!(count(&client, "GetRoster"), 2);
}

#[test]
fn refreshes_of_the_same_length_are_one() {
    let client = refreshed_slowly(ok(ROSTER));
    login(&client).unwrap();
    let both = join_all((0..3).map(|_| begin(&client, &REFRESH, [60.into()])));
    assert!(client.environment().run(both).iter().all(Result::is_ok));
    assert_eq!(count(&client, "Refresh"), 1);
    let both = join_all([60, 90].map(|seconds| begin(&client, &REFRESH, [seconds.into()])));
    assert!(client.environment().run(both).iter().all(Result::is_ok));
    assert_eq!(count(&client, "Refresh"), 3);
}

#[test]
fn who_gives_up_waiting_leaves_the_refresh_to_the_others() {
    let client = refreshed_slowly(ok(ROSTER));
    login(&client).unwrap();
    client.environment().run_for(300_000);
    let gives_up = client.call(&GET_ROSTER, Vec::new(), abort_after(&client, 50));
    let explicit = client.call(&REFRESH, vec![600.into()], abort_after(&client, 60));
    let waits = begin(&client, &GET_ROSTER, []);
    let (given_up, (explicit, waits)) =
        client.environment().run(join(gives_up, join(explicit, waits)));
    assert_eq!(given_up.unwrap_err().code(), "aborted");
    assert_eq!(explicit.unwrap_err().code(), "aborted");
    waits.unwrap();
    assert_eq!(asked(&client), ["Login", "Refresh", "GetRoster"]);
}

#[test]
fn a_logout_ends_the_refresh_under_way_and_who_waits_for_it() {
    let client = refreshed_slowly(ok(ROSTER));
    login(&client).unwrap();
    client.environment().run_for(300_000);
    let started = client.environment().elapsed_ms();
    let roster = begin(&client, &GET_ROSTER, []);
    let logout = async {
        client.environment().sleep(50).await;
        begin(&client, &LOGOUT, []).await
    };
    let (roster, logout) = client.environment().run(join(roster, logout));
    assert_eq!(roster.unwrap_err().code(), "not-logged-in");
    logout.unwrap();
    assert_eq!(client.environment().elapsed_ms(), started + 50, "at once");
    client.environment().run_for(1_000);
    assert_eq!(stored_token(&client), None);
    assert_eq!(client.environment().world.tasks(), 0);
    assert_eq!(client.environment().world.maintenance_in_ms(), None);
}

#[test]
fn a_login_ends_the_refresh_under_way() {
    let client = served_by(|name, _| match name {
        "Login" => grant("bob", 9, 600),
        _ => grant("alice", 2, 600).after_ms(100),
    });
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    client.environment().store(keys::USER_NAME, "alice");
    let refresh = begin(&client, &REFRESH, [600.into()]);
    let login = async {
        client.environment().sleep(50).await;
        begin_login(&client, "bob").await
    };
    let (refresh, login) = client.environment().run(join(refresh, login));
    assert_eq!(refresh.unwrap_err().code(), "not-logged-in");
    login.unwrap();
    client.environment().run_for(1_000);
    assert_eq!(stored_token(&client), Some(token("bob", 9, 600)));
}

#[test]
fn attention_refreshes_in_time_by_itself() {
    let client = grants_and(|_, _| ok(ROSTER));
    login(&client).unwrap();
    assert_eq!(client.environment().world.maintenance_in_ms(), Some(300_000));
    for number in 2..5 {
        client.environment().run(client.environment().maintenance_due());
        client.environment().run(client.maintain_session());
        assert_eq!(stored_token(&client), Some(token("alice", number, 600)));
        assert_eq!(client.environment().world.maintenance_in_ms(), Some(300_000));
    }
    assert_eq!(client.environment().elapsed_ms(), 900_000);
}

#[test]
fn attention_tries_again_until_the_token_is_over() {
    let client = served_by(|name, _| match name {
        "Login" => grant("alice", 1, 600),
        _ => Answer::body(500, ""),
    });
    login(&client).unwrap();
    let mut rounds = 0;
    while stored_token(&client).is_some() {
        client.environment().run(client.environment().maintenance_due());
        client.environment().run(client.maintain_session());
        rounds += 1;
    }
    assert_eq!(client.environment().elapsed_ms(), 600_000);
    assert_eq!(emitted(&client), ["logged-in", "lost expired"]);
    assert_eq!(client.environment().world.maintenance_in_ms(), None);
    assert!((10..50).contains(&rounds), "{rounds}");
}

/// Brokers may write a user's name otherwise than the user does.
#[test]
fn a_refresh_does_not_rename_the_user() {
    let client = served_by(|name, _| match name {
        "Login" => grant("Alice@neuron.example", 1, 600),
        _ => grant("Alice@neuron.example", 2, 600),
    });
    login(&client).unwrap();
    call(&client, &REFRESH, [600.into()]).unwrap();
    assert_eq!(client.environment().load(keys::USER_NAME).as_deref(), Some("alice"));
}

#[test]
fn a_refresh_that_hangs_leaves_calls_the_most_of_their_time() {
    let client = served_by(|name, _| match name {
        "Login" => grant("alice", 1, 600),
        "Refresh" => Answer::Never,
        _ => ok(ROSTER),
    });
    login(&client).unwrap();
    client.environment().run_for(400_000);
    let begun = client.environment().elapsed_ms();
    call(&client, &GET_ROSTER, []).unwrap();
    assert_eq!(client.environment().elapsed_ms() - begun, 10_000);
}
