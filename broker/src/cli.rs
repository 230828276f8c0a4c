//! The command line.

use broker::core::{Account, ApiKey, LoginLimits};
use broker::faults::FaultRates;
use broker::http::HostAndPort;
use clap::Parser;
use std::env::current_dir;
use std::path::PathBuf;

/// What `--fault` takes.
const FAULTS: &str = "\
Faults, as in --fault latency=50..300,lost=0.05,status=503:0.1,seed=7
  A call meets one at most. P is how probable it is, from 0 to 1; all together are 1 at most.
  reset=P        the connection is cut before the broker gets the call
  status=CODE:P  refused with a status from 400 to 599 before the broker gets the call; once for
                 each status; 429 and 503 with Retry-After: 1
  lost=P         handled, then the connection is cut without an answer
  hang=P         handled, but never answered
  truncate=P     handled, then the connection is cut in the middle of the answer
  html=P         handled, but answered 200 with a page of HTML
  empty=P        handled, but answered 204
  wrong=P        handled, but answered 200 with JSON of another shape
  big=P          handled, but answered 200 with 9 MiB of blanks
  slow=P         handled, then answered at 2 seconds a byte
  Besides, not a fault:
  latency=A..B   each call and each preflight is late by A to B milliseconds
  seed=N         the faults of another run once more; it said its seed";

/// A local broker that speaks the Agent API, for development and tests. It keeps everything in
/// memory: all is new at each start.
#[derive(Debug, Parser)]
#[command(version, after_help = FAULTS)]
pub struct Cli {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// A host name to answer for, once for each, beside the address listened on and those of this
    /// machine: localhost, 127.0.0.1 and [::1], with the port
    #[arg(long = "host", value_name = "NAME[:PORT]")]
    pub hosts: Vec<HostAndPort>,

    /// An account, once for each; without any there are alice and bob
    #[arg(long = "account", value_name = "USER:PASSWORD[:LEGAL-ID]")]
    pub accounts: Vec<Account>,

    /// A key with which programs may make accounts, once for each; without any and without
    /// accounts there is demo-key
    #[arg(long = "api-key", value_name = "KEY:SECRET[:QUOTA]")]
    pub api_keys: Vec<ApiKey>,

    /// After how many failed logins an account is blocked for an address, and after five times as
    /// many in all the address; 0 for never
    #[arg(long, value_name = "COUNT", default_value_t = LoginLimits::default().failures)]
    pub block_after: u32,

    /// For how long it is blocked, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = LoginLimits::default().seconds)]
    pub block_seconds: u32,

    /// The domain of the accounts' addresses; not a host name unless --host says so
    #[arg(long, default_value = "localhost")]
    pub domain: String,

    /// The folder that holds www and pkg [default: the nearest one upwards from here]
    #[arg(long, value_name = "FOLDER")]
    pub root: Option<PathBuf>,

    /// Let pages of other origins read WWW-Authenticate, Retry-After and X-AlternativeName1 to 9
    #[arg(long)]
    pub expose_headers: bool,

    /// Serve the broker on a second address too, where calls fail as told below
    #[arg(long, value_name = "FAULTS")]
    pub fault: Option<FaultRates>,

    /// The second address
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", requires = "fault")]
    pub fault_listen: String,

    /// Write a line to standard error for each request and each fault
    #[arg(long)]
    pub verbose: bool,
}

/// The nearest folder upwards from the current one that holds `www`.
pub fn default_root() -> PathBuf {
    let here = current_dir().unwrap_or_default();
    let root = here.ancestors().find(|folder| folder.join("www").is_dir());
    root.unwrap_or(&here).to_path_buf()
}
