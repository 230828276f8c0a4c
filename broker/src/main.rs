//! `cargo run -p broker`: the command line of the broker.

mod cli;
mod console;
mod data;
mod signals;
mod xmpp;

use broker::core::{Account, Broker, LoginLimits, Seed, Setup, demo_accounts, demo_api_keys};
use broker::faults::FaultSampler;
use broker::http::{Limits, Server, Settings, unix_seconds};
use clap::Parser;
use cli::Cli;
use data::Data;
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
    let data = cli.data.as_deref().map(data::open).transpose()?;
    let is_new = data.as_ref().is_none_or(Data::is_new);
    let (mut accounts, mut api_keys) = (cli.accounts, cli.api_keys);
    let are_given = !accounts.is_empty();
    if is_new && !are_given {
        accounts = demo_accounts();
    }
    let setup = Setup {
        domain: cli.component.unwrap_or(cli.domain),
        accounts: accounts.clone(),
        api_keys: api_keys.clone(),
        login_limits: LoginLimits { failures: cli.block_after, seconds: cli.block_seconds },
        is_linked: link.is_some(),
        now: unix_seconds(),
    };
    let (mut broker, journal) = match data {
        None => (Broker::new(setup, seed()?)?, None),
        Some(data) => {
            data.start(setup, seed()?).map(|(broker, journal)| (broker, Some(journal)))?
        }
    };
    // Those of an earlier run too: their passwords are public.
    let is_given = |demo: &Account| {
        are_given && accounts.iter().any(|given| given.user_name == demo.user_name)
    };
    let demo = demo_accounts().into_iter().filter(|demo| !is_given(demo) && broker.has(demo));
    let demo: Vec<_> = demo.collect();
    let is_demo = !demo.is_empty();
    if !are_given {
        accounts = demo;
    }
    let has_demo_key = is_demo && !are_given && api_keys.is_empty();
    if has_demo_key {
        api_keys = demo_api_keys();
        api_keys.iter().try_for_each(|api_key| broker.add_api_key(api_key.clone()))?;
    }
    let introduction = [
        console::describe_accounts(&accounts, broker.domain(), !are_given),
        console::describe_api_keys(&api_keys, has_demo_key),
        console::describe_concentrator(broker.concentrator()),
        console::describe_state(cli.data.as_deref(), broker.account_count()),
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
    if let Some(journal) = journal {
        server = server.keeping_state_in(journal);
    }
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
    let broker = server.broker();
    match link {
        None => server.run(stop).await,
        Some(link) => link.during(broker.clone(), server.run(stop)).await,
    }
    broker.finish();
    Ok(())
}

/// The passwords of the demo accounts are public.
fn refuse_public_demo(is_demo: bool, address: SocketAddr) -> Result<(), String> {
    if is_demo && !address.ip().is_loopback() {
        return Err("The demo accounts are for this machine only. To listen on other addresses, \
                    give accounts of your own with --account, or other passwords to alice and bob \
                    if they are in the file of --data."
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
