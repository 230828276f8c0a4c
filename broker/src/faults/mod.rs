//! Fault injection: which faults a client meets, and how often.
//!
//! It does no I/O: the fault of a request follows from the rates and a seed, so a run can be
//! repeated. [`http`](crate::http) injects the faults.

mod fault;
mod rates;
mod sampler;

pub use fault::Fault;
pub use rates::FaultRates;
pub use sampler::FaultSampler;
