//! Workshops that spoke of a company.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::history::Seen;

/// A workshop with the company on its agenda.
#[derive(Debug)]
pub struct WorkshopRow {
    /// `workshops.id`
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Its day in France.
    pub on: NaiveDate,
    /// What was decided of the company, with who and for when.
    pub decisions: Vec<String>,
}

/// The workshops that the reader sees, the newest first; none for who sees no workshop.
pub async fn workshops(
    conn: &mut PgConnection,
    seen: Seen<'_>,
    siren: &str,
    limit: i64,
) -> sqlx::Result<Vec<WorkshopRow>> {
    sqlx::query_as!(
        WorkshopRow,
        r#"select w.id, w.title, (w.held_at at time zone 'Europe/Paris')::date as "on!",
                  array(select d.text || ' (' || o.name || ', pour le ' || to_char(d.due_on, 'DD/MM/YYYY')
                               || case d.status when 'done' then ', fait' when 'dropped' then ', abandonné'
                                                else '' end || ')'
                        from workshop_decisions d join organisations o on o.id = d.owner_organisation_id
                        where d.workshop_id = w.id and d.siren = a.siren
                        order by d.decided_at, d.id) as "decisions!"
           from workshop_companies a join workshops w on w.id = a.workshop_id
           where a.siren = $3 and w.cancelled_at is null and $2::uuid is not null
             and ($1::text[] is null or w.territory_siren = any($1) or exists (
                    select from workshop_guests v
                    where v.workshop_id = w.id and v.organisation_id = $2 and v.invited_at is not null))
           order by w.held_at desc, w.id limit $4"#,
        seen.scope,
        seen.organisation_id,
        siren,
        limit,
    )
    .fetch_all(conn)
    .await
}
