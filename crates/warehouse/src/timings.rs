//! Response times by company, minute and interval. They are samples that the nodes add up and write every few seconds, not facts of the journal: they are not
//! derived again, and lie beside the editions.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use db::{
    Error, Result, Tx,
    bulk::{self, Value},
    row,
};
use domain::{
    id::TenantId,
    response_time::{EDGES_MS, Histogram, INTERVALS, ResponseTime, TimesByMinute},
    time::{DAY, Ts},
};
use uuid::Uuid;

use crate::{definition::percentile, edition::Editions, store::SHARD, window::Window};

/// How many histograms are written in one transaction.
const AT_ONCE: usize = 500;
/// For how long minutes are kept, in milliseconds: longer than a stretch of time that can be asked about minute by minute.
pub const MINUTES_KEPT_MS: i64 = 14 * DAY;
/// For how long quarters of an hour are kept, in milliseconds: the longest stretch of time that can be asked about, and the one it is compared with.
pub const QUARTERS_KEPT_MS: i64 = 800 * DAY;

/// What is said about times: how many there were, and what half, 90%, 95% and 99% of them did not exceed, in milliseconds; `None` if there were none.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Percentiles {
    /// The number of times.
    pub count: i64,
    /// The median.
    pub p50_ms: Option<f64>,
    /// The 90th percentile.
    pub p90_ms: Option<f64>,
    /// The 95th percentile.
    pub p95_ms: Option<f64>,
    /// The 99th percentile.
    pub p99_ms: Option<f64>,
}

/// The times of one kind over several periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// What was measured.
    pub kind: ResponseTime,
    /// Over all periods together.
    pub total: Percentiles,
    /// Period by period.
    pub points: Vec<Percentiles>,
}

/// The number of times in each interval.
type Counts = [i64; INTERVALS];
/// The rows of one table: company, beginning, kind, bucket, and the number of times.
type Rows = BTreeMap<(Uuid, i64, &'static str, i64), i64>;

row! { struct Sum { piece: i64, kind: String, bucket: i64, amount: i64 } }

/// What is stored: a table, and the length of its pieces of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Minute,
    Quarter,
}

impl Level {
    const fn table(self) -> &'static str {
        match self {
            Self::Minute => "dws_timing_minute",
            Self::Quarter => "dws_timing_quarter",
        }
    }
    const fn kept_ms(self) -> i64 {
        match self {
            Self::Minute => MINUTES_KEPT_MS,
            Self::Quarter => QUARTERS_KEPT_MS,
        }
    }
}

impl Percentiles {
    fn of(counts: &Counts) -> Self {
        let at = |part| percentile(counts, &EDGES_MS, part);
        Self { count: counts.iter().sum(), p50_ms: at(0.5), p90_ms: at(0.9), p95_ms: at(0.95), p99_ms: at(0.99) }
    }
}

impl Editions {
    /// Adds times to those that are stored. If it fails, the times that are not stored are returned with the error.
    pub async fn add_timings(&self, times: TimesByMinute) -> std::result::Result<(), (Error, TimesByMinute)> {
        let mut rest: Vec<_> = times.into_iter().collect();
        while !rest.is_empty() {
            let some = &rest[..AT_ONCE.min(rest.len())];
            let (minutes, quarters) = (Arc::new(rows(some, |at| at)), Arc::new(rows(some, Ts::quarter)));
            let written = self.list().writer().write::<_, Error, _>(SHARD, move |tx| {
                Box::pin(async move {
                    add(tx, Level::Minute, &minutes).await?;
                    forget(tx, Level::Minute, &minutes).await?;
                    add(tx, Level::Quarter, &quarters).await?;
                    forget(tx, Level::Quarter, &quarters).await
                })
            });
            if let Err(error) = written.await {
                return Err((error, rest.into_iter().collect()));
            }
            rest.drain(..AT_ONCE.min(rest.len()));
        }
        Ok(())
    }

    /// The times of a company in several periods, by kind, all from one state of the store. Kinds without times are among them.
    pub async fn timings(&self, tenant: TenantId, periods: &[Window]) -> Result<Vec<Timing>> {
        let mut found: HashMap<ResponseTime, Vec<Counts>> = HashMap::new();
        let pieces = cut(periods);
        let _turn = self.turn_to_read_timings().await;
        let mut tx = self.list().snapshot().await?;
        for level in [Level::Minute, Level::Quarter] {
            let of_level: Vec<_> = pieces.iter().filter(|(is, ..)| *is == level).map(|(_, n, window)| window.piece(*n, tenant.uuid())).collect();
            let (head, tail) = sums(level);
            for Sum { piece, kind, bucket, amount } in bulk::select::<Sum>(&mut tx, head, &of_level, &tail).await? {
                let (Some(kind), Ok(piece)) = (ResponseTime::parse(&kind), usize::try_from(piece)) else { continue };
                let of_kind = found.entry(kind).or_insert_with(|| vec![[0; INTERVALS]; periods.len()]);
                let interval = EDGES_MS.partition_point(|edge| *edge < bucket).min(INTERVALS - 1);
                if let Some(count) = of_kind.get_mut(piece).and_then(|counts| counts.get_mut(interval)) {
                    *count += amount;
                }
            }
        }
        drop(tx);
        Ok(ResponseTime::EACH.iter().map(|kind| timing(*kind, found.get(kind).map(Vec::as_slice).unwrap_or_default(), periods.len())).collect())
    }
}

