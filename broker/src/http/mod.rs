//! The broker on a socket: what HTTP asks for around the [`core`](crate::core).

mod agent;
mod aside;
mod bad_network;
mod body;
mod client_stream;
mod clock;
mod connections;
mod cors;
mod cut;
mod door;
mod encoding;
mod forgery;
mod hosts;
mod json;
mod log;
mod media_type;
mod problem;
mod request_checks;
mod script;
mod server;
mod socket;
mod static_files;

pub use clock::unix_seconds;
pub use hosts::HostName;
pub use server::{Limits, Server, Settings};
