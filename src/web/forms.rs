//! What a refused form tells: messages by field, kept in the order in which they were found.

use std::borrow::Borrow;
use std::fmt::Write as _;

/// Every reason for which a form was refused. Empty means accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormErrors {
    /// Messages about the whole form.
    pub general: Vec<String>,
    /// Messages by field: the field's name, then a French sentence with what to do and an example.
    pub fields: Vec<(String, String)>,
}

impl FormErrors {
    /// No error yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Refuses one field. The message must read the same at the field and in the summary.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.fields.push((field.to_owned(), message.into()));
    }

    /// Refuses the form for a reason that belongs to no field.
    pub fn add_general(&mut self, message: impl Into<String>) {
        self.general.push(message.into());
    }

    /// The first message of a field.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, message)| message.as_str())
    }

    /// Whether the form is accepted.
    pub fn is_empty(&self) -> bool {
        self.general.is_empty() && self.fields.is_empty()
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.general.len() + self.fields.len()
    }

    /// Every message for the summary, general ones first, with the id of the field to go to (empty when none).
    pub fn all(&self) -> impl Iterator<Item = (String, &str)> {
        let general = self
            .general
            .iter()
            .map(|message| (String::new(), message.as_str()));
        let fields = self
            .fields
            .iter()
            .map(|(name, message)| (field_id(name), message.as_str()));
        general.chain(fields)
    }

    /// `Err(self)` when anything was refused, so that a `parse` ends with `errors.or(value)`.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

/// Id of the control of a field: letters, digits and hyphens only, whatever the field's name.
pub fn field_id(name: &str) -> String {
    let safe = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    "f-".chars().chain(safe).collect()
}

/// Id of the n-th control of a group: the first one has the field's own id, so that the summary can go to it.
/// `index` counts from 0; templates hand over references.
pub fn option_id(name: &str, index: impl Borrow<usize>) -> String {
    let index = *index.borrow();
    let mut id = field_id(name);
    if index > 0 {
        // Writing to a String cannot fail.
        let _ = write!(id, "-{}", index + 1);
    }
    id
}

/// Value of `aria-describedby`: the hint, then the message, each only when present.
pub fn described_by(name: &str, hint: &str, refused: bool) -> String {
    let id = field_id(name);
    match (hint.is_empty(), refused) {
        (true, false) => String::new(),
        (false, false) => format!("{id}-aide"),
        (true, true) => format!("{id}-erreur"),
        (false, true) => format!("{id}-aide {id}-erreur"),
    }
}

/// One value of a list of choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
}

impl Choice {
    /// A choice from its value and its words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// Choices under a heading, where a list of radios is too long to be read at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceGroup {
    /// The heading.
    pub legend: String,
    /// Rank of its first choice among those of all the groups.
    pub first: usize,
    /// The choices.
    pub choices: Vec<Choice>,
}

impl ChoiceGroup {
    /// Groups in their order, ranked.
    pub fn ranked(groups: impl IntoIterator<Item = (&'static str, Vec<Choice>)>) -> Vec<Self> {
        let mut first = 0;
        let mut ranked = Vec::new();
        for (legend, choices) in groups {
            let length = choices.len();
            ranked.push(Self {
                legend: legend.to_owned(),
                first,
                choices,
            });
            first += length;
        }
        ranked
    }
}

/// A filter in force on a list, shown as a chip that removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveFilter {
    /// What is filtered, with its value: « Commune : Lautrec ».
    pub label: String,
    /// The same list without this filter.
    pub remove_href: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_lists_general_reasons_first_and_leads_to_the_fields() {
        let mut errors = FormErrors::new();
        errors.add(
            "date_entree",
            "Indiquez la date d’entrée, par exemple 27/03/2026.",
        );
        errors.add_general("Cette place vient d’être prise.");
        let all: Vec<_> = errors.all().collect();
        assert_eq!(all[0], (String::new(), "Cette place vient d’être prise."));
        assert_eq!(all[1].0, "f-date-entree");
        assert_eq!(errors.get("date_entree"), Some(all[1].1));
        assert_eq!(errors.len(), 2);
        assert!(errors.or(()).is_err());
    }

    #[test]
    fn the_first_option_of_a_group_answers_to_the_summary() {
        assert_eq!(option_id("role", 0), field_id("role"));
        assert_eq!(option_id("role", 2), "f-role-3");
    }

    #[test]
    fn the_hint_is_read_before_the_message() {
        assert_eq!(described_by("nom", "", false), "");
        assert_eq!(described_by("nom", "aide", true), "f-nom-aide f-nom-erreur");
    }
}
