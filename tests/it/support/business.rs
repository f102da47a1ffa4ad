//! Two territories and companies that exist nowhere, for the tests of what people do with them.

use uuid::Uuid;

use super::db::TestDb;

/// SIREN of a territory, with the commune 81901.
pub const LAUTREC: &str = "990000014";
/// SIREN of another territory, with the commune 81902.
pub const SIDOBRE: &str = "990000022";

/// The two territories with a commune each.
pub async fn territories(db: &TestDb) {
    let rows = [
        (LAUTREC, "Lautrecois d’essai", "81901", "Lautrec d’essai"),
        (SIDOBRE, "Sidobre d’essai", "81902", "Burlats d’essai"),
    ];
    for (siren, name, insee_code, municipality) in rows {
        let statements = [
            sqlx::query(
                "insert into territories (siren, name, short_name, kind, departments,
                   population_total, municipalities_total)
                 values ($1, 'CC ' || $2, $2, 'CC', '{81}', 12000, 1)",
            )
            .bind(siren)
            .bind(name),
            sqlx::query(
                "insert into municipalities (insee_code, name, department, population)
                 values ($1, $2, '81', 12000)",
            )
            .bind(insee_code)
            .bind(municipality),
            sqlx::query(
                "insert into territory_memberships (insee_code, territory_siren, period)
                 values ($1, $2, '[2020-01-01,)')",
            )
            .bind(insee_code)
            .bind(siren),
        ];
        for statement in statements {
            statement.execute(&db.pool).await.expect("a territory");
        }
    }
}

/// « EXEMPLE {rank} », its own trade, with one establishment in the commune; gives the SIRET.
pub async fn company(db: &TestDb, rank: u32, insee_code: &str, jobs: i32) -> String {
    let siren = with_key(&format!("9{rank:07}"));
    let siret = with_key(&format!("{siren}0001"));
    sqlx::query(
        "insert into companies (siren, diffusible, is_person, name, active, head_office_siret,
           local_siret, source, source_date)
         values ($1, true, false, 'EXEMPLE ' || $2, true, $3, $3, 'Répertoire d’essai', '2026-11-01')",
    )
    .bind(&siren)
    .bind(rank.to_string())
    .bind(&siret)
    .execute(&db.pool)
    .await
    .expect("a company");
    establishment(db, &siret, insee_code, &format!("{rank:04}Z"), jobs).await;
    siret
}

/// Another establishment of the company that owns this one; gives the SIRET.
pub async fn site(db: &TestDb, of: &str, number: u32, insee_code: &str, jobs: i32) -> String {
    let siret = with_key(&format!("{}{number:04}", &of[..9]));
    establishment(db, &siret, insee_code, "99.99Z", jobs).await;
    siret
}

async fn establishment(db: &TestDb, siret: &str, insee_code: &str, naf_code: &str, jobs: i32) {
    sqlx::query(
        "insert into establishments (siret, siren, diffusible, is_head_office, active, commune_code,
           insee_code, naf_code, naf_nomenclature, source, source_date)
         values ($1, left($1, 9), true, $1 like '%0001_', true, $2, $2, $3, 'rev2',
                 'Répertoire d’essai', '2026-11-01')",
    )
    .bind(siret)
    .bind(insee_code)
    .bind(naf_code)
    .execute(&db.pool)
    .await
    .expect("an establishment");
    sqlx::query(
        "insert into headcounts (siret, period, granularity, headcount, source, source_date)
         values ($1, '2026-09-01', 'month', $2, 'Déclarations d’essai', '2026-11-01')",
    )
    .bind(siret)
    .bind(jobs)
    .execute(&db.pool)
    .await
    .expect("a headcount");
}

/// Closes an establishment.
pub async fn close(db: &TestDb, siret: &str) {
    sqlx::query("update establishments set active = false where siret = $1")
        .bind(siret)
        .execute(&db.pool)
        .await
        .expect("a closed establishment");
}

/// States a fact in force.
pub async fn state_fact(db: &TestDb, siret: &str, criterion: &str, worth: i16, author: Uuid) {
    sqlx::query(
        "insert into impact_facts (id, siret, criterion, worth, note, noted_on, author_id)
         values ($1, $2, $3, $4, 'Constaté lors d’une visite.', '2026-11-01', $5)",
    )
    .bind(Uuid::now_v7())
    .bind(siret)
    .bind(criterion)
    .bind(worth)
    .bind(author)
    .execute(&db.pool)
    .await
    .expect("a fact");
}

/// Appends the digit that makes Luhn's sum a multiple of ten.
fn with_key(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, byte)| {
            let digit = u32::from(byte - b'0');
            match i % 2 {
                0 if digit > 4 => digit * 2 - 9,
                0 => digit * 2,
                _ => digit,
            }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
