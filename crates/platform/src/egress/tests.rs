//! Tests of what leaves, and above all of what does not.

mod streams;

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use futures_util::{FutureExt as _, StreamExt as _, stream};
use http::{HeaderValue, Method, header};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

use super::*;

/// Resolves names from a list, one answer after the other; the last one is repeated.
struct Stub {
    answers: Mutex<Vec<Vec<SocketAddr>>>,
    asked: AtomicUsize,
}

impl Stub {
    fn new(answers: &[&[SocketAddr]]) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.iter().map(|one| one.to_vec()).collect()), asked: AtomicUsize::new(0) })
    }
}

impl Resolve for Stub {
    fn resolve(&self, _: String, _: u16) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
        self.asked.fetch_add(1, SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(async move { Ok(answer) })
    }
}

fn egress(allow_private: bool, resolver: Arc<dyn Resolve>) -> Egress {
    Egress::with(allow_private, resolver, RootCertStore::empty()).unwrap()
}

/// A receiver that gives these bytes as the response to every connection, and counts the connections.
async fn receiver(answer: &'static [u8]) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, came) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = came.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, SeqCst);
            tokio::spawn(async move {
                let mut head = [0; 4096];
                let _ = stream.read(&mut head).await;
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    (address, came)
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

async fn post(egress: &Egress, target: &Target) -> Result<Reply, Failure> {
    egress.post(company(), Purpose::Webhooks, target, HeaderMap::new(), Bytes::from_static(b"{}")).await
}

fn company() -> TenantId {
    TenantId::new(uuid::Uuid::from_u128(1))
}

/// A request whose time is never over in a test, unless the test says so.
fn call(method: Method, body: Body, most_bytes: usize) -> Call {
    let limits = Limits::within(Duration::from_secs(600), most_bytes);
    Call { tenant: company(), purpose: Purpose::Embeddings, method, headers: HeaderMap::new(), body, limits }
}

/// Every method there is, without the one that opens a tunnel.
const METHODS: [Method; 8] = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE];

/// Accepts one connection and does with it what the test wants.
async fn one<F>(serve: impl FnOnce(TcpStream) -> F + Send + 'static) -> (SocketAddr, tokio::task::JoinHandle<F::Output>)
where
    F: Future<Output: Send> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (address, tokio::spawn(async move { serve(listener.accept().await.unwrap().0).await }))
}

/// Reads the head of a request.
async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// A way out to one address, and a target there.
fn to(address: SocketAddr) -> (Egress, Target) {
    let egress = egress(true, Stub::new(&[&[address]]));
    let target = egress.target("http://models.example/v1?x=1").unwrap();
    (egress, target)
}

/// Addresses that somebody would write to see what is inside. The resolver below answers the name `rebind.example` with private addresses.
const NOWHERE: [&str; 76] = [
    "http://127.0.0.1/",
    "http://localhost/",
    "https://127.0.0.1/",
    "https://127.0.0.2/",
    "https://127.255.255.254/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0.0.0.0/",
    "https://0/",
    "https://0.1.2.3/",
    "https://[::1]/",
    "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::169.254.169.254]/",
    "https://[64:ff9b:1::7f00:1]/",
    "https://[2001:0:7f00:1::1]/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[100::1]/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.01/",
    "https://0177.1/",
    "https://0x7f.1/",
    "https://127.0.0.1./",
    "https://127%2e0%2e0%2e1/",
    "https://１２７.０.０.１/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/latest/meta-data/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://metadata.google.internal/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://100.64.0.1/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.0.1/",
    "https://192.168.1/",
    "https://198.18.0.1/",
    "https://192.0.2.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://localhost/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://ⓛocalhost/",
    "https://a.localhost/",
    "https://printer.local/",
    "https://intranet/",
    "https://user@127.0.0.1/",
    "https://example.com@127.0.0.1/",
    "https://127.0.0.1#@example.com/",
    "https://rebind.example:25/",
    "https://rebind.example:6379/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://rebind.example/",
];

/// Nothing goes to a target, in whichever way it is tried.
async fn is_closed(egress: &Egress, target: &Target, raw: &str) {
    assert_eq!(post(egress, target).await, Err(Failure::Unreachable), "{raw}");
    for method in METHODS {
        let streamed = Body::stream(stream::iter([Ok(Bytes::from_static(b"{}"))]), None);
        for body in [Body::empty(), streamed] {
            let failure = egress.open(target, call(method.clone(), body, 9)).await.unwrap_err();
            assert_eq!(failure, Failure::Unreachable, "{method} {raw}");
        }
    }
}

#[tokio::test]
async fn nothing_goes_to_what_is_not_out_there() {
    for inside in ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00:ec2::254", "64:ff9b::7f00:1", "0.0.0.0"] {
        let (listener, came) = receiver(OK).await;
        let inside = SocketAddr::new(inside.parse().unwrap(), listener.port());
        let egress = egress(false, Stub::new(&[&[inside]]));
        for raw in NOWHERE {
            if let Ok(target) = egress.target(raw) {
                is_closed(&egress, &target, raw).await;
            }
            // The same without the first check, straight to a port where something listens.
            if let Ok(mut target) = Target::parse(raw, true) {
                (target.port, target.tls) = (listener.port(), false);
                is_closed(&egress, &target, raw).await;
            }
        }
        assert_eq!(came.load(SeqCst), 0);
    }
    assert!(Target::parse("https://rebind.example/", false).is_ok(), "the last one is about the resolver");
    assert_eq!(NOWHERE.iter().filter(|raw| Target::parse(raw, false).is_ok()).count(), 1);
}

#[tokio::test]
async fn one_private_address_among_public_ones_closes_the_name() {
    let (listener, came) = receiver(OK).await;
    let public: SocketAddr = "192.0.1.1:443".parse().unwrap();
    for addresses in [[public, listener], [listener, public]] {
        let egress = egress(false, Stub::new(&[&addresses]));
        let target = egress.target("https://hooks.example/").unwrap();
        assert_eq!(post(&egress, &target).await, Err(Failure::Unreachable));
    }
    assert_eq!(came.load(SeqCst), 0);
}

#[tokio::test]
async fn a_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to() {
    let ((first, came_first), (later, came_later)) = (receiver(OK).await, receiver(OK).await);
    let resolver = Stub::new(&[&[first], &[later]]);
    let egress = egress(true, resolver.clone());
    let target = egress.target("http://rebind.example/").unwrap();
    assert_eq!(post(&egress, &target).await.unwrap().status, 200);
    assert_eq!((resolver.asked.load(SeqCst), came_first.load(SeqCst), came_later.load(SeqCst)), (1, 1, 0));
    // The next request resolves the name again, and checks it again.
    let rebinding = self::egress(false, Stub::new(&[&[later]]));
    assert_eq!(post(&rebinding, &Target { tls: false, ..target }).await, Err(Failure::Unreachable));
    assert_eq!(came_later.load(SeqCst), 0);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (inside, came) = receiver(OK).await;
    let answer = format!("HTTP/1.1 302 Found\r\nlocation: http://{inside}/\r\ncontent-length: 0\r\n\r\n");
    let (address, _) = receiver(Box::leak(answer.into_bytes().into_boxed_slice())).await;
    let egress = egress(true, Stub::new(&[&[address]]));
    assert_eq!(post(&egress, &egress.target("http://hooks.example/").unwrap()).await.unwrap().status, 302);
    assert_eq!(came.load(SeqCst), 0);
}

#[tokio::test]
async fn an_answer_is_cut_and_only_its_beginning_is_shown() {
    let mut long = b"HTTP/1.1 503 Busy\r\nretry-after: 7\r\n\r\n<b>no\n\x1b[1m".to_vec();
    long.resize(MAX_BODY_BYTES * 4, b'x');
    let (address, _) = receiver(Box::leak(long.into_boxed_slice())).await;
    let egress = egress(true, Stub::new(&[&[address]]));
    let reply = post(&egress, &egress.target("http://hooks.example/").unwrap()).await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.retry_after, reply.excerpt.chars().count()), (503, Some(7_000), EXCERPT_CHARS));
    assert!(reply.excerpt.starts_with("<b>no  [1mxxx"), "{}", reply.excerpt);
}

