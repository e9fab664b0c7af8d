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
    id::{AgentId, TenantId},
    policy::may_manage,
    refusal::Code,
    text::Bilingual,
};
use http_kit::{App, auth::StaffActor, problem::Problem};
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

/// Reads a member whom the actor may manage, to change them; managers may manage only agents.
async fn get_managed(app: &App, actor: &StaffActor, tenant: TenantId, agent: AgentId) -> Result<Person, Problem> {
    let person = store::staff::roster::get(&mut app.db().read().await?, tenant, agent).await?;
    if !may_manage(&actor.staff, person.role) {
        return Err(Problem::not_permitted());
    }
    if person.removed_at.is_some() {
        return Err(Problem::conflict(Code::MemberRemoved, "this member was removed: invite them again"));
    }
    Ok(person)
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
