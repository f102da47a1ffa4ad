//! What sources say of a company, and accounts typed by hand.

use sqlx::PgPool;
use vigie::domain::Role;

use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES, Company, reference, run};

async fn house() -> (TestApp, Client, String) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    allow_social(&app).await;
    let siren = Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff, siren)
}

async fn told(pool: &PgPool, siren: &str, (kind, key): (&str, &str), day: &str, content: &str) {
    let source = match kind {
        "notice" => "DILA-BODACC",
        "accounts" => "INPI, comptes annuels",
        "ratios" => "Bercy-INPI, ratios publics",
        _ => "Urssaf",
    };
    sqlx::query(
        "insert into facts (kind, key, siren, happened_on, content, source, source_date)
         values ($1, $2, $3, $4::date, replace($5, '$S', $3)::jsonb, $6, '2026-03-03')",
    )
    .bind(kind)
    .bind(key)
    .bind(siren)
    .bind(day)
    .bind(content)
    .bind(source)
    .execute(pool)
    .await
    .expect("a fact");
}

/// Without an activation the schema takes no social fact.
async fn allow_social(app: &TestApp) {
    let admin = app.sign_in(Role::Admin, &[]).await.user_id;
    sqlx::query(
        "insert into social_data_activations (id, legal_basis, reference, valid_from, activated_by, activated_at)
         values (gen_random_uuid(), 'Texte d’essai, article 1er', 'Essai', '2026-01-01', $1, '2026-01-01')",
    )
    .bind(admin)
    .execute(&app.db.pool)
    .await
    .expect("an activation");
}

const NOTICE: &str = r#"{"id": "A1", "siren": "$S", "other_sirens": [], "published_on": "2026-02-10",
    "family": "collective", "kind": "original", "previous": null, "court": "Tribunal de commerce d’Albi",
    "department": "81", "trader": "EXEMPLE", "postcode": null, "town": null, "is_person": false,
    "judgment": {"kind": "original", "family": "Jugement d’ouverture", "nature": "Jugement d’ouverture de redressement",
      "decided_on": "2026-02-03", "complement": "SECRET", "reading": {"category": "opening", "procedure": "receivership"}},
    "deposit": null, "radiation": null}"#;

fn accounts(confidentiality: &str, deleted: bool) -> String {
    format!(
        r#"{{"siren": "$S", "closed_on": "2024-12-31", "deposited_on": null, "kind": "complete",
            "confidentiality": "{confidentiality}", "deleted": {deleted}, "months": 12, "previous_months": null,
            "lines": {{"FL": {{"n": 1234567, "previous": null}}, "HN": {{"n": -5000, "previous": null}},
                       "DL": {{"n": 98000, "previous": null}}}}}}"#
    )
}

