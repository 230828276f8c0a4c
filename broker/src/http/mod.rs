//! The broker on a socket: what HTTP asks for around the [`core`](crate::core).

mod agent;
mod body;
mod cors;
mod log;
mod media_type;
mod problem;
mod server;
mod static_files;

pub use server::{Limits, Server, Settings};
