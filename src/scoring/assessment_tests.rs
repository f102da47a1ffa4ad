use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::insolvency::{
    Announced, Category, Judgment, Notice, NoticeKind, Procedure as In,
};
use crate::scoring::accounts::Kind;
use crate::scoring::dossier::Filed;
use crate::scoring::flags::{RaisedFlag, RedFlag};
use crate::scoring::testing::{accounts, day};

fn scorer() -> &'static Scorer {
    static GRID: LazyLock<Scorer> = LazyLock::new(|| {
        Scorer::parse(include_str!("../../models/grille-1.0.0.toml")).expect("a sound model")
    });
    &GRID
}

/// Simplified accounts that add up, from equity, result and sales in thousands of euros.
fn filed(closing: &str, equity: i64, result: i64, sales: i64) -> Filed {
    let (total, short) = (1_000, 600);
    let debts = total - equity;
    let lines = [
        ("044", 300),
        ("068", 500),
        ("084", 200),
        ("096", 700),
        ("110", total),
        ("120", 100),
        ("134", equity - 100 - result),
        ("136", result),
        ("142", equity),
        ("166", debts),
        ("176", debts),
        ("180", total),
        ("195", (debts - short).max(0)),
        ("218", sales),
        ("242", sales - result),
        ("270", result),
        ("310", result),
    ];
    Filed {
        accounts: accounts(
            Kind::Simplified,
            closing,
            &lines.map(|(c, a)| (c, a * 1_000)),
        ),
        known_on: None,
    }
}

fn opening(id: &str, on: &str) -> Notice {
    Notice {
        published_on: day(on),
        id: id.to_owned(),
        kind: NoticeKind::Original,
        targets: None,
        decided_on: None,
        announced: Announced::Judgment(Judgment {
            category: Category::Opening,
            procedure: In::Receivership,
        }),
    }
}

fn flag(flag: RedFlag, on: &str) -> RaisedFlag {
    RaisedFlag::new(flag, "Claire Martin".into(), day(on))
}

const ON: &str = "2026-11-24";

#[test]
fn a_company_of_which_nothing_is_known_is_not_assessed() {
    let found = scorer().assess(&Dossier::default(), day(ON));
    assert_eq!(found.retained.level, None);
    assert_eq!(
        found.explanation.sentence,
        "Non évalué\u{a0}: aucun compte connu."
    );
}

#[test]
fn a_cancelled_notice_takes_its_procedure_away() {
    let mut dossier = Dossier {
        notices: vec![opening("A202600011", "2026-10-01")],
        ..Dossier::default()
    };
    let open = scorer().assess(&dossier, day(ON));
    assert!(open.retained.standing.is_some(), "{open:?}");
    dossier.notices.push(Notice {
        kind: NoticeKind::Cancellation,
        targets: Some("A202600011".into()),
        ..opening("A202600022", "2026-10-08")
    });
    assert_eq!(scorer().assess(&dossier, day(ON)).retained.standing, None);
    // What was known on the evening before the cancellation stays what it was.
    let then = scorer().assess(&dossier, day("2026-10-05"));
    assert!(then.retained.standing.is_some());
}

#[test]
fn accounts_older_than_thirty_months_give_no_level() {
    let dossier = Dossier {
        accounts: vec![filed("2023-12-31", -200, -100, 900)],
        ..Dossier::default()
    };
    let fresh = scorer().assess(&dossier, day("2024-06-30")).retained;
    assert!(fresh.statistical >= Some(Level::High));
    assert_eq!(
        scorer().assess(&dossier, day(ON)).retained.statistical,
        None
    );
}

#[test]
fn consolidated_accounts_stand_beside_the_score_and_never_in_it() {
    let alone = Dossier {
        accounts: vec![filed("2025-12-31", 300, 50, 1_500)],
        ..Dossier::default()
    };
    let mut head = alone.clone();
    let mut group = accounts(Kind::Consolidated, "2025-12-31", &GROUP_IN_TROUBLE);
    group.source = "INPI".into();
    head.accounts.push(Filed {
        accounts: group,
        known_on: None,
    });
    let (before, after) = (
        scorer().assess(&alone, day(ON)),
        scorer().assess(&head, day(ON)),
    );
    assert_eq!(before.explanation.group, None);
    assert_eq!(
        (before.points, before.retained),
        (after.points, after.retained)
    );
    let reading = after.explanation.group.expect("the group");
    assert_eq!(reading.closing, day("2025-12-31"));
    assert!(reading.level >= Some(Level::High), "{reading:?}");
    // Too old, they give no level.
    let later = scorer().assess(&head, day("2029-01-01")).explanation.group;
    assert_eq!(later.expect("the group").level, None);
}

