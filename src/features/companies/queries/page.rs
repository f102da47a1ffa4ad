//! What the page of one company shows, besides its history.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::insolvency::Notice;
use crate::scoring::explanation::{Explanation, GroupReading};

/// A company with the words of its codes, masked where the register says so.
#[derive(Debug)]
pub struct CompanyDetail {
    /// SIREN.
    pub siren: String,
    /// Whether the register allows everything to be shown.
    pub diffusible: bool,
    /// Whether it is a person, whose name may be masked.
    pub is_person: bool,
    /// Null when masked.
    pub name: Option<String>,
    /// Null when unknown or masked.
    pub usual_name: Option<String>,
    /// Null when unknown or masked.
    pub acronym: Option<String>,
    /// Status in the register.
    pub active: bool,
    /// Date of creation.
    pub created_on: Option<NaiveDate>,
    /// Date of cessation.
    pub ceased_on: Option<NaiveDate>,
    /// Activity in NAF rev. 2 (or the older code of a closed company).
    pub naf_code: Option<String>,
    /// Which nomenclature `naf_code` belongs to.
    pub naf_nomenclature: Option<String>,
    /// Words of `naf_code`.
    pub naf_label: Option<String>,
    /// Activity in NAF 2025.
    pub naf_2025: Option<String>,
    /// Words of `naf_2025`.
    pub naf_2025_label: Option<String>,
    /// Words of the legal category.
    pub legal_category: Option<String>,
    /// PME, ETI, GE.
    pub size_category: Option<String>,
    /// Band of the whole company, in words.
    pub band: Option<String>,
    /// Its year.
    pub band_year: Option<i16>,
    /// Band of the local establishment, in words.
    pub local_band: Option<String>,
    /// Its year.
    pub local_band_year: Option<i16>,
    /// SIRET of the establishment that stands for the company here.
    pub local_siret: Option<String>,
    /// Whether that establishment is open.
    pub local_active: Option<bool>,
    /// SIREN of its territory.
    pub territory_siren: Option<String>,
    /// Name of its territory.
    pub territory: Option<String>,
    /// Name of its commune.
    pub commune: Option<String>,
    /// SIRET of the head office.
    pub head_office_siret: Option<String>,
    /// Commune of the head office, when it is known.
    pub head_office_commune: Option<String>,
    /// Member of the social economy; none when the register does not say.
    pub is_social_economy: Option<bool>,
    /// Mission-led company; none when the register does not say.
    pub is_mission_company: Option<bool>,
    /// Where the row comes from.
    pub source: String,
    /// Date that the data speaks of.
    pub source_date: NaiveDate,
    /// Territory in which it is key today.
    pub key_territory: Option<String>,
    /// SIREN of that territory.
    pub key_territory_siren: Option<String>,
    /// Place there, 1 to 5.
    pub key_slot: Option<i16>,
    /// Since when.
    pub key_since: Option<NaiveDate>,
    /// Who answers for it.
    pub referent: Option<String>,
    /// Its last assessment, for those who may see risks.
    pub risk: Option<Json<RiskRow>>,
    /// The group to which it belongs.
    pub group: Option<Json<GroupRow>>,
    /// Its open alert.
    pub alert_id: Option<Uuid>,
    /// How grave that is.
    pub alert_level: Option<String>,
    /// Day on which it was opened.
    pub alert_since: Option<NaiveDate>,
    /// Who looks after it.
    pub alert_follower: Option<String>,
}

/// Where a company stands, and why.
#[derive(Debug, Clone, Deserialize)]
pub struct RiskRow {
    /// Level retained, or `procedure`; none is « non évalué ».
    pub shown: Option<String>,
    /// Since when it shows this.
    pub since: NaiveDate,
    /// Where it stands in insolvency law, with the register.
    pub state: String,
    /// The notices that tell a state which is over: a procedure that is closed, a company that left the register.
    pub notices: Option<Vec<Notice>>,
    /// Points; none without accounts.
    pub points: Option<u32>,
    /// Known share of the model's weight, in hundredths.
    pub completeness: i16,
    /// Level of the statistics.
    pub statistical: Option<String>,
    /// Level of the events.
    pub events_floor: Option<String>,
    /// Level of the red flags.
    pub flags_floor: Option<String>,
    /// Day that the assessment speaks of.
    pub as_of: NaiveDate,
    /// What made it.
    pub cause: String,
    /// Version of the model.
    pub model_version: String,
    /// What is shown.
    pub explanation: Explanation,
}

