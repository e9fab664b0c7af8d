//! A WebSocket client for load: one buffer in, one buffer out, and all available frames in one write.
//!
//! It understands only what the server sends: unfragmented text, ping, pong, close (RFC 6455). The masking key is zero: there is no cache in between that would
//! need protection, and masking would cost more than everything else here.

use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    ops::Range,
};

use anyhow::{Context as _, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

/// The opcode of a text frame.
pub const TEXT: u8 = 1;
/// The opcode of a close frame.
pub const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;
/// The least free space for one read, in bytes.
const READ: usize = 4 * 1024;

/// A WebSocket connection.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    input: Vec<u8>,
    taken: usize,
    output: Vec<u8>,
}

/// A message that arrived.
#[derive(Debug, PartialEq, Eq)]
pub enum Message {
    /// A text; see [`Socket::text`].
    Text(Range<usize>),
    /// The server closed the connection.
    Closed,
}

/// The server answered with something other than an upgrade; contains its status line.
#[derive(Debug)]
pub struct NoUpgrade(String);

impl NoUpgrade {
    /// Whether the same may be requested again later.
    pub fn is_busy(&self) -> bool {
        self.0.split(' ').nth(1) == Some("503")
    }
}
impl fmt::Display for NoUpgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no upgrade: {}", self.0)
    }
}
impl std::error::Error for NoUpgrade {}

impl Socket {
    /// Connects to `/ws`, from an address of this machine if one is given; each of the `headers` ends with a line break.
    pub async fn connect(to: SocketAddr, from: Option<IpAddr>, headers: &str) -> anyhow::Result<Self> {
        Self::connect_at(to, from, "/ws", headers).await
    }

    /// The same for a different path.
    pub async fn connect_at(to: SocketAddr, from: Option<IpAddr>, path: &str, headers: &str) -> anyhow::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        if let Some(from) = from {
            socket.bind(SocketAddr::new(from, 0))?;
        }
        Self::upgrade(socket.connect(to).await?, to, path, headers).await
    }

    /// Requests a WebSocket on an existing connection.
    pub async fn upgrade(mut stream: TcpStream, to: SocketAddr, path: &str, headers: &str) -> anyhow::Result<Self> {
        stream.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {to}\r\nOrigin: http://{to}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eWluZ2RhLWJlbmNoLi4uLg==\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut input = Vec::with_capacity(READ);
        let end = loop {
            if let Some(at) = input.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut input).await? == 0 || input.len() > 16 * READ {
                bail!("the server ended the handshake");
            }
        };
        if !input.starts_with(b"HTTP/1.1 101") {
            return Err(NoUpgrade(String::from_utf8_lossy(&input[..end]).lines().next().unwrap_or_default().to_owned()).into());
        }
        Ok(Self { stream, input, taken: end, output: Vec::new() })
    }

    /// The underlying stream; what was read and not taken is lost.
    pub fn into_stream(self) -> TcpStream {
        self.stream
    }

    /// Adds a text to what the next [`Self::flush`] writes.
    pub fn queue(&mut self, text: &str) {
        frame(&mut self.output, TEXT, text.as_bytes());
    }

    /// Writes what was queued.
    pub async fn flush(&mut self) -> io::Result<()> {
        if !self.output.is_empty() {
            self.stream.write_all(&self.output).await?;
            self.output.clear();
        }
        Ok(())
    }

    /// Reads once; may be cancelled. An error if the other end is gone.
    pub async fn fill(&mut self) -> io::Result<()> {
        if self.taken > 0 {
            self.input.drain(..self.taken);
            self.taken = 0;
        }
        self.input.reserve(READ);
        match self.stream.read_buf(&mut self.input).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// The next message that has arrived completely, if there is one; its text is valid until the next [`Self::fill`].
    pub fn next(&mut self) -> anyhow::Result<Option<Message>> {
        loop {
            let Some((opcode, body)) = parse(&self.input, self.taken)? else { return Ok(None) };
            self.taken = body.end;
            match opcode {
                TEXT => return Ok(Some(Message::Text(body))),
                CLOSE => return Ok(Some(Message::Closed)),
                PING => {
                    let body = self.input[body].to_vec();
                    frame(&mut self.output, PONG, &body);
                }
                _ => {}
            }
        }
    }

    /// The text of a message.
    pub fn text(&self, range: Range<usize>) -> anyhow::Result<&str> {
        std::str::from_utf8(self.input.get(range).unwrap_or_default()).context("the server sent no UTF-8")
    }

    /// Waits for the next message and copies it; `None` at the end.
    pub async fn receive(&mut self) -> anyhow::Result<Option<String>> {
        loop {
            match self.next()? {
                Some(Message::Text(range)) => return self.text(range).map(|text| Some(text.to_owned())),
                Some(Message::Closed) => return Ok(None),
                None => {
                    self.flush().await?;
                    self.fill().await?;
                }
            }
        }
    }
}

fn frame(out: &mut Vec<u8>, opcode: u8, body: &[u8]) {
    raw_frame(out, 0x80 | opcode, body);
}

/// Adds a frame with this first byte, whatever it means, masked as by a client.
pub fn raw_frame(out: &mut Vec<u8>, first: u8, body: &[u8]) {
    out.push(first);
    match body.len() {
        n if n < 126 => out.push(0x80 | n as u8),
        n if n < 65_536 => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(n as u16).to_be_bytes());
        }
        n => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(n as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(body);
}

/// The frame that begins at `at`, if it has arrived completely: its opcode, and the range of its body.
pub fn parse(input: &[u8], at: usize) -> anyhow::Result<Option<(u8, Range<usize>)>> {
    let [first, second, rest @ ..] = &input[at..] else { return Ok(None) };
    if first & 0xF0 != 0x80 || second & 0x80 != 0 {
        bail!("the server sent a fragment, an extension or a masked frame");
    }
    let (header, length) = match (second, rest) {
        (n @ 0..=125, _) => (2, usize::from(*n)),
        (126, [a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
        (127, [a, b, c, d, e, f, g, h, ..]) => (10, usize::try_from(u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]))?),
        _ => return Ok(None),
    };
    let body = at + header..at + header + length;
    Ok((body.end <= input.len()).then_some((first & 0x0F, body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_server(body: &[u8]) -> Vec<u8> {
        let mut framed = Vec::new();
        frame(&mut framed, TEXT, body);
        // A server does not mask: the bit and the key are removed.
        framed[1] &= 0x7F;
        let key = framed.len() - body.len() - 4;
        framed.drain(key..key + 4);
        framed
    }

    #[test]
    fn frames_of_every_length_are_read_back() {
        for n in [0, 1, 125, 126, 65_535, 65_536, 200_000] {
            let body: Vec<u8> = (0..n).map(|i| b'a' + (i % 26) as u8).collect();
            let mut input = from_server(b"before");
            let at = input.len();
            input.extend(from_server(&body));
            let (opcode, range) = parse(&input, at).unwrap().unwrap();
            assert_eq!((opcode, &input[range]), (TEXT, &body[..]));
            assert_eq!(parse(&input[..input.len() - 1], at).unwrap(), None);
        }
    }

    #[test]
    fn part_of_a_header_is_waited_for_and_a_fragment_refused() {
        assert_eq!(parse(&[], 0).unwrap(), None);
        assert_eq!(parse(&[0x81], 0).unwrap(), None);
        assert_eq!(parse(&[0x81, 126, 0], 0).unwrap(), None);
        assert!(parse(&[0x01, 1, b'x'], 0).is_err());
    }
}
