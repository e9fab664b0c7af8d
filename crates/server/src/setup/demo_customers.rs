//! The customers of the demo's operator: those who came most often in the past have an account, with a name, a number and an address, and some a note of the staff.

use db::Shard;
use domain::{
    customer::Identifier,
    customer_facts::CustomerFacts,
    id::{CustomerId, SiteId, TenantId, VisitorId},
    text::Lang,
    time::Ts,
};
use http_kit::App;
use serde::Deserialize;
use service::customers::{self, NewCustomer};
use store_hall::customer_visitors;

use super::SetupError;

/// Customers per write, so that none takes long.
const PER_WRITE: usize = 40;
/// Of how many customers one has a note, one has an address besides the number, and one is known to the staff only.
const NOTED_EVERY: usize = 7;
const ADDRESS_EVERY: usize = 3;
const ADDED_EVERY: usize = 11;
/// The number in front of the last four digits: a range that no operator hands out.
const RANGE: &str = "+861540000";

#[derive(Deserialize)]
struct Content {
    count: i64,
    zh: Names,
    en: Names,
    notes: Vec<String>,
}

#[derive(Deserialize)]
struct Names {
    family: Vec<String>,
    given: Vec<String>,
}

/// A visitor who becomes a customer.
type Regular = (VisitorId, SiteId, Lang, Ts);

impl Content {
    /// The name of the customer with this number; as many differ as there are pairs.
    fn name(&self, n: usize, lang: Lang) -> (String, String) {
        let Names { family, given } = if lang == Lang::Zh { &self.zh } else { &self.en };
        let of = |names: &[String], n: usize| names.get(n % names.len().max(1)).cloned().unwrap_or_default();
        let (family, given) = (of(family, n), of(given, n));
        let address = if lang == Lang::Zh { format!("c{:04}@example.com", end(n)) } else { format!("{given}.{family}@example.com").to_lowercase() };
        (if lang == Lang::Zh { format!("{family}{given}") } else { format!("{given} {family}") }, address)
    }

    fn customer(&self, n: usize, id: CustomerId, (_, _, lang, at): Regular) -> NewCustomer {
        let (name, address) = self.name(n, lang);
        let (number, address) = (format!("{RANGE}{:04}", end(n)), n.is_multiple_of(ADDRESS_EVERY).then_some(address));
        let note = n.is_multiple_of(NOTED_EVERY).then(|| self.notes.get(n / NOTED_EVERY % self.notes.len().max(1)).cloned()).flatten();
        let is_added = n % ADDED_EVERY == 1;
        let (proved, facts) = if is_added {
            (Vec::new(), CustomerFacts { email: address, mobile: Some(number), note })
        } else {
            let proved = std::iter::once(number).chain(address).map(Identifier::stored).collect();
            (proved, CustomerFacts { note, ..CustomerFacts::default() })
        };
        NewCustomer { id, name: Some(name), lang, proved, facts, added_by: None, at }
    }
}

/// The last four digits of a number: no two are the same, and they are in no order.
const fn end(n: usize) -> usize {
    (n * 37 + 1021) % 10_000
}

/// Writes the customers of a company whose past is written.
pub async fn write(app: &App, tenant: TenantId) -> Result<(), SetupError> {
    let content: Content = serde_json::from_str(include_str!("../../../../demo/customers.json"))?;
    let regulars = {
        let mut tx = app.db().read_of(tenant).await.map_err(store::Error::from)?;
        customer_visitors::regulars(&mut tx, tenant, content.count).await?
    };
    let all: Vec<(Regular, NewCustomer)> =
        regulars.into_iter().enumerate().map(|(n, regular)| (regular, content.customer(n, CustomerId::new(app.env().uuid()), regular))).collect();
    for some in all.chunks(PER_WRITE) {
        let (some, vault) = (some.to_vec(), app.vault());
        let write = app.db().writer().write_patiently(Shard::Any, move |tx| {
            let (some, vault) = (some.clone(), vault.clone());
            Box::pin(async move {
                for ((visitor, site, ..), new) in some {
                    let id = new.id;
                    customers::add(tx, &vault, tenant, new).await?;
                    customer_visitors::bind(tx, tenant, id, site, visitor).await?;
                }
                Ok::<_, store::Error>(())
            })
        });
        write.await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::customer_terms::terms_to_find;

    use super::*;

    #[test]
    fn each_customer_has_a_name_a_number_and_an_address_of_their_own() {
        let content: Content = serde_json::from_str(include_str!("../../../../demo/customers.json")).unwrap();
        let (mut names, mut identifiers) = (BTreeSet::new(), BTreeSet::new());
        let count = usize::try_from(content.count).unwrap();
        for n in 0..count {
            let lang = if n % 10 == 0 { Lang::En } else { Lang::Zh };
            let new = content.customer(n, CustomerId::new(uuid::Uuid::nil()), (VisitorId::new(uuid::Uuid::nil()), SiteId::new(uuid::Uuid::nil()), lang, Ts(0)));
            names.insert(new.name.unwrap());
            for one in new.proved.into_iter().chain(new.facts.identifiers()) {
                // What is stored is what is looked for.
                assert_eq!(terms_to_find(one.text()), terms_to_find(Identifier::parse(one.text()).unwrap().text()));
                assert!(identifiers.insert(one.text().to_owned()), "{}", one.text());
            }
        }
        assert_eq!(names.len(), count);
    }
}