#[tokio::test]
async fn the_facts_of_a_company_are_told_in_sentences_with_the_age_of_their_source() {
    let (app, mut staff, siren) = house().await;
    let pool = &app.db.pool;
    told(pool, &siren, ("notice", "A1"), "2026-02-10", NOTICE).await;
    told(
        pool,
        &siren,
        ("accounts", "a"),
        "2024-12-31",
        &accounts("public", false),
    )
    .await;
    told(
        pool,
        &siren,
        ("accounts", "b"),
        "2023-12-31",
        &accounts("partial", false),
    )
    .await;
    told(
        pool,
        &siren,
        ("accounts", "c"),
        "2022-12-31",
        &accounts("confidential", false),
    )
    .await;
    told(
        pool,
        &siren,
        ("accounts", "d"),
        "2021-12-31",
        &accounts("public", true),
    )
    .await;
    told(
        pool,
        &siren,
        ("ratios", "r"),
        "2020-12-31",
        r#"{"no": "sense"}"#,
    )
    .await;
    told(
        pool,
        &siren,
        ("social_debt", "s"),
        "2026-06-01",
        r#"{"amount": 777}"#,
    )
    .await;
    run(
        pool,
        "insert into headcounts (siret, period, granularity, headcount, source, source_date)
         select siret, '2026-09-01', 'month', 42, 'Fichier DSN', '2026-10-01' from establishments",
    )
    .await;
    let path = format!("/entreprises/{siren}/faits");
    let page = staff.get(&path).await.expect(200);
    page.says("INPI : comptes au 31 décembre 2024, anciens de 22 mois, données du 3 mars 2026, non rafraîchies depuis 8 mois À rafraîchir")
        .says("DILA-BODACC : dernière annonce le 10 février 2026")
        .says("Fichier DSN : effectifs de septembre 2026, données du 1er octobre 2026")
        .says("Procédures collectives : Jugement d’ouverture de redressement, jugement du 3 février 2026, Tribunal de commerce d’Albi.")
        .says("Comptes complets clos le 31 décembre 2024 (12 mois) : chiffre d’affaires 1 234 567 €, résultat net −5 000 €, capitaux propres 98 000 €.")
        .says("compte de résultat confidentiel : capitaux propres 98 000 €.")
        .says("confidentiels.")
        .says("retirés par l’INPI.")
        .says("Contenu illisible")
        .says("42 salariés en septembre 2026 (1 établissement des territoires).")
        .says("7 faits")
        .hides("SECRET")
        .hides("777")
        .hides("Urssaf");
    assert_eq!(page.texts("tbody th")[0], "10/02/2026", "the newest first");
    assert!(page.sql <= 5, "{} statements", page.sql);
    let page = staff
        .get(&format!("{path}?nature=annonces"))
        .await
        .expect(200);
    page.says("1 fait").hides("Comptes complets");
    staff.get(&format!("{path}?page=2")).await.expect(404);
    staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .says("Comptes et annonces");
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser
        .get(&path)
        .await
        .expect(200)
        .hides("/comptes/nouveau");
    let typed = format!("/entreprises/{siren}/comptes/nouveau");
    adviser.get(&typed).await.expect(403);
    let mut stranger = app.sign_in(Role::Adviser, &[CASTRES]).await;
    stranger.get(&path).await.expect(404);
    for role in [Role::Admin, Role::Elected] {
        let mut other = app.sign_in(role, &[]).await;
        other.get(&path).await.expect(403);
        other.get(&typed).await.expect(403);
    }
}

#[tokio::test]
async fn facts_come_fifty_at_a_time() {
    let (app, mut staff, siren) = house().await;
    for rank in 0..51 {
        let key = format!("k{rank:02}");
        told(&app.db.pool, &siren, ("notice", &key), "2026-02-10", NOTICE).await;
    }
    let path = format!("/entreprises/{siren}/faits");
    assert_eq!(
        staff.get(&path).await.expect(200).texts("tbody th").len(),
        50
    );
    let page = staff
        .get(&format!("{path}?nature=annonces&page=2"))
        .await
        .expect(200);
    assert_eq!(page.texts("tbody th").len(), 1);
    assert!(
        page.text.contains("nature=annonces\""),
        "the filter is kept"
    );
}

