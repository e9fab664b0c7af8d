//! What every simulated world keeps: the time, the agenda, randomness, the trace, and the violations.

use std::collections::BTreeMap;

use domain::time::Ts;

use crate::random::Random;

/// The diary of one seed's world, in which an `H` happens at a time.
pub struct Diary<H> {
    /// The current time.
    pub now: Ts,
    /// The source of randomness.
    pub random: Random,
    /// The number of things that were put on the agenda so far.
    pub events: u64,
    /// What must never happen, and did.
    pub violations: Vec<String>,
    /// What happened, if a trace is wanted.
    trace: Option<Vec<String>>,
    beginning: Ts,
    agenda: BTreeMap<(Ts, u64), H>,
}

impl<H> Diary<H> {
    /// An empty diary.
    pub fn new(beginning: Ts, random: Random, traced: bool) -> Self {
        Self { now: beginning, random, events: 0, violations: Vec::new(), trace: traced.then(Vec::new), beginning, agenda: BTreeMap::new() }
    }

    /// Puts something on the agenda, this many milliseconds from now.
    pub fn after(&mut self, ms: i64, what: H) {
        self.at(self.now.plus(ms), what);
    }

    /// Puts something on the agenda, not before now.
    pub fn at(&mut self, at: Ts, what: H) {
        self.events += 1;
        self.agenda.insert((at.max(self.now), self.events), what);
    }

    /// Takes the next thing from the agenda, and moves the time to it.
    pub fn next(&mut self) -> Option<H> {
        let ((at, _), what) = self.agenda.pop_first()?;
        self.now = at;
        Some(what)
    }

    /// Whether the next thing on the agenda happens by a time.
    pub fn is_next_by(&self, until: Ts) -> bool {
        self.agenda.first_key_value().is_some_and(|((at, _), _)| *at <= until)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.random.below(n as u64) as usize
    }

    /// Adds a line to the trace.
    pub fn tell(&mut self, what: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>10} {}", self.now.since(self.beginning), what()));
        }
    }

    /// Records a violation.
    pub fn violate(&mut self, what: String) {
        self.tell(|| format!("VIOLATION {what}"));
        self.violations.push(what);
    }

    /// Whether there has been no violation so far.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    /// How long the world has lasted.
    pub fn lasted_ms(&self) -> i64 {
        self.now.since(self.beginning)
    }

    /// The trace, line by line, and the violations.
    pub fn close(self) -> (Vec<String>, Vec<String>) {
        (self.trace.unwrap_or_default(), self.violations)
    }
}
