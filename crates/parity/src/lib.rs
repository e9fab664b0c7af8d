//! Compares the two implementations of the indicators, the reducer and the SQL of [`warehouse::portable`], amount by amount, over random traffic that arrives
//! late, out of order, and in part twice. What `yingda warehouse parity` prints, and the traffic that other tests and measurements use, too.
//!
//! - [`Comparison`] adds up what each [`Engine`] makes of a [`World`], and reports where they differ
//! - [`flink`] and [`outside`]: engines that are other programs
//! - [`traffic`]: random facts, decided by the real rules
//! - `lint`: refuses SQL that does not mean the same everywhere

mod amounts;
mod engines;
pub mod flink;
#[cfg(test)]
mod lint;
pub mod outside;
pub mod traffic;

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
};

use db::{Error, Result, feed::Fact};
use domain::{
    id::{AgentId, TenantId},
    time::{Clock, DAY, HOUR, Ts},
};
use serde::Serialize;
use warehouse::{Company, Directory, Event, Panel, Place, TimeZone};

use self::{
    amounts::{Amounts, Key, Names},
    traffic::{Cast, Course, Random, copy},
};

/// The day before the end of summer time in Europe; in America it ends within the [`SPAN`] that follows.
const START: Ts = Ts(1_792_821_600_000);
/// How much time the traffic covers, in milliseconds.
const SPAN: i64 = 12 * DAY;
/// The most that a fact is late, in milliseconds.
const LATE: usize = HOUR as usize;
/// The longest mean time between two actions, in milliseconds.
const PACE: i64 = 4_000;
/// The number of actions between two pauses.
const BURST: usize = 60;
/// The companies, each with the zone of its days.
const ZONES: [(u128, &str); 3] = [(11, "Asia/Shanghai"), (12, "Europe/Berlin"), (13, "America/New_York")];
/// The most examples of differences in a report.
const EXAMPLES: usize = 10;

/// Random traffic, and what the record knows of its companies.
pub struct World {
    /// The facts in the order in which they are delivered.
    pub facts: Vec<Fact>,
    /// What is known of the companies.
    pub directory: Arc<Directory>,
    seed: u64,
}

/// Something that computes the amounts.
#[derive(Debug, Clone)]
pub enum Engine {
    /// The reducer, with its store at a place where there is none yet.
    Reducer(Place),
    /// The SQL on SQLite, in a file that does not exist yet.
    Sqlite(PathBuf),
    /// The SQL on PostgreSQL, in a schema of its own (`yingda_parity`), which is deleted at the end.
    Postgres(String),
    /// The SQL on Flink.
    Flink(flink::Flink),
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many amounts at least one engine has.
    pub rows: usize,
    /// The number of measures of which these are.
    pub measures: usize,
    /// How many of the amounts are not the same for all engines.
    pub mismatches: usize,
    /// Some of these.
    pub examples: Vec<String>,
}

impl World {
    /// Traffic of this many facts in companies in three zones, two of which change their clocks in the meantime. Of the facts, 5 % are delivered twice and 10 %
    /// up to an hour late.
    pub fn new(seed: u64, facts: usize) -> Result<Self> {
        let cast = Cast::large();
        let agents = cast.agents.clone();
        let tenants = ZONES.map(|(n, _)| traffic::tenant(n));
        let actions = i64::try_from(facts.max(1)).unwrap_or(i64::MAX);
        let pace = (SPAN / 2 / actions).clamp(1, PACE);
        let pause_ms = (SPAN - actions * pace).max(0) / (actions / BURST as i64).max(1);
        let course = Course { start: START, pace_ms: pace as usize, burst: BURST, pause_ms };
        let mut random = Random(seed);
        let facts = deliver(traffic::facts_of(random.draw(), facts, course, &tenants, cast), &mut random);
        Ok(Self { facts, directory: Arc::new(directory(&agents)?), seed })
    }

    /// The events among some of the facts, as often as they are delivered.
    pub fn events(&self, facts: &[Fact]) -> Vec<Event> {
        warehouse::outside::events(facts, &self.directory)
    }

    /// The companies.
    fn tenants(&self) -> BTreeSet<TenantId> {
        self.directory.companies.keys().copied().collect()
    }
}

