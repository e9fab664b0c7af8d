//! How a company erases, and what it stores of people who agree.

use db::{Tx, q};
use domain::{consent::Purpose, id::TenantId};
use store::Result;

/// Whether a second person has to confirm what is erased; at first, nobody has to.
pub async fn four_eyes(tx: &mut Tx, tenant: TenantId) -> Result<bool> {
    let row: Option<(i64,)> =
        q!(tx, |c| sqlx::query_as("SELECT four_eyes FROM privacy_settings WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.is_some_and(|(on,)| on != 0))
}

/// Sets whether a second person has to confirm what is erased.
pub async fn set_four_eyes(tx: &mut Tx, tenant: TenantId, on: bool) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO privacy_settings (tenant_id, four_eyes, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id) DO UPDATE SET four_eyes = excluded.four_eyes, updated_at = excluded.updated_at"
    )
    .bind(tenant.uuid())
    .bind(i64::from(on))
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whether a company stores pages, and whether it stores profiles, of people who agree; at first, it does. Recommendations have settings of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses {
    /// The pages on which conversations take place.
    pub pages: bool,
    /// What people asked about.
    pub profile: bool,
}

/// What a company stores of people who agree.
pub async fn uses(tx: &mut Tx, tenant: TenantId) -> Result<Uses> {
    let row: Option<(i64, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT uses_pages, uses_profile FROM privacy_settings WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map_or(Uses { pages: true, profile: true }, |(pages, profile)| Uses { pages: pages != 0, profile: profile != 0 }))
}

impl Uses {
    /// Whether it stores anything for a purpose. Of recommendations, their own settings say it.
    pub const fn has(self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Pages => self.pages,
            Purpose::Profile => self.profile,
            Purpose::Recommendations => true,
        }
    }
}

/// Sets what a company stores of people who agree.
pub async fn set_uses(tx: &mut Tx, tenant: TenantId, uses: Uses) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO privacy_settings (tenant_id, four_eyes, uses_pages, uses_profile, updated_at) VALUES ($1, 0, $2, $3, $4)
         ON CONFLICT (tenant_id) DO UPDATE SET uses_pages = excluded.uses_pages, uses_profile = excluded.uses_profile, updated_at = excluded.updated_at"
    )
    .bind(tenant.uuid())
    .bind(i64::from(uses.pages))
    .bind(i64::from(uses.profile))
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
