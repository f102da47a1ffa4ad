//! Signals and views on the level, within the visitor's scope: a company is seen through its
//! establishments. The company's page reads them by itself (`companies::queries::page`).

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::scoring::flags::RedFlag;
use crate::scoring::retained::Shift;

/// A signal that passed its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSignal {
    /// What was seen.
    pub flag: RedFlag,
    /// What shows it.
    pub motive: String,
    /// When it was seen.
    pub observed_on: NaiveDate,
    /// First day on which it has no effect.
    pub expires_on: NaiveDate,
}

/// A view on the level that passed its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewView {
    /// Which way.
    pub shift: Shift,
    /// Why.
    pub motive: String,
    /// First day on which it has no effect.
    pub expires_on: NaiveDate,
}

/// Who signs.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// `users.id`
    pub id: Uuid,
    /// Name, kept as it is today.
    pub name: &'a str,
}

/// Notes a signal on a company.
pub async fn insert(
    conn: &mut PgConnection,
    siren: &str,
    new: &NewSignal,
    author: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into signals (id, siren, kind, observed_on, motive, expires_on, author_id, author_name,
                              created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        siren,
        new.flag.code(),
        new.observed_on,
        new.motive,
        new.expires_on,
        author.id,
        author.name,
        now,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// A signal as it is kept, with its company.
#[derive(Debug)]
pub struct Signal {
    /// `signals.id`
    pub id: Uuid,
    /// SIREN of the company.
    pub siren: String,
    /// Name of the company; null when masked.
    pub company: Option<String>,
    /// Code of a [`RedFlag`].
    pub kind: String,
    /// What shows it.
    pub motive: String,
    /// When it was seen.
    pub observed_on: NaiveDate,
    /// First day on which it has no effect.
    pub expires_on: NaiveDate,
    /// Who noted it.
    pub author_id: Uuid,
    /// Their name then.
    pub author_name: String,
    /// When it was withdrawn.
    pub withdrawn_on: Option<NaiveDate>,
    /// By whom.
    pub withdrawn_by: Option<String>,
    /// Why.
    pub withdrawal_motive: Option<String>,
    /// Moves at each change.
    pub version: i32,
}

/// The signal, if its company is within the scope.
pub async fn find(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    id: Uuid,
) -> sqlx::Result<Option<Signal>> {
    sqlx::query_as!(
        Signal,
        "select g.id, g.siren, case when c.diffusible or not c.is_person then c.name end as company,
                g.kind, g.motive, g.observed_on, g.expires_on, g.author_id, g.author_name,
                g.withdrawn_on, g.withdrawn_by, g.withdrawal_motive, g.version
         from signals g join companies c on c.siren = g.siren
         where g.id = $2 and ($1::text[] is null or exists (
           select from establishments s join current_memberships m on m.insee_code = s.insee_code
           where s.siren = c.siren and m.territory_siren = any($1)))",
        scope,
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Withdraws a signal; `false` when someone changed it first.
pub async fn withdraw(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    motive: &str,
    by: &str,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update signals set withdrawn_on = $3, withdrawn_by = $4, withdrawal_motive = $5
         where id = $1 and version = $2 and withdrawn_on is null",
        id,
        version,
        today,
        by,
        motive,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives another motive to signals that a meeting raised, when it is no longer read as it was.
pub async fn reword(conn: &mut PgConnection, ids: &[Uuid], motive: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update signals set motive = $2 where id = any($1) and motive <> $2",
        ids,
        motive,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A view on the level that is in force.
#[derive(Debug)]
pub struct LevelView {
    /// `risk_overrides.id`
    pub id: Uuid,
    /// « up » or « down ».
    pub direction: String,
    /// Why.
    pub motive: String,
    /// Who signed it.
    pub author_name: String,
    /// When.
    pub decided_on: NaiveDate,
    /// First day on which it has no effect.
    pub expires_on: NaiveDate,
}

/// The view in force on a company that the caller has found within the scope.
pub async fn view_in_force(
    conn: &mut PgConnection,
    siren: &str,
    today: NaiveDate,
) -> sqlx::Result<Option<LevelView>> {
    sqlx::query_as!(
        LevelView,
        "select id, direction, motive, author_name, decided_on, expires_on from risk_overrides
         where siren = $1 and withdrawn_on is null and expires_on > $2
         order by decided_on desc limit 1",
        siren,
        today,
    )
    .fetch_optional(conn)
    .await
}

/// What is shown of the level of a company: a level, `procedure`; none is « non évalué ».
pub async fn shown_level(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Option<String>> {
    let row = sqlx::query_scalar!("select shown from company_risks where siren = $1", siren)
        .fetch_optional(conn)
        .await?;
    Ok(row.flatten())
}

/// Gives a view on the level; `false` when another is in force (`risk_overrides_one_in_force`).
pub async fn give_view(
    conn: &mut PgConnection,
    siren: &str,
    new: &NewView,
    author: Author<'_>,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let direction = match new.shift {
        Shift::Up => "up",
        Shift::Down => "down",
    };
    let done = sqlx::query!(
        "insert into risk_overrides (id, siren, direction, motive, author_id, author_name, decided_on,
                                     expires_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict do nothing",
        Uuid::now_v7(),
        siren,
        direction,
        new.motive,
        author.id,
        author.name,
        today,
        new.expires_on,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Withdraws a view; `false` when it is no longer in force.
pub async fn withdraw_view(
    conn: &mut PgConnection,
    (siren, id): (&str, Uuid),
    motive: &str,
    by: &str,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update risk_overrides set withdrawn_on = $3, withdrawn_by = $4, withdrawal_motive = $5
         where id = $2 and siren = $1 and withdrawn_on is null and expires_on > $3",
        siren,
        id,
        today,
        by,
        motive,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
