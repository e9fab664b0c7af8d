//! `yingda audit …`

use std::io::Write as _;

use anyhow::bail;
use clap::{Args, Subcommand};
use http_kit::audit::verify::{Altered, Place as VerifiedUntil, Why};
use serde::Serialize;
use server::setup::admin::{Command, Reply, VerifiedAudit};

use super::place::{Installation, Place};

/// Commands for the audit: who did what in each company.
#[derive(Args)]
pub struct AuditCommand {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand)]
enum Subcommands {
    /// Look for entries that were changed, removed, exchanged or cut off since they were written. Fails if there are any. Changes nothing, also beside a running
    /// server.
    Verify {
        #[command(flatten)]
        place: Place,
        /// Verify only the company with this short name.
        #[arg(long, value_name = "SLUG")]
        company: Option<String>,
        /// Print the result as one JSON object: `{entries, altered: [{company, seq, why}]}`.
        #[arg(long)]
        json: bool,
    },
}

/// What is printed.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    /// How many entries were verified.
    entries: i64,
    /// Those that were altered.
    altered: Vec<Altered>,
}

impl AuditCommand {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let Subcommands::Verify { place, company, json } = self.command;
        let installation = place.open().await?;
        let done = verify(&installation, company.as_deref()).await;
        installation.close().await;
        let (outcome, mut out) = (done?, std::io::stdout());
        if json {
            writeln!(out, "{}", serde_json::to_string(&outcome)?)?;
        } else {
            for line in lines(&outcome) {
                writeln!(out, "{line}")?;
            }
        }
        match outcome.altered.len() {
            0 => Ok(()),
            altered => bail!("altered entries: {altered}; compare them with a backup of before"),
        }
    }
}

/// Verifies the audits of all companies or of one, part by part.
async fn verify(installation: &Installation, only: Option<&str>) -> anyhow::Result<Outcome> {
    let (mut outcome, mut is_known) = (Outcome::default(), only.is_none());
    for company in 0.. {
        let mut from = Some(VerifiedUntil::default());
        while let Some(place) = from {
            let command = Command::VerifyAudit { company, only: only.map(str::to_owned), from: place };
            let verified = match installation.ask_one(command).await? {
                Reply::AuditVerified(Some(VerifiedAudit { verified, .. })) => verified,
                Reply::AuditVerified(None) if is_known => return Ok(outcome),
                Reply::AuditVerified(None) => bail!("there is no company with the short name {}", only.unwrap_or_default()),
                Reply::Error(error) => bail!(error),
                _ => bail!("the server is of another release"),
            };
            is_known |= verified.is_some();
            let verified = verified.unwrap_or_default();
            outcome.entries += verified.entries;
            outcome.altered.extend(verified.altered);
            from = verified.next;
        }
    }
    Ok(outcome)
}

/// The result for people.
fn lines(Outcome { entries, altered }: &Outcome) -> Vec<String> {
    let line = |Altered { company, seq, why }: &Altered| format!("{company}: entry {seq} {}", in_words(*why));
    altered.iter().map(line).chain([format!("{entries} entries, {} altered", altered.len())]).collect()
}

const fn in_words(why: Why) -> &'static str {
    match why {
        Why::Removed => "is missing",
        Why::Changed => "is not what was written, or not where it was written",
        Why::Unreadable => "has details that are not what was sealed",
        Why::Unsigned => "is the last one, and the log was not signed with it",
        Why::Unlisted => "is not found by a search",
        Why::Unanchored => "is said to be the last one deleted under the retention rule, which was not signed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_altered_is_told_with_its_company_and_number() {
        let altered = vec![Altered { company: "main".to_owned(), seq: 7, why: Why::Removed }];
        let outcome = Outcome { entries: 9, altered };
        assert_eq!(lines(&outcome), ["main: entry 7 is missing", "9 entries, 1 altered"]);
        let json = serde_json::to_value(&outcome).unwrap();
        assert_eq!(json, serde_json::json!({"entries": 9, "altered": [{"company": "main", "seq": 7, "why": "removed"}]}));
    }
}
