//! An action: added to a plan, or changed.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{action_at, closed_meanwhile, closed_plan, company, running};
use crate::features::meetings::queries::{Company, Reader, needs};
use crate::features::plans::forms::{ActionForm, Asked, version};
use crate::features::plans::queries::{self, Need, Party, Plan, writing};
use crate::features::plans::views::edit::ActionFormPage;
use crate::features::workshops::queries::last_change;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

async fn running_plan(
    conn: &mut PgConnection,
    visit: &Visit,
    company: &Company,
) -> Result<Option<Plan>> {
    let plans = queries::plans(conn, Reader::of(visit), (Some(&company.siren), None)).await?;
    Ok(plans.into_iter().find(|plan| plan.closed_on.is_none()))
}

/// An empty form.
pub async fn new(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<ActionFormPage> {
    let company = company(&mut db, &visit, &siren).await?;
    let plan = running_plan(&mut db, &visit, &company).await?;
    let parties = queries::parties(&mut db, None).await?;
    let form =
        ActionForm::blank(visit.today, visit.user.id, None, &asked.dossier).of_plan(plan.as_ref());
    let opens = plan.is_none();
    Ok(ActionFormPage::add(&visit, &company, &parties, opens, form))
}

/// A need becomes an action: its form already filled. One that did leads to its action.
pub async fn answer(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let need = queries::need(&mut db, id).await?.ok_or(Error::NotFound)?;
    if let Some(action) = need.action_id {
        return Ok(Redirect::to(&format!("/actions/{action}")).into_response());
    }
    open(&need)?;
    let company = company(&mut db, &visit, &need.siren).await?;
    let plan = running_plan(&mut db, &visit, &company).await?;
    let parties = queries::parties(&mut db, None).await?;
    let form =
        ActionForm::blank(visit.today, visit.user.id, Some(&need), "").of_plan(plan.as_ref());
    let mut page = ActionFormPage::add(&visit, &company, &parties, plan.is_none(), form);
    page.need = Some(need.need);
    Ok(page.into_response())
}

fn open(need: &Need) -> Result<()> {
    if need.status == "open" {
        return Ok(());
    }
    Err(treated())
}

fn treated() -> Error {
    Error::Conflict("Ce besoin est déjà devenu une action, ou n’est plus poursuivi.".to_owned())
}

/// The need that the form answers, if it still is one of this company.
async fn need_of(
    conn: &mut PgConnection,
    company: &Company,
    form: &ActionForm,
) -> Result<Option<Need>> {
    let Ok(id) = form.besoin.parse() else {
        return Ok(None);
    };
    let need = queries::need(conn, id).await?;
    Ok(need.filter(|need| need.siren == company.siren))
}

/// Adds an action; opens the plan when none runs.
pub async fn create(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<ActionForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let company = company(&mut tx, &visit, &siren).await?;
    let plan = running_plan(&mut tx, &visit, &company).await?;
    let parties = queries::parties(&mut tx, None).await?;
    let need = need_of(&mut tx, &company, &submitted.form).await?;
    let opens = plan.is_none();
    let form = submitted.form.clone();
    let mut page = ActionFormPage::add(&visit, &company, &parties, opens, form);
    page.need = need.as_ref().map(|need| need.need.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(meant) = submitted.form.meant()
        && plan.as_ref().is_none_or(|plan| plan.id != meant)
    {
        return Err(closed_plan(meant));
    }
    need.as_ref().map_or(Ok(()), open)?;
    let mut errors = FormErrors::new();
    let objective = submitted.form.opening(opens, &mut errors);
    let new = match submitted.form.parse(errors, &parties) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let plan = match (plan, objective) {
        (Some(plan), _) => plan.id,
        (None, objective) => {
            opened(&mut tx, &visit, &company, &objective.unwrap_or_default()).await?
        }
    };
    let need = match need {
        Some(need) if needs::keep(&mut tx, need.id).await? => Some(need.id),
        Some(_) => return Err(treated()),
        None => None,
    };
    let id = writing::insert(&mut tx, (plan, need), &new, visit.user.id, visit.now)
        .await
        .map_err(closed_meanwhile(plan))?;
    let location = format!("/actions/{id}");
    tx.finish(submitted.key, &location, "Action ajoutée au plan.")
        .await
}

/// Opens the plan; the one that someone opened meanwhile takes the action too.
async fn opened(
    conn: &mut PgConnection,
    visit: &Visit,
    company: &Company,
    objective: &str,
) -> Result<Uuid> {
    let new = (company.siren.as_str(), objective);
    let moment = (visit.today, visit.now);
    if let Some(id) = writing::open(conn, new, None, visit.user.id, moment).await? {
        return Ok(id);
    }
    let plan = running_plan(conn, visit, company).await?;
    plan.map(|plan| plan.id).ok_or(Error::NotFound)
}

/// The form of a known action.
pub async fn form(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<ActionFormPage> {
    let known = action_at(&mut db, &visit, &id).await?;
    running(known.plan_id, known.is_closed())?;
    let parties: Vec<Party> = queries::parties(&mut db, Some(known.id)).await?;
    let form = ActionForm::of(&known);
    Ok(ActionFormPage::edit(&visit, &known, &parties, form))
}

/// Changes an action.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<ActionForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let known = action_at(&mut tx, &visit, &id).await?;
    let parties = queries::parties(&mut tx, Some(known.id)).await?;
    let page = ActionFormPage::edit(&visit, &known, &parties, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    running(known.plan_id, known.is_closed())?;
    let new = match submitted.form.parse(FormErrors::new(), &parties) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let seen = (known.id, version(&submitted.form.version));
    if !writing::update(&mut tx, seen, &new)
        .await
        .map_err(closed_meanwhile(known.plan_id))?
    {
        let change = last_change(&mut tx, "actions", known.id).await?;
        let now = action_at(&mut tx, &visit, &id).await?;
        return Ok(page.overtaken(now, change));
    }
    let location = format!("/actions/{}", known.id);
    tx.finish(submitted.key, &location, "Action enregistrée.")
        .await
}
