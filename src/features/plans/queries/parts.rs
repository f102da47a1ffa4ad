//! Steps, notes and funders of an action.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::features::meetings::queries::Reader;

/// A step.
#[derive(Debug, Clone, Deserialize)]
pub struct Step {
    /// Key.
    pub id: Uuid,
    /// What.
    pub title: String,
    /// Done on that day.
    pub done_on: Option<NaiveDate>,
}

/// A note; nothing changes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Note {
    /// The day that it speaks of.
    pub noted_on: NaiveDate,
    /// What.
    pub text: String,
    /// Else for the council and its author's organisation.
    pub is_shared: bool,
    /// Who noted it.
    pub author: String,
    /// Their organisation.
    pub organisation: String,
}

/// Who pays.
#[derive(Debug, Clone, Deserialize)]
pub struct Funder {
    /// Key.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Whole euros.
    pub amount: i64,
}

/// What hangs from an action.
#[derive(Debug)]
pub struct Parts {
    /// In their order.
    pub steps: Json<Vec<Step>>,
    /// The newest first: all for the council, else what is shared or what advisers of one's organisation noted.
    pub notes: Json<Vec<Note>>,
    /// The largest first.
    pub funders: Json<Vec<Funder>>,
}

/// Everything that hangs from an action, in one statement. The caller has found the action within the reader's
/// rights.
pub async fn of(conn: &mut PgConnection, reader: Reader<'_>, action: Uuid) -> sqlx::Result<Parts> {
    sqlx::query_as!(
        Parts,
        r#"select
             (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title, 'done_on', s.done_on)
                                        order by s.position), '[]')
              from action_steps s where s.action_id = $1) as "steps!: Json<Vec<Step>>",
             (select coalesce(jsonb_agg(jsonb_build_object('noted_on', x.noted_on, 'text', x.text,
                                          'is_shared', x.is_shared, 'author', x.author_name,
                                          'organisation', x.name) order by x.noted_on desc, x.at desc), '[]')
              from (select n.*, o.name from action_notes n join organisations o on o.id = n.organisation_id
                    where n.action_id = $1 and ($2 or n.is_shared or n.organisation_id = $3 and exists (
                      select from users u where u.id = n.author_id and u.role = 'adviser'))
                    order by n.noted_on desc, n.at desc limit 200) x) as "notes!: Json<Vec<Note>>",
             (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', coalesce(o.name, f.typed_name),
                                          'amount', f.amount_euros) order by f.amount_euros desc, f.id), '[]')
              from action_funders f left join organisations o on o.id = f.organisation_id
              where f.action_id = $1) as "funders!: Json<Vec<Funder>>""#,
        action,
        reader.council,
        reader.organisation,
    )
    .fetch_one(conn)
    .await
}

/// The action of a step; none when there is no such step.
pub async fn action_of_step(conn: &mut PgConnection, step: Uuid) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("select action_id from action_steps where id = $1", step)
        .fetch_optional(conn)
        .await
}

/// The action of a funder; none when it was removed.
pub async fn action_of_funder(conn: &mut PgConnection, funder: Uuid) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("select action_id from action_funders where id = $1", funder)
        .fetch_optional(conn)
        .await
}

/// Adds a step after the others.
pub async fn add_step(conn: &mut PgConnection, action: Uuid, title: &str) -> sqlx::Result<()> {
    // Two people who add at once come one after the other.
    sqlx::query!("select id from actions where id = $1 for update", action)
        .fetch_one(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into action_steps (id, action_id, position, title)
         select $1, $2, coalesce(max(position), 0) + 1, $3 from action_steps where action_id = $2",
        Uuid::now_v7(),
        action,
        title,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ticks a step, or takes its tick back.
pub async fn tick(
    conn: &mut PgConnection,
    step: Uuid,
    done_on: Option<NaiveDate>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update action_steps set done_on = $2
         where id = $1 and (done_on is null) <> ($2::date is null)",
        step,
        done_on,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A note to keep.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// The day that it speaks of.
    pub noted_on: NaiveDate,
    /// What.
    pub text: String,
    /// Whether partners read it.
    pub is_shared: bool,
}

/// Keeps a note.
pub async fn add_note(
    conn: &mut PgConnection,
    action: Uuid,
    new: &NewNote,
    (author, name, organisation): (Uuid, &str, Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into action_notes (id, action_id, noted_on, text, is_shared, author_id, author_name,
                                   organisation_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        Uuid::now_v7(),
        action,
        new.noted_on,
        new.text,
        new.is_shared,
        author,
        name,
        organisation,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A funder to add: an organisation of Vigie, or a name.
#[derive(Debug, Clone)]
pub struct NewFunder {
    /// `organisations.id`
    pub organisation_id: Option<Uuid>,
    /// Else a name.
    pub typed_name: String,
    /// Whole euros.
    pub amount: i64,
}

/// Adds a funder; `false` when it is listed already.
pub async fn add_funder(
    conn: &mut PgConnection,
    action: Uuid,
    new: &NewFunder,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        // The name of a known organisation, however it is typed, is that organisation.
        "with named as (
           select o.id from organisations o
           where fold_text(o.name) = fold_text(btrim($4))
           order by o.archived_on is not null, o.id limit 1)
         insert into action_funders (id, action_id, organisation_id, typed_name, amount_euros)
         select $1, $2, coalesce($3, (select id from named)),
                case when exists (select from named) then '' else $4 end, $5
         on conflict do nothing",
        Uuid::now_v7(),
        action,
        new.organisation_id,
        new.typed_name,
        new.amount,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a funder.
pub async fn remove_funder(conn: &mut PgConnection, funder: Uuid) -> sqlx::Result<()> {
    sqlx::query!("delete from action_funders where id = $1", funder)
        .execute(conn)
        .await?;
    Ok(())
}
