//! The indicators beside the same figures counted another way, in Rust, from random histories.

use chrono::{Days, Months, NaiveDate};
use vigie::domain::Role;
use vigie::features::indicators::queries::counted;

use crate::support::app::TestApp;
use crate::support::portfolio::{ALBIGEOIS, Company, reference, run, siren, siret};

/// Companies of a history, each in a place of its own for a time.
const COMPANIES: u32 = 30;
const KEPT_SHARE: i32 = 80;

/// Numbers that look random and come back with their seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn happens(&mut self, in_a_hundred: u64) -> bool {
        self.below(100) < in_a_hundred
    }

    /// A day from the start of 2023 on.
    fn day(&mut self, days: u64) -> NaiveDate {
        day("2023-01-01") + Days::new(self.below(days))
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

struct Stay {
    entered: NaiveDate,
    exited: Option<NaiveDate>,
    outcome: &'static str,
}

/// What happened to a company.
struct History {
    n: u32,
    stays: Vec<Stay>,
    ceased: Option<NaiveDate>,
    /// Jobs counted for a year.
    jobs: Vec<(i32, i32)>,
    met: Vec<NaiveDate>,
    plan: Option<(NaiveDate, Option<NaiveDate>)>,
}

/// Companies that follow one another in the five places; some come back, some close, some are met.
fn histories(dice: &mut Dice) -> Vec<History> {
    let mut free = [day("2023-01-01"); 5];
    (1..=COMPANIES)
        .map(|n| {
            let slot = usize::try_from(n % 5).expect("a slot");
            let mut stays = Vec::new();
            for _ in 0..=dice.below(2) {
                let entered = free[slot] + Days::new(1 + dice.below(90));
                let exited = entered + Days::new(dice.below(500));
                let outcome = ["maintained", "closed", "left", "other"]
                    [usize::try_from(dice.below(4)).expect("an outcome")];
                free[slot] = exited;
                stays.push(Stay {
                    entered,
                    exited: Some(exited),
                    outcome,
                });
            }
            // The last of a place stays, once in two.
            if n > COMPANIES - 5 && dice.happens(50) {
                stays.last_mut().expect("a stay").exited = None;
            }
            let opened = dice.day(1400);
            History {
                n,
                stays,
                ceased: dice.happens(20).then(|| dice.day(1400)),
                jobs: (2021..=2026)
                    .filter_map(|year| {
                        let count = i32::try_from(50 + dice.below(60)).expect("jobs");
                        dice.happens(60).then_some((year, count))
                    })
                    .collect(),
                met: (0..dice.below(3)).map(|_| dice.day(1400)).collect(),
                plan: dice.happens(30).then(|| {
                    let closed = opened + Days::new(dice.below(400));
                    (opened, dice.happens(60).then_some(closed))
                }),
            }
        })
        .collect()
}

/// The figures that the definitions of the page ask for, counted one company at a time.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    identified: i32,
    followed: i32,
    due: i32,
    maintained: i32,
    lost: i32,
    unproven: i32,
}

impl History {
    fn holds(&self, evening: NaiveDate) -> bool {
        self.stays
            .iter()
            .any(|stay| stay.entered <= evening && stay.exited.is_none_or(|on| on > evening))
    }

    fn is_followed(&self, evening: NaiveDate) -> bool {
        let year_ago = evening - Months::new(12);
        let met = self.met.iter().any(|on| *on <= evening && *on > year_ago);
        let planned = self.plan.is_some_and(|(opened, closed)| {
            opened <= evening && closed.is_none_or(|on| on > year_ago)
        });
        met || planned
    }

    /// The last count of the two years before, and its year.
    fn jobs_on(&self, on: NaiveDate) -> Option<(i32, i32)> {
        let oldest = on - Months::new(24);
        self.jobs
            .iter()
            .rev()
            .find(|(year, _)| {
                let period = NaiveDate::from_yo_opt(*year, 1);
                period.is_some_and(|period| period <= on && period > oldest)
            })
            .copied()
    }

