//! Waiting for something that happens once.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// An event that happens once. Whoever waits for it is woken, and whoever comes later need not wait.
#[derive(Default)]
pub(crate) struct OnceEvent {
    is_set: Cell<bool>,
    waits_so_far: Cell<u64>,
    /// Sorted by number.
    waiting: RefCell<Vec<(u64, Waker)>>,
}

impl OnceEvent {
    pub(crate) fn set(&self) {
        self.is_set.set(true);
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
    }

    pub(crate) fn is_set(&self) -> bool {
        self.is_set.get()
    }

    pub(crate) fn wait(self: &Rc<Self>) -> Wait {
        self.waits_so_far.set(self.waits_so_far.get() + 1);
        Wait { event: Rc::clone(self), number: self.waits_so_far.get() }
    }

    /// Replaces the waker of one wait, or removes it. A binary search, because thousands may wait.
    fn register(&self, number: u64, waker: Option<Waker>) {
        let mut waiting = self.waiting.borrow_mut();
        match (waiting.binary_search_by_key(&number, |(number, _)| *number), waker) {
            (Ok(place), Some(waker)) => {
                if let Some(known) = waiting.get_mut(place) {
                    known.1 = waker;
                }
            }
            (Ok(place), None) => drop(waiting.remove(place)),
            (Err(place), Some(waker)) => waiting.insert(place, (number, waker)),
            (Err(_), None) => {}
        }
    }
}

/// A future that is ready when the event has happened. Dropped, it leaves nothing with the event,
/// which may live much longer.
pub(crate) struct Wait {
    event: Rc<OnceEvent>,
    number: u64,
}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.event.is_set() {
            return Poll::Ready(());
        }
        self.event.register(self.number, Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.event.register(self.number, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn it_wakes_those_who_wait_and_lets_later_ones_through() {
        let event = Rc::new(OnceEvent::default());
        let mut early = event.wait();
        assert_eq!((&mut early).now_or_never(), None);
        event.set();
        assert_eq!(early.now_or_never(), Some(()));
        assert_eq!(event.wait().now_or_never(), Some(()));
    }

    #[test]
    fn a_dropped_wait_leaves_nothing() {
        let event = Rc::new(OnceEvent::default());
        for _ in 0..3 {
            let mut wait = event.wait();
            assert_eq!((&mut wait).now_or_never(), None);
            assert_eq!((&mut wait).now_or_never(), None);
            assert_eq!(event.waiting.borrow().len(), 1);
        }
        assert!(event.waiting.borrow().is_empty());
    }
}
