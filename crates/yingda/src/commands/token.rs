//! `yingda token …`

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::{
    api_token::Holding,
    time::{DAY, HOUR},
};
use server::setup::{
    admin::{Command, Reply},
    tokens::NewToken,
};

use super::place::Place;

/// Tokens of programs.
#[derive(Args)]
pub struct Token {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token and print its secret, which is not shown again.
    Create {
        #[command(flatten)]
        place: Place,
        /// The company's short name; may be left out if there is only one.
        #[arg(long)]
        company: Option<String>,
        /// The program it is for.
        #[arg(long)]
        name: String,
        /// What it may do and how far that reaches, such as desk:company; see docs/PERMISSIONS.md. Several reaches are separated by commas.
        #[arg(long = "permission", value_name = "PERMISSION:REACH", num_args = 1.., required = true)]
        permissions: Vec<String>,
        /// The addresses it may be used from, such as 203.0.113.0/24; by default all.
        #[arg(long = "from", value_name = "RANGE", num_args = 1..)]
        ranges: Vec<String>,
        /// For how long it is valid, such as 90d or 12h; by default for ever.
        #[arg(long, value_name = "DURATION")]
        expires: Option<String>,
    },
    /// Revoke a token and print its id. Its connections end at once.
    Revoke {
        #[command(flatten)]
        place: Place,
        /// The company's short name; may be left out if there is only one.
        #[arg(long)]
        company: Option<String>,
        /// The id of the token, or its name.
        token: String,
    },
}

impl Token {
    /// Runs the command and prints its result alone on a line.
    pub async fn run(self) -> anyhow::Result<()> {
        let (place, command) = match self.command {
            TokenCommand::Create { place, company, name, permissions, ranges, expires } => {
                let life_ms = expires.map(|expires| duration(&expires)).transpose()?;
                (place, Command::CreateToken(NewToken { company, name, permissions: holding(&permissions)?, ranges, life_ms }))
            }
            TokenCommand::Revoke { place, company, token } => (place, Command::RevokeToken { company, token }),
        };
        match place.open().await?.ask(command).await? {
            Reply::Token(made) => println!("{}", made.secret),
            Reply::Revoked(id) => println!("{id}"),
            Reply::Error(error) => bail!(error),
            _ => bail!("the server answered something else; is it of the same version?"),
        }
        Ok(())
    }
}

/// Parses `desk:own,company`.
fn holding(permissions: &[String]) -> anyhow::Result<Holding> {
    let mut holds = Holding::default();
    for one in permissions {
        let (name, reach) = one.split_once(':').with_context(|| format!("{one:?} does not say how far it reaches: write {one}:company, for instance"))?;
        holds.0.entry(name.to_owned()).or_default().extend(reach.split(',').map(str::to_owned));
    }
    Ok(holds)
}

/// Parses a number of days or hours into milliseconds.
fn duration(text: &str) -> anyhow::Result<i64> {
    let (number, unit) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let unit = match unit {
        "d" => DAY,
        "h" => HOUR,
        _ => bail!("{text:?} is no duration: write 90d for days, or 12h for hours"),
    };
    let number: i64 = number.parse().with_context(|| format!("{text:?} is no duration: write 90d for days, or 12h for hours"))?;
    number.checked_mul(unit).with_context(|| format!("{text:?} is too long"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_and_durations_are_read() {
        let read = holding(&["desk:own,company".to_owned(), "integrations:company".to_owned()]).unwrap();
        assert_eq!(read.0["desk"], ["own", "company"]);
        assert!(holding(&["desk".to_owned()]).is_err());
        assert_eq!([duration("90d").unwrap(), duration("12h").unwrap()], [90 * DAY, 12 * HOUR]);
        for bad in ["", "d", "90", "9x", "90 d", "天", "9天", "9999999999999999d"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
