//! The statements about customers as the staff know them.

pub mod labels;
pub mod listed;
pub mod merges;
pub mod timeline;

/// Whether a member may see a customer `t` whose merge is `mg`: they read all conversations of the company, may read one of the customer's or added the customer, or
/// that is so of one with whom the customer is merged. One who is being erased is seen by nobody. The member and their reaches are the parameters `$agent` and
/// `$bits` ([`store::reach::Within`]).
macro_rules! seen_by {
    ($agent:literal, $bits:literal) => {
        concat!(
            "((",
            $bits,
            " & 32) <> 0 OR COALESCE(mg.into_id, t.id) IN (SELECT COALESCE(sm.into_id, s.customer_id) FROM (
               SELECT v.customer_id FROM conversations c JOIN customer_visitors v ON v.tenant_id = c.tenant_id AND v.visitor_id = c.visitor_id
               WHERE c.tenant_id = $1 AND c.erasing_at IS NULL AND ",
            store::readable_by!($agent, $bits),
            " UNION SELECT f.customer_id FROM customer_facts f WHERE f.tenant_id = $1 AND f.added_by = ",
            $agent,
            ") s LEFT JOIN customer_merges sm ON sm.tenant_id = $1 AND sm.customer_id = s.customer_id))
             AND NOT EXISTS (SELECT 1 FROM erasures x WHERE x.tenant_id = $1 AND x.state = 'running' AND x.subject = t.id)"
        )
    };
}
pub(crate) use seen_by;

/// The customer `$customer` and those who are merged into that one, as `g.id`: a list to join with, so that what belongs to each is found by its index.
macro_rules! group {
    ($customer:literal) => {
        concat!(
            "(SELECT gt.id FROM customers gt WHERE gt.tenant_id = $1 AND gt.id = ",
            $customer,
            " UNION ALL SELECT gm.customer_id FROM customer_merges gm WHERE gm.tenant_id = $1 AND gm.into_id = ",
            $customer,
            ") g"
        )
    };
}
pub(crate) use group;
