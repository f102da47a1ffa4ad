//! The columns of the list of actions as a file.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::features::plans::queries::actions::Action;
use crate::formats::export::{Cell, Column, Preamble};

/// Titles and widths, in the order of [`cells`].
pub fn columns() -> Vec<Column> {
    [
        ("SIREN", 12),
        ("Entreprise", 35),
        ("Territoire", 25),
        ("Dossier", 15),
        ("Mesure", 25),
        ("Action", 45),
        ("Organisme pilote", 30),
        ("Personne", 25),
        ("Partenaire", 30),
        ("Élu référent", 25),
        ("Début", 12),
        ("Échéance", 12),
        ("En retard", 10),
        ("État", 12),
        ("Pourquoi", 45),
        ("Terminée le", 12),
        ("Budget prévu (€)", 14),
        ("Budget financé (€)", 14),
        ("Budget dépensé (€)", 14),
        ("Visible par", 40),
    ]
    .into_iter()
    .map(|(title, width)| Column::new(title, width))
    .collect()
}

/// One row.
pub fn cells(action: &Action, today: NaiveDate) -> Vec<Cell<'_>> {
    let optional = |text: &'static str| Cell::text(Some(text));
    let because = action.because().unwrap_or_default();
    vec![
        Cell::text(Some(&action.siren)),
        Cell::text(Some(action.company_name())),
        Cell::text(action.territory.as_deref()),
        Cell::text(Some(action.dossier_words())),
        Cell::text(Some(action.measure_words())),
        Cell::text(Some(&action.title)),
        Cell::text(Some(&action.owner_organisation)),
        Cell::text(action.owner.as_deref().or(Some(""))),
        Cell::text(action.partner.as_deref().or(Some(""))),
        Cell::text(Some(&action.elected_referent)),
        Cell::date(Some(action.starts_on)),
        Cell::date(Some(action.due_on)),
        optional(if action.is_late(&today) { "Oui" } else { "Non" }),
        Cell::text(Some(action.status_words())),
        Cell::Text(Cow::Owned(because)),
        action.ended_on.map_or_else(|| optional(""), Cell::Date),
        Cell::integer(action.planned_euros),
        Cell::Integer(action.funded_euros),
        Cell::integer(action.spent_euros),
        optional(action.readers()),
    ]
}

/// What is said above the rows.
pub fn preamble(filters: Vec<String>, today: NaiveDate, person: &str) -> Preamble {
    Preamble {
        title: "Vigie, actions des plans en cours".to_owned(),
        filters,
        source: "saisies dans Vigie".to_owned(),
        exported_on: today,
        exported_by: person.to_owned(),
    }
}
