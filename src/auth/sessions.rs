//! Sessions: one row each, found by the hash of the cookie's token.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::token::Token;
use super::users::CurrentUser;
use crate::domain::Role;

/// How long a session lives.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// Without a request.
    pub idle: TimeDelta,
    /// Whatever happens.
    pub absolute: TimeDelta,
}

/// Opens a session and returns the token for the cookie.
pub async fn open(
    conn: &mut PgConnection,
    user_id: Uuid,
    user_agent: &str,
    ip: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Token> {
    let token = Token::random();
    sqlx::query!(
        "insert into sessions (id, token_hash, user_id, created_at, last_seen_at, user_agent, ip)
         values ($1, $2, $3, $4, $4, $5, $6)",
        Uuid::now_v7(),
        token.hash(),
        user_id,
        now,
        user_agent.chars().take(300).collect::<String>(),
        ip,
    )
    .execute(conn)
    .await?;
    Ok(token)
}

/// The person whose cookie holds `token`, if the session and the account are alive; moves
/// `last_seen_at`, at most once a minute so that reading a page does not cost a write.
pub async fn authenticate(
    pool: &PgPool,
    token: &Token,
    limits: SessionLimits,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<CurrentUser>> {
    let row = sqlx::query!(
        r#"select s.id as session_id, s.last_seen_at, u.id, u.full_name, u.email, u.role,
                  u.organisation_id, o.name as organisation,
                  array(select territory_siren from user_territories t where t.user_id = u.id)
                    as "territories!",
                  u.guide_hidden_at is not null as "hides_guide!",
                  u.role = 'staff' and exists (
                    select from social_data_readers r
                    join social_data_activations a on a.id = r.activation_id
                    where r.user_id = u.id and r.revoked_at is null and a.ended_at is null
                      and a.valid_from <= ($4::timestamptz at time zone 'Europe/Paris')::date
                      and (a.valid_until is null
                        or ($4::timestamptz at time zone 'Europe/Paris')::date <= a.valid_until))
                    as "reads_social!"
           from sessions s
           join users u on u.id = s.user_id
           join organisations o on o.id = u.organisation_id
           where s.token_hash = $1 and u.status = 'active'
             and s.last_seen_at > $2 and s.created_at > $3"#,
        token.hash(),
        now - limits.idle,
        now - limits.absolute,
        now,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if now - row.last_seen_at > TimeDelta::minutes(1) {
        sqlx::query!(
            "update sessions set last_seen_at = $2 where id = $1",
            row.session_id,
            now
        )
        .execute(pool)
        .await?;
    }
    let Ok(role) = row.role.parse::<Role>() else {
        return Ok(None);
    };
    Ok(Some(CurrentUser {
        id: row.id,
        name: row.full_name,
        email: row.email,
        role,
        organisation_id: row.organisation_id,
        organisation: row.organisation,
        territories: row.territories,
        reads_social: row.reads_social,
        hides_guide: row.hides_guide,
        session_id: row.session_id,
    }))
}

/// One open session, for the page of « mes sessions ».
#[derive(Debug)]
pub struct OpenSession {
    /// `sessions.id`
    pub id: Uuid,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// Last request, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// The browser as it names itself.
    pub user_agent: String,
    /// Address of the visitor.
    pub ip: String,
}

/// The person's sessions that are still alive, the latest first.
pub async fn list(
    conn: &mut PgConnection,
    user_id: Uuid,
    limits: SessionLimits,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<OpenSession>> {
    sqlx::query_as!(
        OpenSession,
        "select id, created_at, last_seen_at, user_agent, ip from sessions
         where user_id = $1 and last_seen_at > $2 and created_at > $3
         order by last_seen_at desc",
        user_id,
        now - limits.idle,
        now - limits.absolute,
    )
    .fetch_all(conn)
    .await
}

/// Closes one session of this person; false if it is not theirs or is closed already.
pub async fn close(conn: &mut PgConnection, user_id: Uuid, session_id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from sessions where id = $1 and user_id = $2",
        session_id,
        user_id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Closes every session of the person, but the one to keep: after a change of password, role,
/// territories or status, on all nodes at once.
pub async fn close_all(
    conn: &mut PgConnection,
    user_id: Uuid,
    keep: Option<Uuid>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from sessions where user_id = $1 and ($2::uuid is null or id <> $2)",
        user_id,
        keep
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes the sessions that can no longer open anything.
pub async fn purge(
    conn: &mut PgConnection,
    limits: SessionLimits,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from sessions where last_seen_at <= $1 or created_at <= $2",
        now - limits.idle,
        now - limits.absolute,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
