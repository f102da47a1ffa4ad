//! One alert with its reasons and its history, and what people write about it.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::features::alerts::acts::Held;
use crate::scoring::explanation::Explanation;

/// An alert, with the assessment that speaks of it.
#[derive(Debug)]
pub struct AlertDetail {
    /// Key.
    pub id: Uuid,
    /// Moves at each change.
    pub version: i32,
    /// SIREN of its company.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
    /// Territory of the company.
    pub territory: Option<String>,
    /// How grave.
    pub level: String,
    /// A state rather than a prediction: an open procedure, or a radiation.
    pub is_procedure: bool,
    /// What its company shows today.
    pub shown: Option<String>,
    /// Status in the database.
    pub status: String,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Who looks after it.
    pub assignee_id: Option<Uuid>,
    /// First and last name.
    pub assignee: Option<String>,
    /// Since when.
    pub taken_at: Option<DateTime<Utc>>,
    /// The day on which it is open again.
    pub waits_until: Option<NaiveDate>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub closed_by_name: Option<String>,
    /// How.
    pub outcome: Option<String>,
    /// Why it ended, or waits.
    pub motive: Option<String>,
    /// The alert that it is handled with.
    pub merged_into: Option<Uuid>,
    /// Company of that one.
    pub merged_name: Option<String>,
    /// The last assessment that told something new of it.
    pub assessment_id: i64,
    /// The day that it speaks of.
    pub as_of: NaiveDate,
    /// What it says.
    pub explanation: Json<Explanation>,
    /// Whether this person found it useful.
    pub is_useful: Option<bool>,
    /// Why.
    pub feedback: Option<String>,
}

/// The alert, if its company is within the scope, for this person.
pub async fn find(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    id: Uuid,
    me: Uuid,
) -> sqlx::Result<Option<AlertDetail>> {
    sqlx::query_as!(
        AlertDetail,
        r#"select a.id, a.version, a.siren,
                  case when c.diffusible or not c.is_person then c.name end as name,
                  t.short_name as "territory?", a.level, a.is_procedure,
                  (select cr.shown from company_risks cr where cr.siren = a.siren) as shown, a.status, a.opened_at,
                  a.assignee_id, u.full_name as "assignee?", a.taken_at, a.waits_until, a.closed_at,
                  a.closed_by_name, a.outcome, a.motive, a.merged_into,
                  case when mc.diffusible or not mc.is_person then mc.name end as merged_name,
                  a.assessment_id, r.as_of, r.explanation as "explanation: Json<Explanation>",
                  f.is_useful as "is_useful?", f.motive as "feedback?"
           from alerts a
           join companies c on c.siren = a.siren
           join risk_assessments r on r.id = a.assessment_id
           left join establishments e on e.siret = c.local_siret
           left join current_memberships m on m.insee_code = e.insee_code
           left join territories t on t.siren = m.territory_siren
           left join users u on u.id = a.assignee_id
           left join alerts ma on ma.id = a.merged_into
           left join companies mc on mc.siren = ma.siren
           left join assessment_feedback f on f.assessment_id = a.assessment_id and f.user_id = $3
           where a.id = $2 and ($1::text[] is null or exists (
             select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
             where s.siren = a.siren and sm.territory_siren = any($1)))"#,
        scope,
        id,
        me,
    )
    .fetch_optional(conn)
    .await
}

/// Why an alert was opened.
#[derive(Debug)]
pub struct CauseRow {
    /// When Vigie found it.
    pub at: DateTime<Utc>,
    /// What changed, since when, from which source.
    pub sentence: String,
    /// When its notice was taken back.
    pub lifted_at: Option<DateTime<Utc>>,
}

/// The causes of an alert, the newest first.
pub async fn causes(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Vec<CauseRow>> {
    sqlx::query_as!(
        CauseRow,
        "select at, sentence, lifted_at from alert_causes where alert_id = $1
         order by at desc, cause_key desc limit 100",
        id,
    )
    .fetch_all(conn)
    .await
}

/// What happened to an alert, or to one that is handled with it.
#[derive(Debug)]
pub struct EventRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What; `joined` when another alert came to be handled with this one.
    pub kind: String,
    /// Details.
    pub text: String,
    /// The alert that came.
    pub other: Option<Uuid>,
}

/// What happened to an alert, the newest first.
pub async fn events(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Vec<EventRow>> {
    sqlx::query_as!(
        EventRow,
        r#"select at as "at!", actor as "actor!", kind as "kind!", text as "text!", other from (
             select v.at, v.actor_name as actor, v.kind, v.text, null::uuid as other, v.id
             from alert_events v where v.alert_id = $1
             union all
             select a.closed_at, coalesce(a.closed_by_name, ''), 'joined',
                    case when c.diffusible or not c.is_person then coalesce(c.name, c.siren) else c.siren end,
                    a.id, 0
             from alerts a join companies c on c.siren = a.siren
             where a.merged_into = $1 and a.closed_at is not null) events
           order by at desc, id desc limit 100"#,
        id,
    )
    .fetch_all(conn)
    .await
}

