//! A plan: opened, read, closed, taken again.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;

use super::{actions_of, closed_meanwhile, company, plan_of, running as refuse_closed};
use crate::auth::Permission::ConductMeetings;
use crate::features::meetings::queries::top::diagnoses;
use crate::features::meetings::queries::{Company, Reader};
use crate::features::plans::forms::{CloseForm, PlanForm, version};
use crate::features::plans::model;
use crate::features::plans::queries::{self, Plan, writing};
use crate::features::plans::views::plan::{ClosePage, PlanFormPage, PlanPage};
use crate::features::plans::views::plan_path;
use crate::features::workshops::queries::last_change;
use crate::web::forms::{Choice, FormErrors};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

const RUNS: &str = "Un plan est déjà en cours pour cette entreprise\u{a0}: un seul à la fois. Ouvrez-le, ou clôturez-le d’abord.";

/// The page of this plan, or of none.
async fn page(
    conn: &mut PgConnection,
    visit: &Visit,
    company: &Company,
    shown: Option<Plan>,
) -> Result<PlanPage> {
    let mut plans = queries::plans(conn, Reader::of(visit), (Some(&company.siren), None)).await?;
    let shown = shown.or_else(|| plans.iter().find(|plan| plan.closed_on.is_none()).cloned());
    plans.retain(|plan| shown.as_ref().is_none_or(|shown| shown.id != plan.id));
    let actions = match &shown {
        Some(plan) => actions_of(conn, visit, plan.id).await?,
        None => Vec::new(),
    };
    let diagnosis = if visit.may(ConductMeetings) {
        diagnoses(conn, &company.siren).await?.into_iter().next()
    } else {
        None
    };
    Ok(PlanPage::new(
        visit,
        company,
        (shown, plans),
        actions,
        diagnosis,
    ))
}

/// The plan that runs, or what to do when none does.
pub async fn running(visit: Visit, mut db: Db, Path(siren): Path<String>) -> Result<PlanPage> {
    let company = company(&mut db, &visit, &siren).await?;
    page(&mut db, &visit, &company, None).await
}

/// A plan by its key: a closed one stays as it was.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<PlanPage> {
    let plan = plan_of(&mut db, &visit, &id).await?;
    let company = company(&mut db, &visit, &plan.siren).await?;
    page(&mut db, &visit, &company, Some(plan)).await
}

