//! A company on the wire, for those who configure it.

use domain::{id::TenantId, look, opening_hours::OpeningHours, text::Bilingual, time::Ts};
use serde::Serialize;
use store::tenants::Tenant;
use utoipa::ToSchema;

/// A company.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Company)]
pub struct CompanyView {
    /// The company's id, which is also the name of its stream.
    pub id: TenantId,
    /// The company's name.
    pub name: Bilingual,
    /// The IANA time zone in which its days begin and its opening hours are read.
    pub time_zone: String,
    /// The brand colour of sites without their own, `#rrggbb`.
    #[schema(required)]
    pub brand: Option<String>,
    /// The brand colour as shown: darkened until white text on it is readable.
    #[schema(required)]
    pub brand_shown: Option<String>,
    /// Opening hours of queues without their own; `null` means always open.
    #[schema(required)]
    pub hours: Option<OpeningHours>,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl From<Tenant> for CompanyView {
    fn from(tenant: Tenant) -> Self {
        let Tenant { id, access_stream: _, slug: _, name, time_zone, is_demo: _, brand, hours, created_at: _, updated_at } = tenant;
        let brand_shown = brand.as_deref().and_then(look::shown_colour);
        Self { id, name, time_zone, brand, brand_shown, hours, updated_at }
    }
}
