//! A customer as they see themselves.

use db::Tx;
use domain::{
    customer::IdentifierKind,
    id::{CustomerId, TenantId},
    text::Lang,
    time::Ts,
};
use http_kit::{App, problem::Problem};
use seal::vault::Field;
use serde::Serialize;
use utoipa::ToSchema;

use super::{identifiers_of, of_kind};

/// A customer as they see themselves. Nobody else is shown this.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub struct CustomerView {
    /// The customer's id.
    pub id: CustomerId,
    /// The name they go by.
    #[schema(required)]
    pub name: Option<String>,
    /// The customer's language.
    pub lang: Lang,
    /// The e-mail address they proved.
    #[schema(required)]
    pub email: Option<String>,
    /// The mobile number they proved.
    #[schema(required)]
    pub mobile: Option<String>,
    /// When the account was created.
    pub created_at: Ts,
    /// When the profile was last changed.
    pub updated_at: Ts,
}

impl CustomerView {
    /// Reads a customer.
    pub(super) async fn read(app: &App, tenant: TenantId, id: CustomerId) -> Result<Self, Problem> {
        Ok(Self::read_in(&mut app.db().snapshot_of(tenant).await?, app, tenant, id).await?)
    }

    /// Reads a customer within a transaction.
    pub(super) async fn read_in(tx: &mut Tx, app: &App, tenant: TenantId, id: CustomerId) -> store::Result<Self> {
        let customer = store_hall::customers::get(tx, tenant, id).await?;
        let identifiers = identifiers_of(app, tx, tenant, id).await?;
        let text = |kind| of_kind(&identifiers, kind).map(|one| one.text().to_owned());
        Ok(Self {
            id,
            name: customer.name.and_then(|sealed| app.vault().open(tenant, id, Field::Name, &sealed)),
            lang: customer.lang,
            email: text(IdentifierKind::Email),
            mobile: text(IdentifierKind::Mobile),
            created_at: customer.created_at,
            updated_at: customer.updated_at,
        })
    }
}
