//! Pages of contacts.

mod leaving;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::forms::ContactForm;
use super::queries::{self, CompanyName, Contact};
use super::views::{FormPage, Theirs};
use crate::auth::Access::Needs;
use crate::auth::Permission::{EditContacts, HandlePersonalData};
use crate::domain::Siren;
use crate::web::{Db, Error, Result, Routes, Submitted, Tx, Visit};

/// The routes of contacts.
pub fn routes(routes: Routes) -> Routes {
    let (access, rights) = (Needs(EditContacts), Needs(HandlePersonalData));
    routes
        .get("/entreprises/{siren}/contacts/nouveau", access, new)
        .post("/entreprises/{siren}/contacts/nouveau", access, create)
        .get("/contacts/{id}", access, edit)
        .post("/contacts/{id}", access, update)
        .post("/contacts/{id}/archiver", access, leaving::archive)
        .post("/contacts/{id}/retablir", access, leaving::restore)
        .get("/contacts/{id}/effacer", rights, leaving::ask_erase)
        .post("/contacts/{id}/effacer", rights, leaving::erase)
        .get("/contacts/{id}/donnees", rights, leaving::data)
        .get("/contacts/{id}/donnees.json", rights, leaving::data_file)
        .get("/contacts/anciens", rights, leaving::old)
}

async fn company(conn: &mut sqlx::PgConnection, visit: &Visit, siren: &str) -> Result<CompanyName> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    queries::company(conn, visit.scope(), siren.as_str())
        .await?
        .ok_or(Error::NotFound)
}

/// The contact, unless it is erased.
async fn contact(conn: &mut sqlx::PgConnection, visit: &Visit, id: &str) -> Result<Contact> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    queries::find(conn, visit.scope(), id)
        .await?
        .filter(|contact| contact.erased_at.is_none())
        .ok_or(Error::NotFound)
}

async fn new(visit: Visit, mut db: Db, Path(siren): Path<String>) -> Result<FormPage> {
    let company = company(&mut db, &visit, &siren).await?;
    Ok(FormPage::new_contact(
        &visit,
        &company,
        ContactForm::default(),
    ))
}

async fn create(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<ContactForm>,
) -> Result<Response> {
    let company = company(&mut tx, &visit, &siren).await?;
    let page = FormPage::new_contact(&visit, &company, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match submitted.form.parse(visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    queries::insert(&mut tx, &company.siren, &new, visit.now).await?;
    let message = format!("Contact ajouté\u{a0}: {}.", new.full_name);
    tx.finish(submitted.key, &section_of(&company.siren), &message)
        .await
}

async fn edit(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<FormPage> {
    let contact = contact(&mut db, &visit, &id).await?;
    let form = ContactForm::of(&contact);
    Ok(FormPage::known(&visit, &contact, form))
}

async fn update(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<ContactForm>,
) -> Result<Response> {
    if let Some(done) = tx
        .already_done(submitted.key)
        .await?
        .filter(|_| !submitted.is_resumed)
    {
        return Ok(done);
    }
    let uuid: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let known = queries::find(&mut tx, visit.scope(), uuid)
        .await?
        .ok_or(Error::NotFound)?;
    if known.erased_at.is_some() {
        return Err(Error::Conflict(ERASED_MEANWHILE.to_owned()));
    }
    let page = FormPage::known(&visit, &known, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    let new = match submitted.form.parse(visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    if queries::update(&mut tx, known.id, submitted.form.version(), &new).await? {
        let message = format!("Contact enregistré\u{a0}: {}.", new.full_name);
        return tx
            .finish(submitted.key, &section_of(&known.siren), &message)
            .await;
    }
    let change = queries::last_change(&mut tx, known.id).await?;
    let contact = contact(&mut tx, &visit, &id).await?;
    Ok(page.overtaken(Theirs { contact, change }))
}

const ERASED_MEANWHILE: &str = "Ce contact vient d’être effacé par une autre personne, à sa demande. Ne le \
     recréez que s’il y consent.";

fn section_of(siren: &str) -> String {
    format!("/entreprises/{siren}#contacts")
}
