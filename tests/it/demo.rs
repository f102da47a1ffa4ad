//! The demonstration shows everything that Vigie can say.

use std::collections::BTreeSet;

use vigie::domain::Role;
use vigie::features::demo;

use crate::support::app::TestApp;

/// What is seen among companies, or among those that hold a place.
async fn seen(app: &TestApp, of: &'static str) -> BTreeSet<String> {
    let rows: Vec<String> = sqlx::query_scalar(of)
        .fetch_all(&app.db.pool)
        .await
        .expect("what is seen");
    rows.into_iter().collect()
}

const SEEN: &str = "
    with chosen as (
      select c.siren, r.retained, r.state, r.change, a.is_sudden, a.explanation
      from companies c left join company_risks r using (siren) left join risk_assessments a on a.id = r.assessment_id
      where exists (select from establishments e where e.siren = c.siren)),
    words as (
      select siren, coalesce(retained, 'not_assessed') as word from chosen where coalesce(state, 'none') not in ('struck_off', 'dissolved')
      union all select siren, state from chosen where state <> 'none'
      union all select siren, case when change > 0 then 'rising' when change < 0 then 'falling' else 'stable' end
        from chosen where change is not null
      union all select siren, 'sudden' from chosen where is_sudden
      union all select siren, 'view ' || direction from risk_overrides
      union all select siren, 'signal' from signals
      union all select siren, 'head' from chosen where jsonb_typeof(explanation -> 'group') = 'object'
      union all select siren, 'member' from group_members)";

const WANTED: [&str; 21] = [
    "low",
    "moderate",
    "high",
    "critical",
    "not_assessed",
    "safeguard",
    "safeguard_plan",
    "receivership",
    "receivership_plan",
    "liquidation",
    "closed",
    "dissolved",
    "struck_off",
    "rising",
    "falling",
    "stable",
    "sudden",
    "view up",
    "view down",
    "signal",
    "head",
];

#[tokio::test]
async fn every_level_state_and_trend_appears_among_companies_and_among_key_ones() {
    let app = TestApp::new().await;
    demo::load(&app.state.pool, &app.state.clock, "81")
        .await
        .expect("the demonstration");
    let all = seen(&app, asked(false)).await;
    let key = seen(&app, asked(true)).await;
    for (who, words) in [("companies", &all), ("key companies", &key)] {
        let missing: Vec<_> = WANTED.iter().filter(|w| !words.contains(**w)).collect();
        assert!(
            missing.is_empty(),
            "{missing:?} is not among {who}: {words:?}"
        );
    }
    assert!(all.contains("member"));
    let members: i64 =
        sqlx::query_scalar("select count(*) from group_members where left_on is null")
            .fetch_one(&app.db.pool)
            .await
            .expect("the members");
    assert_eq!(members, 3);
    let fakes: i64 = sqlx::query_scalar(
        "select count(*) from companies where siren not like '0000%' or name not like 'EXEMPLE %'",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("the names");
    assert_eq!(fakes, 0, "every company is invented and says so");

    // A procedure that is over, and a company that left, say so on their page.
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    for (state, words) in [
        (
            "closed",
            "Une procédure de redressement judiciaire est close depuis le 19 août 2026.",
        ),
        (
            "dissolved",
            "Cette entreprise a cessé d’exister\u{a0}: sa liquidation judiciaire est close",
        ),
        (
            "struck_off",
            "Cette entreprise est radiée du registre du commerce depuis le",
        ),
    ] {
        let siren: String =
            sqlx::query_scalar("select siren from company_risks where state = $1 limit 1")
                .bind(state)
                .fetch_one(&app.db.pool)
                .await
                .expect("a company");
        let page = staff
            .get(&format!("/entreprises/{siren}"))
            .await
            .expect(200);
        page.says(words);
    }
}

fn asked(only_key: bool) -> &'static str {
    let filter = if only_key {
        "where siren in (select siren from key_companies where exited_on is null)"
    } else {
        ""
    };
    Box::leak(format!("{SEEN} select distinct word from words {filter}").into_boxed_str())
}

#[tokio::test]
async fn plans_show_every_dossier_and_status_some_late_and_one_closed() {
    let app = TestApp::new().await;
    demo::load(&app.state.pool, &app.state.clock, "81")
        .await
        .expect("the demonstration");
    let words = seen(
        &app,
        "select a.dossier from actions a union select status from actions
         union select 'late' from actions where status in ('todo', 'ongoing', 'blocked') and due_on < '2026-11-24'
         union select 'over' from actions where spent_euros > planned_euros
         union select outcome from action_plans where closed_on is not null
         union select 'running' from action_plans where closed_on is null",
    )
    .await;
    let wanted = [
        "land",
        "accessibility",
        "environment",
        "training",
        "research",
        "todo",
        "ongoing",
        "blocked",
        "done",
        "dropped",
        "late",
        "over",
        "maintained",
        "running",
    ];
    assert_eq!(words, wanted.map(str::to_owned).into());
}

#[tokio::test]
async fn links_between_companies_let_the_what_if_tell_who_depends_on_a_key_company() {
    let app = TestApp::new().await;
    demo::load(&app.state.pool, &app.state.clock, "81")
        .await
        .expect("the demonstration");
    let words = seen(
        &app,
        "select 'supplier ' || supplier_dependence from supply_links where supplier_dependence is not null
         union select 'customer ' || customer_dependence from supply_links where customer_dependence is not null
         union select basis from supply_links
         union select 'named' from supply_links where customer_siren is null
         union select 'ended' from supply_links where ended_on is not null",
    )
    .await;
    let wanted = [
        "supplier weak",
        "supplier medium",
        "supplier strong",
        "customer weak",
        "customer medium",
        "customer strong",
        "supplier",
        "customer",
        "estimate",
        "named",
        "ended",
    ];
    assert_eq!(words, wanted.map(str::to_owned).into());
    let siren: String = sqlx::query_scalar(
        "select l.customer_siren from supply_links l join key_companies k on k.siren = l.customer_siren
         where k.exited_on is null and l.supplier_dependence = 'strong' limit 1",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("a key company on which a supplier depends");
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    staff
        .get(&format!("/entreprises/{siren}/impact"))
        .await
        .expect(200)
        .says("forte dépendance")
        .says("concernés.");
}
