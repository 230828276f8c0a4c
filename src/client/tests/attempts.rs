//! How often and for how long a call tries.

use super::*;
use crate::error::ErrorKind;
use crate::resources::xmpp::{GET_ROSTER, SEND_TEXT_MESSAGE, SET_ROSTER_ITEM};
use futures_util::future::join_all;

fn get_roster(client: &TestClient) -> Result<Value, Box<Error>> {
    call(client, &GET_ROSTER, [])
}

#[test]
fn an_attempt_that_hangs_is_given_up_for_another() {
    let client = client([Answer::Never, ok(ROSTER)]);
    get_roster(&client).unwrap();
    let elapsed = client.environment().elapsed_ms();
    assert!((10_000..10_250).contains(&elapsed), "{elapsed}");
}

#[test]
fn the_whole_call_has_a_deadline_of_its_own() {
    let client = always(Answer::Never);
    let failure = get_roster(&client).unwrap_err();
    assert_eq!((failure.code(), failure.attempts), ("timeout", 3));
    assert_eq!(client.environment().elapsed_ms(), 30_000);
    assert_eq!(asked(&client).len(), 3);
}

#[test]
fn times_are_the_clients_unless_a_call_has_its_own() {
    let client = always(Answer::Never);
    client.set_timeout(1_000, 1_500);
    let failure = get_roster(&client).unwrap_err();
    assert!(matches!(failure.kind, ErrorKind::Timeout { after_ms: 1_500 }));
    assert_eq!(client.environment().elapsed_ms(), 1_500);
    let own = client.environment().run(client.call(&GET_ROSTER, Vec::new(), within(700)));
    assert!(matches!(own.unwrap_err().kind, ErrorKind::Timeout { after_ms: 700 }));
    assert_eq!(client.environment().elapsed_ms(), 2_200);
}

#[test]
fn a_slow_body_counts_as_well() {
    let client = client([ok(ROSTER).after_ms(10_001), ok(ROSTER).after_ms(9_999)]);
    get_roster(&client).unwrap();
    assert_eq!(asked(&client).len(), 2);
}

#[test]
fn a_read_is_repeated_after_whatever_may_pass() {
    for answer in [
        Answer::Lost,
        Answer::Unsent,
        Answer::Never,
        Answer::body(408, ""),
        Answer::body(429, ""),
        Answer::body(502, ""),
        Answer::body(503, ""),
        Answer::body(504, ""),
    ] {
        let client = client([answer, ok(ROSTER)]);
        get_roster(&client).unwrap();
    }
}

#[test]
fn what_does_not_pass_is_told_at_once() {
    for status in [400, 403, 404, 405, 406, 413, 415, 422, 500, 501] {
        let client = client([Answer::body(status, "")]);
        assert_eq!(get_roster(&client).unwrap_err().attempts, 1, "{status}");
        assert_eq!(client.environment().elapsed_ms(), 0);
    }
}

#[test]
fn four_attempts_are_the_most() {
    let client = always(Answer::body(503, ""));
    assert_eq!(get_roster(&client).unwrap_err().attempts, 4);
    assert_eq!(asked(&client).len(), 4);
}

#[test]
fn the_pauses_double_and_are_a_random_part_of_that() {
    let mut longest = [0.0_f64; 3];
    for seed in 0..200 {
        let client = always(Answer::Lost);
        client.environment().world.seed.set(seed);
        get_roster(&client).unwrap_err();
        let emitted = client.environment().world.emitted(Hook::Retry);
        for (number, event) in emitted.iter().enumerate() {
            let Some(Value::Number(delay)) = event.get("delayMs") else { panic!("no delay") };
            assert!(*delay < f64::from(250 << number), "{delay}");
            longest[number] = longest[number].max(*delay);
        }
    }
    assert!(longest[0] > 200.0 && longest[1] > 400.0 && longest[2] > 800.0, "{longest:?}");
}

#[test]
fn the_broker_says_how_long_to_wait() {
    let client = client([Answer::body(503, "").header("Retry-After", "7"), ok(ROSTER)]);
    get_roster(&client).unwrap();
    let elapsed = client.environment().elapsed_ms();
    assert!((7_000..7_250).contains(&elapsed), "{elapsed}");
}

#[test]
fn a_date_is_waited_for_as_well() {
    let client = client([ok(ROSTER)]);
    let now = std::time::UNIX_EPOCH
        + std::time::Duration::from_millis(client.environment().now().wall_ms as u64);
    let date = httpdate::fmt_http_date(now + std::time::Duration::from_secs(7));
    let client = self::client([Answer::body(503, "").header("Retry-After", &date), ok(ROSTER)]);
    get_roster(&client).unwrap();
    let elapsed = client.environment().elapsed_ms();
    assert!((6_000..7_251).contains(&elapsed), "{elapsed}");
    let past = Answer::body(503, "").header("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT");
    let client = self::client([past, ok(ROSTER)]);
    get_roster(&client).unwrap();
    assert!(client.environment().elapsed_ms() <= 250);
}

/// How long a read waits before it is repeated, after a broker's answer by its own clock.
fn waited_after(status: u16, date: Option<&str>, retry_after: &str) -> u64 {
    let mut answer = Answer::body(status, "").header("Retry-After", retry_after);
    if let Some(date) = date {
        answer = answer.header("Date", date);
    }
    let client = client([answer, ok(ROSTER)]);
    get_roster(&client).unwrap();
    client.environment().elapsed_ms()
}

