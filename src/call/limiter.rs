//! How many requests are under way at a time. Browsers give a host six connections over HTTP/1.1;
//! thousands of requests at once would all run into their deadlines, and look like an attack.

use crate::futures::once_event::Bell;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Enough for a page that loads all at once, and what an HTTP/2 broker takes with ease.
pub const DEFAULT_MAX_IN_FLIGHT: u32 = 32;

/// Lets a number of requests through, the rest in the order in which they came.
pub(crate) struct Gate {
    limit: Cell<u32>,
    in_flight: Cell<u32>,
    queue: RefCell<Vec<Rc<Bell>>>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            limit: Cell::new(DEFAULT_MAX_IN_FLIGHT),
            in_flight: Cell::new(0),
            queue: RefCell::default(),
        }
    }
}

impl Gate {
    pub(crate) fn set_limit(&self, limit: u32) {
        self.limit.set(limit);
        self.admit();
    }

    /// Whether somebody who comes now need not wait.
    pub(crate) fn has_room(&self, urgent: bool) -> bool {
        self.in_flight.get() < self.limit.get() && (urgent || self.queue.borrow().is_empty())
    }

    /// Waits for a place. Who is urgent goes before all others that wait.
    pub(crate) async fn enter(&self, urgent: bool) -> Permit<'_> {
        if self.has_room(urgent) {
            self.in_flight.set(self.in_flight.get() + 1);
            return Permit { gate: self };
        }
        let bell = Rc::new(Bell::default());
        {
            let mut queue = self.queue.borrow_mut();
            let place = if urgent { 0 } else { queue.len() };
            queue.insert(place, Rc::clone(&bell));
        }
        let mut place = Place { gate: self, bell, taken: false };
        place.bell.wait().await;
        place.taken = true;
        Permit { gate: self }
    }

    fn leave(&self) {
        self.in_flight.set(self.in_flight.get().saturating_sub(1));
        self.admit();
    }

    fn admit(&self) {
        while self.in_flight.get() < self.limit.get() {
            let mut queue = self.queue.borrow_mut();
            if queue.is_empty() {
                return;
            }
            let next = queue.remove(0);
            drop(queue);
            self.in_flight.set(self.in_flight.get() + 1);
            next.ring();
        }
    }
}

/// A request that may go; dropped when it is done.
pub(crate) struct Permit<'a> {
    gate: &'a Gate,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.gate.leave();
    }
}

/// A place in the queue.
struct Place<'a> {
    gate: &'a Gate,
    bell: Rc<Bell>,
    /// From then on it is the permit's to give back.
    taken: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.taken {
            return;
        }
        if self.bell.has_rung() {
            self.gate.leave();
        } else {
            let mut queue = self.gate.queue.borrow_mut();
            if let Some(place) = queue.iter().position(|bell| Rc::ptr_eq(bell, &self.bell)) {
                queue.remove(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::pin::pin;

    #[test]
    fn the_rest_waits_in_order_but_for_the_urgent() {
        let gate = Gate::default();
        gate.set_limit(1);
        let first = gate.enter(false).now_or_never().expect("there is a place");
        let mut second = pin!(gate.enter(false));
        let mut urgent = pin!(gate.enter(true));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(urgent.as_mut().now_or_never().is_none());
        drop(first);
        assert!(second.as_mut().now_or_never().is_none());
        let permit = urgent.as_mut().now_or_never().expect("it goes first");
        drop(permit);
        assert!(second.as_mut().now_or_never().is_some());
        assert_eq!(gate.in_flight.get(), 0);
    }

    #[test]
    fn who_gives_up_takes_nobodys_place() {
        let gate = Gate::default();
        gate.set_limit(1);
        let permit = gate.enter(false).now_or_never().expect("there is a place");
        {
            let mut gives_up = Box::pin(gate.enter(false));
            let mut admitted = Box::pin(gate.enter(false));
            assert!(gives_up.as_mut().now_or_never().is_none());
            assert!(admitted.as_mut().now_or_never().is_none());
            drop(gives_up);
            drop(permit);
            assert_eq!(gate.in_flight.get(), 1, "admitted, and not polled since");
        }
        assert_eq!(gate.in_flight.get(), 0);
        assert!(gate.enter(false).now_or_never().is_some());
    }

    #[test]
    fn a_higher_limit_lets_the_waiting_in() {
        let gate = Gate::default();
        gate.set_limit(1);
        let _first = gate.enter(false).now_or_never().expect("there is a place");
        let mut second = pin!(gate.enter(false));
        assert!(second.as_mut().now_or_never().is_none());
        gate.set_limit(2);
        assert!(second.as_mut().now_or_never().is_some());
    }
}
