//! A WebSocket over TCP: [`crate::framing`] on the stream left by an upgrade. Bytes are read into one buffer per thread, so that a silent connection holds
//! none.

use std::{cell::RefCell, collections::VecDeque, io, io::IoSlice, time::Duration};

use socket2::SockRef;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::framing::{Decoder, Message, Opcode, Violation, head_of};

/// How many bytes are read at once.
const READ_BYTES: usize = 32 * 1024;
/// How many bytes the kernel may hold for a slow reader.
const SEND_BUFFER_BYTES: usize = 128 * 1024;
/// A reader that accepts nothing for this long is given up, and so is a link that acknowledges nothing.
const WRITE_WITHIN: Duration = Duration::from_secs(30);

/// How long closing a connection may take, and how many bytes of the other end are read in that time.
pub const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 8 * 1024 * 1024;

thread_local! {
    static READ: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BYTES].into_boxed_slice());
}

/// Why nothing more can be read or written.
#[derive(Debug, thiserror::Error)]
pub enum End {
    /// The other end is gone, or does not respond.
    #[error("the connection ended")]
    Gone(#[from] io::Error),
    /// The client broke the rules.
    #[error(transparent)]
    Broken(#[from] Violation),
}

/// Complete messages from and to a client, over any transport.
pub trait Messages: Send {
    /// Receives the next message. Cancelling it while it waits loses nothing.
    fn receive(&mut self) -> impl Future<Output = Result<Message, End>> + Send;
    /// Writes a text message.
    fn send(&mut self, text: &str) -> impl Future<Output = Result<(), End>> + Send;
    /// Answers a ping.
    fn pong(&mut self, payload: &[u8]) -> impl Future<Output = Result<(), End>> + Send;
    /// Closes, with a status if there is one to give (RFC 6455 §7.4.1).
    fn close(&mut self, status: Option<u16>) -> impl Future<Output = ()> + Send;
}

/// A WebSocket connection; see the module.
pub struct Socket {
    stream: TcpStream,
    decoder: Decoder,
    received: VecDeque<Message>,
    /// The violation that followed the received messages, and ends the connection once they are taken.
    broken: Option<Violation>,
}

impl Socket {
    /// Uses an upgraded stream; `early` was read beyond the request.
    pub fn new(stream: TcpStream, early: &[u8]) -> Self {
        let mut socket = Self { stream, decoder: Decoder::default(), received: VecDeque::new(), broken: None };
        socket.broken = socket.decoder.push(&mut early.to_vec(), &mut socket.received).err();
        socket
    }

    /// Reads what has arrived without waiting; returns the number of bytes.
    fn read(&mut self) -> io::Result<usize> {
        READ.with_borrow_mut(|buffer| {
            let n = self.stream.try_read(buffer)?;
            self.broken = self.decoder.push(&mut buffer[..n], &mut self.received).err();
            Ok(n)
        })
    }

    async fn write(&mut self, opcode: Opcode, payload: &[u8]) -> Result<(), End> {
        let (head, head_len) = head_of(opcode, payload.len());
        Ok(write(&self.stream, &head[..head_len], payload).await?)
    }
}

/// Writes a head and what follows it, in one system call unless the other end is slow. Fails if the other end accepts nothing for too long.
pub async fn write(stream: &TcpStream, head: &[u8], payload: &[u8]) -> io::Result<()> {
    let (mut done, all) = (0, head.len() + payload.len());
    while done < all {
        let wrote = match done.checked_sub(head.len()) {
            None => stream.try_write_vectored(&[IoSlice::new(&head[done..]), IoSlice::new(payload)]),
            Some(at) => stream.try_write(&payload[at..]),
        };
        match wrote {
            Ok(n) => done += n,
            Err(error) if would_block(&error) => tokio::time::timeout(WRITE_WITHIN, stream.writable()).await??,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads what the other end still sends on a stream that was shut down, until it ends: closing with unread bytes would reset the connection and lose the last
/// words (RFC 9112, section 9.6).
pub async fn drain(stream: &TcpStream) -> io::Result<()> {
    let mut left = LINGER_BYTES;
    while left > 0 {
        match READ.with_borrow_mut(|buffer| stream.try_read(buffer)) {
            Ok(0) => break,
            Ok(read) => left = left.saturating_sub(read),
            Err(error) if would_block(&error) => stream.readable().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Sets how much the kernel may hold for a slow reader, and when it gives up an unacknowledged link.
pub fn tune(stream: &TcpStream) -> io::Result<()> {
    let options = SockRef::from(stream);
    options.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    options.set_tcp_user_timeout(Some(WRITE_WITHIN))
}

fn would_block(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

impl Messages for Socket {
    async fn receive(&mut self) -> Result<Message, End> {
        loop {
            if let Some(message) = self.received.pop_front() {
                return Ok(message);
            }
            if let Some(violation) = self.broken {
                return Err(violation.into());
            }
            // Its memory is freed: most connections wait much longer than they talk.
            self.received = VecDeque::new();
            self.stream.readable().await?;
            match self.read() {
                Ok(0) => return Err(End::Gone(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => {}
                Err(error) if would_block(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    async fn send(&mut self, text: &str) -> Result<(), End> {
        self.write(Opcode::Text, text.as_bytes()).await
    }
    async fn pong(&mut self, payload: &[u8]) -> Result<(), End> {
        self.write(Opcode::Pong, payload).await
    }
    async fn close(&mut self, status: Option<u16>) {
        let status = status.map(u16::to_be_bytes);
        let goodbye = async {
            self.write(Opcode::Close, status.as_ref().map_or(&[], |status| &status[..])).await?;
            self.stream.shutdown().await?;
            drain(&self.stream).await?;
            Ok::<(), End>(())
        };
        let _ = tokio::time::timeout(LINGER, goodbye).await;
    }
}
