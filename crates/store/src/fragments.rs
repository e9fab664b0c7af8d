//! Parts of statements that several of them share. They are macros, because `concat!` takes no constants.

/// The states in which a member of the staff serves a conversation.
macro_rules! served_states {
    () => {
        "('active', 'on_hold', 'snoozed')"
    };
}

/// The states in which a conversation is not finished.
macro_rules! open_states {
    () => {
        "('bot', 'queued', 'offered', 'active', 'on_hold', 'snoozed')"
    };
}

/// The queues that a member of the company `$1` serves; the member is the parameter `$agent`.
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

pub(crate) use {open_states, queues_served_by, served_states};

/// [`served_states`], to be compared with the domain's.
pub const SERVED_STATES: &str = served_states!();
/// [`open_states`], to be compared with the domain's.
pub const OPEN_STATES: &str = open_states!();
