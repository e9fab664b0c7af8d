//! Serves a listening socket until told to stop.

use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    os::fd::AsRawFd as _,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use desk::{files::accept, jobs::keep_leases};
use domain::refusal::Code;
use http_kit::{
    App,
    takeover::{Again, Taken, Takeover},
};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use insight::jobs::store_response_times;
use platform::{
    client_address::ClientAddress,
    doors::{Admitted, Doors},
};
use realtime::socket;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::Instant,
};
use tower::ServiceExt as _;

use crate::router;

/// How long the head of a connection's first request may take: whoever connects has something to ask.
const FIRST_HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long the head of a request may take, counted from the end of the previous one: longer than a proxy keeps an idle connection (nginx: 60 s).
const HEAD_WITHIN: Duration = Duration::from_secs(75);
/// The largest request head, and the most that is read of a body at once. A waiting connection holds half of it.
const BUFFER_BYTES: usize = 16 * 1024;
/// How long to wait after a connection could not be accepted, usually for lack of file descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);
/// Connections are sent away over this time, so that they do not all arrive at another node at once.
const SPREAD: Duration = Duration::from_secs(1);
/// The number of steps in which connections are sent away.
const STEPS: usize = 20;
/// The fraction of a stop (one part in this many) in which a node of a cluster announces that it is stopping and still accepts connections: proxies need that
/// long to notice.
const NOTICE: u32 = 10;
/// How much of a stop is left for closing the record: at most this long, and at most this fraction (one part in so many).
const LAST: Duration = Duration::from_secs(2);
const LAST_PART: u32 = 5;
/// How often to check whether all connections have closed.
const LOOK: Duration = Duration::from_millis(20);

/// How long a closure may occupy the writer; after that it is rolled back, and its caller told to come back later.
pub const CLOSURE_LIMIT: Duration = Duration::from_millis(250);

/// Serves until `stop` completes, sends all connections away, lets open requests finish, then closes the record. The stop takes no longer than the settings
/// allow.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    accept::forget_unfinished(&app.settings().files).await;
    app.db().writer().limit_closures(app.settings().closure_limit);
    let doors = Doors::new(app.settings().open_files, app.settings().behind_proxy);
    let router = router::router(app.clone());
    // Notified once; every open connection holds a receiver.
    let (stopping, told) = watch::channel(());
    let mut ending = std::pin::pin!(async {
        stop.await;
        // Nothing that is computed any longer is waited for.
        app.bots().end();
        // Proxies that check our health are told first; only then are new connections refused.
        app.cluster().drain();
        let end = Instant::now() + app.settings().drain;
        let _ = tokio::time::timeout_at(end, hold_leases(&app)).await;
        if app.settings().database_url.is_some() {
            tokio::time::sleep(app.settings().drain / NOTICE).await;
        }
        end
    });
    let end = loop {
        tokio::select! {
            end = &mut ending => break end,
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    let Ok(admitted) = doors.admit(stream.as_raw_fd(), ClientAddress(from.ip())) else { continue };
                    if let Err(error) = stream.set_nodelay(true).and_then(|()| socket::tune(&stream)) {
                        tracing::debug!(error = %error, "a connection keeps the system's settings");
                    }
                    answer(stream, Connection { from, admitted, is_new: true, router: router.clone(), stop: told.clone() });
                }
                Err(error) => {
                    tracing::warn!(error = %error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            },
        }
    };
    drop((listener, told));
    stopping.send_replace(());
    let cut = end - LAST.min(app.settings().drain / LAST_PART);
    send_away(&app, cut).await;
    // Requests that have not finished by then are cut off.
    let _ = tokio::time::timeout_at(cut, stopping.closed()).await;
    // Even a database that does not respond must not keep the program from ending.
    let last = async {
        app.background().end().await;
        leave(&app).await;
        if let Err(error) = store_response_times::step(&app).await {
            tracing::warn!(error = %error, "the last response times were not stored");
        }
        app.db().close().await;
        app.editions().close().await;
    };
    let _ = tokio::time::timeout_at(end, last).await;
    Ok(())
}

