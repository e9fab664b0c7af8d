//! Customers as the staff see them.

use db::Tx;
use domain::{
    contact::{CustomerContact, seen_name},
    contact_kind::Contact,
    customer::Identifier,
    customer_facts::CustomerFacts,
    entry::body::LabelRef,
    id::{CustomerId, TenantId},
    policy::Staff,
    text::Lang,
    time::Ts,
};
use seal::{
    facts,
    signed::SaidOfCustomer,
    vault::{Field, Vault},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wire::conversation::{ContactSource, MaskedContact};

use crate::table::{
    labels,
    listed::{self, Known},
    merges::{self, Merge},
};

/// A customer in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerSummary {
    /// The customer's id.
    pub id: CustomerId,
    /// The name; masked if it is a number or address that the caller's role hides. `null` if none is known.
    #[schema(required)]
    pub name: Option<String>,
    /// The customer's language.
    pub lang: Lang,
    /// Every address and number that is known, masked for everybody; who may reveal contacts does so with `POST /customers/{id}/contacts/reveal`.
    pub contacts: Vec<MaskedContact>,
    /// What the customer is, in the company's own words, in the order in which the labels were given.
    pub labels: Vec<LabelRef>,
    /// The site's own id of the customer, if a site named the customer by a signed token.
    #[schema(required)]
    pub subject: Option<String>,
    /// When the customer registered, was named by a site, or was added by the staff.
    pub created_at: Ts,
    /// How many conversations of the customer the caller may read.
    pub conversations: i64,
    /// When the last of them began.
    #[schema(required)]
    pub last_conversation_at: Option<Ts>,
}

/// A customer with all that the staff know.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerProfile {
    /// Who it is.
    #[serde(flatten)]
    pub customer: CustomerSummary,
    /// What else the staff noted.
    #[schema(required)]
    pub note: Option<String>,
    /// When it was last changed; who changes it sends it back.
    pub updated_at: Ts,
    /// Customers whom the staff take for the same person: what happened with them, and how they can be reached, is shown here.
    pub merged: Vec<MergedProfile>,
    /// Where this customer is shown, if it is merged into another one.
    #[schema(required)]
    pub merged_into: Option<MergedProfile>,
}

/// A customer who is merged with the one that is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergedProfile {
    /// The other customer.
    #[serde(flatten)]
    pub customer: CustomerSummary,
    /// Since when.
    pub merged_at: Ts,
    /// The name of who said so; `null` if they are no member of the staff any more.
    #[schema(required)]
    pub merged_by: Option<String>,
}

/// What the audit notes of a customer.
#[derive(Debug, Serialize)]
pub struct NotedProfile {
    name: Option<String>,
    lang: Lang,
    contacts: Vec<MaskedContact>,
}

/// A customer, opened.
pub struct Opened {
    /// Who it is.
    pub id: CustomerId,
    /// The name as it is stored.
    pub name: Option<String>,
    /// Addresses and numbers in the clear, each with where it comes from.
    pub contacts: Vec<(ContactSource, Identifier)>,
    /// What the staff noted.
    pub facts: CustomerFacts,
    /// The language.
    pub lang: Lang,
    labels: Vec<LabelRef>,
    subject: Option<String>,
    known: Known,
}

impl Opened {
    /// Opens what is known of customers.
    pub async fn of(tx: &mut Tx, vault: &Vault, tenant: TenantId, known: Vec<Known>) -> store::Result<Vec<Self>> {
        let ids: Vec<Uuid> = known.iter().map(|one| one.id).collect();
        let mut proved = listed::identifiers(tx, tenant, &ids).await?;
        let mut labels = labels::of(tx, tenant, &ids).await?;
        let mut open = |one: Known| {
            let labels = labels.remove(&one.id).unwrap_or_default();
            Self { labels, ..Self::open(vault, tenant, proved.remove(&one.id).unwrap_or_default(), one) }
        };
        Ok(known.into_iter().map(&mut open).collect())
    }

