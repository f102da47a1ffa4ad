//! Accounts made from outside the pages: the first start, the demonstration, the command line.

use chrono::{DateTime, Utc};
use rand::RngExt as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::forms::{parse_email, parse_name};
use super::jobs::purpose_for;
use super::queries;
pub use super::queries::UserLine;
use crate::auth::audit::{self, Acting};
use crate::auth::directory::{self, Rights};
use crate::auth::links::{self, Purpose};
use crate::auth::password;
use crate::domain::{OrganisationKind, Role};
use crate::features::organisations;
use crate::platform::db;

/// Why a command on accounts was not carried out. For the terminal, in English.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address has not the shape of one.
    #[error("`{0}` is not an e-mail address")]
    Email(String),
    /// The name is empty or too long.
    #[error("the name must hold 1 to 120 characters")]
    Name,
    /// The address has an account already.
    #[error("`{0}` already has an account")]
    Known(String),
    /// Nobody has this address.
    #[error("nobody has the address `{0}`")]
    Unknown(String),
    /// No such territory.
    #[error("no territory has the SIREN `{0}`")]
    Territory(String),
    /// An adviser without a territory would see nothing.
    #[error("an adviser needs at least one --territory")]
    NoTerritory,
    /// The account is suspended.
    #[error("this account is suspended; reactivate it on the users page first")]
    Suspended,
    /// It is the last active administrator.
    #[error("this is the last active administrator")]
    LastAdministrator,
    /// The database.
    #[error("the database refused: {0}")]
    Sql(#[from] sqlx::Error),
}

/// Path of a link to give to someone; the caller puts the configured address before it.
fn path(token: &crate::auth::token::Token) -> String {
    format!("/lien/{}", token.as_str())
}

/// On a service without an active administrator, the path of the link that creates the first one
/// (24 hours, once; each call kills the links made before). `None` if there is an administrator.
pub async fn first_administrator_link(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    if directory::has_administrator(conn).await? {
        return Ok(None);
    }
    let token = links::issue(conn, Purpose::FirstAdministrator, None, now).await?;
    Ok(Some(path(&token)))
}

/// A person to invite from the command line.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Address of sign-in.
    pub email: String,
    /// First and last name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Name of the organisation, added if nobody had written it yet.
    pub organisation: String,
    /// SIREN of the territories, for an adviser.
    pub territories: Vec<String>,
}

/// Invites a person; gives the path of the link to pass on (72 hours).
pub async fn invite(pool: &PgPool, person: NewPerson, now: DateTime<Utc>) -> Result<String, Error> {
    let email = parse_email(&person.email).map_err(|_| Error::Email(person.email))?;
    let full_name = parse_name(&person.name).map_err(|_| Error::Name)?;
    let organisation = parse_name(&person.organisation).map_err(|_| Error::Name)?;
    let mut tx = db::begin(pool).await?;
    audit::sign(&mut tx, &Acting::command()).await?;
    if directory::by_email(&mut tx, &email).await?.is_some() {
        return Err(Error::Known(email));
    }
    let territories = territories(&mut tx, person.role, person.territories).await?;
    let rights = Rights {
        email,
        full_name,
        role: person.role,
        organisation_id: organisations::provide(&mut tx, &organisation, OrganisationKind::Other)
            .await?,
        territories,
    };
    let id = directory::invite(&mut tx, &rights, now).await?;
    let token = links::issue(&mut tx, Purpose::Invitation, Some(id), now).await?;
    tx.commit().await?;
    Ok(path(&token))
}

async fn territories(
    conn: &mut PgConnection,
    role: Role,
    wanted: Vec<String>,
) -> Result<Vec<String>, Error> {
    if !role.is_territorial() {
        return Ok(Vec::new());
    }
    let known = queries::territories(conn).await?;
    let is_known = |siren: &String| known.iter().any(|choice| choice.value == *siren);
    match wanted.iter().find(|siren| !is_known(siren)) {
        Some(unknown) => Err(Error::Territory(unknown.clone())),
        None if wanted.is_empty() => Err(Error::NoTerritory),
        None => Ok(wanted),
    }
}

