use super::super::testing::{day, shipped_variables};
use super::*;

/// Equity 300, financial debt 450, total 1 000, CAF 150, sales 2 000.
fn complete() -> PublicRatios {
    PublicRatios {
        closing: day("2024-12-31"),
        kind: Some(Kind::Complete),
        sales: Some(2_000),
        ebit: Some(100),
        net_result: Some(-50),
        debt_to_equity: Some(150.0),
        autonomy: Some(30.0),
        liquidity: Some(120.0),
        cash_flow_to_sales: Some(7.5),
        repayment: Some(3.0),
        confidential: false,
    }
}

fn found(this: &PublicRatios, previous: Option<&PublicRatios>, id: &str) -> Feature {
    features(&shipped_variables(), this, previous)
        .into_iter()
        .find(|feature| feature.id == id)
        .unwrap()
}

fn close(feature: &Feature, expected: f64) {
    let value = feature.value.unwrap_or_else(|| panic!("{feature:?}"));
    assert!((value - expected).abs() < 1e-9, "{value}");
}

#[test]
fn the_total_is_rebuilt_from_debt_and_equity() {
    close(&found(&complete(), None, "eq_ta"), 0.3);
    close(&found(&complete(), None, "ebit_ta"), 0.1);
    close(&found(&complete(), None, "ni_ta"), -0.05);
    close(&found(&complete(), None, "cf_tl"), 150.0 / 700.0);
    close(&found(&complete(), None, "ca_cl"), 1.2);
}

#[test]
fn every_derived_value_says_so_and_the_others_say_why_not() {
    for feature in features(&shipped_variables(), &complete(), None) {
        let derived = feature
            .notes
            .iter()
            .any(|note| matches!(note, Note::Derived { .. }));
        assert_eq!(derived, feature.value.is_some(), "{}", feature.id);
        assert_eq!(
            feature.missing.is_none(),
            feature.value.is_some(),
            "{}",
            feature.id
        );
    }
    assert_eq!(
        found(&complete(), None, "ebit_ta").notes[0].words(),
        "estimé des ratios publiés\u{a0}: résultat d’exploitation publié, total du bilan reconstitué"
    );
    assert_eq!(found(&complete(), None, "cl_days").value, None);
}

#[test]
fn the_autonomy_of_simplified_accounts_is_a_debt_ratio() {
    // The same company: financial debt 450 of 1 000, 150 % of equity.
    let simplified = PublicRatios {
        kind: Some(Kind::Simplified),
        autonomy: Some(45.0),
        ..complete()
    };
    let equity = found(&simplified, None, "eq_ta");
    close(&equity, 0.3);
    assert!(matches!(
        equity.notes[0],
        Note::Derived { exact: false, .. }
    ));
    close(&found(&simplified, None, "ebit_ta"), 0.1);
    let incoherent = PublicRatios {
        debt_to_equity: Some(60.0),
        ..simplified
    };
    assert_eq!(
        found(&incoherent, None, "eq_ta").value,
        None,
        "45 % of debt and 75 % of equity"
    );
}

#[test]
fn negative_equity_of_simplified_accounts_is_seen() {
    let simplified = PublicRatios {
        kind: Some(Kind::Simplified),
        autonomy: Some(60.0),
        debt_to_equity: Some(-300.0),
        ..complete()
    };
    close(&found(&simplified, None, "eq_ta"), -0.2);
}

#[test]
fn growth_needs_two_years_twelve_months_apart() {
    let before = |closing: &str| PublicRatios {
        closing: day(closing),
        sales: Some(2_500),
        ..complete()
    };
    let growth = |closing: &str| found(&complete(), Some(&before(closing)), "g_sales");
    close(&growth("2023-12-31"), 0.8_f64.ln());
    assert_eq!(growth("2024-03-31").value, None);
    assert_eq!(growth("2022-12-31").value, None);
}

#[test]
fn zero_and_impossible_ratios_are_unknown() {
    let nothing = PublicRatios {
        ebit: Some(0),
        repayment: Some(0.0),
        liquidity: Some(0.0),
        autonomy: Some(179.52),
        ..complete()
    };
    for id in ["eq_ta", "ebit_ta", "ni_ta", "cf_tl", "ca_cl"] {
        assert_eq!(found(&nothing, None, id).value, None, "{id}");
    }
}

#[test]
fn a_result_published_as_zero_is_unknown_beside_one_that_is_known() {
    let zero = PublicRatios {
        ebit: Some(0),
        ..complete()
    };
    assert_eq!(found(&zero, None, "ebit_ta").value, None);
    close(&found(&zero, None, "ni_ta"), -0.05);
}

#[test]
fn a_company_is_never_judged_on_the_ratios_of_its_group() {
    let of = |kind, sales| PublicRatios {
        kind,
        sales: Some(sales),
        ..complete()
    };
    let given = [
        of(Some(Kind::Simplified), 1),
        of(Some(Kind::Complete), 2),
        of(Some(Kind::Complete), 3),
        of(Some(Kind::Consolidated), 4),
        of(None, 5),
    ];
    let sales = |view| {
        choose(&given, view)
            .iter()
            .map(|r| r.sales.unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(sales(View::Company), [3]);
    assert_eq!(sales(View::Group), [4]);
}
