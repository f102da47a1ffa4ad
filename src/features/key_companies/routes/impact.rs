//! The impact of a company: points by criterion, what if it closed, and what people state.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sqlx::PgConnection;

use super::{number, refused_form};
use crate::auth::Permission;
use crate::features::key_companies::candidates::{Candidate, Pool};
use crate::features::key_companies::closure::{Closure, INDIRECT_PER_TEN, Loss, PlanCost};
use crate::features::key_companies::criteria::Criterion;
use crate::features::key_companies::dependents::{Dependents, Group};
use crate::features::key_companies::facts;
use crate::features::key_companies::forms::FactForm;
use crate::features::key_companies::model::Worth;
use crate::features::key_companies::queries::{self, FactRow, SiteRow};
use crate::features::supply::queries as supply;
use crate::web::extract::{Db, Tx, Visit};
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;
use crate::web::submitted::Submitted;
use crate::web::{Error, Result, filters};

/// Which territory to look from, and which part of its jobs the company would lose.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct From {
    territoire: String,
    perte: String,
}

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/impact.html")]
struct ImpactPage {
    shell: Shell,
    siren: String,
    name: String,
    territory_name: String,
    /// Other territories where the company has an active site.
    elsewhere: Vec<Choice>,
    sites: Vec<Candidate>,
    territory_jobs: u32,
    may_act: bool,
    territory_siren: String,
    /// What was typed of the loss, understood.
    loss: Loss,
    perte: String,
    errors: FormErrors,
    /// For those who run plans, when one runs.
    plan: Option<PlanCost>,
    /// For those who read links between companies.
    dependents: Option<Dependents>,
    may_import: bool,
}

impl ImpactPage {
    fn closure<'a>(&self, site: &'a Candidate) -> Closure<'a> {
        let jobs = site.jobs.as_ref();
        Closure::of(jobs, self.loss, self.territory_jobs, &site.score)
    }
}

pub async fn show(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
    Query(from): Query<From>,
) -> Result<Response> {
    let sites = queries::sites(&mut db, number(&siren)?, visit.scope()).await?;
    let open: Vec<_> = sites.iter().filter(|site| site.is_open).collect();
    let wanted = open
        .iter()
        .find(|site| site.territory_siren == from.territoire);
    let Some(site) = wanted.or(open.first()) else {
        return Err(closed_or_unknown(&sites));
    };
    let territory = site.territory_siren.clone();
    let weights = queries::weights(&mut db).await?;
    let always = [siren.clone()];
    let found = queries::establishments(&mut db, &territory, &always, "").await?;
    let pool = Pool::new(found, weights);
    let mut elsewhere: Vec<_> = open
        .iter()
        .filter(|other| other.territory_siren != territory)
        .map(|other| Choice::new(&other.territory_siren, &other.territory_name))
        .collect();
    elsewhere.dedup();
    let name = site.label().to_owned();
    let plan = if visit.may(Permission::RunPlans) {
        queries::plan_cost(&mut db, &siren).await?
    } else {
        None
    };
    let dependents = if visit.may(Permission::LinkSupply) {
        let rows = supply::dependents(&mut db, visit.scope(), &siren).await?;
        Some(Dependents::new(rows))
    } else {
        None
    };
    let mut errors = FormErrors::new();
    let loss = Loss::parse(&from.perte).unwrap_or_else(|| {
        errors.add(
            "perte",
            "Écrivez un nombre entier de 1 à 100, par exemple 30.",
        );
        Loss::ALL
    });
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut shell = shell(&visit, &siren, &name).at("Impact");
    shell.has_errors = !errors.is_empty();
    let page = ImpactPage {
        shell,
        plan,
        dependents,
        may_import: visit.may(Permission::ManageImports),
        loss,
        perte: from.perte,
        errors,
        territory_siren: territory,
        territory_name: site.territory_name.clone(),
        elsewhere,
        sites: pool
            .ranked
            .iter()
            .filter(|c| c.row.siren == siren)
            .cloned()
            .collect(),
        territory_jobs: pool.territory_jobs,
        may_act: visit.may(Permission::ManageKeyCompanies),
        siren,
        name,
    };
    Ok((status, page).into_response())
}

fn closed_or_unknown(sites: &[SiteRow]) -> Error {
    if sites.is_empty() {
        return Error::NotFound;
    }
    Error::Conflict(
        "Tous les établissements de cette entreprise sont fermés : son impact ne se calcule plus."
            .to_owned(),
    )
}

