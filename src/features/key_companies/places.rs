//! The acts on the five places: choose, replace, release, move, change the referent.
//!
//! No HTTP here: pages and the demonstration portfolio call the same functions. Each act is whole or
//! not at all (a savepoint inside the caller's transaction), takes the territory's lock so that two
//! people are served one after the other, and writes its line of history. The schema would refuse a
//! sixth company even without the lock; the lock makes the refusal a sentence instead of a failure.

mod entry;
mod history;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Acquire as _, PgConnection};
use uuid::Uuid;

use self::entry::{check_entry, enter, pick_slot};
use self::history::{Told, tell};
use super::outcome::Outcome;
use crate::platform::limits;

/// Shortest motive, in characters.
pub const MOTIVE_MIN: usize = 10;

/// Who acts, and when.
#[derive(Debug, Clone)]
pub struct Signature {
    /// `users.id`; none for the program itself.
    pub actor_id: Option<Uuid>,
    /// Name as the history will read it years later.
    pub actor_name: String,
    /// When the act is recorded.
    pub at: DateTime<Utc>,
    /// The same moment as a date in France: no act may bear a later one.
    pub today: NaiveDate,
}

/// A company to put in a place.
#[derive(Debug, Clone)]
pub struct Choice {
    /// SIREN of the territory.
    pub territory: String,
    /// Establishment through which the company is key.
    pub siret: String,
    /// The place, 1 to 5; none for the first free one.
    pub slot: Option<i16>,
    /// The person knows that the company is key elsewhere, and wants this site of the group too.
    pub is_group_site: bool,
    /// The staff member who will answer for it.
    pub referent_id: Uuid,
    /// Since when.
    pub entered_on: NaiveDate,
    /// Why, in at least [`MOTIVE_MIN`] characters.
    pub motive: String,
}

/// How a company leaves its place.
#[derive(Debug, Clone)]
pub struct Exit {
    /// When.
    pub on: NaiveDate,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, in at least [`MOTIVE_MIN`] characters.
    pub motive: String,
}

/// A place's holder, as the person who acts saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// `key_companies.id`
    pub id: Uuid,
    /// `key_companies.version`
    pub version: i32,
}

/// Why an act was refused. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The five places are taken.
    #[error("the five places are taken")]
    Full,
    /// The place asked for is taken, others are free.
    #[error("place {slot} is taken")]
    SlotTaken {
        /// The place.
        slot: i16,
        /// Who holds it.
        holder: String,
    },
    /// The company already holds a place of this territory.
    #[error("already key here")]
    KeyHere {
        /// The place.
        slot: i16,
    },
    /// The company holds a place of another territory.
    #[error("already key elsewhere")]
    KeyElsewhere {
        /// Name of that territory.
        territory: String,
        /// The place.
        slot: i16,
    },
    /// Someone took the company at the same moment.
    #[error("taken at the same moment")]
    JustTaken,
    /// The establishment is not in the territory today.
    #[error("not in the territory")]
    NotInTerritory,
    /// The establishment or its company has closed.
    #[error("closed")]
    Closed,
    /// The referent is not an active staff member.
    #[error("not an active staff member")]
    NotStaff,
    /// The date has not come yet.
    #[error("date to come")]
    DateToCome,
    /// The place was still held on the entry date.
    #[error("place held until {0}")]
    HeldUntil(NaiveDate),
    /// The company entered later than this exit.
    #[error("entered on {0}")]
    ExitBeforeEntry(NaiveDate),
    /// The motive is too short.
    #[error("motive too short")]
    ShortMotive,
    /// What the person saw has changed since, or the place has been left.
    #[error("changed meanwhile")]
    Stale,
    /// The company already is there, or the referent already answers for it.
    #[error("nothing would change")]
    NoChange,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What an act gives, or why it was refused.
pub type Done<T> = Result<T, Refusal>;

/// What an entry made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// `key_companies.id`
    pub id: Uuid,
    /// The place, 1 to 5.
    pub slot: i16,
}

/// Gives a place to a company.
pub async fn choose(conn: &mut PgConnection, by: &Signature, choice: &Choice) -> Done<Entered> {
    let mut act = conn.begin().await?;
    check_entry(&mut act, by, choice).await?;
    // A look before the lock: once the five places are taken, nobody queues to learn it.
    pick_slot(&mut act, choice).await?;
    lock_territory(&mut act, &choice.territory).await?;
    let entered = enter(&mut act, by, choice, Uuid::now_v7()).await?;
    act.commit().await?;
    Ok(entered)
}

/// Frees a place.
pub async fn release(conn: &mut PgConnection, by: &Signature, seen: Seen, exit: &Exit) -> Done<()> {
    let mut act = conn.begin().await?;
    let held = lock(&mut act, seen).await?;
    leave(&mut act, by, &held, exit, None).await?;
    act.commit().await?;
    Ok(())
}

/// Frees a place and gives it to another company at once.
/// The place of `choice` is that of the company that leaves.
pub async fn replace(
    conn: &mut PgConnection,
    by: &Signature,
    seen: Seen,
    exit: &Exit,
    choice: &Choice,
) -> Done<Entered> {
    let mut act = conn.begin().await?;
    check_entry(&mut act, by, choice).await?;
    let held = lock(&mut act, seen).await?;
    if held.territory_siren != choice.territory {
        return Err(Refusal::Stale);
    }
    let newcomer = Uuid::now_v7();
    leave(&mut act, by, &held, exit, Some(newcomer)).await?;
    let choice = Choice {
        slot: Some(held.slot),
        ..choice.clone()
    };
    let entered = enter(&mut act, by, &choice, newcomer).await?;
    act.commit().await?;
    Ok(entered)
}

