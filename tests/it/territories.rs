//! The reference geography, its imports, and the pages that show it.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde_json::json;
use sqlx::{Connection as _, PgConnection, Row as _};
use vigie::auth::audit::Acting;
use vigie::domain::Role;
use vigie::features::territories::contours::import_contours;
use vigie::features::territories::import::{
    Changes, ImportError, TerritoryFiles, import_territories,
};
use vigie::features::territories::queries::{self, Filter};
use vigie::features::territories::reference;

use crate::support::app::TestApp;
use crate::support::db::TestDb;
use crate::support::portfolio::{Company, MAZAMET, assess, make_key, open_alert, siren};

const ALBIGEOIS: &str = "248100737";
const TARN_AGOUT: &str = "200034023";
const CENTRE_TARN: &str = "200034049";
const QUERCY: &str = "248200107";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

async fn count(conn: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(conn)
        .await
        .expect("a count")
}

/// A company that holds a place, as `key_companies` would write it.
async fn hold_place(
    conn: &mut PgConnection,
    territory: &str,
    slot: i16,
    siren: &str,
    name: &str,
    referent: uuid::Uuid,
) {
    let establishment = format!("{siren}00019");
    sqlx::query(
        "insert into companies (siren, diffusible, is_person, name, active, source, source_date)
                 values ($1, true, false, $2, true, 'essai', '2026-01-01')",
    )
    .bind(siren)
    .bind(name)
    .execute(&mut *conn)
    .await
    .expect("a company");
    sqlx::query("insert into establishments (siret, siren, diffusible, is_head_office, active, source, source_date)
                 values ($1, $2, true, true, true, 'essai', '2026-01-01')")
        .bind(&establishment).bind(siren).execute(&mut *conn).await.expect("an establishment");
    sqlx::query("insert into key_companies (id, territory_siren, siren, siret, slot, referent_id, entered_on, entry_motive)
                 values (gen_random_uuid(), $1, $2, $3, $4, $5, '2026-03-27', 'Dernier employeur du bourg')")
        .bind(territory).bind(siren).bind(&establishment).bind(slot).bind(referent)
        .execute(conn).await.expect("a place");
}

/// The package's files for a small département of our own making.
struct Files {
    epci: serde_json::Value,
    communes: serde_json::Value,
}

impl Files {
    /// The Tarn's own geography, as the package writes it.
    fn of_the_tarn() -> Self {
        let package = reference::geography();
        let members = |siren: &str| {
            let of = |m: &&_| -> bool { Self::owner(m) == Some(siren) };
            let list = package.municipalities.iter().filter(of);
            list.map(|m| json!({ "code": m.insee_code }))
                .collect::<Vec<_>>()
        };
        let epci = package.territories.iter().map(|t| {
            json!({ "code": t.siren, "nom": t.name, "type": t.kind, "membres": members(&t.siren) })
        });
        let communes = package.municipalities.iter().map(|m| {
            json!({ "code": m.insee_code, "nom": m.name, "type": "commune-actuelle", "siren": m.siren,
                    "population": m.population, "codesPostaux": m.postcodes })
        });
        let former = package.former.iter().map(|f| {
            json!({ "code": f.insee_code, "nom": f.name, "type": "commune-deleguee", "chefLieu": f.successor })
        });
        Self {
            epci: epci.collect(),
            communes: communes.chain(former).collect(),
        }
    }

    fn owner(
        municipality: &vigie::features::territories::package::MunicipalityData,
    ) -> Option<&str> {
        municipality.territory.as_deref()
    }

    fn members(&mut self, siren: &str) -> &mut Vec<serde_json::Value> {
        let list = self.epci.as_array_mut().expect("a list");
        let epci = list
            .iter_mut()
            .find(|e| e["code"] == siren)
            .expect("the EPCI");
        epci["membres"].as_array_mut().expect("its members")
    }

    fn move_member(&mut self, code: &str, from: &str, to: &str) {
        self.members(from).retain(|m| m["code"] != code);
        self.members(to).push(json!({ "code": code }));
    }

    fn bytes(&self) -> TerritoryFiles {
        TerritoryFiles {
            epci: self.epci.to_string().into(),
            communes: self.communes.to_string().into(),
        }
    }

    async fn import(&self, conn: &mut PgConnection, as_of: &str) -> Result<Changes, ImportError> {
        import_territories(conn, &Acting::command(), &self.bytes(), "81", day(as_of)).await
    }
}

#[tokio::test]
async fn the_reference_holds_the_whole_tarn() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    let row =
        sqlx::query("select count(*), sum(population) from municipalities where department = '81'")
            .fetch_one(&mut conn)
            .await
            .expect("the Tarn");
    assert_eq!((row.get::<i64, _>(0), row.get::<i64, _>(1)), (314, 397_352));
    assert_eq!(
        count(&mut conn, "select count(*) from territories").await,
        16
    );
    assert_eq!(
        count(&mut conn, "select count(*) from current_memberships").await,
        351
    );
    assert_eq!(
        count(
            &mut conn,
            "select count(distinct (tile_column, tile_row)) from territories"
        )
        .await,
        16
    );
    assert_eq!(
        count(&mut conn, "select count(*) from naf_codes").await,
        732
    );
    assert_eq!(
        count(&mut conn, "select count(*) from headcount_bands").await,
        16
    );
    assert_eq!(
        count(&mut conn, "select count(*) from legal_categories").await,
        260
    );
}

#[tokio::test]
async fn loading_the_reference_again_changes_nothing_and_is_told_once() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    let again = reference::load(&mut conn, &Acting::system(), "81")
        .await
        .expect("a load");
    assert!(again.is_empty(), "{again:?}");
    let told = "select count(*) from audit_events where verb = 'reference_loaded'";
    assert_eq!(count(&mut conn, told).await, 1);
    assert_eq!(
        count(&mut conn, "select count(*) from audit_events").await,
        1,
        "no line for each row"
    );
}

