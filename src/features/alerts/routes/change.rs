//! Acts on one alert.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::show::{Refusal, again};
use crate::features::alerts::acts::{self, Act, Actor};
use crate::features::alerts::forms::{ActForm, QUEUE, QueueForm};
use crate::features::alerts::queries::page::{self, AlertDetail};
use crate::features::alerts::queries::{self};
use crate::features::alerts::views::show::overtaken_words;
use crate::web::forms::FormErrors;
use crate::web::{Error, Result, Submitted, Tx, Visit};

/// Said of someone who cannot look after alerts.
pub const NOT_STAFF: &str = "Cette personne n’est plus un agent actif de la Direction du Développement. Choisissez-en une autre.";

const NOT_OPEN: &str = "Choisissez une alerte encore ouverte dans la liste.";

const OTHER_OPEN: &str = "Une autre alerte est ouverte pour cette entreprise\u{a0}: traitez celle-là. \
     Celle-ci reste telle qu’elle est.";

/// What is asked, by the last part of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Take,
    Entrust,
    Wait,
    Close,
    Merge,
    Reopen,
}

impl Kind {
    /// The form of the page that asks for it.
    const fn form(self) -> &'static str {
        match self {
            Self::Take => "prendre",
            Self::Entrust => "confier",
            Self::Wait => "attendre",
            Self::Close => "classer",
            Self::Merge => "rattacher",
            Self::Reopen => "rouvrir",
        }
    }
}

