//! Waiting for something that happens once.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Rings once, for all who wait and for all who come later.
#[derive(Default)]
pub(crate) struct Bell {
    has_rung: Cell<bool>,
    count: Cell<u64>,
    /// In the order of their numbers.
    waiting: RefCell<Vec<(u64, Waker)>>,
}

impl Bell {
    pub(crate) fn ring(&self) {
        self.has_rung.set(true);
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
    }

    pub(crate) fn has_rung(&self) -> bool {
        self.has_rung.get()
    }

    pub(crate) fn wait(self: &Rc<Self>) -> Waiting {
        self.count.set(self.count.get() + 1);
        Waiting { bell: Rc::clone(self), number: self.count.get() }
    }

    /// Has somebody woken from now on by this waker, or by none. Thousands may wait.
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

/// Somebody who waits. Dropped, it leaves nothing with the bell, which may outlive it by far.
pub(crate) struct Waiting {
    bell: Rc<Bell>,
    number: u64,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.bell.has_rung() {
            return Poll::Ready(());
        }
        self.bell.register(self.number, Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.bell.register(self.number, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn it_rings_for_those_who_wait_and_for_those_who_come_later() {
        let bell = Rc::new(Bell::default());
        let mut early = bell.wait();
        assert_eq!((&mut early).now_or_never(), None);
        bell.ring();
        assert_eq!(early.now_or_never(), Some(()));
        assert_eq!(bell.wait().now_or_never(), Some(()));
    }

    #[test]
    fn who_stops_waiting_leaves_nothing() {
        let bell = Rc::new(Bell::default());
        for _ in 0..3 {
            let mut waiting = bell.wait();
            assert_eq!((&mut waiting).now_or_never(), None);
            assert_eq!((&mut waiting).now_or_never(), None);
            assert_eq!(bell.waiting.borrow().len(), 1);
        }
        assert!(bell.waiting.borrow().is_empty());
    }
}
