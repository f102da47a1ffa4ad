use proptest::prelude::*;

use super::*;
use crate::scoring::accounts::{Accounts, View, exercises};
use crate::scoring::testing::{accounts, day, grid, latest};

fn spec(formula: &str, rule: OnBadDenominator) -> VariableSpec {
    VariableSpec {
        id: "essai".into(),
        complete: Some(formula.into()),
        simplified: None,
        consolidated: None,
        direction: Direction::HigherIsRiskier,
        on_bad_denominator: rule,
        clip: [0.0, 5.0],
    }
}

fn one(spec: &VariableSpec, lines: &[(&str, i64)]) -> Feature {
    let set = FeatureSet::prepare(std::slice::from_ref(spec), &Aggregates::default()).unwrap();
    set.of(&latest(&[accounts(Kind::Complete, "2024-12-31", lines)]))
        .remove(0)
}

/// A small company in difficulty, whose statements add up.
fn simplified(closing: &str, sales: i64) -> Accounts {
    let operating = sales - 800;
    accounts(
        Kind::Simplified,
        closing,
        &[
            ("044", 300),
            ("060", 200),
            ("068", 250),
            ("084", 50),
            ("096", 500),
            ("110", 800),
            ("120", 100),
            ("134", -200),
            ("136", operating),
            ("142", operating - 100),
            ("156", 300),
            ("172", 600 - operating),
            ("176", 900 - operating),
            ("180", 800),
            ("195", 200),
            ("210", sales),
            ("234", 500),
            ("250", 250),
            ("254", 50),
            ("270", operating),
            ("310", operating),
        ],
    )
}

#[test]
fn the_grid_reads_simplified_accounts() {
    let exercise = latest(&[simplified("2023-12-31", 880), simplified("2024-12-31", 760)]);
    let found = grid().of(&exercise);
    let value = |id: &str| {
        let feature = found.iter().find(|feature| feature.id == id).unwrap();
        feature
            .value
            .unwrap_or_else(|| panic!("{id}: {:?}", feature.missing))
    };
    for (id, expected) in [
        ("eq_ta", -140.0 / 800.0),
        ("re_ta", -200.0 / 800.0),
        ("ebit_ta", -40.0 / 800.0),
        ("ni_ta", -40.0 / 800.0),
        ("cf_tl", 10.0 / 940.0),
        ("ca_cl", 500.0 / 740.0),
        ("cash_cl", 50.0 / 740.0),
        ("cl_ta", 740.0 / 800.0),
        ("g_sales", (760.0_f64 / 880.0).ln()),
        ("cl_days", 365.0 * 740.0 / 760.0),
    ] {
        assert!((value(id) - expected).abs() < 1e-12, "{id}");
    }
}

/// A company with a gross and depreciation layout, as the tax return has it.
fn complete() -> Accounts {
    accounts(
        Kind::Complete,
        "2024-12-31",
        &[
            ("BJ", 600),
            ("BK", 200),
            ("BX", 500),
            ("BY", 100),
            ("CF", 200),
            ("CJ", 700),
            ("CK", 100),
            ("CO", 1_300),
            ("1A", 300),
            ("DA", 100),
            ("DG", 150),
            ("DI", 50),
            ("DL", 300),
            ("EC", 700),
            ("DU", 400),
            ("DX", 300),
            ("EE", 1_000),
            ("EG", 400),
            ("EH", 80),
            ("FL", 2_000),
            ("FW", 1_000),
            ("FY", 600),
            ("FZ", 200),
            ("GA", 100),
            ("GG", 100),
            ("GU", 30),
            ("GR", 30),
            ("GW", 70),
            ("HK", 20),
            ("HN", 50),
        ],
    )
}

