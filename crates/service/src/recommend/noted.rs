//! What is noted of a customer's interests, for the customer.

use std::collections::BTreeMap;

use content::recommendation::{Interest, ItemKind};
use db::Tx;
use domain::{
    id::{CustomerId, TenantId},
    text::Bilingual,
};
use store::Result;
use store_knowledge::recommendations;

use super::{item_of, show};
use crate::catalogue::Catalogue;

/// Something that a customer took an interest in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// What it is.
    pub kind: ItemKind,
    /// Its id among those of its kind.
    pub id: String,
    /// Its name, or the question; `None` if it no longer exists.
    pub name: Option<Bilingual>,
    /// The interest, of all sites together.
    pub interest: Interest,
}

/// Everything that is noted of a customer's interests on all sites, latest first.
pub async fn interests_of(tx: &mut Tx, tenant: TenantId, customer: CustomerId, catalogue: &Catalogue) -> Result<Vec<Noted>> {
    let mut places = BTreeMap::new();
    let mut all: Vec<Noted> = Vec::new();
    for signal in recommendations::of_customer(tx, tenant, customer).await? {
        if let Some(place) = places.get(&(signal.kind, signal.item.clone())) {
            let known: &mut Noted = &mut all[*place];
            known.interest.looked += signal.interest.looked;
            known.interest.asked += signal.interest.asked;
            known.interest.score = known.interest.score.or(signal.interest.score);
            continue;
        }
        let name = show::name(tx, tenant, catalogue, &item_of(&signal)).await?.map(|named| named.name);
        places.insert((signal.kind, signal.item.clone()), all.len());
        all.push(Noted { kind: signal.kind, id: signal.item, name, interest: signal.interest });
    }
    Ok(all)
}
