//! Words and rules about companies, without any I/O.

use crate::domain::{Siren, Siret};
use crate::scoring::flags::RedFlag;
use crate::web::filters::sentence_case;

/// What stands for a name or an address that the register forbids to show (R. 123-232-1, code de
/// commerce).
pub const MASKED: &str = "[information non diffusible]";

/// Shortest search, in letters or digits.
pub const SHORTEST_SEARCH: usize = 2;
/// Longest text that a search reads; the rest is left out.
const LONGEST_SEARCH: usize = 120;
/// Words of a search that are looked for; a name is found well before.
pub const SEARCH_WORDS: usize = 4;

/// The name to show: the register's, or what stands for it.
pub fn shown_name(name: Option<&str>) -> &str {
    name.filter(|name| !name.trim().is_empty())
        .unwrap_or(MASKED)
}

/// What came of a plan, in words.
pub fn outcome_words(code: &str) -> &'static str {
    match code {
        "maintained" => "entreprise maintenue",
        "partly" => "objectif atteint en partie",
        "failed" => "objectif non atteint",
        _ => "autre issue",
    }
}

/// What a signal says, as the start of a sentence.
pub fn flag_label(code: &str) -> String {
    let flag = RedFlag::from_code(code).unwrap_or(RedFlag::Other);
    sentence_case(flag.label())
}

/// Which way a view moves the level.
pub fn meeting_kind(code: &str) -> &'static str {
    match code {
        "visit" => "Visite",
        "call" => "Appel",
        "video" => "Visio",
        "mail" => "Courriel",
        "top_level" => "Rendez-vous au plus haut niveau",
        _ => "Rencontre",
    }
}

/// Which way a view moves the level, in French.
pub fn direction_words(direction: &str) -> &'static str {
    if direction == "down" {
        "niveau abaissé d’un cran"
    } else {
        "niveau relevé d’un cran"
    }
}

/// A text from an address bar, fit for a query: no control character (PostgreSQL refuses NUL),
/// one space between words, bounded.
pub fn clean(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST_SEARCH).collect()
}

/// The SIREN that a search names exactly, alone or inside a SIRET; spaces and dots are allowed.
pub fn exact_siren(text: &str) -> Option<Siren> {
    Siren::parse(text)
        .or_else(|_| Siret::parse(text).map(|siret| siret.siren()))
        .ok()
}

/// Why a text made of as many digits as an identifier is none, in French; `None` for other texts.
pub fn misread_number(text: &str) -> Option<String> {
    let digits = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '.')
        .collect::<String>();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        9 => Siren::parse(&digits).err().map(|error| error.to_string()),
        14 => Siret::parse(&digits).err().map(|error| error.to_string()),
        _ => None,
    }
}

/// A search by name, cut into the words that must all be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The whole text, for the order of relevance.
    pub text: String,
    /// At most [`SEARCH_WORDS`] words, the longest first: they tell the most.
    pub words: Vec<String>,
    /// Whether there were more.
    pub leaves_out: bool,
}

impl Search {
    /// `None` when the text holds fewer than [`SHORTEST_SEARCH`] letters or digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = clean(text);
        let mut words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() >= SHORTEST_SEARCH)
            .map(str::to_owned)
            .collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let leaves_out = words.len() > SEARCH_WORDS;
        words.truncate(SEARCH_WORDS);
        // « H&M » has no word of two letters: the whole is looked for.
        if words.is_empty() {
            let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
            if letters < SHORTEST_SEARCH {
                return None;
            }
            words.push(text.clone());
        }
        Some(Self {
            text,
            words,
            leaves_out,
        })
    }

    /// What the person is told when words are left out.
    pub fn notice(&self) -> Option<String> {
        let words = self.words.join(", ");
        self.leaves_out.then(|| {
            format!("Seuls les {SEARCH_WORDS} mots les plus longs sont cherchés\u{a0}: {words}.")
        })
    }

    /// The n-th word, if there are as many.
    pub fn word(&self, index: usize) -> Option<&str> {
        self.words.get(index).map(String::as_str)
    }
}

/// Headcount bands of Insee, grouped as a reader thinks of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadcountGroup {
    /// No salaried job.
    None,
    /// 1 to 9.
    Micro,
    /// 10 to 49.
    Small,
    /// 50 to 249.
    Medium,
    /// 250 and more.
    Large,
    /// No band in the register.
    Unknown,
}

impl HeadcountGroup {
    /// Every group, in the order of the form.
    pub const ALL: [Self; 6] = [
        Self::Large,
        Self::Medium,
        Self::Small,
        Self::Micro,
        Self::None,
        Self::Unknown,
    ];

