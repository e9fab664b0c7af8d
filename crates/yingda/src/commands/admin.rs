//! `yingda admin …`

use std::path::PathBuf;

use anyhow::bail;
use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use domain::staff::Role;
use platform::seal_key::SealKey;
use server::setup::admin::{Command, Reply};
use team::staff::new_member::NewMember;

use super::place::Place;

/// Administrative commands for the terminal.
#[derive(Args)]
pub struct Admin {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Print a one-time link that signs a member of the staff in.
    SignInLink {
        #[command(flatten)]
        place: Place,
        /// The member's role; without --email, the first member with it.
        #[arg(long, value_parser = built_in_role())]
        role: Role,
        /// The e-mail address of the member.
        #[arg(long)]
        email: Option<String>,
        /// The company's short name; by default the one at the root of the address.
        #[arg(long)]
        company: Option<String>,
    },
    /// Add a member of the staff and print their one-time link.
    AddStaff {
        #[command(flatten)]
        place: Place,
        /// The role.
        #[arg(long, value_parser = built_in_role())]
        role: Role,
        /// The name customers see.
        #[arg(long)]
        name: String,
        /// The e-mail address to sign in with.
        #[arg(long)]
        email: String,
        /// The number customers see; by default the next free one.
        #[arg(long)]
        number: Option<String>,
        /// The maximum number of conversations at once.
        #[arg(long, default_value_t = 5)]
        capacity: i64,
        /// The company's short name; by default the one at the root of the address.
        #[arg(long)]
        company: Option<String>,
    },
    /// Remove the second step of a member of the staff (authenticator app, recovery codes and passkeys), and sign them out everywhere.
    /// For the last administrator, whom nobody else can help.
    ResetSecondStep {
        #[command(flatten)]
        place: Place,
        /// The e-mail address of the member.
        #[arg(long)]
        email: String,
        /// The company's short name; by default the one at the root of the address.
        #[arg(long)]
        company: Option<String>,
    },
    /// Declare that the record was restored in a way the program cannot detect, such as from a
    /// snapshot of the whole disk: clients load everything again, and everyone has to sign in again.
    NewGeneration {
        #[command(flatten)]
        place: Place,
    },
    /// Make a sealing key; all nodes on one PostgreSQL need the same one.
    NewSealKey {
        /// The file to create; it must not exist yet.
        file: PathBuf,
    },
}

/// A built-in role, by its name.
fn built_in_role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::BUILT_IN.into_iter().filter_map(Role::name)).try_map(|name| Role::parse(&name).ok_or("no role has this name"))
}

impl Admin {
    /// Runs the command and prints its result alone on a line; for a key, the fingerprint.
    pub async fn run(self) -> anyhow::Result<()> {
        let (place, command) = match self.command {
            AdminCommand::SignInLink { place, role, email, company } => (place, Command::SignInLink { role, email, company }),
            AdminCommand::AddStaff { place, role, name, email, number, capacity, company } => {
                (place, Command::AddStaff { new: NewMember { role, name, email, number, capacity }, company })
            }
            AdminCommand::ResetSecondStep { place, email, company } => (place, Command::ResetSecondStep { email, company }),
            AdminCommand::NewGeneration { place } => (place, Command::NewGeneration),
            AdminCommand::NewSealKey { file } => {
                println!("{}", SealKey::make(&file)?.fingerprint());
                return Ok(());
            }
        };
        match place.open().await?.ask(command).await? {
            Reply::Link(link) => println!("{}", link.url),
            Reply::SecondStepReset(member) => println!("{member}"),
            Reply::AddedCompany(added) => println!("{}", added.sign_in_link),
            Reply::Company(company) => println!("{company}"),
            Reply::Limits(limits) => println!("{}", serde_json::to_string(&limits)?),
            Reply::OperatorLink(link) => println!("{}", link.url),
            Reply::Token(made) => println!("{}", made.secret),
            Reply::Revoked(id) => println!("{id}"),
            Reply::Generation(fresh) => println!("generation {fresh}: all clients start over, and everybody has to sign in again"),
            Reply::Files(files) => println!("{}", files.display()),
            Reply::Erased(erased) => println!("{}", erased.erased),
            Reply::Signature(signature) => println!("{signature}"),
            Reply::Noted => println!("noted"),
            Reply::Panel(state) => println!("{}", serde_json::to_string(&state)?),
            Reply::AuditVerified(verified) => println!("{}", serde_json::to_string(&verified)?),
            Reply::Transfer(progress) => println!("{}", serde_json::to_string(&progress)?),
            Reply::Checked(checked) => println!("{}", serde_json::to_string(&checked)?),
            Reply::Error(error) => bail!(error),
        }
        Ok(())
    }
}
