//! What goes out to other systems, and work that waits.

use super::{Bound, Purpose, Table};

/// The tables, in the order in which rows can be inserted.
pub const TABLES: &[Table] = &[
    Table::of_company("webhooks", "tenant_id id", "tenant_id:id id:id url:text description:text events:text bodies:int state:text secret:bytes old_secret:bytes old_secret_until:int since:int created_at:int updated_at:int lease_node:id lease_until:int").bound(&[("secret", Bound::Sealed(Purpose::Webhook)), ("old_secret", Bound::Sealed(Purpose::Webhook))]),
    Table::of_company("webhook_deliveries", "tenant_id id", "tenant_id:id id:id webhook_id:id stream_id:id seq:int kind:text state:text attempts:int attempts_before:int first_at:int due_at:int last_code:text ended_at:int created_at:int"),
    Table::of_company("webhook_attempts", "tenant_id delivery_id number", "tenant_id:id delivery_id:id number:int at:int duration_ms:int status:int code:text excerpt:text"),
    Table::of_company("webhook_streams", "tenant_id stream_id", "tenant_id:id stream_id:id seq:int"),
    Table::of_company("job_turns", "tenant_id kind", "tenant_id:id kind:text turn:int").stays("it is whose turn it is here"),
    Table::of_company("request_keys", "tenant_id actor_id operation key", "tenant_id:id actor_id:id operation:text key:text fingerprint:bytes status:int body:bytes expires_at:int").stays("it answers repeated requests of programs that asked here"),
    Table::of_company("jobs", "tenant_id id", "tenant_id:id id:id kind:text lane:bytes payload:bytes state:text attempts:int created_at:int due_at:int lease_node:id lease_until:int last_code:text died_at:int").stays("letters that wait are sent from here, or not at all"),
];
