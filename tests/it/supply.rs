//! Customers and suppliers: who supplies whom, who depends on whom, who said so; what would be lost with a company.

use vigie::domain::Role;

use crate::support::app::{Client, Page, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES, Company, MAZAMET, run, siren, siret};
use crate::workshops::house;

fn company(n: u32) -> String {
    format!("/entreprises/{}", siren(n))
}

fn new_path(n: u32) -> String {
    format!("{}/clients-et-fournisseurs/nouveau", company(n))
}

/// The form of a link between two companies, or with one from elsewhere by its name.
async fn note(client: &mut Client, n: u32, other: &str, fields: &[(&str, &str)]) -> Page {
    let path = new_path(n);
    let page = client.get(&format!("{path}?{other}")).await.expect(200);
    let mut form = page.form(&path);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.submit(&form).await
}

const SOLD: [(&str, &str); 5] = [
    ("sens", "client"),
    ("objet", "des pièces usinées"),
    ("dep_fournisseur", "strong"),
    ("part_fournisseur", "40"),
    ("selon", "supplier"),
];

/// The address of the only link.
async fn link(app: &TestApp, n: u32, act: &str) -> String {
    let id: uuid::Uuid = sqlx::query_scalar("select id from supply_links")
        .fetch_one(&app.db.pool)
        .await
        .expect("one link");
    format!("{}/clients-et-fournisseurs/{id}/{act}", company(n))
}

