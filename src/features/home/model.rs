//! What is to be done, in words: a verb, an object, a date.

use chrono::NaiveDate;

use crate::web::filters::{agree, due_in_words, long_date};
use crate::web::levels::{self, Level};

/// Rows of the page, at most.
pub const SHOWN: usize = 10;

/// Kinds of things to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An alert that was given to the visitor.
    HandleAlert,
    /// A decision of a workshop is due.
    FollowDecision,
    /// An action of a plan is due.
    DueAction,
    /// Alerts that nobody looks after.
    AssignAlerts,
    /// A file waits for its confirmation.
    ConfirmImport,
    /// A place is held by a company that closed, or that left the territory.
    FreePlace,
    /// A key company answers to someone who cannot sign in any more.
    ReplaceReferent,
    /// Places of a territory are empty.
    ChooseCompanies,
    /// So are places of more territories than the page names one by one.
    OtherTerritories,
    /// The latest headcounts are old.
    RefreshHeadcounts,
    /// An invited person has not come.
    RemindGuest,
    /// Jobs of the program gave up.
    RestartJobs,
    /// What the visitor promised to a company.
    LateStep,
    /// Companies that nobody met for long.
    MeetCompanies,
}

impl Kind {
    /// From the code that the query gives.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "handle_alert" => Self::HandleAlert,
            "follow_decision" => Self::FollowDecision,
            "due_action" => Self::DueAction,
            "assign_alerts" => Self::AssignAlerts,
            "confirm_import" => Self::ConfirmImport,
            "free_place" => Self::FreePlace,
            "replace_referent" => Self::ReplaceReferent,
            "choose_companies" => Self::ChooseCompanies,
            "refresh_headcounts" => Self::RefreshHeadcounts,
            "remind_guest" => Self::RemindGuest,
            "restart_jobs" => Self::RestartJobs,
            _ => return None,
        })
    }
}

/// A thing to do, as the database tells it.
#[derive(Debug)]
pub struct Todo {
    /// What.
    pub kind: Kind,
    /// Company, file, person or territory.
    pub subject: String,
    /// Territory, when the subject is not one.
    pub territory: Option<String>,
    /// Since when, where it is known.
    pub since: Option<NaiveDate>,
    /// Empty places, the place concerned, the days of an alert, or how many alerts there are.
    pub number: i64,
    /// Key of the page to go to.
    pub target: String,
    /// How grave alerts are.
    pub levels: Vec<Level>,
}

/// A key company whose level asks to be looked at.
#[derive(Debug)]
pub struct Watched {
    /// SIREN.
    pub siren: String,
    /// Its name, or what stands for it.
    pub name: String,
    /// Territory of its place.
    pub territory: String,
    /// Level retained, or procedure.
    pub level: Level,
    /// Since when.
    pub since: NaiveDate,
    /// Why, in one sentence.
    pub sentence: String,
}

impl Todo {
    /// What to do: a verb and its object.
    pub fn action(&self) -> String {
        let (subject, number) = (&self.subject, self.number);
        match self.kind {
            Kind::HandleAlert => format!("Traiter l’alerte sur {subject}"),
            Kind::FollowDecision => format!("Tenir la décision sur {subject}"),
            Kind::AssignAlerts => format!(
                "Répartir {number}\u{a0}{}",
                agree(number, "alerte", "alertes")
            ),
            Kind::ConfirmImport => format!("Confirmer l’import «\u{a0}{subject}\u{a0}»"),
            Kind::FreePlace => format!("Libérer la place\u{a0}{number} tenue par {subject}"),
            Kind::ReplaceReferent => format!("Désigner un autre référent pour {subject}"),
            Kind::ChooseCompanies => format!(
                "Choisir {number}\u{a0}{} pour {subject}",
                agree(number, "entreprise clé", "entreprises clés")
            ),
            Kind::OtherTerritories => format!(
                "{number}\u{a0}{} au moins une place libre",
                agree(number, "autre territoire a", "autres territoires ont")
            ),
            Kind::RefreshHeadcounts => "Importer des effectifs récents".to_owned(),
            Kind::RemindGuest => format!("Relancer {subject}"),
            Kind::RestartJobs => format!(
                "Relancer {number}\u{a0}{}",
                agree(number, "tâche arrêtée", "tâches arrêtées")
            ),
            Kind::LateStep | Kind::DueAction => {
                let company = self.territory.as_deref().unwrap_or_default();
                format!("{subject}\u{a0}: {company}")
            }
            Kind::MeetCompanies => format!(
                "{number}\u{a0}{} à rencontrer",
                agree(number, "entreprise clé", "entreprises clés")
            ),
        }
    }