#[tokio::test]
async fn several_nodes_that_start_together_load_the_reference_once() {
    let db = TestDb::empty().await;
    vigie::platform::db::migrate(db.options())
        .await
        .expect("the migrations apply");
    let (mut one, mut two) = (db.owner().await, db.owner().await);
    let (acting, other) = (Acting::system(), Acting::system());
    let (one, two) = tokio::join!(
        reference::load(&mut one, &acting, "81"),
        reference::load(&mut two, &other, "81"),
    );
    let mut loaded = [one.expect("a load").len(), two.expect("a load").len()];
    loaded.sort_unstable();
    assert_eq!(loaded, [0, 5]);
}

#[tokio::test]
async fn another_departement_starts_without_the_tarn() {
    let db = TestDb::empty().await;
    vigie::platform::db::migrate(db.options())
        .await
        .expect("the migrations apply");
    let mut conn = db.owner().await;
    reference::load(&mut conn, &Acting::system(), "31")
        .await
        .expect("a load");
    assert_eq!(
        count(&mut conn, "select count(*) from territories").await,
        0
    );
    assert_eq!(
        count(&mut conn, "select count(*) from naf_codes").await,
        732
    );
}

#[tokio::test]
async fn an_old_code_leads_to_the_commune_of_today() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    for old in ["81226", "81241", "81260", "81296", "81301", "81233"] {
        let found = queries::resolve(&mut conn, old)
            .await
            .expect("an answer")
            .expect("a commune");
        assert_eq!(
            (found.insee_code.as_str(), found.name.as_str()),
            ("81233", "Terre-de-Bancalié"),
            "{old}"
        );
        assert_eq!(found.territory_siren.as_deref(), Some(CENTRE_TARN));
        let at = queries::membership_at(&mut conn, old, day("2026-06-01"))
            .await
            .expect("an answer");
        assert_eq!(at.as_deref(), Some(CENTRE_TARN), "{old}");
    }
    assert_eq!(
        queries::resolve(&mut conn, "99999")
            .await
            .expect("an answer"),
        None
    );
}

#[tokio::test]
async fn a_commune_cannot_belong_to_two_territories_at_one_date() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    let error = sqlx::query(
        "insert into territory_memberships values ('81004', $1, '[2026-01-01,2027-01-01)')",
    )
    .bind(CENTRE_TARN)
    .execute(&mut conn)
    .await
    .expect_err("Albi is of the Albigeois");
    let constraint = error.as_database_error().and_then(|e| e.constraint());
    assert_eq!(constraint, Some("territory_memberships_one_at_a_time"));
}

