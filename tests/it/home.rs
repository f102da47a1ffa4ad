//! The home page: what is to be done, by whom.

use vigie::domain::Role;

use crate::support::app::TestApp;
use crate::support::portfolio::{
    ALBIGEOIS, CASTRES, Company, MAZAMET, assess, make_key, open_alert, reference, run,
};

#[tokio::test]
async fn a_new_house_shows_three_steps() {
    let app = TestApp::new().await;
    let page = app
        .sign_in(Role::Admin, &[])
        .await
        .get("/")
        .await
        .expect(200);
    page.says("Pour commencer")
        .says("Importer les entreprises")
        .says("Inviter les collègues");
}

#[tokio::test]
async fn what_presses_comes_first_and_each_row_leads_somewhere() {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let referent = app.sign_in(Role::Staff, &[]).await;
    Company {
        active: false,
        ..Company::new(1, "EXEMPLE FERMÉE")
    }
    .add(pool)
    .await;
    Company::new(2, "EXEMPLE SANS RÉFÉRENT").add(pool).await;
    make_key(pool, 1, ALBIGEOIS, 1, staff.user_id).await;
    make_key(pool, 2, ALBIGEOIS, 2, referent.user_id).await;
    sqlx::query("update users set status = 'suspended' where id = $1")
        .bind(referent.user_id)
        .execute(pool)
        .await
        .expect("a suspension");
    run(
        pool,
        r#"insert into imports (id, kind, status, label, source, source_date, created_at, created_by_name,
           fingerprint, files, counts)
         values (gen_random_uuid(), 'sirene', 'ready', 'Sirene de novembre', 'Insee-Sirene', '2026-11-01',
           '2026-11-20T10:00:00Z', 'Claire Martin', 'x', '[]',
           '{"lines": 1, "companies": {"created": 1}}'),
         (gen_random_uuid(), 'sirene', 'ready', 'Sirene sans effet', 'Insee-Sirene', '2026-11-01',
           '2026-11-20T10:00:00Z', 'Claire Martin', 'y', '[]', '{"lines": 1, "companies": {"unchanged": 1}}')"#,
    )
    .await;
    let page = staff.get("/").await.expect(200);
    let rows = page.texts(".a-faire a");
    let rows: Vec<String> = rows.iter().map(|row| row.replace('\u{a0}', " ")).collect();
    assert_eq!(
        rows[..3],
        [
            "Confirmer l’import « Sirene de novembre »",
            "Libérer la place 1 tenue par EXEMPLE FERMÉE",
            "Désigner un autre référent pour EXEMPLE SANS RÉFÉRENT",
        ]
    );
    page.says("déposé le 20 novembre 2026")
        .says("Albigeois : fermée le 15 septembre 2026");
    // The emptiest territories are named; the others make one row.
    page.says("Choisir 5 entreprises clés pour Canal du Midi")
        .says("12 autres territoires ont au moins une place libre")
        .hides("pour Albigeois")
        .hides("Sirene sans effet");
    assert!(page.sql <= 6, "{} statements", page.sql);
}

#[tokio::test]
async fn each_role_has_its_own_list() {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    Company::new(1, "EXEMPLE").add(pool).await;
    make_key(pool, 1, ALBIGEOIS, 1, staff.user_id).await;
    let page = app
        .sign_in(Role::Adviser, &[CASTRES])
        .await
        .get("/")
        .await
        .expect(200);
    page.says("Rien à faire aujourd’hui").hides("Albigeois");
    // Places are free: they are not theirs to fill.
    page.says("Rien n’attend de décision de votre part.")
        .hides("aucune place ne demande");
    let elected = app
        .sign_in(Role::Elected, &[])
        .await
        .get("/")
        .await
        .expect(303);
    assert_eq!(elected.location().as_deref(), Some("/indicateurs"));
    run(
        pool,
        "insert into users (id, email, full_name, role, organisation_id, status, created_at)
         select gen_random_uuid(), 'paul@exemple.fr', 'Paul Invité', 'elected', id, 'invited', '2026-11-10T10:00:00Z'
         from organisations limit 1",
    )
    .await;
    let page = app
        .sign_in(Role::Admin, &[])
        .await
        .get("/")
        .await
        .expect(200);
    page.says("Relancer Paul Invité")
        .says("invitation du 10 novembre 2026");
}

