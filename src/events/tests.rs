//! Handlers, the socket, and what ends them.

use crate::call::job::CallOptions;
use crate::client::Client;
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, SocketEvent};
use crate::error::Error;
use crate::events::registrations::Handler;
use crate::resources::wallet::GET_TRANSACTION_INFORMATION;
use crate::session::keys;
use crate::simulation::simulator::{Answer, Simulator, World};
use crate::wire::Value;
use std::cell::RefCell;
use std::rc::Rc;

fn client(answers: usize) -> Rc<Client<Simulator>> {
    let answers = std::iter::repeat_n(Answer::body(200, "{}"), answers);
    let client = Client::new(Simulator::new(answers));
    client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
    client.environment().store(keys::TOKEN, "token");
    Rc::new(client)
}

type Received = Rc<RefCell<Vec<Value>>>;

fn register(
    client: &Rc<Client<Simulator>>,
    local_name: &str,
) -> (Result<Value, Box<Error>>, Received) {
    let received = Received::default();
    let receiver = Rc::clone(&received);
    let handler = Handler::Function(Rc::new(move |data| receiver.borrow_mut().push(data.clone())));
    let values = vec![local_name.into(), "urn:x".into(), Value::Null];
    let call = client.register_event_handler(values, handler, CallOptions::default());
    (client.environment().run(call), received)
}

fn sent(client: &Rc<Client<Simulator>>) -> Vec<String> {
    let bodies = client.environment().requests().into_iter().map(|request| match request.body {
        Body::Text(text) => text,
        _ => String::new(),
    });
    bodies.collect()
}

fn world(client: &Rc<Client<Simulator>>) -> &World {
    &client.environment().world
}

/// Has the broker refuse every attempt of a call.
fn refuse_a_call(client: &Rc<Client<Simulator>>) {
    for _ in 0..crate::call::retry::MAX_ATTEMPTS {
        world(client).answer(Answer::body(503, ""));
    }
}