/// One choice of a form of the page.
#[derive(Debug)]
pub struct OptionRow {
    /// `person`, or how close an alert is: `group`, `territory`, `other`.
    pub kind: String,
    /// Key.
    pub value: Uuid,
    /// Words.
    pub label: String,
}

/// Active staff, and the other open alerts within the scope: those of the same group and of the same
/// territory are told apart, and come first where there are too many.
pub async fn options(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    id: Uuid,
) -> sqlx::Result<Vec<OptionRow>> {
    sqlx::query_as!(
        OptionRow,
        r#"select kind as "kind!", value as "value!", label as "label!" from (
             select 'person' as kind, id as value, full_name as label
             from users where role = 'staff' and status = 'active'
             union all
             (select case when g.siren is not null then 'group'
                          when m.territory_siren = own.territory_siren then 'territory'
                          else 'other' end, a.id,
                    case when c.diffusible or not c.is_person then coalesce(c.name, c.siren) else c.siren end
                      || ', alerte du ' || to_char(a.opened_at at time zone 'Europe/Paris', 'DD/MM/YYYY')
              from alerts a
              join companies c on c.siren = a.siren
              left join establishments e on e.siret = c.local_siret
              left join current_memberships m on m.insee_code = e.insee_code
              cross join lateral (
                select this.siren, tm.territory_siren
                from alerts this join companies tc on tc.siren = this.siren
                left join establishments te on te.siret = tc.local_siret
                left join current_memberships tm on tm.insee_code = te.insee_code
                where this.id = $2) own
              left join group_members og on og.siren = own.siren and og.left_on is null
              left join group_members g on g.group_id = og.group_id and g.siren = a.siren and g.left_on is null
              where a.id <> $2 and a.status in ('new', 'taken', 'waiting')
                and ($1::text[] is null or exists (
                  select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
                  where s.siren = a.siren and sm.territory_siren = any($1)))
              order by g.siren is null, m.territory_siren is distinct from own.territory_siren, a.opened_at desc
              limit 500)) o
           order by kind, fold_text(label) collate "C", value"#,
        scope,
        id,
    )
    .fetch_all(conn)
    .await
}

/// Writes what becomes of an alert; `false` when it changed first.
pub async fn change(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    held: &Held,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update alerts set status = $3, assignee_id = $4, taken_at = $5, waits_until = $6,
                closed_at = $7, closed_by_name = $8, outcome = $9, motive = $10, merged_into = $11
          where id = $1 and version = $2",
        id,
        version,
        held.status,
        held.assignee_id,
        held.taken_at,
        held.waits_until,
        held.closed_at,
        held.closed_by_name,
        held.outcome,
        held.motive,
        held.merged_into,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives open alerts to someone; those that changed first are left as they are. Gives the keys of
/// those that were given.
pub async fn entrust(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    seen: &[(Uuid, i32)],
    to: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let (ids, versions): (Vec<Uuid>, Vec<i32>) = seen.iter().copied().unzip();
    sqlx::query_scalar!(
        "update alerts a
            set status = 'taken', assignee_id = $4, taken_at = $5, waits_until = null, motive = null
           from unnest($2::uuid[], $3::int[]) seen (id, version)
          where a.id = seen.id and a.version = seen.version and a.status in ('new', 'taken', 'waiting')
            and ($1::text[] is null or exists (
              select from establishments s join current_memberships m on m.insee_code = s.insee_code
              where s.siren = a.siren and m.territory_siren = any($1)))
         returning a.id",
        scope as Option<&[String]>,
        &ids,
        &versions,
        to,
        now,
    )
    .fetch_all(conn)
    .await
}

/// Whether an assessment served someone; the last word counts.
pub async fn give_feedback(
    conn: &mut PgConnection,
    assessment_id: i64,
    user_id: Uuid,
    (is_useful, motive): (bool, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into assessment_feedback (assessment_id, user_id, is_useful, motive, at)
         values ($1, $2, $3, $4, $5)
         on conflict (assessment_id, user_id) do update
            set is_useful = excluded.is_useful, motive = excluded.motive, at = excluded.at",
        assessment_id,
        user_id,
        is_useful,
        motive,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Opens again the alerts whose wait is over; gives how many.
pub async fn wake(
    conn: &mut PgConnection,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let woken = sqlx::query!(
        "with woken as (
           update alerts set status = case when assignee_id is null then 'new' else 'taken' end,
                  waits_until = null, motive = null
            where status = 'waiting' and waits_until <= $1
           returning id)
         insert into alert_events (alert_id, at, actor_name, kind, text)
         select id, $2, 'Vigie', 'woken', '' from woken",
        today,
        now,
    )
    .execute(conn)
    .await?;
    Ok(woken.rows_affected())
}

/// A wait ends before its day, because something new is known; `false` when it was not waiting.
pub async fn interrupt(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update alerts set status = case when assignee_id is null then 'new' else 'taken' end,
                waits_until = null, motive = null
          where id = $1 and status = 'waiting'",
        id,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
