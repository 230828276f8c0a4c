//! The broker on a socket: what HTTP asks for around the [`core`](crate::core).

mod agent;
mod body;
mod clock;
mod cors;
mod encoding;
mod log;
mod media_type;
mod problem;
mod server;
mod socket;
mod static_files;

pub use clock::unix_seconds;
pub use server::{Limits, Server, Settings};
