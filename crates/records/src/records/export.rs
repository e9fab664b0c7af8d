//! `GET /api/v1/records/export.csv` and `GET /api/v1/records/export.ndjson`

use std::collections::VecDeque;

use axum::{
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use db::journal;
use domain::{
    api_token::Credential,
    contact,
    entry::{Body as EntryBody, EntryKind},
    id::ConversationId,
    journal::{ActorKind, StoredEntry, View, Words},
    policy::{self, Permission, Staff},
    refusal::{Code, Refusal},
    stream::{StreamKind, StreamName},
    time::Ts,
};
use futures_util::{Stream, stream};
use http_kit::{
    App,
    auth::actor::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use jiff::{Timestamp, tz::TimeZone};
use search::Hit;
use serde::Serialize;
use serde_json::value::RawValue;
use tables::write::{BYTE_ORDER_MARK, row};
use uuid::Uuid;
use wire::encode::{self, Reader};

use super::{
    list::{began, hits},
    permit,
    query::{After, Asked, ListRecords},
    view::{RecordView, records},
};
use crate::{
    lines::Own,
    table::{
        found::{self, Filter},
        said,
    },
};

/// Conversations that are looked for at a time.
const AT_ONCE: usize = 200;
/// Entries read at a time.
const ENTRIES_AT_ONCE: i64 = 500;

/// The columns of the table: of the conversation, and of the line. Times are in the company's time zone, durations in seconds.
const COLUMNS: [&str; 18] = [
    "conversation",
    "customer",
    "channel",
    "queue",
    "agent",
    "state",
    "outcome",
    "opened",
    "resolved",
    "talk_seconds",
    "mean_reply_seconds",
    "longest_reply_seconds",
    "rating",
    "line",
    "said",
    "by",
    "name",
    "text",
];
/// How many of them are of the conversation.
const OF_CONVERSATION: usize = 13;

/// A conversation as it is exported for programs.
#[derive(Debug, Serialize)]
struct ExportedRecord {
    /// How it went.
    #[serde(flatten)]
    record: RecordView,
    /// Everything that happened in it, in order.
    entries: Vec<Box<RawValue>>,
}

/// Exports conversations as a table: UTF-8 with a byte order mark, a row for each line that was said, conversation after conversation, in the order of the list.
///
/// Only what the caller may read is in it, and as they see it. What is said meanwhile may be missing. The export is noted in the audit.
#[utoipa::path(get, path = "/records/export.csv", tag = "records", security(("staff" = [])), params(ListRecords),
    responses((status = 200, description = "A row for each line", body = String, content_type = "text/csv"), Problems))]
pub async fn export_records_as_table(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListRecords>) -> Result<Response, Problem> {
    let pieces = Export::begin(app, actor, query, Form::Table).await?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"records.csv\"")], pieces).into_response())
}

/// Exports conversations for programs: a line of JSON for each, in the order of the list: its `RecordView`, and in `entries` everything that happened in it.
///
/// Only what the caller may read is in it, and as they see it. What is said meanwhile may be missing. The export is noted in the audit.
#[utoipa::path(get, path = "/records/export.ndjson", tag = "records", security(("staff" = [])), params(ListRecords),
    responses((status = 200, description = "A line for each conversation", body = String, content_type = "application/x-ndjson"), Problems))]
pub async fn export_records_for_programs(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListRecords>) -> Result<Response, Problem> {
    let pieces = Export::begin(app, actor, query, Form::Lines).await?;
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson"), (header::CONTENT_DISPOSITION, "attachment; filename=\"records.ndjson\"")], pieces).into_response())
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Table,
    Lines,
}

/// The state of a download: however much is found, one conversation is in memory.
struct Export {
    app: App,
    staff: Staff,
    zone: TimeZone,
    form: Form,
    credential: Credential,
    filter: Filter,
    /// What stands in front of the first conversation, until it is written.
    head: Option<String>,
    found: VecDeque<ConversationId>,
    rest: Rest,
}

/// Where conversations are looked for that are not found yet.
enum Rest {
    /// Among those in which the words were said. They are looked for once: what is said meanwhile moves none of them.
    Said(VecDeque<Hit>),
    /// Among those that began before a place.
    Began(Option<After>),
    /// Nowhere: there are no more.
    Nothing,
}

