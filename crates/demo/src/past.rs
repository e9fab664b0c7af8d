//! Tells the conversations of many days in the order of time, and writes them a few at a time.
//!
//! However long the past is, no more is in memory than the conversations that have begun and not ended.

use std::collections::BTreeMap;

use db::{Db, Shard, Tx, journal};
use domain::{
    consent::{Answer, AnsweredIn, Purpose, WORDING},
    entry::{Body, EntryKind, Fact, body, fact::Worked},
    id::{SiteId, TenantId, VisitorId},
    journal::{Actor, Head, NewEntry, StoredEntry},
    refusal::Refusal,
    stream::{StreamKind, StreamName},
    text::Lang,
    time::{DAY, HOUR, QUARTER, Ts},
};
use jiff::civil::Date;
use store::left_messages::NewLeftMessage;
use uuid::Uuid;

use crate::{
    calendar,
    chance::Chance,
    error::Error,
    profile::QUARTERS,
    roster::Roster,
    story::{Finished, Left, Stage, Story, Visit},
};

/// How many conversations are stored in one write, so that none takes long.
const PER_WRITE: usize = 12;
/// In the lively time, this many conversations more begin in a quarter of an hour.
const LIVELY: f64 = 9.0;
/// The share of conversations of customers who have been there before.
const REGULARS: f64 = 0.22;
/// Nobody returns for a new conversation on more than one of so many days; by then the last one has ended for good.
const REGULARS_EVERY: i64 = 9;
/// The share of customers who write English.
const ENGLISH: f64 = 0.13;

/// The purposes of random numbers.
const ARRIVALS: u64 = 3 << 60;
const REGULAR: u64 = 4 << 60;
const WORK: u64 = 5 << 60;

/// The days to be told.
#[derive(Debug, Clone)]
pub struct Past {
    /// Their numbers since 1970, in order.
    pub days: Vec<i64>,
    /// The present: nothing is later.
    pub now: Ts,
    /// Since when more is going on than usual and everybody is at work, so that the last minutes are not empty at any hour.
    pub lively_since: Option<Ts>,
    /// The number of customers who return on a day, at most.
    pub regulars: u32,
}

/// How far the telling has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The day that has been written.
    pub date: Date,
    /// The days that have been written.
    pub done: usize,
    /// All days.
    pub of: usize,
    /// The conversations that have been written.
    pub conversations: u64,
}

/// Writes the conversations of the past; returns how many there are. `report` is told after each day.
pub async fn write(db: &Db, stage: Stage<'_>, past: &Past, mut report: impl FnMut(Progress)) -> Result<u64, Error> {
    let (tenant, site) = (stage.cast.tenant, stage.cast.site);
    let mut teller = Teller::new(stage, past);
    let mut conversations = 0;
    for (at, &day) in past.days.iter().enumerate() {
        let begin = stage.profile.zone().begin(day);
        let before = teller.begun;
        teller.begin_day(day)?;
        // A day without a conversation counts as not written, and may be told again.
        let is_told = teller.begun > before;
        for hour in 1..=24 {
            teller.go_on_until(begin.plus(hour * HOUR))?;
            conversations += save(db, tenant, site, teller.take_finished()).await?;
        }
        let work = teller.work_of(day);
        if is_told {
            save_work(db, tenant, work).await?;
        }
        report(Progress { date: calendar::date(day), done: at + 1, of: past.days.len(), conversations });
    }
    teller.end()?;
    Ok(conversations + save(db, tenant, site, teller.take_finished()).await?)
}

/// Tells the stories of all customers.
pub struct Teller<'a> {
    stage: Stage<'a>,
    past: &'a Past,
    roster: Roster<'a>,
    /// The stories that go on, by the time of their next step.
    going_on: BTreeMap<(Ts, u64), Story>,
    begun: u64,
    finished: Vec<Finished>,
}

impl<'a> Teller<'a> {
    /// Begins before the first day.
    pub fn new(stage: Stage<'a>, past: &'a Past) -> Self {
        let roster = Roster::new(stage.cast, stage.profile, past.lively_since.map(|since| (since, past.now)));
        Self { stage, past, roster, going_on: BTreeMap::new(), begun: 0, finished: Vec::new() }
    }

