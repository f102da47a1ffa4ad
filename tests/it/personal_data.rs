//! What is known of a person: told to them, erased for good, and not kept for ever unseen.

use sqlx::{PgConnection, Row as _};
use uuid::Uuid;
use vigie::domain::Role;

use crate::mail::run_jobs;
use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{Company, reference};

const NAME: &str = "Zénobie Quetzal";
const WORDS: [&str; 5] = [
    "Quetzal",
    "z.quetzal",
    "0536490077",
    "Parle espéranto",
    "salon d’Uppsala",
];

/// A company's contact and a partner, of the same telling words.
async fn house() -> (TestApp, Client, [String; 2], [String; 2]) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    let siren = Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let organisation: Uuid = sqlx::query_scalar(
        "insert into organisations (name, kind) values ('EXEMPLE Banque', 'bank') returning id",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("an organisation");
    let lists = [
        format!("/entreprises/{siren}"),
        format!("/organismes/{organisation}"),
    ];
    let forms = [
        format!("/entreprises/{siren}/contacts/nouveau"),
        format!("/organismes/{organisation}/personnes/nouvelle"),
    ];
    for path in &forms {
        let mut form = staff
            .get(path)
            .await
            .expect(200)
            .form(path)
            .set("nom", NAME)
            .set("fonction", "Directrice")
            .set("courriel", "z.quetzal@exemple.example")
            .set("telephone", "05 36 49 00 77")
            .set("origine", "salon d’Uppsala");
        if path.ends_with("nouveau") {
            form = form.set("note", "Parle espéranto");
        }
        staff.submit(&form).await.expect(303);
    }
    let id = async |table: &'static str| -> Uuid {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "select id from {table} where full_name like '%Quetzal'"
        )))
        .fetch_one(&app.db.pool)
        .await
        .expect("a person")
    };
    let people = [
        format!("/contacts/{}", id("contacts").await),
        format!("/personnes/{}", id("partner_people").await),
    ];
    (app, staff, people, lists)
}

/// Both are invited: the contact to a meeting at the highest level, the partner to a workshop. Gives the
/// address that answers for the partner.
async fn invited(app: &TestApp, staff: &mut Client, people: &[String; 2], list: &str) -> String {
    let key = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let path = format!("{list}/rencontres/plus-haut-niveau");
    let form = staff
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("contact", &key(&people[0]))
        .set("representant", "Paul Roux")
        .set("fonction", "president")
        .set("date", "2026-12-01")
        .set("heure", "14:30")
        .set("lieu", "Albi");
    let meeting = staff.submit(&form).await.expect(303).location();
    let path = format!("{}/inviter", meeting.expect("a meeting"));
    let form = staff.get(&path).await.expect(200).form(&path);
    staff.submit(&form).await.expect(303);
    run_jobs(app).await;
    let path = "/ateliers/nouveau";
    let form = staff
        .get(path)
        .await
        .expect(200)
        .form(path)
        .set("titre", "Atelier d’hiver")
        .set("jour", "2026-12-10")
        .set("heure", "14:30")
        .set("lieu", "Albi");
    let workshop = staff.submit(&form).await.expect(303).location();
    let workshop = workshop.expect("a workshop");
    let path = format!("{workshop}/invites");
    let guest = format!("p:{}", key(&people[1]));
    let form = staff.get(&path).await.form(&path).set("invites", &guest);
    staff.submit(&form).await.expect(303);
    let path = format!("{workshop}/envoyer/invitations");
    let form = staff.get(&path).await.expect(200).form(&path);
    staff.submit(&form).await.expect(303);
    let text: String = sqlx::query_scalar("select text from mails where kind = 'workshop'")
        .fetch_one(&app.db.pool)
        .await
        .expect("a mail that waits");
    let at = text.find("/invitation/").expect("a link");
    text[at..]
        .split_whitespace()
        .next()
        .expect("a path")
        .to_owned()
}

/// Tables where a row holds these words, whatever its columns.
async fn found_in(owner: &mut PgConnection, words: &str) -> Vec<String> {
    let tables = sqlx::query(
        "select table_name::text from information_schema.tables
         where table_schema = 'public' and table_type = 'BASE TABLE'",
    )
    .fetch_all(&mut *owner)
    .await
    .expect("the tables");
    assert!(tables.len() > 30);
    let mut found = Vec::new();
    for table in tables {
        let table: String = table.get(0);
        let sql = format!("select count(*) from {table} t where t::text ilike '%' || $1 || '%'");
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(words)
            .fetch_one(&mut *owner)
            .await
            .expect("a count");
        if rows > 0 {
            found.push(table);
        }
    }
    found
}

