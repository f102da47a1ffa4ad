//! Mails of accounts. A link is made when its mail leaves: no token ever waits in the queue, nor stays
//! in the outbox.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::audit::{self, Acting};
use crate::auth::directory::{self, Credentials, Status};
use crate::auth::links::{self, Purpose};
use crate::platform::jobs::{self, Failure, Registry};
use crate::platform::mail::outbox::{self, Confidentiality, Outgoing, Post};
use crate::platform::mail::{Mail, Mailer};
use crate::platform::{clock::Clock, db};
use crate::web::AppState;
use crate::web::letter::Letter;

const RESET_ASKED: &str = "accounts.reset_asked";
const LINK: &str = "accounts.link";
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
    let id = jobs::enqueue(conn, LINK, &SendLink { user_id }, now).await?;
    if let Some(person) = directory::by_id(conn, user_id).await? {
        announce(conn, id, &person, now).await?;
    }
    Ok(())
}

/// The outbox knows that a link was asked for, under the id of its job, and never what it is.
async fn announce(
    conn: &mut PgConnection,
    id: Uuid,
    person: &Credentials,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(purpose) = purpose_for(person.status) else {
        return Ok(());
    };
    let outgoing = Outgoing {
        kind: if purpose == Purpose::Reset {
            "reset"
        } else {
            "invitation"
        },
        mail: Mail {
            to: person.email.clone(),
            to_name: person.full_name.clone(),
            subject: subject(purpose).to_owned(),
            ..Mail::default()
        },
        user_id: Some(person.id),
        confidentiality: Confidentiality::Secret,
        related: Some(format!("/utilisateurs/{}", person.id)),
        unsubscribe_hash: None,
        answer_link: None,
        serves_until: None,
    };
    outbox::announce(conn, id, &outgoing, now).await
}

/// Queues a word to the owner of an account whose password has just changed (ASVS 6.3.7).
pub async fn tell_password_changed(
    conn: &mut PgConnection,
    mailer: &Mailer,
    (user_id, name, email): (Uuid, &str, &str),
    now: DateTime<Utc>,
) -> Result<(), crate::web::Error> {
    let letter = Letter::new("Vigie\u{a0}: votre mot de passe a changé", name)
        .say(
            "Le mot de passe de votre compte Vigie vient d’être changé et vos autres sessions ont été \
             fermées.",
        )
        .say("Si ce n’est pas vous, prévenez tout de suite l’administration de Vigie.");
    let outgoing = Outgoing {
        kind: "password_changed",
        mail: letter.to(email)?,
        user_id: Some(user_id),
        confidentiality: Confidentiality::Open,
        related: None,
        unsubscribe_hash: None,
        answer_link: None,
        serves_until: None,
    };
    outbox::enqueue(conn, mailer, &outgoing, now).await?;
    Ok(())
}

/// Adds the handlers of these jobs.
pub fn register(registry: Registry, state: &AppState) -> Registry {
    let (for_reset, for_link) = (state.clone(), state.clone());
    registry
        .on(RESET_ASKED, move |id, asked: ResetAsked| {
            let state = for_reset.clone();
            async move { answer_reset(&state, id, &asked.email).await }
        })
        .on(LINK, move |id, link: SendLink| {
            let state = for_link.clone();
            async move {
                if !outbox::is_waiting(&state.pool, id).await? {
                    return Ok(());
                }
                send(&state, id, link.user_id).await
            }
        })
}

async fn answer_reset(state: &AppState, id: Uuid, email: &str) -> Result<(), Failure> {
    let mut conn = state.pool.acquire().await?;
    let Some(person) = directory::by_email(&mut conn, email).await? else {
        return Ok(());
    };
    let now = state.clock.now();
    // A link of this very job was made before its mail left: it is tried again.
    if !outbox::is_waiting(&state.pool, id).await?
        && links::made_since(&mut conn, person.id, now - BETWEEN_MAILS).await?
    {
        return Ok(());
    }
    announce(&mut conn, id, &person, now).await?;
    drop(conn);
    send(state, id, person.id).await
}

async fn send(state: &AppState, mail_id: Uuid, user_id: Uuid) -> Result<(), Failure> {
    let mut tx = db::begin(&state.pool).await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let person = directory::by_id(&mut tx, user_id).await?;
    // Suspended since: no link.
    let Some((person, purpose)) = person
        .and_then(|p| Some((purpose_for(p.status)?, p)))
        .map(|(purpose, person)| (person, purpose))
    else {
        outbox::abandon(&mut tx, mail_id).await?;
        return Ok(tx.commit().await?);
    };
    let token = links::issue(&mut tx, purpose, Some(person.id), state.clock.now()).await?;
    tx.commit().await?;
    let link = state.link(&format!("/lien/{}", token.as_str()));
    let mail = mail(&person, purpose, &link, &state.clock)?;
    let post = Post {
        pool: &state.pool,
        mailer: &state.mailer,
        now: state.clock.now(),
    };
    // A retry makes another link, so it is another mail: its own identifier.
    post.deliver(mail_id, &mail, Uuid::now_v7()).await
}

/// The link that opens an account in this status: the first password, or another one.
pub fn purpose_for(status: Status) -> Option<Purpose> {
    match status {
        Status::Invited => Some(Purpose::Invitation),
        Status::Active => Some(Purpose::Reset),
        Status::Suspended => None,
    }
}

const fn subject(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Reset => "Vigie\u{a0}: choisir un nouveau mot de passe",
        _ => "Vigie\u{a0}: votre invitation",
    }
}

fn mail(
    person: &Credentials,
    purpose: Purpose,
    link: &str,
    clock: &Clock,
) -> Result<Mail, askama::Error> {
    let (why, words) = match purpose {
        Purpose::Reset => (
            "Un nouveau mot de passe a été demandé pour votre compte Vigie.",
            "Choisir un nouveau mot de passe",
        ),
        _ => (
            "Un compte Vigie vous attend.",
            "Choisir votre mot de passe et entrer",
        ),
    };
    let until = crate::web::filters::long_instant(clock.now() + purpose.lifetime());
    Letter::new(subject(purpose), &person.full_name)
        .say(why)
        .link(words, link)
        .say(format!(
            "Ce lien sert une seule fois, jusqu’au {until}. Si vous n’attendiez pas ce message, ne faites \
             rien\u{a0}: votre compte ne change pas."
        ))
        .to(&person.email)
}
