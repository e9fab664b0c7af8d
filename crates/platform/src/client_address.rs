//! The address a request came from, and the networks it belongs to.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use http::HeaderMap;

/// The network address a request came from; behind our own reverse proxy, the one the proxy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Whether the warning was logged that the proxy in front names no client.
static WARNED: AtomicBool = AtomicBool::new(false);

impl ClientAddress {
    /// Used where the proxy in front named no client. All such requests count as one network, and never as this machine.
    const UNNAMED: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// Whether it is this machine itself: tools, or a proxy that was not configured, behind which everybody has the same address.
    pub fn is_this_machine(self) -> bool {
        self.0.to_canonical().is_loopback()
    }

    /// The part of the address space that one customer of a network provider holds: the IPv4 address, or the /64 of an IPv6 address.
    pub fn network(self) -> String {
        self.within(64)
    }

    /// What a household keeps when its addresses change: the IPv4 address, or the /56 of an IPv6 address, which is what providers assign (RIPE-690, section
    /// 4.2).
    pub fn household(self) -> String {
        self.within(56)
    }

    /// The IPv4 address, or the most of IPv6 that one customer is assigned: a /48.
    pub fn widest_network(self) -> String {
        self.within(48)
    }

    /// The networks it belongs to, the narrowest first, each with how many times as much may come from it as from the narrowest. A /48 contains 65,536 of the
    /// narrowest networks.
    pub fn networks(self) -> Vec<(String, usize)> {
        match self.0.to_canonical() {
            IpAddr::V4(_) => vec![(self.network(), 1)],
            IpAddr::V6(_) => vec![(self.network(), 1), (self.household(), 2), (self.widest_network(), 4)],
        }
    }

    fn within(self, bits: u32) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("{}/{bits}", Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (u128::BITS - bits)))),
        }
    }

    /// The address that the proxy in front names: the last one, since the client may have written those before it. Warns once if the proxy names none.
    pub fn forwarded(headers: &HeaderMap) -> Self {
        let last = headers.get_all("x-forwarded-for").iter().next_back();
        let named = last.and_then(|value| value.to_str().ok()).and_then(|value| address_in(value.rsplit(',').next()?.trim()));
        if named.is_none() && !WARNED.swap(true, Ordering::Relaxed) {
            let what = if last.is_some() { "does not end with an address" } else { "is missing" };
            tracing::warn!("behind_proxy is set, but X-Forwarded-For {what}: all who come like this share one set of limits; see the proxy's settings");
        }
        named.map_or(Self::UNNAMED, Self)
    }
}

/// The address in an entry of `X-Forwarded-For`; some proxies append the port.
fn address_in(entry: &str) -> Option<IpAddr> {
    let bare = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    entry.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip())).or_else(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_customer_is_known_by_the_network() {
        for (address, network) in [("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")] {
            assert_eq!(ClientAddress(address.parse().unwrap()).network(), network);
        }
        let networks = |address: &str| ClientAddress(address.parse().unwrap()).networks();
        assert_eq!(networks("203.0.113.7"), [("203.0.113.7".to_owned(), 1)]);
        let expected = [("2001:db8:1:1234::/64", 1), ("2001:db8:1:1200::/56", 2), ("2001:db8:1::/48", 4)];
        assert_eq!(networks("2001:db8:1:1234:3:4:5:6"), expected.map(|(network, times)| (network.to_owned(), times)));
    }

    #[test]
    fn the_proxy_names_the_client_with_a_port_or_without() {
        let named = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-forwarded-for", http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
            ClientAddress::forwarded(&headers)
        };
        for (values, address) in [
            (&["203.0.113.7"][..], "203.0.113.7"),
            (&["127.0.0.1, 203.0.113.7"], "203.0.113.7"),
            (&["127.0.0.1", "203.0.113.7"], "203.0.113.7"),
            (&["203.0.113.7:4711"], "203.0.113.7"),
            (&["2001:db8::7"], "2001:db8::7"),
            (&["[2001:db8::7]"], "2001:db8::7"),
            (&["[2001:db8::7]:443"], "2001:db8::7"),
            (&["203.0.113.7, 127.0.0.1"], "127.0.0.1"),
        ] {
            assert_eq!(named(values).0.to_string(), address, "{values:?}");
        }
        for unreadable in
            [&[][..], &[""], &["unknown"], &["127.0.0.1,"], &["127.0.0.1, unknown"], &["127.0.0.1", ""], &["_hidden"], &["127.0.0.1:"], &["127.0.0.1 \u{e9}"]]
        {
            let who = named(unreadable);
            assert!(!who.is_this_machine() && who.network() == "0.0.0.0", "{unreadable:?}: {who:?}");
        }
    }
}
