//! `POST /rt/events` and `POST /rt/send`: the same frames over plain HTTP, where WebSockets do not get through.

use std::{collections::HashMap, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, Version, header},
};
use db::writer::Fence;
use domain::{refusal::Code, response_time::ResponseTime};
use http_kit::{
    App,
    auth::{origin, program},
    extract::{self, WholeBody},
    problem::Problem,
    security,
    takeover::{Taken, Takeover},
};
use machines::ingress::SendOrder;
use platform::client_address::ClientAddress;
use realtime::{
    admission,
    mailbox::Principal,
    older,
    response_times::ms_since,
    session::{BEAT_MS, Close, Session, last_words},
    submit::{act_of, check, check_quota, submit},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::{sync::oneshot, time::Instant};
use utoipa::ToSchema;
use uuid::Uuid;
use wire::{
    frames::{ClientFrame, Hello, Send, ServerFrame},
    lines::{Lines, push},
};

/// A long poll is answered after this time at the latest.
const POLL: Duration = Duration::from_secs(25);
/// How many frames one `POST /rt/send` may have.
const MAX_FRAMES: usize = 64;

/// Streams to clients that accept `text/event-stream`, and answers others with one batch. Refusals are ordinary HTTP answers; otherwise the handler takes the
/// connection over from HTTP.
pub async fn events(
    State(app): State<App>,
    from: ClientAddress,
    takeover: Option<Takeover>,
    version: Version,
    headers: HeaderMap,
    WholeBody(body): WholeBody,
) -> Result<Infallible, Problem> {
    let hello = hello(&body)?;
    let place = app.gate().enter(from).await.map_err(Problem::busy_for)?;
    let principal = who(&app, &headers, hello.token.as_deref(), from).await?;
    admission::count(&app, &principal, &hello).map_err(Problem::busy_for)?;
    let takeover = takeover.ok_or_else(|| Problem::internal(&std::io::Error::other("a request without a connection of its own")))?;
    let streams = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|accept| accept.contains("text/event-stream"));
    let token = hello.token.clone();
    let mut out = Lines::new();
    let mut session = Session::new(app.node().clone(), principal);
    let mut begun = match admission::admit(&app, &session.mailbox(), token.as_deref()).await {
        Ok(()) => session.hello(hello, &mut out).await,
        Err(close) => Err(close),
    };
    let greeting = out.len();
    if begun.is_ok() {
        begun = session.drain(&mut out).await;
    }
    drop(place);
    let mut answer = HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]);
    security::finish(&app, &mut answer);
    let keeps = version == Version::HTTP_11 && !headers.get_all(header::CONNECTION).iter().any(|v| v.as_bytes().eq_ignore_ascii_case(b"close"));
    takeover
        .take(Box::new(move |taken| {
            Box::pin(async move {
                let ended = match streams {
                    true => stream(&taken, answer, session, out, begun).await,
                    false => poll(taken, answer, session, (out, greeting), begun, keeps).await,
                };
                if let Err(error) = ended {
                    tracing::debug!(error = %error, "a stream of events ended");
                }
            })
        }))
        .await
}

/// Parses a hello, with or without the `t` that it has on a socket.
fn hello(body: &[u8]) -> Result<Hello, Problem> {
    let mut fields: serde_json::Map<String, serde_json::Value> = extract::parse(body)?;
    if fields.remove("t").is_some_and(|t| t != "hello") {
        return Err(Problem::invalid("t", Code::InvalidValue, "only a hello opens a stream of events"));
    }
    extract::parse(&serde_json::to_vec(&fields).unwrap_or_default())
}

async fn who(app: &App, headers: &HeaderMap, token: Option<&str>, from: ClientAddress) -> Result<Principal, Problem> {
    origin::refuse_foreign_page(headers, app)?;
    match token {
        Some(token) => super::by_token(app, token, from).await,
        None => {
            if program::token(headers).is_none() {
                origin::require_own_page(headers, app)?;
            }
            super::staff(app, headers, from).await?.ok_or_else(Problem::not_signed_in)
        }
    }
}

