//! Replace a key company by another: from its place, or when a sixth company was refused.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sqlx::PgConnection;

use super::{choose, key, number, refused, refused_form, signature, staff};
use crate::domain::Siret;
use crate::features::key_companies::candidates::Pool;
use crate::features::key_companies::forms::{ReplaceForm, seen_value};
use crate::features::key_companies::outcome::Outcome;
use crate::features::key_companies::places::{self, Seen};
use crate::features::key_companies::queries::{self, HolderRow, SiteRow, TerritoryName};
use crate::web::extract::{Db, Tx, Visit};
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;
use crate::web::submitted::Submitted;
use crate::web::{Error, Result, filters};

/// Candidates offered in the list of those who may enter.
const OFFERED: usize = 100;

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/replace.html")]
struct ReplacePage {
    shell: Shell,
    territory: TerritoryName,
    holders: Vec<HolderRow>,
    leaving: Vec<Choice>,
    /// The company that enters, when it is known already.
    site: Option<SiteRow>,
    /// Else those who may.
    entering: Vec<Choice>,
    outcomes: Vec<Choice>,
    referents: Vec<Choice>,
    form: ReplaceForm,
    /// The form was sent already, and comes back with what was typed.
    is_kept: bool,
    errors: FormErrors,
}

impl ReplacePage {
    fn name(&self) -> &str {
        self.site.as_ref().map_or("", SiteRow::label)
    }

    fn key_elsewhere(&self) -> Option<&str> {
        self.site.as_ref()?.key_elsewhere.as_deref()
    }
}

pub async fn new(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<Response> {
    let held = queries::holder(&mut db, key(&id)?, visit.scope()).await?;
    if held.exited_on.is_some() {
        return Err(Error::Conflict(format!(
            "{} n’occupe plus de place : il n’y a personne à remplacer.",
            held.label()
        )));
    }
    let territory = queries::territory_name(&mut db, &held.territory_siren, visit.scope()).await?;
    let form = ReplaceForm {
        sortante: seen_value(Seen {
            id: held.id,
            version: held.version,
        }),
        date: visit.today.to_string(),
        referent: held.referent_id.to_string(),
        ..ReplaceForm::default()
    };
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
    submitted: Submitted<ReplaceForm>,
) -> Result<Response> {
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let territory = queries::territory_name(&mut tx, number(&siren)?, visit.scope()).await?;
    let form = submitted.form.clone();
    let (seen, exit, choice) = match form.parse(&siren, submitted.first_errors()) {
        Ok(parsed) => parsed,
        Err(errors) => {
            let answer = (refused_form(submitted.is_resumed), errors);
            return page(&visit, &mut tx, territory, form, answer).await;
        }
    };
    match places::replace(&mut tx, &signature(&visit), seen, &exit, &choice).await {
        Ok(entered) => {
            let message = format!(
                "Remplacement enregistré à la place {}, au {}.",
                entered.slot,
                filters::long_date(exit.on)
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

/// The form. The list of the five shows them as they are now: after a refusal, what changed and who
/// changed it is read beside each, and the same choice posted again bears on what was read.
pub async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    territory: TerritoryName,
    mut form: ReplaceForm,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response> {
    let holders = queries::holders(conn, &territory.siren).await?;
    let id = form
        .sortante
        .split('.')
        .next()
        .unwrap_or_default()
        .to_owned();
    if let Some(holder) = holders.iter().find(|holder| holder.id.to_string() == id) {
        form.sortante = seen_value(Seen {
            id: holder.id,
            version: holder.version,
        });
    }
    let site = match Siret::parse(&form.siret) {
        Ok(siret) => Some(choose::site(conn, visit, &territory, siret.as_str()).await?),
        Err(_) => None,
    };
    let entering = if site.is_some() {
        Vec::new()
    } else {
        entering(conn, &territory).await?
    };
    // A form that nobody has sent yet says nothing about where it goes from or why.
    let is_kept = !(form.motif.is_empty() && form.motif_sortie.is_empty() && form.issue.is_empty());
    let page = ReplacePage {
        shell: choose::shell(visit, &territory, "Remplacer une entreprise clé", &errors),
        leaving: holders.iter().map(leaving).collect(),
        holders,
        site,
        entering,
        outcomes: outcomes(),
        referents: staff(conn).await?,
        territory,
        form,
        is_kept,
        errors,
    };
    Ok((status, page).into_response())
}

/// What may become of a company that leaves, as choices.
pub fn outcomes() -> Vec<Choice> {
    Outcome::ALL
        .map(|outcome| Choice::new(outcome.code(), outcome.label()))
        .into()
}

fn leaving(holder: &HolderRow) -> Choice {
    let value = seen_value(Seen {
        id: holder.id,
        version: holder.version,
    });
    let label = format!(
        "Place {} – {}, entrée le {}",
        holder.slot,
        holder.label(),
        filters::long_date(holder.entered_on)
    );
    Choice::new(value, label)
}

async fn entering(conn: &mut PgConnection, territory: &TerritoryName) -> Result<Vec<Choice>> {
    let weights = queries::weights(conn).await?;
    let rows = queries::establishments(conn, &territory.siren, &[], "").await?;
    let pool = Pool::new(rows, weights);
    let choice = |candidate: &super::super::candidates::Candidate| {
        let points = filters::show_decimal(candidate.score.points(), 1);
        let label = format!(
            "{}, {} – {points} points",
            candidate.name(),
            candidate.row.municipality
        );
        Choice::new(candidate.row.siret.clone(), label)
    };
    Ok(pool.free().take(OFFERED).map(choice).collect())
}
