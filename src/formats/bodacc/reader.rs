//! Notices one by one, from JSON or from a table.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::{Deposit, Family, JudgmentRow, NoticeRow, RadiationRow, nature, parts};
use crate::domain::Siren;
use crate::domain::insolvency::{Category, NoticeKind};
use crate::formats::file_error::FileError;
use crate::formats::header::fold;
use crate::formats::input::TextFile;
use crate::formats::record_reader::{Keep, RecordReader};
use crate::formats::records::{Built, Fields, Name, PAST_DATE, Records};
use crate::formats::rejection::{Cause, Rejection};
use crate::formats::table::Table;
use crate::formats::values::NumberFault;
use crate::formats::{french_dates, values};

/// Columns without which a table holds no notices.
pub const REQUIRED: [&str; 4] = ["id", "dateparution", "familleavis", "registre"];

const NAMES: &[&str] = &[
    "id",
    "publicationavis",
    "parution",
    "numeroannonce",
    "dateparution",
    "typeavis",
    "familleavis",
    "numerodepartement",
    "tribunal",
    "commercant",
    "ville",
    "cp",
    "registre",
    "listepersonnes",
    "jugement",
    "radiationaurcs",
    "depot",
    "parutionavisprecedent",
];
const ID: Name = 0;
const EDITION: Name = 1;
const ISSUE: Name = 2;
const NUMBER: Name = 3;
const PUBLISHED: Name = 4;
const KIND: Name = 5;
const FAMILY: Name = 6;
const DEPARTMENT: Name = 7;
const COURT: Name = 8;
const TRADER: Name = 9;
const TOWN: Name = 10;
const POSTCODE: Name = 11;
const REGISTRY: Name = 12;
const PERSONS: Name = 13;
const JUDGMENT: Name = 14;
const RADIATION: Name = 15;
const DEPOSIT: Name = 16;
const PREVIOUS: Name = 17;

/// No judgment is published so many days after it was given: the date is a slip.
const OLDEST_JUDGMENT: Days = Days::new(60 * 365);

/// Reader of the notices.
pub type NoticeReader = RecordReader<NoticeRow, Siren>;

impl NoticeReader {
    /// From JSON. Dates after `as_of` are implausible.
    pub fn of_json(
        text: TextFile,
        as_of: NaiveDate,
        keep: impl FnMut(Siren) -> bool + Send + 'static,
    ) -> Self {
        Self::new(Records::of_json(text, NAMES), as_of, keep, build)
    }

    /// From a table. Dates after `as_of` are implausible.
    pub fn of_table(
        table: Table,
        as_of: NaiveDate,
        keep: impl FnMut(Siren) -> bool + Send + 'static,
    ) -> Result<Self, FileError> {
        let records = Records::of_table(table, NAMES)?;
        Ok(Self::new(records, as_of, keep, build))
    }
}

fn build(f: &mut Fields<'_>, keep: &mut Keep<Siren>) -> Built<NoticeRow> {
    let list = part(f, PERSONS);
    let persons = parts::persons(&list);
    let numbers = sirens(f, persons);
    if let Ok(found) = &numbers
        && !found.is_empty()
        && !found.iter().any(|siren| keep(*siren))
    {
        return Ok(None);
    }
    let judged = part(f, JUDGMENT);
    refuse_sanction(f, &judged)?;
    let mut sirens = numbers?.into_iter();
    let Some(siren) = sirens.next() else {
        return Err(f.entry.reject(REGISTRY, "", Cause::Missing, A_SIREN));
    };
    let published_on = f.required_date(PUBLISHED)?;
    let (id, letter) = identifier(f)?;
    let is_person = parts::is_person(persons);
    let is_company = is_person == Some(false);
    let of_company = |f: &Fields<'_>, name| is_company.then(|| f.owned(name)).flatten();
    let family = family(f);
    let row = NoticeRow {
        id,
        siren,
        other_sirens: sirens.collect(),
        published_on,
        family,
        kind: kind(f),
        previous: previous(f, letter),
        court: f.owned(COURT),
        department: f.owned(DEPARTMENT),
        trader: of_company(f, TRADER),
        postcode: of_company(f, POSTCODE),
        town: of_company(f, TOWN),
        is_person,
        judgment: judgment(f, &judged, published_on, is_company),
        deposit: deposit(f, published_on),
        radiation: radiation(f, family, published_on),
    };
    Ok(Some(row))
}