    fn open(vault: &Vault, tenant: TenantId, proved: Vec<Vec<u8>>, known: Known) -> Self {
        let id = CustomerId::new(known.id);
        let own = proved.iter().filter_map(|sealed| vault.open(tenant, id, Field::Identifier, sealed)).map(|text| (ContactSource::Account, text));
        let said = known.said.as_deref().and_then(|sealed| SaidOfCustomer::open(vault, tenant, id, sealed));
        let noted = known.facts.as_deref().and_then(|sealed| facts::open(vault, tenant, id, sealed)).unwrap_or_default();
        let by_site = said.iter().flat_map(|said| [&said.email, &said.phone]).flatten().cloned().map(|text| (ContactSource::Site, text));
        let by_staff = noted.identifiers().into_iter().map(|one| (ContactSource::Staff, one));
        let contacts = own.chain(by_site).map(|(from, text)| (from, Identifier::stored(text))).chain(by_staff).collect();
        let name = known.name.as_deref().and_then(|sealed| vault.open(tenant, id, Field::Name, sealed));
        Self { id, name, contacts, lang: Lang::from_tag(&known.lang), subject: said.map(|said| said.subject), facts: noted, labels: Vec::new(), known }
    }

    /// As the audit notes it: with every contact masked, and without the note.
    pub fn noted(&self) -> NotedProfile {
        let hidden = Contact::EACH.iter().copied().collect();
        let masked = |(from, one): &(ContactSource, Identifier)| MaskedContact::of((*from, CustomerContact::from(one.clone())));
        NotedProfile { name: self.name.clone().map(|name| seen_name(name, hidden)), lang: self.lang, contacts: self.contacts.iter().map(masked).collect() }
    }

    /// As a member of the staff sees the customer in a list.
    pub fn summary(self, staff: &Staff) -> CustomerSummary {
        let hidden = staff.grants.hidden_contacts();
        let Self { id, name, contacts, lang, labels, subject, known, facts: _ } = self;
        CustomerSummary {
            id,
            name: name.map(|name| seen_name(name, hidden)),
            lang,
            contacts: contacts.into_iter().map(|(from, one)| MaskedContact::of((from, CustomerContact::from(one)))).collect(),
            labels,
            subject: subject.map(|subject| seen_name(subject, hidden)),
            created_at: Ts(known.created_at),
            conversations: known.conversations,
            last_conversation_at: known.last_at.map(Ts),
        }
    }
}

/// A customer as a member of the staff sees all of it.
///
/// # Errors
/// [`store::Error::NotFound`] if there is no such customer, or it is none of the member's.
pub async fn profile(tx: &mut Tx, vault: &Vault, staff: &Staff, id: CustomerId) -> store::Result<CustomerProfile> {
    let one = opened(tx, vault, staff, id).await?;
    let (mut merged, mut merged_into) = (Vec::new(), None);
    for Merge { customer_id, into_id, merged_at, merged_by } in merges::of(tx, staff.tenant, id).await? {
        let other = CustomerId::new(if customer_id == id.uuid() { into_id } else { customer_id });
        // Whoever is being erased is seen by nobody.
        let Some(known) = listed::one(tx, staff.tenant, staff, other).await? else { continue };
        let Some(opened) = Opened::of(tx, vault, staff.tenant, vec![known]).await?.pop() else { continue };
        let with = MergedProfile { customer: opened.summary(staff), merged_at: Ts(merged_at), merged_by };
        if customer_id == id.uuid() { merged_into = Some(with) } else { merged.push(with) }
    }
    let (note, updated_at) = (one.facts.note.clone(), Ts(one.known.updated_at));
    Ok(CustomerProfile { customer: one.summary(staff), note, updated_at, merged, merged_into })
}

/// A customer whom the member may see, opened.
///
/// # Errors
/// [`store::Error::NotFound`] if there is no such customer, or it is none of the member's.
pub async fn opened(tx: &mut Tx, vault: &Vault, staff: &Staff, id: CustomerId) -> store::Result<Opened> {
    let known = super::seen(tx, staff, id).await?;
    Opened::of(tx, vault, staff.tenant, vec![known]).await?.pop().ok_or(store::Error::NotFound)
}
