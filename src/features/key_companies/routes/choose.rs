//! Choose a company for a place.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sqlx::PgConnection;

use super::{number, refused, refused_form, replace, signature, staff};
use crate::features::key_companies::forms::{ChooseForm, ReplaceForm};
use crate::features::key_companies::places::{self, Refusal};
use crate::features::key_companies::queries::{self, HolderRow, SiteRow, TerritoryName};
use crate::web::extract::{Db, Tx, Visit};
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;
use crate::web::submitted::Submitted;
use crate::web::{Error, Result, filters};

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/choose.html")]
struct ChoosePage {
    shell: Shell,
    territory: TerritoryName,
    site: SiteRow,
    holders: Vec<HolderRow>,
    slots: Vec<Choice>,
    referents: Vec<Choice>,
    form: ChooseForm,
    errors: FormErrors,
}

impl ChoosePage {
    fn name(&self) -> &str {
        self.site.label()
    }

    fn key_elsewhere(&self) -> Option<&str> {
        self.site.key_elsewhere.as_deref()
    }
}

pub async fn new(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
    Query(mut form): Query<ChooseForm>,
) -> Result<Response> {
    let territory = queries::territory_name(&mut db, number(&siren)?, visit.scope()).await?;
    form.date = visit.today.to_string();
    form.referent = visit.user.id.to_string();
    page(
        &visit,
        &mut db,
        territory,
        form,
        (StatusCode::OK, FormErrors::new()),
    )
    .await
}

pub async fn create(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<ChooseForm>,
) -> Result<Response> {
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let territory = queries::territory_name(&mut tx, number(&siren)?, visit.scope()).await?;
    let form = submitted.form.clone();
    let choice = match form.parse(&siren, submitted.first_errors()) {
        Ok(choice) => choice,
        Err(errors) => {
            let answer = (refused_form(submitted.is_resumed), errors);
            return page(&visit, &mut tx, territory, form, answer).await;
        }
    };
    match places::choose(&mut tx, &signature(&visit), &choice).await {
        Ok(entered) => {
            let message = format!(
                "La place {} est attribuée, à compter du {}.",
                entered.slot,
                filters::long_date(choice.entered_on)
            );
            tx.finish(submitted.key, &format!("/territoires/{siren}"), &message)
                .await
        }
        Err(refusal) => {
            let answer = refused(refusal)?;
            page(&visit, &mut tx, territory, form, answer).await
        }
    }
}

/// The form; when the five places are taken, the one that replaces, with what was typed.
async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    territory: TerritoryName,
    form: ChooseForm,
    (status, mut errors): (StatusCode, FormErrors),
) -> Result<Response> {
    let site = site(conn, visit, &territory, &form.siret).await?;
    let holders = queries::holders(conn, &territory.siren).await?;
    let here = holders
        .iter()
        .find(|holder| holder.siren == site.siret[..9])
        .map(|h| h.slot);
    let status = match (status, unfit(&site, here)) {
        // What the page itself knows is said before anyone fills the form.
        (StatusCode::OK, Some(refusal)) => {
            let (status, found) = refused(refusal)?;
            errors = found;
            status
        }
        _ => status,
    };
    if holders.len() == 5 && here.is_none() {
        let form = ReplaceForm::of_choice(&form);
        return replace::page(visit, conn, territory, form, (status, errors)).await;
    }
    let page = ChoosePage {
        shell: shell(visit, &territory, "Choisir une entreprise clé", &errors),
        slots: free_slots(&holders),
        referents: staff(conn).await?,
        territory,
        site,
        holders,
        form,
        errors,
    };
    Ok((status, page).into_response())
}

/// The frame of the pages about a territory's places.
pub fn shell(visit: &Visit, territory: &TerritoryName, title: &str, errors: &FormErrors) -> Shell {
    let mut shell = visit
        .shell(format!("{title} – {}", territory.name))
        .via("Accueil", "/")
        .via("Territoires", "/territoires")
        .via(&territory.name, format!("/territoires/{}", territory.siren))
        .at(title);
    shell.has_errors = !errors.is_empty();
    shell
}

/// The establishment of a form, in this territory or elsewhere.
pub async fn site(
    conn: &mut PgConnection,
    visit: &Visit,
    territory: &TerritoryName,
    siret: &str,
) -> Result<SiteRow> {
    let siret: String = siret.chars().filter(char::is_ascii_digit).collect();
    let siren = siret.get(..9).ok_or_else(no_site)?;
    let sites = queries::sites(conn, siren, visit.scope()).await?;
    let site = sites
        .into_iter()
        .find(|site| site.siret == siret)
        .ok_or_else(no_site)?;
    if site.territory_siren == territory.siren {
        Ok(site)
    } else {
        Err(elsewhere(&site))
    }
}

fn no_site() -> Error {
    Error::Conflict(
        "Cet établissement est inconnu. Ouvrez le vivier du territoire et choisissez-y une entreprise."
            .to_owned(),
    )
}

fn elsewhere(site: &SiteRow) -> Error {
    Error::Conflict(format!(
        "Cet établissement n’est pas dans ce territoire mais dans le territoire {}. Choisissez une entreprise dans le vivier.",
        site.territory_name
    ))
}

fn unfit(site: &SiteRow, slot_here: Option<i16>) -> Option<Refusal> {
    match slot_here {
        Some(slot) => Some(Refusal::KeyHere { slot }),
        None => (!site.is_open).then_some(Refusal::Closed),
    }
}

fn free_slots(holders: &[HolderRow]) -> Vec<Choice> {
    (1..=5i16)
        .filter(|slot| holders.iter().all(|holder| holder.slot != *slot))
        .map(|slot| Choice::new(slot.to_string(), format!("Place {slot}")))
        .collect()
}
