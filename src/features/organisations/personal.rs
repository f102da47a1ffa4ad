//! The rights of a person over what is known of them: told whole, or erased. `contacts` uses it too.

use std::io::Write as _;

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::participations::Part;
use crate::auth::audit::{self, Act};
use crate::web::filters::{long_date, long_instant};
use crate::web::forms::FormErrors;
use crate::web::shell::Shell;
use crate::web::{Error, Result, Visit, download, filters};

/// What takes the place of an erased name, in the schema too.
pub const ERASED_NAME: &str = "Personne effacée";
/// Said when it is done.
pub const ERASED: &str = "Les données de la personne sont effacées, dans sa fiche et dans le journal. Ce qu’elle a signé reste, sans son nom.";

/// The version that the person saw before confirming.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct VersionForm {
    version: String,
}

impl VersionForm {
    /// The version; 0, which no record has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }
}

/// The page that asks before erasing.
#[derive(Template, WebTemplate)]
#[template(path = "organisations/effacer.html")]
pub struct ErasePage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where to go instead.
    pub back: String,
    /// Company or organisation.
    pub of: String,
    /// Name of the person.
    pub name: String,
    /// Version that is shown.
    pub version: String,
    /// Whether an account stays.
    pub has_account: bool,
    errors: FormErrors,
}

impl ErasePage {
    /// The question about this person.
    pub fn new(shell: Shell, action: String, back: String, name: &str, version: i32) -> Self {
        let title = format!("Effacer les données de {name}");
        Self {
            shell: shell.titled(title.clone()).at("Effacer"),
            action,
            back,
            of: String::new(),
            name: name.to_owned(),
            version: version.to_string(),
            has_account: false,
            errors: FormErrors::default(),
        }
    }

    /// The question again, since the record changed meanwhile.
    pub fn overtaken(mut self) -> Response {
        self.shell.has_errors = true;
        self.errors.add_general(
            "Cette fiche vient d’être modifiée. Relisez-la, puis confirmez si vous voulez toujours l’effacer.",
        );
        (StatusCode::CONFLICT, self).into_response()
    }
}

/// One act on the record.
#[derive(Debug)]
pub struct Change {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// What, in one word.
    pub verb: String,
}

impl Change {
    /// The act in French.
    pub fn in_words(&self) -> &'static str {
        match self.verb.as_str() {
            "insert" => "Fiche ajoutée",
            "update" => "Fiche modifiée",
            "export" => "Données communiquées",
            _ => "Fiche traitée",
        }
    }
}

/// Everything that is known of one person.
#[derive(Debug)]
pub struct PersonData {
    table: &'static str,
    id: Uuid,
    /// Name of the person.
    pub name: String,
    /// Company or organisation.
    pub of: String,
    /// Where their record is shown.
    pub back: String,
    /// The same as a file.
    pub file: String,
    /// Key, label, value.
    pub fields: Vec<(&'static str, &'static str, String)>,
    values: Map<String, Value>,
    /// What they took part in, and what was sent to them.
    pub parts: Vec<Part>,
    /// What was done with the record, the newest first.
    pub changes: Vec<Change>,
}

impl PersonData {
    /// Of a record of this table.
    pub fn new(table: &'static str, id: Uuid, name: &str) -> Self {
        Self {
            table,
            id,
            name: name.to_owned(),
            of: String::new(),
            back: String::new(),
            file: String::new(),
            fields: Vec::new(),
            values: Map::new(),
            parts: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// One text, told even when empty: nothing is known either way.
    pub fn add(&mut self, key: &'static str, label: &'static str, value: &str) {
        self.fields.push((key, label, value.to_owned()));
        self.values.insert(key.to_owned(), value.into());
    }

    /// One day.
    pub fn add_day(&mut self, key: &'static str, label: &'static str, day: Option<NaiveDate>) {
        self.fields
            .push((key, label, day.map(long_date).unwrap_or_default()));
        self.values
            .insert(key.to_owned(), json!(day.map(|day| day.to_string())));
    }

    /// One instant.
    pub fn add_instant(&mut self, key: &'static str, label: &'static str, at: DateTime<Utc>) {
        self.fields.push((key, label, long_instant(at)));
        self.values.insert(key.to_owned(), json!(at.to_rfc3339()));
    }

    /// What was done with the record.
    pub async fn read_changes(&mut self, conn: &mut PgConnection) -> sqlx::Result<()> {
        self.changes = sqlx::query_as!(
            Change,
            "select at, actor_name as by, verb from audit_events
             where object_type = $1 and object_id = $2 order by id desc limit 500",
            self.table,
            self.id.to_string(),
        )
        .fetch_all(conn)
        .await?;
        Ok(())
    }

    /// Keeps in the audit that these data were told.
    pub async fn leave_a_trace(&self, conn: &mut PgConnection, visit: &Visit) -> sqlx::Result<()> {
        let id = self.id.to_string();
        let label = format!("les données de {}", self.name);
        let act = Act {
            verb: "export",
            object: (self.table, &id),
            label: &label,
            details: None,
        };
        audit::record(conn, &visit.acting(), act).await
    }

    /// The file that the person may take elsewhere.
    pub fn file(&self, visit: &Visit) -> Result<Response> {
        let changes: Vec<Value> = self
            .changes
            .iter()
            .map(|change| {
                json!({ "le": change.at.to_rfc3339(), "par": change.by, "acte": change.in_words() })
            })
            .collect();
        let parts: Map<String, Value> = self
            .parts
            .iter()
            .map(|part| (part.key.to_owned(), Value::from(part.values.clone())))
            .collect();
        let whole = json!({
            "exporte_le": visit.now.to_rfc3339(),
            "exporte_par": visit.user.name,
            "personne": self.values,
            "participations": parts,
            "traitements": changes,
        });
        let text = serde_json::to_vec_pretty(&whole).map_err(Error::internal)?;
        let name = format!("donnees-personnelles-{}.json", self.id);
        download::attachment(&name, "application/json", move |out| out.write_all(&text))
    }
}

/// Everything that is known of one person, to read and print.
#[derive(Template, WebTemplate)]
#[template(path = "organisations/donnees.html")]
pub struct DataPage {
    /// Frame.
    pub shell: Shell,
    /// The data.
    pub data: PersonData,
}

impl DataPage {
    /// The page of these data.
    pub fn new(shell: Shell, data: PersonData) -> Self {
        let title = format!("Données de {}", data.name);
        Self {
            shell: shell.titled(title).at("Données personnelles"),
            data,
        }
    }
}
