//! What is written about organisations.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Dossier, OrganisationKind};

/// The organisation of this name, added if nobody had written it yet: case and accents do not tell
/// two organisations apart.
pub async fn provide(
    conn: &mut PgConnection,
    name: &str,
    kind: OrganisationKind,
) -> sqlx::Result<Uuid> {
    sqlx::query!(
        "insert into organisations (name, kind)
         select $1, $2 where not exists (
           select from organisations where fold_text(name) = fold_text($1))
         on conflict do nothing",
        name,
        kind.code()
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_scalar!(
        "select id from organisations where fold_text(name) = fold_text($1)
         order by archived_on is not null, created_at, id limit 1",
        name
    )
    .fetch_one(conn)
    .await
}

/// An organisation that passed its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganisation {
    /// Name, never empty.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its number in the register, when it has one.
    pub siren: Option<String>,
    /// Mail address, perhaps empty.
    pub email: String,
    /// Normalised number, perhaps empty.
    pub phone: String,
    /// Address of its site, perhaps empty.
    pub website: String,
    /// What the council notes on it; none leaves what is written.
    pub note: Option<String>,
    /// Whether it works in every territory.
    pub covers_everywhere: bool,
    /// SIREN of the territories where it works.
    pub territories: Vec<String>,
    /// What it can bring; an empty theme is the dossier at large.
    pub skills: Vec<(Dossier, String)>,
}

/// Adds an organisation.
pub async fn insert(conn: &mut PgConnection, new: &NewOrganisation) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into organisations (id, name, kind, siren, email, phone, website, note, covers_everywhere)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        new.name,
        new.kind.code(),
        new.siren,
        new.email,
        new.phone,
        new.website,
        new.note.as_deref().unwrap_or_default(),
        new.covers_everywhere,
    )
    .execute(&mut *conn)
    .await?;
    describe(conn, id, new).await?;
    Ok(id)
}

/// Changes an organisation; `false` when someone changed it first.
pub async fn update(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    new: &NewOrganisation,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update organisations set name = $3, kind = $4, siren = $5, email = $6, phone = $7,
                website = $8, note = coalesce($9, note), covers_everywhere = $10
         where id = $1 and version = $2",
        id,
        version,
        new.name,
        new.kind.code(),
        new.siren,
        new.email,
        new.phone,
        new.website,
        new.note,
        new.covers_everywhere,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    describe(conn, id, new).await?;
    Ok(true)
}

/// Its skills and territories, as the form gives them: only what differs is written.
async fn describe(conn: &mut PgConnection, id: Uuid, new: &NewOrganisation) -> sqlx::Result<()> {
    let dossiers: Vec<String> = new.skills.iter().map(|s| s.0.code().to_owned()).collect();
    let themes: Vec<String> = new.skills.iter().map(|s| s.1.clone()).collect();
    sqlx::query!(
        "with given as (select * from unnest($2::text[], $3::text[]) g (dossier, theme)),
              gone as (delete from organisation_skills s
                       where s.organisation_id = $1 and not exists (
                         select from given g where g.dossier = s.dossier and g.theme = s.theme))
         insert into organisation_skills (organisation_id, dossier, theme)
         select $1, dossier, theme from given on conflict do nothing",
        id,
        &dossiers,
        &themes,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "with gone as (delete from organisation_territories
                       where organisation_id = $1 and territory_siren <> all($2))
         insert into organisation_territories (organisation_id, territory_siren)
         select $1, siren from territories where siren = any($2) on conflict do nothing",
        id,
        &new.territories,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Sets an organisation aside since `on`, or takes it back (`None`); `false` when it was so already.
pub async fn set_aside(
    conn: &mut PgConnection,
    id: Uuid,
    on: Option<NaiveDate>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update organisations set archived_on = $2::date
         where id = $1 and (archived_on is null) <> ($2::date is null)",
        id,
        on,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
