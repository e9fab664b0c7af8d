//! Every read of the numbers that the product makes, by the same functions of the store.

use domain::{
    dimension::Dimension,
    id::TenantId,
    time::{MINUTE, Ts},
};
use warehouse::{
    Compare, DEFINITIONS, Grain, Panel, PanelNumbers, Part, TimeZone, Window,
    definition::{Measure, column},
    range::{after, cut, day_of, days_in, earlier, start_of},
    window::LAST,
};

use super::fill::Filled;

/// What History asks for when it is split: one indicator of each of its tables.
static SPLIT: [&str; 6] = ["session_created", "dialogue", "rating_good", "first_reply_p50", "containment", "service_level"];
/// The items on a page of a list.
const PAGE: i64 = 50;

/// A read, with a name.
pub struct Read {
    /// Its name.
    pub name: String,
    what: What,
}

enum What {
    /// The live panel, as it is pushed: its numbers, and the service level of each queue.
    Live,
    /// The wall's numbers.
    Wall,
    /// Some indicators over these lists of periods.
    Series(Vec<&'static str>, Vec<Vec<Window>>),
    /// Some indicators by part over these lists of periods.
    Split(&'static [&'static str], Dimension, Vec<Vec<Window>>),
    /// A page of what an indicator, or a part of it, counted.
    List(&'static Measure, Window, Option<Part>),
}

/// The name of a dimension: that of its column.
fn name(split: Option<Dimension>) -> String {
    split.map_or_else(String::new, |split| format!(" by {}", column(split)))
}

/// The periods of a window and, as History asks for them too, those of the time before.
fn lists(window: Window, grain: Grain, zone: &TimeZone) -> warehouse::Result<Vec<Vec<Window>>> {
    let before = earlier(window, Compare::Previous.days_back(days_in(window, zone)?), zone)?;
    Ok(vec![cut(window, grain, zone)?, cut(before, grain, zone)?])
}

/// The days up to yesterday, this many.
fn days_before(now: Ts, days: i64, zone: &TimeZone) -> warehouse::Result<Window> {
    let to = start_of(day_of(now, zone)?, zone)?;
    Ok(Window { from: earlier(Window { from: to, to }, days, zone)?.from, to })
}

/// What the pages read: the live panel, the wall, History by day, boards, and the lists behind numbers.
pub fn of_pages(now: Ts, zone: &TimeZone) -> warehouse::Result<Vec<Read>> {
    let mut reads = vec![Read { name: "live".to_owned(), what: What::Live }, Read { name: "wall".to_owned(), what: What::Wall }];
    reads.extend(history(now, zone, ("day", Grain::Day), &[7, 30, 400], (&SPLIT, &[7, 30, 400]))?);
    let today = Window { from: start_of(day_of(now, zone)?, zone)?, to: now.minute().plus(MINUTE) };
    let today = || lists(today, Grain::Hour, zone);
    reads.push(Read { name: "board today by hour".to_owned(), what: What::Series(SPLIT[..1].to_vec(), today()?) });
    for by in Dimension::EACH {
        reads.push(Read { name: format!("board today by hour{}", name(Some(by))), what: What::Split(&SPLIT[..1], by, today()?) });
    }
    let last = Window::last_60(now);
    for key in ["dialogue", "session_created", "first_reply"] {
        let Some(count) = DEFINITIONS.count(key) else { continue };
        reads.push(Read { name: format!("list {key} {LAST} minutes"), what: What::List(count, last, None) });
        for days in [1, 30, 400] {
            for split in [None, Some(Dimension::Agent), Some(Dimension::Queue)] {
                // What has no part is listed: it is what a part without a value stands for.
                let part = split.map(|by| Part { by, value: None });
                let what = What::List(count, days_before(now, days, zone)?, part);
                reads.push(Read { name: format!("list {key} {days} days{}", name(split)), what });
            }
        }
    }
    Ok(reads)
}

/// What only clients of the API ask for: every indicator by hour and by minute, one of each table by hour and part, and one by minute and part.
pub fn of_api(now: Ts, zone: &TimeZone) -> warehouse::Result<Vec<Read>> {
    let mut reads = history(now, zone, ("hour", Grain::Hour), &[1, 7, 62], (&SPLIT, &[1, 7]))?;
    reads.extend(history(now, zone, ("minute", Grain::Minute), &[1, 2], (&SPLIT[..1], &[1]))?);
    Ok(reads)
}

/// Indicators over so many days up to yesterday: all of them unsplit, up to the longest that may be asked for; some by part, as far as the number of values
/// allows.
fn history(
    now: Ts,
    zone: &TimeZone,
    (of, grain): (&str, Grain),
    whole: &[i64],
    (keys, parts): (&'static [&'static str], &[i64]),
) -> warehouse::Result<Vec<Read>> {
    let mut reads = Vec::new();
    for days in whole {
        reads.push(Read {
            name: format!("history {days} days by {of}"),
            what: What::Series(DEFINITIONS.keys().collect(), lists(days_before(now, *days, zone)?, grain, zone)?),
        });
    }
    for split in Dimension::EACH {
        for days in parts {
            let what = What::Split(keys, split, lists(days_before(now, *days, zone)?, grain, zone)?);
            reads.push(Read { name: format!("history {days} days by {of}{}", name(Some(split))), what });
        }
    }
    Ok(reads)
}

