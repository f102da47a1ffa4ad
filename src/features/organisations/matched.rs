//! What an organisation or a company needs and offers, and to whom it was introduced, as its page tells it.
//! `matching_lines`, in the schema, holds who reads what.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::web::filters::long_date;

/// A need, an offer or an introduction.
#[derive(Debug, Clone, Deserialize)]
pub struct MatchLine {
    /// Key.
    pub id: Uuid,
    /// `need`, `offer` or `introduction`.
    pub kind: String,
    /// The theme in words.
    pub theme: String,
    /// What is needed or offered.
    pub text: String,
    /// When it was said, or since when the introduction stands there.
    pub on: NaiveDate,
    /// Code of the introduction's state.
    pub state: Option<String>,
    /// The other party; null when masked.
    pub other: Option<String>,
    /// Closed, or ended.
    pub is_over: bool,
}

impl MatchLine {
    /// Its page.
    pub fn href(&self) -> String {
        if self.state.is_some() {
            format!("/mises-en-relation/{}", self.id)
        } else {
            format!("/besoins-et-offres/{}", self.id)
        }
    }

    /// What it is.
    pub fn label(&self) -> String {
        match self.kind.as_str() {
            "need" => format!("Besoin\u{a0}: {}", self.text),
            "offer" => format!("Offre\u{a0}: {}", self.text),
            _ => format!(
                "Mise en relation avec {}",
                self.other.as_deref().unwrap_or("une entreprise non nommée")
            ),
        }
    }

    /// Where it stands, or what it is about and since when.
    pub fn detail(&self) -> String {
        let on = long_date(self.on);
        match self.state.as_deref() {
            Some("proposed") => format!("Proposée le {on}\u{a0}: {}", self.text),
            Some("accepted") => format!("Acceptée le {on}\u{a0}: {}", self.text),
            Some("met") => format!("Rencontre faite le {on}\u{a0}: {}", self.text),
            Some("pursued") => format!("Suite donnée le {on}\u{a0}: {}", self.text),
            Some(_) => format!("Sans suite le {on}\u{a0}: {}", self.text),
            None if self.is_over => format!("{}, dit le {on}, clos", self.theme),
            None => format!("{}, dit le {on}", self.theme),
        }
    }
}

/// Those of an organisation.
pub async fn of(
    conn: &mut PgConnection,
    (scope, council, own): (Option<&[String]>, bool, Uuid),
    organisation: Uuid,
) -> sqlx::Result<Vec<MatchLine>> {
    let found = sqlx::query_scalar!(
        r#"select matching_lines($2, $1, $3, null, $4) as "lines!: Json<Vec<MatchLine>>""#,
        scope,
        council,
        own,
        organisation,
    )
    .fetch_one(conn)
    .await?;
    Ok(found.0)
}
