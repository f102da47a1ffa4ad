//! The search of the header: what it finds, for whom, in French.

use vigie::domain::Role;

use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES, Company, MAZAMET, reference, run, siren};

/// Of the bank, where one of the advisers works.
const BANK: &str = "00000000-0000-7000-8000-0000000000b1";

/// Of the chamber, where the others work.
const CHAMBER: &str = "00000000-0000-7000-8000-0000000000b2";

struct House {
    app: TestApp,
    staff: Client,
    /// Of the bank, in the Albigeois.
    banker: Client,
    /// Of another organisation, in the Albigeois.
    adviser: Client,
    /// In Castres-Mazamet.
    elsewhere: Client,
    admin: Client,
    elected: Client,
}

/// A company of the Albigeois with one record of each kind, each open word and each confidential one planted once.
async fn house() -> House {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    run(
        pool,
        "insert into organisations (id, name, kind)
         values ('00000000-0000-7000-8000-0000000000b1', 'Banque Exemple', 'bank'),
                ('00000000-0000-7000-8000-0000000000b2', 'Chambre Exemple', 'chamber')",
    )
    .await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    let banker = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    sqlx::query("update users set organisation_id = $2::uuid where id = $1")
        .bind(banker.user_id)
        .bind(BANK)
        .execute(pool)
        .await
        .expect("a banker");
    Company::new(1, "EXEMPLE MÉCANIQUE DU LYS").add(pool).await;
    for &sql in PLANTED {
        sqlx::query(sql)
            .bind(siren(1))
            .bind(staff.user_id)
            .bind(banker.user_id)
            .execute(pool)
            .await
            .expect(sql);
    }
    let adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let elsewhere = app.sign_in(Role::Adviser, &[CASTRES]).await;
    sqlx::query("update users set organisation_id = $2::uuid where id = any($1)")
        .bind([adviser.user_id, elsewhere.user_id])
        .bind(CHAMBER)
        .execute(pool)
        .await
        .expect("advisers");
    House {
        staff,
        banker,
        adviser,
        elsewhere,
        admin: app.sign_in(Role::Admin, &[]).await,
        elected: app.sign_in(Role::Elected, &[]).await,
        app,
    }
}

const PLANTED: &[&str] = &[
    "insert into contacts (id, siren, full_name, job_title)
     select gen_random_uuid(), $1, 'Hélène Brasdefer', 'Gérante' where $2 is not null and $3 is not null",
    "insert into partner_people (id, organisation_id, full_name, job_title)
     select gen_random_uuid(), o.id, 'Ignace Porteplume', 'Chargé d’affaires'
     from organisations o where o.kind = 'bank' and $1 <> '' and $2 is not null and $3 is not null",
    "insert into meetings (id, siren, kind, held_on, summary, shared_text, confidential_text, author_id, author_name,
                           organisation_id, by_council, is_shared, created_at)
     select gen_random_uuid(), $1, 'visit', '2026-11-02', x.summary, x.shared, x.secret, u.id, 'Claire Martin',
            u.organisation_id, not x.of_bank, x.is_shared, '2026-11-02'
     from (values
       ('Fournisseurs payés en retard', 'Réunion avec un banquier', 'zconfidence', true, false),
       ('zinterne', '', '', false, false),
       ('Prêt étudié', '', 'zfinancier', false, true)) x (summary, shared, secret, is_shared, of_bank)
     join users u on u.id = case when x.of_bank then $3 else $2 end",
    "with w as (
       insert into workshops (id, title, held_at, duration_minutes, place, territory_siren, organiser_id, created_at)
       values (gen_random_uuid(), 'Atelier des scieries', '2026-11-02T09:00:00Z', 60, 'Albi', '248100737', $2, '2026-10-01')
       returning id),
     c as (
       insert into workshop_companies (workshop_id, siren, position, reason)
       select id, $1, 1, 'chosen' from w returning workshop_id),
     e as (
       insert into workshop_entries (id, workshop_id, siren, kind, organisation_id, author_id, text, created_at)
       select gen_random_uuid(), workshop_id, $1, v.k, u.organisation_id, u.id, v.t, '2026-11-02'
       from c, users u, (values ('shared', 'Le carnet de commandes se remplit'), ('confidential', 'zreserve')) v (k, t)
       where u.id = $2 returning 1)
     insert into workshop_decisions (id, workshop_id, siren, kind, text, owner_organisation_id, due_on, decided_by,
                                     decided_at)
     select gen_random_uuid(), workshop_id, $1, 'watch', 'Appeler le repreneur pressenti', u.organisation_id,
            '2026-12-01', u.id, '2026-11-02'
     from c, users u where u.id = $2 and $3 is not null",
    "with p as (
       insert into action_plans (id, siren, objective, opened_on, opened_by, created_at)
       values (gen_random_uuid(), $1, 'Garder les emplois', '2026-11-02', $2, '2026-11-02') returning id)
     insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, starts_on, due_on, is_shared,
                          created_by, created_at)
     select gen_random_uuid(), p.id, 'land', 'support', v.title, u.organisation_id, '2026-11-02', '2026-12-01',
            v.is_shared, $2, '2026-11-02'
     from p, users u, (values ('Trouver des bâtiments', true), ('zdiscrete', false)) v (title, is_shared)
     where u.id = $2 and $3 is not null",
];

