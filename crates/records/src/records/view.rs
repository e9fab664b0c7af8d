//! Records as staff see them.

use db::Tx;
use domain::{conversation::Outcome, entry::EntryKind, id::ConversationId, journal::ActorKind, policy::Staff, time::Ts};
use http_kit::App;
use realtime::view;
use search::{Part, excerpt};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::times::Times;
use wire::conversation::ConversationView;

use crate::table::said::{self, Shown};

/// How much of a line is shown, in characters.
const LINE_CHARS: usize = 160;
/// How many lines are shown before and after the one that was found.
const NEIGHBOURS: i64 = 1;

/// A conversation with how it went; `GET /conversations/{id}` has the rest of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordView {
    /// The conversation.
    #[serde(flatten)]
    pub conversation: ConversationView,
    /// How long people talked and waited in it; `null` if no agent had it.
    #[schema(required)]
    pub times: Option<RecordTimes>,
    /// How its last episode ended; `null` while it goes on.
    #[schema(required, value_type = Option<Outcome>)]
    pub outcome: Option<String>,
    /// The last rating of the episode that was rated last; `null` if none was.
    #[schema(required)]
    pub score: Option<i64>,
    /// The line that was found, with its neighbours; `null` if no words were looked for, or it is gone by now.
    #[schema(required)]
    pub found: Option<FoundLines>,
}

/// The times of a conversation, by the definitions of the indicators of these names, in milliseconds.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct RecordTimes {
    /// The services in it that have ended.
    pub handled: i64,
    /// Their length.
    pub handle_sum: i64,
    /// The time from message to message in them, without long pauses.
    pub talk_sum: i64,
    /// The replies of agents to what the customer said.
    pub reply: i64,
    /// How long the customer waited for a reply, on average; `null` without one.
    #[schema(required)]
    pub reply_mean: Option<i64>,
    /// How long the customer waited for the one that took longest; `null` without one.
    #[schema(required)]
    pub reply_longest: Option<i64>,
}

impl From<Times> for RecordTimes {
    fn from(of: Times) -> Self {
        let Times { services, handle_ms, talk_ms, rounds, reply_ms, reply_longest_ms } = of;
        let any = rounds > 0;
        Self {
            handled: services,
            handle_sum: handle_ms,
            talk_sum: talk_ms,
            reply: rounds,
            reply_mean: any.then(|| reply_ms / rounds.max(1)),
            reply_longest: any.then_some(reply_longest_ms),
        }
    }
}

/// A line that was found, and what was said before and after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundLines {
    /// The line.
    pub line: LineView,
    /// What was said before it, at most one line.
    pub before: Vec<LineView>,
    /// What was said after it, at most one line.
    pub after: Vec<LineView>,
}

/// Something that was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    /// The number of its entry.
    pub seq: i64,
    /// When it was said.
    pub at: Ts,
    /// Who said it.
    #[schema(value_type = ActorKind)]
    pub by: String,
    /// The name of the agent or the bot.
    #[schema(required)]
    pub name: Option<String>,
    /// Whether it is a note of the staff, which customers do not see.
    pub is_note: bool,
    /// Its words, or the part of them around what was looked for.
    pub text: Vec<LinePart>,
}

/// A part of a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinePart {
    /// As it is written.
    pub text: String,
    /// Whether it is what was looked for.
    pub is_found: bool,
}

impl From<Part> for LinePart {
    fn from(Part { text, is_found }: Part) -> Self {
        Self { text, is_found }
    }
}

impl LineView {
    fn of(shown: Shown, typed: &str) -> Option<Self> {
        let text = excerpt(&shown.words()?, typed, LINE_CHARS).into_iter().map(LinePart::from).collect();
        let Shown { seq, at, kind, actor_kind, actor_name, .. } = shown;
        Some(Self { seq, at: Ts(at), by: actor_kind, name: actor_name, is_note: kind == EntryKind::Note.as_str(), text })
    }
}

/// A line that was found with its neighbours; `None` if it is gone by now.
async fn found_lines(tx: &mut Tx, staff: &Staff, id: ConversationId, seq: i64, typed: &str) -> store::Result<Option<FoundLines>> {
    let [until, after] = said::around(tx, staff.tenant, id, seq, NEIGHBOURS + 1).await?;
    let mut until = until.into_iter();
    let Some(line) = until.next().filter(|line| line.seq == seq).and_then(|line| LineView::of(line, typed)) else { return Ok(None) };
    let before = until.filter_map(|line| LineView::of(line, typed)).collect();
    let after = after.into_iter().take(1).filter_map(|line| LineView::of(line, typed)).collect();
    Ok(Some(FoundLines { line, before, after }))
}

/// These conversations, each with the number of the line that was found, if one was. Whoever sees them may read them.
pub async fn records(app: &App, tx: &mut Tx, staff: &Staff, these: &[(ConversationId, Option<i64>)], typed: &str) -> store::Result<Vec<RecordView>> {
    let ids: Vec<ConversationId> = these.iter().map(|(id, _)| *id).collect();
    let times = app.panel().times(staff.tenant, &ids).await?;
    let mut records = Vec::with_capacity(these.len());
    for (id, seq) in these {
        let Some(row) = store_desk::lists::one(tx, staff.tenant, *id).await? else { continue };
        let Some(conversation) = view::rows(tx, &app.vault(), staff, vec![row]).await?.pop() else { continue };
        let episodes = store_desk::lists::episodes(tx, staff.tenant, *id).await?;
        let score = episodes.iter().rev().find_map(|episode| episode.score);
        let outcome = episodes.last().and_then(|episode| episode.outcome.clone());
        let found = match seq {
            Some(seq) => found_lines(tx, staff, *id, *seq, typed).await?,
            None => None,
        };
        records.push(RecordView { conversation, times: times.get(id).copied().map(RecordTimes::from), outcome, score, found });
    }
    Ok(records)
}
