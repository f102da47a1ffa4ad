//! A meeting noted in a minute, and taken back within ten.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::{author, company};
use crate::auth::Permission::EditSignals;
use crate::features::contacts;
use crate::features::meetings::forms::LogForm;
use crate::features::meetings::queries::{self, Reader, log, people, undo};
use crate::features::meetings::views::log::LogPage;
use crate::features::signals;
use crate::features::signals::queries::NewSignal;
use crate::scoring::flags::RedFlag;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// The form.
pub async fn new(visit: Visit, mut db: Db, Path(siren): Path<String>) -> Result<LogPage> {
    let company = company(&mut db, &visit, &siren).await?;
    let contacts = people::contacts(&mut db, &company.siren).await?;
    let form = LogForm::blank(visit.today);
    Ok(LogPage::new(&visit, &company, contacts, form))
}

/// Notes a meeting, with its red flags and its follow-up, in one transaction.
pub async fn create(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<LogForm>,
) -> Result<Response> {
    let company = company(&mut tx, &visit, &siren).await?;
    let contacts = people::contacts(&mut tx, &company.siren).await?;
    let page = LogPage::new(&visit, &company, contacts, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match submitted.form.parse(&company, false, visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    if has_strangers(&mut tx, &company.siren, &new.contacts).await? {
        return Ok(page.refused(StatusCode::CONFLICT, erased_meanwhile()));
    }
    // A twin ends the request without keeping anything.
    let moved = contacts::queries::talked_to(&mut tx, &new.contacts, new.held_on).await?;
    let before = undo::before(new.held_on, &moved);
    let noted = (&new, before);
    let Some(id) = log::insert(&mut tx, &company.siren, noted, author(&visit), visit.now).await?
    else {
        let twin = log::twin(&mut tx, &company.siren, &new, visit.user.id).await?;
        return Ok(page.known_already(twin));
    };
    let seen = Seen {
        flags: &new.flags,
        words: log::Words::of(&new),
    };
    raise(&mut tx, &visit, &company.siren, id, seen).await?;
    let location = format!("/rencontres/{id}");
    tx.finish(submitted.key, &location, "Rencontre enregistrée.")
        .await
}

/// Whether a ticked contact is not one of the company any more.
pub async fn has_strangers(
    conn: &mut sqlx::PgConnection,
    siren: &str,
    contacts: &[Uuid],
) -> Result<bool> {
    let known = people::known(conn, siren, contacts).await?;
    Ok(usize::try_from(known).unwrap_or(0) != contacts.len())
}

/// What a page says when a ticked contact was erased.
pub fn erased_meanwhile() -> FormErrors {
    let mut errors = FormErrors::new();
    errors.add_general(
        "Une personne cochée vient d’être effacée à sa demande\u{a0}: elle n’est plus proposée. \
         Votre saisie est gardée, enregistrez-la à nouveau.",
    );
    errors
}

/// Red flags ticked at a meeting.
pub struct Seen<'a> {
    /// Which.
    pub flags: &'a [RedFlag],
    /// What the meeting says.
    pub words: log::Words<'a>,
}

/// The red flags of a meeting become signals of their author, over after six months.
pub async fn raise(
    conn: &mut sqlx::PgConnection,
    visit: &Visit,
    siren: &str,
    meeting: Uuid,
    seen: Seen<'_>,
) -> Result<()> {
    if seen.flags.is_empty() {
        return Ok(());
    }
    if !visit.may(EditSignals) {
        return Err(Error::Forbidden(EditSignals));
    }
    let signer = signals::queries::Author {
        id: visit.user.id,
        name: &visit.user.name,
    };
    let on = seen.words.on;
    for flag in seen.flags {
        let signal = NewSignal {
            flag: *flag,
            motive: seen.words.motive(),
            observed_on: on,
            expires_on: signals::usual_expiry(on),
        };
        let id = signals::queries::insert(conn, siren, &signal, signer, visit.now).await?;
        log::tie_signal(conn, meeting, id).await?;
    }
    Ok(())
}

/// A form without a field of its own.
#[derive(Deserialize)]
pub struct NoField {}

/// Takes a meeting back.
pub async fn undo(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let meeting = queries::find(&mut tx, Reader::of(&visit), id)
        .await?
        .ok_or(Error::NotFound)?;
    if submitted.is_resumed {
        let nothing = "Votre session avait expiré\u{a0}: rien n’a été annulé.";
        let location = format!("/rencontres/{id}");
        return tx.finish(None, &location, nothing).await;
    }
    if !undo::undo(&mut tx, id, visit.user.id, visit.now).await? {
        return Err(Error::Conflict(TOO_LATE.to_owned()));
    }
    if let Some((on, moved)) = undo::moved(&mut tx, id).await? {
        contacts::queries::did_not_talk_to(&mut tx, &moved, on).await?;
    }
    log::reword_signals(&mut tx, id, "Rencontre annulée\u{a0}: noté par erreur.").await?;
    for seen in undo::raised(&mut tx, id).await? {
        let why = "Rencontre annulée par la personne qui l’avait notée";
        signals::queries::withdraw(&mut tx, seen, why, &visit.user.name, visit.today).await?;
    }
    let location = format!("/entreprises/{}/rencontres/nouvelle", meeting.siren);
    tx.finish(submitted.key, &location, "Rencontre annulée.")
        .await
}

const TOO_LATE: &str = "Cette rencontre ne s’annule plus\u{a0}: seule la personne qui l’a notée peut le faire, \
     pendant dix minutes. Vous pouvez la modifier si son texte est faux.";
