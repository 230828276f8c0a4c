//! How the broker is served: addresses, files and limits.

use super::allowed_hosts::HostAndPort;
use super::connections::max_connections;
use crate::core::TAB_TIMEOUT;
use std::path::PathBuf;
use std::time::Duration;

/// How the broker is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address to listen on, such as `127.0.0.1:8080`; port 0 takes any free port.
    pub listen: String,
    /// More hosts to answer for. The address listened on and the names of this machine
    /// (`localhost`, `127.0.0.1` and `[::1]`, with the port) are always allowed.
    pub hosts: Vec<HostAndPort>,
    /// The folder that holds `www` and `pkg`.
    pub root: PathBuf,
    /// Whether a page of another origin may read the response headers that are hidden by default.
    pub expose_headers: bool,
    /// Whether each request is logged to standard error.
    pub verbose: bool,
    /// Prints mail that the broker can't send, such as a verification code.
    pub print_mail: fn(&str),
    /// Timeouts, and how many connections there may be.
    pub limits: Limits,
}

/// Timeouts, and how many connections there may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request; also how long a connection may be idle.
    pub head: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// For a client to read 64 KiB of a response or of an event, or what is left of it.
    pub write: Duration,
    /// Between two frames of a tab.
    pub tab: Duration,
    /// For the requests in progress when the broker is told to stop.
    pub stop: Duration,
    /// How many connections may be open at the same time, WebSockets included. One address may have
    /// three quarters of them.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            write: Duration::from_secs(10),
            tab: Duration::from_secs(TAB_TIMEOUT.unsigned_abs()),
            stop: Duration::from_secs(5),
            connections: max_connections(),
        }
    }
}
