//! `/api/v1/operator/companies`: which companies there are, what each uses and may use, and whether it is served.

pub mod limits;
pub mod list;
pub mod suspension;
pub mod view;

use domain::id::TenantId;
use http_kit::{App, problem::Problem};
use store::entry_points::CompanySearch;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::view::OperatedCompany;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_operated_companies))
        .routes(routes!(limits::change_company_limits))
        .routes(routes!(suspension::set_company_suspension))
}

/// A company as it is now.
async fn view(app: &App, tenant: TenantId) -> Result<OperatedCompany, Problem> {
    let found = store::entry_points::companies(app.db(), CompanySearch { only: Some(tenant), ..CompanySearch::default() }, "", 1).await?;
    found.into_iter().next().map(|found| OperatedCompany::new(app, found)).ok_or_else(Problem::not_found)
}