/// The group of a company, as far as the visitor sees it.
#[derive(Debug, Clone, Deserialize)]
pub struct GroupRow {
    /// `company_groups.id`
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Companies in it, those out of the scope too.
    pub members: i64,
    /// The worst member within the scope, for those who may see risks.
    pub worst: Option<WorstRow>,
    /// What its consolidated accounts say, for those who may see risks.
    pub reading: Option<GroupReading>,
}

/// The member of a group whose level is the worst.
#[derive(Debug, Clone, Deserialize)]
pub struct WorstRow {
    /// SIREN.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
    /// Level retained, or `procedure`.
    pub shown: String,
}

/// The company, if it exists within the scope; with its risk for those who may see it.
pub async fn detail(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    siren: &str,
    may_view_risk: bool,
) -> sqlx::Result<Option<CompanyDetail>> {
    sqlx::query_as!(
        CompanyDetail,
        r#"select c.siren, c.diffusible, c.is_person,
                  case when c.diffusible or not c.is_person then c.name end as name,
                  case when c.diffusible or not c.is_person then c.usual_name end as usual_name,
                  case when c.diffusible then c.acronym end as acronym,
                  c.active, c.created_on, c.ceased_on,
                  c.naf_code, c.naf_nomenclature, n.label as "naf_label?", c.naf_2025, n25.label as "naf_2025_label?",
                  l.label as "legal_category?", c.size_category,
                  b.label as "band?", c.headcount_band_year as band_year,
                  lb.label as "local_band?", e.headcount_band_year as "local_band_year?",
                  c.local_siret, e.active as "local_active?",
                  t.siren as "territory_siren?", t.short_name as "territory?",
                  coalesce(u.name, e.commune_label) as commune,
                  c.head_office_siret, coalesce(hu.name, h.commune_label) as head_office_commune,
                  c.is_social_economy, c.is_mission_company, c.source, c.source_date,
                  kt.short_name as "key_territory?", kt.siren as "key_territory_siren?",
                  k.slot as "key_slot?", k.entered_on as "key_since?", r.full_name as "referent?",
                  case when $3 then (
                    select jsonb_build_object('shown', cr.shown, 'since', cr.since, 'points', a.points,
                             'completeness', a.completeness, 'statistical', a.statistical,
                             'events_floor', a.events_floor, 'flags_floor', a.flags_floor,
                             'as_of', a.as_of, 'cause', a.cause, 'model_version', a.model_version,
                             'state', cr.state,
                             'notices', case when cr.state = 'closed' then a.inputs -> 'notices' end,
                             'explanation', a.explanation)
                      from company_risks cr join risk_assessments a on a.id = cr.assessment_id
                     where cr.siren = c.siren) end as "risk: Json<RiskRow>",
                  (select jsonb_build_object('id', g.id, 'name', g.name,
                            'members', (select count(*) from group_members o where o.group_id = g.id and o.left_on is null),
                            'reading', case when $3 then (
                              select nullif(ga.explanation -> 'group', 'null')
                                from company_risks gr join risk_assessments ga on ga.id = gr.assessment_id
                               where gr.siren = g.head_siren) end,
                            'worst', case when $3 then (
                              select jsonb_build_object('siren', w.siren, 'shown', wr.shown,
                                       'name', case when w.diffusible or not w.is_person then w.name end)
                                from group_members o
                                join companies w on w.siren = o.siren
                                join company_risks wr on wr.siren = o.siren and wr.shown is not null
                               where o.group_id = g.id and o.left_on is null and ($1::text[] is null or exists (
                                 select from establishments ws join current_memberships wm on wm.insee_code = ws.insee_code
                                 where ws.siren = o.siren and wm.territory_siren = any($1)))
                               order by array_position(array['procedure', 'critical', 'high', 'moderate', 'low'], wr.shown),
                                        w.siren
                               limit 1) end)
                     from group_members gm join company_groups g on g.id = gm.group_id
                    where gm.siren = c.siren and gm.left_on is null) as "group: Json<GroupRow>",
                  al.id as "alert_id?", case when al.is_procedure then 'procedure' else al.level end as alert_level,
                  (al.opened_at at time zone 'Europe/Paris')::date as alert_since,
                  af.full_name as "alert_follower?"
           from companies c
           left join establishments e on e.siret = c.local_siret
           left join municipalities u on u.insee_code = e.insee_code
           left join current_memberships m on m.insee_code = e.insee_code
           left join territories t on t.siren = m.territory_siren
           left join establishments h on h.siret = c.head_office_siret
           left join municipalities hu on hu.insee_code = h.insee_code
           left join naf_codes n on n.nomenclature = c.naf_nomenclature and n.code = c.naf_code
           left join naf_codes n25 on n25.nomenclature = '2025' and n25.code = c.naf_2025
           left join legal_categories l on l.code = c.legal_category
           left join headcount_bands b on b.code = c.headcount_band
           left join headcount_bands lb on lb.code = e.headcount_band
           left join lateral (
             select * from key_companies where siren = c.siren and exited_on is null
               and ($1::text[] is null or territory_siren = any($1))
             order by is_group_site, entered_on limit 1) k on true
           left join territories kt on kt.siren = k.territory_siren
           left join users r on r.id = k.referent_id
           left join alerts al on al.siren = c.siren and al.status in ('new', 'taken', 'waiting')
           left join users af on af.id = al.assignee_id
           where c.siren = $2 and ($1 is null or exists (
             select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
             where s.siren = c.siren and sm.territory_siren = any($1)))
           limit 1"#,
        scope,
        siren,
        may_view_risk,
    )
    .fetch_optional(conn)
    .await
}

