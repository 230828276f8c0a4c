//! What the broker answers, and why.
//!
//! Pure: the time comes with each call, and all randomness follows from one seed. So a test can
//! let a token expire or a day pass, and a run can be repeated.

mod account;
mod address;
mod api_key;
mod arguments;
mod audit;
mod broker;
mod content;
mod delivery;
mod handlers;
mod inbox;
mod markdown;
mod members;
mod message;
mod names;
mod nonces;
mod password;
mod presence;
mod profile;
mod query;
mod refusal;
mod registrations;
mod resources;
mod roster;
mod shown;
mod signature;
mod stanza;
mod subscription;
mod tabs;
#[cfg(test)]
pub(crate) mod testing;
mod tokens;
mod weight;

pub use account::{Account, demo_accounts};
pub use api_key::{ApiKey, demo_api_keys};
pub use arguments::{Arguments, MOST_ITEMS};
pub use audit::{Page, Patience};
pub use broker::{Broker, Call, Credentials, Seed, Setup};
pub use content::Content;
pub use message::{Kind, Message};
pub use profile::Letter;
pub use refusal::{Challenge, Refusal};
pub use resources::Request;
pub use shown::in_json_answer;
pub use tabs::{Disconnected, Event, LONGEST_TAB_NAME, TAB_LIFE};
pub use tokens::Session;
