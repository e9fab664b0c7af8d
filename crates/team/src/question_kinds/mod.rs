//! Kinds of question: what customers choose among before a person is asked for, and where that leads.

pub mod create;
pub mod list;
pub mod update;
pub mod view;

use db::Tx;
use domain::{
    id::{QueueId, TenantId},
    refusal::Code,
};
use http_kit::{App, fault::Fault, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_question_kinds, create::create_question_kind)).routes(routes!(update::update_question_kind))
}

/// Refuses a queue that does not exist.
async fn refuse_unknown(tx: &mut Tx, tenant: TenantId, queue: Option<QueueId>) -> Result<(), Fault> {
    let Some(queue) = queue else { return Ok(()) };
    let no_queue = || Problem::invalid("queue", Code::InvalidValue, "there is no such queue");
    store::queues::get(tx, tenant, queue).await.map(drop).map_err(Fault::if_not_found(no_queue))
}
