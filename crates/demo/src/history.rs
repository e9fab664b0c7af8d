//! What is written of the past: a few days at the first start, and a longer past by `yingda demo history`.

use db::Db;
use domain::time::{HOUR, Ts};
use jiff::civil::Date;
use store::{entry_points::At, sites::Site, tenants::Tenant};

use crate::{
    calendar::{self, Zone},
    cast::Cast,
    error::Error,
    past::{self, Past, Progress},
    profile::Profile,
    story::Stage,
    words::{OPERATOR, SHOP, Script, Words},
};

/// How many days before today the first start writes.
pub const FIRST_DAYS: i64 = 7;
/// The seed of the first start, and the default of the command.
pub const SEED: u64 = 1;
/// The conversations of a usual working day, as the first start writes them; also the default of the command.
pub const PER_DAY: u32 = 120;
/// The most days before today that the command writes.
pub const MOST_DAYS: i64 = 1_000;
/// The most conversations of a usual working day.
pub const MOST_PER_DAY: i64 = 2_000;
/// How long before the first start it was livelier than usual, in milliseconds: at the operator, and at the shop.
const LIVELY_MS: i64 = 2 * HOUR;
const SHOP_LIVELY_MS: i64 = HOUR / 2;

/// How many days before today the first start writes of the shop, and its conversations of a usual working day: a small company with a short past.
const SHOP_DAYS: i64 = 14;
const SHOP_PER_DAY: u32 = 8;

/// The past of one of the demo's companies that the first start writes.
#[derive(Clone, Copy)]
pub struct First {
    script: Script,
    wanted: Wanted,
    lively_ms: i64,
}

/// That of the operator.
pub const OF_OPERATOR: First = First { script: OPERATOR, wanted: Wanted { days: FIRST_DAYS, per_day: PER_DAY, seed: SEED }, lively_ms: LIVELY_MS };
/// That of the shop; with another seed, as the ids follow from it.
pub const OF_SHOP: First = First { script: SHOP, wanted: Wanted { days: SHOP_DAYS, per_day: SHOP_PER_DAY, seed: SEED + 1 }, lively_ms: SHOP_LIVELY_MS };

/// The past to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// How many days before today it begins.
    pub days: i64,
    /// The conversations of a usual working day.
    pub per_day: u32,
    /// Determines all random numbers.
    pub seed: u64,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// The number of days; days that had conversations already are left out.
    pub days: usize,
    /// The number of conversations.
    pub conversations: u64,
}

/// The days before the first start of one of the demo's companies, which is now.
fn first(zone: Zone, now: Ts, First { wanted, lively_ms, .. }: First) -> Past {
    let today = zone.day(now);
    Past { days: (today - wanted.days..=today).collect(), now, lively_since: Some(now.plus(-lively_ms)), regulars: wanted.per_day }
}

/// Writes the days before the first start of one of the demo's companies. Its site may not be stored yet.
pub async fn write_first(db: &Db, company: &Tenant, site: &Site, of: First) -> Result<(), Error> {
    let now = db.now();
    let zone = Zone::named(&company.time_zone, now);
    let past = first(zone, now, of);
    write(db, site, zone, (of.script, of.wanted), &past, |_| {}).await.map(drop)
}

/// Writes a longer past of a demo: those days, from so many before today until today, that have no conversation. `report` is told after each day.
pub async fn extend(db: &Db, wanted: Wanted, report: impl FnMut(Progress)) -> Result<Written, Error> {
    let tenant = store::entry_points::company_at(db, At::Root).await?.ok_or(Error::NotDemo)?.tenant;
    let mut tx = db.read().await?;
    let company = store::tenants::get(&mut tx, tenant).await?;
    if !company.is_demo {
        return Err(Error::NotDemo);
    }
    let site = store::sites::of_hall(&mut tx, tenant).await?.ok_or(Error::Unfinished)?;
    let now = db.now();
    let zone = Zone::named(&company.time_zone, now);
    let first = store::conversations::first_began(&mut tx, tenant, Ts(0), now).await?.map(|at| zone.day(at));
    if let Some(first) = first.filter(|first| *first < zone.day(company.created_at) - FIRST_DAYS) {
        return Err(Error::AlreadyThere(calendar::date(first)));
    }
    let today = zone.day(now);
    let mut days = Vec::new();
    for day in today - wanted.days..=today {
        if store::conversations::first_began(&mut tx, tenant, zone.begin(day), zone.begin(day + 1)).await?.is_none() {
            days.push(day);
        }
    }
    drop(tx);
    let (Some(&from), Some(&until)) = (days.first(), days.last()) else { return Err(Error::NothingToWrite(wanted.days)) };
    let past = Past { days, now, lively_since: None, regulars: wanted.per_day };
    let conversations = write(db, &site, zone, (OPERATOR, wanted), &past, report).await?;
    Ok(Written { from: calendar::date(from), until: calendar::date(until), days: past.days.len(), conversations })
}

