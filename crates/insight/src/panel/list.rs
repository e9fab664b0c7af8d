//! `GET /api/v1/panel/{indicator}/conversations`: lists what a number counted.

use std::collections::HashMap;

use axum::{Json, extract::State};
use db::{Tx, journal};
use domain::{
    id::{AgentId, TenantId},
    journal::{View, Words},
    policy::{Permission, Staff},
    refusal::Code,
    stream::{StreamKind, StreamName},
    text::Lang,
    time::{MINUTE, Ts},
};
use http_kit::{
    App,
    auth::actor::StaffActor,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use realtime::view;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use warehouse::{DEFINITIONS, Day, Item, ListCursor, Part, Stretch, Window, definition::Measure, rows::Source};
use wire::behind::{Behind, BehindItem, StretchView};

/// Items per page.
const PAGE: i64 = 50;

/// The window to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListBehindNumber {
    /// The name of the window; `minute` also needs `from`.
    pub window: WindowName,
    /// The start of the minute, in milliseconds.
    #[serde(default)]
    pub from: Option<i64>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A window of time.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WindowName {
    /// Since midnight in the company's time zone.
    Today,
    /// The current minute and the 59 before it.
    #[serde(rename = "last_60")]
    Last60,
    /// A single minute.
    Minute,
}

/// Lists what a number counted.
///
/// Besides the keys of counts, `waiting`, `active` and `bot` are accepted, which list conversations as they are now.
#[utoipa::path(get, path = "/panel/{indicator}/conversations", tag = "panel", security(("staff" = [])), params(("indicator" = String, Path), ListBehindNumber),
    responses((status = 200, body = Behind), Problems))]
pub async fn list_behind_number(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(indicator): ValidPath<String>,
    ValidQuery(query): ValidQuery<ListBehindNumber>,
) -> Result<Json<Behind>, Problem> {
    actor.require(Permission::Panel)?;
    if matches!(indicator.as_str(), "waiting" | "active" | "bot") {
        return standing(&app, &actor.staff, indicator, query.cursor).await;
    }
    let count = DEFINITIONS.count(&indicator).ok_or_else(Problem::not_found)?;
    let wrong = |field: &str, title: &str| Problem::invalid(field, Code::InvalidValue, title);
    let after = query.cursor.as_deref().map(http_kit::cursor::parse).transpose()?;
    let now = app.env().now();
    let window = match (query.window, query.from) {
        (WindowName::Today, _) => Day::today(now, &service::hours::zone(app.db(), actor.tenant()).await?)?.window(),
        (WindowName::Last60, _) => Window::last_60(now),
        (WindowName::Minute, Some(from)) if from % MINUTE == 0 && (0..=now.0).contains(&from) => Window::minute(Ts(from)),
        (WindowName::Minute, _) => return Err(wrong("from", "give the start of the minute in milliseconds")),
    };
    Ok(Json(counted_items(&app, &actor.staff, count, window, None, after).await?))
}

/// What an indicator, or a part of it, counted in a window, for a member of the staff: how many items, and a page of them.
pub async fn counted_items(
    app: &App,
    staff: &Staff,
    count: &'static Measure,
    window: Window,
    part: Option<&Part>,
    after: Option<ListCursor>,
) -> Result<Behind, Problem> {
    let page = app.panel().list(staff.tenant, count, window, part, after, PAGE).await?;
    let next = page.next.map(|cursor| cursor.to_string());
    let items =
        if count.source == Source::DwdWork { stretches(app, staff.tenant, page.items).await? } else { in_conversations(app, staff, page.items).await? };
    Ok(Behind { indicator: count.key.clone(), count: page.count, items, next })
}

/// Stretches at work, with the names of their agents.
async fn stretches(app: &App, tenant: TenantId, items: Vec<Item>) -> Result<Vec<BehindItem>, Problem> {
    let mut tx = app.db().read_of(tenant).await?;
    let names: HashMap<AgentId, String> = store::staff::names(&mut tx, tenant).await?.into_iter().collect();
    let stretch = |item: Item| {
        let Stretch { agent, state, conversations, ms } = item.stretch?;
        let stretch = StretchView { agent, name: names.get(&agent).cloned(), state, conversations, ms };
        Some(BehindItem { conversation: None, at: item.at, seq: None, text: None, score: None, stretch: Some(stretch) })
    };
    Ok(items.into_iter().filter_map(stretch).collect())
}

/// Conversations, turns and requests, as far as the conversations are still there.
async fn in_conversations(app: &App, staff: &Staff, counted: Vec<Item>) -> Result<Vec<BehindItem>, Problem> {
    let (tenant, mut tx) = (staff.tenant, app.db().read_of(staff.tenant).await?);
    let mut items = Vec::with_capacity(counted.len());
    for item in counted {
        let Some(row) = store_desk::lists::one(&mut tx, tenant, item.conversation).await? else { continue };
        let lang = Lang::from_tag(&row.lang);
        let mut shown = view::behind(&mut tx, &app.vault(), staff, row, item.at).await?;
        if shown.conversation.is_some() {
            (shown.seq, shown.score) = (item.seq, item.score);
            if let Some(seq) = item.seq {
                shown.text = words(&mut tx, tenant, item.conversation.uuid(), seq, lang).await?;
            }
        }
        items.push(shown);
    }
    Ok(items)
}

