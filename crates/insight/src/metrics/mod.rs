//! Indicators over any days, hours or minutes, and the conversations behind them.

pub mod behind;
pub mod csv;
pub mod get;
pub mod list;
mod names;
pub mod query;
mod view;

use http_kit::problem::Problem;
use warehouse::DEFINITIONS;

/// The refusal of an unknown indicator, which lists those that exist.
fn indicator_unknown() -> Problem {
    let names = DEFINITIONS.keys().collect::<Vec<_>>().join(", ");
    Problem { title: format!("there is no such indicator; there are {names}"), ..Problem::not_found() }
}

/// The routes of this module.
pub fn router() -> utoipa_axum::router::OpenApiRouter<http_kit::App> {
    utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(list::list_metrics))
        .routes(utoipa_axum::routes!(get::get_metric))
        .routes(utoipa_axum::routes!(behind::list_behind_metric))
}