/// The data kept with a connection.
#[derive(Clone)]
struct Connection {
    from: SocketAddr,
    admitted: Admitted,
    /// Whether no request has been received yet.
    is_new: bool,
    router: Router,
    stop: watch::Receiver<()>,
}

/// Answers the requests of one connection until it ends, is upgraded or is taken over; once the server is stopping, only the request in progress.
fn answer(stream: TcpStream, connection: Connection) {
    let (takeover, mut taken) = Takeover::new();
    let next = Connection { is_new: false, ..connection.clone() };
    let Connection { from, admitted, is_new, router, mut stop } = connection;
    let has_asked = Arc::new(AtomicBool::new(!is_new));
    let asked = has_asked.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        asked.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        request.extensions_mut().insert(takeover.clone());
        // A handler that takes the connection over keeps holding its place.
        request.extensions_mut().insert(admitted.clone());
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request).await;
            Ok::<_, Infallible>(response)
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::spawn(async move {
        let mut stopping = false;
        let mut first_head = is_new.then(|| Box::pin(tokio::time::sleep(FIRST_HEAD_WITHIN)));
        let ended = loop {
            tokio::select! {
                ended = &mut connection => break ended,
                Some(work) = taken.recv() => {
                    if let Some(parts) = connection.into_parts() {
                        let again: Again = Arc::new(move |stream| answer(stream, next.clone()));
                        // A separate task: this one has room for HTTP.
                        tokio::spawn(work(Taken { stream: parts.io.into_inner(), early: parts.read_buf, again }));
                    }
                    return;
                }
                () = async { if let Some(first_head) = &mut first_head { first_head.await } else { std::future::pending().await } } => {
                    first_head = None;
                    if !has_asked.load(Ordering::Relaxed) {
                        return;
                    }
                }
                _ = stop.changed(), if !stopping => {
                    stopping = true;
                    Pin::new(&mut connection).graceful_shutdown();
                }
            }
        };
        drop(stop);
        match (ended, connection.into_parts()) {
            // A client that still sends, such as the rest of a body that is too large, could lose its answer otherwise.
            (Ok(()), Some(parts)) => {
                let stream = parts.io.into_inner();
                let _ = Box::pin(tokio::time::timeout(socket::LINGER, socket::drain(&stream))).await;
            }
            (Ok(()), None) => {}
            (Err(error), _) => tracing::debug!(error = %error, "a connection ended"),
        }
    });
}

/// Tells every connection to move to another node, a few at a time, and waits until they have.
async fn send_away(app: &App, until: Instant) {
    let everybody = app.hub().everybody();
    let (step, pause) = (everybody.len().div_ceil(STEPS).max(1), SPREAD.min(app.settings().drain / 4) / STEPS as u32);
    for some in everybody.chunks(step) {
        for mailbox in some {
            mailbox.put(|mail| mail.closed = Some(Code::Moving));
        }
        tokio::time::sleep(pause).await;
    }
    // Also those that connected in the meantime.
    while Instant::now() < until && !app.hub().everybody().is_empty() {
        app.hub().close(Code::Moving);
        tokio::time::sleep(LOOK).await;
    }
}

/// Renews the leases of this node's agents: the time in which they may come back on another node begins now.
async fn hold_leases(app: &App) {
    if let Err(error) = keep_leases::renew(app).await {
        tracing::warn!(error = %error, "leases could not be renewed before the end");
    }
}

/// Removes this node from the list of live nodes.
async fn leave(app: &App) {
    if app.settings().database_url.is_none() {
        return;
    }
    if let Err(error) = store::entry_points::leave(app.db(), app.cluster().this().id).await {
        tracing::warn!(error = %error, "this node could not say that it leaves; others notice by its silence");
    }
}
