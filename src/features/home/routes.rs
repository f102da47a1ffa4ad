//! The home page.

use axum::response::{IntoResponse as _, Redirect, Response};

use super::mine;
use super::queries::{self, Rights};
use super::views::HomePage;
use crate::auth::Access::SignedIn;
use crate::auth::Permission;
use crate::web::{Db, Result, Routes, Visit};

/// Things read, so that the page knows whether it shows them all.
const READ: i64 = 500;

/// The routes of the home page.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/", SignedIn, index)
}

async fn index(visit: Visit, mut db: Db) -> Result<Response> {
    // Who reads figures only begins with them.
    if !visit.may(Permission::ViewCompanies) {
        return Ok(Redirect::to("/indicateurs").into_response());
    }
    let rights = Rights {
        scope: visit.scope(),
        keys: visit.may(Permission::ManageKeyCompanies),
        alerts: visit.may(Permission::HandleAlerts).then_some(visit.user.id),
        me: visit.user.id,
        imports: visit.may(Permission::ManageImports),
        users: visit.may(Permission::ManageUsers),
    };
    let mut mine = mine::read(&mut db, &visit).await?;
    let others = queries::todos(&mut db, rights, visit.today, READ).await?;
    let progress = queries::progress(&mut db, visit.user.id).await?;
    let todos = mine.among(others);
    let mut page = HomePage::new(&visit, todos, &progress);
    page.meet(mine.week);
    if visit.may(Permission::ViewRisk) {
        // What is to be done fills the page first: nothing is read that it would not show.
        match page.room() {
            0 => page.has_more_watched = true,
            room => page.watch(
                queries::watched(&mut db, visit.scope(), room + 1).await?,
                room,
            ),
        }
    }
    Ok(page.into_response())
}
