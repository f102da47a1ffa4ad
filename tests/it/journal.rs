//! The audit: written by triggers, rewritten by nobody, read in French.

use vigie::auth::audit::{self, Act, Acting};
use vigie::domain::Role;
use vigie::features::accounts::journal::words;

use crate::support::app::TestApp;

#[tokio::test]
async fn the_dictionary_knows_every_audited_table_and_column() {
    let app = TestApp::new().await;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select c.relname::text, a.attname::text
         from pg_trigger t
         join pg_class c on c.oid = t.tgrelid
         join pg_proc p on p.oid = t.tgfoid
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where p.proname = 'audit_row' and not t.tgisinternal
           and a.attname not in ('version', 'updated_at')",
    )
    .fetch_all(&app.state.pool)
    .await
    .expect("the schema");
    assert!(columns.len() > 50, "the query finds the triggers");
    let missing: Vec<_> = columns
        .iter()
        .filter(|(table, column)| words::table(table).and_then(|t| t.column(column)).is_none())
        .collect();
    assert!(missing.is_empty(), "add to journal/words/: {missing:?}");
    for table in words::tables() {
        assert!(
            columns.iter().any(|(name, _)| name == table.name),
            "{} is not audited",
            table.name
        );
    }
}

#[tokio::test]
async fn nobody_rewrites_the_audit() {
    let app = TestApp::new().await;
    app.sign_in(Role::Staff, &[]).await;
    for sql in [
        "update audit_events set actor_name = 'personne'",
        "delete from audit_events",
        "truncate audit_events",
    ] {
        let refused = sqlx::raw_sql(sql)
            .execute(&app.state.pool)
            .await
            .expect_err(sql);
        let code = refused
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .map(std::borrow::Cow::into_owned);
        assert_eq!(code.as_deref(), Some("42501"), "{sql} as vigie_app");
        let mut owner = app.db.owner().await;
        assert!(
            sqlx::raw_sql(sql).execute(&mut owner).await.is_err(),
            "{sql} as the owner"
        );
    }
}

#[tokio::test]
async fn a_change_is_told_with_its_author_before_and_after() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    let path = format!("/utilisateurs/{}", staff.user_id);
    let form = admin.get(&path).await.form(&path);
    admin
        .submit(&form.set("nom", "Claire Roux").set("role", "elected"))
        .await
        .expect(303);
    let (before, after): (serde_json::Value, serde_json::Value) = sqlx::query_as(
        "select before, after from audit_events
         where object_type = 'users' and verb = 'update' and actor_id = $1",
    )
    .bind(admin.user_id)
    .fetch_one(&app.state.pool)
    .await
    .expect("the line");
    assert_eq!(before["role"], "staff");
    assert_eq!(after["role"], "elected");
    assert_eq!(after["full_name"], "Claire Roux");
    assert_eq!(
        after.as_object().expect("columns").len(),
        2,
        "only what changed: {after}"
    );

    let page = admin
        .get(&format!("/journal?cle={}", staff.user_id))
        .await
        .expect(200);
    page.says("a modifié le compte de Claire Roux")
        .says("Rôle Direction du Développement → Élue ou élu")
        .hides("elected");
    assert!(page.sql <= 6, "{} statements", page.sql);
}

#[tokio::test]
async fn a_password_never_reaches_the_journal() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let now = app.state.clock.now();
    vigie::auth::directory::set_password(&mut conn, admin.user_id, "$argon2id$secret", None, now)
        .await
        .expect("a password");
    let mut admin = {
        admin.cookies.clear();
        app.session_of(admin.user_id).await
    };
    let page = admin.get("/journal").await.expect(200);
    page.says("a changé le mot de passe du compte de")
        .says("contenu non affiché")
        .hides("argon2");
    let kept: i64 =
        sqlx::query_scalar("select count(*) from audit_events where after::text like '%argon2%'")
            .fetch_one(&app.state.pool)
            .await
            .expect("a count");
    assert_eq!(kept, 0);
}

async fn exports(app: &TestApp, count: usize) {
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    for number in 0..count {
        let label = format!("la liste n°{number:03}");
        let act = Act {
            verb: "export",
            object: ("companies", "-"),
            label: &label,
            details: None,
        };
        audit::record(&mut conn, &Acting::system(), act)
            .await
            .expect("an act");
    }
}

#[tokio::test]
async fn the_journal_shows_fifty_lines_and_leads_to_the_older_ones() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    exports(&app, 60).await;
    let page = admin.get("/journal?objet=companies").await.expect(200);
    page.says("Vigie a exporté la liste n°059.")
        .says("Objet : Entreprises");
    assert_eq!(page.texts(".chrono > li").len(), 50);
    let next = page
        .text
        .split("href=\"")
        .find(|part| part.starts_with("/journal?") && part.contains("avant="));
    let next = next
        .and_then(|part| part.split('"').next())
        .expect("older lines");
    let page = admin
        .get(&next.replace("&amp;", "&").replace("&#38;", "&"))
        .await
        .expect(200);
    assert_eq!(page.texts(".chrono > li").len(), 10);
    page.says("n°000").hides("avant=");
}

#[tokio::test]
async fn filters_that_mean_nothing_are_told_and_break_nothing() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get("/journal?du=hier")
        .await
        .expect(200)
        .says("Écrivez une date, par exemple 24/11/2026");
    for query in [
        "avant=-1",
        "avant=99999999999999999999",
        "personne=x",
        "objet=rien",
        "cle=%27",
        "du=0008-01-01",
        "au=9999-12-31",
    ] {
        admin.get(&format!("/journal?{query}")).await.expect(200);
    }
    admin
        .get("/journal?objet=rien")
        .await
        .says("Aucun événement pour ces filtres");
    admin
        .get("/journal?du=2030-01-01")
        .await
        .says("Aucun événement pour ces filtres");
}
