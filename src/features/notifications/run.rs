//! Looking for what is new, and telling it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::people::{self, Reader};
use super::{digest, immediate, news, queries, reminders, schedule};
use crate::auth::audit::{self, Acting};
use crate::auth::token::Token;
use crate::platform::db;
use crate::platform::mail::outbox::{self, Confidentiality, Outgoing};
use crate::web::letter::Letter;
use crate::web::{AppState, Error};

/// What is older is no news, even for a program that was away.
const NEWS: TimeDelta = TimeDelta::days(2);
/// What was told is remembered well beyond what is looked for.
const MEMORY: TimeDelta = TimeDelta::days(60);
/// Digests written in one look: the next look, a minute later, goes on.
const DIGESTS: i64 = 200;

/// What one look wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Mails of what cannot wait.
    pub immediate: usize,
    /// Digests.
    pub digests: usize,
    /// Questions about actions.
    pub reminders: usize,
}

/// Writes the mails of what is new, each in the transaction that notes that it was told. Harmless at
/// any moment, on any number of nodes.
pub async fn tick(state: &AppState) -> Result<Told, Error> {
    let now = state.clock.now();
    Ok(Told {
        immediate: tell_news(state, now).await?,
        digests: tell_digests(state, now).await?,
        reminders: remind(state, now).await?,
    })
}

/// Forgets what was told long ago.
pub async fn purge(conn: &mut sqlx::PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    queries::purge(conn, now - MEMORY).await
}

async fn tell_news(state: &AppState, now: DateTime<Utc>) -> Result<usize, Error> {
    let mut conn = state.pool.acquire().await?;
    let since = now - NEWS;
    let assigned = by_person(news::assigned(&mut conn, since).await?, |one| one.user_id);
    let changes = by_person(news::changes(&mut conn, since, None, true).await?, |one| {
        one.user_id
    });
    if assigned.is_empty() && changes.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = assigned.keys().chain(changes.keys()).copied().collect();
    let readers = people::readers(&mut conn, &ids).await?;
    drop(conn);
    let mut told = 0;
    for reader in readers {
        if let Some(mut news) = assigned.get(&reader.id).cloned() {
            let keys: Vec<String> = news.iter().map(|one| one.key.clone()).collect();
            let write = |new: &[String], link: immediate::Link<'_>| {
                news.retain(|one| new.contains(&one.key));
                immediate::assigned(&reader, &news, link)
            };
            told += tell(state, &reader, "assigned", &keys, write).await?;
        }
        if let Some(mut news) = changes.get(&reader.id).cloned() {
            let keys: Vec<String> = news.iter().map(|one| one.key.clone()).collect();
            let write = |new: &[String], link: immediate::Link<'_>| {
                news.retain(|one| new.contains(&one.key));
                immediate::changed(&reader, &news, link)
            };
            told += tell(state, &reader, "level_changed", &keys, write).await?;
        }
    }
    Ok(told)
}

/// Asks people, at nine, where their actions stand.
async fn remind(state: &AppState, now: DateTime<Utc>) -> Result<usize, Error> {
    let mut conn = state.pool.acquire().await?;
    let due = reminders::due(&mut conn, schedule::latest(now).day).await?;
    let due = by_person(due, |one| one.user_id);
    if due.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = due.keys().copied().collect();
    let readers = people::readers(&mut conn, &ids).await?;
    drop(conn);
    let mut told = 0;
    for reader in readers {
        let Some(mut asked) = due.get(&reader.id).cloned() else {
            continue;
        };
        let keys: Vec<String> = asked.iter().map(|one| one.key.clone()).collect();
        let write = |new: &[String], link: immediate::Link<'_>| {
            asked.retain(|one| new.contains(&one.key));
            reminders::letter(&reader, &asked, link)
        };
        told += tell(state, &reader, "action_due", &keys, write).await?;
    }
    Ok(told)
}

fn by_person<T>(news: Vec<T>, of: impl Fn(&T) -> Uuid) -> BTreeMap<Uuid, Vec<T>> {
    let mut map: BTreeMap<Uuid, Vec<T>> = BTreeMap::new();
    for one in news {
        map.entry(of(&one)).or_default().push(one);
    }
    map
}

/// One transaction: what nobody told this person yet, and its mail.
async fn tell(
    state: &AppState,
    reader: &Reader,
    kind: &'static str,
    keys: &[String],
    write: impl FnOnce(&[String], immediate::Link<'_>) -> Option<Letter>,
) -> Result<usize, Error> {
    let now = state.clock.now();
    let mut tx = db::begin(&state.pool).await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let new = queries::claim(&mut tx, reader.id, keys, now).await?;
    let letter = if new.is_empty() {
        None
    } else {
        write(&new, &|path| state.link(path))
    };
    if let Some(letter) = &letter {
        post(state, &mut tx, reader, kind, letter).await?;
    }
    tx.commit().await?;
    Ok(usize::from(letter.is_some()))
}

async fn tell_digests(state: &AppState, now: DateTime<Utc>) -> Result<usize, Error> {
    let slot = schedule::latest(now);
    let keys = [slot.key()];
    let mut conn = state.pool.acquire().await?;
    let due = queries::digest_due(&mut conn, slot.weekday(), &keys[0], DIGESTS).await?;
    let readers = people::readers(&mut conn, &due).await?;
    drop(conn);
    let mut told = 0;
    for reader in readers {
        let mut tx = db::begin(&state.pool).await?;
        audit::sign(&mut tx, &Acting::system()).await?;
        // Also noted when there is nothing to say: the day's digest is that of nine o'clock.
        if !queries::claim(&mut tx, reader.id, &keys, now)
            .await?
            .is_empty()
            && let Some(letter) =
                digest::of(&mut tx, &reader, now, &|path| state.link(path)).await?
        {
            post(state, &mut tx, &reader, "digest", &letter).await?;
            told += 1;
        }
        tx.commit().await?;
    }
    Ok(told)
}

/// Puts a letter in the outbox, with an address that stops such mails without signing in.
async fn post(
    state: &AppState,
    conn: &mut sqlx::PgConnection,
    reader: &Reader,
    kind: &'static str,
    letter: &Letter,
) -> Result<(), Error> {
    let stop = Token::random();
    let mut mail = letter.to(&reader.email)?;
    mail.unsubscribe = Some(state.link(&format!("/courriels/arret/{}", stop.as_str())));
    let outgoing = Outgoing {
        kind,
        mail,
        user_id: Some(reader.id),
        confidentiality: Confidentiality::Reserved,
        related: None,
        unsubscribe_hash: Some(stop.hash()),
        answer_link: None,
        serves_until: None,
    };
    outbox::enqueue(conn, &state.mailer, &outgoing, state.clock.now()).await?;
    Ok(())
}
