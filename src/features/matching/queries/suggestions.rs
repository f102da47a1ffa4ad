//! Who could answer a need, or need what is offered.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::meetings::queries::Reader;

/// Somebody to introduce, with what says why.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// Rank in the rule, from 1 (`model::tie`).
    pub rank: i32,
    /// 1 in the same territory, 2 everywhere, 3 elsewhere.
    pub near: i32,
    /// Their need or offer; none for an organisation with a skill.
    pub entry_id: Option<Uuid>,
    /// A company.
    pub siren: Option<String>,
    /// Or an organisation.
    pub organisation_id: Option<Uuid>,
    /// Its name; null when masked.
    pub name: Option<String>,
    /// Words of the theme of what they said.
    pub theme_label: String,
    /// The skill noted; empty for a whole dossier.
    pub skill: Option<String>,
    /// What they said.
    pub text: Option<String>,
    /// When.
    pub said_on: Option<NaiveDate>,
    /// Who wrote it down.
    pub author: Option<String>,
    /// Names of the territories where they work.
    pub territories: Vec<String>,
}

/// Who could be introduced about this need or offer, by the rule: `model::RULE`. The reader has found it. Those
/// whose introduction about it goes on are left out; companies out of the reader's scope are never read.
pub async fn suggestions(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    entry: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Suggestion>> {
    sqlx::query_as!(
        Suggestion,
        r#"with asked as (select * from matching_board where id = $4),
           said as (
             select case when b.theme = a.theme then 1 else 3 end as rank, b.id as entry_id, b.siren,
                    b.organisation_id, b.bearer as name, b.theme_label, null::text as skill, b.text, b.said_on,
                    b.author_name as author, b.territories, b.is_everywhere,
                    a.territories as asked_territories, a.is_everywhere as asked_everywhere
             from asked a
             join matching_board b on b.dossier = a.dossier and b.side <> a.side and b.closed_on is null
               and (b.siren is distinct from a.siren or b.organisation_id is distinct from a.organisation_id)
             where reads_matching($2, $1, $3, b.id)),
           able as (
             select s.rank, null::uuid, null::text, o.id, o.name, a.theme_label, s.theme, null::text, null::date,
                    null::text, matching_territories(null, o.id), o.covers_everywhere, a.territories, a.is_everywhere
             from asked a
             join organisations o on o.archived_on is null and o.id is distinct from a.organisation_id
             cross join lateral (
               select case when string_to_array(fold_text(k.theme), ' ')
                             && array_remove(string_to_array(fold_text(a.theme_label), ' '), 'et')
                           then 2 else 4 end as rank, k.theme
               from organisation_skills k where k.organisation_id = o.id and k.dossier = a.dossier
               order by rank, k.theme limit 1) s
             where a.side = 'need' and not exists (select from said where said.organisation_id = o.id)),
           ranked as (
             select x.*, case when x.territories && x.asked_territories then 1
                              when x.is_everywhere or x.asked_everywhere then 2 else 3 end as near
             from (select * from said union all select * from able) x)
           select r.rank as "rank!", r.near as "near!", r.entry_id, r.siren, r.organisation_id, r.name,
                  r.theme_label as "theme_label!", r.skill, r.text, r.said_on, r.author,
                  array(select t.short_name from territories t where t.siren = any(r.territories)
                        order by fold_text(t.short_name)) as "territories!"
           from ranked r
           where not exists (
             select from introductions i
             where i.state in ('proposed', 'accepted', 'met')
               and (i.need_id = $4 and (i.siren = r.siren or i.organisation_id = r.organisation_id)
                 or i.offer_id = $4 and i.need_id = r.entry_id))
           order by r.rank, r.near, r.said_on desc nulls last, fold_text(r.name) collate "C", r.entry_id,
                    r.organisation_id
           limit $5"#,
        reader.scope,
        reader.council,
        reader.organisation,
        entry,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// An organisation to introduce, besides those suggested.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Key.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// Organisations that are not set aside, by name.
pub async fn organisations(conn: &mut PgConnection) -> sqlx::Result<Vec<Organisation>> {
    sqlx::query_as!(
        Organisation,
        r#"select id, name from organisations where archived_on is null order by fold_text(name) collate "C", id"#,
    )
    .fetch_all(conn)
    .await
}
