//! A small portfolio for tests: two territories, four communes, companies whose numbers pass Luhn.

use sqlx::PgPool;

/// Albigeois.
pub const ALBIGEOIS: &str = "248100737";
/// Castres-Mazamet.
pub const CASTRES: &str = "248100430";
/// Commune of the Albigeois.
pub const ALBI: &str = "81004";
/// Another commune of the Albigeois.
pub const SAINT_JUERY: &str = "81257";
/// Commune of Castres-Mazamet.
pub const MAZAMET: &str = "81163";

/// Runs a statement without parameters.
pub async fn run(pool: &PgPool, sql: &'static str) {
    sqlx::raw_sql(sql)
        .execute(pool)
        .await
        .expect("the statement runs");
}

/// Territories, communes and codes, as far as tests need them; does nothing to those there.
pub async fn reference(pool: &PgPool) {
    run(
        pool,
        "insert into territories (siren, name, short_name, kind, departments, population_total,
                                  municipalities_total)
         values ('248100737', 'CA de l’Albigeois', 'Albigeois', 'CA', '{81}', 84183, 16),
                ('248100430', 'CA de Castres Mazamet', 'Castres-Mazamet', 'CA', '{81}', 78974, 14)
         on conflict do nothing;
         insert into municipalities (insee_code, name, department, population)
         values ('81004', 'Albi', '81', 50605), ('81257', 'Saint-Juéry', '81', 6575),
                ('81163', 'Mazamet', '81', 9900)
         on conflict do nothing;
         insert into territory_memberships
         select i, t, daterange('2017-01-01', null)
         from (values ('81004', '248100737'), ('81257', '248100737'), ('81163', '248100430')) m (i, t)
         where not exists (select from territory_memberships x where x.insee_code = i);
         insert into naf_codes (nomenclature, code, label, section, section_label)
         values ('rev2', '25.62B', 'Mécanique industrielle', 'C', 'Industrie manufacturière'),
                ('rev2', '47.11F', 'Hypermarchés', 'G', 'Commerce'),
                ('2025', '25.62Y', 'Usinage', 'C', 'INDUSTRIE MANUFACTURIÈRE')
         on conflict do nothing;
         insert into headcount_bands (code, label, minimum, maximum, rank, estimate)
         values ('NN', 'Unité non employeuse', 0, 0, 0, 0), ('02', '3 à 5 salariés', 3, 5, 3, 4),
                ('21', '50 à 99 salariés', 50, 99, 7, 70)
         on conflict do nothing;
         insert into legal_categories (code, label)
         values ('5710', 'SAS, société par actions simplifiée') on conflict do nothing",
    )
    .await;
}

/// The n-th SIREN of the tests: `0001…` with its Luhn key.
pub fn siren(n: u32) -> String {
    let body = format!("{:08}", 100_000 + n);
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, digit)| {
            let value = u32::from(digit - b'0') * if i % 2 == 0 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// SIRET of the only establishment of a company of the tests. (Luhn is not needed in the schema.)
pub fn siret(n: u32) -> String {
    format!("{}00011", siren(n))
}

/// A company to put in the database; start from [`Company::new`].
pub struct Company<'a> {
    /// Gives its numbers.
    pub n: u32,
    /// Name in the register.
    pub name: Option<&'a str>,
    /// Usual name.
    pub usual: Option<&'a str>,
    /// Whether the register allows everything to be shown.
    pub diffusible: bool,
    /// Whether it is a person.
    pub person: bool,
    /// Status.
    pub active: bool,
    /// Commune of its establishment.
    pub commune: &'a str,
    /// Sign of its establishment.
    pub sign: Option<&'a str>,
    /// Headcount band.
    pub band: Option<&'a str>,
    /// Activity.
    pub naf: &'a str,
}

impl<'a> Company<'a> {
    /// An active company of Albi.
    pub fn new(n: u32, name: &'a str) -> Self {
        Self {
            n,
            name: Some(name),
            usual: None,
            diffusible: true,
            person: false,
            active: true,
            commune: ALBI,
            sign: None,
            band: Some("21"),
            naf: "25.62B",
        }
    }

