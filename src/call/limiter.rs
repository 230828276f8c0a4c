//! Limits how many requests are in flight. Browsers give a host six connections over HTTP/1.1;
//! thousands of requests at once would all miss their deadlines and look like an attack.

use crate::futures::once_event::OnceEvent;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Enough for a page that loads everything at once, and easy on an HTTP/2 broker.
pub const DEFAULT_MAX_IN_FLIGHT: u32 = 32;

/// Grants permits up to a limit, and queues the rest in the order of their arrival.
pub(crate) struct RequestLimiter {
    limit: Cell<u32>,
    in_flight: Cell<u32>,
    queue: RefCell<Vec<Rc<OnceEvent>>>,
}

impl Default for RequestLimiter {
    fn default() -> Self {
        Self {
            limit: Cell::new(DEFAULT_MAX_IN_FLIGHT),
            in_flight: Cell::new(0),
            queue: RefCell::default(),
        }
    }
}

impl RequestLimiter {
    pub(crate) fn set_limit(&self, limit: u32) {
        self.limit.set(limit);
        self.grant_permits();
    }

    /// Waits for a permit. An urgent request goes before all others in the queue.
    pub(crate) async fn acquire(&self, urgent: bool) -> Permit<'_> {
        let permit = Permit { limiter: self, granted: Rc::default() };
        {
            let mut queue = self.queue.borrow_mut();
            let place = if urgent { 0 } else { queue.len() };
            queue.insert(place, Rc::clone(&permit.granted));
        }
        self.grant_permits();
        permit.granted.wait().await;
        permit
    }

    fn grant_permits(&self) {
        while self.in_flight.get() < self.limit.get() {
            let mut queue = self.queue.borrow_mut();
            if queue.is_empty() {
                return;
            }
            let next = queue.remove(0);
            drop(queue);
            self.in_flight.set(self.in_flight.get() + 1);
            next.set();
        }
    }
}

/// The right to have a request in flight, or a place in the queue for it; given back when it is dropped.
pub(crate) struct Permit<'a> {
    limiter: &'a RequestLimiter,
    granted: Rc<OnceEvent>,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let limiter = self.limiter;
        if self.granted.is_set() {
            limiter.in_flight.set(limiter.in_flight.get().saturating_sub(1));
            limiter.grant_permits();
        } else {
            let mut queue = limiter.queue.borrow_mut();
            if let Some(place) = queue.iter().position(|other| Rc::ptr_eq(other, &self.granted)) {
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
        let limiter = RequestLimiter::default();
        limiter.set_limit(1);
        let first = limiter.acquire(false).now_or_never().expect("it is available");
        let mut second = pin!(limiter.acquire(false));
        let mut urgent = pin!(limiter.acquire(true));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(urgent.as_mut().now_or_never().is_none());
        drop(first);
        assert!(second.as_mut().now_or_never().is_none());
        let permit = urgent.as_mut().now_or_never().expect("it goes first");
        drop(permit);
        assert!(second.as_mut().now_or_never().is_some());
        assert_eq!(limiter.in_flight.get(), 0);
    }

    #[test]
    fn a_dropped_waiter_keeps_no_permit() {
        let limiter = RequestLimiter::default();
        limiter.set_limit(1);
        let permit = limiter.acquire(false).now_or_never().expect("it is available");
        {
            let mut dropped = Box::pin(limiter.acquire(false));
            let mut granted = Box::pin(limiter.acquire(false));
            assert!(dropped.as_mut().now_or_never().is_none());
            assert!(granted.as_mut().now_or_never().is_none());
            drop(dropped);
            drop(permit);
            assert_eq!(limiter.in_flight.get(), 1, "granted, and not polled since");
        }
        assert_eq!(limiter.in_flight.get(), 0);
        assert!(limiter.acquire(false).now_or_never().is_some());
    }

    #[test]
    fn a_higher_limit_lets_the_waiting_in() {
        let limiter = RequestLimiter::default();
        limiter.set_limit(1);
        let _first = limiter.acquire(false).now_or_never().expect("it is available");
        let mut second = pin!(limiter.acquire(false));
        assert!(second.as_mut().now_or_never().is_none());
        limiter.set_limit(2);
        assert!(second.as_mut().now_or_never().is_some());
    }
}
