//! Members of staff, for those who manage them: invitations, roles, groups, capacity, disabling, removing, and where they are signed in.

pub mod end_session;
pub mod get;
pub mod invitation;
pub mod invite;
pub mod letter;
pub mod list;
pub mod list_sessions;
pub mod new_member;
mod place;
pub mod remove;
pub mod renew_link;
pub mod update;
pub mod view;

use domain::{
    id::{AgentId, GroupId},
    policy::{Grants, OverPeople, may_give, may_place},
    refusal::Code,
    staff::Role,
    text::Bilingual,
};
use http_kit::{App, auth::StaffActor, permitted::Permitted, problem::Problem};
use store::staff::roster::Person;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_staff, invite::invite_member))
        .routes(routes!(get::get_member, update::update_member, remove::remove_member))
        .routes(routes!(renew_link::renew_link))
        .routes(routes!(list_sessions::list_member_sessions))
        .routes(routes!(end_session::end_member_session))
}

/// Reads a member whom the actor may manage: within reach, and holding less than the actor.
async fn get_managed(app: &App, actor: &StaffActor, agent: AgentId) -> Result<(Person, Permitted), Problem> {
    let manages = actor.may(OverPeople::Manage)?;
    let person = store::staff::roster::get(&mut app.db().read().await?, actor.tenant(), agent).await?;
    let permitted = manages.over(&person)?;
    if person.removed_at.is_some() {
        return Err(Problem::conflict(Code::MemberRemoved, "this member was removed: invite them again"));
    }
    Ok((person, permitted))
}

/// What a role holds, if the actor may give it; a composed role has its own grants.
pub(crate) async fn grants_to_give(app: &App, actor: &StaffActor, role: Role) -> Result<Option<Grants>, Problem> {
    let composed = match store::roles::grants_of(&mut app.db().read().await?, actor.tenant(), role).await {
        Err(store::Error::NotFound) => return Err(role_unknown()),
        found => found?,
    };
    let held = composed.unwrap_or_else(|| Grants::of(role));
    if may_give(&actor.staff, role, held) { Ok(composed) } else { Err(Problem { field: Some("role".to_owned()), ..Problem::not_permitted() }) }
}

/// Refuses to have a member in a group that the actor does not reach.
fn require_place(actor: &StaffActor, group: Option<GroupId>) -> Result<(), Problem> {
    if may_place(&actor.staff, group) { Ok(()) } else { Err(Problem { field: Some("group".to_owned()), ..Problem::not_permitted() }) }
}

fn role_unknown() -> Problem {
    Problem::invalid("role", Code::InvalidValue, "there is no such role")
}

fn group_unknown() -> Problem {
    Problem::invalid("group", Code::InvalidValue, "there is no such group")
}

fn email_taken() -> Problem {
    Problem { field: Some("email".to_owned()), ..Problem::conflict(Code::EmailTaken, "somebody in this company already has this address") }
}

/// Nobody would serve these queues any more; `field` is what would leave them.
fn needs_member(queues: Vec<Bilingual>, field: &str) -> Problem {
    let title = "nobody would serve these queues any more: assign somebody else first, or send `confirm`";
    Problem { field: Some(field.to_owned()), names: Some(queues.into()), ..Problem::conflict(Code::QueueNeedsMember, title) }
}

fn last_administrator() -> Problem {
    Problem::conflict(Code::LastAdministrator, "this is the last administrator: make somebody else an administrator first")
}

fn queue_unknown() -> Problem {
    Problem::invalid("queues", Code::InvalidValue, "there is no such queue")
}