fn shell(visit: &Visit, siren: &str, name: &str) -> Shell {
    visit
        .shell(format!("Impact – {name}"))
        .via("Accueil", "/")
        .via("Entreprises", "/entreprises")
        .via(name, format!("/entreprises/{siren}"))
}

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/fact.html")]
struct FactPage {
    shell: Shell,
    name: String,
    siret: String,
    back: String,
    criterion: Criterion,
    steps: Vec<Choice>,
    history: Vec<FactRow>,
    is_stale: bool,
    form: FactForm,
    errors: FormErrors,
}

impl FactPage {
    fn words(&self, fact: &FactRow) -> &'static str {
        let worth = u8::try_from(fact.worth).unwrap_or(0);
        self.criterion
            .step(worth)
            .map_or("Degré d’une ancienne échelle", |step| step.words)
    }
}

/// The establishment and criterion of an address, if the person may see them.
async fn subject(
    conn: &mut PgConnection,
    visit: &Visit,
    siret: &str,
    slug: &str,
) -> Result<(SiteRow, Criterion)> {
    let criterion = Criterion::of_slug(slug).filter(|c| c.scale().is_some());
    let siren = number(siret)?.get(..9).ok_or(Error::NotFound)?;
    let sites = queries::sites(conn, siren, visit.scope()).await?;
    let site = sites.into_iter().find(|site| site.siret == siret);
    site.zip(criterion).ok_or(Error::NotFound)
}

pub async fn fact_form(
    visit: Visit,
    mut db: Db,
    Path((siret, slug)): Path<(String, String)>,
) -> Result<Response> {
    let found = subject(&mut db, &visit, &siret, &slug).await?;
    let form = FactForm::blank(visit.today);
    fact_page(
        &visit,
        &mut db,
        found,
        form,
        (StatusCode::OK, FormErrors::new()),
    )
    .await
}

pub async fn state_fact(
    visit: Visit,
    mut tx: Tx,
    Path((siret, slug)): Path<(String, String)>,
    submitted: Submitted<FactForm>,
) -> Result<Response> {
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let found = subject(&mut tx, &visit, &siret, &slug).await?;
    let form = submitted.form.clone();
    let on = (siret.as_str(), found.1);
    let fact = match form.parse(on, visit.user.id, visit.today, submitted.first_errors()) {
        Ok(fact) => fact,
        Err(errors) => {
            let answer = (refused_form(submitted.is_resumed), errors);
            return fact_page(&visit, &mut tx, found, form, answer).await;
        }
    };
    if facts::state(&mut tx, &fact, form.vu.parse().ok(), visit.now).await? {
        let back = back(&found.0);
        return tx.finish(submitted.key, &back, "Constat enregistré.").await;
    }
    let mut errors = FormErrors::new();
    errors.add_general(
        "Quelqu’un a enregistré un autre constat pendant votre saisie. Lisez-le ci-dessous ; si le vôtre doit le remplacer, enregistrez à nouveau.",
    );
    fact_page(&visit, &mut tx, found, form, (StatusCode::CONFLICT, errors)).await
}

fn back(site: &SiteRow) -> String {
    format!(
        "/entreprises/{}/impact?territoire={}",
        &site.siret[..9],
        site.territory_siren
    )
}

async fn fact_page(
    visit: &Visit,
    conn: &mut PgConnection,
    (site, criterion): (SiteRow, Criterion),
    mut form: FactForm,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response> {
    let history = queries::facts(conn, &site.siret, criterion.code()).await?;
    let in_force = history.iter().find(|fact| fact.superseded_at.is_none());
    if status == StatusCode::CONFLICT || form == FactForm::blank(visit.today) {
        // The person reads the fact in force beside the form: the next attempt replaces that one.
        form.vu = in_force.map(|fact| fact.id.to_string()).unwrap_or_default();
    }
    let name = site.label().to_owned();
    let mut shell = shell(visit, &site.siret[..9], &name)
        .via("Impact", back(&site))
        .at(criterion.label());
    shell.title = format!("{} – {name}", criterion.label());
    shell.has_errors = !errors.is_empty();
    let steps = criterion.scale().map_or(&[][..], |scale| &scale[..]);
    let page = FactPage {
        shell,
        name,
        back: back(&site),
        siret: site.siret,
        criterion,
        steps: steps
            .iter()
            .map(|step| Choice::new(step.worth.to_string(), step.words))
            .collect(),
        history,
        is_stale: status == StatusCode::CONFLICT,
        form,
        errors,
    };
    Ok((status, page).into_response())
}
