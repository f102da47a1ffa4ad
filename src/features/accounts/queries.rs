//! What the pages of accounts read.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::directory::Status;
use crate::domain::Role;
use crate::web::forms::Choice;

/// One person in the list.
#[derive(Debug, Clone)]
pub struct UserRow {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
    /// Address of sign-in.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Where the account stands.
    pub status: Status,
    /// Name of the organisation.
    pub organisation: String,
    /// Short names of the territories, by name.
    pub territories: Vec<String>,
    /// Last time that the person signed in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
}

/// How many accounts there are.
pub async fn count_users(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from users"#)
        .fetch_one(conn)
        .await
}

/// Accounts by name, those of suspended people last.
pub async fn users(conn: &mut PgConnection, limit: i64, offset: i64) -> sqlx::Result<Vec<UserRow>> {
    let rows = sqlx::query!(
        r#"select u.id, u.full_name, u.email, u.role, u.status, u.last_sign_in_at,
                  o.name as organisation,
                  array(select t.short_name from user_territories ut
                        join territories t on t.siren = ut.territory_siren
                        where ut.user_id = u.id order by t.short_name) as "territories!"
           from users u join organisations o on o.id = u.organisation_id
           order by u.status = 'suspended', fold_text(u.full_name), u.id
           limit $1 offset $2"#,
        limit,
        offset
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(UserRow {
                id: row.id,
                full_name: row.full_name,
                email: row.email,
                role: row.role.parse().ok()?,
                status: Status::of_code(&row.status),
                organisation: row.organisation,
                territories: row.territories,
                last_sign_in_at: row.last_sign_in_at,
            })
        })
        .collect())
}

/// Someone that the service waits for.
#[derive(Debug)]
pub struct Waiting {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Last time that the person signed in; none for an invitation not yet used.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Until when the invitation holds, if it still does.
    pub link_expires_at: Option<DateTime<Utc>>,
    /// Whether the person is invited; else they came once but not since the date asked for.
    pub is_invited: bool,
}

/// People invited who have not come, then people who have not come since `since`.
pub async fn waiting(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"select u.id, u.full_name, u.created_at, u.last_sign_in_at,
                  u.status = 'invited' as "is_invited!",
                  (select max(l.expires_at) from one_time_links l
                   where l.user_id = u.id and l.used_at is null and l.expires_at > $2) as link_expires_at
           from users u
           where u.status = 'invited'
              or (u.status = 'active' and coalesce(u.last_sign_in_at, u.created_at) < $1)
           order by u.status = 'active', coalesce(u.last_sign_in_at, u.created_at), u.id
           limit 100"#,
        since,
        now
    )
    .fetch_all(conn)
    .await
}

/// An account, as its form shows it.
#[derive(Debug, Clone)]
pub struct UserDetail {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
    /// Address of sign-in.
    pub email: String,
    /// Code of the role.
    pub role: String,
    /// Where the account stands.
    pub status: String,
    /// `organisations.id`
    pub organisation_id: Uuid,
    /// SIREN of the territories.
    pub territories: Vec<String>,
    /// Version, for the lost update.
    pub version: i32,
    /// Last time that the person signed in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Sessions that are open, by date only: `sessions` closes them in time.
    pub sessions: i64,
}

/// The account of this id.
pub async fn user(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<UserDetail>> {
    sqlx::query_as!(
        UserDetail,
        r#"select u.id, u.full_name, u.email, u.role, u.status, u.organisation_id, u.version,
                  u.last_sign_in_at,
                  array(select territory_siren from user_territories t where t.user_id = u.id)
                    as "territories!",
                  (select count(*) from sessions s where s.user_id = u.id) as "sessions!"
           from users u where u.id = $1"#,
        id
    )
    .fetch_optional(conn)
    .await
}

/// Who changed an object last, and when.
#[derive(Debug, Clone)]
pub struct LastChange {
    /// Name of the person.
    pub actor_name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The last change of an account in the audit.
pub async fn last_change(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<LastChange>> {
    sqlx::query_as!(
        LastChange,
        "select actor_name, at from audit_events
         where object_type = 'users' and object_id = $1 and verb = 'update'
         order by id desc limit 1",
        id.to_string()
    )
    .fetch_optional(conn)
    .await
}

/// Organisations, by name; one that was set aside only while it has people.
pub async fn organisations(conn: &mut PgConnection) -> sqlx::Result<Vec<Choice>> {
    let rows = sqlx::query!(
        r#"select id, name || case when archived_on is null then '' else ' (archivé)' end as "name!"
           from organisations o
           where archived_on is null or exists (select from users u where u.organisation_id = o.id)
           order by archived_on is not null, fold_text(name), id"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Choice::new(row.id.to_string(), row.name))
        .collect())
}

/// Territories, by name.
pub async fn territories(conn: &mut PgConnection) -> sqlx::Result<Vec<Choice>> {
    let rows =
        sqlx::query!("select siren, short_name from territories order by fold_text(short_name)")
            .fetch_all(conn)
            .await?;
    Ok(rows
        .into_iter()
        .map(|row| Choice::new(row.siren, row.short_name))
        .collect())
}

/// Names of a person's territories.
pub async fn territory_names(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select t.name from user_territories ut join territories t on t.siren = ut.territory_siren
         where ut.user_id = $1 order by fold_text(t.name)",
        id
    )
    .fetch_all(conn)
    .await
}

/// Role, status and address of everyone, for the terminal.
#[derive(Debug)]
pub struct UserLine {
    /// Address of sign-in.
    pub email: String,
    /// First and last name.
    pub full_name: String,
    /// Code of the role.
    pub role: String,
    /// Code of the status.
    pub status: String,
}

/// Everyone, by address.
pub async fn user_lines(conn: &mut PgConnection) -> sqlx::Result<Vec<UserLine>> {
    sqlx::query_as!(
        UserLine,
        "select email, full_name, role, status from users order by email"
    )
    .fetch_all(conn)
    .await
}
