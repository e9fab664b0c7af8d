//! The live panel: numbers, what they mean, and the conversations behind each of them.

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

/// The panel at a given moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PanelView {
    /// The numbers that were counted.
    #[serde(flatten)]
    pub numbers: PanelNumbers,
    /// Current values.
    pub now: NowView,
    /// The load of each queue.
    pub queues: Vec<QueueLoadView>,
}

/// How busy a queue is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = QueueLoad)]
pub struct QueueLoadView {
    /// The queue's id.
    pub id: QueueId,
    /// The queue's name.
    pub name: Bilingual,
    /// Conversations waiting in it.
    pub waiting: i64,
    /// Since when the conversation that has waited longest has been waiting.
    #[schema(required)]
    pub longest_wait_since: Option<Ts>,
    /// Conversations, of any queue, that the agents of this queue are serving now.
    pub slots_used: i64,
    /// The most conversations that those of these agents who take conversations serve, plus those that the others still hold.
    pub slots: i64,
    /// The share of today's waits in it that were answered in time; `null` while no wait has ended.
    #[schema(required)]
    pub service_level: Option<f64>,
}

/// Where conversations, staff and visitors are now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NowView {
    /// Conversations waiting in a queue.
    pub waiting: i64,
    /// Since when the conversation that has waited longest has been waiting.
    #[schema(required)]
    pub longest_wait_since: Option<Ts>,
    /// Conversations with an agent.
    pub active: i64,
    /// Conversations with the bot.
    pub bot: i64,
    /// Members of staff who take conversations and are connected.
    pub agents_available: usize,
    /// Members of staff who are connected.
    pub agents_online: usize,
    /// Conversations being served now, whoever holds them.
    pub slots_used: i64,
    /// The most conversations that members who take conversations serve, plus those that the others still hold.
    pub slots: i64,
    /// The share of the slots that is used; `null` while there are no slots.
    #[schema(required)]
    pub utilisation: Option<f64>,
    /// Visitors whose widget is connected.
    pub visitors_online: usize,
}

/// A company's numbers. `counted_until` was determined a moment earlier, so numbers may be newer than they say, but never older.
pub async fn numbers(app: &App, tenant: TenantId, counted_until: Ts) -> store::Result<PanelNumbers> {
    let zone = service::hours::zone(app.db(), tenant).await?;
    let numbers = app.live().panel().snapshot(tenant, app.env().now(), &zone).await?;
    Ok(PanelNumbers { as_of: numbers.as_of.min(counted_until), ..numbers })
}

/// The moment up to which every fact of all companies has been counted: now, or the time of the oldest fact that has not been.
pub async fn counted_until(panel: &Panel, db: &Db) -> store::Result<Ts> {
    let cursor = panel.cursor().await?;
    let mut tx = db.read().await?;
    let now = tx.now();
    let next = db::feed::after(&mut tx, cursor, 1).await?.first().map(|fact| Ts(fact.at));
    let held = db::feed::horizon_lag_ms(&mut tx).await?.map(|lag| now.plus(-lag));
    Ok(next.into_iter().chain(held).fold(now, Ts::min))
}

/// A company's panel as it is now; `counted_until` as for [`numbers`].
pub async fn view(app: &App, tenant: TenantId, counted_until: Ts) -> store::Result<PanelView> {
    let numbers = numbers(app, tenant, counted_until).await?;
    let levels = service_levels(app, tenant, numbers.window.window()).await?;
    let mut tx = app.db().read().await?;
    let now = tx.now();
    let stands = store::lists::now(&mut tx, tenant).await?;
    let staff: Vec<Candidate> = store::routing::candidates(&mut tx, tenant).await?;
    let takes = |one: &Candidate| one.reachable(now) && one.state == AgentState::Available;
    // An agent who takes no more conversations fills as many slots as they hold conversations.
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

/// The routes of this module.
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
