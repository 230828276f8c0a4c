//! The transitions of a session, each from each state: what it becomes, what is stored, what listeners
//! receive, what other tabs are told.

use super::Session;
use crate::environment::Environment;
use crate::environment::Hook;
use crate::environment::origin::Origin;
use crate::error::{Error, ErrorKind};
use crate::futures::once_event::OnceEvent;
use crate::session::keys;
use crate::session::token_lifetime::{EXPIRED, REFUSED, TokenStatus};
use crate::simulation::simulator::Simulator;
use crate::wire::Value;
use futures_util::FutureExt;
use std::cell::Cell;
use std::rc::Rc;

const SECONDS: u32 = 600;

struct Fixture {
    session: Session<Simulator>,
    simulator: Rc<Simulator>,
    disposed: Rc<OnceEvent>,
    /// How often the event handlers were removed.
    removals: Rc<Cell<u32>>,
}

fn origin(host: &str) -> Origin {
    Origin::new(host, true).unwrap()
}

fn arguments(user: &str) -> Value {
    let mut arguments = Value::object();
    arguments.put("userName", user);
    arguments.put("seconds", SECONDS);
    arguments
}

fn response(token: &str) -> Value {
    let mut response = Value::object();
    response.put("jwt", token);
    response
}

fn fixture() -> Fixture {
    let simulator = Rc::new(Simulator::default());
    let disposed = Rc::<OnceEvent>::default();
    let removals = Rc::<Cell<u32>>::default();
    let counted = Rc::clone(&removals);
    let remove_handlers = Box::new(move || counted.set(counted.get() + 1));
    let session = Session::new(Rc::clone(&simulator), Rc::clone(&disposed), remove_handlers);
    session.moved_to(Some(&origin("neuron.example")));
    Fixture { session, simulator, disposed, removals }
}

/// The states from which a transition may come.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    LoggedOut,
    LoggedIn,
    /// The session of somebody else's login, which this client has not yet read.
    Stored,
    Refreshing,
    Lost,
    /// Another tab has removed the session.
    Removed,
}

const STATES: [State; 6] = [
    State::LoggedOut,
    State::LoggedIn,
    State::Stored,
    State::Refreshing,
    State::Lost,
    State::Removed,
];

fn fixture_in(state: State) -> Fixture {
    let fixture = fixture();
    let Fixture { session, simulator, .. } = &fixture;
    match state {
        State::LoggedOut => {}
        State::Stored => {
            simulator.store(keys::BROKER, "https://neuron.example");
            simulator.store(keys::USER_NAME, "alice");
            simulator.store(keys::TOKEN, "alices");
        }
        _ => session.logged_in(&arguments("alice"), &response("alices")),
    }
    match state {
        State::Refreshing => drop(session.refresh_started(SECONDS, 1_000)),
        State::Lost => session.lost(REFUSED),
        State::Removed => keys::OF_SESSION.iter().for_each(|key| simulator.remove(key)),
        _ => {}
    }
    fixture.simulator.world.forget_emitted();
    fixture.removals.set(0);
    fixture
}

/// What a transition has left.
#[derive(Debug, PartialEq)]
struct Outcome {
    token: Option<String>,
    user: String,
    status: TokenStatus,
    /// What listeners received: type, user and reason.
    emitted: Vec<String>,
    /// The logouts that other tabs were told of.
    broadcast: usize,
    handlers_removed: bool,
    is_scheduled: bool,
}

fn outcome(fixture: &Fixture) -> Outcome {
    let Fixture { session, simulator, removals, .. } = fixture;
    let emitted = simulator.world.emitted(Hook::Session).into_iter().map(|event| {
        let text = ["type", "userName", "reason"].map(|name| event.text(name).to_string());
        text.join(" ").trim_end().to_string()
    });
    Outcome {
        token: session.token(),
        user: session.user_name(),
        emitted: emitted.collect(),
        broadcast: simulator.world.broadcast_logouts().len(),
        handlers_removed: removals.get() > 0,
        is_scheduled: simulator.world.maintenance_in_ms().is_some(),
        status: session.check_token(),
    }
}

