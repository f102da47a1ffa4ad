//! Organisations and their people: found, added, changed, set aside; two at once; whose they are.

use uuid::Uuid;
use vigie::domain::Role;

use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES, reference, run};

const BANK: &str = "00000000-0000-7000-8000-0000000000b1";
const LABORATORY: &str = "00000000-0000-7000-8000-0000000000b2";

async fn house() -> (TestApp, Client) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    run(
        &app.db.pool,
        "insert into organisations (id, name, kind, siren, covers_everywhere, note)
         values ('00000000-0000-7000-8000-0000000000b1', 'EXEMPLE Banque du Sidobre', 'bank', '552100554',
                 true, 'Note réservée au Département'),
                ('00000000-0000-7000-8000-0000000000b2', 'EXEMPLE Laboratoire du Pastel', 'laboratory', null,
                 false, '');
         insert into organisation_skills (organisation_id, dossier, theme)
         values ('00000000-0000-7000-8000-0000000000b2', 'research', 'teinture'),
                ('00000000-0000-7000-8000-0000000000b2', 'environment', '');
         insert into organisation_territories
         values ('00000000-0000-7000-8000-0000000000b2', '248100430');
         insert into partner_people (id, organisation_id, full_name, job_title, email, phone)
         values ('00000000-0000-7000-8000-0000000000c1', '00000000-0000-7000-8000-0000000000b2',
                 'Inès Roudil', 'Directrice', 'i.roudil@labo.example', '0536490001');",
    )
    .await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff)
}

async fn names(client: &mut Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/organismes{query}")).await.expect(200);
    page.texts("tbody th a")
        .into_iter()
        .filter(|name| name.starts_with("EXEMPLE"))
        .collect()
}

#[tokio::test]
async fn the_list_is_narrowed_by_words_dossier_kind_and_territory() {
    let (_app, mut staff) = house().await;
    let (bank, laboratory) = ("EXEMPLE Banque du Sidobre", "EXEMPLE Laboratoire du Pastel");
    assert_eq!(names(&mut staff, "").await, [bank, laboratory]);
    assert_eq!(names(&mut staff, "?q=SIDOBRÉ").await, [bank]);
    assert_eq!(names(&mut staff, "?q=552+100+554").await, [bank]);
    assert_eq!(
        names(&mut staff, "?q=%25").await,
        [""; 0],
        "a % is a letter"
    );
    assert_eq!(names(&mut staff, "?dossier=research").await, [laboratory]);
    assert_eq!(names(&mut staff, "?nature=bank").await, [bank]);
    let here = format!("?territoire={CASTRES}");
    assert_eq!(names(&mut staff, &here).await, [bank, laboratory]);
    let there = format!("?territoire={ALBIGEOIS}");
    assert_eq!(names(&mut staff, &there).await, [bank]);
    assert_eq!(
        names(&mut staff, "?dossier=%27&nature=x&page=1")
            .await
            .len(),
        2
    );
    staff.get("/organismes?page=2").await.expect(404);
    let page = staff.get("/organismes?dossier=research").await;
    page.says("R&D")
        .says("Environnement")
        .says("Castres-Mazamet")
        .says("Dossier : R&D");
}

#[tokio::test]
async fn pages_cost_a_bounded_number_of_statements() {
    let (app, mut staff) = house().await;
    for n in 0..60 {
        sqlx::query(
            "with o as (insert into organisations (name, kind) values ($1, 'other') returning id)
             insert into partner_people (id, organisation_id, full_name)
             select gen_random_uuid(), id, 'Personne' from o",
        )
        .bind(format!("EXEMPLE {n:03}"))
        .execute(&app.db.pool)
        .await
        .expect("an organisation");
    }
    for path in [
        "/organismes",
        "/organismes?q=exemple&dossier=research",
        "/organismes?page=2",
    ] {
        let page = staff.get(path).await.expect(200);
        assert!(
            page.sql > 0 && page.sql <= 5,
            "{path}: {} statements",
            page.sql
        );
    }
    for path in [
        format!("/organismes/{LABORATORY}"),
        format!("/organismes/{LABORATORY}/modifier"),
        "/contacts/anciens".to_owned(),
    ] {
        let page = staff.get(&path).await.expect(200);
        assert!(
            page.sql > 0 && page.sql <= 5,
            "{path}: {} statements",
            page.sql
        );
    }
}

