//! The view of a named person on the level of a company: given, withdrawn.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{author, company, section_of};
use crate::features::companies::queries::identity::CompanyName;
use crate::features::signals::forms::{ViewForm, WithdrawViewForm};
use crate::features::signals::queries::{self, LevelView};
use crate::features::signals::views::LevelPage;
use crate::web::filters::long_date;
use crate::web::forms::FormErrors;
use crate::web::submitted::Submitted;
use crate::web::{Db, Error, Result, Tx, Visit};

/// The view in force, or the form of one.
pub async fn show(visit: Visit, mut db: Db, Path(siren): Path<String>) -> Result<LevelPage> {
    let company = company(&mut db, &visit, &siren).await?;
    let current = queries::view_in_force(&mut db, &company.siren, visit.today).await?;
    let form = current.is_none().then(|| ViewForm::blank(visit.today));
    page(&mut db, &visit, &company, current, form).await
}

/// Gives a view.
pub async fn give(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<ViewForm>,
) -> Result<Response> {
    let company = company(&mut tx, &visit, &siren).await?;
    let form = Some(submitted.form.clone());
    if submitted.is_resumed {
        let page = page(&mut tx, &visit, &company, None, form).await?;
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match submitted.form.parse(visit.today) {
        Ok(new) => new,
        Err(errors) => {
            let page = page(&mut tx, &visit, &company, None, form).await?;
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    if !queries::give_view(&mut tx, &company.siren, &new, author(&visit), visit.today).await? {
        let current = queries::view_in_force(&mut tx, &company.siren, visit.today).await?;
        let page = page(&mut tx, &visit, &company, current, form).await?;
        let mut errors = FormErrors::new();
        errors.add_general(ONE_IN_FORCE);
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let until = long_date(new.expires_on);
    let shown = queries::shown_level(&mut tx, &company.siren).await?;
    let effect = no_effect(shown.as_deref()).map_or_else(String::new, |why| format!(" {why}"));
    let message = format!("Avis enregistré, valable jusqu’au {until}.{effect}");
    tx.finish(submitted.key, &section_of(&company.siren), &message)
        .await
}

/// The page of a company, which says when a view has no effect on its level.
async fn page(
    conn: &mut PgConnection,
    visit: &Visit,
    company: &CompanyName,
    current: Option<LevelView>,
    form: Option<ViewForm>,
) -> Result<LevelPage> {
    let shown = queries::shown_level(conn, &company.siren).await?;
    let page = LevelPage::new(visit, company, current, form);
    Ok(page.told(no_effect(shown.as_deref())))
}

/// Why a view has no effect on the level now.
fn no_effect(shown: Option<&str>) -> Option<&'static str> {
    match shown {
        None => Some(
            "L’entreprise n’est pas évaluée\u{a0}: l’avis n’a aucun effet sur le niveau tant qu’elle ne l’est pas.",
        ),
        Some("procedure") => Some(
            "Une procédure est ouverte, qui remplace le niveau\u{a0}: l’avis n’a aucun effet tant qu’elle dure.",
        ),
        Some(_) => None,
    }
}

/// What the constraint `risk_overrides_one_in_force` says.
const ONE_IN_FORCE: &str = "Un avis est déjà en vigueur sur cette entreprise, il n’y en a qu’un à la fois. \
     Retirez-le d’abord si le vôtre doit le remplacer\u{a0}: votre saisie est gardée ci-dessous.";

/// Withdraws the view in force.
pub async fn withdraw(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<WithdrawViewForm>,
) -> Result<Response> {
    let company = company(&mut tx, &visit, &siren).await?;
    let parsed = submitted.form.parse();
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let motive = match parsed {
        Ok(motive) if !submitted.is_resumed => motive,
        refused => {
            let current = queries::view_in_force(&mut tx, &company.siren, visit.today).await?;
            let form = current.is_none().then(|| ViewForm::blank(visit.today));
            let mut page = page(&mut tx, &visit, &company, current, form).await?;
            page.withdrawal.clone_from(&submitted.form.motif_retrait);
            return Ok(match refused {
                Err(errors) if !submitted.is_resumed => {
                    page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)
                }
                _ => page.refused(StatusCode::OK, submitted.first_errors()),
            });
        }
    };
    let id: Uuid = submitted.form.avis.parse().map_err(|_| Error::NotFound)?;
    let (seen, by) = ((company.siren.as_str(), id), visit.user.name.as_str());
    if !queries::withdraw_view(&mut tx, seen, &motive, by, visit.today).await? {
        return Err(Error::Conflict(NOT_IN_FORCE.to_owned()));
    }
    tx.finish(
        submitted.key,
        &section_of(&company.siren),
        "Avis retiré\u{a0}: le niveau revient à celui du calcul.",
    )
    .await
}

const NOT_IN_FORCE: &str = "Cet avis n’est plus en vigueur\u{a0}: une autre personne vient de le retirer, ou il \
     a expiré. Rouvrez la page de l’entreprise pour voir où elle en est.";
