//! A company on the wire, as the operator sees it.

use domain::{id::TenantId, text::Bilingual, time::Ts};
use http_kit::{
    App, addressing,
    company_use::{CompanyLimits, CompanyUse},
};
use serde::Serialize;
use store::entry_points::Overview;
use utoipa::ToSchema;

/// A company of the installation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OperatedCompany {
    /// The company.
    pub id: TenantId,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: Bilingual,
    /// Where its pages are found, without a slash at the end.
    pub url: String,
    /// When it was added.
    pub created_at: Ts,
    /// Since when nobody is served; `null` if everybody is.
    #[schema(required)]
    pub suspended_at: Option<Ts>,
    /// What it may use.
    pub limits: CompanyLimits,
    /// What it uses.
    pub used: CompanyUse,
    /// How many visitors are connected.
    pub visitors: u64,
}

impl OperatedCompany {
    /// The company as the operator sees it.
    pub fn new(app: &App, found: Overview) -> Self {
        let Overview { address, name, created_at, limits, used } = found;
        let store::tenants::Address { tenant, slug, host: _, is_root: _, suspended_at, rules: _ } = address.clone();
        let url = addressing::read(app, address).base().to_owned();
        let visitors = (app.hub().visitors_online(tenant) + app.cluster().visitors_elsewhere(tenant)) as u64;
        Self { id: tenant, slug, name, url, created_at, suspended_at, limits: limits.into(), used: used.into(), visitors }
    }
}
