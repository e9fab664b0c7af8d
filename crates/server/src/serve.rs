//! Answering on a socket until told to stop.

use std::{future::Future, net::SocketAddr, time::Duration};

use axum::serve::ListenerExt as _;
use tokio::{net::TcpListener, time::Instant};

use crate::{App, features::files::accept, jobs::keep_leases, router};

/// Connections are sent away within this time, so that they do not all come to another node at once.
const SPREAD: Duration = Duration::from_secs(1);
/// Steps in which they are.
const STEPS: usize = 20;
/// The part of a stop in which a node of a cluster says that it ends and still takes who comes: so long, proxies need to notice.
const NOTICE: u32 = 10;
/// How often it is looked whether everybody has gone.
const LOOK: Duration = Duration::from_millis(20);

/// Answers until `stop` is done, sends everybody away, lets open requests end, then closes the record. All of it takes no longer than the settings allow.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    accept::forget_unfinished(&app.settings().files).await;
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error = %error, "a connection keeps Nagle's algorithm");
        }
    });
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let router = router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let told = app.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop.await;
        let _ = stopping.send(());
        // Proxies that look are told first; then nobody new is taken.
        told.live().cluster().drain();
        if told.settings().database_url.is_some() {
            tokio::time::sleep(told.settings().drain / NOTICE).await;
        }
    });
    let (until, mut at_latest) = tokio::sync::watch::channel(None);
    let drained = async {
        // An end that nobody asked for is drained too.
        let _ = stopped.await;
        let end = Instant::now() + app.settings().drain;
        let _ = until.send(Some(end));
        hold_leases(&app).await;
        if app.settings().database_url.is_some() {
            tokio::time::sleep(app.settings().drain / NOTICE).await;
        }
        send_away(&app, end).await;
    };
    let too_long = async {
        let end = at_latest.wait_for(Option::is_some).await.ok().and_then(|end| *end);
        tokio::time::sleep_until(end.unwrap_or_else(Instant::now)).await;
    };
    let served = async {
        tokio::select! {
            result = async { server.await } => result,
            () = too_long => Ok(()),
        }
    };
    let (result, ()) = tokio::join!(served, drained);
    leave(&app).await;
    app.db().close().await;
    result
}

/// Tells every connection to go to another node, some at a time, and waits until they have.
async fn send_away(app: &App, until: Instant) {
    let everybody = app.hub().everybody();
    let (step, pause) = (everybody.len().div_ceil(STEPS).max(1), SPREAD.min(app.settings().drain / 4) / STEPS as u32);
    for some in everybody.chunks(step) {
        for mailbox in some {
            mailbox.put(|mail| mail.closed = Some("moving"));
        }
        tokio::time::sleep(pause).await;
    }
    // Also those who came in between.
    while Instant::now() < until && !app.hub().everybody().is_empty() {
        app.hub().close("moving");
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
