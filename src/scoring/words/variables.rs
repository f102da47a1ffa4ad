//! The ten variables of the French grid in plain words. A sentence follows the value, not the cuts,
//! so that it stays true when a model changes its cuts.

use super::of;
use crate::scoring::numbers::{days, days_apart, euros, percent, percent_apart, times_apart};

/// How good the bin of a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The riskiest bin.
    Weak,
    /// In between.
    Watch,
    /// The safest bin.
    Good,
}

impl Tone {
    /// From the points of a bin and the largest of its variable.
    pub fn of(points: u32, max: u32) -> Self {
        if points == 0 {
            Self::Good
        } else if points >= max {
            Self::Weak
        } else {
            Self::Watch
        }
    }

    /// A verb as it is, or restricted: « couvre », « ne couvre que ».
    fn verb(self, verb: &str) -> String {
        match self {
            Self::Good => verb.to_owned(),
            Self::Watch | Self::Weak => format!("ne {verb} que"),
        }
    }
}

/// What a variable measures, in plain words.
pub fn name(id: &str) -> Option<&'static str> {
    Some(match id {
        "eq_ta" => "part des capitaux propres dans le bilan",
        "re_ta" => "réserves ou pertes des années passées",
        "ebit_ta" => "rentabilité de l’activité courante",
        "ni_ta" => "résultat de l’année",
        "cf_tl" => "capacité de rembourser les dettes",
        "ca_cl" => "de quoi payer les dettes de l’année",
        "cash_cl" => "argent disponible face aux dettes de l’année",
        "cl_ta" => "dettes à payer dans l’année, en part du bilan",
        "g_sales" => "évolution du chiffre d’affaires",
        "cl_days" => "dettes à payer dans l’année, en jours de ventes",
        _ => return None,
    })
}

/// A number beside the cuts of its variable: it never reads as a cut that it is not.
struct Beside<'a>(&'a [f64]);

impl Beside<'_> {
    /// The cuts on the side of zero where the value is, without their sign.
    fn bounds(&self, value: f64) -> Vec<f64> {
        let same = |cut: &&f64| **cut == 0.0 || (**cut < 0.0) == (value < 0.0);
        self.0.iter().filter(same).map(|cut| cut.abs()).collect()
    }

    /// A share, without its sign.
    fn share(&self, value: f64) -> String {
        percent_apart(value.abs(), &self.bounds(value))
    }

    fn days(&self, value: f64) -> String {
        days_apart(value, self.0)
    }

    /// « 68 % de ces dettes », « 1,5 fois ces dettes ».
    fn coverage(&self, value: f64, due: &str) -> String {
        if value < 1.0 {
            format!("{} {}", self.share(value), of(due))
        } else if value.total_cmp(&1.0).is_eq() {
            format!("tout juste {due}")
        } else {
            let bounds: Vec<f64> = self.0.iter().copied().chain([1.0]).collect();
            format!("{} fois {due}", times_apart(value, &bounds))
        }
    }

    /// The change of an amount from the logarithm of its ratio. Under half a percent nothing moved,
    /// unless a cut says that it did.
    fn growth(&self, logarithm: f64, down: &str, up: &str, still: &str) -> String {
        let change = logarithm.exp() - 1.0;
        let is_still = change.abs() < 0.005
            && !self
                .0
                .iter()
                .any(|cut| (*cut <= logarithm) != (*cut <= 0.0));
        if is_still {
            return still.to_owned();
        }
        let cuts: Vec<f64> = self.0.iter().map(|cut| cut.exp() - 1.0).collect();
        let way = if change < 0.0 { down } else { up };
        format!("{way} de {}", Beside(&cuts).share(change))
    }
}

const DUE: &str = "ce qui est à payer dans l’année";