fn active(token: &str, user: &str, emitted: &[&str]) -> Outcome {
    Outcome {
        token: Some(token.into()),
        user: user.into(),
        status: TokenStatus::Valid,
        emitted: emitted.iter().map(|line| line.to_string()).collect(),
        broadcast: 0,
        handlers_removed: false,
        is_scheduled: true,
    }
}

fn ended(emitted: &[&str]) -> Outcome {
    Outcome {
        token: None,
        user: String::new(),
        status: TokenStatus::None,
        emitted: emitted.iter().map(|line| line.to_string()).collect(),
        broadcast: 0,
        handlers_removed: true,
        is_scheduled: false,
    }
}

/// What is stored of a session, but for its token.
fn leftovers(fixture: &Fixture) -> Vec<&'static str> {
    let kept = keys::OF_SESSION.iter().copied();
    kept.filter(|key| fixture.simulator.load(key).is_some()).collect()
}

#[test]
fn a_login_begins_a_session_whatever_there_was() {
    for state in STATES {
        for user in ["alice", "bob"] {
            let fixture = fixture_in(state);
            let refresh = fixture.session.refresh_under_way();
            let before = fixture.session.snapshot();
            fixture.session.logged_in(&arguments(user), &response("new"));
            let mut expected = active("new", user, &[&format!("logged-in {user}")]);
            let had_alice = !matches!(state, State::LoggedOut | State::Lost | State::Removed);
            expected.handlers_removed = had_alice && user == "bob";
            assert_eq!(outcome(&fixture), expected, "{state:?} {user}");
            assert!(refresh.is_none_or(|refresh| refresh.abandoned.is_set()), "{state:?}");
            assert!(fixture.session.refresh_under_way().is_none(), "{state:?}");
            let is_same = had_alice && user == "alice";
            assert_eq!(
                fixture.session.snapshot().owner == before.owner,
                is_same,
                "{state:?} {user}"
            );
            assert!(!fixture.session.still_has_token(&before), "{state:?}");
        }
    }
}

#[test]
fn a_refresh_changes_the_token_and_not_the_owner() {
    for state in [State::LoggedIn, State::Stored, State::Refreshing] {
        let fixture = fixture_in(state);
        let mut snapshot = fixture.session.snapshot();
        fixture.session.refreshed(&arguments("alice"), &response("newer"));
        assert_eq!(outcome(&fixture), active("newer", "alice", &["refreshed alice"]), "{state:?}");
        assert!(!fixture.session.still_has_token(&snapshot), "{state:?}");
        fixture.session.revalidate(&mut snapshot, &origin("neuron.example"), true).unwrap();
        assert_eq!(snapshot.token.as_deref(), Some("newer"), "{state:?}");
    }
}

#[test]
fn a_loss_is_told_with_its_reason() {
    for state in [State::LoggedIn, State::Stored, State::Refreshing] {
        for reason in [EXPIRED, REFUSED] {
            let fixture = fixture_in(state);
            let mut snapshot = fixture.session.snapshot();
            fixture.session.lost(reason);
            let expected = ended(&[&format!("lost alice {reason}")]);
            assert_eq!(outcome(&fixture), expected, "{state:?}");
            assert_eq!(leftovers(&fixture), [""; 0], "{state:?}");
            let update = fixture.session.revalidate(&mut snapshot, &origin("neuron.example"), true);
            assert!(matches!(update, Err(ErrorKind::NotLoggedIn)), "{state:?}");
        }
    }
}

#[test]
fn a_logout_ends_whatever_there_is_and_a_login_under_way() {
    for state in STATES {
        let fixture = fixture_in(state);
        let logouts = fixture.session.logouts();
        let refresh = fixture.session.refresh_under_way();
        let ticket = fixture.session.logged_out().unwrap();
        let had_session = matches!(state, State::LoggedIn | State::Stored | State::Refreshing);
        let token = ticket.map(|(origin, token)| (origin.base_url(), token.token));
        let expected = ("https://neuron.example".to_string(), "alices".to_string());
        assert_eq!(token, had_session.then_some(expected), "{state:?}");
        let emitted: &[&str] = if had_session { &["logged-out alice"] } else { &[] };
        let broadcast = usize::from(had_session);
        assert_eq!(outcome(&fixture), Outcome { broadcast, ..ended(emitted) }, "{state:?}");
        assert_eq!(leftovers(&fixture), [""; 0], "{state:?}");
        assert_ne!(fixture.session.logouts(), logouts, "{state:?}");
        assert!(refresh.is_none_or(|refresh| refresh.abandoned.is_set()), "{state:?}");
    }
}

