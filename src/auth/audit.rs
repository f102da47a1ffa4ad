//! The proof of who did what. Triggers write the changes of rows; this module signs the
//! transactions that they read, and writes the acts that change no row (sign-in, export).

use sqlx::PgConnection;
use uuid::Uuid;

use super::users::CurrentUser;

/// Who acts in a transaction.
#[derive(Debug, Clone)]
pub struct Acting {
    /// `users.id`, none for the system and before sign-in.
    pub id: Option<Uuid>,
    /// Name as it will be read years later.
    pub name: String,
    /// Where the act comes from.
    pub origin: Origin,
    /// Request that carries it.
    pub request_id: Option<String>,
}

/// Where an act comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A page.
    Web,
    /// A subcommand.
    Cli,
    /// A job or the program itself.
    System,
}

impl Origin {
    const fn code(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Cli => "cli",
            Self::System => "system",
        }
    }
}

impl Acting {
    /// The signed-in person.
    pub fn user(user: &CurrentUser, request_id: &str) -> Self {
        Self {
            id: Some(user.id),
            name: user.name.clone(),
            origin: Origin::Web,
            request_id: Some(request_id.to_owned()),
        }
    }

    /// A visitor who has not signed in.
    pub fn visitor(request_id: &str) -> Self {
        Self {
            id: None,
            name: "Personne non connectée".to_owned(),
            origin: Origin::Web,
            request_id: Some(request_id.to_owned()),
        }
    }

    /// A subcommand.
    pub fn command() -> Self {
        Self {
            id: None,
            name: "Ligne de commande".into(),
            origin: Origin::Cli,
            request_id: None,
        }
    }

    /// The program itself.
    pub fn system() -> Self {
        Self {
            id: None,
            name: "Vigie".into(),
            origin: Origin::System,
            request_id: None,
        }
    }
}

/// Signs the current transaction: every audit line that it causes bears this name.
pub async fn sign(conn: &mut PgConnection, acting: &Acting) -> sqlx::Result<()> {
    sqlx::query!(
        "select set_config('vigie.actor_id', $1, true) as actor_id,
                set_config('vigie.actor_name', $2, true) as actor_name,
                set_config('vigie.origin', $3, true) as origin,
                set_config('vigie.request_id', $4, true) as request_id",
        acting.id.map(|id| id.to_string()).unwrap_or_default(),
        acting.name,
        acting.origin.code(),
        acting.request_id.as_deref().unwrap_or_default(),
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// An act that changes no row of its own.
#[derive(Debug)]
pub struct Act<'a> {
    /// Code of the act: `sign_in`, `sign_in_failed`, `sign_out`, `export`, `access_refused`…
    pub verb: &'a str,
    /// What it bears on, and its key.
    pub object: (&'a str, &'a str),
    /// The object in words.
    pub label: &'a str,
    /// Facts worth keeping (row count, filters), without personal notes.
    pub details: Option<serde_json::Value>,
}

/// Writes an act in the audit, signed by the current transaction or by `acting`.
pub async fn record(conn: &mut PgConnection, acting: &Acting, act: Act<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into audit_events
           (actor_id, actor_name, origin, request_id, verb, object_type, object_id, object_label, after)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        acting.id,
        acting.name,
        acting.origin.code(),
        acting.request_id,
        act.verb,
        act.object.0,
        act.object.1,
        act.label,
        act.details,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The same for what may be repeated at will, such as a refusal: at most once a minute for the same
/// verb and person, or address for a visitor who has not signed in.
pub async fn record_rarely(
    conn: &mut PgConnection,
    acting: &Acting,
    act: Act<'_>,
) -> sqlx::Result<()> {
    let is_known = sqlx::query_scalar!(
        r#"select exists (select from audit_events
             where at > clock_timestamp() - interval '1 minute' and verb = $1
               and actor_id is not distinct from $2
               and after ->> 'ip' is not distinct from $3::jsonb ->> 'ip') as "known!""#,
        act.verb,
        acting.id,
        act.details,
    )
    .fetch_one(&mut *conn)
    .await?;
    if is_known {
        return Ok(());
    }
    record(conn, acting, act).await
}