const A_SIREN: &str = "le SIREN de l’entreprise dans registre ou dans listepersonnes\u{202f}; \
                       une annonce qui n’en porte pas ne peut être rattachée à aucune entreprise";

/// A part that should be an object; what it is instead is never shown, for it may name persons.
fn part(f: &mut Fields<'_>, name: Name) -> Value {
    let value = f.entry.nested(name);
    if matches!(value, Value::Object(_) | Value::Array(_) | Value::Null) {
        return value;
    }
    f.warn(name, "", Cause::Structure, "un objet JSON");
    Value::Null
}

/// The companies that the notice is about, each once, in the order of the file.
fn sirens(f: &Fields<'_>, persons: &[Value]) -> Result<Vec<Siren>, Rejection> {
    let numbers = parts::numbers(&f.entry.nested(REGISTRY), persons);
    let mut found: Vec<Siren> = Vec::new();
    let mut fault = None;
    for number in &numbers {
        match values::siren(number) {
            Ok(siren) if found.contains(&siren) => {}
            Ok(siren) => found.push(siren),
            Err(NumberFault::Invalid(error)) if number.contains(|c: char| c.is_ascii_digit()) => {
                fault = Some(Rejection::identifier(
                    f.entry.line,
                    NAMES[REGISTRY],
                    number,
                    error,
                ));
            }
            Err(_) => {}
        }
    }
    match fault {
        Some(fault) if found.is_empty() => Err(fault),
        _ => Ok(found),
    }
}

fn refuse_sanction(f: &Fields<'_>, judged: &Value) -> Result<(), Rejection> {
    if read(judged).category == Category::PersonalSanction {
        let expected = "une annonce sur l’entreprise\u{202f}; les interdictions de gérer et les \
                        faillites personnelles ne sont pas conservées";
        return Err(f
            .entry
            .reject(JUDGMENT, "", Cause::PersonalSanction, expected));
    }
    Ok(())
}

fn read(judged: &Value) -> crate::domain::insolvency::Judgment {
    let text = |key| parts::text(judged, key).unwrap_or_default();
    nature::read(
        &text("famille"),
        &text("nature"),
        &text("complementJugement"),
    )
}

/// The identifier and the letter of the edition.
fn identifier(f: &Fields<'_>) -> Result<(String, char), Rejection> {
    let given = f.owned(ID);
    let letter = given
        .as_deref()
        .and_then(|id| id.chars().next())
        .or_else(|| f.entry.text(EDITION).and_then(|e| parts::edition_of(&e)))
        .unwrap_or('A');
    if let Some(id) = given {
        return Ok((id, letter));
    }
    if let (Some(issue), Some(number)) = (f.owned(ISSUE), f.owned(NUMBER)) {
        return Ok((format!("{letter}{issue}{number}"), letter));
    }
    let expected = "l’identifiant de l’annonce, par exemple A202500311101";
    Err(f.entry.reject(ID, "", Cause::Missing, expected))
}

fn family(f: &mut Fields<'_>) -> Family {
    let text = f.owned(FAMILY).unwrap_or_default();
    let folded = fold(&text);
    let mut known = Family::KNOWN.iter();
    if let Some((family, ..)) = known.find(|(_, key, _)| fold(key) == folded) {
        return *family;
    }
    let expected = "une famille d’annonces, par exemple collective";
    f.warn(FAMILY, &text, Cause::UnknownCode, expected);
    Family::Unknown
}