/// The headings of what is found, without their counts.
async fn finds(client: &mut Client, words: &str) -> Vec<String> {
    let page = client
        .get(&format!("/recherche?q={}", words.replace(' ', "+")))
        .await
        .expect(200);
    page.texts("main h2")
        .into_iter()
        .filter(|heading| !heading.starts_with("Aucun"))
        .map(|heading| {
            heading
                .split('(')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn everything_is_found_in_its_group_whatever_the_accents_the_plural_and_small_slips() {
    let mut house = house().await;
    for (words, group) in [
        ("mecanique", "Entreprises"),
        ("albigeois", "Territoires"),
        ("helene brasdefer", "Personnes"),
        ("porteplume", "Personnes"),
        ("banque exemple", "Organismes"),
        ("fournisseur paye", "Rencontres"),
        ("reunions avec des banquiers", "Rencontres"),
        ("REUNOIN", "Rencontres"),
        ("scierie", "Ateliers"),
        ("carnets de commande", "Ateliers"),
        ("repreneurs", "Décisions"),
        ("batiment", "Actions"),
        ("batimnts", "Actions"),
    ] {
        let found = finds(&mut house.staff, words).await;
        assert!(found.iter().any(|one| one == group), "{words}: {found:?}");
    }
    // What only resembles is said so, and only when nothing holds the words.
    let page = house.staff.get("/recherche?q=batimnts").await;
    page.says("Rien ne porte exactement ces mots");
    house
        .staff
        .get("/recherche?q=batiments")
        .await
        .says("Actions (1)")
        .says("Trouver des bâtiments")
        .says("EXEMPLE MÉCANIQUE DU LYS, pour le 1er décembre 2026")
        .hides("Rien ne porte exactement");
    assert!(finds(&mut house.staff, "xylophone").await.is_empty());
}

#[tokio::test]
async fn confidential_words_are_found_by_those_who_may_open_them_and_by_nobody_else() {
    let mut house = house().await;
    // (word, staff, banker)
    for (word, staff, banker) in [
        ("zconfidence", true, false),
        ("zinterne", true, false),
        ("zfinancier", true, true),
        ("zreserve", true, false),
        ("zdiscrete", true, false),
    ] {
        assert_eq!(
            !finds(&mut house.staff, word).await.is_empty(),
            staff,
            "staff: {word}"
        );
        assert_eq!(
            !finds(&mut house.banker, word).await.is_empty(),
            banker,
            "banker: {word}"
        );
        for client in [
            &mut house.adviser,
            &mut house.elsewhere,
            &mut house.admin,
            &mut house.elected,
        ] {
            let page = client
                .get(&format!("/recherche?q={word}"))
                .await
                .expect(200);
            page.says(&format!("Aucun résultat pour « {word} »"));
        }
    }
    // The page says where the word is, not what surrounds it.
    house
        .staff
        .get("/recherche?q=zconfidence")
        .await
        .says("dans la partie confidentielle")
        .says("Fournisseurs payés en retard");
}

#[tokio::test]
async fn each_role_finds_what_its_lists_show() {
    let mut house = house().await;
    let everything =
        "fournisseurs repreneur scieries batiments brasdefer porteplume mecanique albigeois";
    let mut found: Vec<Vec<String>> = Vec::new();
    for client in [
        &mut house.adviser,
        &mut house.elsewhere,
        &mut house.admin,
        &mut house.elected,
    ] {
        let mut groups = Vec::new();
        for word in everything.split(' ') {
            groups.extend(finds(client, word).await);
        }
        groups.sort();
        groups.dedup();
        found.push(groups);
    }
    assert_eq!(
        found[0],
        [
            "Actions",
            "Ateliers",
            "Communes",
            "Décisions",
            "Entreprises",
            "Personnes",
            "Rencontres",
            "Territoires"
        ]
    );
    assert_eq!(
        found[1],
        ["Personnes"],
        "people of organisations are everybody's"
    );
    assert_eq!(
        found[2],
        ["Communes", "Entreprises", "Personnes", "Territoires"]
    );
    assert_eq!(found[3], ["Communes", "Entreprises", "Territoires"]);
    // Elected officials read what the public register tells: no page to open, no person, no level.
    Company {
        person: true,
        ..Company::new(2, "EXEMPLE PERSONNE")
    }
    .add(&house.app.db.pool)
    .await;
    let page = house.elected.get("/recherche?q=exemple").await.expect(200);
    page.says("EXEMPLE MÉCANIQUE DU LYS")
        .hides("EXEMPLE PERSONNE");
    assert!(page.texts("main a[href^='/entreprises']").is_empty());
    house
        .elected
        .get(&format!("/recherche?q={}", siren(1)))
        .await
        .expect(200)
        .says("EXEMPLE MÉCANIQUE DU LYS");
}

#[tokio::test]
async fn a_group_is_counted_cut_and_seen_alone_in_few_statements() {
    let mut house = house().await;
    sqlx::query(
        "insert into contacts (id, siren, full_name)
         select gen_random_uuid(), $1, 'Camille Répétée ' || n from generate_series(1, 60) n",
    )
    .bind(siren(1))
    .execute(&house.app.db.pool)
    .await
    .expect("contacts");
    let page = house.staff.get("/recherche?q=répétées").await.expect(200);
    page.says("Personnes (60)").says("60 personnes");
    assert_eq!(page.texts("main .a-faire li").len(), 5);
    // The worst case: no company holds the word, so that names are looked for three times.
    assert!(page.sql <= 7, "{} statements", page.sql);
    let alone = house
        .staff
        .get("/recherche?q=répétées&dans=personnes")
        .await
        .expect(200);
    assert_eq!(alone.texts("main .a-faire li").len(), 50);
    alone.says("Chercher partout").hides("Entreprises (");
    assert!(alone.sql <= 3, "{} statements", alone.sql);
    house
        .staff
        .get("/recherche?q=H%26M+%27%5C%3A*+%21")
        .await
        .expect(200);
    Company {
        commune: MAZAMET,
        ..Company::new(3, "EXEMPLE AILLEURS")
    }
    .add(&house.app.db.pool)
    .await;
    assert!(finds(&mut house.adviser, "ailleurs").await.is_empty());
}
