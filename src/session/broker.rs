//! Which broker is spoken to.

use crate::client::Client;
use crate::environment::Environment;
use crate::error::{Error, Failure};
use crate::session::keys;
use crate::syntax::host::name_of;
use crate::syntax::ip_address::is_ipv4_address;
use crate::text;

/// A broker's address: what the `Host` header says, and whether TLS protects the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    host: String,
    secure: bool,
}

impl Origin {
    /// The origin of a host in the form in which a URL writes it. Signatures cover the `Host` header,
    /// which has that form, so it has to be foreseen.
    #[must_use]
    pub fn of_url_host(host: String, secure: bool) -> Self {
        Self { host, secure }
    }

    /// The origin of a host as a test writes it.
    #[cfg(test)]
    pub(crate) fn new(host: &str, secure: bool) -> Option<Self> {
        let host = crate::syntax::host::as_in_url(host, secure)?;
        Some(Self::of_url_host(host, secure))
    }

    /// Host name and port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// `https` or `http`.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// `https://neuron.example.org`
    #[must_use]
    pub fn base_url(&self) -> String {
        text::concat(&[self.protocol(), "://", &self.host])
    }

    /// Whether nobody else can listen: TLS, or a way that does not leave this machine.
    fn is_private(&self) -> bool {
        let name = name_of(&self.host);
        let name = name.strip_suffix('.').unwrap_or(name);
        self.secure
            || name == "localhost"
            || name.ends_with(".localhost")
            || name == "[::1]"
            || (name.starts_with("127.") && is_ipv4_address(name))
    }
}

impl<E: Environment> Client<E> {
    /// Chooses the broker; `None` goes back to the page's own. A session with another broker ends
    /// here, for its token is nothing to show to this one.
    pub fn set_origin(&self, origin: Option<&Origin>) {
        let before = self.origin().ok();
        let next = origin.cloned().or_else(|| self.environment.page_origin());
        if before.is_some() && before != next {
            let user_name = self.environment.load(keys::USER_NAME).unwrap_or_default();
            let had_session = self.environment.load(keys::TOKEN).is_some();
            self.leave_session();
            if had_session {
                self.tell_session("logged-out", &user_name, None);
            }
        }
        // A host without its protocol counts for nothing, so that neither stands beside another's.
        self.environment.keep(&[
            (keys::PROTOCOL, ""),
            (keys::HOST, origin.map_or("", Origin::host)),
            (keys::PROTOCOL, origin.map_or("", Origin::protocol)),
        ]);
    }

    /// The origin of a host as somebody writes it; nothing, if it is none.
    pub fn origin_of(&self, host: &str, secure: bool) -> Option<Origin> {
        let host = self.environment.url_host(host, secure)?;
        Some(Origin::of_url_host(host, secure))
    }

    /// The broker that is spoken to: the one that was set, else the page's own.
    ///
    /// # Errors
    /// [`Error::NoHost`] where none is set and there is no page.
    pub fn origin(&self) -> Result<Origin, Error> {
        self.stored_origin().or_else(|| self.environment.page_origin()).ok_or(Error::NoHost)
    }

    /// The broker's address, empty where there is none.
    pub(crate) fn base_url(&self) -> String {
        self.origin().map(|origin| origin.base_url()).unwrap_or_default()
    }

    /// Whether an origin is that of the broker that is spoken to.
    pub(crate) fn is_at(&self, origin: &Origin) -> bool {
        self.origin().is_ok_and(|own| own == *origin)
    }

    /// Allows plain `http` beyond this machine, or forbids it again.
    pub fn allow_insecure(&self, allowed: bool) {
        if allowed {
            self.environment.store(keys::ALLOW_INSECURE, "true");
        } else {
            self.environment.remove(keys::ALLOW_INSECURE);
        }
    }

    /// The broker, if what is sent to it stays between the two.
    pub(crate) fn safe_origin(&self) -> Result<Origin, Box<Failure>> {
        self.safe(self.origin()?)
    }

    /// A broker or another host, on the same condition.
    pub(crate) fn safe(&self, origin: Origin) -> Result<Origin, Box<Failure>> {
        if origin.is_private() || self.environment.load(keys::ALLOW_INSECURE).is_some() {
            Ok(origin)
        } else {
            Err(Error::InsecureHost(origin.host).into())
        }
    }

