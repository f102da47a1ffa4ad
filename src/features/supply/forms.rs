//! The forms of a link between a supplier and its customer.

use chrono::NaiveDate;
use serde::Deserialize;

use super::queries::{Ending, NewLink};
use crate::domain::Siren;
use crate::domain::supply::{Degree, Dependence};
use crate::domain::text::{one_line, paragraphs};
use crate::features::companies::supply::SupplyLine;
use crate::features::organisations::forms::{past_day, refuse_long};
use crate::web::forms::FormErrors;

/// Characters of a name, at most, as the table states them.
const LONGEST_NAME: usize = 120;
/// Characters of what is supplied, at most.
const LONGEST_GOODS: usize = 200;
/// Characters of a reason, at least and at most.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// What the other one is to the company: code and words.
pub const SIDES: [(&str, &str); 2] = [("client", "Un client"), ("fournisseur", "Un fournisseur")];

/// Which company is at the other end, as it was typed or chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OtherForm {
    /// What is searched.
    pub q: String,
    /// SIREN of a company that was chosen.
    pub avec: String,
    /// Name of one that is not known here.
    pub nom: String,
}

/// A link as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LinkForm {
    /// SIREN of the other one.
    pub avec: String,
    /// Or its name.
    pub nom: String,
    /// « client » or « fournisseur »: what the other one is.
    pub sens: String,
    /// What is supplied.
    pub objet: String,
    /// Code of how much the supplier depends on the customer.
    pub dep_fournisseur: String,
    /// The part of its turnover, in percent.
    pub part_fournisseur: String,
    /// Code of how much the customer depends on the supplier.
    pub dep_client: String,
    /// The part of its purchases, in percent.
    pub part_client: String,
    /// Code of who says so.
    pub selon: String,
    /// When.
    pub dit_le: String,
    /// Since when the link is known.
    pub depuis: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl LinkForm {
    /// A new link, said today.
    pub fn blank(other: &OtherForm, today: NaiveDate) -> Self {
        Self {
            avec: other.avec.clone(),
            nom: one_line(&other.nom),
            dit_le: today.to_string(),
            ..Self::default()
        }
    }

    /// The form of a known link.
    pub fn of(line: &SupplyLine) -> Self {
        let own = (line.own_dependence.as_deref(), line.own_share);
        let other = (line.other_dependence.as_deref(), line.other_share);
        let (supplier, customer) = if line.supplies {
            (own, other)
        } else {
            (other, own)
        };
        let share = |part: Option<i16>| part.map(|part| part.to_string()).unwrap_or_default();
        let basis = match (line.basis.as_str(), line.supplies) {
            ("own", true) | ("other", false) => "supplier",
            ("own", false) | ("other", true) => "customer",
            _ => "estimate",
        };
        Self {
            sens: SIDES[usize::from(!line.supplies)].0.to_owned(),
            objet: line.goods.clone(),
            dep_fournisseur: supplier.0.unwrap_or_default().to_owned(),
            part_fournisseur: share(supplier.1),
            dep_client: customer.0.unwrap_or_default().to_owned(),
            part_client: share(customer.1),
            selon: basis.to_owned(),
            dit_le: line.said_on.to_string(),
            depuis: line
                .seen_since
                .map(|day| day.to_string())
                .unwrap_or_default(),
            version: line.version.to_string(),
            ..Self::default()
        }
    }

    /// The version that the form was filled from; 0, which no row has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// What to write, or what to mend beside `errors`.
    pub fn parse(&self, mut errors: FormErrors, today: NaiveDate) -> Result<NewLink, FormErrors> {
        let side = SIDES.iter().position(|(code, _)| *code == self.sens);
        if side.is_none() {
            errors.add("sens", "Dites si c’est un client ou un fournisseur.");
        }
        let goods = one_line(&self.objet);
        if goods.is_empty() {
            errors.add(
                "objet",
                "Dites ce qui est fourni, par exemple «\u{a0}des pièces usinées\u{a0}».",
            );
        }
        refuse_long(&mut errors, "objet", &goods, LONGEST_GOODS);
        let supplier = dependence(
            &mut errors,
            ("dep_fournisseur", &self.dep_fournisseur),
            ("part_fournisseur", &self.part_fournisseur),
        );
        let customer = dependence(
            &mut errors,
            ("dep_client", &self.dep_client),
            ("part_client", &self.part_client),
        );
        let basis = ["supplier", "customer", "estimate"]
            .into_iter()
            .find(|code| *code == self.selon);
        if basis.is_none() {
            errors.add(
                "selon",
                "Dites qui l’a déclaré, ou que c’est une estimation.",
            );
        }
        let said_on = past_day(&mut errors, "dit_le", &self.dit_le, today);
        if self.dit_le.trim().is_empty() {
            errors.add("dit_le", "Écrivez une date passée, par exemple 24/11/2026.");
        }
        let seen_since = past_day(&mut errors, "depuis", &self.depuis, today);
        errors.or(NewLink {
            supplies: side == Some(0),
            goods,
            supplier,
            customer,
            basis: basis.unwrap_or("estimate"),
            said_on: said_on.unwrap_or(today),
            seen_since,
        })
    }
}

