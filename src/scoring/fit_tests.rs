use super::*;
use crate::scoring::backtest::Candidate;
use crate::scoring::model::Direction;

/// Two thousand firms of two years: a low `good` fails often, `noise` says nothing, and `odd` has a
/// sign that contradicts the data.
fn panel() -> Panel {
    let mut generator = Generator::new(9);
    let mut panel = Panel {
        name: "essai".to_owned(),
        candidates: ["good", "noise", "odd"].map(candidate).to_vec(),
        columns: vec![Vec::new(); 3],
        ..Panel::default()
    };
    for row in 0..4000_u32 {
        let good = generator.unit();
        panel.firms.push(row / 2);
        panel.periods.push(2020 + i32::from(row % 2 == 1));
        let failed = generator.unit() < 0.3 * (1.0 - good).powi(3);
        panel.labels.push(failed);
        panel.months_to_event.push(failed.then_some(6));
        panel.columns[0].push(if row % 11 == 0 { f64::NAN } else { good });
        panel.columns[1].push(generator.unit());
        panel.columns[2].push(good);
    }
    panel
}

fn candidate(id: &str) -> Candidate {
    Candidate {
        id: id.to_owned(),
        label: format!("variable {id}"),
        block: "structure".to_owned(),
        unit: String::new(),
        direction: Some(if id == "odd" {
            Direction::HigherIsRiskier
        } else {
            Direction::LowerIsRiskier
        }),
        formulas: BTreeMap::from([("C".to_owned(), "DL/EE".to_owned())]),
    }
}

fn options() -> Options {
    Options {
        rounds: 40,
        bags: 2,
        classes: 20,
        folds: 3,
        ..Options::default()
    }
}

fn naming() -> Naming {
    Naming {
        id: "appris".to_owned(),
        version: "0.1.0".to_owned(),
        valid_from: NaiveDate::from_ymd_opt(2027, 1, 1).unwrap(),
        author: "Service".to_owned(),
        reason: "essai".to_owned(),
        label_definition: "jugement d’ouverture".to_owned(),
        horizon_months: 12,
        source: "données d’essai".to_owned(),
        sha256_training: "ab".repeat(32),
    }
}

#[test]
fn a_trained_model_is_a_model_file_like_any_other() {
    let fitted = fit(&panel(), &naming(), &options()).unwrap();
    let read = Model::parse(&fitted.model.to_toml()).unwrap();
    assert_eq!(read, fitted.model);
    assert_eq!(read.variables[0].formulas["C"], "DL/EE");
    assert!(read.variables[0].rationale.contains("Taux de défaillance"));
    assert!(fitted.metrics["auc"] > 0.65, "{:?}", fitted.metrics);
    assert_eq!(
        (fitted.rows, fitted.firms, fitted.periods),
        (4000, 2000, (2020, 2021))
    );
}

#[test]
fn the_same_data_give_the_same_model() {
    let (one, two) = (train(&panel(), &options()), train(&panel(), &options()));
    assert_eq!(one, two);
}

/// `odd` holds the whole truth but with the wrong sign: it may not carry it.
#[test]
fn nothing_is_learnt_against_a_sign() {
    let model = train(&panel(), &options()).unwrap();
    let odd = model.variables.iter().find(|one| one.id == "odd");
    assert!(odd.is_none_or(|one| one.points.is_sorted()));
    let good = model.variables.iter().find(|one| one.id == "good").unwrap();
    assert!(good.points.is_sorted_by(|a, b| a >= b) && good.weight() > 20);
    assert!(good.missing > 0 && good.missing <= good.weight());
}

/// Without a sign of its own the same variable finds it.
#[test]
fn an_open_sign_is_found() {
    let mut open = panel();
    open.candidates[2].direction = None;
    let model = train(&open, &options()).unwrap();
    let odd = model.variables.iter().find(|one| one.id == "odd").unwrap();
    assert_eq!(odd.direction, Direction::LowerIsRiskier);
    assert!(odd.rationale.contains("Sens trouvé dans les données"));
    assert!(!model.variables[0].rationale.contains("Sens trouvé"));
}

#[test]
fn too_few_failures_teach_nothing() {
    let mut few = panel();
    few.labels.fill(false);
    few.labels[..12].fill(true);
    assert_eq!(train(&few, &options()), Err(FitError::FewFailures(12)));
    few.labels.fill(true);
    assert_eq!(train(&few, &options()), Err(FitError::NoSoundFirm));
    let mut blind = panel();
    for column in &mut blind.columns {
        column.fill(1.0);
    }
    assert_eq!(train(&blind, &options()), Err(FitError::NothingLearnt));
}

#[test]
fn the_most_useful_variables_are_kept() {
    let one = Options {
        variables: 1,
        ..options()
    };
    let model = train(&panel(), &one).unwrap();
    assert_eq!(model.variables.len(), 1);
    assert_eq!(model.variables[0].id, "good");
}

#[test]
fn the_card_says_what_the_model_is_not_and_how_often_it_is_wrong() {
    let fitted = fit(&panel(), &naming(), &options()).unwrap();
    let card = card(&fitted);
    for words in [
        "# Fiche du modèle appris 0.1.0",
        "Ce qu’il n’est pas",
        "Sur 20 entreprises signalées",
        "4000 lignes, 2000 entreprises",
        "| variable good (`good`) | structure | bas |",
    ] {
        assert!(card.contains(words), "{words} is missing from {card}");
    }
}
