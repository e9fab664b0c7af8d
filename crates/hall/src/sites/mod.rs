//! What a site's widget and hall may read without signing in.

pub mod about;
pub mod catalogue;
pub mod get;
pub mod goods;
pub mod search_answers;
pub mod search_goods;
pub mod sightings;
pub mod suggestions;

use std::sync::Arc;

use bot::Bot;
use domain::{refusal::Code, text::Lang};
use http_kit::{App, addressed, problem::Problem};
use store::sites::Site as StoredSite;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get::get_site))
        .routes(routes!(catalogue::get_catalogue))
        .routes(routes!(search_goods::search_goods))
        .routes(routes!(search_answers::search_answers))
        .routes(routes!(goods::get_goods))
        .routes(routes!(suggestions::suggest_questions))
        .routes(routes!(sightings::note_sighting))
}

/// The longest query, in characters.
const MAX_QUERY_CHARS: usize = 200;

/// Refuses a query `q` that is too long.
fn check_query(q: &str) -> Result<(), Problem> {
    if q.chars().count() > MAX_QUERY_CHARS { Err(Problem::invalid("q", Code::TooLarge, "at most 200 characters")) } else { Ok(()) }
}

/// The bot that finds what fits a query `q`, and the language in which it is to answer.
async fn bot_for(app: &App, key: &str, q: &str, lang: Lang) -> Result<(Arc<Bot>, bot::Lang), Problem> {
    check_query(q)?;
    let site = site(app, key).await?;
    let bot = app.bots().of(app.db(), site.tenant).await?;
    let lang = match lang {
        Lang::Zh => bot::Lang::Zh,
        Lang::En => bot::Lang::En,
    };
    Ok((bot, lang))
}

async fn site(app: &App, key: &str) -> Result<StoredSite, Problem> {
    addressed::site(app, key).await?.ok_or_else(Problem::not_found)
}