async fn links(app: &TestApp) -> i64 {
    sqlx::query_scalar("select count(*) from supply_links")
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

#[tokio::test]
async fn a_customer_is_found_noted_shown_on_both_pages_amended_and_ended() {
    let (app, mut staff) = house().await;
    staff
        .get(&company(1))
        .await
        .expect(200)
        .says("Aucun lien enregistré avec un client ou un fournisseur.");
    let found = staff
        .get(&format!("{}?q=exemple", new_path(1)))
        .await
        .expect(200);
    found.says("EXEMPLE DEUX");
    assert!(
        !found
            .texts("ul.a-faire a")
            .contains(&"EXEMPLE UN".to_owned()),
        "a company is not its own customer"
    );
    let chosen = format!("avec={}", siren(2));
    note(&mut staff, 1, &chosen, &SOLD).await.expect(303);
    let page = staff.get(&company(1)).await.expect(200);
    page.says("Fournit des pièces usinées à EXEMPLE DEUX")
        .says("L’entreprise : forte dépendance (40 % de son chiffre d’affaires).")
        .says("Déclaré par l’entreprise le 24 novembre 2026.")
        .says("Entreprise clé")
        .says("Lien noté avec EXEMPLE DEUX, client");
    let other = staff.get(&company(2)).await.expect(200);
    other
        .says("Achète des pièces usinées à EXEMPLE UN")
        .says("Le fournisseur : forte dépendance (40 % de son chiffre d’affaires).")
        .says("Déclaré par le fournisseur le 24 novembre 2026.")
        .says("Lien noté avec EXEMPLE UN, fournisseur");

    // From the other end, the same link is amended.
    let path = link(&app, 2, "modifier").await;
    let form = staff.get(&path).await.expect(200).form(&path);
    assert_eq!(form.value("part_fournisseur"), Some("40"));
    let form = form
        .set("dep_client", "medium")
        .set("part_client", "15")
        .set("selon", "customer")
        .set("depuis", "2026-01-15");
    staff.submit(&form).await.expect(303);
    staff
        .get(&company(1))
        .await
        .says("Le client : dépendance moyenne (15 % de ses achats).")
        .says("Déclaré par le client le 24 novembre 2026 ; connu depuis le 15 janvier 2026.");

    // An end says why, not before the link began; the history keeps it.
    let path = link(&app, 1, "terminer").await;
    let form = staff.get(&path).await.expect(200).form(&path);
    let early = form.clone().set("fin", "2026-01-14").set("motif", "Fini.");
    let refused = staff.submit(&early).await.expect(422);
    refused
        .says("Ce lien est connu depuis plus tard")
        .says("Dites pourquoi en 10 à 500 caractères");
    let form = refused
        .form(&path)
        .set("fin", "2026-11-20")
        .set("motif", "Contrat repris par un autre atelier.");
    staff.submit(&form).await.expect(303);
    staff
        .get(&company(1))
        .await
        .says("Aucun lien enregistré avec un client")
        .says("Lien terminé avec EXEMPLE DEUX, client")
        .says("Motif : Contrat repris par un autre atelier.");
    staff
        .get(&link(&app, 1, "modifier").await)
        .await
        .expect(409)
        .says("Ce lien est terminé");
    // It may begin again.
    note(&mut staff, 1, &chosen, &SOLD).await.expect(303);
    assert_eq!(links(&app).await, 2);
    staff
        .get(&format!("{}?historique=liens", company(1)))
        .await
        .says("Lien terminé avec EXEMPLE DEUX, client");
}

#[tokio::test]
async fn what_cannot_be_kept_comes_back_whole_and_says_what_to_do() {
    let (app, mut staff) = house().await;
    let chosen = format!("avec={}", siren(2));
    let blind = [
        ("objet", "des pièces usinées"),
        ("part_fournisseur", "40"),
        ("part_client", "200"),
    ];
    let refused = note(&mut staff, 1, &chosen, &blind).await.expect(422);
    refused
        .says("Dites si c’est un client ou un fournisseur.")
        .says("Dites aussi si cette dépendance est faible, moyenne ou forte")
        .says("Écrivez un nombre entier de 1 à 100")
        .says("Dites qui l’a déclaré, ou que c’est une estimation.");
    let form = refused.form(&new_path(1));
    assert_eq!(form.value("objet"), Some("des pièces usinées"));
    assert_eq!(form.value("avec"), Some(siren(2).as_str()));
    let mended = SOLD
        .iter()
        .fold(form.set("part_client", ""), |form, (name, value)| {
            form.set(name, value)
        });
    // A double click notes one link.
    staff.submit(&mended).await.expect(303);
    staff.submit(&mended).await.expect(303);
    assert_eq!(links(&app).await, 1);

    // One current link this way; the other way is another.
    let twice = note(&mut staff, 1, &chosen, &SOLD).await.expect(409);
    twice.says("Un lien en cours est déjà noté dans ce sens entre ces deux entreprises");
    assert_eq!(
        twice.form(&new_path(1)).value("objet"),
        Some("des pièces usinées")
    );
    let bought = [&SOLD[1..], &[("sens", "fournisseur")]].concat();
    note(&mut staff, 1, &chosen, &bought).await.expect(303);
    note(&mut staff, 1, &format!("avec={}", siren(1)), &SOLD)
        .await
        .expect(422)
        .says("Une entreprise n’est pas son propre client");

    // One from elsewhere has a name, which is no number, and is the same whatever its case.
    let named = |name| format!("nom={name}");
    note(&mut staff, 1, &named("Avionneur"), &SOLD)
        .await
        .expect(303);
    note(&mut staff, 1, &named("AVIONNEUR"), &SOLD)
        .await
        .expect(409);
    note(&mut staff, 1, &named(&siren(2)), &SOLD)
        .await
        .expect(422)
        .says("C’est un numéro SIREN");
    staff
        .post(&new_path(1), &[("objet", "des planches")])
        .await
        .expect(422)
        .says("Cherchez l’entreprise, ou donnez son nom");
    staff
        .get(&format!("{}?avec=000000018", new_path(1)))
        .await
        .expect(404);
}

#[tokio::test]
async fn the_schema_refuses_what_no_form_would_send() {
    let (app, staff) = house().await;
    let (one, two) = (siren(1), siren(2));
    for (ends, said, constraint) in [
        (
            format!("'{one}', '', '{one}', ''"),
            "",
            "supply_links_not_with_itself",
        ),
        (
            format!("'{one}', 'Avionneur', '{two}', ''"),
            "",
            "supply_links_one_supplier",
        ),
        (
            format!("'{one}', '', null, ' '"),
            "",
            "supply_links_one_customer",
        ),
        (
            "null, 'Un', null, 'Deux'".to_owned(),
            "",
            "supply_links_of_a_known_company",
        ),
        (
            format!("'{one}', '', '{two}', ''"),
            "supplier_share = 40",
            "supply_links_share_of_a_degree",
        ),
        (
            format!("'{one}', '', '{two}', ''"),
            "supplier_share = 0, supplier_dependence = 'weak'",
            "supply_links_shares",
        ),
        (
            format!("'{one}', '', '{two}', ''"),
            "customer_dependence = 'total'",
            "supply_links_degrees_known",
        ),
        (
            format!("'{one}', '', '{two}', ''"),
            "ended_on = '2026-11-24', ended_by = 'Claire', end_reason = 'Bref'",
            "supply_links_ending",
        ),
    ] {
        let insert = format!(
            "insert into supply_links (id, supplier_siren, supplier_name, customer_siren, customer_name, goods,
               basis, said_on, said_by, author_id, author_name, written_by, created_at)
             select gen_random_uuid(), {ends}, 'Essai', 'estimate', '2026-11-24', u.organisation_id, u.id, 'E',
                    u.organisation_id, now() from users u where u.id = '{}'",
            staff.user_id
        );
        let mut tx = app.db.pool.begin().await.expect("a transaction");
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(insert))
            .execute(&mut *tx)
            .await;
        let refused = match done {
            Ok(_) => {
                let update = format!("update supply_links set {said}");
                sqlx::raw_sql(sqlx::AssertSqlSafe(update))
                    .execute(&mut *tx)
                    .await
                    .expect_err(constraint)
            }
            Err(error) => error,
        };
        let broken = refused
            .as_database_error()
            .and_then(|error| error.constraint());
        assert_eq!(broken, Some(constraint), "{ends} {said}");
    }
}

