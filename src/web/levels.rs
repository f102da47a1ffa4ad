//! How a risk level looks: a word, a shape and a colour, always the three together.

/// A level as the screen shows it, from the calmest to the worst; « non évalué » is apart, never a zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not scored: data is missing. Not a low risk.
    NotAssessed,
    /// Low.
    Low,
    /// Moderate.
    Moderate,
    /// High.
    High,
    /// Critical.
    Critical,
}

impl Level {
    /// Every level, worst first, as lists sort them.
    pub const WORST_FIRST: [Self; 5] = [
        Self::Critical,
        Self::High,
        Self::Moderate,
        Self::Low,
        Self::NotAssessed,
    ];

    /// The word shown in the badge.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAssessed => "Non évalué",
            Self::Low => "Faible",
            Self::Moderate => "Modéré",
            Self::High => "Élevé",
            Self::Critical => "Critique",
        }
    }

    /// The word as it agrees with this many places (feminine): « 1 élevée », « 2 élevées ».
    fn of_places(self, count: usize) -> String {
        let words = match self {
            Self::NotAssessed => ["non évaluée", "non évaluées"],
            Self::Low => ["faible", "faibles"],
            Self::Moderate => ["modérée", "modérées"],
            Self::High => ["élevée", "élevées"],
            Self::Critical => ["critique", "critiques"],
        };
        format!("{count} {}", words[usize::from(count > 1)])
    }

    /// CSS class and, after `s-`, id of the shape.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NotAssessed => "non-evalue",
            Self::Low => "faible",
            Self::Moderate => "modere",
            Self::High => "eleve",
            Self::Critical => "critique",
        }
    }
}

/// One of the five places of a territory, reduced to its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nobody holds the place.
    Empty,
    /// A company at this level.
    Held(Level),
}

impl Mark {
    /// CSS class and, after `s-`, id of the shape.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Empty => "libre",
            Self::Held(level) => level.slug(),
        }
    }
}

/// The five marks in words: « 3 places occupées sur 5 : 1 élevée, 2 faibles ». Says counts only, never a company.
pub fn places_in_words(marks: &[Mark]) -> String {
    let held: Vec<Level> = marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Held(level) => Some(*level),
            Mark::Empty => None,
        })
        .collect();
    if held.is_empty() {
        return format!("Aucune place occupée sur {}", marks.len());
    }
    let noun = if held.len() > 1 {
        "places occupées"
    } else {
        "place occupée"
    };
    let detail: Vec<String> = Level::WORST_FIRST
        .into_iter()
        .map(|level| (held.iter().filter(|&&l| l == level).count(), level))
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| level.of_places(count))
        .collect();
    format!(
        "{} {noun} sur {}\u{a0}: {}",
        held.len(),
        marks.len(),
        detail.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_said_worst_first_and_empty_ones_are_not_low() {
        let marks = [
            Mark::Held(Level::Low),
            Mark::Empty,
            Mark::Held(Level::High),
            Mark::Held(Level::Low),
            Mark::Empty,
        ];
        assert_eq!(
            places_in_words(&marks),
            "3 places occupées sur 5\u{a0}: 1 élevée, 2 faibles"
        );
        assert_eq!(
            places_in_words(&[Mark::Held(Level::NotAssessed); 5]),
            "5 places occupées sur 5\u{a0}: 5 non évaluées"
        );
        assert_eq!(
            places_in_words(&[Mark::Empty; 5]),
            "Aucune place occupée sur 5"
        );
    }
}