#[tokio::test]
async fn a_commune_that_moves_keeps_its_history() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    let mut files = Files::of_the_tarn();
    files.move_member("81004", ALBIGEOIS, CENTRE_TARN);
    let changes = files
        .import(&mut conn, "2027-01-01")
        .await
        .expect("an import");
    let [moved] = changes.moves.as_slice() else {
        panic!("{:?}", changes.moves)
    };
    assert_eq!(
        (moved.insee_code.as_str(), moved.to.as_deref()),
        ("81004", Some("CC Centre Tarn"))
    );
    let says = "Albi (81004) quitte CA de l’Albigeois (C2A) pour CC Centre Tarn";
    assert!(
        changes.lines().iter().any(|line| line == says),
        "{:?}",
        changes.lines()
    );
    for (date, territory) in [("2026-12-31", ALBIGEOIS), ("2027-01-01", CENTRE_TARN)] {
        let at = queries::membership_at(&mut conn, "81004", day(date))
            .await
            .expect("an answer");
        assert_eq!(at.as_deref(), Some(territory), "{date}");
    }
    assert_eq!(
        count(
            &mut conn,
            "select municipalities_total::int8 from territories where siren = '248100737'"
        )
        .await,
        15
    );
    // The embedded reference is older: the next start leaves the import in force.
    let loaded = reference::load(&mut conn, &Acting::system(), "81")
        .await
        .expect("a load");
    assert!(loaded.is_empty(), "{loaded:?}");
}

#[tokio::test]
async fn the_same_files_twice_change_nothing() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    let files = Files::of_the_tarn();
    for _ in 0..2 {
        let changes = files
            .import(&mut conn, "2027-01-01")
            .await
            .expect("an import");
        assert!(changes.is_empty(), "{changes:?}");
    }
}

#[tokio::test]
async fn a_commune_merged_since_leaves_its_territory_and_keeps_resolving() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    let mut files = Files::of_the_tarn();
    // Terre-de-Bancalié, itself a merger, merges into Réalmont.
    files.members(CENTRE_TARN).retain(|m| m["code"] != "81233");
    for commune in files.communes.as_array_mut().expect("a list") {
        if commune["code"] == "81233" {
            commune["type"] = json!("commune-deleguee");
            commune["chefLieu"] = json!("81222");
        }
    }
    let changes = files
        .import(&mut conn, "2027-01-01")
        .await
        .expect("an import");
    let says = "Terre-de-Bancalié (81233) a fusionné dans Réalmont";
    assert!(
        changes.lines().iter().any(|line| line == says),
        "{:?}",
        changes.lines()
    );
    for old in ["81226", "81233"] {
        let found = queries::resolve(&mut conn, old)
            .await
            .expect("an answer")
            .expect("a commune");
        assert_eq!(found.insee_code, "81222", "{old}");
    }
}

#[tokio::test]
async fn bad_files_are_refused_in_french_and_change_nothing() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    let before = fingerprint(&mut conn).await;
    let text = |bytes: &str| TerritoryFiles {
        epci: bytes.into(),
        communes: b"[]".to_vec(),
    };
    let mut twice = Files::of_the_tarn();
    twice.members(CENTRE_TARN).push(json!({ "code": "81004" }));
    let mut stranger = Files::of_the_tarn();
    stranger
        .members(CENTRE_TARN)
        .push(json!({ "code": "81999" }));
    let mut siren = Files::of_the_tarn();
    siren.epci[0]["code"] = json!("123456789");
    let mut swapped = Files::of_the_tarn().bytes();
    std::mem::swap(&mut swapped.epci, &mut swapped.communes);
    for (files, department, as_of, says) in [
        (
            text("pas du JSON"),
            "81",
            "2027-01-01",
            "Donnez les fichiers epci.json et communes.json",
        ),
        (
            text(""),
            "81",
            "2027-01-01",
            "Donnez les fichiers epci.json et communes.json",
        ),
        (
            swapped,
            "81",
            "2027-01-01",
            "Le fichier epci.json n’est pas celui du paquet",
        ),
        (
            Files::of_the_tarn().bytes(),
            "99",
            "2027-01-01",
            "Vérifiez le code du département",
        ),
        (
            twice.bytes(),
            "81",
            "2027-01-01",
            "La commune 81004 figure dans deux EPCI",
        ),
        (stranger.bytes(), "81", "2027-01-01", "La commune 81999"),
        (
            siren.bytes(),
            "81",
            "2027-01-01",
            "Reprenez le fichier d’origine",
        ),
        (
            Files::of_the_tarn().bytes(),
            "81",
            "2020-01-01",
            "sont plus anciens",
        ),
    ] {
        let refused = import_territories(
            &mut conn,
            &Acting::command(),
            &files,
            department,
            day(as_of),
        )
        .await;
        let message = refused.expect_err(says).to_string();
        assert!(message.contains(says), "{message}");
    }
    assert_eq!(fingerprint(&mut conn).await, before);
}

