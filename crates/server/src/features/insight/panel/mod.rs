//! The live panel: numbers, what they mean, and the very conversations behind each.

pub mod get;
pub mod indicators;
pub mod list;

use std::collections::HashMap;

use db::Db;
use domain::{
    id::{AgentId, QueueId, TenantId},
    routing::Candidate,
    staff::AgentState,
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use store::queues::Load;
use utoipa::ToSchema;
use warehouse::{Number, Panel, PanelNumbers, Split, Window, definition::Ratio};

use crate::App;

/// The panel at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PanelView {
    /// What was counted.
    #[serde(flatten)]
    pub numbers: PanelNumbers,
    /// Current values.
    pub now: NowView,
    /// Where it is, queue by queue.
    pub queues: Vec<QueueLoadView>,
}

/// How busy a queue is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = QueueLoad)]
pub struct QueueLoadView {
    /// Which queue.
    pub id: QueueId,
    /// Its name.
    pub name: Bilingual,
    /// Conversations that wait in it.
    pub waiting: i64,
    /// Since when the one that waits longest does.
    #[schema(required)]
    pub longest_wait_since: Option<Ts>,
    /// Conversations, of whatever queue, that those serve now who serve this one.
    pub slots_used: i64,
    /// Conversations that those of them who take conversations serve at most, and those that the others still hold.
    pub slots: i64,
    /// Today's part of the waits in it that was answered in time; none while none has ended.
    #[schema(required)]
    pub service_level: Option<f64>,
}

/// Who is where, now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NowView {
    /// Conversations in a queue.
    pub waiting: i64,
    /// Since when the one that waits longest does.
    #[schema(required)]
    pub longest_wait_since: Option<Ts>,
    /// Conversations with an agent.
    pub active: i64,
    /// Conversations with the bot.
    pub bot: i64,
    /// Staff who take conversations and are connected.
    pub agents_available: usize,
    /// Staff who are connected.
    pub agents_online: usize,
    /// Conversations that the staff serve now, whoever holds them.
    pub slots_used: i64,
    /// Conversations that those who take conversations serve at most, and those that others still hold.
    pub slots: i64,
    /// The part of these that is used; none while there are none.
    #[schema(required)]
    pub utilisation: Option<f64>,
    /// Visitors whose widget is connected.
    pub visitors_online: usize,
}

/// A company's numbers. `counted_until` is that of a moment before: numbers may be newer than they say, never older.
pub async fn numbers(app: &App, tenant: TenantId, counted_until: Ts) -> store::Result<PanelNumbers> {
    let zone = service::hours::zone(app.db(), tenant).await?;
    let numbers = app.live().panel().snapshot(tenant, app.env().now(), &zone).await?;
    Ok(PanelNumbers { as_of: numbers.as_of.min(counted_until), ..numbers })
}

/// The moment up to which every fact of all companies is counted: now, or the time of the oldest fact that is not.
pub async fn counted_until(panel: &Panel, db: &Db) -> store::Result<Ts> {
    let cursor = panel.cursor().await?;
    let mut tx = db.read().await?;
    let now = tx.now();
    let next = db::feed::after(&mut tx, cursor, 1).await?.first().map(|fact| Ts(fact.at));
    let held = db::feed::horizon_lag_ms(&mut tx).await?.map(|lag| now.plus(-lag));
    Ok(next.into_iter().chain(held).fold(now, Ts::min))
}

/// The panel of a company as it is now; `counted_until` as for [`numbers`].
pub async fn view(app: &App, tenant: TenantId, counted_until: Ts) -> store::Result<PanelView> {
    let numbers = numbers(app, tenant, counted_until).await?;
    let levels = service_levels(app, tenant, numbers.window.window()).await?;
    let mut tx = app.db().read().await?;
    let now = tx.now();
    let stands = store::lists::now(&mut tx, tenant).await?;
    let staff: Vec<Candidate> = store::routing::candidates(&mut tx, tenant).await?;
    let takes = |one: &Candidate| one.reachable(now) && one.state == AgentState::Available;
    // Who takes no more fills as many slots as they hold conversations.
    let held: HashMap<AgentId, (i64, i64)> = staff.iter().map(|one| (one.agent, (one.open, if takes(one) { one.capacity } else { one.open }))).collect();
    let sum = |all: &mut dyn Iterator<Item = &(i64, i64)>| all.fold((0, 0), |(used, slots), one| (used + one.0, slots + one.1));
    let (slots_used, slots) = sum(&mut held.values());
    let agents_online = staff.iter().filter(|one| one.reachable(now)).count();
    let now = NowView {
        waiting: stands.waiting,
        longest_wait_since: stands.longest_wait_since.map(Ts),
        active: stands.active,
        bot: stands.bot,
        agents_available: staff.iter().filter(|one| takes(one)).count(),
        agents_online,
        slots_used,
        slots,
        utilisation: Ratio::of(slots_used, slots),
        visitors_online: app.hub().visitors_online(tenant) + app.live().cluster().visitors_elsewhere(tenant),
    };
    let queue = |load: Load| {
        let Load { id, name, everybody, members, waiting, longest_wait_since } = load;
        let (slots_used, slots) = match everybody {
            true => (now.slots_used, now.slots),
            false => sum(&mut members.iter().filter_map(|member| held.get(member))),
        };
        let service_level = levels.get(&id.to_string()).copied().flatten();
        QueueLoadView { id, name, waiting, longest_wait_since, slots_used, slots, service_level }
    };
    let queues = store::queues::loads(&mut tx, tenant).await?.into_iter().map(queue).collect();
    Ok(PanelView { numbers, now, queues })
}

/// Today's service level by queue.
async fn service_levels(app: &App, tenant: TenantId, today: Window) -> store::Result<HashMap<String, Option<f64>>> {
    let parts = app.live().panel().split(tenant, "service_level", Split::Queue, &[today]).await?;
    let level = |number| if let Number::Ratio(level) = number { level } else { None };
    Ok(parts.into_iter().filter_map(|(queue, series)| Some((queue?, level(series.total)))).collect())
}

/// The endpoints.
pub fn router() -> utoipa_axum::router::OpenApiRouter<crate::App> {
    utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(get::get_panel))
        .routes(utoipa_axum::routes!(indicators::list_indicators))
        .routes(utoipa_axum::routes!(list::list_behind_number))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::testing::TestApp;

    #[tokio::test]
    async fn numbers_hold_until_what_is_not_counted_yet() {
        let app = TestApp::new().await;
        app.visitor().await.open("hello").await;
        app.clock.advance(60_000);
        app.feed_panel().await;
        let said = app.app().env().now();
        assert_eq!(counted_until(app.app().live().panel(), app.app().db()).await.unwrap(), said);
        let folder = tempfile::tempdir().unwrap();
        let place = warehouse::Place::File(folder.path().join("panel.db"));
        let empty = Panel::open(place, uuid::Uuid::new_v4(), Arc::new(app.clock.clone())).await.unwrap();
        let first = db::feed::after(&mut app.app().db().read().await.unwrap(), db::feed::Cursor::default(), 1).await.unwrap();
        assert_eq!(counted_until(&empty, app.app().db()).await.unwrap(), Ts(first[0].at));
        assert!(first[0].at < said.0);
    }
}
