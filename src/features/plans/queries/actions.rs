//! Actions, as far as the reader sees them.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::meetings::queries::Reader;

/// An action.
#[derive(Debug, Clone)]
pub struct Action {
    /// Key.
    pub id: Uuid,
    /// Its plan.
    pub plan_id: Uuid,
    /// That plan was closed on that day: nothing changes any more.
    pub closed_on: Option<NaiveDate>,
    /// Company.
    pub siren: String,
    /// Its name; null when masked.
    pub company: Option<String>,
    /// Its territory.
    pub territory: Option<String>,
    /// Dossier: code.
    pub dossier: String,
    /// Measure: code.
    pub measure: String,
    /// A verb and its object.
    pub title: String,
    /// Who carries it out.
    pub owner_organisation_id: Uuid,
    /// Its name.
    pub owner_organisation: String,
    /// The account, if one is named.
    pub owner_user_id: Option<Uuid>,
    /// The person, if one is named.
    pub owner_person_id: Option<Uuid>,
    /// Their name.
    pub owner: Option<String>,
    /// Who helps.
    pub partner_organisation_id: Option<Uuid>,
    /// Its name.
    pub partner: Option<String>,
    /// Who answers for it among the elected; empty for nobody.
    pub elected_referent: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// For when.
    pub due_on: NaiveDate,
    /// Budget.
    pub planned_euros: Option<i64>,
    /// What was spent of it.
    pub spent_euros: Option<i64>,
    /// What its funders bring.
    pub funded_euros: i64,
    /// Where it stands: code.
    pub status: String,
    /// Why it is blocked or dropped.
    pub reason: String,
    /// Who can unblock it.
    pub unblocker: String,
    /// What came of it.
    pub result: String,
    /// Ended on that day.
    pub ended_on: Option<NaiveDate>,
    /// Else for the council only.
    pub is_shared: bool,
    /// Expected effect on each pillar: codes.
    pub expected: Vec<String>,
    /// Effect seen: codes, nothing where it is not said.
    pub seen: Vec<Option<String>>,
    /// The need that it answers, for the council.
    pub need: Option<String>,
    /// The meeting that told it.
    pub need_meeting_id: Option<Uuid>,
    /// Moves at each change.
    pub version: i32,
    /// How many the query found in all.
    pub total: i64,
}

/// Which actions.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// This one.
    pub id: Option<Uuid>,
    /// Of this plan.
    pub plan_id: Option<Uuid>,
    /// Of this dossier.
    pub dossier: Option<&'static str>,
    /// Carried out by this organisation.
    pub organisation_id: Option<Uuid>,
    /// Carried out by this account.
    pub user_id: Option<Uuid>,
    /// On companies of this territory.
    pub territory: Option<String>,
    /// With this status.
    pub status: Option<&'static str>,
    /// Late ones only.
    pub is_late: bool,
    /// Due on that day or before.
    pub due_before: Option<NaiveDate>,
}

