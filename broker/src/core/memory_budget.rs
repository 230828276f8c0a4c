//! How much things take, and how much they may: in memory, and in an answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much all accounts together may have the broker keep, in bytes.
const MOST_IN_ALL: usize = 512 * 1024 * 1024;

/// What all accounts together have the broker keep.
#[derive(Clone, Default)]
pub(super) struct Total(Arc<AtomicUsize>);

/// What one account may have the broker keep of one kind, as part of the [`Total`].
pub(super) struct Allowance {
    used: usize,
    most: usize,
    total: Total,
}

/// There is no room for more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Allowance {
    /// Nothing yet, of so many bytes.
    pub(super) fn new(most: usize, total: &Total) -> Self {
        Self { used: 0, most, total: total.clone() }
    }

    /// Whether something of that weight may be added.
    pub(super) fn has_room(&self, weight: usize) -> bool {
        let in_all = self.total.0.load(Ordering::Relaxed);
        self.used + weight <= self.most && in_all + weight <= MOST_IN_ALL
    }

    /// Takes room for something.
    pub(super) fn take(&mut self, weight: usize) -> Result<(), Full> {
        self.exchange(0, weight)
    }

    /// Takes room for something in the place of something else.
    pub(super) fn exchange(&mut self, old: usize, new: usize) -> Result<(), Full> {
        if new > old && !self.has_room(new - old) {
            return Err(Full);
        }
        self.give_back(old);
        self.used += new;
        self.total.0.fetch_add(new, Ordering::Relaxed);
        Ok(())
    }

    /// Gives room back.
    pub(super) fn give_back(&mut self, weight: usize) {
        self.used -= weight;
        self.total.0.fetch_sub(weight, Ordering::Relaxed);
    }

    #[cfg(test)]
    pub(super) fn used(&self) -> usize {
        self.used
    }
}

/// The length of a text inside a JSON string, in bytes.
pub(super) fn in_json(text: &str) -> usize {
    let length = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0C => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(length).sum()
}

/// The greatest length of a text inside an XML attribute, however it is escaped, in bytes.
pub(super) fn in_xml(text: &str) -> usize {
    let length = |byte| match byte {
        b'"' | b'\'' => 6,
        b'&' | b'<' | b'>' | b'\n' | b'\r' | b'\t' => 5,
        _ => 1,
    };
    text.bytes().map(length).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::syntax::xml::escape;
    use proptest::prelude::*;

    #[test]
    fn one_account_takes_no_more_than_its_part() {
        let total = Total::default();
        let mut allowance = Allowance::new(10, &total);
        assert_eq!(allowance.take(6), Ok(()));
        assert_eq!(allowance.take(5), Err(Full));
        assert_eq!(allowance.exchange(6, 11), Err(Full));
        assert_eq!(allowance.exchange(6, 10), Ok(()));
        allowance.give_back(4);
        assert_eq!((allowance.used(), total.0.load(Ordering::Relaxed)), (6, 6));
    }

    #[test]
    fn all_accounts_together_take_no_more_than_there_is() {
        let total = Total::default();
        let mut most = Allowance::new(MOST_IN_ALL, &total);
        let mut other = Allowance::new(MOST_IN_ALL, &total);
        assert_eq!(most.take(MOST_IN_ALL - 1), Ok(()));
        assert_eq!(other.take(2), Err(Full));
        assert_eq!(other.take(1), Ok(()));
        most.give_back(1);
        assert!(other.has_room(1));
    }

    proptest! {
        #[test]
        fn lengths_are_those_that_are_written(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(in_json(&text), json.len() - 2);
            prop_assert!(in_xml(&text) >= escape(&text).len());
        }
    }
}
