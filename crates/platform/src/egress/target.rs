//! Parses and checks an address that somebody typed, as the destination of a request.

use std::net::IpAddr;

use url::{Host, Url};

use crate::egress::address::may_go;

/// The ports an endpoint may have; others belong to mail, databases and the like.
const PORTS: [u16; 2] = [443, 8443];
/// Top-level names that lead into a private network.
const INSIDE: [&str; 9] = ["localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "test"];

/// The destination of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whether the connection is encrypted.
    pub tls: bool,
    /// A name in its ASCII form without a trailing dot, or an IP address.
    pub host: Host<String>,
    /// The port.
    pub port: u16,
    /// The value of the `Host` header.
    pub authority: String,
    /// Path and query.
    pub path: String,
}

/// Why an address is not accepted; the text says what to write instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    /// It is not an address, or contains characters that browsers would silently drop.
    #[error("enter a complete address such as https://example.com/hooks")]
    Malformed,
    /// It is not encrypted, or not a web address at all.
    #[error("the address must begin with https://")]
    NotHttps,
    /// It contains a user name or password.
    #[error("leave the user name and password out of the address; the signature identifies us")]
    UserInfo,
    /// Its port is one where something else listens.
    #[error("use port 443 or 8443")]
    Port,
    /// It leads into a private network.
    #[error("the address is in a private network; enter one that is reachable from the internet")]
    Private,
}

impl Target {
    /// Parses an address, without asking anybody where it leads.
    pub fn parse(raw: &str, allow_private: bool) -> Result<Self, BadTarget> {
        if raw.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
            return Err(BadTarget::Malformed);
        }
        let url = Url::parse(raw).map_err(|_| BadTarget::Malformed)?;
        let tls = match url.scheme() {
            "https" => true,
            "http" if allow_private => false,
            _ => return Err(BadTarget::NotHttps),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadTarget::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(BadTarget::Malformed);
        }
        let port = url.port_or_known_default().ok_or(BadTarget::Malformed)?;
        let host = match url.host().ok_or(BadTarget::Malformed)? {
            Host::Domain(name) => Host::Domain(name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()),
            Host::Ipv4(v4) => Host::Ipv4(v4),
            Host::Ipv6(v6) => Host::Ipv6(v6),
        };
        if !allow_private && !PORTS.contains(&port) {
            return Err(BadTarget::Port);
        }
        let outside = match &host {
            Host::Domain(name) => {
                let last = name.rsplit('.').next().unwrap_or_default();
                allow_private || (name.contains('.') && !INSIDE.contains(&last))
            }
            Host::Ipv4(v4) => may_go(IpAddr::V4(*v4), allow_private),
            Host::Ipv6(v6) => may_go(IpAddr::V6(*v6), allow_private),
        };
        if !outside {
            return Err(BadTarget::Private);
        }
        let authority = url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        Ok(Self { tls, host, port, authority, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let target = Target::parse("https://Hooks.Example.com.:8443/a?b=c", false).unwrap();
        assert_eq!((target.tls, target.host, target.port), (true, Host::Domain("hooks.example.com".to_owned()), 8443));
        assert_eq!((target.authority.as_str(), target.path.as_str()), ("hooks.example.com:8443", "/a?b=c"));
        assert_eq!(Target::parse("https://例子.中国/钩", false).unwrap().authority, "xn--fsqu00a.xn--fiqs8s");
        let own = Target::parse("http://127.0.0.1:9/x", true).unwrap();
        assert_eq!((own.tls, own.port), (false, 9));
    }

    #[test]
    fn what_is_unfit_is_refused_with_what_to_do() {
        for (raw, why) in [
            ("", BadTarget::Malformed),
            ("example.com", BadTarget::Malformed),
            ("https://exa mple.com", BadTarget::Malformed),
            ("https://example.com\\@127.0.0.1/", BadTarget::Malformed),
            ("https://example.com/\r\nHost: x", BadTarget::Malformed),
            ("https://example.com/#x", BadTarget::Malformed),
            ("http://example.com/", BadTarget::NotHttps),
            ("ftp://example.com/", BadTarget::NotHttps),
            ("https://user:pass@example.com/", BadTarget::UserInfo),
            ("https://example.com:25/", BadTarget::Port),
            ("https://intranet/", BadTarget::Private),
            ("https://localhost./", BadTarget::Private),
        ] {
            assert_eq!(Target::parse(raw, false), Err(why), "{raw}");
        }
    }
}
