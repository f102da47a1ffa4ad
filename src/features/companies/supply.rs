//! A customer or a supplier of a company, as the page of that company tells it. `supply_lines`, in the
//! schema, holds who reads what; `supply` writes them.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::domain::supply::Dependence;
use crate::features::companies::model::shown_name;
use crate::web::filters::{long_date, sentence_case};
use crate::web::levels::Level;

/// Said of a company of the base that the reader may not see.
pub const ELSEWHERE: &str = "une entreprise hors de vos territoires";

/// A current link, seen from one of its ends.
#[derive(Debug, Clone, Deserialize)]
pub struct SupplyLine {
    /// `supply_links.id`
    pub id: Uuid,
    /// Whether the company supplies the other one, rather than buys from it.
    pub supplies: bool,
    /// SIREN of the other one; none when it is known by name alone, or not to this reader.
    pub other_siren: Option<String>,
    /// Its name; none when masked.
    pub other: Option<String>,
    /// What it is: `elsewhere`, a company of the base out of the reader's territories; `key`, it holds a place;
    /// `closed`, it ceased its activity.
    pub marks: Vec<String>,
    /// Its level, when it is key and the reader sees levels.
    pub shown: Option<String>,
    /// Code of how much the company depends on the other.
    pub own_dependence: Option<String>,
    /// The part, in percent.
    pub own_share: Option<i16>,
    /// Code of how much the other depends on the company.
    pub other_dependence: Option<String>,
    /// The part, in percent.
    pub other_share: Option<i16>,
    /// Who says so: `own`, `other` or `estimate`.
    pub basis: String,
    /// What is supplied.
    pub goods: String,
    /// When it was said.
    pub said_on: NaiveDate,
    /// The organisation that estimates.
    pub said_by: String,
    /// Since when the link is known.
    pub seen_since: Option<NaiveDate>,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Organisation of who noted it.
    pub written_by: Uuid,
    /// Whether it is the council.
    pub by_council: bool,
    /// Moves at each change.
    pub version: i32,
}

impl SupplyLine {
    /// Whether the other one is so.
    pub fn is(&self, mark: &str) -> bool {
        self.marks.iter().any(|known| known == mark)
    }

    /// The other one's name, or what stands for it.
    pub fn other_name(&self) -> &str {
        if self.is("elsewhere") {
            ELSEWHERE
        } else {
            shown_name(self.other.as_deref())
        }
    }

    /// What the other one is.
    fn side(&self) -> &'static str {
        if self.supplies {
            "le client"
        } else {
            "le fournisseur"
        }
    }

    /// Its page.
    pub fn other_href(&self) -> Option<String> {
        let siren = self.other_siren.as_ref()?;
        Some(format!("/entreprises/{siren}"))
    }

    /// « Fournit des pièces usinées à », then the other's name.
    pub fn verb(&self) -> String {
        let verb = if self.supplies { "Fournit" } else { "Achète" };
        format!("{verb} {} à", self.goods)
    }

    /// The level of the other one, when it is told.
    pub fn level(&self) -> Option<Level> {
        let shown = self.shown.as_deref()?;
        Some(Level::from_code(Some(shown)))
    }

    /// « L’entreprise : forte dépendance (40 % de son chiffre d’affaires). », both ways; what is not known says so.
    pub fn dependence(&self) -> String {
        let own = Dependence::of(self.own_dependence.as_deref(), self.own_share);
        let other = Dependence::of(self.other_dependence.as_deref(), self.other_share);
        let own = own
            .in_words(self.supplies)
            .map(|words| format!("l’entreprise\u{a0}: {words}"));
        let other = other
            .in_words(!self.supplies)
            .map(|words| format!("{}\u{a0}: {words}", self.side()));
        let known: Vec<String> = [own, other]
            .into_iter()
            .flatten()
            .map(|words| format!("{}.", sentence_case(&words)))
            .collect();
        if known.is_empty() {
            return "Dépendance non communiquée.".to_owned();
        }
        known.join(" ")
    }

    /// « Déclaré par l’entreprise le 3 mars 2026. »
    pub fn said(&self) -> String {
        let on = long_date(self.said_on);
        let who = match self.basis.as_str() {
            "own" => "Déclaré par l’entreprise".to_owned(),
            "other" => format!("Déclaré par {}", self.side()),
            _ => format!("Estimé par {}", self.said_by),
        };
        let since = self
            .seen_since
            .map(|day| format!("\u{202f}; connu depuis le {}", long_date(day)))
            .unwrap_or_default();
        format!("{who} le {on}{since}.")
    }

    /// Whether somebody changes it: the council, or the organisation that noted it.
    pub fn is_changed_by(&self, council: bool, organisation: Uuid) -> bool {
        council || !self.by_council && self.written_by == organisation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> SupplyLine {
        SupplyLine {
            id: Uuid::nil(),
            supplies: true,
            other_siren: Some("000000018".to_owned()),
            other: Some("EXEMPLE".to_owned()),
            marks: Vec::new(),
            shown: None,
            own_dependence: Some("strong".to_owned()),
            own_share: Some(40),
            other_dependence: None,
            other_share: None,
            basis: "own".to_owned(),
            goods: "des pièces usinées".to_owned(),
            said_on: NaiveDate::from_ymd_opt(2026, 3, 3).expect("a day"),
            said_by: "Département".to_owned(),
            seen_since: None,
            ended_on: None,
            written_by: Uuid::nil(),
            by_council: true,
            version: 1,
        }
    }

    #[test]
    fn a_link_says_what_is_supplied_who_depends_and_who_says_so() {
        let line = line();
        assert_eq!(line.verb(), "Fournit des pièces usinées à");
        assert_eq!(
            line.dependence(),
            "L’entreprise\u{a0}: forte dépendance (40\u{a0}% de son chiffre d’affaires)."
        );
        assert_eq!(line.said(), "Déclaré par l’entreprise le 3\u{a0}mars 2026.");
        let blind = SupplyLine {
            own_dependence: None,
            own_share: None,
            basis: "estimate".to_owned(),
            ..line
        };
        assert_eq!(blind.dependence(), "Dépendance non communiquée.");
        assert_eq!(blind.said(), "Estimé par Département le 3\u{a0}mars 2026.");
    }

    #[test]
    fn a_company_out_of_the_territories_is_not_named() {
        let hidden = SupplyLine {
            marks: vec!["elsewhere".to_owned()],
            other: None,
            other_siren: None,
            supplies: false,
            other_dependence: Some("weak".to_owned()),
            ..line()
        };
        assert_eq!(hidden.other_name(), ELSEWHERE);
        assert_eq!(hidden.other_href(), None);
        assert!(
            hidden
                .dependence()
                .ends_with("Le fournisseur\u{a0}: faible dépendance.")
        );
    }

    #[test]
    fn the_council_changes_any_link_and_an_organisation_its_own() {
        let mine = Uuid::from_u128(1);
        let of_mine = SupplyLine {
            written_by: mine,
            by_council: false,
            ..line()
        };
        assert!(of_mine.is_changed_by(false, mine));
        assert!(!of_mine.is_changed_by(false, Uuid::from_u128(2)));
        assert!(!line().is_changed_by(false, Uuid::nil()));
        assert!(line().is_changed_by(true, mine));
    }
}
