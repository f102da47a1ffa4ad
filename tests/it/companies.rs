//! Companies: search, filters, scope, the page, the export, what is masked.

use calamine::{Data, Reader as _, Xlsx};
use vigie::domain::Role;

use crate::support::app::{Client, Page, TestApp};
use crate::support::portfolio::{
    ALBIGEOIS, CASTRES, Company, MAZAMET, SAINT_JUERY, make_key, reference, run, siren, siret,
};

async fn house() -> (TestApp, Client) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff)
}

fn names(page: &Page) -> Vec<String> {
    page.texts("tbody th a")
}

#[tokio::test]
async fn search_forgives_accents_case_order_and_small_typos() {
    let (app, mut staff) = house().await;
    let pool = &app.db.pool;
    Company::new(1, "EXEMPLE MÉCANIQUE DU LYS").add(pool).await;
    Company::new(2, "EXEMPLE BOULANGERIE DUPONT")
        .add(pool)
        .await;
    let mut sign = Company::new(3, "EXEMPLE HOLDING");
    sign.sign = Some("Délainage de l’Arnette");
    sign.add(pool).await;
    for (typed, found) in [
        ("mecanique", "EXEMPLE MÉCANIQUE DU LYS"),
        ("Mécanique Lys", "EXEMPLE MÉCANIQUE DU LYS"),
        ("lys mecaniqe", "EXEMPLE MÉCANIQUE DU LYS"),
        ("dupont boulangerie", "EXEMPLE BOULANGERIE DUPONT"),
        ("delainage", "EXEMPLE HOLDING"),
    ] {
        let query = serde_html_form::to_string([("q", typed)]).expect("a query");
        let page = staff
            .get(&format!("/entreprises?{query}"))
            .await
            .expect(200);
        assert_eq!(names(&page), [found], "{typed}");
    }
    let page = staff.get("/entreprises?q=dupnot").await.expect(200);
    assert_eq!(names(&page), ["EXEMPLE BOULANGERIE DUPONT"]);
    page.says("Aucun nom n’est proche de « dupnot ». Voici ceux qui lui ressemblent.");
    let page = staff.get("/entreprises?q=xylophone").await.expect(200);
    page.says("Aucune entreprise ne correspond");
}

#[tokio::test]
async fn saint_and_its_abbreviation_find_each_other() {
    let (app, mut staff) = house().await;
    let pool = &app.db.pool;
    Company::new(1, "EXEMPLE SAINT MARTIN").add(pool).await;
    Company::new(2, "ST-MARTIN EXEMPLE").add(pool).await;
    Company::new(3, "EXEMPLE SAINTE CECILE").add(pool).await;
    Company::new(4, "GARAGE STE CECILE EXEMPLE").add(pool).await;
    Company::new(5, "EXEMPLE MARTIN CECILE").add(pool).await;
    for (typed, mut found) in [
        (
            "st+martin",
            vec!["EXEMPLE SAINT MARTIN", "ST-MARTIN EXEMPLE"],
        ),
        (
            "saint+martin",
            vec!["EXEMPLE SAINT MARTIN", "ST-MARTIN EXEMPLE"],
        ),
        (
            "ste+cecile",
            vec!["EXEMPLE SAINTE CECILE", "GARAGE STE CECILE EXEMPLE"],
        ),
        (
            "sainte+cecile",
            vec!["EXEMPLE SAINTE CECILE", "GARAGE STE CECILE EXEMPLE"],
        ),
    ] {
        let page = staff
            .get(&format!("/entreprises?q={typed}"))
            .await
            .expect(200);
        let mut told = names(&page);
        told.sort();
        found.sort_unstable();
        assert_eq!(told, found, "{typed}");
    }
}

#[tokio::test]
async fn a_search_says_what_it_does_not_search() {
    let (app, mut staff) = house().await;
    Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let page = staff.get("/entreprises?q=%25").await.expect(200);
    page.says("Tapez au moins 2 lettres").hides("Recherche : %");
    assert_eq!(names(&page), ["EXEMPLE MÉCANIQUE"]);
    let page = staff
        .get("/entreprises?q=exemple+de+la+grande+mecanique+fine")
        .await
        .expect(200);
    page.says("Seuls les 4 mots les plus longs sont cherchés : mecanique, exemple, grande, fine.");
    let page = staff
        .get("/entreprises?q=exemple+mecanique")
        .await
        .expect(200);
    page.hides("Seuls les")
        .says("Recherche : exemple mecanique");
}