/// Everything that an import of territories can write.
async fn fingerprint(conn: &mut PgConnection) -> String {
    let mut text = String::new();
    for sql in [
        "select md5(string_agg(t::text, '|' order by siren)) from territories t",
        "select md5(string_agg(t::text, '|' order by insee_code)) from municipalities t",
        "select md5(string_agg(t::text, '|' order by insee_code)) from former_municipalities t",
        "select md5(string_agg(t::text, '|' order by insee_code, period)) from territory_memberships t",
        "select md5(string_agg(t::text, '|' order by code)) from reference_sources t",
        "select coalesce(md5(string_agg(t::text, '|' order by territory_siren)), '') from territory_contours t",
    ] {
        let part: String = sqlx::query_scalar(sql)
            .fetch_one(&mut *conn)
            .await
            .expect("a sum");
        writeln!(text, "{part}").expect("a string");
    }
    text
}

#[tokio::test]
async fn a_territory_across_the_border_counts_inside_and_total_apart() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    let rows = queries::territories(&mut conn, None, "81", &Filter::default())
        .await
        .expect("the list");
    let counts = |siren: &str| {
        let row = rows
            .iter()
            .find(|row| row.siren == siren)
            .expect("the territory");
        (
            row.municipalities_inside,
            row.municipalities_total,
            row.population_inside,
            row.population_total,
        )
    };
    assert_eq!(counts(TARN_AGOUT), (20, 21, 29_483, 30_158));
    assert_eq!(counts(QUERCY), (1, 17, 33, 7_840));
    assert_eq!(counts(ALBIGEOIS), (16, 16, 84_938, 84_938));
    assert_eq!(rows.iter().filter(|row| row.crosses_border()).count(), 4);
    assert_eq!(
        rows.iter().map(|row| row.population_inside).sum::<i32>(),
        397_352
    );
}

#[tokio::test]
async fn the_list_says_all_and_costs_few_queries() {
    let app = TestApp::new().await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let mut conn = app.db.owner().await;
    hold_place(
        &mut conn,
        ALBIGEOIS,
        2,
        "000000018",
        "EXEMPLE Verrerie",
        staff.user_id,
    )
    .await;
    conn.close().await.expect("a clean end");
    let page = staff.get("/territoires").await.expect(200);
    page.says("16 territoires : 1 place prise sur 80")
        .says("314 communes et 397 352 habitants dans le Tarn")
        .says("29 483 habitants, 20 communes dans le Tarn ; 30 158 et 21 au total")
        .says("1 sur 5")
        .says("27/03/2026")
        .says("Périmètres des intercommunalités (DGCL), au 1er janvier 2025");
    assert!(page.sql <= 6, "{} statements", page.sql);
    let rows = page.texts("tbody tr");
    assert_eq!(rows.len(), 16);
    // The map says the same: a link and five marks for each.
    assert_eq!(page.texts(".tuiles a").len(), 16);
    assert!(
        page.texts(".tuiles a")[..]
            .iter()
            .any(|tile| tile.starts_with("Albigeois 1 place occupée sur 5"))
    );
}

