//! Members of staff, for those who manage them: invitations, roles, groups, capacity, disabling, removing, and where they are signed in.

pub mod end_session;
pub mod get;
pub mod invitation;
pub mod invite;
pub mod letter;
pub mod list;
pub mod list_sessions;
pub mod list_states;
pub mod new_member;
mod place;
pub mod remove;
pub mod renew_link;
pub(crate) mod role_change;
pub mod set_state;
pub mod update;
pub mod view;
pub mod work;

use domain::{
    id::AgentId,
    policy::{Grants, OverPeople, Staff, may_give},
    refusal::Code,
    staff::Role,
    text::Bilingual,
};
use http_kit::{App, auth::StaffActor, fault::Fault, permitted::Permitted, problem::Problem};
use store::{TenantTx, staff::roster::Person};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_staff, invite::invite_member))
        .routes(routes!(get::get_member, update::update_member, remove::remove_member))
        .routes(routes!(work::get_member_work))
        .routes(routes!(renew_link::renew_link))
        .routes(routes!(set_state::set_member_state))
        .routes(routes!(list_states::list_member_states))
        .routes(routes!(list_sessions::list_member_sessions))
        .routes(routes!(end_session::end_member_session))
}

/// Reads a member whom the actor may manage: within reach, and holding less than the actor. Whoever is out of reach is not found.
async fn get_managed(app: &App, actor: &StaffActor, agent: AgentId) -> Result<(Person, Permitted), Problem> {
    let manages = actor.may(OverPeople::Manage)?;
    if !actor.staff.reaches_member(actor.staff.grants.reach(OverPeople::Manage), agent) {
        return Err(Problem::not_found());
    }
    let person = store::staff::roster::get(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), agent).await?;
    let permitted = manages.over(&person)?;
    if person.removed_at.is_some() {
        return Err(Problem::conflict(Code::MemberRemoved, "this member was removed: invite them again"));
    }
    Ok((person, permitted))
}

/// What a role holds now, if `by` may give it; a composed role has its own grants. It is read in the transaction that gives them to somebody: the role may be
/// changed at any time before.
pub(crate) async fn grants_to_give(tx: &mut TenantTx<'_>, by: &Staff, role: Role) -> Result<Option<Grants>, Fault> {
    let tenant = tx.tenant();
    let composed = store::roles::grants_of(tx, tenant, role).await.map_err(Fault::if_not_found(role_unknown))?;
    let held = composed.unwrap_or_else(|| Grants::of(role));
    if may_give(by, held) { Ok(composed) } else { Err(not_permitted("role").into()) }
}

/// The actor may not do this, because of what a field of the request says.
fn not_permitted(field: &str) -> Problem {
    Problem { field: Some(field.to_owned()), ..Problem::not_permitted() }
}

pub(crate) fn role_unknown() -> Problem {
    Problem::invalid("role", Code::InvalidValue, "there is no such role")
}

pub(crate) fn group_unknown() -> Problem {
    Problem::invalid("group", Code::InvalidValue, "there is no such group")
}

/// The refusal of one more member than a company may have.
pub(crate) fn no_seat() -> Problem {
    Problem::conflict(Code::SeatLimitReached, "the company has as many members as it may; disable one, or ask whoever runs the installation for more")
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
