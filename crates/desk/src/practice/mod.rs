//! Practice: members of the staff serve simulated customers at the real desk, where nothing counts.
//!
//! - [`list`], [`begin`]: the exercises, in the company whose staff practise
//! - [`run`], [`leave`]: what is practised just now; also in the company of practice
//! - [`place`]: the company of practice, and the members as whom people practise there
//! - [`customer`]: what the simulated customer does
//!
//! What is served there is decided by [`http_kit::practice`], and who somebody is there by [`http_kit::auth`].

pub mod begin;
pub mod leave;
pub mod list;
mod place;
pub mod run;

use content::practice::{Exercise, Step};
use domain::{
    id::{AgentId, TenantId},
    text::Bilingual,
};
use http_kit::{App, auth::StaffActor, request_company};
use serde::Serialize;
use store::practice::Learner;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_practice_exercises))
        .routes(routes!(begin::begin_practice_exercise))
        .routes(routes!(run::get_practice_run))
        .routes(routes!(leave::leave_practice))
}

/// A step of an exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PracticeStep {
    /// What has to be done.
    pub words: Bilingual,
    /// Whether it is done in what is practised just now.
    pub done: bool,
}

impl PracticeStep {
    fn of(step: &Step, done: bool) -> Self {
        Self { words: step.words.into(), done }
    }
}

/// What whoever asks is practising just now, and the company of practice; `None` if they are not. Where they practise, they are the member as whom they do so.
async fn live_learner(app: &App, actor: &StaffActor) -> store::Result<Option<(TenantId, Learner)>> {
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let found = match request_company::address().and_then(|address| address.practice_of()) {
        Some(_) => Some((tenant, store::practice::get(&mut app.db().read_of(tenant).await?, tenant, agent).await?)),
        None => learner_of(app, tenant, agent).await?,
    };
    Ok(found.filter(|(_, learner)| learner.ended_at.is_none()))
}

/// The exercise of a learner; `None` if there is none of this key any more.
pub(crate) fn exercise_of(learner: &Learner) -> Option<&'static Exercise> {
    content::practice::find(&learner.exercise)
}

/// The name of the lesson that a finished exercise is.
pub(crate) fn lesson_of(exercise: &Exercise) -> String {
    format!("practice:{}", exercise.key)
}

/// The learner who is this member, and the company of practice; `None` if they have never practised.
async fn learner_of(app: &App, company: TenantId, member: AgentId) -> store::Result<Option<(TenantId, Learner)>> {
    let Some(practice) = store::entry_points::practice_of(app.db(), company).await? else { return Ok(None) };
    let learner = store::practice::of_member(&mut app.db().read_of(practice).await?, practice, member).await?;
    Ok(learner.map(|learner| (practice, learner)))
}