#[test]
fn each_form_of_a_date_is_read_by_the_clock_of_the_answer() {
    // An hour ahead of ours, years behind, and in each form of RFC 9110 §5.6.7.
    for (date, retry_after) in [
        ("Thu, 01 Jan 1970 01:00:00 GMT", "Thu, 01 Jan 1970 01:00:07 GMT"),
        ("Sun, 06 Nov 1994 08:49:30 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("Sun, 06 Nov 1994 08:49:30 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"),
        ("Sunday, 06-Nov-94 08:49:30 GMT", "Sun Nov  6 08:49:37 1994"),
        ("Sun Nov  6 08:49:30 1994", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ] {
        for status in [429, 503] {
            let waited = waited_after(status, Some(date), retry_after);
            assert!((7_000..7_250).contains(&waited), "{retry_after}: {waited}");
        }
    }
    // What is over by then is over, and a clock that can't be read is none.
    let past = "Sun, 06 Nov 1994 08:49:37 GMT";
    for date in ["Sun, 06 Nov 1994 09:49:37 GMT", "Fri, 06 Nov 2093 08:49:37 GMT"] {
        assert!(waited_after(503, Some(date), past) < 250, "{date}");
    }
    let waited = waited_after(503, Some("noon"), "Thu, 01 Jan 1970 00:00:07 GMT");
    assert!((7_000..7_250).contains(&waited), "{waited}");
}

#[test]
fn a_pause_beyond_all_numbers_is_not_waited_for() {
    for retry_after in ["4294967296", "99999999999999999999", "3, 4294967296"] {
        let client = client([Answer::body(503, "").header("Retry-After", retry_after)]);
        let failure = get_roster(&client).unwrap_err();
        assert_eq!(failure.retry_after_ms, Some(u32::MAX), "{retry_after}");
        assert_eq!(client.environment().requests().len(), 1);
    }
}

#[test]
fn a_pause_that_is_too_long_is_the_callers() {
    let client = client([Answer::body(503, "").header("Retry-After", "300")]);
    client.set_timeout(10_000, 1_000_000);
    let failure = get_roster(&client).unwrap_err();
    assert_eq!((failure.code(), failure.retry_after_ms), ("unavailable", Some(300_000)));
    assert_eq!(client.environment().elapsed_ms(), 0);
}

#[test]
fn a_pause_beyond_the_deadline_is_not_begun() {
    let client = client([Answer::body(503, "").header("Retry-After", "30")]);
    let failure = get_roster(&client).unwrap_err();
    assert_eq!((failure.code(), failure.retry_after_ms), ("unavailable", Some(30_000)));
    assert_eq!(client.environment().elapsed_ms(), 0);
}

#[test]
fn a_write_is_repeated_as_it_was() {
    let client = client([Answer::Lost, Answer::body(504, ""), Answer::body(400, "")]);
    let arguments = ["bob@example.org".into(), "Bob".into(), Value::Array(vec!["a".into()])];
    call(&client, &SET_ROSTER_ITEM, arguments).unwrap_err();
    let sent = client.environment().requests();
    assert!(sent.iter().all(|request| text_of(request) == text_of(&sent[0])));
    assert_eq!(sent.len(), 3);
}

#[test]
fn a_stanza_keeps_its_id_and_gets_none() {
    for id in ["id-1", ""] {
        let client = client([Answer::body(503, ""), Answer::Unsent, ok(SENT)]);
        let arguments = ["bob@example.org", "hi", "", "", id].map(Value::from);
        call(&client, &SEND_TEXT_MESSAGE, arguments).unwrap();
        let sent = client.environment().requests();
        assert_eq!(sent.len(), 3);
        assert!(sent.iter().all(|request| text_of(request) == text_of(&sent[0])));
        let expected = if id.is_empty() { Value::Null } else { id.into() };
        assert_eq!(property(&sent[2], "id"), expected);
    }
}

#[test]
fn an_abort_ends_attempt_and_back_off_at_once() {
    for (answer, after_ms) in
        [(Answer::Never, 5), (Answer::body(503, "").header("Retry-After", "20"), 10_000)]
    {
        let client = always(answer);
        let options = abort_after(&client, after_ms);
        let failure =
            client.environment().run(client.call(&GET_ROSTER, Vec::new(), options)).unwrap_err();
        assert_eq!((failure.code(), failure.attempts), ("aborted", 1));
        assert_eq!(client.environment().elapsed_ms(), u64::from(after_ms));
        assert_eq!(client.environment().world.executor.timers(), 0);
    }
}

#[test]
fn a_dead_broker_is_not_asked_much_more_often_than_a_living_one() {
    for answer in [Answer::Lost, Answer::body(503, "")] {
        let client = always(answer);
        let calls = (0..1_000).map(|_| begin(&client, &GET_ROSTER, []));
        let outcomes = client.environment().run(join_all(calls));
        assert!(outcomes.iter().all(Result::is_err));
        assert_eq!(asked(&client).len(), 1_100);
    }
}

#[test]
fn a_dead_broker_is_not_asked_much_more_often_for_reconciliations() {
    let client = always(Answer::Lost);
    let subscribe = &crate::resources::xmpp::SEND_PRESENCE_SUBSCRIPTION;
    let calls = (0..1_000).map(|_| begin(&client, subscribe, ["bob@example.org".into()]));
    client.environment().run(join_all(calls));
    assert!(asked(&client).len() <= 1_100, "{}", asked(&client).len());
}
