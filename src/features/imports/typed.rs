//! Accounts that a person typed: facts like those of a file, signed by their author.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::facts::{FactKind, NewFact};
use super::facts_intake::yearly_key;
use crate::domain::Siren;
use crate::formats::annual_accounts::AccountsRow;
use crate::formats::ratios::AccountsKind;

/// End of the key of what a person typed: a file never corrects it, nor the reverse.
pub const TYPED: &str = "/saisie";

/// Who typed.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// `users.id`
    pub id: Uuid,
    /// Name, for the source.
    pub name: &'a str,
}

/// Typed accounts as they are kept.
#[derive(Debug)]
pub struct TypedAccounts {
    /// What was typed.
    pub content: Json<AccountsRow>,
    /// Moves at each change of the content.
    pub version: String,
    /// « Saisie de … ».
    pub source: String,
    /// When it was typed.
    pub source_date: NaiveDate,
}

/// The key of typed accounts.
pub fn key(siren: Siren, closed_on: NaiveDate, kind: AccountsKind) -> String {
    format!("{}{TYPED}", yearly_key(siren, closed_on, kind))
}

/// The typed accounts of that key.
pub async fn find(conn: &mut PgConnection, key: &str) -> sqlx::Result<Option<TypedAccounts>> {
    sqlx::query_as!(
        TypedAccounts,
        r#"select content as "content: Json<AccountsRow>", source, source_date,
                  encode(sha256(convert_to(content::text, 'UTF8')), 'hex') as "version!"
           from facts where kind = 'accounts' and key = $1"#,
        key
    )
    .fetch_optional(conn)
    .await
}

/// Keeps typed accounts in place of those of this version; `false` when others are kept.
pub async fn save(
    conn: &mut PgConnection,
    accounts: &AccountsRow,
    author: Author<'_>,
    today: NaiveDate,
    version: &str,
) -> sqlx::Result<bool> {
    let fact = NewFact {
        kind: FactKind::Accounts,
        key: key(accounts.siren, accounts.closed_on, accounts.kind),
        siren: accounts.siren,
        happened_on: accounts.closed_on,
        content: accounts,
    };
    let done = sqlx::query!(
        "insert into facts (kind, key, siren, happened_on, content, author_id, source, source_date)
         values ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8)
         on conflict (kind, key) do update
           set content = excluded.content, author_id = excluded.author_id, source = excluded.source,
               source_date = excluded.source_date
           where encode(sha256(convert_to(facts.content::text, 'UTF8')), 'hex') = $9",
        fact.kind.code(),
        fact.key,
        fact.siren.as_str(),
        fact.happened_on,
        fact.json(),
        author.id,
        format!("Saisie de {}", author.name),
        today,
        version,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes typed accounts and keeps why; `false` when they are no longer those of this version.
pub async fn remove(
    conn: &mut PgConnection,
    (key, version): (&str, &str),
    motive: &str,
    author: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "with gone as (
           delete from facts
            where kind = 'accounts' and key = $1 and author_id is not null
              and encode(sha256(convert_to(content::text, 'UTF8')), 'hex') = $2
            returning siren, key, happened_on)
         insert into removed_accounts (id, siren, fact_key, closed_on, motive, removed_by,
                                       removed_by_name, removed_at)
         select $3, siren, key, happened_on, $4, $5, $6, $7 from gone",
        key,
        version,
        Uuid::now_v7(),
        motive,
        author.id,
        author.name,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
