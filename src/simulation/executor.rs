//! Time and tasks for native tests. Nothing is polled that was not woken, so a forgotten wake-up shows
//! as a future that never finishes.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A clock that moves only when everything waits, and concurrent tasks.
#[derive(Default)]
pub(crate) struct TestExecutor {
    now_ms: Cell<u64>,
    timers: RefCell<BTreeMap<(u64, u64), Waker>>,
    timers_so_far: Cell<u64>,
    tasks: RefCell<Vec<(Arc<Woken>, Task)>>,
    new_tasks: RefCell<Vec<(Arc<Woken>, Task)>>,
    /// Which of several woken tasks comes first; the order of their birth, where it is nothing.
    shuffle: Cell<Option<u64>>,
}

/// Whether something has to be polled.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Woken {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicBool::new(true)))
    }

    fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// The next of a sequence of numbers that look random (SplitMix64).
pub(crate) fn next_random(seed: &Cell<u64>) -> u64 {
    seed.set(seed.get().wrapping_add(0x9E37_79B9_7F4A_7C15));
    let mut mixed = seed.get();
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl TestExecutor {
    pub(crate) fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    /// How many tasks have not ended.
    pub(crate) fn tasks(&self) -> usize {
        self.tasks.borrow().len() + self.new_tasks.borrow().len()
    }

    /// How many sleeps have neither ended nor been given up.
    pub(crate) fn timers(&self) -> usize {
        self.timers.borrow().len()
    }

    /// Has woken tasks polled in an order that depends on a seed.
    pub(crate) fn shuffle(&self, seed: u64) {
        self.shuffle.set(Some(seed));
    }

    pub(crate) fn spawn(&self, task: Task) {
        self.new_tasks.borrow_mut().push((Woken::new(), task));
    }

    /// Waits until the clock shows a time.
    pub(crate) fn until(self: &Rc<Self>, alarm_ms: u64) -> Sleep {
        Sleep { executor: Rc::clone(self), alarm_ms, key: None }
    }

    pub(crate) fn sleep(self: &Rc<Self>, milliseconds: u64) -> Sleep {
        self.until(self.now_ms() + milliseconds)
    }

    /// Polls what was woken, once. Says whether anything was.
    fn poll_tasks(&self) -> bool {
        // While they run, tasks may be born, and ask how many there are.
        self.tasks.borrow_mut().append(&mut self.new_tasks.borrow_mut());
        let mut due = Vec::new();
        self.tasks.borrow_mut().retain_mut(|(woken, task)| {
            let is_due = woken.take();
            if is_due {
                let taken: Task = Box::pin(std::future::ready(()));
                due.push((Arc::clone(woken), std::mem::replace(task, taken)));
            }
            !is_due
        });
        if let Some(seed) = self.shuffle.take() {
            let seed = Cell::new(seed);
            for last in (1..due.len()).rev() {
                due.swap(last, next_random(&seed) as usize % (last + 1));
            }
            self.shuffle.set(Some(seed.get()));
        }
        let any = !due.is_empty();
        for (woken, mut task) in due {
            let waker = Waker::from(Arc::clone(&woken));
            if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
                self.tasks.borrow_mut().push((woken, task));
            }
        }
        any
    }

    fn fire_timers(&self) -> bool {
        let mut timers = self.timers.borrow_mut();
        let Some((alarm, _)) = timers.keys().next().copied() else { return false };
        self.now_ms.set(self.now_ms().max(alarm));
        let later = timers.split_off(&(alarm + 1, 0));
        let due = std::mem::replace(&mut *timers, later);
        drop(timers);
        due.into_values().for_each(Waker::wake);
        true
    }

    /// Runs a future to its end, moving the clock to the next alarm whenever all wait.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let woken = Woken::new();
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        loop {
            let mut busy = self.poll_tasks();
            if woken.take() {
                busy = true;
                if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                    return value;
                }
            }
            if !busy && self.new_tasks.borrow().is_empty() {
                assert!(self.fire_timers(), "a future that nothing will wake");
            }
        }
    }
}

/// Somebody who waits for a time.
pub(crate) struct Sleep {
    executor: Rc<TestExecutor>,
    alarm_ms: u64,
    key: Option<(u64, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.executor.now_ms() >= self.alarm_ms {
            return Poll::Ready(());
        }
        let key = self.key.unwrap_or_else(|| {
            let number = self.executor.timers_so_far.get() + 1;
            self.executor.timers_so_far.set(number);
            (self.alarm_ms, number)
        });
        self.key = Some(key);
        self.executor.timers.borrow_mut().insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.executor.timers.borrow_mut().remove(&key);
        }
    }
}
