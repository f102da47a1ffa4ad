//! What leaves: a walk of every page that an adviser can reach finds nothing of what is planted
//! elsewhere. A feature that keeps words about companies plants its own in [`PLANTED`].

use std::collections::{BTreeSet, VecDeque};

use scraper::{Html, Selector};
use vigie::domain::Role;

use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{
    ALBIGEOIS, CASTRES, Company, make_key, reference, run, siren, siret,
};

/// A territory that is not the adviser's, with one commune.
const ELSEWHERE: &str = "990000030";

/// Words planted where the adviser sees nothing. All begin alike, so that one search asks for all.
const PLANTED: &[&str] = &[
    "Dissimule entreprise",
    "Dissimule enseigne",
    "Dissimule contact",
    "Dissimule fonction",
    "dissimule.courriel@exemple.example",
    "Dissimule note du contact",
    "Dissimule signal",
    "Dissimule avis",
    "Dissimule motif de la place",
    "Dissimule note sur un organisme",
    "Dissimule origine d’une personne",
    "Dissimule atelier",
    "Dissimule partage",
    "Dissimule décision",
    "Dissimule réservé au Département",
    "Dissimule rencontre",
    "Dissimule compte rendu",
    "Dissimule note confidentielle",
    "Dissimule note du Département",
    "Dissimule rencontre de la banque",
    "Dissimule présent",
    "Dissimule suite",
    "Dissimule objectif",
    "Dissimule action",
    "Dissimule étape",
    "Dissimule note sur une action",
    "Dissimule financeur",
    "Dissimule blocage",
    "Dissimule besoin",
    "Dissimule étape d’une mise en relation",
    "Dissimule client",
    "Dissimule fourniture",
    "Dissimule fin d’un lien",
];

/// Words planted where the adviser works: the walk must meet them, or it proves nothing.
const MET: &[&str] = &[
    "Visible entreprise",
    "Visible contact",
    "Visible signal",
    "Visible organisme",
    "Visible personne",
    "Visible atelier",
    "Visible partage",
    "Visible décision",
    "Visible rencontre",
    "Visible compte rendu",
    "Visible rencontre de la banque",
    "Visible objectif",
    "Visible action",
    "Visible étape",
    "Visible besoin",
    "Visible client",
    "Visible fourniture",
    "Visible fin d’un lien",
    "Visible vente à l’autre",
];

async fn planted() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    run(
        pool,
        "insert into territories (siren, name, short_name, kind, departments, population_total,
                                  municipalities_total)
         values ('990000030', 'CC d’ailleurs', 'Ailleurs', 'CC', '{81}', 5000, 1);
         insert into municipalities (insee_code, name, department, population)
         values ('81903', 'Commune d’ailleurs', '81', 5000);
         insert into territory_memberships values ('81903', '990000030', daterange('2017-01-01', null))",
    )
    .await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    Company::new(1, "Visible entreprise").add(pool).await;
    Company {
        commune: "81903",
        sign: Some("Dissimule enseigne"),
        ..Company::new(2, "Dissimule entreprise")
    }
    .add(pool)
    .await;
    make_key(pool, 1, ALBIGEOIS, 1, staff.user_id).await;
    sqlx::query(
        "with k as (
           insert into key_companies (id, territory_siren, siren, siret, slot, referent_id, entered_on, entry_motive)
           values (gen_random_uuid(), $1, $2, $3, 1, $4, '2026-03-03', 'Dissimule motif de la place')
           returning id)
         insert into key_company_events (key_company_id, at, actor_id, actor_name, kind, to_slot, motive)
         select id, '2026-03-03T10:00:00Z', $4, 'Claire Martin', 'chosen', 1, 'Dissimule motif de la place' from k",
    )
    .bind(ELSEWHERE)
    .bind(siren(2))
    .bind(siret(2))
    .bind(staff.user_id)
    .execute(pool)
    .await
    .expect("a key company elsewhere");
    for (n, word) in [(1, "Visible"), (2, "Dissimule")] {
        about(&app, &siren(n), word, &staff).await;
    }
    for (n, word, territory) in [(1, "Visible", ALBIGEOIS), (2, "Dissimule", ELSEWHERE)] {
        workshop(&app, &siren(n), word, territory, &staff).await;
    }
    run(
        pool,
        "insert into organisations (id, name, kind, note)
         values ('00000000-0000-7000-8000-0000000000d1', 'Visible organisme', 'bank',
                 'Dissimule note sur un organisme');
         insert into partner_people (id, organisation_id, full_name, source)
         values ('00000000-0000-7000-8000-0000000000d2', '00000000-0000-7000-8000-0000000000d1',
                 'Visible personne', 'Dissimule origine d’une personne')",
    )
    .await;
    meetings(&app, &staff).await;
    for (n, word) in [(1, "Visible"), (2, "Dissimule")] {
        plan(&app, &siren(n), word, &staff).await;
        need(&app, &siren(n), word, &staff).await;
        supply(&app, &siren(n), word, &staff).await;
    }
    let adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS, CASTRES]).await;
    (app, adviser)
}

