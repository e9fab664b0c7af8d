//! The statements about customers as the staff know them.

pub mod listed;
pub mod timeline;

/// Whether a member may see a customer `t`: they read all conversations of the company, may read one of the customer's, or added the customer. The member and their
/// reaches are the parameters `$agent` and `$bits` ([`store::reach::Within`]).
macro_rules! seen_by {
    ($agent:literal, $bits:literal) => {
        concat!(
            "((",
            $bits,
            " & 32) <> 0 OR EXISTS (SELECT 1 FROM customer_visitors v JOIN conversations c ON c.tenant_id = v.tenant_id AND c.visitor_id = v.visitor_id
               WHERE v.tenant_id = $1 AND v.customer_id = t.id AND c.erasing_at IS NULL AND ",
            store::readable_by!($agent, $bits),
            ") OR EXISTS (SELECT 1 FROM customer_facts f WHERE f.tenant_id = $1 AND f.customer_id = t.id AND f.added_by = ",
            $agent,
            "))"
        )
    };
}
pub(crate) use seen_by;