#[test]
fn a_logout_in_another_tab_ends_the_same_session_and_no_other() {
    for state in STATES {
        for (broker, user) in [
            ("https://neuron.example", "alice"),
            ("https://neuron.example", "bob"),
            ("https://other.example", "alice"),
        ] {
            let fixture = fixture_in(state);
            fixture.session.logged_out_elsewhere(broker, user);
            let is_alices = matches!(state, State::LoggedIn | State::Stored | State::Refreshing);
            let is_meant = broker == "https://neuron.example" && user == "alice";
            let label = format!("{state:?} {broker} {user}");
            match state {
                State::Removed => {
                    let expected = ended(&[&format!("logged-out {user}")]);
                    assert_eq!(outcome(&fixture), expected, "{label}");
                }
                _ if is_alices && is_meant => {
                    assert_eq!(outcome(&fixture), ended(&["logged-out alice"]), "{label}");
                }
                _ if is_alices => {
                    let mut found = outcome(&fixture);
                    // A stored session is read, and scheduled, when its status is asked for.
                    found.is_scheduled = true;
                    assert_eq!(found, active("alices", "alice", &[]), "{label}");
                }
                _ => assert_eq!(outcome(&fixture).emitted, [""; 0], "{label}"),
            }
        }
    }
}

#[test]
fn a_session_that_has_gone_from_the_storage_is_noticed_once() {
    for state in STATES {
        let fixture = fixture_in(state);
        let logouts = fixture.session.logouts();
        assert_eq!(fixture.session.removed_elsewhere(), state == State::Removed, "{state:?}");
        assert!(!fixture.session.removed_elsewhere(), "{state:?}");
        let emitted: &[&str] = if state == State::Removed { &["logged-out"] } else { &[] };
        assert_eq!(outcome(&fixture).emitted, emitted, "{state:?}");
        assert_eq!(fixture.session.logouts(), logouts, "a login under way goes on");
    }
}

#[test]
fn another_host_ends_the_session_and_the_same_host_does_not() {
    for state in STATES {
        let had_session = matches!(state, State::LoggedIn | State::Stored | State::Refreshing);
        let fixture = fixture_in(state);
        fixture.session.moved_to(Some(&origin("other.example")));
        let emitted: &[&str] = if had_session { &["logged-out alice"] } else { &[] };
        assert_eq!(outcome(&fixture), ended(emitted), "{state:?}");
        assert_eq!(fixture.session.broker.base_url(), "https://other.example");
        let same = fixture_in(state);
        same.session.moved_to(Some(&origin("neuron.example")));
        assert_eq!(same.session.token().is_some(), had_session, "{state:?}");
        assert_eq!(outcome(&same).emitted, [""; 0], "{state:?}");
    }
}

#[test]
fn a_refused_token_is_invalid_until_it_is_granted_again() {
    let Fixture { session, .. } = fixture_in(State::LoggedIn);
    let shown_in = session.snapshot().token_generation;
    session.token_refused("alices", shown_in);
    assert_eq!(session.check_token(), TokenStatus::Invalid(REFUSED));
    session.logged_in(&arguments("alice"), &response("alices"));
    assert_eq!(session.check_token(), TokenStatus::Valid);
    session.token_refused("alices", shown_in);
    assert_eq!(session.check_token(), TokenStatus::Valid, "what was refused was shown before");
}

