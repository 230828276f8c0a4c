//! Puts honest and hostile load on the broker: its memory must stay flat, and honest users must
//! hardly wait longer.
//!
//!     cargo bench -p broker --bench soak -- --seconds 300
//!
//! It needs Linux, where each loopback address can be connected from, and `/proc` shows the memory
//! of a process. For a fifth of the time there is honest load only; then the attacks are added. It
//! fails if the memory of the last quarter of the attacks is more than that of the second, or if
//! honest users wait more than three times as long.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that is run by hand")]

#[path = "../support/broker.rs"]
mod broker;
#[path = "../support/client.rs"]
mod client;
mod honest;
mod hostile;

use broker::Broker;
use clap::Parser;
use honest::{Log, Measured, percentile};
use std::fs;
use std::io::Result;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// By how much flat memory may differ, because the allocator keeps what it has.
const NOISE_KIB: u64 = 32 * 1024;

/// How much longer the slowest honest calls in a hundred may take, and a difference that is within
/// the noise of the machine.
const MOST_TIMES: u32 = 3;
const NOISE: Duration = Duration::from_millis(5);

/// Honest and hostile load for a local broker.
#[derive(Parser)]
struct Arguments {
    /// For how long, in seconds: from 20 to 3000
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(20..=3000))]
    seconds: u64,

    /// An attack to leave out, once for each: never-reads, half-open, slow-bodies, big-bodies,
    /// namespaces, wrong-logins, anonymous-tabs, large-messages
    #[arg(long, value_name = "ATTACK")]
    without: Vec<String>,

    /// Set by cargo for a benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

/// What was measured at the end of an interval.
struct Sample {
    memory_kib: u64,
    measured: Measured,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.bench {
        println!("This takes minutes: cargo bench -p broker --bench soak");
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match runtime.block_on(soak(&arguments)) {
        Ok(complaints) if complaints.is_empty() => ExitCode::SUCCESS,
        Ok(complaints) => {
            println!("{}", complaints.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("The run broke off: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn soak(arguments: &Arguments) -> Result<Vec<String>> {
    let broker = start_broker()?;
    let mut tasks = JoinSet::new();
    let log = honest::start(broker.address, &mut tasks).await?;
    println!(
        "{:>14} {:>8} {:>6} {:>7} {:>8} {:>9} {:>9}",
        "", "RSS MiB", "files", "calls", "failed", "p50 ms", "p99 ms"
    );
    let all = Duration::from_secs(arguments.seconds);
    let calm = watch(&broker, &log, "honest", all / 5).await?;
    hostile::start(broker.address, &arguments.without, &mut tasks);
    let attacked = watch(&broker, &log, "with attacks", all / 5 * 4).await?;
    tasks.shutdown().await;
    Ok(judge(calm, attacked))
}

/// Takes the samples of a phase, one after the other.
async fn watch(broker: &Broker, log: &Log, phase: &str, time: Duration) -> Result<Vec<Sample>> {
    const SAMPLES: u32 = 12;
    log.lock().unwrap().waits.clear();
    let mut samples = Vec::new();
    let start = Instant::now();
    for number in 1..=SAMPLES {
        sleep((time / SAMPLES * number).saturating_sub(start.elapsed())).await;
        let mut measured = std::mem::take(&mut *log.lock().unwrap());
        let memory_kib = broker.memory_kib()?;
        println!(
            "{phase:>14} {:>8} {:>6} {:>7} {:>8} {:>9.2} {:>9.2}",
            memory_kib / 1024,
            files(broker)?,
            measured.waits.len(),
            measured.failures,
            percentile(&mut measured.waits, 0.5).as_secs_f64() * 1000.0,
            percentile(&mut measured.waits, 0.99).as_secs_f64() * 1000.0
        );
        samples.push(Sample { memory_kib, measured });
    }
    Ok(samples)
}

/// What is not as it should be.
fn judge(calm: Vec<Sample>, attacked: Vec<Sample>) -> Vec<String> {
    let mut complaints = Vec::new();
    let quarter = attacked.len() / 4;
    let memory = |quarter_number: usize| {
        let samples = attacked.iter().skip(quarter_number * quarter).take(quarter);
        samples.map(|sample| sample.memory_kib).max().unwrap_or_default()
    };
    let (early, late) = (memory(1), memory(3));
    println!(
        "memory at most: {} MiB in the second quarter of the attacks, {} in the last",
        early / 1024,
        late / 1024
    );
    if late > early + early / 5 + NOISE_KIB {
        complaints.push("The memory is not flat.".into());
    }
    let all = || calm.iter().chain(&attacked).map(|sample| &sample.measured);
    let failures: usize = all().map(|measured| measured.failures).sum();
    if let Some(first) = all().find_map(|measured| measured.first_failure.as_ref()) {
        complaints.push(format!("{failures} honest calls failed, the first with: {first}"));
    }
    let (without, with) = (slowest(calm), slowest(attacked));
    println!("honest p99: {without:.2?} without the attacks, {with:.2?} with them");
    if with > without * MOST_TIMES && with > without + NOISE {
        complaints.push("Honest calls take too long.".into());
    }
    complaints
}

fn slowest(samples: Vec<Sample>) -> Duration {
    let mut waits: Vec<_> = samples.into_iter().flat_map(|sample| sample.measured.waits).collect();
    percentile(&mut waits, 0.99)
}

fn start_broker() -> Result<Broker> {
    let accounts = honest::USERS.into_iter().chain([hostile::ACCOUNT]);
    let second = format!("{0}2:{0}", hostile::ACCOUNT);
    Broker::start(accounts.map(|name| format!("{name}:{name}")).chain([second]), &[])
}

/// How many files and connections a broker has open.
fn files(broker: &Broker) -> Result<usize> {
    Ok(fs::read_dir(format!("/proc/{}/fd", broker.process.id()))?.count())
}
