//! The page of an action.

use axum::extract::Path;
use sqlx::PgConnection;

use super::action_at;
use crate::features::meetings::queries::Reader;
use crate::features::plans::queries::actions::Action;
use crate::features::plans::queries::{self, documents, parts};
use crate::features::plans::views::action::ActionPage;
use crate::features::plans::views::may_run;
use crate::web::{Db, Result, Visit};

/// An action with everything that hangs from it.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<ActionPage> {
    let action = action_at(&mut db, &visit, &id).await?;
    page(&mut db, &visit, action).await
}

/// The page of this action.
pub async fn page(conn: &mut PgConnection, visit: &Visit, action: Action) -> Result<ActionPage> {
    let parts = parts::of(conn, Reader::of(visit), action.id).await?;
    let documents = documents::documents(conn, (Some(action.id), None)).await?;
    let parties = if may_run(visit) {
        queries::parties(conn, None).await?
    } else {
        Vec::new()
    };
    Ok(ActionPage::new(visit, action, (parts, documents), &parties))
}
