//! The journal: what was done, by whom and when, in sentences. Reads the audit, which nothing
//! rewrites.

mod codes;
mod meetings;
mod partners;
mod queries;
mod sentence;
pub mod words;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Query;
use axum::response::IntoResponse;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use serde::Deserialize;

use self::queries::{Event, Wanted};
use self::sentence::Change;
use crate::web::filters;
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::shell::Shell;
use crate::web::{Db, Result, Visit};

const PATH: &str = "/journal";
const LINES: usize = 50;

/// The filters, as the address carries them; a value that means nothing filters nothing and is told.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct JournalQuery {
    #[serde(default, rename = "personne")]
    person: String,
    #[serde(default, rename = "objet")]
    object: String,
    #[serde(default, rename = "du")]
    from: String,
    #[serde(default, rename = "au")]
    until: String,
    #[serde(default, rename = "cle")]
    key: String,
    #[serde(default, rename = "avant")]
    before: String,
}

/// One line, ready to read.
struct Line {
    at: DateTime<Utc>,
    sentence: String,
    changes: Vec<Change>,
    /// The other lines about the same object.
    same_object: String,
}

#[derive(Template, WebTemplate)]
#[template(path = "accounts/journal.html")]
struct JournalPage {
    shell: Shell,
    lines: Vec<Line>,
    query: JournalQuery,
    people: Vec<Choice>,
    objects: Vec<Choice>,
    errors: FormErrors,
    filters: Vec<ActiveFilter>,
    older: Option<String>,
}

/// `GET /journal`
pub async fn index(
    visit: Visit,
    mut db: Db,
    Query(query): Query<JournalQuery>,
) -> Result<impl IntoResponse> {
    let mut errors = FormErrors::default();
    let wanted = wanted(&query, &mut errors);
    // One more line than shown tells whether there are older ones.
    let mut events = queries::events(&mut db, &wanted, 51).await?;
    let has_older = events.len() > LINES;
    events.truncate(LINES);
    let keys: Vec<String> = events.iter().flat_map(sentence::keys).collect();
    let names = queries::names(&mut db, &keys).await?;
    let people = queries::people(&mut db).await?;
    let objects: Vec<Choice> = words::TABLES
        .iter()
        .map(|table| Choice::new(table.name, table.label))
        .collect();
    let last = events
        .last()
        .filter(|_| has_older)
        .map(|event| event.id.to_string());
    let mut shell = visit.shell("Journal").via("Accueil", "/").at("Journal");
    shell.has_errors = !errors.is_empty();
    Ok(JournalPage {
        shell,
        lines: events.iter().map(|event| line(event, &names)).collect(),
        filters: active(&query, &people, &objects),
        older: last.map(|id| {
            JournalQuery {
                before: id,
                ..query.clone()
            }
            .href()
        }),
        query,
        people,
        objects,
        errors,
    })
}

fn line(event: &Event, names: &sentence::Names) -> Line {
    let same = JournalQuery {
        object: event.object_type.clone(),
        key: event.object_id.clone(),
        ..JournalQuery::default()
    };
    Line {
        at: event.at,
        sentence: sentence::sentence(event, names),
        changes: sentence::changes(event, names),
        same_object: same.href(),
    }
}

fn wanted(query: &JournalQuery, errors: &mut FormErrors) -> Wanted {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut day = |field: &str, text: &str| {
        let text = text.trim();
        let parsed = parse_day(text);
        if parsed.is_none() && !text.is_empty() {
            errors.add(
                field,
                "Écrivez une date, par exemple 24/11/2026. Ce filtre n’a pas été appliqué.",
            );
        }
        parsed
    };
    let from = day("du", &query.from);
    let until = day("au", &query.until).and_then(|day| day.checked_add_days(Days::new(1)));
    Wanted {
        actor_id: query.person.parse().ok(),
        object_type: given(&query.object),
        object_id: given(&query.key),
        from: from.and_then(midnight),
        until: until.and_then(midnight),
        before_id: query.before.parse().ok(),
    }
}

/// `2026-11-24`, as a date field sends it, or `24/11/2026`, as a person types it.
fn parse_day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(text, "%d/%m/%Y"))
        .ok()?;
    // What PostgreSQL can hold and a person can mean.
    let first = NaiveDate::from_ymd_opt(1900, 1, 1)?;
    let last = NaiveDate::from_ymd_opt(9999, 1, 1)?;
    (first..last).contains(&day).then_some(day)
}

/// The instant at which a day begins in France.
fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    let start = day
        .and_hms_opt(0, 0, 0)?
        .and_local_timezone(Paris)
        .earliest()?;
    Some(start.with_timezone(&Utc))
}

impl JournalQuery {
    /// The address of the journal with these filters.
    fn href(&self) -> String {
        let pairs = [
            ("personne", &self.person),
            ("objet", &self.object),
            ("du", &self.from),
            ("au", &self.until),
            ("cle", &self.key),
            ("avant", &self.before),
        ];
        let kept: Vec<_> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        if kept.is_empty() {
            return PATH.to_owned();
        }
        let query = serde_html_form::to_string(kept).unwrap_or_default();
        format!("{PATH}?{query}")
    }

    fn without(&self, clear: impl FnOnce(&mut Self)) -> String {
        let mut other = Self {
            before: String::new(),
            ..self.clone()
        };
        clear(&mut other);
        other.href()
    }
}

fn active(query: &JournalQuery, people: &[Choice], objects: &[Choice]) -> Vec<ActiveFilter> {
    let word = |choices: &[Choice], value: &str| {
        let found = choices.iter().find(|choice| choice.value == value);
        found.map_or_else(|| "inconnu".to_owned(), |choice| choice.label.clone())
    };
    let day =
        |text: &str| parse_day(text.trim()).map_or_else(|| text.to_owned(), filters::long_date);
    let mut active = Vec::new();
    let mut add = |value: &str, label: String, remove_href: String| {
        if !value.is_empty() {
            active.push(ActiveFilter { label, remove_href });
        }
    };
    add(
        &query.person,
        format!("Personne : {}", word(people, &query.person)),
        query.without(|q| q.person.clear()),
    );
    add(
        &query.object,
        format!("Objet : {}", word(objects, &query.object)),
        query.without(|q| q.object.clear()),
    );
    add(
        &query.from,
        format!("Du {}", day(&query.from)),
        query.without(|q| q.from.clear()),
    );
    add(
        &query.until,
        format!("Au {}", day(&query.until)),
        query.without(|q| q.until.clear()),
    );
    add(
        &query.key,
        format!("Identifiant : {}", query.key),
        query.without(|q| q.key.clear()),
    );
    active
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_france() {
        let day = parse_day("24/11/2026")
            .and_then(midnight)
            .expect("an instant");
        assert_eq!(day.to_rfc3339(), "2026-11-23T23:00:00+00:00");
        assert_eq!(parse_day("2026-11-24"), parse_day("24/11/2026"));
        for bad in ["", "hier", "0008-01-01", "31/02/2026", "99999-01-01"] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
    }
}