macro_rules! handlers {
    ($($(#[$doc:meta])* $name:ident $kind:ident;)*) => {$(
        $(#[$doc])*
        pub async fn $name(
            visit: Visit,
            tx: Tx,
            Path(id): Path<String>,
            Query(queue): Query<QueueForm>,
            submitted: Submitted<ActForm>,
        ) -> Result<Response> {
            act(Kind::$kind, (visit, tx), &id, &queue, submitted).await
        }
    )*};
}

handlers! {
    /// Looks after the alert.
    take Take;
    /// Gives it to a colleague, or takes it over.
    entrust Entrust;
    /// Puts it off.
    wait Wait;
    /// Ends it.
    close Close;
    /// Handles it with another one.
    merge Merge;
    /// Takes the last act back.
    reopen Reopen;
}

async fn act(
    kind: Kind,
    (visit, mut tx): (Visit, Tx),
    id: &str,
    queue: &QueueForm,
    submitted: Submitted<ActForm>,
) -> Result<Response> {
    let (form, key) = (&submitted.form, submitted.key);
    let refusal = |status, errors| Refusal {
        status,
        act: kind.form(),
        errors,
    };
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(key).await?
    {
        return Ok(done);
    }
    let alert = super::alert(&mut tx, &visit, id).await?;
    if submitted.is_resumed {
        let refusal = refusal(StatusCode::OK, submitted.first_errors());
        return again(&visit, &mut tx, (alert, queue), form, refusal).await;
    }
    let act = match read(kind, &mut tx, &visit, &alert, form).await? {
        Ok(act) => act,
        Err(errors) => {
            let refusal = refusal(StatusCode::UNPROCESSABLE_ENTITY, errors);
            return again(&visit, &mut tx, (alert, queue), form, refusal).await;
        }
    };
    if !carry_out(&mut tx, &visit, &alert, form.version(), &act).await? {
        let alert = super::alert(&mut tx, &visit, id).await?;
        let mut errors = FormErrors::new();
        errors.add_general(overtaken_words(&alert, &visit));
        let refusal = refusal(StatusCode::CONFLICT, errors);
        return again(&visit, &mut tx, (alert, queue), form, refusal).await;
    }
    let location = queue.tidied().href(&format!("{QUEUE}/{}", alert.id))?;
    tx.finish(key, &location, &done_words(&act, visit.user.id))
        .await
}

/// The act that the form asks for, or what is wrong with it.
async fn read(
    kind: Kind,
    tx: &mut Tx,
    visit: &Visit,
    alert: &AlertDetail,
    form: &ActForm,
) -> Result<std::result::Result<Act, FormErrors>> {
    let chosen = |value: &str, is_person: bool, options: Vec<page::OptionRow>| {
        let key: Option<Uuid> = value.parse().ok();
        options
            .into_iter()
            .find(|option| (option.kind == "person") == is_person && Some(option.value) == key)
    };
    let refused = |field: &str, words: &str| {
        let mut errors = FormErrors::new();
        errors.add(field, words);
        errors
    };
    Ok(match kind {
        Kind::Take => Ok(Act::Take),
        Kind::Reopen => Ok(Act::Reopen),
        Kind::Wait => form
            .wait(visit.today)
            .map(|(until, motive)| Act::Wait { until, motive }),
        Kind::Close => form
            .close()
            .map(|(outcome, motive)| Act::Close { outcome, motive }),
        Kind::Entrust => {
            let options = page::options(tx, visit.scope(), alert.id).await?;
            chosen(&form.confier_a, true, options)
                .map(|person| Act::Entrust {
                    id: person.value,
                    name: person.label,
                })
                .ok_or_else(|| refused("confier_a", NOT_STAFF))
        }
        Kind::Merge => {
            let options = page::options(tx, visit.scope(), alert.id).await?;
            chosen(&form.alerte, false, options)
                .map(|other| Act::Merge {
                    into: other.value,
                    company: other.label,
                })
                .ok_or_else(|| refused("alerte", NOT_OPEN))
        }
    })
}

/// Writes the act and its event; `false` when the alert changed since the page showed it, or when the
/// act has no sense any more.
async fn carry_out(
    tx: &mut Tx,
    visit: &Visit,
    alert: &AlertDetail,
    seen: i32,
    act: &Act,
) -> Result<bool> {
    let actor = Actor {
        id: visit.user.id,
        name: &visit.user.name,
        at: visit.now,
    };
    let follower = alert.assignee_id.map(|id| (id, alert.taken_at));
    let Some((held, kind, text)) = acts::apply(act, alert.stage(visit.today), follower, actor)
    else {
        return Ok(false);
    };
    let is_changed =
        page::change(tx, (alert.id, seen), &held)
            .await
            .map_err(|error| match &error {
                sqlx::Error::Database(inner) if inner.constraint() == Some("alerts_one_open") => {
                    Error::Conflict(OTHER_OPEN.to_owned())
                }
                _ => error.into(),
            })?;
    if is_changed {
        let by = (Some(actor.id), actor.name);
        queries::tell(tx, &[alert.id], kind, by, &text, visit.now).await?;
    }
    Ok(is_changed)
}

fn done_words(act: &Act, me: Uuid) -> String {
    match act {
        Act::Take => "Vous suivez cette alerte.".to_owned(),
        Act::Entrust { id, .. } if *id == me => "Vous suivez cette alerte.".to_owned(),
        Act::Entrust { name, .. } => format!("Alerte confiée à {name}."),
        Act::Wait { until, .. } => format!(
            "Alerte en attente jusqu’au {}.",
            crate::web::filters::long_date(*until)
        ),
        Act::Close { outcome, .. } => format!("Alerte classée\u{a0}: {}.", outcome.label()),
        Act::Merge { company, .. } => format!("Alerte rattachée à celle de {company}."),
        Act::Reopen => "C’est annulé\u{a0}: l’alerte est de nouveau ouverte.".to_owned(),
    }
}

/// Says whether the explanation served.
pub async fn give_feedback(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    Query(queue): Query<QueueForm>,
    submitted: Submitted<ActForm>,
) -> Result<Response> {
    let form = &submitted.form;
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let alert = super::alert(&mut tx, &visit, &id).await?;
    let parsed = if submitted.is_resumed {
        Err((StatusCode::OK, submitted.first_errors()))
    } else {
        form.feedback()
            .map_err(|errors| (StatusCode::UNPROCESSABLE_ENTITY, errors))
    };
    let (is_useful, motive) = match parsed {
        Ok(parsed) => parsed,
        Err((status, errors)) => {
            let refusal = Refusal {
                status,
                act: "avis",
                errors,
            };
            return again(&visit, &mut tx, (alert, &queue), form, refusal).await;
        }
    };
    let (assessment, me) = (alert.assessment_id, visit.user.id);
    page::give_feedback(&mut tx, assessment, me, (is_useful, &motive), visit.now).await?;
    let location = queue.tidied().href(&format!("{QUEUE}/{}", alert.id))?;
    tx.finish(
        submitted.key,
        &location,
        "Merci, votre avis est enregistré.",
    )
    .await
}