#[tokio::test]
async fn the_list_narrows_by_name_commune_and_referent() {
    let app = TestApp::new().await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let mut conn = app.db.owner().await;
    hold_place(
        &mut conn,
        CENTRE_TARN,
        1,
        "000000018",
        "EXEMPLE Verrerie",
        staff.user_id,
    )
    .await;
    conn.close().await.expect("a clean end");
    let links = |page: &crate::support::app::Page| page.texts("tbody th a");
    for (query, expected) in [
        ("q=CORDAIS", vec!["Cordais et Causse"]),
        ("q=realmont", vec!["Centre Tarn"]),
        ("q=ronel", vec!["Centre Tarn"]),
        ("q=%25", vec![]),
        ("q=&referent=junk&tri=junk", vec![]),
    ] {
        let page = staff
            .get(&format!("/territoires?{query}"))
            .await
            .expect(200);
        if query.contains("junk") {
            assert_eq!(links(&page).len(), 16);
        } else {
            assert_eq!(links(&page), expected, "{query}");
        }
    }
    let path = format!("/territoires?referent={}", staff.user_id);
    assert_eq!(links(&staff.get(&path).await.expect(200)), ["Centre Tarn"]);
    let page = staff.get("/territoires?tri=population").await.expect(200);
    assert_eq!(links(&page)[0], "Albigeois");
    let page = staff.get("/territoires?q=zzz").await.expect(200);
    page.says("Aucun territoire ne correspond");
}

#[tokio::test]
async fn an_adviser_sees_only_their_territories() {
    let app = TestApp::new().await;
    let mut adviser = app.sign_in(Role::Adviser, &[TARN_AGOUT]).await;
    let page = adviser.get("/territoires").await.expect(200);
    assert_eq!(page.texts("tbody th a"), ["Tarn-Agout"]);
    assert_eq!(page.texts(".tuiles a").len(), 1);
    page.hides(ALBIGEOIS);
    adviser
        .get(&format!("/territoires/{TARN_AGOUT}/communes"))
        .await
        .expect(200);
    adviser
        .get(&format!("/territoires/{ALBIGEOIS}/communes"))
        .await
        .expect(404);
    let mut newcomer = app.sign_in(Role::Adviser, &[]).await;
    newcomer
        .get("/territoires")
        .await
        .expect(200)
        .says("Aucun territoire ne vous est confié");
}

#[tokio::test]
async fn an_elected_official_reads_counts_and_no_company_name() {
    let app = TestApp::new().await;
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    let mut conn = app.db.owner().await;
    hold_place(
        &mut conn,
        ALBIGEOIS,
        2,
        "000000018",
        "EXEMPLE Verrerie",
        staff.user_id,
    )
    .await;
    conn.close().await.expect("a clean end");
    let page = elected.get("/territoires").await.expect(200);
    page.says("1 place prise sur 80").hides("EXEMPLE");
}

#[tokio::test]
async fn the_communes_of_a_territory_tell_inside_from_outside() {
    let app = TestApp::new().await;
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected
        .get(&format!("/territoires/{TARN_AGOUT}/communes"))
        .await
        .expect(200);
    page.says("Communes dans le Tarn 20 sur 21")
        .says("Habitants dans le Tarn 29 483 sur 30 158");
    assert_eq!(page.texts("tbody tr").len(), 21);
    assert_eq!(
        page.texts("tbody tr")
            .iter()
            .filter(|row| row.contains("hors du département"))
            .count(),
        1
    );
    let page = elected
        .get(&format!("/territoires/{CENTRE_TARN}/communes"))
        .await
        .expect(200);
    page.says("Ronel (81226)");
    assert!(page.sql <= 6, "{} statements", page.sql);
    for wrong in [
        "248100738",
        "-1",
        "0",
        "99999999999999999999999",
        "abc",
        "552100554",
    ] {
        elected
            .get(&format!("/territoires/{wrong}/communes"))
            .await
            .expect(404);
    }
}

/// Sixteen squares in a row with a wavy side, each with the SIREN of a territory, and one of elsewhere.
fn squares(points_by_side: u32) -> String {
    let ring = |rank: u32| {
        let west = 1.5 + f64::from(rank) * 0.1;
        let step = |i: u32| f64::from(i) / f64::from(points_by_side) * 0.1;
        let wave = |i: u32| (f64::from(i) / 7.0).sin() / 400.0;
        let mut ring: Vec<[f64; 2]> = (0..points_by_side)
            .map(|i| [west + step(i), 43.5 + wave(i)])
            .collect();
        ring.extend([
            [west + 0.1, 43.5],
            [west + 0.1, 43.6],
            [west, 43.6],
            [west, 43.5],
        ]);
        ring
    };
    let sirens = reference::geography()
        .territories
        .into_iter()
        .map(|t| t.siren);
    let features = sirens
        .chain(["243100518".to_owned()])
        .zip(0_u32..)
        .map(|(siren, rank)| {
            json!({ "type": "Feature", "properties": { "siren": siren },
                "geometry": { "type": "Polygon", "coordinates": [ring(rank)] } })
        });
    json!({ "type": "FeatureCollection", "features": features.collect::<Vec<_>>() }).to_string()
}

