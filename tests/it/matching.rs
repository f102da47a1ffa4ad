//! Needs and offers of companies and organisations: who could answer and why, introductions until they end.

use scraper::{Html, Selector};
use vigie::domain::Role;

use crate::support::app::{Client, Page, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES, siren};
use crate::workshops::{BANK, SCHOOL, house};

const MEETING: &str = "00000000-0000-7000-8000-0000000000f1";
const NEED: &str = "00000000-0000-7000-8000-0000000000f2";
const LAB: &str = "00000000-0000-7000-8000-0000000000e1";

/// Four companies, a bank, a school that knows how to train welders, a laboratory that knows textiles.
async fn town() -> (TestApp, Client) {
    let (app, staff) = house().await;
    sqlx::raw_sql(
        "insert into organisations (id, name, kind, covers_everywhere)
         values ('00000000-0000-7000-8000-0000000000e1', 'EXEMPLE Laboratoire', 'laboratory', false);
         insert into organisation_territories values ('00000000-0000-7000-8000-0000000000e1', '248100430');
         insert into organisation_skills values
           ('00000000-0000-7000-8000-0000000000e1', 'research', 'textile technique'),
           ('00000000-0000-7000-8000-0000000000c1', 'training', ''),
           ('00000000-0000-7000-8000-0000000000b1', 'land', 'immobilier')",
    )
    .execute(&app.db.pool)
    .await
    .expect("a laboratory");
    (app, staff)
}

fn company(n: u32) -> String {
    format!("/entreprises/{}", siren(n))
}

fn organisation(id: &str) -> String {
    format!("/organismes/{id}")
}

/// Notes a need or an offer of who lives at `of`; gives its path.
async fn note(client: &mut Client, of: &str, fields: &[(&str, &str)]) -> String {
    let done = try_to_note(client, of, fields).await.expect(303);
    done.location().expect("a location")
}

async fn try_to_note(client: &mut Client, of: &str, fields: &[(&str, &str)]) -> Page {
    let path = format!("{of}/besoins-et-offres/nouveau");
    let mut form = client.get(&path).await.expect(200).form(&path);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.submit(&form).await
}

const NEEDS: [(&str, &str); 3] = [
    ("sens", "need"),
    ("theme", "textile"),
    ("texte", "Essayer un tissu ignifuge"),
];
const OFFERS: [(&str, &str); 3] = [
    ("sens", "offer"),
    ("theme", "textile"),
    ("texte", "Prêter un métier d’essai"),
];

/// Proposes an introduction about an entry with the suggestion that bears this name; gives its path.
async fn introduce(client: &mut Client, entry: &str, with: &str) -> Page {
    let path = format!("{entry}/proposer");
    let page = client.get(&path).await.expect(200);
    let value = choice(&page, with);
    client.submit(&page.form(&path).set("avec", &value)).await
}

async fn say(client: &mut Client, introduction: &str, word: &str, text: &str) -> Page {
    let path = format!("{introduction}/etat/{word}");
    let form = client.get(&path).await.expect(200).form(&path);
    client.submit(&form.set("texte", text)).await
}

