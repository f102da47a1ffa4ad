//! What the journal reads.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::web::forms::Choice;

/// One line of the audit.
#[derive(Debug, Clone)]
pub struct Event {
    /// `audit_events.id`, in order of time.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Name of who did it, as it was then.
    pub actor_name: String,
    /// `insert`, `update`, `delete`, or the code of an act.
    pub verb: String,
    /// Table, or what an act bears on.
    pub object_type: String,
    /// Key of the object; parts joined by `/`.
    pub object_id: String,
    /// The object in words, as it was then.
    pub object_label: Option<String>,
    /// Changed columns before.
    pub before: Option<Value>,
    /// Changed columns after, or details of an act.
    pub after: Option<Value>,
}

/// Which lines.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Who did it.
    pub actor_id: Option<Uuid>,
    /// Table, or what an act bears on.
    pub object_type: Option<String>,
    /// Key of the object, whole.
    pub object_id: Option<String>,
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Only lines older than this one.
    pub before_id: Option<i64>,
}

/// The newest lines, at most `limit`.
pub async fn events(
    conn: &mut PgConnection,
    wanted: &Wanted,
    limit: i64,
) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as!(
        Event,
        "select id, at, actor_name, verb, object_type, object_id, object_label, before, after
         from audit_events
         where ($1::uuid is null or actor_id = $1)
           and ($2::text is null or object_type = $2)
           and ($3::text is null or object_id = $3)
           and ($4::timestamptz is null or at >= $4)
           and ($5::timestamptz is null or at < $5)
           and ($6::bigint is null or id < $6)
         order by id desc limit $7",
        wanted.actor_id,
        wanted.object_type,
        wanted.object_id,
        wanted.from,
        wanted.until,
        wanted.before_id,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Everyone who may have done something.
pub async fn people(conn: &mut PgConnection) -> sqlx::Result<Vec<Choice>> {
    let rows = sqlx::query!("select id, full_name from users order by fold_text(full_name), id")
        .fetch_all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Choice::new(row.id.to_string(), row.full_name))
        .collect())
}

/// Present names of what keys stand for; keys of different kinds cannot be taken for one another.
pub async fn names(
    conn: &mut PgConnection,
    keys: &[String],
) -> sqlx::Result<HashMap<String, String>> {
    let rows = sqlx::query!(
        r#"select id::text as "key!", full_name as "name!" from users where id::text = any($1)
           union all
           select id::text, name from organisations where id::text = any($1)
           union all
           select 't:' || siren, name from territories where siren = any($1)
           union all
           select siren, coalesce(name, usual_name) from companies
           where siren = any($1) and coalesce(name, usual_name) is not null
           union all
           select k.id::text, coalesce(c.name, c.usual_name)
           from key_companies k join companies c on c.siren = k.siren
           where k.id::text = any($1) and coalesce(c.name, c.usual_name) is not null
           union all
           select 'e:' || e.siret, coalesce(e.name, c.name, c.usual_name)
           from establishments e join companies c on c.siren = e.siren
           where e.siret = any($1) and coalesce(e.name, c.name, c.usual_name) is not null"#,
        keys
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.name)).collect())
}
