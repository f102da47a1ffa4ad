//! The agenda and its sheets.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use sqlx::PgConnection;

use super::{NOTHING_DONE, alive, workshop};
use crate::domain::Siren;
use crate::features::companies::queries::identity;
use crate::features::workshops::forms::AgendaForm;
use crate::features::workshops::model::MOST_COMPANIES;
use crate::features::workshops::queries::agenda::{self, Proposal};
use crate::features::workshops::queries::{Workshop, minutes};
use crate::features::workshops::views::prepare::{AgendaPage, SheetsPage};
use crate::features::workshops::views::{below, path_of};
use crate::web::filters::agree;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// The agenda, and what is proposed.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<AgendaPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    alive(&known)?;
    let proposals = proposals(&mut db, &visit, &known).await?;
    page(&visit, &mut db, &known, &proposals, AgendaForm::default()).await
}

async fn proposals(
    conn: &mut PgConnection,
    visit: &Visit,
    known: &Workshop,
) -> Result<Vec<Proposal>> {
    let territory = known.territory_siren.as_deref();
    Ok(agenda::proposals(conn, known.id, territory, visit.now).await?)
}

async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    known: &Workshop,
    proposals: &[Proposal],
    form: AgendaForm,
) -> Result<AgendaPage> {
    let rows = agenda::agenda(conn, visit.scope(), known.id, true).await?;
    Ok(AgendaPage::new(visit, known, rows, proposals, form))
}

/// Adds the companies that are ticked, and the one whose number is typed.
pub async fn add(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<AgendaForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let form = &submitted.form;
    if submitted.is_resumed {
        let proposals = proposals(&mut tx, &visit, &known).await?;
        let page = page(&visit, &mut tx, &known, &proposals, form.clone()).await?;
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    minutes::hold(&mut tx, known.id).await?;
    let proposals = proposals(&mut tx, &visit, &known).await?;
    let present = agenda::agenda(&mut tx, None, known.id, true).await?.len();
    match wanted(&mut tx, &visit, form, &proposals, present).await? {
        Ok(wanted) => {
            let mut added = 0;
            for (siren, reason) in wanted {
                added += i64::from(agenda::add(&mut tx, known.id, &siren, &reason).await?);
            }
            let words = agree(added, "entreprise ajoutée", "entreprises ajoutées");
            let location = format!("{}/ordre-du-jour", path_of(&known));
            tx.finish(submitted.key, &location, &format!("{added}\u{a0}{words}."))
                .await
        }
        Err(errors) => {
            let page = page(&visit, &mut tx, &known, &proposals, form.clone()).await?;
            Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors))
        }
    }
}

type Picked = Vec<(String, String)>;

/// SIREN and reason of what is asked for, or what is wrong.
async fn wanted(
    conn: &mut PgConnection,
    visit: &Visit,
    form: &AgendaForm,
    proposals: &[Proposal],
    present: usize,
) -> Result<std::result::Result<Picked, FormErrors>> {
    let mut errors = FormErrors::new();
    let mut picked: Picked = proposals
        .iter()
        .filter(|one| form.entreprises.contains(&one.siren))
        .map(|one| (one.siren.clone(), one.reason.clone()))
        .collect();
    let typed = form.siren.trim();
    if !typed.is_empty() {
        let known = match Siren::parse(typed) {
            Ok(siren) => identity::company(conn, visit.scope(), siren.as_str()).await?,
            Err(_) => None,
        };
        match known {
            Some(company) => picked.push((company.siren, "chosen".to_owned())),
            None => errors.add(
                "siren",
                "Aucune entreprise connue ne porte ce numéro. Écrivez les 9\u{a0}chiffres de son SIREN.",
            ),
        }
    }
    if picked.is_empty() && errors.is_empty() {
        errors.add("entreprises", "Cochez une entreprise, ou écrivez un SIREN.");
    }
    if present + picked.len() > MOST_COMPANIES {
        errors.add_general(format!(
            "Un ordre du jour tient {MOST_COMPANIES}\u{a0}entreprises au plus\u{a0}: prévoyez un deuxième atelier."
        ));
    }
    Ok(errors.or(picked))
}

/// A button without a field of its own.
#[derive(Debug, Deserialize)]
pub struct NoField {}

/// Moves a company up or down, or takes it off.
pub async fn change(
    visit: Visit,
    mut tx: Tx,
    Path((id, siren, act)): Path<(String, String, String)>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let siren = Siren::parse(&siren).map_err(|_| Error::NotFound)?;
    let siren = siren.as_str();
    let back = format!("{}/ordre-du-jour", path_of(&known));
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    minutes::hold(&mut tx, known.id).await?;
    let (is_done, message) = match act.as_str() {
        "monter" => (
            agenda::shift(&mut tx, known.id, siren, -1).await?,
            "Ordre enregistré.",
        ),
        "descendre" => (
            agenda::shift(&mut tx, known.id, siren, 1).await?,
            "Ordre enregistré.",
        ),
        "retirer" => (
            agenda::remove(&mut tx, known.id, siren).await?,
            "Entreprise retirée de l’ordre du jour.",
        ),
        _ => return Err(Error::NotFound),
    };
    if !is_done {
        return Err(Error::Conflict(
            "Cette entreprise n’est plus à l’ordre du jour, ou quelque chose y est déjà noté\u{a0}: elle y reste.".to_owned(),
        ));
    }
    tx.finish(submitted.key, &back, message).await
}

/// One sheet a company.
pub async fn sheets(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<SheetsPage> {
    let workshop = workshop(&mut db, &visit, &id).await?;
    let sheets = agenda::sheets(&mut db, workshop.id).await?;
    Ok(SheetsPage {
        shell: below(&visit, &workshop, "Fiches"),
        workshop,
        sheets,
    })
}
