//! One line of the audit as a French sentence, with what changed, before and after.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};

use super::queries::Event;
use super::words::{self, Column, Kind, Table};
use crate::web::filters::{UNKNOWN, group_thousands, long_date, long_instant};

/// Names of what keys stand for: as `queries::names` gives them.
pub type Names = HashMap<String, String>;

/// One field that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Field in French.
    pub field: &'static str,
    /// Value before, none when the object was added.
    pub before: Option<String>,
    /// Value after, none when the object was removed.
    pub after: Option<String>,
}

/// Keys whose names the sentence needs, in the form that `names` expects.
pub fn keys(event: &Event) -> Vec<String> {
    let mut keys: Vec<String> = event.object_id.split('/').map(str::to_owned).collect();
    for values in [&event.before, &event.after].into_iter().flatten() {
        let Some(values) = values.as_object() else {
            continue;
        };
        keys.extend(values.values().filter_map(Value::as_str).map(str::to_owned));
    }
    keys.retain(|key| key.len() <= 36);
    keys
}

/// Who did it, ready to begin a sentence.
fn subject(event: &Event) -> &str {
    match event.actor_name.as_str() {
        "Personne non connectée" => "Une personne non connectée",
        "Ligne de commande" => "La ligne de commande",
        name => name,
    }
}

/// The line in one sentence, without the full stop.
pub fn sentence(event: &Event, names: &Names) -> String {
    let done = match words::table(&event.object_type) {
        Some(table) if is_row_verb(&event.verb) => row_sentence(event, table, names),
        _ => act_sentence(event),
    };
    format!("{} {done}", subject(event))
}

fn is_row_verb(verb: &str) -> bool {
    matches!(verb, "insert" | "update" | "delete")
}

fn act_sentence(event: &Event) -> String {
    let label = event.object_label.as_deref().unwrap_or("un objet sans nom");
    words::ACTS
        .iter()
        .find(|(verb, _)| *verb == event.verb)
        .map_or_else(
            || format!("a agi sur {label}"),
            |(_, words)| words.replace("{}", label),
        )
}

fn row_sentence(event: &Event, table: &Table, names: &Names) -> String {
    let object = object(event, table, names);
    let special = match table.name {
        "key_companies" => key_company(event, &object, names),
        "users" => account(event, &object),
        "user_territories" => entrusted(event, &object, names),
        "imports" => import(event, &object),
        "contacts" | "partner_people" | "organisations" => set_aside(event, &object),
        _ => None,
    };
    special.unwrap_or_else(|| {
        let words = match event.verb.as_str() {
            "insert" => table.inserted,
            "delete" => table.deleted,
            _ => table.updated,
        };
        words.replace("{}", &object)
    })
}

/// The object in words: its label of then, else the present name of its key.
fn object(event: &Event, table: &Table, names: &Names) -> String {
    if let Some(label) = event
        .object_label
        .as_deref()
        .filter(|label| !label.is_empty())
    {
        return label.to_owned();
    }
    let (column, kind) = table.object;
    if let Some(value) = value_of(event, column) {
        return show(value, kind, names);
    }
    let key = event.object_id.split('/').next().unwrap_or_default();
    // A change of a place tells only what changed: its key leads to the company.
    names.get(key).cloned().unwrap_or_else(|| match kind {
        Kind::User | Kind::Organisation => "une fiche supprimée depuis".to_owned(),
        Kind::Company if key.len() != 9 => "une entreprise".to_owned(),
        _ => show(&Value::from(key), kind, names),
    })
}

/// What leaves without being deleted: set aside, taken back, or erased at the person's request.
fn set_aside(event: &Event, object: &str) -> Option<String> {
    if event.verb != "update" {
        return None;
    }
    if changed(event, "erased_at").is_some() {
        return Some("a effacé les données d’une personne".to_owned());
    }
    let archived = event.after.as_ref()?.get("archived_on")?;
    Some(if archived.is_null() {
        format!("a rétabli {object}")
    } else {
        format!("a archivé {object}")
    })
}

fn value_of<'a>(event: &'a Event, column: &str) -> Option<&'a Value> {
    let of = |values: &'a Option<Value>| values.as_ref().and_then(|values| values.get(column));
    of(&event.after).or_else(|| of(&event.before))
}

fn changed<'a>(event: &'a Event, column: &str) -> Option<&'a Value> {
    event
        .after
        .as_ref()?
        .get(column)
        .filter(|value| !value.is_null())
}

