//! Which commune a file means: by its code, by the code it had before a merger, or by its name.

use std::collections::HashMap;

use crate::formats::header::fold;

/// The communes of the reference, in memory while files are read.
#[derive(Debug, Default)]
pub struct Communes {
    /// Code, present or former, to the present code.
    codes: HashMap<String, String>,
    /// Folded name to code, in the département only.
    names: HashMap<String, String>,
    department: String,
}

/// Where a row lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A commune of the reference, by its present code.
    Known(String),
    /// Elsewhere: another département, or abroad.
    Elsewhere,
    /// In the département by its code or by the file's word, but no such commune.
    Unknown,
}

impl Communes {
    /// From present communes (code, name) and former ones (old code, present code).
    pub fn new(
        department: &str,
        present: impl IntoIterator<Item = (String, String)>,
        former: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut all = Self {
            department: department.to_owned(),
            ..Self::default()
        };
        for (code, name) in present {
            if code.starts_with(department) {
                all.names.insert(fold(&name), code.clone());
            }
            all.codes.insert(code.clone(), code);
        }
        all.codes.extend(former);
        all
    }

    /// Whether the reference knows any commune of the département.
    pub fn is_loaded(&self) -> bool {
        !self.names.is_empty()
    }

    /// Whether a present commune lies in the département.
    pub fn is_local(&self, code: Option<&str>) -> bool {
        code.is_some_and(|code| code.starts_with(&self.department))
    }

    /// Finds a commune by its code.
    pub fn by_code(&self, code: &str) -> Place {
        match self.codes.get(code) {
            Some(present) => Place::Known(present.clone()),
            None if code.starts_with(&self.department) || !exists(code) => Place::Unknown,
            None => Place::Elsewhere,
        }
    }

    /// Finds a commune of the département by its name, whatever its accents and hyphens;
    /// « St » and « Ste » are read as « Saint » and « Sainte ».
    pub fn by_name(&self, name: &str) -> Place {
        let found = self.names.get(&fold(name)).or_else(|| {
            let words = name.split([' ', '-', '\'', '’']);
            let whole: String = words
                .map(|word| match fold(word).as_str() {
                    "st" => "saint".to_owned(),
                    "ste" => "sainte".to_owned(),
                    other => other.to_owned(),
                })
                .collect();
            self.names.get(&whole)
        });
        found.map_or(Place::Unknown, |code| Place::Known(code.clone()))
    }
}

/// Whether a code begins like that of a French commune: a département, or a territory overseas.
fn exists(code: &str) -> bool {
    let numeric = |digits: Option<&str>| digits.and_then(|digits| digits.parse::<u16>().ok());
    match code.get(..2) {
        Some("2A" | "2B") => true,
        Some("97" | "98") => matches!(numeric(code.get(..3)), Some(971..=978 | 986..=989)),
        head => matches!(numeric(head), Some(1..=19 | 21..=95)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn communes() -> Communes {
        let present = [
            ("81004", "Albi"),
            ("81233", "Terre-de-Bancalié"),
            ("81273", "Saint-Sulpice-la-Pointe"),
        ];
        let own = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
        Communes::new("81", present.map(own), [("81226", "81233")].map(own))
    }

    #[test]
    fn a_merged_commune_keeps_resolving() {
        assert_eq!(communes().by_code("81226"), Place::Known("81233".into()));
        assert_eq!(communes().by_code("81999"), Place::Unknown);
        for code in ["75108", "2A004", "97411", "98735", "01004"] {
            assert_eq!(communes().by_code(code), Place::Elsewhere, "{code}");
        }
        for code in ["99999", "00000", "96001", "20004", "97999"] {
            assert_eq!(communes().by_code(code), Place::Unknown, "{code}");
        }
    }

    #[test]
    fn names_are_found_whatever_their_writing() {
        assert_eq!(
            communes().by_name("TERRE DE BANCALIE"),
            Place::Known("81233".into())
        );
        assert_eq!(
            communes().by_name("St Sulpice la Pointe"),
            Place::Known("81273".into())
        );
        assert_eq!(communes().by_name("Atlantis"), Place::Unknown);
    }
}
