//! One person of an organisation: the form, set aside, told and erased.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::organisation::{NOTHING_DONE, NoField, find as organisation};
use crate::auth::Permission;
use crate::features::organisations::forms::PersonForm;
use crate::features::organisations::participations::Whose;
use crate::features::organisations::people::{self, Person};
use crate::features::organisations::personal::{
    self, DataPage, ErasePage, PersonData, VersionForm,
};
use crate::features::organisations::queries::{self, Organisation};
use crate::features::organisations::views::{PersonPage, Theirs, page_of};
use crate::web::forms::Choice;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// Whether the visitor may change people of this organisation: their own, or any for the council.
pub(in crate::features::organisations) fn may_edit(visit: &Visit, organisation_id: Uuid) -> bool {
    visit.may(Permission::EditPartners)
        || visit.may(Permission::EditPartnerPeople) && visit.user.organisation_id == organisation_id
}

/// A person whom the visitor may change: not erased, of an organisation that is theirs to fill.
async fn find(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Person> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    people::find(conn, id)
        .await?
        .filter(|person| may_edit(visit, person.organisation_id) && person.erased_at.is_none())
        .ok_or(Error::NotFound)
}

async fn own(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Organisation> {
    let organisation = organisation(conn, visit, id).await?;
    if may_edit(visit, organisation.id) {
        Ok(organisation)
    } else {
        Err(Error::NotFound)
    }
}

/// Accounts that can be named, for those who may choose one.
async fn accounts(
    conn: &mut PgConnection,
    visit: &Visit,
    organisation_id: Uuid,
) -> Result<Option<Vec<Choice>>> {
    if !visit.may(Permission::EditPartners) {
        return Ok(None);
    }
    let accounts = queries::accounts(conn, organisation_id).await?;
    let choice = |account: queries::Account| Choice::new(account.id.to_string(), account.full_name);
    Ok(Some(accounts.into_iter().map(choice).collect()))
}

fn values(choices: Option<&Vec<Choice>>) -> Option<Vec<String>> {
    choices.map(|choices| choices.iter().map(|choice| choice.value.clone()).collect())
}

/// An empty form.
pub async fn new(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<PersonPage> {
    let organisation = own(&mut db, &visit, &id).await?;
    let accounts = accounts(&mut db, &visit, organisation.id).await?;
    Ok(PersonPage::new_one(
        &visit,
        &organisation,
        accounts,
        PersonForm::default(),
    ))
}

/// Adds a person.
pub async fn create(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<PersonForm>,
) -> Result<Response> {
    let organisation = own(&mut tx, &visit, &id).await?;
    let accounts = accounts(&mut tx, &visit, organisation.id).await?;
    let offered = values(accounts.as_ref());
    let page = PersonPage::new_one(&visit, &organisation, accounts, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match submitted.form.parse(offered.as_deref(), None, visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    people::insert(&mut tx, organisation.id, &new, visit.now)
        .await
        .map_err(explain)?;
    let message = format!("Personne ajoutée\u{a0}: {}.", new.full_name);
    tx.finish(submitted.key, &section_of(organisation.id), &message)
        .await
}

/// The form of a known person.
pub async fn edit(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<PersonPage> {
    let person = find(&mut db, &visit, &id).await?;
    let accounts = accounts(&mut db, &visit, person.organisation_id).await?;
    let form = PersonForm::of(&person);
    Ok(PersonPage::known(&visit, &person, accounts, form))
}

/// Changes a person.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<PersonForm>,
) -> Result<Response> {
    let person = find(&mut tx, &visit, &id).await?;
    let accounts = accounts(&mut tx, &visit, person.organisation_id).await?;
    let offered = values(accounts.as_ref());
    let page = PersonPage::known(&visit, &person, accounts, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let form = &submitted.form;
    let new = match form.parse(offered.as_deref(), person.user_id, visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    if people::update(&mut tx, person.id, form.version(), &new)
        .await
        .map_err(explain)?
    {
        let message = format!("Personne enregistrée\u{a0}: {}.", new.full_name);
        return tx
            .finish(submitted.key, &section_of(person.organisation_id), &message)
            .await;
    }
    let change = queries::last_change(&mut tx, "partner_people", person.id).await?;
    let now = find(&mut tx, &visit, &id).await?;
    let version = now.version;
    Ok(page.overtaken(Theirs::person(&now, change), version))
}

/// An account stands for one person.
fn explain(error: sqlx::Error) -> Error {
    let constraint = error.as_database_error().and_then(|e| e.constraint());
    if constraint == Some("partner_people_one_for_an_account") {
        return Error::Conflict(
            "Ce compte est déjà celui d’une autre personne de l’organisme. Choisissez-en un autre, ou aucun."
                .to_owned(),
        );
    }
    error.into()
}

/// Sets a person aside.
pub async fn archive(
    visit: Visit,
    tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let today = visit.today;
    move_them(&visit, tx, &id, &submitted, Some(today)).await
}

/// Takes a person back.
pub async fn restore(
    visit: Visit,
    tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    move_them(&visit, tx, &id, &submitted, None).await
}

async fn move_them(
    visit: &Visit,
    mut tx: Tx,
    id: &str,
    submitted: &Submitted<NoField>,
    on: Option<NaiveDate>,
) -> Result<Response> {
    let person = find(&mut tx, visit, id).await?;
    let back = section_of(person.organisation_id);
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let (done, already) = if on.is_some() {
        ("archivée", "Cette personne est déjà archivée.")
    } else {
        ("rétablie", "Cette personne n’est pas archivée.")
    };
    if !people::set_aside(&mut tx, person.id, on).await? {
        return Err(Error::Conflict(already.to_owned()));
    }
    let message = format!("Personne {done}\u{a0}: {}.", person.full_name);
    tx.finish(submitted.key, &back, &message).await
}

/// What erasing does, before it is done.
pub async fn ask_erase(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<ErasePage> {
    let person = find(&mut db, &visit, &id).await?;
    Ok(erase_page(&visit, &person))
}

fn erase_page(visit: &Visit, person: &Person) -> ErasePage {
    let mut page = ErasePage::new(
        visit
            .shell("")
            .via("Accueil", "/")
            .via("Partenaires", "/organismes")
            .via(person.organisation.clone(), page_of(person.organisation_id)),
        format!("/personnes/{}/effacer", person.id),
        section_of(person.organisation_id),
        &person.full_name,
        person.version,
    );
    page.of.clone_from(&person.organisation);
    page.has_account = person.user_id.is_some();
    page
}

/// Erases a person.
pub async fn erase(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<VersionForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let person = find(&mut tx, &visit, &id).await?;
    let version = submitted.form.version();
    if submitted.is_resumed
        || !people::erase(&mut tx, person.id, version, visit.now, visit.today).await?
    {
        return Ok(erase_page(&visit, &person).overtaken());
    }
    let back = section_of(person.organisation_id);
    tx.finish(submitted.key, &back, personal::ERASED).await
}

async fn known_data(tx: &mut Tx, visit: &Visit, id: &str) -> Result<(Person, PersonData)> {
    let person = find(tx, visit, id).await?;
    let mut data = PersonData::new("partner_people", person.id, &person.full_name);
    data.of = person.organisation.clone();
    data.back = section_of(person.organisation_id);
    data.file = format!("/personnes/{}/donnees.json", person.id);
    data.add("nom", "Nom", &person.full_name);
    data.add("organisme", "Organisme", &person.organisation);
    data.add("fonction", "Fonction", &person.job_title);
    data.add("courriel", "Courriel", &person.email);
    data.add("telephone", "Téléphone", &person.phone);
    data.add("origine", "Origine des coordonnées", &person.source);
    data.add_day("dernier_echange", "Dernier échange", person.last_contact_on);
    data.add_day("archive_le", "Archivée le", person.archived_on);
    data.add_instant("ajoute_le", "Ajoutée le", person.created_at);
    let whose = Whose::Partner(person.id);
    data.read_participations(tx, whose, &person.email).await?;
    data.read_changes(tx).await?;
    data.leave_a_trace(tx, visit).await?;
    Ok((person, data))
}

/// What is known of a person, to read.
pub async fn data(visit: Visit, mut tx: Tx, Path(id): Path<String>) -> Result<DataPage> {
    let (person, data) = known_data(&mut tx, &visit, &id).await?;
    tx.commit().await?;
    let shell = visit
        .shell("")
        .via("Accueil", "/")
        .via("Partenaires", "/organismes")
        .via(person.organisation, page_of(person.organisation_id));
    Ok(DataPage::new(shell, data))
}

/// The same as a file.
pub async fn data_file(visit: Visit, mut tx: Tx, Path(id): Path<String>) -> Result<Response> {
    let (_, data) = known_data(&mut tx, &visit, &id).await?;
    tx.commit().await?;
    data.file(&visit)
}

fn section_of(organisation_id: Uuid) -> String {
    format!("{}#personnes", page_of(organisation_id))
}
