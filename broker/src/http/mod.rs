//! The HTTP server around the [`core`](crate::core).

mod agent;
mod allowed_hosts;
mod body;
mod broker_handle;
mod broker_service;
mod client_stream;
mod clock;
mod connection_reset;
mod connections;
#[cfg(test)]
mod declarations;
mod event_socket;
mod fake_response;
mod fault_injector;
mod listener;
mod log;
mod offload;
mod request_checks;
mod scripted_body;
mod server;
mod settings;
mod state;
mod static_files;

pub use allowed_hosts::HostAndPort;
pub use broker_handle::BrokerHandle;
pub use clock::unix_seconds;
pub use server::Server;
pub use settings::{Limits, Settings};