/// A file of the test, gone with it.
struct TempFile(std::path::PathBuf);

impl TempFile {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("vigie-{}-{name}", uuid::Uuid::new_v4()));
        std::fs::write(&path, text).expect("a file");
        Self(path)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).expect("the file goes");
    }
}

#[tokio::test]
async fn contours_take_the_place_of_the_tiles_and_stay_light() {
    let app = TestApp::new().await;
    let mut conn = app.db.owner().await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    hold_place(
        &mut conn,
        ALBIGEOIS,
        2,
        "000000018",
        "EXEMPLE Verrerie",
        staff.user_id,
    )
    .await;
    let file = TempFile::new("epci.geojson", &squares(4_000));
    let now = app.state.clock.now();
    for _ in 0..2 {
        let map = import_contours(&mut conn, &Acting::command(), &file.0, now)
            .await
            .expect("a map");
        assert_eq!((map.drawn, map.missing), (16, 0));
        assert!(map.bytes <= 60_000, "{} bytes", map.bytes);
    }
    let page = staff.get("/territoires").await.expect(200);
    assert_eq!(page.texts("svg.carte a").len(), 16);
    assert!(page.texts(".tuiles").is_empty());
    assert!(
        page.text
            .contains("aria-label=\"1/5 Albigeois. 1 place occupée sur 5")
    );
    assert!(page.texts("svg.carte text").contains(&"1/5".to_owned()));
    page.says("importés le 24 novembre 2026");
    let map = &page.text[page.text.find("<svg class=\"carte\"").expect("a map")..];
    let map = &map[..map.find("</svg>").expect("its end")];
    assert!(map.len() <= 64_000, "{} bytes", map.len());
    // An adviser's map holds their territories only.
    let mut adviser = app.sign_in(Role::Adviser, &[TARN_AGOUT]).await;
    let page = adviser.get("/territoires").await.expect(200);
    assert_eq!(page.texts("svg.carte a").len(), 1);
}

