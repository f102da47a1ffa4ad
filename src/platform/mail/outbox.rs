//! The mails asked for, and what became of each. Owns `mails` and `mail_attachments`.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{Attachment, Error, Mail, Mailer};
use crate::platform::clock::Clock;
use crate::platform::jobs::{self, Failure, Registry};
use crate::platform::limits;

const JOB: &str = "mail.send";
/// How long a mail that left stays in the outbox.
const MEMORY: TimeDelta = TimeDelta::days(365);
/// How long its text and its files do.
const TEXT_MEMORY: TimeDelta = TimeDelta::days(30);

/// Who may read the body of a mail in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidentiality {
    /// The administrator.
    Open,
    /// Only its recipient: it tells of companies.
    Reserved,
    /// Nobody, and it is not kept: it holds a link that opens an account.
    Secret,
}

impl Confidentiality {
    const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reserved => "reserved",
            Self::Secret => "secret",
        }
    }
}

/// A mail to send, and what the outbox keeps of it.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What it is: the code of a kind that the outbox page has words for.
    pub kind: &'static str,
    /// The mail.
    pub mail: Mail,
    /// Account of the recipient, if any.
    pub user_id: Option<Uuid>,
    /// Who may read it in the outbox.
    pub confidentiality: Confidentiality,
    /// Path of the page that it is about.
    pub related: Option<String>,
    /// Hash of the secret in `mail.unsubscribe`.
    pub unsubscribe_hash: Option<Vec<u8>>,
    /// Address in the body that answers for the reader: taken out of it once the mail left or was given up.
    pub answer_link: Option<String>,
    /// When what it announces begins: it does not leave afterwards.
    pub serves_until: Option<DateTime<Utc>>,
}

/// A mail that waits to be sent; the payload of its job.
#[derive(Debug, Serialize, Deserialize)]
struct Send {
    mail_id: Uuid,
}

/// Writes a mail in the outbox within the caller's transaction, and asks for it to be sent. Without
/// a mail server it is kept.
pub async fn enqueue(
    conn: &mut PgConnection,
    mailer: &Mailer,
    outgoing: &Outgoing,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    let is_enabled = mailer.is_enabled();
    let status = if is_enabled { "waiting" } else { "kept" };
    insert(conn, id, outgoing, status, now).await?;
    if is_enabled {
        jobs::enqueue(conn, JOB, &Send { mail_id: id }, now).await?;
    }
    Ok(id)
}

/// Writes that a secret mail was asked for, without its body: the job that makes the secret sends it
/// with `deliver`. Does nothing when the outbox knows this id.
pub async fn announce(
    conn: &mut PgConnection,
    id: Uuid,
    outgoing: &Outgoing,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    insert(conn, id, outgoing, "waiting", now).await
}

async fn insert(
    conn: &mut PgConnection,
    id: Uuid,
    outgoing: &Outgoing,
    status: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mail = &outgoing.mail;
    let is_kept = outgoing.confidentiality != Confidentiality::Secret;
    let body = |text: &str| {
        if is_kept {
            text.to_owned()
        } else {
            String::new()
        }
    };
    sqlx::query!(
        "insert into mails (id, kind, to_address, to_name, user_id, subject, text, html,
           confidentiality, related, unsubscribe, unsubscribe_hash, status, created_at, answer_link,
           serves_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict (id) do nothing",
        id,
        outgoing.kind,
        mail.to,
        mail.to_name,
        outgoing.user_id,
        mail.subject,
        body(&mail.text),
        body(&mail.html),
        outgoing.confidentiality.code(),
        outgoing.related,
        mail.unsubscribe,
        outgoing.unsubscribe_hash,
        status,
        now,
        outgoing.answer_link,
        outgoing.serves_until,
    )
    .execute(&mut *conn)
    .await?;
    if !is_kept {
        return Ok(());
    }
    for (position, file) in (0_i16..).zip(&mail.attachments) {
        sqlx::query!(
            "insert into mail_attachments (mail_id, position, file_name, content_type, content)
             values ($1, $2, $3, $4, $5)",
            id,
            position,
            file.file_name,
            file.content_type,
            file.content,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Adds the handler that sends what waits.
pub fn handle(registry: Registry, pool: &PgPool, mailer: &Mailer, clock: &Clock) -> Registry {
    let (pool, mailer, clock) = (pool.clone(), mailer.clone(), clock.clone());
    registry.on(JOB, move |_, send: Send| {
        let (pool, mailer, clock) = (pool.clone(), mailer.clone(), clock.clone());
        async move {
            lapse(&pool, Some(send.mail_id), clock.now()).await?;
            let Some(mail) = waiting(&pool, send.mail_id).await? else {
                return Ok(());
            };
            let post = Post {
                pool: &pool,
                mailer: &mailer,
                now: clock.now(),
            };
            post.deliver(send.mail_id, &mail, send.mail_id).await
        }
    })
}

/// What sending needs.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    /// Where the outcome is written.
    pub pool: &'a PgPool,
    /// The way out.
    pub mailer: &'a Mailer,
    /// When.
    pub now: DateTime<Utc>,
}

impl Post<'_> {
    /// Sends a mail of the outbox under this `Message-ID` and writes the outcome. An error asks for
    /// another try; a refusal that another try would meet again is an outcome like another.
    pub async fn deliver(&self, id: Uuid, mail: &Mail, message_id: Uuid) -> Result<(), Failure> {
        match self.mailer.send(mail, message_id).await {
            Ok(()) => {
                sqlx::query!(
                    "update mails set status = 'sent', sent_at = $2, attempts = attempts + 1,
                       last_error = null, unsubscribe = null
                     where id = $1",
                    id,
                    self.now,
                )
                .execute(self.pool)
                .await?;
                Ok(())
            }
            Err(error) => self.note(id, error).await,
        }
    }

    async fn note(&self, id: Uuid, error: Error) -> Result<(), Failure> {
        let status = sqlx::query_scalar!(
            "update mails set attempts = attempts + 1, last_error = $2,
               status = case when $3 then 'refused'
                             when $4 and confidentiality <> 'secret' then 'kept'
                             when $4 or attempts + 1 >= $5 then 'failed' else status end
             where id = $1 returning status",
            id,
            error.code(),
            error.is_final(),
            matches!(error, Error::Disabled),
            limits::JOB_ATTEMPTS,
        )
        .fetch_optional(self.pool)
        .await?;
        if status.as_deref() == Some("waiting") {
            return Err(error.into());
        }
        tracing::warn!(mail = %id, %error, "a mail was given up");
        Ok(())
    }
}

/// A mail that still waits, whole.
async fn waiting(pool: &PgPool, id: Uuid) -> sqlx::Result<Option<Mail>> {
    let Some(row) = sqlx::query!(
        "select to_address, to_name, subject, text, html, unsubscribe from mails
         where id = $1 and status = 'waiting' and confidentiality <> 'secret'",
        id
    )
    .fetch_optional(pool)
    .await?
    else {
        return Ok(None);
    };
    let attachments = sqlx::query_as!(
        Attachment,
        "select file_name, content_type, content from mail_attachments
         where mail_id = $1 order by position",
        id
    )
    .fetch_all(pool)
    .await?;
    Ok(Some(Mail {
        to: row.to_address,
        to_name: row.to_name,
        subject: row.subject,
        text: row.text,
        html: row.html,
        unsubscribe: row.unsubscribe,
        attachments,
    }))
}

/// Whether a mail of the outbox still waits.
pub async fn is_waiting(pool: &PgPool, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from mails where id = $1 and status = 'waiting') as "waiting!""#,
        id
    )
    .fetch_one(pool)
    .await
}