/// A degree with its part in percent; a part needs a degree.
fn dependence(
    errors: &mut FormErrors,
    (degree_field, degree): (&str, &str),
    (share_field, share): (&str, &str),
) -> Dependence {
    let degree = degree.parse::<Degree>().ok();
    let typed = share
        .trim()
        .trim_end_matches(['%', '\u{a0}', '\u{202f}', ' ']);
    let share = typed.parse().ok().filter(|part| (1..=100).contains(part));
    if !typed.is_empty() && share.is_none() {
        errors.add(
            share_field,
            "Écrivez un nombre entier de 1 à 100, par exemple 30, ou laissez vide.",
        );
    }
    if share.is_some() && degree.is_none() {
        errors.add(
            degree_field,
            "Dites aussi si cette dépendance est faible, moyenne ou forte\u{a0}: la part seule ne le dit pas.",
        );
    }
    Dependence { degree, share }
}

/// The name of a company that is not known here, or what is wrong with it.
pub fn other_name(errors: &mut FormErrors, typed: &str) -> String {
    let name = one_line(typed);
    if name.chars().count() < 2 {
        errors.add(
            "nom",
            "Cherchez l’entreprise, ou donnez son nom en deux caractères au moins.",
        );
    } else if Siren::parse(&name).is_ok() {
        errors.add(
            "nom",
            "C’est un numéro SIREN\u{a0}: cherchez-le, ou écrivez le nom de l’entreprise.",
        );
    }
    refuse_long(errors, "nom", &name, LONGEST_NAME);
    name
}

/// Why a link is over, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EndForm {
    /// The day.
    pub fin: String,
    /// The reason.
    pub motif: String,
    /// Version that the page showed.
    pub version: String,
}

impl EndForm {
    /// The version that the page showed.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// What to write, or what to mend; `since` is the day from which the link is known.
    pub fn parse(&self, since: Option<NaiveDate>, today: NaiveDate) -> Result<Ending, FormErrors> {
        let mut errors = FormErrors::new();
        let on = past_day(&mut errors, "fin", &self.fin, today);
        if self.fin.trim().is_empty() {
            errors.add("fin", "Écrivez une date passée, par exemple 24/11/2026.");
        } else if on.is_some() && on < since {
            errors.add(
                "fin",
                "Ce lien est connu depuis plus tard\u{a0}: choisissez une date plus récente.",
            );
        }
        let reason = paragraphs(&self.motif);
        if !REASON.contains(&reason.chars().count()) {
            errors.add(
                "motif",
                "Dites pourquoi en 10 à 500\u{a0}caractères, par exemple «\u{a0}Contrat repris par un autre fournisseur\u{a0}».",
            );
        }
        errors.or(Ending {
            on: on.unwrap_or(today),
            reason,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
    }

    fn form() -> LinkForm {
        LinkForm {
            sens: "client".to_owned(),
            objet: "des pièces usinées".to_owned(),
            dep_fournisseur: "strong".to_owned(),
            part_fournisseur: "40 %".to_owned(),
            selon: "supplier".to_owned(),
            dit_le: "2026-11-10".to_owned(),
            ..LinkForm::default()
        }
    }

    #[test]
    fn a_part_needs_a_degree_and_lies_between_one_and_a_hundred() {
        let read = form().parse(FormErrors::new(), today()).expect("a link");
        assert!(read.supplies);
        assert_eq!(read.supplier, Dependence::of(Some("strong"), Some(40)));
        assert_eq!(read.customer, Dependence::default());
        let blind = LinkForm {
            dep_fournisseur: String::new(),
            ..form()
        };
        assert!(
            blind
                .parse(FormErrors::new(), today())
                .is_err_and(|e| e.get("dep_fournisseur").is_some())
        );
        for typed in ["0", "101", "beaucoup", "-3"] {
            let wrong = LinkForm {
                part_fournisseur: typed.to_owned(),
                ..form()
            };
            let refused = wrong.parse(FormErrors::new(), today());
            assert!(
                refused.is_err_and(|e| e.get("part_fournisseur").is_some()),
                "{typed}"
            );
        }
    }

    #[test]
    fn an_end_says_why_and_does_not_come_before_the_link() {
        let end = EndForm {
            fin: "2026-11-01".to_owned(),
            motif: "Contrat non renouvelé.".to_owned(),
            version: "1".to_owned(),
        };
        assert!(end.parse(None, today()).is_ok());
        let later = NaiveDate::from_ymd_opt(2026, 11, 2);
        assert!(
            end.parse(later, today())
                .is_err_and(|e| e.get("fin").is_some())
        );
        let short = EndForm {
            motif: "Fini.".to_owned(),
            ..end
        };
        assert!(
            short
                .parse(None, today())
                .is_err_and(|e| e.get("motif").is_some())
        );
    }
}
