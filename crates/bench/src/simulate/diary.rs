//! What every simulated world keeps: the time, what happens next, chance, what happened, and what must never be.

use std::collections::BTreeMap;

use domain::time::Ts;

use crate::random::Random;

/// The diary of one seed's world, in which an `H` happens at a time.
pub struct Diary<H> {
    /// The present moment.
    pub now: Ts,
    /// Chance.
    pub random: Random,
    /// Things that were put on the agenda so far.
    pub events: u64,
    /// What must never be and was.
    pub violations: Vec<String>,
    /// What happened, if anybody wants to know.
    trace: Option<Vec<String>>,
    beginning: Ts,
    agenda: BTreeMap<(Ts, u64), H>,
}

impl<H> Diary<H> {
    /// An empty one.
    pub fn new(beginning: Ts, random: Random, traced: bool) -> Self {
        Self { now: beginning, random, events: 0, violations: Vec::new(), trace: traced.then(Vec::new), beginning, agenda: BTreeMap::new() }
    }

    /// Puts something on the agenda.
    pub fn after(&mut self, ms: i64, what: H) {
        self.at(self.now.plus(ms), what);
    }

    /// Puts something on the agenda, not before now.
    pub fn at(&mut self, at: Ts, what: H) {
        self.events += 1;
        self.agenda.insert((at.max(self.now), self.events), what);
    }

    /// What happens next; it is then.
    pub fn next(&mut self) -> Option<H> {
        let ((at, _), what) = self.agenda.pop_first()?;
        self.now = at;
        Some(what)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.random.below(n as u64) as usize
    }

    /// Notes a line of the trace.
    pub fn tell(&mut self, what: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>10} {}", self.now.since(self.beginning), what()));
        }
    }

    /// Notes what must never be.
    pub fn violate(&mut self, what: String) {
        self.tell(|| format!("VIOLATION {what}"));
        self.violations.push(what);
    }

    /// Whether nothing was wrong so far.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    /// How long it has lasted.
    pub fn lasted_ms(&self) -> i64 {
        self.now.since(self.beginning)
    }

    /// What happened, line by line, and what must never be and was.
    pub fn close(self) -> (Vec<String>, Vec<String>) {
        (self.trace.unwrap_or_default(), self.violations)
    }
}
