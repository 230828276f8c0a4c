//! Limits the number of connections.
//!
//! A new connection is always accepted. If its network has its share, the oldest connection of that
//! network is closed; if the limit is reached, the oldest one of the network with the most
//! connections. So a client that opens many connections only closes its own.

use socket2::SockRef;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr, Shutdown};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpStream;

/// More than a broker for development needs.
const MAX_CONNECTIONS: usize = 4_096;

/// The file descriptors for other purposes: listeners, files, and the runtime's own.
const RESERVED_DESCRIPTORS: usize = 64;

/// Counts the connections of all listeners, and closes some when there are too many.
pub(super) struct ConnectionLimiter {
    max: usize,
    max_per_address: usize,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    /// How many connections there have been.
    count: u64,
    /// How many connections are open.
    total: usize,
    /// By network and number: the lowest number is the oldest.
    open: BTreeMap<IpAddr, BTreeMap<u64, Arc<TcpStream>>>,
}

/// The slot of an open connection, which is free when this is dropped.
pub(super) struct ConnectionSlot {
    connections: Arc<ConnectionLimiter>,
    address: IpAddr,
    number: u64,
}

impl ConnectionLimiter {
    pub(super) fn new(max: usize) -> Arc<Self> {
        let max = max.max(1);
        let max_per_address = (max - max / 4).max(1);
        Arc::new(Self { max, max_per_address, table: Mutex::default() })
    }

    /// Adds a connection, and closes another if there are too many.
    pub(super) fn admit(
        self: &Arc<Self>,
        stream: Arc<TcpStream>,
        remote: IpAddr,
    ) -> ConnectionSlot {
        let address = client_network(remote);
        let mut table = self.lock();
        let of_address = table.open.get(&address).map_or(0, BTreeMap::len);
        if of_address >= self.max_per_address {
            table.close_oldest(address);
        } else if table.total >= self.max
            && let Some(largest) = table.largest()
        {
            table.close_oldest(largest);
        }
        table.count += 1;
        table.total += 1;
        let number = table.count;
        table.open.entry(address).or_default().insert(number, stream);
        ConnectionSlot { connections: self.clone(), address, number }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// The network with the most connections.
    fn largest(&self) -> Option<IpAddr> {
        let largest = self.open.iter().max_by_key(|(_, connections)| connections.len());
        largest.map(|(address, _)| *address)
    }

    fn close_oldest(&mut self, address: IpAddr) {
        let oldest = self.open.get(&address).and_then(|open| open.keys().next().copied());
        if let Some(stream) = oldest.and_then(|number| self.remove(address, number)) {
            // Reads and writes on the connection fail from here on. If the shutdown fails, it has
            // ended already.
            let _ = SockRef::from(&*stream).shutdown(Shutdown::Both);
        }
    }

    fn remove(&mut self, address: IpAddr, number: u64) -> Option<Arc<TcpStream>> {
        let of_address = self.open.get_mut(&address)?;
        let stream = of_address.remove(&number)?;
        if of_address.is_empty() {
            self.open.remove(&address);
        }
        self.total -= 1;
        Some(stream)
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        drop(self.connections.lock().remove(self.address, self.number));
    }
}

/// How many connections the file descriptors of this process allow.
pub(super) fn max_connections() -> usize {
    let descriptors = max_descriptors().unwrap_or(MAX_CONNECTIONS);
    (descriptors - RESERVED_DESCRIPTORS.min(descriptors / 4)).min(MAX_CONNECTIONS)
}

#[cfg(unix)]
fn max_descriptors() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Nofile).current.and_then(|limit| usize::try_from(limit).ok())
}

#[cfg(not(unix))]
fn max_descriptors() -> Option<usize> {
    None
}

/// The network that is counted as one client. For IPv6 it has 64 bits, because one customer has all
/// of its addresses.
pub(super) fn client_network(remote: IpAddr) -> IpAddr {
    match remote.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64))
        }
        address => address,
    }
}

/// [`client_network`], as a text.
pub(super) fn client_network_name(remote: IpAddr) -> String {
    match client_network(remote) {
        IpAddr::V6(address) if !address.is_loopback() => format!("{address}/64"),
        address => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    /// The two ends of a connection: the broker's and the client's.
    async fn connection() -> (Arc<TcpStream>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let (client, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        (Arc::new(accepted.unwrap().0), client.unwrap())
    }

    /// Connects from networks, one letter for each, and returns those of the connections that are
    /// still open.
    async fn open_after(max: usize, addresses: &str) -> String {
        let connections = ConnectionLimiter::new(max);
        let mut all = Vec::new();
        for letter in addresses.bytes() {
            let (stream, client) = connection().await;
            let slot = connections.admit(stream.clone(), IpAddr::from([192, 0, 2, letter]));
            all.push((char::from(letter), stream, client, slot));
        }
        let mut open = String::new();
        for (letter, _, client, slot) in &mut all {
            let is_open = {
                let table = connections.lock();
                let of_address = table.open.get(&slot.address);
                of_address.is_some_and(|of_address| of_address.contains_key(&slot.number))
            };
            if is_open {
                open.push(*letter);
            } else {
                assert_eq!(client.read(&mut [0]).await.unwrap(), 0, "it is told");
            }
        }
        assert_eq!(connections.lock().total, open.len());
        drop(all);
        assert_eq!(connections.lock().total, 0);
        assert!(connections.lock().open.is_empty());
        open
    }

    #[tokio::test]
    async fn one_network_never_takes_all_slots() {
        assert_eq!(open_after(8, "aaaaaaaaaaaa").await, "aaaaaa");
        assert_eq!(open_after(8, "baaaaaaaaaaac").await, "baaaaaac");
    }

    #[tokio::test]
    async fn the_network_with_the_most_connections_makes_room() {
        assert_eq!(open_after(4, "abcd").await, "abcd");
        assert_eq!(open_after(4, "aaabbb").await, "aabb");
        assert_eq!(open_after(4, "aabbc").await.len(), 4);
        assert_eq!(open_after(4, "aaabc").await, "aabc");
        assert_eq!(open_after(1, "ab").await, "b");
    }

    #[test]
    fn a_network_is_counted_as_one_client() {
        for (address, name) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("127.0.0.1", "127.0.0.1"),
            ("::1", "::1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("fe80::1", "fe80::/64"),
        ] {
            assert_eq!(client_network_name(address.parse().unwrap()), name);
        }
    }

    #[test]
    fn some_file_descriptors_are_reserved() {
        let max = max_connections();
        assert!(max > 0 && max <= MAX_CONNECTIONS, "{max}");
        #[cfg(unix)]
        assert!(max_descriptors().is_none_or(|descriptors| max < descriptors));
    }
}