#[test]
fn a_handler_hears_what_is_pushed_to_its_name() {
    let client = client(1);
    let (outcome, received) = register(&client, "alert");
    outcome.unwrap();
    assert_eq!(world(&client).connections(), ["wss://neuron.example/ClientEventsWS ls"]);
    let frames = world(&client).frames();
    assert!(frames[0].starts_with(r#"{"cmd":"Register","tabId":""#), "{frames:?}");
    assert!(frames[0].ends_with(r#""location":"https://neuron.example/"}"#), "{frames:?}");
    let body = &sent(&client)[0];
    assert!(
        body.contains(
            r#""localName":"alert","namespace":"urn:x","function":"AgentAPI.Events.h1","tabId":""#
        ),
        "{body}"
    );
    for frame in [
        r#"{"type":"CheckServerInstance","data":"1"}"#,
        r#"{"type":"AgentAPI.Events.h1","data":{"__name":"alert"}}"#,
        r#"{"type":"alert","data":"not for us"}"#,
        "no json",
        "7",
    ] {
        world(&client).push(SocketEvent::Text(frame.into()));
    }
    client.environment().run_for(100);
    assert_eq!(
        *received.borrow(),
        [serde_json::from_str::<Value>(r#"{"__name":"alert"}"#).unwrap()]
    );
}

#[test]
fn a_message_that_can_not_be_read_is_handed_over_as_its_text() {
    let client = client(1);
    let (_, received) = register(&client, "alert");
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let frame = format!(r#"{{"type":"AgentAPI.Events.h1","data":{deep}}}"#);
    world(&client).push(SocketEvent::Text(frame.clone()));
    client.environment().run_for(10);
    let received = received.borrow();
    let property = |name| received[0].get(name).and_then(Value::as_str);
    assert_eq!(property("problem"), Some("data is nested too deeply"));
    assert_eq!(property("raw"), Some(frame.as_str()));
}

#[test]
fn a_message_that_is_text_is_read_as_the_element_that_it_is() {
    let client = client(1);
    let (_, received) = register(&client, "alert");
    let large = "<b/>".repeat(30_000);
    for data in
        ["<alert xmlns='urn:x' level='1'/>", "no element", &format!("<alert>{large}</alert>")]
    {
        let data = serde_json::to_string(data).unwrap();
        let frame = format!(r#"{{"type":"AgentAPI.Events.h1","data":{data}}}"#);
        world(&client).push(SocketEvent::Text(frame));
    }
    client.environment().run_for(10);
    let received = received.borrow();
    assert_eq!(received[0].get("level"), Some(&"1".into()));
    assert_eq!(received[1], "no element".into());
    assert_eq!(received[2].get("problem"), Some(&"its XML has too many parts".into()));
    assert!(received[2].get("raw").and_then(Value::as_str).unwrap().contains(&large));
}

#[test]
fn the_tab_is_kept_alive() {
    let client = client(1);
    register(&client, "a").0.unwrap();
    client.environment().run_for(35_000);
    let pings =
        world(&client).frames().iter().filter(|frame| *frame == r#"{"cmd":"Ping"}"#).count();
    assert_eq!(pings, 3);
}

#[test]
fn a_busy_tab_is_kept_alive_too() {
    let client = client(1);
    register(&client, "a").0.unwrap();
    for _ in 0..12 {
        world(&client).push(SocketEvent::Text("{}".into()));
        client.environment().run_for(3_000);
    }
    let pings =
        world(&client).frames().iter().filter(|frame| *frame == r#"{"cmd":"Ping"}"#).count();
    assert_eq!(pings, 3);
}

#[test]
fn one_name_may_serve_several_kinds_of_message() {
    let client = client(2);
    let named = |local_name: &str| {
        let values = vec![local_name.into()];
        let handler = Handler::Name("Page.On".into());
        client.register_event_handler(values, handler, CallOptions::default())
    };
    client.environment().run(named("a")).unwrap();
    client.environment().run(named("b")).unwrap();
    for status in [400, 200] {
        world(&client).answer(Answer::body(status, "{}"));
    }
    client.environment().run(named("c")).unwrap_err();
    client.environment().run_for(10);
    for _ in 0..2 {
        world(&client).answer(Answer::body(200, "{}"));
    }
    world(&client).push(SocketEvent::Closed);
    client.environment().run_for(5_000);
    let sent = sent(&client);
    assert_eq!(sent[4..], sent[..2], "both are registered again, and the refused one is not");
}

#[test]
fn a_refused_registration_leaves_the_earlier_one() {
    let client = client(1);
    let (_, received) = register(&client, "a");
    refuse_a_call(&client);
    world(&client).answer(Answer::body(200, "{}"));
    register(&client, "a").0.unwrap_err();
    client.environment().run_for(10);
    let sent = sent(&client);
    assert_eq!(sent.last(), sent.first(), "the broker is emitted what holds");
    world(&client).push(SocketEvent::Text(r#"{"type":"AgentAPI.Events.h1","data":1}"#.into()));
    client.environment().run_for(10);
    assert_eq!(*received.borrow(), [1.into()]);
}

#[test]
fn a_handler_is_kept_until_the_broker_has_let_it_go() {
    let client = client(1);
    let (_, received) = register(&client, "a");
    refuse_a_call(&client);
    let values = vec!["a".into(), "urn:x".into()];
    let call = client.unregister_event_handler(values, CallOptions::default());
    client.environment().run(call).unwrap_err();
    world(&client).push(SocketEvent::Text(r#"{"type":"AgentAPI.Events.h1","data":1}"#.into()));
    client.environment().run_for(10);
    assert_eq!(*received.borrow(), [1.into()]);
}

#[test]
fn registering_again_is_tried_until_it_succeeds() {
    let client = client(1);
    register(&client, "a").0.unwrap();
    refuse_a_call(&client);
    world(&client).answer(Answer::body(200, "{}"));
    world(&client).push(SocketEvent::Closed);
    client.environment().run_for(10_000);
    let sent = sent(&client);
    assert_eq!((sent.len(), sent.last()), (6, sent.first()));
}

#[test]
fn a_socket_that_never_opens_does_not_keep_the_next_from_being_tried() {
    let client = client(2);
    register(&client, "a").0.unwrap();
    world(&client).hang_connections();
    world(&client).push(SocketEvent::Closed);
    client.environment().run_for(60_000);
    assert!(world(&client).connections().len() >= 4);
}

#[test]
fn a_logout_wins_over_a_registration_under_way() {
    let client = client(0);
    world(&client).answer(Answer::body(200, "{}").after_ms(100));
    world(&client).answer(Answer::body(200, "{}"));
    let handler = Handler::Function(Rc::new(|_| {}));
    let register = client.register_event_handler(vec!["a".into()], handler, CallOptions::default());
    let logout = async {
        client.environment().sleep(50).await;
        let logout = &crate::resources::account::LOGOUT;
        client.call(logout, Vec::new(), CallOptions::default()).await
    };
    let both = futures_util::future::join(register, logout);
    let (register, logout) = client.environment().run(both);
    assert_eq!(register.unwrap_err().code(), "not-logged-in");
    logout.unwrap();
    client.environment().run_for(60_000);
    assert_eq!(world(&client).tasks(), 0);
}

#[test]
fn another_user_does_not_hear_what_the_first_one_registered() {
    let client = client(1);
    register(&client, "a").0.unwrap();
    for (user, heard_of) in [("alice", true), ("bob", false)] {
        world(&client).answer(Answer::body(200, r#"{"jwt":"x","expires":0}"#));
        client.environment().store(keys::USER_NAME, "alice");
        let values = vec![user.into(), "pw".into(), 60.into()];
        let login = &crate::resources::account::LOGIN;
        client.environment().run(client.call(login, values, CallOptions::default())).unwrap();
        client.environment().run_for(100);
        assert_eq!(world(&client).tasks() > 0, heard_of, "{user}");
    }
}

#[test]
fn a_lost_socket_is_replaced_and_every_handler_registered_again() {
    let client = client(4);
    register(&client, "a").0.unwrap();
    let (_, received) = register(&client, "b");
    assert_eq!(world(&client).connections().len(), 1, "one socket serves all");
    world(&client).push(SocketEvent::Closed);
    client.environment().run_for(1_000);
    assert_eq!(world(&client).connections().len(), 2);
    let sent = sent(&client);
    assert_eq!(sent[2..], sent[..2], "the same tab, the same names");
    world(&client).push(SocketEvent::Text(r#"{"type":"AgentAPI.Events.h2","data":1}"#.into()));
    client.environment().run_for(100);
    assert_eq!(*received.borrow(), [1.into()]);
}

#[test]
fn reconnecting_backs_off() {
    let client = client(1);
    register(&client, "a").0.unwrap();
    world(&client).refuse_connections();
    world(&client).push(SocketEvent::Closed);
    client.environment().run_for(120_000);
    let attempts = world(&client).connections().len() - 1;
    assert!((7..=16).contains(&attempts), "{attempts} attempts in two minutes");
}

/// Has the broker close the socket, and every other 10 ms after it opened. How many more there were.
fn hang_up_for(client: &Rc<Client<Simulator>>, period_ms: u32) -> usize {
    let first = world(client).connections().len();
    let mut hung_up = first - 1;
    for _ in 0..period_ms / 10 {
        if world(client).connections().len() > hung_up {
            hung_up += 1;
            world(client).push(SocketEvent::Closed);
        }
        client.environment().run_for(10);
    }
    world(client).connections().len() - first
}

#[test]
fn a_broker_that_takes_sockets_and_hangs_up_is_asked_ever_more_rarely() {
    let client = client(0);
    world(&client).serve(Box::new(|_| Answer::body(200, "{}")));
    for name in ["a", "b", "c"] {
        register(&client, name).0.unwrap();
    }
    let sockets = hang_up_for(&client, 20_000);
    // Pauses of half to all of 0.5, 1, 2, 4, 8, 16 seconds.
    assert!((4..=7).contains(&sockets), "{sockets} sockets in 20 seconds");
    assert_eq!(sent(&client).len(), 3 + 3 * sockets);
}

#[test]
fn a_socket_that_was_good_for_a_while_is_replaced_soon() {
    let client = client(0);
    world(&client).serve(Box::new(|_| Answer::body(200, "{}")));
    register(&client, "a").0.unwrap();
    hang_up_for(&client, 20_000);
    client.environment().run_for(120_000);
    let before = world(&client).connections().len();
    world(&client).push(SocketEvent::Closed);
    client.environment().run_for(501);
    assert_eq!(world(&client).connections().len(), before + 1);
}

#[test]
fn registering_again_takes_from_the_retry_budget() {
    let client = client(0);
    world(&client).serve(Box::new(|_| Answer::body(200, "{}")));
    register(&client, "a").0.unwrap();
    world(&client).serve(Box::new(|_| Answer::body(503, "")));
    world(&client).push(SocketEvent::Closed);
    client.environment().run_for(3_600_000);
    assert!(!client.calls.retry_budget.take(), "nothing is left for other calls");
    world(&client).serve(Box::new(|_| Answer::body(200, "{}")));
    client.environment().run_for(60_000);
    assert!(client.calls.retry_budget.take(), "and the events came back all the same");
}

#[test]
fn the_last_handler_closes_the_socket() {
    let client = client(3);
    register(&client, "a").0.unwrap();
    let values = vec!["a".into(), "urn:x".into()];
    let call = client.unregister_event_handler(values, CallOptions::default());
    client.environment().run(call).unwrap();
    assert!(sent(&client)[1].contains(r#""function":"","#), "{:?}", sent(&client));
    assert_eq!(world(&client).frames().last().unwrap(), r#"{"cmd":"Unregister"}"#);
    client.environment().run_for(60_000);
    assert_eq!(world(&client).connections().len(), 1, "and it stays closed");
    assert_eq!(world(&client).tasks(), 0);
}

#[test]
fn a_registration_that_was_given_up_leaves_nothing() {
    let client = client(0);
    world(&client).answer(Answer::Never);
    world(&client).answer(Answer::body(200, "{}"));
    let handler = Handler::Function(Rc::new(|_| {}));
    let options = CallOptions { timeout_ms: Some(50), ..CallOptions::default() };
    let call = client.register_event_handler(vec!["a".into()], handler, options);
    assert_eq!(client.environment().run(call).unwrap_err().code(), "timeout");
    client.environment().run_for(1_000);
    assert_eq!(world(&client).tasks(), 0);
    assert!(sent(&client)[1].contains(r#""function":"","#), "the broker is emitted");
}

#[test]
fn a_handler_is_ended_in_the_tab_that_it_began_in() {
    let mut simulator = Simulator::new(std::iter::repeat_n(Answer::body(200, "{}"), 3));
    simulator.tab_id = Some("of-the-page".into());
    let client = Rc::new(Client::new(simulator));
    client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
    client.environment().store(keys::TOKEN, "token");
    register(&client, "a").0.unwrap();
    for local_name in ["a", "other"] {
        let values = vec![local_name.into(), "urn:x".into()];
        let call = client.unregister_event_handler(values, CallOptions::default());
        client.environment().run(call).unwrap();
    }
    let of_the_page: Vec<_> =
        sent(&client).iter().map(|body| body.contains("of-the-page")).collect();
    assert_eq!(of_the_page, [false, false, true]);
}

#[test]
fn no_socket_is_opened_without_a_session() {
    let client = Rc::new(Client::new(Simulator::new([])));
    client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
    let (outcome, _) = register(&client, "a");
    assert_eq!(outcome.unwrap_err().code(), "not-logged-in");
    assert!(world(&client).connections().is_empty());
    assert!(sent(&client).is_empty());
}

#[test]
fn a_logout_ends_the_events() {
    let client = client(2);
    register(&client, "a").0.unwrap();
    client
        .environment()
        .run(client.call(&crate::resources::account::LOGOUT, Vec::new(), CallOptions::default()))
        .unwrap();
    client.environment().run_for(60_000);
    assert_eq!(world(&client).tasks(), 0);
}

#[test]
fn without_an_answer_there_is_no_handler() {
    let client = client(0);
    world(&client).answer(Answer::body(500, ""));
    world(&client).answer(Answer::body(200, "{}"));
    assert_eq!(register(&client, "a").0.unwrap_err().code(), "server-error");
    client.environment().run_for(1_000);
    assert_eq!(world(&client).tasks(), 0);
    world(&client).refuse_connections();
    assert_eq!(register(&client, "a").0.unwrap_err().code(), "network");
}

/// Asks about a transaction, with a function for its events.
fn ask(
    client: &Rc<Client<Simulator>>,
    values: Vec<Value>,
) -> (Result<Value, Box<Error>>, Received) {
    let received = Received::default();
    let receiver = Rc::clone(&received);
    let handler = Handler::Function(Rc::new(move |data| receiver.borrow_mut().push(data.clone())));
    let options = CallOptions::default();
    let call = client.call_with_handler(&GET_TRANSACTION_INFORMATION, values, handler, options);
    (client.environment().run(call), received)
}

const TRANSACTION: &str =
    r#"{"id":"t1","state":"Created","started":1,"serviceId":"s","serviceProvider":"p"}"#;

#[test]
fn a_function_among_the_arguments_gets_the_events_of_its_call() {
    let client = client(0);
    world(&client).answer(Answer::body(200, TRANSACTION));
    let (outcome, received) = ask(&client, vec!["t1".into()]);
    outcome.unwrap();
    let frames = world(&client).frames();
    let (_, tab) = frames[0].split_once(r#""tabId":""#).unwrap();
    let (tab, _) = tab.split_once('"').unwrap();
    let body =
        format!(r#"{{"transactionId":"t1","tabId":"{tab}","functionName":"AgentAPI.Events.h1"}}"#);
    assert_eq!(sent(&client), [body]);
    let push = |state: &str| {
        let frame = format!(r#"{{"type":"AgentAPI.Events.h1","data":{{"state":"{state}"}}}}"#);
        world(&client).push(SocketEvent::Text(frame));
        client.environment().run_for(10);
    };
    push("Executing");
    // Its tab is the same on another socket, so there is nothing to register again.
    world(&client).push(SocketEvent::Closed);
    client.environment().run_for(60_000);
    push("Committed");
    assert_eq!(sent(&client).len(), 1);
    assert_eq!(received.borrow().len(), 2);
    // With its transaction the function ends, and the socket with the last function.
    assert_eq!(world(&client).frames().last().unwrap(), r#"{"cmd":"Unregister"}"#);
    push("Committed");
    assert_eq!(received.borrow().len(), 2);
}

#[test]
fn a_function_gets_nothing_of_a_call_that_fails() {
    let client = client(0);
    world(&client).answer(Answer::body(404, "no such transaction"));
    let (outcome, received) = ask(&client, vec!["t1".into()]);
    outcome.unwrap_err();
    assert_eq!(world(&client).frames().last().unwrap(), r#"{"cmd":"Unregister"}"#);
    let frame = r#"{"type":"AgentAPI.Events.h1","data":{}}"#;
    world(&client).push(SocketEvent::Text(frame.into()));
    client.environment().run_for(10);
    assert!(received.borrow().is_empty());
}

#[test]
fn no_socket_is_opened_for_a_call_that_is_wrong() {
    for (values, start) in [
        (vec![], "TransactionId is missing."),
        (vec!["t1".into(), "tab".into()], "TabId must be left out with a function"),
    ] {
        let client = client(0);
        let (outcome, _) = ask(&client, values);
        let message = outcome.unwrap_err().message();
        assert!(message.starts_with(start), "{message}");
        assert_eq!(world(&client).connections(), [""; 0]);
    }
}