#[tokio::test]
async fn a_receiver_asks_to_wait_for_seconds_or_until_a_date_by_its_clock() {
    let date = "Mon, 30 Nov 2026 10:00:00 GMT";
    for (headers, wait) in [
        (format!("date: {date}\r\nretry-after: Mon, 30 Nov 2026 10:02:00 GMT"), Some(120_000)),
        (format!("date: {date}\r\nretry-after: Monday, 30-Nov-26 10:00:01 GMT"), Some(1_000)),
        (format!("date: {date}\r\nretry-after: Mon, 30 Nov 2026 09:59:59 GMT"), None),
        (format!("date: {date}\r\nretry-after: later"), None),
        (format!("date: {date}\r\nretry-after: 3"), Some(3_000)),
        ("retry-after: Mon, 30 Nov 2026 10:02:00 GMT".to_owned(), None),
    ] {
        let answer = format!("HTTP/1.1 503 Busy\r\n{headers}\r\ncontent-length: 0\r\n\r\n");
        let (address, _) = receiver(Box::leak(answer.into_bytes().into_boxed_slice())).await;
        let egress = egress(true, Stub::new(&[&[address]]));
        assert_eq!(post(&egress, &egress.target("http://hooks.example/").unwrap()).await.unwrap().retry_after, wait, "{headers}");
    }
}