    /// Lets the customers of a day begin.
    pub fn begin_day(&mut self, number: i64) -> Result<(), Refusal> {
        let profile = self.stage.profile;
        let day = profile.day(number);
        let mut chance = Chance::seeded(profile.seed(), ARRIVALS ^ number as u64);
        let mut regulars = Regulars::new(number, u64::from(self.past.regulars), &mut chance);
        for quarter in 0..QUARTERS {
            let from = day.begin.plus(quarter as i64 * QUARTER);
            let is_lively = self.past.lively_since.is_some_and(|since| (since..self.past.now).contains(&from));
            let mean = day.arrivals(quarter) + if is_lively { LIVELY } else { 0.0 };
            for _ in 0..chance.count(mean) {
                let at = from.plus(chance.between(0, QUARTER));
                let own = Chance::seeded(chance.draw(), number as u64);
                let (visitor, lang) = regulars.visitor(profile.seed(), at, &mut chance);
                if at < self.past.now {
                    let story = Story::begin(self.stage, &day, Visit { visitor, lang, at }, own)?;
                    self.put(story)?;
                }
            }
        }
        Ok(())
    }

    /// Tells what happens before a time, and not after the present.
    pub fn go_on_until(&mut self, until: Ts) -> Result<(), Refusal> {
        let until = until.min(self.past.now);
        while let Some(next) = self.going_on.first_entry().filter(|next| next.key().0 < until) {
            let mut story = next.remove();
            story.go_on(self.stage, &mut self.roster)?;
            self.put(story)?;
        }
        self.roster.forget_before(until);
        Ok(())
    }

    /// Tells everything up to the present, and ends.
    pub fn end(&mut self) -> Result<(), Refusal> {
        self.go_on_until(self.past.now)?;
        for story in std::mem::take(&mut self.going_on).into_values() {
            self.finished.extend(story.finish(self.past.now)?);
        }
        Ok(())
    }

    /// What each agent did on a day that has been told: the id of a stream for it, and its entries.
    pub fn work_of(&mut self, day: i64) -> Vec<(Uuid, Vec<Worked>)> {
        let profile = self.stage.profile;
        let (begin, end) = (profile.zone().begin(day), profile.zone().begin(day + 1));
        let mut chance = Chance::seeded(profile.seed(), WORK ^ day as u64);
        let work = self.roster.work_between(begin, end.min(self.past.now));
        work.into_iter().map(|of_agent| (chance.uuid(begin), of_agent)).filter(|(_, of_agent)| !of_agent.is_empty()).collect()
    }

    /// The conversations that have ended since this was last asked for.
    pub fn take_finished(&mut self) -> Vec<Finished> {
        std::mem::take(&mut self.finished)
    }

    fn put(&mut self, story: Story) -> Result<(), Refusal> {
        match story.due() {
            Some(due) => {
                self.begun += 1;
                self.going_on.insert((due, self.begun), story);
            }
            None => self.finished.extend(story.finish(self.past.now)?),
        }
        Ok(())
    }
}

/// The customers of a day who have been there before, or will be.
struct Regulars {
    /// The first of those who may come on this day.
    first: u64,
    /// Their number.
    many: u64,
    /// Which of them comes next.
    next: u64,
    /// How many are left.
    left: u64,
}

impl Regulars {
    fn new(day: i64, many: u64, chance: &mut Chance) -> Self {
        let class = day.rem_euclid(REGULARS_EVERY) as u64;
        Self { first: class * many, many, next: chance.draw() % many.max(1), left: many }
    }

