//! Values by their numbers.

use std::cell::RefCell;
use std::rc::Rc;

/// Values by their numbers, which are used again. It is never dropped, so that a thread-local needs no code for
/// that: use it as `ManuallyDrop`.
pub(super) struct Slots<T>(RefCell<Vec<Option<Rc<T>>>>);

impl<T> Slots<T> {
    pub(super) const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// Keeps a value, and gives its number.
    pub(super) fn add(&self, value: Rc<T>) -> usize {
        let mut slots = self.0.borrow_mut();
        let number = slots.iter().position(Option::is_none).unwrap_or(slots.len());
        match slots.get_mut(number) {
            Some(slot) => *slot = Some(value),
            None => slots.push(Some(value)),
        }
        number
    }

    pub(super) fn get(&self, number: usize) -> Option<Rc<T>> {
        self.0.borrow().get(number)?.clone()
    }

    pub(super) fn remove(&self, number: usize) -> Option<Rc<T>> {
        self.0.borrow_mut().get_mut(number)?.take()
    }

    /// Whether all values are such.
    pub(super) fn all(&self, is_such: fn(&T) -> bool) -> bool {
        self.0.borrow().iter().flatten().all(|value| is_such(value))
    }
}