impl Export {
    async fn begin(app: App, actor: StaffActor, query: ListRecords, form: Form) -> Result<Body, Problem> {
        permit(&actor)?;
        let permitted = actor.require(Permission::ExportRecords)?;
        let Asked { words, filter, after } = query.check(&app, actor.tenant()).await?;
        if !words.is_empty() && !Own::of(&app).is_complete() {
            let why = "what was said is still being indexed: try again once `index.is_complete` of the list is true";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Busy, why));
        }
        let zone = service::hours::zone(app.db(), actor.tenant()).await?;
        let rest = if words.is_empty() { Rest::Began(after) } else { Rest::Said(hits(&app, actor.tenant(), words, after).await?.into()) };
        permitted.note(&app).await?;
        let head = match form {
            Form::Table => Some(format!("{BYTE_ORDER_MARK}{}", row(COLUMNS.map(str::to_owned)))),
            Form::Lines => None,
        };
        let StaffActor { staff, credential, .. } = actor;
        Ok(Body::from_stream(Self { app, staff, zone, form, credential, filter, head, found: VecDeque::new(), rest }.pieces()))
    }

    fn pieces(self) -> impl Stream<Item = store::Result<String>> + Send {
        stream::unfold(Some(self), |export| async move {
            let mut export = export?;
            match export.next().await {
                Ok(Some(text)) => Some((Ok(text), Some(export))),
                Ok(None) => None,
                // The file is cut off, and the browser says so.
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    async fn next(&mut self) -> store::Result<Option<String>> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        loop {
            match self.found.pop_front() {
                Some(id) => {
                    if let Some(text) = self.conversation(id).await? {
                        return Ok(Some(text));
                    }
                }
                None if matches!(self.rest, Rest::Nothing) => return Ok(None),
                None => self.look().await?,
            }
        }
    }

    async fn look(&mut self) -> store::Result<()> {
        self.check().await?;
        let (found, rest) = match std::mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Nothing => (VecDeque::new(), Rest::Nothing),
            Rest::Began(after) => {
                let (found, next) = began(&self.app, &self.staff, &self.filter, after, AT_ONCE).await?;
                (found.into_iter().map(|(id, _)| id).collect(), next.map_or(Rest::Nothing, |next| Rest::Began(Some(next))))
            }
            Rest::Said(mut hits) => {
                let some: Vec<Uuid> = hits.drain(..hits.len().min(AT_ONCE)).map(|hit| hit.conversation).collect();
                let mut tx = self.app.db().read_of(self.staff.tenant).await?;
                let matches = found::among(&mut tx, self.staff.tenant, &self.staff, &self.filter, &some).await?;
                let found = some.into_iter().map(ConversationId::new).filter(|id| matches.iter().any(|one| one.id == *id)).collect();
                (found, if hits.is_empty() { Rest::Nothing } else { Rest::Said(hits) })
            }
        };
        (self.found, self.rest) = (found, rest);
        Ok(())
    }

    /// Whoever has been signed out in the meantime, or may do less by now, reads no further.
    async fn check(&self) -> store::Result<()> {
        let (tenant, mut tx) = (self.staff.tenant, self.app.db().read_of(self.staff.tenant).await?);
        if let Some(code) = store::api_tokens::end_of(&mut tx, tenant, self.credential).await? {
            return Err(Refusal::new(code).into());
        }
        let has_changed = self.credential.session().is_some() && store::staff::get(&mut tx, tenant, self.staff.agent).await?.grants() != self.staff.grants;
        if has_changed { Err(Refusal::new(Code::NotPermitted).into()) } else { Ok(()) }
    }

    /// A conversation as it is written; `None` if it is gone by now, or theirs to read no more.
    async fn conversation(&self, id: ConversationId) -> store::Result<Option<String>> {
        let mut tx = self.app.db().snapshot_of(self.staff.tenant).await?;
        let may_read = store::conversations::find(&mut tx, self.staff.tenant, id).await?.is_some_and(|found| policy::may_read(&self.staff, &found));
        if !may_read {
            return Ok(None);
        }
        let Some(record) = records(&self.app, &mut tx, &self.staff, &[(id, None)], "").await?.pop() else { return Ok(None) };
        let stream = StreamName { kind: StreamKind::Conversation, id: id.uuid() };
        let (mut entries, mut after) = (Vec::new(), 0);
        loop {
            let page = journal::page(&mut tx, self.staff.tenant, stream, View::Staff, after, ENTRIES_AT_ONCE).await?;
            let is_last = (page.len() as i64) < ENTRIES_AT_ONCE;
            after = page.last().map_or(after, |entry| entry.seq);
            entries.extend(page);
            if is_last {
                break;
            }
        }
        match self.form {
            Form::Table => Ok(Some(self.rows(&record, &entries))),
            Form::Lines => self.line(record, &entries).map(Some),
        }
    }

    fn line(&self, record: RecordView, entries: &[StoredEntry]) -> store::Result<String> {
        let reader = Reader::Staff(self.staff.grants.hidden_contacts());
        let corrupt = |error: serde_json::Error| store::Error::Db(db::Error::Corrupt(error.to_string()));
        let entries =
            entries.iter().filter_map(|stored| encode::entry(stored, reader)).map(RawValue::from_string).collect::<Result<_, _>>().map_err(corrupt)?;
        Ok(serde_json::to_string(&ExportedRecord { record, entries }).map_err(corrupt)? + "\n")
    }

    fn rows(&self, record: &RecordView, entries: &[StoredEntry]) -> String {
        let of = self.of_conversation(record);
        let lines: Vec<[String; COLUMNS.len() - OF_CONVERSATION]> = entries.iter().filter_map(|stored| self.said(record, stored)).collect();
        // A conversation in which nothing was said is one all the same.
        let lines = if lines.is_empty() { vec![Default::default()] } else { lines };
        lines.into_iter().map(|line| row(of.iter().cloned().chain(line))).collect()
    }

    fn of_conversation(&self, record: &RecordView) -> [String; OF_CONVERSATION] {
        let RecordView { conversation, times, score, outcome, .. } = record;
        let seconds = |ms: Option<i64>| ms.map(|ms| format!("{}.{:03}", ms / 1000, ms % 1000)).unwrap_or_default();
        [
            conversation.id.to_string(),
            conversation.customer.name.clone(),
            conversation.channel.clone(),
            conversation.queue.as_ref().map(|queue| queue.name.get(conversation.lang).to_owned()).unwrap_or_default(),
            conversation.agent.as_ref().map(|agent| agent.name.clone()).unwrap_or_default(),
            conversation.state.clone(),
            outcome.clone().unwrap_or_default(),
            self.time(conversation.created_at),
            conversation.resolved_at.map(|at| self.time(at)).unwrap_or_default(),
            seconds(times.map(|times| times.talk_sum)),
            seconds(times.and_then(|times| times.reply_mean)),
            seconds(times.and_then(|times| times.reply_longest)),
            score.map(|score| score.to_string()).unwrap_or_default(),
        ]
    }

    /// A line that was said; `None` of an entry without words.
    fn said(&self, record: &RecordView, stored: &StoredEntry) -> Option<[String; COLUMNS.len() - OF_CONVERSATION]> {
        let (entry, kind) = (&stored.entry, EntryKind::parse(&stored.kind)?);
        let Words::Plain(body) = &entry.body else { return None };
        let seen = contact::seen_body(body, self.staff.grants.hidden_contacts());
        let text = said::words(&EntryBody::read(kind, seen.as_ref().unwrap_or(body), None).ok()?)?;
        let by = if kind == EntryKind::Note { "note" } else { entry.actor.kind.as_str() };
        let name = if entry.actor.kind == ActorKind::Customer { Some(record.conversation.customer.name.clone()) } else { entry.actor.name.clone() };
        Some([stored.seq.to_string(), self.time(stored.at), by.to_owned(), name.unwrap_or_default(), text])
    }

    /// A time as programs for tables and people read it, with the offset of the company's time zone.
    fn time(&self, at: Ts) -> String {
        Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
    }
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn only_who_has_the_right_exports_and_a_filter_that_is_none_says_what_is_wrong() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        for path in ["/api/v1/records/export.csv", "/api/v1/records/export.ndjson"] {
            ada.get(path).await.problem(403, "not_permitted");
            app.get(path).await.problem(401, "not_signed_in");
            mira.get(&format!("{path}?from=yesterday")).await.problem_at(422, "invalid_value", "from");
            mira.get(&format!("{path}?format=xml")).await.problem_at(422, "unknown_field", "format");
        }
    }
}
