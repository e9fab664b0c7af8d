//! The live panel: numbers, what they mean, and the conversations behind each of them.

pub mod get;
pub mod indicators;
pub mod list;

use std::collections::HashMap;

use db::Db;
use domain::{
    dimension::Dimension,
    id::{AgentId, TenantId},
    routing::{Candidate, Standing},
    time::Ts,
};
use http_kit::App;
use store::queues::Load;
use warehouse::{Number, Panel, PanelNumbers, TimeZone, Window, definition::ratio, range};
use wire::panel::{NowView, PanelView, QueueLoadView};

/// A company's numbers. `counted_until` was determined a moment earlier, so numbers may be newer than they say, but never older.
pub async fn numbers(app: &App, panel: &Panel, tenant: TenantId, counted_until: Ts) -> store::Result<PanelNumbers> {
    let zone = service::hours::zone(app.db(), tenant).await?;
    let numbers = panel.snapshot(tenant, app.env().now(), &zone).await?;
    Ok(PanelNumbers { as_of: numbers.as_of.min(counted_until), ..numbers })
}

/// The next facts to be counted: of transactions that ran at the same time, the one that ended first need not be the oldest.
const NEXT_FACTS: i64 = 200;

/// The moment up to which every fact of all companies has been counted: now, or the time of the oldest fact that has not been.
pub async fn counted_until(panel: &Panel, db: &Db) -> store::Result<Ts> {
    let cursor = panel.cursor().await?;
    let mut tx = db.read().await?;
    let now = tx.now();
    let next = db::feed::after(&mut tx, cursor, NEXT_FACTS).await?.iter().map(|fact| Ts(fact.at)).min();
    let held = db::feed::horizon_lag_ms(&mut tx).await?.map(|lag| now.plus(-lag));
    Ok(next.into_iter().chain(held).fold(now, Ts::min))
}

/// Since when a zero says that nothing happened: since the company was added, or since anything was counted for it, if that was earlier.
pub async fn data_from(app: &App, panel: &Panel, tenant: TenantId) -> store::Result<Ts> {
    let counted_since = panel.since(tenant).await?;
    let mut tx = app.db().read_of(tenant).await?;
    let added = store::tenants::get(&mut tx, tenant).await?.created_at.quarter();
    Ok(counted_since.map_or(added, |since| since.min(added)))
}

/// A company's panel as it is now; `counted_until` as for [`numbers`].
pub async fn view(app: &App, panel: &Panel, tenant: TenantId, counted_until: Ts) -> store::Result<PanelView> {
    let numbers = numbers(app, panel, tenant, counted_until).await?;
    let levels = service_levels(panel, tenant, &numbers).await?;
    // Read after the numbers, so that none is older than the beginning shown beside it.
    let data_from = data_from(app, panel, tenant).await?;
    let mut tx = app.db().read_of(tenant).await?;
    let now = tx.now();
    let stands = store_desk::lists::now(&mut tx, tenant).await?;
    let staff: Vec<Candidate> = store::routing::candidates(&mut tx, tenant).await?;
    let count = |is_counted: fn(Standing) -> bool| staff.iter().filter(|one| is_counted(one.standing(now))).count();
    // An agent who takes no more conversations fills as many slots as they hold conversations.
    let held: HashMap<AgentId, (i64, i64)> =
        staff.iter().map(|one| (one.agent, (one.open, if one.standing(now).takes() { one.capacity } else { one.open }))).collect();
    let sum = |all: &mut dyn Iterator<Item = &(i64, i64)>| all.fold((0, 0), |(used, slots), one| (used + one.0, slots + one.1));
    let (slots_used, slots) = sum(&mut held.values());
    let (agents_available, agents_online) = (count(|standing| standing == Standing::Available), count(Standing::is_on_shift));
    let now = NowView {
        waiting: stands.waiting,
        longest_wait_since: stands.longest_wait_since.map(Ts),
        active: stands.active,
        bot: stands.bot,
        agents_available,
        agents_online,
        slots_used,
        slots,
        utilisation: ratio(slots_used, slots),
        visitors_online: app.hub().visitors_online(tenant) + app.cluster().visitors_elsewhere(tenant),
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
    Ok(PanelView { numbers, data_from, now, queues })
}

/// Today's service level by queue: of the whole day, which is read from few rows, and whose rest is still empty.
async fn service_levels(panel: &Panel, tenant: TenantId, numbers: &PanelNumbers) -> store::Result<HashMap<String, Option<f64>>> {
    let (from, zone) = (numbers.window.from, TimeZone::get(&numbers.time_zone).unwrap_or(TimeZone::UTC));
    let tomorrow = range::day_of(from, &zone).and_then(range::after).and_then(|day| range::start_of(day, &zone))?;
    let today = Window { from, to: tomorrow };
    let mut split = panel.split(tenant, &["service_level"], Dimension::Queue, &[vec![today]]).await.map_err(db::Error::from)?;
    let parts = split.pop().and_then(|mut keys| keys.pop()).unwrap_or_default();
    let level = |number| if let Number::Derived(level) = number { level } else { None };
    Ok(parts.into_iter().filter_map(|(queue, series)| Some((queue?, level(series.total)))).collect())
}

/// The routes of this module.
pub fn router() -> utoipa_axum::router::OpenApiRouter<http_kit::App> {
    utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(get::get_panel))
        .routes(utoipa_axum::routes!(indicators::list_indicators))
        .routes(utoipa_axum::routes!(list::list_behind_number))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use testkit::eventually;
    use testkit_app::TestApp;

    use super::*;

    #[tokio::test]
    async fn numbers_hold_until_what_is_not_counted_yet() {
        let app = TestApp::new().await;
        app.visitor().await.open("hello").await;
        app.clock.advance(60_000);
        let said = app.app().env().now();
        // The bot answers in its own time.
        eventually("everything is counted", async || {
            app.feed_panel().await;
            (counted_until(&app.app().panel(), app.app().db()).await.unwrap() == said).then_some(())
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        let place = warehouse::Place::File(folder.path().join("panel.db"));
        let empty = Panel::open(&place, 1, uuid::Uuid::new_v4(), Arc::new(app.clock.clone())).await.unwrap();
        let first = db::feed::after(&mut app.app().db().read().await.unwrap(), db::feed::Cursor::default(), 1).await.unwrap();
        assert_eq!(counted_until(&empty, app.app().db()).await.unwrap(), Ts(first[0].at));
        assert!(first[0].at < said.0);
    }
}
