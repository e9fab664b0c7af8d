//! Lets a handler that waits long take its connection over from HTTP: what HTTP keeps for a request that is being answered is six times what a waiting client
//! costs. Only the success is answered this way; every refusal is answered the ordinary way, before the connection is taken over.

use std::{fmt::Write as _, future::Future, io, pin::Pin, sync::Arc};

use axum::{
    body::Bytes,
    extract::OptionalFromRequestParts,
    http::{HeaderMap, request::Parts},
};
use realtime::socket;
use tokio::{net::TcpStream, sync::mpsc};

use crate::problem::Problem;

/// Answers the next request of a connection as if the connection had just been accepted.
pub type Again = Arc<dyn Fn(TcpStream) + Send + Sync>;
/// What a handler does with the connection it took over.
pub type Work = Box<dyn FnOnce(Taken) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// A connection detached from HTTP: its request was read completely, and nothing has been answered yet.
pub struct Taken {
    /// The connection.
    pub stream: TcpStream,
    /// Bytes that were read beyond the request.
    pub early: Bytes,
    /// Takes the connection back for its next request.
    pub again: Again,
}

/// Gives a handler its connection: an extension of each request that came over a connection of its own.
#[derive(Clone)]
pub struct Takeover(mpsc::Sender<Work>);

impl Takeover {
    /// A pair: the handler's end and the connection's end.
    pub fn new() -> (Self, mpsc::Receiver<Work>) {
        let (take, taken) = mpsc::channel(1);
        (Self(take), taken)
    }

    /// Takes the connection over. Never returns: for HTTP the request ends here, and with it the handler.
    pub async fn take(self, work: Work) -> ! {
        let _ = self.0.send(work).await;
        std::future::pending().await
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Takeover {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

impl Taken {
    /// Writes the head of a 200 response, in HTTP/1.1.
    pub async fn head(&self, headers: &HeaderMap) -> io::Result<()> {
        let mut head = String::from("HTTP/1.1 200 OK\r\n");
        for (name, value) in headers {
            let _ = write!(head, "{name}: {}\r\n", value.to_str().unwrap_or_default());
        }
        head.push_str("\r\n");
        self.write(head.as_bytes()).await
    }
    /// Writes bytes. Fails if the reader accepts nothing for too long.
    pub async fn write(&self, bytes: &[u8]) -> io::Result<()> {
        socket::write(&self.stream, &[], bytes).await
    }
    /// Waits until the client disconnects. Anything the client sends during that time is out of turn and ends the wait, too.
    pub async fn wait_for_disconnect(&self) {
        let mut byte = [0; 1];
        loop {
            if self.stream.readable().await.is_err() {
                return;
            }
            match self.stream.try_read(&mut byte) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                _ => return,
            }
        }
    }
}
