//! A network that breaks: a TCP proxy whose connections can be reset, or left hanging.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

use testkit::Must;

/// What happens to bytes in transit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// The bytes pass.
    Fair,
    /// The bytes are dropped, in both directions, while the connections stay open: a half-open link.
    Silent,
}

/// A proxy in front of a server.
pub struct FaultProxy {
    /// The address to connect to instead of the server's.
    pub address: SocketAddr,
    weather: watch::Sender<Weather>,
    refusing: Arc<AtomicBool>,
    opened: Arc<Mutex<usize>>,
}

impl FaultProxy {
    /// Starts a proxy in front of `target`, `http://127.0.0.1:port` or `127.0.0.1:port`.
    pub async fn before(target: &str) -> Self {
        let target: SocketAddr = target.trim_start_matches("http://").parse().must("an address");
        let listener = TcpListener::bind("127.0.0.1:0").await.must("a free port");
        let address = listener.local_addr().must("an address");
        let (weather, seen) = watch::channel(Weather::Fair);
        let (refusing, opened) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(0)));
        let (refuse, count) = (refusing.clone(), opened.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if refuse.load(SeqCst) {
                    reset(client);
                    continue;
                }
                *count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                tokio::spawn(carry(client, target, seen.clone()));
            }
        });
        Self { address, weather, refusing, opened }
    }

    /// The address as a URL, `http://…`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }
    /// Resets every connection; new ones pass.
    pub fn reset(&self) {
        self.weather.send_replace(Weather::Fair);
    }
    /// From now on nothing passes, and neither end is notified.
    pub fn silence(&self) {
        self.weather.send_replace(Weather::Silent);
    }
    /// Sets whether new connections are reset at once.
    pub fn refuse(&self, on: bool) {
        self.refusing.store(on, SeqCst);
    }
    /// New connections pass again; those that hung are cut.
    pub fn heal(&self) {
        self.refuse(false);
        self.reset();
    }
    /// The number of connections that were opened.
    pub fn opened(&self) -> usize {
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a connection with a reset instead of an orderly end.
fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
}

async fn carry(client: TcpStream, target: SocketAddr, mut weather: watch::Receiver<Weather>) {
    let Ok(server) = TcpStream::connect(target).await else { return reset(client) };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    weather.mark_unchanged();
    let ((client_read, client_write), (server_read, server_write)) = (client.into_split(), server.into_split());
    let up = tokio::spawn(one_way(client_read, server_write, weather.clone()));
    let down = tokio::spawn(one_way(server_read, client_write, weather.clone()));
    let ends = async { tokio::join!(up, down) };
    let _ = ends.await;
}

/// Transfers bytes until an end. If fair weather is announced again, existing connections are reset.
async fn one_way(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut weather: watch::Receiver<Weather>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        tokio::select! {
            biased;
            changed = weather.changed() => {
                if changed.is_err() {
                    return;
                }
                if *weather.borrow_and_update() != Weather::Silent {
                    let _ = from.as_ref().set_zero_linger();
                    let _ = to.as_ref().set_zero_linger();
                    return;
                }
            }
            read = from.read(&mut buffer), if *weather.borrow() != Weather::Silent => match read {
                Ok(0) | Err(_) => {
                    let _ = to.shutdown().await;
                    return;
                }
                Ok(n) => {
                    if to.write_all(&buffer[..n]).await.is_err() {
                        return;
                    }
                }
            },
        }
    }
}