    /// Value in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "0",
            Self::Micro => "1-9",
            Self::Small => "10-49",
            Self::Medium => "50-249",
            Self::Large => "250",
            Self::Unknown => "inconnu",
        }
    }

    /// Words of the choice.
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "Sans salarié",
            Self::Micro => "1 à 9 salariés",
            Self::Small => "10 à 49 salariés",
            Self::Medium => "50 à 249 salariés",
            Self::Large => "250 salariés et plus",
            Self::Unknown => "Non communiqué",
        }
    }

    /// Codes of Insee's bands in the group; the empty one stands for a missing band.
    pub fn bands(self) -> Vec<String> {
        let codes: &[&str] = match self {
            Self::None => &["NN", "00"],
            Self::Micro => &["01", "02", "03"],
            Self::Small => &["11", "12"],
            Self::Medium => &["21", "22", "31"],
            Self::Large => &["32", "41", "42", "51", "52", "53"],
            Self::Unknown => &[""],
        };
        codes.iter().map(|code| (*code).to_owned()).collect()
    }

    /// The group of a code, if it is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.code() == code)
    }
}

/// Orders of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Nearest to the words first; only with a search.
    Relevance,
    /// By name.
    Name,
    /// Largest local band first, unknown last.
    Headcount,
    /// By commune, then name.
    Commune,
    /// Youngest first, unknown last.
    Created,
}

impl Sort {
    /// Every order, as the form lists them.
    pub const ALL: [Self; 5] = [
        Self::Relevance,
        Self::Name,
        Self::Headcount,
        Self::Commune,
        Self::Created,
    ];

    /// Value in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Relevance => "pertinence",
            Self::Name => "nom",
            Self::Headcount => "effectif",
            Self::Commune => "commune",
            Self::Created => "creation",
        }
    }

    /// Words of the choice.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Relevance => "Ressemblance",
            Self::Name => "Nom",
            Self::Headcount => "Effectif, du plus grand au plus petit",
            Self::Commune => "Commune",
            Self::Created => "Création, de la plus récente à la plus ancienne",
        }
    }

    /// The order asked for, or the natural one: by relevance for a search, else by name.
    pub fn of(code: &str, searching: bool) -> Self {
        let natural = if searching {
            Self::Relevance
        } else {
            Self::Name
        };
        let asked = Self::ALL
            .into_iter()
            .find(|sort| sort.code() == code)
            .unwrap_or(natural);
        if asked == Self::Relevance {
            natural
        } else {
            asked
        }
    }
}

/// What a list of companies is narrowed to. `None` everywhere: all of them.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// By name.
    pub search: Option<Search>,
    /// SIREN of the territory of the local establishment.
    pub territory: Option<String>,
    /// Insee code of the commune of the local establishment.
    pub commune: Option<String>,
    /// Section of the activity, A to U.
    pub section: Option<String>,
    /// Band of the local establishment.
    pub headcount: Option<HeadcountGroup>,
    /// Key today, or not.
    pub key: Option<bool>,
    /// Active, or closed.
    pub active: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_spaces_is_an_exact_search() {
        assert_eq!(
            exact_siren("552 100 554").map(|s| s.to_string()),
            Some("552100554".into())
        );
        let inside = exact_siren("552 100 554 00013").map(|siren| siren.to_string());
        assert_eq!(inside, Some("552100554".into()));
        assert_eq!(exact_siren("mécanique"), None);
        assert!(misread_number("552 100 555").is_some());
        assert_eq!(misread_number("552 100 554"), None);
        assert_eq!(misread_number("2026"), None);
    }

    #[test]
    fn a_search_keeps_its_longest_words_and_needs_two_letters() {
        let search = Search::parse("Sté de l’Agout\0 Mécanique et fils").expect("a search");
        assert_eq!(search.words, ["Mécanique", "Agout", "fils", "Sté"]);
        assert_eq!(Search::parse("H&M").expect("a search").words, ["H&M"]);
        assert_eq!(Search::parse(" a "), None);
        assert_eq!(Search::parse("«»"), None);
    }

    #[test]
    fn every_band_of_insee_is_in_one_group_only() {
        let mut bands: Vec<String> = HeadcountGroup::ALL
            .into_iter()
            .flat_map(HeadcountGroup::bands)
            .collect();
        bands.sort();
        let count = bands.len();
        bands.dedup();
        assert_eq!(
            (count, bands.len()),
            (17, 17),
            "16 bands and the missing one"
        );
    }

    #[test]
    fn relevance_is_an_order_of_searches_only() {
        assert_eq!(Sort::of("pertinence", false), Sort::Name);
        assert_eq!(Sort::of("", true), Sort::Relevance);
        assert_eq!(Sort::of("nom", true), Sort::Name);
        assert_eq!(Sort::of("; drop table", false), Sort::Name);
    }
}