fn timing(kind: ResponseTime, counts: &[Counts], periods: usize) -> Timing {
    let mut all = [0; INTERVALS];
    for of_period in counts {
        for (sum, count) in all.iter_mut().zip(of_period) {
            *sum += count;
        }
    }
    let mut points: Vec<_> = counts.iter().map(Percentiles::of).collect();
    points.resize(periods, Percentiles::default());
    Timing { kind, total: Percentiles::of(&all), points }
}

/// The rows of a table for these times; `start` is the beginning of the piece of time that a minute belongs to.
fn rows(times: &[((TenantId, Ts, ResponseTime), Histogram)], start: fn(Ts) -> Ts) -> Rows {
    let mut rows = Rows::new();
    for ((tenant, minute, kind), histogram) in times {
        for (edge, count) in EDGES_MS.iter().zip(histogram.counts()).filter(|(_, count)| **count > 0) {
            *rows.entry((tenant.uuid(), start(*minute).0, kind.as_str(), *edge)).or_default() += i64::try_from(*count).unwrap_or(i64::MAX);
        }
    }
    rows
}

async fn add(tx: &mut Tx, level: Level, rows: &Rows) -> Result<()> {
    let table = level.table();
    let values: Vec<_> = rows
        .iter()
        .map(|((tenant, minute, kind, bucket), count)| {
            vec![Value::Uuid(*tenant), Value::Int(Some(*minute)), Value::Text(Some(*kind)), Value::Int(Some(*bucket)), Value::Int(Some(*count))]
        })
        .collect();
    let head = format!("INSERT INTO {table} (tenant_id, minute, kind, bucket, count) VALUES");
    let tail = format!("ON CONFLICT (tenant_id, minute, kind, bucket) DO UPDATE SET count = {table}.count + excluded.count");
    bulk::execute(tx, &head, &values, &tail).await.map(drop)
}

/// Deletes what is too old beside what was just written, company by company: the key begins with the company and the time, so mostly nothing is looked at.
async fn forget(tx: &mut Tx, level: Level, rows: &Rows) -> Result<()> {
    let mut newest: BTreeMap<Uuid, i64> = BTreeMap::new();
    for (tenant, minute, ..) in rows.keys() {
        newest.entry(*tenant).and_modify(|known| *known = (*known).max(*minute)).or_insert(*minute);
    }
    for (tenant, minute) in newest {
        let sql = format!("DELETE FROM {} WHERE tenant_id = $1 AND minute < $2", level.table());
        bulk::run(tx, sql, &[Value::Uuid(tenant), Value::Int(Some(minute - level.kept_ms()))]).await?;
    }
    Ok(())
}

/// Periods as whole quarters of an hour, and minutes at their edges.
fn cut(periods: &[Window]) -> Vec<(Level, usize, Window)> {
    let mut pieces = Vec::new();
    for (n, period) in periods.iter().enumerate() {
        let parts = match period.quarters() {
            Some(quarters) => vec![
                (Level::Minute, Window { from: period.from, to: quarters.from }),
                (Level::Quarter, quarters),
                (Level::Minute, Window { from: quarters.to, to: period.to }),
            ],
            None => vec![(Level::Minute, *period)],
        };
        pieces.extend(parts.into_iter().filter(|(_, window)| window.from < window.to).map(|(level, window)| (level, n, window)));
    }
    pieces
}

/// The statement before and after the list of pieces. Both engines name the columns of a list of values `column1`, `column2` …: number, from, to, company. SQLite
/// goes through a cross join from left to right, and so reads, for each piece, only the rows within it.
fn sums(level: Level) -> (&'static str, String) {
    (
        "SELECT w.column1 AS piece, t.kind, t.bucket, CAST(SUM(t.count) AS BIGINT) AS amount FROM (VALUES",
        format!(
            ") AS w CROSS JOIN {} t WHERE t.tenant_id = w.column4 AND t.minute >= w.column2 AND t.minute < w.column3
             GROUP BY w.column1, t.kind, t.bucket",
            level.table()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_by_the_quarter_and_its_edges_by_the_minute() {
        let minutes = |from: i64, to: i64| Window { from: Ts(from * 60_000), to: Ts(to * 60_000) };
        let told = |from, to| cut(&[minutes(from, to)]).into_iter().map(|(level, n, of)| (level, n, of.from.0 / 60_000, of.to.0 / 60_000)).collect::<Vec<_>>();
        assert_eq!(told(7, 52), [(Level::Minute, 0, 7, 15), (Level::Quarter, 0, 15, 45), (Level::Minute, 0, 45, 52)]);
        assert_eq!(told(15, 30), [(Level::Quarter, 0, 15, 30)]);
        assert_eq!(told(16, 29), [(Level::Minute, 0, 16, 29)]);
        assert_eq!(told(14, 16), [(Level::Minute, 0, 14, 16)]);
        assert_eq!(cut(&[minutes(0, 15), minutes(15, 30)]).into_iter().map(|(_, n, _)| n).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn percentiles_lie_within_their_interval() {
        let mut counts = [0; INTERVALS];
        assert_eq!(Percentiles::of(&counts), Percentiles::default());
        // 90 up to 50 ms, 10 up to 500 ms.
        (counts[2], counts[7]) = (90, 10);
        let of = Percentiles::of(&counts);
        assert_eq!((of.count, of.p90_ms, of.p95_ms), (100, Some(50.0), Some(400.0)));
        assert!(of.p50_ms.unwrap() < 50.0 && of.p99_ms.unwrap() > 400.0);
    }
}
