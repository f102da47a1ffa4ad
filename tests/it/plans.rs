//! Action plans: what the schema holds true, whoever writes.

use sqlx::PgPool;
use vigie::domain::Role;

use crate::support::app::TestApp;
use crate::support::portfolio::{Company, reference, siren};

const PLAN: &str = "00000000-0000-7000-8000-0000000000e1";
const ACTION: &str = "00000000-0000-7000-8000-0000000000e2";

/// A running plan with one action.
async fn plan() -> TestApp {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    Company::new(1, "EXEMPLE UN").add(pool).await;
    app.sign_in(Role::Staff, &[]).await;
    write(pool, &open(PLAN)).await.expect("a plan");
    write(
        pool,
        &add(ACTION, "land", "investment", "2026-12-01", "2027-01-31"),
    )
    .await
    .expect("an action");
    app
}

fn open(id: &str) -> String {
    format!(
        "insert into action_plans (id, siren, objective, opened_on, opened_by, created_at)
         select '{id}', '{}', 'Garder le site', '2026-11-24', id, '2026-11-24' from users limit 1",
        siren(1)
    )
}

fn add(id: &str, dossier: &str, measure: &str, from: &str, due: &str) -> String {
    format!(
        "insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, starts_on, due_on,
                              created_by, created_at)
         select '{id}', '{PLAN}', '{dossier}', '{measure}', 'Trouver un atelier', organisation_id,
                '{from}', '{due}', id, '2026-11-24' from users limit 1"
    )
}

/// Writes; the name of the constraint that refuses.
async fn write(pool: &PgPool, sql: &str) -> Result<(), String> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match sqlx::raw_sql(sql).execute(pool).await {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(cause)) => {
            Err(cause.constraint().unwrap_or(cause.message()).to_owned())
        }
        Err(other) => panic!("{other}"),
    }
}

#[track_caller]
fn refused(outcome: &Result<(), String>, constraint: &str) {
    assert_eq!(outcome, &Err(constraint.to_owned()));
}

fn becomes(change: &str) -> String {
    format!("update actions set {change} where id = '{ACTION}'")
}

#[tokio::test]
async fn an_action_has_a_measure_of_its_dossier_and_ends_after_it_starts() {
    let app = plan().await;
    let pool = &app.db.pool;
    let id = "00000000-0000-7000-8000-0000000000e3";
    let other = add(id, "training", "pollution", "2026-12-01", "2027-01-31");
    refused(&write(pool, &other).await, "actions_measure_of_its_dossier");
    let early = add(id, "training", "skills", "2026-12-02", "2026-12-01");
    refused(&write(pool, &early).await, "actions_due_after_start");
    let same_day = add(id, "training", "skills", "2026-12-01", "2026-12-01");
    assert_eq!(write(pool, &same_day).await, Ok(()));
    // Spent over planned is allowed.
    let over = becomes("planned_euros = 1000, spent_euros = 1500");
    assert_eq!(write(pool, &over).await, Ok(()));
}

#[tokio::test]
async fn a_status_says_what_it_needs() {
    let app = plan().await;
    let pool = &app.db.pool;
    for (change, constraint) in [
        (
            "status = 'blocked', reason = 'Permis refusé'",
            "actions_blocked_says_why",
        ),
        (
            "status = 'blocked', unblocker = 'La mairie'",
            "actions_blocked_says_why",
        ),
        (
            "status = 'done', ended_on = '2027-01-05'",
            "actions_done_says_result",
        ),
        (
            "status = 'done', result = 'Atelier loué'",
            "actions_ended_on_a_day",
        ),
        (
            "status = 'dropped', ended_on = '2027-01-05'",
            "actions_dropped_says_why",
        ),
        ("status = 'late'", "actions_status_known"),
        ("expected_social = 'huge'", "actions_expected_known"),
        ("seen_economy = 'huge'", "actions_seen_known"),
    ] {
        refused(&write(pool, &becomes(change)).await, constraint);
    }
    for change in [
        "status = 'blocked', reason = 'Permis refusé', unblocker = 'La mairie'",
        "status = 'done', result = 'Atelier loué', ended_on = '2027-01-05', seen_social = 'strong'",
    ] {
        assert_eq!(write(pool, &becomes(change)).await, Ok(()), "{change}");
    }
}

#[tokio::test]
async fn no_funder_is_listed_twice() {
    let app = plan().await;
    let pool = &app.db.pool;
    let fund = |name: &str| {
        format!(
            "insert into action_funders (id, action_id, typed_name, amount_euros)
             values (gen_random_uuid(), '{ACTION}', '{name}', 100)"
        )
    };
    assert_eq!(write(pool, &fund("Région")).await, Ok(()));
    refused(&write(pool, &fund("region ")).await, "action_funders_name");
    let organisation = format!(
        "insert into action_funders (id, action_id, organisation_id, amount_euros)
         select gen_random_uuid(), '{ACTION}', organisation_id, 100 from users limit 1"
    );
    assert_eq!(write(pool, &organisation).await, Ok(()));
    refused(
        &write(pool, &organisation).await,
        "action_funders_organisation",
    );
}

#[tokio::test]
async fn one_plan_runs_at_once_and_a_closed_one_does_not_change() {
    let app = plan().await;
    let pool = &app.db.pool;
    let again = "00000000-0000-7000-8000-0000000000e4";
    refused(&write(pool, &open(again)).await, "action_plans_one_running");
    let close = |motive: &str| {
        format!(
            "update action_plans set closed_on = '2026-11-24', outcome = 'maintained', closed_by = opened_by,
                    outcome_motive = '{motive}' where id = '{PLAN}'"
        )
    };
    refused(
        &write(pool, &close("Fini")).await,
        "action_plans_closed_whole",
    );
    assert_eq!(write(pool, &close("Le site est gardé.")).await, Ok(()));
    let closed = "action_plans_closed_stay_closed";
    let rename = format!("update action_plans set objective = 'Autre' where id = '{PLAN}'");
    refused(&write(pool, &rename).await, closed);
    refused(&write(pool, &becomes("title = 'Autre'")).await, closed);
    let step = format!(
        "insert into action_steps (id, action_id, position, title) values (gen_random_uuid(), '{ACTION}', 1, 'Visiter')"
    );
    refused(&write(pool, &step).await, closed);
    // Another may begin.
    assert_eq!(write(pool, &open(again)).await, Ok(()));
}
