//! `GET /api/v1/queues/{id}/uses`

use axum::{Json, extract::State};
use domain::{id::QueueId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::delete::in_the_way;

/// What belongs to a queue, or leads to it: what would have to go somewhere else if it were deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueUses {
    /// Conversations that wait in it, those that are offered to an agent included.
    pub waiting: i64,
    /// Conversations that agents serve from it.
    pub active: i64,
    /// Those that are on hold.
    pub on_hold: i64,
    /// Those that are snoozed.
    pub snoozed: i64,
    /// Those that the bot has again.
    pub with_bot: i64,
    /// Left messages that nobody has handled.
    pub left_messages: i64,
    /// Sites whose customers wait in it.
    pub sites: i64,
    /// Kinds of question that lead to it.
    pub question_kinds: i64,
    /// Skills that it asks for; these end with it.
    pub skills: i64,
    /// Queues that overflow into it.
    pub overflow_from: i64,
    /// Macros that transfer conversations to it.
    pub macros: i64,
    /// How much of this prevents that it is deleted without `move_to`.
    pub in_the_way: i64,
}

/// Returns what belongs to a queue, or leads to it.
#[utoipa::path(get, path = "/queues/{id}/uses", tag = "queues", security(("staff" = [])), params(("id" = QueueId, Path)),
    responses((status = 200, body = QueueUses), Problems))]
pub async fn get_queue_uses(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<QueueId>) -> Result<Json<QueueUses>, Problem> {
    actor.require(Permission::ManageQueues)?;
    let tenant = actor.tenant();
    let mut tx = app.db().snapshot_of(tenant).await?;
    store::queues::get(&mut tx, tenant, id).await?;
    let uses = store::queues::uses(&mut tx, tenant, id).await?;
    let all = store::queues::all(&mut tx, tenant).await?;
    let leads = |queue: &&store::queues::Queue| queue.rules.overflow.as_ref().is_some_and(|overflow| overflow.to == id);
    let overflow_from = count(all.values().filter(leads).count());
    let macros = count(store_desk::macros::to_queue(&mut tx, tenant, id).await?.len());
    let in_the_way = in_the_way(&uses);
    let store::queues::Uses { waiting, active, on_hold, snoozed, with_bot, left_messages, sites, question_kinds, skills } = uses;
    let view = QueueUses { waiting, active, on_hold, snoozed, with_bot, left_messages, sites, question_kinds, skills, overflow_from, macros, in_the_way };
    Ok(Json(view))
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn only_who_manages_queues_asks_what_belongs_to_one() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let path = format!("/api/v1/queues/{}/uses", app.company.queue);
        assert_eq!(mira.get(&path).await.expect(200)["in_the_way"], 1);
        ada.get(&path).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        mira.get(&format!("/api/v1/queues/{}/uses", beta.queue)).await.problem(404, "not_found");
    }
}
