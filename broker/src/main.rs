//! `cargo run -p broker`: the command line of the broker.

mod cli;
mod console;
mod signals;
mod xmpp;

use broker::core::{Broker, LoginLimits, Seed, Setup, demo_accounts, demo_api_keys};
use broker::faults::FaultSampler;
use broker::http::{Limits, Server, Settings, unix_seconds};
use clap::Parser;
use cli::Cli;
use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

fn main() -> ExitCode {
    match start(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            console::error(&reason);
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<(), String> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(cant_start)?;
    runtime.block_on(serve(cli))
}

async fn serve(cli: Cli) -> Result<(), String> {
    let link = xmpp::Link::from_cli(&cli)?;
    let is_demo = cli.accounts.is_empty();
    let accounts = if is_demo { demo_accounts() } else { cli.accounts };
    let has_demo_key = cli.api_keys.is_empty() && is_demo;
    let api_keys = if has_demo_key { demo_api_keys() } else { cli.api_keys };
    let setup = Setup {
        domain: cli.component.unwrap_or(cli.domain),
        accounts: accounts.clone(),
        api_keys: api_keys.clone(),
        login_limits: LoginLimits { failures: cli.block_after, seconds: cli.block_seconds },
        is_linked: link.is_some(),
        now: unix_seconds(),
    };
    let broker = Broker::new(setup, seed()?)?;
    let introduction = [
        console::describe_accounts(&accounts, broker.domain(), is_demo),
        console::describe_api_keys(&api_keys, has_demo_key),
        console::describe_concentrator(broker.concentrator()),
    ]
    .concat();
    let listen = cli.listen;
    let settings = Settings {
        listen: listen.clone(),
        hosts: cli.hosts,
        root: cli.root.unwrap_or_else(cli::default_root),
        expose_headers: cli.expose_headers,
        verbose: cli.verbose,
        print_mail: console::print_mail,
        limits: Limits::default(),
    };
    let mut server =
        Server::bind(broker, settings).await.map_err(cant_listen("--listen", &listen))?;
    let mut faults = String::new();
    if let Some(mut rates) = cli.fault {
        rates.seed.get_or_insert(fault_seed()?);
        let listen = cli.fault_listen;
        server = server
            .with_faults(&listen, FaultSampler::new(rates.clone()))
            .await
            .map_err(cant_listen("--fault-listen", &listen))?;
        if let Some(address) = server.fault_address().map_err(cant_start)? {
            refuse_public_demo(is_demo, address)?;
            faults = format!("Faults at http://{address} ({rates})\n");
        }
    }
    let address = server.address().map_err(cant_start)?;
    refuse_public_demo(is_demo, address)?;
    let stop = signals::stop_signal().map_err(cant_start)?;
    console::print(&format!("Listening on http://{address}\n{faults}{introduction}"));
    match link {
        None => server.run(stop).await,
        Some(link) => link.during(server.broker(), server.run(stop)).await,
    }
    Ok(())
}

/// The passwords of the demo accounts are public.
fn refuse_public_demo(is_demo: bool, address: SocketAddr) -> Result<(), String> {
    if is_demo && !address.ip().is_loopback() {
        return Err("The demo accounts are for this machine only. To listen on other addresses, \
                    give accounts of your own with --account."
            .into());
    }
    Ok(())
}

fn cant_listen(option: &str, address: &str) -> impl Fn(io::Error) -> String {
    move |error| {
        format!(
            "The broker can't listen on {address}: {error}. Choose another address with {option}, \
             such as 127.0.0.1:0."
        )
    }
}

fn cant_start(error: io::Error) -> String {
    format!("The broker can't start: {error}.")
}

fn seed() -> Result<Seed, String> {
    let mut seed = Seed::default();
    getrandom::fill(&mut seed).map_err(no_randomness)?;
    Ok(seed)
}

/// Not a secret, and short enough to be typed.
fn fault_seed() -> Result<u64, String> {
    getrandom::u32().map(Into::into).map_err(no_randomness)
}

fn no_randomness(error: getrandom::Error) -> String {
    format!("The system has no source of randomness: {error}.")
}