    /// Puts it in the database and returns its SIREN.
    pub async fn add(self, pool: &PgPool) -> String {
        let (siren, siret) = (siren(self.n), siret(self.n));
        sqlx::query(
            "insert into companies (siren, diffusible, is_person, name, usual_name, legal_category, active,
               created_on, ceased_on, naf_code, naf_nomenclature, naf_2025, headcount_band,
               headcount_band_year, size_category, head_office_siret, local_siret, source, source_date)
             values ($1, $2, $3, $4, $5, '5710', $6, '1994-03-01', case when not $6 then date '2026-09-15' end,
               $7, 'rev2', '25.62Y', $8, 2023, 'PME', $9, $9, 'Insee-Sirene', '2026-11-01')",
        )
        .bind(&siren)
        .bind(self.diffusible)
        .bind(self.person)
        .bind(self.name)
        .bind(self.usual)
        .bind(self.active)
        .bind(self.naf)
        .bind(self.band)
        .bind(&siret)
        .execute(pool)
        .await
        .expect("a company");
        sqlx::query(
            "insert into establishments (siret, siren, diffusible, is_head_office, active, name, address,
               postcode, commune_code, commune_label, insee_code, created_on, closed_on, naf_code,
               naf_nomenclature, headcount_band, headcount_band_year, source, source_date)
             values ($1, $2, $3, true, $4, $5, case when $3 then '12 rue des Lices' end, '81000', $6, $6, $6,
               '1994-03-01', case when not $4 then date '2026-09-15' end, $7, 'rev2', $8, 2023,
               'Insee-Sirene', '2026-11-01')",
        )
        .bind(&siret)
        .bind(&siren)
        .bind(self.diffusible)
        .bind(self.active)
        .bind(self.sign)
        .bind(self.commune)
        .bind(self.naf)
        .bind(self.band)
        .execute(pool)
        .await
        .expect("an establishment");
        siren
    }
}

/// Gives the company of number `n` a place in a territory.
pub async fn make_key(pool: &PgPool, n: u32, territory: &str, slot: i16, referent: uuid::Uuid) {
    sqlx::query(
        "with k as (
           insert into key_companies (id, territory_siren, siren, siret, slot, referent_id, entered_on, entry_motive)
           values (gen_random_uuid(), $1, $2, $3, $4, $5, '2026-03-03', 'Premier employeur de la vallée')
           returning id)
         insert into key_company_events (key_company_id, at, actor_id, actor_name, kind, to_slot, motive)
         select id, '2026-03-03T10:00:00Z', $5, 'Claire Martin', 'chosen', $4, 'Premier employeur de la vallée'
         from k",
    )
    .bind(territory)
    .bind(siren(n))
    .bind(siret(n))
    .bind(slot)
    .bind(referent)
    .execute(pool)
    .await
    .expect("a key company");
}

/// Gives a company its last assessment: a level, and `state` in insolvency law. Gives its key.
pub async fn assess(pool: &PgPool, siren: &str, level: Option<&str>, state: &str) -> i64 {
    let explanation = serde_json::json!({
        "sentence": format!("Essai sur {siren}."), "retained": null, "max_points": 116,
        "thresholds": [30, 45, 60], "factors": [], "themes": [], "causes": [], "past": [],
        "landmarks": [], "cautions": [], "view": null, "closing": "2025-12-31"
    });
    sqlx::query_scalar(
        "with a as (
           insert into risk_assessments (siren, as_of, assessed_at, model_id, model_version, completeness,
             statistical, retained, state, is_sudden, cause, inputs, inputs_hash, explanation)
           values ($1, '2026-11-24', now(), 'essai', '1', 80, $2, $2, $3, false, 'Essai.', '{}', 'x', $4)
           returning id),
         r as (
           insert into company_risks (siren, assessment_id, retained, state, since)
           select $1, id, $2, $3, '2026-11-20' from a)
         select id from a",
    )
    .bind(siren)
    .bind(level)
    .bind(state)
    .bind(explanation)
    .fetch_one(pool)
    .await
    .expect("an assessment")
}

/// Opens an alert on an assessed company.
pub async fn open_alert(pool: &PgPool, siren: &str, assessment: i64, level: &str) -> uuid::Uuid {
    let id = uuid::Uuid::now_v7();
    sqlx::query(
        "insert into alerts (id, siren, opened_at, opened_by, assessment_id, level, is_procedure)
         values ($1, $2, '2026-11-20T10:00:00Z', $3, $3, $4, false)",
    )
    .bind(id)
    .bind(siren)
    .bind(assessment)
    .bind(level)
    .execute(pool)
    .await
    .expect("an alert");
    id
}
