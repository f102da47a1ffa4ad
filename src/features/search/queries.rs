//! SQL of the search: one statement reads every kind of record, each with the rights of its own list.
//!
//! Confidential words are compared only for those who may open them; whoever may not gets the same answer as if they
//! were not there.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Permission;
use crate::features::companies::model::Search;
use crate::web::Visit;
use crate::web::pager::COUNT_LIMIT;

/// Who searches: the rights of the lists.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent rights of the person who searches"
)]
pub struct Reader<'a> {
    /// Territories; none for all.
    pub scope: Option<&'a [String]>,
    /// Their organisation.
    pub organisation: Uuid,
    /// Of the council: reads confidential parts.
    pub council: bool,
    /// Contacts, organisations and their people.
    pub people: bool,
    /// Meetings.
    pub meetings: bool,
    /// Workshops and decisions.
    pub workshops: bool,
    /// Actions.
    pub actions: bool,
}

impl<'a> Reader<'a> {
    /// The person of this visit.
    pub fn of(visit: &'a Visit) -> Self {
        Self {
            scope: visit.scope(),
            organisation: visit.user.organisation_id,
            council: visit.may(Permission::ConductMeetings),
            people: visit.may(Permission::ViewCompanies) && visit.may(Permission::ViewPartners),
            meetings: visit.may(Permission::LogMeetings),
            workshops: visit.may(Permission::ViewWorkshops),
            actions: visit.may(Permission::ViewPlans),
        }
    }

    /// Whether any record may be found.
    pub fn reads_records(&self) -> bool {
        self.people || self.meetings || self.workshops || self.actions
    }
}

/// A record that answers.
#[derive(Debug)]
pub struct Hit {
    /// Code of the kind.
    pub kind: String,
    /// Key of its page.
    pub id: String,
    /// Its name or its first words.
    pub title: String,
    /// Name of the company; null when masked, or when it is about none.
    pub company: Option<String>,
    /// What else tells it.
    pub context: String,
    /// SIREN of the company; empty when it is about none.
    pub siren: String,
    /// Its day.
    pub day: Option<NaiveDate>,
    /// Whether it only resembles the words.
    pub is_near: bool,
    /// Whether only its confidential part holds them.
    pub is_confidential: bool,
    /// How many of its kind there are.
    pub found: i64,
}