/// Writes events until the client disconnects or has to. The end of the connection is the end of the response.
async fn stream(taken: &Taken, mut headers: HeaderMap, mut session: Session, mut out: Lines, mut ended: Result<(), Close>) -> std::io::Result<()> {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    // Otherwise some proxies would hold the stream back until it ends.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    taken.head(&headers).await?;
    let mailbox = session.mailbox();
    loop {
        if ended.is_ok() {
            ended = Box::pin(session.drain(&mut out)).await;
        }
        if let Err(close) = ended {
            out.push_str(&last_words(close));
        }
        if !out.is_empty() {
            taken.write(event(&std::mem::take(&mut out), &session.cursors()).as_bytes()).await?;
        }
        if ended.is_err() {
            return Ok(());
        }
        if session.has_more() {
            continue;
        }
        tokio::select! {
            () = mailbox.wait() => {}
            () = taken.wait_for_disconnect() => return Ok(()),
            () = tokio::time::sleep(Duration::from_millis(BEAT_MS as u64)) => session.beat(&mut out),
        }
    }
}

/// Formats lines as one event; its id is the cursors.
fn event(lines: &str, cursors: &str) -> String {
    let mut event = String::with_capacity(lines.len() + cursors.len() + 64);
    for line in lines.lines() {
        event.push_str("data: ");
        event.push_str(line);
        event.push('\n');
    }
    event.push_str("id: ");
    event.push_str(cursors);
    event.push_str("\n\n");
    event
}

/// Waits for something after the greeting and answers with it; the connection is then available for the next request.
async fn poll(
    taken: Taken,
    mut headers: HeaderMap,
    mut session: Session,
    (mut out, greeting): (Lines, usize),
    mut ended: Result<(), Close>,
    keeps: bool,
) -> std::io::Result<()> {
    let until = Instant::now() + POLL;
    let mailbox = session.mailbox();
    while ended.is_ok() {
        ended = Box::pin(session.drain(&mut out)).await;
        if ended.is_err() || out.len() > greeting || Instant::now() >= until {
            break;
        }
        tokio::select! {
            () = mailbox.wait() => {}
            () = taken.wait_for_disconnect() => return Ok(()),
            () = tokio::time::sleep_until(until) => session.beat(&mut out),
        }
    }
    if let Err(close) = ended {
        out.push_str(&last_words(close));
    }
    drop(session);
    let keeps = keeps && taken.early.is_empty();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(out.len()));
    headers.insert(header::CONNECTION, HeaderValue::from_static(if keeps { "keep-alive" } else { "close" }));
    taken.head(&headers).await?;
    taken.write(out.as_bytes()).await?;
    if keeps {
        (taken.again)(taken.stream);
    }
    Ok(())
}

/// Frames of a client that has no WebSocket.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendRequest {
    /// A visitor's access token; staff are identified by their cookie, and a program by the token in `Authorization`, or here.
    #[serde(default)]
    pub token: Option<String>,
    /// `send`, `get`, `mark` and `typing` frames, in order; at most 64.
    pub frames: Vec<ClientFrame>,
}

/// The answers to the frames, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct SendResponse {
    /// For each `send` an `ok`, `no` or `busy`; for each `get` its pages, or why there are none.
    #[schema(value_type = Vec<ServerFrame>)]
    pub frames: Vec<Box<RawValue>>,
}

