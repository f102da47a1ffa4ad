//! A need or an offer: read with who could answer, changed, closed.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::{entry_at, entry_of, open};
use crate::features::matching::forms::{CloseForm, EntryForm, version};
use crate::features::matching::queries::entries::Entry;
use crate::features::matching::queries::{self, introductions, suggestions, writing};
use crate::features::matching::views::entry::{ClosePage, EntryFormPage, EntryPage};
use crate::features::matching::views::{entry_path, is_council, may_change};
use crate::features::meetings::queries::Reader;
use crate::features::workshops::queries::last_change;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// Suggestions and introductions on the page of a need, at most.
const SUGGESTIONS: i64 = 20;
const INTRODUCTIONS: i64 = 50;

/// The page of a need or an offer.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<EntryPage> {
    let entry = entry_at(&mut db, &visit, &id).await?;
    let reader = Reader::of(&visit);
    let wanted = introductions::Wanted {
        entry_id: Some(entry.id),
        ..introductions::Wanted::default()
    };
    let cut = (INTRODUCTIONS, 0);
    let introduced = introductions::introductions(&mut db, reader, &wanted, cut).await?;
    let suggested = if entry.closed_on.is_none() {
        suggestions::suggestions(&mut db, reader, entry.id, SUGGESTIONS).await?
    } else {
        Vec::new()
    };
    Ok(EntryPage::new(&visit, entry, suggested, introduced))
}

/// Refuses those who neither are of the council nor wrote it.
fn changeable(visit: &Visit, entry: &Entry) -> Result<()> {
    open(entry)?;
    if may_change(visit, entry) {
        return Ok(());
    }
    Err(Error::Conflict(
        "Un autre organisme l’a noté\u{a0}: lui seul, ou le Département, peut le changer."
            .to_owned(),
    ))
}

/// The form of a known one.
pub async fn edit(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<EntryFormPage> {
    let known = entry_at(&mut db, &visit, &id).await?;
    changeable(&visit, &known)?;
    let themes = queries::themes(&mut db).await?;
    Ok(EntryFormPage::edit(
        &visit,
        &known,
        &themes,
        EntryForm::of(&known),
    ))
}

/// Changes it.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<EntryForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let known = entry_at(&mut tx, &visit, &id).await?;
    let themes = queries::themes(&mut tx).await?;
    let form = EntryForm {
        sens: known.side.clone(),
        ..submitted.form.clone()
    };
    let page = EntryFormPage::edit(&visit, &known, &themes, form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    changeable(&visit, &known)?;
    let new = match form.parse(&themes, is_council(&visit), visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    if !writing::update(&mut tx, (known.id, version(&form.version)), &new).await? {
        let change = last_change(&mut tx, "matching_entries", known.id).await?;
        let now = entry_of(&mut tx, &visit, known.id).await?;
        open(&now)?;
        return Ok(page.overtaken(now, change));
    }
    tx.finish(submitted.key, &entry_path(known.id), "Enregistré.")
        .await
}

/// Asks why it is closed.
pub async fn ask_close(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<ClosePage> {
    let known = entry_at(&mut db, &visit, &id).await?;
    changeable(&visit, &known)?;
    Ok(ClosePage::new(&visit, known, CloseForm::default()))
}

/// Closes it.
pub async fn close(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<CloseForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let known = entry_at(&mut tx, &visit, &id).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let page = ClosePage::new(&visit, known, form);
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    changeable(&visit, &known)?;
    let motive = match form.parse() {
        Ok(motive) => motive,
        Err(errors) => {
            let page = ClosePage::new(&visit, known, form);
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let (key, seen) = (known.id, version(&form.version));
    if !writing::close(&mut tx, (key, seen), &motive, visit.today).await? {
        let now = entry_of(&mut tx, &visit, key).await?;
        open(&now)?;
        return Ok(ClosePage::new(&visit, now, form).overtaken());
    }
    tx.finish(submitted.key, &entry_path(key), "C’est clos.")
        .await
}