/// A workshop that spoke of a company, shared and within the council.
async fn workshop(app: &TestApp, siren: &str, word: &str, territory: &str, staff: &Client) {
    sqlx::query(
        "with w as (
           insert into workshops (id, title, held_at, duration_minutes, place, territory_siren, organiser_id, created_at)
           values (gen_random_uuid(), $2 || ' atelier', '2026-11-02T09:00:00Z', 60, 'Albi', $3, $4, '2026-10-01')
           returning id),
         c as (
           insert into workshop_companies (workshop_id, siren, position, reason)
           select id, $1, 1, 'chosen' from w returning workshop_id),
         e as (
           insert into workshop_entries (id, workshop_id, siren, kind, organisation_id, author_id, text, created_at)
           select gen_random_uuid(), workshop_id, $1, k, u.organisation_id, u.id, t, '2026-11-02'
           from c, users u, (values ('shared', $2 || ' partage'),
                                    ('confidential', 'Dissimule réservé au Département')) v(k, t)
           where u.id = $4 returning 1)
         insert into workshop_decisions (id, workshop_id, siren, kind, text, owner_organisation_id, due_on,
                                         decided_by, decided_at)
         select gen_random_uuid(), workshop_id, $1, 'watch', $2 || ' décision', u.organisation_id, '2026-12-01',
                u.id, '2026-11-02'
         from c, users u where u.id = $4",
    )
    .bind(siren)
    .bind(word)
    .bind(territory)
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("a workshop");
}

/// A contact, a signal and a view on the level of a company.
async fn about(app: &TestApp, siren: &str, word: &str, staff: &Client) {
    let statements = [
        "insert into contacts (id, siren, full_name, job_title, email, note)
         select gen_random_uuid(), $1, $2 || ' contact', $2 || ' fonction',
                lower($2) || '.courriel@exemple.example', $2 || ' note du contact' where $3 is not null",
        "insert into signals (id, siren, kind, observed_on, motive, expires_on, author_id, author_name, created_at)
         select gen_random_uuid(), $1, 'bank', '2026-11-01', $2 || ' signal', '2027-05-01', $3, 'Claire Martin',
                '2026-11-01'",
        "insert into risk_overrides (id, siren, direction, motive, decided_on, expires_on, author_id, author_name)
         select gen_random_uuid(), $1, 'up', $2 || ' avis', '2026-11-01', '2027-05-01', $3, 'Claire Martin'",
    ];
    for sql in statements {
        sqlx::query(sql)
            .bind(siren)
            .bind(word)
            .bind(staff.user_id)
            .execute(&app.db.pool)
            .await
            .expect(sql);
    }
}

/// Meetings: the council's in both territories, shared where the adviser works, and those of a bank, one shared
/// and one not. Whatever is confidential is hidden everywhere.
async fn meetings(app: &TestApp, staff: &Client) {
    sqlx::query(
        "with bank as (select id from organisations where kind = 'bank'),
         m as (
           insert into meetings (id, siren, kind, held_on, summary, shared_text, confidential_text, author_id,
                                 author_name, organisation_id, by_council, is_shared, created_at)
           select gen_random_uuid(), x.siren, 'visit', '2026-11-02', x.summary, x.shared, x.secret, u.id,
                  'Claire Martin', coalesce(bank.id, u.organisation_id), bank.id is null, x.is_shared, '2026-11-02'
           from (values
             ($1, 'Visible rencontre', 'Visible compte rendu', 'Dissimule note du Département', true, false),
             ($1, 'Dissimule rencontre privée', '', '', false, false),
             ($1, 'Visible rencontre de la banque', '', 'Dissimule note confidentielle', true, true),
             ($1, 'Dissimule rencontre de la banque', '', '', false, true),
             ($2, 'Dissimule rencontre', 'Dissimule compte rendu', '', true, false))
             x (siren, summary, shared, secret, is_shared, of_bank)
           join users u on u.id = $3
           left join bank on x.of_bank
           returning id, siren, is_shared, by_council),
         p as (
           insert into meeting_people (meeting_id, position, side, typed_name)
           select id, 1, 'company', 'Dissimule présent' from m where not is_shared)
         insert into next_steps (id, meeting_id, siren, promise, due_on, owner_id, created_at)
         select gen_random_uuid(), id, siren, 'Dissimule suite', '2026-11-10', $3, '2026-11-02'
         from m where not is_shared and by_council",
    )
    .bind(siren(1))
    .bind(siren(2))
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("meetings");
}

