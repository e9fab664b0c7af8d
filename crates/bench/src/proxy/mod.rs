//! A network that breaks: a TCP proxy with latency, jitter, limited bandwidth, half-open links, resets, truncation in mid-frame, lost answers and refusals; all
//! of it can be changed while connections run.

mod carry;
mod weather;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use tokio::{net::TcpListener, sync::watch, task::AbortHandle};

use crate::random::Random;
use carry::Orders;
pub use weather::{Way, Weather};

/// A proxy in front of one address.
pub struct Proxy {
    address: SocketAddr,
    target: Arc<Mutex<SocketAddr>>,
    orders: watch::Sender<Orders>,
    opened: Arc<AtomicU64>,
    accepting: AbortHandle,
}

impl Proxy {
    /// Listens in front of `target`, in fair weather.
    pub async fn before(target: SocketAddr, random: Random) -> std::io::Result<Self> {
        Self::stand(target, false, random).await
    }

    /// The same for slow readers: buffers so little for them that the other side notices.
    pub async fn narrow(target: SocketAddr, random: Random) -> std::io::Result<Self> {
        Self::stand(target, true, random).await
    }

    async fn stand(target: SocketAddr, is_narrow: bool, mut random: Random) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (orders, seen) = watch::channel(Orders::default());
        let opened = Arc::new(AtomicU64::new(0));
        let target = Arc::new(Mutex::new(target));
        let (count, behind) = (opened.clone(), target.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if seen.borrow().weather.refuses {
                    carry::reset(&client);
                    continue;
                }
                count.fetch_add(1, Relaxed);
                let target = *behind.lock().unwrap_or_else(PoisonError::into_inner);
                tokio::spawn(carry::carry(client, target, is_narrow, seen.clone(), Random::seeded(random.bits())));
            }
        });
        Ok(Self { address, target, orders, opened, accepting: accepting.abort_handle() })
    }

    /// The address to connect to instead.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
    /// Stands in front of another address from now on; connections that are open stay where they are.
    pub fn move_to(&self, target: SocketAddr) {
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = target;
    }
    /// The number of connections that were let in.
    pub fn connections(&self) -> u64 {
        self.opened.load(Relaxed)
    }
    /// Sets the weather from now on.
    pub fn set(&self, weather: Weather) {
        self.orders.send_modify(|orders| orders.weather = weather);
    }
    /// Restores fair weather; what was held back arrives.
    pub fn heal(&self) {
        self.set(Weather::fair());
    }
    /// Resets every connection.
    pub fn cut(&self) {
        self.truncate(0);
    }
    /// Lets this many more bytes pass to each client, then resets its connection.
    pub fn truncate(&self, leave: usize) {
        self.orders.send_modify(|orders| {
            orders.cuts += 1;
            orders.leave = leave;
        });
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The connections end by themselves once nobody gives orders any more.
        self.accepting.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        time::{Duration, Instant},
    };

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
        sync::mpsc,
        time::timeout,
    };

    use super::*;

    /// Long, because it only costs time when something is broken.
    const LONG: Duration = Duration::from_secs(20);
    /// A time in which nothing must arrive.
    const SHORT: Duration = Duration::from_millis(50);

    /// A server that reports what it received and answers each read with the same bytes, and a proxy in front of it.
    async fn echo() -> (Proxy, mpsc::UnboundedReceiver<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = listener.local_addr().unwrap();
        let (heard, hears) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let heard = heard.clone();
                tokio::spawn(async move {
                    let mut buffer = vec![0; 64 * 1024];
                    while let Ok(n @ 1..) = stream.read(&mut buffer).await {
                        let _ = heard.send(buffer[..n].to_vec());
                        if stream.write_all(&buffer[..n]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        (Proxy::before(target, Random::seeded(5)).await.unwrap(), hears)
    }

    async fn connect(proxy: &Proxy) -> TcpStream {
        TcpStream::connect(proxy.address()).await.unwrap()
    }

    async fn read(stream: &mut TcpStream, bytes: usize) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; bytes];
        timeout(LONG, stream.read_exact(&mut buffer)).await.expect("nothing came")?;
        Ok(buffer)
    }

    async fn is_silent(stream: &mut TcpStream) -> bool {
        timeout(SHORT, stream.read_u8()).await.is_err()
    }

    async fn is_reset(stream: &mut TcpStream) -> bool {
        read(stream, 1).await.unwrap_err().kind() == io::ErrorKind::ConnectionReset
    }

    #[tokio::test]
    async fn in_fair_weather_bytes_and_ends_pass() {
        let (proxy, _hears) = echo().await;
        let mut stream = connect(&proxy).await;
        let words: Vec<u8> = (0..100_000_u32).map(|n| n as u8).collect();
        let (mut reader, mut writer) = stream.split();
        let mut back = Vec::new();
        let (written, all) = tokio::join!(
            async {
                writer.write_all(&words).await?;
                writer.shutdown().await
            },
            timeout(LONG, reader.read_to_end(&mut back))
        );
        written.unwrap();
        all.unwrap().unwrap();
        assert_eq!((back == words, proxy.connections()), (true, 1));
    }

    #[tokio::test]
    async fn latency_and_jitter_make_bytes_late_and_keep_their_order() {
        let (proxy, _hears) = echo().await;
        let mut stream = connect(&proxy).await;
        let late = Way { latency: Duration::from_millis(40), jitter: Duration::from_millis(20), ..Way::default() };
        proxy.set(Weather { up: late, down: late, refuses: false });
        let begun = Instant::now();
        for n in 0..20 {
            stream.write_all(&[n]).await.unwrap();
            tokio::task::yield_now().await;
        }
        let back = read(&mut stream, 20).await.unwrap();
        assert!(begun.elapsed() >= 2 * late.latency);
        assert_eq!(back, (0..20).collect::<Vec<u8>>());
    }

    #[tokio::test]
    async fn a_limited_direction_takes_its_time() {
        let (proxy, _hears) = echo().await;
        let mut stream = connect(&proxy).await;
        let slow = Way { bytes_per_second: Some(4_000), ..Way::default() };
        proxy.set(Weather { down: slow, ..Weather::fair() });
        let begun = Instant::now();
        stream.write_all(&[7; 1_200]).await.unwrap();
        read(&mut stream, 1_200).await.unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(240), "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn a_narrow_one_makes_the_sender_wait() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Proxy::narrow(listener.local_addr().unwrap(), Random::seeded(5)).await.unwrap();
        proxy.set(Weather { down: Way { bytes_per_second: Some(1_000), ..Way::default() }, ..Weather::fair() });
        let _reader = connect(&proxy).await;
        let (mut sender, _) = timeout(LONG, listener.accept()).await.unwrap().unwrap();
        let much = vec![0; 32 * 1024 * 1024];
        assert!(timeout(SHORT, sender.write_all(&much)).await.is_err());
    }

    #[tokio::test]
    async fn half_open_links_hold_bytes_back_until_they_heal() {
        let (proxy, mut hears) = echo().await;
        let mut stream = connect(&proxy).await;
        proxy.set(Weather::silent(false, true));
        stream.write_all(b"one").await.unwrap();
        assert_eq!(timeout(LONG, hears.recv()).await.unwrap().unwrap(), b"one");
        assert!(is_silent(&mut stream).await);
        proxy.heal();
        assert_eq!(read(&mut stream, 3).await.unwrap(), b"one");

        proxy.set(Weather::silent(true, false));
        stream.write_all(b"two").await.unwrap();
        assert!(is_silent(&mut stream).await);
        assert!(hears.try_recv().is_err());
        let mut late = connect(&proxy).await;
        late.write_all(b"three").await.unwrap();
        assert!(is_silent(&mut late).await);
        proxy.heal();
        assert_eq!(read(&mut stream, 3).await.unwrap(), b"two");
        assert_eq!(read(&mut late, 5).await.unwrap(), b"three");
    }

    #[tokio::test]
    async fn a_cut_resets_what_stands_and_lets_new_ones_in() {
        let (proxy, _hears) = echo().await;
        let mut stream = connect(&proxy).await;
        stream.write_all(b"a").await.unwrap();
        read(&mut stream, 1).await.unwrap();
        proxy.cut();
        assert!(is_reset(&mut stream).await);
        let mut again = connect(&proxy).await;
        again.write_all(b"b").await.unwrap();
        assert_eq!(read(&mut again, 1).await.unwrap(), b"b");
    }

    #[tokio::test]
    async fn a_half_open_link_can_be_cut() {
        let (proxy, _hears) = echo().await;
        let mut stream = connect(&proxy).await;
        stream.write_all(b"a").await.unwrap();
        read(&mut stream, 1).await.unwrap();
        proxy.set(Weather::silent(true, true));
        stream.write_all(b"b").await.unwrap();
        assert!(is_silent(&mut stream).await);
        proxy.cut();
        assert!(is_reset(&mut stream).await);
    }

    #[tokio::test]
    async fn a_truncated_answer_ends_in_the_middle() {
        let (proxy, _hears) = echo().await;
        let mut stream = connect(&proxy).await;
        stream.write_all(b"whole").await.unwrap();
        read(&mut stream, 5).await.unwrap();
        proxy.truncate(3);
        stream.write_all(b"broken").await.unwrap();
        assert_eq!(read(&mut stream, 3).await.unwrap(), b"bro");
        assert!(is_reset(&mut stream).await);
    }

    #[tokio::test]
    async fn a_lost_answer_was_heard_and_its_connection_does_not_live_on() {
        let (proxy, mut hears) = echo().await;
        let mut stream = connect(&proxy).await;
        proxy.set(Weather::without_answers());
        stream.write_all(b"store this").await.unwrap();
        assert_eq!(timeout(LONG, hears.recv()).await.unwrap().unwrap(), b"store this");
        assert!(is_silent(&mut stream).await);
        proxy.heal();
        assert!(is_reset(&mut stream).await);
    }

    #[tokio::test]
    async fn a_refused_connection_is_reset_and_others_go_on() {
        let (proxy, _hears) = echo().await;
        let mut before = connect(&proxy).await;
        before.write_all(b"a").await.unwrap();
        read(&mut before, 1).await.unwrap();
        proxy.set(Weather { refuses: true, ..Weather::fair() });
        assert!(is_reset(&mut connect(&proxy).await).await);
        before.write_all(b"b").await.unwrap();
        assert_eq!(read(&mut before, 1).await.unwrap(), b"b");
        proxy.heal();
        let mut after = connect(&proxy).await;
        after.write_all(b"c").await.unwrap();
        assert_eq!(read(&mut after, 1).await.unwrap(), b"c");
    }

    #[tokio::test]
    async fn nobody_behind_it_is_a_reset() {
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let proxy = Proxy::before(nobody, Random::seeded(5)).await.unwrap();
        assert!(is_reset(&mut connect(&proxy).await).await);
    }
}
