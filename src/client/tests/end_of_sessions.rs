//! What a session that ended leaves: nothing, and one event.

use super::*;
use crate::resources::account::LOGOUT;
use crate::resources::crypto::GET_PUBLIC_KEY;
use crate::resources::xmpp::{GET_ROSTER, SEND_TEXT_MESSAGE};
use futures_util::future::{join, join_all};

#[test]
fn a_refused_token_is_dropped_and_told_of_once() {
    let client = grants_and(|_, _| Answer::body(401, "").after_ms(10));
    login(&client).unwrap();
    let calls = (0..5).map(|_| begin(&client, &GET_ROSTER, []));
    let outcomes = client.environment().run(join_all(calls));
    for outcome in outcomes {
        assert_eq!(outcome.unwrap_err().code(), "unauthorized");
    }
    assert_eq!(emitted(&client), ["logged-in", "lost refused"]);
    assert_eq!(stored_token(&client), None);
    let later = call(&client, &GET_ROSTER, []);
    assert_eq!(later.unwrap_err().code(), "not-logged-in");
    assert_eq!(asked(&client).len(), 6);
}

#[test]
fn a_logout_is_told_here_and_elsewhere() {
    let client = grants_and(|_, _| ok("{}"));
    login(&client).unwrap();
    call(&client, &LOGOUT, []).unwrap();
    assert_eq!(emitted(&client), ["logged-in", "logged-out"]);
    let broadcast_logouts = client.environment().world.broadcast_logouts();
    assert_eq!(broadcast_logouts, [("https://neuron.example".to_string(), "alice".to_string())]);
}

#[test]
fn a_call_that_needs_a_session_is_not_sent_without_one() {
    let client = without_session();
    serve(&client, |_, _| ok("{}"));
    let failure = call(&client, &GET_ROSTER, []).unwrap_err();
    assert_eq!((failure.code(), failure.attempts), ("not-logged-in", 0));
    // The key of the broker is everybody's.
    call(&client, &GET_PUBLIC_KEY, []).unwrap_err();
    assert_eq!(asked(&client), ["GetPublicKey"]);
}

#[test]
fn a_logout_elsewhere_ends_the_session_here() {
    let broker = "https://neuron.example";
    for (broker, user, ends) in
        [(broker, "alice", true), (broker, "bob", false), ("https://other.example", "alice", false)]
    {
        let client = grants_and(|_, _| ok("{}"));
        login(&client).unwrap();
        client.logged_out_elsewhere(broker, user);
        assert_eq!(stored_token(&client).is_none(), ends);
        assert_eq!(emitted(&client).len(), if ends { 2 } else { 1 });
    }
}

#[test]
fn a_session_whose_storage_was_emptied_elsewhere_is_over() {
    for broadcast_logouts in [false, true] {
        let client = grants_and(|_, _| ok("{}"));
        login(&client).unwrap();
        keys::OF_SESSION.iter().for_each(|key| client.environment().remove(key));
        if broadcast_logouts {
            client.logged_out_elsewhere("https://neuron.example", "alice");
        }
        client.environment().run(client.maintain_session());
        assert_eq!(emitted(&client), ["logged-in", "logged-out"]);
        assert_eq!(client.environment().world.maintenance_in_ms(), None);
    }
}

/// WebKit keeps a copy of the page's storage in each process, and brings it up to date bit by bit.
#[test]
fn a_storage_that_is_half_empty_by_now_hides_no_logout() {
    for emptied in 0..=keys::OF_SESSION.len() {
        let client = grants_and(|_, _| ok("{}"));
        login(&client).unwrap();
        keys::OF_SESSION[..emptied].iter().for_each(|key| client.environment().remove(key));
        client.logged_out_elsewhere("https://neuron.example", "alice");
        assert_eq!(emitted(&client), ["logged-in", "logged-out"], "{emptied} keys removed");
        assert_eq!(stored_token(&client), None);
    }
}

#[test]
fn a_session_without_a_user_name_does_not_end_with_anothers() {
    let client = grants_and(|_, _| ok("{}"));
    client.environment().store(keys::TOKEN, "put there by the page");
    client.environment().run(client.maintain_session());
    client.logged_out_elsewhere("https://neuron.example", "alice");
    assert_eq!(stored_token(&client).as_deref(), Some("put there by the page"));
    assert_eq!(emitted(&client).len(), 0);
}