/// A plan with a shared action and one that is not, both carried out by a bank; the notes of the council on both.
async fn plan(app: &TestApp, siren: &str, word: &str, staff: &Client) {
    sqlx::query(
        "with p as (
           insert into action_plans (id, siren, objective, opened_on, opened_by, created_at)
           values (gen_random_uuid(), $1, $2 || ' objectif', '2026-11-02', $3, '2026-11-02') returning id)
         insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, starts_on, due_on, status,
                              reason, unblocker, is_shared, created_by, created_at)
         select gen_random_uuid(), p.id, 'land', 'support', v.title, '00000000-0000-7000-8000-0000000000d1',
                '2026-11-02', '2026-12-01',
                'blocked', v.reason, 'Personne', v.is_shared, u.id, '2026-11-02'
         from p, users u, (values ($2 || ' action', 'Attente', true),
                                  ('Dissimule action réservée', 'Dissimule blocage', false)) v (title, reason, is_shared)
         where u.id = $3",
    )
    .bind(siren)
    .bind(word)
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("a plan");
    let below = [
        "insert into action_steps (id, action_id, position, title)
         select gen_random_uuid(), a.id, 1, case when a.is_shared then $2 || ' étape' else 'Dissimule étape' end
         from actions a join action_plans p on p.id = a.plan_id where p.siren = $1 and $3::uuid is not null",
        "insert into action_notes (id, action_id, noted_on, text, author_id, author_name, organisation_id, at)
         select gen_random_uuid(), a.id, '2026-11-02', 'Dissimule note sur une action', u.id, u.full_name,
                u.organisation_id, '2026-11-02'
         from actions a join action_plans p on p.id = a.plan_id, users u
         where p.siren = $1 and u.id = $3 and $2 <> ''",
        "insert into action_funders (id, action_id, typed_name, amount_euros)
         select gen_random_uuid(), a.id, 'Dissimule financeur', 1000
         from actions a join action_plans p on p.id = a.plan_id
         where p.siren = $1 and not a.is_shared and $2 <> '' and $3::uuid is not null",
    ];
    for sql in below {
        sqlx::query(sql)
            .bind(siren)
            .bind(word)
            .bind(staff.user_id)
            .execute(&app.db.pool)
            .await
            .expect(sql);
    }
}

/// A shared need and one that is not, both about to meet the other company.
async fn need(app: &TestApp, siren: &str, word: &str, staff: &Client) {
    sqlx::query(
        "with e as (
           insert into matching_entries (id, side, siren, theme, text, said_on, is_shared, author_id, author_name,
                                         written_by, by_council, created_at)
           select gen_random_uuid(), 'need', $1, 'skills', v.text, '2026-11-02', v.is_shared, u.id, 'Claire Martin',
                  u.organisation_id, true, '2026-11-02'
           from users u, (values ($2 || ' besoin', true), ('Dissimule besoin réservé', false)) v (text, is_shared)
           where u.id = $3 returning id, is_shared, author_id),
         i as (
           insert into introductions (id, need_id, siren, state_on, proposed_on, author_id, author_name, created_at)
           select gen_random_uuid(), e.id, c.siren, '2026-11-03', '2026-11-03', e.author_id, 'Claire Martin',
                  '2026-11-03'
           from e, companies c where c.siren <> $1 returning id, need_id, author_id)
         insert into introduction_events (introduction_id, state, happened_on, note, actor_id, actor_name, at)
         select i.id, 'proposed', '2026-11-03',
                case when e.is_shared and $2 = 'Visible' then 'Vue' else 'Dissimule étape d’une mise en relation' end,
                i.author_id, 'Claire Martin', '2026-11-03'
         from i join e on e.id = i.need_id",
    )
    .bind(siren)
    .bind(word)
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("a need");
}

