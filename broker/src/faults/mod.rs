//! A bad network: what goes wrong between a client and the broker, and how often.
//!
//! Pure: what befalls a request follows from the rates and a seed, so a run can be repeated. How a
//! connection is cut is [`http`](crate::http)'s business.

mod fault;
mod rates;
mod sampler;

pub use fault::Fault;
pub use rates::FaultRates;
pub use sampler::FaultSampler;
