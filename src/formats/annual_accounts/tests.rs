use std::io::Cursor;

use super::*;
use crate::formats::input::{Limits, open};
use crate::formats::kind::{FileKind, Recognised, recognise};
use crate::formats::rejection::Cause;
use crate::formats::{Outcome, Rejection};

const COMPLETE: &str = r#"{"numero":1,"liasses":[
   {"code":"CJ","m1":"000000001400000","m2":"000000000200000","m3":"000000001200000","m4":"000000001100000"},
   {"code":"CK","m3":"000000000200000"},
   {"code":"ZZ","m3":"000000000000001"}]},
 {"numero":"2","liasses":[
   {"code":"DL","m1":"-000000000195000","m2":"000000000410752"},
   {"code":"EG","m1":"000000000900000","m2":"","m3":"000000000000007"}]},
 {"numero":3,"liasses":[
   {"code":"FJ","m1":"000000003900000","m2":"000000000200000","m3":"000000004100000","m4":"000000004520000"}]},
 {"numero":4,"liasses":[{"code":"HN","m1":"-000000000230752","m2":"000000000015000"},{"code":"R6","m1":"5"}]},
 {"numero":11,"liasses":[{"code":"YP","m1":"000000000000000","m2":"000000000000054"}]}"#;

const SIMPLIFIED: &str = r#"{"numero":1,"liasses":[
   {"code":"096","m1":"000000000300000","m2":"000000000010000","m3":"000000000290000","m4":"000000000280000"},
   {"code":"142","m3":"-000000000021000","m4":""},
   {"code":"169","m2":"000000000009000","m3":"000000000000000"},
   {"code":"195","m3":"000000000000000","m4":"000000000070000"}]},
 {"numero":2,"liasses":[{"code":"210","m1":"000000000690000","m2":"000000000700000"},{"code":"FL","m1":"1"}]}"#;

struct Given<'a> {
    kind: &'a str,
    months: &'a str,
    currency: &'a str,
    confidentiality: &'a str,
    pages: &'a str,
}

const GIVEN: Given<'static> = Given {
    kind: "C",
    months: "12",
    currency: "EUR",
    confidentiality: "Public",
    pages: COMPLETE,
};

fn object(given: &Given<'_>) -> String {
    let Given {
        kind,
        months,
        currency,
        confidentiality,
        pages,
    } = given;
    format!(
        r#"{{"id":"x","siren":"000081018","denomination":"EXEMPLE","dateDepot":"2024-06-30","dateCloture":"2023-12-31",
        "typeBilan":"{kind}","confidentiality":"{confidentiality}","deleted":false,
        "bilanSaisi":{{"bilan":{{"identite":{{"siren":"000081018","dateClotureExercice":"2023-12-31","codeTypeBilan":"{kind}",
        "dureeExerciceN":"{months}","codeDevise":"{currency}"}},"detail":{{"pages":[{pages}]}}}}}}}}"#
    )
}

fn read(text: &str) -> Vec<Outcome<AccountsRow>> {
    let opened = open(Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    let Ok(Recognised::Json(FileKind::AnnualAccounts, text)) = recognise(opened) else {
        panic!("not recognised")
    };
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    let reader = AccountsReader::new(text, as_of, |_| true);
    reader.collect::<Result<_, _>>().unwrap()
}

fn one(given: &Given<'_>) -> (AccountsRow, Vec<Rejection>) {
    match read(&format!("[{}]", object(given))).remove(0) {
        Outcome::Row {
            value, warnings, ..
        } => (value, warnings),
        Outcome::Rejected(rejection) => panic!("{rejection:?}"),
    }
}

fn rejected(given: &Given<'_>) -> Cause {
    match read(&object(given)).remove(0) {
        Outcome::Rejected(rejection) => rejection.cause,
        Outcome::Row { value, .. } => panic!("{value:?}"),
    }
}

fn amounts(row: &AccountsRow) -> Vec<String> {
    let shown = |(code, line): (&String, &Line)| format!("{code} {:?} {:?}", line.n, line.previous);
    row.lines.iter().map(shown).collect()
}

#[test]
fn the_column_of_the_year_depends_on_the_page() {
    let (row, warnings) = one(&GIVEN);
    assert_eq!(
        amounts(&row),
        [
            "CJ Some(1200000) Some(1100000)",
            "DL Some(-195000) Some(410752)",
            "EG Some(900000) None",
            "FL Some(4100000) Some(4520000)",
            "HN Some(-230752) Some(15000)",
            "YP Some(0) Some(54)",
        ]
    );
    assert_eq!(row.months, Some(12));
    assert_eq!(row.amount("FL"), Some(4_100_000));
    assert_eq!(row.previous_amount("DL"), Some(410_752));
    assert_eq!(row.amount("CK"), None, "the amount of CJ is already net");
    let told: Vec<_> = warnings
        .iter()
        .map(|w| (w.cause, w.value.as_str()))
        .collect();
    assert_eq!(told, [(Cause::UnknownCode, "2\u{a0}: R6, ZZ")]);
}

#[test]
fn simplified_accounts_have_their_own_pages_and_codes() {
    let (row, warnings) = one(&Given {
        kind: "S",
        pages: SIMPLIFIED,
        ..GIVEN
    });
    assert_eq!(
        amounts(&row),
        [
            "096 Some(290000) Some(280000)",
            "142 Some(-21000) None",
            "169 Some(9000) None",
            "195 Some(0) Some(70000)",
            "210 Some(690000) Some(700000)",
        ]
    );
    assert_eq!(
        warnings.len(),
        1,
        "FL belongs to complete accounts: {warnings:?}"
    );
}

#[test]
fn a_net_amount_left_blank_is_the_gross_one_less_the_depreciation() {
    let pages = r#"{"numero":1,"liasses":[
        {"code":"AF","m1":"000000000020264","m2":"000000000020264"},{"code":"CF","m1":"000000000000041"}]}"#;
    let (row, _) = one(&Given { pages, ..GIVEN });
    assert_eq!(amounts(&row), ["AF Some(0) None", "CF Some(41) None"]);
}