#[tokio::test]
async fn two_editors_meet_and_neither_loses_what_they_wrote() {
    let (app, mut staff) = house().await;
    note(&mut staff, 1, &format!("avec={}", siren(2)), &SOLD)
        .await
        .expect(303);
    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    let path = link(&app, 1, "modifier").await;
    let late = colleague.get(&path).await.expect(200).form(&path);
    let form = staff.get(&path).await.expect(200).form(&path);
    staff
        .submit(&form.set("objet", "des engrenages"))
        .await
        .expect(303);
    let refused = colleague
        .submit(&late.set("objet", "des arbres de transmission"))
        .await
        .expect(409);
    refused
        .says("Une autre personne a enregistré pendant votre saisie")
        .says("Fournit des engrenages à EXEMPLE DEUX");
    let again = refused.form(&path);
    assert_eq!(again.value("objet"), Some("des arbres de transmission"));
    colleague.submit(&again).await.expect(303);
    staff
        .get(&company(1))
        .await
        .says("Fournit des arbres de transmission à EXEMPLE DEUX");

    let path = link(&app, 1, "terminer").await;
    let end = staff.get(&path).await.expect(200).form(&path);
    let amend = link(&app, 1, "modifier").await;
    let form = colleague.get(&amend).await.expect(200).form(&amend);
    colleague.submit(&form).await.expect(303);
    let end = end.set("motif", "Contrat non renouvelé.");
    let refused = staff.submit(&end).await.expect(409);
    assert_eq!(
        refused.form(&path).value("motif"),
        Some("Contrat non renouvelé.")
    );
    staff.submit(&refused.form(&path)).await.expect(303);
}