async fn count(app: &TestApp, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

/// The names of those who are suggested, in their order, each with its reason.
fn suggested(page: &Page) -> Vec<String> {
    let names = page.texts("#propositions ~ ol > li > a");
    let reasons = page.texts("#propositions ~ ol > li > span:first-of-type");
    let plain = |text: &str| text.replace('\u{a0}', " ");
    names
        .iter()
        .zip(reasons)
        .map(|(name, reason)| plain(&format!("{name} | {reason}")))
        .collect()
}

/// The value of the choice that begins with these words.
fn choice(page: &Page, words: &str) -> String {
    let html = Html::parse_document(&page.text);
    let options = Selector::parse("option").expect("a selector");
    let found = html
        .select(&options)
        .find(|option| option.text().collect::<String>().starts_with(words));
    let value = found.and_then(|option| option.value().attr("value"));
    value.expect(words).to_owned()
}

#[tokio::test]
async fn who_could_answer_is_ranked_by_the_rule_and_says_why() {
    let (_app, mut staff) = town().await;
    let need = note(&mut staff, &company(1), &NEEDS).await;
    for path in [need.as_str(), "/mises-en-relation"] {
        let page = staff.get(path).await.expect(200);
        assert_eq!(page.texts(".menu [aria-current]"), ["Actions"], "{path}");
    }
    assert_eq!(staff.get(&need).await.texts("h1"), ["Besoin d’EXEMPLE UN"]);
    // Another company, same theme and territory; one of elsewhere; an offer of another theme; a skill.
    note(&mut staff, &company(4), &OFFERS).await;
    note(&mut staff, &company(2), &OFFERS).await;
    let other = [
        ("sens", "offer"),
        ("theme", "energy"),
        ("texte", "Mesurer les pertes de chaleur"),
    ];
    note(&mut staff, &organisation(BANK), &other).await;
    // Its own offer and a need of somebody else do not answer it.
    note(&mut staff, &company(1), &OFFERS).await;
    note(&mut staff, &company(3), &NEEDS).await;
    let page = staff.get(&need).await.expect(200);
    assert!(page.sql <= 6, "{} statements", page.sql);
    assert_eq!(
        suggested(&page),
        [
            "EXEMPLE DEUX | Même thème : textile et cuir, même territoire",
            "EXEMPLE AILLEURS | Même thème : textile et cuir, ailleurs : Castres-Mazamet",
            "EXEMPLE Laboratoire | Compétence notée : textile technique, ailleurs : Castres-Mazamet",
            "EXEMPLE Banque | Même dossier, autre thème : énergie, travaille dans tout le Département",
        ]
    );
    page.says("Prêter un métier d’essai")
        .says("Ordre des propositions")
        .says("noté par");
    // Closed, an offer is proposed no more.
    let offer = note(&mut staff, &company(3), &OFFERS).await;
    assert_eq!(suggested(&staff.get(&need).await.expect(200)).len(), 5);
    let path = format!("{offer}/clore");
    let form = staff.get(&path).await.expect(200).form(&path);
    staff.submit(&form).await.expect(422).says("dix caractères");
    let form = form.set("motif", "Le métier est vendu");
    staff.submit(&form).await.expect(303);
    assert_eq!(suggested(&staff.get(&need).await.expect(200)).len(), 4);
    staff
        .get(&offer)
        .await
        .expect(200)
        .says("Le métier est vendu");
    staff.get(&path).await.expect(409);
}

#[tokio::test]
async fn a_need_of_a_meeting_is_searched_for_in_one_gesture() {
    let (app, mut staff) = town().await;
    sqlx::query(
        "with m as (
           insert into meetings (id, siren, kind, held_on, summary, author_id, author_name, organisation_id,
                                 by_council, created_at)
           select $1::uuid, $3, 'top_level', '2026-11-20', 'Il manque du monde.', id, full_name, organisation_id, true,
                  '2026-11-20'
           from users where id = $4 returning *)
         insert into company_needs (id, siren, meeting_id, dossier, need, author_id, author_name, created_at)
         select $2::uuid, siren, id, 'training', 'Former deux soudeurs', author_id, author_name, created_at from m
         union all
         select gen_random_uuid(), siren, id, 'land', 'Un atelier plus grand', author_id, author_name, created_at from m",
    )
    .bind(MEETING)
    .bind(NEED)
    .bind(siren(1))
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("needs");
    let meeting = format!("/rencontres/{MEETING}");
    let button = format!("/besoins/{NEED}/chercher");
    let page = staff.get(&meeting).await.expect(200);
    // For training and research only.
    assert_eq!(page.text.matches("/chercher\"").count(), 1);
    assert!(page.text.contains(&format!("href=\"{button}\"")));
    let to = format!("{}/besoins-et-offres/nouveau", company(1));
    let form = staff.get(&button).await.expect(200).form(&to);
    assert_eq!(form.value("texte"), Some("Former deux soudeurs"));
    staff.submit(&form).await.expect(422).says("un thème");
    let form = form.set("theme", "skills");
    let done = staff.submit(&form).await.expect(303);
    let again = staff.submit(&form).await.expect(303);
    assert_eq!(done.location(), again.location());
    assert_eq!(count(&app, "matching_entries").await, 1);
    // From there on the button leads to it; the page says where it was heard and who could answer.
    let path = done.location().expect("a location");
    let button = staff.get(&button).await.expect(303);
    assert_eq!(button.location().as_deref(), Some(path.as_str()));
    let page = staff.get(&path).await.expect(200);
    page.says("lors d’une rencontre").says("EXEMPLE Lycée");
    page.says("Compétence notée pour tout ce dossier");
    staff
        .get(&company(1))
        .await
        .expect(200)
        .says("Former deux soudeurs");
}

