//! One connection through the proxy: each direction is read, held back for as long as necessary, and written.

use std::{future::pending, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpSocket, TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::{mpsc, watch},
    time::{Duration, Instant},
};

use super::weather::{Passes, Side, Way, Weather};
use crate::random::Random;

/// The most bytes that one read takes.
const READ: usize = 16 * 1024;
/// How many of those reads may be on their way in one direction; more wait at the sender.
const ON_THE_WAY: usize = 4;
/// The kernel's receive buffer on the server's side of a narrow proxy: so small that a server notices a slow reader.
const NARROW: u32 = 16 * 1024;
/// How many times a second a limited direction is written to.
const PIECES_PER_SECOND: u32 = 20;

/// The orders of the proxy to its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Orders {
    /// What passes.
    pub weather: Weather,
    /// Raised for each cut.
    pub cuts: u64,
    /// How many bytes a cut still lets through on the way back.
    pub leave: usize,
}

/// How a direction ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// Its sender finished, and everything arrived.
    Finished,
    /// The connection is broken.
    Broken,
}

struct Chunk {
    due: Instant,
    bytes: Vec<u8>,
}

/// Makes the connection close with a reset instead of a normal end.
pub fn reset(stream: &TcpStream) {
    // If this fails, the stream is closed already.
    let _ = stream.set_zero_linger();
}

/// Carries one connection until it ends.
pub async fn carry(mut client: TcpStream, target: SocketAddr, is_narrow: bool, orders: watch::Receiver<Orders>, random: Random) {
    let mut gate = Gate::new(Side::Up, orders.clone());
    // An unplugged cable lets no new connection through either.
    if !gate.open(Instant::now()).await {
        return reset(&client);
    }
    let Ok(mut server) = connect(target, is_narrow).await else { return reset(&client) };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let end = {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let up = one_way(from_client, to_server, Gate { side: Side::Up, ..gate.clone() }, random.clone());
        let down = one_way(from_server, to_client, Gate { side: Side::Down, ..gate }, random);
        tokio::pin!(up, down);
        // The end of one direction does not end the other; a break does.
        let (first, up_ended) = tokio::select! {
            end = &mut up => (end, true),
            end = &mut down => (end, false),
        };
        match first {
            End::Broken => End::Broken,
            End::Finished if up_ended => down.await,
            End::Finished => up.await,
        }
    };
    if end == End::Broken {
        reset(&client);
        reset(&server);
    }
}

async fn connect(target: SocketAddr, is_narrow: bool) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if is_narrow {
        socket.set_recv_buffer_size(NARROW)?;
    }
    socket.connect(target).await
}

async fn one_way(from: ReadHalf<'_>, to: WriteHalf<'_>, gate: Gate, random: Random) -> End {
    let (queue, queued) = mpsc::channel(ON_THE_WAY);
    tokio::select! {
        () = read(from, queue, gate.clone(), random) => End::Broken,
        end = write(to, queued, gate) => end,
    }
}

/// Reads until the connection breaks.
async fn read(mut from: ReadHalf<'_>, queue: mpsc::Sender<Chunk>, mut gate: Gate, mut random: Random) {
    let (mut buffer, mut last, mut has_hole) = (vec![0; READ], Instant::now(), false);
    loop {
        let way = gate.way();
        if has_hole && way.passes != Passes::Lost {
            return;
        }
        tokio::select! {
            biased;
            changed = gate.orders.changed() => if changed.is_err() { return },
            read = from.read(&mut buffer), if way.passes != Passes::Nothing => match read {
                Ok(0) => {
                    drop(queue);
                    return pending().await;
                }
                Err(_) => return,
                Ok(_) if way.passes == Passes::Lost => has_hole = true,
                Ok(n) => {
                    last = last.max(Instant::now() + way.latency + random.within(way.jitter));
                    if queue.send(Chunk { due: last, bytes: buffer[..n].to_vec() }).await.is_err() {
                        return;
                    }
                }
            },
        }
    }
}

async fn write(mut to: WriteHalf<'_>, mut queued: mpsc::Receiver<Chunk>, mut gate: Gate) -> End {
    loop {
        let chunk = tokio::select! {
            biased;
            () = gate.cut() => return End::Broken,
            chunk = queued.recv() => chunk,
        };
        let Some(chunk) = chunk else {
            return if gate.open(Instant::now()).await && to.shutdown().await.is_ok() { End::Finished } else { End::Broken };
        };
        let (mut rest, mut at) = (&chunk.bytes[..], chunk.due);
        while !rest.is_empty() {
            if !gate.open(at).await {
                return End::Broken;
            }
            let (piece, pause) = gate.way().piece(rest.len());
            let piece = gate.left.map_or(piece, |left| piece.min(left));
            let written = tokio::select! {
                biased;
                () = gate.cut() => return End::Broken,
                written = to.write_all(&rest[..piece]) => written,
            };
            gate.left = gate.left.map(|left| left - piece);
            if written.is_err() || gate.left == Some(0) {
                return End::Broken;
            }
            rest = &rest[piece..];
            at = Instant::now() + pause;
            // The pause belongs to what was written, even if nothing is left of this chunk.
            if rest.is_empty() && !pause.is_zero() && !gate.open(at).await {
                return End::Broken;
            }
        }
    }
}

impl Way {
    /// How many of these bytes may be written now, and how long that takes.
    fn piece(self, bytes: usize) -> (usize, Duration) {
        let Some(rate) = self.bytes_per_second else { return (bytes, Duration::ZERO) };
        let piece = bytes.min((rate / PIECES_PER_SECOND).max(1) as usize);
        (piece, Duration::from_secs_f64(piece as f64 / f64::from(rate.max(1))))
    }
}

/// What the writer of a direction consults before each write.
#[derive(Clone)]
struct Gate {
    side: Side,
    orders: watch::Receiver<Orders>,
    cuts: u64,
    left: Option<usize>,
}

impl Gate {
    fn new(side: Side, mut orders: watch::Receiver<Orders>) -> Self {
        let cuts = orders.borrow_and_update().cuts;
        Self { side, orders, cuts, left: None }
    }

    fn way(&self) -> Way {
        self.orders.borrow().weather.way(self.side)
    }

    /// Whether an order to cut applies now; if bytes may still pass, remembers how many.
    fn is_cut(&mut self) -> bool {
        let orders = *self.orders.borrow_and_update();
        if orders.cuts == self.cuts {
            return false;
        }
        self.cuts = orders.cuts;
        if orders.leave > 0 && self.side == Side::Down {
            self.left = Some(orders.leave);
        }
        orders.leave == 0
    }

    /// Returns when the connection is cut; may be cancelled.
    async fn cut(&mut self) {
        while !self.is_cut() {
            if self.orders.changed().await.is_err() {
                return;
            }
        }
    }

    /// Waits for a time, and until bytes pass; `false` if the connection is cut first.
    async fn open(&mut self, at: Instant) -> bool {
        loop {
            if self.is_cut() {
                return false;
            }
            let holds = self.way().passes == Passes::Nothing;
            // The timer has a coarse clock: what is due must not wait for its next tick.
            if !holds && at <= Instant::now() {
                return true;
            }
            tokio::select! {
                biased;
                changed = self.orders.changed() => if changed.is_err() { return false },
                () = tokio::time::sleep_until(at), if !holds => return true,
            }
        }
    }
}
