use std::io::Cursor;

use super::*;
use crate::formats::input::{Limits, open};

fn read(text: &str) -> Vec<String> {
    let opened = open(Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    let reader = HeadcountReader::new(Table::open(opened).unwrap(), as_of).unwrap();
    let show = |outcome: Outcome<HeadcountRow>| match outcome {
        Outcome::Row { line, value: v, .. } => {
            format!(
                "{line} {} {} {:?} {}",
                v.siret, v.period, v.granularity, v.headcount
            )
        }
        Outcome::Rejected(r) => format!("{} {} {:?}", r.line, r.column, r.cause),
    };
    reader.map(|outcome| show(outcome.unwrap())).collect()
}

#[test]
fn dsn_extracts_get_their_zeros_back() {
    let text = "MOIS,SIRET,EFF_TOTAL,EFF_HOMME\n2024-10,8101800012,54,45\n2024-11,8101800012,-1,3\n2099-01,8101800012,5,3\n,8101800012,5,3\n";
    assert_eq!(
        read(text),
        [
            "2 00008101800012 2024-10-01 Month 54",
            "3 EFF_TOTAL NumberNegative",
            "4 MOIS DateImplausible",
            "5 MOIS Missing"
        ]
    );
}

#[test]
fn years_and_french_months_are_understood() {
    let text = "Année;Siret;Effectif\n2023;000 081 018 00012;1 204\n10/2024;00008101800012;12,5\n31/12/2024;00008101800012;0\n";
    assert_eq!(
        read(text),
        [
            "2 00008101800012 2023-01-01 Year 1204",
            "3 Effectif NumberFormat",
            "4 00008101800012 2024-12-01 Month 0"
        ]
    );
}

#[test]
fn wide_files_of_urssaf_give_one_row_for_each_filled_month() {
    let text = "compte;siret;eff202411;eff202443;eff202462;eff202410;base\n1;00008101800012;\"1 204\";;61;7;116\n";
    assert_eq!(
        read(text),
        [
            "2 00008101800012 2024-01-01 Month 1204",
            "2 00008101800012 2024-01-01 Year 61"
        ]
    );
}

#[test]
fn counts_of_whole_companies_go_to_their_only_establishment() {
    let text = "siren;eff202411;eff202412;rais_soc\n000081018;61;;A\n000081026;7;8;B\n000081034;9;9;C\n81;1;1;D\n";
    let opened = open(Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    let siren = |text: &str| Siren::parse(text).unwrap();
    let only = Siret::parse("00008101800012").unwrap();
    let sites = Sites::from([(siren("000081018"), Some(only)), (siren("000081026"), None)]);
    let table = Table::open(opened).unwrap();
    let reader = HeadcountReader::by_company(table, as_of, sites).unwrap();
    let told: Vec<String> = reader
        .map(|outcome| match outcome.unwrap() {
            Outcome::Row { value, .. } => {
                format!("{} {} {}", value.siret, value.period, value.headcount)
            }
            Outcome::Rejected(r) => format!("{} {:?} {}", r.line, r.cause, r.expected),
        })
        .collect();
    assert_eq!(told[0], "00008101800012 2024-01-01 61");
    assert!(
        told[1].starts_with("3 NotOneSite") && told[1].contains("plusieurs"),
        "{}",
        told[1]
    );
    assert!(
        told[2].starts_with("4 NotOneSite") && told[2].contains("aucun"),
        "{}",
        told[2]
    );
    assert!(told[3].starts_with("5 IdentifierLength"), "{}", told[3]);
    assert_eq!(told.len(), 4, "{told:?}");
}
