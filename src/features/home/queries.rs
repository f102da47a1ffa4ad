//! Reads over every feature's tables, for the home page only.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Kind, Todo, Watched};
use crate::features::companies::model::shown_name;
use crate::web::levels::Level;

/// What the visitor may act upon: nothing else is listed.
#[derive(Debug, Clone, Copy)]
pub struct Rights<'a> {
    /// Territories to stay within.
    pub scope: Option<&'a [String]>,
    /// Places and referents.
    pub keys: bool,
    /// Alerts: the visitor, when they may look after some.
    pub alerts: Option<Uuid>,
    /// Who reads: decisions of workshops and actions are given to people.
    pub me: Uuid,
    /// Imports.
    pub imports: bool,
    /// Accounts.
    pub users: bool,
}

/// Months after which headcounts are said to be old.
const OLD_HEADCOUNTS: i32 = 18;

/// A thing to do, in codes.
#[derive(Debug)]
struct TodoRow {
    kind: String,
    subject: String,
    territory: Option<String>,
    since: Option<NaiveDate>,
    number: i64,
    target: String,
    levels: Vec<String>,
}

impl TodoRow {
    fn todo(self) -> Option<Todo> {
        let level = |code: &String| Level::from_code(Some(code));
        Some(Todo {
            kind: Kind::from_code(&self.kind)?,
            subject: self.subject,
            territory: self.territory,
            since: self.since,
            number: self.number,
            target: self.target,
            levels: self.levels.iter().map(level).collect(),
        })
    }
}

/// Things to do, the most pressing first, at most `limit`.
#[expect(clippy::too_many_lines, reason = "one statement")]
pub async fn todos(
    conn: &mut PgConnection,
    rights: Rights<'_>,
    today: NaiveDate,
    limit: i64,
) -> sqlx::Result<Vec<Todo>> {
    let rows = sqlx::query_as!(
        TodoRow,
        r#"select kind as "kind!", subject as "subject!", territory, since, number as "number!",
                  target as "target!", levels as "levels!"
           from (
             select 1 as rank, 'confirm_import' as kind, i.label as subject, null as territory,
                    (i.created_at at time zone 'Europe/Paris')::date as since, 0::bigint as number,
                    i.id::text as target, '{}'::text[] as levels
             from imports i where i.status = 'ready' and $3
               -- A preview that would write nothing needs no confirmation.
               and exists (select from jsonb_each(i.counts) c
                           where jsonb_typeof(c.value) = 'object'
                             and (c.value ->> 'created' <> '0' or c.value ->> 'changed' <> '0'))
             union all
             select 2, 'free_place',
                    case when c.diffusible or not c.is_person then coalesce(c.name, c.siren) else c.siren end,
                    t.short_name,
                    case when c.active then e.closed_on else coalesce(c.ceased_on, e.closed_on) end,
                    k.slot, t.siren, '{}'
             from key_companies k
             join companies c on c.siren = k.siren
             join establishments e on e.siret = k.siret
             join territories t on t.siren = k.territory_siren
             left join current_memberships m on m.insee_code = e.insee_code
             where $2 and k.exited_on is null and ($1::text[] is null or k.territory_siren = any($1))
               and (not c.active or not e.active or m.territory_siren is distinct from k.territory_siren)
             union all
             select 3, 'replace_referent',
                    case when c.diffusible or not c.is_person then coalesce(c.name, c.siren) else c.siren end,
                    t.short_name, null, k.slot, t.siren, '{}'
             from key_companies k
             join companies c on c.siren = k.siren
             join territories t on t.siren = k.territory_siren
             join users r on r.id = k.referent_id
             where $2 and k.exited_on is null and r.status = 'suspended'
               and ($1 is null or k.territory_siren = any($1))
             union all
             select 4, 'refresh_headcounts', '', null, max(h.period), 0, '', '{}'
             from headcounts h where $3
             having max(h.period) < ($5::date - make_interval(months => $6))
             union all
             (select 5, 'remind_guest', u.full_name, null,
                     (u.created_at at time zone 'Europe/Paris')::date, 0, u.id::text, '{}'
              from users u where $4 and u.status = 'invited')
             union all
             select 0, 'restart_jobs', '', null, (min(j.parked_at) at time zone 'Europe/Paris')::date, count(*), '', '{}'
             from jobs j where $4 and j.parked_at is not null having count(*) > 0
             union all
             select 6, 'choose_companies', t.short_name, null,
                    (select max(coalesce(k.exited_on, k.entered_on)) from key_companies k
                     where k.territory_siren = t.siren),
                    5 - (select count(*) from key_companies k
                         where k.territory_siren = t.siren and k.exited_on is null), t.siren, '{}'
             from territories t
             where $2 and ($1 is null or t.siren = any($1))
               and 5 > (select count(*) from key_companies k
                        where k.territory_siren = t.siren and k.exited_on is null)
             union all
             select 0, 'handle_alert',
                    case when c.diffusible or not c.is_person then coalesce(c.name, c.siren) else c.siren end,
                    null, (a.opened_at at time zone 'Europe/Paris')::date,
                    $5 - (a.opened_at at time zone 'Europe/Paris')::date, a.id::text,
                    array[case when a.is_procedure then 'procedure' else a.level end]
             from alerts a join companies c on c.siren = a.siren
             where a.assignee_id = $8::uuid
               and (a.status = 'taken' or a.status = 'waiting' and a.waits_until <= $5)
               and ($1 is null or exists (
                 select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
                 where s.siren = a.siren and sm.territory_siren = any($1)))
             union all
             select 0, 'assign_alerts', '', null, null, count(*), '',
                    array_agg(case when a.is_procedure then 'procedure' else a.level end)
             from alerts a
             where $8 is not null and a.assignee_id is null
               and (a.status = 'new' or a.status = 'waiting' and a.waits_until <= $5)
               and ($1 is null or exists (
                 select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
                 where s.siren = a.siren and sm.territory_siren = any($1)))
             having count(*) > 0
             union all
             select 0, 'follow_decision',
                    case when c.diffusible or not c.is_person then coalesce(c.name, c.siren) else c.siren end,
                    w.title, d.due_on, $5 - d.due_on, d.id::text, '{}'
             from due_decisions d join companies c on c.siren = d.siren
             join workshops w on w.id = d.workshop_id
             where d.user_id = $9::uuid and d.due_on <= $5
             union all
             select 0, 'due_action', d.title,
                    case when c.diffusible or not c.is_person then coalesce(c.name, c.siren) else c.siren end,
                    d.due_on, $5 - d.due_on, d.id::text, '{}'
             from due_actions d join companies c on c.siren = d.siren
             where d.user_id = $9 and d.due_on <= $5
           ) todo
           order by rank, case kind when 'choose_companies' then -number end, since nulls last, fold_text(subject) collate "C"
           limit $7"#,
        rights.scope,
        rights.keys,
        rights.imports,
        rights.users,
        today,
        OLD_HEADCOUNTS,
        limit,
        rights.alerts,
        rights.me,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().filter_map(TodoRow::todo).collect())
}

