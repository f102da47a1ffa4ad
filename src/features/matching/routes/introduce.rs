//! An introduction, proposed.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{author, entry_at, open};
use crate::features::matching::forms::StepForm;
use crate::features::matching::queries::entries::Entry;
use crate::features::matching::queries::suggestions::{self, Organisation, Suggestion};
use crate::features::matching::queries::writing::{self, Party};
use crate::features::matching::views::introduction::{ProposePage, introduction_path};
use crate::features::meetings::queries::Reader;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// Suggestions of the form, at most.
const SUGGESTIONS: i64 = 100;

/// Who can be introduced: those suggested, then, for a need, any organisation.
struct Circle {
    suggested: Vec<Suggestion>,
    others: Vec<Organisation>,
}

async fn circle(conn: &mut PgConnection, visit: &Visit, entry: &Entry) -> Result<Circle> {
    let suggested =
        suggestions::suggestions(conn, Reader::of(visit), entry.id, SUGGESTIONS).await?;
    let mut others = Vec::new();
    if entry.side == "need" {
        others = suggestions::organisations(conn).await?;
        others.retain(|one| {
            Some(one.id) != entry.organisation_id
                && !suggested.iter().any(|s| s.organisation_id == Some(one.id))
        });
    }
    Ok(Circle { suggested, others })
}

impl Circle {
    /// The need and the other party that the form chose.
    fn chosen(&self, entry: &Entry, typed: &str) -> Option<(Uuid, Party)> {
        if let Some(found) = self.suggested.iter().find(|one| one.key() == typed) {
            return Some(if entry.side == "need" {
                let party = Party {
                    siren: found.siren.clone(),
                    organisation_id: found.organisation_id,
                    offer_id: found.entry_id,
                };
                (entry.id, party)
            } else {
                let party = Party {
                    siren: entry.siren.clone(),
                    organisation_id: entry.organisation_id,
                    offer_id: Some(entry.id),
                };
                (found.entry_id?, party)
            });
        }
        let found = self.others.iter().find(|one| one.key() == typed)?;
        let party = Party {
            siren: None,
            organisation_id: Some(found.id),
            offer_id: None,
        };
        Some((entry.id, party))
    }

    fn page(self, visit: &Visit, entry: Entry, form: StepForm) -> ProposePage {
        ProposePage::new(visit, entry, &self.suggested, &self.others, form)
    }
}

/// Asks with whom and when.
pub async fn ask(
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
    Query(asked): Query<StepForm>,
) -> Result<ProposePage> {
    let entry = entry_at(&mut db, &visit, &id).await?;
    open(&entry)?;
    let circle = circle(&mut db, &visit, &entry).await?;
    let form = StepForm {
        avec: asked.avec,
        jour: visit.today.to_string(),
        ..StepForm::default()
    };
    Ok(circle.page(&visit, entry, form))
}

/// Logs the introduction.
pub async fn propose(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<StepForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let entry = entry_at(&mut tx, &visit, &id).await?;
    let circle = circle(&mut tx, &visit, &entry).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let page = circle.page(&visit, entry, form);
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    open(&entry)?;
    let chosen = circle.chosen(&entry, &form.avec);
    let mut errors = FormErrors::new();
    if chosen.is_none() {
        errors.add("avec", "Choisissez avec qui, dans la liste.");
    }
    let step = form.parse(errors, "proposed", None, visit.today);
    let (step, (need, party)) = match (step, chosen) {
        (Ok(step), Some(chosen)) => (step, chosen),
        (step, _) => {
            let page = circle.page(&visit, entry, form);
            let errors = step.err().unwrap_or_default();
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let id = writing::propose(&mut tx, need, &party, &step, author(&visit), visit.now)
        .await?
        .ok_or_else(|| {
            Error::Conflict(
                "Une mise en relation avec les mêmes est déjà en cours pour ce besoin.".to_owned(),
            )
        })?;
    let message = "Mise en relation notée. Dites ici ce qu’elle devient.";
    tx.finish(submitted.key, &introduction_path(id), message)
        .await
}