/// Stores what is sent, reads what is asked for, and answers once all of it is on disk.
pub async fn send(State(app): State<App>, from: ClientAddress, headers: HeaderMap, WholeBody(body): WholeBody) -> Result<Json<SendResponse>, Problem> {
    let request: SendRequest = extract::parse(&body)?;
    if request.frames.len() > MAX_FRAMES {
        return Err(Problem::invalid("frames", Code::TooLarge, "at most 64 frames per request"));
    }
    if request.frames.iter().any(|f| matches!(f, ClientFrame::Hello(_) | ClientFrame::Ping {})) {
        return Err(Problem::invalid("frames", Code::InvalidValue, "only send, get, mark and typing frames can be posted"));
    }
    let (principal, received) = (who(&app, &headers, request.token.as_deref(), from).await?, Instant::now());
    app.hub().note_activity(&principal, app.env().now());
    let mut session = Session::new(app.node().clone(), principal.clone());
    let principal = Arc::new(principal);
    let (mut order, mut fences) = (SendOrder::default(), HashMap::<Uuid, Arc<Fence>>::new());
    let (mut sent, mut lines, mut acknowledged) = (Vec::new(), Lines::new(), 0);
    for frame in request.frames {
        match frame {
            ClientFrame::Send(send) => {
                let fence = fences.entry(send.conversation.uuid()).or_default().clone();
                sent.push(one(&app, &principal, &mut order, fence, send));
            }
            ClientFrame::Get { stream, from, to } => {
                // What was sent before it has to be on disk, and answered, before it is read.
                acknowledged += answer(&mut sent, &mut lines).await;
                older::beside(&app, &principal, stream, (from, to), &mut lines).await;
            }
            // These are lossy: those over the limit are dropped.
            ClientFrame::Mark { .. } | ClientFrame::Typing { .. } if app.limits().take(&principal, app.env().now()).is_err() => {}
            ClientFrame::Mark { .. } | ClientFrame::Typing { .. } => session.aside(frame).await,
            ClientFrame::Hello(_) | ClientFrame::Ping {} => {}
        }
    }
    acknowledged += answer(&mut sent, &mut lines).await;
    for _ in 0..acknowledged {
        app.response_times().note(Some(principal.tenant()), ResponseTime::ServerSendToAck, ms_since(received), app.env().now());
    }
    let frames = lines.lines().map(|line| RawValue::from_string(line.to_owned())).collect::<Result<_, _>>();
    Ok(Json(SendResponse { frames: frames.map_err(|error| Problem::internal(&error))? }))
}

/// Waits for the outcome of these sends, and answers them in order; returns how many of them were acknowledged.
async fn answer(sent: &mut Vec<impl Future<Output = ServerFrame>>, lines: &mut Lines) -> usize {
    let mut acknowledged = 0;
    for one in sent.drain(..) {
        let frame = one.await;
        acknowledged += usize::from(matches!(frame, ServerFrame::Ok { .. }));
        push(lines, &frame);
    }
    acknowledged
}

/// Submits one send now; the answer can be awaited later, so that sends keep their order without waiting for each other's commits.
fn one(app: &App, principal: &Arc<Principal>, order: &mut SendOrder, fence: Arc<Fence>, send: Send) -> impl Future<Output = ServerFrame> + use<> {
    let (conversation, client_id, customer) = (send.conversation, send.client_id, matches!(**principal, Principal::Visitor { .. }));
    let (done, answer) = oneshot::channel();
    let quota = check_quota(app, &send.body, principal);
    let act = act_of(app, send, principal);
    if let Err(code) = quota.and_then(|()| check(&act, principal)) {
        let _ = done.send(Some(Err(domain::refusal::Refusal::new(code))));
    } else if !order.arrive(conversation.uuid(), client_id, fence.value()) || app.limits().take(principal, app.env().now()).is_err() {
        let _ = done.send(None);
    } else {
        let value = fence.value();
        order.hand_over(conversation.uuid(), client_id, value);
        submit(app, act, (fence, value), move |outcome| {
            let _ = done.send(outcome);
        });
    }
    async move {
        match answer.await.ok().flatten() {
            Some(Ok(a)) => ServerFrame::Ok { client_id, seq: if customer { a.pseq.unwrap_or(a.seq) } else { a.seq }, at: a.at },
            Some(Err(refusal)) => ServerFrame::refused(client_id, refusal),
            None => ServerFrame::Busy { client_id, retry_ms: 500 },
        }
    }
}
