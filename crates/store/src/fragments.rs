//! Parts of statements that several of them share. They are macros, because `concat!` takes no constants.

/// The states in which a member of the staff serves a conversation.
#[macro_export]
macro_rules! served_states {
    () => {
        "('active', 'on_hold', 'snoozed')"
    };
}

/// The states in which a conversation is not finished.
#[macro_export]
macro_rules! open_states {
    () => {
        "('bot', 'queued', 'offered', 'active', 'on_hold', 'snoozed')"
    };
}

/// The queues that a member of the company `$1` serves; the member is the parameter `$agent`.
#[macro_export]
macro_rules! queues_served_by {
    ($agent:literal) => {
        concat!(
            "(SELECT q.id FROM queues q WHERE q.tenant_id = $1 AND (q.everybody = 1
                OR EXISTS (SELECT 1 FROM queue_members m WHERE m.tenant_id = $1 AND m.queue_id = q.id AND m.agent_id = ",
            $agent,
            ")))"
        )
    };
}

/// A department of the company `$1` and everything below it; the department is the parameter `$department`.
#[macro_export]
macro_rules! under {
    ($department:literal) => {
        concat!(
            "(WITH RECURSIVE below (id) AS (
               SELECT d.id FROM departments d WHERE d.tenant_id = $1 AND d.id = ",
            $department,
            " UNION SELECT d.id FROM departments d JOIN below b ON d.parent_id = b.id WHERE d.tenant_id = $1)
             SELECT b.id FROM below b)"
        )
    };
}

/// Whether a member who reaches what is their own and what waits in their queues may read a conversation `c`: the member serves it or served it last, it waits in
/// such a queue or in none, or somebody in it may be in danger. The policy says the same (`domain::policy::may_read_where_it_stands`); the member is the parameter `$agent`.
#[macro_export]
macro_rules! readable_by {
    ($agent:literal) => {
        concat!(
            "(c.alerted_at IS NOT NULL OR c.agent_id = ",
            $agent,
            " OR (c.left_at IS NOT NULL OR c.agent_id IS NULL AND c.state = 'queued') AND (c.queue_id IS NULL OR c.queue_id IN ",
            $crate::queues_served_by!($agent),
            "))"
        )
    };
}

/// The columns for the account of a conversation `c`'s visitor: its id, its name, what it signs in with, the mobile number before the e-mail address, and what
/// its site says of it.
#[macro_export]
macro_rules! account_columns {
    () => {
        "cv.customer_id, cu.name AS customer_name,
               (SELECT ci.sealed FROM customer_identifiers ci WHERE ci.tenant_id = cv.tenant_id AND ci.customer_id = cv.customer_id
                  ORDER BY ci.kind DESC LIMIT 1) AS customer_identifier,
               sg.sealed AS customer_signed"
    };
}

/// The tables that [`account_columns`] reads.
#[macro_export]
macro_rules! account_joins {
    () => {
        "LEFT JOIN customer_visitors cv ON cv.tenant_id = c.tenant_id AND cv.visitor_id = c.visitor_id
             LEFT JOIN customers cu ON cu.tenant_id = cv.tenant_id AND cu.id = cv.customer_id
             LEFT JOIN signed_customers sg ON sg.tenant_id = cv.tenant_id AND sg.customer_id = cv.customer_id"
    };
}

pub use crate::{account_columns, account_joins, open_states, queues_served_by, readable_by, served_states, under};

/// [`served_states`], to be compared with the domain's.
pub const SERVED_STATES: &str = served_states!();
/// [`open_states`], to be compared with the domain's.
pub const OPEN_STATES: &str = open_states!();
