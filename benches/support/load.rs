//! Fills a migrated database: invented companies and everything that people add to them.
//!
//! Written as a restore is, without the triggers that sign and audit each row; then the companies that
//! have a place, and one in ten of the others, are scored as the program scores them.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;
use vigie::features::{alerts, risk};

use super::companies::{self, Company};

/// Date that the data speaks of.
const AS_OF: &str = "2026-11-01";
/// Rows sent at a time.
const BATCH: usize = 1 << 20;

const COMPANIES: &str = "copy companies (siren, diffusible, is_person, name, legal_category, active, \
    created_on, naf_code, naf_nomenclature, headcount_band, headcount_band_year, size_category, \
    head_office_siret, local_siret, import_id, source, source_date) from stdin";
const ESTABLISHMENTS: &str = "copy establishments (siret, siren, diffusible, is_head_office, active, \
    name, address, postcode, commune_code, commune_label, insee_code, created_on, naf_code, \
    naf_nomenclature, headcount_band, headcount_band_year, import_id, source, source_date) from stdin";

/// What people and files add, once companies are there.
const REST: [(&str, &str); 8] = [
    // 24 months for each site of ten salaried jobs or more.
    (
        "headcounts",
        "insert into headcounts (siret, period, granularity, headcount, import_id, source, source_date)
         select e.siret, (date '2026-10-01' - make_interval(months => m))::date, 'month',
                b.estimate + (hashtext(e.siret) + m) % 5, e.import_id, 'Urssaf', '2026-11-01'
         from establishments e join headcount_bands b on b.code = e.headcount_band
         cross join generate_series(0, 23) m
         where b.minimum >= 10 and e.active",
    ),
    (
        "organisations",
        "insert into organisations (name, kind) values ('Organisme d’exemple', 'council')",
    ),
    (
        "users",
        "insert into users (id, email, full_name, role, organisation_id, status, password_hash)
         select gen_random_uuid(), 'personne' || n || '@exemple.example', 'Personne Exemple ' || n,
                (array['admin', 'staff', 'adviser', 'elected'])[1 + n % 4], o.id, 'active', 'none'
         from organisations o cross join generate_series(1, 240) n",
    ),
    (
        "user_territories",
        "insert into user_territories (user_id, territory_siren)
         select u.id, t.siren from users u
         join (select siren, row_number() over (order by siren) n, count(*) over () total
               from territories) t on t.n = 1 + abs(hashtext(u.email)) % t.total
         where u.role = 'adviser'",
    ),
    (
        "sessions",
        "insert into sessions (id, token_hash, user_id, created_at, last_seen_at, user_agent, ip)
         select gen_random_uuid(), sha256((u.id || '/' || n)::bytea), u.id, now(), now(), 'Exemple', '192.0.2.1'
         from users u cross join generate_series(1, 5) n",
    ),
    // The five largest sites of each territory.
    (
        "key_companies",
        "insert into key_companies (id, territory_siren, siren, siret, slot, referent_id, entered_on, entry_motive)
         select gen_random_uuid(), territory_siren, siren, siret, place,
                (select id from users where role = 'staff' order by hashtext(email || territory_siren) limit 1),
                case when place = 5 then current_date - 890
                  else current_date - 30 - abs(hashtext(siren)) % 1800 end,
                'Motif inventé pour la mesure.'
         from (select m.territory_siren, e.siren, e.siret,
                      row_number() over (partition by m.territory_siren order by b.minimum desc, e.siret) place
               from companies c
               join establishments e on e.siret = c.local_siret
               join current_memberships m on m.insee_code = e.insee_code
               join headcount_bands b on b.code = e.headcount_band
               where c.active and e.active) ranked
         where place <= 5",
    ),
    (
        "key_company_events",
        "insert into key_company_events (key_company_id, at, actor_name, kind, to_slot, motive)
         select id, entered_on, 'Personne Exemple', 'chosen', slot, entry_motive from key_companies",
    ),
    (
        "contacts",
        "insert into contacts (id, siren, full_name, job_title, email)
         select gen_random_uuid(), siren, 'Contact Exemple ' || right(siren, 5), 'Gérance',
                'contact@exemple.example'
         from companies where active and hashtext(siren) % 10 = 0
         union all
         select gen_random_uuid(), k.siren, 'Contact Exemple clé ' || n, 'Direction', ''
         from key_companies k cross join generate_series(1, 3) n",
    ),
];