fn kind(f: &mut Fields<'_>) -> NoticeKind {
    let text = f.owned(KIND).unwrap_or_default();
    parts::kind(&text).unwrap_or_else(|| {
        let expected = "annonce, rectificatif ou annulation";
        f.warn(KIND, &text, Cause::UnknownCode, expected);
        NoticeKind::Original
    })
}

fn previous(f: &mut Fields<'_>, letter: char) -> Option<String> {
    let reference = part(f, PREVIOUS);
    if reference.is_null() {
        return None;
    }
    let found = parts::previous(&reference, letter);
    if found.is_none() {
        let expected = "numeroParution et numeroAnnonce de l’annonce précédente";
        f.warn(PREVIOUS, "", Cause::Structure, expected);
    }
    found
}

fn judgment(
    f: &mut Fields<'_>,
    judged: &Value,
    published_on: NaiveDate,
    is_company: bool,
) -> Option<JudgmentRow> {
    if judged.is_null() {
        return None;
    }
    let reading = read(judged);
    let nature = parts::text(judged, "nature");
    if reading.category == Category::Unknown {
        let expected = "une nature de jugement connue\u{202f}; l’annonce est gardée, sans effet";
        let shown = nature.as_deref().filter(|_| is_company).unwrap_or_default();
        f.warn(JUDGMENT, shown, Cause::UnknownCode, expected);
    }
    let complement = parts::text(judged, "complementJugement");
    // A complement is a whole sentence or several: it has no limit of its own.
    for text in [&nature, &parts::text(judged, "famille")]
        .into_iter()
        .flatten()
    {
        f.limit(JUDGMENT, text, if is_company { text } else { "" });
    }
    let keeps = |text: &String| is_company && !nature::mentions_sanction(text);
    Some(JudgmentRow {
        kind: parts::text(judged, "type").and_then(|text| parts::kind(&text)),
        family: parts::text(judged, "famille"),
        decided_on: parts::text(judged, "date")
            .and_then(|text| date(f, JUDGMENT, &text, published_on)),
        complement: complement.filter(keeps),
        nature: nature.filter(|_| is_company || reading.category != Category::Unknown),
        reading,
    })
}

/// A day no later than the publication; otherwise unknown, with a warning.
fn date(f: &mut Fields<'_>, name: Name, text: &str, published_on: NaiveDate) -> Option<NaiveDate> {
    let cause = match french_dates::date(text) {
        None => Cause::DateFormat,
        Some(date) if date > published_on || published_on - OLDEST_JUDGMENT > date => {
            Cause::DateImplausible
        }
        Some(date) => return Some(date),
    };
    f.warn(name, text, cause, PAST_DATE);
    None
}

fn deposit(f: &mut Fields<'_>, published_on: NaiveDate) -> Option<Deposit> {
    let deposited = part(f, DEPOSIT);
    if deposited.is_null() {
        return None;
    }
    let kind = parts::text(&deposited, "typeDepot");
    if let Some(kind) = &kind {
        f.limit(DEPOSIT, kind, kind);
    }
    let said = [kind.clone(), parts::text(&deposited, "descriptif")];
    let closed_on = parts::text(&deposited, "dateCloture");
    Some(Deposit {
        closed_on: closed_on.and_then(|text| date(f, DEPOSIT, &text, published_on)),
        kind,
        confidential: said
            .iter()
            .flatten()
            .any(|text| fold(text).contains("confidenti")),
    })
}

fn radiation(f: &mut Fields<'_>, family: Family, published_on: NaiveDate) -> Option<RadiationRow> {
    let radiated = part(f, RADIATION);
    if radiated.is_null() && family != Family::Radiation {
        return None;
    }
    let day = parts::deep(&radiated, "dateradiation")
        .or_else(|| parts::deep(&radiated, "datecessationactivite"));
    let comment = parts::deep(&radiated, "commentaire").unwrap_or_default();
    Some(RadiationRow {
        on: day.and_then(|text| date(f, RADIATION, &text, published_on)),
        is_transfer: fold(&comment).contains("transfert"),
    })
}
