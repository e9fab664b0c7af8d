//! Egress: outgoing requests to addresses that somebody else chose. They are sent in no other way: a name is resolved once, every address it has is checked,
//! the connection goes to an address that was checked, no redirect is followed, no proxy is used, and time and bytes are limited. What each company's requests
//! cost is counted.

mod address;
mod answer;
mod call;
mod costs;
mod counted;
mod look_ups;
mod target;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use domain::id::TenantId;
use futures_util::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use url::Host;

pub use answer::Answer;
pub use call::{Body, Call, Limits};
use costs::Meter;
pub use costs::{Cost, Costs, Purpose};
use counted::Counted;
use look_ups::LookUps;
pub use target::{BadTarget, Target};

/// The time limit of a request that only posts something, from resolving the name to the last byte.
pub const WITHIN: Duration = Duration::from_millis(machines::webhook_queue::ATTEMPT_MS.unsigned_abs());
/// The most bytes read of the answer to such a request.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// The most characters shown of a response body.
const EXCERPT_CHARS: usize = 300;

/// Resolves names to addresses.
pub trait Resolve: Send + Sync {
    /// All addresses of a name, with the port.
    fn resolve(&self, name: String, port: u16) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>>;
}

/// The machine's own resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: String, port: u16) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, port)).await?.collect()) })
    }
}

/// The response to a request that posted something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// How many milliseconds the receiver asks us to wait, from its `Retry-After`.
    pub retry_after: Option<i64>,
    /// The beginning of the body, as far as it can be shown.
    pub excerpt: String,
}

/// Why there is no response. It does not distinguish a closed port from a forbidden address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The name or address does not exist, nothing listens there, or we are not allowed to connect to it.
    Unreachable,
    /// It took too long.
    TimedOut,
    /// No encrypted connection could be established.
    Tls,
    /// The connection broke, or the response is not HTTP.
    Broken,
    /// The body of the response is larger than was allowed.
    TooLarge,
}

impl Failure {
    /// A stable name for the failure. Names are only ever added.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Tls => "tls_failed",
            Self::Broken => "broken",
            Self::TooLarge => "too_large",
        }
    }
}

/// A connection on which a request can be sent.
enum Stream {
    Plain(Counted),
    Encrypted(Box<TlsStream<Counted>>),
}

/// Sends outgoing requests. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    allow_private: bool,
    look_ups: Arc<LookUps>,
    tls: TlsConnector,
    costs: Arc<Costs>,
}

impl Egress {
    /// With the machine's resolver and the root certificates that browsers trust.
    pub fn new(allow_private: bool) -> std::io::Result<Self> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self::with(allow_private, Arc::new(SystemResolver), roots)
    }

    /// With the given resolver and root certificates.
    pub fn with(allow_private: bool, resolver: Arc<dyn Resolve>, roots: RootCertStore) -> std::io::Result<Self> {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
        let config = config.map_err(std::io::Error::other)?.with_root_certificates(roots).with_no_client_auth();
        let (look_ups, tls) = (Arc::new(LookUps::new(resolver)), TlsConnector::from(Arc::new(config)));
        Ok(Self { allow_private, look_ups, tls, costs: Arc::default() })
    }

    /// What the requests of this node cost.
    pub fn costs(&self) -> &Costs {
        &self.costs
    }

    /// Parses an address and checks whether a request may go there.
    pub fn target(&self, raw: &str) -> Result<Target, BadTarget> {
        Target::parse(raw, self.allow_private)
    }

    /// Posts JSON, and returns the beginning of the response.
    pub async fn post(&self, tenant: TenantId, purpose: Purpose, target: &Target, headers: HeaderMap, body: Bytes) -> Result<Reply, Failure> {
        let limits = Limits::within(WITHIN, MAX_BODY_BYTES);
        let mut answer = self.open(target, Call::post_json(tenant, purpose, headers, body, limits)).await?;
        let body = answer.beginning(MAX_BODY_BYTES).await?;
        Ok(Reply { status: answer.status, retry_after: answer.retry_after(), excerpt: excerpt(&body) })
    }

    /// Sends a request, and returns as soon as the head of the response is there; the body is read from the answer, piece by piece. Dropping the future or the
    /// answer ends the connection. What is over is counted in the [`Costs`].
    pub async fn open(&self, target: &Target, call: Call) -> Result<Answer, Failure> {
        let meter = Arc::new(Meter::start(self.costs.clone(), call.tenant, call.purpose));
        let (tenant, limits) = (call.tenant, call.limits);
        let until = Instant::now() + limits.whole;
        let request = call.request(target)?;
        let connect = async {
            let stream = Counted { stream: self.connect(tenant, target).await?, meter: meter.clone() };
            if !target.tls {
                return Ok(Stream::Plain(stream));
            }
            let name = match &target.host {
                Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|_| Failure::Unreachable)?,
                Host::Ipv4(v4) => ServerName::from(std::net::IpAddr::V4(*v4)),
                Host::Ipv6(v6) => ServerName::from(std::net::IpAddr::V6(*v6)),
            };
            Ok(Stream::Encrypted(Box::new(self.tls.connect(name, stream).await.map_err(|_| Failure::Tls)?)))
        };
        let by = (Instant::now() + limits.connect).min(until);
        match timeout_at(by, connect).await.map_err(|_| Failure::TimedOut)?? {
            Stream::Plain(stream) => answer::exchange(stream, request, meter, &limits, until).await,
            Stream::Encrypted(stream) => answer::exchange(stream, request, meter, &limits, until).await,
        }
    }

    /// Resolves the name once, checks every address found, and connects to nothing else.
    async fn connect(&self, tenant: TenantId, target: &Target) -> Result<TcpStream, Failure> {
        let addresses = match &target.host {
            Host::Domain(name) => self.look_ups.find(tenant, name.clone(), target.port).await.ok_or(Failure::Unreachable)?,
            Host::Ipv4(v4) => vec![(*v4, target.port).into()],
            Host::Ipv6(v6) => vec![(*v6, target.port).into()],
        };
        let may_go = |address: &SocketAddr| address::may_go(address.ip(), self.allow_private) && (self.allow_private || !address::is_own(address.ip()));
        if !addresses.iter().all(may_go) {
            return Err(Failure::Unreachable);
        }
        for address in addresses {
            if let Ok(stream) = TcpStream::connect(address).await {
                return Ok(stream);
            }
        }
        Err(Failure::Unreachable)
    }
}

/// The part of a body that is shown: text on one line.
fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(EXCERPT_CHARS * 4)]).into_owned();
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    domain::graphemes::within(plain.trim(), EXCERPT_CHARS).to_owned()
}

#[cfg(test)]
mod tests;