/// Gives up the mails, or this one, that announce what began meanwhile; gives how many.
async fn lapse(
    conn: impl PgExecutor<'_>,
    id: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "update mails set status = 'failed', last_error = 'too_late'
         where status in ('kept', 'waiting') and serves_until <= $1 and ($2::uuid is null or id = $2)",
        now,
        id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Gives up what waits or is kept of this kind, about this page, for this address: a newer mail says it all.
pub async fn supersede(
    conn: &mut PgConnection,
    (kind, related, address): (&str, &str, &str),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update mails set status = 'failed', last_error = 'superseded', serves_until = '-infinity'
         where kind = $1 and related = $2 and lower(to_address) = lower($3) and status in ('waiting', 'kept')",
        kind,
        related,
        address
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Sends again a mail that was kept, refused or given up, or that left already; `false` when it waits,
/// is not kept whole or serves no more.
pub async fn send_again(
    conn: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update mails set status = 'waiting', attempts = 0, last_error = null
         where id = $1 and status <> 'waiting' and confidentiality <> 'secret' and not is_emptied
           and (serves_until is null or serves_until > $2)",
        id,
        now
    )
    .execute(&mut *conn)
    .await?;
    if changed.rows_affected() == 0 {
        return Ok(false);
    }
    jobs::enqueue(conn, JOB, &Send { mail_id: id }, now).await?;
    Ok(true)
}

/// Sends what was kept for want of a mail server, unless it serves no more; gives how many leave, and how
/// many are given up.
pub async fn send_kept(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<(usize, u64)> {
    let given_up = lapse(&mut *conn, None, now).await?;
    let ids = sqlx::query_scalar!(
        "update mails set status = 'waiting', attempts = 0, last_error = null
         where status = 'kept' returning id"
    )
    .fetch_all(&mut *conn)
    .await?;
    for id in &ids {
        jobs::enqueue(conn, JOB, &Send { mail_id: *id }, now).await?;
    }
    Ok((ids.len(), given_up))
}

/// The job of a mail was abandoned: so is the mail.
pub async fn abandon(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update mails set status = 'failed' where id = $1 and status = 'waiting'",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the texts and the files of mails that left or were given up a month ago.
async fn forget_texts(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "with emptied as (
           update mails set text = '', html = '', is_emptied = true
           where (text <> '' or html <> '') and status in ('sent', 'refused', 'failed')
             and created_at < $1 and coalesce(sent_at, created_at) < $1
           returning id)
         delete from mail_attachments a using emptied e where a.mail_id = e.id",
        now - TEXT_MEMORY
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the mails of more than a year ago, and the texts of those of more than a month ago.
pub async fn purge(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    forget_texts(conn, now).await?;
    let done = sqlx::query!(
        "delete from mails where created_at < $1 and status <> 'waiting'",
        now - MEMORY
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
