use proptest::prelude::*;

use super::*;

const DEFAULTS: Weights = Weights([30, 20, 15, 10, 10, 5, 10]);

fn counted(count: u32) -> Jobs {
    Jobs {
        count,
        basis: JobsBasis::Year(2025),
    }
}

fn unknown() -> Subject<'static> {
    Subject {
        jobs: None,
        jobs_source: "Déclarations, 1er mars 2026",
        territory_jobs: 0,
        trade: None,
        seat: Seat::Unknown,
        suppliers: None,
        register: "Répertoire, 1er mars 2026",
        facts: &[],
    }
}

fn fact(criterion: Criterion, worth: u8) -> Fact {
    let noted_on = NaiveDate::from_ymd_opt(2026, 3, 1).expect("a date");
    Fact {
        criterion,
        worth,
        note: "Vu sur place.".into(),
        author: "Agent d’essai".into(),
        noted_on,
    }
}

#[test]
fn weights_of_the_migration_read_out_of_a_hundred() {
    assert_eq!(DEFAULTS.sum(), TOTAL);
    assert_eq!(DEFAULTS.of(Criterion::Environment), 5);
}

#[test]
fn every_criterion_is_found_again_by_its_code_its_slug_and_its_rank() {
    for (rank, criterion) in Criterion::ALL.into_iter().enumerate() {
        assert_eq!(criterion as usize, rank);
        assert_eq!(criterion.code().parse(), Ok(criterion));
        assert_eq!(Criterion::of_slug(criterion.slug()), Some(criterion));
    }
    assert!(Criterion::of_slug("rumeur").is_none());
}

#[test]
fn nothing_known_is_unknown_and_not_zero() {
    let score = assess(&unknown(), DEFAULTS);
    assert_eq!(
        (score.hundredths(), score.possible(), score.completeness()),
        (0, 0, 0)
    );
    assert!(score.lines.iter().all(|line| line.points().is_none()));
    assert_eq!(
        score.line(Criterion::Jobs).sentence(),
        "Effectif non communiqué."
    );
}

#[test]
fn a_known_zero_is_known() {
    let none = counted(0);
    let subject = Subject {
        jobs: Some(&none),
        territory_jobs: 100,
        ..unknown()
    };
    let score = assess(&subject, DEFAULTS);
    assert_eq!(score.line(Criterion::Jobs).points(), Some(0.0));
    assert_eq!((score.possible(), score.completeness()), (30, 30));
}

#[test]
fn the_share_of_jobs_climbs_by_the_stated_steps() {
    let reached = |count| {
        let jobs = counted(count);
        let subject = Subject {
            jobs: Some(&jobs),
            territory_jobs: 10_000,
            ..unknown()
        };
        assess(&subject, DEFAULTS)
            .line(Criterion::Jobs)
            .hundredths()
            .expect("known")
            / 30
    };
    let counts = [0, 1, 9, 10, 50, 100, 200, 300, 499, 500, 10_000];
    assert_eq!(
        counts.map(reached),
        [0, 5, 5, 10, 20, 40, 60, 80, 80, 100, 100]
    );
}

#[test]
fn the_sentence_on_jobs_says_their_basis_and_the_share() {
    let band = Jobs {
        count: 32,
        basis: JobsBasis::Band {
            label: "20 à 49 salariés".into(),
            year: Some(2023),
        },
    };
    let subject = Subject {
        jobs: Some(&band),
        territory_jobs: 1280,
        ..unknown()
    };
    let score = assess(&subject, DEFAULTS);
    assert_eq!(
        score
            .line(Criterion::Jobs)
            .sentence()
            .replace(['\u{a0}', '\u{202f}'], " "),
        "environ 32 salariés (tranche « 20 à 49 salariés », 2023), soit 2,5 % des 1 280 emplois \
         connus de Vigie dans le territoire."
    );
    let month = NaiveDate::from_ymd_opt(2026, 3, 1).expect("a date");
    let words = Jobs {
        count: 1,
        basis: JobsBasis::Month(month),
    }
    .in_words();
    assert_eq!(words.replace('\u{a0}', " "), "1 salarié (mars 2026)");
}

