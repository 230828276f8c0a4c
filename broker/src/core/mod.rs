//! What the broker answers, and why.
//!
//! Pure: the time comes with each call, and all randomness follows from one seed. So a test can
//! let a token expire or a day pass, and a run can be repeated.

mod account;
mod address;
mod arguments;
mod broker;
mod content;
mod nonces;
mod presence;
mod refusal;
mod resources;
mod roster;
mod signature;
mod subscription;
#[cfg(test)]
mod testing;
mod tokens;

pub use account::{Account, demo_accounts};
pub use broker::{Broker, Call, Seed};
pub use content::Content;
pub use refusal::{Challenge, Refusal};
pub use roster::SubscriptionRequest;
pub use tokens::Session;
