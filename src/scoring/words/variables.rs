//! The ten variables of the French grid in plain words. A sentence follows the value, not the cuts,
//! so that it stays true when a model changes its cuts.

use crate::scoring::numbers::{days, decimal, percent};

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
        match (self, verb.starts_with(['a', 'e', 'o'])) {
            (Self::Good, _) => verb.to_owned(),
            (_, true) => format!("n’{verb} que"),
            (_, false) => format!("ne {verb} que"),
        }
    }
}

/// What a variable measures, in plain words.
pub fn name(id: &str) -> Option<&'static str> {
    Some(match id {
        "eq_ta" => "part des capitaux propres dans le bilan",
        "re_ta" => "réserves accumulées les années passées",
        "ebit_ta" => "rentabilité de l’activité courante",
        "ni_ta" => "résultat de l’année",
        "cf_tl" => "capacité à rembourser les dettes",
        "ca_cl" => "ce qui sera encaissé face à ce qui est à payer dans l’année",
        "cash_cl" => "argent disponible face à ce qui est à payer dans l’année",
        "cl_ta" => "poids des dettes à payer dans l’année",
        "g_sales" => "évolution du chiffre d’affaires",
        "cl_days" => "dettes à payer dans l’année, en jours de ventes",
        _ => return None,
    })
}

/// What the value of a variable says, as a French clause without capital and final stop.
pub fn finding(id: &str, value: f64, tone: Tone) -> Option<String> {
    let loss = value < 0.0;
    let size = percent(value.abs());
    Some(match id {
        "eq_ta" if loss => "les capitaux propres sont négatifs\u{a0}: les dettes dépassent ce que \
                            possède l’entreprise"
            .to_owned(),
        "eq_ta" => format!(
            "les capitaux propres {} {size} du bilan",
            restricted_plural(tone)
        ),
        "re_ta" if loss => format!("les pertes passées non comblées atteignent {size} du bilan"),
        "re_ta" => format!("les réserves des années passées représentent {size} du bilan"),
        "ebit_ta" if loss => format!("l’activité courante est en perte, de {size} du bilan"),
        "ebit_ta" => format!(
            "l’activité courante {} {size} du bilan",
            tone.verb("dégage")
        ),
        "ni_ta" if loss => format!("l’année se termine par une perte, de {size} du bilan"),
        "ni_ta" => format!("l’année se termine par un bénéfice, de {size} du bilan"),
        "cf_tl" if loss => "l’activité ne dégage rien pour rembourser les dettes".to_owned(),
        "cf_tl" => format!(
            "l’activité {} chaque année {size} du montant des dettes",
            tone.verb("dégage")
        ),
        "ca_cl" => coverage(value),
        "cash_cl" if loss => "les découverts dépassent l’argent disponible".to_owned(),
        "cash_cl" => format!(
            "l’argent disponible {} {size} de ce qui est à payer dans l’année",
            tone.verb("couvre")
        ),
        "cl_ta" => format!("les dettes à payer dans l’année représentent {size} du bilan"),
        "g_sales" => format!(
            "le chiffre d’affaires {}",
            growth(value, "baisse", "progresse", "est stable")
        ),
        "cl_days" => format!(
            "les dettes à payer dans l’année représentent {} de ventes",
            days(value)
        ),
        _ => return None,
    })
}

/// The same in a few words, for the sentence of a score.
pub fn short_cause(id: &str, value: f64) -> Option<String> {
    let loss = value < 0.0;
    let size = percent(value.abs());
    Some(match id {
        "eq_ta" if loss => "capitaux propres négatifs".to_owned(),
        "eq_ta" => format!("capitaux propres à {size} du bilan"),
        "re_ta" if loss => "pertes passées non comblées".to_owned(),
        "re_ta" => format!("réserves à {size} du bilan"),
        "ebit_ta" if loss => "activité courante en perte".to_owned(),
        "ebit_ta" => format!("résultat d’exploitation à {size} du bilan"),
        "ni_ta" if loss => "perte de l’année".to_owned(),
        "ni_ta" => format!("bénéfice à {size} du bilan"),
        "cf_tl" if loss => "capacité de remboursement négative".to_owned(),
        "cf_tl" => format!("capacité de remboursement à {size} des dettes"),
        "ca_cl" => format!("actif circulant à {size} des dettes de l’année"),
        "cash_cl" if loss => "découverts supérieurs à l’argent disponible".to_owned(),
        "cash_cl" => format!("argent disponible à {size} des dettes de l’année"),
        "cl_ta" => format!("dettes de l’année à {size} du bilan"),
        "g_sales" => format!(
            "chiffre d’affaires {}",
            growth(value, "en baisse", "en hausse", "stable")
        ),
        "cl_days" => format!("dettes de l’année à {} de ventes", days(value)),
        _ => return None,
    })
}

