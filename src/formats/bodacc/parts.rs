//! The parts of a notice that are themselves JSON, often written inside a text.

use serde_json::Value;

use crate::domain::insolvency::NoticeKind;
use crate::formats::header::fold;
use crate::formats::records::text_of;

/// Text under a key of an object, whatever the case of the key.
pub(super) fn text(object: &Value, key: &str) -> Option<String> {
    text_of(get(object, key)?).map(std::borrow::Cow::into_owned)
}

/// Value under a key of an object, whatever the case of the key.
pub(super) fn get<'v>(object: &'v Value, key: &str) -> Option<&'v Value> {
    let object = object.as_object()?;
    object.get(key).or_else(|| {
        let wanted = fold(key);
        object
            .iter()
            .find(|(k, _)| fold(k) == wanted)
            .map(|(_, v)| v)
    })
}

/// A value or the elements of an array: services write one person alone, several in an array.
fn each(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(values) => values,
        value => std::slice::from_ref(value),
    }
}

/// The persons that a notice names.
pub(super) fn persons(list: &Value) -> &[Value] {
    each(get(list, "personne").unwrap_or(list))
}

/// True when one of them is a natural person; nothing when the file says nothing of some and none
/// is known to be.
pub(super) fn is_person(persons: &[Value]) -> Option<bool> {
    let kinds = persons
        .iter()
        .map(|person| text(person, "typePersonne").map(|kind| fold(&kind)));
    let mut all_moral = !persons.is_empty();
    for kind in kinds {
        match kind.as_deref() {
            Some("pp") => return Some(true),
            Some("pm") => {}
            _ => all_moral = false,
        }
    }
    all_moral.then_some(false)
}

/// Register numbers as written: an array, or a text with commas; then those of the persons.
pub(super) fn numbers(registry: &Value, persons: &[Value]) -> Vec<String> {
    let split = |text: String| -> Vec<String> {
        let parts = text
            .split([',', ';', '|'])
            .map(|part| part.trim().to_owned());
        parts.filter(|part| !part.is_empty()).collect()
    };
    let registered = each(registry)
        .iter()
        .filter_map(|value| text_of(value).map(std::borrow::Cow::into_owned));
    let of_persons = persons
        .iter()
        .filter_map(|person| get(person, "numeroImmatriculation"))
        .flat_map(each)
        .filter_map(|number| text(number, "numeroIdentification"));
    registered.chain(of_persons).flat_map(split).collect()
}

/// `initial`, `annonce`, `rectificatif`, `annulation`.
pub(super) fn kind(text: &str) -> Option<NoticeKind> {
    let word = fold(text);
    if word.contains("rectificati") {
        Some(NoticeKind::Correction)
    } else if word.contains("annulation") {
        Some(NoticeKind::Cancellation)
    } else if ["annonce", "initial", "avisinitial"].contains(&word.as_str()) {
        Some(NoticeKind::Original)
    } else {
        None
    }
}

/// The identifier of the notice that another one changes. `letter` is the edition of the latter,
/// used when the former is not said to be of another one. Old references give the publication
/// without its year, which is then that of its date.
pub(super) fn previous(reference: &Value, letter: char) -> Option<String> {
    let number = text(reference, "numeroAnnonce")?;
    let issue = text(reference, "numeroParution")?;
    let issue = if issue.len() < 8 {
        let date = text(reference, "dateParution")?;
        let year = crate::formats::french_dates::date(&date)?.format("%Y");
        format!("{year}{issue:0>4}")
    } else {
        issue
    };
    let edition = text(reference, "nomPublication");
    let letter = edition.and_then(|name| edition_of(&name)).unwrap_or(letter);
    Some(format!("{letter}{issue}{number}"))
}

/// `BODACC A` or `A`.
pub(super) fn edition_of(name: &str) -> Option<char> {
    let last = name.trim().chars().last()?.to_ascii_uppercase();
    matches!(last, 'A' | 'B' | 'C').then_some(last)
}

/// The first text, at any depth, under a key that ends so.
pub(super) fn deep(value: &Value, end: &str) -> Option<String> {
    match value {
        Value::Object(object) => {
            let named = object.iter().filter(|(key, _)| fold(key).ends_with(end));
            named
                .filter_map(|(_, value)| text_of(value))
                .map(std::borrow::Cow::into_owned)
                .next()
                .or_else(|| object.values().find_map(|value| deep(value, end)))
        }
        Value::Array(values) => values.iter().find_map(|value| deep(value, end)),
        _ => None,
    }
}
