//! Invented notices of the demonstration's companies, in the layout of the BODACC: every state is there.

use std::fmt::Write as _;

use chrono::{Datelike as _, Days, NaiveDate};
use serde_json::{Value, json};

use super::cast::{Cast, Part};
use super::portfolio::Site;

/// What happens in a notice.
#[derive(Debug, Clone, Copy)]
enum Told {
    /// A judgment: its family and its nature.
    Judgment(&'static str, &'static str),
    /// The company leaves the register.
    Radiation,
}

const OPENING: &str = "Jugement d'ouverture";
const RECEIVERSHIP: Told = Told::Judgment(
    OPENING,
    "Jugement d'ouverture d'une procédure de redressement judiciaire",
);
const SAFEGUARD: Told = Told::Judgment(
    OPENING,
    "Jugement d'ouverture d'une procédure de sauvegarde",
);
const LIQUIDATION: Told = Told::Judgment(OPENING, "Jugement d'ouverture de liquidation judiciaire");
const SAFEGUARD_PLAN: Told = Told::Judgment(
    "Jugement prononçant",
    "Jugement arrêtant le plan de sauvegarde",
);
const RECEIVERSHIP_PLAN: Told = Told::Judgment(
    "Jugement prononçant",
    "Jugement arrêtant le plan de redressement",
);
const DISSOLUTION: Told = Told::Judgment(
    "Jugement de clôture",
    "Jugement de clôture pour insuffisance d'actif",
);
const CLOSURE: Told = Told::Judgment(
    "Jugement de clôture",
    "Jugement mettant fin à la procédure de redressement judiciaire",
);

/// On whom, published how many days ago, what: every state, on companies that hold a place first, then
/// on others.
const CASES: [(Part, u64, Told); 23] = [
    ((2, 0), 34, SAFEGUARD),
    ((10, 0), 220, SAFEGUARD),
    ((10, 0), 60, SAFEGUARD_PLAN),
    ((8, 1), 41, RECEIVERSHIP),
    ((5, 0), 420, RECEIVERSHIP),
    ((5, 0), 130, RECEIVERSHIP_PLAN),
    ((3, 0), 25, LIQUIDATION),
    ((4, 3), 700, RECEIVERSHIP),
    ((4, 3), 90, CLOSURE),
    ((13, 2), 15, Told::Radiation),
    ((0, 8), 41, RECEIVERSHIP),
    ((1, 11), 220, SAFEGUARD),
    ((1, 11), 60, SAFEGUARD_PLAN),
    ((6, 5), 20, SAFEGUARD),
    ((9, 7), 300, RECEIVERSHIP),
    ((9, 7), 45, RECEIVERSHIP_PLAN),
    ((12, 9), 28, LIQUIDATION),
    ((1, 9), 120, Told::Radiation),
    ((12, 1), 400, LIQUIDATION),
    ((12, 1), 20, DISSOLUTION),
    ((7, 9), 500, LIQUIDATION),
    ((7, 9), 75, DISSOLUTION),
    ((5, 6), 50, RECEIVERSHIP),
];

/// Notices of every state; the last judgment was published by mistake, and its notice is cancelled.
pub fn notices(cast: &Cast<'_>, today: NaiveDate) -> String {
    let mut results: Vec<Value> = Vec::new();
    for (number, (part, days, told)) in (1001..).zip(CASES) {
        if let Some(site) = cast.site(part) {
            results.push(notice(
                site,
                number,
                today - Days::new(days),
                "annonce",
                told,
                None,
            ));
        }
    }
    let cancelled = results.last().map(|last| last["id"].clone());
    if let Some(site) = cast.site(CASES[CASES.len() - 1].0) {
        results.push(notice(
            site,
            1100,
            today - Days::new(43),
            "annulation",
            RECEIVERSHIP,
            cancelled.as_ref().and_then(Value::as_str),
        ));
    }
    json!({ "total_count": results.len(), "results": results }).to_string()
}

fn notice(
    site: &Site,
    number: u32,
    on: NaiveDate,
    kind: &str,
    told: Told,
    cancels: Option<&str>,
) -> Value {
    let siren = &site.siret[..9];
    let spaced = format!("{} {} {}", &siren[..3], &siren[3..6], &siren[6..]);
    let mut issue = String::new();
    // Writing to a String cannot fail.
    let _ = write!(issue, "{}{:04}", on.year(), on.ordinal());
    let (family, label, judgment, radiation) = match told {
        Told::Judgment(family, nature) => {
            let judgment = json!({
                "type": if kind == "annulation" { "annulation" } else { "initial" },
                "famille": family, "nature": nature, "date": on - Days::new(7),
            });
            ("collective", "Procédures collectives", Some(judgment), None)
        }
        Told::Radiation => {
            let radiation = json!({ "radiationPM": "O", "dateRadiation": on - Days::new(7) });
            ("radiation", "Radiations", None, Some(radiation))
        }
    };
    let person = json!({ "personne": {
        "typePersonne": "pm",
        "numeroImmatriculation": { "numeroIdentification": spaced, "codeRCS": "RCS" },
    }});
    let previous = cancels.map(|id| {
        json!({
            "nomPublication": "BODACC A", "numeroParution": &id[1..9], "numeroAnnonce": &id[9..],
        })
        .to_string()
    });
    json!({
        "id": format!("A{issue}{number}"),
        "publicationavis": "A", "parution": issue, "dateparution": on, "numeroannonce": number,
        "typeavis": kind, "familleavis": family, "familleavis_lib": label,
        "numerodepartement": "81", "tribunal": "GREFFE DU TRIBUNAL DE COMMERCE D'ALBI",
        "registre": [siren, spaced],
        "listepersonnes": person.to_string(), "jugement": judgment.map(|judgment| judgment.to_string()),
        "radiationaurcs": radiation.map(|radiation| radiation.to_string()),
        "parutionavisprecedent": previous,
    })
}
