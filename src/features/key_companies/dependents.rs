//! Which companies depend on one, as recorded links tell: counted, named, with their direct jobs. Pure.
//!
//! Those whose dependence is strong or medium are counted. No link recorded is not « nobody depends on it »:
//! the page says that none is recorded, never zero.

use crate::domain::supply::{Degree, Dependence};
use crate::features::companies::model::shown_name;
use crate::features::companies::supply::ELSEWHERE;
use crate::features::supply::queries::DependentRow;
use crate::web::filters::{agree, group_thousands, sentence_case};

/// Companies named in a group, at most: the page prints on one sheet.
const NAMED: usize = 5;

/// What is at the other end of the current links of a company.
#[derive(Debug, Clone)]
pub struct Dependents(Vec<DependentRow>);

/// One that depends on the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name, or what stands for it.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// Degree, part and jobs in words.
    pub words: String,
    /// « Déclaré » or « Estimé ».
    pub origin: &'static str,
}

/// Direct jobs of those that depend on the company.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DirectJobs {
    /// Those that are known.
    pub known: i64,
    /// Of them, those that a band only estimates.
    pub estimated: i64,
    /// Companies whose jobs are unknown, wholly or in part.
    pub unknown: usize,
    /// Companies whose jobs are known, wholly or in part.
    pub told: usize,
}

/// Some of those at the other end: suppliers, key companies, customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Companies at the other end of a link.
    pub linked: usize,
    /// Of them, those that depend on the company.
    pub dependent: usize,
    /// Of those, the first ones, the strongest dependence first.
    pub named: Vec<Named>,
    /// Jobs of all those that depend on it.
    pub jobs: DirectJobs,
}

impl Dependents {
    /// From what links say.
    pub fn new(rows: Vec<DependentRow>) -> Self {
        Self(rows)
    }

    /// Its suppliers and subcontractors.
    pub fn suppliers(&self) -> Group {
        Group::of(self.0.iter().filter(|row| row.is_supplier))
    }

    /// Key companies, suppliers or customers.
    pub fn key_companies(&self) -> Group {
        Group::of(self.0.iter().filter(|row| row.is_key))
    }

    /// Customers that hold no place, when one of them depends on it.
    pub fn customers(&self) -> Option<Group> {
        let others = |row: &&DependentRow| !row.is_supplier && !row.is_key;
        Some(Group::of(self.0.iter().filter(others))).filter(|group| group.dependent > 0)
    }
}

impl Group {
    fn of<'a>(rows: impl Iterator<Item = &'a DependentRow>) -> Self {
        let mut rows: Vec<&DependentRow> = rows.collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.degree(), row.share, row.jobs())));
        // One that is a supplier and a customer counts once, for its strongest dependence.
        let mut seen = std::collections::HashSet::new();
        rows.retain(|row| {
            row.siren
                .as_ref()
                .is_none_or(|siren| seen.insert(siren.clone()))
        });
        let linked = rows.len();
        rows.retain(|row| row.degree().is_some_and(Degree::depends));
        let mut jobs = DirectJobs::default();
        for row in &rows {
            jobs.known += row.jobs().unwrap_or(0);
            jobs.estimated += row.estimated.unwrap_or(0);
            jobs.unknown += usize::from(row.unknown > 0);
            jobs.told += usize::from(row.jobs().is_some());
        }
        Self {
            linked,
            dependent: rows.len(),
            named: rows.iter().take(NAMED).map(|row| row.named()).collect(),
            jobs,
        }
    }

    /// « 2 fournisseurs en dépendent », or what is recorded instead.
    pub fn sentence(&self, one: &str, many: &str) -> String {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let noun = |n: usize| agree(count(n), one, many);
        match (self.linked, self.dependent) {
            (0, _) => "Aucun lien enregistré.".to_owned(),
            (n, 0) => format!(
                "{n}\u{a0}{}, sans dépendance forte ni moyenne connue.",
                noun(n)
            ),
            (_, n) => {
                let verb = agree(count(n), "en dépend", "en dépendent");
                format!("{n}\u{a0}{} {verb}\u{a0}:", noun(n))
            }
        }
    }

    /// How many are not named.
    pub fn more(&self) -> Option<String> {
        let left = self.dependent - self.named.len();
        let left = i64::try_from(left).unwrap_or(i64::MAX);
        (left > 0).then(|| format!("et {left}\u{a0}{}", agree(left, "autre", "autres")))
    }

    /// « Au moins 45 emplois directs chez eux », when one depends on it.
    pub fn jobs_in_words(&self) -> Option<String> {
        if self.dependent == 0 {
            return None;
        }
        Some(if self.jobs.told == 0 {
            "Leurs emplois directs sont inconnus.".to_owned()
        } else {
            let jobs = in_words(self.jobs.known, self.jobs.estimated, self.jobs.unknown > 0);
            let noun = agree(
                self.jobs.known,
                "emploi direct concerné",
                "emplois directs concernés",
            );
            sentence_case(&format!("{jobs} {noun}."))
        })
    }

    /// « Mesuré » when every job was counted, « Estimé » else; none when none is known.
    pub fn jobs_origin(&self) -> Option<&'static str> {
        let is_measured = self.jobs.estimated == 0 && self.jobs.unknown == 0;
        (self.jobs.told > 0).then_some(if is_measured { "Mesuré" } else { "Estimé" })
    }
}

