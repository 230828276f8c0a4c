//! The command line.

use broker::core::{Account, ApiKey, LoginLimits};
use broker::faults::FaultRates;
use broker::http::HostAndPort;
use clap::Parser;
use std::env::current_dir;
use std::path::PathBuf;

/// What `--fault` takes.
const FAULTS: &str = "\
Faults, such as --fault latency=50..300,lost=0.05,status=503:0.1,seed=7
  A call meets at most one fault. P is its probability, from 0 to 1; their sum is at most 1.
  reset=P        the connection is reset before the broker gets the call
  status=CODE:P  refused with a status from 400 to 599 before the broker gets the call; once for
                 each status; 429 and 503 with Retry-After: 1
  lost=P         handled, then the connection is reset instead of a response
  hang=P         handled, but never answered
  truncate=P     handled, then the connection is reset in the middle of the response
  html=P         handled, but answered 200 with a page of HTML
  empty=P        handled, but answered 204
  wrong=P        handled, but answered 200 with JSON of another shape
  big=P          handled, but answered 200 with 9 MiB of spaces
  slow=P         handled, then answered at 2 seconds a byte
  These are not faults:
  latency=A..B   each call and each preflight is delayed by A to B milliseconds
  seed=N         repeats the faults of an earlier run, which printed its seed";

/// A local broker that speaks the Agent API, for development and tests. It keeps everything in
/// memory, so that all state is lost when it stops, unless --data names a file.
#[derive(Debug, Parser)]
#[command(version, after_help = FAULTS)]
pub struct Cli {
    /// The address to listen on; port 0 takes any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// Another host to answer for, once for each. The address listened on and the names of this
    /// machine (localhost, 127.0.0.1 and [::1], with the port) are always allowed
    #[arg(long = "host", value_name = "NAME[:PORT]")]
    pub hosts: Vec<HostAndPort>,

    /// Keep all state in this file, which is created if there is none. It holds passwords and keys
    /// in the clear, and belongs to one broker at a time
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,

    /// An account, once for each [default: alice and bob, unless --data has accounts already]
    #[arg(long = "account", value_name = "USER:PASSWORD[:LEGAL-ID]")]
    pub accounts: Vec<Account>,

    /// An API key with which programs may create accounts, once for each [default: demo-key, with
    /// the default accounts]
    #[arg(long = "api-key", value_name = "KEY:SECRET[:QUOTA]")]
    pub api_keys: Vec<ApiKey>,

    /// After how many failed logins an account is blocked for an address. After five times as many
    /// in all, the address is blocked. 0 to never block
    #[arg(long, value_name = "COUNT", default_value_t = LoginLimits::default().failures)]
    pub block_after: u32,

    /// How many seconds a block lasts
    #[arg(long, value_name = "SECONDS", default_value_t = LoginLimits::default().seconds)]
    pub block_seconds: u32,

    /// The domain of the accounts' addresses. It is a host to answer for only if --host says so
    #[arg(long, default_value = "localhost")]
    pub domain: String,

    /// Join the XMPP network as this component of an XMPP server (XEP-0114). It is the domain of the
    /// accounts' addresses. Needs a broker built with --features xmpp
    #[arg(
        long,
        value_name = "DOMAIN",
        conflicts_with = "domain",
        requires = "xmpp",
        requires = "secret_file"
    )]
    pub component: Option<String>,

    /// Where the XMPP server listens for components, such as 127.0.0.1:5347
    #[arg(long, value_name = "ADDRESS", requires = "component", value_parser = host_and_port)]
    pub xmpp: Option<String>,

    /// A file with the secret of the component
    #[arg(long, value_name = "FILE", requires = "component")]
    pub secret_file: Option<PathBuf>,

    /// The folder that holds www and pkg [default: the nearest one above the current folder]
    #[arg(long, value_name = "FOLDER")]
    pub root: Option<PathBuf>,

    /// Let pages of other origins read WWW-Authenticate, Retry-After and X-AlternativeName1 to 9
    #[arg(long)]
    pub expose_headers: bool,

    /// Listen on a second address too, where calls meet the faults listed below
    #[arg(long, value_name = "FAULTS")]
    pub fault: Option<FaultRates>,

    /// The second address
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", requires = "fault")]
    pub fault_listen: String,

    /// Log each request and each fault to standard error
    #[arg(long)]
    pub verbose: bool,
}

/// Checks an address to connect to. Without a port it would be tried again for ever.
fn host_and_port(text: &str) -> Result<String, &'static str> {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(text.into()),
        _ => Err("write host:port"),
    }
}

/// The nearest folder that holds `www`: the current one, or one above it.
pub fn default_root() -> PathBuf {
    let here = current_dir().unwrap_or_default();
    let root = here.ancestors().find(|folder| folder.join("www").is_dir());
    root.unwrap_or(&here).to_path_buf()
}
