//! The broker that a client talks to.

use super::keys;
use crate::environment::Environment;
use crate::environment::origin::Origin;
use crate::error::{Error, ErrorKind};
use std::rc::Rc;

/// The configured broker, as the storage has it.
pub(crate) struct Broker<E> {
    environment: Rc<E>,
}

impl<E: Environment> Broker<E> {
    pub(crate) fn new(environment: Rc<E>) -> Self {
        Self { environment }
    }

    /// Stores the broker; `None` goes back to the page's own.
    pub(super) fn set(&self, origin: Option<&Origin>) {
        // A host without its protocol has no effect, so that at no moment does either stand beside
        // another broker's.
        self.environment.store_all(&[
            (keys::PROTOCOL, ""),
            (keys::HOST, origin.map_or("", Origin::host)),
            (keys::PROTOCOL, origin.map_or("", Origin::protocol)),
        ]);
    }

    /// The broker that was set, else the page's own.
    pub(crate) fn origin(&self) -> Result<Origin, ErrorKind> {
        self.stored_origin().or_else(|| self.environment.page_origin()).ok_or(ErrorKind::NoHost)
    }

    /// The broker's address, empty if there is none.
    pub(crate) fn base_url(&self) -> String {
        self.origin().map(|origin| origin.base_url()).unwrap_or_default()
    }

    /// Whether an origin is the broker's.
    pub(crate) fn is_at(&self, origin: &Origin) -> bool {
        self.origin().is_ok_and(|own| own == *origin)
    }

    /// The origin of a host as a person writes it; `None` if it is not a host.
    pub(crate) fn origin_of(&self, host: &str, secure: bool) -> Option<Origin> {
        let host = self.environment.url_host(host, secure)?;
        Some(Origin::of_url_host(host, secure))
    }

    /// Allows plain `http` beyond this machine, or forbids it again.
    pub(crate) fn allow_insecure(&self, allowed: bool) {
        let value = if allowed { "true" } else { "" };
        self.environment.store_all(&[(keys::ALLOW_INSECURE, value)]);
    }

    /// The broker, unless others could read what is sent to it.
    pub(crate) fn safe_origin(&self) -> Result<Origin, Box<Error>> {
        self.check_safe(self.origin()?)
    }

    /// The broker or another host, unless others could read what is sent to it.
    pub(crate) fn check_safe(&self, origin: Origin) -> Result<Origin, Box<Error>> {
        if origin.is_private() || self.environment.load(keys::ALLOW_INSECURE).is_some() {
            Ok(origin)
        } else {
            Err(ErrorKind::InsecureHost(origin.host().into()).into())
        }
    }

    fn stored_origin(&self) -> Option<Origin> {
        let secure = match self.environment.load(keys::PROTOCOL)?.as_str() {
            "https" => true,
            "http" => false,
            // TAG's `Agent.js` writes "null" for a host that was reset.
            _ => return None,
        };
        self.origin_of(&self.environment.load(keys::HOST)?, secure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;
    use crate::simulation::simulator::Simulator;

    fn client(simulator: Simulator) -> Client<Simulator> {
        Client::new(simulator)
    }

    #[test]
    fn plain_http_is_for_this_machine_unless_allowed() {
        let client = client(Simulator::default());
        for (host, secure, safe) in [
            ("neuron.example.org", true, true),
            ("neuron.example.org", false, false),
            ("192.168.0.2:8080", false, false),
            ("localhost.example.org", false, false),
            ("localhost:8080", false, true),
            ("broker.localhost", false, true),
            ("127.0.0.1:8080", false, true),
            ("127.9.9.9", false, true),
            ("[::1]:8080", false, true),
            ("[0:0:0:0:0:0:0:1]:8080", false, true),
            ("LOCALHOST.:8080", false, true),
            ("broker.localhost.", false, true),
            ("[::2]:8080", false, false),
            ("127.0.0.1.example", false, false),
        ] {
            client.set_origin(Some(&Origin::new(host, secure).unwrap()));
            assert_eq!(client.calls.session.broker.safe_origin().is_ok(), safe, "{host}");
        }
        client.set_origin(Some(&Origin::new("192.168.0.2", false).unwrap()));
        client.allow_insecure(true);
        assert!(client.calls.session.broker.safe_origin().is_ok());
        client.allow_insecure(false);
        assert_eq!(client.calls.session.broker.safe_origin().unwrap_err().code(), "insecure-host");
    }

    #[test]
    fn without_a_host_the_page_counts_and_without_a_page_nothing() {
        let mut simulator = Simulator::default();
        assert_eq!(client(simulator.clone()).origin().unwrap_err().code(), "no-host");
        simulator.page = Some(Origin::new("page.example", true).unwrap());
        let client = client(simulator);
        assert_eq!(client.origin().unwrap().host(), "page.example");
        client.set_origin(Some(&Origin::new("other.example", true).unwrap()));
        assert_eq!(client.origin().unwrap().host(), "other.example");
        client.set_origin(None);
        assert_eq!(client.origin().unwrap().host(), "page.example");
    }

    #[test]
    fn a_host_that_another_client_stored_is_normalised() {
        let client = client(Simulator::default());
        client.environment().store(keys::HOST, "[0:0:0:0:0:0:0:1]:080");
        client.environment().store(keys::PROTOCOL, "http");
        assert_eq!(client.calls.session.broker.safe_origin().unwrap().base_url(), "http://[::1]");
    }

    #[test]
    fn the_reset_of_agent_js_counts_as_a_reset() {
        let client = client(Simulator::default());
        client.environment().store(keys::HOST, "null");
        client.environment().store(keys::PROTOCOL, "null");
        assert_eq!(client.origin().unwrap_err().code(), "no-host");
    }
}
