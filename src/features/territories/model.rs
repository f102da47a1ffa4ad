//! Rules about names, départements and the order of the list. Pure.

use std::cmp::Reverse;

use super::queries::TerritoryRow;

/// Places of a territory; the schema holds the rule (`key_companies_five_places`).
pub const PLACES: usize = 5;

/// A name as French prints it: true apostrophe, no-break spaces before double punctuation.
pub fn typographic(name: &str) -> String {
    name.replace('\'', "’")
        .replace(" ;", "\u{202f};")
        .replace(" :", "\u{a0}:")
}

/// « CC du Sor et de l’Agout » gives « Sor et de l’Agout »: lists sort on it, tiles show it.
pub fn short_name(name: &str) -> String {
    const ARTICLES: [&str; 7] = ["de la ", "de l’", "des ", "du ", "de ", "d’", "l’"];
    let own = ["CC ", "CA ", "CU "]
        .iter()
        .find_map(|kind| name.strip_prefix(kind))
        .unwrap_or(name);
    let own = ARTICLES
        .iter()
        .find_map(|article| own.strip_prefix(article))
        .unwrap_or(own);
    let mut letters = own.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The département of a commune, from its Insee code: two characters, three overseas.
pub fn department_of(insee_code: &str) -> &str {
    let length = if insee_code.starts_with("97") || insee_code.starts_with("98") {
        3
    } else {
        2
    };
    insee_code.get(..length).unwrap_or(insee_code)
}

/// The kind of an EPCI in words (codes of the DGCL).
pub fn kind_in_words(kind: &str) -> &'static str {
    match kind {
        "CA" => "Communauté d’agglomération",
        "CU" => "Communauté urbaine",
        "METRO" | "MET69" => "Métropole",
        _ => "Communauté de communes",
    }
}

/// « dans le Tarn », « dans la Haute-Garonne »: the département of the service in a sentence, as the
/// name of its organisation tells it (« Département du Tarn »).
pub fn inside_in_words(organisation: &str) -> String {
    const FORMS: [(&str, &str); 5] = [
        ("Département du ", "dans le "),
        ("Département de la ", "dans la "),
        ("Département de l’", "dans l’"),
        ("Département de l'", "dans l’"),
        ("Département des ", "dans les "),
    ];
    FORMS
        .iter()
        .find_map(|(prefix, lead)| Some(format!("{lead}{}", organisation.strip_prefix(prefix)?)))
        .unwrap_or_else(|| "dans le département".to_owned())
}

/// Order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Most open alerts first, for those who see levels.
    Alerts,
    /// By name.
    Name,
    /// Most places still free first.
    FreePlaces,
    /// Most inhabitants in the département first.
    Population,
    /// Latest change first.
    LastChange,
}

impl Order {
    /// Every order with its code in the address and its words.
    pub const ALL: [(Self, &str, &str); 5] = [
        (Self::Alerts, "alertes", "Alertes ouvertes"),
        (Self::Name, "nom", "Nom"),
        (Self::FreePlaces, "places", "Places libres"),
        (Self::Population, "population", "Population"),
        (Self::LastChange, "changement", "Dernier changement"),
    ];

    /// The order of a plain list.
    pub fn plain(sees_levels: bool) -> Self {
        if sees_levels {
            Self::Alerts
        } else {
            Self::Name
        }
    }

    /// The orders that are offered.
    pub fn offered(
        sees_levels: bool,
    ) -> impl Iterator<Item = &'static (Self, &'static str, &'static str)> {
        let all = Self::ALL.iter();
        all.filter(move |(order, ..)| sees_levels || *order != Self::Alerts)
    }

    /// Reads the code of the address; anything else is the order of a plain list.
    pub fn parse(code: &str, sees_levels: bool) -> Self {
        Self::offered(sees_levels)
            .find(|(_, known, _)| *known == code)
            .map_or_else(|| Self::plain(sees_levels), |(order, ..)| *order)
    }

    /// The code in the address.
    pub fn code(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(order, ..)| *order == self)
            .map_or("nom", |(_, code, _)| code)
    }

    /// The order in the caption of the list.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Alerts => "plus d’alertes d’abord",
            Self::Name => "par nom",
            Self::FreePlaces => "les places libres d’abord",
            Self::Population => "les plus peuplés d’abord",
            Self::LastChange => "le dernier changement d’abord",
        }
    }

    /// Sorts rows that come sorted by name.
    pub fn sort(self, rows: &mut [TerritoryRow]) {
        match self {
            Self::Alerts => rows.sort_by_key(|row| Reverse(row.open_alerts)),
            Self::Name => {}
            Self::FreePlaces => rows.sort_by_key(|row| row.slots.len()),
            Self::Population => rows.sort_by_key(|row| Reverse(row.population_inside)),
            Self::LastChange => rows.sort_by_key(|row| Reverse(row.last_change)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_drops_the_kind_and_the_article() {
        assert_eq!(short_name("CC du Sor et de l’Agout"), "Sor et de l’Agout");
        assert_eq!(short_name("CA de l’Albigeois (C2A)"), "Albigeois (C2A)");
        assert_eq!(short_name("CC Val 81"), "Val 81");
        assert_eq!(short_name("Toulouse Métropole"), "Toulouse Métropole");
        assert_eq!(short_name(""), "");
    }

    #[test]
    fn names_take_french_typography() {
        assert_eq!(typographic("CC des Monts d'Alban"), "CC des Monts d’Alban");
        assert_eq!(
            typographic("Commerce ; réparation"),
            "Commerce\u{202f}; réparation"
        );
    }

    #[test]
    fn overseas_departments_have_three_characters() {
        assert_eq!(department_of("81004"), "81");
        assert_eq!(department_of("2A004"), "2A");
        assert_eq!(department_of("97411"), "974");
    }

    #[test]
    fn the_departement_takes_its_article() {
        assert_eq!(inside_in_words("Département du Tarn"), "dans le Tarn");
        assert_eq!(inside_in_words("Département de l’Aude"), "dans l’Aude");
        assert_eq!(
            inside_in_words("Conseil départemental"),
            "dans le département"
        );
    }
}
