//! Groups: each company is assessed alone; the worst of its group and the group's consolidated
//! accounts stand beside it, for those who may see them.

use sqlx::PgPool;
use vigie::domain::Role;

use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{ALBIGEOIS, Company, MAZAMET, reference};

/// A company of the Albigeois and one of Castres-Mazamet.
async fn house() -> (TestApp, Client, [String; 2]) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    let head = Company::new(1, "EXEMPLE HOLDING").add(&app.db.pool).await;
    let site = Company {
        commune: MAZAMET,
        ..Company::new(2, "EXEMPLE TISSAGE")
    };
    let site = site.add(&app.db.pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff, [head, site])
}

/// Puts a company in a group, a new one named « Sylva » when none is given; gives the group's address.
async fn join(client: &mut Client, siren: &str, known: Option<&str>) -> String {
    let path = format!("/entreprises/{siren}/groupe");
    let page = client.get(&path).await.expect(200);
    let form = page.form(&path).set("source", "Comptes consolidés 2025");
    let form = match known.and_then(|address| address.strip_prefix("/groupes/")) {
        Some(id) => form.set("groupe", id),
        None => form.set("nom", "Sylva").set("tete", "oui"),
    };
    let done = client.submit(&form).await.expect(303);
    done.location().expect("the group's page")
}

/// A last assessment, with what the consolidated accounts say when they are there.
async fn assess(pool: &PgPool, siren: &str, level: &str, group: serde_json::Value) {
    let explanation = serde_json::json!({
        "sentence": "Essai.", "retained": null, "max_points": 116, "thresholds": [30, 45, 60],
        "factors": [], "themes": [], "causes": [], "past": [], "landmarks": [], "cautions": [],
        "view": null, "closing": "2025-12-31", "group": group
    });
    sqlx::query(
        "with a as (
           insert into risk_assessments (siren, as_of, assessed_at, model_id, model_version, completeness,
             retained, state, is_sudden, cause, inputs, inputs_hash, explanation)
           values ($1, '2026-11-24', now(), 'essai', '1', 80, $2, 'none', false, 'Essai.', '{}', 'x', $3)
           returning id)
         insert into company_risks (siren, assessment_id, retained, state, since)
         select $1, id, $2, 'none', '2026-11-24' from a",
    )
    .bind(siren)
    .bind(level)
    .bind(explanation)
    .execute(pool)
    .await
    .expect("an assessment");
}

fn consolidated() -> serde_json::Value {
    serde_json::json!({"closing": "2025-12-31", "source": "INPI", "points": 52, "max_points": 116,
                       "level": "high", "change": 4})
}

#[tokio::test]
async fn the_worst_of_the_group_and_its_consolidated_accounts_stand_beside_a_company() {
    let (app, mut staff, [head, site]) = house().await;
    assess(&app.db.pool, &head, "critical", consolidated()).await;
    assess(&app.db.pool, &site, "low", serde_json::Value::Null).await;
    let group = join(&mut staff, &head, None).await;
    assert_eq!(join(&mut staff, &site, Some(&group)).await, group);
    let page = staff.get(&format!("/entreprises/{site}")).await.expect(200);
    // The company keeps its own level.
    assert_eq!(page.texts("h1 .niveau"), ["Faible"]);
    page.says("2 entreprises. Cette entreprise est évaluée seule.")
        .says("Critique EXEMPLE HOLDING")
        .says("Élevé Comptes consolidés au 31 décembre 2025 : score 52 sur 116, +4 en un an. Source : INPI.");
    let page = staff.get(&group).await.expect(200);
    assert_eq!(
        page.texts("tbody th a"),
        ["EXEMPLE HOLDING", "EXEMPLE TISSAGE"]
    );
    assert_eq!(page.texts("tbody .niveau"), ["Critique", "Faible"]);
    page.says("Tête du groupe");
}

#[tokio::test]
async fn an_adviser_sees_the_members_of_their_territories_and_counts_the_others() {
    let (app, mut staff, [head, site]) = house().await;
    assess(&app.db.pool, &site, "critical", serde_json::Value::Null).await;
    let group = join(&mut staff, &head, None).await;
    join(&mut staff, &site, Some(&group)).await;
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let page = adviser.get(&group).await.expect(200);
    page.says("1 autre entreprise du groupe hors de vos territoires.")
        .hides("EXEMPLE TISSAGE")
        .hides("Critique");
    let page = adviser
        .get(&format!("/entreprises/{head}"))
        .await
        .expect(200);
    page.says("2 entreprises.").hides("EXEMPLE TISSAGE");
    // The application manager sees who belongs to whom, and no level.
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get(&group)
        .await
        .expect(200)
        .says("EXEMPLE TISSAGE")
        .hides("Critique");
}

#[tokio::test]
async fn a_company_belongs_to_one_group_and_leaves_it_for_a_reason() {
    let (app, mut staff, [head, _]) = house().await;
    let path = format!("/entreprises/{head}/groupe");
    let form = staff.get(&path).await.expect(200).form(&path);
    let refused = staff.submit(&form).await.expect(422);
    refused
        .says("écrivez le nom du nouveau en 2 à 120")
        .says("Dites d’où vient cette information");
    let late = form
        .set("nom", "Autre groupe")
        .set("source", "Entretien du 3 mars");
    join(&mut staff, &head, None).await;
    // Somebody else's page, opened before: told, and nothing half-done.
    staff
        .submit(&late)
        .await
        .expect(409)
        .says("appartient déjà à un groupe");
    let names: Vec<String> = sqlx::query_scalar("select name from company_groups")
        .fetch_all(&app.db.pool)
        .await
        .expect("groups");
    assert_eq!(names, ["Sylva"]);
    let page = staff.get(&path).await.expect(200);
    page.says("selon : Comptes consolidés 2025");
    let leave = page.form(&format!("{path}/quitter"));
    staff
        .submit(&leave)
        .await
        .expect(422)
        .says("Écrivez le motif");
    let leave = leave.set("motif", "Vendue à sa direction en octobre.");
    staff.submit(&leave).await.expect(303);
    staff.submit(&leave).await.expect(303);
    let (left, head_of): (i64, i64) = sqlx::query_as(
        "select (select count(*) from group_members where left_on is not null),
                (select count(*) from company_groups where head_siren is not null)",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("counts");
    assert_eq!((left, head_of), (1, 0));
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get("/journal")
        .await
        .expect(200)
        .says("a mis fin à une appartenance à un groupe");
}
