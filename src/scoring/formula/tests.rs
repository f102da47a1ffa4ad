use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::accounts::Accounts;
use super::super::testing::{accounts, latest};
use super::*;

fn spec(complete: &str, simplified: &str) -> AggregateSpec {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    AggregateSpec {
        label: "Essai".into(),
        complete: given(complete),
        simplified: given(simplified),
        consolidated: None,
    }
}

fn aggregates(list: &[(&str, &str, &str)]) -> Result<Aggregates, Vec<AggregateError>> {
    let specs: BTreeMap<String, AggregateSpec> = list
        .iter()
        .map(|(name, complete, simplified)| ((*name).to_owned(), spec(complete, simplified)))
        .collect();
    Aggregates::parse(&specs)
}

fn sales() -> Aggregates {
    aggregates(&[("CA", "FL", "210+214+218")]).unwrap()
}

fn complete(text: &str) -> Result<Formula, FormulaError> {
    Formula::parse(Kind::Complete, text, &sales())
}

fn value(text: &str, exercise: &Exercise) -> Value {
    let kind = exercise.current.accounts.kind;
    Formula::parse(kind, text, &sales())
        .unwrap()
        .evaluate(exercise)
        .value
}

fn simple() -> Exercise {
    latest(&[accounts(
        Kind::Complete,
        "2024-12-31",
        &[("EE", 200), ("DL", 50), ("EC", 150)],
    )])
}

fn missing(code: &str, why: Why) -> Value {
    Value::Missing(vec![Gap {
        code: code.into(),
        why,
    }])
}

#[test]
fn operators_bind_as_in_arithmetic() {
    let exercise = simple();
    for (text, expected) in [
        ("1.0 + 2.0 * 3.0", 7.0),
        ("(1.0 + 2.0) * 3.0", 9.0),
        ("8.0 / 4.0 / 2.0", 1.0),
        ("8.0 - 4.0 - 2.0", 2.0),
        ("-2.0 * -3.0", 6.0),
        ("- (1.0 + 1.0) + 5.0", 3.0),
        ("ln(1.0)", 0.0),
        ("(DL + DO) / EE", 0.25),
    ] {
        assert_eq!(value(text, &exercise), Value::Known(expected), "{text}");
    }
}

#[test]
fn a_fault_is_told_in_french_with_its_place() {
    for (text, message) in [
        (
            "(DL+ZZ)/EE",
            "«\u{a0}ZZ\u{a0}» n’est ni un code des comptes complets ni un agrégat (caractère 5)",
        ),
        (
            "365*EG/CA",
            "«\u{a0}365\u{a0}» n’est ni un code des comptes complets ni un agrégat\u{202f}; une constante \
             s’écrit avec un point décimal, 365.0 (caractère 1)",
        ),
        (
            "DL EE",
            "«\u{a0}EE\u{a0}» inattendu\u{a0}: il faut un opérateur ou la fin (caractère 4)",
        ),
        (
            "DL ^ 2.0",
            "caractère «\u{a0}^\u{a0}» inattendu (caractère 4)",
        ),
        (
            "1.2.3",
            "«\u{a0}1.2.3\u{a0}» n’est pas un nombre (caractère 1)",
        ),
        (
            "ln DL",
            "«\u{a0}DL\u{a0}» inattendu\u{a0}: il faut une parenthèse ouvrante après ln (caractère 4)",
        ),
        (
            "(DL",
            "formule inachevée\u{a0}: il faut une parenthèse fermante (caractère 4)",
        ),
        (
            "",
            "formule inachevée\u{a0}: il faut un code, un agrégat, une constante ou une parenthèse \
             (caractère 1)",
        ),
    ] {
        assert_eq!(complete(text).unwrap_err().to_string(), message, "{text}");
    }
}

#[test]
fn a_code_of_the_other_return_is_unknown() {
    assert!(complete("142/180").is_err());
    assert!(Formula::parse(Kind::Simplified, "142/180", &sales()).is_ok());
    assert!(Formula::parse(Kind::Consolidated, "R6/EE", &sales()).is_ok());
}

