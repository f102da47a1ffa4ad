//! Accounts written: invited, changed, suspended, given a password. Every function expects a
//! transaction that `audit::sign` has signed.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{links, sessions};
use crate::domain::Role;

/// What an administrator decides about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    /// Address of sign-in, in lower case.
    pub email: String,
    /// First and last name.
    pub full_name: String,
    /// Role, which gives permissions.
    pub role: Role,
    /// `organisations.id`
    pub organisation_id: Uuid,
    /// SIREN of the territories; empty for the roles that see them all.
    pub territories: Vec<String>,
}

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Has not chosen a password yet.
    Invited,
    /// May sign in.
    Active,
    /// May not.
    Suspended,
}

impl Status {
    /// The status of a code of `users.status`; an unknown one opens nothing.
    pub fn of_code(code: &str) -> Self {
        match code {
            "invited" => Self::Invited,
            "active" => Self::Active,
            _ => Self::Suspended,
        }
    }

    /// The status in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Invited => "Invitation envoyée",
            Self::Active => "Actif",
            Self::Suspended => "Suspendu",
        }
    }
}

/// What signing in needs to know of an account.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
    /// Address of sign-in.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Where the account stands.
    pub status: Status,
    /// Hash of the password, none before the first one is chosen.
    pub password_hash: Option<String>,
}

/// The account of this address.
pub async fn by_email(conn: &mut PgConnection, email: &str) -> sqlx::Result<Option<Credentials>> {
    let id = sqlx::query_scalar!("select id from users where email = $1", email)
        .fetch_optional(&mut *conn)
        .await?;
    by_id(conn, id.unwrap_or_default()).await
}

/// The account of this id.
pub async fn by_id(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Credentials>> {
    let row = sqlx::query!(
        "select id, full_name, email, role, status, password_hash from users where id = $1",
        id
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| {
        Some(Credentials {
            id: row.id,
            full_name: row.full_name,
            email: row.email,
            role: row.role.parse().ok()?,
            status: Status::of_code(&row.status),
            password_hash: row.password_hash,
        })
    }))
}

/// Adds a person who has yet to come. A known address is the constraint `users_email_unique`.
pub async fn invite(
    conn: &mut PgConnection,
    rights: &Rights,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into users (id, email, full_name, role, organisation_id, status, created_at)
         values ($1, $2, $3, $4, $5, 'invited', $6)",
        id,
        rights.email,
        rights.full_name,
        rights.role.code(),
        rights.organisation_id,
        now
    )
    .execute(&mut *conn)
    .await?;
    set_territories(conn, id, &rights.territories).await?;
    Ok(id)
}

/// Changes what a person is and may do, and closes all their sessions so that the change holds at
/// once. False if the account has changed since `version`.
pub async fn change(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    rights: &Rights,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users set email = $3, full_name = $4, role = $5, organisation_id = $6
         where id = $1 and version = $2",
        id,
        version,
        rights.email,
        rights.full_name,
        rights.role.code(),
        rights.organisation_id
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    set_territories(conn, id, &rights.territories).await?;
    sessions::close_all(conn, id, None).await?;
    Ok(true)
}

async fn set_territories(conn: &mut PgConnection, id: Uuid, sirens: &[String]) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from user_territories where user_id = $1 and territory_siren <> all($2)",
        id,
        sirens
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into user_territories (user_id, territory_siren)
         select $1, siren from territories where siren = any($2)
         on conflict do nothing",
        id,
        sirens
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Shuts an account: no session, no link, no sign-in.
pub async fn suspend(conn: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users set status = 'suspended' where id = $1 and status <> 'suspended'",
        id
    )
    .execute(&mut *conn)
    .await?;
    sessions::close_all(conn, id, None).await?;
    links::kill(conn, id, now).await?;
    Ok(done.rows_affected() == 1)
}

/// Opens a suspended account again: active with its password, invited if it never had one.
pub async fn reactivate(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users
         set status = case when password_hash is null then 'invited' else 'active' end
         where id = $1 and status = 'suspended'",
        id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a person the password that they chose, closes their sessions but `keep`, and kills the
/// links that would open the account. The first password ends the invitation.
pub async fn set_password(
    conn: &mut PgConnection,
    id: Uuid,
    hash: &str,
    keep: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set password_hash = $2, password_changed_at = $3,
                status = case when status = 'invited' then 'active' else status end
         where id = $1",
        id,
        hash,
        now
    )
    .execute(&mut *conn)
    .await?;
    sessions::close_all(conn, id, keep).await?;
    links::kill(conn, id, now).await
}

/// Shows the person their first steps no more.
pub async fn hide_guide(conn: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set guide_hidden_at = $2 where id = $1 and guide_hidden_at is null",
        id,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Remembers that the person came.
pub async fn note_sign_in(
    conn: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set last_sign_in_at = $2 where id = $1",
        id,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes an administrator of a known account, on the first start of a service that has none.
pub async fn promote(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set role = 'admin',
                status = case when password_hash is null then 'invited' else 'active' end
         where id = $1",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether someone can give rights.
pub async fn has_administrator(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from users where role = 'admin' and status = 'active') as "any!""#
    )
    .fetch_one(conn)
    .await
}

/// Applies now the rule that is due at commit: the last active administrator stays. The error
/// then bears the constraint `users_last_administrator`, while there is still a page to answer with.
pub async fn keep_an_administrator(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("set constraints users_last_administrator immediate")
        .execute(conn)
        .await?;
    Ok(())
}