/// Moves a company to another place: a free one, or that of the holder whom the person saw there,
/// and who then takes the place left.
pub async fn relocate(
    conn: &mut PgConnection,
    by: &Signature,
    seen: Seen,
    slot: i16,
    expected_holder: Option<Uuid>,
    motive: &str,
) -> Done<()> {
    check_motive(motive)?;
    let mut act = conn.begin().await?;
    let held = lock(&mut act, seen).await?;
    if held.slot == slot {
        return Err(Refusal::NoChange);
    }
    let holder = sqlx::query_scalar!(
        "select id from key_companies
         where territory_siren = $1 and slot = $2 and exited_on is null for update",
        held.territory_siren,
        slot
    )
    .fetch_optional(&mut *act)
    .await?;
    if holder != expected_holder {
        return Err(Refusal::Stale);
    }
    // One statement: the deferrable constraint looks at its end, when both have changed places.
    sqlx::query!(
        "update key_companies set slot = case id when $1 then $3::smallint else $4 end
         where id in ($1, $2)",
        held.id,
        holder,
        slot,
        held.slot
    )
    .execute(&mut *act)
    .await?;
    let moved = Told {
        kind: "moved",
        motive,
        ..Told::default()
    };
    let told = Told {
        from: Some(held.slot),
        to: Some(slot),
        ..moved
    };
    tell(&mut act, by, held.id, told).await?;
    if let Some(other) = holder {
        let told = Told {
            from: Some(slot),
            to: Some(held.slot),
            ..moved
        };
        tell(&mut act, by, other, told).await?;
    }
    act.commit().await?;
    Ok(())
}

/// Gives a key company to another referent.
pub async fn change_referent(
    conn: &mut PgConnection,
    by: &Signature,
    seen: Seen,
    referent_id: Uuid,
    motive: &str,
) -> Done<()> {
    check_motive(motive)?;
    let mut act = conn.begin().await?;
    let held = lock(&mut act, seen).await?;
    if held.referent_id == referent_id {
        return Err(Refusal::NoChange);
    }
    check_referent(&mut act, referent_id).await?;
    sqlx::query!(
        "update key_companies set referent_id = $2 where id = $1",
        held.id,
        referent_id
    )
    .execute(&mut *act)
    .await?;
    let told = Told {
        kind: "referent_changed",
        referent_id: Some(referent_id),
        motive,
        ..Told::default()
    };
    tell(&mut act, by, held.id, told).await?;
    act.commit().await?;
    Ok(())
}

/// A holder under lock.
struct Held {
    id: Uuid,
    version: i32,
    territory_siren: String,
    slot: i16,
    referent_id: Uuid,
    entered_on: NaiveDate,
}

/// Takes the territory's lock, then looks at the holder: still the one that the person saw?
async fn lock(conn: &mut PgConnection, seen: Seen) -> Done<Held> {
    let territory = sqlx::query_scalar!(
        "select territory_siren from key_companies where id = $1",
        seen.id
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Refusal::Stale)?;
    lock_territory(conn, &territory).await?;
    let held = sqlx::query_as!(
        Held,
        "select id, version, territory_siren, slot, referent_id, entered_on
         from key_companies where id = $1 and exited_on is null for update",
        seen.id
    )
    .fetch_optional(conn)
    .await?;
    held.filter(|held| held.version == seen.version)
        .ok_or(Refusal::Stale)
}

/// People who act on one territory at the same moment are served one after the other: each waits for
/// its turn as long as a statement may run.
async fn lock_territory(conn: &mut PgConnection, siren: &str) -> Done<()> {
    let patience = format!("{}ms", limits::STATEMENT.as_millis());
    sqlx::query!("select set_config('lock_timeout', $1, true)", patience)
        .fetch_one(&mut *conn)
        .await?;
    sqlx::query_scalar!(
        "select siren from territories where siren = $1 for no key update",
        siren
    )
    .fetch_optional(conn)
    .await?
    .map(|_| ())
    .ok_or(Refusal::NotInTerritory)
}

async fn leave(
    conn: &mut PgConnection,
    by: &Signature,
    held: &Held,
    exit: &Exit,
    replaced_by: Option<Uuid>,
) -> Done<()> {
    check_motive(&exit.motive)?;
    if exit.on > by.today {
        return Err(Refusal::DateToCome);
    }
    if exit.on < held.entered_on {
        return Err(Refusal::ExitBeforeEntry(held.entered_on));
    }
    sqlx::query!(
        "update key_companies set exited_on = $2, exit_outcome = $3, exit_motive = $4
         where id = $1",
        held.id,
        exit.on,
        exit.outcome.code(),
        exit.motive.trim()
    )
    .execute(&mut *conn)
    .await?;
    let told = Told {
        kind: if replaced_by.is_some() {
            "replaced"
        } else {
            "released"
        },
        from: Some(held.slot),
        replaced_by,
        motive: &exit.motive,
        ..Told::default()
    };
    tell(conn, by, held.id, told).await
}

fn check_motive(motive: &str) -> Done<()> {
    if motive.trim().chars().count() < MOTIVE_MIN {
        return Err(Refusal::ShortMotive);
    }
    Ok(())
}

async fn check_referent(conn: &mut PgConnection, id: Uuid) -> Done<()> {
    sqlx::query_scalar!(
        "select id from users where id = $1 and role = 'staff' and status = 'active'",
        id
    )
    .fetch_optional(conn)
    .await?
    .map(|_| ())
    .ok_or(Refusal::NotStaff)
}
