//! Invented notices of the demonstration's companies, in the layout of the BODACC: every state is there.

use std::fmt::Write as _;

use chrono::{Datelike as _, Days, NaiveDate};
use serde_json::{Value, json};

use super::finances::followed;
use super::portfolio::Site;

/// Notices: an open receivership, a safeguard plan, a liquidation, a procedure that is over, a
/// judgment whose notice was cancelled, a radiation; and deposits of accounts.
pub fn notices(sites: &[Site], today: NaiveDate) -> String {
    let followed: Vec<&Site> = followed(sites).map(|(_, site)| site).collect();
    let site = |turn: usize| followed[(turn * 17 + 8) % followed.len()];
    let receivership = "Jugement d'ouverture d'une procédure de redressement judiciaire";
    let cases: [(usize, u64, &str, &str, &str); 7] = [
        (0, 41, "annonce", "Jugement d'ouverture", receivership),
        (
            1,
            220,
            "annonce",
            "Jugement d'ouverture",
            "Jugement d'ouverture d'une procédure de sauvegarde",
        ),
        (
            1,
            60,
            "annonce",
            "Jugement prononçant",
            "Jugement arrêtant le plan de sauvegarde",
        ),
        (
            2,
            25,
            "annonce",
            "Jugement d'ouverture",
            "Jugement d'ouverture de liquidation judiciaire",
        ),
        (3, 700, "annonce", "Jugement d'ouverture", receivership),
        (
            3,
            90,
            "annonce",
            "Jugement de clôture",
            "Jugement mettant fin à la procédure de redressement judiciaire",
        ),
        (4, 50, "annonce", "Jugement d'ouverture", receivership),
    ];
    let mut results: Vec<Value> = Vec::new();
    for (number, (turn, days, kind, family, nature)) in (1001..).zip(cases) {
        let on = today - Days::new(days);
        results.push(notice(site(turn), number, on, kind, (family, nature), None));
    }
    // The last judgment was published by mistake: its notice is cancelled a week later.
    let cancelled = results.last().map(|last| last["id"].clone());
    let on = today - Days::new(43);
    results.push(notice(
        site(4),
        1020,
        on,
        "annulation",
        ("Jugement d'ouverture", receivership),
        cancelled.as_ref().and_then(Value::as_str),
    ));
    json!({ "total_count": results.len(), "results": results }).to_string()
}

fn notice(
    site: &Site,
    number: u32,
    on: NaiveDate,
    kind: &str,
    (family, nature): (&str, &str),
    cancels: Option<&str>,
) -> Value {
    let siren = &site.siret[..9];
    let spaced = format!("{} {} {}", &siren[..3], &siren[3..6], &siren[6..]);
    let mut issue = String::new();
    // Writing to a String cannot fail.
    let _ = write!(issue, "{}{:04}", on.year(), on.ordinal());
    let judgment = json!({
        "type": if kind == "annulation" { "annulation" } else { "initial" },
        "famille": family, "nature": nature, "date": on - Days::new(7),
    });
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
        "typeavis": kind, "familleavis": "collective", "familleavis_lib": "Procédures collectives",
        "numerodepartement": "81", "tribunal": "GREFFE DU TRIBUNAL DE COMMERCE D'ALBI",
        "registre": [siren, spaced],
        "listepersonnes": person.to_string(), "jugement": judgment.to_string(),
        "parutionavisprecedent": previous,
    })
}
