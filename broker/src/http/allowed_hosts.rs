//! The hosts that the broker answers for.
//!
//! A request for any other host is refused. Otherwise a page whose own name was made to resolve to
//! the broker (DNS rebinding) would have the broker's origin, and a login that was signed for
//! another broker would be valid here.

use hyper::http::uri::Authority;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// A host, such as `broker.example`, and a port if one is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostAndPort {
    /// In lower case, an IPv6 address in brackets.
    name: String,
    port: Option<u16>,
}

/// The hosts that the broker answers for.
#[derive(Debug)]
pub(super) struct AllowedHosts {
    /// Those given with `--host`. One without a port is allowed without a port and with the port
    /// that the broker listens on.
    configured: Vec<HostAndPort>,
    /// The name or address that the broker listens on, such as `box.example` in
    /// `box.example:8080`.
    listening: Option<String>,
}

impl HostAndPort {
    /// Parses `NAME` or `NAME:PORT`, without a user name before it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let authority: Authority = text.parse().ok()?;
        let name = authority.host();
        let port = match text.strip_prefix(name)? {
            "" => None,
            port => Some(parse_port(port.strip_prefix(':')?)?),
        };
        (!name.is_empty()).then(|| Self { name: name.to_ascii_lowercase(), port })
    }

    fn address(&self) -> Option<IpAddr> {
        let bare = self.name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        match bare {
            Some(bare) => bare.parse::<Ipv6Addr>().ok().map(|address| address.to_canonical()),
            None => self.name.parse::<Ipv4Addr>().ok().map(Into::into),
        }
    }

    /// Whether this is a name or an address of the local machine.
    pub(super) fn is_loopback(&self) -> bool {
        match self.address() {
            Some(address) => address.is_loopback(),
            None => self.name == "localhost",
        }
    }
}

impl AllowedHosts {
    pub(super) fn new(configured: Vec<HostAndPort>, listen: &str) -> Self {
        Self { configured, listening: HostAndPort::parse(listen).map(|host| host.name) }
    }

    /// Whether the broker answers for a host on a connection to this local address.
    pub(super) fn allows(&self, host: &HostAndPort, local: SocketAddr) -> bool {
        let is_own_port = host.port.unwrap_or(80) == local.port();
        let is_configured = |configured: &HostAndPort| {
            let is_port = match configured.port {
                Some(port) => host.port.unwrap_or(80) == port,
                None => host.port.is_none() || is_own_port,
            };
            is_port && configured.name == host.name
        };
        let is_own = host.name == "localhost"
            || self.listening.as_ref() == Some(&host.name)
            || host.address().is_some_and(|address| {
                address == Ipv4Addr::LOCALHOST
                    || address == Ipv6Addr::LOCALHOST
                    || address == local.ip().to_canonical()
            });
        (is_own && is_own_port) || self.configured.iter().any(is_configured)
    }
}

/// Accepts digits only, because `u16` would accept a sign too.
fn parse_port(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

impl FromStr for HostAndPort {
    type Err = String;

    /// Parses `name` or `name:port`.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| {
            "write name or name:port, such as broker.example or broker.example:8443; write a name \
             that is not ASCII in its ASCII form, such as xn--bcher-kva.example"
                .into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(configured: &[&str], listen: &str, local: &str, host: &str) -> bool {
        let configured = configured.iter().map(|name| name.parse().unwrap()).collect();
        let host = HostAndPort::parse(host).unwrap();
        AllowedHosts::new(configured, listen).allows(&host, local.parse().unwrap())
    }

    #[test]
    fn the_names_of_this_machine_are_allowed() {
        let local = "127.0.0.1:8080";
        for host in [
            "127.0.0.1:8080",
            "localhost:8080",
            "LocalHost:8080",
            "[::1]:8080",
            "[0:0:0:0:0:0:0:1]:8080",
            "[::ffff:127.0.0.1]:8080",
        ] {
            assert!(allows(&[], local, local, host), "{host}");
        }
        assert!(allows(&[], "127.0.0.1:80", "127.0.0.1:80", "localhost"));
        assert!(allows(&[], "0.0.0.0:8080", "192.0.2.7:8080", "192.0.2.7:8080"));
        assert!(allows(&[], "[::]:8080", "[::ffff:192.0.2.7]:8080", "192.0.2.7:8080"));
        assert!(allows(&[], "box.example:8080", "192.0.2.7:8080", "box.example:8080"));
    }

    #[test]
    fn other_names_are_not_allowed() {
        let local = "127.0.0.1:8080";
        for host in [
            "evil.example",
            "evil.example:8080",
            "localhost",
            "localhost:8081",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.2:8080",
            "127.1:8080",
            "192.0.2.7:8080",
            "localhost.evil.example:8080",
            "evil-localhost:8080",
            "localhost.:8080",
            "[::2]:8080",
            "2130706433:8080",
        ] {
            assert!(!allows(&[], local, local, host), "{host}");
        }
    }

    #[test]
    fn more_hosts_may_be_allowed() {
        let local = "127.0.0.1:8080";
        for (configured, host, expected) in [
            ("broker.example", "broker.example", true),
            ("Broker.Example", "broker.EXAMPLE:8080", true),
            ("broker.example", "broker.example:8443", false),
            ("broker.example", "a.broker.example", false),
            ("broker.example:8443", "broker.example:8443", true),
            ("broker.example:8443", "broker.example", false),
            ("broker.example:8443", "broker.example:8080", false),
            ("localhost:5173", "localhost:5173", true),
            ("broker.example:80", "broker.example", true),
            ("192.0.2.7", "192.0.2.7", true),
        ] {
            assert_eq!(allows(&[configured], local, local, host), expected, "{configured} {host}");
        }
    }

    #[test]
    fn invalid_hosts_are_refused() {
        for text in [
            "",
            ":8080",
            "a b",
            "a/b",
            "user@localhost:8080",
            "a:b",
            "a:",
            "a:99999",
            "a:+1",
            "http://a",
            "[::1",
            "\u{e5}",
        ] {
            assert!(HostAndPort::parse(text).is_none(), "{text:?}");
            assert!(text.parse::<HostAndPort>().unwrap_err().starts_with("write name"));
        }
    }
}
