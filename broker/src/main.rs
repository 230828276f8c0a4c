//! `cargo run -p broker`: the broker from the command line.

mod arguments;
mod console;
mod signals;

use arguments::Arguments;
use broker::core::{Broker, Patience, Seed, Setup, demo_accounts, demo_api_keys};
use broker::http::{Limits, Server, Settings, unix_seconds};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match start(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            console::error(&reason);
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> Result<(), String> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(cant_start)?;
    runtime.block_on(serve(arguments))
}

async fn serve(arguments: Arguments) -> Result<(), String> {
    let is_demo = arguments.accounts.is_empty();
    let accounts = if is_demo { demo_accounts() } else { arguments.accounts };
    let has_demo_key = arguments.api_keys.is_empty() && is_demo;
    let api_keys = if has_demo_key { demo_api_keys() } else { arguments.api_keys };
    let setup = Setup {
        domain: arguments.domain,
        accounts: accounts.clone(),
        api_keys: api_keys.clone(),
        patience: Patience { failures: arguments.block_after, seconds: arguments.block_seconds },
        now: unix_seconds(),
    };
    let broker = Broker::new(setup, seed()?)?;
    let introduction = [
        console::introduce(&accounts, broker.domain(), is_demo),
        console::introduce_keys(&api_keys, has_demo_key),
    ]
    .concat();
    let listen = arguments.listen;
    let settings = Settings {
        listen: listen.clone(),
        root: arguments.root.unwrap_or_else(arguments::default_root),
        expose_headers: arguments.expose_headers,
        verbose: arguments.verbose,
        say: console::note,
        limits: Limits::default(),
    };
    let cant_listen = |error| {
        format!(
            "The broker can't listen on {listen}: {error}. Choose another address with --listen, \
             as 127.0.0.1:0."
        )
    };
    let server = Server::bind(broker, settings).await.map_err(cant_listen)?;
    let address = server.address().map_err(cant_listen)?;
    // Everybody knows the passwords of the demo.
    if is_demo && !address.ip().is_loopback() {
        return Err("The demo accounts are for this machine only. To listen on other addresses, \
                    give accounts of your own with --account."
            .into());
    }
    let stop = signals::told_to_stop().map_err(cant_start)?;
    console::say(&format!("Listening on http://{address}\n{introduction}"));
    server.run(stop).await;
    Ok(())
}

fn cant_start(error: std::io::Error) -> String {
    format!("The broker can't start: {error}.")
}

fn seed() -> Result<Seed, String> {
    let mut seed = Seed::default();
    getrandom::fill(&mut seed).map_err(|error| format!("There is no randomness: {error}."))?;
    Ok(seed)
}