#[tokio::test]
async fn an_adviser_reads_which_of_their_key_companies_to_look_at() {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    for (n, name, level, state) in [
        (1, "EXEMPLE CRITIQUE", Some("critical"), "none"),
        (2, "EXEMPLE REDRESSEMENT", Some("critical"), "receivership"),
        (3, "EXEMPLE TRANQUILLE", Some("low"), "none"),
    ] {
        let siren = Company::new(n, name).add(pool).await;
        assess(pool, &siren, level, state).await;
        make_key(
            pool,
            n,
            ALBIGEOIS,
            n.try_into().expect("a place"),
            staff.user_id,
        )
        .await;
    }
    let elsewhere = Company {
        commune: MAZAMET,
        ..Company::new(4, "EXEMPLE AILLEURS")
    };
    let siren = elsewhere.add(pool).await;
    let assessment = assess(pool, &siren, Some("high"), "none").await;
    make_key(pool, 4, CASTRES, 1, staff.user_id).await;
    open_alert(pool, &siren, assessment, "high").await;
    let not_key = Company::new(5, "EXEMPLE SANS PLACE").add(pool).await;
    assess(pool, &not_key, Some("critical"), "none").await;

    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let page = adviser.get("/").await.expect(200);
    page.says("Vos entreprises à regarder")
        .says("EXEMPLE CRITIQUE Critique depuis le 20 novembre 2026")
        .says("Albigeois")
        .says("EXEMPLE REDRESSEMENT Procédure depuis")
        .says("Essai sur")
        .hides("Rien à faire")
        .hides("TRANQUILLE")
        .hides("AILLEURS")
        .hides("SANS PLACE")
        .hides("/alertes");
    assert_eq!(page.texts(".a-faire a")[0], "EXEMPLE CRITIQUE");
    let page = staff.get("/").await.expect(200);
    page.says("Entreprises clés à regarder")
        .says("EXEMPLE AILLEURS Élevé")
        .says("Répartir 1 alerte 1 élevée ; personne n’en est responsable");
    assert!(page.sql <= 6, "{} statements", page.sql);
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get("/")
        .await
        .expect(200)
        .hides("à regarder")
        .hides("Critique");
}

#[tokio::test]
async fn the_page_holds_ten_rows_in_all_and_leads_to_the_lists_of_the_others() {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    for n in 1..=12 {
        let siren = Company::new(n, &format!("EXEMPLE {n:02}")).add(pool).await;
        let assessment = assess(pool, &siren, Some("critical"), "none").await;
        if n <= 5 {
            let slot = i16::try_from(n).expect("a place");
            make_key(pool, n, ALBIGEOIS, slot, staff.user_id).await;
        }
        let alert = open_alert(pool, &siren, assessment, "critical").await;
        sqlx::query(
            "update alerts set status = 'taken', assignee_id = $2, opened_at = opened_at - make_interval(days => $3)
             where id = $1",
        )
        .bind(alert)
        .bind(staff.user_id)
        .bind(i32::try_from(n).expect("days"))
        .execute(pool)
        .await
        .expect("an alert given");
    }
    let page = staff.get("/").await.expect(200);
    let rows = page.texts("main .a-faire > li");
    assert_eq!(rows.len(), 10, "{rows:?}");
    // The companies to meet are one row; the oldest alert is on top.
    assert!(
        rows[0].contains("Traiter l’alerte sur EXEMPLE 12"),
        "{}",
        rows[0]
    );
    page.says("Tout voir : vos alertes (2 de plus)")
        .says("Entreprises clés à regarder , sur la page de chaque territoire");
    let leads = page.texts("main a[href='/alertes?responsable=moi']");
    assert_eq!(leads, ["vos alertes"]);
    assert!(page.sql <= 5, "{} statements", page.sql);
    staff
        .get("/alertes?responsable=moi")
        .await
        .expect(200)
        .says("EXEMPLE 12");
}

#[tokio::test]
async fn each_role_has_its_first_steps_until_they_are_done_or_hidden() {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    staff
        .get("/")
        .await
        .expect(200)
        .says("Importer les entreprises Prochaine étape")
        .says("Noter une première rencontre");
    Company::new(1, "EXEMPLE").add(pool).await;
    make_key(pool, 1, ALBIGEOIS, 1, staff.user_id).await;
    staff
        .get("/")
        .await
        .expect(200)
        .says("Choisir les entreprises clés Fait")
        .says("Noter une première rencontre Prochaine étape");
    sqlx::query(
        "insert into meetings (id, siren, kind, held_on, summary, author_id, author_name, organisation_id,
                               by_council, created_at)
         select gen_random_uuid(), k.siren, 'visit', '2026-11-20', 'Visite.', u.id, u.full_name, u.organisation_id,
                true, '2026-11-20'
         from users u, key_companies k where u.id = $1",
    )
    .bind(staff.user_id)
    .execute(pool)
    .await
    .expect("a meeting");
    staff.get("/").await.expect(200).hides("Pour commencer");

    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let page = adviser.get("/").await.expect(200);
    page.says("Recevoir vos territoires Fait")
        .says("Signaler ce que vous observez");
    let done = adviser
        .submit(&page.form("/premiers-pas/masquer"))
        .await
        .expect(303);
    assert_eq!(done.location().as_deref(), Some("/"));
    adviser.get("/").await.expect(200).hides("Pour commencer");

    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected.get("/indicateurs").await.expect(200);
    page.says("Lire les deux chiffres Prochaine étape")
        .says("Imprimer le rapport");
    elected
        .submit(&page.form("/premiers-pas/masquer"))
        .await
        .expect(303);
    elected
        .get("/indicateurs")
        .await
        .expect(200)
        .hides("Pour commencer");
    // Theirs only: another person has their own.
    let mut other = app.sign_in(Role::Elected, &[]).await;
    other
        .get("/indicateurs")
        .await
        .expect(200)
        .says("Pour commencer");
}
