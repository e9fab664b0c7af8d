//! `DELETE /api/v1/staff/{id}`

use axum::extract::State;
use db::Shard;
use domain::{
    entry::Changed,
    id::{AgentId, ConversationId},
    policy::{self, Permission},
    revision::Revision,
    staff::AgentState,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, ValidQuery},
    fault::Fault,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use service::give_back;
use store::{TenantTx, staff::roster::Person};
use utoipa::IntoParams;

use super::{get_managed, last_administrator, needs_member};

/// How to remove a member.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RemoveMember {
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
    /// Confirms that queues may be left with nobody to serve them; without it, the answer is 409 `queue_needs_member` with the queues' `names`.
    #[serde(default)]
    pub confirm: bool,
}

/// Removes a member for good. The history keeps their name.
///
/// Their address is deleted and can be invited again. The conversations they serve return to their queues with the time already waited. Their sessions, links,
/// wall links, private boards and memberships end, and the left messages they took care of are for anybody. All of it happens together or not at all.
#[utoipa::path(delete, path = "/staff/{id}", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path), RemoveMember, OnceHeader),
    responses((status = 204, description = "The member was removed"), Problems))]
pub async fn remove_member(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<AgentId>,
    ValidQuery(query): ValidQuery<RemoveMember>,
    once: Once,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManagePeople)?;
    let tenant = actor.tenant();
    let person = get_managed(&app, &actor, tenant, id).await?;
    if person.updated_at != query.seen {
        return Err(Problem::from(store::Error::Stale));
    }
    let served = store::conversations::served_by(&mut app.db().read().await?, tenant, id).await?;
    let removal = Removal { person, served, is_confirmed: query.confirm };
    // Conversations are locked before the company, which this takes into its own hands therefore.
    let done = permitted.on(Shard::Of(tenant.uuid())).change(&app, once, move |tx| Box::pin(async move { removal.write(tx).await }));
    let answer = done.await?;
    // What they were given in the moment before.
    give_back::of_disabled(app.db(), tenant).await?;
    Ok(answer)
}

/// A removal about to be stored.
#[derive(Clone)]
struct Removal {
    person: Person,
    /// The conversations that the member served when this was asked for.
    served: Vec<ConversationId>,
    /// Whether queues may be left with nobody to serve them.
    is_confirmed: bool,
}

impl Removal {
    async fn write(self, tx: &mut TenantTx<'_>) -> Result<Answer, Fault> {
        let Self { mut person, served, is_confirmed } = self;
        let (tenant, by, id, seen) = (tx.tenant(), tx.by(), person.id, person.updated_at);
        give_back::lock(tx, tenant, &served).await?;
        tx.lock_company().await?;
        let abandoned = if is_confirmed || person.disabled_at.is_some() { Vec::new() } else { store::staff::roster::alone_in(tx, tenant, id).await? };
        if !abandoned.is_empty() {
            return Err(needs_member(abandoned.into_iter().map(|(_, name)| name).collect(), "confirm").into());
        }
        let administers = policy::administers(person.role) && person.disabled_at.is_none();
        store::staff::change_state(tx, tenant, id, AgentState::Offline, by, None).await?;
        person.updated_at = Revision(seen).next(tx.now());
        store::staff::removal::remove(tx, tenant, &person, seen).await?;
        if administers && store::staff::roster::administrators(tx, tenant).await? == 0 {
            return Err(last_administrator().into());
        }
        if !give_back::all_of(tx, tenant, id, &served).await? {
            return Err(Problem::busy().into());
        }
        for changed in [Changed::People, Changed::Queues, Changed::LeftMessages, Changed::Boards] {
            tx.announce(changed).await?;
        }
        Ok(Answer::nothing())
    }
}