#[tokio::test]
async fn an_exact_number_goes_straight_to_its_company() {
    let (app, mut staff) = house().await;
    let siren = Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let spaced = format!("{} {} {}", &siren[..3], &siren[3..6], &siren[6..]).replace(' ', "%20");
    // The only SIRET of these numbers whose Luhn key is right.
    let siret = (0..10)
        .map(|key| format!("{siren}0001{key}"))
        .find(|text| vigie::domain::Siret::parse(text).is_ok())
        .expect("a SIRET");
    for path in [
        format!("/entreprises?q={siren}"),
        format!("/entreprises?q={spaced}"),
        format!("/entreprises?q={siret}"),
        format!("/recherche?q={spaced}"),
    ] {
        let page = staff.get(&path).await.expect(303);
        assert_eq!(
            page.location().as_deref(),
            Some(format!("/entreprises/{siren}").as_str())
        );
    }
    let wrong = format!("{}{}", &siren[..8], (siren.as_bytes()[8] - b'0' + 1) % 10);
    let page = staff
        .get(&format!("/recherche?q={wrong}"))
        .await
        .expect(200);
    page.says("sa clé de contrôle est fausse");
    let elsewhere = app
        .sign_in(Role::Adviser, &[CASTRES])
        .await
        .get(&format!("/entreprises?q={siren}"))
        .await;
    elsewhere
        .expect(200)
        .says("Aucune entreprise ne correspond");
}

#[tokio::test]
async fn filters_narrow_the_list_and_chips_take_them_away() {
    let (app, mut staff) = house().await;
    let pool = &app.db.pool;
    Company::new(1, "EXEMPLE ALPHA").add(pool).await;
    Company {
        commune: SAINT_JUERY,
        band: Some("02"),
        ..Company::new(2, "EXEMPLE BETA")
    }
    .add(pool)
    .await;
    Company {
        commune: MAZAMET,
        naf: "47.11F",
        ..Company::new(3, "EXEMPLE GAMMA")
    }
    .add(pool)
    .await;
    Company {
        active: false,
        ..Company::new(4, "EXEMPLE DELTA")
    }
    .add(pool)
    .await;
    Company {
        band: None,
        commune: MAZAMET,
        ..Company::new(5, "EXEMPLE EPSILON")
    }
    .add(pool)
    .await;
    make_key(pool, 1, ALBIGEOIS, 2, staff.user_id).await;
    for (query, expected) in [
        ("", vec!["ALPHA", "BETA", "EPSILON", "GAMMA"]),
        (
            "etat=toutes",
            vec!["ALPHA", "BETA", "DELTA", "EPSILON", "GAMMA"],
        ),
        ("etat=fermees", vec!["DELTA"]),
        ("territoire=248100737", vec!["ALPHA", "BETA"]),
        ("territoire=248100737&commune=81257", vec!["BETA"]),
        ("secteur=G", vec!["GAMMA"]),
        ("effectif=50-249", vec!["ALPHA", "GAMMA"]),
        ("effectif=inconnu", vec!["EPSILON"]),
        ("cle=oui", vec!["ALPHA"]),
        ("cle=non", vec!["BETA", "EPSILON", "GAMMA"]),
        ("tri=effectif", vec!["ALPHA", "GAMMA", "BETA", "EPSILON"]),
        ("tri=commune", vec!["ALPHA", "EPSILON", "GAMMA", "BETA"]),
        (
            "q=exemple&tri=nom&cle=non",
            vec!["BETA", "EPSILON", "GAMMA"],
        ),
    ] {
        let page = staff
            .get(&format!("/entreprises?{query}"))
            .await
            .expect(200);
        let expected: Vec<String> = expected
            .iter()
            .map(|name| format!("EXEMPLE {name}"))
            .collect();
        assert_eq!(names(&page), expected, "{query}");
    }
    let page = staff
        .get("/entreprises?territoire=248100737&commune=81257&effectif=1-9")
        .await
        .expect(200);
    let chips = page.texts(".actifs a");
    assert_eq!(chips.len(), 4, "{chips:?}");
    assert!(
        page.text.contains("href=\"/entreprises?effectif=1-9\""),
        "the territory takes its commune along"
    );
    page.says("1 entreprise en activité")
        .says("Source : Insee-Sirene, 1er novembre 2026");
}