const DEPARTMENTS: &str = include_str!("departments.sql");
const HISTORY: &str = include_str!("history.sql");
const PAST: &str = include_str!("past.sql");
/// Those that are scored: all that have a place, one in ten of the others.
const TO_SCORE: &str = "insert into rescore_requests (siren) select siren from companies c
    where active and (hashtext(siren) % 10 = 0 or exists (select from key_companies k where k.siren = c.siren))";
const TABLES: [&str; 18] = [
    "territories",
    "companies",
    "establishments",
    "headcounts",
    "facts",
    "risk_assessments",
    "users",
    "sessions",
    "contacts",
    "key_companies",
    "meetings",
    "alerts",
    "workshops",
    "workshop_entries",
    "workshop_decisions",
    "action_plans",
    "actions",
    "introductions",
];

/// How much to load.
#[derive(Clone, Copy)]
pub struct Size {
    /// Départements; all but the first are invented copies of it.
    pub departments: u32,
    /// Companies, over all of them.
    pub companies: u32,
}

/// How many rows of each kind were written.
pub type Counts = Vec<(&'static str, i64)>;

/// Loads companies and five years of what was done; the reference data is there already. `conn` has
/// every right.
pub async fn fill(conn: &mut PgConnection, size: Size, now: DateTime<Utc>) -> sqlx::Result<Counts> {
    run(conn, "set session_replication_role = replica").await?;
    let departments = size.departments.to_string();
    let copies = DEPARTMENTS.replace("{départements}", &departments);
    run(conn, &copies).await?;
    copy_companies(conn, size.companies, now).await?;
    for (_, statement) in REST {
        run(conn, statement).await?;
    }
    run(conn, "analyze").await?;
    run(conn, HISTORY).await?;
    run(conn, "analyze").await?;
    run(conn, "set session_replication_role = origin").await?;
    run(conn, TO_SCORE).await?;
    // Tables that are empty when the first statement is prepared grow fast.
    run(conn, "set plan_cache_mode = force_custom_plan").await?;
    let today = now.date_naive();
    alerts::run::catch_up(conn, today, now).await?;
    // The rest is not what is measured: the program need not score it behind the pages.
    if let Some(scorer) = risk::models::on(today) {
        let version = &scorer.model().identity.version;
        risk::queries::keep_day(conn, today, version, 0, now).await?;
    }
    run(conn, "set session_replication_role = replica").await?;
    run(conn, PAST).await?;
    run(conn, "vacuum analyze").await?;
    let mut counts = Counts::new();
    for table in TABLES {
        let statement = format!("select count(*) from {table}");
        let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .fetch_one(&mut *conn)
            .await?;
        counts.push((table, rows));
    }
    Ok(counts)
}

async fn run(conn: &mut PgConnection, script: &str) -> sqlx::Result<()> {
    let script = sqlx::AssertSqlSafe(script.to_owned());
    sqlx::raw_sql(script).execute(conn).await.map(|_| ())
}

async fn copy_companies(
    conn: &mut PgConnection,
    companies: u32,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let import = Uuid::now_v7();
    sqlx::query(
        "insert into imports (id, kind, status, label, source, source_date, created_at, created_by_name,
                              applied_at, fingerprint, files)
         values ($1, 'sirene', 'applied', 'Entreprises inventées', 'Insee-Sirene', $2::text::date, $3, 'Banc',
                 $3, 'none', '[]')",
    )
    .bind(import)
    .bind(AS_OF)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    let places = Places::read(conn).await?;
    copy(conn, COMPANIES, companies, |row, out| {
        places.company(row, import, out);
    })
    .await?;
    copy(conn, ESTABLISHMENTS, companies, |row, out| {
        places.establishments(row, import, out);
    })
    .await
}