#[tokio::test]
async fn an_introduction_is_followed_to_its_end_and_counted() {
    let (app, mut staff) = town().await;
    let need = note(&mut staff, &company(1), &NEEDS).await;
    let offer = note(&mut staff, &company(2), &OFFERS).await;
    let path = format!("{need}/proposer");
    let page = staff.get(&path).await.expect(200);
    staff
        .submit(&page.form(&path))
        .await
        .expect(422)
        .says("avec qui");
    let with = choice(&page, "EXEMPLE DEUX");
    let form = page
        .form(&path)
        .set("avec", &with)
        .set("texte", "Les deux se connaissent de vue.");
    let done = staff.submit(&form).await.expect(303);
    assert_eq!(
        staff.submit(&form).await.expect(303).location(),
        done.location()
    );
    assert_eq!(count(&app, "introductions").await, 1);
    let introduction = done.location().expect("a location");
    // Those who are being introduced are not suggested again, from either side.
    for entry in [&need, &offer] {
        let page = staff.get(entry).await.expect(200);
        assert!(
            !suggested(&page)
                .iter()
                .any(|line| line.contains("EXEMPLE DEUX") || line.contains("EXEMPLE UN"))
        );
    }
    say(&mut staff, &introduction, "acceptee", "")
        .await
        .expect(303);
    // Two people who look at the same page: the second sees where it stands.
    let late = format!("{introduction}/etat/rencontre");
    let form = staff.get(&late).await.expect(200).form(&late);
    say(
        &mut staff,
        &introduction,
        "rencontre",
        "Visite de l’atelier.",
    )
    .await
    .expect(303);
    staff.submit(&form).await.expect(409);
    staff
        .get(&format!("{introduction}/etat/acceptee"))
        .await
        .expect(409);
    say(&mut staff, &introduction, "suite", "")
        .await
        .expect(422)
        .says("Dites ce qui suit");
    say(&mut staff, &introduction, "suite", "Contrat d’essai signé")
        .await
        .expect(303);
    let page = staff.get(&introduction).await.expect(200);
    page.says("Contrat d’essai signé")
        .says("Visite de l’atelier.");
    assert!(!page.text.contains("/etat/"), "it is over");
    assert_eq!(count(&app, "introduction_events").await, 4);
    // On the pages of both, on the list, in the file.
    for (n, other) in [(1, "EXEMPLE DEUX"), (2, "EXEMPLE UN")] {
        let page = staff.get(&company(n)).await.expect(200);
        page.says(&format!("Mise en relation avec {other}"));
        assert!(page.sql <= 8, "{} statements", page.sql);
    }
    let path = format!("{}?historique=relations", company(1));
    let page = staff.get(&path).await.expect(200);
    page.says("Mise en relation avec EXEMPLE DEUX, suite donnée")
        .says("Contrat d’essai signé")
        .says("rencontre faite");
    // Counted, without a name, for who reads figures only.
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    for path in ["/indicateurs", "/indicateurs/rapport"] {
        let page = elected.get(path).await.expect(200);
        page.says("1 mise en relation dans l’année (R&D : 1) : 1 rencontre faite, 1 suite donnée.");
        page.hides("Contrat d’essai");
    }
    let page = staff.get("/mises-en-relation").await.expect(200);
    page.says("1\u{a0}mise en relation depuis douze mois")
        .says("1\u{a0}rencontre faite, 1\u{a0}suite donnée");
    assert!(page.sql <= 6, "{} statements", page.sql);
    let file = staff.get("/mises-en-relation/export.csv").await.expect(200);
    file.says("Contrat d’essai signé").says("EXEMPLE DEUX");
    // It ended: they may be introduced again.
    introduce(&mut staff, &need, "EXEMPLE DEUX")
        .await
        .expect(303);
}

