//! The live panel: numbers, what they mean, and the very conversations behind each.

pub mod get;
pub mod indicators;
pub mod list;

use domain::{id::TenantId, routing::Candidate, staff::AgentState, time::Ts};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::PanelNumbers;

use crate::App;

/// The panel at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PanelView {
    /// What was counted.
    #[serde(flatten)]
    pub numbers: PanelNumbers,
    /// What is, now.
    pub now: NowView,
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
    /// Conversations that those who take conversations serve now.
    pub slots_used: i64,
    /// Conversations that they serve at most.
    pub slots: i64,
    /// Visitors whose widget is connected.
    pub visitors_online: usize,
}

/// The panel of a company as it is now.
pub async fn view(app: &App, tenant: TenantId) -> store::Result<PanelView> {
    let zone = crate::service::zone(app, tenant).await?;
    let numbers = app.live().panel().snapshot(tenant, app.env().now(), &zone).await?;
    let mut tx = app.db().read().await?;
    let now = tx.now();
    let stands = store::lists::now(&mut tx, tenant).await?;
    let agents: Vec<Candidate> = store::routing::candidates(&mut tx, tenant).await?.into_iter().filter(|a| a.reachable(now)).collect();
    let available: Vec<&Candidate> = agents.iter().filter(|a| a.state == AgentState::Available).collect();
    let now = NowView {
        waiting: stands.waiting,
        longest_wait_since: stands.longest_wait_since.map(Ts),
        active: stands.active,
        bot: stands.bot,
        agents_available: available.len(),
        agents_online: agents.len(),
        slots_used: available.iter().map(|a| a.open).sum(),
        slots: available.iter().map(|a| a.capacity).sum(),
        visitors_online: app.hub().visitors_online(tenant) + app.live().cluster().visitors_elsewhere(tenant),
    };
    Ok(PanelView { numbers, now })
}

/// The endpoints.
pub fn router() -> utoipa_axum::router::OpenApiRouter<crate::App> {
    utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(get::get_panel))
        .routes(utoipa_axum::routes!(indicators::list_indicators))
        .routes(utoipa_axum::routes!(list::list_behind_number))
}
