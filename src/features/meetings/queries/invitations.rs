//! Who was invited by mail to a meeting at the highest level.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Someone who was invited, and what became of the last mail.
#[derive(Debug, Clone)]
pub struct Invited {
    /// `meeting_invitations.id`
    pub id: Uuid,
    /// Code of the side.
    pub side: String,
    /// First and last name.
    pub name: String,
    /// Address of the last mail; empty once erased.
    pub address: String,
    /// When they were invited.
    pub invited_at: DateTime<Utc>,
    /// When the last mail was asked for.
    pub told_at: DateTime<Utc>,
    /// Version of the invitation that they were told.
    pub told_sequence: i32,
    /// Whether somebody else comes in their place.
    pub is_removed: bool,
    /// When they were told not to come.
    pub called_off_at: Option<DateTime<Utc>>,
    /// Where the last mail stands: code of the outbox; null when it keeps it no more.
    pub mail_status: Option<String>,
    /// Whether a mail about this meeting reached them, the last one or another.
    pub is_reached: bool,
}

impl Invited {
    /// Whether they are the guest of this side.
    pub fn is_of(&self, side: &str) -> bool {
        !self.is_removed && self.side == side
    }

    /// Whether no mail ever reached them: they are to be invited anew.
    pub fn is_unreached(&self) -> bool {
        self.is_bounced() && !self.is_reached
    }

    /// Whether the last mail did not reach them.
    pub fn is_bounced(&self) -> bool {
        matches!(self.mail_status.as_deref(), Some("refused" | "failed"))
    }
}

/// Everyone who was invited to a meeting.
pub async fn of(conn: &mut PgConnection, meeting: Uuid) -> sqlx::Result<Vec<Invited>> {
    sqlx::query_as!(
        Invited,
        r#"select i.id, i.side, i.person_name as name, i.address, i.invited_at, i.told_at, i.told_sequence, i.is_removed,
                  i.called_off_at, m.status as "mail_status?",
                  i.mail_id is null or m.id is null or m.status = 'sent' or exists (
                    select from mails s
                    where s.related = '/rencontres/' || i.meeting_id and s.kind = 'meeting' and s.status = 'sent'
                      and lower(s.to_address) = lower(i.address) and s.to_name = i.person_name) as "is_reached!"
           from meeting_invitations i left join mails m on m.id = i.mail_id
           where i.meeting_id = $1 order by i.is_removed, i.side, i.id"#,
        meeting,
    )
    .fetch_all(conn)
    .await
}

/// Two people who send at once: the second waits, and then finds nobody left.
pub async fn hold(conn: &mut PgConnection, meeting: Uuid) -> sqlx::Result<()> {
    sqlx::query!("select id from meetings where id = $1 for update", meeting)
        .fetch_optional(conn)
        .await?;
    Ok(())
}

/// Someone who may be invited, with the address that is known.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Code of the side.
    pub side: String,
    /// Their record in the company.
    pub contact_id: Option<Uuid>,
    /// First and last name.
    pub name: String,
    /// Address of their record, or of the only active account of that name; empty when unknown.
    pub known_address: String,
}

/// The head of the company and who represents the council: the first person of each side.
pub async fn candidates(conn: &mut PgConnection, meeting: Uuid) -> sqlx::Result<Vec<Candidate>> {
    sqlx::query_as!(
        Candidate,
        r#"select distinct on (p.side) p.side, p.contact_id, coalesce(c.full_name, p.typed_name) as "name!",
                  coalesce(c.email, case when p.side = 'council' then (
                    select max(u.email) from users u
                    where u.status = 'active' and fold_text(u.full_name) = fold_text(p.typed_name)
                    having count(*) = 1) end, '') as "known_address!"
           from meeting_people p left join contacts c on c.id = p.contact_id
           where p.meeting_id = $1 and p.side in ('company', 'council') and c.erased_at is null
           order by p.side, p.position"#,
        meeting,
    )
    .fetch_all(conn)
    .await
}

/// A mail that leaves for someone.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Whom.
    pub to: &'a Candidate,
    /// At which address.
    pub address: &'a str,
    /// `mails.id`
    pub mail_id: Uuid,
    /// What the invitation says: its version.
    pub sequence: i32,
}

/// Notes that an invitation left.
pub async fn invite(
    conn: &mut PgConnection,
    meeting: Uuid,
    told: Told<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into meeting_invitations (id, meeting_id, side, contact_id, user_id, person_name, address, invited_at,
                                          told_at, told_sequence, mail_id)
         values ($1, $2, $3, $4, (select id from users where email = lower($6) and status = 'active'), $5,
                 $6, $7, $7, $8, $9)
         on conflict (meeting_id, side) where not is_removed do update set contact_id = excluded.contact_id, user_id = excluded.user_id,
           person_name = excluded.person_name, address = excluded.address, invited_at = excluded.invited_at, told_at = excluded.told_at,
           told_sequence = excluded.told_sequence, mail_id = excluded.mail_id",
        Uuid::now_v7(),
        meeting,
        told.to.side,
        told.to.contact_id,
        told.to.name,
        told.address,
        now,
        told.sequence,
        told.mail_id,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that a mail left for someone who was invited: key, version told, mail, whether it calls them off.
pub async fn tell(
    conn: &mut PgConnection,
    (id, sequence, mail_id, is_off): (Uuid, i32, Uuid, bool),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update meeting_invitations set told_at = $4, told_sequence = $2, mail_id = $3,
                called_off_at = case when $5 then $4 else called_off_at end
         where id = $1",
        id,
        sequence,
        mail_id,
        now,
        is_off,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Somebody else comes in the place of the guest of this side.
pub async fn set_aside(conn: &mut PgConnection, meeting: Uuid, side: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update meeting_invitations set is_removed = true
         where meeting_id = $1 and side = $2 and not is_removed",
        meeting,
        side,
    )
    .execute(conn)
    .await?;
    Ok(())
}
