//! How a risk level looks: a word, a shape and a colour, always the three together.

/// A level as the screen shows it, from the calmest to the worst; « non évalué » is apart, never a zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Struck off the register of commerce: a state, and nothing left to predict.
    StruckOff,
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
    /// An open insolvency procedure: a state, not a prediction.
    Procedure,
}

impl Level {
    /// Every level, worst first, as lists sort them.
    pub const WORST_FIRST: [Self; 7] = [
        Self::Procedure,
        Self::Critical,
        Self::High,
        Self::Moderate,
        Self::Low,
        Self::NotAssessed,
        Self::StruckOff,
    ];

    /// From its code in the database; none is « non évalué », never a low risk.
    pub fn from_code(code: Option<&str>) -> Self {
        match code {
            Some("low") => Self::Low,
            Some("moderate") => Self::Moderate,
            Some("high") => Self::High,
            Some("critical") => Self::Critical,
            Some("procedure") => Self::Procedure,
            Some("struck_off") => Self::StruckOff,
            _ => Self::NotAssessed,
        }
    }

    /// The word shown in the badge.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAssessed => "Non évalué",
            Self::Low => "Faible",
            Self::Moderate => "Modéré",
            Self::High => "Élevé",
            Self::Critical => "Critique",
            Self::Procedure => "Procédure",
            Self::StruckOff => "Radiée",
        }
    }

    /// Whether such a company is in alert: high or worse, while something can be done.
    pub fn is_alert(self) -> bool {
        matches!(self, Self::High | Self::Critical | Self::Procedure)
    }

    /// The word as it agrees with this many places (feminine): « 1 élevée », « 2 élevées ».
    pub fn counted(self, count: usize) -> String {
        let words = match self {
            Self::NotAssessed => ["non évaluée", "non évaluées"],
            Self::Low => ["faible", "faibles"],
            Self::Moderate => ["modérée", "modérées"],
            Self::High => ["élevée", "élevées"],
            Self::Critical => ["critique", "critiques"],
            Self::Procedure => ["en procédure", "en procédure"],
            Self::StruckOff => ["radiée", "radiées"],
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
            Self::Procedure => "procedure",
            Self::StruckOff => "radiee",
        }
    }
}

/// How much of the levels a person may see on the five places of a territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The level of each place: those who follow the companies.
    ByPlace,
    /// How many are in alert, whatever the place, where that points at nobody: elected officials, who see
    /// no name.
    Counts,
    /// Held or empty: those who see names and not risks.
    Held,
}

/// The five places as marks. `slots` and `codes` go together, in the order of the places.
pub fn five_places(slots: &[i16], codes: &[String], detail: Detail) -> [Mark; 5] {
    let mut marks = [Mark::Empty; 5];
    for (slot, code) in slots.iter().zip(codes) {
        let place = usize::try_from(*slot)
            .ok()
            .and_then(|slot| slot.checked_sub(1));
        if let Some(mark) = place.and_then(|place| marks.get_mut(place)) {
            *mark = match detail {
                Detail::ByPlace => Mark::Held(Level::from_code(Some(code))),
                Detail::Counts if Level::from_code(Some(code)).is_alert() => Mark::InAlert,
                Detail::Held | Detail::Counts => Mark::Taken,
            };
        }
    }
    if detail == Detail::Counts {
        protect(&mut marks);
    }
    marks
}

/// So many places taken among the five, whichever they are.
pub fn held_places(count: usize) -> [Mark; 5] {
    std::array::from_fn(|place| {
        if place < count {
            Mark::Taken
        } else {
            Mark::Empty
        }
    })
}

/// Companies in alert below which their number could point at one of them.
pub const FEW_IN_ALERT: usize = 3;

/// The same rule in words, for the pages that follow it.
pub const ALERTS_PROTECTED: &str = "Pour que personne ne devine de quelle entreprise il s’agit, un territoire dit combien de ses entreprises clés sont en alerte seulement si elles sont au moins trois et s’il en reste une qui ne l’est pas. Sinon, il ne dit que ses places prises, qu’il y ait une alerte ou aucune. Aucun total n’est donné\u{a0}: il permettrait de deviner le reste par soustraction.";

/// Tells how many are in alert only where three are and one is not; else held places only, whether some are
/// in alert or none is: what is kept silent must not tell by its silence. The places go last in order: the
/// place of a mark would tell the company to whoever knows the places.
fn protect(marks: &mut [Mark; 5]) {
    let count = |wanted: Mark| marks.iter().filter(|mark| **mark == wanted).count();
    let is_told = count(Mark::InAlert) >= FEW_IN_ALERT && count(Mark::Taken) > 0;
    if !is_told {
        for mark in marks.iter_mut().filter(|mark| **mark == Mark::InAlert) {
            *mark = Mark::Taken;
        }
    }
    marks.sort_by_key(|mark| match mark {
        Mark::InAlert | Mark::Held(_) => 0,
        Mark::Taken => 1,
        Mark::Empty => 2,
    });
}