    /// Why, with the date in words.
    pub fn reason(&self) -> String {
        let place = self.territory.as_deref().unwrap_or_default();
        let on = self.since.map(long_date);
        match (self.kind, on) {
            (Kind::HandleAlert, _) => {
                let grave = self
                    .levels
                    .first()
                    .map_or_else(String::new, |level| format!("{}, ", grave_in_words(*level)));
                format!("{grave}confiée à vous, ouverte {}", age(self.number))
            }
            (Kind::FollowDecision, _) => format!("{place}, {}", due_in_words(-self.number)),
            (Kind::DueAction, _) => due_in_words(-self.number),
            (Kind::AssignAlerts, _) => {
                let counts = levels::in_words(self.levels.iter().copied());
                format!("{counts}\u{202f}; personne n’en est responsable")
            }
            (Kind::ConfirmImport, Some(on)) => {
                format!("déposé le {on}, rien n’est encore enregistré")
            }
            (Kind::FreePlace, Some(on)) => format!("{place}\u{a0}: fermée le {on}"),
            (Kind::FreePlace, None) => format!("{place}\u{a0}: fermée ou partie du territoire"),
            (Kind::ReplaceReferent, _) => format!("{place}\u{a0}: compte du référent suspendu"),
            (Kind::ChooseCompanies, on) => self.held_in_words(on.as_deref()),
            (Kind::OtherTerritories, _) => "à voir dans la liste des territoires".to_owned(),
            (Kind::RefreshHeadcounts, Some(on)) => format!("les derniers datent du {on}"),
            (Kind::LateStep, _) => due_in_words(self.number),
            (Kind::MeetCompanies, _) => "jamais vues, ou pas depuis six mois".to_owned(),
            (Kind::RestartJobs, Some(on)) => format!("depuis le {on}"),
            (Kind::RemindGuest, Some(on)) => format!("invitation du {on}, sans réponse"),
            (_, None) => String::new(),
        }
    }

    /// What the territory has: the places to give are in the action already.
    fn held_in_words(&self, last_change: Option<&str>) -> String {
        let held = 5 - self.number;
        let places = match held {
            0 => "aucune place tenue".to_owned(),
            _ => format!(
                "{held}\u{a0}{} sur 5",
                agree(held, "place tenue", "places tenues")
            ),
        };
        match last_change {
            Some(on) => format!("{places}, dernier changement le {on}"),
            None => format!("{places}, jamais changé"),
        }
    }

    /// Where it is done.
    pub fn href(&self) -> String {
        match self.kind {
            Kind::HandleAlert => format!("/alertes/{}", self.target),
            Kind::FollowDecision => format!("/decisions/{}", self.target),
            Kind::DueAction => format!("/actions/{}", self.target),
            Kind::AssignAlerts => "/alertes?responsable=personne".to_owned(),
            Kind::ConfirmImport => format!("/imports/{}", self.target),
            Kind::FreePlace | Kind::ReplaceReferent | Kind::ChooseCompanies => {
                format!("/territoires/{}", self.target)
            }
            Kind::OtherTerritories => "/territoires".to_owned(),
            Kind::RefreshHeadcounts => "/imports".to_owned(),
            Kind::RemindGuest => "/utilisateurs".to_owned(),
            Kind::RestartJobs => "/reglages/taches?etat=arretees".to_owned(),
            Kind::LateStep => format!("/rencontres/{}#suites", self.target),
            Kind::MeetCompanies => "/rencontres/a-faire?referent=moi".to_owned(),
        }
    }
}

/// A list that holds rows left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub label: &'static str,
    /// Its address.
    pub href: &'static str,
    /// How many of the rows left out it holds.
    pub count: usize,
}

