//! The seven criteria in words: what each asks, and the steps that a person can state.

use std::str::FromStr;

/// A criterion of `impact_weights.criterion`. Its rank is its place in [`Criterion::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// Jobs, as a share of the territory's known salaried jobs.
    Jobs,
    /// Only or last provider of a good or service nearby.
    Provider,
    /// Suppliers and subcontractors that depend on it.
    Dependents,
    /// Know-how, research and development.
    KnowHow,
    /// Fiscal weight, by band.
    Fiscal,
    /// Environmental stake if it closed.
    Environment,
    /// Rooted ownership versus remote group.
    Rooted,
}

/// A step of a scale: what it is worth, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Share of the weight, in hundredths.
    pub worth: u8,
    /// What a person observes at this step.
    pub words: &'static str,
}

/// A criterion that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown criterion")]
pub struct UnknownCriterion;

const fn scale(words: [&'static str; 4]) -> [Step; 4] {
    [
        Step {
            worth: 0,
            words: words[0],
        },
        Step {
            worth: 33,
            words: words[1],
        },
        Step {
            worth: 67,
            words: words[2],
        },
        Step {
            worth: 100,
            words: words[3],
        },
    ]
}

const PROVIDER: [Step; 4] = scale([
    "On trouve la même chose tout près",
    "On trouve la même chose à moins de 30 minutes",
    "On trouve la même chose, mais loin ou plus cher",
    "Personne d’autre ne le propose dans le secteur",
]);
const DEPENDENTS: [Step; 4] = scale([
    "Aucun fournisseur ni sous-traitant local n’en dépend",
    "Quelques-uns travaillent pour elle, parmi d’autres clients",
    "Plusieurs lui doivent une part importante de leur activité",
    "Au moins un ne survivrait pas à sa fermeture",
]);
const KNOW_HOW: [Step; 4] = scale([
    "Savoir-faire courant",
    "Savoir-faire de métier, long à acquérir",
    "Savoir-faire rare ou labellisé",
    "Recherche et développement, brevets ou savoir-faire unique",
]);
const FISCAL: [Step; 4] = scale([
    "Contribution faible",
    "Contribution moyenne",
    "Parmi les dix premiers contributeurs du territoire",
    "Parmi les trois premiers contributeurs du territoire",
]);
const ENVIRONMENT: [Step; 4] = scale([
    "Aucun risque connu en cas de fermeture",
    "Nettoyage ou démontage ordinaires",
    "Site classé, ou pollution possible des sols ou de l’eau",
    "Site à risque, ou pollution connue à traiter",
]);
const ROOTED: [Step; 4] = scale([
    "Groupe lointain, décisions prises ailleurs",
    "Groupe lointain, avec une direction locale autonome",
    "Propriétaires de la région",
    "Propriétaires et direction sur place",
]);

impl Criterion {
    /// Every criterion, in the order of the screens.
    pub const ALL: [Self; 7] = [
        Self::Jobs,
        Self::Provider,
        Self::Dependents,
        Self::KnowHow,
        Self::Fiscal,
        Self::Environment,
        Self::Rooted,
    ];

    /// The code that the database holds.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Jobs => "jobs",
            Self::Provider => "provider",
            Self::Dependents => "dependents",
            Self::KnowHow => "know_how",
            Self::Fiscal => "fiscal",
            Self::Environment => "environment",
            Self::Rooted => "rooted",
        }
    }

    /// The criterion in addresses and form fields.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Jobs => "emplois",
            Self::Provider => "prestataire",
            Self::Dependents => "dependants",
            Self::KnowHow => "savoir-faire",
            Self::Fiscal => "fiscalite",
            Self::Environment => "environnement",
            Self::Rooted => "ancrage",
        }
    }

    /// The criterion of an address.
    pub fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|criterion| criterion.slug() == slug)
    }

    /// Its name on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Jobs => "Emplois",
            Self::Provider => "Seul ou dernier prestataire",
            Self::Dependents => "Fournisseurs et sous-traitants dépendants",
            Self::KnowHow => "Savoir-faire et R&D",
            Self::Fiscal => "Poids fiscal",
            Self::Environment => "Enjeu environnemental en cas de fermeture",
            Self::Rooted => "Ancrage local",
        }
    }

    /// How its worth is found, for the page of the settings.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Jobs => {
                "Part des emplois salariés connus de Vigie dans le territoire : rien sans salarié, 5 % de la note dès un salarié, 10 % à 0,1 % des emplois, 20 % à 0,5 %, 40 % à 1 %, 60 % à 2 %, 80 % à 3 %, tout à partir de 5 %. L’effectif déclaré passe avant la tranche du répertoire."
            }
            Self::Provider => {
                "Autres entreprises actives du territoire ayant le même code NAF : aucune, tout ; une, 60 % ; deux ou trois, 30 % ; davantage, rien. Un constat écrit remplace ce calcul."
            }
            Self::Rooted => {
                "Siège dans le département, tout ; ailleurs, 20 %. Un constat écrit remplace ce calcul."
            }
            Self::Dependents => {
                "Constat écrit d’une personne. Sans constat, d’après les liens enregistrés avec les fournisseurs connus de Vigie\u{a0}: une dépendance forte ou deux moyennes, 67\u{a0}%\u{202f}; d’autres fournisseurs, 33\u{a0}%\u{202f}; aucun lien, inconnu. Seule une personne dit qu’un fournisseur ne survivrait pas."
            }
            _ => "Constat écrit d’une personne, sur une échelle en quatre degrés.",
        }
    }

    /// The steps that a person can state; none for jobs, which are counted.
    pub const fn scale(self) -> Option<&'static [Step; 4]> {
        match self {
            Self::Jobs => None,
            Self::Provider => Some(&PROVIDER),
            Self::Dependents => Some(&DEPENDENTS),
            Self::KnowHow => Some(&KNOW_HOW),
            Self::Fiscal => Some(&FISCAL),
            Self::Environment => Some(&ENVIRONMENT),
            Self::Rooted => Some(&ROOTED),
        }
    }

    /// The step of the scale that is worth this much.
    pub fn step(self, worth: u8) -> Option<&'static Step> {
        self.scale()?.iter().find(|step| step.worth == worth)
    }
}

impl FromStr for Criterion {
    type Err = UnknownCriterion;

    fn from_str(code: &str) -> Result<Self, UnknownCriterion> {
        Self::ALL
            .into_iter()
            .find(|criterion| criterion.code() == code)
            .ok_or(UnknownCriterion)
    }
}
