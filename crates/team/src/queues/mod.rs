//! Queues: their names, who serves them, and when they are open.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
pub mod view;

use db::Tx;
use domain::{
    id::{AgentId, QueueId, TenantId},
    opening_hours::OpeningHours,
    refusal::Code,
    site,
    text::Bilingual,
};
use http_kit::{App, fault::Fault, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_queues, create::create_queue)).routes(routes!(update::update_queue, delete::delete_queue))
}

/// The longest name of a queue, in characters.
const MAX_NAME_CHARS: usize = 40;

fn check(name: &Bilingual, hours: Option<&OpeningHours>) -> Result<(), Problem> {
    site::check_name("name", name, MAX_NAME_CHARS)?;
    if let Some(hours) = hours {
        hours.check()?;
    }
    Ok(())
}

/// Refuses a name that another queue has in one of the languages, because nobody could tell them apart.
async fn refuse_taken(tx: &mut Tx, tenant: TenantId, name: &Bilingual, own: QueueId) -> Result<(), Fault> {
    if store::queues::is_taken(tx, tenant, name, own).await? {
        return Err(Problem { field: Some("name".to_owned()), ..Problem::conflict(Code::QueueNameTaken, "another queue already has this name") }.into());
    }
    Ok(())
}

/// Replaces the members of a queue.
async fn set_members(tx: &mut Tx, tenant: TenantId, queue: QueueId, members: &[AgentId]) -> Result<(), Fault> {
    let nobody = || Problem::invalid("members", Code::InvalidValue, "one of the members is not a member of staff");
    store::queues::set_members(tx, tenant, queue, members).await.map_err(Fault::if_not_found(nobody))
}

fn needs_member(queue: Bilingual) -> Problem {
    let title = "nobody would serve this queue: name a member who is not disabled, or send `confirm`";
    Problem { field: Some("members".to_owned()), names: Some([queue].into()), ..Problem::conflict(Code::QueueNeedsMember, title) }
}