#[tokio::test]
async fn an_adviser_reads_and_writes_within_their_territories_and_an_official_nothing() {
    let (app, mut staff) = house().await;
    // Both ends in the Albigeois, one end there, none there.
    note(&mut staff, 1, &format!("avec={}", siren(2)), &SOLD)
        .await
        .expect(303);
    note(&mut staff, 4, &format!("avec={}", siren(1)), &SOLD)
        .await
        .expect(303);
    note(&mut staff, 4, "nom=Negoce+lointain", &SOLD)
        .await
        .expect(303);
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let page = adviser.get(&company(1)).await.expect(200);
    page.says("Fournit des pièces usinées à EXEMPLE DEUX")
        .says("Achète des pièces usinées à une entreprise hors de vos territoires")
        .says("Déclaré par le fournisseur le")
        .hides("EXEMPLE AILLEURS")
        .hides(&siren(4))
        .hides("Modifier le lien");
    adviser
        .get(&format!("{}/impact", company(1)))
        .await
        .expect(200)
        .says("une entreprise hors de vos territoires, forte dépendance (40 % de son chiffre d’affaires), effectif non communiqué")
        .hides("EXEMPLE AILLEURS");
    // What they may not see answers as what does not exist.
    adviser.get(&new_path(4)).await.expect(404);
    let unseen = adviser
        .get(&format!("{}?avec={}", new_path(1), siren(4)))
        .await
        .expect(404);
    let absent = adviser
        .get(&format!("{}?avec=000000018", new_path(1)))
        .await
        .expect(404);
    assert_eq!(unseen.texts("main h1"), absent.texts("main h1"));
    adviser
        .get(&format!("{}?q=ailleurs", new_path(1)))
        .await
        .expect(200)
        .says("Aucune autre entreprise de vos territoires ne porte ce nom");
    // The council's link is not theirs to change; theirs is theirs, and the council's.
    let id: uuid::Uuid =
        sqlx::query_scalar("select id from supply_links order by created_at, id limit 1")
            .fetch_one(&app.db.pool)
            .await
            .expect("a link");
    adviser
        .get(&format!(
            "{}/clients-et-fournisseurs/{id}/modifier",
            company(1)
        ))
        .await
        .expect(409)
        .says("Un autre organisme a noté ce lien");
    note(&mut adviser, 1, &format!("avec={}", siren(3)), &SOLD)
        .await
        .expect(303);
    adviser
        .get(&company(1))
        .await
        .says("Modifier le lien avec EXEMPLE TROIS");

    let mut elected = app.sign_in(Role::Elected, &[]).await;
    for path in [company(1), new_path(1), format!("{}/impact", company(1))] {
        elected.get(&path).await.expect(403);
    }
    // Who manages the application reads no link, not even in the journal.
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get(&company(1))
        .await
        .expect(200)
        .hides("Clients et fournisseurs")
        .hides("pièces usinées");
    admin
        .get(&format!("{}/impact", company(1)))
        .await
        .expect(200)
        .hides("EXEMPLE DEUX");
    admin
        .get("/journal?objet=supply_links")
        .await
        .expect(200)
        .says("a noté un lien entre un fournisseur et un client")
        .hides("pièces usinées")
        .hides("lointain");
}

/// A town where companies 5 to 8 supply company 1, with the jobs of some counted.
async fn dependent_town() -> (TestApp, Client) {
    let (app, mut staff) = house().await;
    for (n, band) in [(5, Some("21")), (6, Some("02")), (7, None), (8, Some("21"))] {
        Company {
            band,
            ..Company::new(n, ["CINQ", "SIX", "SEPT", "HUIT"][n as usize - 5])
        }
        .add(&app.db.pool)
        .await;
    }
    run(
        &app.db.pool,
        "insert into headcounts (siret, period, granularity, headcount, source, source_date)
         select siret, '2026-09-01', 'month', 23, 'Essai', '2026-11-01' from establishments e
         join companies c using (siren) where c.name = 'CINQ'",
    )
    .await;
    for (n, degree, basis) in [
        (5, "strong", "supplier"),
        (6, "medium", "estimate"),
        (7, "strong", "supplier"),
        (8, "weak", "estimate"),
    ] {
        let fields = [
            ("sens", "client"),
            ("objet", "des planches"),
            ("dep_fournisseur", degree),
            ("selon", basis),
        ];
        note(&mut staff, n, &format!("avec={}", siren(1)), &fields)
            .await
            .expect(303);
    }
    (app, staff)
}

