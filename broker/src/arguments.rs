//! The command line.

use broker::core::{Account, ApiKey, Patience};
use clap::Parser;
use std::env::current_dir;
use std::path::PathBuf;

/// A local broker that speaks the Agent API, for development and tests. It keeps everything in
/// memory: all is new at each start.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// An account, once for each; without any there are alice and bob
    #[arg(long = "account", value_name = "USER:PASSWORD[:LEGAL-ID]")]
    pub accounts: Vec<Account>,

    /// A key with which programs may make accounts, once for each; without any and without
    /// accounts there is demo-key
    #[arg(long = "api-key", value_name = "KEY:SECRET[:QUOTA]")]
    pub api_keys: Vec<ApiKey>,

    /// After how many failed logins in a row an address is blocked; 0 for never
    #[arg(long, value_name = "COUNT", default_value_t = Patience::default().failures)]
    pub block_after: u32,

    /// For how long it is blocked, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = Patience::default().seconds)]
    pub block_seconds: u32,

    /// The domain of the accounts' addresses
    #[arg(long, default_value = "localhost")]
    pub domain: String,

    /// The folder that holds www and pkg [default: the nearest one upwards from here]
    #[arg(long, value_name = "FOLDER")]
    pub root: Option<PathBuf>,

    /// Let pages of other origins read WWW-Authenticate, Retry-After and X-AlternativeName1 to 9
    #[arg(long)]
    pub expose_headers: bool,

    /// Write a line to standard error for each request
    #[arg(long)]
    pub verbose: bool,
}

/// The nearest folder upwards from the current one that holds `www`.
pub fn default_root() -> PathBuf {
    let here = current_dir().unwrap_or_default();
    let root = here.ancestors().find(|folder| folder.join("www").is_dir());
    root.unwrap_or(&here).to_path_buf()
}