#[tokio::test]
async fn an_erased_person_is_found_nowhere_in_the_database() {
    let (app, mut staff, people, lists) = house().await;
    let mut owner = app.db.owner().await;
    // One mail left, another one waits.
    let answer = invited(&app, &mut staff, &people, &lists[0]).await;
    assert_eq!(app.state.mailer.sent().len(), 1);
    // A change, an export and a departure leave lines in the audit too.
    for path in &people {
        let form = staff
            .get(path)
            .await
            .form(path)
            .set("fonction", "Présidente");
        staff.submit(&form).await.expect(303);
        staff.get(&format!("{path}/donnees")).await.expect(200);
        let aside = format!("{path}/archiver");
        let form = staff.get(path).await.form(&aside);
        staff.submit(&form).await.expect(303);
    }
    for words in WORDS {
        assert!(
            !found_in(&mut owner, words).await.is_empty(),
            "« {words} » was never there"
        );
    }
    let lines =
        "select count(*) from audit_events where object_type in ('contacts', 'partner_people')";
    let before: i64 = sqlx::query_scalar(lines)
        .fetch_one(&mut owner)
        .await
        .expect("a count");
    for (path, list) in people.iter().zip(&lists) {
        let question = format!("{path}/effacer");
        let page = staff.get(&question).await.expect(200);
        page.says("pour toujours").says(NAME);
        let form = page.form(&question);
        let done = staff.submit(&form).await.expect(303);
        let page = staff
            .get(&done.location().expect("a page"))
            .await
            .expect(200);
        page.says("Les données de la personne sont effacées");
        let page = staff.get(list).await.expect(200);
        page.says("Personne effacée")
            .says("Ses coordonnées ont été effacées à sa demande");
        // Twice is once; nothing opens the record again.
        staff.submit(&form).await.expect(303);
        for gone in [
            path.clone(),
            question,
            format!("{path}/donnees"),
            format!("{path}/donnees.json"),
        ] {
            staff.get(&gone).await.expect(404);
        }
    }
    for words in WORDS {
        let found = found_in(&mut owner, words).await;
        assert!(found.is_empty(), "« {words} » is still in {found:?}");
    }
    // What waited does not leave, and its address answers no more; what left keeps its subject and its date.
    run_jobs(&app).await;
    assert_eq!(app.state.mailer.sent().len(), 1);
    app.visitor().get(&answer).await.expect(404);
    let mails: Vec<(String, String, String)> =
        sqlx::query_as("select status, to_name, to_address from mails order by created_at, id")
            .fetch_all(&app.db.pool)
            .await
            .expect("the mails");
    let masked = |status: &str| {
        (
            status.to_owned(),
            "Personne effacée".to_owned(),
            String::new(),
        )
    };
    assert_eq!(mails, [masked("sent"), masked("failed")]);
    let after: i64 = sqlx::query_scalar(lines)
        .fetch_one(&mut owner)
        .await
        .expect("a count");
    assert_eq!(after, before + 2, "who did what stays told");
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get("/journal")
        .await
        .expect(200)
        .says("a effacé les données d’une personne")
        .hides("Quetzal");
}

#[tokio::test]
async fn the_audit_lets_nothing_through_but_forgetting() {
    let (app, mut staff, people, _) = house().await;
    let question = format!("{}/effacer", people[0]);
    let form = staff.get(&question).await.form(&question);
    staff.submit(&form).await.expect(303);
    let mut owner = app.db.owner().await;
    for sql in [
        // Of a person who is forgotten, yet more than their particulars.
        "update audit_events set actor_name = 'personne' where object_type = 'contacts'",
        "update audit_events set after = '{}' where object_type = 'contacts'",
        "update audit_events set at = now() where object_type = 'contacts'",
        // Of a person who is not.
        "update audit_events set object_label = 'Personne effacée',
                before = without_personal_values(before), after = without_personal_values(after)
         where object_type = 'partner_people'",
        "delete from audit_events where object_type = 'contacts'",
        // And an erased record stays so.
        "update contacts set erased_at = null, full_name = 'Revenue'",
        "update contacts set note = 'Elle est revenue'",
    ] {
        assert!(
            sqlx::raw_sql(sql).execute(&mut owner).await.is_err(),
            "{sql}"
        );
    }
    let masked = "update audit_events set object_label = 'Personne effacée',
                before = without_personal_values(before), after = without_personal_values(after)
         where object_type = 'contacts'";
    let refused = sqlx::raw_sql(masked).execute(&app.state.pool).await;
    assert!(
        refused.is_err(),
        "the program itself may not update the audit"
    );
    sqlx::raw_sql(masked)
        .execute(&mut owner)
        .await
        .expect("forgetting twice is harmless");
}

