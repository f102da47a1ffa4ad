//! The establishments of a territory, with all that their scores need, in one query.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

/// A fact in force, inside an [`EstablishmentRow`].
#[derive(Debug, Clone, Deserialize)]
pub struct FactJson {
    /// `impact_facts.criterion`
    pub criterion: String,
    /// Hundredths of the weight.
    pub worth: u8,
    /// What was observed.
    pub note: String,
    /// When.
    pub noted_on: NaiveDate,
    /// Who states it.
    pub author: String,
}

/// An active establishment with all that its score needs.
#[derive(Debug, Clone)]
pub struct EstablishmentRow {
    /// `establishments.siret`
    pub siret: String,
    /// `establishments.siren`
    pub siren: String,
    /// Name of the company; none when its diffusion is forbidden.
    pub name: Option<String>,
    /// Sign of the establishment.
    pub sign: Option<String>,
    /// Commune in words.
    pub municipality: String,
    /// Département of the commune.
    pub department: String,
    /// NAF code.
    pub naf_code: Option<String>,
    /// Its trade in words.
    pub trade: Option<String>,
    /// NAF section.
    pub section: Option<String>,
    /// NAF section in words.
    pub section_label: Option<String>,
    /// Other companies of the territory with the same NAF code.
    pub others: Option<i64>,
    /// Latest headcount.
    pub headcount: Option<i32>,
    /// Period that it counts.
    pub headcount_period: Option<NaiveDate>,
    /// `month` or `year`.
    pub headcount_granularity: Option<String>,
    /// Who gives it.
    pub headcount_source: Option<String>,
    /// As of when.
    pub headcount_source_date: Option<NaiveDate>,
    /// Jobs that the band stands for.
    pub band_estimate: Option<i32>,
    /// The band in words.
    pub band_label: Option<String>,
    /// Its year.
    pub band_year: Option<i16>,
    /// Whether the establishment is the head office.
    pub is_seat: bool,
    /// Commune code of the head office, when the register gives it.
    pub seat_commune: Option<String>,
    /// Who describes the establishment.
    pub source: String,
    /// As of when.
    pub source_date: NaiveDate,
    /// Its company's suppliers of the base, as current links tell them.
    pub suppliers: i64,
    /// Of those, that depend on it strongly.
    pub strong_suppliers: i64,
    /// Of those, that depend on it to a medium degree.
    pub medium_suppliers: i64,
    /// When the last of these links was said.
    pub suppliers_said_on: Option<NaiveDate>,
    /// Facts in force.
    pub facts: Json<Vec<FactJson>>,
    /// Its place, if it is key in this territory.
    pub slot: Option<i16>,
    /// Whether its company's name holds what was searched; a masked name holds nothing.
    pub matches: bool,
}

/// The active employers of a territory, its key companies, those about which a person stated a fact,
/// and the establishments of `always` (SIRET, or SIREN for all of a company's), scored elsewhere.
pub async fn establishments(
    conn: &mut PgConnection,
    territory: &str,
    always: &[String],
    search: &str,
) -> sqlx::Result<Vec<EstablishmentRow>> {
    sqlx::query_as!(
        EstablishmentRow,
        r#"with here as (
             select e.siret, e.siren, e.name as sign, e.naf_code, e.naf_nomenclature,
                    e.headcount_band, e.headcount_band_year, e.source, e.source_date,
                    m.name as municipality, m.department,
                    c.name, c.search_name, c.head_office_siret
             from current_memberships cm
             join municipalities m on m.insee_code = cm.insee_code
             join establishments e on e.insee_code = cm.insee_code
             join companies c on c.siren = e.siren
             where cm.territory_siren = $1 and e.active and c.active
           ), trades as (
             select naf_code, naf_nomenclature, count(distinct siren) as companies
             from here group by naf_code, naf_nomenclature
           ), supplied as (
             select l.customer_siren as siren, count(*) as suppliers,
                    count(*) filter (where l.supplier_dependence = 'strong') as strong,
                    count(*) filter (where l.supplier_dependence = 'medium') as medium,
                    max(l.said_on) as said_on
             from supply_links l join companies c on c.siren = l.supplier_siren
             where l.ended_on is null and c.active and l.customer_siren is not null
             group by l.customer_siren
           )
           select h.siret as "siret!", h.siren as "siren!", h.name, h.sign,
                  h.municipality as "municipality!", h.department as "department!",
                  h.naf_code, n.label as "trade?", n.section as "section?",
                  n.section_label as "section_label?",
                  t.companies - 1 as others,
                  w.headcount as "headcount?", w.period as "headcount_period?",
                  w.granularity as "headcount_granularity?", w.source as "headcount_source?",
                  w.source_date as "headcount_source_date?",
                  b.estimate as "band_estimate?", b.label as "band_label?",
                  h.headcount_band_year as band_year,
                  h.siret = h.head_office_siret is true as "is_seat!",
                  seat.commune_code as "seat_commune?",
                  h.source as "source!", h.source_date as "source_date!",
                  coalesce(l.suppliers, 0) as "suppliers!", coalesce(l.strong, 0) as "strong_suppliers!",
                  coalesce(l.medium, 0) as "medium_suppliers!", l.said_on as "suppliers_said_on?",
                  coalesce(f.facts, '[]') as "facts!: Json<Vec<FactJson>>",
                  k.slot as "slot?",
                  coalesce(strpos(h.search_name, fold_text($3)) > 0, false) as "matches!"
           from here h
           left join lateral (
             select headcount, period, granularity, source, source_date from headcounts
             where siret = h.siret
             order by period + case granularity when 'year' then interval '1 year'
                                                else interval '1 month' end desc, granularity
             limit 1) w on true
           left join headcount_bands b on b.code = h.headcount_band
           left join trades t on t.naf_code = h.naf_code and t.naf_nomenclature = h.naf_nomenclature
           left join naf_codes n on n.code = h.naf_code and n.nomenclature = h.naf_nomenclature
           left join supplied l on l.siren = h.siren
           left join establishments seat on seat.siret = h.head_office_siret
           left join key_companies k on k.siret = h.siret and k.territory_siren = $1
                                    and k.exited_on is null
           left join lateral (
             select jsonb_agg(jsonb_build_object('criterion', i.criterion, 'worth', i.worth,
                      'note', i.note, 'noted_on', i.noted_on, 'author', u.full_name)) as facts
             from impact_facts i join users u on u.id = i.author_id
             where i.siret = h.siret and i.superseded_at is null) f on true
           where coalesce(w.headcount, b.estimate) > 0 or f.facts is not null or k.slot is not null
              or h.siret = any($2) or h.siren = any($2)"#,
        territory,
        always,
        search
    )
    .fetch_all(conn)
    .await
}
