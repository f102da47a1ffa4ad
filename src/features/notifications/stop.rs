//! Stopping one kind of mails from the mail itself, without signing in (RFC 8058). The address holds a
//! secret of this mail, which does nothing else; reading the page changes nothing.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sqlx::PgConnection;

use super::queries::{self, Stoppable};
use crate::auth::token::Token;
use crate::web::shell::Shell;
use crate::web::{Db, Error, Result, Submitted, Tx, Visitor};

#[derive(Template, WebTemplate)]
#[template(path = "notifications/stop.html")]
struct StopPage {
    shell: Shell,
    action: String,
    what: &'static str,
    is_done: bool,
}

async fn find(conn: &mut PgConnection, token: &str) -> Result<(Stoppable, &'static str)> {
    let token = Token::from_visitor(token).ok_or(Error::NotFound)?;
    let found = queries::stoppable(conn, &token.hash())
        .await?
        .ok_or(Error::NotFound)?;
    let what = match found.kind.as_str() {
        "digest" => "le résumé de la semaine",
        "assigned" => "les courriels des alertes qui vous sont confiées",
        "level_changed" => "les courriels des changements de niveau",
        "action_due" => "les courriels qui demandent où en sont vos actions",
        _ => return Err(Error::NotFound),
    };
    Ok((found, what))
}

fn page(visitor: &Visitor, token: &str, what: &'static str, is_done: bool) -> StopPage {
    StopPage {
        shell: visitor.shell("Ne plus recevoir ces courriels"),
        action: format!("/courriels/arret/{token}"),
        what,
        is_done,
    }
}

/// `GET /courriels/arret/{token}`
pub async fn ask(
    visitor: Visitor,
    mut db: Db,
    Path(token): Path<String>,
) -> Result<impl IntoResponse> {
    let (_, what) = find(&mut db, &token).await?;
    Ok(page(&visitor, &token, what, false))
}

/// What mail software sends is not ours to read.
#[derive(Debug, Deserialize)]
pub struct NoField {}

/// `POST /courriels/arret/{token}`, by the person or by their mail software.
pub async fn carry_out(
    visitor: Visitor,
    mut tx: Tx,
    Path(token): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let (found, what) = find(&mut tx, &token).await?;
    if submitted.is_resumed {
        return Ok(page(&visitor, &token, what, false).into_response());
    }
    queries::stop(&mut tx, found.user_id, &found.kind).await?;
    tx.commit().await?;
    Ok(page(&visitor, &token, what, true).into_response())
}