/// An establishment of a company, masked where the register says so.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts of the register"
)]
pub struct EstablishmentRow {
    /// SIRET.
    pub siret: String,
    /// Sign or usual name; null when unknown or masked.
    pub name: Option<String>,
    /// Whether the register allows its address to be shown.
    pub diffusible: bool,
    /// Null when unknown or masked.
    pub address: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Name of its commune.
    pub commune: Option<String>,
    /// Name of its territory; null outside the reference.
    pub territory: Option<String>,
    /// SIREN of its territory.
    pub territory_siren: Option<String>,
    /// Whether it is open.
    pub active: bool,
    /// Whether it is the head office.
    pub is_head_office: bool,
    /// Whether it stands for the company here.
    pub is_local: bool,
    /// Date of creation.
    pub created_on: Option<NaiveDate>,
    /// Date of closing.
    pub closed_on: Option<NaiveDate>,
    /// Words of its activity.
    pub naf_label: Option<String>,
    /// Headcount band in words.
    pub band: Option<String>,
    /// Its year.
    pub band_year: Option<i16>,
}

/// Establishments of a company: the local one, then the open ones, then the closed ones.
pub async fn establishments(
    conn: &mut PgConnection,
    siren: &str,
    limit: i64,
) -> sqlx::Result<Vec<EstablishmentRow>> {
    sqlx::query_as!(
        EstablishmentRow,
        r#"select e.siret,
                  case when e.diffusible and c.diffusible or not c.is_person then e.name end as name,
                  e.diffusible, case when e.diffusible then e.address end as address, e.postcode,
                  coalesce(u.name, e.commune_label) as commune,
                  t.short_name as "territory?", t.siren as "territory_siren?",
                  e.active, e.is_head_office, coalesce(e.siret = c.local_siret, false) as "is_local!",
                  e.created_on, e.closed_on, n.label as "naf_label?", b.label as "band?",
                  e.headcount_band_year as band_year
           from establishments e
           join companies c on c.siren = e.siren
           left join municipalities u on u.insee_code = e.insee_code
           left join current_memberships m on m.insee_code = e.insee_code
           left join territories t on t.siren = m.territory_siren
           left join naf_codes n on n.nomenclature = e.naf_nomenclature and n.code = e.naf_code
           left join headcount_bands b on b.code = e.headcount_band
           where e.siren = $1
           order by coalesce(e.siret = c.local_siret, false) desc, e.active desc,
                    t.siren is null, e.siret
           limit $2"#,
        siren,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Salaried jobs of a company in the territories at one time.
#[derive(Debug)]
pub struct HeadcountRow {
    /// First day of the month or of the year.
    pub period: NaiveDate,
    /// `month` or `year`.
    pub granularity: String,
    /// Jobs of the establishments that gave a number.
    pub headcount: i64,
    /// How many establishments gave one.
    pub establishments: i64,
    /// Where the numbers come from.
    pub source: String,
    /// Date that the data speaks of.
    pub source_date: NaiveDate,
}

/// The latest numbers, summed over the establishments of the territories, the newest first: months
/// when there are any, else years.
pub async fn headcounts(
    conn: &mut PgConnection,
    siren: &str,
    limit: i64,
) -> sqlx::Result<Vec<HeadcountRow>> {
    sqlx::query_as!(
        HeadcountRow,
        r#"with local as (
             select h.* from establishments s
             join current_memberships m on m.insee_code = s.insee_code
             join headcounts h on h.siret = s.siret
             where s.siren = $1)
           select period, granularity, sum(headcount) as "headcount!", count(*) as "establishments!",
                  max(source) as "source!", max(source_date) as "source_date!"
           from local
           where granularity = (select min(granularity) from local)
           group by period, granularity
           order by period desc
           limit $2"#,
        siren,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// A person to talk to in a company.
#[derive(Debug)]
pub struct ContactRow {
    /// `contacts.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
    /// Job title; empty when unknown.
    pub job_title: String,
    /// Mail address; empty when unknown.
    pub email: String,
    /// French or international number; empty when unknown.
    pub phone: String,
    /// What to know before calling.
    pub note: String,
    /// Last exchange.
    pub last_contact_on: Option<NaiveDate>,
    /// Left on that day.
    pub archived_on: Option<NaiveDate>,
    /// Whether they were erased at their request.
    pub is_erased: bool,
}

/// Contacts of a company, by name, those who left last.
pub async fn contacts(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Vec<ContactRow>> {
    sqlx::query_as!(
        ContactRow,
        r#"select id, full_name, job_title, email, phone, note, last_contact_on, archived_on,
                  erased_at is not null as "is_erased!"
           from contacts where siren = $1
           order by archived_on is not null, fold_text(full_name), id limit 200"#,
        siren,
    )
    .fetch_all(conn)
    .await
}

/// What a person noted on a company: a signal, or their view on its level.
#[derive(Debug)]
pub struct NoteRow {
    /// Whether it is a signal; else it is a view on the level, in force.
    pub is_signal: bool,
    /// `signals.id` or `risk_overrides.id`
    pub id: Uuid,
    /// What was seen, or which way the level moves.
    pub code: String,
    /// Why.
    pub motive: String,
    /// Who noted it.
    pub author_id: Uuid,
    /// Their name then.
    pub author_name: String,
    /// When it was seen or decided.
    pub on: NaiveDate,
    /// First day on which it has no effect.
    pub until: NaiveDate,
    /// When it was withdrawn.
    pub withdrawn_on: Option<NaiveDate>,
    /// By whom.
    pub withdrawn_by: Option<String>,
    /// Why.
    pub withdrawal_motive: Option<String>,
}

impl NoteRow {
    /// Whether it has its effect on that day.
    pub fn in_force(&self, today: NaiveDate) -> bool {
        self.withdrawn_on.is_none() && today < self.until
    }
}

/// The signals of a company, the newest first, with the view on its level that is in force.
pub async fn notes(
    conn: &mut PgConnection,
    siren: &str,
    today: NaiveDate,
    limit: i64,
) -> sqlx::Result<Vec<NoteRow>> {
    sqlx::query_as!(
        NoteRow,
        r#"select is_signal as "is_signal!", id as "id!", code as "code!", motive as "motive!",
                  author_id as "author_id!", author_name as "author_name!", day as "on!",
                  until as "until!", withdrawn_on, withdrawn_by, withdrawal_motive
           from (
             (select true as is_signal, id, kind as code, motive, author_id, author_name, observed_on as day,
                     expires_on as until, withdrawn_on, withdrawn_by, withdrawal_motive
              from signals where siren = $1 order by observed_on desc, id desc limit $3)
             union all
             (select false, id, direction, motive, author_id, author_name, decided_on, expires_on, null, null, null
              from risk_overrides
              where siren = $1 and withdrawn_on is null and expires_on > $2
              order by decided_on desc limit 1)
           ) notes
           order by day desc, id desc"#,
        siren,
        today,
        limit,
    )
    .fetch_all(conn)
    .await
}