/// Customers of a company: one in words, one that is over, and the company of the other territory.
async fn supply(app: &TestApp, siren: &str, word: &str, staff: &Client) {
    sqlx::query(
        "insert into supply_links (id, supplier_siren, customer_siren, customer_name, goods, supplier_dependence,
                                   basis, said_on, said_by, ended_on, ended_by, end_reason, author_id, author_name,
                                   written_by, by_council, created_at)
         select gen_random_uuid(), $1, v.siren, v.name, v.goods, 'strong', 'customer', '2026-11-02',
                u.organisation_id, v.ended, case when v.ended is not null then 'Claire Martin' end,
                case when v.ended is not null then $2 || ' fin d’un lien' end,
                u.id, 'Claire Martin', u.organisation_id, true, '2026-11-02'
         from users u, (
           values (null, $2 || ' client', $2 || ' fourniture', null::date),
                  (null, $2 || ' ancien client', 'Autrefois', '2026-11-03')
           union all
           select c.siren, '', 'Visible vente à l’autre', null from companies c where c.siren <> $1)
           v (siren, name, goods, ended)
         where u.id = $3",
    )
    .bind(siren)
    .bind(word)
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("links");
}

/// Where the links and the forms that read lead, within the site.
fn leads(text: &str) -> Vec<String> {
    let html = Html::parse_document(text);
    let pick = |selector: &str, attribute: &str| -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector)
            .filter_map(|element| element.value().attr(attribute))
            .map(|to| to.split('#').next().unwrap_or_default().to_owned())
            .filter(|to| {
                to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/static/")
            })
            .collect()
    };
    let mut found = pick("a[href]", "href");
    found.extend(pick("form[method=get]", "action"));
    found
}

/// Everything that can be reached from these addresses; what each answered.
async fn walk(client: &mut Client, starts: Vec<String>) -> Vec<(String, String)> {
    let mut seen: BTreeSet<String> = starts.iter().cloned().collect();
    let mut waiting: VecDeque<String> = starts.into();
    let mut answers = Vec::new();
    while let Some(path) = waiting.pop_front() {
        assert!(answers.len() < 600, "the walk does not end: {path}");
        let page = client.get(&path).await;
        assert!(page.status.as_u16() < 500, "{path}: {}", page.status);
        let mut next = leads(&page.text);
        next.extend(page.location());
        for to in next {
            // Filters and pages multiply without end: each path is seen with its first few.
            let same = seen
                .iter()
                .filter(|p| p.split('?').next() == to.split('?').next())
                .count();
            if same < 12 && seen.insert(to.clone()) {
                waiting.push_back(to);
            }
        }
        answers.push((path, page.text));
    }
    answers
}

/// Records with the addresses of their pages; `{id}` is the record, `{siren}` a company elsewhere.
const RECORDS: [(&str, &[&str]); 10] = [
    (
        "supply_links",
        &[
            "/entreprises/{siren}/clients-et-fournisseurs/{id}/modifier",
            "/entreprises/{siren}/clients-et-fournisseurs/{id}/terminer",
        ],
    ),
    (
        "matching_entries",
        &[
            "/besoins-et-offres/{id}",
            "/besoins-et-offres/{id}/modifier",
            "/besoins-et-offres/{id}/proposer",
        ],
    ),
    (
        "introductions",
        &[
            "/mises-en-relation/{id}",
            "/mises-en-relation/{id}/etat/rencontre",
        ],
    ),
    (
        "contacts",
        &["/contacts/{id}", "/contacts/{id}/donnees.json"],
    ),
    (
        "partner_people",
        &["/personnes/{id}", "/personnes/{id}/donnees.json"],
    ),
    (
        "workshops",
        &[
            "/ateliers/{id}",
            "/ateliers/{id}/compte-rendu",
            "/ateliers/{id}/compte-rendu.pdf",
            "/ateliers/{id}/entreprises/{siren}",
        ],
    ),
    ("workshop_decisions", &["/decisions/{id}"]),
    (
        "action_plans",
        &[
            "/plans/{id}",
            "/plans/{id}/modifier",
            "/plans/{id}/clore",
            "/plans/{id}/reprendre",
        ],
    ),
    (
        "actions",
        &[
            "/actions/{id}",
            "/actions/{id}/modifier",
            "/actions/{id}/etat/faite",
        ],
    ),
    (
        "meetings",
        &[
            "/rencontres/{id}",
            "/rencontres/{id}/confidentiel",
            "/rencontres/{id}/modifier",
            "/rencontres/{id}/preparation",
            "/rencontres/{id}/preparation.pdf",
            "/rencontres/{id}/entretien",
        ],
    ),
];

/// The addresses of every record, that an adviser could only guess.
async fn addresses(app: &TestApp, elsewhere: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (table, pages) in RECORDS {
        let sql = format!("select id::text from {table}");
        let ids: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_all(&app.db.pool)
            .await
            .expect("ids");
        for id in ids {
            for page in pages {
                found.push(page.replace("{id}", &id).replace("{siren}", elsewhere));
            }
        }
    }
    found
}

