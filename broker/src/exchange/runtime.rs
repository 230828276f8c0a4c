//! What an exchange needs from the program that it runs in.

use crate::core::{Broker, Mail, Refusal};
use neuron_agent_api::wire::Value;

/// The program that an exchange runs in: it has the broker, a clock, and a place for long work.
pub trait Runtime: Sync {
    /// The time of day, in Unix seconds.
    fn now(&self) -> i64;

    /// Does some work with the broker, which nobody else has meanwhile, and waits until all is saved
    /// that the work has changed, or may have seen.
    ///
    /// # Errors
    /// If the state can't be saved.
    fn with_broker<T: Send>(
        &self,
        work: impl FnOnce(&mut Broker) -> T + Send,
    ) -> impl Future<Output = Result<T, Refusal>> + Send;

    /// Does work on data of that length, in bytes, so that it delays no other exchange.
    ///
    /// # Errors
    /// That of the work, and 500 if it panicked.
    fn run<T: Send + 'static>(
        &self,
        length: usize,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> impl Future<Output = Result<T, Refusal>> + Send;

    /// The result of a query, when another domain has answered it, or when its time is over.
    ///
    /// # Errors
    /// If the query is gone.
    fn result_of(&self, query: &str) -> impl Future<Output = Result<Value, Refusal>> + Send;

    /// Hands over mail that the broker can't send.
    fn hand_over(&self, mail: Mail);
}
