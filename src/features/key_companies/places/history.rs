//! The history of the places: one line for each act, never changed.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Done, Signature};

/// A line of the history.
#[derive(Clone, Copy, Default)]
pub(super) struct Told<'a> {
    pub kind: &'a str,
    pub from: Option<i16>,
    pub to: Option<i16>,
    pub referent_id: Option<Uuid>,
    pub replaced_by: Option<Uuid>,
    pub motive: &'a str,
}

/// Writes it, signed.
pub(super) async fn tell(
    conn: &mut PgConnection,
    by: &Signature,
    key_company: Uuid,
    told: Told<'_>,
) -> Done<()> {
    sqlx::query!(
        "insert into key_company_events (key_company_id, at, actor_id, actor_name, kind, from_slot,
                                         to_slot, referent_id, replaced_by, motive)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        key_company,
        by.at,
        by.actor_id,
        by.actor_name,
        told.kind,
        told.from,
        told.to,
        told.referent_id,
        told.replaced_by,
        told.motive.trim()
    )
    .execute(conn)
    .await?;
    Ok(())
}