/// What the value of a variable says, as a French clause without capital and final stop.
pub fn finding(id: &str, value: f64, tone: Tone, cuts: &[f64]) -> Option<String> {
    let beside = Beside(cuts);
    let (loss, nil) = (value < 0.0, value == 0.0);
    let size = beside.share(value);
    Some(match id {
        "eq_ta" if loss => "les capitaux propres sont négatifs\u{a0}: les dettes dépassent ce que \
                            possède l’entreprise"
            .to_owned(),
        "eq_ta" if nil => "les capitaux propres sont nuls".to_owned(),
        "eq_ta" => format!(
            "les capitaux propres {} {size} du bilan",
            tone.verb("représentent")
        ),
        "re_ta" if loss => format!("les pertes passées non comblées atteignent {size} du bilan"),
        "re_ta" if nil => "ni réserves ni pertes des années passées".to_owned(),
        "re_ta" => format!("les réserves des années passées représentent {size} du bilan"),
        "ebit_ta" if loss => format!("l’activité courante est en perte\u{a0}: {size} du bilan"),
        "ebit_ta" if nil => "l’activité courante est tout juste à l’équilibre".to_owned(),
        "ebit_ta" => format!(
            "le bénéfice de l’activité courante {} {size} du bilan",
            tone.verb("représente")
        ),
        "ni_ta" if loss => format!("l’année se termine par une perte de {size} du bilan"),
        "ni_ta" if nil => "l’année se termine tout juste à l’équilibre".to_owned(),
        "ni_ta" => format!("l’année se termine par un bénéfice de {size} du bilan"),
        "cf_tl" if loss || nil => "l’activité ne dégage rien pour rembourser les dettes".to_owned(),
        "cf_tl" => format!(
            "l’activité {} de quoi rembourser {} chaque année",
            if tone == Tone::Good {
                "dégage"
            } else {
                "ne dégage"
            },
            if tone == Tone::Good {
                beside.coverage(value, "les dettes")
            } else {
                format!("que {}", beside.coverage(value, "les dettes"))
            }
        ),
        "ca_cl" if nil => format!("ni stocks, ni créances, ni argent disponible face à {DUE}"),
        "ca_cl" => format!(
            "stocks, créances et argent disponible {} {}",
            if value < 1.0 {
                "ne couvrent que"
            } else {
                "couvrent"
            },
            beside.coverage(value, DUE)
        ),
        "cash_cl" if loss => format!(
            "une fois l’argent disponible déduit, les découverts représentent {size} de {DUE}"
        ),
        "cash_cl" if nil => "aucun argent disponible, découverts déduits".to_owned(),
        "cash_cl" => format!(
            "l’argent disponible {} {}",
            tone.verb("couvre"),
            beside.coverage(value, DUE)
        ),
        "cl_ta" | "cl_days" if nil => "aucune dette à payer dans l’année".to_owned(),
        "cl_ta" => format!("les dettes à payer dans l’année représentent {size} du bilan"),
        "g_sales" => format!(
            "le chiffre d’affaires {}",
            beside.growth(value, "baisse", "progresse", "est stable")
        ),
        "cl_days" => format!(
            "les dettes à payer dans l’année représentent {} de ventes",
            beside.days(value)
        ),
        _ => return None,
    })
}

/// The same in a few words, for the sentence of a score.
pub fn short_cause(id: &str, value: f64, cuts: &[f64]) -> Option<String> {
    let beside = Beside(cuts);
    let (loss, nil) = (value < 0.0, value == 0.0);
    let size = beside.share(value);
    Some(match id {
        "eq_ta" if loss => "capitaux propres négatifs".to_owned(),
        "eq_ta" if nil => "capitaux propres nuls".to_owned(),
        "eq_ta" => format!("capitaux propres à {size} du bilan"),
        "re_ta" if loss => "pertes passées non comblées".to_owned(),
        "re_ta" if nil => "aucune réserve".to_owned(),
        "re_ta" => format!("réserves à {size} du bilan"),
        "ebit_ta" if loss => "activité courante en perte".to_owned(),
        "ebit_ta" if nil => "activité courante tout juste à l’équilibre".to_owned(),
        "ebit_ta" => format!("bénéfice de l’activité courante à {size} du bilan"),
        "ni_ta" if loss => "perte de l’année".to_owned(),
        "ni_ta" if nil => "année tout juste à l’équilibre".to_owned(),
        "ni_ta" => format!("bénéfice à {size} du bilan"),
        "cf_tl" if loss => "capacité de remboursement négative".to_owned(),
        "cf_tl" if nil => "capacité de remboursement nulle".to_owned(),
        "cf_tl" => format!("capacité de remboursement à {size} des dettes"),
        "ca_cl" if nil => "rien pour payer les dettes de l’année".to_owned(),
        "ca_cl" => format!(
            "de quoi payer {}",
            beside.coverage(value, "les dettes de l’année")
        ),
        "cash_cl" if loss => "découverts supérieurs à l’argent disponible".to_owned(),
        "cash_cl" if nil => "aucun argent disponible".to_owned(),
        "cash_cl" => format!("argent disponible à {size} des dettes de l’année"),
        "cl_ta" => format!("dettes de l’année à {size} du bilan"),
        "g_sales" => format!(
            "chiffre d’affaires {}",
            beside.growth(value, "en baisse", "en hausse", "stable")
        ),
        "cl_days" => format!("dettes de l’année à {} de ventes", beside.days(value)),
        _ => return None,
    })
}