#[tokio::test]
async fn an_adviser_meets_nothing_of_what_is_planted_elsewhere() {
    let (app, mut adviser) = planted().await;
    let elsewhere = siren(2);
    let mut starts: Vec<String> = [
        "/",
        "/plan-du-site",
        "/recherche?q=dissimule",
        "/entreprises?q=dissimule",
        "/organismes?q=dissimule",
        "/entreprises?etat=toutes",
        "/entreprises/export.csv",
        "/actions",
        "/actions?etat=blocked",
        "/actions/export.csv",
        "/mises-en-relation",
        "/mises-en-relation?voir=besoins",
        "/mises-en-relation/export.csv",
        "/journal",
        "/alertes",
        "/contacts/anciens",
    ]
    .map(str::to_owned)
    .into();
    // Addresses that only someone else could know: what answers must not tell.
    for path in [
        "",
        "/faits",
        "/impact",
        "/contacts/nouveau",
        "/signaux/nouveau",
        "/niveau",
        "/comptes/nouveau",
        "/rencontres/nouvelle",
        "/diagnostic",
        "/plan",
        "/plan/actions/nouvelle",
        "/clients-et-fournisseurs/nouveau",
        "/clients-et-fournisseurs/nouveau?q=dissimule",
    ] {
        starts.push(format!("/entreprises/{elsewhere}{path}"));
    }
    for path in ["", "/vivier", "/comparer", "/communes"] {
        starts.push(format!("/territoires/{ELSEWHERE}{path}"));
    }
    for asked in [
        "q=dissimule".to_owned(),
        format!("q={elsewhere}"),
        format!("avec={elsewhere}"),
    ] {
        let own = siren(1);
        starts.push(format!(
            "/entreprises/{own}/clients-et-fournisseurs/nouveau?{asked}"
        ));
    }
    starts.push(format!("/recherche?q={elsewhere}"));
    starts.extend(addresses(&app, &elsewhere).await);
    let answers = walk(&mut adviser, starts).await;
    assert!(answers.len() > 40, "only {} pages were met", answers.len());
    for (path, text) in &answers {
        // What was typed comes back in the field: the planted words are longer than what is asked.
        let lower = text.to_lowercase();
        for words in PLANTED {
            assert!(
                !lower.contains(&words.to_lowercase()),
                "« {words} » is on {path}"
            );
        }
    }
    for words in MET {
        assert!(
            answers.iter().any(|(_, text)| text.contains(words)),
            "« {words} » was never met: the walk is too short"
        );
    }
    // The same walk by the council meets all but what only its own pages show.
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let answers = walk(
        &mut staff,
        vec![
            "/".to_owned(),
            format!("/entreprises/{elsewhere}"),
            "/rencontres".to_owned(),
            "/organismes/00000000-0000-7000-8000-0000000000d1".to_owned(),
        ],
    )
    .await;
    for words in PLANTED {
        assert!(
            answers
                .iter()
                .any(|(_, text)| text.to_lowercase().contains(&words.to_lowercase())),
            "« {words} » is planted where nobody looks"
        );
    }
}

#[tokio::test]
async fn an_official_meets_no_word_about_any_company_wherever_they_go() {
    let (app, _) = planted().await;
    let company = siren(1);
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let mut starts: Vec<String> = [
        "/",
        "/plan-du-site",
        "/aide",
        "/compte",
        "/recherche?q=dissimule",
        "/recherche?q=visible",
        "/recherche?q=visible&dans=rencontres",
        "/entreprises?q=visible",
        "/entreprises/export.csv",
        "/organismes",
        "/rencontres",
        "/ateliers",
        "/actions/export.csv",
        "/alertes",
        "/journal",
        "/indicateurs/identifiees",
        "/indicateurs/maintenues",
    ]
    .map(str::to_owned)
    .into();
    for path in ["", "/faits", "/impact", "/fiche", "/plan", "/niveau"] {
        starts.push(format!("/entreprises/{company}{path}"));
    }
    starts.extend(addresses(&app, &company).await);
    let answers = walk(&mut elected, starts).await;
    assert!(answers.len() > 60, "only {} pages were met", answers.len());
    for (path, text) in &answers {
        let lower = text.to_lowercase();
        for words in PLANTED.iter().chain(MET) {
            // The public register names companies, to whoever looks for them by name; nothing else does.
            let is_public = path.starts_with("/recherche") && words.ends_with(" entreprise");
            assert!(
                is_public || !lower.contains(&words.to_lowercase()),
                "« {words} » is on {path}"
            );
        }
    }
}
