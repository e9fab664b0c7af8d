//! Answering on a socket until told to stop.

use std::{future::Future, net::SocketAddr, time::Duration};

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

use crate::{App, features::files::accept, router};

/// How long open requests may take to end once the program is told to stop.
const GRACE: Duration = Duration::from_secs(3);

/// Answers until `stop` is done, lets open requests end, then closes the record.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    accept::forget_unfinished(&app.settings().data).await;
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error = %error, "a connection keeps Nagle's algorithm");
        }
    });
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let router = router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop.await;
        let _ = stopping.send(());
    });
    let too_long = async move {
        let _ = stopped.await;
        tokio::time::sleep(GRACE).await;
    };
    let result = tokio::select! {
        result = async { server.await } => result,
        () = too_long => Ok(()),
    };
    app.db().close().await;
    result
}
