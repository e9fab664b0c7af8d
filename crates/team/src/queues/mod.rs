//! Queues: their names, who serves them, when they are open, and who gets what waits in them.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
pub mod uses;
pub mod view;

use db::Tx;
use domain::{
    id::{AgentId, QueueId, TenantId},
    opening_hours::OpeningHours,
    refusal::Code,
    routing::rules::{QueueRules, RulesError, overflow_circle},
    site,
    text::Bilingual,
};
use http_kit::{App, fault::Fault, problem::Problem};
use store::queues::Queue;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_queues, create::create_queue))
        .routes(routes!(update::update_queue, delete::delete_queue))
        .routes(routes!(uses::get_queue_uses))
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

/// Refuses rules that are not right by themselves.
fn check_rules(rules: &QueueRules) -> Result<(), Problem> {
    rules.check().map_err(|RulesError { field, code, fix }| Problem::invalid(format!("rules.{field}"), code, fix))
}

/// Refuses rules by which what waits would flow over into a queue that does not exist, or in a circle. Beside the other queues, `queue` is as it will be.
async fn check_overflow(tx: &mut Tx, tenant: TenantId, queue: &Queue) -> Result<(), Fault> {
    let Some(overflow) = &queue.rules.overflow else { return Ok(()) };
    let all = store::queues::all(tx, tenant).await?;
    if overflow.to != queue.id && !all.contains_key(&overflow.to) {
        return Err(Problem::invalid("rules.overflow.to", Code::InvalidValue, "there is no such queue").into());
    }
    let next = |of| if of == queue.id { Some(overflow.to) } else { all.get(&of)?.rules.overflow.as_ref().map(|overflow| overflow.to) };
    let Some(circle) = overflow_circle(queue.id, next) else { return Ok(()) };
    let name = |id: QueueId| if id == queue.id { Some(queue.name.clone()) } else { Some(all.get(&id)?.name.clone()) };
    let names = circle.into_iter().filter_map(name).collect();
    let title = "what waits would flow over in a circle: choose a queue that does not lead back here";
    let problem = Problem::conflict(Code::QueueOverflowCircle, title);
    Err(Problem { field: Some("rules.overflow.to".to_owned()), names: Some(names), ..problem }.into())
}

fn needs_member(queue: Bilingual) -> Problem {
    let title = "nobody would serve this queue: name a member who is not disabled, or send `confirm`";
    Problem { field: Some("members".to_owned()), names: Some([queue].into()), ..Problem::conflict(Code::QueueNeedsMember, title) }
}