#[tokio::test]
async fn bad_contours_are_refused_in_french_and_the_map_stays() {
    let db = TestDb::new().await;
    let mut conn = db.owner().await;
    let good = TempFile::new("epci.geojson", &squares(4));
    let at = "2026-11-24T09:00:00Z".parse().expect("a date");
    import_contours(&mut conn, &Acting::command(), &good.0, at)
        .await
        .expect("a map");
    let before = fingerprint(&mut conn).await;
    let elsewhere = squares(4).replace("\"siren\":\"2", "\"autre\":\"2");
    let whole = squares(4);
    for (text, says) in [
        ("", "vide"),
        ("siren;nom\n248100737;C2A\n", "GeoJSON"),
        (r#"{"type":"FeatureCollection","features":[]}"#, "connu"),
        (&whole[..whole.len() / 2], "incomplet"),
        (&elsewhere.replace("248100737", "248100738"), "SIREN"),
    ] {
        let bad = TempFile::new("epci.geojson", text);
        let refused = import_contours(&mut conn, &Acting::command(), &bad.0, at).await;
        let message = refused.expect_err(says).to_string();
        assert!(message.contains(says), "{message}");
        assert!(
            message.starts_with("Contours refusés, la carte reste comme avant"),
            "{message}"
        );
    }
    assert_eq!(fingerprint(&mut conn).await, before);
}

#[tokio::test]
async fn shapes_are_said_in_words_and_most_alerts_come_first() {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let siren = Company::new(1, "EXEMPLE VERRERIE").add(pool).await;
    let other = Company {
        commune: MAZAMET,
        ..Company::new(2, "EXEMPLE TISSAGE")
    };
    let other = other.add(pool).await;
    make_key(pool, 1, ALBIGEOIS, 1, staff.user_id).await;
    assess(pool, &siren, Some("high"), "none").await;
    let assessment = assess(pool, &other, Some("critical"), "none").await;
    open_alert(pool, &other, assessment, "critical").await;
    let page = staff.get("/territoires").await.expect(200);
    page.says("Territoires et leurs cinq places, plus d’alertes d’abord")
        .says("1 alerte ouverte")
        .says("1 place occupée sur 5 : 1 élevée")
        .says("Place libre");
    let names = page.texts("tbody th a");
    assert_eq!(names[..2], ["Castres-Mazamet", "Albigeois"]);
    assert_eq!(page.texts("ul.zones").len(), 1);
    let page = staff.get("/territoires?tri=nom").await.expect(200);
    assert_eq!(page.texts("tbody th a")[0], "Albigeois");
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    for path in [
        "/territoires".to_owned(),
        format!("/territoires/{ALBIGEOIS}"),
    ] {
        // The only company of its territory: a level would be its own.
        let page = elected.get(&path).await.expect(200);
        page.says("1 place occupée sur 5")
            .says("seulement si elles sont au moins trois")
            .hides("1 élevée")
            .hides("alerte ouverte")
            .hides("VERRERIE");
    }
    // Nor can the list be sorted by what it does not tell.
    let page = elected.get("/territoires?tri=alertes").await.expect(200);
    assert_eq!(page.texts("tbody th a")[0], "Albigeois");
    page.says("par nom").hides("Alertes ouvertes");
    // Those who see names and no level read neither levels nor alerts.
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let page = admin.get("/territoires?tri=alertes").await.expect(200);
    page.says("1 place occupée sur 5")
        .says("par nom")
        .hides("élevée")
        .hides("non évaluée")
        .hides("alerte ouverte");
}

#[tokio::test]
async fn an_official_reads_how_many_are_in_alert_only_where_it_points_at_nobody_and_what_is_late() {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    let staff = app.sign_in(Role::Staff, &[]).await;
    for n in 1..=5 {
        let siren = Company::new(n, &format!("EXEMPLE {n}")).add(pool).await;
        let slot = n.try_into().expect("a place");
        make_key(pool, n, ALBIGEOIS, slot, staff.user_id).await;
        assess(pool, &siren, Some("low"), "none").await;
    }
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let paths = [
        "/territoires".to_owned(),
        format!("/territoires/{ALBIGEOIS}"),
    ];
    for (in_alert, told) in [(1, false), (2, false), (3, true), (4, true), (5, false)] {
        let siren = siren(in_alert);
        sqlx::query("update company_risks set retained = 'critical' where siren = $1")
            .bind(&siren)
            .execute(pool)
            .await
            .expect("a level");
        for path in &paths {
            let page = elected.get(path).await.expect(200);
            page.says("5 places occupées sur 5")
                .hides("Critique")
                .hides(" critique")
                .hides("EXEMPLE")
                .hides(&siren);
            let counted = format!("{in_alert} en alerte");
            assert_eq!(page.words().contains(&counted), told, "{path}: {counted}");
            if !told {
                assert!(!page.words().contains(" en alerte Albigeois"), "{path}");
                assert!(page.texts(".cinq .eleve").is_empty(), "{path}");
            }
        }
    }
    // What is late is counted, without a name.
    sqlx::query(
        "with p as (
           insert into action_plans (id, siren, objective, opened_on, opened_by, created_at)
           values (gen_random_uuid(), $1, 'Objectif.', '2026-10-01', $2, '2026-10-01') returning id)
         insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, starts_on, due_on,
                              created_by, created_at)
         select gen_random_uuid(), p.id, 'land', 'support', 'Trouver un terrain', u.organisation_id, '2026-10-01',
                d.due, u.id, '2026-10-01'
         from p, users u, (values (date '2026-11-01'), (date '2026-11-24'), (date '2026-12-24')) d (due)
         where u.id = $2",
    )
    .bind(siren(1))
    .bind(staff.user_id)
    .execute(pool)
    .await
    .expect("actions");
    elected
        .get(&paths[1])
        .await
        .expect(200)
        .says("Actions en retard 1")
        .says("Décisions d’atelier en retard 0")
        .hides("Trouver un terrain");
}