#[tokio::test]
async fn what_would_be_lost_is_counted_from_the_links_and_each_figure_says_its_origin() {
    let (app, mut staff) = dependent_town().await;
    // A key company of another territory buys from it, and could not do without.
    let fields = [
        ("sens", "client"),
        ("objet", "des meubles"),
        ("dep_client", "strong"),
        ("part_client", "60"),
        ("selon", "customer"),
    ];
    note(&mut staff, 1, &format!("avec={}", siren(4)), &fields)
        .await
        .expect(303);
    let impact = format!("{}/impact", company(1));
    let page = staff.get(&impact).await.expect(200);
    // Counted 23 for CINQ, a band of about 4 for SIX, nothing for SEPT; HUIT hardly depends on it.
    let (known, dependent): (i64, i64) = sqlx::query_as(
        "select sum(coalesce(h.headcount, b.estimate))::bigint, count(*) from supply_links l
         join establishments e on e.siren = l.supplier_siren
         left join headcounts h using (siret) left join headcount_bands b on b.code = e.headcount_band
         where l.customer_siren = $1 and l.supplier_dependence in ('medium', 'strong')",
    )
    .bind(siren(1))
    .fetch_one(&app.db.pool)
    .await
    .expect("the figures");
    assert_eq!((known, dependent), (27, 3));
    page.says("3 fournisseurs en dépendent :")
        .says("CINQ , forte dépendance, 23 salariés Déclaré")
        .says("SEPT , forte dépendance, effectif non communiqué Déclaré")
        .says("SIX , dépendance moyenne, environ 4 salariés Estimé")
        .says("Au moins 27 emplois directs concernés. Estimé")
        .hides("HUIT , ")
        .says("1 entreprise clé en dépend :")
        .says(
            "EXEMPLE AILLEURS , forte dépendance (60 % de ses achats), environ 70 salariés Déclaré",
        )
        .says("Environ 70 emplois directs concernés. Estimé");
    assert!(page.sql <= 8, "{} statements", page.sql);

    // Half of the jobs: the same companies, and no proportion.
    staff
        .get(&format!("{impact}?perte=50"))
        .await
        .expect(200)
        .says("3 fournisseurs en dépendent :")
        .says("Inconnu : aucune source ne dit quelle part suivrait.")
        .says("27 emplois directs concernés");

    // One that ceased is lost already, a link that is over too; none is « none recorded », never zero.
    run(
        &app.db.pool,
        "update companies set active = false where name in ('CINQ', 'SEPT');
         update supply_links set ended_on = '2026-11-24', ended_by = 'E', end_reason = 'Contrat fini.'
         where goods = 'des meubles'",
    )
    .await;
    staff
        .get(&impact)
        .await
        .says("1 fournisseur en dépend :")
        .says("Environ 4 emplois directs concernés. Estimé")
        .hides("CINQ")
        .says("Entreprises clés qui en dépendent Aucun lien enregistré.")
        .hides("0 entreprise clé");
    let none = staff
        .get(&format!("{}/impact", company(2)))
        .await
        .expect(200);
    none.says("Fournisseurs et sous-traitants Aucun lien enregistré.");
}

#[tokio::test]
async fn the_criterion_reads_the_links_until_a_person_states_it() {
    let (app, mut staff) = dependent_town().await;
    let impact = format!("{}/impact", company(1));
    let page = staff.get(&impact).await.expect(200);
    page.says(
        "4 fournisseurs enregistrés, dont 2 en dépendent fortement et 1 en dépend moyennement.",
    )
    .says("Liens notés, le dernier dit le 24 novembre 2026");
    staff
        .get(&format!("{}/impact", company(2)))
        .await
        .says("Aucun constat ni lien enregistré.");
    crate::support::business::state_fact(&app.db, &siret(1), "dependents", 33, staff.user_id).await;
    staff
        .get(&impact)
        .await
        .says("Quelques-uns travaillent pour elle, parmi d’autres clients. Constaté lors d’une visite.")
        .hides("4 fournisseurs enregistrés");
}

#[tokio::test]
async fn a_company_without_headcount_is_told_unknown_and_what_to_do() {
    let (app, mut staff) = house().await;
    Company {
        band: None,
        commune: MAZAMET,
        ..Company::new(9, "SANS EFFECTIF")
    }
    .add(&app.db.pool)
    .await;
    let impact = format!("{}/impact", company(9));
    for path in [impact.clone(), format!("{impact}?perte=30")] {
        let page = staff.get(&path).await.expect(200);
        page.says(
            "Inconnus : aucun effectif ni aucune tranche n’est connu pour cet établissement.",
        )
        .says("Importez un fichier d’effectifs")
        .says("Inconnus, faute d’effectif.")
        .says("Inconnue, faute d’effectif.")
        .hides("de 0 à 0")
        .hides("Non communiqué des");
    }
    let mut adviser = app.sign_in(Role::Adviser, &[CASTRES]).await;
    adviser
        .get(&impact)
        .await
        .expect(200)
        .says("Demandez à la Direction du Développement d’importer un fichier d’effectifs")
        .hides("Importez un fichier");
}

#[tokio::test]
async fn one_page_asks_as_many_queries_for_one_link_as_for_many() {
    let (app, mut staff) = dependent_town().await;
    let many = staff.get(&company(1)).await.expect(200);
    assert_eq!(many.texts("#clients-et-fournisseurs + ul > li").len(), 4);
    let one = staff.get(&company(5)).await.expect(200);
    assert_eq!(many.sql, one.sql);
    let impacts = [1, 5].map(|n| format!("{}/impact", company(n)));
    let mut statements = Vec::new();
    for path in &impacts {
        statements.push(staff.get(path).await.expect(200).sql);
    }
    assert_eq!(statements[0], statements[1]);
    assert_eq!(links(&app).await, 4);
}