#[tokio::test]
async fn an_organisation_is_added_with_what_it_can_bring() {
    let (_app, mut staff) = house().await;
    let path = "/organismes/nouveau";
    let page = staff.get(path).await.expect(200);
    let form = page
        .form(path)
        .set("nom", "EXEMPLE  Agence de l’eau")
        .set("nature", "public")
        .set("dossiers", "land")
        .set("theme_environment", "eau , rejets, eau")
        .set("territoires", CASTRES)
        .set("telephone", "+33 5 36 49 00 02")
        .set("site", "www.agence.example");
    let done = staff.submit(&form).await.expect(303);
    let page = staff
        .get(&done.location().expect("a page"))
        .await
        .expect(200);
    page.says("Organisme ajouté : EXEMPLE Agence de l’eau.")
        .says("Autre organisme public")
        .says("Castres-Mazamet")
        .says("Tout le dossier")
        .says("05 36 49 00 02");
    assert_eq!(page.texts("dd .etiquette"), ["eau", "rejets"]);
    assert!(page.text.contains("href=\"https://www.agence.example\""));
    // The same form again changes nothing.
    let again = staff.submit(&form).await.expect(303);
    assert_eq!(again.location(), done.location());
}

#[tokio::test]
async fn a_refused_form_says_why_and_keeps_everything() {
    let (_app, mut staff) = house().await;
    let path = "/organismes/nouveau";
    let form = staff
        .get(path)
        .await
        .form(path)
        .set("siren", "123")
        .set("courriel", "a@b.fr\r\nBcc: x@y.fr")
        .set("site", "javascript:alert(1)")
        .set("theme_training", "soudure")
        .set("note", "À <rappeler>");
    let page = staff.submit(&form).await.expect(422);
    page.says("5 points à corriger")
        .says("Indiquez le nom de l’organisme")
        .says("Choisissez la nature")
        .says("Vérifiez le SIREN")
        .says("Écrivez l’adresse entière")
        .says("Écrivez l’adresse du site");
    let again = page.form(path);
    assert_eq!(again.value("siren"), Some("123"));
    assert_eq!(again.value("theme_training"), Some("soudure"));
    assert_eq!(again.value("note").map(str::trim), Some("À <rappeler>"));
}

#[tokio::test]
async fn what_is_there_already_is_told_and_a_namesake_needs_another_siren() {
    let (_app, mut staff) = house().await;
    let path = "/organismes/nouveau";
    let typed = |page: &crate::support::app::Page, siren: &str| {
        page.form(path)
            .set("nom", "exemple banque du sidobré")
            .set("nature", "bank")
            .set("siren", siren)
    };
    let blank = staff.get(path).await.expect(200);
    let page = staff.submit(&typed(&blank, "")).await.expect(422);
    page.says("Un organisme porte déjà ce nom.");
    assert!(page.text.contains(&format!("href=\"/organismes/{BANK}\"")));
    page.hides("Ce sont deux organismes différents");
    let page = staff.submit(&typed(&blank, "552100554")).await.expect(422);
    page.says("Un organisme porte déjà ce SIREN")
        .hides("Ce sont deux organismes différents");
    let page = staff
        .submit(&typed(&blank, "542 051 180"))
        .await
        .expect(422);
    page.says("Si ce sont bien deux organismes, cochez la case.");
    let forced = page.form(path).set("homonyme", "oui");
    staff.submit(&forced).await.expect(303);
    assert_eq!(names(&mut staff, "?q=sidobre").await.len(), 1);
    let page = staff.get("/organismes?q=sidobre").await;
    assert_eq!(page.texts("tbody th a").len(), 2);
}

#[tokio::test]
async fn two_people_at_once_lose_nothing() {
    let (app, mut first) = house().await;
    let path = format!("/organismes/{LABORATORY}/modifier");
    let mut second = app.sign_in(Role::Admin, &[]).await;
    let mine = first
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("courriel", "a@labo.example");
    let theirs = second
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("nom", "EXEMPLE Labo");
    second.submit(&theirs).await.expect(303);
    let page = first.submit(&mine).await.expect(409);
    page.says("Cette fiche a été modifiée pendant votre saisie.")
        .says("EXEMPLE Labo")
        .says("R&D : teinture");
    let again = page.form(&path);
    assert_eq!(again.value("courriel"), Some("a@labo.example"));
    first.submit(&again).await.expect(303);
    first
        .get(&format!("/organismes/{LABORATORY}"))
        .await
        .says("a@labo.example");
}