#[tokio::test]
async fn an_introduction_without_an_offer_names_any_organisation_and_says_why_it_failed() {
    let (_app, mut staff) = town().await;
    let need = note(&mut staff, &company(1), &NEEDS).await;
    let done = introduce(&mut staff, &need, "EXEMPLE Banque")
        .await
        .expect(303);
    let introduction = done.location().expect("a location");
    say(&mut staff, &introduction, "sans-suite", "")
        .await
        .expect(422)
        .says("Dites pourquoi");
    say(&mut staff, &introduction, "sans-suite", "Trop cher.")
        .await
        .expect(303);
    staff
        .get(&organisation(BANK))
        .await
        .expect(200)
        .says("Mise en relation avec EXEMPLE UN")
        .says("Sans suite");
}

#[tokio::test]
async fn an_adviser_reads_what_is_shared_in_their_territories_and_what_concerns_their_organisation()
{
    let (app, mut staff) = town().await;
    let hidden = note(&mut staff, &company(1), &NEEDS).await;
    let shared = [
        NEEDS[0],
        NEEDS[1],
        ("texte", "Besoin partagé"),
        ("partage", "oui"),
    ];
    let seen = note(&mut staff, &company(2), &shared).await;
    let elsewhere = note(&mut staff, &company(4), &shared).await;
    let offer = note(
        &mut staff,
        &organisation(BANK),
        &[OFFERS[0], OFFERS[1], OFFERS[2], ("partage", "oui")],
    )
    .await;
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser.get(&seen).await.expect(200);
    adviser.get(&offer).await.expect(200);
    for path in [&hidden, &elsewhere] {
        adviser.get(path).await.expect(404);
    }
    let list = adviser
        .get("/mises-en-relation?voir=besoins")
        .await
        .expect(200);
    list.says("Besoin partagé").says("Besoins (1\u{a0}ouvert)");
    assert!(!list.text.contains("ignifuge") && !list.text.contains("EXEMPLE AILLEURS"));
    // The company elsewhere is suggested to no adviser of here.
    let page = adviser.get(&offer).await.expect(200);
    assert_eq!(suggested(&page).len(), 1);
    // What they write is shared; they change their own words, not those of others.
    let own = note(
        &mut adviser,
        &company(3),
        &[NEEDS[0], NEEDS[1], ("texte", "Vu par le conseiller")],
    )
    .await;
    adviser
        .get(&own)
        .await
        .expect(200)
        .says("Le Département et les partenaires du territoire");
    adviser.get(&format!("{own}/modifier")).await.expect(200);
    adviser.get(&format!("{seen}/modifier")).await.expect(409);
    let foreign = format!("{}/besoins-et-offres/nouveau", organisation(SCHOOL));
    adviser.get(&foreign).await.expect(404);
    // Introduced about a shared need, their organisation reads it, wherever it is.
    sqlx::query(
        "insert into introductions (id, need_id, organisation_id, state_on, proposed_on, author_id, author_name, created_at)
         select gen_random_uuid(), $1::uuid, u.organisation_id, '2026-11-20', '2026-11-20', u.id, 'EXEMPLE', '2026-11-20'
         from users u where u.id = $2",
    )
    .bind(elsewhere.rsplit('/').next())
    .bind(adviser.user_id)
    .execute(&app.db.pool)
    .await
    .expect("an introduction");
    adviser.get(&elsewhere).await.expect(200);
    // Who reads counts only is shown none of it.
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    for path in [seen.as_str(), "/mises-en-relation"] {
        elected.get(path).await.expect(403);
    }
}

#[tokio::test]
async fn a_party_of_another_territory_is_not_named() {
    let (app, mut staff) = town().await;
    let shared = [NEEDS[0], NEEDS[1], NEEDS[2], ("partage", "oui")];
    let need = note(&mut staff, &company(1), &shared).await;
    note(&mut staff, &company(4), &OFFERS).await;
    let done = introduce(&mut staff, &need, "EXEMPLE AILLEURS")
        .await
        .expect(303);
    let introduction = done.location().expect("a location");
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    for path in [
        introduction.as_str(),
        need.as_str(),
        "/mises-en-relation",
        &company(1),
    ] {
        let page = adviser.get(path).await.expect(200);
        assert!(!page.text.contains("AILLEURS"), "{path}");
        assert!(!page.text.contains("Prêter un métier"), "{path}");
        assert!(!page.text.contains(&siren(4)), "{path}");
    }
    let mut other = app.sign_in(Role::Adviser, &[CASTRES]).await;
    other.get(&introduction).await.expect(404);
}

