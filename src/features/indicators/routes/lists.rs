//! The companies behind the two first figures.

use axum::extract::RawQuery;

use super::page::{asked, choices, only, share, understood};
use crate::features::indicators::queries;
use crate::features::indicators::views::lists::{ListPage, Which};
use crate::web::{Db, Result, Visit};

/// Those identified, followed or not.
pub async fn identified(visit: Visit, db: Db, raw: RawQuery) -> Result<ListPage> {
    list(visit, db, raw, Which::Identified).await
}

/// Those that entered twelve months ago or more, and what became of them.
pub async fn maintained(visit: Visit, db: Db, raw: RawQuery) -> Result<ListPage> {
    list(visit, db, raw, Which::Maintained).await
}

async fn list(visit: Visit, mut db: Db, RawQuery(raw): RawQuery, which: Which) -> Result<ListPage> {
    let asked = asked(raw.as_deref())?;
    let (wanted, errors) = understood(&asked, &visit);
    let only = only(&asked, &visit);
    let share = share(&mut db, &visit).await?;
    let rows = queries::outcomes(&mut db, wanted.evening, share, only.as_deref()).await?;
    let choices = choices(&mut db, &visit).await?;
    Ok(ListPage::new(
        &visit,
        which,
        (wanted.evening, share),
        rows,
        (asked, choices),
        errors,
    ))
}
