//! The link to an XMPP server, from the command line.

#[cfg(feature = "xmpp")]
pub use linked::Link;
#[cfg(not(feature = "xmpp"))]
pub use unlinked::Link;

#[cfg(feature = "xmpp")]
mod linked {
    use crate::cli::Cli;
    use crate::console;
    use broker::http::BrokerHandle;
    use broker::link::{self, LinkSettings};
    use std::fs::read_to_string;
    use tokio::sync::oneshot;

    /// The link that the command line asks for.
    pub struct Link(LinkSettings);

    impl Link {
        /// `None` if the broker is to stay by itself.
        ///
        /// # Errors
        /// If the secret can't be read.
        pub fn from_cli(cli: &Cli) -> Result<Option<Self>, String> {
            // Each of them requires the others, and the component is the broker's domain.
            let (Some(server), Some(file)) = (&cli.xmpp, &cli.secret_file) else {
                return Ok(None);
            };
            let path = file.display();
            let secret = read_to_string(file)
                .map_err(|error| format!("The secret file {path} can't be read: {error}."))?;
            let secret = secret.trim_end_matches(['\r', '\n']).to_owned();
            if secret.is_empty() {
                return Err(format!("The secret file {path} is empty."));
            }
            Ok(Some(Self(LinkSettings { server: server.clone(), secret, report: console::report })))
        }

        /// Links a broker while some work is done, and a little longer, for what it has sent.
        pub async fn during(self, broker: BrokerHandle, work: impl Future<Output = ()>) {
            let (stop, stopped) = oneshot::channel::<()>();
            let linked = link::run(broker, self.0, async {
                let _ = stopped.await;
            });
            let working = async {
                work.await;
                let _ = stop.send(());
            };
            tokio::join!(linked, working);
        }
    }
}

#[cfg(not(feature = "xmpp"))]
mod unlinked {
    use crate::cli::Cli;
    use broker::http::BrokerHandle;
    use std::convert::Infallible;

    /// No link: this broker is built without one.
    pub struct Link(Infallible);

    impl Link {
        /// # Errors
        /// If the command line asks for a link.
        pub fn from_cli(cli: &Cli) -> Result<Option<Self>, String> {
            if cli.component.is_none() {
                return Ok(None);
            }
            Err("This broker is built without the link to an XMPP server. Start it with \
                 cargo run -p broker --features xmpp -- --component ..."
                .into())
        }

        #[allow(clippy::unused_async, reason = "that with a link is asynchronous")]
        pub async fn during(self, _: BrokerHandle, _: impl Future<Output = ()>) {
            match self.0 {}
        }
    }
}
