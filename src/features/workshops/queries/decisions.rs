//! Decisions: taken in the room, alive until they are done.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Seen;
use crate::web::forms::Choice;

/// A decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Key.
    pub id: Uuid,
    /// Its workshop.
    pub workshop_id: Uuid,
    /// Title of the workshop.
    pub workshop: String,
    /// When it was held.
    pub held_at: DateTime<Utc>,
    /// Company.
    pub siren: String,
    /// Its name; null when masked.
    pub company: Option<String>,
    /// Kind: code.
    pub kind: String,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner_organisation_id: Uuid,
    /// Its name.
    pub owner_organisation: String,
    /// The person, if named.
    pub owner: Option<String>,
    /// For when.
    pub due_on: NaiveDate,
    /// Open, done or dropped: code.
    pub status: String,
    /// Ended on that day.
    pub done_on: Option<NaiveDate>,
    /// What came of it.
    pub outcome: String,
    /// Moves at each change.
    pub version: i32,
}

/// Which decisions.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// This one.
    pub id: Option<Uuid>,
    /// Taken in this workshop.
    pub workshop_id: Option<Uuid>,
    /// On this company.
    pub siren: Option<&'a str>,
    /// Taken before this workshop and not done, on its territory or its agenda.
    pub before: Option<Uuid>,
}

/// Decisions of the workshops that the reader sees, by date.
pub async fn decisions(
    conn: &mut PgConnection,
    seen: Seen<'_>,
    wanted: &Wanted<'_>,
) -> sqlx::Result<Vec<Decision>> {
    sqlx::query_as!(
        Decision,
        r#"select d.id, d.workshop_id, w.title as workshop, w.held_at, d.siren,
                  case when c.diffusible or not c.is_person then c.name end as company, d.kind, d.text,
                  d.owner_organisation_id, o.name as owner_organisation,
                  coalesce(p.full_name, u.full_name) as owner, d.due_on, d.status, d.done_on, d.outcome,
                  d.version
           from workshop_decisions d
           join workshops w on w.id = d.workshop_id
           join companies c on c.siren = d.siren
           join organisations o on o.id = d.owner_organisation_id
           left join partner_people p on p.id = d.owner_person_id
           left join users u on u.id = d.owner_user_id
           where ($1::text[] is null or w.territory_siren = any($1) or workshop_concerns(w.id, $2))
             and ($3::uuid is null or d.id = $3)
             and ($4::uuid is null or d.workshop_id = $4)
             and ($5::text is null or d.siren = $5)
             and ($6::uuid is null or d.status = 'open' and exists (
               select from workshops n where n.id = $6 and n.id <> w.id and w.held_at < n.held_at
                 and (n.territory_siren is null or n.territory_siren = w.territory_siren or exists (
                   select from workshop_companies a where a.workshop_id = n.id and a.siren = d.siren))))
           order by d.due_on, d.id limit 300"#,
        seen.scope,
        seen.organisation_id,
        wanted.id,
        wanted.workshop_id,
        wanted.siren,
        wanted.before,
    )
    .fetch_all(conn)
    .await
}

/// A decision to write.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// Code.
    pub kind: String,
    /// What is to be done.
    pub text: String,
    /// Who: `g:` and a guest, or `u:` and a colleague.
    pub owner: String,
    /// For when.
    pub due_on: NaiveDate,
}

/// Who may be given a decision: the guests, then the colleagues.
pub async fn owners(conn: &mut PgConnection, workshop_id: Uuid) -> sqlx::Result<Vec<Choice>> {
    let rows = sqlx::query!(
        r#"select key as "key!", label as "label!" from (
             select 'g:' || g.id as key,
                    case when g.person_name = '' then o.name else g.person_name || ', ' || o.name end as label,
                    1 as rank
             from workshop_guests g join organisations o on o.id = g.organisation_id
             where g.workshop_id = $1
             union all
             select 'u:' || u.id, u.full_name || ', ' || o.name, 2
             from users u join organisations o on o.id = u.organisation_id
             where u.role = 'staff' and u.status = 'active'
               and not exists (select from workshop_guests g where g.workshop_id = $1 and g.user_id = u.id)
           ) c order by rank, fold_text(label)"#,
        workshop_id
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Choice::new(row.key, row.label))
        .collect())
}

/// Writes a decision; `false` when its owner is neither a guest nor a colleague.
pub async fn insert(
    conn: &mut PgConnection,
    (workshop_id, siren): (Uuid, &str),
    new: &NewDecision,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into workshop_decisions (id, workshop_id, siren, kind, text, owner_organisation_id,
                                         owner_person_id, owner_user_id, due_on, decided_by, decided_at)
         select $1, $2, $3, $4, $5, o.organisation_id, o.person_id, o.user_id, $7, $8, $9
         from (select 'g:' || id as key, organisation_id, person_id, user_id
               from workshop_guests where workshop_id = $2
               union all
               select 'u:' || id, organisation_id, null, id from users
               where role = 'staff' and status = 'active') o
         where o.key = $6",
        Uuid::now_v7(),
        workshop_id,
        siren,
        new.kind,
        new.text,
        new.owner,
        new.due_on,
        by,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What becomes of a decision.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Code.
    pub status: &'static str,
    /// For when, from now on.
    pub due_on: NaiveDate,
    /// Ended on that day.
    pub done_on: Option<NaiveDate>,
    /// What came of it, or why.
    pub said: String,
}

/// Says what became of a decision; `false` when someone did first.
pub async fn follow(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    new: &Outcome,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update workshop_decisions set status = $3, due_on = $4, done_on = $5, outcome = $6
         where id = $1 and version = $2",
        id,
        version,
        new.status,
        new.due_on,
        new.done_on,
        new.said,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