    fn stored_origin(&self) -> Option<Origin> {
        let secure = match self.environment.load(keys::PROTOCOL)?.as_str() {
            "https" => true,
            "http" => false,
            // The maintainers' client writes "null" for a host that was reset.
            _ => return None,
        };
        self.origin_of(&self.environment.load(keys::HOST)?, secure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::simulator::Simulator;

    fn base_url(host: &str, secure: bool) -> Option<String> {
        Origin::new(host, secure).map(|origin| origin.base_url())
    }

    #[test]
    fn a_host_is_written_as_its_header_will_be() {
        for (host, secure, url) in [
            ("neuron.example.org", true, "https://neuron.example.org"),
            ("Neuron.Example.ORG:443", true, "https://neuron.example.org"),
            ("neuron.example.org:8443", true, "https://neuron.example.org:8443"),
            ("localhost:80", false, "http://localhost"),
            ("localhost:80", true, "https://localhost:80"),
            ("127.0.0.1:8080", false, "http://127.0.0.1:8080"),
            ("[::1]:8080", false, "http://[::1]:8080"),
            ("[0:0:0:0:0:0:0:1]:8080", false, "http://[::1]:8080"),
            ("a.b:080", false, "http://a.b"),
            ("a.b:", true, "https://a.b"),
            ("a.", true, "https://a."),
            ("[::1]", true, "https://[::1]"),
            ("my_box:1", true, "https://my_box:1"),
        ] {
            assert_eq!(base_url(host, secure).as_deref(), Some(url));
        }
    }

    #[test]
    fn what_could_turn_the_request_elsewhere_is_no_host() {
        for host in [
            "",
            " ",
            "https://a.b",
            "a.b/c",
            "a@b",
            "a b",
            "a.b:0",
            "a.b:65536",
            "a.b:+1",
            "a.b:1:2",
            "a.b?c",
            "a.b#c",
            "a.b\\c",
            "a.b\n",
            "a..b",
            ".a",
            "127.1",
            "1",
            "256.0.0.1",
            "[::1",
            "::1",
            "[x]",
            "[::1]x",
            "å.se",
            "a%2eb",
            "a.b:8080/",
        ] {
            assert_eq!(base_url(host, true), None, "{host:?}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_unless_allowed() {
        let client = Client::new(Simulator::default());
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
            assert_eq!(client.safe_origin().is_ok(), safe, "{host}");
        }
        client.set_origin(Some(&Origin::new("192.168.0.2", false).unwrap()));
        client.allow_insecure(true);
        assert!(client.safe_origin().is_ok());
        client.allow_insecure(false);
        assert_eq!(client.safe_origin().unwrap_err().code(), "insecure-host");
    }

    #[test]
    fn without_a_host_the_page_counts_and_without_a_page_nothing() {
        let mut simulator = Simulator::default();
        assert_eq!(Client::new(simulator.clone()).origin().unwrap_err().code(), "no-host");
        simulator.page = Some(Origin::new("page.example", true).unwrap());
        let client = Client::new(simulator);
        assert_eq!(client.origin().unwrap().host(), "page.example");
        client.set_origin(Some(&Origin::new("other.example", true).unwrap()));
        assert_eq!(client.origin().unwrap().host(), "other.example");
        client.set_origin(None);
        assert_eq!(client.origin().unwrap().host(), "page.example");
    }

    #[test]
    fn a_host_that_somebody_else_stored_takes_the_one_form() {
        let client = Client::new(Simulator::default());
        client.environment.store(keys::HOST, "[0:0:0:0:0:0:0:1]:080");
        client.environment.store(keys::PROTOCOL, "http");
        assert_eq!(client.safe_origin().unwrap().base_url(), "http://[::1]");
    }

    #[test]
    fn the_reset_of_the_maintainers_client_counts_as_a_reset() {
        let client = Client::new(Simulator::default());
        client.environment.store(keys::HOST, "null");
        client.environment.store(keys::PROTOCOL, "null");
        assert_eq!(client.origin().unwrap_err().code(), "no-host");
    }
}
