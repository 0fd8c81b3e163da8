//! The network address of a visitor. Only proxies named in the configuration are believed. Pure.

use std::net::IpAddr;

/// The address that a request came from: the peer itself, or, when the peer is a trusted proxy, the
/// rightmost address of `X-Forwarded-For` that is no trusted proxy. What a visitor writes into that
/// header stands further left and is never read.
pub fn client(peer: IpAddr, forwarded: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|one| one.to_canonical() == *address);
    if !is_trusted(&peer) {
        return peer;
    }
    let mut last = peer;
    for part in forwarded.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = part.trim().parse::<IpAddr>() else {
            return last;
        };
        last = address.to_canonical();
        if !is_trusted(&last) {
            return last;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_trusted_proxies_are_believed_and_only_the_rightmost_stranger() {
        let proxy = [ip("10.0.0.1"), ip("10.0.0.2")];
        let seen = |peer, forwarded: &[&str]| client(ip(peer), forwarded, &proxy);
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"]), ip("203.0.113.9"));
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"]), ip("198.51.100.7"));
        assert_eq!(
            seen("10.0.0.1", &["1.2.3.4, 198.51.100.7, 10.0.0.2"]),
            ip("198.51.100.7")
        );
        assert_eq!(
            seen("10.0.0.1", &["1.2.3.4", "198.51.100.7"]),
            ip("198.51.100.7")
        );
        assert_eq!(
            seen("::ffff:10.0.0.1", &["198.51.100.7"]),
            ip("198.51.100.7")
        );
        assert_eq!(seen("10.0.0.1", &[]), ip("10.0.0.1"));
        assert_eq!(seen("10.0.0.1", &["1.2.3.4, unknown"]), ip("10.0.0.1"));
    }
}
