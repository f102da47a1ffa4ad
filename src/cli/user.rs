//! `vigie user`: accounts from the terminal, for who has no administrator at hand.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{Failure, with_database};
use crate::domain::Role;
use crate::features::accounts::provision::{self, NewPerson};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db;

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Invite a person and print the link to pass on (72 hours, once)
    Invite(Invite),
    /// Print a link that opens a person's account again (1 hour, once)
    Reset {
        /// E-mail address of the person
        email: String,
    },
    /// Close a person's sessions and account; what they did stays signed
    Suspend {
        /// E-mail address of the person
        email: String,
    },
    /// List the accounts
    List,
}

/// A person to invite.
#[derive(Debug, Args)]
pub struct Invite {
    /// E-mail address of sign-in
    email: String,
    /// First and last name
    #[arg(long)]
    name: String,
    /// admin, staff, adviser or elected
    #[arg(long, value_parser = |code: &str| code.parse::<Role>().map_err(|_| "admin, staff, adviser or elected"))]
    role: Role,
    /// Organisation of the person, such as "CCI du Tarn"
    #[arg(long)]
    organisation: String,
    /// SIREN of a territory given to an adviser; repeat for several
    #[arg(long)]
    territory: Vec<String>,
}

/// Carries out the command and prints its outcome.
pub async fn run(config: Config, command: UserCommand) -> Result<ExitCode, Failure> {
    let now = Clock::system().now();
    let base_url = config.base_url.clone();
    let lines = with_database(&config, async |server| {
        db::migrate(server.options()).await?;
        let pool = db::pool(server.options().clone());
        Ok(match command {
            UserCommand::Invite(person) => {
                let path = provision::invite(&pool, person.into(), now).await?;
                vec![
                    "Link of the invitation (72 hours, once):".to_owned(),
                    base_url.link(&path),
                ]
            }
            UserCommand::Reset { email } => {
                let path = provision::reset(&pool, &email, now).await?;
                vec![
                    "Link of the account (once):".to_owned(),
                    base_url.link(&path),
                ]
            }
            UserCommand::Suspend { email } => {
                let name = provision::suspend(&pool, &email, now).await?;
                vec![format!("{name} is suspended; their sessions are closed.")]
            }
            UserCommand::List => {
                let people = provision::list(&pool).await?;
                let line = |p: &provision::UserLine| {
                    format!(
                        "{:<40} {:<9} {:<8} {}",
                        p.email, p.status, p.role, p.full_name
                    )
                };
                people.iter().map(line).collect()
            }
        })
    })
    .await?;
    for line in lines {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

impl From<Invite> for NewPerson {
    fn from(person: Invite) -> Self {
        Self {
            email: person.email,
            name: person.name,
            role: person.role,
            organisation: person.organisation,
            territories: person.territory,
        }
    }
}
