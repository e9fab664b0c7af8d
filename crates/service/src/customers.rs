//! Adds customers, and derives by what the staff find them. Whoever changes a customer's name, address or number derives that in the same transaction.

use db::Tx;
use domain::{
    customer::Identifier,
    customer_facts::CustomerFacts,
    customer_terms::terms_of,
    id::{AgentId, CustomerId, TenantId},
    text::Lang,
    time::Ts,
};
use seal::{
    CannotSeal, facts,
    signed::SaidOfCustomer,
    vault::{Field, Vault},
};
use store::{Error, Result};
use store_hall::{
    customer_facts, customer_terms,
    customers::{self, Customer, StoredIdentifier},
    signed_customers,
};

/// A customer to add whom nobody signs in as: there is no password.
#[derive(Debug, Clone)]
pub struct NewCustomer {
    /// The id.
    pub id: CustomerId,
    /// The name.
    pub name: Option<String>,
    /// The language.
    pub lang: Lang,
    /// Addresses and numbers that the customer proved, at most one of each kind.
    pub proved: Vec<Identifier>,
    /// What the staff noted.
    pub facts: CustomerFacts,
    /// Who of the staff added the customer.
    pub added_by: Option<AgentId>,
    /// When the customer became one.
    pub at: Ts,
}

fn cannot_seal(_: CannotSeal) -> Error {
    Error::Db(db::Error::Corrupt("what is known of a customer could not be sealed".to_owned()))
}

/// Adds a customer; [`Error::Taken`] if somebody else proved an address or number.
pub async fn add(tx: &mut Tx, vault: &Vault, tenant: TenantId, new: NewCustomer) -> Result<()> {
    let NewCustomer { id, name, lang, proved, facts, added_by, at } = new;
    let name = name.map(|name| vault.seal(tenant, id, Field::Name, &name)).transpose().map_err(cannot_seal)?;
    let customer = Customer { id, tenant, name, lang, password_hash: String::new(), created_at: at, updated_at: at };
    customers::insert_signed(tx, tenant, &customer).await?;
    for one in proved {
        let sealed = vault.seal(tenant, id, Field::Identifier, one.text()).map_err(cannot_seal)?;
        let stored = StoredIdentifier { lookup: vault.lookup(tenant, &one), kind: one.kind(), sealed, verified_at: at };
        customers::put_identifier(tx, tenant, id, &stored).await?;
    }
    if added_by.is_some() || !facts.is_empty() {
        let sealed = facts::seal(&facts, vault, tenant, id).map_err(cannot_seal)?;
        customer_facts::put(tx, tenant, id, &sealed, added_by).await?;
    }
    derive(tx, vault, tenant, id).await
}

/// Replaces the name and language of a customer, and what the staff noted; [`Error::Stale`] if the profile changed since it was `seen`.
pub async fn change(
    tx: &mut Tx,
    vault: &Vault,
    tenant: TenantId,
    id: CustomerId,
    (name, lang): (Option<&str>, Lang),
    facts: &CustomerFacts,
    seen: Ts,
) -> Result<()> {
    let name = name.map(|name| vault.seal(tenant, id, Field::Name, name)).transpose().map_err(cannot_seal)?;
    customers::set_profile(tx, tenant, id, name, lang, seen).await?;
    let sealed = facts::seal(facts, vault, tenant, id).map_err(cannot_seal)?;
    customer_facts::put(tx, tenant, id, &sealed, None).await?;
    derive(tx, vault, tenant, id).await
}

/// The addresses and numbers that a customer signs in with.
async fn proved(tx: &mut Tx, vault: &Vault, tenant: TenantId, id: CustomerId) -> Result<Vec<Identifier>> {
    let stored = customers::identifiers(tx, tenant, id).await?;
    Ok(stored.into_iter().filter_map(|one| vault.open(tenant, id, Field::Identifier, &one.sealed)).map(Identifier::stored).collect())
}

/// Derives by what a customer is found from what is known now.
///
/// # Errors
/// [`Error::NotFound`] if there is no such customer.
pub async fn derive(tx: &mut Tx, vault: &Vault, tenant: TenantId, id: CustomerId) -> Result<()> {
    customers::hold(tx, tenant, id).await?;
    let name = customers::get(tx, tenant, id).await?.name.and_then(|sealed| vault.open(tenant, id, Field::Name, &sealed));
    let mut identifiers = proved(tx, vault, tenant, id).await?;
    let said = signed_customers::said_of(tx, tenant, id).await?.and_then(|sealed| SaidOfCustomer::open(vault, tenant, id, &sealed));
    identifiers.extend(said.into_iter().flat_map(|said| [said.email, said.phone]).flatten().map(Identifier::stored));
    let facts = customer_facts::find(tx, tenant, id).await?.and_then(|sealed| facts::open(vault, tenant, id, &sealed));
    identifiers.extend(facts.iter().flat_map(CustomerFacts::identifiers));
    // An earlier release may have stored an address in another spelling; it is looked for in that of this one.
    let identifiers: Vec<Identifier> = identifiers.into_iter().map(|one| Identifier::parse(one.text()).unwrap_or(one)).collect();
    let terms: Vec<Vec<u8>> = terms_of(name.as_deref(), &identifiers).iter().map(|term| vault.term(tenant, term)).collect();
    customer_terms::set(tx, tenant, id, &terms).await
}

/// Derives by what these customers of a company are found.
pub async fn derive_all(tx: &mut Tx, vault: &Vault, tenant: TenantId, ids: &[CustomerId]) -> Result<()> {
    for id in ids {
        match derive(tx, vault, tenant, *id).await {
            // Erased a moment ago.
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
