//! Many calls at once, what listeners receive, and disposal.

use super::*;
use crate::client::Handler;
use crate::resources::xmpp::{GET_ROSTER, SEND_TEXT_MESSAGE};
use futures_util::future::{join, join_all};
use std::cell::Cell;

#[test]
fn no_more_requests_at_a_time_than_allowed() {
    for limit in [1, 5, 32] {
        let (in_flight, most) = (Rc::new(Cell::new(0_u32)), Rc::new(Cell::new(0)));
        let client = always(ok(ROSTER));
        let world = Rc::clone(&client.environment().world);
        let (flying, highest) = (Rc::clone(&in_flight), Rc::clone(&most));
        serve(&client, move |_, _| {
            flying.set(flying.get() + 1);
            highest.set(highest.get().max(flying.get()));
            let (executor, flying) = (Rc::clone(&world.executor), Rc::clone(&flying));
            let landing = executor.sleep(99);
            executor.spawn(Box::pin(async move {
                landing.await;
                flying.set(flying.get() - 1);
            }));
            ok(ROSTER).after_ms(100)
        });
        client.set_max_in_flight(limit);
        let calls = (0..100).map(|_| begin(&client, &GET_ROSTER, []));
        let outcomes = client.environment().run(join_all(calls));
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(most.get(), limit);
        let rounds = u64::from(100_u32.div_ceil(limit));
        assert_eq!(client.environment().elapsed_ms(), 100 * rounds);
    }
}

#[test]
fn a_refresh_goes_before_what_waits() {
    let client = grants_and(|_, _| ok(ROSTER).after_ms(100));
    client.set_max_in_flight(1);
    login(&client).unwrap();
    client.environment().run_for(299_950);
    let calls = join_all((0..5).map(|_| begin(&client, &GET_ROSTER, [])));
    let outcomes = client.environment().run(calls);
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(asked(&client)[1..3], ["GetRoster", "Refresh"]);
}

#[test]
fn who_waits_can_give_up() {
    let client = always(ok(ROSTER).after_ms(1_000));
    client.set_max_in_flight(1);
    let first = begin(&client, &GET_ROSTER, []);
    let queued = client.call(&GET_ROSTER, Vec::new(), abort_after(&client, 500));
    let late = client.call(&GET_ROSTER, Vec::new(), within(700));
    let last = begin(&client, &GET_ROSTER, []);
    let both = join(join(first, queued), join(late, last));
    let ((first, queued), (late, last)) = client.environment().run(both);
    first.unwrap();
    assert_eq!((queued.as_ref().unwrap_err().code(), queued.unwrap_err().attempts), ("aborted", 0));
    let late = late.unwrap_err();
    assert_eq!((late.code(), late.attempts, late.ambiguous), ("timeout", 0, false));
    last.unwrap();
    assert_eq!(client.environment().elapsed_ms(), 2_000);
    assert_eq!(asked(&client).len(), 2);
}

#[test]
fn ten_thousand_aborted_calls_leave_nothing() {
    let client = always(Answer::Never);
    let calls = (0..10_000).map(|_| client.call(&GET_ROSTER, Vec::new(), abort_after(&client, 10)));
    let outcomes = client.environment().run(join_all(calls));
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap_err().code() == "aborted"));
    assert_eq!(client.environment().world.executor.timers(), 0);
    assert_eq!(client.environment().world.tasks(), 0);
    serve(&client, |_, _| ok(ROSTER));
    call(&client, &GET_ROSTER, []).unwrap();
}

/// The names of the properties, in their order.
fn names(event: &Value) -> Vec<String> {
    let Value::Object(properties) = event else { panic!("no object") };
    properties.iter().map(|(name, _)| name.clone()).collect()
}