async fn copy(
    conn: &mut PgConnection,
    statement: &str,
    companies: u32,
    write: impl Fn(&Company, &mut String),
) -> sqlx::Result<()> {
    let mut copy = conn.copy_in_raw(statement).await?;
    let mut batch = String::new();
    for number in 1..=companies {
        write(&companies::company(number), &mut batch);
        if batch.len() > BATCH {
            copy.send(batch.as_bytes()).await?;
            batch.clear();
        }
    }
    copy.send(batch.as_bytes()).await?;
    copy.finish().await.map(|_| ())
}

/// The communes of the territories laid out by population, and the activities.
struct Places {
    communes: Vec<Commune>,
    activities: Vec<String>,
}

struct Commune {
    /// Share of the population up to this one, itself included.
    until: f64,
    code: String,
    name: String,
    postcode: String,
}

impl Places {
    async fn read(conn: &mut PgConnection) -> sqlx::Result<Self> {
        let communes = sqlx::query(
            "select insee_code, name, coalesce(postcodes[1], ''),
                    (sum(population) over (order by insee_code))::float8 / sum(population) over ()
             from municipalities m where population > 0
               and exists (select from current_memberships c where c.insee_code = m.insee_code)
             order by insee_code",
        )
        .try_map(|row: sqlx::postgres::PgRow| {
            Ok(Commune {
                code: row.try_get(0)?,
                name: row.try_get(1)?,
                postcode: row.try_get(2)?,
                until: row.try_get(3)?,
            })
        })
        .fetch_all(&mut *conn)
        .await?;
        let activities = sqlx::query_scalar(
            "select code from naf_codes where nomenclature = 'rev2' order by code",
        )
        .fetch_all(conn)
        .await?;
        Ok(Self {
            communes,
            activities,
        })
    }

    fn company(&self, company: &Company, import: Uuid, out: &mut String) {
        let head = &company.establishments[0].siret;
        let values = [
            company.siren.as_str(),
            flag(company.diffusible),
            flag(company.is_person),
            company.name.as_deref().unwrap_or(NULL),
            if company.is_person { "1000" } else { "5499" },
            flag(company.active),
            &company.created_on,
            self.activity(company),
            "rev2",
            company.band.unwrap_or(NULL),
            "2023",
            "PME",
            head,
            head,
        ];
        line(out, &values, import);
    }

    fn establishments(&self, company: &Company, import: Uuid, out: &mut String) {
        for (index, site) in company.establishments.iter().enumerate() {
            let commune = &self.communes[self
                .communes
                .partition_point(|commune| commune.until < site.position)
                .min(self.communes.len() - 1)];
            let values = [
                site.siret.as_str(),
                &company.siren,
                flag(company.diffusible),
                flag(index == 0),
                flag(company.active),
                site.name.as_deref().unwrap_or(NULL),
                if company.diffusible {
                    &site.address
                } else {
                    NULL
                },
                &commune.postcode,
                &commune.code,
                &commune.name,
                &commune.code,
                &company.created_on,
                self.activity(company),
                "rev2",
                company.band.unwrap_or(NULL),
                "2023",
            ];
            line(out, &values, import);
        }
    }

    fn activity(&self, company: &Company) -> &str {
        &self.activities[company.activity % self.activities.len()]
    }
}

const NULL: &str = "\\N";

fn flag(value: bool) -> &'static str {
    if value { "t" } else { "f" }
}

/// Invented values hold neither tab nor backslash.
fn line(out: &mut String, values: &[&str], import: Uuid) {
    for value in values {
        out.push_str(value);
        out.push('\t');
    }
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{import}\tInsee-Sirene\t{AS_OF}");
}
