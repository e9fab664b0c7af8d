//! A company's sites, for those who configure them.

pub mod create;
pub mod delete;
pub mod installation;
pub mod list;
pub mod update;
pub mod view;

use db::Tx;
use domain::{
    id::{QuestionKindId, QueueId, TenantId},
    refusal::Code,
    site::{self, AsksAbout, MAX_QUESTIONS, RatingReason},
};
use http_kit::{App, fault::Fault, problem::Problem};
use store::sites::SiteSettings;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::profile::update::check_brand;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_sites, create::create_site))
        .routes(routes!(update::update_site, delete::delete_site))
        .routes(routes!(installation::get_installation))
}

/// The longest name of a site or of its bot, in characters.
const MAX_NAME_CHARS: usize = 80;
/// The longest greeting or privacy note, in characters.
const MAX_TEXT_CHARS: usize = 1_000;

/// Checks what the widget shows, and returns it with origins in the form browsers use.
fn checked(settings: SiteSettings) -> Result<SiteSettings, Problem> {
    site::check_name("name", &settings.name, MAX_NAME_CHARS)?;
    site::check_name("bot_name", &settings.bot_name, MAX_NAME_CHARS)?;
    site::check_text("greeting", &settings.greeting, MAX_TEXT_CHARS)?;
    site::check_optional("closed_greeting", &settings.closed_greeting, MAX_TEXT_CHARS)?;
    site::check_text("privacy_note", &settings.privacy_note, MAX_TEXT_CHARS)?;
    site::check_help(settings.offer_after_misses, &settings.help_lines, MAX_TEXT_CHARS)?;
    settings.asks_about.check()?;
    RatingReason::check(&settings.rating_reasons)?;
    check_brand(settings.brand.as_deref())?;
    if settings.questions.len() > MAX_QUESTIONS {
        return Err(Problem::invalid("questions", Code::InvalidValue, "at most three questions can be offered"));
    }
    Ok(SiteSettings { origins: site::origins(&settings.origins)?, ..settings })
}

/// Refuses to ask customers for kinds of question that do not exist, or are archived. One that was asked `before` does not prevent other changes.
async fn refuse_unknown_kinds(tx: &mut Tx, tenant: TenantId, asks: &AsksAbout, before: &AsksAbout) -> Result<(), Fault> {
    let known = store::question_kinds::all(tx, tenant).await?;
    let is_known = |id: &QuestionKindId| known.iter().any(|kind| kind.id == *id && (kind.archived_at.is_none() || !asks.on));
    if asks.questions.iter().all(|id| before.questions.contains(id) || is_known(id)) {
        return Ok(());
    }
    Err(Problem::invalid("asks_about.questions", Code::QuestionKindUnknown, "one of the kinds of question does not exist, or is archived").into())
}

/// Refuses a queue or a question that does not belong to the company.
async fn refuse_unknown(tx: &mut Tx, tenant: TenantId, queue: QueueId, questions: &[String]) -> Result<(), Fault> {
    let no_queue = || Problem::invalid("queue", Code::InvalidValue, "there is no such queue");
    store::queues::get(tx, tenant, queue).await.map_err(Fault::if_not_found(no_queue))?;
    let known = store_knowledge::knowledge::entries_by_id(tx, tenant, questions).await?;
    if questions.iter().all(|id| known.iter().any(|entry| entry.id == *id)) {
        return Ok(());
    }
    Err(Problem::invalid("questions", Code::InvalidValue, "one of the questions is not in the knowledge").into())
}

fn key_taken() -> Problem {
    Problem { field: Some("key".to_owned()), ..Problem::conflict(Code::SiteKeyTaken, "another site already has this key") }
}
