//! Measures how the broker bears many accounts: mixed calls of 5,000 of them, over 64 connections.
//!
//!     cargo bench -p broker --bench load --features xmpp,sqlite -- --seconds 20
//!
//! Each way to run the broker is measured in the same run, so that the ratios hold on a busy
//! machine where the times don't: in memory, with its state in a file, and linked to an XMPP server
//! that the program plays itself. At the end 1,000 connections are opened at once, none of which may be refused. It needs
//! Linux, where `/proc` shows the memory of a process.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that is run by hand")]

#[path = "../support/broker.rs"]
mod broker;
#[path = "../support/client.rs"]
mod client;
mod xmpp_server;

use broker::Broker;
use clap::Parser;
use client::{connect, exchange, json, log_in};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::fs;
use std::io::Result;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use xmpp_server::XmppServer;

const ACCOUNTS: usize = 5_000;
const WORKERS: u64 = 64;
const CONNECTIONS: usize = 1_000;

/// Mixed load for a local broker.
#[derive(Parser)]
struct Arguments {
    /// For how long each way is measured, in seconds
    #[arg(long, default_value_t = 20)]
    seconds: u64,

    /// Set by cargo for a benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

/// A way to run the broker.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    InMemory,
    InFile,
    Linked,
}

/// What was measured.
struct Measured {
    calls_per_second: usize,
    p50: Duration,
    p99: Duration,
    memory_kib: u64,
    failures: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.bench {
        println!("This takes minutes: cargo bench -p broker --bench load");
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match runtime.block_on(measure_all(Duration::from_secs(arguments.seconds))) {
        Ok(failures) if failures.is_empty() => ExitCode::SUCCESS,
        Ok(failures) => {
            println!("{} calls failed, the first with: {}", failures.len(), failures.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("The run broke off: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure_all(time: Duration) -> Result<Vec<String>> {
    println!("| | calls a second | p50 (ms) | p99 (ms) | memory (MiB) |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let mut failures = Vec::new();
    for (name, way, is_built) in [
        ("in memory", Way::InMemory, true),
        ("with `--data`", Way::InFile, cfg!(feature = "sqlite")),
        ("linked", Way::Linked, cfg!(feature = "xmpp")),
    ] {
        if !is_built {
            continue;
        }
        let Measured { calls_per_second, p50, p99, memory_kib, failures: failed } =
            measure(way, time).await?;
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "| {name} | {calls_per_second} | {:.2} | {:.2} | {} |",
            milliseconds(p50),
            milliseconds(p99),
            memory_kib / 1024
        );
        failures.extend(failed);
    }
    Ok(failures)
}

async fn measure(way: Way, time: Duration) -> Result<Measured> {
    let folder = Folder::new()?;
    let server = match way {
        Way::InMemory | Way::InFile => None,
        Way::Linked => Some(XmppServer::start(&folder.0).await?),
    };
    let options = match (&server, way) {
        (Some(server), _) => server.options().to_vec(),
        (None, Way::InFile) => vec!["--data".into(), folder.0.join("state").display().to_string()],
        (None, _) => Vec::new(),
    };
    let broker =
        Broker::start((0..ACCOUNTS).map(|number| format!("u{number}:u{number}")), &options)?;
    let tokens: Arc<[String]> = log_in_all(broker.address).await?.into();
    let end = Instant::now() + time;
    let mut workers = JoinSet::new();
    for seed in 0..WORKERS {
        workers.spawn(work(broker.address, tokens.clone(), way, seed, end));
    }
    let (mut waits, mut failures) = (Vec::new(), Vec::new());
    for (of_worker, failed) in workers.join_all().await {
        waits.extend(of_worker);
        failures.extend(failed);
    }
    let memory_kib = broker.memory_kib()?;
    failures.extend(open_connections(broker.address, &tokens).await);
    waits.sort_unstable();
    let at = |share: usize| waits.get(waits.len() * share / 100).copied().unwrap_or_default();
    let seconds = usize::try_from(time.as_secs()).unwrap().max(1);
    Ok(Measured {
        calls_per_second: waits.len() / seconds,
        p50: at(50),
        p99: at(99),
        memory_kib,
        failures,
    })
}

/// Logs all accounts in.
async fn log_in_all(broker: SocketAddr) -> Result<Vec<String>> {
    let mut tokens = Vec::with_capacity(ACCOUNTS);
    for number in 0..ACCOUNTS {
        let name = format!("u{number}");
        tokens.push(log_in(broker, Ipv4Addr::LOCALHOST, &name, &name).await?);
    }
    Ok(tokens)
}

/// Calls for as long as there is time. Returns how long each call took, and what failed.
async fn work(
    broker: SocketAddr,
    tokens: Arc<[String]>,
    way: Way,
    seed: u64,
    end: Instant,
) -> (Vec<Duration>, Vec<String>) {
    let mut random = StdRng::seed_from_u64(seed);
    let (mut waits, mut failures) = (Vec::new(), Vec::new());
    let mut stream = connect(broker, Ipv4Addr::LOCALHOST).await.unwrap();
    while Instant::now() < end {
        let caller = random.random_range(0..ACCOUNTS);
        let (resource, body) = call(&mut random, caller, way);
        let token = tokens.get(caller).map(String::as_str).unwrap_or_default();
        let start = Instant::now();
        match exchange(&mut stream, &json(broker, resource, token, &body)).await {
            Ok((200, _)) => waits.push(start.elapsed()),
            Ok((status, body)) => failures.push(format!("{resource}: {status} {body}")),
            Err(error) => {
                failures.push(format!("{resource}: {error}"));
                return (waits, failures);
            }
        }
    }
    (waits, failures)
}

/// A call of the mix: half of the calls change something.
fn call(random: &mut StdRng, caller: usize, way: Way) -> (&'static str, String) {
    // Any account but the caller's own.
    let number = (caller + random.random_range(1..ACCOUNTS)) % ACCOUNTS;
    let to = match way {
        Way::Linked => format!("c{number}@other.example"),
        Way::InMemory | Way::InFile => format!("u{number}@localhost"),
    };
    match random.random_range(0..10) {
        0..=3 => ("Xmpp/SendTextMessage", format!(r#"{{"to":"{to}","message":"How are you?"}}"#)),
        4 => ("Xmpp/SendPresenceSubscription", format!(r#"{{"to":"{to}"}}"#)),
        5..=6 => ("Xmpp/PopMessages", r#"{"maxCount":10}"#.into()),
        7..=8 => ("Xmpp/GetRoster", "{}".into()),
        _ => ("Account/Info", "{}".into()),
    }
}

/// Opens many connections, and calls over each while all are open. Returns what failed.
async fn open_connections(broker: SocketAddr, tokens: &[String]) -> Vec<String> {
    let (mut streams, mut failures) = (Vec::new(), Vec::new());
    for _ in 0..CONNECTIONS {
        match connect(broker, Ipv4Addr::LOCALHOST).await {
            Ok(stream) => streams.push(stream),
            Err(error) => failures.push(format!("a connection: {error}")),
        }
    }
    for (stream, token) in streams.iter_mut().zip(tokens) {
        match exchange(stream, &json(broker, "Xmpp/GetRoster", token, "{}")).await {
            Ok((200, _)) => {}
            Ok((status, _)) => failures.push(format!("over one of {CONNECTIONS}: {status}")),
            Err(error) => failures.push(format!("over one of {CONNECTIONS}: {error}")),
        }
    }
    failures
}

/// A temporary folder.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("load-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
