//! Whether an address or number that the staff note is another customer's already.

use db::Tx;
use domain::{
    customer::Identifier,
    customer_facts::CustomerFacts,
    customer_terms::terms_to_find,
    id::{CustomerId, TenantId},
    refusal::Code,
};
use http_kit::{fault::Fault, problem::Problem};
use seal::vault::Vault;

use crate::table::listed;

/// Refuses what another customer has.
pub async fn refuse(tx: &mut Tx, vault: &Vault, tenant: TenantId, facts: &CustomerFacts, besides: Option<CustomerId>) -> Result<(), Fault> {
    for (field, text) in [("email", &facts.email), ("mobile", &facts.mobile)] {
        let Some(text) = text else { continue };
        for term in terms_to_find(Identifier::stored(text.clone()).text()) {
            if listed::has_term(tx, tenant, &vault.term(tenant, &term), besides).await? {
                let why = "another customer has this address or number: change that one, or send `confirmed`";
                return Err(Problem { field: Some(field.to_owned()), ..Problem::conflict(Code::CustomerKnown, why) }.into());
            }
        }
    }
    Ok(())
}
