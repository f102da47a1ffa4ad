//! The agenda of a workshop.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A company of the agenda.
#[derive(Debug, Clone)]
pub struct AgendaRow {
    /// SIREN.
    pub siren: String,
    /// Name; null when masked.
    pub name: Option<String>,
    /// Territory in which it is key.
    pub territory: Option<String>,
    /// Why it is there: code.
    pub reason: String,
    /// Whether the reader may open its page.
    pub is_open: bool,
    /// Entries that the reader may see.
    pub entries: i64,
    /// Decisions.
    pub decisions: i64,
}

/// The agenda, in its order; the council's own entries count for the council only.
pub async fn agenda(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    workshop_id: Uuid,
    is_council: bool,
) -> sqlx::Result<Vec<AgendaRow>> {
    sqlx::query_as!(
        AgendaRow,
        r#"select a.siren, case when c.diffusible or not c.is_person then c.name end as name, a.reason,
                  (select t.short_name from key_companies k join territories t on t.siren = k.territory_siren
                   where k.siren = a.siren and k.exited_on is null limit 1) as territory,
                  ($2::text[] is null or exists (
                     select from establishments s join current_memberships m on m.insee_code = s.insee_code
                     where s.siren = a.siren and m.territory_siren = any($2))) as "is_open!",
                  (select count(*) from workshop_entries e where e.workshop_id = a.workshop_id
                     and e.siren = a.siren and (e.kind <> 'confidential' or $3)) as "entries!",
                  (select count(*) from workshop_decisions d
                   where d.workshop_id = a.workshop_id and d.siren = a.siren) as "decisions!"
           from workshop_companies a join companies c on c.siren = a.siren
           where a.workshop_id = $1
           order by a.position, a.siren"#,
        workshop_id,
        scope,
        is_council,
    )
    .fetch_all(conn)
    .await
}

/// A company to propose.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// SIREN.
    pub siren: String,
    /// Name; null when masked.
    pub name: Option<String>,
    /// Territory in which it is key.
    pub territory: String,
    /// Why: code.
    pub reason: String,
    /// When a workshop spoke of it last.
    pub reviewed_on: Option<NaiveDate>,
}