/// At most `shown` records of each kind, the newest first, with how many there are.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, a branch for each kind"
)]
pub async fn records(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    search: &Search,
    shown: i64,
) -> sqlx::Result<Vec<Hit>> {
    sqlx::query_as!(
        Hit,
        r#"with hits as (
             (select 'person' as kind, t.id::text as id, t.full_name as title, case when c.diffusible or not c.is_person then c.name end as company, t.job_title as context,
                     c.siren, null::date as day, search_grade(t.full_name || ' ' || t.job_title, $1) as grade, false as is_confidential
              from contacts t join companies c on c.siren = t.siren
              where $5 and t.erased_at is null and (search_vector(t.full_name || ' ' || t.job_title) @@ search_query($1) or fold_text(($1)[1]) <% fold_text(t.full_name || ' ' || t.job_title))
                and ($2::text[] is null or exists (
                   select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
                   where s.siren = c.siren and sm.territory_siren = any($2)))
              order by 8 desc, t.archived_on is not null, t.full_name limit $6)
             union all
             (select 'person', o.id::text, p.full_name, null, concat_ws(', ', nullif(p.job_title, ''), o.name), '', null,
                     search_grade(p.full_name || ' ' || p.job_title, $1), false
              from partner_people p join organisations o on o.id = p.organisation_id
              where $5 and p.erased_at is null and (search_vector(p.full_name || ' ' || p.job_title) @@ search_query($1) or fold_text(($1)[1]) <% fold_text(p.full_name || ' ' || p.job_title))
              order by 8 desc, p.archived_on is not null, p.full_name limit $6)
             union all
             (select 'organisation', o.id::text, o.name, null, '', '', null, search_grade(o.name, $1), false
              from organisations o
              where $5 and (search_vector(o.name) @@ search_query($1) or fold_text(($1)[1]) <% fold_text(o.name))
              order by 8 desc, o.archived_on is not null, o.name limit $6)
             union all
             -- A meeting answers by its open words, by what was said on a theme, and by its confidential words for
             -- those who may open them: the council, and the organisation that wrote it.
             (select distinct on (m.id) 'meeting', m.id::text, m.summary, case when c.diffusible or not c.is_person then c.name end, '', c.siren, m.held_on,
                     f.grade, f.is_confidential
              from (
                select m.id, search_grade(m.summary || ' ' || m.shared_text, $1) as grade, false as is_confidential
                from meetings m where $7 and (search_vector(m.summary || ' ' || m.shared_text) @@ search_query($1) or fold_text(($1)[1]) <% fold_text(m.summary || ' ' || m.shared_text))
                union all
                select x.meeting_id, 2, false from meeting_answers x
                where $7 and search_vector(x.shared_text) @@ search_query($1)
                union all
                select m.id, 2, true from meetings m
                where $7 and ($3 or m.organisation_id = $4 and not m.by_council)
                  and search_vector(m.confidential_text) @@ search_query($1)
                union all
                select x.meeting_id, 2, true from meeting_answers x
                where $7 and $3 and search_vector(x.confidential_text) @@ search_query($1)) f
              join meetings m on m.id = f.id
              join companies c on c.siren = m.siren
              where m.undone_at is null and ($3 or m.is_shared or m.organisation_id = $4 and not m.by_council)
                and ($2::text[] is null or exists (
                   select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
                   where s.siren = m.siren and sm.territory_siren = any($2)))
              order by m.id, f.grade desc, f.is_confidential limit $6)
             union all
             (select distinct on (w.id) 'workshop', w.id::text, w.title, null, coalesce(t.short_name, ''), '',
                     (w.held_at at time zone 'Europe/Paris')::date, f.grade, f.is_confidential
              from (
                select w.id, search_grade(w.title, $1) as grade, false as is_confidential
                from workshops w where $8 and (search_vector(w.title) @@ search_query($1) or fold_text(($1)[1]) <% fold_text(w.title))
                union all
                select e.workshop_id, 2, e.kind = 'confidential' from workshop_entries e
                where $8 and (e.kind <> 'confidential' or $3) and search_vector(e.text) @@ search_query($1)) f
              join workshops w on w.id = f.id
              left join territories t on t.siren = w.territory_siren
              where $2 is null or w.territory_siren = any($2) or workshop_concerns(w.id, $4)
              order by w.id, f.grade desc, f.is_confidential limit $6)
             union all
             (select 'decision', d.id::text, d.text, case when c.diffusible or not c.is_person then c.name end, '', c.siren, d.due_on,
                     search_grade(d.text || ' ' || d.outcome, $1), false
              from workshop_decisions d
              join workshops w on w.id = d.workshop_id
              join companies c on c.siren = d.siren
              where $8 and (search_vector(d.text || ' ' || d.outcome) @@ search_query($1) or fold_text(($1)[1]) <% fold_text(d.text || ' ' || d.outcome))
                and ($2 is null or w.territory_siren = any($2) or workshop_concerns(w.id, $4))
              order by 8 desc, d.due_on desc limit $6)
             union all
             (select 'action', a.id::text, a.title, case when c.diffusible or not c.is_person then c.name end,
                     case when p.closed_on is null then '' else 'Plan clos' end, c.siren, a.due_on,
                     search_grade(a.title || ' ' || a.reason || ' ' || a.result, $1), false
              from actions a
              join action_plans p on p.id = a.plan_id
              join companies c on c.siren = p.siren
              where $9 and (search_vector(a.title || ' ' || a.reason || ' ' || a.result) @@ search_query($1) or fold_text(($1)[1]) <% fold_text(a.title || ' ' || a.reason || ' ' || a.result))
                and ($3 or a.is_shared and (a.owner_organisation_id = $4 or ($2::text[] is null or exists (
                   select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
                   where s.siren = p.siren and sm.territory_siren = any($2)))))
              order by 8 desc, a.due_on desc limit $6)
           ),
           -- What is near is told only when nothing holds the words.
           best as (
             select *, max(grade) over () as best from hits where grade > 0),
           ranked as (
             select *, count(*) over (partition by kind) as found,
                    row_number() over (partition by kind order by day desc nulls last, title, id) as place
             from best where grade = best)
           select kind as "kind!", id as "id!", title as "title!", company, context as "context!", siren as "siren!",
                  day, best = 1 as "is_near!", is_confidential as "is_confidential!", found as "found!"
           from ranked where place <= $10 order by kind, place"#,
        &search.words,
        reader.scope as Option<&[String]>,
        reader.council,
        reader.organisation,
        reader.people,
        COUNT_LIMIT + 1,
        reader.meetings,
        reader.workshops,
        reader.actions,
        shown,
    )
    .fetch_all(conn)
    .await
}