fn key_company(event: &Event, company: &str, names: &Names) -> Option<String> {
    let slot = |values: &Option<Value>| values.as_ref()?.get("slot")?.as_i64();
    if event.verb == "insert" {
        let place = slot(&event.after)?;
        let territory = value_of(event, "territory_siren").map_or_else(String::new, |t| {
            format!(" ({})", show(t, Kind::Territory, names))
        });
        return Some(format!("a choisi {company} en place {place}{territory}"));
    }
    if changed(event, "exited_on").is_some() {
        return Some(format!("a sorti {company} des entreprises clés"));
    }
    if let (Some(from), Some(to)) = (slot(&event.before), slot(&event.after)) {
        return Some(format!(
            "a déplacé {company} de la place {from} à la place {to}"
        ));
    }
    changed(event, "referent_id").map(|_| format!("a changé le référent de {company}"))
}

fn account(event: &Event, person: &str) -> Option<String> {
    if event.verb == "insert" {
        return Some(format!("a invité {person}"));
    }
    let status =
        |values: &Option<Value>| Some(values.as_ref()?.get("status")?.as_str()?.to_owned());
    let whose = if event.actor_name == person {
        "son mot de passe".to_owned()
    } else {
        format!("le mot de passe du compte de {person}")
    };
    match (
        status(&event.before).as_deref(),
        status(&event.after).as_deref(),
    ) {
        (_, Some("suspended")) => Some(format!("a suspendu le compte de {person}")),
        (Some("suspended"), _) => Some(format!("a rouvert le compte de {person}")),
        (Some("invited"), Some("active")) => Some(format!("a choisi {whose}")),
        _ => changed(event, "password_hash").map(|_| format!("a changé {whose}")),
    }
}

/// An import goes through stages: the line tells the stage.
fn import(event: &Event, label: &str) -> Option<String> {
    if event.verb != "update" {
        return None;
    }
    let done = match changed(event, "status")?.as_str()? {
        "ready" => "a préparé",
        "applying" => "a confirmé",
        "applied" => "a enregistré",
        "undoing" => "a demandé d’annuler",
        "undone" => "a annulé",
        "discarded" => "a abandonné",
        "failed" => "n’a pas pu mener à bien",
        _ => return None,
    };
    Some(format!("{done} l’import {label}"))
}

fn entrusted(event: &Event, person: &str, names: &Names) -> Option<String> {
    let territory = show(value_of(event, "territory_siren")?, Kind::Territory, names);
    match event.verb.as_str() {
        "insert" => Some(format!("a confié {territory} à {person}")),
        "delete" => Some(format!("a retiré {territory} à {person}")),
        _ => None,
    }
}

/// What changed, field by field, in the order of the dictionary.
pub fn changes(event: &Event, names: &Names) -> Vec<Change> {
    let columns = match words::table(&event.object_type) {
        Some(table) if is_row_verb(&event.verb) => table.columns,
        _ => words::DETAILS,
    };
    let empty = Map::new();
    let before = event
        .before
        .as_ref()
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let after = event
        .after
        .as_ref()
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    columns
        .iter()
        .filter(|(name, _, kind)| {
            *kind != Kind::Hidden && (before.contains_key(*name) || after.contains_key(*name))
        })
        .filter_map(|column| change(column, before, after, names))
        .collect()
}

fn change(
    (name, field, kind): &Column,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    names: &Names,
) -> Option<Change> {
    if *kind == Kind::Private {
        let after = Some("changé, contenu non affiché".to_owned());
        return Some(Change {
            field,
            before: None,
            after,
        });
    }
    let (old, new) = (before.get(*name), after.get(*name));
    // An object that is added or removed lists what it held, not what it lacked.
    if old.is_none_or(Value::is_null) && new.is_none_or(Value::is_null) {
        return None;
    }
    Some(Change {
        field,
        before: old.map(|value| show(value, *kind, names)),
        after: new.map(|value| show(value, *kind, names)),
    })
}

/// A value as French readers expect it.
fn show(value: &Value, kind: Kind, names: &Names) -> String {
    let text = match value {
        Value::Null => return UNKNOWN.to_owned(),
        Value::Bool(flag) => return if *flag { "oui" } else { "non" }.to_owned(),
        Value::Number(number) if kind == Kind::Number => {
            return number
                .as_i64()
                .map_or_else(|| number.to_string(), group_thousands);
        }
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            texts.join(", ")
        }
        Value::Object(_) => return "détail non affiché".to_owned(),
    };
    if text.trim().is_empty() {
        return UNKNOWN.to_owned();
    }
    show_text(text, kind, names)
}

