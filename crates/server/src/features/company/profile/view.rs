//! A company on the wire, as those see it who set it up.

use domain::{id::TenantId, look, opening_hours::OpeningHours, text::Bilingual, time::Ts};
use serde::Serialize;
use store::tenants::Tenant;
use utoipa::ToSchema;

/// A company.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Company)]
pub struct CompanyView {
    /// Its id, and the name of its stream.
    pub id: TenantId,
    /// What it calls itself.
    pub name: Bilingual,
    /// An IANA time zone: where its days begin and its hours are read.
    pub time_zone: String,
    /// The colour of its sites that chose none, `#rrggbb`.
    #[schema(required)]
    pub brand: Option<String>,
    /// The same, darkened as far as white words on it need: what is shown.
    #[schema(required)]
    pub brand_shown: Option<String>,
    /// When its queues are open that say nothing else; `null` is always.
    #[schema(required)]
    pub hours: Option<OpeningHours>,
    /// When it was last changed; hand it back as `seen`.
    pub updated_at: Ts,
}

impl From<Tenant> for CompanyView {
    fn from(tenant: Tenant) -> Self {
        let Tenant { id, access_stream: _, slug: _, name, time_zone, is_demo: _, brand, hours, created_at: _, updated_at } = tenant;
        let brand_shown = brand.as_deref().and_then(look::shown);
        Self { id, name, time_zone, brand, brand_shown, hours, updated_at }
    }
}
