//! `GET /ws`: frames as lines of WebSocket text messages.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::refusal::Code;
use http_kit::{App, auth::origin, problem::Problem, request_company};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use platform::{client_address::ClientAddress, doors::Admitted};
use realtime::{
    admission,
    framing::Message,
    mailbox::Principal,
    session::{BEAT_MS, Close, Session, check_version, last_words},
    socket::{End, Messages, Socket},
};
use sha1::{Digest as _, Sha1};
use tokio::{net::TcpStream, time::Instant};
use wire::{
    frames::{ClientFrame, ServerFrame},
    lines::{Lines, WRITE_BYTES, push},
};

/// The suffix that a client's key is hashed with for the response (RFC 6455 §1.3).
const ACCEPT: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// The version that RFC 6455 defines, and the length of a client's key.
const VERSION: &str = "13";
const KEY_BYTES: usize = 16;
/// How long a client has for its first frame.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// The status of a close that is explained by a last `no` (RFC 6455 §7.4.1: policy violation).
const EXPLAINED: u16 = 1008;
/// The status of a close because the server is stopping: reconnect.
const RESTART: u16 = 1012;
/// The status of a close because the server is overloaded: reconnect later.
const LATER: u16 = 1013;
/// How a connection ends before its client wants it to.
enum Ended {
    /// The client is gone.
    Gone,
    /// With last words, and the status of the close frame.
    Told(Close, u16),
    /// Before it has begun, because the server is overloaded; the client may try again after this time.
    Later(Duration),
}

impl From<Close> for Ended {
    fn from(close: Close) -> Self {
        Self::Told(close, if close.0 == Code::Moving { RESTART } else { EXPLAINED })
    }
}
impl From<End> for Ended {
    fn from(end: End) -> Self {
        match end {
            End::Gone(_) => Self::Gone,
            End::Broken(violation) => Self::Told(Close(violation.code()), violation.status()),
        }
    }
}

/// Upgrades a request. Staff are identified by their cookie, which is only accepted from our own pages; visitors give their token in the hello, and programs theirs
/// in `Authorization` or in the hello.
pub async fn upgrade(State(app): State<App>, from: ClientAddress, mut request: Request) -> Result<Response, Problem> {
    let accept = match accept(request.method(), request.headers()) {
        Ok(accept) => accept,
        // A client that uses a different version is told which one is supported here (RFC 6455 §4.4).
        Err(problem) => return Ok(([(header::SEC_WEBSOCKET_VERSION, VERSION)], problem).into_response()),
    };
    let staff = super::staff(&app, request.headers(), from).await?;
    origin::refuse_foreign_page(request.headers(), &app)?;
    let upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or_else(|| bad_upgrade("the connection cannot be upgraded; HTTP/1.1 is needed"))?;
    let admitted = request.extensions_mut().remove::<Admitted>();
    // Whose token comes later has to be of the company to which the request was addressed, too.
    tokio::spawn(request_company::carry(async move {
        let _admitted = admitted;
        match upgraded_socket(upgrade).await {
            Ok(mut socket) => serve(app, from, staff, &mut socket).await,
            Err(error) => tracing::debug!(error = %error, "an upgrade came to nothing"),
        }
    }));
    let switch = [(header::CONNECTION, HeaderValue::from_static("upgrade")), (header::UPGRADE, HeaderValue::from_static("websocket"))];
    Ok((StatusCode::SWITCHING_PROTOCOLS, switch, [(header::SEC_WEBSOCKET_ACCEPT, accept)]).into_response())
}

