//! A workshop made from one before it: its territory, its place and its guests, at the next date.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono_tz::Europe::Paris;

use super::workshop;
use crate::features::organisations::queries::territories;
use crate::features::workshops::again;
use crate::features::workshops::forms::WorkshopForm;
use crate::features::workshops::queries::{self, Workshop, guests};
use crate::features::workshops::views::{FormPage, LIST, below, path_of};
use crate::web::filters::agree;
use crate::web::forms::Choice;
use crate::web::{Db, Result, Submitted, Tx, Visit};

fn proposed(known: &Workshop, visit: &Visit) -> WorkshopForm {
    let form = WorkshopForm::of(known);
    let held_on = known.held_at.with_timezone(&Paris).date_naive();
    let day = again::next_day(held_on, visit.today);
    WorkshopForm {
        titre: again::title(&known.title, held_on, day),
        jour: day.to_string(),
        version: String::new(),
        ..form
    }
}

fn page(visit: &Visit, known: &Workshop, territories: Vec<Choice>, form: WorkshopForm) -> FormPage {
    let mut page = FormPage::new(visit, None, territories, form);
    let title = format!("Reprendre «\u{a0}{}\u{a0}»", known.title);
    page.shell = below(visit, known, "Reprendre").titled(title);
    page.action = format!("{}/reprendre", path_of(known));
    page.back = path_of(known);
    page.taken_again = Some(known.counts().guests);
    page
}

/// The form, filled from the workshop before.
pub async fn ask(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<FormPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    let territories = territories(&mut db).await?;
    let form = proposed(&known, &visit);
    Ok(page(&visit, &known, territories, form))
}

/// Makes the workshop, with the guests of the one before who can still be invited.
pub async fn carry_out(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<WorkshopForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let territories = territories(&mut tx).await?;
    let is_known = |siren: &str| territories.iter().any(|one| one.value == siren);
    let form = submitted.form.clone();
    let parsed = form.parse(visit.now, is_known, None);
    let page = page(&visit, &known, territories, form);
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let mut new = match parsed {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    // The date in the proposed title follows the date that was chosen.
    if again::is_same(&new.title, &proposed(&known, &visit).titre) {
        let day = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&Paris).date_naive();
        new.title = again::title(&known.title, day(known.held_at), day(new.held_at));
    }
    let next = queries::insert(&mut tx, &new, visit.user.id, visit.now).await?;
    let keys = guests::keys(&mut tx, known.id).await?;
    let added = guests::add(&mut tx, next, &keys, visit.now).await?;
    let added = i64::try_from(added).unwrap_or(i64::MAX);
    let message = format!(
        "Atelier créé avec {added}\u{a0}{}\u{a0}: aucun n’a encore reçu de courriel. Choisissez maintenant les entreprises.",
        agree(added, "invité", "invités")
    );
    let location = format!("{LIST}/{next}/ordre-du-jour");
    tx.finish(submitted.key, &location, &message).await
}
