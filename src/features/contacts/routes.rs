//! Pages of contacts.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::forms::ContactForm;
use super::queries::{self, CompanyName, Contact};
use super::views::{DeletePage, FormPage, Theirs};
use crate::auth::Access::Needs;
use crate::auth::Permission::EditContacts;
use crate::domain::Siren;
use crate::web::{Db, Error, Result, Routes, Submitted, Tx, Visit};

/// The routes of contacts.
pub fn routes(routes: Routes) -> Routes {
    let access = Needs(EditContacts);
    routes
        .get("/entreprises/{siren}/contacts/nouveau", access, new)
        .post("/entreprises/{siren}/contacts/nouveau", access, create)
        .get("/contacts/{id}", access, edit)
        .post("/contacts/{id}", access, update)
        .get("/contacts/{id}/supprimer", access, ask_delete)
        .post("/contacts/{id}/supprimer", access, delete)
}

async fn company(conn: &mut sqlx::PgConnection, visit: &Visit, siren: &str) -> Result<CompanyName> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    queries::company(conn, visit.scope(), siren.as_str())
        .await?
        .ok_or(Error::NotFound)
}

async fn contact(conn: &mut sqlx::PgConnection, visit: &Visit, id: &str) -> Result<Contact> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    queries::find(conn, visit.scope(), id)
        .await?
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
    let new = match submitted.form.parse() {
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
    let Some(known) = known_or_deleted(&mut tx, &visit, &id).await? else {
        return Err(Error::Conflict(DELETED.to_owned()));
    };
    let page = FormPage::known(&visit, &known, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    let new = match submitted.form.parse() {
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

const DELETED: &str = "Ce contact vient d’être supprimé par une autre personne. Pour le recréer, copiez \
     votre saisie dans un nouveau contact depuis la page de l’entreprise.";

/// The contact; none when the audit knows that it existed and is gone.
async fn known_or_deleted(tx: &mut Tx, visit: &Visit, id: &str) -> Result<Option<Contact>> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let found = queries::find(tx, visit.scope(), id).await?;
    if found.is_none() && !queries::was_deleted(tx, visit.scope(), id).await? {
        return Err(Error::NotFound);
    }
    Ok(found)
}

async fn ask_delete(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<DeletePage> {
    let contact = contact(&mut db, &visit, &id).await?;
    Ok(DeletePage::new(&visit, contact))
}

/// The version that the person saw before confirming.
#[derive(Deserialize, Default)]
#[serde(default)]
struct DeleteForm {
    version: String,
}

async fn delete(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<DeleteForm>,
) -> Result<Response> {
    if let Some(done) = tx
        .already_done(submitted.key)
        .await?
        .filter(|_| !submitted.is_resumed)
    {
        return Ok(done);
    }
    let contact = contact(&mut tx, &visit, &id).await?;
    let version = submitted.form.version.parse().unwrap_or(0);
    if submitted.is_resumed || !queries::delete(&mut tx, contact.id, version).await? {
        return Ok(DeletePage::new(&visit, contact).overtaken());
    }
    let message = format!("Contact supprimé\u{a0}: {}.", contact.full_name);
    tx.finish(submitted.key, &section_of(&contact.siren), &message)
        .await
}

fn section_of(siren: &str) -> String {
    format!("/entreprises/{siren}#contacts")
}