/// A group without equity that loses money, in euros.
const GROUP_IN_TROUBLE: [(&str, i64); 24] = [
    ("BJ", 300_000),
    ("BX", 500_000),
    ("CF", 10_000),
    ("CJ", 600_000),
    ("CO", 900_000),
    ("EE", 900_000),
    ("DA", 100_000),
    ("DH", -350_000),
    ("DI", -150_000),
    ("DL", -400_000),
    ("DV", 100_000),
    ("DX", 800_000),
    ("DY", 400_000),
    ("EC", 1_300_000),
    ("EG", 1_250_000),
    ("EH", 50_000),
    ("FL", 1_000_000),
    ("FR", 1_000_000),
    ("FW", 900_000),
    ("GF", 1_130_000),
    ("GG", -130_000),
    ("GU", 20_000),
    ("HN", -150_000),
    ("GA", 10_000),
];

/// The first words of each explanation, by what the level comes from.
#[test]
fn the_first_sentence_says_what_the_level_comes_from_before_the_score() {
    let told = |dossier: &Dossier| {
        let found = scorer().assess(dossier, day(ON));
        (found.retained.level, found.explanation.sentence)
    };
    let sound = Dossier {
        accounts: vec![
            filed("2024-12-31", 500, 100, 900),
            filed("2025-12-31", 500, 100, 900),
        ],
        flags: vec![
            flag(RedFlag::ClientLoss, "2026-10-02"),
            flag(RedFlag::Bank, "2026-10-02"),
        ],
        ..Dossier::default()
    };
    let (level, sentence) = told(&sound);
    assert_eq!(level, Some(Level::High));
    assert!(
        sentence.starts_with(
            "Élevé, à cause de deux signaux de terrain (difficulté avec la banque, perte d’un client \
             majeur). Score "
        ),
        "{sentence}"
    );
    // Two losses and negative equity, of which nothing else is known.
    let mut thin = filed("2025-12-31", -200, -100, 900);
    thin.accounts
        .lines
        .retain(|code, _| ["120", "142", "310"].contains(&code.as_str()));
    let mut before = thin.clone();
    before.accounts.closing = day("2024-12-31");
    let facts = Dossier {
        accounts: vec![before, thin],
        ..Dossier::default()
    };
    let (level, sentence) = told(&facts);
    assert_eq!(level, Some(Level::High));
    assert!(
        sentence.starts_with(
            "Élevé, à cause de deux pertes de suite avec des capitaux propres négatifs. Score non \
             calculé\u{a0}: données insuffisantes, "
        ),
        "{sentence}"
    );
    let trend = Dossier {
        accounts: vec![
            filed("2024-12-31", 180, 20, 900),
            filed("2025-12-31", 50, -20, 900),
        ],
        ..Dossier::default()
    };
    let found = scorer().assess(&trend, day(ON));
    assert!(
        found.explanation.causes[0].words.contains("tendance"),
        "{found:?}"
    );
    assert!(
        found
            .explanation
            .sentence
            .contains(", relevé d’un niveau par la tendance"),
        "{}",
        found.explanation.sentence
    );
}

#[test]
fn accounts_too_old_to_be_scored_set_no_level_and_say_so() {
    let dossier = Dossier {
        accounts: vec![
            filed("2019-12-31", -200, -100, 900),
            filed("2020-12-31", -300, -100, 900),
        ],
        ..Dossier::default()
    };
    let found = scorer().assess(&dossier, day(ON));
    assert_eq!(found.retained.level, None);
    let expected = "Non évalué\u{a0}: comptes trop anciens, les derniers sont arrêtés au 31 décembre 2020, il y a \
                    plus de 30 mois.";
    assert_eq!(found.explanation.sentence, expected);
    assert!(found.explanation.themes.is_empty());
}

#[test]
fn confidential_accounts_give_nothing_but_their_reason() {
    let hidden = |closing| {
        let mut filed = filed(closing, -200, -100, 900);
        filed.accounts.confidential = true;
        filed
    };
    let dossier = Dossier {
        accounts: vec![hidden("2024-12-31"), hidden("2025-12-31")],
        ..Dossier::default()
    };
    let found = scorer().assess(&dossier, day(ON));
    assert_eq!((found.retained.level, found.completeness), (None, 0.0));
    let expected = "Non évalué\u{a0}: comptes confidentiels (exercice clos le 31 décembre 2025).";
    assert_eq!(found.explanation.sentence, expected);
    let explanation = &found.explanation;
    assert!(explanation.themes.is_empty() && explanation.past.is_empty());
    assert_eq!(
        explanation.unassessed.as_deref(),
        Some("comptes confidentiels (exercice clos le 31 décembre 2025)")
    );
}

#[test]
fn a_thin_reading_of_a_closing_never_takes_the_place_of_a_fuller_one() {
    let full = filed("2025-12-31", 500, 100, 900);
    let mut thin = full.clone();
    thin.accounts.source = "Saisie".into();
    thin.accounts.lines.retain(|code, _| code == "180");
    let level = |accounts: Vec<Filed>| {
        let dossier = Dossier {
            accounts,
            ..Dossier::default()
        };
        scorer().assess(&dossier, day(ON)).retained.level
    };
    assert_eq!(level(vec![full.clone()]), Some(Level::Low));
    // As a complete return it would come first by its kind.
    let mut complete = thin.clone();
    complete.accounts.kind = Kind::Complete;
    complete.accounts.lines = [("EE".to_owned(), 1_000_000)].into();
    assert_eq!(level(vec![full.clone(), thin.clone()]), Some(Level::Low));
    assert_eq!(level(vec![full.clone(), complete]), Some(Level::Low));
    // A newer closing of which too little is known is not assessed.
    thin.accounts.closing = day("2026-06-30");
    assert_eq!(level(vec![full, thin]), None);
}