#[test]
fn a_formula_beyond_reading_is_refused() {
    let flat = ["1.0"; 100].join("+");
    assert!(complete(&flat).is_ok(), "long is not deep");
    for text in ["(".repeat(500), "-".repeat(500), "1.0+".repeat(900)] {
        assert_eq!(
            complete(&text).unwrap_err().kind,
            FormulaErrorKind::TooComplex
        );
    }
}

#[test]
fn everything_missing_is_told_once() {
    let exercise = latest(&[accounts(Kind::Complete, "2024-12-31", &[("EE", 200)])]);
    let Value::Missing(gaps) = value("(DL + EG + DL) / EE + GG", &exercise) else {
        panic!("something is missing");
    };
    let codes: Vec<&str> = gaps.iter().map(|gap| gap.code.as_str()).collect();
    assert_eq!(codes, ["DL", "EG", "GG"]);
}

#[test]
fn hidden_accounts_say_so() {
    let hidden = Accounts {
        confidential: true,
        ..accounts(Kind::Complete, "2024-12-31", &[])
    };
    assert_eq!(
        value("EE", &latest(&[hidden])),
        missing("EE", Why::Confidential)
    );
    let held = |hide: fn(&mut Accounts)| {
        let lines = [("EE", 10), ("HN", 1)];
        let mut accounts = accounts(Kind::Complete, "2024-12-31", &lines);
        hide(&mut accounts);
        latest(&[accounts])
    };
    let all = held(|accounts| accounts.confidential = true);
    assert_eq!(value("EE", &all), missing("EE", Why::Confidential));
    let income = held(|accounts| accounts.confidential_income = true);
    assert_eq!(value("EE", &income), Value::Known(10.0));
    assert_eq!(value("HN", &income), missing("HN", Why::ConfidentialIncome));
}

#[test]
fn a_division_by_zero_or_less_is_no_number() {
    let given = accounts(
        Kind::Complete,
        "2024-12-31",
        &[("EE", 0), ("GG", -4), ("HN", 7)],
    );
    let exercise = latest(&[given]);
    for (text, denominator, worth) in [("HN/EE", "EE", 0.0), ("HN/(GG+GG)", "(GG + GG)", -8.0)] {
        let special = BadDenominator {
            denominator: denominator.into(),
            worth,
            numerator: 7.0,
        };
        assert_eq!(value(text, &exercise), Value::Special(special));
    }
}

#[test]
fn flows_are_brought_to_twelve_months_and_stocks_are_not() {
    let nine = Accounts {
        months: Some(9),
        ..accounts(
            Kind::Complete,
            "2024-09-30",
            &[("FL", 900), ("EE", 600), ("EG", 300)],
        )
    };
    let formula = complete("365.0*EG/CA").unwrap();
    let found = formula.evaluate(&latest(&[nine]));
    assert_eq!(found.value, Value::Known(365.0 * 300.0 / 1_200.0));
    let read: Vec<_> = found
        .inputs
        .iter()
        .map(|i| (i.code.as_str(), i.amount, i.annualised))
        .collect();
    assert_eq!(read, [("EG", 300, None), ("FL", 900, Some(1_200.0))]);
}

#[test]
fn an_unknown_duration_leaves_stocks_readable() {
    let unsaid = |closing: &str| Accounts {
        months: None,
        ..accounts(Kind::Complete, closing, &[("FL", 900), ("EE", 600)])
    };
    let exercise = latest(&[unsaid("2023-12-31"), unsaid("2024-09-30")]);
    assert_eq!(value("CA", &exercise), missing("FL", Why::UnknownDuration));
    assert_eq!(value("EE", &exercise), Value::Known(600.0));
}

