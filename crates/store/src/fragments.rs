//! Parts of statements that several of them share. They are macros, because `concat!` takes no constants.

/// The states in which a member of the staff serves a conversation.
#[macro_export]
macro_rules! served_states {
    () => {
        "('active', 'on_hold', 'snoozed')"
    };
}

/// The states in which a customer waits for a member of the staff.
#[macro_export]
macro_rules! waiting_states {
    () => {
        "('queued', 'offered')"
    };
}

/// The kinds of alerts about customers who wait too long.
#[macro_export]
macro_rules! alerts_of_waiting {
    () => {
        "('slow_reply', 'long_wait')"
    };
}

/// The states in which a conversation is not finished.
#[macro_export]
macro_rules! open_states {
    () => {
        "('bot', 'queued', 'offered', 'active', 'on_hold', 'snoozed')"
    };
}

/// Whether the company in this column is here to be served: it is neither arriving nor being erased.
#[macro_export]
macro_rules! is_here {
    ($column:literal) => {
        concat!("NOT EXISTS (SELECT 1 FROM transfers tr WHERE tr.company_id = ", $column, ")")
    };
}

/// Whether letters of the company in this column go out: it [is here](is_here), and not suspended.
#[macro_export]
macro_rules! is_sending {
    ($column:literal) => {
        concat!($crate::is_here!($column), " AND EXISTS (SELECT 1 FROM tenants st WHERE st.id = ", $column, " AND st.suspended_at IS NULL)")
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
    ($($department:literal)+) => {
        concat!(
            "(WITH RECURSIVE below (id) AS (
               SELECT d.id FROM departments d WHERE d.tenant_id = $1 AND d.id = ",
            $($department,)+
            " UNION SELECT d.id FROM departments d JOIN below b ON d.parent_id = b.id WHERE d.tenant_id = $1)
             SELECT b.id FROM below b)"
        )
    };
}

/// Whether the agent of a conversation `c`, or who was it last, is within the reaches of a member: themselves, of their group, of their department or of one below
/// it; or the member reaches everything. The member and their reaches are the parameters `$agent` and `$bits` ([`crate::reach::Within`]). The policy says the same
/// (`domain::policy::Staff::reaches_member`).
#[macro_export]
macro_rules! agent_within {
    ($agent:literal, $bits:literal) => {
        concat!(
            "((",
            $bits,
            " & 32) <> 0 OR (",
            $bits,
            " & 1) <> 0 AND c.agent_id = ",
            $agent,
            " OR (",
            $bits,
            " & 8) <> 0 AND c.agent_id IN (SELECT g.id FROM agents g
                 JOIN agents o ON o.tenant_id = g.tenant_id AND o.group_id = g.group_id WHERE g.tenant_id = $1 AND o.id = ",
            $agent,
            ") OR (",
            $bits,
            " & 16) <> 0 AND c.agent_id IN (SELECT g.id FROM agents g WHERE g.tenant_id = $1 AND g.department_id IN ",
            $crate::under!("(SELECT o.department_id FROM agents o WHERE o.tenant_id = $1 AND o.id = " $agent ")"),
            "))"
        )
    };
}

/// Whether a member who serves conversations may read a conversation `c`: its agent is within their reaches, it waits in their queues or in none as far as they
/// reach that, or somebody in it may be in danger. The policy says the same (`domain::policy::may_read_where_it_stands`); the parameters are those of
/// [`agent_within`].
#[macro_export]
macro_rules! readable_by {
    ($agent:literal, $bits:literal) => {
        concat!(
            "(c.alerted_at IS NOT NULL OR ",
            $crate::agent_within!($agent, $bits),
            " OR (",
            $bits,
            " & 4) <> 0 AND (c.left_at IS NOT NULL OR c.agent_id IS NULL AND c.state IN ",
            $crate::waiting_states!(),
            ") AND (c.queue_id IS NULL OR c.queue_id IN ",
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

/// The columns of a company's use; the day is the parameter `$day`, and the company is `t`.
#[macro_export]
macro_rules! use_columns {
    ($day:literal) => {
        concat!(
            "t.seat_limit, t.site_limit, t.daily_message_limit, t.daily_text_limit, t.storage_limit,
             (SELECT COUNT(*) FROM agents a WHERE a.tenant_id = t.id AND a.disabled_at IS NULL AND a.is_program = 0) AS seats,
             (SELECT COUNT(*) FROM sites s WHERE s.tenant_id = t.id) AS sites,
             COALESCE((SELECT d.messages FROM message_days d WHERE d.tenant_id = t.id AND d.day = ",
            $day,
            "), 0) AS messages,
             COALESCE((SELECT m.sent FROM text_messages m WHERE m.tenant_id = t.id AND m.prefix = '' AND m.day = ",
            $day,
            "), 0) AS texts,
             COALESCE((SELECT f.bytes FROM file_sums f WHERE f.tenant_id = t.id), 0) AS storage"
        )
    };
}

pub use crate::{
    account_columns, account_joins, agent_within, alerts_of_waiting, is_here, is_sending, open_states, queues_served_by, readable_by, served_states, under,
    use_columns, waiting_states,
};

/// [`served_states`], to be compared with the domain's.
pub const SERVED_STATES: &str = served_states!();
/// [`alerts_of_waiting`], to be compared with the domain's.
pub const ALERTS_OF_WAITING: &str = alerts_of_waiting!();
/// [`waiting_states`], to be compared with the domain's.
pub const WAITING_STATES: &str = waiting_states!();
/// [`open_states`], to be compared with the domain's.
pub const OPEN_STATES: &str = open_states!();