async fn words(tx: &mut Tx, tenant: TenantId, conversation: Uuid, seq: i64, lang: Lang) -> Result<Option<String>, Problem> {
    let stream = StreamName { kind: StreamKind::Conversation, id: conversation };
    let entry = journal::page(tx, tenant, stream, View::Staff, seq - 1, 1).await?.into_iter().next();
    Ok(entry.filter(|e| e.ord.is_some()).and_then(|e| match e.entry.body {
        Words::Plain(body) => Some(view::preview(Some(&body), lang)),
        _ => None,
    }))
}

/// The conversations that wait, are served, or are with the bot now.
async fn standing(app: &App, staff: &Staff, indicator: String, cursor: Option<String>) -> Result<Json<Behind>, Problem> {
    let (tenant, mut tx) = (staff.tenant, app.db().snapshot_of(staff.tenant).await?);
    let stands = store_desk::lists::now(&mut tx, tenant).await?;
    let after = cursor.as_deref().map_or(Ok(Uuid::nil()), http_kit::cursor::parse)?;
    let (count, rows) = match indicator.as_str() {
        "waiting" => (stands.waiting, store_desk::lists::queue(&mut tx, tenant).await?),
        "bot" => (stands.bot, store_desk::lists::with_bot(&mut tx, tenant, after, PAGE).await?),
        _ => (stands.active, store_desk::lists::active(&mut tx, tenant, after, PAGE).await?),
    };
    let next = (indicator != "waiting" && rows.len() as i64 == PAGE).then(|| rows.last().map(|r| r.id.as_simple().to_string())).flatten();
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let since = Ts(row.queued_at.or(row.assigned_at).unwrap_or(row.last_at));
        items.push(view::behind(&mut tx, &app.vault(), staff, row, since).await?);
    }
    Ok(Json(Behind { indicator, count, items, next }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_list_is_as_long_as_the_number() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("how much is it").await;
        visitor.say(&conversation, false, json!({"type": "text", "text": "and the battery"})).await;
        let behind = eventually("both turns are counted", async || {
            let behind = mira.get("/api/v1/panel/dialogue/conversations?window=today").await.expect(200);
            (behind["count"] == 2).then_some(behind)
        })
        .await;
        let words: Vec<_> = behind["items"].as_array().unwrap().iter().map(|item| (item["text"].clone(), item["conversation"]["id"].clone())).collect();
        assert_eq!(words, [(json!("and the battery"), json!(conversation)), (json!("how much is it"), json!(conversation))]);
        let numbers: Vec<_> = behind["items"].as_array().unwrap().iter().filter_map(|item| item["seq"].as_i64()).collect();
        assert!(numbers.len() == 2 && numbers[0] > numbers[1] && numbers[1] > 1, "{behind}");
        // What the bot has is within the reach of whoever reads everything.
        let sam = app.staff(Role::Supervisor, "sam").await;
        let outside = sam.get("/api/v1/panel/dialogue/conversations?window=today").await.expect(200);
        let nothing = |item: &Value| json!({"conversation": null, "at": item["at"], "seq": null, "text": null, "score": null, "stretch": null});
        let items: Vec<Value> = behind["items"].as_array().unwrap().iter().map(nothing).collect();
        assert_eq!((&outside["count"], &outside["items"]), (&json!(2), &json!(items)));
        let with_bot = sam.get("/api/v1/panel/bot/conversations?window=today").await.expect(200);
        assert_eq!((&with_bot["count"], &with_bot["items"]), (&json!(1), &json!([nothing(&with_bot["items"][0])])));
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let waiting = mira.get("/api/v1/panel/waiting/conversations?window=today").await.expect(200);
        assert_eq!((&waiting["count"], &waiting["items"][0]["conversation"]["id"]), (&json!(1), &json!(conversation)));
    }

    #[tokio::test]
    async fn what_is_no_number_has_no_list() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        mira.get("/api/v1/panel/nothing/conversations?window=today").await.problem(404, "not_found");
        mira.get("/api/v1/panel/dialogue/conversations?window=week").await.problem(422, "invalid_value");
        for from in ["", "&from=1", "&from=9223372036854720000", "&from=-60000"] {
            mira.get(&format!("/api/v1/panel/dialogue/conversations?window=minute{from}")).await.problem_at(422, "invalid_value", "from");
        }
        mira.get("/api/v1/panel/dialogue/conversations?window=today&cursor=x").await.problem_at(422, "invalid_value", "cursor");
        app.agent("ada").await.get("/api/v1/panel/dialogue/conversations?window=today").await.problem(403, "not_permitted");
    }
}
