//! The models that are shipped. A version is never changed in place: another one is added here.

use std::sync::LazyLock;

use chrono::NaiveDate;

use crate::scoring::assessment::Scorer;

/// Every version, oldest first.
const FILES: [&str; 1] = [include_str!("../../../models/grille-1.0.0.toml")];

static SCORERS: LazyLock<Vec<Scorer>> = LazyLock::new(|| {
    FILES
        .iter()
        .filter_map(|text| match Scorer::parse(text) {
            Ok(scorer) => Some(scorer),
            // A test reads them all: this cannot happen in a released program.
            Err(errors) => {
                tracing::error!(%errors, "a shipped model is refused");
                None
            }
        })
        .collect()
});

/// Every version, oldest first.
pub fn all() -> &'static [Scorer] {
    &SCORERS
}

/// The version in use on a day: the last one that is valid, else the first.
pub fn on(day: NaiveDate) -> Option<&'static Scorer> {
    let valid = SCORERS
        .iter()
        .rev()
        .find(|scorer| scorer.model().identity.valid_from <= day);
    valid.or_else(|| SCORERS.first())
}

/// A version by its name.
pub fn find(id: &str, version: &str) -> Option<&'static Scorer> {
    SCORERS.iter().find(|scorer| {
        let identity = &scorer.model().identity;
        identity.id == id && identity.version == version
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_model_is_sound_and_the_last_valid_one_is_used() {
        assert_eq!(all().len(), FILES.len());
        let day = NaiveDate::from_ymd_opt(2027, 1, 1).expect("a day");
        let model = on(day).expect("a model").model();
        assert_eq!(model.total(), 116, "the measured grid (scoring.md 2.8)");
        assert!(find(&model.identity.id, &model.identity.version).is_some());
    }
}