/// What a division by zero or less says, in the words of its variable.
pub fn undivided(id: &str, divisor: f64) -> Option<String> {
    let is_negative = divisor < 0.0;
    let amount = euros(divisor);
    Some(match id {
        "eq_ta" | "re_ta" | "ebit_ta" | "ni_ta" | "cl_ta" if is_negative => {
            format!("le total du bilan est négatif ({amount})\u{a0}: ce rapport ne se calcule pas")
        }
        "eq_ta" | "re_ta" | "ebit_ta" | "ni_ta" | "cl_ta" => {
            "le total du bilan est nul\u{a0}: ce rapport ne se calcule pas".to_owned()
        }
        "cf_tl" if is_negative => {
            format!(
                "les dettes inscrites sont négatives ({amount})\u{a0}: ce rapport ne se calcule pas"
            )
        }
        "cf_tl" => "aucune dette à rembourser\u{a0}: ce rapport ne se calcule pas".to_owned(),
        "ca_cl" | "cash_cl" if is_negative => {
            format!(
                "les dettes à payer dans l’année sont négatives ({amount})\u{a0}: rien à couvrir"
            )
        }
        "ca_cl" | "cash_cl" => "aucune dette à payer dans l’année\u{a0}: rien à couvrir".to_owned(),
        "g_sales" if is_negative => {
            format!("le chiffre d’affaires de l’année précédente est négatif ({amount})")
        }
        "g_sales" => "aucune vente l’année précédente\u{a0}: rien à comparer".to_owned(),
        "cl_days" if is_negative => format!("le chiffre d’affaires est négatif ({amount})"),
        "cl_days" => "aucune vente dans l’année\u{a0}: ce rapport ne se calcule pas".to_owned(),
        _ => return None,
    })
}

/// What would bring the points of a variable down: the other side of a cut, which belongs to the class
/// above it.
pub fn improvement(id: &str, cut: f64) -> Option<String> {
    let (nil, below) = (cut == 0.0, cut < 0.0);
    let size = percent(cut.abs());
    let bare = Beside(&[]);
    Some(match id {
        "eq_ta" if below => {
            format!("des capitaux propres négatifs d’au plus {size} du bilan")
        }
        "eq_ta" if nil => "des capitaux propres qui ne soient plus négatifs".to_owned(),
        "eq_ta" => format!("des capitaux propres d’au moins {size} du bilan"),
        "re_ta" if nil => "des pertes passées entièrement comblées".to_owned(),
        "re_ta" if below => format!("des pertes passées d’au plus {size} du bilan"),
        "re_ta" => format!("des réserves d’au moins {size} du bilan"),
        "ebit_ta" if nil => "une activité courante qui ne perd plus d’argent".to_owned(),
        "ebit_ta" if below => {
            format!("une perte de l’activité courante d’au plus {size} du bilan")
        }
        "ebit_ta" => format!("un bénéfice de l’activité courante d’au moins {size} du bilan"),
        "ni_ta" if nil => "une année sans perte".to_owned(),
        "ni_ta" if below => format!("une perte d’au plus {size} du bilan"),
        "ni_ta" => format!("un bénéfice d’au moins {size} du bilan"),
        "cf_tl" if below => {
            format!("une activité qui coûte chaque année au plus {size} des dettes")
        }
        "cf_tl" if nil => "une activité qui ne coûte plus d’argent".to_owned(),
        "cf_tl" => format!(
            "de quoi rembourser chaque année au moins {}",
            bare.coverage(cut, "les dettes")
        ),
        "ca_cl" if cut.total_cmp(&1.0).is_eq() => {
            "de quoi payer toutes les dettes de l’année".to_owned()
        }
        "ca_cl" => format!(
            "de quoi payer au moins {}",
            bare.coverage(cut, "les dettes de l’année")
        ),
        "cash_cl" if below => format!(
            "des découverts qui, argent disponible déduit, ne dépassent pas {size} de {DUE}"
        ),
        "cash_cl" if nil => "des découverts que l’argent disponible couvre".to_owned(),
        "cash_cl" => format!(
            "un argent disponible qui couvre au moins {}",
            bare.coverage(cut, DUE)
        ),
        "cl_ta" => format!("des dettes à payer dans l’année sous {size} du bilan"),
        "g_sales" if nil => "un chiffre d’affaires qui ne baisse plus".to_owned(),
        "g_sales" if below => format!(
            "un chiffre d’affaires qui baisse d’au plus {}",
            percent(1.0 - cut.exp())
        ),
        "g_sales" => format!(
            "un chiffre d’affaires qui progresse d’au moins {}",
            percent(cut.exp() - 1.0)
        ),
        "cl_days" => format!(
            "des dettes à payer dans l’année sous {} de ventes",
            days(cut)
        ),
        _ => return None,
    })
}

/// How far a value is from a cut: « écart de 3 % du bilan ». Never nothing: a value on a cut that it has
/// to pass is « à la limite ».
pub fn distance(id: &str, value: f64, cut: f64) -> String {
    let gap = match id {
        "g_sales" => (cut.exp() - value.exp()).abs(),
        _ => (cut - value).abs(),
    };
    if gap < 1e-6 {
        return "à la limite".to_owned();
    }
    let size = percent_apart(gap, &[0.0]);
    let words = match id {
        "eq_ta" | "re_ta" | "ebit_ta" | "ni_ta" | "cl_ta" => format!("{size} du bilan"),
        "cf_tl" => format!("{size} des dettes"),
        "ca_cl" | "cash_cl" => format!("{size} des dettes de l’année"),
        "g_sales" => format!("{size} des ventes de l’année précédente"),
        "cl_days" => days_apart(gap, &[0.0]),
        _ => times_apart(gap, &[0.0]),
    };
    format!("écart de {words}")
}
