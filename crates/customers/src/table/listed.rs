//! Customers, those that came last first, and what is known of each.

use std::collections::HashMap;

use db::{Tx, q, row};
use domain::{
    id::{CustomerId, LabelId, TenantId},
    policy::Staff,
    time::Ts,
};
use sqlx::AssertSqlSafe;
use store::{AT_ONCE, Result, places, reach::Within};
use uuid::Uuid;

use super::{group, seen_by};

row! {
    /// A customer with all that is known, sealed.
    #[derive(Debug)]
    pub struct Known {
        /// The id.
        pub id: Uuid,
        /// The name.
        pub name: Option<Vec<u8>>,
        /// What a site says of the customer.
        pub said: Option<Vec<u8>>,
        /// What staff noted of the customer.
        pub facts: Option<Vec<u8>>,
        /// The language, as a tag.
        pub lang: String,
        /// When the customer was added, in milliseconds since 1970.
        pub created_at: i64,
        /// When the profile was last changed, in milliseconds since 1970.
        pub updated_at: i64,
        /// How many conversations of the customer the member may read.
        pub conversations: i64,
        /// When the last of them began, in milliseconds since 1970.
        pub last_at: Option<i64>,
    }
}

/// Customers of a company for whom the rest of the statement holds. A conversation counts that the member may read, so that the list behind the number has as many.
macro_rules! known {
    ($($rest:tt)+) => {
        concat!(
            "SELECT t.id, t.name, sg.sealed AS said, fa.sealed AS facts, t.lang, t.created_at, t.updated_at,
               (SELECT COUNT(*) ",
            of_customer!(),
            ") AS conversations, (SELECT MAX(c.created_at) ",
            of_customer!(),
            ") AS last_at
             FROM customers t
             LEFT JOIN signed_customers sg ON sg.tenant_id = t.tenant_id AND sg.customer_id = t.id
             LEFT JOIN customer_facts fa ON fa.tenant_id = t.tenant_id AND fa.customer_id = t.id
             LEFT JOIN customer_merges mg ON mg.tenant_id = t.tenant_id AND mg.customer_id = t.id
             WHERE t.tenant_id = $1 AND ",
            $($rest)+
        )
    };
}

/// The conversations of a customer `t`, and of those who are merged into that one, that the member may read.
macro_rules! of_customer {
    () => {
        concat!(
            "FROM ",
            group!("t.id"),
            " JOIN customer_visitors v ON v.tenant_id = $1 AND v.customer_id = g.id
               JOIN conversations c ON c.tenant_id = v.tenant_id AND c.visitor_id = v.visitor_id
               WHERE c.erasing_at IS NULL AND ",
            store::readable_by!("$2", "$3")
        )
    };
}

/// The terms and the label that customers have to have.
pub type Sought<'a> = (&'a [Vec<u8>], Option<LabelId>);

/// Those of a company who have all of these terms and this label, if one is given, and whom the member may see, the last to come first, after a place in that order. Who is merged into another one
/// is found as that one.
pub async fn newest(tx: &mut Tx, tenant: TenantId, staff: &Staff, (terms, label): Sought<'_>, before: (Ts, Uuid), limit: i64) -> Result<Vec<Known>> {
    let has = |n: usize| {
        format!(
            " AND t.id IN (SELECT COALESCE(wm.into_id, w.customer_id) FROM customer_terms w
               LEFT JOIN customer_merges wm ON wm.tenant_id = w.tenant_id AND wm.customer_id = w.customer_id WHERE w.tenant_id = $1 AND w.term = ${n})"
        )
    };
    let mut all: String = (0..terms.len()).map(|n| has(n + 8)).collect();
    if label.is_some() {
        all.push_str(
            " AND t.id IN (SELECT COALESCE(gm.into_id, g.customer_id) FROM customer_labels g
               LEFT JOIN customer_merges gm ON gm.tenant_id = g.tenant_id AND gm.customer_id = g.customer_id WHERE g.tenant_id = $1 AND g.label_id = $7)",
        );
    }
    let known = known!("mg.customer_id IS NULL AND ", seen_by!("$2", "$3"));
    let sql = format!("{known}{all} AND (t.created_at, t.id) < ($4, $5) ORDER BY t.created_at DESC, t.id DESC LIMIT $6");
    let within = Within::reading(staff);
    Ok(q!(tx, |c| {
        let query = sqlx::query_as(AssertSqlSafe(sql))
            .bind(tenant.uuid())
            .bind(within.agent.uuid())
            .bind(within.bits)
            .bind(before.0.0)
            .bind(before.1)
            .bind(limit)
            .bind(label.map(LabelId::uuid));
        terms.iter().fold(query, |query, term| query.bind(&term[..])).fetch_all(c).await
    })?)
}

/// A customer of a company; `None` if there is no such customer, or the member may not see the customer.
pub async fn one(tx: &mut Tx, tenant: TenantId, staff: &Staff, id: CustomerId) -> Result<Option<Known>> {
    let within = Within::reading(staff);
    Ok(q!(tx, |c| sqlx::query_as(known!(seen_by!("$2", "$3"), " AND t.id = $4"))
        .bind(tenant.uuid())
        .bind(within.agent.uuid())
        .bind(within.bits)
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?)
}

/// Whether a customer of a company has this term, whoever may see them.
pub async fn has_term(tx: &mut Tx, tenant: TenantId, term: &[u8], besides: Option<CustomerId>) -> Result<bool> {
    let found: Option<(Uuid,)> =
        q!(tx, |c| sqlx::query_as("SELECT customer_id FROM customer_terms WHERE tenant_id = $1 AND term = $2 AND ($3 IS NULL OR customer_id <> $3) LIMIT 1")
            .bind(tenant.uuid())
            .bind(term)
            .bind(besides.map(CustomerId::uuid))
            .fetch_optional(c)
            .await)?;
    Ok(found.is_some())
}

/// What these customers sign in with, sealed, e-mail first.
pub async fn identifiers(tx: &mut Tx, tenant: TenantId, of: &[Uuid]) -> Result<HashMap<Uuid, Vec<Vec<u8>>>> {
    let mut found: HashMap<Uuid, Vec<Vec<u8>>> = HashMap::new();
    for some in of.chunks(AT_ONCE) {
        let sql = format!(
            "SELECT customer_id, sealed FROM customer_identifiers WHERE tenant_id = $1 AND customer_id IN ({}) ORDER BY customer_id, kind",
            places(2, some.len())
        );
        let rows: Vec<(Uuid, Vec<u8>)> = q!(tx, |c| {
            let query = sqlx::query_as(AssertSqlSafe(sql)).bind(tenant.uuid());
            some.iter().fold(query, |query, id| query.bind(*id)).fetch_all(c).await
        })?;
        for (id, sealed) in rows {
            found.entry(id).or_default().push(sealed);
        }
    }
    Ok(found)
}
