//! The jobs that wait, and those that gave up.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, Query, RawQuery};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::routes::NoField;
use super::{NOTHING_DONE, words};
use crate::auth::audit::{self, Act};
use crate::platform::jobs::desk::{self, Row};
use crate::platform::jobs::{self, Counts};
use crate::platform::mail::outbox;
use crate::web::filters;
use crate::web::pager::{self, Page, Total};
use crate::web::shell::Shell;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

const PATH: &str = "/reglages/taches";
const SIZE: u32 = 50;
const GONE: &str =
    "Cette tâche n’est plus arrêtée\u{a0}: une autre personne l’a relancée ou abandonnée.";

/// What the address of the list may carry.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    etat: String,
    page: Option<String>,
}

impl Row {
    fn words(&self) -> &str {
        words::job(&self.kind)
    }
}

fn failure_words(cause: &str) -> &'static str {
    words::job_failure(cause)
}

#[derive(Template, WebTemplate)]
#[template(path = "mails/tasks.html")]
struct TasksPage {
    shell: Shell,
    counts: Counts,
    only_parked: bool,
    rows: Vec<Row>,
    page: Page,
    now: DateTime<Utc>,
}

/// `GET /reglages/taches`
pub async fn index(
    visit: Visit,
    mut db: Db,
    Query(query): Query<ListQuery>,
    RawQuery(raw): RawQuery,
) -> Result<impl IntoResponse> {
    let number = pager::requested(query.page.as_deref()).map_err(|_| Error::NotFound)?;
    let only_parked = query.etat == "arretees";
    let counts = jobs::counts(&mut db).await?;
    let total = Total::Exact(if only_parked {
        counts.parked
    } else {
        counts.parked + counts.waiting
    });
    let page = Page::new(number, SIZE, total, PATH, raw.as_deref()).map_err(|_| Error::NotFound)?;
    let window = (i64::from(SIZE), pager::offset(number, SIZE));
    Ok(TasksPage {
        shell: visit
            .shell("Tâches")
            .via("Accueil", "/")
            .via("Courriels", "/reglages/courriels")
            .at("Tâches"),
        counts,
        only_parked,
        rows: desk::list(&mut db, only_parked, visit.now, window).await?,
        page,
        now: visit.now,
    })
}

async fn parked(conn: &mut sqlx::PgConnection, id: &str) -> Result<Row> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    desk::parked(conn, id).await?.ok_or(Error::NotFound)
}

/// `POST /reglages/taches/{id}/relancer`
pub async fn restart(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    if submitted.is_resumed {
        return tx.finish(None, PATH, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let job = parked(&mut tx, &id).await?;
    if !desk::restart(&mut tx, job.id, visit.now).await? {
        return Err(Error::Conflict(GONE.to_owned()));
    }
    record(&mut tx, &visit, "job_restarted", &job).await?;
    tx.finish(
        submitted.key,
        PATH,
        "La tâche repart dans les secondes qui viennent.",
    )
    .await
}

#[derive(Template, WebTemplate)]
#[template(path = "mails/abandon.html")]
struct AbandonPage {
    shell: Shell,
    job: Row,
}

/// `GET /reglages/taches/{id}/abandonner`
pub async fn ask_abandon(
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    Ok(question(&visit, parked(&mut db, &id).await?))
}

fn question(visit: &Visit, job: Row) -> AbandonPage {
    let title = "Abandonner une tâche";
    AbandonPage {
        shell: visit
            .shell(title)
            .via("Accueil", "/")
            .via("Tâches", PATH)
            .at(title),
        job,
    }
}

/// `POST /reglages/taches/{id}/abandonner`
pub async fn abandon(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    if submitted.is_resumed {
        let job = parked(&mut tx, &id).await?;
        return Ok(question(&visit, job).into_response());
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let job = parked(&mut tx, &id).await?;
    if !desk::abandon(&mut tx, job.id).await? {
        return Err(Error::Conflict(GONE.to_owned()));
    }
    // The job of an account's link bears the id of its mail.
    outbox::abandon(&mut tx, job.mail_id.unwrap_or(job.id)).await?;
    record(&mut tx, &visit, "job_abandoned", &job).await?;
    tx.finish(submitted.key, PATH, "La tâche est abandonnée.")
        .await
}

async fn record(tx: &mut Tx, visit: &Visit, verb: &str, job: &Row) -> Result<()> {
    let label = format!("«\u{a0}{}\u{a0}»", job.words());
    let act = Act {
        verb,
        object: ("jobs", &job.id.to_string()),
        label: &label,
        details: None,
    };
    Ok(audit::record(&mut *tx, &visit.acting(), act).await?)
}