#[tokio::test]
async fn the_note_is_the_council_s_and_others_neither_read_nor_wipe_it() {
    let (app, mut staff) = house().await;
    let page = format!("/organismes/{BANK}");
    staff
        .get(&page)
        .await
        .expect(200)
        .says("Note réservée au Département");
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let mut adviser = app.sign_in(Role::Adviser, &[CASTRES]).await;
    admin.get(&page).await.expect(200).hides("Note réservée");
    adviser.get(&page).await.expect(200).hides("Note réservée");
    let form = format!("{page}/modifier");
    let blank = admin.get(&form).await.expect(200);
    blank.hides("Note réservée");
    let key = blank.form(&form);
    admin
        .post(
            &form,
            &[
                ("nom", "EXEMPLE Banque du Sidobre"),
                ("nature", "bank"),
                ("note", "Écrasée"),
                ("version", key.value("version").unwrap_or_default()),
            ],
        )
        .await
        .expect(303);
    staff
        .get(&page)
        .await
        .says("Note réservée au Département")
        .hides("Écrasée");
    adviser.get(&form).await.expect(403);
}

#[tokio::test]
async fn an_organisation_is_set_aside_and_taken_back_never_deleted() {
    let (app, mut staff) = house().await;
    let page = format!("/organismes/{BANK}");
    let (aside, back) = (format!("{page}/archiver"), format!("{page}/retablir"));
    let form = staff.get(&page).await.form(&aside);
    staff.submit(&form).await.expect(303);
    staff.get(&page).await.expect(200).says("Archivé le");
    assert_eq!(names(&mut staff, "?nature=bank").await, [""; 0]);
    assert_eq!(names(&mut staff, "?etat=archives").await.len(), 1);
    staff.post(&aside, &[]).await.expect(409);
    let form = staff.get(&page).await.form(&back);
    staff.submit(&form).await.expect(303);
    assert_eq!(names(&mut staff, "?nature=bank").await.len(), 1);
    let refused = sqlx::raw_sql("delete from organisations")
        .execute(&app.state.pool)
        .await;
    assert!(
        refused.is_err(),
        "the program may not delete an organisation"
    );
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get("/journal?objet=organisations")
        .await
        .says("a archivé EXEMPLE Banque du Sidobre")
        .says("a rétabli EXEMPLE Banque du Sidobre");
}

#[tokio::test]
async fn an_adviser_changes_people_of_their_own_organisation_only() {
    let (app, _staff) = house().await;
    let mut adviser = app.sign_in(Role::Adviser, &[CASTRES]).await;
    let own: Uuid = sqlx::query_scalar("select organisation_id from users where id = $1")
        .bind(adviser.user_id)
        .fetch_one(&app.db.pool)
        .await
        .expect("an organisation");
    // Others are seen with their professional particulars.
    adviser
        .get(&format!("/organismes/{LABORATORY}"))
        .await
        .expect(200)
        .says("Inès Roudil")
        .says("i.roudil@labo.example")
        .hides("Ajouter une personne")
        .hides("/personnes/");
    let inès = "/personnes/00000000-0000-7000-8000-0000000000c1";
    adviser.get(inès).await.expect(404);
    adviser
        .post(inès, &[("nom", "Intrus"), ("version", "1")])
        .await
        .expect(404);
    adviser
        .post(
            &format!("/organismes/{LABORATORY}/personnes/nouvelle"),
            &[("nom", "Intrus")],
        )
        .await
        .expect(404);
    let path = format!("/organismes/{own}/personnes/nouvelle");
    let form = adviser
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("nom", "Paul Roux")
        .set("dernier_echange", "2026-11-02");
    let done = adviser.submit(&form).await.expect(303);
    let page = adviser
        .get(&done.location().expect("a page"))
        .await
        .expect(200);
    page.says("Personne ajoutée : Paul Roux.")
        .says("Dernier échange le 2 novembre 2026");
    // An account is chosen by the council, among those of the organisation.
    let id: Uuid =
        sqlx::query_scalar("select id from partner_people where full_name = 'Paul Roux'")
            .fetch_one(&app.db.pool)
            .await
            .expect("a person");
    let path = format!("/personnes/{id}");
    let page = adviser.get(&path).await.expect(200);
    page.hides("name=\"compte\"");
    let form = page.form(&path).set("dernier_echange", "2030-01-01");
    adviser
        .submit(&form)
        .await
        .expect(422)
        .says("Écrivez une date passée");
    adviser.get(&format!("{path}/effacer")).await.expect(403);
    let gone = format!("{path}/archiver");
    let form = adviser.get(&path).await.form(&gone);
    adviser.submit(&form).await.expect(303);
    let page = adviser.get(&format!("/organismes/{own}")).await;
    page.says("Personnes parties (1)");
}
