//! Links that open one door once: an invitation (72 h), a new password (1 h), the first
//! administrator (24 h). Lifetimes: ASVS 6.4.1.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::token::Token;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new person chooses a password.
    Invitation,
    /// A person who lost the password chooses another.
    Reset,
    /// The first administrator creates their own account.
    FirstAdministrator,
}

impl Purpose {
    /// The code that the database holds.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::FirstAdministrator => "first_administrator",
        }
    }

    /// How long the link opens its door.
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::Invitation => TimeDelta::hours(72),
            Self::Reset => TimeDelta::hours(1),
            Self::FirstAdministrator => TimeDelta::hours(24),
        }
    }
}

/// Makes a link for this person, and kills the ones made before: only the last one works.
pub async fn issue(
    conn: &mut PgConnection,
    purpose: Purpose,
    user_id: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<Token> {
    sqlx::query!(
        "update one_time_links set used_at = $2
         where user_id is not distinct from $1 and used_at is null",
        user_id,
        now
    )
    .execute(&mut *conn)
    .await?;
    let token = Token::random();
    sqlx::query!(
        "insert into one_time_links (token_hash, purpose, user_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5)",
        token.hash(),
        purpose.code(),
        user_id,
        now,
        now + purpose.lifetime(),
    )
    .execute(conn)
    .await?;
    Ok(token)
}

/// A link that still opens its door.
#[derive(Debug, Clone)]
pub struct LiveLink {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is; none for the first administrator.
    pub user_id: Option<Uuid>,
    /// Name of the person, empty for the first administrator.
    pub full_name: String,
    /// Address of the person, empty for the first administrator.
    pub email: String,
}

/// The link of this token, if unused and in time and its person not suspended. Inside a
/// transaction that will `use_up` the link, its row stays locked: two visitors cannot both pass.
pub async fn find(
    conn: &mut PgConnection,
    token: &Token,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<LiveLink>> {
    let row = sqlx::query!(
        r#"select l.purpose, l.user_id, coalesce(u.full_name, '') as "full_name!",
                  coalesce(u.email, '') as "email!"
           from one_time_links l left join users u on u.id = l.user_id
           where l.token_hash = $1 and l.used_at is null and l.expires_at > $2
             and (u.status is null or u.status <> 'suspended')
           for update of l"#,
        token.hash(),
        now
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| LiveLink {
        purpose: match row.purpose.as_str() {
            "reset" => Purpose::Reset,
            "first_administrator" => Purpose::FirstAdministrator,
            _ => Purpose::Invitation,
        },
        user_id: row.user_id,
        full_name: row.full_name,
        email: row.email,
    }))
}

/// Marks the link as used.
pub async fn use_up(
    conn: &mut PgConnection,
    token: &Token,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update one_time_links set used_at = $2 where token_hash = $1",
        token.hash(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Kills the links of this person that still opened a door.
pub async fn kill(conn: &mut PgConnection, user_id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update one_time_links set used_at = $2 where user_id = $1 and used_at is null",
        user_id,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a link was made for this person after `since`, so that a mailbox is not flooded.
pub async fn made_since(
    conn: &mut PgConnection,
    user_id: Uuid,
    since: DateTime<Utc>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from one_time_links
                          where user_id = $1 and created_at > $2 and used_at is null) as "any!""#,
        user_id,
        since
    )
    .fetch_one(conn)
    .await
}

/// Forgets the links that expired a month ago; until then they tell « expired » from « wrong ».
pub async fn purge(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from one_time_links where expires_at < $1",
        now - TimeDelta::days(30)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
