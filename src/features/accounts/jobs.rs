//! Mails of accounts. A link is made when its mail leaves: no token ever waits in the queue.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::audit::{self, Acting};
use crate::auth::directory::{self, Credentials, Status};
use crate::auth::links::{self, Purpose};
use crate::platform::jobs::{self, Failure, Registry};
use crate::platform::mail::Mail;
use crate::platform::{clock::Clock, db};
use crate::web::AppState;

const RESET_ASKED: &str = "accounts.reset_asked";
const LINK: &str = "accounts.link";
const MAIL: &str = "mail";
/// A second request within this time sends no second mail.
const BETWEEN_MAILS: TimeDelta = TimeDelta::minutes(5);

/// Someone says that they lost the password of this address.
#[derive(Debug, Serialize, Deserialize)]
struct ResetAsked {
    email: String,
}

/// This person must get a link that opens their account.
#[derive(Debug, Serialize, Deserialize)]
struct SendLink {
    user_id: Uuid,
}

/// Queues the search of the account of a lost password.
pub async fn ask_for_reset(
    conn: &mut PgConnection,
    email: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let email = email.to_owned();
    jobs::enqueue(conn, RESET_ASKED, &ResetAsked { email }, now).await?;
    Ok(())
}

/// Queues the mail of an invitation, or of a new password for a person who has one.
pub async fn send_link(
    conn: &mut PgConnection,
    user_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    jobs::enqueue(conn, LINK, &SendLink { user_id }, now).await?;
    Ok(())
}

/// Queues a word to the owner of an account whose password has just changed (ASVS 6.3.7).
pub async fn tell_password_changed(
    conn: &mut PgConnection,
    email: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mail = Mail {
        to: email.to_owned(),
        subject: "Vigie : votre mot de passe a changé".to_owned(),
        text:
            "Bonjour,\n\nLe mot de passe de votre compte Vigie vient d’être changé et vos autres \
               sessions ont été fermées.\n\nSi ce n’est pas vous, prévenez tout de suite \
               l’administration de Vigie.\n"
                .to_owned(),
    };
    jobs::enqueue(conn, MAIL, &mail, now).await?;
    Ok(())
}

/// Adds the handlers of these jobs.
pub fn register(registry: Registry, state: &AppState) -> Registry {
    let (for_reset, for_link) = (state.clone(), state.clone());
    registry
        .on(RESET_ASKED, move |_, asked: ResetAsked| {
            let state = for_reset.clone();
            async move { answer_reset(&state, &asked.email).await }
        })
        .on(LINK, move |_, link: SendLink| {
            let state = for_link.clone();
            async move { send(&state, link.user_id).await }
        })
}

async fn answer_reset(state: &AppState, email: &str) -> Result<(), Failure> {
    let mut conn = state.pool.acquire().await?;
    let Some(person) = directory::by_email(&mut conn, email).await? else {
        return Ok(());
    };
    let since = state.clock.now() - BETWEEN_MAILS;
    if links::made_since(&mut conn, person.id, since).await? {
        return Ok(());
    }
    drop(conn);
    send(state, person.id).await
}

async fn send(state: &AppState, user_id: Uuid) -> Result<(), Failure> {
    let mut tx = db::begin(&state.pool).await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let person = directory::by_id(&mut tx, user_id).await?;
    // Suspended since: no link.
    let Some((person, purpose)) = person
        .and_then(|p| Some((purpose_for(p.status)?, p)))
        .map(|(purpose, person)| (person, purpose))
    else {
        return Ok(());
    };
    let token = links::issue(&mut tx, purpose, Some(person.id), state.clock.now()).await?;
    tx.commit().await?;
    let link = state.link(&format!("/lien/{}", token.as_str()));
    // A retry makes another link, so it is another mail: its own identifier.
    let mail = mail(&person, purpose, &link, &state.clock);
    Ok(state.mailer.send(&mail, Uuid::now_v7()).await?)
}

/// The link that opens an account in this status: the first password, or another one.
pub fn purpose_for(status: Status) -> Option<Purpose> {
    match status {
        Status::Invited => Some(Purpose::Invitation),
        Status::Active => Some(Purpose::Reset),
        Status::Suspended => None,
    }
}

fn mail(person: &Credentials, purpose: Purpose, link: &str, clock: &Clock) -> Mail {
    let (subject, why) = match purpose {
        Purpose::Reset => (
            "Vigie : choisir un nouveau mot de passe",
            "Un nouveau mot de passe a été demandé pour votre compte Vigie. Pour le choisir, ouvrez ce lien :",
        ),
        _ => (
            "Vigie : votre invitation",
            "Un compte Vigie vous attend. Pour choisir votre mot de passe et entrer, ouvrez ce lien :",
        ),
    };
    let until = crate::web::filters::long_instant(clock.now() + purpose.lifetime());
    Mail {
        to: person.email.clone(),
        subject: subject.to_owned(),
        text: format!(
            "Bonjour {},\n\n{why}\n\n{link}\n\nIl sert une seule fois, jusqu’au {until}. \
             Si vous n’attendiez pas ce message, ne faites rien : votre compte ne change pas.\n",
            person.full_name
        ),
    }
}
