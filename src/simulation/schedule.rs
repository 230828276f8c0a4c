//! Somebody who does anything at any time.

use super::history::{Call, Operation};
use super::tab::Tab;
use super::world::{HOSTS, Storage, UNREACHABLE, World};
use crate::client::{CallOptions, Client, RequestBody};
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment};
use crate::error::{Cause, Error};
use crate::futures::once_event::OnceEvent;
use crate::futures::race::run_until;
use crate::resources::account::{DOMAIN_INFO, LOGIN, LOGOUT, REFRESH, VERIFY_E_MAIL};
use crate::resources::xmpp::{
    GET_ROSTER, POP_MESSAGES, SEND_PRESENCE_SUBSCRIPTION, SEND_PRESENCE_UNSUBSCRIPTION,
    SEND_SUBSCRIPTION_ACCEPTED, SEND_TEXT_MESSAGE,
};
use crate::session::keys;
use crate::wire::{Resource, Value};
use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

const OPERATIONS: [Operation; 20] = [
    Operation::Message,
    Operation::Message,
    Operation::Subscribe,
    Operation::Subscribe,
    Operation::Subscribe,
    Operation::Accept,
    Operation::Unsubscribe,
    Operation::Pop,
    Operation::Verify,
    Operation::Read,
    Operation::Read,
    Operation::ReadOpenly,
    Operation::Request,
    Operation::RequestElsewhere,
    Operation::Login,
    Operation::Login,
    Operation::Login,
    Operation::Refresh,
    Operation::Refresh,
    Operation::Logout,
];

const DAY_MS: i64 = 86_400_000;
/// The longest that anything takes: a call, and a request that nobody waits for any more.
const LONGEST_MS: u64 = 150_000;

/// A tab that is open.
#[derive(Clone)]
struct Open {
    tab: Tab,
    client: Rc<Client<Tab>>,
    closed: Rc<OnceEvent>,
    total_ms: u32,
}

pub(super) struct Schedule {
    world: Rc<World>,
    tabs: RefCell<Vec<Open>>,
    tabs_so_far: RefCell<usize>,
}

impl Schedule {
    pub(super) fn new(world: &Rc<World>) -> Self {
        let world = Rc::clone(world);
        Self { world, tabs: RefCell::default(), tabs_so_far: RefCell::default() }
    }

    fn open(&self, storage: &Storage) {
        *self.tabs_so_far.borrow_mut() += 1;
        let tab = Tab::new(&self.world, *self.tabs_so_far.borrow(), Rc::clone(storage));
        let client = Rc::new(Client::new(tab.clone()));
        let (attempt_ms, total_ms) =
            self.world.one_of(&[(10_000, 30_000), (500, 2_000), (10_000, 5_000)]);
        client.set_timeout(attempt_ms, total_ms);
        client.set_max_in_flight(tab.0.limit);
        if client.origin().is_err() {
            client.set_origin(Some(&Origin::new(HOSTS[0], true).unwrap()));
        }
        let open = Open { tab, client, closed: Rc::default(), total_ms };
        self.tabs.borrow_mut().push(open.clone());
        self.world.executor.spawn(Box::pin(async move {
            let maintaining = async {
                loop {
                    open.tab.maintenance_due().await;
                    if !open.tab.0.hidden.get() {
                        open.client.maintain_session().await;
                    }
                }
            };
            run_until(pin!(open.closed.wait()), pin!(maintaining)).await;
        }));
    }

    /// Closes a tab, and sees that nothing goes on.
    async fn close(&self, open: Open) {
        self.tabs.borrow_mut().retain(|other| other.tab.0.number != open.tab.0.number);
        open.closed.set();
        open.client.dispose();
        self.world.executor.sleep(1).await;
        open.tab.check_nothing_is_left();
        open.client.maintain_session().await;
        open.tab.check_nothing_is_left();
    }

    pub(super) async fn play(&self) {
        let world = &self.world;
        let storage = Storage::default();
        self.open(&storage);
        if world.chance(40) {
            let other = if world.chance(70) { storage } else { Storage::default() };
            self.open(&other);
        }
        for open in self.tabs.borrow().iter() {
            if world.chance(70) {
                self.begin(open, Operation::Login);
            }
        }
        world.executor.sleep(world.below(300)).await;
        for _ in 0..world.below(18) + 2 {
            self.act().await;
            self.pass_announcements_on();
            self.tabs.borrow().iter().for_each(|open| open.tab.audit());
            let pause = match world.below(100) {
                0..45 => 0,
                45..75 => world.below(300),
                75..95 => world.below(8_000),
                _ => world.below(90_000),
            };
            world.executor.sleep(pause).await;
        }
        let stays_open = world.chance(50);
        if stays_open {
            world.executor.sleep(LONGEST_MS).await;
        }
        loop {
            let Some(open) = self.tabs.borrow().first().cloned() else { break };
            open.tab.audit();
            self.close(open).await;
        }
        world.executor.sleep(LONGEST_MS).await;
        world.history.borrow().check(world);
        assert_eq!(world.executor.tasks(), 0, "something goes on for ever");
    }

