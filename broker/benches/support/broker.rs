//! A broker for a benchmark, in a process of its own.

use std::fs;
use std::io::{BufRead, BufReader, Error, Result};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// A broker that ends with the program.
pub struct Broker {
    pub process: Child,
    pub address: SocketAddr,
}

impl Broker {
    /// Starts a broker with accounts, each written `user:password`, and with more options.
    pub fn start(accounts: impl IntoIterator<Item = String>, options: &[String]) -> Result<Self> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_broker"))
            .args(["--listen", "127.0.0.1:0"])
            .args(["--root", concat!(env!("CARGO_MANIFEST_DIR"), "/..")])
            .args(accounts.into_iter().flat_map(|account| ["--account".into(), account]))
            .args(options)
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or_else(|| Error::other("no output"))?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().strip_prefix("Listening on http://").map(str::parse);
        let address = address.and_then(std::result::Result::ok);
        let mut broker = Self { process, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        broker.address = address.ok_or_else(|| Error::other(format!("it said {line:?}")))?;
        Ok(broker)
    }

    /// How much memory it takes.
    pub fn memory_kib(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        number.ok_or_else(|| Error::other("the broker has ended"))
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