fn show_text(text: String, kind: Kind, names: &Names) -> String {
    let name_of = |key: &str, otherwise: String| names.get(key).cloned().unwrap_or(otherwise);
    match kind {
        Kind::Day => text.parse::<NaiveDate>().map_or(text, long_date),
        Kind::Instant => text.parse::<DateTime<Utc>>().map_or(text, long_instant),
        Kind::Code(codes) => codes
            .iter()
            .find(|(code, _)| *code == text)
            .map_or(text, |(_, words)| (*words).to_owned()),
        Kind::User | Kind::Organisation => name_of(&text, "une fiche supprimée depuis".to_owned()),
        Kind::Territory => name_of(&format!("t:{text}"), text),
        Kind::Company => name_of(&text, grouped(&text)),
        Kind::Establishment => match names.get(&format!("e:{text}")) {
            Some(name) => format!("{name} ({})", grouped(&text)),
            None => grouped(&text),
        },
        _ => text,
    }
}

/// A SIREN or SIRET in groups.
fn grouped(number: &str) -> String {
    let mut text = String::new();
    for (index, digit) in number.chars().enumerate() {
        if index > 0 && index <= 9 && index.is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(verb: &str, table: &str, before: Option<Value>, after: Option<Value>) -> Event {
        Event {
            id: 1,
            at: "2026-11-24T09:00:00Z".parse().expect("an instant"),
            actor_name: "Claire Martin".into(),
            verb: verb.into(),
            object_type: table.into(),
            object_id: "k1".into(),
            object_label: None,
            before,
            after,
        }
    }

    fn names() -> Names {
        [
            ("000000001", "EXEMPLE Mécanique"),
            ("t:200040905", "CC Exemple"),
            ("k1", "EXEMPLE Mécanique"),
            ("u1", "Paul Roux"),
        ]
        .map(|(key, name)| (key.to_owned(), name.to_owned()))
        .into()
    }

    #[test]
    fn a_choice_reads_as_a_person_would_tell_it() {
        let after = json!({"siren": "000000001", "slot": 2, "territory_siren": "200040905", "entered_on": "2026-11-01"});
        let event = event("insert", "key_companies", None, Some(after));
        assert_eq!(
            sentence(&event, &names()),
            "Claire Martin a choisi EXEMPLE Mécanique en place 2 (CC Exemple)"
        );
        let told = changes(&event, &names());
        let entry = told
            .iter()
            .find(|change| change.field == "Entrée")
            .expect("the date");
        assert_eq!(entry.after.as_deref(), Some("1er\u{a0}novembre 2026"));
        assert_eq!(entry.before, None);
    }

    #[test]
    fn a_move_and_a_release_of_a_place_are_told_apart() {
        let moved = event(
            "update",
            "key_companies",
            Some(json!({"slot": 2})),
            Some(json!({"slot": 3})),
        );
        assert_eq!(
            sentence(&moved, &names()),
            "Claire Martin a déplacé EXEMPLE Mécanique de la place 2 à la place 3"
        );
        let released = event(
            "update",
            "key_companies",
            Some(json!({"exited_on": null, "exit_outcome": null})),
            Some(json!({"exited_on": "2026-11-24", "exit_outcome": "closed"})),
        );
        assert_eq!(
            sentence(&released, &names()),
            "Claire Martin a sorti EXEMPLE Mécanique des entreprises clés"
        );
        let outcome = changes(&released, &names());
        let outcome = outcome
            .iter()
            .find(|change| change.field == "Issue")
            .expect("the outcome");
        assert_eq!(outcome.before.as_deref(), Some(UNKNOWN));
        assert_eq!(outcome.after.as_deref(), Some("fermée"));
    }

    #[test]
    fn an_import_tells_its_stage() {
        let stage = |status: &str| {
            let mut event = event(
                "update",
                "imports",
                Some(json!({"status": "analysing"})),
                Some(json!({"status": status})),
            );
            event.object_label = Some("SIRENE".into());
            sentence(&event, &names())
        };
        assert_eq!(
            stage("applying"),
            "Claire Martin a confirmé l’import SIRENE"
        );
        assert_eq!(stage("undone"), "Claire Martin a annulé l’import SIRENE");
    }

    #[test]
    fn a_password_is_told_without_its_content() {
        let mut event = event(
            "update",
            "users",
            Some(json!({"password_hash": "•••"})),
            Some(json!({"password_hash": "•••"})),
        );
        event.object_label = Some("Paul Roux".into());
        assert_eq!(
            sentence(&event, &names()),
            "Claire Martin a changé le mot de passe du compte de Paul Roux"
        );
        assert_eq!(
            changes(&event, &names()),
            [Change {
                field: "Mot de passe",
                before: None,
                after: Some("changé, contenu non affiché".into())
            }]
        );
    }

    #[test]
    fn an_act_or_a_table_of_tomorrow_still_makes_a_sentence_without_code() {
        let mut event = event(
            "launched",
            "rockets",
            None,
            Some(json!({"secret": {"a": 1}})),
        );
        event.object_label = Some("Ariane".into());
        assert_eq!(sentence(&event, &names()), "Claire Martin a agi sur Ariane");
        assert!(changes(&event, &names()).is_empty());
    }
}