#[tokio::test]
async fn an_adviser_sees_the_companies_of_their_territories_only() {
    let (app, staff) = house().await;
    let pool = &app.db.pool;
    let ours = Company {
        commune: MAZAMET,
        ..Company::new(1, "EXEMPLE ICI")
    }
    .add(pool)
    .await;
    let theirs = Company::new(2, "EXEMPLE AILLEURS").add(pool).await;
    make_key(pool, 2, ALBIGEOIS, 1, staff.user_id).await;
    let mut adviser = app.sign_in(Role::Adviser, &[CASTRES]).await;
    let list = adviser.get("/entreprises?etat=toutes").await.expect(200);
    assert_eq!(names(&list), ["EXEMPLE ICI"]);
    list.hides("AILLEURS").hides("Albigeois");
    adviser
        .get(&format!("/entreprises/{ours}"))
        .await
        .expect(200);
    let hidden = adviser
        .get(&format!("/entreprises/{theirs}"))
        .await
        .expect(404);
    let missing = adviser
        .get(&format!("/entreprises/{}", siren(9)))
        .await
        .expect(404);
    // All but the number of the request.
    let said = |page: &Page| page.words().split("Référence").next().map(str::to_owned);
    assert_eq!(
        said(&hidden),
        said(&missing),
        "one cannot tell what exists elsewhere"
    );
    for path in [
        "/entreprises?q=ailleurs",
        "/recherche?q=ailleurs",
        "/recherche?q=Albi",
        "/entreprises?cle=oui",
    ] {
        let page = adviser.get(path).await.expect(200);
        assert!(names(&page).is_empty(), "{path}: {}", page.words());
        page.hides("EXEMPLE AILLEURS").hides("Albigeois");
    }
    adviser.get("/entreprises/export.csv").await.expect(403);
    app.sign_in(Role::Elected, &[])
        .await
        .get("/entreprises")
        .await
        .expect(403);
    // An establishment in the territory opens the company, wherever its head office is.
    run(pool, "update establishments set insee_code = '81163' where siren = (select siren from companies where name = 'EXEMPLE AILLEURS')").await;
    adviser
        .get(&format!("/entreprises/{theirs}"))
        .await
        .expect(200)
        .hides("place 1");
}

#[tokio::test]
async fn a_masked_person_never_appears_by_name() {
    let (app, mut staff) = house().await;
    let pool = &app.db.pool;
    let person = Company {
        name: None,
        usual: Some("SECRETDUPONT"),
        sign: Some("Chez Secretdupont"),
        diffusible: false,
        person: true,
        ..Company::new(1, "")
    };
    let siren = person.add(pool).await;
    let firm = Company {
        diffusible: false,
        ..Company::new(2, "EXEMPLE PUBLIQUE")
    }
    .add(pool)
    .await;
    for path in [
        "/entreprises",
        "/entreprises?q=secretdupont",
        "/recherche?q=secretdupont",
        &format!("/entreprises/{siren}"),
    ] {
        let page = staff.get(path).await.expect(200);
        let body = page
            .text
            .replace("value=\"secretdupont\"", "")
            .to_lowercase();
        assert!(
            !body.contains("chez secretdupont") && !page.text.contains("SECRETDUPONT"),
            "{path}"
        );
    }
    staff
        .get("/entreprises?q=secretdupont")
        .await
        .says("Aucune entreprise ne correspond");
    let page = staff.get(&format!("/entreprises/{siren}")).await;
    page.says("[information non diffusible]")
        .hides("rue des Lices");
    // A legal person keeps its name; its address is masked.
    staff
        .get(&format!("/entreprises/{firm}"))
        .await
        .says("EXEMPLE PUBLIQUE")
        .says("[information non diffusible]");
    let csv = staff.get("/entreprises/export.csv").await.expect(200);
    csv.hides("SECRETDUPONT").hides("Secretdupont");
    assert!(csv.text.contains("[information non diffusible]"));
    let xlsx = staff.get("/entreprises/export.xlsx").await.expect(200);
    assert!(
        !sheet(&xlsx)
            .concat()
            .concat()
            .to_lowercase()
            .contains("secretdupont")
    );
}

