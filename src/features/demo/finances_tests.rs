//! Every fate of the demonstration gives the level that it is meant to give.

use super::*;
use crate::features::risk::{dossiers, models};
use crate::formats::Outcome;
use crate::formats::annual_accounts::AccountsReader;
use crate::formats::input::{Limits, open};
use crate::formats::kind::{Recognised, recognise};
use crate::scoring::assessment::Assessment;
use crate::scoring::dossier::Dossier;
use crate::scoring::level::Level;

fn assessed(fate: Fate, jobs: u32) -> Assessment {
    let today = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
    let site = Site {
        territory: "200034056".into(),
        siret: "00001001700011".into(),
        jobs,
        active: true,
        trade: super::super::trades::COMMON[0],
    };
    let list = json!({ "bilansSaisis": company(&site, fate, 0, today) }).to_string();
    let opened = open(std::io::Cursor::new(list.into_bytes()), Limits::default());
    let Ok(Recognised::Json(_, text)) = recognise(opened.expect("a file")) else {
        panic!("accounts are recognised");
    };
    let mut dossier = Dossier::default();
    for outcome in AccountsReader::new(text, today, |_| true) {
        let Ok(Outcome::Row { value, .. }) = outcome else {
            panic!("{outcome:?}");
        };
        dossier.accounts.extend(dossiers::filed(value, "Inpi"));
    }
    models::on(today).expect("a model").assess(&dossier, today)
}

#[test]
fn every_level_appears_in_both_regimes() {
    let expected = [
        (Fate::Sound, Some(Level::Low)),
        (Fate::Watched, Some(Level::Moderate)),
        (Fate::Weakening, Some(Level::High)),
        (Fate::Failing, Some(Level::Critical)),
        (Fate::Falling, Some(Level::Critical)),
        (Fate::Slipping, Some(Level::Moderate)),
        (Fate::Recovering, Some(Level::Low)),
        (Fate::Confidential, None),
        (Fate::Silent, None),
    ];
    let mut others = Vec::new();
    for (fate, level) in expected {
        for jobs in [60, 8] {
            let found = assessed(fate, jobs);
            if found.retained.level != level {
                others.push(format!("{fate:?} {jobs}: {}", found.explanation.sentence));
            }
        }
    }
    assert!(others.is_empty(), "{others:#?}");
    assert!(assessed(Fate::Slipping, 60).is_sudden);
}
