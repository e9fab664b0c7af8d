//! Egress: outgoing requests to addresses that somebody else chose. They are sent in no other way: a name is resolved once, every address it has is checked,
//! the connection goes to an address that was checked, no redirect is followed, no proxy is used, and the response is truncated.

mod address;
mod look_ups;
mod target;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use domain::id::TenantId;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use url::Host;

use look_ups::LookUps;
pub use target::{BadTarget, Target};

/// The time limit of a request, from resolving the name to the last byte.
const WITHIN: Duration = Duration::from_millis(domain::webhook_queue::ATTEMPT_MS.unsigned_abs());
/// The most bytes read of a response body.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// The largest response head, in bytes.
const MAX_HEAD_BYTES: usize = 32 * 1024;
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

/// The response to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// How many milliseconds the receiver asks us to wait, from its `Retry-After`.
    pub retry_after: Option<i64>,
    /// The beginning of the body, as far as it can be shown.
    pub excerpt: String,
}

/// The response to a request, with its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// How many milliseconds the receiver asks us to wait, from its `Retry-After`.
    pub retry_after: Option<i64>,
    /// The beginning of the body.
    pub body: Vec<u8>,
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
}

impl Failure {
    /// A stable name for the failure. Names are only ever added.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Tls => "tls_failed",
            Self::Broken => "broken",
        }
    }
}

/// Sends outgoing requests. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    allow_private: bool,
    look_ups: Arc<LookUps>,
    tls: TlsConnector,
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
        Ok(Self { allow_private, look_ups: Arc::new(LookUps::new(resolver)), tls: TlsConnector::from(Arc::new(config)) })
    }

    /// Parses an address and checks whether a request may go there.
    pub fn target(&self, raw: &str) -> Result<Target, BadTarget> {
        Target::parse(raw, self.allow_private)
    }

    /// Posts JSON for a company.
    pub async fn post(&self, tenant: TenantId, target: &Target, headers: HeaderMap, body: Bytes) -> Result<Reply, Failure> {
        let Answer { status, retry_after, body } = self.fetch(tenant, target, headers, body, MAX_BODY_BYTES).await?;
        Ok(Reply { status, retry_after, excerpt: excerpt(&body) })
    }

    /// Posts JSON for a company, and returns the beginning of the response's body.
    pub async fn fetch(&self, tenant: TenantId, target: &Target, headers: HeaderMap, body: Bytes, most_bytes: usize) -> Result<Answer, Failure> {
        tokio::time::timeout(WITHIN, self.ask(tenant, target, headers, body, most_bytes)).await.unwrap_or(Err(Failure::TimedOut))
    }

    async fn ask(&self, tenant: TenantId, target: &Target, headers: HeaderMap, body: Bytes, most_bytes: usize) -> Result<Answer, Failure> {
        let stream = self.connect(tenant, target).await?;
        let mut request = Request::post(target.path.as_str()).body(Full::new(body)).map_err(|_| Failure::Unreachable)?;
        let authority = HeaderValue::from_str(&target.authority).map_err(|_| Failure::Unreachable)?;
        *request.headers_mut() = headers;
        request.headers_mut().insert(header::HOST, authority);
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request.headers_mut().entry(header::USER_AGENT).or_insert(HeaderValue::from_static("Yingda-Webhooks/1"));
        if !target.tls {
            return exchange(stream, request, most_bytes).await;
        }
        let name = match &target.host {
            Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|_| Failure::Unreachable)?,
            Host::Ipv4(v4) => ServerName::from(std::net::IpAddr::V4(*v4)),
            Host::Ipv6(v6) => ServerName::from(std::net::IpAddr::V6(*v6)),
        };
        exchange(self.tls.connect(name, stream).await.map_err(|_| Failure::Tls)?, request, most_bytes).await
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

/// Sends one request and reads its response, on a connection of its own.
async fn exchange<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(stream: S, request: Request<Full<Bytes>>, most_bytes: usize) -> Result<Answer, Failure> {
    let handshake = http1::Builder::new().max_buf_size(MAX_HEAD_BYTES).handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(|_| Failure::Broken)?;
    let asked = async move {
        let response = sender.send_request(request).await.map_err(|_| Failure::Broken)?;
        let status = response.status();
        let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(|value| value.trim().parse::<i64>().ok());
        let body = beginning(response.into_body(), most_bytes).await;
        Ok(Answer { status, retry_after: retry_after.map(|seconds| seconds.saturating_mul(1000)), body })
    };
    tokio::pin!(asked, connection);
    tokio::select! {
        reply = &mut asked => reply,
        // The connection may end before its last response was taken.
        _ = &mut connection => asked.await,
    }
}

/// The beginning of a body, up to the limit.
async fn beginning(mut body: Incoming, most_bytes: usize) -> Vec<u8> {
    let mut read = Vec::new();
    while read.len() < most_bytes {
        match body.frame().await {
            Some(Ok(frame)) => read.extend(frame.into_data().unwrap_or_default()),
            Some(Err(_)) | None => break,
        }
    }
    read.truncate(most_bytes);
    read
}

/// The part of a body that is shown: text on one line.
fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(EXCERPT_CHARS * 4)]).into_owned();
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().chars().take(EXCERPT_CHARS).collect()
}

#[cfg(test)]
mod tests;
