//! What the bot answers, for its editors: a draft beside what is live, to try, check, publish and restore; and what the bot could not answer.

pub mod checks;
pub mod draft;
pub mod file;
pub mod graph;
pub mod jobs;
pub mod live;
pub mod recommendations;
mod sheet;
pub mod suspects;
pub mod synonyms;
pub mod templates;
pub mod unanswered;

use axum::extract::DefaultBodyLimit;
use checks::{evaluate, test_set, try_out};
use domain::entry::Changed;
use draft::{categories, changes, create, delete, export, get, import, list, update};
use http_kit::{App, fault::Fault, feature::Feature};
use live::{overview, publish, search, versions};
use store::TenantTx;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Begins a change of the draft or its test set: counts it, makes the company's other editors wait, and notifies subscribers.
async fn edit(tx: &mut TenantTx<'_>) -> Result<(), Fault> {
    let tenant = tx.tenant();
    store_knowledge::knowledge_drafts::touch(tx, tenant).await?;
    Ok(tx.announce(Changed::Knowledge).await?)
}

/// Begins a change that the bot learns at once, in its draft and in what is live: a check of the draft before it does not count any more.
async fn teach(tx: &mut TenantTx<'_>) -> Result<(), Fault> {
    let tenant = tx.tenant();
    store_knowledge::knowledge_drafts::touch(tx, tenant).await?;
    Ok(tx.announce(Changed::PublishedKnowledge).await?)
}

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: jobs::start };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    let import = OpenApiRouter::new().routes(routes!(import::import_knowledge)).layer(DefaultBodyLimit::max(import::MAX_IMPORT_BYTES));
    OpenApiRouter::new()
        .routes(routes!(overview::knowledge_overview))
        .routes(routes!(list::list_knowledge, create::create_knowledge_entry))
        .routes(routes!(get::get_knowledge_entry, update::update_knowledge_entry, delete::delete_knowledge_entry))
        .routes(routes!(categories::list_knowledge_categories, categories::create_knowledge_category))
        .routes(routes!(categories::rename_knowledge_category, categories::delete_knowledge_category))
        .routes(routes!(export::export_knowledge))
        .merge(import)
        .routes(routes!(templates::use_template))
        .routes(routes!(try_out::try_sentence))
        .routes(routes!(try_out::find_similar))
        .routes(routes!(test_set::list_knowledge_tests, test_set::create_knowledge_test))
        .routes(routes!(test_set::update_knowledge_test, test_set::delete_knowledge_test))
        .routes(routes!(evaluate::begin_evaluation))
        .routes(routes!(evaluate::get_yesterday, evaluate::begin_yesterday))
        .routes(routes!(changes::list_knowledge_changes))
        .routes(routes!(publish::publish_knowledge))
        .routes(routes!(search::search_published_answers))
        .routes(routes!(versions::list_knowledge_versions))
        .routes(routes!(versions::restore_knowledge_version))
        .merge(recommendations::router())
        .routes(routes!(unanswered::list_unanswered))
        .routes(routes!(unanswered::count_unanswered))
        .routes(routes!(unanswered::settle_unanswered))
        .merge(synonyms::router())
        .merge(graph::router())
        .routes(routes!(suspects::list_suspects))
        .routes(routes!(suspects::search_suspects))
        .routes(routes!(suspects::settle_suspect))
}
