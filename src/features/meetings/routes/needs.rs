//! A need that is not pursued: why, and back.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::log::NoField;
use super::meeting;
use crate::domain::text::one_line;
use crate::features::meetings::queries::Meeting;
use crate::features::meetings::queries::needs::{self, NotedNeed};
use crate::features::meetings::views::needs::DropPage;
use crate::features::organisations::forms::refuse_long;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// Characters of a motive, at least and at most.
const MOTIVE: (usize, usize) = (10, 500);

/// Why, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DropForm {
    /// The motive.
    pub motif: String,
    /// Version that the page showed.
    pub version: String,
}

impl DropForm {
    fn parse(&self) -> std::result::Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let motive = one_line(&self.motif);
        if motive.chars().count() < MOTIVE.0 {
            errors.add(
                "motif",
                "Dites pourquoi en dix caractères au moins, par exemple «\u{a0}Déjà financé par la Région\u{a0}».",
            );
        }
        refuse_long(&mut errors, "motif", &motive, MOTIVE.1);
        errors.or(motive)
    }
}

/// The need, if its meeting may be read.
async fn need(
    conn: &mut sqlx::PgConnection,
    visit: &Visit,
    id: &str,
) -> Result<(NotedNeed, Meeting)> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let need = needs::noted(conn, (None, Some(id)))
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    let meeting = meeting(conn, visit, &need.meeting.to_string()).await?;
    Ok((need, meeting))
}

/// Asks why.
pub async fn ask(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<DropPage> {
    let (need, meeting) = need(&mut db, &visit, &id).await?;
    open(&need)?;
    let form = DropForm {
        version: need.version.to_string(),
        ..DropForm::default()
    };
    Ok(DropPage::new(&visit, &meeting, need, form))
}

fn open(need: &NotedNeed) -> Result<()> {
    if need.status == "open" {
        return Ok(());
    }
    Err(Error::Conflict(
        "Ce besoin est déjà repris dans un plan, ou n’est déjà plus poursuivi.".to_owned(),
    ))
}

/// It is not pursued.
pub async fn set_aside(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<DropForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let (need, meeting) = need(&mut tx, &visit, &id).await?;
    let key = need.id;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let page = DropPage::new(&visit, &meeting, need, form);
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    open(&need)?;
    let motive = match form.parse() {
        Ok(motive) => motive,
        Err(errors) => {
            let page = DropPage::new(&visit, &meeting, need, form);
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let seen = (key, form.version.trim().parse().unwrap_or(0));
    let why = (motive.as_str(), visit.user.name.as_str());
    if !needs::set_aside(&mut tx, seen, why, visit.now).await? {
        let form = DropForm {
            version: need.version.to_string(),
            ..form
        };
        let mut errors = FormErrors::new();
        errors.add_general(
            "Ce besoin a changé depuis que vous l’avez lu. Relisez-le, puis confirmez si c’est toujours voulu.",
        );
        let page = DropPage::new(&visit, &meeting, need, form);
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let location = format!("/rencontres/{}#besoins", meeting.id);
    let message = "Besoin mis de côté. Vous pouvez le reprendre à tout moment.";
    tx.finish(submitted.key, &location, message).await
}

/// It is pursued again.
pub async fn take_back(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let (need, meeting) = need(&mut tx, &visit, &id).await?;
    let location = format!("/rencontres/{}#besoins", meeting.id);
    if submitted.is_resumed {
        let nothing = "Votre session avait expiré\u{a0}: rien n’a été fait.";
        return tx.finish(None, &location, nothing).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let message = if needs::take_back(&mut tx, need.id).await? {
        "Besoin repris."
    } else {
        "Ce besoin était déjà repris."
    };
    tx.finish(submitted.key, &location, message).await
}
