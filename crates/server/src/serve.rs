//! Answering on a socket until told to stop.

use std::{convert::Infallible, future::Future, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tower::ServiceExt as _;

use crate::{App, features::files::accept, router};

/// How long open requests may take to end once the program is told to stop.
const GRACE: Duration = Duration::from_secs(3);
/// How long the head of a request may take, counted from the end of the one before: longer than a proxy keeps an idle connection (nginx: 60 s).
const HEAD_WITHIN: Duration = Duration::from_secs(75);
/// The largest head of a request, and most of what is read of a body at once. A connection that waits holds half of it.
const BUFFER_BYTES: usize = 16 * 1024;
/// The wait after a connection could not be accepted, mostly for want of file descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// Answers until `stop` is done, lets open requests end, then closes the record.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    accept::forget_unfinished(&app.settings().data).await;
    let router = router::router(app.clone());
    // Told once; every open connection holds a receiver.
    let (stopping, told) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => answer(stream, from, router.clone(), told.clone()),
                Err(error) => {
                    tracing::warn!(error = %error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            },
        }
    }
    drop((listener, told));
    stopping.send_replace(());
    // Whoever is not done by then is cut off.
    let _ = tokio::time::timeout(GRACE, stopping.closed()).await;
    app.db().close().await;
    Ok(())
}

/// Answers the requests of one connection, until it ends or is upgraded; when told to stop, the one at hand.
fn answer(stream: TcpStream, from: SocketAddr, router: Router, mut stop: watch::Receiver<()>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(error = %error, "a connection keeps Nagle's algorithm");
    }
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request).await;
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::spawn(async move {
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = &mut connection => ended,
            _ = stop.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(error = %error, "a connection ended");
        }
    });
}
