//! What is found of the company to which a request is addressed.

use domain::id::TenantId;
use store::sites::Site;

use crate::{
    App,
    problem::Problem,
    request_company::{address, enter},
};

/// The site with the key from an embed snippet, if its widget is enabled and the request is addressed to its company.
pub async fn site(app: &App, key: &str) -> store::Result<Option<Site>> {
    let found = store::entry_points::site_by_key(app.db(), key).await?;
    Ok(found.filter(|site| enter(site.tenant)))
}

/// The company to which the request is addressed.
pub fn company() -> Result<TenantId, Problem> {
    address().map(|address| address.tenant).ok_or_else(Problem::not_found)
}

/// Where the pages of the company are found to which the request is addressed, without a slash at the end.
pub fn base(app: &App) -> String {
    address().map_or_else(|| app.settings().public_url.clone(), |address| address.base().to_owned())
}