#[test]
fn the_grid_reads_complete_accounts() {
    let found = grid().of(&latest(&[complete()]));
    let value = |id: &str| found.iter().find(|feature| feature.id == id).unwrap().value;
    for (id, expected) in [
        ("eq_ta", Some(0.3)),
        ("re_ta", Some(0.15)),
        ("ebit_ta", Some(0.1)),
        ("ni_ta", Some(0.05)),
        ("cf_tl", Some(150.0 / 700.0)),
        ("ca_cl", Some(1.5)),
        ("cash_cl", Some(0.3)),
        ("cl_ta", Some(0.4)),
        ("g_sales", None),
        ("cl_days", Some(73.0)),
    ] {
        assert_eq!(value(id), expected, "{id}");
    }
    let growth = found
        .iter()
        .find(|feature| feature.id == "g_sales")
        .unwrap();
    assert_eq!(
        growth.missing.as_ref().unwrap().words(),
        "les comptes de l’année précédente ne sont pas connus"
    );
}

#[test]
fn both_layouts_of_a_return_give_the_same_features() {
    // The registry: one net line per row, sales under the code of their first column.
    let mut registry = complete();
    for (net, own) in [("BJ", "BK"), ("BX", "BY"), ("CJ", "CK"), ("CO", "1A")] {
        let depreciation = registry.lines.remove(own).unwrap();
        *registry.lines.get_mut(net).unwrap() -= depreciation;
    }
    let sales = registry.lines.remove("FL").unwrap();
    registry.lines.insert("FJ".into(), sales);
    let values = |accounts: Accounts| -> Vec<Option<f64>> {
        grid()
            .of(&latest(&[accounts]))
            .into_iter()
            .map(|feature| feature.value)
            .collect()
    };
    assert_eq!(values(registry), values(complete()));
}

#[test]
fn nine_months_are_said_and_brought_to_twelve() {
    let nine = Accounts {
        months: Some(9),
        ..simplified("2024-09-30", 750)
    };
    let exercise = latest(&[simplified("2023-12-31", 800), nine]);
    let found = grid().of(&exercise);
    let growth = found
        .iter()
        .find(|feature| feature.id == "g_sales")
        .unwrap();
    assert!((growth.value.unwrap() - (1_000.0_f64 / 800.0).ln()).abs() < 1e-12);
    assert_eq!(
        growth.notes[0].words(),
        "exercice de 9 mois\u{a0}: montants de l’année ramenés à douze mois"
    );
    let equity = found.iter().find(|feature| feature.id == "eq_ta").unwrap();
    assert_eq!(equity.notes, [], "a stock has no months");
}

#[test]
fn charges_without_profit_are_the_worst_and_no_charges_are_nothing() {
    let coverage = spec("GU/GG", OnBadDenominator::Worst);
    let bad = one(&coverage, &[("GU", 10), ("GG", -5)]);
    assert_eq!(bad.value, Some(5.0));
    assert_eq!(
        bad.notes[0].words(),
        "le rapport ne se calcule pas\u{a0}: la valeur la plus défavorable est retenue"
    );
    assert_eq!(one(&coverage, &[("GU", 0), ("GG", -5)]).value, Some(0.0));
    assert_eq!(
        one(
            &spec("GU/GG", OnBadDenominator::Best),
            &[("GU", 1), ("GG", 0)]
        )
        .value,
        Some(0.0)
    );
    let unknown = one(
        &spec("GU/GG", OnBadDenominator::Missing),
        &[("GU", 1), ("GG", 0)],
    );
    assert_eq!(unknown.value, None);
    assert!(
        unknown
            .missing
            .unwrap()
            .words()
            .contains("il faudrait diviser par zéro")
    );
}

#[test]
fn growth_from_no_sales_is_not_known() {
    let exercise = latest(&[simplified("2023-12-31", 0), simplified("2024-12-31", 760)]);
    let found = grid().of(&exercise);
    let growth = found
        .iter()
        .find(|feature| feature.id == "g_sales")
        .unwrap();
    assert_eq!(growth.value, None);
    assert!(matches!(growth.missing, Some(Missing::BadDenominator(_))));
}

#[test]
fn confidential_accounts_say_why_nothing_is_known() {
    let hidden = Accounts {
        confidential: true,
        ..accounts(Kind::Complete, "2024-12-31", &[])
    };
    for feature in grid().of(&latest(&[hidden])) {
        assert_eq!(feature.value, None);
        let words = feature.missing.unwrap().words();
        assert!(
            words.contains("les comptes sont confidentiels"),
            "{}: {words}",
            feature.id
        );
    }
}