#[test]
fn another_broker_is_another_session() {
    let client = grants_and(|_, _| ok("{}"));
    login(&client).unwrap();
    client.set_origin(Some(&Origin::new("other.example", true).unwrap()));
    assert_eq!(emitted(&client), ["logged-in", "logged-out"]);
    assert_eq!(client.environment().world.maintenance_in_ms(), None);
}

/// A call that waits is its user's, and the broker's for which it was made.
#[test]
fn a_call_of_one_user_does_not_go_out_in_anothers_name() {
    let client = served_by(|name, _| match name {
        "Login" => grant("bob", 2, 600),
        "Logout" => ok("{}"),
        "GetRoster" => ok(ROSTER).after_ms(1_000),
        _ => ok(SENT),
    });
    client.set_max_in_flight(2);
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    client.environment().store(keys::USER_NAME, "alice");
    let busy = join_all((0..2).map(|_| begin(&client, &GET_ROSTER, [])));
    let queued = begin(&client, &SEND_TEXT_MESSAGE, ["carol@example.org", "hi"].map(Value::from));
    let change = async {
        client.environment().sleep(100).await;
        client.set_max_in_flight(3);
        client.set_max_in_flight(2);
        client.environment().sleep(100).await;
        let _ = join(begin(&client, &LOGOUT, []), begin_login(&client, "bob")).await;
    };
    // The first place that becomes free is the message's.
    serve(&client, |name, _| match name {
        "Login" => grant("bob", 2, 600),
        "Logout" => ok("{}"),
        "GetRoster" => ok(ROSTER).after_ms(1_000),
        _ => Answer::body(503, "").header("Retry-After", "5"),
    });
    let (_, (queued, ())) = client.environment().run(join(busy, join(queued, change)));
    assert_eq!(queued.unwrap_err().code(), "not-logged-in");
    let bobs = Some(token("bob", 2, 600));
    assert_eq!(stored_token(&client), bobs);
    let messages = client.environment().requests();
    let messages: Vec<_> =
        messages.iter().filter(|request| name_of(request) == "SendTextMessage").collect();
    assert_eq!(messages.len(), 1);
    assert!(messages.iter().all(|request| bearer(request) != bobs));
}

/// A call that was made before any login belongs to the user in whose session it was sent.
#[test]
fn a_call_goes_on_as_it_went_out() {
    let client = served_by(|name, request| match name {
        "Login" if text_of(request).contains("bob") => grant("bob", 2, 600),
        "Login" => grant("alice", 1, 600),
        "Logout" => ok("{}"),
        _ => Answer::body(503, "").header("Retry-After", "1"),
    });
    client.set_max_in_flight(1);
    let queued = begin(&client, &SEND_TEXT_MESSAGE, ["carol@example.org", "hi"].map(Value::from));
    let change = async {
        client.environment().sleep(100).await;
        begin(&client, &LOGOUT, []).await.unwrap();
        begin_login(&client, "bob").await.unwrap();
    };
    let both = join(begin_login(&client, "alice"), join(queued, change));
    let (login, (queued, ())) = client.environment().run(both);
    login.unwrap();
    assert_eq!(queued.unwrap_err().code(), "not-logged-in");
    assert_eq!(asked(&client), ["Login", "SendTextMessage", "Logout", "Login"]);
}

#[test]
fn a_call_that_was_queued_by_one_user_is_not_sent_by_another() {
    let client = served_by(|name, _| match name {
        "Login" => grant("bob", 2, 600),
        _ => Answer::Never,
    });
    client.set_max_in_flight(1);
    client.environment().store(keys::TOKEN, &token("alice", 1, 600));
    client.environment().store(keys::USER_NAME, "alice");
    let login = begin_login(&client, "bob");
    let blocks = client.call(&GET_ROSTER, Vec::new(), abort_after(&client, 500));
    let queued = begin(&client, &SEND_TEXT_MESSAGE, ["carol@example.org", "hi"].map(Value::from));
    // In this order they come to the gate.
    let (_, (login, queued)) = client.environment().run(join(blocks, join(login, queued)));
    login.unwrap();
    assert_eq!(queued.unwrap_err().code(), "not-logged-in");
    assert_eq!(asked(&client), ["GetRoster", "Login"]);
}
