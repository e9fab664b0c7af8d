//! The customers of a company: those with an account, and visitors.

use super::{Bound, Purpose, Table};

/// The tables, in the order in which rows can be inserted.
pub const TABLES: &[Table] = &[
    Table::of_company("customers", "tenant_id id", "tenant_id:id id:id name:bytes lang:text password_hash:text created_at:int updated_at:int")
        .bound(&[("name", Bound::Sealed(Purpose::CustomerName))]),
    Table::of_company("customer_identifiers", "tenant_id lookup", "tenant_id:id lookup:bytes customer_id:id kind:text sealed:bytes verified_at:int")
        .bound(&[("lookup", Bound::DigestOf("sealed")), ("sealed", Bound::Sealed(Purpose::CustomerIdentifier))]),
    Table::of_company("signed_customers", "tenant_id site_id lookup", "tenant_id:id site_id:id lookup:bytes customer_id:id sealed:bytes signed_at:int")
        .bound(&[("lookup", Bound::DigestOf("sealed")), ("sealed", Bound::Sealed(Purpose::SaidBySite))]),
    Table::of_company("customer_facts", "tenant_id customer_id", "tenant_id:id customer_id:id sealed:bytes added_by:id")
        .bound(&[("sealed", Bound::Sealed(Purpose::FactsOfCustomer))]),
    Table::of_company("customer_labels", "tenant_id customer_id label_id", "tenant_id:id customer_id:id label_id:id agent_id:id at:int"),
    Table::of_company("customer_merges", "tenant_id customer_id", "tenant_id:id customer_id:id into_id:id merged_at:int merged_by:id"),
    Table::of_company("customer_terms", "tenant_id term customer_id", "tenant_id:id term:bytes customer_id:id").stays("it is derived again"),
    Table::of_company("customers_with_terms", "tenant_id customer_id", "tenant_id:id customer_id:id form:int").stays("it is derived again"),
    Table::of_company(
        "customer_sessions",
        "token_hash",
        "token_hash:bytes id:id tenant_id:id customer_id:id user_agent:text created_at:int last_seen_at:int expires_at:int signed_site:id signed_by:text",
    )
    .stays("everybody signs in again"),
    Table::of_company(
        "customer_codes",
        "handle_hash",
        "handle_hash:bytes tenant_id:id purpose:text customer_id:id code_hash:bytes payload:bytes tries:int created_at:int expires_at:int spent_at:int",
    )
    .stays("a code is valid here only"),
    Table::of_company("customer_tickets", "ticket_hash", "ticket_hash:bytes tenant_id:id customer_id:id session_id:id expires_at:int spent_at:int")
        .stays("a ticket is valid for a minute"),
    Table::of_company("spent_identities", "tenant_id site_id token_hash", "tenant_id:id site_id:id token_hash:bytes expires_at:int")
        .stays("it is remembered until the token expires"),
    Table::of_company("text_messages", "tenant_id day prefix", "tenant_id:id day:int prefix:text sent:int").stays("it counts what was sent from here"),
    Table::of_company("visitors", "tenant_id id", "tenant_id:id id:id site_id:id lang:text first_seen_at:int last_seen_at:int network:bytes")
        .bound(&[("network", Bound::Digest)]),
    Table::of_company("customer_visitors", "tenant_id customer_id site_id", "tenant_id:id customer_id:id site_id:id visitor_id:id"),
    Table::of_company(
        "consents",
        "tenant_id subject_id purpose at",
        "tenant_id:id subject_id:id purpose:text at:int granted:int wording:int place:text is_current:int relied_at:int",
    ),
    Table::of_company("visitor_blocks", "tenant_id visitor_id", "tenant_id:id visitor_id:id conversation_id:id reason:text agent_id:id at:int until:int"),
    Table::of_company("visitor_moves", "tenant_id visitor_id", "tenant_id:id visitor_id:id into_id:id site_id:id begun_at:int"),
    Table::of_company("visitor_devices", "secret_hash", "secret_hash:bytes tenant_id:id visitor_id:id expires_at:int replaced_at:int customer_session_id:id")
        .stays("a device is known by a secret that opens here only"),
    Table::of_company("visitor_tokens", "token_hash", "token_hash:bytes tenant_id:id visitor_id:id site_id:id expires_at:int customer_session_id:id")
        .stays("a token is valid here only"),
];