/// A company as the public register tells it, for those who read no page of companies.
#[derive(Debug)]
pub struct PublicCompany {
    /// SIREN.
    pub siren: String,
    /// Name in the register.
    pub name: String,
    /// Commune of its establishment here.
    pub commune: Option<String>,
    /// Activity in words.
    pub activity: Option<String>,
    /// How many there are.
    pub found: i64,
}

/// Active companies that the words name: legal persons only, nobody's own name.
pub async fn public_companies(
    conn: &mut PgConnection,
    search: &Search,
    shown: i64,
) -> sqlx::Result<Vec<PublicCompany>> {
    sqlx::query_as!(
        PublicCompany,
        r#"with found as materialized (
             select c.siren, c.name, c.search_name, c.local_siret, c.naf_nomenclature, c.naf_code
             from companies c
             where c.active and not c.is_person and c.name <> ''
               and (c.siren = replace($5, ' ', '') or c.search_name like any(part_patterns($1))
                 and ($2::text is null or c.search_name like any(part_patterns($2)))
                 and ($3::text is null or c.search_name like any(part_patterns($3)))
                 and ($4::text is null or c.search_name like any(part_patterns($4))))
             limit $6)
           select c.siren, c.name as "name!", u.name as "commune?", n.label as "activity?", count(*) over () as "found!"
           from found c
           left join establishments e on e.siret = c.local_siret
           left join municipalities u on u.insee_code = e.insee_code
           left join naf_codes n on n.nomenclature = c.naf_nomenclature and n.code = c.naf_code
           order by length(c.search_name), c.search_name collate "C", c.siren limit $7"#,
        search.word(0),
        search.word(1),
        search.word(2),
        search.word(3),
        search.text,
        COUNT_LIMIT + 1,
        shown,
    )
    .fetch_all(conn)
    .await
}

/// A territory or a commune that the words name.
#[derive(Debug)]
pub struct PlaceRow {
    /// Whether it is a commune.
    pub is_commune: bool,
    /// Its name.
    pub name: String,
    /// Code of the département; null for a territory.
    pub department: Option<String>,
    /// Territory to go to.
    pub territory_siren: String,
    /// Name of that territory.
    pub territory: String,
    /// How many of its kind there are.
    pub found: i64,
}

/// Territories and communes nearest to the words, at most `limit` of each, within the scope.
pub async fn places(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    text: &str,
    limit: i64,
) -> sqlx::Result<Vec<PlaceRow>> {
    sqlx::query_as!(
        PlaceRow,
        r#"(select false as "is_commune!", t.name as "name!", null as department,
                   t.siren as "territory_siren!", t.short_name as "territory!",
                   count(*) over () as "found!"
            from territories t
            where ($1::text[] is null or t.siren = any($1))
              and (t.siren = $2 or word_similarity(fold_text($2), fold_text(t.name)) >= 0.6
                   or word_similarity(fold_text($2), fold_text(t.short_name)) >= 0.6)
            order by word_similarity(fold_text($2), fold_text(t.name)) desc, t.name limit $3)
           union all
           (select true, u.name, u.department, t.siren, t.short_name, count(*) over ()
            from municipalities u
            join current_memberships m on m.insee_code = u.insee_code
            join territories t on t.siren = m.territory_siren
            where ($1 is null or t.siren = any($1))
              and (u.insee_code = $2 or $2 = any(u.postcodes)
                   or word_similarity(fold_text($2), u.search_name) >= 0.6)
            order by similarity(fold_text($2), u.search_name) desc, u.name limit $3)"#,
        scope,
        text,
        limit,
    )
    .fetch_all(conn)
    .await
}
