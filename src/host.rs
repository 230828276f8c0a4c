//! Hosts as a URL has them: a name or an address, and an optional port.

use crate::ip_address::{is_ipv4_address, is_ipv6_literal};

/// The rule, as told to a caller who broke it.
pub const RULE: &str = "is not a host. Write a name with an optional port, without \"https://\" \
    and without a path, for example \"neuron.example.org\" or \"127.0.0.1:8080\".";

/// Whether a text is a host, with nothing in it that could turn a request elsewhere.
#[must_use]
pub fn is_host(host: &str) -> bool {
    let name = name_of(host);
    let port_fits = match host.get(name.len()..) {
        None | Some("") => true,
        // A URL drops leading zeros, and the signature would cover another host.
        Some(port) => port
            .strip_prefix(':')
            .filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0'))
            .is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0)),
    };
    port_fits && is_host_name(name)
}

fn is_host_name(name: &str) -> bool {
    if name.starts_with('[') {
        return is_ipv6_literal(name);
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let last_label = name.rsplit('.').next().unwrap_or_default();
    // A URL whose host ends in a number is taken for an IPv4 address, and rewritten.
    let numeric = last_label.bytes().all(|byte| byte.is_ascii_digit());
    name.len() <= 253 && name.split('.').all(is_label) && (!numeric || is_ipv4_address(name))
}

/// The host without its port.
#[must_use]
pub fn name_of(host: &str) -> &str {
    let end =
        host.rfind(':').filter(|colon| host.rfind(']').is_none_or(|bracket| bracket < *colon));
    end.and_then(|colon| host.get(..colon)).unwrap_or(host)
}
