//! The private calendar of a person: a secret address that a calendar program reads.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::choices::PATH;
use super::{calendar, people, queries};
use crate::auth::token::Token;
use crate::formats::icalendar;
use crate::platform::submissions;
use crate::web::shell::Shell;
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit};

const NOTHING_DONE: &str =
    "Votre session avait expiré\u{a0}: rien n’a été fait. Recommencez si vous le voulez toujours.";

/// A button without a field of its own.
#[derive(Debug, Deserialize)]
pub struct NoField {}

#[derive(Template, WebTemplate)]
#[template(path = "notifications/agenda.html")]
struct AgendaPage {
    shell: Shell,
    address: String,
}

/// `POST /compte/agenda`: a new address, shown once.
pub async fn renew(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    if submitted.is_resumed {
        return tx.finish(None, PATH, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let token = Token::random();
    queries::set_calendar(&mut tx, visit.user.id, &token.hash(), visit.now).await?;
    if let Some(key) = submitted.key {
        // Sent twice, the form leads to the account: the address is not shown a second time.
        submissions::settle(&mut tx, key, PATH).await?;
    }
    tx.commit().await?;
    let title = "Adresse de mon agenda";
    let page = AgendaPage {
        shell: visit
            .shell(title)
            .via("Accueil", "/")
            .via("Mon compte", "/compte")
            .via("Mes courriels et mon agenda", PATH)
            .at(title),
        address: state.link(&format!("/calendrier/{}.ics", token.as_str())),
    };
    Ok(page.into_response())
}

/// `POST /compte/agenda/arreter`
pub async fn stop(visit: Visit, mut tx: Tx, submitted: Submitted<NoField>) -> Result<Response> {
    if submitted.is_resumed {
        return tx.finish(None, PATH, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    queries::stop_calendar(&mut tx, visit.user.id).await?;
    tx.finish(
        submitted.key,
        PATH,
        "L’adresse de votre agenda ne montre plus rien.",
    )
    .await
}

/// `GET /calendrier/{secret}.ics`: with the rights that its owner has at this moment.
pub async fn feed(
    State(state): State<AppState>,
    mut db: Db,
    Path(file): Path<String>,
) -> Result<Response> {
    let token = file
        .strip_suffix(".ics")
        .and_then(Token::from_visitor)
        .ok_or(Error::NotFound)?;
    let reader = people::reader_of_calendar(&mut db, &token.hash())
        .await?
        .ok_or(Error::NotFound)?;
    let now = state.clock.now();
    let events = calendar::events(&mut db, &state, &reader, now).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"vigie.ics\"",
        ),
    ];
    Ok((headers, icalendar::feed("Vigie", &events, now)).into_response())
}