async fn write(db: &Db, site: &Site, zone: Zone, (script, wanted): (Script, Wanted), past: &Past, report: impl FnMut(Progress)) -> Result<u64, Error> {
    let words = Words::read(script)?;
    let profile = Profile::new(&words, zone, wanted.seed, wanted.per_day, past.now)?;
    let cast = Cast::read(&mut db.read().await?, site).await?;
    if cast.agents.is_empty() {
        return Err(Error::NoAgents);
    }
    past::write(db, Stage { cast: &cast, words: &words, profile: &profile }, past, report).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use db::{Shard, feed};
    use domain::{
        entry::{self, EntryKind, Fact},
        id::{QueueId, SiteId, TenantId},
        rating,
        routing::rules::QueueRules,
        site::SiteState,
        staff::Role,
        stream::StreamKind,
        time::DAY,
    };
    use store::{queues::Queue, sites::SiteSettings};
    use testkit::{Company, TestDb, clock::START, company::both};

    use super::*;
    use crate::{cast::tests::cast, past::Teller, story::Finished};

    /// A demo's company with two agents, without a past.
    async fn demo(db: &TestDb, agents: usize) -> (Tenant, Site) {
        let id = TenantId::new(db.uuid());
        let tenant = Tenant {
            id,
            access_stream: db.uuid(),
            slug: "demo".to_owned(),
            name: both("Demo"),
            time_zone: "Asia/Shanghai".to_owned(),
            is_demo: true,
            brand: None,
            hours: None,
            created_at: db.now(),
            updated_at: db.now(),
        };
        let queue =
            Queue { id: QueueId::new(db.uuid()), name: both("General"), everybody: true, hours: None, rules: QueueRules::default(), updated_at: db.now() };
        let (site, settings) = (SiteId::new(db.uuid()), SiteSettings { bot_name: both("Lin"), ..SiteSettings::default() });
        let site = Site { id: site, tenant: id, key: "demo".to_owned(), settings, queue: queue.id, state: SiteState::Active, updated_at: db.now() };
        let (stored, of) = (tenant.clone(), site.clone());
        let write = db.writer().write_patiently(Shard::Any, move |tx| {
            Box::pin(async move {
                store::tenants::insert(tx, id, &stored).await?;
                store::queues::insert(tx, id, &queue).await?;
                store::sites::insert(tx, id, &of).await
            })
        });
        write.await.unwrap();
        let company = Company { tenant: id, queue: site.queue, site: site.id, key: "demo".to_owned(), is_root: true };
        for n in 0..agents {
            company.member(db, Role::Agent, &format!("a{n}")).await;
        }
        (tenant, site)
    }

    const FEW: Wanted = Wanted { days: 20, per_day: 10, seed: 2 };

    /// How often each kind of fact is in the record, all of which can be read.
    async fn kinds(db: &TestDb) -> std::collections::BTreeMap<String, u64> {
        let (mut kinds, mut cursor) = (std::collections::BTreeMap::new(), feed::Cursor::default());
        loop {
            let facts = feed::after(&mut db.read().await.unwrap(), cursor, 1_000).await.unwrap();
            let Some(last) = facts.last() else { return kinds };
            cursor = feed::Cursor { xid: last.xid, pos: last.pos };
            for fact in facts.into_iter().filter(|fact| fact.stream_kind == StreamKind::Conversation.as_str()) {
                let kind = EntryKind::parse(&fact.kind).unwrap();
                entry::Fact::read(kind, &fact.facts).unwrap();
                *kinds.entry(fact.kind).or_default() += 1;
            }
        }
    }

    #[tokio::test]
    async fn the_first_start_writes_a_week_and_the_command_what_was_before_once() {
        let db = TestDb::sqlite().await;
        let (tenant, site) = demo(&db, 2).await;
        write_first(&db, &tenant, &site, OF_OPERATOR).await.unwrap();
        let first = kinds(&db).await["opened"];
        assert!(first > 400, "{first}");
        let mut reports = Vec::new();
        let written = extend(&db, FEW, |progress| reports.push(progress)).await.unwrap();
        let zone = Zone::named("Asia/Shanghai", db.now());
        let today = zone.day(db.now());
        assert_eq!((written.from, written.until, written.days), (calendar::date(today - 20), calendar::date(today - FIRST_DAYS - 1), 13));
        assert_eq!(kinds(&db).await["opened"], first + written.conversations);
        assert!(reports.iter().map(|progress| progress.done).eq(1..=13) && reports.iter().all(|progress| progress.of == 13));
        assert!(reports.is_sorted_by_key(|progress| progress.conversations) && reports[12].conversations <= written.conversations);
        let begun = store::conversations::first_began(&mut db.read().await.unwrap(), tenant.id, Ts(0), db.now()).await.unwrap().unwrap();
        assert_eq!(zone.day(begun), today - 20);
        for wanted in [FEW, Wanted { days: 400, ..FEW }] {
            assert!(matches!(extend(&db, wanted, |_| {}).await, Err(Error::AlreadyThere(from)) if from == written.from));
        }
    }

    #[tokio::test]
    async fn days_that_have_conversations_are_left_alone_and_a_month_without_a_server_is_filled() {
        let db = TestDb::sqlite().await;
        let (tenant, site) = demo(&db, 2).await;
        write_first(&db, &tenant, &site, OF_OPERATOR).await.unwrap();
        assert!(matches!(extend(&db, Wanted { days: 5, ..FEW }, |_| {}).await, Err(Error::NothingToWrite(5))));
        db.clock.advance(10 * DAY);
        let written = extend(&db, Wanted { days: 15, ..FEW }, |_| {}).await.unwrap();
        assert_eq!(written.days, 10, "since the first start");
        assert!(matches!(extend(&db, Wanted { days: 15, ..FEW }, |_| {}).await, Err(Error::NothingToWrite(15))));
        assert_eq!(extend(&db, FEW, |_| {}).await.unwrap().days, 3, "before the first start");
    }

    #[tokio::test]
    async fn only_a_demo_with_agents_has_a_past() {
        let db = TestDb::sqlite().await;
        assert!(matches!(extend(&db, FEW, |_| {}).await, Err(Error::NotDemo)), "an empty record");
        Company::create(&db, "alpha").await;
        assert!(matches!(extend(&db, FEW, |_| {}).await, Err(Error::NotDemo)), "somebody's own");
        demo(&db, 2).await;
        assert!(matches!(extend(&db, FEW, |_| {}).await, Err(Error::NotDemo)), "a demo beside it");
        let alone = TestDb::sqlite().await;
        demo(&alone, 0).await;
        assert!(matches!(extend(&alone, FEW, |_| {}).await, Err(Error::NoAgents)));
    }

    #[tokio::test]
    async fn the_same_seed_writes_the_same_past() {
        let mut told = Vec::new();
        for seed in [2, 2, 3] {
            let db = TestDb::sqlite().await;
            demo(&db, 2).await;
            let written = extend(&db, Wanted { seed, ..FEW }, |_| {}).await.unwrap();
            told.push((written.conversations, kinds(&db).await));
        }
        assert_eq!(told[0], told[1]);
        assert_ne!(told[0], told[2]);
    }

    /// The past as the first start at this moment writes it, with a cast as large as the demo's.
    fn first_past(words: &Words, now: Ts) -> (Vec<Finished>, Zone) {
        let zone = Zone::named("Asia/Shanghai", now);
        let profile = Profile::new(words, zone, SEED, PER_DAY, now).unwrap();
        let cast = cast(2);
        let past = first(zone, now, OF_OPERATOR);
        let mut teller = Teller::new(Stage { cast: &cast, words, profile: &profile }, &past);
        for &day in &past.days {
            teller.begin_day(day).unwrap();
            teller.go_on_until(zone.begin(day + 1)).unwrap();
        }
        teller.end().unwrap();
        (teller.take_finished(), zone)
    }

    fn score_of(fact: &Fact) -> Option<i64> {
        if let Fact::Rated(rated) = fact { Some(rated.score) } else { None }
    }

    /// What the pages show of the past, and browser stories rely on, is there whenever the demo is first started: 40 moments of a year and some, at any hour; with
    /// `ALL` set, each fourth hour of 400 days.
    #[test]
    fn no_day_is_special() {
        let (step, moments) = if std::env::var_os("ALL").is_some() { (4 * HOUR, 400 * 6) } else { (10 * DAY + 7 * HOUR, 40) };
        let words = Words::read(OPERATOR).unwrap();
        for moment in 0..moments {
            let now = START.plus(moment * step);
            let (stories, zone) = first_past(&words, now);
            let today = zone.day(now);
            let at = || format!("{} at {} h", calendar::date(today), zone.time_of_day(now) / HOUR);
            assert!(stories.iter().all(|story| story.head.last_at < now), "{}: nothing is later than the present", at());
            let entries = stories.iter().flat_map(|story| &story.entries);
            let facts: Vec<(i64, Fact)> = entries.map(|entry| (zone.day(entry.at), entry.fact().expect("every fact can be read"))).collect();
            for day in today - FIRST_DAYS..today {
                let of_day = || facts.iter().filter(|(of, _)| *of == day).map(|(_, fact)| fact);
                let opened = of_day().filter(|fact| matches!(fact, Fact::Opened(_))).count();
                let assigned = of_day().filter(|fact| matches!(fact, Fact::Assigned(_))).count();
                assert!(opened >= 20 && assigned >= 5, "{}: {opened} opened and {assigned} assigned on {}", at(), calendar::date(day));
                assert!(of_day().filter_map(score_of).any(rating::is_good), "{}: nobody was pleased on {}", at(), calendar::date(day));
            }
            let lately = stories.iter().filter(|story| now.since(story.head.last_at) < HOUR).count();
            assert!(lately >= 5, "{}: {lately} conversations in the last hour", at());
            let scores: BTreeSet<i64> = facts.iter().filter_map(|(_, fact)| score_of(fact)).collect();
            assert!(
                scores.contains(&rating::MIDDLE) && scores.contains(&rating::BEST) && scores.iter().any(|score| *score < rating::MIDDLE),
                "{}: {scores:?}",
                at()
            );
            let langs: BTreeSet<&str> = stories.iter().map(|story| story.episodes[0].0.lang.tag()).collect();
            assert_eq!(langs.len(), 2, "{}", at());
        }
    }
}