/// What would bring the points of a variable down: the other side of a cut.
pub fn improvement(id: &str, cut: f64) -> Option<String> {
    let positive = cut <= 0.0;
    let size = percent(cut.abs());
    Some(match id {
        "eq_ta" if cut == 0.0 => "des capitaux propres positifs".to_owned(),
        "eq_ta" => above("des capitaux propres", cut, "du bilan"),
        "re_ta" if cut == 0.0 => "des pertes passées entièrement comblées".to_owned(),
        "re_ta" if positive => format!("des pertes passées sous {size} du bilan"),
        "re_ta" => above("des réserves", cut, "du bilan"),
        "ebit_ta" if cut == 0.0 => "une activité courante qui ne perd plus d’argent".to_owned(),
        "ebit_ta" if positive => format!("une perte d’exploitation sous {size} du bilan"),
        "ebit_ta" => above("un résultat d’exploitation", cut, "du bilan"),
        "ni_ta" if cut == 0.0 => "une année sans perte".to_owned(),
        "ni_ta" if positive => format!("une perte sous {size} du bilan"),
        "ni_ta" => above("un bénéfice", cut, "du bilan"),
        "cf_tl" if cut == 0.0 => "une activité qui dégage de quoi rembourser".to_owned(),
        "cf_tl" => above("une capacité de remboursement", cut, "des dettes"),
        "ca_cl" => above(
            "des stocks et des créances",
            cut,
            "de ce qui est à payer dans l’année",
        ),
        "cash_cl" if positive => "des découverts réduits".to_owned(),
        "cash_cl" => above(
            "un argent disponible",
            cut,
            "de ce qui est à payer dans l’année",
        ),
        "cl_ta" => format!("des dettes à payer dans l’année sous {size} du bilan"),
        "g_sales" if cut == 0.0 => "un chiffre d’affaires qui ne baisse plus".to_owned(),
        "g_sales" if positive => format!(
            "un chiffre d’affaires en baisse de moins de {}",
            percent(1.0 - cut.exp())
        ),
        "g_sales" => format!(
            "un chiffre d’affaires en hausse de plus de {}",
            percent(cut.exp() - 1.0)
        ),
        "cl_days" => format!(
            "des dettes à payer dans l’année sous {} de ventes",
            days(cut)
        ),
        _ => return None,
    })
}

fn above(what: &str, cut: f64, of: &str) -> String {
    format!("{what} au-dessus de {} {of}", percent(cut))
}

fn restricted_plural(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "représentent",
        Tone::Weak | Tone::Watch => "ne représentent que",
    }
}

fn coverage(value: f64) -> String {
    const DUE: &str = "ce qui est à payer dans l’année";
    if value < 1.0 {
        format!(
            "stocks, créances et argent disponible ne couvrent que {} de {DUE}",
            percent(value)
        )
    } else {
        format!(
            "stocks, créances et argent disponible couvrent {} fois {DUE}",
            decimal(value, 1)
        )
    }
}

/// The change of an amount from the logarithm of its ratio. Under half a percent nothing moved.
fn growth(logarithm: f64, down: &str, up: &str, still: &str) -> String {
    let change = logarithm.exp() - 1.0;
    if change.abs() < 0.005 {
        still.to_owned()
    } else {
        let way = if change < 0.0 { down } else { up };
        format!("{way} de {}", percent(change.abs()))
    }
}