#[tokio::test]
async fn two_people_who_change_a_need_see_both_texts() {
    let (_app, mut staff) = town().await;
    let need = note(&mut staff, &company(1), &NEEDS).await;
    let path = format!("{need}/modifier");
    let first = staff.get(&path).await.expect(200).form(&path);
    let second = staff.get(&path).await.expect(200).form(&path);
    staff
        .submit(&first.set("texte", "Un tissu qui ne brûle pas"))
        .await
        .expect(303);
    let page = staff
        .submit(&second.set("texte", "Un tissu lavable"))
        .await
        .expect(409);
    page.says("Un tissu qui ne brûle pas")
        .says("Un tissu lavable");
    staff.submit(&page.form(&path)).await.expect(303);
    staff.get(&need).await.expect(200).says("Un tissu lavable");
}

#[tokio::test]
async fn the_list_keeps_its_filters_in_the_address() {
    let (_app, mut staff) = town().await;
    note(&mut staff, &company(1), &NEEDS).await;
    note(
        &mut staff,
        &company(4),
        &[
            NEEDS[0],
            ("theme", "skills"),
            ("texte", "Former deux soudeurs"),
        ],
    )
    .await;
    let lists = |query: &str| format!("/mises-en-relation?voir=besoins{query}");
    let both = ["ignifuge", "soudeurs"];
    for (query, found) in [
        ("", &both[..]),
        ("&dossier=research", &both[..1]),
        ("&theme=skills", &both[1..]),
        ("&territoire=248100430", &both[1..]),
        ("&etat=clos", &[]),
    ] {
        let page = staff.get(&lists(query)).await.expect(200);
        assert!(page.sql <= 6, "{query}: {} statements", page.sql);
        for word in both {
            assert_eq!(
                page.text.contains(word),
                found.contains(&word),
                "{query} {word}"
            );
        }
    }
    let file = staff
        .get("/mises-en-relation/export.csv?voir=besoins&theme=skills")
        .await
        .expect(200);
    file.says("soudeurs");
    assert!(!file.text.contains("ignifuge"));
}

#[tokio::test]
async fn the_schema_keeps_the_rules() {
    let (app, mut staff) = town().await;
    let need = note(&mut staff, &company(1), &NEEDS).await;
    let offer = note(&mut staff, &company(2), &OFFERS).await;
    let (need, offer) = (&need[need.len() - 36..], &offer[offer.len() - 36..]);
    let insert = |about: &str, state: &str, outcome: &str| {
        format!(
            "insert into introductions (id, need_id, organisation_id, state, outcome, state_on, proposed_on, author_id,
                                        author_name, created_at)
             select gen_random_uuid(), '{about}', '{LAB}', '{state}', '{outcome}', '2026-11-20', '2026-11-20', id,
                    full_name, '2026-11-20' from users limit 1"
        )
    };
    for (sql, constraint) in [
        (insert(offer, "proposed", ""), "introductions_about_a_need"),
        (insert(need, "dropped", ""), "introductions_ended_says_how"),
        (
            format!("update matching_entries set organisation_id = '{LAB}'"),
            "matching_entries_one_bearer",
        ),
        (
            "update matching_entries set closed_on = '2026-11-20'".to_owned(),
            "matching_entries_closed_with_a_motive",
        ),
    ] {
        let refused = sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
            .execute(&app.db.pool)
            .await
            .expect_err(&sql);
        assert!(refused.to_string().contains(constraint), "{refused}");
    }
    let running = insert(need, "proposed", "");
    for is_first in [true, false] {
        let done = sqlx::query(sqlx::AssertSqlSafe(running.clone()))
            .execute(&app.db.pool)
            .await;
        assert_eq!(done.is_ok(), is_first);
    }
}
