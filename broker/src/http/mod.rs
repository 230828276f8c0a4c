//! The broker on a socket: what HTTP asks for around the [`core`](crate::core).

mod agent;
mod aside;
mod bad_network;
mod body;
mod clock;
mod cors;
mod cut;
mod door;
mod encoding;
mod forgery;
mod json;
mod log;
mod media_type;
mod problem;
mod script;
mod server;
mod socket;
mod static_files;

pub use clock::unix_seconds;
pub use server::{Limits, Server, Settings};
