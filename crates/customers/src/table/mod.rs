//! The statements about customers as the staff know them.

pub mod listed;
pub mod timeline;

/// Whether a member may see a customer `t`: they read all conversations of the company, may read one of the customer's, or added the customer. One who is being
/// erased is seen by nobody. The member and their reaches are the parameters `$agent` and `$bits` ([`store::reach::Within`]).
macro_rules! seen_by {
    ($agent:literal, $bits:literal) => {
        concat!(
            "((",
            $bits,
            " & 32) <> 0 OR t.id IN (SELECT v.customer_id FROM conversations c JOIN customer_visitors v ON v.tenant_id = c.tenant_id AND v.visitor_id = c.visitor_id
               WHERE c.tenant_id = $1 AND c.erasing_at IS NULL AND ",
            store::readable_by!($agent, $bits),
            " UNION SELECT f.customer_id FROM customer_facts f WHERE f.tenant_id = $1 AND f.added_by = ",
            $agent,
            ")) AND NOT EXISTS (SELECT 1 FROM erasures x WHERE x.tenant_id = $1 AND x.state = 'running' AND x.subject = t.id)"
        )
    };
}
pub(crate) use seen_by;
