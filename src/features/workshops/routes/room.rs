//! What is said and decided in the room, company by company.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{alive, begun, workshop};
use crate::features::workshops::forms::{self, DecisionForm, EntryForm};
use crate::features::workshops::model::{self, DECISIONS, ENTRIES};
use crate::features::workshops::queries::room::{self, Entry};
use crate::features::workshops::queries::{
    self, Seen, Workshop, agenda, decisions, guests, minutes,
};
use crate::features::workshops::views::room::{CompanyPage, EntryPage};
use crate::features::workshops::views::{below, choices, may_run, path_of};
use crate::web::forms::{Choice, FormErrors};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// Leads to the first company without a decision, or to the first one.
pub async fn first(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<Response> {
    let known = workshop(&mut db, &visit, &id).await?;
    let rows = agenda::agenda(&mut db, visit.scope(), known.id, may_run(&visit)).await?;
    let path = path_of(&known);
    let to = rows
        .iter()
        .find(|row| row.decisions == 0)
        .or(rows.first())
        .map_or(path.clone(), |row| {
            format!("{path}/entreprises/{}", row.siren)
        });
    Ok(Redirect::to(&to).into_response())
}

/// A company of the agenda.
pub async fn show(
    visit: Visit,
    mut db: Db,
    Path((id, siren)): Path<(String, String)>,
) -> Result<CompanyPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    page(&visit, &mut db, &known, &siren).await
}

fn kinds(is_council: bool) -> Vec<Choice> {
    let mut kinds = choices(&ENTRIES);
    kinds.retain(|kind| is_council || kind.value != "confidential");
    kinds
}

async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    known: &Workshop,
    siren: &str,
) -> Result<CompanyPage> {
    let is_council = may_run(visit);
    let mut rows = agenda::agenda(conn, visit.scope(), known.id, is_council).await?;
    let at = rows
        .iter()
        .position(|row| row.siren == siren)
        .ok_or(Error::NotFound)?;
    let all = rows.len();
    let next = rows.get(at + 1).cloned();
    let previous = at.checked_sub(1).map(|before| rows[before].clone());
    let company = rows.swap_remove(at);
    let entries = room::entries(conn, known.id, Some(siren), is_council).await?;
    let seen = Seen::by(visit);
    let of = decisions::Wanted {
        siren: Some(siren),
        ..decisions::Wanted::default()
    };
    let (taken, others): (Vec<_>, Vec<_>) = decisions::decisions(conn, seen, &of)
        .await?
        .into_iter()
        .partition(|one| one.workshop_id == known.id);
    let before = others
        .into_iter()
        .filter(|one| one.status == "open")
        .collect();
    let absent = guests::guests(conn, known.id)
        .await?
        .into_iter()
        .filter(|guest| guest.attended == Some(false))
        .map(|guest| guest.full_name())
        .collect();
    let voices = room::voices(conn, known.id, visit.user.organisation_id, is_council).await?;
    let owners = if is_council {
        decisions::owners(conn, known.id).await?
    } else {
        Vec::new()
    };
    let entry = EntryForm {
        nature: "shared".to_owned(),
        organisme: if voices.len() == 1 {
            voices[0].value.clone()
        } else {
            String::new()
        },
        ..EntryForm::default()
    };
    Ok(CompanyPage {
        shell: below(visit, known, company.shown()),
        path: path_of(known),
        rank: (at + 1, all),
        previous,
        next,
        entries,
        taken,
        before,
        absent,
        kinds: kinds(is_council),
        voices,
        decisions: choices(&DECISIONS),
        owners,
        entry,
        decision: DecisionForm::default(),
        entry_errors: FormErrors::default(),
        decision_errors: FormErrors::default(),
        is_council,
        waits: model::still_to_come(known.held_at, visit.today),
        is_cancelled: known.cancelled_at.is_some(),
        own_organisation: visit.user.organisation_id,
        today: visit.today,
        company,
    })
}

