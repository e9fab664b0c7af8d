//! What the bot of a company says, and what it learns from.

use super::Table;

/// The tables, in the order in which rows can be inserted.
pub const TABLES: &[Table] = &[
    Table::of_company("knowledge", "tenant_id id", "tenant_id:id id:text position:int document:text"),
    Table::of_company("knowledge_state", "tenant_id", "tenant_id:id revision:int version:int"),
    Table::of_company("knowledge_categories", "tenant_id key", "tenant_id:id key:text name_zh:text name_en:text updated_at:int"),
    Table::of_company(
        "knowledge_drafts",
        "tenant_id id",
        "tenant_id:id id:text position:int document:text removed:int updated_at:int updated_by:id effort:int",
    ),
    Table::of_company(
        "knowledge_versions",
        "tenant_id number",
        "tenant_id:id number:int created_at:int created_by:id note:text reason:text restores:int checked:text entries:int gates:text embedded_with:text",
    ),
    Table::of_company("knowledge_version_entries", "tenant_id number id", "tenant_id:id number:int id:text position:int document:text"),
    Table::of_company("knowledge_tests", "tenant_id id", "tenant_id:id id:id sentence:text lang:text expected:text created_at:int updated_at:int"),
    Table::of_company(
        "knowledge_runs",
        "tenant_id id",
        "tenant_id:id id:id revision:int version:int state:text done:int total:int result:text created_at:int updated_at:int kind:text",
    ),
    Table::of_company("kept_phrasings", "tenant_id entry_id lang phrasing", "tenant_id:id entry_id:text lang:text phrasing:text kept_at:int"),
    Table::of_company("synonyms", "tenant_id id", "tenant_id:id id:id lang:text words:text position:int updated_at:int"),
    Table::of_company("embeddings", "tenant_id model hash", "tenant_id:id model:text hash:bytes vector:bytes"),
    Table::of_company("recommendation_settings", "tenant_id", "tenant_id:id is_on:int off_sites:text updated_at:int"),
    Table::of_company("recommendation_models", "tenant_id", "tenant_id:id version:int due_at:int trained_at:int figures:text model:text"),
    Table::of_company(
        "recommendation_signals",
        "tenant_id visitor_id kind item",
        "tenant_id:id visitor_id:id kind:text item:text at:int looked:int asked:int score:int conversation_id:id",
    ),
];