#[test]
fn two_kinds_of_accounts_for_one_year_are_two_rows() {
    let consolidated = object(&Given { kind: "K", ..GIVEN });
    let text = format!(r#"{{"bilansSaisis":[{},{consolidated}]}}"#, object(&GIVEN));
    let kinds: Vec<_> = read(&text)
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Row { line, value, .. } => (line, value.kind, value.amount("R6")),
            Outcome::Rejected(rejection) => panic!("{rejection:?}"),
        })
        .collect();
    assert_eq!(
        kinds,
        [
            (1, AccountsKind::Complete, None),
            (2, AccountsKind::Consolidated, Some(5))
        ]
    );
}

#[test]
fn a_year_may_last_nine_or_eighteen_months_but_not_zero() {
    for (text, months) in [("9", 9), ("18", 18), ("012", 12)] {
        let (row, warnings) = one(&Given {
            months: text,
            ..GIVEN
        });
        assert_eq!((row.months, warnings.len()), (Some(months), 1), "{text}");
    }
    let text = object(&GIVEN).replace(
        "\"codeDevise\"",
        "\"dureeExerciceNMoins1\":\"18\",\"codeDevise\"",
    );
    assert!(
        matches!(&read(&text)[0], Outcome::Row { value, .. } if value.previous_months == Some(18))
    );
    for (text, cause) in [
        ("0", Cause::Missing),
        ("", Cause::Missing),
        ("365", Cause::NumberFormat),
    ] {
        let (row, warnings) = one(&Given {
            months: text,
            ..GIVEN
        });
        assert_eq!(row.months, None, "{text}");
        assert_eq!(warnings[0].cause, cause, "{text}");
    }
}

#[test]
fn another_currency_is_rejected_and_none_means_the_euro() {
    for currency in ["EUR", "EUR ", "", "eur"] {
        assert_eq!(
            one(&Given { currency, ..GIVEN }).0.lines.len(),
            6,
            "{currency}"
        );
    }
    for currency in ["FRF", "USD", "KEUR"] {
        assert_eq!(
            rejected(&Given { currency, ..GIVEN }),
            Cause::Currency,
            "{currency}"
        );
    }
}

#[test]
fn a_balance_sheet_below_nothing_is_rejected() {
    let pages = r#"{"numero":1,"liasses":[{"code":"CO","m3":"-000000000100000"}]}"#;
    assert_eq!(rejected(&Given { pages, ..GIVEN }), Cause::NumberNegative);
    // What is taken back is not judged.
    let text = object(&Given { pages, ..GIVEN });
    let deleted = text.replace("\"deleted\":false", "\"deleted\":true");
    assert!(matches!(
        read(&deleted).remove(0),
        Outcome::Row { value, .. } if value.deleted
    ));
    // Equity may well be negative: it is what matters most.
    assert!(one(&GIVEN).0.lines["DL"].n < Some(0));
}

#[test]
fn banks_and_insurers_are_rejected_for_what_they_are() {
    assert_eq!(rejected(&Given { kind: "B", ..GIVEN }), Cause::AccountsKind);
    assert_eq!(rejected(&Given { kind: "A", ..GIVEN }), Cause::AccountsKind);
    assert_eq!(rejected(&Given { kind: "Z", ..GIVEN }), Cause::UnknownCode);
    assert_eq!(rejected(&Given { kind: "", ..GIVEN }), Cause::Missing);
}

#[test]
fn confidential_and_deleted_accounts_are_rows_without_lines() {
    let given = Given {
        confidentiality: "Confidential",
        pages: "",
        ..GIVEN
    };
    let text = object(&given).replace("\"deleted\":false", "\"deleted\":true");
    let Outcome::Row { value, .. } = read(&text).remove(0) else {
        panic!("rejected")
    };
    assert_eq!(value.confidentiality, Confidentiality::Confidential);
    assert!(value.deleted && value.lines.is_empty());
    let bare =
        r#"{"siren":"000081018","dateCloture":"2023-12-31","typeBilan":"C","bilanSaisi":null}"#;
    assert!(matches!(&read(bare)[0], Outcome::Row { value, .. } if value.months.is_none()));
}

#[test]
fn faults_of_a_line_are_told_and_faults_of_a_key_reject() {
    let pages = r#"{"numero":2,"liasses":[{"code":"DL","m1":"12,5"},{"code":"DL","m1":"7"}]}"#;
    let (row, warnings) = one(&Given { pages, ..GIVEN });
    assert_eq!(amounts(&row), ["DL Some(7) None"]);
    assert_eq!(warnings[0].cause, Cause::NumberFormat);
    let twice = object(&GIVEN);
    for (from, to, cause) in [
        (
            r#""siren":"000081018","denomination""#,
            r#""siren":"000081026","denomination""#,
            Cause::Mismatch,
        ),
        (
            r#""dateCloture":"2023-12-31""#,
            r#""dateCloture":"2033-12-31""#,
            Cause::DateImplausible,
        ),
    ] {
        let outcome = read(&twice.replace(from, to)).remove(0);
        assert!(
            matches!(&outcome, Outcome::Rejected(r) if r.cause == cause),
            "{outcome:?}"
        );
    }
}