#[test]
fn a_failed_refresh_is_followed_by_a_delay() {
    let fixture = fixture_in(State::LoggedIn);
    let Fixture { session, simulator, .. } = &fixture;
    simulator.run_for(SECONDS * 1000 / 2);
    assert_eq!(session.check_token(), TokenStatus::RefreshDue(SECONDS));
    let refresh = session.refresh_started(SECONDS, 1_000);
    assert!(session.needs_maintenance());
    session.refresh_finished(&refresh, Err(Box::<Error>::from(ErrorKind::LoginBlocked)));
    assert_eq!(refresh.done.wait().now_or_never(), Some(()));
    assert_eq!(session.check_token(), TokenStatus::Valid);
    assert_eq!(simulator.world.maintenance_in_ms(), Some(30_000));
    simulator.run_for(30_000);
    assert_eq!(session.check_token(), TokenStatus::RefreshDue(SECONDS));
    simulator.run_for(SECONDS * 1000 / 2 - 30_000);
    assert_eq!(session.check_token(), TokenStatus::Invalid(EXPIRED));
}

#[test]
fn an_abandoned_refresh_leaves_its_successor_alone() {
    let Fixture { session, .. } = fixture_in(State::LoggedIn);
    let first = session.refresh_started(SECONDS, 1_000);
    session.logged_in(&arguments("alice"), &response("new"));
    let second = session.refresh_started(SECONDS, 1_000);
    session.refresh_finished(&first, Err(ErrorKind::NotLoggedIn.into()));
    assert!(session.refresh_under_way().is_some_and(|current| Rc::ptr_eq(&current, &second)));
    session.refresh_finished(&second, Ok(Value::Null));
    assert!(session.refresh_under_way().is_none());
}

#[test]
fn a_block_of_logins_is_for_one_broker_and_passes() {
    let Fixture { session, simulator, .. } = fixture_in(State::LoggedOut);
    session.logins_blocked(origin("neuron.example"), 60_000);
    assert_eq!(session.logins_blocked_for_ms(&origin("other.example")), None);
    assert_eq!(session.logins_blocked_for_ms(&origin("neuron.example")), Some(60_000.0));
    simulator.run_for(60_000);
    assert_eq!(session.logins_blocked_for_ms(&origin("neuron.example")), None);
}

#[test]
fn a_snapshot_is_for_one_owner_at_one_broker() {
    let here = origin("neuron.example");
    let fixture = fixture_in(State::LoggedIn);
    let snapshot = fixture.session.snapshot();
    let update = |origin: &Origin, requires_token| {
        let mut updated = snapshot.clone();
        fixture.session.revalidate(&mut updated, origin, requires_token).map(|()| updated.token)
    };
    assert_eq!(update(&here, true).unwrap().as_deref(), Some("alices"));
    assert!(update(&origin("other.example"), true).is_err(), "another broker");
    fixture.session.logged_in(&arguments("bob"), &response("bobs"));
    assert!(update(&here, true).is_err(), "another owner");
    fixture.session.logged_out().unwrap();
    assert!(update(&here, true).is_err(), "no session any more");
    assert_eq!(update(&here, false).unwrap(), None, "what needs no token goes without");
}

#[test]
fn a_disposed_client_schedules_nothing() {
    let fixture = fixture_in(State::LoggedIn);
    fixture.disposed.set();
    fixture.session.schedule_maintenance();
    assert_eq!(fixture.simulator.world.maintenance_in_ms(), None);
}

#[test]
fn a_refresh_that_is_never_over_is_given_up() {
    let Fixture { session, simulator, .. } = fixture_in(State::LoggedIn);
    let refresh = session.refresh_started(SECONDS, 1_000);
    simulator.run_for(1_900);
    assert!(session.refresh_under_way().is_some(), "it has a second more, for slow timers");
    let waiting = refresh.done.wait();
    simulator.run_for(200);
    assert!(session.refresh_under_way().is_none());
    assert_eq!(waiting.now_or_never(), Some(()), "whoever waits goes on");
    let next = session.refresh_started(SECONDS, 1_000);
    session.refresh_finished(&refresh, Ok(response("late")));
    assert!(Rc::ptr_eq(&session.refresh_under_way().unwrap(), &next), "the next one goes on");
}