#[test]
fn every_factor_that_can_do_better_says_how_far_it_is() {
    let dossier = Dossier {
        accounts: vec![
            filed("2024-12-31", 180, 20, 900),
            filed("2025-12-31", -20, -50, 800),
        ],
        ..Dossier::default()
    };
    let found = scorer().assess(&dossier, day(ON));
    for factor in &found.explanation.factors {
        assert_eq!(factor.next.is_some(), factor.points > 0, "{factor:?}");
    }
    let days = found
        .explanation
        .factors
        .iter()
        .find(|factor| factor.id == "cl_days");
    assert_eq!(
        days.and_then(|factor| factor.next.as_deref()),
        Some(
            "des dettes à payer dans l’année sous 180\u{a0}jours de ventes (écart de 94\u{a0}jours)\u{a0}: \
             3\u{a0}points de moins"
        )
    );
}

#[test]
fn a_company_without_debts_is_told_so_and_not_as_a_large_ratio() {
    let mut paid = filed("2025-12-31", 1_000, 100, 900);
    paid.accounts.lines.insert("195".into(), 0);
    paid.accounts.lines.insert("166".into(), 0);
    paid.accounts.lines.insert("176".into(), 0);
    let dossier = Dossier {
        accounts: vec![paid],
        ..Dossier::default()
    };
    let found = scorer().assess(&dossier, day(ON));
    let of = |id: &str| {
        let factor = found
            .explanation
            .factors
            .iter()
            .find(|factor| factor.id == id);
        factor
            .map(|factor| (factor.finding.clone(), factor.notes.clone()))
            .unwrap_or_default()
    };
    let (finding, notes) = of("ca_cl");
    assert_eq!(
        finding,
        "aucune dette à payer dans l’année\u{a0}: rien à couvrir"
    );
    let best = "le rapport ne se calcule pas\u{a0}: la valeur la plus favorable est retenue";
    assert_eq!(notes, [best]);
    assert_eq!(
        of("cf_tl").0,
        "aucune dette à rembourser\u{a0}: ce rapport ne se calcule pas"
    );
}

prop_compose! {
    fn years()(equity in -300_i64..600, result in -200_i64..200, sales in 200_i64..3_000,
               equity2 in -300_i64..600, result2 in -200_i64..200, sales2 in 200_i64..3_000)
        -> Vec<Filed> {
        vec![filed("2024-12-31", equity, result, sales), filed("2025-12-31", equity2, result2, sales2)]
    }
}

proptest! {
    #[test]
    fn the_order_of_facts_changes_nothing_and_what_is_kept_gives_the_same_again(accounts in years()) {
        let dossier = Dossier {
            accounts,
            notices: vec![opening("A202600011", "2026-10-01"), opening("A202500022", "2025-03-01")],
            flags: vec![flag(RedFlag::Bank, "2026-10-02"), flag(RedFlag::Dispute, "2026-09-02")],
            ..Dossier::default()
        };
        let mut turned = dossier.clone();
        turned.accounts.reverse();
        turned.notices.reverse();
        turned.flags.reverse();
        let (first, second) = (scorer().assess(&dossier, day(ON)), scorer().assess(&turned, day(ON)));
        prop_assert_eq!(&first, &second);
        prop_assert_eq!(dossier.clone().at(day(ON)).digest(), turned.at(day(ON)).digest());
        let kept = serde_json::to_string(&dossier.at(day(ON))).expect("JSON");
        let again: Dossier = serde_json::from_str(&kept).expect("the same");
        prop_assert_eq!(first, scorer().assess(&again, day(ON)));
    }

    #[test]
    fn a_worse_fact_never_lowers_the_level(accounts in years(), loss in 1_i64..200) {
        let before = Dossier { accounts, ..Dossier::default() };
        let level = |dossier: &Dossier| scorer().assess(dossier, day(ON)).retained.level;
        let mut flagged = before.clone();
        flagged.flags.push(flag(RedFlag::ClientLoss, "2026-10-02"));
        flagged.flags.push(flag(RedFlag::Bank, "2026-10-02"));
        prop_assert!(level(&flagged) >= level(&before));
        // A deeper loss, taken from the equity: every ratio that moves gets worse.
        let last = before.accounts[1].accounts.lines.clone();
        let (equity, result, sales) = (last["142"] / 1_000, last["310"] / 1_000, last["218"] / 1_000);
        let mut deeper = before.clone();
        deeper.accounts[1] = filed("2025-12-31", equity - loss, result - loss, sales);
        prop_assert!(level(&deeper) >= level(&before), "{:?} {:?}", level(&before), level(&deeper));
    }
}
