//! What guests answer, by their secret address or by phone.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Keeps the hash of a secret that answers for a guest.
pub async fn link(
    conn: &mut PgConnection,
    hash: &[u8],
    guest_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into workshop_links (token_hash, guest_id, created_at) values ($1, $2, $3)",
        hash,
        guest_id,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An invitation as its secret shows it: nothing of the agenda, for a mail may be forwarded.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// `workshop_guests.id`
    pub guest_id: Uuid,
    /// Person; empty for the organisation itself.
    pub person_name: String,
    /// Organisation.
    pub organisation: String,
    /// Answer: code.
    pub answer: String,
    /// Who comes instead.
    pub replacement_name: String,
    /// Their address; empty when unknown.
    pub replacement_email: String,
    /// Whether someone of the council noted it for them.
    pub is_noted: bool,
    /// Title of the workshop.
    pub title: String,
    /// When.
    pub held_at: DateTime<Utc>,
    /// Place.
    pub place: String,
    /// Address of the video meeting.
    pub video_url: String,
    /// Who organises.
    pub organiser: String,
    /// Address.
    pub organiser_email: String,
    /// Whether it is cancelled.
    pub is_cancelled: bool,
}

/// The invitation of a secret; within a transaction its row stays locked.
pub async fn invitation(conn: &mut PgConnection, hash: &[u8]) -> sqlx::Result<Option<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"select g.id as guest_id, g.person_name, o.name as organisation, g.answer, g.replacement_name, g.replacement_email,
                  g.answered_by is not null as "is_noted!", w.title, w.held_at, w.place, w.video_url,
                  u.full_name as organiser, u.email as organiser_email,
                  w.cancelled_at is not null as "is_cancelled!"
           from workshop_links l
           join workshop_guests g on g.id = l.guest_id
           join organisations o on o.id = g.organisation_id
           join workshops w on w.id = g.workshop_id
           join users u on u.id = w.organiser_id
           where l.token_hash = $1 for update of g"#,
        hash
    )
    .fetch_optional(conn)
    .await
}

/// An answer to write.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Code.
    pub code: &'a str,
    /// Who comes instead; empty for nobody.
    pub replacement: &'a str,
    /// Their address; empty when unknown.
    pub replacement_email: &'a str,
    /// Who notes it for the guest, and the version that they saw; none for the guest.
    pub noted: Option<(Uuid, i32)>,
}

/// Writes an answer and keeps it in the history; `false` when the guest answered already themselves,
/// or when someone noted another answer first.
pub async fn answer(
    conn: &mut PgConnection,
    guest_id: Uuid,
    new: Answer<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let (by, version) = new.noted.unzip();
    let done = sqlx::query!(
        "with written as (
           update workshop_guests set answer = $2, replacement_name = $3, replacement_email = $7, answered_at = $4, answered_by = $5
           where id = $1
             and case when $5::uuid is null then answer = 'none' or answered_by is not null
                      else version = $6::int end
           returning id)
         insert into workshop_answers (id, guest_id, answer, noted_by, answered_at)
         select gen_random_uuid(), id, $2, $5, $4 from written",
        guest_id,
        new.code,
        new.replacement,
        now,
        by,
        version,
        new.replacement_email,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An answer of before.
#[derive(Debug, Clone)]
pub struct Given {
    /// Code.
    pub answer: String,
    /// Who noted it; none for the guest's own.
    pub noted_by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The answers of a guest, the last one first.
pub async fn history(conn: &mut PgConnection, guest_id: Uuid) -> sqlx::Result<Vec<Given>> {
    sqlx::query_as!(
        Given,
        r#"select a.answer, u.full_name as "noted_by?", a.answered_at as at
           from workshop_answers a left join users u on u.id = a.noted_by
           where a.guest_id = $1 order by a.answered_at desc, a.id limit 50"#,
        guest_id
    )
    .fetch_all(conn)
    .await
}
