//! The whole of an import without a screen: for the command and the demonstration.

use uuid::Uuid;

use super::desk::{Desk, Failure};
use super::model::{Counts, FileReport};
use super::queries::preview::{self, RejectionRow};
use super::queries::{records, staging};
use super::writing;

pub use super::analysis::analyse;

/// Rejections of each cause that a preview shows.
const EACH: i64 = 3;

/// What a deposit would change.
#[derive(Debug)]
pub struct Preview {
    /// What was found about each file.
    pub files: Vec<FileReport>,
    /// Its numbers.
    pub counts: Counts,
    /// The first rejections of each cause.
    pub first_rejections: Vec<RejectionRow>,
}

/// The preview of a deposit that was analysed.
pub async fn preview(desk: &Desk, id: Uuid) -> Result<Preview, Failure> {
    let mut conn = desk.pool.acquire().await?;
    let row = records::find(&mut conn, id)
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    Ok(Preview {
        files: row.files.0,
        counts: row.counts.0,
        first_rejections: preview::rejections_by_cause(&mut conn, id, EACH).await?,
    })
}

/// Bytes read, and bytes in all, of a running analysis.
pub async fn progress(desk: &Desk, id: Uuid) -> sqlx::Result<Option<(i64, i64)>> {
    let mut conn = desk.pool.acquire().await?;
    records::progress(&mut conn, id).await
}

/// Confirms a preview and writes it.
pub async fn confirm(desk: &Desk, id: Uuid) -> Result<Counts, Failure> {
    let mut tx = desk.begin().await?;
    if !records::step(&mut tx, id, "ready", "applying").await? {
        return Err(Failure::Refused(
            "Cet import n’attend pas de confirmation.".to_owned(),
        ));
    }
    tx.commit().await?;
    writing::confirm(desk, id).await
}

/// Gives a preview up.
pub async fn discard(desk: &Desk, id: Uuid) -> sqlx::Result<()> {
    let mut tx = desk.begin().await?;
    if records::step(&mut tx, id, "ready", "discarded").await? {
        staging::clear(&mut tx, id).await?;
    }
    tx.commit().await
}