#[test]
fn only_what_is_on_the_list_is_told() {
    let client = grants_and(|_, _| Answer::body(503, "s3cret"));
    login(&client).unwrap();
    let values = ["bob@example.org", "s3cret", "s3cret", "sv", "s3cret"].map(Value::from);
    call(&client, &SEND_TEXT_MESSAGE, values).unwrap_err();
    serve(&client, |_, _| Answer::Lost);
    call(&client, &crate::resources::account::DOMAIN_INFO, []).unwrap_err();
    let world = &client.environment().world;
    let (requests, responses) = (world.emitted(Hook::Request), world.emitted(Hook::Response));
    let retries = world.emitted(Hook::Retry);
    let base = ["callId", "operation", "attempt", "method"];
    let of_request = [&base[..], &["requestBytes"]].concat();
    assert_eq!(names(&requests[1]), of_request);
    assert_eq!(names(&requests[5]), base, "a GET has no body");
    let received = ["durationMs", "status", "responseBytes"];
    assert_eq!(names(&responses[0]), [&of_request[..], &received].concat());
    assert_eq!(names(&responses[1]), [&of_request[..], &received, &["code"]].concat());
    assert_eq!(names(&responses[5]), [&base[..], &["durationMs", "code"]].concat());
    assert_eq!(names(&retries[0]), ["callId", "operation", "attempt", "code", "status", "delayMs"]);
    assert_eq!(requests.len(), asked(&client).len());
    assert_eq!(responses.len(), requests.len());
    assert_eq!(retries.len(), 6);
    let sessions = world.emitted(Hook::Session);
    assert_eq!(names(&sessions[0]), ["type", "userName"]);
    let all = format!("{requests:?}{responses:?}{retries:?}{sessions:?}");
    for secret in ["s3cret", "pw\"", "example", &token("alice", 1, 600)] {
        assert!(!all.contains(secret), "{secret}");
    }
    assert_eq!(requests[4].get("attempt"), Some(&4.into()));
    assert_eq!(requests[4].get("operation"), Some(&"Xmpp.SendTextMessage".into()));
    assert_eq!(responses[1].get("responseBytes"), Some(&6.into()));
}

#[test]
fn the_end_of_every_request_is_emitted_whatever_ends_it() {
    let codes = |client: &TestClient| -> Vec<Value> {
        let emitted = client.environment().world.emitted(Hook::Response);
        emitted.iter().map(|event| event.get("code").unwrap().clone()).collect()
    };
    let aborted = always(Answer::Never);
    let call = aborted.call(&GET_ROSTER, Vec::new(), abort_after(&aborted, 1_000));
    aborted.environment().run(call).unwrap_err();
    assert_eq!(codes(&aborted), ["aborted".into()]);

    let late = always(Answer::Never);
    late.environment().run(late.call(&GET_ROSTER, Vec::new(), within(15_000))).unwrap_err();
    assert_eq!(codes(&late), ["timeout".into(), "timeout".into()]);

    let disposed = always(Answer::Never);
    let call = disposed.call(&GET_ROSTER, Vec::new(), CallOptions::default());
    let disposal = async {
        disposed.environment().sleep(1_000).await;
        disposed.dispose();
    };
    let (outcome, ()) = disposed.environment().run(futures_util::future::join(call, disposal));
    assert_eq!(outcome.unwrap_err().code(), "disposed");
    assert_eq!(codes(&disposed), ["disposed".into()]);
}

#[test]
fn disposal_ends_everything() {
    let client = grants_and(|name, _| match name {
        "RegisterEventHandler" => ok("{}"),
        _ => Answer::Never,
    });
    login(&client).unwrap();
    let handler = Handler::Function(Rc::new(|_| {}));
    let register = client.register_event_handler(vec!["a".into()], handler, CallOptions::default());
    client.environment().run(register).unwrap();
    client.environment().run_for(300_000);
    serve(&client, |_, _| Answer::Never);
    let calls = join_all((0..40).map(|_| begin(&client, &GET_ROSTER, [])));
    let disposal = async {
        client.environment().sleep(100).await;
        client.dispose();
    };
    let started = client.environment().elapsed_ms();
    let (outcomes, ()) = client.environment().run(join(calls, disposal));
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap_err().code() == "disposed"));
    assert_eq!(client.environment().elapsed_ms(), started + 100);
    assert!(stored_token(&client).is_some(), "what is stored stays");
    nothing_is_left(&client);
    let sent = asked(&client).len();
    assert_eq!(call(&client, &GET_ROSTER, []).unwrap_err().code(), "disposed");
    client.environment().run(client.maintain_session());
    let restart = client.environment().run(client.restart_session(CallOptions::default()));
    assert_eq!(restart.unwrap_err().code(), "disposed");
    nothing_is_left(&client);
    assert_eq!(asked(&client).len(), sent);
}

#[test]
fn disposal_ends_the_wait_for_a_socket() {
    let client = grants_and(|_, _| ok("{}"));
    login(&client).unwrap();
    let handler = Handler::Function(Rc::new(|_| {}));
    let register = client.register_event_handler(vec!["a".into()], handler, CallOptions::default());
    client.environment().run(register).unwrap();
    client.environment().world.refuse_connections();
    client.environment().world.push(crate::environment::SocketEvent::Closed);
    client.environment().run_for(5_000);
    client.dispose();
    nothing_is_left(&client);
}

fn nothing_is_left(client: &TestClient) {
    // What was woken runs; no time passes.
    client.environment().run_for(0);
    client.environment().run(futures_util::future::ready(()));
    let world = &client.environment().world;
    assert_eq!(world.maintenance_in_ms(), None);
    assert_eq!(world.executor.timers(), 0);
    assert_eq!(world.tasks(), 0);
}