/// What the record knows: not every agent has a group or a department, and not every product a category.
fn directory(agents: &[AgentId]) -> Result<Directory> {
    let groups: HashMap<_, _> = agents.iter().zip(["grp_1", "grp_1", "grp_2", "grp_3"]).map(|(agent, group)| (*agent, group.to_owned())).collect();
    let departments: HashMap<_, _> =
        agents.iter().skip(1).zip(["dep_1", "dep_1", "dep_2"]).map(|(agent, department)| (*agent, department.to_owned())).collect();
    let categories = HashMap::from([("g-001".to_owned(), "phones".to_owned()), ("g-002".to_owned(), "phones".to_owned())]);
    let company = |(n, zone): (u128, &str)| {
        let zone = TimeZone::get(zone).map_err(|error| Error::Corrupt(format!("time: {error}")))?;
        Ok((traffic::tenant(n), Company { zone, groups: groups.clone(), departments: departments.clone(), categories: categories.clone() }))
    };
    let companies = ZONES.into_iter().map(company).collect::<Result<_>>()?;
    Ok(Directory { companies, pseudonym: Arc::new(|tenant, customer| format!("{:x}", tenant.uuid().as_u128().wrapping_mul(31) ^ (customer.as_u128() << 7))) })
}

/// The facts in the order in which they are delivered, numbered anew.
fn deliver(facts: Vec<Fact>, random: &mut Random) -> Vec<Fact> {
    let mut all: Vec<(i64, Fact)> = Vec::with_capacity(facts.len());
    for fact in facts {
        if random.below(20) == 0 {
            all.push((fact.at + random.below(LATE) as i64, copy(&fact)));
        }
        let late = if random.below(10) == 0 { random.below(LATE) } else { 0 };
        all.push((fact.at + late as i64, fact));
    }
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().zip(1..).map(|((_, fact), pos)| Fact { pos, ..fact }).collect()
}

/// The amounts of several engines, and whether they are the same.
pub struct Comparison {
    names: Names,
    all: Vec<Amounts>,
}

impl Default for Comparison {
    fn default() -> Self {
        Self { names: Names::new(), all: Vec::new() }
    }
}

impl Comparison {
    /// Adds the amounts that an engine computes from a world.
    pub async fn add(&mut self, engine: &Engine, world: &World, clock: Arc<dyn Clock>) -> Result<()> {
        let mut amounts = Amounts::new(world.directory.clone());
        match engine {
            Engine::Reducer(place) => engines::reduce(place.clone(), world, (&mut amounts, &mut self.names)).await?,
            Engine::Sqlite(path) => engines::query_sqlite(path, world, (&mut amounts, &mut self.names), clock).await?,
            Engine::Postgres(url) => engines::query_postgres(url, world, (&mut amounts, &mut self.names), clock).await?,
            Engine::Flink(flink) => flink::query(flink, world, (&mut amounts, &mut self.names)).await?,
        }
        amounts.drop_zeros();
        self.all.push(amounts);
        Ok(())
    }

    /// Adds the amounts that an edition holds, which was filled from a world.
    pub async fn add_edition(&mut self, panel: &Panel, world: &World) -> Result<()> {
        let mut amounts = Amounts::new(world.directory.clone());
        engines::read_stored(panel, world, (&mut amounts, &mut self.names)).await?;
        amounts.drop_zeros();
        self.all.push(amounts);
        Ok(())
    }

    /// What the comparison found.
    pub fn report(&self) -> Report {
        let keys: BTreeSet<Key> = self.all.iter().flat_map(Amounts::keys).collect();
        let differ = |key: &Key| self.all.windows(2).any(|two| two[0].get(key) != two[1].get(key));
        let different: Vec<Key> = keys.iter().copied().filter(differ).collect();
        let told = |key: &Key| {
            let amounts: Vec<String> = self.all.iter().map(|amounts| amounts.get(key).map_or_else(|| "-".to_owned(), |amount| amount.to_string())).collect();
            format!("{}: {}", self.names.describe(key), amounts.join(" "))
        };
        let measures: BTreeSet<&str> = keys.iter().map(Names::measure).collect();
        Report { rows: keys.len(), measures: measures.len(), mismatches: different.len(), examples: different.iter().take(EXAMPLES).map(told).collect() }
    }
}