/// A new link for a person: another password, or the invitation again.
pub async fn reset(pool: &PgPool, email: &str, now: DateTime<Utc>) -> Result<String, Error> {
    let mut tx = db::begin(pool).await?;
    audit::sign(&mut tx, &Acting::command()).await?;
    let person = find(&mut tx, email).await?;
    let purpose = purpose_for(person.status).ok_or(Error::Suspended)?;
    let token = links::issue(&mut tx, purpose, Some(person.id), now).await?;
    tx.commit().await?;
    Ok(path(&token))
}

/// Suspends a person; gives their name.
pub async fn suspend(pool: &PgPool, email: &str, now: DateTime<Utc>) -> Result<String, Error> {
    let mut tx = db::begin(pool).await?;
    audit::sign(&mut tx, &Acting::command()).await?;
    let person = find(&mut tx, email).await?;
    directory::suspend(&mut tx, person.id, now).await?;
    directory::keep_an_administrator(&mut tx)
        .await
        .map_err(|error| {
            let constraint = error.as_database_error().and_then(|e| e.constraint());
            match constraint {
                Some("users_last_administrator") => Error::LastAdministrator,
                _ => error.into(),
            }
        })?;
    tx.commit().await?;
    Ok(person.full_name)
}

async fn find(conn: &mut PgConnection, email: &str) -> Result<directory::Credentials, Error> {
    let found = directory::by_email(conn, &email.trim().to_lowercase()).await?;
    found.ok_or_else(|| Error::Unknown(email.to_owned()))
}

/// Everyone, by address.
pub async fn list(pool: &PgPool) -> Result<Vec<UserLine>, Error> {
    let mut conn = pool.acquire().await?;
    Ok(queries::user_lines(&mut conn).await?)
}

/// An account of the demonstration, told once on the console.
#[derive(Clone)]
pub struct DemoAccount {
    /// Role.
    pub role: Role,
    /// Address of sign-in.
    pub email: String,
    /// Password: random, stored nowhere else than hashed.
    pub password: String,
}

/// Invented people, one for each role. `.example` is reserved by RFC 2606: no mail can leave.
const DEMO_PEOPLE: [(Role, &str, &str, &str, OrganisationKind); 4] = [
    (
        Role::Admin,
        "administration@vigie.example",
        "Camille Roche (démonstration)",
        "Département (démonstration)",
        OrganisationKind::Council,
    ),
    (
        Role::Staff,
        "developpement@vigie.example",
        "Claire Fabre (démonstration)",
        "Département (démonstration)",
        OrganisationKind::Council,
    ),
    (
        Role::Adviser,
        "conseil@vigie.example",
        "Hugo Bonnet (démonstration)",
        "EXEMPLE Chambre de commerce et d’industrie",
        OrganisationKind::Cci,
    ),
    (
        Role::Elected,
        "elu@vigie.example",
        "Odile Vidal (démonstration)",
        "Département (démonstration)",
        OrganisationKind::Council,
    ),
];

/// Creates the accounts of the demonstration that are not there yet, and gives them with their
/// passwords; those that exist keep theirs and are not given. The adviser gets `territories`.
/// Runs inside the caller's signed transaction.
pub async fn demo_users(
    conn: &mut PgConnection,
    territories: &[String],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<DemoAccount>> {
    let mut made = Vec::new();
    for (role, email, name, organisation, kind) in DEMO_PEOPLE {
        if directory::by_email(conn, email).await?.is_some() {
            continue;
        }
        let own: &[String] = if role.is_territorial() {
            territories
        } else {
            &[]
        };
        let rights = Rights {
            email: email.to_owned(),
            full_name: name.to_owned(),
            role,
            organisation_id: organisations::provide(conn, organisation, kind).await?,
            territories: own.to_vec(),
        };
        let id: Uuid = directory::invite(conn, &rights, now).await?;
        let password = random_password();
        let hash = password::hash(password.clone()).await;
        directory::set_password(conn, id, &hash, None, now).await?;
        made.push(DemoAccount {
            role,
            email: email.to_owned(),
            password,
        });
    }
    Ok(made)
}

/// Five groups of four letters and digits, without those that look alike: 98 bits, easy to copy.
fn random_password() -> String {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut letter = || char::from(LETTERS[rng.random_range(0..LETTERS.len())]);
    let groups: Vec<String> = (0..5).map(|_| (0..4).map(|_| letter()).collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_password_passes_the_rules_that_people_must_follow() {
        let first = random_password();
        assert_eq!(first.len(), 24);
        assert!(password::check(&first, &[]).is_ok(), "{first}");
        assert_ne!(first, random_password());
    }
}