/// Opens a plan.
pub async fn open(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<PlanForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let company = company(&mut tx, &visit, &siren).await?;
    let refused = |mut page: PlanPage, status, errors| {
        page.form = submitted.form.clone();
        page.refused(status, errors)
    };
    if submitted.is_resumed {
        let page = page(&mut tx, &visit, &company, None).await?;
        return Ok(refused(page, StatusCode::OK, submitted.first_errors()));
    }
    let objective = match submitted.form.parse() {
        Ok(objective) => objective,
        Err(errors) => {
            let page = page(&mut tx, &visit, &company, None).await?;
            return Ok(refused(page, StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let new = (company.siren.as_str(), objective.as_str());
    let moment = (visit.today, visit.now);
    writing::open(&mut tx, new, None, visit.user.id, moment)
        .await?
        .ok_or_else(|| Error::Conflict(RUNS.to_owned()))?;
    let message = "Plan ouvert. Ajoutez maintenant ses actions.";
    tx.finish(submitted.key, &plan_path(&company.siren), message)
        .await
}

/// What a plan is for.
pub async fn edit(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<PlanFormPage> {
    let plan = plan_of(&mut db, &visit, &id).await?;
    refuse_closed(plan.id, plan.closed_on.is_some())?;
    Ok(PlanFormPage::edit(&visit, &plan, PlanForm::of(&plan)))
}

/// Changes it.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<PlanForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let plan = plan_of(&mut tx, &visit, &id).await?;
    let page = PlanFormPage::edit(&visit, &plan, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    refuse_closed(plan.id, plan.closed_on.is_some())?;
    let objective = match submitted.form.parse() {
        Ok(objective) => objective,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let known = (plan.id, version(&submitted.form.version));
    if !writing::rename(&mut tx, known, &objective).await? {
        let change = last_change(&mut tx, "action_plans", plan.id).await?;
        let now = plan_of(&mut tx, &visit, &id).await?;
        return Ok(page.overtaken(now, change));
    }
    tx.finish(submitted.key, &plan.href(), "Objectif enregistré.")
        .await
}

async fn close_page(
    conn: &mut PgConnection,
    visit: &Visit,
    plan: Plan,
    form: CloseForm,
) -> Result<ClosePage> {
    let actions = actions_of(conn, visit, plan.id).await?;
    let open = actions.iter().filter(|action| action.is_open()).count();
    Ok(ClosePage::new(visit, plan, open, form))
}

/// Asks what came of a plan.
pub async fn ask_close(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<ClosePage> {
    let plan = plan_of(&mut db, &visit, &id).await?;
    refuse_closed(plan.id, plan.closed_on.is_some())?;
    let form = CloseForm {
        version: plan.version.to_string(),
        ..CloseForm::default()
    };
    close_page(&mut db, &visit, plan, form).await
}

/// Closes a plan.
pub async fn close(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<CloseForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let plan = plan_of(&mut tx, &visit, &id).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let page = close_page(&mut tx, &visit, plan, form).await?;
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    refuse_closed(plan.id, plan.closed_on.is_some())?;
    let (outcome, motive) = match form.parse() {
        Ok(parsed) => parsed,
        Err(errors) => {
            let page = close_page(&mut tx, &visit, plan, form).await?;
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let known = (plan.id, version(&form.version));
    let said = (outcome, motive.as_str());
    let by = visit.user.id;
    if !writing::close(&mut tx, known, said, by, visit.today)
        .await
        .map_err(closed_meanwhile(plan.id))?
    {
        let now = plan_of(&mut tx, &visit, &id).await?;
        refuse_closed(now.id, now.closed_on.is_some())?;
        let form = CloseForm {
            version: now.version.to_string(),
            ..form
        };
        let page = close_page(&mut tx, &visit, now, form).await?;
        let mut errors = FormErrors::new();
        errors.add_general(
            "Ce plan vient d’être modifié. Relisez-le, puis clôturez-le si c’est toujours voulu.",
        );
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let location = format!("/plans/{}", plan.id);
    let message = "Plan clos. Il reste lisible ici, et peut être repris à partir d’une copie.";
    tx.finish(submitted.key, &location, message).await
}

async fn again_page(
    conn: &mut PgConnection,
    visit: &Visit,
    plan: &Plan,
    form: Option<PlanForm>,
) -> Result<PlanFormPage> {
    let actions = actions_of(conn, visit, plan.id).await?;
    let form = form.unwrap_or_else(|| PlanForm {
        actions: actions
            .iter()
            .filter(|action| model::is_open(&action.status))
            .map(|action| action.id.to_string())
            .collect(),
        ..PlanForm::of(plan)
    });
    let choices = actions.iter().map(|action| {
        let label = format!(
            "{} ({})",
            action.title,
            action.status_words().to_lowercase()
        );
        Choice::new(action.id.to_string(), label)
    });
    Ok(PlanFormPage::again(visit, plan, choices.collect(), form))
}

fn closed(plan: &Plan) -> Result<()> {
    if plan.closed_on.is_none() {
        return Err(Error::Conflict(
            "Ce plan est en cours\u{a0}: seul un plan clos se reprend.".to_owned(),
        ));
    }
    Ok(())
}

/// Asks which actions of a closed plan a new one takes again.
pub async fn ask_again(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<PlanFormPage> {
    let plan = plan_of(&mut db, &visit, &id).await?;
    closed(&plan)?;
    again_page(&mut db, &visit, &plan, None).await
}

/// Starts a plan again from a copy.
pub async fn again(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<PlanForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let plan = plan_of(&mut tx, &visit, &id).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let page = again_page(&mut tx, &visit, &plan, Some(form)).await?;
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    closed(&plan)?;
    let objective = match form.parse() {
        Ok(objective) => objective,
        Err(errors) => {
            let page = again_page(&mut tx, &visit, &plan, Some(form)).await?;
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let (by, moment) = (visit.user.id, (visit.today, visit.now));
    let new = (plan.siren.as_str(), objective.as_str());
    let copy = writing::open(&mut tx, new, Some(plan.id), by, moment)
        .await?
        .ok_or_else(|| Error::Conflict(RUNS.to_owned()))?;
    writing::copy(&mut tx, (plan.id, copy), &form.kept(), by, moment).await?;
    let message = "Plan repris. Ses actions repartent d’aujourd’hui\u{a0}: vérifiez leurs dates.";
    tx.finish(submitted.key, &plan_path(&plan.siren), message)
        .await
}
