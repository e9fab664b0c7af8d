//! Conversations, the journal and files.

use super::{Bound, Table};

/// The tables, in the order in which rows can be inserted.
pub const TABLES: &[Table] = &[
    Table::of_company("conversations", "tenant_id id", "tenant_id:id id:id site_id:id visitor_id:id state:text epoch:int version:int episode:int queue_id:id agent_id:id lang:text product:text page:text created_at:int queued_at:int assigned_at:int resolved_at:int due_at:int left_at:int channel:text alerted_at:int danger_of:int erasing_at:int paused_at:int called:text units:int offered_to:id offer_until:int about_id:id about_at:int message_offered_at:int returned_at:int"),
    Table::of_company("passed_offers", "tenant_id conversation_id agent_id", "tenant_id:id conversation_id:id agent_id:id at:int").stays("it is forgotten within minutes"),
    Table::of_company("conversation_labels", "tenant_id conversation_id label_id", "tenant_id:id conversation_id:id label_id:id agent_id:id at:int"),
    Table::of_company("mentions", "tenant_id agent_id conversation_id seq", "tenant_id:id agent_id:id conversation_id:id seq:int at:int seen_at:int"),
    Table::of_company("episodes", "tenant_id conversation_id number", "tenant_id:id conversation_id:id number:int began_with:text created_at:int human_requested_at:int accepted_at:int first_human_reply_at:int ended_at:int outcome:text comment:text solved:int agent_id:id score:int offered_at:int"),
    Table::of_company("left_messages", "tenant_id conversation_id episode", "tenant_id:id conversation_id:id episode:int seq:int queue_id:id left_at:int promised_by:int owner_id:id done_at:int done_by:id answered:int contact:bytes"),
    Table::of_company("rating_comments", "tenant_id conversation_id episode", "tenant_id:id conversation_id:id episode:int seq:int rated_at:int owner_id:id done_at:int done_by:id"),
    Table::of_company("hidden_numbers", "tenant_id conversation_id seq", "tenant_id:id conversation_id:id seq:int sealed:bytes"),
    Table::of_company("alerts", "tenant_id subject_kind subject_id kind seq", "tenant_id:id subject_kind:text subject_id:id kind:text seq:int level:text queue_id:id raised_at:int due_at:int done_at:int done_by:id address:text times:int"),
    Table::of_company("interventions", "tenant_id conversation_id agent_id mode", "tenant_id:id conversation_id:id agent_id:id mode:text episode:int from_id:id reason:text began_at:int ended_at:int"),
    Table::of_company("bot_threads", "tenant_id conversation_id", "tenant_id:id conversation_id:id epoch:int episode:int state:text updated_at:int"),
    Table::of_company("unanswered", "tenant_id conversation_id seq", "tenant_id:id conversation_id:id seq:int at:int lang:text state:text entry_id:text reason:text weight:int about:text"),
    Table::of_company("files", "tenant_id id", "tenant_id:id id:id owner_kind:text owner_id:id conversation_id:id name:text mime:text size:int width:int height:int created_at:int is_private:int recalled_at:int"),
    Table::of_company("file_sums", "tenant_id", "tenant_id:id bytes:int"),
    Table::of_company("message_days", "tenant_id day", "tenant_id:id day:int messages:int transaction_id:int pos:int").stays("it counts what was written here"),
    Table::of_company("journal_heads", "tenant_id stream_id", "tenant_id:id stream_id:id kind:text seq:int pseq:int version:int last_at:int from_customer:int from_staff:int waiting_since:int wait_seq:int answer_seq:int"),
    Table::of_company("journal_entries", "pos", "pos:int tenant_id:id stream_id:id seq:int pseq:int kind:text v:int at:int actor_kind:text actor_id:id actor_name:text client_id:id send_hash:int ord:int body_state:text body:text body_key:id staff:text facts:text").bound(&[("body", Bound::Audit)]),
    Table::of_company("journal_marks", "tenant_id stream_id side member_id", "tenant_id:id stream_id:id side:text member_id:id received:int read:int"),
    Table::of_company("journal_refusals", "tenant_id stream_id client_id", "tenant_id:id stream_id:id client_id:id actor_id:id send_hash:int code:text opens_at:int promised_by:int at:int").stays("it answers repeated sends of devices, which start over"),
];