    /// The next customer: one who returns, or a new one.
    fn visitor(&mut self, seed: u64, at: Ts, chance: &mut Chance) -> (VisitorId, Lang) {
        let lang = |chance: &mut Chance| if chance.is_likely(ENGLISH) { Lang::En } else { Lang::Zh };
        if self.left == 0 || !chance.is_likely(REGULARS) {
            return (VisitorId::new(chance.uuid(at)), lang(chance));
        }
        self.left -= 1;
        self.next = (self.next + 1) % self.many;
        let mut own = Chance::seeded(seed, REGULAR ^ (self.first + self.next));
        // The id has a time, and it must be the same on every visit.
        (VisitorId::new(own.uuid(Ts(0))), lang(&mut own))
    }
}

/// Stores conversations, a few in each write; returns how many.
async fn save(db: &Db, tenant: TenantId, site: SiteId, finished: Vec<Finished>) -> Result<u64, Error> {
    let many = finished.len() as u64;
    let mut rest = finished.into_iter().peekable();
    while rest.peek().is_some() {
        let part: Vec<Finished> = rest.by_ref().take(PER_WRITE).collect();
        let write = db.writer().write_patiently(Shard::Any, move |tx| {
            Box::pin(async move {
                for one in part {
                    insert(tx, tenant, site, one).await?;
                }
                Ok::<_, store::Error>(())
            })
        });
        write.await?;
    }
    Ok(many)
}

/// Stores what agents did, in streams of their own.
async fn save_work(db: &Db, tenant: TenantId, work: Vec<(Uuid, Vec<Worked>)>) -> Result<(), Error> {
    let write = db.writer().write_patiently(Shard::Any, move |tx| {
        let work = work.clone();
        Box::pin(async move {
            for (id, of_agent) in work {
                let (stream, mut head) = (StreamName { kind: StreamKind::Work, id }, Head::default());
                let entry = |worked| NewEntry::new(stream, tenant, Actor::system(), Body::Worked(body::Nothing {}), Fact::Worked(worked));
                let entries = of_agent.into_iter().map(|worked| (worked.until, entry(worked))).map(|(until, entry)| head.number(entry, until)).collect();
                journal::import(tx, entries, head).await?;
            }
            Ok::<_, store::Error>(())
        })
    });
    Ok(write.await?)
}

/// The episode of a rating with words, the number of its entry, and when it was given.
fn commented(entry: &StoredEntry) -> Option<(i64, i64, Ts)> {
    if entry.kind != EntryKind::Rated.as_str() {
        return None;
    }
    let (Some(Fact::Rated(rated)), Some(Body::Rated(body))) = (entry.fact(), entry.body()) else { return None };
    body.comment.map(|_| (rated.ep, entry.seq, entry.at))
}

async fn insert(tx: &mut Tx, tenant: TenantId, site: SiteId, finished: Finished) -> store::Result<()> {
    let Finished { episodes, entries, head, left } = finished;
    let Some(((last, _), earlier)) = episodes.split_last() else { return Ok(()) };
    store::visitors::import(tx, tenant, last.visitor, site, last.lang, (last.created_at, head.last_at)).await?;
    // The demo's customers let it be remembered what they ask about: recommendations are made of that.
    let agreed = Answer { purpose: Purpose::Profile, granted: true, at: last.created_at, wording: WORDING, place: AnsweredIn::Widget };
    store::consents::import(tx, tenant, last.visitor, &agreed).await?;
    let rated: Vec<_> = entries.iter().filter_map(commented).collect();
    store::conversations::import(tx, last, entries, head).await?;
    let now = tx.now();
    for (episode, seq, at) in rated {
        // What was said before yesterday has been read.
        let done_at = Some(at.plus(HOUR)).filter(|_| at < now.plus(-DAY));
        store::rating_comments::import(tx, tenant, last.id, (episode, seq), at, done_at).await?;
    }
    for (conversation, _) in earlier {
        store::conversations::import_episode(tx, conversation).await?;
    }
    for (conversation, verdict) in &episodes {
        if let Some(verdict) = verdict {
            store::conversations::save_comment(tx, conversation, verdict.comment.as_deref(), verdict.solved).await?;
        }
    }
    for Left { episode, seq, queue, at, promised_by, done } in left {
        let new = NewLeftMessage { conversation: last.id, episode, seq, queue, promised_by, contact: None };
        store::left_messages::import(tx, tenant, new, at, done).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
