//! The address of a broker.

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

    /// Whether nobody else can listen: TLS, or a connection that does not leave this machine.
    pub(crate) fn is_private(&self) -> bool {
        let name = name_of(&self.host);
        let name = name.strip_suffix('.').unwrap_or(name);
        self.secure
            || name == "localhost"
            || name.ends_with(".localhost")
            || name == "[::1]"
            || (name.starts_with("127.") && is_ipv4_address(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