#[tokio::test]
async fn a_person_is_told_everything_that_is_known_of_them() {
    let (app, mut staff, people, _) = house().await;
    for path in &people {
        let page = staff.get(&format!("{path}/donnees")).await.expect(200);
        page.says(NAME)
            .says("05 36 49 00 77")
            .says("salon d’Uppsala")
            .says("Fiche ajoutée le");
        let file = staff.get(&format!("{path}/donnees.json")).await.expect(200);
        assert_eq!(file.headers["content-type"], "application/json");
        let value: serde_json::Value = serde_json::from_slice(&file.bytes).expect("JSON");
        assert_eq!(value["personne"]["nom"], NAME);
        assert_eq!(value["personne"]["courriel"], "z.quetzal@exemple.example");
        assert_eq!(value["traitements"].as_array().map(Vec::len), Some(2));
    }
    let exports: i64 = sqlx::query_scalar(
        "select count(*) from audit_events where verb = 'export' and object_label like '%Quetzal'",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("a count");
    assert_eq!(exports, 4, "each leaves a trace");
}

#[tokio::test]
async fn what_a_person_took_part_in_is_told_with_their_answers_and_their_mails() {
    let (app, mut staff, people, lists) = house().await;
    let answer = invited(&app, &mut staff, &people, &lists[0]).await;
    let mut visitor = app.visitor();
    let form = visitor.get(&answer).await.expect(200).form(&answer);
    visitor
        .submit(
            &form
                .set("reponse", "replaced")
                .set("remplacant", "Léa Vidal"),
        )
        .await;
    let page = staff
        .get(&format!("{}/donnees", people[0]))
        .await
        .expect(200);
    page.says("1er décembre 2026, rendez-vous au plus haut niveau (prévu), EXEMPLE MÉCANIQUE")
        .says("Rendez-vous du 1er décembre 2026, invitation du 24 novembre 2026")
        .says("à z.quetzal@exemple.example")
        .says("Rendez-vous avec le Département, le 1er décembre 2026 à 14 h 30");
    let path = format!("{}/donnees.json", people[1]);
    staff
        .get(&format!("{}/donnees", people[1]))
        .await
        .says("réponse : se fait remplacer, par Léa Vidal");
    let file = staff.get(&path).await.expect(200);
    let value: serde_json::Value = serde_json::from_slice(&file.bytes).expect("JSON");
    let workshop = &value["participations"]["ateliers"][0];
    assert_eq!(workshop["atelier"], "Atelier d’hiver");
    assert_eq!(workshop["reponse"], "se fait remplacer");
    assert_eq!(workshop["adresse"], "z.quetzal@exemple.example");
    assert_eq!(value["participations"]["rencontres"], serde_json::json!([]));
}

#[tokio::test]
async fn an_erasure_over_a_change_asks_again() {
    let (_app, mut staff, people, _) = house().await;
    for path in &people {
        let question = format!("{path}/effacer");
        let stale = staff.get(&question).await.form(&question);
        let form = staff
            .get(path)
            .await
            .form(path)
            .set("fonction", "Présidente");
        staff.submit(&form).await.expect(303);
        let page = staff.submit(&stale).await.expect(409);
        page.says("Cette fiche vient d’être modifiée");
        staff.submit(&page.form(&question)).await.expect(303);
    }
}

#[tokio::test]
async fn people_nobody_spoke_to_for_three_years_are_proposed_never_erased_alone() {
    let (app, mut staff, people, _) = house().await;
    let page = staff.get("/contacts/anciens").await.expect(200);
    page.says("Aucune coordonnée trop ancienne");
    sqlx::raw_sql(
        "update contacts set last_contact_on = '2023-01-15';
         update partner_people set created_at = '2020-05-05T10:00:00Z'",
    )
    .execute(&app.db.pool)
    .await
    .expect("old records");
    let page = staff.get("/contacts/anciens").await.expect(200);
    page.says("15/01/2023")
        .says("fiche du 05/05/2020")
        .says("EXEMPLE Banque");
    for path in &people {
        assert!(
            page.text.contains(&format!("href=\"{path}/effacer\"")),
            "{path}"
        );
    }
    let left: i64 = sqlx::query_scalar("select count(*) from contacts where erased_at is null")
        .fetch_one(&app.db.pool)
        .await
        .expect("a count");
    assert_eq!(left, 1, "looking erases nobody");
}
