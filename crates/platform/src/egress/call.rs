//! What a request consists of, and how long it may take.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use domain::id::TenantId;
use futures_util::{Stream, StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, Method, Request, header};
use hyper::body::{Frame, SizeHint};

use super::{Failure, Target, costs::Purpose};

/// A request.
pub struct Call {
    /// The company for which it is made.
    pub tenant: TenantId,
    /// What it is for.
    pub purpose: Purpose,
    /// The method: any but CONNECT.
    pub method: Method,
    /// Its headers. Those that say where it goes and where it ends are set by us.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Body,
    /// How long it may take, and how large the answer may be.
    pub limits: Limits,
}

/// How long a request may take, and how large the answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The time for resolving the name and for connecting, with encryption.
    pub connect: Duration,
    /// The time from the last bytes of the request that were sent to the head of the answer. While a request is being sent, this is how long it may stand still.
    pub first_byte: Duration,
    /// The time between two pieces of the answer.
    pub idle: Duration,
    /// The time of everything together.
    pub whole: Duration,
    /// The most bytes of the answer's body.
    pub most_bytes: usize,
}

impl Limits {
    /// Everything within a time, however it is spent.
    pub const fn within(whole: Duration, most_bytes: usize) -> Self {
        Self { connect: whole, first_byte: whole, idle: whole, whole, most_bytes }
    }
}

impl Call {
    /// A request that posts JSON.
    pub fn post_json(tenant: TenantId, purpose: Purpose, mut headers: HeaderMap, body: Bytes, limits: Limits) -> Self {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self { tenant, purpose, method: Method::POST, headers, body: body.into(), limits }
    }

    /// The request as it is sent to a target; a request to open a tunnel is not.
    pub(super) fn request(self, target: &Target) -> Result<Request<Body>, Failure> {
        let Self { tenant: _, purpose: _, method, mut headers, body, limits: _ } = self;
        if method == Method::CONNECT {
            return Err(Failure::Unreachable);
        }
        for ours in [header::CONNECTION, header::CONTENT_LENGTH, header::EXPECT, header::TE, header::TRAILER, header::TRANSFER_ENCODING, header::UPGRADE] {
            headers.remove(ours);
        }
        headers.insert(header::HOST, HeaderValue::from_str(&target.authority).map_err(|_| Failure::Unreachable)?);
        headers.entry(header::USER_AGENT).or_insert(HeaderValue::from_static("Yingda-Webhooks/1"));
        let mut request = Request::builder().method(method).uri(target.path.as_str()).body(body).map_err(|_| Failure::Unreachable)?;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

/// The body of a request.
pub struct Body {
    pieces: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
    length: Option<u64>,
}

impl Body {
    /// No body.
    pub fn empty() -> Self {
        Self { pieces: stream::empty().boxed(), length: Some(0) }
    }

    /// A body that is sent piece by piece, as the receiver takes it. With a `length` in bytes, the receiver is told it, and the request fails if the pieces have
    /// more or fewer; without one, the body is sent in chunks, which not every receiver takes.
    pub fn stream(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static, length: Option<u64>) -> Self {
        Self { pieces: pieces.boxed(), length }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        let length = u64::try_from(bytes.len()).ok();
        if bytes.is_empty() { Self::empty() } else { Self::stream(stream::iter([Ok(bytes)]), length) }
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.pieces.poll_next_unpin(cx).map_ok(Frame::data)
    }
    fn is_end_stream(&self) -> bool {
        self.length == Some(0)
    }
    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