#[test]
fn fewer_providers_are_worth_more() {
    let steps = [0, 1, 2, 3, 4, 900].map(provider_step);
    assert_eq!(steps, [100, 60, 30, 30, 0, 0]);
}

#[test]
fn what_a_person_states_replaces_what_the_register_suggests() {
    let facts = [fact(Criterion::Provider, 0), fact(Criterion::Rooted, 67)];
    let subject = Subject {
        trade: Some(("Boulangerie", 0)),
        seat: Seat::Elsewhere("75".into()),
        facts: &facts,
        ..unknown()
    };
    let score = assess(&subject, DEFAULTS);
    assert_eq!(score.line(Criterion::Provider).points(), Some(0.0));
    assert_eq!(score.line(Criterion::Rooted).points(), Some(6.7));
    assert!(
        score
            .line(Criterion::Rooted)
            .sentence()
            .starts_with("Propriétaires de la région. ")
    );
    let register = Subject {
        facts: &[],
        ..subject
    };
    let score = assess(&register, DEFAULTS);
    assert_eq!(score.line(Criterion::Provider).points(), Some(20.0));
    assert_eq!(score.line(Criterion::Rooted).points(), Some(2.0));
}

#[test]
fn the_top_leaves_out_what_brings_nothing() {
    let facts = [fact(Criterion::Fiscal, 0), fact(Criterion::KnowHow, 100)];
    let subject = Subject {
        trade: Some(("Boulangerie", 0)),
        facts: &facts,
        ..unknown()
    };
    let score = assess(&subject, DEFAULTS);
    let top: Vec<_> = score.top(3).iter().map(|line| line.criterion).collect();
    assert_eq!(top, [Criterion::Provider, Criterion::KnowHow]);
}

fn weights() -> impl Strategy<Value = Weights> {
    proptest::array::uniform7(0u8..=100).prop_map(Weights)
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    proptest::collection::btree_map(1usize..7, 0usize..4, 0..7).prop_map(|steps| {
        let of = |(rank, step): (usize, usize)| {
            let criterion = Criterion::ALL[rank];
            fact(criterion, criterion.scale().expect("a scale")[step].worth)
        };
        steps.into_iter().map(of).collect()
    })
}

proptest! {
    #[test]
    fn more_jobs_never_lower_points(
        few in 0u32..100_000, more in 0u32..100_000, elsewhere in 0u32..1_000_000,
        weights in weights(), facts in facts(),
    ) {
        let points = |count| {
            let jobs = counted(count);
            let territory_jobs = elsewhere + count;
            let subject = Subject { jobs: Some(&jobs), territory_jobs, facts: &facts, ..unknown() };
            assess(&subject, weights).hundredths()
        };
        prop_assert!(points(few) <= points(few + more));
    }

    #[test]
    fn points_stay_within_what_is_known(
        jobs in proptest::option::of(0u32..5_000), others in proptest::option::of(0u32..9),
        weights in weights(), facts in facts(),
    ) {
        let jobs = jobs.map(counted);
        let trade = others.map(|others| ("Boulangerie", others));
        let subject = Subject {
            jobs: jobs.as_ref(), territory_jobs: 9_000, trade, facts: &facts, ..unknown()
        };
        let score = assess(&subject, weights);
        prop_assert!(score.hundredths() <= score.possible() * 100);
        prop_assert!(score.possible() <= weights.sum());
        prop_assert!(score.completeness() <= 100);
    }

    #[test]
    fn a_fact_more_never_lowers_what_is_known(weights in weights(), facts in facts()) {
        prop_assume!(!facts.is_empty());
        let known = |facts: &[Fact]| {
            assess(&Subject { facts, ..unknown() }, weights).completeness()
        };
        prop_assert!(known(&facts[1..]) <= known(&facts));
    }
}
