//! The weights of the criteria.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sqlx::PgConnection;

use super::refused_form;
use crate::features::key_companies::criteria::Criterion;
use crate::features::key_companies::forms::{WeightsForm, weights_value};
use crate::features::key_companies::model::Weights;
use crate::features::key_companies::queries::{self, WeightChangeRow};
use crate::web::extract::{Db, Tx, Visit};
use crate::web::forms::FormErrors;
use crate::web::shell::Shell;
use crate::web::submitted::Submitted;
use crate::web::{Result, filters};

const PATH: &str = "/reglages/criteres";

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/weights.html")]
struct WeightsPage {
    shell: Shell,
    rows: Vec<WeightRow>,
    sum: u32,
    is_stale: bool,
    form: WeightsForm,
    errors: FormErrors,
    changes: Vec<WeightChangeRow>,
}

/// One criterion of the form.
struct WeightRow {
    criterion: Criterion,
    typed: String,
    in_force: u32,
}

impl WeightChangeRow {
    /// The criterion in words.
    pub fn label(&self) -> &str {
        self.criterion
            .parse::<Criterion>()
            .map_or(self.criterion.as_str(), |found| found.label())
    }
}

pub async fn edit(visit: Visit, mut db: Db) -> Result<Response> {
    let current = queries::weights(&mut db).await?;
    let form = WeightsForm::of(current);
    page(
        &visit,
        &mut db,
        current,
        form,
        (StatusCode::OK, FormErrors::new()),
    )
    .await
}

pub async fn update(
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<WeightsForm>,
) -> Result<Response> {
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let current = queries::weights_for_update(&mut tx).await?;
    let form = submitted.form.clone();
    let weights = match form.parse(submitted.first_errors()) {
        Ok(weights) => weights,
        Err(errors) => {
            let answer = (refused_form(submitted.is_resumed), errors);
            return page(&visit, &mut tx, current, form, answer).await;
        }
    };
    if form.vu != weights_value(current) {
        let mut errors = FormErrors::new();
        errors.add_general(
            "Quelqu’un a changé les poids pendant votre saisie. Comparez avec les poids en vigueur ; pour appliquer les vôtres, enregistrez à nouveau.",
        );
        return page(
            &visit,
            &mut tx,
            current,
            form,
            (StatusCode::CONFLICT, errors),
        )
        .await;
    }
    queries::set_weights(&mut tx, weights).await?;
    tx.finish(
        submitted.key,
        PATH,
        "Les poids sont enregistrés : les classements en tiennent compte.",
    )
    .await
}

async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    current: Weights,
    mut form: WeightsForm,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response> {
    let title = "Critères d’impact";
    let mut shell = visit.shell(title).via("Accueil", "/").at(title);
    shell.has_errors = !errors.is_empty();
    let is_stale = status == StatusCode::CONFLICT;
    if is_stale {
        // The person now sees the weights in force beside the form: the next attempt bears on these.
        form.vu = weights_value(current);
    }
    let page = WeightsPage {
        shell,
        rows: Criterion::ALL.map(|c| row(c, current, &form)).into(),
        sum: current.sum(),
        is_stale,
        form,
        errors,
        changes: queries::weight_changes(conn).await?,
    };
    Ok((status, page).into_response())
}

fn row(criterion: Criterion, current: Weights, form: &WeightsForm) -> WeightRow {
    let typed = form.typed(criterion).to_owned();
    WeightRow {
        criterion,
        typed,
        in_force: current.of(criterion),
    }
}
