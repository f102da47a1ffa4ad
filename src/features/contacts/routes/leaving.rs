//! Contacts that leave, that ask what is known of them, or to be forgotten.

use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::{Months, NaiveDate};
use serde::Deserialize;

use super::{contact, section_of};
use crate::features::companies::model::shown_name;
use crate::features::contacts::queries::{self, Contact};
use crate::features::contacts::views::{self, OldPage};
use crate::features::organisations::participations::Whose;
use crate::features::organisations::personal::{
    self, DataPage, ErasePage, PersonData, VersionForm,
};
use crate::web::pager::{self, Page, Total};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// How long particulars serve after the last exchange: the CNIL's reference for contacts.
const RETENTION: Months = Months::new(36);
/// Rows on a page.
const PAGE_SIZE: u32 = 50;
/// Path of the list.
const OLD: &str = "/contacts/anciens";

/// A form without a field of its own.
#[derive(Deserialize)]
pub(super) struct NoField {}

/// Sets a contact aside.
pub(super) async fn archive(
    visit: Visit,
    tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let today = visit.today;
    move_it(&visit, tx, &id, &submitted, Some(today)).await
}

/// Takes it back.
pub(super) async fn restore(
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
    let contact = contact(&mut tx, visit, id).await?;
    let back = section_of(&contact.siren);
    if submitted.is_resumed {
        let nothing = "Votre session avait expiré\u{a0}: rien n’a été fait. Recommencez si vous le voulez toujours.";
        return tx.finish(None, &back, nothing).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let (done, already) = if on.is_some() {
        ("archivé", "Ce contact est déjà archivé.")
    } else {
        ("rétabli", "Ce contact n’est pas archivé.")
    };
    if !queries::set_aside(&mut tx, contact.id, on).await? {
        return Err(Error::Conflict(already.to_owned()));
    }
    let message = format!("Contact {done}\u{a0}: {}.", contact.full_name);
    tx.finish(submitted.key, &back, &message).await
}

/// What erasing does, before it is done.
pub(super) async fn ask_erase(
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
) -> Result<ErasePage> {
    let contact = contact(&mut db, &visit, &id).await?;
    Ok(erase_page(&visit, &contact))
}

fn erase_page(visit: &Visit, contact: &Contact) -> ErasePage {
    let company = shown_name(contact.company.as_deref());
    let mut page = ErasePage::new(
        views::below_company(visit, &contact.siren, company),
        format!("/contacts/{}/effacer", contact.id),
        section_of(&contact.siren),
        &contact.full_name,
        contact.version,
    );
    company.clone_into(&mut page.of);
    page
}

/// Erases a contact.
pub(super) async fn erase(
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
    let contact = contact(&mut tx, &visit, &id).await?;
    let version = submitted.form.version();
    if submitted.is_resumed
        || !queries::erase(&mut tx, contact.id, version, visit.now, visit.today).await?
    {
        return Ok(erase_page(&visit, &contact).overtaken());
    }
    let back = section_of(&contact.siren);
    tx.finish(submitted.key, &back, personal::ERASED).await
}

async fn known_data(tx: &mut Tx, visit: &Visit, id: &str) -> Result<(Contact, PersonData)> {
    let contact = contact(tx, visit, id).await?;
    let company = shown_name(contact.company.as_deref());
    let mut data = PersonData::new("contacts", contact.id, &contact.full_name);
    company.clone_into(&mut data.of);
    data.back = section_of(&contact.siren);
    data.file = format!("/contacts/{}/donnees.json", contact.id);
    data.add("nom", "Nom", &contact.full_name);
    data.add("entreprise", "Entreprise", company);
    data.add("fonction", "Fonction", &contact.job_title);
    data.add("courriel", "Courriel", &contact.email);
    data.add("telephone", "Téléphone", &contact.phone);
    data.add("note", "Note", &contact.note);
    data.add("origine", "Origine des coordonnées", &contact.source);
    data.add_day(
        "dernier_echange",
        "Dernier échange",
        contact.last_contact_on,
    );
    data.add_day("archive_le", "Archivée le", contact.archived_on);
    data.add_instant("ajoute_le", "Ajoutée le", contact.created_at);
    let whose = Whose::Contact(contact.id);
    data.read_participations(tx, whose, &contact.email).await?;
    data.read_changes(tx).await?;
    data.leave_a_trace(tx, visit).await?;
    Ok((contact, data))
}

/// What is known of a contact, to read.
pub(super) async fn data(visit: Visit, mut tx: Tx, Path(id): Path<String>) -> Result<DataPage> {
    let (contact, data) = known_data(&mut tx, &visit, &id).await?;
    tx.commit().await?;
    let company = shown_name(contact.company.as_deref());
    let shell = views::below_company(&visit, &contact.siren, company);
    Ok(DataPage::new(shell, data))
}

/// The same as a file.
pub(super) async fn data_file(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
) -> Result<Response> {
    let (_, data) = known_data(&mut tx, &visit, &id).await?;
    tx.commit().await?;
    data.file(&visit)
}

/// Where the list stands.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct OldForm {
    page: String,
}

/// Those nobody has spoken to for longer than the reference allows.
pub(super) async fn old(visit: Visit, mut db: Db, Query(form): Query<OldForm>) -> Result<OldPage> {
    let number = pager::requested(Some(&form.page)).map_err(|_| Error::NotFound)?;
    let before = visit
        .today
        .checked_sub_months(RETENTION)
        .unwrap_or(visit.today);
    let total = Total::Exact(queries::count_old(&mut db, before).await?);
    let page = Page::new(number, PAGE_SIZE, total, OLD, None).map_err(|_| Error::NotFound)?;
    let offset = pager::offset(page.number, page.size);
    let rows = queries::old(&mut db, before, page.size.into(), offset).await?;
    Ok(OldPage::new(&visit, page, rows, before))
}
