//! Waiting for something that happens once.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Rings once, for all who wait and for all who come later.
#[derive(Default)]
pub(super) struct Bell {
    has_rung: Cell<bool>,
    count: Cell<u32>,
    waiting: RefCell<Vec<(u32, Waker)>>,
}

impl Bell {
    pub(super) fn ring(&self) {
        self.has_rung.set(true);
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
    }

    pub(super) fn has_rung(&self) -> bool {
        self.has_rung.get()
    }

    pub(super) fn wait(self: &Rc<Self>) -> Waiting {
        self.count.set(self.count.get().wrapping_add(1));
        Waiting { bell: Rc::clone(self), number: self.count.get() }
    }

    fn forget(&self, number: u32) {
        self.waiting.borrow_mut().retain(|(waiting, _)| *waiting != number);
    }
}

/// Somebody who waits. Dropped, it leaves nothing with the bell, which may outlive it by far.
pub(super) struct Waiting {
    bell: Rc<Bell>,
    number: u32,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.bell.has_rung() {
            return Poll::Ready(());
        }
        self.bell.forget(self.number);
        self.bell.waiting.borrow_mut().push((self.number, context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.bell.forget(self.number);
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
