//! Writes of the nomenclatures of Insee.

use sqlx::PgConnection;

/// An activity code with its section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Code, for example « 10.51A ».
    pub code: String,
    /// Label.
    pub label: String,
    /// Letter of the section.
    pub section: String,
    /// Label of the section.
    pub section_label: String,
}

/// A band of headcount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Code of Insee.
    pub code: String,
    /// Label.
    pub label: String,
    /// Fewest jobs.
    pub minimum: i32,
    /// Most jobs; none for the last band.
    pub maximum: Option<i32>,
    /// Jobs that the band stands for.
    pub estimate: i32,
}

/// Writes the NAF rev. 2.
pub async fn save_activities(conn: &mut PgConnection, rows: &[Activity]) -> sqlx::Result<()> {
    let codes: Vec<_> = rows.iter().map(|r| r.code.clone()).collect();
    let labels: Vec<_> = rows.iter().map(|r| r.label.clone()).collect();
    let sections: Vec<_> = rows.iter().map(|r| r.section.clone()).collect();
    let section_labels: Vec<_> = rows.iter().map(|r| r.section_label.clone()).collect();
    sqlx::query!(
        "insert into naf_codes (nomenclature, code, label, section, section_label)
         select 'rev2', * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
         on conflict (nomenclature, code) do update set label = excluded.label,
           section = excluded.section, section_label = excluded.section_label",
        &codes,
        &labels,
        &sections,
        &section_labels,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the bands of headcount, in their own order.
pub async fn save_bands(conn: &mut PgConnection, rows: &[Band]) -> sqlx::Result<()> {
    let codes: Vec<_> = rows.iter().map(|r| r.code.clone()).collect();
    let labels: Vec<_> = rows.iter().map(|r| r.label.clone()).collect();
    let minimums: Vec<_> = rows.iter().map(|r| r.minimum).collect();
    let maximums: Vec<_> = rows.iter().map(|r| r.maximum).collect();
    let estimates: Vec<_> = rows.iter().map(|r| r.estimate).collect();
    sqlx::query!(
        "insert into headcount_bands (code, label, minimum, maximum, estimate, rank)
         select code, label, minimum, maximum, estimate, (rank - 1)::int2
         from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::int4[])
           with ordinality as r (code, label, minimum, maximum, estimate, rank)
         on conflict (code) do update set label = excluded.label, minimum = excluded.minimum,
           maximum = excluded.maximum, estimate = excluded.estimate, rank = excluded.rank",
        &codes,
        &labels,
        &minimums,
        &maximums as &[Option<i32>],
        &estimates,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the legal categories (level III): codes and labels go together.
pub async fn save_legal_categories(
    conn: &mut PgConnection,
    codes: &[String],
    labels: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into legal_categories (code, label) select * from unnest($1::text[], $2::text[])
         on conflict (code) do update set label = excluded.label",
        codes,
        labels,
    )
    .execute(conn)
    .await?;
    Ok(())
}
