//! `yingda person …`

use anyhow::bail;
use clap::{Args, Subcommand};
use server::setup::admin::{Command, Reply};

use super::place::Place;

/// The rights of a person.
#[derive(Args)]
pub struct Person {
    #[command(subcommand)]
    command: PersonCommand,
}

#[derive(Subcommand)]
enum PersonCommand {
    /// Erase what a person said and who they are, for good, and print what was erased from where.
    Erase {
        #[command(flatten)]
        place: Place,
        /// The company's short name; may be left out if there is only one.
        #[arg(long)]
        company: Option<String>,
        #[command(flatten)]
        subject: Subject,
        /// The number of a message in the conversation: only that is erased.
        #[arg(long, value_name = "SEQ", requires = "conversation")]
        message: Option<i64>,
        /// Print the result as one JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// What is erased.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Subject {
    /// The id of a customer, with the account and everything they said.
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// The id of a visitor, with everything they said.
    #[arg(long, value_name = "ID")]
    visitor: Option<String>,
    /// The id of a conversation.
    #[arg(long, value_name = "ID")]
    conversation: Option<String>,
}

impl Person {
    /// Runs the command and prints its result.
    pub async fn run(self) -> anyhow::Result<()> {
        let PersonCommand::Erase { place, company, subject, message, json } = self.command;
        let Subject { customer, visitor, conversation } = subject;
        let wanted = [("cst_", customer), ("vst_", visitor), ("cnv_", conversation)];
        let Some((prefix, id)) = wanted.into_iter().find_map(|(prefix, id)| Some((prefix, id?))) else { bail!("name what is to be erased") };
        if !id.starts_with(prefix) {
            bail!("{id:?} is not an id that begins with {prefix}");
        }
        match place.open().await?.ask(Command::ErasePerson { company, id, message }).await? {
            Reply::Erased(erased) if json => println!("{}", serde_json::to_string(&erased)?),
            Reply::Erased(erased) => {
                println!("{}", erased.erased);
                for place in erased.places {
                    println!("{:>8}  {}", place.count, place.place);
                }
            }
            Reply::Error(error) => bail!(error),
            _ => bail!("the server answered something else; is it of the same version?"),
        }
        Ok(())
    }
}
