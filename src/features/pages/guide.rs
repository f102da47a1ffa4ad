//! The first steps of each role: shown until they are done, or until the person hides them.

use axum::response::Response;
use serde::Deserialize;

use crate::auth::directory;
use crate::web::{Result, Submitted, Tx, Visit};

/// Said to who hides the steps, or would have before their session expired.
const HIDDEN: &str = "Ces étapes ne paraîtront plus. L’aide les explique à tout moment.";
const NOTHING_DONE: &str =
    "Votre session avait expiré\u{a0}: rien n’a été fait. Recommencez si vous le voulez toujours.";

/// One of the first steps.
#[derive(Debug, Clone)]
pub struct Step {
    /// What to do.
    pub label: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Where, for those who may.
    pub href: Option<&'static str>,
    /// Whether it is done.
    pub is_done: bool,
}

impl Step {
    /// A step and where it is done.
    pub const fn new(
        label: &'static str,
        reason: &'static str,
        href: &'static str,
        is_done: bool,
    ) -> Self {
        Self {
            label,
            reason,
            href: Some(href),
            is_done,
        }
    }

    /// A step that other people do.
    pub const fn of_others(label: &'static str, reason: &'static str, is_done: bool) -> Self {
        Self {
            label,
            reason,
            href: None,
            is_done,
        }
    }
}

/// The steps of a person, when there is something to show.
#[derive(Debug, Clone)]
pub struct Guide {
    /// In order.
    pub steps: Vec<Step>,
}

impl Guide {
    /// The steps, unless they are all done or the person hid them.
    pub fn of(visit: &Visit, steps: Vec<Step>) -> Option<Self> {
        let is_over = visit.user.hides_guide || steps.iter().all(|step| step.is_done);
        (!is_over).then_some(Self { steps })
    }

    /// The first steps of an elected official: three pages to open once.
    pub fn of_elected(visit: &Visit) -> Option<Self> {
        Self::of(
            visit,
            vec![
                Step::new(
                    "Lire les deux chiffres",
                    "Les entreprises suivies et celles qui sont maintenues, avec leur objectif.",
                    "#suivies",
                    false,
                ),
                Step::new(
                    "Ouvrir votre territoire",
                    "Ses places prises et ce qui est en retard, sans nom d’entreprise.",
                    "/territoires",
                    false,
                ),
                Step::new(
                    "Imprimer le rapport",
                    "Une page A4, à lire en commission.",
                    "/indicateurs/rapport",
                    false,
                ),
            ],
        )
    }

    /// The step to do now.
    pub fn next(&self) -> Option<&Step> {
        self.steps
            .iter()
            .find(|step| !step.is_done && step.href.is_some())
    }

    /// Whether this step is the one to do now.
    pub fn is_next(&self, step: &Step) -> bool {
        self.next().is_some_and(|next| next.label == step.label)
    }
}

/// A button without a field of its own.
#[derive(Debug, Deserialize)]
pub struct NoField {}

/// `POST /premiers-pas/masquer`: the steps are shown no more.
pub async fn hide(visit: Visit, mut tx: Tx, submitted: Submitted<NoField>) -> Result<Response> {
    if submitted.is_resumed {
        return tx.finish(None, "/", NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    directory::hide_guide(&mut tx, visit.user.id, visit.now).await?;
    tx.finish(submitted.key, "/", HIDDEN).await
}