#[tokio::test]
async fn what_is_closed_broken_or_not_encrypted_has_a_name() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (nonsense, _) = receiver(b"220 mail.example ESMTP\r\n").await;
    let (plain, _) = receiver(OK).await;
    for (address, scheme, failure) in [(closed, "http", Failure::Unreachable), (nonsense, "http", Failure::Broken), (plain, "https", Failure::Tls)] {
        let egress = egress(true, Stub::new(&[&[address]]));
        assert_eq!(post(&egress, &egress.target(&format!("{scheme}://hooks.example/")).unwrap()).await, Err(failure), "{address}");
    }
}

#[tokio::test]
async fn who_is_asked_has_to_prove_the_name() {
    let own = rcgen::generate_simple_self_signed(["hooks.example".to_owned()]).unwrap();
    let key = tokio_rustls::rustls::pki_types::PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_no_client_auth().with_single_cert(vec![own.cert.der().clone()], key).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut head = [0; 4096];
                let read = stream.read(&mut head).await.unwrap_or_default();
                assert!(head[..read].starts_with(b"POST /in?x=1 HTTP/1.1\r\n"));
                let _ = stream.write_all(OK).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    let mut roots = RootCertStore::empty();
    roots.add(own.cert.der().clone()).unwrap();
    let known = Egress::with(true, Stub::new(&[&[address]]), roots).unwrap();
    assert_eq!(post(&known, &known.target("https://hooks.example/in?x=1").unwrap()).await.unwrap().excerpt, "ok");
    assert_eq!(post(&known, &known.target("https://other.example/").unwrap()).await, Err(Failure::Tls));
    let unknown = egress(true, Stub::new(&[&[address]]));
    assert_eq!(post(&unknown, &unknown.target("https://hooks.example/").unwrap()).await, Err(Failure::Tls));
    assert!(Egress::new(false).is_ok());
}

/// Does not answer names that begin with `hang` until it is told to.
struct Hanging {
    address: SocketAddr,
    asked: AtomicUsize,
    end: tokio::sync::watch::Sender<bool>,
}

impl Resolve for Hanging {
    fn resolve(&self, name: String, _: u16) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
        let (address, mut end) = (self.address, self.end.subscribe());
        if !name.starts_with("hang") {
            return Box::pin(async move { Ok(vec![address]) });
        }
        self.asked.fetch_add(1, SeqCst);
        Box::pin(async move {
            let _ = end.wait_for(|end| *end).await;
            Ok(vec![address])
        })
    }
}

#[tokio::test]
async fn names_that_are_never_answered_take_up_their_companys_places_only_and_until_they_end() {
    let address = "192.0.1.1:443".parse().unwrap();
    let resolver = Arc::new(Hanging { address, asked: AtomicUsize::new(0), end: tokio::sync::watch::Sender::new(false) });
    let look_ups = Arc::new(LookUps::new(resolver.clone()));
    let company = |n: u128| TenantId::new(uuid::Uuid::from_u128(n));
    let hang = |n: u128| {
        let look_ups = look_ups.clone();
        tokio::spawn(async move { look_ups.find(company(n), "hang.example".to_owned(), 443).await })
    };
    let asked = async |n: usize| testkit::eventually("they are asked", async || (resolver.asked.load(SeqCst) == n).then_some(())).await;
    let all: Vec<_> = (0..40).map(|_| hang(1)).collect();
    asked(look_ups::LOOK_UPS_OF_ONE).await;
    // The caller stops waiting; the look-up does not end with that.
    for one in all {
        one.abort();
        assert!(one.await.is_err());
    }
    let well = |n: u128| look_ups.find(company(n), "well.example".to_owned(), 443);
    assert!(well(1).now_or_never().is_none(), "its places are taken");
    assert_eq!(well(2).await, Some(vec![address]), "others have theirs");
    let others: Vec<_> = (2..40).flat_map(|n| (0..20).map(move |_| n)).map(hang).collect();
    asked(look_ups::LOOK_UPS).await;
    assert!(well(99).now_or_never().is_none(), "of all companies together there are no more");
    for one in others {
        one.abort();
        assert!(one.await.is_err());
    }
    assert_eq!(resolver.asked.load(SeqCst), look_ups::LOOK_UPS);
    resolver.end.send_replace(true);
    assert_eq!(well(1).await, Some(vec![address]), "they are given back");
}
