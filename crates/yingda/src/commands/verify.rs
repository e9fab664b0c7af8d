//! `yingda warehouse verify`

use std::{
    io::{IsTerminal as _, Write as _},
    time::Duration,
};

use anyhow::bail;
use clap::Args;
use serde::Serialize;
use server::setup::admin::{Command, Reply};
use warehouse::{Mismatch, Verified, day::Checked};

use super::place::{Installation, Place};

/// How often a day is asked for that cannot be checked yet.
const EVERY: Duration = Duration::from_millis(500);
/// How often in all; whatever cannot be checked then is reported as such.
const PATIENCE: u32 = 240;

/// What is checked.
#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    place: Place,
    /// How many days before today are checked, of every company.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=400))]
    days: u32,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

/// What is printed.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    /// How many amounts and detail rows were compared.
    rows: i64,
    /// How much of it did not fit.
    mismatches: i64,
    /// How many days could not be checked.
    unchecked: usize,
    /// Each day of each company.
    days: Vec<Checked>,
}

impl Outcome {
    fn add(&mut self, checked: Checked) {
        match &checked.verified {
            Some(Verified { amounts, rows, mismatches, .. }) => {
                self.rows += amounts + rows;
                self.mismatches += mismatches;
            }
            None => self.unchecked += 1,
        }
        self.days.push(checked);
    }

    /// Whether nothing is wrong, and everything was checked.
    fn verdict(&self) -> anyhow::Result<()> {
        match (self.mismatches, self.unchecked) {
            (0, 0) => Ok(()),
            (0, unchecked) => {
                bail!("days that could not be checked: {unchecked}; they are still being counted, or summed again after a change of the time zone")
            }
            (mismatches, _) => bail!("{mismatches} of what is stored is not what the events say; `yingda warehouse rebuild` counts everything again"),
        }
    }
}

impl Verify {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let installation = self.place.open().await?;
        let done = check(&installation, self.days).await;
        installation.close().await;
        let (outcome, mut out) = (done?, std::io::stdout());
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&outcome)?)?;
        } else {
            for line in lines(&outcome) {
                writeln!(out, "{line}")?;
            }
        }
        outcome.verdict()
    }
}

/// Checks the days of every company, one after the other.
async fn check(installation: &Installation, days: u32) -> anyhow::Result<Outcome> {
    let (mut outcome, mut patience) = (Outcome::default(), PATIENCE);
    for company in 0.. {
        for back in 1..=i64::from(days) {
            let Some(checked) = one(installation, company, back, &mut patience).await? else { return Ok(outcome) };
            if std::io::stderr().is_terminal() {
                eprint!("\r{} {} ", checked.company, checked.day);
            }
            outcome.add(checked);
        }
    }
    Ok(outcome)
}

/// Checks a day, and waits for a while if it is still being counted; `None` if there is no such company.
async fn one(installation: &Installation, company: usize, back: i64, patience: &mut u32) -> anyhow::Result<Option<Checked>> {
    loop {
        match installation.ask_one(Command::CheckDay { company, back }).await? {
            Reply::Checked(Some(Checked { verified: None, .. })) if *patience > 0 => *patience -= 1,
            Reply::Checked(checked) => return Ok(checked),
            Reply::Error(error) => bail!(error),
            _ => bail!("the server is of another release"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// The result for people.
fn lines(outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    for Checked { company, day, verified } in &outcome.days {
        match verified {
            None => lines.push(format!("{company} {day}: not checked")),
            Some(Verified { amounts, rows, events, facts, mismatches, examples, .. }) => {
                lines.push(format!("{company} {day}: {facts} facts, {events} events, {rows} rows, {amounts} amounts, {mismatches} mismatches"));
                lines.extend(examples.iter().map(line));
            }
        }
    }
    lines.push(format!("{} rows and amounts, {} mismatches", outcome.rows, outcome.mismatches));
    lines
}

fn line(Mismatch { table, indicator, dimension, part, starts_at, stored, counted }: &Mismatch) -> String {
    let told = |amount: &Option<i64>| amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string());
    format!("  {table} {indicator} {dimension}={part} at {}: stored {}, counted {}", starts_at.0, told(stored), told(counted))
}

#[cfg(test)]
mod tests {
    use domain::{id::TenantId, time::Ts};

    use super::*;

    fn checked(verified: Option<Verified>) -> Checked {
        Checked { company: TenantId::new(uuid::Uuid::nil()), day: "2026-11-19".to_owned(), verified }
    }

    #[test]
    fn a_mismatch_and_a_day_that_was_not_checked_fail_and_are_told() {
        let mut outcome = Outcome::default();
        outcome.add(checked(Some(Verified { amounts: 5, rows: 2, ..Verified::default() })));
        assert!(outcome.verdict().is_ok() && outcome.rows == 7);
        outcome.add(checked(None));
        assert!(outcome.verdict().unwrap_err().to_string().contains("could not be checked: 1;"));
        let example = Mismatch {
            table: "dws_day".to_owned(),
            indicator: "dialogue".to_owned(),
            dimension: "queue".to_owned(),
            part: "que_1".to_owned(),
            starts_at: Ts(9),
            stored: Some(3),
            counted: None,
        };
        outcome.add(checked(Some(Verified { mismatches: 1, examples: vec![example], ..Verified::default() })));
        assert!(outcome.verdict().unwrap_err().to_string().starts_with("1 of what is stored"));
        let told = lines(&outcome);
        assert!(told.contains(&"  dws_day dialogue queue=que_1 at 9: stored 3, counted -".to_owned()), "{told:?}");
        assert!(told.iter().any(|line| line.ends_with("2026-11-19: not checked")));
    }
}