#[test]
fn the_year_before_may_have_accounts_of_another_kind() {
    let before = accounts(
        Kind::Simplified,
        "2023-12-31",
        &[("210", 400), ("214", 0), ("218", 100), ("180", 9)],
    );
    let exercise = latest(&[
        before,
        accounts(Kind::Complete, "2024-12-31", &[("FL", 250)]),
    ]);
    assert_eq!(value("ln(CA/CA_1)", &exercise), Value::Known(0.5_f64.ln()));
    assert_eq!(value("EE_1", &exercise), missing("EE_1", Why::OtherKind));
    let alone = latest(&[accounts(Kind::Complete, "2024-12-31", &[("FL", 250)])]);
    assert_eq!(
        value("ln(CA/CA_1)", &alone),
        missing("CA_1", Why::NoPreviousYear)
    );
}

#[test]
fn sales_that_vanish_are_a_fall() {
    let exercise = latest(&[
        accounts(Kind::Complete, "2023-12-31", &[("FL", 250)]),
        accounts(Kind::Complete, "2024-12-31", &[("FL", 0)]),
    ]);
    assert_eq!(
        value("ln(CA/CA_1)", &exercise),
        Value::Known(0.001_f64.ln())
    );
}

#[test]
fn aggregates_may_name_each_other_in_any_order() {
    let found = aggregates(&[("ABC", "XYZ + 1.0", ""), ("XYZ", "EE", "180")]).unwrap();
    let formula = Formula::parse(Kind::Complete, "ABC", &found).unwrap();
    assert_eq!(formula.evaluate(&simple()).value, Value::Known(201.0));
    let undefined = Formula::parse(Kind::Simplified, "ABC", &found).unwrap_err();
    assert!(matches!(
        undefined.kind,
        FormulaErrorKind::UndefinedAggregate { .. }
    ));
}

#[test]
fn bad_aggregates_are_all_told() {
    let errors = aggregates(&[
        ("AB", "CD1 + EE", ""),
        ("CD1", "AB", ""),
        ("DL", "EE", ""),
        ("PAST", "EE_1", ""),
        ("VOID", "", ""),
        ("bas", "EE", ""),
    ])
    .unwrap_err();
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let has = |part: &str| told.iter().any(|message| message.contains(part));
    assert!(has("«\u{a0}AB\u{a0}» se définit par lui-même"), "{told:?}");
    assert!(has("«\u{a0}DL\u{a0}» ne peut pas nommer"), "{told:?}");
    assert!(has("«\u{a0}bas\u{a0}» ne peut pas nommer"), "{told:?}");
    assert!(
        has("ne peut pas lire l’année précédente («\u{a0}EE_1\u{a0}»)"),
        "{told:?}"
    );
    assert!(has("«\u{a0}VOID\u{a0}» n’a aucune formule"), "{told:?}");
}

fn any_formula() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("EE".to_owned()),
        Just("DL".to_owned()),
        Just("GG".to_owned()),
        Just("CA_1".to_owned()),
        Just("0.0".to_owned()),
        Just("365.0".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 2, |inner| {
        let signs = prop_oneof![Just('+'), Just('-'), Just('*'), Just('/')];
        prop_oneof![
            (inner.clone(), signs, inner.clone())
                .prop_map(|(a, sign, b)| format!("({a}{sign}{b})")),
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.prop_map(|a| format!("ln({a})")),
        ]
    })
}

proptest! {
    #[test]
    fn no_formula_is_ever_infinite_or_undefined(
        text in any_formula(),
        ee in -10_i64..1_000_000,
        gg in -1_000_000_i64..1_000_000,
    ) {
        let given = [
            accounts(Kind::Complete, "2023-12-31", &[("FL", ee)]),
            accounts(Kind::Complete, "2024-12-31", &[("EE", ee), ("DL", gg), ("GG", gg)]),
        ];
        let found = complete(&text).unwrap().evaluate(&latest(&given));
        if let Value::Known(number) = found.value {
            prop_assert!(number.is_finite(), "{text} = {number}");
        }
    }

    #[test]
    fn reading_never_panics(text in "[A-Z0-9_.+*/() lnéœ-]{0,60}") {
        let _ = complete(&text);
    }

    #[test]
    fn what_a_formula_shows_reads_as_itself(text in any_formula()) {
        let formula = complete(&text).unwrap();
        prop_assert_eq!(complete(&formula.to_string()).unwrap(), formula);
    }
}
