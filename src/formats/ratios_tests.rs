use std::io::Cursor;

use super::*;
use crate::formats::input::{Limits, open};
use crate::formats::kind::{FileKind, Recognised, recognise};
use crate::formats::{Outcome, Seen};

const HEADER: &str = "\u{feff}Siren;Date_cloture_exercice;Chiffre_d_affaires;ebe;autonomie_financiere;credit_clients_jours;Type_bilan;Confidentiality;inconnue\n";

fn read(text: &str) -> Vec<Outcome<RatiosRow>> {
    reader(text, |_| true).collect::<Result<_, _>>().unwrap()
}

fn reader(text: &str, keep: fn(Siren) -> bool) -> RatiosReader {
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    let opened = open(Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    match recognise(opened).unwrap() {
        Recognised::Table(FileKind::PublicRatios, table) => {
            RatiosReader::of_table(table, as_of, keep).unwrap()
        }
        Recognised::Json(FileKind::PublicRatios, text) => RatiosReader::of_json(text, as_of, keep),
        other => panic!("{:?}", other.kind()),
    }
}

fn shown(outcome: &Outcome<RatiosRow>) -> String {
    match outcome {
        Outcome::Row {
            line,
            value: r,
            warnings,
        } => format!(
            "{line} {} {} {:?} {:?} {:?} {:?} {:?} {}",
            r.siren,
            r.closed_on,
            r.kind,
            r.confidentiality,
            r.amounts.chiffre_d_affaires,
            r.amounts.ebe,
            r.ratios.autonomie_financiere,
            warnings.len()
        ),
        Outcome::Rejected(r) => format!("{} {} {:?}", r.line, r.column, r.cause),
    }
}

fn all(text: &str) -> Vec<String> {
    read(text).iter().map(shown).collect()
}

#[test]
fn two_kinds_of_accounts_for_one_year_are_two_rows() {
    let text = format!(
        "{HEADER}000081018;2023-12-31;1204000.5;-3;47,9;;C;Public;x\n\
         000081018;2023-12-31;9000000;;;;K;Public;x\n"
    );
    assert_eq!(
        all(&text),
        [
            "2 000081018 2023-12-31 Complete Public Some(1204001) Some(-3) Some(47.9) 0",
            "3 000081018 2023-12-31 Consolidated Public Some(9000000) None None 0"
        ]
    );
}

#[test]
fn a_repeated_key_comes_in_the_order_of_the_file() {
    let line = "81018;2023-12-31;1;;;;S;Public;\n";
    let text = format!("{HEADER}{line}{}", line.replace(";1;", ";2;"));
    assert_eq!(
        all(&text),
        [
            "2 000081018 2023-12-31 Simplified Public Some(1) None None 0",
            "3 000081018 2023-12-31 Simplified Public Some(2) None None 0"
        ]
    );
}

#[test]
fn confidential_accounts_keep_what_they_have() {
    let text = format!("{HEADER}000081018;2023-12-31;;;51.96;;;Partiellement confidentiel;\n");
    assert_eq!(
        all(&text),
        ["2 000081018 2023-12-31 Unknown Partial None None Some(51.96) 0"]
    );
}

#[test]
fn every_shape_of_json_gives_the_same_rows() {
    let fields = r#"{"siren":"000081018","date_cloture_exercice":"2023-12-31","chiffre_d_affaires":12,"autonomie_financiere":32.827,"type_bilan":"C","confidentiality":"Public"}"#;
    let expected = ["1 000081018 2023-12-31 Complete Public Some(12) None Some(32.827) 0"];
    for text in [
        format!(r#"{{"nhits":1,"records":[{{"recordid":"a","fields":{fields}}}]}}"#),
        format!(r#"{{"total_count":1,"results":[{fields}]}}"#),
        format!("[{fields}]"),
        format!("{fields}\n"),
    ] {
        assert_eq!(all(&text), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_unknown_and_what_has_no_key_is_rejected() {
    let text = format!(
        "{HEADER}000081018;2023-12-31;beaucoup;;NaN;;X;Public;\n\
         000081019;2023-12-31;1;;;;C;Public;\n\
         000081018;2027-12-31;1;;;;C;Public;\n\
         000081018;;1;;;;C;Public;\n"
    );
    assert_eq!(
        all(&text),
        [
            "2 000081018 2023-12-31 Unknown Public None None None 3",
            "3 Siren IdentifierChecksum",
            "4 Date_cloture_exercice DateImplausible",
            "5 Date_cloture_exercice Missing"
        ]
    );
}

#[test]
fn companies_that_are_not_wanted_are_counted_and_left_out() {
    let text = format!("{HEADER}000081018;2023-12-31;1;;;;C;Public;\n000081026;;;;;;;;\n");
    let mut reader = reader(&text, |siren| siren.as_str() == "000081018");
    assert!(matches!(
        reader.next(),
        Some(Ok(Outcome::Row { line: 2, .. }))
    ));
    assert!(reader.next().is_none());
    assert_eq!(
        reader.seen(),
        Seen {
            lines: 2,
            filtered: 1
        }
    );
}

/// A published line by hand: every column lands in the field of the same name.
#[test]
fn each_column_lands_under_its_own_name() {
    let names = NAMES[FIRST_AMOUNT..].join(";");
    let values: Vec<String> = (1..=NAMES.len() - FIRST_AMOUNT)
        .map(|n| n.to_string())
        .collect();
    let text = format!(
        "siren;date_cloture_exercice;type_bilan;{names}\n000081018;2023-12-31;C;{}\n",
        values.join(";")
    );
    let Outcome::Row { value, .. } = &read(&text)[0] else {
        panic!("rejected")
    };
    let Amounts {
        chiffre_d_affaires,
        marge_brute,
        ebe,
        ebit,
        resultat_net,
    } = value.amounts;
    assert_eq!(
        [chiffre_d_affaires, marge_brute, ebe, ebit, resultat_net],
        [1, 2, 3, 4, 5].map(Some)
    );
    let r = value.ratios;
    let named = [
        (r.taux_d_endettement, "taux_d_endettement"),
        (r.ratio_de_liquidite, "ratio_de_liquidite"),
        (r.ratio_de_vetuste, "ratio_de_vetuste"),
        (r.autonomie_financiere, "autonomie_financiere"),
        (
            r.poids_bfr_exploitation_sur_ca,
            "poids_bfr_exploitation_sur_ca",
        ),
        (r.couverture_des_interets, "couverture_des_interets"),
        (r.caf_sur_ca, "caf_sur_ca"),
        (r.capacite_de_remboursement, "capacite_de_remboursement"),
        (r.marge_ebe, "marge_ebe"),
        (
            r.resultat_courant_avant_impots_sur_ca,
            "resultat_courant_avant_impots_sur_ca",
        ),
        (
            r.poids_bfr_exploitation_sur_ca_jours,
            "poids_bfr_exploitation_sur_ca_jours",
        ),
        (r.rotation_des_stocks_jours, "rotation_des_stocks_jours"),
        (r.credit_clients_jours, "credit_clients_jours"),
        (r.credit_fournisseurs_jours, "credit_fournisseurs_jours"),
    ];
    for (value, name) in named {
        let place = NAMES.iter().position(|known| *known == name).unwrap();
        let expected: f64 = values[place - FIRST_AMOUNT].parse().unwrap();
        assert_eq!(value, Some(expected), "{name}");
    }
}