#[tokio::test]
async fn lists_and_pages_cost_a_bounded_number_of_statements() {
    let (app, mut staff) = house().await;
    let pool = &app.db.pool;
    for n in 1..=120 {
        Company::new(n, &format!("EXEMPLE {n:03}")).add(pool).await;
    }
    make_key(pool, 7, ALBIGEOIS, 1, staff.user_id).await;
    for path in [
        "/entreprises",
        "/entreprises?par_page=100",
        "/entreprises?q=exemple&territoire=248100737&tri=effectif&page=2",
        "/entreprises?q=introuvable",
        "/recherche?q=exemple",
        "/",
    ] {
        let page = staff.get(path).await.expect(200);
        assert!(
            page.sql > 0 && page.sql <= 6,
            "{path}: {} statements",
            page.sql
        );
    }
    let page = staff
        .get(&format!("/entreprises/{}", siren(7)))
        .await
        .expect(200);
    assert!(page.sql > 0 && page.sql <= 8, "{} statements", page.sql);
    let second = staff.get("/entreprises?page=2").await;
    assert_eq!(names(&second).len(), 50);
    assert_eq!(
        second.texts("title"),
        ["Entreprises (page 2 sur 3) – Vigie"]
    );
    assert_eq!(
        names(&staff.get("/entreprises?par_page=100").await).len(),
        100
    );
}

#[tokio::test]
async fn odd_addresses_are_answered_without_a_fault() {
    let (app, mut staff) = house().await;
    Company::new(1, "EXEMPLE").add(&app.db.pool).await;
    for value in [
        "0",
        "-1",
        "9e9",
        "99999999999999999999",
        "%D9%A1%D9%A2",
        "%00",
        "1001",
        "a",
    ] {
        for path in [
            format!("/entreprises?page={value}"),
            format!("/entreprises?q={value}&territoire={value}&commune={value}&secteur={value}"),
            format!(
                "/entreprises?effectif={value}&cle={value}&etat={value}&tri={value}&par_page={value}"
            ),
            format!("/entreprises/{value}"),
            format!("/recherche?q={value}"),
            format!("/contacts/{value}"),
            format!("/entreprises/{value}/contacts/nouveau"),
            format!("/entreprises?q={value}&q={value}"),
        ] {
            let status = staff.get(&path).await.status.as_u16();
            assert!([200, 303, 400, 404].contains(&status), "{path}: {status}");
        }
    }
    staff
        .get("/recherche?q=a")
        .await
        .expect(200)
        .says("Tapez au moins 2 lettres");
    staff
        .get("/recherche?q=xylophone")
        .await
        .expect(200)
        .says("Aucun résultat pour « xylophone »");
}

#[tokio::test]
async fn the_page_tells_the_company_its_key_status_and_its_history() {
    let (app, mut staff) = house().await;
    let pool = &app.db.pool;
    let siren = Company::new(1, "EXEMPLE MÉCANIQUE DU LYS").add(pool).await;
    make_key(pool, 1, ALBIGEOIS, 2, staff.user_id).await;
    run(
        pool,
        "insert into establishments (siret, siren, diffusible, is_head_office, active, closed_on, insee_code,
           commune_code, source, source_date)
         select siren || '00029', siren, true, false, false, '2019-06-30', '81163', '81163', 'Insee-Sirene', '2026-11-01'
         from companies;
         insert into headcounts (siret, period, granularity, headcount, source, source_date)
         select siret, make_date(2026, m, 1), 'month', 40 + m, 'Fichier DSN', '2026-10-01'
         from establishments, unnest(array[1, 2, 4]) m",
    )
    .await;
    let page = staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .expect(200);
    page.says("Entreprise clé (Albigeois, place 2) depuis le 3 mars 2026")
        .says("88 salariés (avril 2026, Fichier DSN, 1er octobre 2026)")
        .says("Mécanique industrielle (25.62B)")
        .says("Usinage (25.62Y)")
        .says("SAS, société par actions simplifiée")
        .says("Fermé le 30/06/2019")
        .says("Choisie comme entreprise clé (Albigeois, place 2), par Claire Martin")
        .says("Création de l’entreprise")
        .says("03/2026 Non communiqué")
        .says("Source : Insee-Sirene, 1er novembre 2026");
    assert!(
        !page.text.contains("/places/choisir"),
        "it already has a place"
    );
    let free = Company::new(2, "EXEMPLE LIBRE").add(pool).await;
    let page = staff.get(&format!("/entreprises/{free}")).await.expect(200);
    assert!(page.text.contains(&format!(
        "/territoires/{ALBIGEOIS}/places/choisir?siret={}",
        siret(2)
    )));
    page.says("50 à 99 salariés (tranche de l’établissement, 2023, Insee-Sirene)");
}