    async fn act(&self) {
        let world = &self.world;
        let open = {
            let tabs = self.tabs.borrow();
            tabs[world.below(tabs.len() as u64) as usize].clone()
        };
        let what = world.below(100);
        world.trace(|| format!("action {what} in tab {}", open.tab.0.number));
        match what {
            0..68 => {
                let number = if world.chance(80) { 1 } else { world.below(6) + 1 };
                for _ in 0..number {
                    self.begin(&open, world.one_of(&OPERATIONS));
                }
            }
            68..70 => {
                let operation = world.one_of(&OPERATIONS);
                let is_storm = world.chance(5);
                if is_storm {
                    world.fault_percent.set(UNREACHABLE);
                }
                let number = if is_storm { 300 } else { world.below(50) };
                (0..number).for_each(|_| self.begin(&open, operation));
            }
            70..75 => {
                let by_ms = world.one_of(&[DAY_MS, -DAY_MS, 30_000, -30_000]);
                world.set_wall_clock(by_ms);
            }
            75..78 => {
                world.put_to_sleep(world.one_of(&[7_200_000, 20_000]));
                open.client.maintain_session().await;
            }
            78..82 => {
                let host = Origin::new(world.one_of(&HOSTS), true).unwrap();
                if open.client.origin().unwrap() != host {
                    open.tab.0.logins.borrow_mut().values_mut().for_each(|beaten| *beaten = true);
                }
                open.client.set_origin(Some(&host));
            }
            82..84 => {
                let which = world.below(2) as usize;
                world.brokers.borrow_mut()[which].forget_tokens();
            }
            84 => {
                // Another program on the page, that knows nothing of whose the token is.
                let host = world.one_of(&HOSTS);
                open.tab.0.storage.borrow_mut().insert(keys::HOST.into(), host.into());
            }
            85..89 => {
                let hidden = !open.tab.0.hidden.get();
                open.tab.0.hidden.set(hidden);
                if !hidden {
                    open.client.maintain_session().await;
                }
            }
            89..93 => {
                self.close(open.clone()).await;
                self.open(&open.tab.0.storage);
            }
            93..97 => world.fault_percent.set(world.one_of(&[0, 5, 20, 50, 100])),
            _ => {
                // What comes of it is nothing to the others.
                let _ = open.client.restart_session(self.options(&open).0).await;
            }
        }
    }

    /// Tells the other tabs of logouts.
    fn pass_announcements_on(&self) {
        for open in self.tabs.borrow().iter() {
            for (broker, user) in open.tab.0.broadcast_logouts.take() {
                for other in self.tabs.borrow().iter() {
                    if other.tab.0.number != open.tab.0.number {
                        other.client.logged_out_elsewhere(&broker, &user);
                    }
                }
            }
        }
    }

    /// Options, and when the call has to have settled.
    fn options(&self, open: &Open) -> (CallOptions, u64) {
        let world = &self.world;
        let mut options = CallOptions::default();
        let mut within_ms = u64::from(open.total_ms);
        if world.chance(15) {
            let timeout_ms = world.one_of(&[1, 50, 1_000, 5_000, 60_000]);
            options.timeout_ms = Some(timeout_ms);
            within_ms = timeout_ms.into();
        }
        if world.chance(15) {
            let after_ms = world.one_of(&[0, 1, 40, 150, 3_000]);
            within_ms = within_ms.min(after_ms);
            let executor = Rc::clone(&world.executor);
            options.aborted = Some(Box::pin(async move {
                executor.sleep(after_ms).await;
                Cause(None)
            }));
        }
        (options, within_ms)
    }

