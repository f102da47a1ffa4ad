//! What became of a decision.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::workshops::forms::{self, FollowForm};
use crate::features::workshops::queries::decisions::{self, Decision, Wanted};
use crate::features::workshops::queries::{self, Seen};
use crate::features::workshops::views::room::DecisionPage;
use crate::features::workshops::views::{LIST, may_run};
use crate::web::forms::{Choice, FormErrors};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

async fn find(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Decision> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let wanted = Wanted {
        id: Some(id),
        ..Wanted::default()
    };
    decisions::decisions(conn, Seen::by(visit), &wanted)
        .await?
        .pop()
        .ok_or(Error::NotFound)
}

fn page(visit: &Visit, decision: Decision, form: FollowForm) -> DecisionPage {
    DecisionPage {
        shell: visit
            .shell(format!("Décision sur {}", decision.company_name()))
            .via("Accueil", "/")
            .via("Ateliers", LIST)
            .via(
                decision.workshop.as_str(),
                format!("{LIST}/{}", decision.workshop_id),
            )
            .at("Décision"),
        states: vec![
            Choice::new("fait", "Fait"),
            Choice::new("pas_encore", "Pas encore"),
            Choice::new("abandonne", "Abandonné"),
        ],
        form,
        errors: FormErrors::default(),
        may_follow: may_run(visit) || decision.owner_organisation_id == visit.user.organisation_id,
        today: visit.today,
        change: None,
        decision,
    }
}

/// A decision, and what may be said of it.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<DecisionPage> {
    let decision = find(&mut db, &visit, &id).await?;
    let form = FollowForm {
        version: decision.version.to_string(),
        ..FollowForm::default()
    };
    Ok(page(&visit, decision, form))
}

/// Says what became of it: the council, or the organisation in charge.
pub async fn follow(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<FollowForm>,
) -> Result<Response> {
    let decision = find(&mut tx, &visit, &id).await?;
    let version = forms::version(&submitted.form.version);
    let page = page(&visit, decision.clone(), submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if !page.may_follow {
        return Err(Error::Conflict(
            "Cette décision est suivie par un autre organisme\u{a0}: lui seul, ou le Département, dit où elle en est.".to_owned(),
        ));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let outcome = match submitted.form.parse(&decision, visit.today) {
        Ok(outcome) => outcome,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    if !decisions::follow(&mut tx, decision.id, version, &outcome).await? {
        let mut page = page;
        page.change = queries::last_change(&mut tx, "workshop_decisions", decision.id).await?;
        page.form.version = decision.version.to_string();
        let mut errors = FormErrors::new();
        errors.add_general(
            "Une autre personne vient de dire où en est cette décision\u{a0}: lisez-la plus haut, puis enregistrez si la vôtre vaut toujours.",
        );
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let message = match outcome.status {
        "done" => "Décision faite.",
        "dropped" => "Décision abandonnée.",
        _ => "Nouvelle échéance enregistrée.",
    };
    let location = format!("/decisions/{}", decision.id);
    tx.finish(submitted.key, &location, message).await
}
