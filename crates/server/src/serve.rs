//! Answering on a socket until told to stop.

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
use domain::refusal::Code;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::Instant,
};
use tower::ServiceExt as _;

use crate::{
    App,
    client_address::ClientAddress,
    doors::{Admitted, Doors},
    features::desk::{files::accept, jobs::keep_leases},
    handover::{Again, Handover, Taken},
    realtime::socket,
    router,
};

/// How long the head of a connection's first request may take: who connects has something to ask.
const FIRST_HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long the head of a request may take, counted from the end of the one before: longer than a proxy keeps an idle connection (nginx: 60 s).
const HEAD_WITHIN: Duration = Duration::from_secs(75);
/// The largest head of a request, and most of what is read of a body at once. A connection that waits holds half of it.
const BUFFER_BYTES: usize = 16 * 1024;
/// The wait after a connection could not be accepted, mostly for want of file descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);
/// Connections are sent away within this time, so that they do not all come to another node at once.
const SPREAD: Duration = Duration::from_secs(1);
/// Steps in which they are.
const STEPS: usize = 20;
/// The part of a stop in which a node of a cluster says that it ends and still takes who comes: so long, proxies need to notice.
const NOTICE: u32 = 10;
/// What closing the record may take beyond that.
const LAST: Duration = Duration::from_secs(2);
/// How often it is looked whether everybody has gone.
const LOOK: Duration = Duration::from_millis(20);

/// A closure may keep the writer from others for so long; then it is rolled back, and its caller told to come back later.
pub const CLOSURE_LIMIT: Duration = Duration::from_millis(250);

/// Answers until `stop` is done, sends everybody away, lets open requests end, then closes the record. All of it takes no longer than the settings allow.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    accept::forget_unfinished(&app.settings().files).await;
    app.db().writer().limit_closures(app.settings().closure_limit);
    let doors = Doors::new(app.settings().open_files, app.settings().behind_proxy);
    let router = router::router(app.clone());
    // Told once; every open connection holds a receiver.
    let (stopping, told) = watch::channel(());
    let mut ending = std::pin::pin!(async {
        stop.await;
        // Proxies that look are told first; then nobody new is taken.
        app.live().cluster().drain();
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
    send_away(&app, end).await;
    // Whoever is not done by then is cut off.
    let _ = tokio::time::timeout_at(end, stopping.closed()).await;
    // Also a database that does not answer must not hold the program.
    let last = async {
        leave(&app).await;
        app.db().close().await;
    };
    let _ = tokio::time::timeout_at(end + LAST, last).await;
    Ok(())
}

/// What goes along with a connection.
#[derive(Clone)]
struct Connection {
    from: SocketAddr,
    admitted: Admitted,
    /// Nothing was asked yet.
    is_new: bool,
    router: Router,
    stop: watch::Receiver<()>,
}

/// Answers the requests of one connection, until it ends, is upgraded or is taken over; when told to stop, the one at hand.
fn answer(stream: TcpStream, connection: Connection) {
    let (handover, mut taken) = Handover::new();
    let next = Connection { is_new: false, ..connection.clone() };
    let Connection { from, admitted, is_new, router, mut stop } = connection;
    let has_asked = Arc::new(AtomicBool::new(!is_new));
    let asked = has_asked.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        asked.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        request.extensions_mut().insert(handover.clone());
        // Who takes the connection over holds its place.
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
                        // A task of its own: this one has room for HTTP.
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
        if let Err(error) = ended {
            tracing::debug!(error = %error, "a connection ended");
        }
    });
}

/// Tells every connection to go to another node, some at a time, and waits until they have.
async fn send_away(app: &App, until: Instant) {
    let everybody = app.hub().everybody();
    let (step, pause) = (everybody.len().div_ceil(STEPS).max(1), SPREAD.min(app.settings().drain / 4) / STEPS as u32);
    for some in everybody.chunks(step) {
        for mailbox in some {
            mailbox.put(|mail| mail.closed = Some(Code::Moving));
        }
        tokio::time::sleep(pause).await;
    }
    // Also those who came in between.
    while Instant::now() < until && !app.hub().everybody().is_empty() {
        app.hub().close(Code::Moving);
        tokio::time::sleep(LOOK).await;
    }
}

/// The agents of this node have just been here: the time in which they may come back to another node begins now.
async fn hold_leases(app: &App) {
    if let Err(error) = keep_leases::renew(app).await {
        tracing::warn!(error = %error, "leases could not be renewed before the end");
    }
}

/// This node is none of the living any more.
async fn leave(app: &App) {
    if app.settings().database_url.is_none() {
        return;
    }
    if let Err(error) = store::entry_points::leave(app.db(), app.live().cluster().node().id).await {
        tracing::warn!(error = %error, "this node could not say that it leaves; others notice by its silence");
    }
}
