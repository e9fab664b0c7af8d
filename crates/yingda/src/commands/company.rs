//! `yingda company …`

use std::{io::IsTerminal as _, path::PathBuf, time::Duration};

use anyhow::bail;
use clap::{Args, Subcommand};
use http_kit::transfer::{Ended, Progress};
use serde_json::Value;
use server::setup::{
    admin::{Command, Reply},
    companies::{AddCompany, CompanyLimitsChange},
    transfers::{NewTransfer, Passphrase},
};

use super::place::{Installation, Place};
use crate::passphrase;

/// How often it is asked how it is going.
const EVERY: Duration = Duration::from_millis(200);

/// Companies of the installation.
#[derive(Args)]
pub struct Company {
    #[command(subcommand)]
    command: CompanyCommand,
}

#[derive(Subcommand)]
enum CompanyCommand {
    /// Add a company and print a one-time link that signs its administrator in.
    Add {
        #[command(flatten)]
        place: Place,
        /// Its name.
        #[arg(long)]
        name: String,
        /// Its short name, which stands in its address: /o/SLUG/.
        #[arg(long)]
        slug: String,
        /// A host name of its own, such as service.shop.example; the proxy has to pass it on.
        #[arg(long)]
        host: Option<String>,
        /// The e-mail address of its administrator.
        #[arg(long)]
        email: Option<String>,
        /// Print the id of the company and the link as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Suspend a company: nobody is served, and nothing is lost.
    Suspend {
        #[command(flatten)]
        place: Place,
        /// Its short name.
        #[arg(long)]
        slug: String,
    },
    /// Have a suspended company served again.
    Resume {
        #[command(flatten)]
        place: Place,
        /// Its short name.
        #[arg(long)]
        slug: String,
    },
    /// Say what a company may use: members, sites, messages of its customers a day (UTC), bytes of files. What is not named stays.
    Limit {
        #[command(flatten)]
        place: Place,
        /// Its short name.
        #[arg(long)]
        slug: String,
        /// The most members of the staff who are not disabled, or `none`.
        #[arg(long, value_name = "N", value_parser = limit)]
        seats: Option<Limit>,
        /// The most sites, or `none`.
        #[arg(long, value_name = "N", value_parser = limit)]
        sites: Option<Limit>,
        /// The most messages that its customers write on a day (UTC), or `none`.
        #[arg(long, value_name = "N", value_parser = limit)]
        messages: Option<Limit>,
        /// The most text messages that are sent for it on a day (UTC), or `none` for as many as the settings allow.
        #[arg(long, value_name = "N", value_parser = limit)]
        texts: Option<Limit>,
        /// The most bytes of files, or `none`.
        #[arg(long, value_name = "BYTES", value_parser = limit)]
        storage: Option<Limit>,
        /// Print the limits as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a company with everything in it into a new folder, sealed under a passphrase. The server writes the files.
    Export {
        #[command(flatten)]
        place: Place,
        /// The company's short name.
        #[arg(long)]
        slug: String,
        /// The folder to create; it must not exist yet, or be empty.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// A file whose first line is the passphrase, of at least 12 characters. Without the passphrase nobody can read the archive.
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
        /// Print the result as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Bring a company in from a folder that `company export` wrote, here or elsewhere. It is visible when all of it is here.
    Import {
        #[command(flatten)]
        place: Place,
        /// The folder.
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// The short name that the company is to have; by default the one it had.
        #[arg(long)]
        slug: Option<String>,
        /// A file whose first line is the passphrase.
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
        /// Print the result as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Erase a company with everything in it, for good.
    Erase {
        #[command(flatten)]
        place: Place,
        /// The company's short name.
        #[arg(long)]
        slug: String,
        /// The short name once more.
        #[arg(long, value_name = "SLUG")]
        confirm: String,
        /// Print the result as one JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// A limit that is set: a number, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limit(Option<i64>);

fn limit(text: &str) -> Result<Limit, String> {
    let number = || text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "a limit is a number from 1 on, or `none`".to_owned());
    if text == "none" { Ok(Limit(None)) } else { number().map(|number| Limit(Some(number))) }
}

impl Company {
    /// Runs the command and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        let (place, new, json) = match self.command {
            CompanyCommand::Add { place, name, slug, host, email, json } => {
                return ask(place, Command::AddCompany(AddCompany { name, slug, host, email }), json).await;
            }
            CompanyCommand::Suspend { place, slug } => return ask(place, Command::SuspendCompany { slug, is_suspended: true }, false).await,
            CompanyCommand::Resume { place, slug } => return ask(place, Command::SuspendCompany { slug, is_suspended: false }, false).await,
            CompanyCommand::Limit { place, slug, seats, sites, messages, texts, storage, json } => {
                let [seats, sites, daily_messages, daily_texts, storage] =
                    [seats, sites, messages, texts, storage].map(|limit| limit.map(|Limit(limit)| limit));
                let limits = CompanyLimitsChange { seats, sites, daily_messages, daily_texts, storage };
                return ask(place, Command::LimitCompany { slug, limits }, json).await;
            }
            CompanyCommand::Export { place, slug, out, passphrase_file, json } => {
                (place, NewTransfer::Export { slug, out: std::path::absolute(out)?, passphrase: Passphrase(passphrase::read(&passphrase_file)?) }, json)
            }
            CompanyCommand::Import { place, from, slug, passphrase_file, json } => {
                (place, NewTransfer::Import { from: std::path::absolute(from)?, passphrase: Passphrase(passphrase::read(&passphrase_file)?), slug }, json)
            }
            CompanyCommand::Erase { place, slug, confirm, json } => (place, NewTransfer::Erase { slug, confirm }, json),
        };
        let installation = place.open().await?;
        let done = transfer(&installation, new).await;
        installation.close().await;
        let report = done?;
        println!("{}", if json { report.to_string() } else { in_words(&report) });
        Ok(())
    }
}

/// Runs a command that is done at once, and prints its result alone on a line.
async fn ask(place: Place, command: Command, as_json: bool) -> anyhow::Result<()> {
    match place.open().await?.ask(command).await? {
        Reply::AddedCompany(added) if as_json => println!("{}", serde_json::to_string(&added)?),
        Reply::AddedCompany(added) => println!("{}", added.sign_in_link),
        Reply::Company(company) => println!("{company}"),
        Reply::Limits(limits) if as_json => println!("{}", serde_json::to_string(&limits)?),
        Reply::Limits(limits) => println!("{}", in_words(&serde_json::to_value(limits)?)),
        Reply::Error(error) => bail!(error),
        _ => bail!("the server is of another release"),
    }
    Ok(())
}

/// Begins it, waits until it has ended, and returns the report.
async fn transfer(installation: &Installation, new: NewTransfer) -> anyhow::Result<Value> {
    let mut command = Command::BeginTransfer(new);
    loop {
        let progress = match installation.ask_one(command).await? {
            Reply::Transfer(Some(progress)) => progress,
            Reply::Transfer(None) => bail!("the server was started anew in the meantime: what had begun is undone or finished by it"),
            Reply::Error(error) => bail!(error),
            _ => bail!("the server is of another release"),
        };
        match progress {
            Progress { ended: Some(Ended::Done(report)), .. } => return Ok(report),
            Progress { ended: Some(Ended::Failed(why)), .. } => bail!(why),
            Progress { step, done, .. } if std::io::stderr().is_terminal() => eprint!("\r{step} {done}          "),
            _ => {}
        }
        tokio::time::sleep(EVERY).await;
        command = Command::TransferProgress;
    }
}

/// The report for people: one line for each field.
fn in_words(report: &Value) -> String {
    let Some(fields) = report.as_object() else { return report.to_string() };
    let told = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = |(name, value): (&String, &Value)| match value.as_array() {
        None => vec![format!("{name}: {}", told(value))],
        Some(places) => places
            .iter()
            .map(|place| format!("  {}: {}", told(place.get("place").unwrap_or(&Value::Null)), place.get("count").unwrap_or(&Value::Null)))
            .collect(),
    };
    fields.iter().flat_map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_report_names_each_place_with_its_count() {
        let report = json!({"erased": "org_1", "files": 2, "places": [{"place": "goods", "count": 3}]});
        assert_eq!(in_words(&report), "erased: org_1\nfiles: 2\n  goods: 3");
    }

    #[test]
    fn a_limit_is_a_number_from_one_on_or_none() {
        assert_eq!((limit("5"), limit("none")), (Ok(Limit(Some(5))), Ok(Limit(None))));
        for none in ["0", "-1", "many", "", "1.5"] {
            assert!(limit(none).is_err(), "{none}");
        }
    }
}
