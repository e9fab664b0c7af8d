//! `GET /api/v1/events`

use axum::{Json, extract::State, http::StatusCode};
use db::feed::Cursor;
use domain::{policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::callout::envelope::EventView;

/// The most events in one answer.
const MOST: i64 = 500;
/// Events in one answer by default.
const USUAL: i64 = 100;

/// Where to continue in the feed, and how much to return.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListEvents {
    /// The `next` of the previous answer; if omitted, the feed starts at the beginning.
    #[serde(default)]
    pub after: Option<String>,
    /// How many events to return, 1 to 500.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500, default = 100)]
    pub limit: Option<i64>,
    /// Whether to include content that everybody in a conversation may read.
    #[serde(default)]
    #[param(default = false)]
    pub bodies: bool,
}

/// A page of the feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Events {
    /// Events in the order in which they became final. No event is ever added before one that was already returned.
    pub items: Vec<EventView>,
    /// Where to continue, even if there are no events; store it durably.
    pub next: String,
}

/// Lists the company's events after a position: those of conversations, agents, queues and settings.
///
/// Order the events of one conversation by `seq`.
#[utoipa::path(get, path = "/events", tag = "webhooks", security(("staff" = [])), params(ListEvents), responses((status = 200, body = Events), Problems))]
pub async fn list_events(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListEvents>) -> Result<Json<Events>, Problem> {
    actor.require(Permission::Integrations)?;
    let limit = query.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::invalid("limit", Code::InvalidValue, format!("a limit must be from 1 to {MOST}")));
    }
    let generation = app.cluster().generation();
    let mut place = query.after.as_deref().map_or(Ok(Cursor::default()), |raw| parse(raw, generation))?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let found = db::feed::of_company(&mut tx, actor.tenant(), place, limit).await?;
    if let Some((last, _)) = found.last() {
        place = *last;
    }
    let items = found.iter().map(|(_, stored)| EventView::of(stored, query.bodies, actor.staff.grants.hidden_contacts())).collect();
    Ok(Json(Events { items, next: format!("{}.{}.{}", generation.as_simple(), place.xid, place.pos) }))
}

/// Parses a position; one from another generation is refused.
fn parse(raw: &str, generation: Uuid) -> Result<Cursor, Problem> {
    let mut parts = raw.split('.');
    let of = parts.next().and_then(|part| Uuid::try_parse(part).ok());
    let mut number = || parts.next().and_then(|part| part.parse::<i64>().ok()).filter(|number| *number >= 0);
    let (xid, pos) = (number(), number());
    let (Some(of), Some(xid), Some(pos), None) = (of, xid, pos, parts.next()) else {
        return Err(Problem::invalid("after", Code::InvalidValue, "use the `next` of the previous answer"));
    };
    if of != generation {
        let title = "an older copy of the history has been restored since; reload what you keep, and read the feed from the beginning";
        return Err(Problem { field: Some("after".to_owned()), ..Problem::new(StatusCode::GONE, Code::CursorExpired, title) });
    }
    Ok(Cursor { xid, pos })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp};

    async fn everything(who: &StaffClient, query: &str) -> (Vec<Value>, String) {
        let (mut events, mut after) = (Vec::new(), String::new());
        loop {
            let page = who.get(&format!("/api/v1/events?limit=3{query}{after}")).await.expect(200);
            let next = page["next"].as_str().unwrap().to_owned();
            after = format!("&after={next}");
            match page["items"].as_array().unwrap() {
                items if items.is_empty() => return (events, next),
                items => events.extend(items.iter().cloned()),
            }
        }
    }

    async fn feed(app: TestApp) {
        let tara = app.staff(Role::Administrator, "tara").await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("secret words").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let beta = app.other_company("beta").await;
        app.visitor_of(&beta).await.open("of another company").await;
        // Other transactions may hold back the end of the feed, and the bot may still reply.
        let (events, next) = eventually("all of it", async || {
            let (events, next) = everything(&tara, "").await;
            let nothing_new = tara.get(&format!("/api/v1/events?after={next}")).await.expect(200) == json!({"items": [], "next": next});
            (nothing_new && events.iter().any(|event| event["type"] == "conversation.human_requested")).then_some((events, next))
        })
        .await;
        let of = |kind: &str| events.iter().filter(|event| event["type"] == kind).collect::<Vec<_>>();
        assert_eq!((of("conversation.opened").len(), of("conversation.human_requested").len()), (1, 1), "{events:?}");
        assert_eq!(of("conversation.opened")[0]["conversation"], json!(conversation));
        assert!(!json!(events).to_string().contains("words"));
        let mut numbers = BTreeMap::<&str, Vec<i64>>::new();
        for event in &events {
            numbers.entry(event["stream"].as_str().unwrap()).or_default().push(event["seq"].as_i64().unwrap());
        }
        assert!(numbers.values().all(|seen| seen.iter().copied().eq(1..=seen.len() as i64)), "{numbers:?}");
        app.visitor().await.open("more words").await;
        let later = eventually("what came later", async || {
            let later = tara.get(&format!("/api/v1/events?after={next}&bodies=true")).await.expect(200);
            later.to_string().contains("more words").then_some(later)
        });
        let known = |event: &Value| events.iter().any(|one| one["id"] == event["id"]);
        assert!(!later.await["items"].as_array().unwrap().iter().any(known));
        app.stop().await;
    }

    #[tokio::test]
    async fn a_walk_through_the_feed_sees_each_event_once_and_goes_on_where_it_ended() {
        feed(TestApp::new().await).await;
        if let Some(app) = TestApp::on_postgres().await {
            feed(app).await;
        }
    }

    #[tokio::test]
    async fn a_place_of_another_history_is_gone_and_nonsense_is_refused() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        for raw in ["x", "1.2", "a.b.c", &format!("{}.-1.0", "0".repeat(32)), &format!("{}.1.2.3", "0".repeat(32))] {
            tara.get(&format!("/api/v1/events?after={raw}")).await.problem_at(422, "invalid_value", "after");
        }
        tara.get(&format!("/api/v1/events?after={}.0.7", "0".repeat(32))).await.problem_at(410, "cursor_expired", "after");
        for limit in ["0", "501", "-1"] {
            tara.get(&format!("/api/v1/events?limit={limit}")).await.problem_at(422, "invalid_value", "limit");
        }
        app.manager("mira").await.get("/api/v1/events").await.problem(403, "not_permitted");
    }
}