/// Key companies within the scope that are high, critical or in procedure, those that can still be helped
/// first, then those that became so last.
pub async fn watched(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    limit: i64,
) -> sqlx::Result<Vec<Watched>> {
    let rows = sqlx::query!(
        r#"select siren as "siren!", name, territory as "territory!", shown as "shown!", since as "since!",
                  sentence
           from (
             select distinct on (c.siren) c.siren,
                    case when c.diffusible or not c.is_person then c.name end as name,
                    t.short_name as territory, r.shown, r.since, concat_ws(' ', a.explanation ->> 'sentence', a.explanation ->> 'retained') as sentence
             from key_companies k
             join companies c on c.siren = k.siren
             join territories t on t.siren = k.territory_siren
             join company_risks r on r.siren = k.siren
             join risk_assessments a on a.id = r.assessment_id
             where k.exited_on is null and ($1::text[] is null or k.territory_siren = any($1))
               and r.shown in ('high', 'critical', 'procedure')
             order by c.siren, k.is_group_site, k.entered_on) watched
           order by array_position(array['critical', 'high', 'procedure'], shown), since desc, siren
           limit $2"#,
        scope as Option<&[String]>,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let watched = rows.into_iter().map(|row| Watched {
        name: shown_name(row.name.as_deref()).to_owned(),
        siren: row.siren,
        territory: row.territory,
        level: Level::from_code(Some(&row.shown)),
        since: row.since,
        sentence: row.sentence.unwrap_or_default(),
    });
    Ok(watched.collect())
}

/// How far the house is set up.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each a step of its own"
)]
pub struct Progress {
    /// Companies are imported.
    pub has_companies: bool,
    /// A company was chosen at least once.
    pub has_key_companies: bool,
    /// More than one person has an account.
    pub has_colleagues: bool,
    /// The person noted a meeting.
    pub has_met: bool,
    /// The person noted a signal.
    pub has_signalled: bool,
}

/// How far the house is set up, and this person within it.
pub async fn progress(conn: &mut PgConnection, me: Uuid) -> sqlx::Result<Progress> {
    sqlx::query_as!(
        Progress,
        r#"select exists (select from companies) as "has_companies!",
                  exists (select from key_companies) as "has_key_companies!",
                  (select count(*) from (select from users limit 2) u) > 1 as "has_colleagues!",
                  exists (select from meetings where author_id = $1 and undone_at is null) as "has_met!",
                  exists (select from signals where author_id = $1) as "has_signalled!""#,
        me
    )
    .fetch_one(conn)
    .await
}