impl Kind {
    /// The list where such things are all seen.
    const fn list(self) -> (&'static str, &'static str) {
        match self {
            Self::HandleAlert => ("vos alertes", "/alertes?responsable=moi"),
            Self::AssignAlerts => ("alertes sans responsable", "/alertes?responsable=personne"),
            Self::FollowDecision => ("ateliers", "/ateliers"),
            Self::DueAction => ("vos actions", "/actions?pilote=moi"),
            Self::ConfirmImport | Self::RefreshHeadcounts => ("imports", "/imports"),
            Self::FreePlace
            | Self::ReplaceReferent
            | Self::ChooseCompanies
            | Self::OtherTerritories => ("territoires", "/territoires"),
            Self::RemindGuest => ("utilisateurs", "/utilisateurs"),
            Self::RestartJobs => ("tâches", "/reglages/taches"),
            Self::LateStep => ("rencontres", "/rencontres"),
            Self::MeetCompanies => (
                "entreprises à rencontrer",
                "/rencontres/a-faire?referent=moi",
            ),
        }
    }
}

/// The lists that hold these rows, each once, in the order of the rows.
pub fn listed(rows: &[Todo]) -> Vec<Listed> {
    let mut lists: Vec<Listed> = Vec::new();
    for row in rows {
        let (label, href) = row.kind.list();
        match lists.iter_mut().find(|list| list.href == href) {
            Some(list) => list.count += 1,
            None => lists.push(Listed {
                label,
                href,
                count: 1,
            }),
        }
    }
    lists
}

/// How grave an alert is, before its other facts.
fn grave_in_words(level: Level) -> String {
    match level {
        Level::Procedure => "procédure ouverte".to_owned(),
        Level::StruckOff => "entreprise radiée".to_owned(),
        other => format!("niveau {}", other.word().to_lowercase()),
    }
}

/// Days in words.
fn age(days: i64) -> String {
    match days {
        ..=0 => "aujourd’hui".to_owned(),
        1 => "hier".to_owned(),
        _ => format!("il y a {days}\u{a0}jours"),
    }
}

/// Territories with empty places that are named one by one.
const NAMED: usize = 4;

/// The same list with the first four territories by name, and one row for all the others.
pub fn gathered(todos: Vec<Todo>) -> Vec<Todo> {
    let (mut choices, mut rows): (Vec<Todo>, Vec<Todo>) = todos
        .into_iter()
        .partition(|todo| todo.kind == Kind::ChooseCompanies);
    let others = choices.split_off(choices.len().min(NAMED)).len();
    rows.append(&mut choices);
    if others > 0 {
        rows.push(Todo {
            kind: Kind::OtherTerritories,
            subject: String::new(),
            territory: None,
            since: None,
            number: i64::try_from(others).unwrap_or(i64::MAX),
            target: String::new(),
            levels: Vec::new(),
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn todo(kind: Kind, number: i64) -> Todo {
        Todo {
            kind,
            subject: "Sor et Agout".into(),
            territory: None,
            since: NaiveDate::from_ymd_opt(2026, 11, 1),
            number,
            target: "248100158".into(),
            levels: Vec::new(),
        }
    }

    #[test]
    fn territories_beyond_four_make_one_row() {
        let mut all = vec![todo(Kind::RemindGuest, 0)];
        all.extend((0..6).map(|_| todo(Kind::ChooseCompanies, 2)));
        let rows = gathered(all);
        assert_eq!(rows.len(), 6);
        assert_eq!(rows[0].kind, Kind::RemindGuest);
        assert_eq!(
            rows[5].action(),
            "2\u{a0}autres territoires ont au moins une place libre"
        );
        assert_eq!(rows[5].href(), "/territoires");
        let few = (0..4).map(|_| todo(Kind::ChooseCompanies, 2)).collect();
        assert_eq!(gathered(few).len(), 4);
    }

    #[test]
    fn a_thing_to_do_is_a_verb_an_object_and_a_date() {
        let choose = todo(Kind::ChooseCompanies, 1);
        assert_eq!(
            choose.action(),
            "Choisir 1\u{a0}entreprise clé pour Sor et Agout"
        );
        assert_eq!(choose.href(), "/territoires/248100158");
        assert_eq!(
            choose.reason(),
            "4\u{a0}places tenues sur 5, dernier changement le 1er\u{a0}novembre 2026"
        );
        let import = todo(Kind::ConfirmImport, 0);
        assert_eq!(
            import.reason(),
            "déposé le 1er\u{a0}novembre 2026, rien n’est encore enregistré"
        );
    }
}
