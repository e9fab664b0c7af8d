//! The answer to a request, read piece by piece.

use std::{pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, timeout_at},
};

use super::{Body, Failure, Limits, costs::Meter};

/// The largest response head, in bytes.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// The connection at work; `None` once it has ended. It works only while somebody waits for something from it.
type Line = Option<Pin<Box<dyn Future<Output = ()> + Send>>>;

/// The answer to a request. Dropping it ends the connection.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: Incoming,
    line: Line,
    // A connection without anybody who could ask more of it ends early.
    _sender: SendRequest<Body>,
    _meter: Arc<Meter>,
    idle: Duration,
    until: Instant,
    bytes_left: usize,
    is_too_large: bool,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).field("bytes_left", &self.bytes_left).finish_non_exhaustive()
    }
}

impl Answer {
    /// How many milliseconds the receiver asks us to wait, from its `Retry-After`: seconds, or a date by the receiver's own clock, which its `Date` tells.
    pub fn retry_after(&self) -> Option<i64> {
        let text = |name| self.headers.get(name)?.to_str().ok().map(str::trim);
        let told = text(header::RETRY_AFTER)?;
        let Ok(seconds) = told.parse::<i64>() else {
            let date = |text| httpdate::parse_http_date(text).ok();
            return i64::try_from(date(told)?.duration_since(date(text(header::DATE)?)?).ok()?.as_millis()).ok();
        };
        Some(seconds.saturating_mul(1000))
    }

    /// The next piece of the body; `None` after the last one. Fails with `TooLarge` after the most bytes that were allowed, and with `TimedOut` if the piece or
    /// the whole answer takes too long. A caller that stops waiting misses nothing.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            if self.is_too_large {
                return Err(Failure::TooLarge);
            }
            let by = (Instant::now() + self.idle).min(self.until);
            let frame = timeout_at(by, while_working(&mut self.line, self.body.frame())).await.map_err(|_| Failure::TimedOut)?;
            let Some(frame) = frame else { return Ok(None) };
            // What is no data is a trailer.
            let Ok(mut data) = frame.map_err(|_| Failure::Broken)?.into_data() else { continue };
            if data.len() > self.bytes_left {
                data.truncate(self.bytes_left);
                self.is_too_large = true;
            }
            self.bytes_left -= data.len();
            if !data.is_empty() {
                return Ok(Some(data));
            }
        }
    }

    /// The beginning of the body, up to `most` bytes: all of it, what came before the connection broke, or what was allowed.
    pub async fn beginning(&mut self, most: usize) -> Result<Vec<u8>, Failure> {
        let mut read = Vec::new();
        while read.len() < most {
            match self.piece().await {
                Ok(Some(piece)) => read.extend_from_slice(&piece),
                Ok(None) | Err(Failure::Broken | Failure::TooLarge) => break,
                Err(failure) => return Err(failure),
            }
        }
        read.truncate(most);
        Ok(read)
    }
}

/// Sends one request on a connection of its own, and reads the head of the answer.
pub(super) async fn exchange<S>(stream: S, request: Request<Body>, meter: Arc<Meter>, limits: &Limits, until: Instant) -> Result<Answer, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let handshake = http1::Builder::new().max_buf_size(MAX_HEAD_BYTES).handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(|_| Failure::Broken)?;
    let mut line: Line = Some(Box::pin(async move {
        // Whoever waits for something from it is told how it ended.
        let _ = connection.await;
    }));
    let response = {
        let asked = sender.send_request(request);
        tokio::pin!(asked);
        loop {
            let written_at = meter.written_at();
            let by = (written_at + limits.first_byte).min(until);
            match timeout_at(by, while_working(&mut line, &mut asked)).await {
                Ok(response) => break response.map_err(|_| Failure::Broken)?,
                Err(_) if by == until || meter.written_at() == written_at => return Err(Failure::TimedOut),
                Err(_) => {}
            }
        }
    };
    let (parts, body) = response.into_parts();
    Ok(Answer {
        status: parts.status,
        headers: parts.headers,
        body,
        line,
        _sender: sender,
        _meter: meter,
        idle: limits.idle,
        until,
        bytes_left: limits.most_bytes,
        is_too_large: false,
    })
}

/// Waits for something while the connection works. The connection may end before what it brought was taken.
async fn while_working<T>(line: &mut Line, awaited: impl Future<Output = T>) -> T {
    tokio::pin!(awaited);
    if let Some(connection) = line {
        tokio::select! {
            done = &mut awaited => return done,
            () = connection => {}
        }
        *line = None;
    }
    awaited.await
}
