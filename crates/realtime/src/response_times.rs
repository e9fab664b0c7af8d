//! Collects response times in memory: by company until they are written to the panel's store, and of the whole process for its metrics. They are samples: what
//! was not written yet is lost with the process.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{
    id::TenantId,
    response_time::{Histogram, ResponseTime, TimesByMinute},
    time::Ts,
};
use tokio::time::Instant;

/// The whole milliseconds since a moment.
pub fn ms_since(begun: Instant) -> i64 {
    i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// The most histograms that wait to be written; beyond that, times are counted for the process only.
const WAITING: usize = 20_000;

/// The response times noted on this node.
#[derive(Debug, Default)]
pub struct ResponseTimes(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    waiting: TimesByMinute,
    process: BTreeMap<ResponseTime, Histogram>,
}

impl Noted {
    fn merge(&mut self, key: (TenantId, Ts, ResponseTime), times: &Histogram) {
        if let Some(known) = self.waiting.get_mut(&key) {
            known.merge(times);
        } else if self.waiting.len() < WAITING {
            self.waiting.insert(key, *times);
        }
    }
}

impl ResponseTimes {
    /// Notes a time in milliseconds; without a company, for the process only.
    pub fn note(&self, tenant: Option<TenantId>, kind: ResponseTime, ms: i64, now: Ts) {
        let mut times = Histogram::default();
        times.add(ms);
        self.add(tenant, kind, &times, now);
    }
    /// Notes several times.
    pub fn add(&self, tenant: Option<TenantId>, kind: ResponseTime, times: &Histogram, now: Ts) {
        let mut noted = self.lock();
        noted.process.entry(kind).or_default().merge(times);
        if let Some(tenant) = tenant {
            noted.merge((tenant, now.minute(), kind), times);
        }
    }
    /// Takes out what waits to be written.
    pub fn take(&self) -> TimesByMinute {
        mem::take(&mut self.lock().waiting)
    }
    /// Puts back what could not be written.
    pub fn put_back(&self, times: TimesByMinute) {
        let mut noted = self.lock();
        for (key, times) in times {
            noted.merge(key, &times);
        }
    }
    /// What was noted since the start of the process; kinds of which nothing was noted are missing.
    pub fn of_process(&self) -> BTreeMap<ResponseTime, Histogram> {
        self.lock().process.clone()
    }
    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use domain::time::MINUTE;
    use uuid::Uuid;

    use super::*;

    fn tenant(n: u128) -> TenantId {
        TenantId::new(Uuid::from_u128(n))
    }

    #[test]
    fn times_are_kept_by_company_and_minute_until_they_are_taken() {
        let times = ResponseTimes::default();
        for (of, at) in [(1, 0), (1, 59_999), (1, MINUTE), (2, 0)] {
            times.note(Some(tenant(of)), ResponseTime::Page, 100, Ts(at));
        }
        times.note(None, ResponseTime::Page, 100, Ts(0));
        let taken = times.take();
        let counts: Vec<_> = taken.iter().map(|((of, minute, _), times)| (*of, minute.0, times.count())).collect();
        assert_eq!(counts, [(tenant(1), 0, 2), (tenant(1), MINUTE, 1), (tenant(2), 0, 1)]);
        assert!(times.take().is_empty());
        assert_eq!(times.of_process()[&ResponseTime::Page].count(), 5, "the process counts those without a company as well");
        times.note(Some(tenant(1)), ResponseTime::Page, 100, Ts(0));
        times.put_back(taken);
        assert_eq!(times.take()[&(tenant(1), Ts(0), ResponseTime::Page)].count(), 3);
        assert_eq!(times.of_process()[&ResponseTime::Page].count(), 6, "what is put back is not counted twice");
    }

    #[test]
    fn no_more_wait_than_there_is_room_for() {
        let times = ResponseTimes::default();
        for minute in 0..=WAITING as i64 {
            times.note(Some(tenant(1)), ResponseTime::Page, 100, Ts(minute * MINUTE));
        }
        times.note(Some(tenant(1)), ResponseTime::Page, 100, Ts(0));
        let taken = times.take();
        assert_eq!((taken.len(), taken[&(tenant(1), Ts(0), ResponseTime::Page)].count()), (WAITING, 2), "what is known goes on");
        assert_eq!(times.of_process()[&ResponseTime::Page].count(), WAITING as u64 + 2);
    }
}
