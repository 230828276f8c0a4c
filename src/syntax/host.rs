//! Hosts as a URL has them: a name or an address, and an optional port.

use crate::syntax::ip_address::{is_ipv4_address, is_ipv6_literal};
use crate::text;
use std::net::Ipv6Addr;

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
            .filter(|port| text::all_bytes(port, u8::is_ascii_digit) && !port.starts_with('0'))
            .is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0)),
    };
    port_fits && is_host_name(name)
}

/// A host as a URL writes it, which is the one form for requests, signatures and comparisons: in
/// lower case, an IPv6 address at its shortest (RFC 5952), and without the protocol's own port. None
/// if it is not a host; names beyond ASCII and numbers that only a URL takes for an IPv4 address are
/// none here.
///
/// The wasm asks the `URL` of its environment instead.
#[must_use]
pub fn as_in_url(host: &str, secure: bool) -> Option<String> {
    let host = host.to_ascii_lowercase();
    let name = name_of(&host);
    // A full stop at the end stays: to a name server it is another name.
    if !is_host_name(name.strip_suffix('.').unwrap_or(name)) {
        return None;
    }
    let port = match host.get(name.len()..)?.strip_prefix(':') {
        None | Some("") => None,
        Some(port) if !text::all_bytes(port, u8::is_ascii_digit) => return None,
        Some(port) => Some(port.parse::<u16>().ok().filter(|port| *port > 0)?),
    };
    let name = match name.trim_matches(['[', ']']).parse::<Ipv6Addr>() {
        Ok(address) => format!("[{}]", shortest(address)),
        Err(_) if is_ipv4_address(name.trim_end_matches('.')) => name.trim_end_matches('.').into(),
        Err(_) => name.into(),
    };
    match port.filter(|port| *port != if secure { 443 } else { 80 }) {
        Some(port) => Some(format!("{name}:{port}")),
        None => Some(name),
    }
}

/// An IPv6 address in hexadecimal alone; that of the standard library ends some in an IPv4 address.
fn shortest(address: Ipv6Addr) -> String {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, low] if high > 0 => format!("::{high:x}:{low:x}"),
        [0, 0, 0, 0, 0, 0xffff, high, low] => format!("::ffff:{high:x}:{low:x}"),
        _ => address.to_string(),
    }
}

fn is_host_name(name: &str) -> bool {
    if name.starts_with('[') {
        return is_ipv6_literal(name);
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && text::all_bytes(label, |byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
            })
    };
    let last_label = text::split(name, b'.').last().unwrap_or_default();
    // A URL whose host ends in a number is taken for an IPv4 address, and rewritten.
    let numeric = text::all_bytes(last_label, u8::is_ascii_digit);
    name.len() <= 253
        && text::count_parts(name, b'.', &is_label).is_some()
        && (!numeric || is_ipv4_address(name))
}

/// The host without its port.
#[must_use]
pub fn name_of(host: &str) -> &str {
    let is_outside = |colon: &usize| text::last_place(host, b']').is_none_or(|end| end < *colon);
    let end = text::last_place(host, b':').filter(is_outside);
    end.and_then(|colon| host.get(..colon)).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_one_form() {
        for (host, secure, form) in [
            ("Neuron.Example.ORG:443", true, "neuron.example.org"),
            ("neuron.example.org:443", false, "neuron.example.org:443"),
            ("neuron.example.org:080", false, "neuron.example.org"),
            ("neuron.example.org:", true, "neuron.example.org"),
            ("neuron.example.org.:8443", true, "neuron.example.org.:8443"),
            ("127.0.0.1.:80", false, "127.0.0.1"),
            ("[0:0:0:0:0:0:0:1]:8080", false, "[::1]:8080"),
            ("[0000::0001]", false, "[::1]"),
            ("[2001:DB8:0:0:1:0:0:1]:443", true, "[2001:db8::1:0:0:1]"),
            ("[2001:db8:0:1:1:1:1:1]", true, "[2001:db8:0:1:1:1:1:1]"),
            ("[::]", true, "[::]"),
            ("[::ffff:127.0.0.1]", true, "[::ffff:7f00:1]"),
            ("[::127.0.0.1]", true, "[::7f00:1]"),
            ("[64:ff9b::192.0.2.1]", true, "[64:ff9b::c000:201]"),
        ] {
            let written = as_in_url(host, secure).unwrap();
            assert_eq!(written, form, "{host}");
            assert_eq!(as_in_url(&written, secure), Some(written));
        }
    }

    #[test]
    fn what_is_no_host_has_none() {
        for host in
            ["", ".", "a..", "a.b:0", "a.b:65536", "a.b:+1", "[::1", "::1", "a b", "a/b", "x@a"]
        {
            assert_eq!(as_in_url(host, true), None, "{host}");
        }
    }
}