    /// Begins a call that runs beside everything else.
    fn begin(&self, open: &Open, operation: Operation) {
        let world = Rc::clone(&self.world);
        let (options, within_ms) = self.options(open);
        let open = open.clone();
        world.executor.spawn(Box::pin({
            let world = Rc::clone(&world);
            async move {
                let Some(number) = note(&world, &open, operation, within_ms == 0) else { return };
                let begun_ms = world.executor.now_ms();
                world.trace(|| format!("tab {} begins {operation:?} {number}", open.tab.0.number));
                let outcome = call(&world, &open, operation, number, options).await;
                world.trace(|| format!("{operation:?} {number}: {outcome:?}"));
                let took_ms = world.executor.now_ms() - begun_ms;
                assert!(
                    took_ms <= within_ms,
                    "deadline: {operation:?} took {took_ms} of {within_ms} ms"
                );
                if matches!(&outcome, Err(error) if error.attempts == 0) {
                    open.tab.pay_back();
                }
                open.tab.0.logins.borrow_mut().remove(&number);
                if operation == Operation::Logout {
                    open.tab.audit();
                }
                world.history.borrow_mut().calls[number].outcome = Some(outcome);
            }
        }));
    }
}

/// Notes a call that is about to begin; nothing, where the tab is closed.
fn note(world: &World, open: &Open, operation: Operation, aborted: bool) -> Option<usize> {
    if open.closed.is_set() {
        return None;
    }
    open.tab.pay();
    let host = open.client.origin().unwrap().host().to_string();
    let is_for_this = open.tab.load(keys::BROKER) == Some(format!("https://{host}"));
    let has_token = is_for_this && open.tab.load(keys::TOKEN).is_some();
    let user = Some(open.tab.load(keys::USER_NAME).unwrap_or_default()).filter(|_| has_token);
    let mut history = world.history.borrow_mut();
    let number = history.calls.len();
    if operation == Operation::Unsubscribe
        && let Some(user) = &user
    {
        let which = usize::from(host == HOSTS[1]);
        let contact = format!("c{number}@c.example");
        world.brokers.borrow_mut()[which].prepare(user, &contact, true);
    }
    history.calls.push(Call { operation, host, user, outcome: None });
    match operation {
        Operation::Login => {
            open.tab.0.logins.borrow_mut().insert(number, false);
        }
        // What is aborted from the start does nothing.
        Operation::Logout if !aborted => {
            open.tab.0.logins.borrow_mut().values_mut().for_each(|beaten| *beaten = true);
        }
        _ => {}
    }
    Some(number)
}

async fn call(
    world: &World,
    open: &Open,
    operation: Operation,
    number: usize,
    options: CallOptions,
) -> Result<Value, Box<Error>> {
    let contact = Value::String(format!("c{number}@c.example"));
    let whole = Value::from(u32::try_from(number + 1).unwrap());
    let id = Value::from(world.one_of(&["", "an-id"]));
    let seconds = Value::from(world.one_of(&[2, 5, 20, 60, 600, 3_600]));
    let (resource, values): (&'static Resource, Vec<Value>) = match operation {
        Operation::Message => {
            let text = Value::String(format!("m{number}"));
            (&SEND_TEXT_MESSAGE, vec!["bob@c.example".into(), text, "".into(), "".into(), id])
        }
        Operation::Subscribe => {
            (&SEND_PRESENCE_SUBSCRIPTION, vec![contact, "".into(), "".into(), id])
        }
        Operation::Accept => (&SEND_SUBSCRIPTION_ACCEPTED, vec![contact, id]),
        Operation::Unsubscribe => (&SEND_PRESENCE_UNSUBSCRIPTION, vec![contact, id]),
        Operation::Pop => (&POP_MESSAGES, vec![whole]),
        Operation::Verify => (&VERIFY_E_MAIL, vec!["a@b".into(), whole]),
        Operation::Read => (&GET_ROSTER, Vec::new()),
        Operation::ReadOpenly => (&DOMAIN_INFO, Vec::new()),
        Operation::Login => {
            let user = world.one_of(&["alice", "bob"]);
            let password = if world.chance(15) { "wrong" } else { "pw" };
            (&LOGIN, vec![user.into(), password.into(), seconds])
        }
        Operation::Refresh => (&REFRESH, vec![seconds]),
        Operation::Logout => (&LOGOUT, Vec::new()),
        Operation::Request | Operation::RequestElsewhere => {
            let is_here = operation == Operation::Request;
            let path = if is_here { "/Agent/X/Y" } else { "https://c.example/Agent/X/Y" };
            let payload = (!world.chance(50)).then(|| RequestBody {
                body: Body::Text("{}".into()),
                media_type: "application/json".into(),
                texts: "{}".into(),
            });
            return open.client.request(path, payload, Value::Null, options).await;
        }
    };
    open.client.call(resource, values, options).await
}