/// What the server reads from the store for a push of the live panel.
pub async fn live(panel: &Panel, tenant: TenantId, now: Ts, zone: &TimeZone) -> warehouse::Result<PanelNumbers> {
    panel.cursor().await?;
    let numbers = panel.snapshot(tenant, now, zone).await?;
    let from = numbers.window.from;
    let today = Window { from, to: start_of(after(day_of(from, zone)?)?, zone)? };
    panel.split(tenant, &["service_level"], Dimension::Queue, &[vec![today]]).await?;
    Ok(numbers)
}

impl Read {
    /// Reads once.
    pub async fn run(&self, filled: &Filled) -> anyhow::Result<()> {
        let Filled { panel, tenant, zone, now, .. } = filled;
        match &self.what {
            What::Live => drop(live(panel, *tenant, *now, zone).await?),
            What::Wall => {
                panel.cursor().await?;
                panel.snapshot(*tenant, *now, zone).await?;
            }
            What::Series(keys, lists) => {
                panel.cursor().await?;
                panel.series(*tenant, keys, lists).await?;
                panel.since(*tenant).await?;
            }
            What::Split(keys, by, lists) => {
                panel.cursor().await?;
                panel.split(*tenant, keys, *by, lists).await.map_err(warehouse::Error::from)?;
                panel.since(*tenant).await?;
            }
            What::List(count, window, part) => {
                panel.list(*tenant, count, *window, part.as_ref(), None, PAGE).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all() -> Vec<Read> {
        let now = Ts(1_795_190_400_000);
        [of_pages(now, &TimeZone::UTC).unwrap(), of_api(now, &TimeZone::UTC).unwrap()].into_iter().flatten().collect()
    }

    #[test]
    fn every_read_has_a_name_of_its_own_and_every_split_occurs_at_every_grain() {
        let reads = all();
        let names: BTreeSet<&str> = reads.iter().map(|read| read.name.as_str()).collect();
        assert_eq!(names.len(), reads.len());
        for split in Dimension::EACH {
            for grain in ["day", "hour", "minute"] {
                assert!(names.iter().any(|name| name.ends_with(&format!("by {grain} by {}", column(split)))), "{grain} {split:?}");
            }
        }
    }

    #[test]
    fn what_is_asked_for_exists() {
        assert!(SPLIT.iter().all(|key| DEFINITIONS.keys().any(|known| known == *key)));
        assert_eq!(all().iter().filter(|read| read.name.starts_with("list ")).count(), 30);
    }
}