#[test]
fn an_absurd_value_is_brought_to_the_bound_and_said() {
    let clipped = one(
        &spec("GU/GG", OnBadDenominator::Missing),
        &[("GU", 1_000), ("GG", 10)],
    );
    assert_eq!(clipped.value, Some(5.0));
    assert_eq!(
        clipped.notes[0].words(),
        "valeur hors norme, ramenée à la limite que le modèle retient"
    );
}

#[test]
fn a_missing_line_is_named_by_its_label() {
    let feature = one(&spec("EG/EE", OnBadDenominator::Missing), &[("EE", 10)]);
    assert_eq!(
        feature.missing.unwrap().words(),
        "«\u{a0}Dettes et produits constatés d’avance à moins d’un an\u{a0}» (EG) n’est pas renseigné"
    );
}

#[test]
fn many_missing_lines_are_counted() {
    let feature = one(
        &spec("(EG + EC + HN + GG) / EE", OnBadDenominator::Missing),
        &[("EE", 1_000)],
    );
    assert_eq!(
        feature.missing.unwrap().words(),
        "«\u{a0}Total des dettes\u{a0}» (EC), «\u{a0}Dettes et produits constatés d’avance à moins \
         d’un an\u{a0}» (EG) et 2 autres lignes ne sont pas renseignés"
    );
}

#[test]
fn equity_is_read_without_the_rest_of_the_liabilities() {
    let filed = accounts(Kind::Complete, "2024-12-31", &[("DL", 30), ("EE", 100)]);
    let found = grid().of(&latest(&[filed]));
    assert_eq!(found[0].value, Some(0.3), "{:?}", found[0]);
}

#[test]
fn the_faults_of_every_variable_are_told() {
    let mut bad = spec("ZZ/EE", OnBadDenominator::Missing);
    bad.clip = [1.0, 0.0];
    let mut empty = spec("EE", OnBadDenominator::Missing);
    empty.complete = None;
    let errors = FeatureSet::prepare(&[bad, empty], &Aggregates::default()).unwrap_err();
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "variable «\u{a0}essai\u{a0}»\u{a0}: «\u{a0}clip\u{a0}» doit donner un minimum puis un maximum",
            "variable «\u{a0}essai\u{a0}», comptes complets\u{a0}: «\u{a0}ZZ\u{a0}» n’est ni un code des comptes complets \
             ni un agrégat (caractère 1)",
            "variable «\u{a0}essai\u{a0}»\u{a0}: aucune formule",
        ]
    );
}

#[test]
fn the_group_view_reads_the_group_result() {
    let mut group = complete();
    group.kind = Kind::Consolidated;
    group.lines.insert("R6".into(), -80);
    let exercise = exercises(&[complete(), group], View::Group).remove(0);
    let found = grid().of(&exercise);
    let net = found.iter().find(|feature| feature.id == "ni_ta").unwrap();
    assert_eq!(net.value, Some(-0.08));
}

#[test]
fn accounts_age_by_the_month() {
    let limits = AgeLimits::default();
    let age = |as_of: &str| limits.age(day("2023-12-31"), day(as_of));
    assert_eq!(age("2025-06-30"), Age::Fresh);
    assert_eq!(age("2025-07-01"), Age::Stale);
    assert_eq!(age("2026-06-30"), Age::Stale);
    assert_eq!(age("2026-07-01"), Age::Frozen);
}

proptest! {
    #[test]
    fn a_feature_is_finite_within_its_bounds_or_says_why(
        lines in proptest::collection::vec((0_usize..150, -1_000_000_i64..1_000_000), 0..150),
    ) {
        let codes: Vec<&str> = crate::scoring::codes::known(Kind::Complete).map(|c| c.code).collect();
        let lines: Vec<(&str, i64)> = lines
            .into_iter()
            .map(|(index, euros)| (codes[index % codes.len()], euros))
            .collect();
        let exercise = latest(&[
            accounts(Kind::Complete, "2023-12-31", &lines),
            accounts(Kind::Complete, "2024-12-31", &lines),
        ]);
        for feature in grid().of(&exercise) {
            prop_assert!(feature.value.is_none_or(f64::is_finite));
            prop_assert_eq!(feature.value.is_none(), feature.missing.is_some());
        }
    }
}
