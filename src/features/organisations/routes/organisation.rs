//! One organisation: its page, its form, set aside and taken back.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Permission;
use crate::features::organisations::acts::{self, NewOrganisation};
use crate::features::organisations::forms::OrganisationForm;
use crate::features::organisations::matched;
use crate::features::organisations::people;
use crate::features::organisations::queries::{self, Organisation};
use crate::features::organisations::views::{FormPage, ShowPage, Theirs, page_of};
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// The organisation of an address.
pub(super) async fn find(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Organisation> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    queries::find(conn, visit.scope(), id)
        .await?
        .ok_or(Error::NotFound)
}

/// A form without a field of its own.
#[derive(Deserialize)]
pub(super) struct NoField {}

/// Its page.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<ShowPage> {
    let organisation = find(&mut db, &visit, &id).await?;
    let people = people::of(&mut db, organisation.id).await?;
    let accounts = if visit.may(Permission::EditPartners) {
        queries::accounts(&mut db, organisation.id).await?
    } else {
        Vec::new()
    };
    let mut page = ShowPage::new(&visit, organisation, people, accounts);
    if visit.may(Permission::MatchNeeds) {
        let council = visit.may(Permission::RunPlans);
        let own = visit.user.organisation_id;
        let id = page.organisation.id;
        page.matched = Some(matched::of(&mut db, (visit.scope(), council, own), id).await?);
        page.may_match = page.organisation.archived_on.is_none() && (council || id == own);
    }
    Ok(page)
}

/// An empty form.
pub async fn new(visit: Visit, mut db: Db) -> Result<FormPage> {
    let territories = queries::territories(&mut db).await?;
    Ok(FormPage::new_one(
        &visit,
        territories,
        OrganisationForm::default(),
    ))
}

/// Adds an organisation.
pub async fn create(
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<OrganisationForm>,
) -> Result<Response> {
    let territories = queries::territories(&mut tx).await?;
    let page = FormPage::new_one(&visit, territories, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match submitted
        .form
        .parse(visit.may(Permission::ViewPartnerNotes))
    {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let page = match alone(&mut tx, page, &new, None).await? {
        Ok(page) => page,
        Err(refusal) => return Ok(refusal),
    };
    drop(page);
    let id = acts::insert(&mut tx, &new).await.map_err(explain)?;
    let message = format!("Organisme ajouté\u{a0}: {}.", new.name);
    tx.finish(submitted.key, &page_of(id), &message).await
}

/// The form of a known organisation.
pub async fn edit(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<FormPage> {
    let known = find(&mut db, &visit, &id).await?;
    let territories = queries::territories(&mut db).await?;
    let form = OrganisationForm::of(&known, visit.may(Permission::ViewPartnerNotes));
    Ok(FormPage::known(&visit, territories, &known, form))
}

/// Changes it.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<OrganisationForm>,
) -> Result<Response> {
    let known = find(&mut tx, &visit, &id).await?;
    let territories = queries::territories(&mut tx).await?;
    let page = FormPage::known(&visit, territories, &known, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let may_note = visit.may(Permission::ViewPartnerNotes);
    let new = match submitted.form.parse(may_note) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let page = match alone(&mut tx, page, &new, Some(known.id)).await? {
        Ok(page) => page,
        Err(refusal) => return Ok(refusal),
    };
    let version = submitted.form.version();
    if acts::update(&mut tx, known.id, version, &new)
        .await
        .map_err(explain)?
    {
        let message = format!("Organisme enregistré\u{a0}: {}.", new.name);
        return tx.finish(submitted.key, &page_of(known.id), &message).await;
    }
    let change = queries::last_change(&mut tx, "organisations", known.id).await?;
    let now = find(&mut tx, &visit, &id).await?;
    Ok(page.overtaken(Theirs::organisation(&now, change, may_note), now.version))
}

/// Refuses what is there already, with a link to it. A namesake passes when asked for, if both have
/// a SIREN and they differ.
async fn alone(
    tx: &mut Tx,
    page: FormPage,
    new: &NewOrganisation,
    own: Option<Uuid>,
) -> Result<std::result::Result<FormPage, Response>> {
    let twins = queries::twins(tx, &new.name, new.siren.as_deref(), own).await?;
    if twins.is_empty() {
        return Ok(Ok(page));
    }
    let same_siren = twins
        .iter()
        .any(|twin| twin.siren.is_some() && twin.siren == new.siren);
    let may_force =
        new.siren.is_some() && twins.iter().all(|twin| twin.siren.is_some()) && !same_siren;
    if may_force && page.form.homonyme == "oui" {
        return Ok(Ok(page));
    }
    let mut errors = FormErrors::new();
    if same_siren {
        errors.add(
            "siren",
            "Un organisme porte déjà ce SIREN\u{a0}: ouvrez-le plus bas plutôt que d’en ajouter un autre.",
        );
    } else if may_force {
        errors.add(
            "homonyme",
            "Un organisme porte déjà ce nom, avec un autre SIREN. Si ce sont bien deux organismes, cochez la case.",
        );
    } else {
        errors.add(
            "nom",
            "Un organisme porte déjà ce nom. Ouvrez-le plus bas, ou donnez à chacun son SIREN si ce sont deux organismes.",
        );
    }
    Ok(Err(page
        .with_twins(twins, may_force)
        .refused(StatusCode::UNPROCESSABLE_ENTITY, errors)))
}

/// Two people who add the same organisation at once meet in the schema.
fn explain(error: sqlx::Error) -> Error {
    let constraint = error.as_database_error().and_then(|e| e.constraint());
    match constraint {
        Some("organisations_siren_unique" | "organisations_name_per_siren") => Error::Conflict(
            "Cet organisme vient d’être ajouté par une autre personne. Cherchez-le dans la liste des \
             partenaires."
                .to_owned(),
        ),
        _ => error.into(),
    }
}

/// Sets it aside.
pub async fn archive(
    visit: Visit,
    tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let today = visit.today;
    move_it(&visit, tx, &id, &submitted, Some(today)).await
}

/// Takes it back.
pub async fn restore(
    visit: Visit,
    tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    move_it(&visit, tx, &id, &submitted, None).await
}

async fn move_it(
    visit: &Visit,
    mut tx: Tx,
    id: &str,
    submitted: &Submitted<NoField>,
    on: Option<NaiveDate>,
) -> Result<Response> {
    let known = find(&mut tx, visit, id).await?;
    let back = page_of(known.id);
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let (done, already) = if on.is_some() {
        ("archivé", "Cet organisme est déjà archivé.")
    } else {
        ("rétabli", "Cet organisme n’est pas archivé.")
    };
    if !acts::set_aside(&mut tx, known.id, on).await? {
        return Err(Error::Conflict(already.to_owned()));
    }
    let message = format!("Organisme {done}\u{a0}: {}.", known.name);
    tx.finish(submitted.key, &back, &message).await
}

/// Said when an act comes back after an expired session.
pub(super) const NOTHING_DONE: &str =
    "Votre session avait expiré\u{a0}: rien n’a été fait. Recommencez si vous le voulez toujours.";