    /// `maintained`, `lost` or `unproven`, twelve months after the first entry.
    fn verdict(&self, evening: NaiveDate) -> Option<&'static str> {
        let entered = self.stays.first()?.entered;
        if entered > evening - Months::new(12) {
            return None;
        }
        let last_exit = self
            .stays
            .iter()
            .rfind(|stay| stay.entered <= evening)
            .filter(|_| !self.holds(evening))
            .map_or("", |stay| stay.outcome);
        let is_open = self.ceased.is_none_or(|on| on > evening);
        // A closed establishment has no jobs any more.
        let jobs = |on: NaiveDate| {
            let was_open = self.ceased.is_none_or(|ceased| ceased > on);
            self.jobs_on(on).filter(|_| was_open)
        };
        Some(match (jobs(entered), jobs(evening)) {
            _ if !is_open || matches!(last_exit, "closed" | "left") => "lost",
            (Some((then, before)), Some((now, after))) if now > then => {
                if after * 100 < before * KEPT_SHARE {
                    "lost"
                } else {
                    "maintained"
                }
            }
            _ => "unproven",
        })
    }

    async fn write(&self, app: &TestApp, by: uuid::Uuid) {
        let pool = &app.db.pool;
        let name = format!("EXEMPLE {}", self.n);
        Company {
            active: self.ceased.is_none(),
            ..Company::new(self.n, &name)
        }
        .add(pool)
        .await;
        for sql in [
            "update companies set ceased_on = $2 where siren = $1 and not active",
            "update establishments set closed_on = $2 where siren = $1 and not active",
        ] {
            let done = sqlx::query(sql).bind(siren(self.n)).bind(self.ceased);
            done.execute(pool).await.expect("an end");
        }
        for stay in &self.stays {
            let is_over = stay.exited.is_some();
            sqlx::query(
                "insert into key_companies (id, territory_siren, siren, siret, slot, referent_id, entered_on,
                                            entry_motive, exited_on, exit_outcome, exit_motive)
                 values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, 'Motif de l’essai.', $7, $8, $9)",
            )
            .bind(ALBIGEOIS)
            .bind(siren(self.n))
            .bind(siret(self.n))
            .bind(i16::try_from(self.n % 5 + 1).expect("a slot"))
            .bind(by)
            .bind(stay.entered)
            .bind(stay.exited)
            .bind(is_over.then_some(stay.outcome))
            .bind(is_over.then_some("Motif de l’essai."))
            .execute(pool)
            .await
            .expect("a stay");
        }
        for (year, count) in &self.jobs {
            sqlx::query(
                "insert into headcounts (siret, period, granularity, headcount, source, source_date)
                 values ($1, make_date($2, 1, 1), 'year', $3, 'Urssaf', '2026-11-01')",
            )
            .bind(siret(self.n))
            .bind(year)
            .bind(count)
            .execute(pool)
            .await
            .expect("a headcount");
        }
        for on in &self.met {
            sqlx::query(
                "insert into meetings (id, siren, kind, held_on, summary, author_id, author_name, organisation_id,
                                       by_council, created_at)
                 select gen_random_uuid(), $1, 'visit', $2, 'Visite de l’atelier.', u.id, u.full_name,
                        u.organisation_id, true, now()
                 from users u where u.id = $3",
            )
            .bind(siren(self.n))
            .bind(on)
            .bind(by)
            .execute(pool)
            .await
            .expect("a meeting");
        }
        if let Some((opened, closed)) = self.plan {
            sqlx::query(
                "insert into action_plans (id, siren, objective, opened_on, opened_by, closed_on, closed_by,
                                           outcome, outcome_motive, created_at)
                 values (gen_random_uuid(), $1, 'Garder l’atelier.', $2, $3, $4,
                         case when $4::date is not null then $3 end,
                         case when $4::date is not null then 'maintained' end,
                         case when $4::date is not null then 'Motif de l’essai.' else '' end, $2)",
            )
            .bind(siren(self.n))
            .bind(opened)
            .bind(by)
            .bind(closed)
            .execute(pool)
            .await
            .expect("a plan");
        }
    }
}

fn count(histories: &[History], evening: NaiveDate) -> Counted {
    let mut counted = Counted::default();
    for history in histories {
        if history.holds(evening) {
            counted.identified += 1;
            counted.followed += i32::from(history.is_followed(evening));
        }
        let verdict = history.verdict(evening);
        counted.due += i32::from(verdict.is_some());
        counted.maintained += i32::from(verdict == Some("maintained"));
        counted.lost += i32::from(verdict == Some("lost"));
        counted.unproven += i32::from(verdict == Some("unproven"));
    }
    counted
}

#[tokio::test]
async fn the_figures_are_those_counted_from_random_histories_at_three_dates() {
    for seed in 1..=3 {
        let app = TestApp::new().await;
        reference(&app.db.pool).await;
        // The communes were there before the histories begin.
        run(
            &app.db.pool,
            "update territory_memberships set period = daterange('2020-01-01', upper(period))",
        )
        .await;
        let staff = app.sign_in(Role::Staff, &[]).await;
        let histories = histories(&mut Dice(seed));
        for history in &histories {
            history.write(&app, staff.user_id).await;
        }
        let mut conn = app.db.pool.acquire().await.expect("a connection");
        for evening in ["2024-06-30", "2025-09-30", "2026-11-24"].map(day) {
            let lines = counted(&mut conn, evening, 80, None)
                .await
                .expect("lines")
                .lines
                .0;
            let told = Counted {
                identified: lines[0].identified,
                followed: lines[0].followed,
                due: lines[0].due,
                maintained: lines[0].maintained,
                lost: lines[0].lost,
                unproven: lines[0].unproven,
            };
            let counted = count(&histories, evening);
            assert_eq!(told, counted, "seed {seed}, {evening}");
            assert!(
                counted.due > 0 && counted.identified > 0,
                "seed {seed}, {evening}: {counted:?}"
            );
        }
    }
}