#[tokio::test]
async fn a_closed_company_is_kept_and_says_since_when() {
    let (app, mut staff) = house().await;
    let siren = Company {
        active: false,
        ..Company::new(1, "EXEMPLE FERMÉE")
    }
    .add(&app.db.pool)
    .await;
    let page = staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .expect(200);
    page.says("Cette entreprise a cessé son activité le 15 septembre 2026.")
        .says("Cessation de l’entreprise");
    assert!(
        !page.text.contains("/places/choisir"),
        "a closed company takes no place"
    );
}

/// Cells of the first sheet as text.
fn sheet(page: &Page) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> =
        Xlsx::new(std::io::Cursor::new(page.bytes.clone())).expect("a workbook");
    let range = book
        .worksheet_range_at(0)
        .expect("a sheet")
        .expect("its cells");
    range
        .rows()
        .map(|row| row.iter().map(Data::to_string).collect())
        .collect()
}

#[tokio::test]
async fn an_export_says_what_it_holds_runs_no_formula_and_leaves_a_trace() {
    let (app, mut staff) = house().await;
    let pool = &app.db.pool;
    let siren = Company::new(1, "=1+1;\"EXEMPLE\"").add(pool).await;
    Company {
        commune: MAZAMET,
        ..Company::new(2, "EXEMPLE AUTRE")
    }
    .add(pool)
    .await;
    let page = staff
        .get("/entreprises/export.csv?territoire=248100737")
        .await
        .expect(200);
    let disposition = page.headers["content-disposition"].to_str().expect("text");
    assert_eq!(
        disposition,
        "attachment; filename=\"entreprises-2026-11-24.csv\""
    );
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .has_headers(false)
        .from_reader(page.text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|record| {
            record
                .expect("a record")
                .iter()
                .map(str::to_owned)
                .collect()
        })
        .collect();
    let head: Vec<&str> = rows
        .iter()
        .filter(|row| row.len() == 1)
        .map(|row| row[0].as_str())
        .collect();
    let head = head.join("\n").replace(['\u{a0}', '\u{202f}'], " ");
    assert!(head.contains("Territoire : Albigeois"), "{head}");
    assert!(
        head.contains("Source : Insee-Sirene, 1er novembre 2026"),
        "{head}"
    );
    assert!(head.contains("Exporté le 24/11/2026 par "), "{head}");
    let data: Vec<&Vec<String>> = rows.iter().filter(|row| row.len() > 5).collect();
    assert_eq!(data.len(), 2, "titles and one company");
    assert_eq!((data[0][0].as_str(), data[0][1].as_str()), ("SIREN", "Nom"));
    assert_eq!(data[1][0], siren);
    assert_eq!(data[1][1], "'=1+1;\"EXEMPLE\"");

    let book = staff
        .get("/entreprises/export.xlsx?territoire=248100737")
        .await
        .expect(200);
    let cells = sheet(&book);
    let row = cells
        .iter()
        .find(|row| row[0] == siren)
        .expect("the company");
    assert!(row[1].ends_with("=1+1;\"EXEMPLE\""), "{row:?}");

    let traces: Vec<(String, serde_json::Value)> = sqlx::query_as(
        "select actor_name, after from audit_events where verb = 'export' order by id",
    )
    .fetch_all(pool)
    .await
    .expect("the audit");
    assert_eq!(traces.len(), 2);
    assert_eq!(traces[0].1["lignes"], 1);
    assert_eq!(traces[0].1["filtres"][0], "Territoire\u{a0}: Albigeois");
}
