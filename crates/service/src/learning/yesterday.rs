//! What a draft would change: the questions that customers asked yesterday, put to the live bot and to the draft. Only where they were asked is stored.

use std::{collections::HashMap, sync::Arc};

use bot::Bot;
use content::knowledge::{Did, RunOf};
use db::Db;
use domain::{
    id::{ConversationId, TenantId},
    masking::anonymous,
    policy::Staff,
    text::{Bilingual, Lang},
    time::Ts,
};
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde::{Deserialize, Serialize};
use store_knowledge::{
    knowledge_runs::Run,
    questions::{self, Asked, Place},
};
use utoipa::ToSchema;

use super::{
    Both, Reaction, both_bots, lang_of, name_of,
    reach::{ENOUGH_PEOPLE, Reach, count_people},
    runs::{self, Progress},
};
use crate::{
    bots::{Bots, Error, reaction},
    hours,
};

/// The most different questions that are tried, starting with the newest.
const MOST: usize = 1_000;
/// The most questions that are listed.
const LISTED: usize = 200;
/// Questions tried before the progress is recorded.
const CHUNK: usize = 100;

/// A question that the draft treats differently, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    conversation: ConversationId,
    seq: i64,
    lang: Lang,
    count: usize,
    /// How many people asked it.
    #[serde(default)]
    people: usize,
    live: Reaction,
    draft: Reaction,
}

/// The result as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    from: Ts,
    asked: usize,
    different: usize,
    shifts: Vec<Shift>,
}

/// What the draft would change about yesterday's questions.
#[derive(Debug, Serialize, ToSchema)]
pub struct YesterdayView {
    /// The latest run; `null` before the first.
    #[schema(required)]
    pub run: Option<Progress>,
    /// The result of the latest run that came to its end.
    #[schema(required)]
    pub result: Option<YesterdayResult>,
    /// Whether that result is about the draft and the version as they are now.
    pub fresh: bool,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct YesterdayResult {
    /// When the day began.
    pub from: Ts,
    /// The number of questions that customers asked the bot on that day; the same question counts each time.
    pub asked: usize,
    /// The number of those that the draft treats differently.
    pub different: usize,
    /// The questions that the draft treats differently, most frequent first, at most 200. One that was taken back since is left out. Agents see those asked in
    /// conversations that they may read, and those that at least three people asked in the same words.
    pub items: Vec<ShiftView>,
}

/// A question that the draft treats differently.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = YesterdayQuestion)]
pub struct ShiftView {
    /// The question, with anything that could identify a person hidden.
    pub question: String,
    /// Its language.
    pub lang: Lang,
    /// How often it was asked.
    pub count: usize,
    /// What the live bot does.
    pub live: NamedReaction,
    /// What the draft would do.
    pub draft: NamedReaction,
}

/// What a bot does, with the name of the entry.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnowledgeNamedReaction)]
pub struct NamedReaction {
    /// What it does: `answered`, `offered`, `no_answer`, `human` or `other`.
    #[schema(value_type = super::ReactionName)]
    pub did: String,
    /// The entry it answers with, or the first it offers.
    #[schema(required)]
    pub entry: Option<String>,
    /// That entry's question, if the entry still exists.
    #[schema(required)]
    pub name: Option<Bilingual>,
}

/// The day before `now` in a time zone: when it began, and when the next one did.
fn day_before(now: Ts, zone: &TimeZone) -> Option<(Ts, Ts)> {
    let today = Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).start_of_day().ok()?;
    let before = today.checked_sub(1.day()).ok()?.start_of_day().ok()?;
    Some((Ts(before.timestamp().as_millisecond()), Ts(today.timestamp().as_millisecond())))
}

/// The same question once, with the conversations in which it was asked, each as often as that; lines about despair or danger are left out.
fn distinct(asked: Vec<Asked>) -> Vec<(Asked, Vec<ConversationId>)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<(Asked, Vec<ConversationId>)> = Vec::new();
    for one in asked {
        if bot::human::may_be_danger(&one.text) {
            continue;
        }
        let at = *places.entry(bot::text::skeleton(&one.text)).or_insert(found.len());
        let (conversation, _) = one.place;
        match found.get_mut(at) {
            Some((_, all)) => all.push(conversation),
            None => found.push((one, vec![conversation])),
        }
    }
    found
}

pub(super) async fn compare(bots: &Bots, db: &Db, tenant: TenantId, run: &mut Run) -> Result<Compared, Error> {
    let zone = hours::zone(db, tenant).await?;
    let (from, until) = day_before(run.created_at, &zone).ok_or(Error::Training)?;
    let (Both { state, live, draft }, mut tx) = both_bots(bots, db, tenant).await?;
    let mut asked = distinct(questions::asked_bot(&mut tx, tenant, from, until).await?);
    asked.truncate(MOST);
    let conversations: Vec<Vec<ConversationId>> = asked.iter().map(|(_, conversations)| conversations.clone()).collect();
    let people = count_people(&mut tx, tenant, &conversations).await?;
    drop(tx);
    let asked: Vec<(Asked, usize, usize)> = asked.into_iter().zip(people).map(|((one, all), people)| (one, all.len(), people)).collect();
    (run.revision, run.version, run.total) = (state.revision, state.version, asked.len() as i64);
    let mut result = Compared { from, asked: asked.iter().map(|(_, count, _)| count).sum(), different: 0, shifts: Vec::new() };
    for chunk in asked.chunks(CHUNK) {
        let (chunk, live, draft, stop) = (chunk.to_vec(), live.clone(), draft.clone(), bots.until_the_end());
        run.done += chunk.len() as i64;
        let one = move |(one, count, people): &(Asked, usize, usize)| stop.look().map(|()| shift(&live, &draft, one, (*count, *people))).transpose();
        let shifts = crate::aside::compute(move || chunk.iter().filter_map(one).collect::<Result<Vec<_>, _>>());
        let shifts = shifts.await.ok_or(Error::Training)??;
        result.different += shifts.iter().map(|shift| shift.count).sum::<usize>();
        result.shifts.extend(shifts);
        if run.done < run.total {
            runs::note(db, tenant, run.clone()).await?;
        }
    }
    result.shifts.sort_by_key(|shift| std::cmp::Reverse(shift.count));
    result.shifts.truncate(LISTED);
    Ok(result)
}