/// One of the five places of a territory, reduced to its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nobody holds the place.
    Empty,
    /// A company at this level.
    Held(Level),
    /// A company, whose level the person may not see.
    Taken,
    /// A company in alert, one of several.
    InAlert,
}

impl Mark {
    /// CSS class and, after `s-`, id of the shape.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Empty => "libre",
            Self::Held(level) => level.slug(),
            Self::Taken => Level::NotAssessed.slug(),
            Self::InAlert => Level::High.slug(),
        }
    }
}

/// The five marks in words: « 3 places occupées sur 5 : 1 élevée, 2 faibles ». Says counts only, never a company.
pub fn places_in_words(marks: &[Mark]) -> String {
    let (held, counts) = (held_in_words(marks), counts_in_words(marks));
    if counts.is_empty() {
        held
    } else {
        format!("{held}\u{a0}: {counts}")
    }
}

/// « 3 places occupées sur 5 ».
pub fn held_in_words(marks: &[Mark]) -> String {
    let (held, total) = (
        marks.iter().filter(|m| **m != Mark::Empty).count(),
        marks.len(),
    );
    match held {
        0 => format!("Aucune place occupée sur {total}"),
        1 => format!("1 place occupée sur {total}"),
        _ => format!("{held} places occupées sur {total}"),
    }
}

/// « 1 élevée, 2 faibles », or « 3 en alerte »; empty when no level is shown.
pub fn counts_in_words(marks: &[Mark]) -> String {
    let in_alert = marks.iter().filter(|mark| **mark == Mark::InAlert).count();
    if in_alert > 0 {
        return format!("{in_alert}\u{a0}en alerte");
    }
    in_words(marks.iter().filter_map(|mark| match mark {
        Mark::Held(level) => Some(*level),
        Mark::Empty | Mark::Taken | Mark::InAlert => None,
    }))
}

/// Levels counted, the worst first: « 1 critique, 2 élevées ».
pub fn in_words(levels: impl IntoIterator<Item = Level>) -> String {
    let levels: Vec<Level> = levels.into_iter().collect();
    let counts = Level::WORST_FIRST
        .into_iter()
        .map(|level| (levels.iter().filter(|&&l| l == level).count(), level))
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| level.counted(count));
    counts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_follow_a_company_see_which_place_is_at_risk() {
        let slots = [1, 3, 4];
        let codes = ["low".to_owned(), "critical".to_owned(), String::new()];
        let held = |level| Mark::Held(level);
        let (empty, none) = (Mark::Empty, held(Level::NotAssessed));
        assert_eq!(
            five_places(&slots, &codes, Detail::ByPlace),
            [held(Level::Low), empty, held(Level::Critical), none, empty]
        );
        let taken = Mark::Taken;
        assert_eq!(
            five_places(&slots, &codes, Detail::Counts),
            [taken, taken, taken, empty, empty]
        );
        let marks = five_places(&slots, &codes, Detail::Held);
        assert_eq!(marks, [taken, empty, taken, taken, empty]);
        assert_eq!(places_in_words(&marks), "3 places occupées sur 5");
    }

    #[test]
    fn a_count_of_alerts_points_at_nobody_and_its_silence_tells_nothing() {
        let told = |codes: &[&str]| {
            let slots: Vec<i16> = (1..).take(codes.len()).collect();
            let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
            places_in_words(&five_places(&slots, &codes, Detail::Counts))
        };
        let three = told(&["low", "high", "procedure", "", "critical"]);
        assert_eq!(three, "5 places occupées sur 5\u{a0}: 3\u{a0}en alerte");
        // One, two, all of them and none read alike.
        for codes in [
            ["critical", "low", "low", "low", "low"],
            ["critical", "high", "low", "low", "low"],
            ["critical", "high", "high", "high", "procedure"],
            ["low", "low", "moderate", "", "low"],
        ] {
            assert_eq!(told(&codes), "5 places occupées sur 5", "{codes:?}");
        }
        for codes in [&["critical"][..], &["low"], &["high"; 3], &["low"; 3]] {
            assert!(!told(codes).contains("alerte"), "{codes:?}");
        }
        assert!(told(&["high", "high", "low", "high"]).ends_with("3\u{a0}en alerte"));
    }

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
