//! Choices of people, and what was told already.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::schedule::DEFAULT_DAY;

/// What a person wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    /// ISO day of the digest; none for no digest.
    pub digest_day: Option<i16>,
    /// An alert given to them.
    pub on_assigned: bool,
    /// A level that changes.
    pub on_level: bool,
    /// An action that they carry out is due.
    pub on_action: bool,
    /// Moves at each change; 0 before the first one.
    pub version: i32,
}

/// ISO day of those who chose none.
pub fn default_day() -> i16 {
    i16::try_from(DEFAULT_DAY.number_from_monday()).unwrap_or_default()
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            digest_day: Some(default_day()),
            on_assigned: true,
            on_level: true,
            on_action: true,
            version: 0,
        }
    }
}

/// The choices of a person.
pub async fn choices(conn: &mut PgConnection, user_id: Uuid) -> sqlx::Result<Choices> {
    let known = sqlx::query_as!(
        Choices,
        "select digest_day, on_assigned, on_level, on_action, version from notification_choices
         where user_id = $1",
        user_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(known.unwrap_or_default())
}

/// Writes the choices of a person; `false` when they changed since they were read.
pub async fn choose(conn: &mut PgConnection, user_id: Uuid, new: &Choices) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into notification_choices as c (user_id, digest_day, on_assigned, on_level, on_action)
         values ($1, $2, $3, $4, $5)
         on conflict (user_id) do update
         set digest_day = excluded.digest_day, on_assigned = excluded.on_assigned,
             on_level = excluded.on_level, on_action = excluded.on_action
         where c.version = $6",
        user_id,
        new.digest_day,
        new.on_assigned,
        new.on_level,
        new.on_action,
        new.version,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stops one kind of mails and leaves the other choices as they are, whoever changes them meanwhile.
pub async fn stop(conn: &mut PgConnection, user_id: Uuid, kind: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notification_choices as c (user_id, digest_day, on_assigned, on_level, on_action)
         values ($1, case when $2 <> 'digest' then $3::smallint end, $2 <> 'assigned', $2 <> 'level_changed',
                 $2 <> 'action_due')
         on conflict (user_id) do update
         set digest_day = case when $2 <> 'digest' then c.digest_day end,
             on_assigned = c.on_assigned and $2 <> 'assigned',
             on_level = c.on_level and $2 <> 'level_changed',
             on_action = c.on_action and $2 <> 'action_due'",
        user_id,
        kind,
        default_day(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// People whose digest leaves on this day and who did not get that of this week.
pub async fn digest_due(
    conn: &mut PgConnection,
    weekday: i16,
    key: &str,
    limit: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select u.id from users u left join notification_choices c on c.user_id = u.id
         where u.status = 'active'
           and case when c.user_id is null then $3 else c.digest_day end = $1
           and not exists (select from notification_deliveries d where d.user_id = u.id and d.key = $2)
         order by u.id limit $4",
        weekday,
        key,
        default_day(),
        limit
    )
    .fetch_all(conn)
    .await
}

/// Notes that a person is being told these; gives those that nobody noted before. Another node that
/// does the same at the same moment waits here, then finds nothing left.
pub async fn claim(
    conn: &mut PgConnection,
    user_id: Uuid,
    keys: &[String],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "insert into notification_deliveries (user_id, key, at)
         select $1, key, $3 from unnest($2::text[]) as told(key) order by key
         on conflict do nothing returning key",
        user_id,
        keys,
        now
    )
    .fetch_all(conn)
    .await
}

/// Forgets what was told so long ago that nothing looks for it.
pub async fn purge(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from notification_deliveries where at < $1", before)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Whose mails the address of a mail stops, and which.
#[derive(Debug)]
pub struct Stoppable {
    /// `users.id`
    pub user_id: Uuid,
    /// Code of the kind of the mail.
    pub kind: String,
}

/// The mail whose address holds the secret of this hash.
pub async fn stoppable(conn: &mut PgConnection, hash: &[u8]) -> sqlx::Result<Option<Stoppable>> {
    let row = sqlx::query!(
        "select m.user_id, m.kind from mails m join users u on u.id = m.user_id
         where m.unsubscribe_hash = $1",
        hash
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| {
        Some(Stoppable {
            user_id: row.user_id?,
            kind: row.kind,
        })
    }))
}

/// Since when a person has a calendar.
pub async fn calendar_since(
    conn: &mut PgConnection,
    user_id: Uuid,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select created_at from calendar_feeds where user_id = $1",
        user_id
    )
    .fetch_optional(conn)
    .await
}

/// Gives a person's calendar a new address; the one before shows nothing from then on.
pub async fn set_calendar(
    conn: &mut PgConnection,
    user_id: Uuid,
    hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into calendar_feeds (user_id, token_hash, created_at) values ($1, $2, $3)
         on conflict (user_id) do update
         set token_hash = excluded.token_hash, created_at = excluded.created_at",
        user_id,
        hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a person's calendar.
pub async fn stop_calendar(conn: &mut PgConnection, user_id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from calendar_feeds where user_id = $1", user_id)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}
