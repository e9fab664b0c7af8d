//! How the bytes of a real-time session come and go: [`ws`] over WebSockets, [`events`] over plain HTTP as a stream or by polling.

pub mod events;
pub mod ws;

use axum::http::HeaderMap;
use domain::{api_token::PREFIX, refusal::Code};
use http_kit::{
    App,
    auth::{Caller, origin, program, staff_of},
    denied,
    problem::Problem,
    request_company,
};
use platform::client_address::ClientAddress;
use realtime::{admission::Visitor, mailbox::Principal};

/// The program whose token is in the headers, or the member of the staff whose cookie is in them. A cookie is only accepted from our own pages.
async fn staff(app: &App, headers: &HeaderMap, from: ClientAddress) -> Result<Option<Principal>, Problem> {
    let Some(Caller { staff, credential, .. }) = staff_of(app, headers, from).await? else { return Ok(None) };
    if credential.any_session().is_some() {
        origin::require_own_page(headers, app)?;
    }
    Ok(Some(Principal::Staff(staff, credential)))
}

/// The program whose token is in a hello, or the visitor.
async fn by_token(app: &App, token: &str, from: ClientAddress) -> Result<Principal, Problem> {
    if token.starts_with(PREFIX) {
        let Caller { staff, credential, .. } = program::program_of(app, token, from).await?;
        return Ok(Principal::Staff(staff, credential));
    }
    let expired = || Problem { code: Code::TokenExpired, ..Problem::not_signed_in() };
    let visitor = Visitor::by_token(app, token).await.map_err(|close| if close.0 == Code::Busy { Problem::busy() } else { expired() })?;
    if !request_company::enter(visitor.tenant()) {
        return Err(expired());
    }
    denied::require_visitors_address()?;
    Ok(visitor)
}

#[cfg(test)]
mod tests {
    use std::{
        net::{IpAddr, Ipv4Addr},
        task::Poll,
    };

    use domain::{
        id::{SiteId, TenantId, VisitorId},
        stream::{StreamKind, StreamName},
        time::Ts,
    };
    use futures_util::poll;
    use realtime::older;
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;
    use wire::lines::Lines;

    use super::*;

    const HERE: ClientAddress = ClientAddress(IpAddr::V4(Ipv4Addr::LOCALHOST));

    #[tokio::test(flavor = "multi_thread")]
    async fn in_a_rush_one_is_told_when_to_come_before_anybody_asks_who_one_is() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let gate = app.app().gate();
        // As many come as may wait, so that the next one is sent away.
        let (mut inside, mut waiting) = (Vec::new(), Vec::new());
        loop {
            let mut one = Box::pin(gate.enter(HERE));
            match poll!(one.as_mut()) {
                Poll::Ready(Ok(place)) => inside.push(place),
                Poll::Ready(Err(_)) => break,
                Poll::Pending => waiting.push(one),
            }
        }
        let mut socket = Realtime::connect(&visitor).await;
        socket.send(&json!({"t": "hello", "version": 1, "token": "nonsense", "cursors": {}})).await;
        let told = socket.until("no").await;
        assert!(told["code"] == "busy" && told["retry_ms"].as_i64().unwrap() >= 3_000, "{told}");
        assert_eq!(socket.farewell().await, (None, Some(1013)));
        let posted = visitor.post("/rt/events", json!({"version": 1, "token": "nonsense", "cursors": {}})).await;
        assert!(posted.problem(503, "busy")["retry_after"].as_i64().unwrap() >= 3 && posted.header("retry-after").len() == 1, "{posted:?}");
        drop((inside, waiting));
        let mut socket = Realtime::connect(&visitor).await;
        socket.send(&json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {}})).await;
        socket.until("welcome").await;
        app.stop().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_visitor_who_asks_for_much_again_and_again_is_told_to_wait_and_nobody_else_is() {
        let app = TestApp::new().await;
        let (greedy, other) = (app.visitor().await, app.visitor().await);
        // Its own conversation, so that there is something to send at once.
        let own = greedy.open("hello").await;
        let hello = |token: &Option<String>, streams: u128| {
            let others = (1..streams).map(|n| domain::id::ConversationId::new(uuid::Uuid::from_u128(n)).to_string());
            let cursors: serde_json::Map<String, serde_json::Value> = others.chain([own.clone()]).map(|stream| (stream, json!(null))).collect();
            json!({"version": 1, "token": token, "cursors": cursors})
        };
        // Time stands still here: no credit is earned back.
        let mut looked_up = 0;
        let told = loop {
            let told = greedy.post("/rt/events", hello(&greedy.token, 60)).await;
            if told.status == 503 {
                break told;
            }
            looked_up += 60;
            assert!(looked_up <= 2_000);
        };
        assert!(told.problem(503, "busy")["retry_after"].as_i64().unwrap() >= 1);
        let mut socket = Realtime::connect(&greedy).await;
        socket.send(&json!({"t": "hello", "version": 1, "token": greedy.token, "cursors": {}})).await;
        socket.until("welcome").await;
        let mut socket = Realtime::connect(&other).await;
        socket.send(&json!({"t": "hello", "version": 1, "token": other.token, "cursors": {}})).await;
        socket.until("welcome").await;
        let mut socket = Realtime::connect(&other).await;
        let mut too_many = hello(&other.token, 65);
        too_many["t"] = json!("hello");
        socket.send(&too_many).await;
        assert_eq!(socket.until("no").await["code"], "too_many_streams");
    }

    #[tokio::test]
    async fn questions_about_what_may_not_be_seen_count_too() {
        let folder = tempfile::tempdir().unwrap();
        let app = testkit_app::started_on(folder.path()).await;
        let [tenant, visitor, site, foreign] = std::array::from_fn(|_| app.env().uuid());
        let stranger = Principal::Visitor {
            tenant: TenantId::new(tenant),
            visitor: VisitorId::new(visitor),
            site: SiteId::new(site),
            until: Ts(i64::MAX),
            blocked_until: None,
        };
        let asks = async || {
            let mut out = Lines::new();
            older::beside(&app, &stranger, StreamName { kind: StreamKind::Conversation, id: foreign }, (1, 9), &mut out).await;
            serde_json::from_str::<serde_json::Value>(&out).unwrap()["code"].clone()
        };
        for _ in 0..app.settings().sends_burst as usize {
            assert_eq!(asks().await, "no_access");
        }
        assert_eq!(asks().await, "busy");
    }
}
