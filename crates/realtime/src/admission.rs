//! Finds out whose visitor a token is, and admits connections.

use std::{sync::Arc, time::Duration};

use domain::{api_token::Credential, policy::Staff, refusal::Code};
use platform::env;
use wire::frames::Hello;

use crate::{
    mailbox::{Mailbox, Principal},
    node::Node,
    session::{Close, asks_of},
};

/// Admits a connection that can already be told to end, if what it was opened with is still valid and there is room. Only then may another connection have to
/// close for it.
pub async fn admit(node: &Node, mailbox: &Arc<Mailbox>, token: Option<&str>) -> Result<(), Close> {
    still_lives(node, mailbox.principal(), token).await?;
    make_room(node, mailbox)
}

/// Whether what a connection was opened with is still valid. Checked once the connection can be told to end, so that a revocation in between is not missed.
async fn still_lives(node: &Node, principal: &Principal, token: Option<&str>) -> Result<(), Close> {
    match (principal, token) {
        (Principal::Visitor { .. }, Some(token)) => Visitor::by_token(node, token).await.map(drop),
        (Principal::Visitor { .. }, None) => Err(Close(Code::TokenExpired)),
        (Principal::Staff(staff, with), _) => match end_of(node, staff, *with).await {
            Ok(None) => Ok(()),
            Ok(Some(code)) => Err(Close(code)),
            Err(error) => {
                tracing::warn!(error = %error, "a session could not be looked up");
                Err(Close(Code::Busy))
            }
        },
    }
}

/// Why a connection of the staff has to end: its session or token did, or the member reaches something else by now. A WebSocket may be silent for seconds
/// between its upgrade, which finds out who it is, and its hello.
async fn end_of(node: &Node, staff: &Staff, with: Credential) -> store::Result<Option<Code>> {
    let mut tx = node.db().read_of(staff.tenant).await?;
    let ended = store::api_tokens::end_of(&mut tx, staff.tenant, with).await?;
    // What a token may do never changes.
    if ended.is_some() || with.session().is_none() {
        return Ok(ended);
    }
    let now = store::staff::get(&mut tx, staff.tenant, staff.agent).await?.staff(&mut tx).await?;
    Ok((now.grants != staff.grants || now.circle != staff.circle).then_some(Code::Moving))
}

/// After this many milliseconds of silence, a connection may be dead while a proxy still holds its end: a client that pings does so every 5 s.
const SWALLOWED_MS: i64 = 30_000;

/// Makes room for one more connection of its person: at the limit, the connection that has been silent longest is closed.
fn make_room(node: &Node, mailbox: &Arc<Mailbox>) -> Result<(), Close> {
    let code = Code::TooManyConnections;
    let silent_since = node.env().now().plus(-SWALLOWED_MS);
    if node.hub().make_room(mailbox, node.settings().connections, silent_since, code) { Ok(()) } else { Err(Close(code)) }
}

/// Counts a hello that begins a connection, together with those of all other connections of the person. The error is the time after which to try again.
pub fn count(node: &Node, principal: &Principal, hello: &Hello) -> Result<(), Duration> {
    let told = node.hellos().take_some(principal, asks_of(hello), node.env().now());
    told.map_err(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or_default()))
}

/// Identifies visitors by their access token.
pub struct Visitor;

impl Visitor {
    /// The visitor to whom the token belongs.
    pub async fn by_token(node: &Node, token: &str) -> Result<Principal, Close> {
        match store::entry_points::visitor_token(node.db(), &env::hash(token)).await {
            Ok(Some((tenant, visitor, site, until, blocked_until))) => Ok(Principal::Visitor { tenant, visitor, site, until, blocked_until }),
            Ok(None) => Err(Close(Code::TokenExpired)),
            Err(error) => {
                tracing::warn!(error = %error, "a token could not be looked up");
                Err(Close(Code::Busy))
            }
        }
    }
}
