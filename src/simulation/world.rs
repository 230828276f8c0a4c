//! What all clients of a schedule share: time, chance, faults and history.

use super::broker::Broker;
use super::history::History;
use crate::simulation::executor::{TestExecutor, next_random};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// The brokers that there are.
pub(super) const HOSTS: [&str; 2] = ["a.example", "b.example"];

/// The share of faults that stands for a network in which no request gets through.
pub(super) const UNREACHABLE: u64 = 101;

pub(super) type Storage = Rc<RefCell<HashMap<String, String>>>;

pub(super) struct World {
    pub(super) executor: Rc<TestExecutor>,
    seed: Cell<u64>,
    /// For how long the machine of the clients has slept: its monotonic clock stood still.
    slept_ms: Cell<u64>,
    /// By how much its wall clock is ahead.
    wall_offset_ms: Cell<i64>,
    /// How many of a hundred requests meet with something.
    pub(super) fault_percent: Cell<u64>,
    pub(super) brokers: RefCell<[Broker; 2]>,
    pub(super) history: RefCell<History>,
    pub(super) traced: bool,
}

impl World {
    pub(super) fn new(seed: u64) -> Rc<Self> {
        let world = Self {
            executor: Rc::default(),
            seed: Cell::new(seed),
            slept_ms: Cell::new(0),
            wall_offset_ms: Cell::new(1_700_000_000_000),
            fault_percent: Cell::new(0),
            brokers: RefCell::default(),
            history: RefCell::default(),
            traced: std::env::var_os("SIMULATION_SEED").is_some(),
        };
        world.executor.shuffle(next_random(&world.seed));
        for broker in world.brokers.borrow_mut().iter_mut() {
            broker.hides_requests = world.chance(5);
            broker.grants_at_once = world.chance(30);
            broker.gives_opaque_tokens = world.chance(30);
        }
        world.fault_percent.set(world.one_of(&[0, 5, 20, 50, 100]));
        Rc::new(world)
    }

    /// Prints what happens, if one schedule is played again.
    pub(super) fn trace(&self, line: impl FnOnce() -> String) {
        if self.traced {
            println!("{:>8} {}", self.executor.now_ms(), line());
        }
    }

    pub(super) fn random(&self) -> u64 {
        next_random(&self.seed)
    }

    pub(super) fn below(&self, limit: u64) -> u64 {
        self.random() % limit
    }

    pub(super) fn chance(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(super) fn one_of<T: Copy>(&self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// The time at the brokers, which is the true one.
    pub(super) fn true_ms(&self) -> u64 {
        self.executor.now_ms() + self.slept_ms.get()
    }

    pub(super) fn wall_ms(&self) -> i64 {
        i64::try_from(self.true_ms()).unwrap() + self.wall_offset_ms.get()
    }

    pub(super) fn set_wall_clock(&self, by_ms: i64) {
        self.wall_offset_ms.set(self.wall_offset_ms.get() + by_ms);
    }

    pub(super) fn put_to_sleep(&self, for_ms: u64) {
        self.slept_ms.set(self.slept_ms.get() + for_ms);
    }
}