fn shift(live: &Arc<Bot>, draft: &Arc<Bot>, asked: &Asked, (count, people): (usize, usize)) -> Option<Shift> {
    let (before, after) = (reaction(live, &asked.text, asked.lang), reaction(draft, &asked.text, asked.lang));
    let is_same = match (&before, &after) {
        // The same entries in a different order are the same offer.
        (Did::Offered(before), Did::Offered(after)) => before.len() == after.len() && before.iter().all(|id| after.contains(id)),
        _ => before == after,
    };
    let (conversation, seq) = asked.place;
    (!is_same).then(|| Shift { conversation, seq, lang: asked.lang, count, people, live: (&before).into(), draft: (&after).into() })
}

/// The latest run and its result; of the questions, those that a member may know.
///
/// # Errors
/// If the store cannot be read, or the draft's bot cannot be trained.
pub async fn view(bots: &Bots, db: &Db, reader: &Staff) -> Result<YesterdayView, Error> {
    let tenant = reader.tenant;
    let mut tx = db.read_of(tenant).await.map_err(store::Error::from)?;
    let latest = store_knowledge::knowledge_runs::latest(&mut tx, tenant, RunOf::Yesterday).await?;
    let done = store_knowledge::knowledge_runs::latest_done(&mut tx, tenant, RunOf::Yesterday).await?;
    let state = store_knowledge::knowledge_drafts::state(&mut tx, tenant).await?;
    let fresh = done.as_ref().is_some_and(|run| (run.revision, run.version) == (state.revision, state.version));
    let mut compared: Option<Compared> = done.and_then(|run| run.result).as_deref().map(runs::read).transpose()?;
    if let Some(Compared { shifts, .. }) = &mut compared {
        let reach = Reach::of(&mut tx, reader, shifts.iter().map(|shift| shift.conversation)).await?;
        shifts.retain(|shift| shift.people >= ENOUGH_PEOPLE || reach.may_read(shift.conversation));
    }
    let places: Vec<Place> = compared.iter().flat_map(|compared| &compared.shifts).map(|shift| (shift.conversation, shift.seq)).collect();
    let texts = questions::texts(&mut tx, tenant, &places).await?;
    drop(tx);
    let run = latest.map(|run| Progress::of(&run, db.now()));
    let Some(Compared { from, asked, different, shifts }) = compared else { return Ok(YesterdayView { run, result: None, fresh }) };
    let (draft, live) = (bots.some_draft_of(db, tenant).await?, bots.of(db, tenant).await?);
    let named = |Reaction { did, entry }: Reaction| {
        let name = entry.as_deref().and_then(|id| name_of(&draft, id).or_else(|| name_of(&live, id)));
        NamedReaction { did, entry, name }
    };
    let item = |shift: Shift| {
        let text = texts.get(&(shift.conversation, shift.seq))?;
        let (live, draft) = (named(shift.live), named(shift.draft));
        Some(ShiftView { question: anonymous(text.trim()), lang: lang_of(text, shift.lang), count: shift.count, live, draft })
    };
    let items = shifts.into_iter().filter_map(item).collect();
    Ok(YesterdayView { run, result: Some(YesterdayResult { from, asked, different, items }), fresh })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn yesterday_is_the_companys_own() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        // 2026-11-24 01:30 in Shanghai is still the 23rd in London.
        let now = Ts(1_795_455_000_000);
        let (from, until) = day_before(now, &zone).unwrap();
        assert_eq!(until.since(from), 24 * 3_600_000);
        assert_eq!(now.since(until), 90 * 60_000);
        let (_, until) = day_before(now, &TimeZone::UTC).unwrap();
        assert_eq!(now.since(until), 17 * 3_600_000 + 30 * 60_000);
    }

    #[test]
    fn the_same_question_is_tried_once_and_cries_for_help_never() {
        let asked = |seq, text: &str| Asked { place: (ConversationId::new(Uuid::nil()), seq), lang: Lang::Zh, text: text.to_owned() };
        let found = distinct(vec![asked(1, "怎么换卡"), asked(2, "我不想活了"), asked(3, "怎么换卡？"), asked(4, "查话费")]);
        let found: Vec<(&str, usize)> = found.iter().map(|(one, all)| (one.text.as_str(), all.len())).collect();
        assert_eq!(found, [("怎么换卡", 2), ("查话费", 1)]);
    }
}