/// Checks that a request asks for a WebSocket (RFC 6455 §4.2.1); returns the answer to its key.
fn accept(method: &Method, headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    let lists = |name: HeaderName, word: &str| {
        headers.get_all(name).iter().filter_map(|v| v.to_str().ok()).any(|v| v.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
    };
    if method != Method::GET || !lists(header::CONNECTION, "upgrade") || !lists(header::UPGRADE, "websocket") {
        return Err(bad_upgrade("this address accepts WebSockets only: send Connection: upgrade and Upgrade: websocket"));
    }
    if !lists(header::SEC_WEBSOCKET_VERSION, VERSION) {
        return Err(bad_upgrade("Sec-WebSocket-Version must be 13"));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or_else(|| bad_upgrade("Sec-WebSocket-Key is missing"))?;
    let bad_key = || bad_upgrade("Sec-WebSocket-Key must be 16 bytes in base64");
    if BASE64_STANDARD.decode(key.as_bytes()).map_err(|_| bad_key())?.len() != KEY_BYTES {
        return Err(bad_key());
    }
    let sum = Sha1::new().chain_update(key.as_bytes()).chain_update(ACCEPT).finalize();
    HeaderValue::from_str(&BASE64_STANDARD.encode(sum)).map_err(|_| bad_key())
}

fn bad_upgrade(detail: &'static str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, Code::BadRequest, detail)
}

/// The underlying stream, without the buffers of the request it began with.
async fn upgraded_socket(upgrade: OnUpgrade) -> Result<Socket, Box<dyn std::error::Error + Send + Sync>> {
    let parts = upgrade.await?.downcast::<TokioIo<TcpStream>>().map_err(|_| "the connection is not plain TCP")?;
    Ok(Socket::new(parts.io.into_inner(), &parts.read_buf))
}

async fn serve(app: App, from: ClientAddress, staff: Option<Principal>, socket: &mut impl Messages) {
    match Box::pin(run(app, from, staff, socket)).await {
        Ok(status) => socket.close(status).await,
        Err(Ended::Told(close, status)) => {
            let _ = socket.send(&last_words(close)).await;
            socket.close(Some(status)).await;
        }
        Err(Ended::Later(after)) => {
            let mut words = Lines::new();
            push(&mut words, &ServerFrame::later(after));
            let _ = socket.send(&words).await;
            socket.close(Some(LATER)).await;
        }
        Err(Ended::Gone) => {}
    }
}

/// Runs until the client says goodbye, with or without a status, or the connection ends otherwise. The status is sent back to the client.
async fn run(app: App, from: ClientAddress, staff: Option<Principal>, socket: &mut impl Messages) -> Result<Option<u16>, Ended> {
    let mut out = Lines::new();
    let mut session = match Box::pin(greet(&app, from, staff, socket, &mut out)).await? {
        Greeted::Session(session) => session,
        Greeted::Goodbye(status) => return Ok(status),
    };
    let mailbox = session.mailbox();
    let mut beat = Instant::now() + jitter(&app);
    loop {
        let told = Box::pin(session.drain(&mut out)).await;
        if !out.is_empty() {
            // One write for everything there is; while a slow reader delays it, only numbers are kept for that reader.
            write(socket, &mut out).await?;
            session.on_written();
            beat = Instant::now() + jitter(&app);
        }
        told?;
        if session.has_more() {
            continue;
        }
        tokio::select! {
            message = socket.receive() => match message? {
                Message::Text(text) => Box::pin(take(&mut session, socket, &text, &mut out)).await?,
                Message::Ping(payload) => {
                    session.note_frame()?;
                    socket.pong(&payload).await?;
                }
                Message::Pong => session.note_frame()?,
                Message::Close(status) => return Ok(status),
            },
            () = mailbox.wait() => {}
            () = tokio::time::sleep_until(beat) => session.beat(&mut out),
        }
    }
}

/// The result of a client's first message.
#[expect(clippy::large_enum_variant, reason = "taken apart at once")]
enum Greeted {
    Session(Session),
    /// The client says goodbye instead, with this status.
    Goodbye(Option<u16>),
}

async fn greet(app: &App, from: ClientAddress, staff: Option<Principal>, socket: &mut impl Messages, out: &mut Lines) -> Result<Greeted, Ended> {
    let text = match tokio::time::timeout(HELLO_WITHIN, socket.receive()).await {
        Ok(Ok(Message::Text(text))) => text,
        Ok(Ok(Message::Close(status))) => return Ok(Greeted::Goodbye(status)),
        Ok(Err(end)) => return Err(end.into()),
        _ => return Err(Close(Code::HelloExpected).into()),
    };
    let mut lines = text.lines();
    let ClientFrame::Hello(hello) = lines.next().map_or(Err(Close(Code::HelloExpected)), parse)? else { return Err(Close(Code::HelloExpected).into()) };
    check_version(&hello)?;
    let place = app.gate().enter(from).await.map_err(Ended::Later)?;
    let principal = match (staff, &hello.token) {
        // A console's socket has a cookie and no token; a widget on the same origin has both, and the token counts.
        (_, Some(token)) => super::by_token(app, token, from).await.map_err(|problem| Close(problem.code))?,
        (Some(staff), None) => staff,
        (None, None) => return Err(Close(Code::NotSignedIn).into()),
    };
    admission::count(app, &principal, &hello).map_err(Ended::Later)?;
    let mut session = Session::new(app.node().clone(), principal);
    admission::admit(app, &session.mailbox(), hello.token.as_deref()).await?;
    session.hello(hello, out).await?;
    // What the client missed is sent as part of the greeting, up to one write; a slow reader does not hold up others at the gate.
    session.drain(out).await?;
    drop(place);
    let rest = lines.collect::<Vec<_>>().join("\n");
    if !rest.is_empty() {
        take(&mut session, socket, &rest, out).await?;
    }
    Ok(Greeted::Session(session))
}

/// Handles the frames of a message; answers are written as they come, so that the answers to many questions in one message do not pile up.
async fn take(session: &mut Session, socket: &mut impl Messages, text: &str, out: &mut Lines) -> Result<(), Ended> {
    if text.trim().is_empty() {
        // An empty message costs as much as any other.
        session.note_frame()?;
    }
    for line in text.lines().filter(|line| !line.is_empty()) {
        session.frame(parse(line)?, out).await?;
        if out.len() > WRITE_BYTES {
            write(socket, out).await?;
            session.on_written();
        }
    }
    Ok(())
}

/// Writes everything at once. A reader that accepts nothing for too long is given up; it comes back with its cursors.
async fn write(socket: &mut impl Messages, out: &mut Lines) -> Result<(), Ended> {
    let text = std::mem::take(out);
    Ok(socket.send(&text).await?)
}

fn parse(line: &str) -> Result<ClientFrame, Close> {
    serde_json::from_str(line).map_err(|error| {
        // The error's text may quote what was written, so only its position is logged.
        tracing::debug!(line = error.line(), column = error.column(), "a frame was refused");
        Close(Code::BadFrame)
    })
}

/// The time between beats, ± 20 %, so that ten thousand connections do not beat together.
fn jitter(app: &App) -> Duration {
    let spread = app.env().uuid().as_u64_pair().1 % 400;
    Duration::from_millis(BEAT_MS as u64 * (800 + spread) / 1000)
}