/// Actions: late ones first, then blocked ones, then by due date; those that ended come last.
pub async fn actions(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    wanted: &Wanted,
    today: NaiveDate,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Action>> {
    sqlx::query_as!(
        Action,
        r#"select a.id, a.plan_id, p.closed_on, p.siren,
                  case when c.diffusible or not c.is_person then c.name end as company,
                  t.short_name as "territory?", a.dossier, a.measure, a.title,
                  a.owner_organisation_id, o.name as owner_organisation, a.owner_user_id, a.owner_person_id,
                  coalesce(pp.full_name, u.full_name) as owner, a.partner_organisation_id, po.name as "partner?",
                  a.elected_referent, a.starts_on, a.due_on, a.planned_euros, a.spent_euros,
                  coalesce((select sum(f.amount_euros) from action_funders f where f.action_id = a.id), 0)::bigint
                    as "funded_euros!",
                  a.status, a.reason, a.unblocker, a.result, a.ended_on, a.is_shared,
                  array[a.expected_environment, a.expected_social, a.expected_economy, a.expected_governance]
                    as "expected!",
                  array[a.seen_environment, a.seen_social, a.seen_economy, a.seen_governance]
                    as "seen!: Vec<Option<String>>",
                  n.need as "need?", n.meeting_id as "need_meeting_id?", a.version, count(*) over () as "total!"
           from actions a
           join action_plans p on p.id = a.plan_id
           join companies c on c.siren = p.siren
           join organisations o on o.id = a.owner_organisation_id
           left join partner_people pp on pp.id = a.owner_person_id
           left join users u on u.id = a.owner_user_id
           left join organisations po on po.id = a.partner_organisation_id
           left join company_needs n on n.id = a.need_id and $2
           left join establishments e on e.siret = c.local_siret
           left join current_memberships cm on cm.insee_code = e.insee_code
           left join territories t on t.siren = cm.territory_siren
           where ($2 or a.is_shared and (a.owner_organisation_id = $3 or $1::text[] is null or exists (
               select from establishments s join current_memberships m on m.insee_code = s.insee_code
               where s.siren = p.siren and m.territory_siren = any($1))))
             and ($4::uuid is null or a.id = $4)
             and ($5::uuid is null or a.plan_id = $5)
             and ($4 is not null or $5 is not null or p.closed_on is null)
             and ($6::text is null or a.dossier = $6)
             and ($7::uuid is null or a.owner_organisation_id = $7)
             and ($8::uuid is null or a.owner_user_id = $8)
             and ($9::text is null or t.siren = $9)
             and ($10::text is null or a.status = $10)
             and (not $11 or a.status in ('todo', 'ongoing', 'blocked') and a.due_on < $13)
             and ($12::date is null or a.due_on <= $12)
           order by p.closed_on is null and a.status in ('todo', 'ongoing', 'blocked') and a.due_on < $13 desc,
                    a.status = 'blocked' desc, a.status in ('done', 'dropped'), a.due_on, a.id
           limit $14 offset $15"#,
        reader.scope,
        reader.council,
        reader.organisation,
        wanted.id,
        wanted.plan_id,
        wanted.dossier,
        wanted.organisation_id,
        wanted.user_id,
        wanted.territory.as_deref(),
        wanted.status,
        wanted.is_late,
        wanted.due_before,
        today,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
}

/// How many actions still to be done fall due in a month of a dossier.
#[derive(Debug)]
pub struct Due {
    /// Dossier: code.
    pub dossier: String,
    /// First day of the month; none for late ones.
    pub month: Option<NaiveDate>,
    /// How many.
    pub count: i64,
}

/// When the actions of running plans fall due, of those still to be done among the wanted ones.
pub async fn due(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    wanted: &Wanted,
    today: NaiveDate,
) -> sqlx::Result<Vec<Due>> {
    sqlx::query_as!(
        Due,
        r#"select a.dossier, case when a.due_on >= $10 then date_trunc('month', a.due_on)::date end as month,
                  count(*) as "count!"
           from actions a
           join action_plans p on p.id = a.plan_id and p.closed_on is null
           join companies c on c.siren = p.siren
           left join establishments e on e.siret = c.local_siret
           left join current_memberships cm on cm.insee_code = e.insee_code
           where a.status in ('todo', 'ongoing', 'blocked')
             and ($2 or a.is_shared and (a.owner_organisation_id = $3 or $1::text[] is null or exists (
               select from establishments s join current_memberships m on m.insee_code = s.insee_code
               where s.siren = p.siren and m.territory_siren = any($1))))
             and ($4::text is null or a.dossier = $4)
             and ($5::uuid is null or a.owner_organisation_id = $5)
             and ($6::uuid is null or a.owner_user_id = $6)
             and ($7::text is null or cm.territory_siren = $7)
             and ($8::text is null or a.status = $8)
             and (not $9 or a.due_on < $10)
             and ($11::date is null or a.due_on <= $11)
           group by 1, 2"#,
        reader.scope,
        reader.council,
        reader.organisation,
        wanted.dossier,
        wanted.organisation_id,
        wanted.user_id,
        wanted.territory.as_deref(),
        wanted.status,
        wanted.is_late,
        today,
        wanted.due_before,
    )
    .fetch_all(conn)
    .await
}
