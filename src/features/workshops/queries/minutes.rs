//! Minutes: what the council adds to them, what was sent, and to whom they are still to go.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Writes what the council adds; `false` when someone changed the workshop first.
pub async fn review(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    version: i32,
    (intro, remarks): (&str, &str),
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update workshops set minutes_intro = $3, minutes_remarks = $4 where id = $1 and version = $2",
        workshop_id,
        version,
        intro,
        remarks,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Minutes that were sent.
#[derive(Debug)]
pub struct Sent {
    /// Key.
    pub id: Uuid,
    /// First, second…
    pub number: i32,
    /// What they said.
    pub content: serde_json::Value,
    /// When.
    pub at: DateTime<Utc>,
    /// To how many.
    pub recipients: i32,
    /// To how many of them the mail is not written yet: its PDF is not made.
    pub waiting: i64,
    /// How many mails arrived.
    pub arrived: i64,
    /// How many are on their way.
    pub on_way: i64,
    /// How many are kept, for want of a mail server.
    pub kept: i64,
    /// How many were refused or given up.
    pub refused: i64,
    /// `workshop_guests.id` of those who got them, or soon will.
    pub guests: Vec<Uuid>,
}

/// The last minutes that were sent. Within an act the workshop's row is held first, so that two people
/// who send at once send once.
pub async fn last(conn: &mut PgConnection, workshop_id: Uuid) -> sqlx::Result<Option<Sent>> {
    sqlx::query_as!(
        Sent,
        r#"select m.id, m.number, m.content, m.sent_at as at, m.recipients,
                  r.waiting as "waiting!", r.arrived as "arrived!", r.on_way as "on_way!", r.kept as "kept!",
                  r.refused as "refused!", r.guests as "guests!"
           from workshop_minutes m
           cross join lateral (
             select count(*) filter (where r.left_at is null) as waiting,
                    -- Those of before mails were followed did arrive, as far as is known.
                    count(*) filter (where r.left_at is not null and coalesce(x.status, 'sent') = 'sent') as arrived,
                    count(*) filter (where x.status = 'waiting') as on_way,
                    count(*) filter (where x.status = 'kept') as kept,
                    count(*) filter (where x.status in ('refused', 'failed')) as refused,
                    coalesce(array_agg(r.guest_id) filter (
                      where x.status is null or x.status not in ('refused', 'failed')), '{}') as guests
             from workshop_minutes_recipients r left join mails x on x.id = r.mail_id
             where r.minutes_id = m.id) r
           where m.workshop_id = $1 order by m.number desc limit 1"#,
        workshop_id
    )
    .fetch_optional(conn)
    .await
}

/// Holds the row of a workshop until the end of the transaction.
pub async fn hold(conn: &mut PgConnection, workshop_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "select id from workshops where id = $1 for update",
        workshop_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(())
}

/// Keeps the minutes as they leave, and to whom; gives their key.
pub async fn keep(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    (number, content): (i32, &serde_json::Value),
    (by, guests): (Uuid, &[Uuid]),
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    let count = i32::try_from(guests.len()).unwrap_or(i32::MAX);
    sqlx::query!(
        "insert into workshop_minutes (id, workshop_id, number, content, sent_at, sent_by, recipients)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        workshop_id,
        number,
        content,
        now,
        by,
        count,
    )
    .execute(&mut *conn)
    .await?;
    add_recipients(conn, id, guests).await?;
    Ok(id)
}

/// Adds people to whom minutes go, or go again.
pub async fn add_recipients(
    conn: &mut PgConnection,
    id: Uuid,
    guests: &[Uuid],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into workshop_minutes_recipients (minutes_id, guest_id) select $1, unnest($2::uuid[])
         on conflict (minutes_id, guest_id) do update set left_at = null, mail_id = null",
        id,
        guests,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Minutes whose mails are still to be written.
#[derive(Debug)]
pub struct ToDeliver {
    /// The workshop.
    pub workshop_id: Uuid,
    /// When it was held.
    pub held_at: DateTime<Utc>,
    /// First, second…
    pub number: i32,
    /// What they say.
    pub content: serde_json::Value,
    /// When they were sent.
    pub sent_at: DateTime<Utc>,
    /// By whom.
    pub sent_by: String,
}

/// These minutes, if a mail of theirs is still to be written.
pub async fn to_deliver(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<ToDeliver>> {
    sqlx::query_as!(
        ToDeliver,
        "select m.workshop_id, w.held_at, m.number, m.content, m.sent_at, u.full_name as sent_by
         from workshop_minutes m
         join workshops w on w.id = m.workshop_id
         join users u on u.id = m.sent_by
         where m.id = $1 and exists (
           select from workshop_minutes_recipients r where r.minutes_id = m.id and r.left_at is null)",
        id
    )
    .fetch_optional(conn)
    .await
}

/// Remembers the mail that carries minutes to a guest.
pub async fn carried_by(
    conn: &mut PgConnection,
    (minutes_id, guest_id): (Uuid, Uuid),
    mail_id: Uuid,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update workshop_minutes_recipients set mail_id = $3 where minutes_id = $1 and guest_id = $2",
        minutes_id,
        guest_id,
        mail_id,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Someone whose mail is now written.
#[derive(Debug)]
pub struct Recipient {
    /// `workshop_guests.id`
    pub guest_id: Uuid,
    /// Name in the greeting.
    pub name: String,
    /// Address; empty when they were forgotten meanwhile.
    pub email: String,
    /// Account, if any.
    pub user_id: Option<Uuid>,
}

/// Takes those whose mail is still to be written: two nodes write it once.
pub async fn take_recipients(
    conn: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Recipient>> {
    sqlx::query_as!(
        Recipient,
        r#"update workshop_minutes_recipients r set left_at = $2
         from workshop_guests g
         where r.minutes_id = $1 and r.left_at is null and g.id = r.guest_id
         returning g.id as guest_id, case when g.answer = 'replaced' then g.replacement_name else g.person_name end as "name!",
                   case when g.answer = 'replaced' then g.replacement_email else g.person_email end as "email!",
                   case when g.answer <> 'replaced' then g.user_id end as user_id"#,
        id,
        now,
    )
    .fetch_all(conn)
    .await
}