/// Adds what someone says.
pub async fn say(
    visit: Visit,
    mut tx: Tx,
    Path((id, siren)): Path<(String, String)>,
    submitted: Submitted<EntryForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    // A company leaves the agenda before this, or stays.
    minutes::hold(&mut tx, known.id).await?;
    let mut page = page(&visit, &mut tx, &known, &siren).await?;
    page.entry = submitted.form.clone();
    if submitted.is_resumed {
        page.entry_errors = submitted.first_errors();
        return Ok(page.refused(StatusCode::OK));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    let may_speak = |id: &str| page.voices.iter().any(|voice| voice.value == id);
    let new = match submitted.form.parse(page.is_council, may_speak) {
        Ok(new) => new,
        Err(errors) => {
            page.entry_errors = errors;
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    room::insert(&mut tx, (known.id, &siren), &new, visit.user.id, visit.now).await?;
    let location = format!("{}/entreprises/{siren}", path_of(&known));
    tx.finish(submitted.key, &location, "C’est noté.").await
}

/// Adds a decision.
pub async fn decide(
    visit: Visit,
    mut tx: Tx,
    Path((id, siren)): Path<(String, String)>,
    submitted: Submitted<DecisionForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    // A company leaves the agenda before this, or stays.
    minutes::hold(&mut tx, known.id).await?;
    let mut page = page(&visit, &mut tx, &known, &siren).await?;
    page.decision = submitted.form.clone();
    if submitted.is_resumed {
        page.decision_errors = submitted.first_errors();
        return Ok(page.refused(StatusCode::OK));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    begun(&known, &visit)?;
    let is_owner = |key: &str| page.owners.iter().any(|owner| owner.value == key);
    let new = match submitted.form.parse(visit.today, is_owner) {
        Ok(new) => new,
        Err(errors) => {
            page.decision_errors = errors;
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let place = (known.id, siren.as_str());
    if !decisions::insert(&mut tx, place, &new, visit.user.id, visit.now).await? {
        page.decision_errors.add(
            "qui",
            "Cette personne n’est plus dans la liste. Choisissez-en une autre.",
        );
        return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let location = format!("{}/entreprises/{siren}", path_of(&known));
    tx.finish(submitted.key, &location, "Décision enregistrée.")
        .await
}

/// The entry of an address, if the visitor may change it.
async fn entry(
    conn: &mut PgConnection,
    visit: &Visit,
    known: &Workshop,
    id: &str,
) -> Result<Entry> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let is_council = may_run(visit);
    room::entries(conn, known.id, None, is_council)
        .await?
        .into_iter()
        .find(|entry| {
            entry.id == id && (is_council || entry.organisation_id == visit.user.organisation_id)
        })
        .ok_or(Error::NotFound)
}

async fn entry_page(
    visit: &Visit,
    conn: &mut PgConnection,
    known: &Workshop,
    entry: &Entry,
    form: EntryForm,
) -> Result<EntryPage> {
    let is_council = may_run(visit);
    let mut voices = room::voices(conn, known.id, visit.user.organisation_id, is_council).await?;
    let current = entry.organisation_id.to_string();
    if !voices.iter().any(|voice| voice.value == current) {
        voices.push(Choice::new(current, entry.organisation.as_str()));
    }
    let path = path_of(known);
    Ok(EntryPage {
        shell: below(visit, known, "Modifier une saisie"),
        action: format!("{path}/saisies/{}", entry.id),
        back: format!("{path}/entreprises/{}", entry.siren),
        kinds: kinds(is_council),
        voices,
        form,
        errors: FormErrors::default(),
        theirs: None,
    })
}

/// The form of an entry.
pub async fn edit(
    visit: Visit,
    mut db: Db,
    Path((id, entry_id)): Path<(String, String)>,
) -> Result<EntryPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    alive(&known)?;
    let entry = entry(&mut db, &visit, &known, &entry_id).await?;
    let form = EntryForm::of(&entry);
    entry_page(&visit, &mut db, &known, &entry, form).await
}

/// Changes an entry.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    Path((id, entry_id)): Path<(String, String)>,
    submitted: Submitted<EntryForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let current = entry(&mut tx, &visit, &known, &entry_id).await?;
    let form = submitted.form.clone();
    let page = entry_page(&visit, &mut tx, &known, &current, form).await?;
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    let may_speak = |id: &str| page.voices.iter().any(|voice| voice.value == id);
    let new = match submitted.form.parse(may_run(&visit), may_speak) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let version = forms::version(&submitted.form.version);
    if !room::update(&mut tx, current.id, version, &new).await? {
        let change = queries::last_change(&mut tx, "workshop_entries", current.id).await?;
        let now = entry(&mut tx, &visit, &known, &entry_id).await?;
        return Ok(page.overtaken(now, change));
    }
    let location = format!("{}/entreprises/{}", path_of(&known), current.siren);
    tx.finish(submitted.key, &location, "Saisie enregistrée.")
        .await
}
