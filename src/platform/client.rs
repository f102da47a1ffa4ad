//! The address of the person behind proxies, for logs and throttles.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address to hold responsible for a request: the peer, unless it is a trusted proxy, in which
/// case the nearest address of `X-Forwarded-For` that is not one. What an unknown peer claims is
/// not read (ASVS 5.0, 4.1.3).
pub fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.to_canonical();
    if !trusted.contains(&peer) {
        return peer;
    }
    let claimed: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for text in claimed.into_iter().rev() {
        let Ok(ip) = text.trim().parse::<IpAddr>() else {
            break;
        };
        nearest = ip.to_canonical();
        if !trusted.contains(&nearest) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().expect("a header value"));
        }
        let trusted = ["127.0.0.1", "10.0.0.1"].map(|ip| ip.parse().expect("an address"));
        address(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn a_claim_counts_only_when_a_trusted_proxy_makes_it() {
        assert_eq!(seen("192.0.2.9", &["198.51.100.1"]), "192.0.2.9");
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_the_client_wrote_before_the_proxy_is_not_believed() {
        assert_eq!(
            seen("127.0.0.1", &["203.0.113.5, 198.51.100.1, 10.0.0.1"]),
            "198.51.100.1"
        );
        assert_eq!(
            seen("127.0.0.1", &["203.0.113.5", "198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(seen("127.0.0.1", &["198.51.100.1, nonsense"]), "127.0.0.1");
    }
}