/// « au moins 12 », « environ 32 ».
fn in_words(known: i64, estimated: i64, has_unknown: bool) -> String {
    let number = group_thousands(known);
    match (has_unknown, estimated > 0) {
        (true, _) => format!("au moins {number}"),
        (_, true) => format!("environ {number}"),
        _ => number,
    }
}

impl DependentRow {
    fn degree(&self) -> Option<Degree> {
        self.degree.as_deref().and_then(|code| code.parse().ok())
    }

    /// Jobs that are known, counted or estimated.
    fn jobs(&self) -> Option<i64> {
        match (self.counted, self.estimated) {
            (None, None) => None,
            (counted, estimated) => Some(counted.unwrap_or(0) + estimated.unwrap_or(0)),
        }
    }

    fn named(&self) -> Named {
        let dependence = Dependence::of(self.degree.as_deref(), self.share);
        let jobs = match self.jobs() {
            None => "effectif non communiqué".to_owned(),
            Some(known) => format!(
                "{}\u{a0}{}",
                in_words(known, self.estimated.unwrap_or(0), self.unknown > 0),
                agree(known, "salarié", "salariés")
            ),
        };
        Named {
            name: if self.is_elsewhere {
                ELSEWHERE.to_owned()
            } else {
                shown_name(self.name.as_deref()).to_owned()
            },
            href: self
                .siren
                .as_ref()
                .map(|siren| format!("/entreprises/{siren}")),
            words: format!(
                "{}, {jobs}",
                dependence.in_words(self.is_supplier).unwrap_or_default()
            ),
            origin: if self.basis == "estimate" {
                "Estimé"
            } else {
                "Déclaré"
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn row(n: u32, degree: Option<&str>, counted: Option<i64>) -> DependentRow {
        DependentRow {
            siren: Some(format!("{n:09}")),
            name: Some(format!("EXEMPLE {n}")),
            is_elsewhere: false,
            is_supplier: true,
            is_key: false,
            degree: degree.map(str::to_owned),
            share: None,
            basis: "other".to_owned(),
            said_on: NaiveDate::default(),
            counted,
            estimated: None,
            unknown: i64::from(counted.is_none()),
        }
    }

    #[test]
    fn none_recorded_is_never_a_zero() {
        let none = Dependents::new(Vec::new());
        let group = none.suppliers();
        assert_eq!(
            group.sentence("fournisseur", "fournisseurs"),
            "Aucun lien enregistré."
        );
        assert_eq!((group.jobs_in_words(), group.jobs_origin()), (None, None));
        assert!(none.customers().is_none());
    }

    #[test]
    fn those_that_depend_are_counted_with_their_jobs_and_the_others_are_told() {
        let rows = vec![
            row(1, Some("medium"), Some(12)),
            row(2, Some("strong"), Some(30)),
            row(3, Some("weak"), Some(99)),
            row(4, None, None),
        ];
        let group = Dependents::new(rows.clone()).suppliers();
        assert_eq!((group.linked, group.dependent), (4, 2));
        assert_eq!(group.named[0].name, "EXEMPLE 2");
        assert_eq!(group.named[0].words, "forte dépendance, 30\u{a0}salariés");
        assert_eq!(
            group.jobs_in_words().as_deref(),
            Some("42 emplois directs concernés.")
        );
        assert_eq!(group.jobs_origin(), Some("Mesuré"));
        let idle = Dependents::new(rows[2..].to_vec()).suppliers();
        assert_eq!(
            idle.sentence("fournisseur", "fournisseurs"),
            "2\u{a0}fournisseurs, sans dépendance forte ni moyenne connue."
        );
        assert_eq!(idle.jobs_in_words(), None);
    }

    #[test]
    fn jobs_that_nobody_counted_make_an_estimate_and_unknown_ones_a_floor() {
        let mut estimated = row(1, Some("strong"), None);
        (estimated.estimated, estimated.unknown) = (Some(32), 0);
        let group = Dependents::new(vec![estimated.clone()]).suppliers();
        assert_eq!(
            group.jobs_in_words().as_deref(),
            Some("Environ 32 emplois directs concernés.")
        );
        assert_eq!(group.jobs_origin(), Some("Estimé"));
        let blind = row(2, Some("strong"), None);
        let group = Dependents::new(vec![estimated, blind.clone()]).suppliers();
        assert_eq!(
            group.jobs_in_words().as_deref(),
            Some("Au moins 32 emplois directs concernés.")
        );
        let group = Dependents::new(vec![blind]).suppliers();
        assert_eq!(
            group.jobs_in_words().as_deref(),
            Some("Leurs emplois directs sont inconnus.")
        );
    }

    #[test]
    fn a_key_company_on_both_sides_counts_once_for_its_strongest_dependence() {
        let mut supplier = row(1, Some("medium"), Some(10));
        supplier.is_key = true;
        let mut customer = supplier.clone();
        (customer.is_supplier, customer.degree) = (false, Some("strong".to_owned()));
        let group = Dependents::new(vec![supplier, customer]).key_companies();
        assert_eq!(
            (group.linked, group.dependent, group.jobs.known),
            (1, 1, 10)
        );
        assert!(group.named[0].words.starts_with("forte dépendance"));
    }

    #[test]
    fn those_that_find_no_room_are_counted() {
        let rows = (1..8).map(|n| row(n, Some("strong"), Some(1))).collect();
        let group = Dependents::new(rows).suppliers();
        assert_eq!(group.named.len(), 5);
        assert_eq!(group.more().as_deref(), Some("et 2\u{a0}autres"));
        assert_eq!(group.jobs.known, 7);
    }
}
