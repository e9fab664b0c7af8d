//! Fills an edition of the derived store with random traffic, and a store of plain rows with the same events.

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use domain::{
    id::{AgentId, TenantId},
    time::{Clock, DAY, Ts},
};
use parity::traffic::{self, Cast, Course, Traffic};
use tempfile::TempDir;
use uuid::Uuid;
use warehouse::{Company, Directory, Panel, Place, TimeZone, outside, panel::BATCH, plain::Plain};

use super::{process_time, thread_time};

/// The time from the first to the last event, if so many events fit into it.
const DAYS: i64 = 400;
/// About when the last event happens.
const END: Ts = Ts(1_795_190_400_000);
/// The seed of the traffic.
const SEED: u64 = 20_261_123;
/// The facts from which it is estimated how fast traffic goes, and the two paces at which it is tried.
const SAMPLE: usize = 20_000;
const PACES: [usize; 2] = [1, 100_000];

/// A clock that stands.
pub struct Still(pub Ts);

impl Clock for Still {
    fn now(&self) -> Ts {
        self.0
    }
}

/// An edition that has counted all events.
pub struct Filled {
    /// The edition, opened anew after it was filled.
    pub panel: Panel,
    /// The company to which all of them belong.
    pub tenant: TenantId,
    /// Its time zone.
    pub zone: TimeZone,
    /// The time of the last event.
    pub now: Ts,
    /// What filling it took.
    pub spent: Spent,
    _folder: TempDir,
}

/// What filling the stores took.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    /// The processor time of counting all events.
    pub rebuild: Duration,
    /// How many of them are counted, and so are rows.
    pub rows: usize,
    /// The processor time of storing these as plain rows.
    pub raw: Duration,
    /// The size of the edition's file, in bytes.
    pub bytes: u64,
}

/// Everything that is known of the company: its zone, a group for each agent, and a category for each product.
pub fn directory(tenant: TenantId, zone: &TimeZone, cast: &Cast) -> Arc<Directory> {
    let mut company = Company::in_zone(zone.clone());
    company.groups = cast.agents.iter().enumerate().map(|(n, agent)| (*agent, format!("grp_{}", n % 3))).collect();
    company.categories = cast.goods.iter().flatten().enumerate().map(|(n, product)| (product.clone(), format!("category-{}", n % 2))).collect();
    Arc::new(Directory { companies: HashMap::from([(tenant, company)]), pseudonym: Arc::new(|_, customer| format!("{:032x}", customer.as_u128())) })
}

/// A course that takes [`DAYS`] for this many facts and ends about at [`END`]; of very many facts, which cannot happen faster, it begins earlier.
fn course(events: usize, tenant: TenantId) -> Course {
    let length = |pace_ms| {
        let facts = traffic::facts_of(SEED, SAMPLE, Course { start: Ts(0), pace_ms, burst: 0, pause_ms: 0 }, &[tenant], cast());
        facts.last().map_or(0, |fact| fact.at) as f64 / SAMPLE as f64
    };
    let [fast, slow] = PACES.map(length);
    let of_pace = (slow - fast) / (PACES[1] - PACES[0]) as f64;
    let wanted = (DAYS * DAY) as f64 / events as f64;
    let estimated = (((wanted - fast) / of_pace) as usize).max(1);
    // How much happens in a conversation depends on the pace as well: what the estimate leads to is measured.
    let pace_ms = ((estimated as f64 * wanted / length(estimated)) as usize).max(1);
    let takes = length(pace_ms) * events as f64;
    Course { start: END.plus(-(takes as i64)), pace_ms, burst: 0, pause_ms: 0 }
}

/// A company with as many parts as a real one of this size.
fn cast() -> Cast {
    let named = |what: &str, n: usize| (0..n).map(|n| Some(format!("{what}-{n:03}")).filter(|_| n > 0)).collect::<Vec<_>>();
    let agents = (1..=40_u128).map(|n| AgentId::new(Uuid::from_u128(n << 96))).collect();
    let entries = named("kb", 61).into_iter().flatten().collect();
    Cast { agents, goods: named("g", 41), topics: named("topic", 26), entries, ..Cast::large() }
}

impl Filled {
    /// Counts this many events, and stores as many as plain rows.
    pub async fn new(events: usize) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("yingda-bench-").tempdir()?;
        let (tenant, zone, cast) = (traffic::tenant(1), TimeZone::get("Asia/Shanghai")?, cast());
        let (course, directory) = (course(events, tenant), directory(tenant, &zone, &cast));
        let traffic = || Traffic::new(SEED, course, &[tenant], cast.clone());
        let place = |name: &str| Place::File(folder.path().join(name));
        let shown = place("panel.db");
        let open = || Panel::open(&shown, 1, Uuid::nil(), Arc::new(Still(END)));

        let plain = Plain::open(&place("plain.db"), Arc::new(Still(END))).await?;
        let (mut source, mut left, mut rows, mut not_ours, begun) = (traffic(), events, 0, Duration::ZERO, process_time());
        while left > 0 {
            let before = thread_time();
            let facts = source.next_facts(left.min(BATCH));
            let read = outside::events(&facts, &directory);
            not_ours += thread_time().saturating_sub(before);
            left -= facts.len();
            rows += read.len();
            plain.insert(read).await?;
        }
        plain.close().await;
        let raw = process_time().saturating_sub(begun).saturating_sub(not_ours);

        let panel = open().await?;
        let (mut source, mut left, mut not_ours, mut now, begun) = (traffic(), events, Duration::ZERO, END, process_time());
        while left > 0 {
            let before = thread_time();
            let facts = source.next_facts(left.min(BATCH));
            not_ours += thread_time().saturating_sub(before);
            left -= facts.len();
            now = facts.last().map_or(now, |fact| Ts(fact.at));
            panel.apply(facts, &directory).await?;
            panel.pack_days(now).await?;
        }
        panel.close().await;
        let rebuild = process_time().saturating_sub(begun).saturating_sub(not_ours);
        let Place::File(file) = shown.of_edition(1) else { bail!("an edition in a folder is a file") };
        let bytes = std::fs::metadata(file).context("the edition's file cannot be read")?.len();
        let spent = Spent { rebuild, rows, raw, bytes };
        Ok(Self { panel: open().await?, tenant, zone, now, spent, _folder: folder })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_events_end_at_about_the_same_time() {
        for events in [5_000, 60_000] {
            let (tenant, wanted) = (traffic::tenant(1), DAYS * DAY);
            let course = course(events, tenant);
            let facts = traffic::facts_of(SEED, events, course, &[tenant], cast());
            let (first, last) = (facts[0].at, facts[events - 1].at);
            assert!((last - first - wanted).abs() < wanted / 10 && (last - END.0).abs() < wanted / 10, "{events}: {} days", (last - first) / DAY);
        }
    }
}