#[tokio::test]
async fn accounts_are_typed_then_corrected() {
    let (app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/comptes/nouveau");
    let page = staff.get(&path).await.expect(200);
    page.says("Chiffre d’affaires net (FL)").hides("n_210");
    let form = page.form(&path);
    assert_eq!(form.value("duree"), Some("12"));
    let form = form
        .set("cloture", "31/12/2025")
        .set("n_FL", "1 234 567 €")
        .set("p_FL", "1\u{202f}100\u{a0}000")
        .set("n_HN", "-5 000")
        .set("n_DL", "98000")
        .set("n_EC", "700000")
        .set("n_EE", "850 000");
    let done = staff.submit(&form).await.expect(303);
    staff.submit(&form).await.expect(303);
    let page = staff
        .get(&done.location().expect("a location"))
        .await
        .expect(200);
    page.says("Comptes au 31 décembre 2025 enregistrés.")
        .says("chiffre d’affaires 1 234 567 €, résultat net −5 000 €, capitaux propres 98 000 €.")
        .says("Saisie de Direction du Développement Essai")
        .says("saisi par Direction")
        .hides("concordent pas");
    let (key, author, content): (String, uuid::Uuid, serde_json::Value) =
        sqlx::query_as("select key, author_id, content from facts")
            .fetch_one(&app.db.pool)
            .await
            .expect("one fact");
    assert_eq!(key, format!("{siren}/2025-12-31/C/saisie"));
    assert_eq!(author, staff.user_id);
    let read: vigie::formats::annual_accounts::AccountsRow =
        serde_json::from_value(content).expect("the row of the reader");
    assert_eq!(read.amount("FL"), Some(1_234_567));
    assert_eq!(read.previous_amount("FL"), Some(1_100_000));
    assert_eq!(read.months, Some(12));
    assert_eq!(read.amount("GG"), None, "empty is unknown");
    // Two people correct them at once.
    let edit = format!("{path}?regime=complet&cloture=2025-12-31");
    assert!(page.text.contains(&edit.replace('&', "&#38;")), "{edit}");
    let form = staff.get(&edit).await.expect(200).form(&path);
    assert_eq!(form.value("n_HN"), Some("-5000"));
    let mine = form.clone().set("n_DL", "97 000");
    let mut second = app.sign_in(Role::Staff, &[]).await;
    let theirs = second
        .get(&edit)
        .await
        .form(&path)
        .set("n_DL", "900 000")
        .set("duree", "11");
    let done = second.submit(&theirs).await.expect(303);
    second
        .get(&done.location().expect("a location"))
        .await
        .says("Des totaux ne concordent pas")
        .says("À vérifier : Total des capitaux propres (DL) + Total des autres fonds propres (DO) + Total des dettes (EC) : 1 600 000 €");
    second.get(&edit).await.says("Vérifiez-les sur la liasse");
    let page = staff.submit(&mine).await.expect(409);
    page.says("exercice de 11 mois")
        .says("Total des capitaux propres (DL) 900 000 vide");
    let again = page.form(&path);
    assert_eq!(
        again.value("n_DL"),
        Some("97 000"),
        "what was typed is kept"
    );
    staff.submit(&again).await.expect(303);
    staff
        .get(&format!("/entreprises/{siren}/faits"))
        .await
        .says("capitaux propres 97 000 €")
        .says("1 fait");
    app.sign_in(Role::Admin, &[])
        .await
        .get("/journal")
        .await
        .expect(200)
        .says("a saisi des comptes de")
        .says("a corrigé des comptes de")
        .hides("97000");
}

#[tokio::test]
async fn refused_accounts_keep_every_line_of_their_regime() {
    let (app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/comptes/nouveau");
    let page = staff
        .get(&format!("{path}?regime=simplifie"))
        .await
        .expect(200);
    page.says("Ventes de marchandises (210)").hides("n_FL");
    let form = page
        .form(&path)
        .set("cloture", "2026-12-31")
        .set("duree", "25")
        .set("n_210", "12,50")
        .set("p_310", "-3 000");
    let page = staff.submit(&form).await.expect(422);
    page.says("4 points à corriger")
        .says("Cette date est à venir")
        .says("de 1 à 24")
        .says("Ventes de marchandises (210) : écrivez des euros entiers")
        .says("Indiquez au moins le total du bilan");
    let again = page.form(&path);
    assert_eq!(again.value("n_210"), Some("12,50"));
    assert_eq!(again.value("p_310"), Some("-3 000"));
    assert_eq!(again.value("regime"), Some("simplifie"));
    let again = again
        .set("cloture", "2025-12-31")
        .set("duree", "18")
        .set("n_210", "12")
        .set("n_180", "0");
    staff.submit(&again).await.expect(303);
    let key: String = sqlx::query_scalar("select key from facts")
        .fetch_one(&app.db.pool)
        .await
        .expect("one fact");
    assert_eq!(key, format!("{siren}/2025-12-31/S/saisie"));
}

#[tokio::test]
async fn typed_accounts_are_removed_with_a_reason() {
    let (app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/comptes/nouveau");
    let form = staff.get(&path).await.expect(200).form(&path);
    let form = form
        .set("cloture", "31/12/2025")
        .set("n_EE", "850 000")
        .set("n_DL", "-20 000");
    staff.submit(&form).await.expect(303);
    let facts = format!("/entreprises/{siren}/faits");
    let away = format!("/entreprises/{siren}/comptes/complet/2025-12-31/supprimer");
    let page = staff.get(&facts).await.expect(200);
    assert!(page.text.contains(&away), "a link to {away}");
    let edit = format!("{path}?regime=complet&cloture=2025-12-31");
    let page = staff.get(&edit).await.expect(200);
    assert!(page.text.contains(&away), "a link to {away}");
    let correction = page.form(&path).set("n_DL", "-21 000");
    let question = staff.get(&away).await.expect(200);
    question.says("capitaux propres −20 000 €");
    let question = question.form(&away);
    let page = staff.submit(&question.clone().set("motif", "Erreur")).await;
    page.expect(422).says("dix caractères");
    let question = question.set("motif", "Saisis sur la mauvaise entreprise.");
    // Somebody corrects them meanwhile.
    staff.submit(&correction).await.expect(303);
    let page = staff.submit(&question).await.expect(409);
    page.says("viennent d’être modifiés")
        .says("capitaux propres −21 000 €");
    let question = page.form(&away);
    sqlx::query("delete from rescore_requests")
        .execute(&app.db.pool)
        .await
        .expect("no request");
    let done = staff.submit(&question).await.expect(303);
    staff.submit(&question).await.expect(303);
    staff
        .get(&done.location().expect("a location"))
        .await
        .expect(200)
        .says("Comptes saisis au 31 décembre 2025 supprimés.")
        .says("Aucun fait");
    let asked: Vec<String> = sqlx::query_scalar("select siren from rescore_requests")
        .fetch_all(&app.db.pool)
        .await
        .expect("the requests");
    assert_eq!(asked, std::slice::from_ref(&siren));
    staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .expect(200)
        .says("Comptes saisis au 31 décembre 2025 supprimés, par Direction")
        .says("Saisis sur la mauvaise entreprise.");
    staff.get(&away).await.expect(404);
    let late = [("motif", "Encore une fois, pour voir."), ("version", "x")];
    let page = staff.post(&away, &late).await.expect(409);
    page.says("n’existent plus");
    app.sign_in(Role::Admin, &[])
        .await
        .get("/journal")
        .await
        .expect(200)
        .says("a supprimé des comptes de")
        .says("a dit pourquoi des comptes de")
        .hides("mauvaise entreprise");
}

#[tokio::test]
async fn a_series_of_headcounts_is_one_row_and_buries_nothing() {
    let (app, mut staff, siren) = house().await;
    let pool = &app.db.pool;
    told(
        pool,
        &siren,
        ("accounts", "a"),
        "2024-12-31",
        &accounts("public", false),
    )
    .await;
    run(
        pool,
        "insert into headcounts (siret, period, granularity, headcount, source, source_date)
         select siret, '2026-10-01'::date - make_interval(months => n), 'month', 42 + n, 'Fichier DSN', '2026-11-01'
         from establishments, generate_series(0, 34) n",
    )
    .await;
    let page = staff
        .get(&format!("/entreprises/{siren}/faits"))
        .await
        .expect(200);
    assert_eq!(page.texts("tbody tr").len(), 2);
    assert_eq!(page.texts("tbody th"), ["31/12/2024", "01/10/2026"]);
    page.says("2 faits")
        .says("42 salariés en octobre 2026 (1 établissement des territoires). Connus depuis décembre 2023.")
        .says("34 périodes précédentes")
        .says("43 salariés en septembre 2026");
    assert_eq!(
        page.texts("nav [aria-current]").len()
            - page.texts(".fil [aria-current]").len()
            - page.texts(".menu [aria-current]").len(),
        1
    );
}

#[tokio::test]
async fn what_no_balance_sheet_can_hold_is_refused_with_the_reason() {
    let (app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/comptes/nouveau");
    let form = staff.get(&path).await.expect(200).form(&path);
    let form = form.set("cloture", "31/12/2025");
    let wrong = form.clone().set("n_EE", "-850 000");
    let page = staff.submit(&wrong).await.expect(422);
    page.says("Un total de bilan n’est jamais négatif")
        .says("(EE) : −850 000 €");
    let wrong = form
        .clone()
        .set("n_EE", "850 000")
        .set("p_EE", "800 000")
        .set("p_CJ", "800 100");
    let page = staff.submit(&wrong).await.expect(422);
    page.says("(CJ) : 800 100 €, plus que le total du bilan, 800 000 €")
        .says("L’actif immobilisé serait négatif");
    assert_eq!(page.form(&path).value("p_CJ"), Some("800 100"));
    let kept: i64 = sqlx::query_scalar("select count(*) from facts")
        .fetch_one(&app.db.pool)
        .await
        .expect("a count");
    assert_eq!(kept, 0);
    let right = form.set("n_EE", "850 000").set("n_CJ", "850 005");
    staff.submit(&right).await.expect(303);
}
