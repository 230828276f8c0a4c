//! What the broker answers, and why.
//!
//! It does no I/O: the time comes with each call, and all randomness follows from one seed. So a
//! test can let a token expire or a day pass, and a run can be repeated.

mod account;
mod address;
mod algorithms;
mod api_key;
mod arguments;
mod call;
mod confusable_names;
mod content;
mod contract;
mod contract_parameter;
mod contract_template;
mod contract_text;
mod contracts;
mod delivery;
mod dispatch;
mod duration;
mod element;
mod encoded_size;
mod event_handlers;
mod files;
mod identity;
mod inbox;
mod information_query;
mod intelligence;
mod keys;
mod legal;
mod login_limiter;
mod markdown;
mod media_types;
mod memory_budget;
mod message;
mod mismatch;
mod nonces;
mod password;
mod personal_number;
mod presence;
mod private_xml;
mod profile;
mod received;
mod refusal;
mod registrations;
mod resources;
mod roster;
mod route;
mod signature;
mod stanza;
mod state;
mod subscription;
mod tabs;
#[cfg(test)]
pub(crate) mod testing;
mod tokens;
mod users;
mod values;
mod vault;
mod xml_as_json;

pub use account::{Account, demo_accounts};
pub use api_key::{ApiKey, demo_api_keys};
pub use arguments::{Arguments, MOST_ITEMS};
pub use call::{Call, Credentials};
pub use content::Content;
pub use dispatch::Request;
pub use login_limiter::{LoginLimits, Origin};
pub use message::{Message, StanzaType};
pub use profile::Mail;
pub use received::{Blob, Received, is_text_beside_body};
pub use refusal::{Challenge, Refusal};
pub use resources::resources;
pub use route::{Download, ResponseBody};
pub use state::{Broker, Seed, Setup};
pub use tabs::{Disconnected, Event, MAX_TAB_NAME_BYTES, TAB_TIMEOUT};
pub use tokens::Session;
pub use xml_as_json::to_json_answer;
