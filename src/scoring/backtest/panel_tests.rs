use super::*;

fn candidate(id: &str, formula: &str) -> Candidate {
    Candidate {
        id: id.to_owned(),
        label: "capitaux propres / bilan".to_owned(),
        block: "structure".to_owned(),
        unit: String::new(),
        direction: Some(Direction::LowerIsRiskier),
        formulas: BTreeMap::from([("C".to_owned(), formula.to_owned())]),
    }
}

fn panel() -> Panel {
    let mut sectors = Groups::default();
    for name in ["bois", "bois", "textile", "bois"] {
        sectors.push(name);
    }
    Panel {
        candidates: vec![candidate("eq_ta", "(DL+DO)/EE")],
        columns: vec![vec![0.3, 0.1, 0.5, 0.2]],
        firms: vec![0, 0, 1, 0],
        periods: vec![2021, 2022, 2022, 2024],
        labels: vec![false, true, false, false],
        months_to_event: vec![Some(12), Some(0), None, None],
        sectors,
        ..Panel::default()
    }
}

#[test]
fn a_change_needs_the_period_just_before() {
    let found = panel().with_changes(&["eq_ta".to_owned(), "nothing".to_owned()]);
    let change = found.column("d_eq_ta").unwrap();
    assert!(change[0].is_nan() && change[2].is_nan() && change[3].is_nan());
    assert!((change[1] + 0.2).abs() < 1e-12);
    assert_eq!(
        found.candidates[1].direction,
        Some(Direction::LowerIsRiskier)
    );
}

#[test]
fn the_formula_of_a_change_subtracts_the_year_before() {
    let found = candidate("cl_days", "365.0*EG/ln(CA)").change();
    assert_eq!(
        found.formulas["C"],
        "(365.0*EG/ln(CA))-(365.0*EG_1/ln(CA_1))"
    );
    let growth = candidate("g_sales", "ln(CA/CA_1)").change();
    assert!(growth.formulas.is_empty(), "a third year would be needed");
}

#[test]
fn a_selection_keeps_rows_together() {
    let found = panel().select(&[2, 1]);
    assert_eq!(found.firms, [1, 0]);
    assert_eq!(found.labels, [false, true]);
    assert_eq!(
        (found.sectors.of(0), found.sectors.of(1)),
        ("textile", "bois")
    );
    assert_eq!(found.sizes.of(0), "");
    assert_eq!(found.failures(), 1);
}

#[test]
fn a_mask_hides_its_share_and_repeats_itself() {
    let mut large = panel();
    large.columns = vec![vec![1.0; 10_000]];
    large.labels = vec![false; 10_000];
    let masked = large.clone().masked(0.4, 1);
    assert!((masked.known_share() - 0.6).abs() < 0.02);
    assert!((large.known_share() - 1.0).abs() < 1e-12);
}

#[test]
fn a_history_is_in_the_order_of_time() {
    assert_eq!(panel().histories(), [vec![0, 1, 3], vec![2]]);
}

#[test]
fn what_is_hidden_does_not_come_back_through_a_change() {
    let mut large = panel();
    large.columns = vec![vec![1.0; 2000]];
    large.labels = vec![false; 2000];
    large.firms = vec![0; 2000];
    large.periods = (0..2000).collect();
    let masked = large.with_changes(&["eq_ta".to_owned()]).masked(0.5, 3);
    for row in 1..2000 {
        assert_eq!(
            masked.columns[0][row].is_nan(),
            masked.columns[1][row].is_nan()
        );
    }
}
