//! `GET /ws`: frames as lines of text messages.

use std::time::Duration;

use axum::{
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use tokio::time::Instant;

use super::{
    principal::{self, Visitor},
    session::{BEAT_MS, Close, Lines, Session, WRITE_BYTES, last_words},
    wire::{ClientFrame, MAX_FRAME_BYTES},
};
use crate::{App, auth::origin, problem::Problem};

/// The other end does not read any more: there is nobody to say anything to.
const GONE: Close = Close("gone");
/// A write waits this long for a slow reader.
const WRITE_WITHIN: Duration = Duration::from_secs(30);
/// The time a client has for its first frame.
const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// Upgrades. Staff are known by their cookie, and then only our own pages may ask; visitors say their token in the hello.
pub async fn upgrade(State(app): State<App>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Result<Response, Problem> {
    let staff = principal::staff(&app, &headers).await?;
    if staff.is_some() {
        origin::require_own_page(&headers, &app.settings().public_url)?;
    }
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    // Defaults would cost 128 KiB per connection; these cost 4.
    let upgrade = upgrade
        .read_buffer_size(2 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(1024 * 1024)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES);
    Ok(upgrade.on_upgrade(move |socket| Box::pin(serve(app, staff, socket))).into_response())
}

async fn serve(app: App, staff: Option<super::mailbox::Principal>, mut socket: WebSocket) {
    let ended = Box::pin(run(app, staff, &mut socket)).await;
    if let Err(close) = ended
        && close != GONE
    {
        let _ = socket.send(Message::text(last_words(close))).await;
        let _ = socket.send(Message::Close(None)).await;
    }
}

/// Runs until the client goes (`Ok`) or has to (`Err`).
async fn run(app: App, staff: Option<super::mailbox::Principal>, socket: &mut WebSocket) -> Result<(), Close> {
    let mut out = Lines::new();
    let Some(mut session) = Box::pin(greet(&app, staff, socket, &mut out)).await? else { return Ok(()) };
    let mailbox = session.mailbox();
    let mut beat = Instant::now() + jitter(&app);
    loop {
        let told = Box::pin(session.drain(&mut out)).await;
        if !out.is_empty() {
            // One write for everything there is; while it waits for a slow reader nothing is kept for it but numbers.
            write(socket, &mut out).await?;
            beat = Instant::now() + jitter(&app);
        }
        told?;
        if session.has_more() {
            continue;
        }
        tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => Box::pin(take(&mut session, socket, &text, &mut out)).await?,
                Some(Ok(Message::Binary(_))) => return Err(Close("binary_frame")),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
            },
            () = mailbox.woken() => {}
            () = tokio::time::sleep_until(beat) => session.beat(&mut out),
        }
    }
}

async fn greet(app: &App, staff: Option<super::mailbox::Principal>, socket: &mut WebSocket, out: &mut Lines) -> Result<Option<Session>, Close> {
    let text = match tokio::time::timeout(HELLO_WITHIN, socket.recv()).await {
        Ok(Some(Ok(Message::Text(text)))) => text,
        Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) => return Ok(None),
        _ => return Err(Close("hello_expected")),
    };
    let mut lines = text.lines();
    let Some(Ok(ClientFrame::Hello(hello))) = lines.next().map(parse) else { return Err(Close("hello_expected")) };
    let principal = match (staff, &hello.token) {
        // A console's socket has a cookie and no token; a widget on the same origin has both and means the token.
        (_, Some(token)) => Visitor::by_token(app, token).await?,
        (Some(staff), None) => staff,
        (None, None) => return Err(Close("not_signed_in")),
    };
    principal::has_room(app, &principal)?;
    let mut session = Session::new(app.clone(), principal.clone());
    principal::still_lives(app, &principal, hello.token.as_deref()).await?;
    session.hello(hello, out).await?;
    let rest = lines.collect::<Vec<_>>().join("\n");
    take(&mut session, socket, &rest, out).await?;
    Ok(Some(session))
}

/// Takes the frames of a message; what they are answered is written as it comes, so that many questions in one message do not pile up.
async fn take(session: &mut Session, socket: &mut WebSocket, text: &str, out: &mut Lines) -> Result<(), Close> {
    for line in text.lines().filter(|line| !line.is_empty()) {
        session.frame(parse(line)?, out).await?;
        if out.len() > WRITE_BYTES {
            write(socket, out).await?;
        }
    }
    Ok(())
}

/// One write. A reader that takes nothing for too long is given up; it comes back with its cursors.
async fn write(socket: &mut WebSocket, out: &mut Lines) -> Result<(), Close> {
    let message = Message::text(std::mem::take(out));
    match tokio::time::timeout(WRITE_WITHIN, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(GONE),
    }
}

fn parse(line: &str) -> Result<ClientFrame, Close> {
    serde_json::from_str(line).map_err(|error| {
        // The error's text may quote what was written: only where it is wrong is kept.
        tracing::debug!(line = error.line(), column = error.column(), "a frame was refused");
        Close("bad_frame")
    })
}

/// The beat's time, ± 20 %, so that ten thousand connections do not beat together.
fn jitter(app: &App) -> Duration {
    let spread = app.env().uuid().as_u64_pair().1 % 400;
    Duration::from_millis(BEAT_MS as u64 * (800 + spread) / 1000)
}