/// Key companies of the territory that wait to be spoken of, the most pressing first.
pub async fn proposals(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    territory: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Proposal>> {
    sqlx::query_as!(
        Proposal,
        r#"select k.siren, case when c.diffusible or not c.is_person then c.name end as name,
                  t.short_name as territory, p.reason as "reason!", p.reviewed_on
           from key_companies k
           join companies c on c.siren = k.siren
           join territories t on t.siren = k.territory_siren
           cross join lateral (
             select (max(w.held_at) at time zone 'Europe/Paris')::date as reviewed_on, max(w.held_at) as at
             from workshop_companies x join workshops w on w.id = x.workshop_id
             where x.siren = k.siren and w.id <> $1 and w.cancelled_at is null and w.held_at < $3) r
           cross join lateral (
             select r.reviewed_on, case
               when exists (select from alerts a
                            where a.siren = k.siren and a.status in ('new', 'taken', 'waiting')) then 'alert'
               when exists (select from workshop_decisions d
                            where d.siren = k.siren and d.status = 'open') then 'open_decision'
               when r.at is null or r.at < $3::timestamptz - interval '6 months' then 'not_reviewed'
             end as reason) p
           where k.exited_on is null and ($2::text is null or k.territory_siren = $2)
             and p.reason is not null
             and not exists (select from workshop_companies a
                             where a.workshop_id = $1 and a.siren = k.siren)
           order by array_position(array['alert', 'open_decision', 'not_reviewed'], p.reason),
                    p.reviewed_on nulls first, fold_text(t.short_name), k.slot
           limit 200"#,
        workshop_id,
        territory,
        now,
    )
    .fetch_all(conn)
    .await
}

/// Puts a company at the end of the agenda; `false` when it is there already.
pub async fn add(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    siren: &str,
    reason: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into workshop_companies (workshop_id, siren, reason, position)
         select $1, $2, $3, coalesce(max(position), 0) + 1 from workshop_companies where workshop_id = $1
         on conflict do nothing",
        workshop_id,
        siren,
        reason,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves a company by one line, up (-1) or down (1).
pub async fn shift(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    siren: &str,
    by: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "with numbered as (
           select siren, row_number() over (order by position, siren) as n
           from workshop_companies where workshop_id = $1),
         me as (select n from numbered where siren = $2)
         update workshop_companies c
            set position = case when numbered.n = me.n then me.n + $3::bigint
                                when numbered.n = me.n + $3 then me.n else numbered.n end
           from numbered, me where c.workshop_id = $1 and c.siren = numbered.siren",
        workshop_id,
        siren,
        by,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes a company off the agenda; `false` when it is not there, or when something was said of it.
pub async fn remove(conn: &mut PgConnection, workshop_id: Uuid, siren: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from workshop_companies c where workshop_id = $1 and siren = $2
           and not exists (select from workshop_entries e
                           where e.workshop_id = c.workshop_id and e.siren = c.siren)
           and not exists (select from workshop_decisions d
                           where d.workshop_id = c.workshop_id and d.siren = c.siren)",
        workshop_id,
        siren,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What a sheet says of a company: what everybody may know, and what was shared before.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// SIREN.
    pub siren: String,
    /// Name; null when masked.
    pub name: Option<String>,
    /// Commune and territory.
    pub commune: Option<String>,
    /// The same.
    pub territory: Option<String>,
    /// Activity.
    pub activity: Option<String>,
    /// Band of its headcount.
    pub band: Option<String>,
    /// Key company since.
    pub key_since: Option<NaiveDate>,
    /// What was shared at the workshops before: « date, organisation : text ».
    pub shared: Vec<String>,
    /// Decisions that are not done: « text (organisation, pour le …) ».
    pub decisions: Vec<String>,
}

/// The sheets of a workshop, in the order of its agenda.
pub async fn sheets(conn: &mut PgConnection, workshop_id: Uuid) -> sqlx::Result<Vec<Sheet>> {
    sqlx::query_as!(
        Sheet,
        r#"select a.siren, case when c.diffusible or not c.is_person then c.name end as name,
                  m.name as "commune?", t.short_name as "territory?", n.label as "activity?",
                  b.label as "band?", k.entered_on as "key_since?",
                  array(select to_char(w.held_at at time zone 'Europe/Paris', 'DD/MM/YYYY') || ', ' || o.name
                               || chr(160) || ': '
                               || case when length(e.text) > 300 then left(e.text, 300) || '…' else e.text end
                        from workshop_entries e join workshops w on w.id = e.workshop_id
                        join organisations o on o.id = e.organisation_id
                        where e.siren = a.siren and e.kind = 'shared' and e.workshop_id <> a.workshop_id
                        order by w.held_at desc, e.created_at limit 6) as "shared!",
                  array(select d.text || ' (' || o.name || ', pour le ' || to_char(d.due_on, 'DD/MM/YYYY') || ')'
                        from workshop_decisions d join organisations o on o.id = d.owner_organisation_id
                        where d.siren = a.siren and d.status = 'open'
                        order by d.due_on, d.id limit 6) as "decisions!"
           from workshop_companies a
           join companies c on c.siren = a.siren
           left join establishments e on e.siret = coalesce(c.local_siret, c.head_office_siret)
           left join municipalities m on m.insee_code = e.insee_code
           left join current_memberships cm on cm.insee_code = e.insee_code
           left join territories t on t.siren = cm.territory_siren
           left join naf_codes n on n.nomenclature = e.naf_nomenclature and n.code = e.naf_code
           left join headcount_bands b on b.code = e.headcount_band
           left join key_companies k on k.siren = a.siren and k.exited_on is null
           where a.workshop_id = $1
           order by a.position, a.siren"#,
        workshop_id,
    )
    .fetch_all(conn)
    .await
}
