//! Social data: off by default, on with a legal basis, read by people named one by one, seen nowhere
//! else, deleted with the right to hold them.

use chrono::TimeDelta;
use vigie::domain::Role;
use vigie::features::alerts::run as scoring;
use vigie::features::{risk, social};

use crate::support::app::{Client, Form, Page, TestApp};
use crate::support::portfolio::{ALBIGEOIS, reference, run};

const SETTINGS: &str = "/reglages/donnees-sociales";
const END: &str = "/reglages/donnees-sociales/desactiver";
const READERS: &str = "/reglages/donnees-sociales/lecteurs";
/// The company of the samples of `formats.md`: readers of Urssaf check the key of a SIRET.
const SIREN: &str = "000081018";
const SIRET: &str = "00008101800012";
const BASIS: &str = "Article L.1 du code d’essai, alinéa 2";

/// Debts of a company of the tests: amounts that nothing else can hold, the last one in October.
fn debts() -> String {
    let (siren, siret) = (SIREN, SIRET);
    let head = "Urssaf_gestion;Dep;num_cpte;Siren;Siret;Dt_immat;Etat_cpte;Cd_pro_col;Periode;Num_Ecn;\
                Num_Hist_Ecn;Dt_trt_ecn;Mt_PO;Mt_PP;Cd_op_ecn;Motif_ecn;Recours_en_cours";
    let line = |gap: u32, period: &str, on: &str, po: &str, pp: &str| {
        format!(
            "730;81;810000000000000001;{siren};{siret};19940301;1;0;{period};{gap};1;{on};{po};{pp};1;9;0"
        )
    };
    [
        head.to_owned(),
        line(101, "202611", "1260310", "412537", "1187641"),
        line(102, "202632", "1261005", "2345678", "5308643"),
        line(103, "202632", "1261005", "montant secret 4242", "1"),
    ]
    .join("\n")
}

fn contributions() -> String {
    let siret = SIRET;
    format!(
        "Urssaf_gestion;Dep;Siret;Compte;periode;mer;enc_direct;cotis_due\n\
         730;81;{siret};810000000000000001;202621;0;31415.93;98765.43\n\
         730;81;{siret};810000000000000001;202622;0;31415.93;98765,43\n"
    )
}

fn delays() -> String {
    let siret = SIRET;
    format!(
        "Urssaf_gestion;Dep;Siret;Numero_compte_externe;Numero_structure;Date_creation;Date_echeance;Duree_delai;\
         Denomination_premiere_ligne;Indic_6M;Annee_creation;Montant_global_echeancier;Code_externe_stade;\
         Code_externe_action\n\
         730;81;{siret};810000000000000001;7302026000001;05/09/2026;04/09/2027;364;EXEMPLE;SUP;2026;27182.81;APPROB;SUR PO\n"
    )
}

struct House {
    app: TestApp,
    admin: Client,
    staff: Client,
}

impl House {
    async fn new() -> Self {
        let app = TestApp::new().await;
        reference(&app.db.pool).await;
        run(
            &app.db.pool,
            "insert into companies (siren, diffusible, is_person, name, active, naf_code, naf_nomenclature,
               head_office_siret, local_siret, source, source_date)
             values ('000081018', true, false, 'EXEMPLE MÉCANIQUE', true, '25.62B', 'rev2', '00008101800012',
               '00008101800012', 'Insee-Sirene', '2026-11-01');
             insert into establishments (siret, siren, diffusible, is_head_office, active, commune_code,
               commune_label, insee_code, source, source_date)
             values ('00008101800012', '000081018', true, true, true, '81004', '81004', '81004', 'Insee-Sirene',
               '2026-11-01')",
        )
        .await;
        let admin = app.sign_in(Role::Admin, &[]).await;
        let staff = app.sign_in(Role::Staff, &[]).await;
        Self { app, admin, staff }
    }

    /// The form of the activation, filled.
    async fn activation(&mut self) -> Form {
        let page = self.admin.get(SETTINGS).await.expect(200);
        page.form(SETTINGS)
            .set("base", BASIS)
            .set("reference", "Convention d’essai n° 12")
    }

    async fn activate(&mut self) {
        let form = self.activation().await;
        self.admin.submit(&form).await.expect(303);
    }

    /// Names the staff of the house.
    async fn name(&mut self) -> Page {
        let page = self.admin.get(SETTINGS).await.expect(200);
        let form = page
            .form(READERS)
            .set("personne", &self.staff.user_id.to_string())
            .set("motif", "Suit les entreprises en difficulté");
        self.admin.submit(&form).await
    }

    async fn end(&mut self) -> Page {
        let page = self.admin.get(END).await.expect(200);
        let form = page.form(END).set("motif", "Fin de la convention");
        let form = form.set("effacer", "oui");
        self.admin.submit(&form).await
    }

    /// Deposits files; gives the page of the import.
    async fn deposit(&mut self, files: &[(&str, &str)]) -> Page {
        let page = self.staff.get("/imports/nouveau").await.expect(200);
        let form = page.form("/imports/nouveau");
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
        let answer = self
            .staff
            .upload(&form, "fichiers", &files)
            .await
            .expect(303);
        self.staff
            .get(&answer.location().expect("a page"))
            .await
            .expect(200)
    }

    async fn confirm(&mut self, page: &Page) -> Page {
        let form = page.form(&format!("{}/confirmer", page.path));
        self.staff.submit(&form).await.expect(303);
        self.staff.get(&page.path).await.expect(200)
    }

    async fn import_all(&mut self) -> Page {
        let (debts, contributions, delays) = (debts(), contributions(), delays());
        let files = [
            ("debits.csv", debts.as_str()),
            ("cotisations.csv", contributions.as_str()),
            ("delais.csv", delays.as_str()),
        ];
        let page = self.deposit(&files).await;
        self.confirm(&page).await
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&self.app.db.pool)
            .await
            .expect("a number")
    }

    async fn score(&self) {
        let mut conn = self.app.state.pool.acquire().await.expect("a connection");
        let clock = &self.app.state.clock;
        scoring::catch_up(&mut conn, clock.today(), clock.now())
            .await
            .expect("scored");
    }
}

fn reading() -> String {
    format!("/entreprises/{SIREN}/donnees-sociales")
}

const SOCIAL_FACTS: &str = "select count(*) from facts where kind like 'social%'";

#[tokio::test]
async fn it_is_off_by_default_and_the_importer_is_told_why() {
    let mut house = House::new().await;
    house
        .admin
        .get(SETTINGS)
        .await
        .expect(200)
        .says("Désactivées : aucun fichier n’est accepté");
    let page = house.deposit(&[("debits.csv", &debts())]).await;
    page.says("base juridique")
        .says("Demandez-le à l’administration de Vigie")
        .hides(&format!("href=\"{SETTINGS}"));
    let page = house.admin.get(&page.path).await.expect(200);
    assert!(page.text.contains(&format!("href=\"{SETTINGS}")));
    assert_eq!(house.count(SOCIAL_FACTS).await, 0);
    // Whatever writes: the schema refuses too.
    let refused = sqlx::query(
        "insert into facts (kind, key, siren, happened_on, content, source, source_date)
         values ('social_debt', 'k', $1, '2026-01-01', '{}', 'Urssaf', '2026-01-01')",
    )
    .bind(SIREN)
    .execute(&house.app.db.pool)
    .await;
    let refused = refused.expect_err("refused");
    assert!(refused.to_string().contains("activation"), "{refused}");
}

#[tokio::test]
async fn an_activation_needs_a_basis_and_a_period_and_there_is_one_at_a_time() {
    let mut house = House::new().await;
    let form = house.activation().await;
    let bad = form
        .clone()
        .set("base", "trop court")
        .set("debut", "2026-11-24")
        .set("fin", "2029-11-25");
    let page = house.admin.submit(&bad).await.expect(422);
    page.says("vingt caractères au moins.")
        .says("Trois ans au plus : indiquez le 24 novembre 2029");
    assert_eq!(
        page.form(SETTINGS).value("reference"),
        Some("Convention d’essai n° 12")
    );
    house.admin.submit(&form).await.expect(303);
    // The same click again.
    house.admin.submit(&form).await.expect(303);
    let page = house.admin.get(SETTINGS).await.expect(200);
    page.says("Activées depuis le 24 novembre 2026, jusqu’au 24 novembre 2027.")
        .says(BASIS)
        .says("Activées par Administration");
    let other = form.set("_cle", &uuid::Uuid::now_v7().to_string());
    house.admin.submit(&other).await.expect(409);
    assert_eq!(
        house
            .count("select count(*) from social_data_activations")
            .await,
        1
    );
    house
        .admin
        .get("/journal")
        .await
        .says("a activé les données sociales et fiscales")
        .says("Article L.1 du code d’essai");
    for sql in [
        "update social_data_activations set valid_until = null",
        "delete from social_data_activations",
        "delete from social_data_readers",
        "truncate social_data_readers",
    ] {
        let mut owner = house.app.db.owner().await;
        let done = sqlx::raw_sql(sql).execute(&mut owner).await;
        assert!(done.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn before_its_day_and_after_its_end_nothing_is_accepted_nor_read() {
    let mut house = House::new().await;
    let form = house.activation().await;
    let form = form.set("debut", "2026-12-01").set("fin", "2027-01-31");
    house.admin.submit(&form).await.expect(303);
    house
        .admin
        .get(SETTINGS)
        .await
        .says("Activées à partir du 1er décembre 2026");
    house.name().await.expect(303);
    house.staff.get(&reading()).await.expect(403);
    house
        .deposit(&[("debits.csv", &debts())])
        .await
        .says("base juridique");
    house.app.wait(TimeDelta::days(7));
    house.staff = house.app.session_of(house.staff.user_id).await;
    house.staff.get(&reading()).await.expect(200);
    house.import_all().await.says("Import enregistré");
    assert!(house.count(SOCIAL_FACTS).await > 0);
    // The last day counts; the next one ends it, and the upkeep deletes.
    house.app.wait(TimeDelta::days(61));
    house.staff = house.app.session_of(house.staff.user_id).await;
    house.staff.get(&reading()).await.expect(200);
    house.app.wait(TimeDelta::days(1));
    house.staff = house.app.session_of(house.staff.user_id).await;
    house.staff.get(&reading()).await.expect(403);
    let clock = house.app.state.clock.clone();
    let mut conn = house.app.state.pool.acquire().await.expect("a connection");
    let forgotten = social::run::expire(&mut conn, clock.today(), clock.now()).await;
    assert_eq!(forgotten.expect("ended"), 5);
    assert_eq!(house.count(SOCIAL_FACTS).await, 0);
    house.admin = house.app.session_of(house.admin.user_id).await;
    house
        .admin
        .get(SETTINGS)
        .await
        .says("Désactivées")
        .says("Fin par Vigie")
        .says("5 faits effacés");
}

#[tokio::test]
async fn only_named_staff_read_and_every_visit_is_written() {
    let mut house = House::new().await;
    house.activate().await;
    house.import_all().await;
    let path = reading();
    for role in Role::ALL {
        let mut other = house.app.sign_in(role, &[ALBIGEOIS]).await;
        other
            .get(&path)
            .await
            .expect(403)
            .says("l’administration de Vigie");
    }
    assert_eq!(
        house
            .count("select count(*) from audit_events where object_type = 'social_data'")
            .await,
        4
    );
    let adviser = house.app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let page = house.admin.get(SETTINGS).await.expect(200);
    page.hides(&adviser.user_id.to_string());
    let forced = page.form(READERS);
    let key = forced.value("_cle").expect("a key").to_owned();
    let adviser_id = adviser.user_id.to_string();
    let fields = [
        ("_cle", key.as_str()),
        ("personne", adviser_id.as_str()),
        ("motif", "Motif d’essai suffisant"),
    ];
    house
        .admin
        .post(READERS, &fields)
        .await
        .expect(422)
        .says("choisissez quelqu’un de la liste");
    house.name().await.expect(303);
    let company = format!("/entreprises/{SIREN}");
    let page = house.staff.get(&company).await.expect(200);
    assert!(page.text.contains(&format!("{company}/donnees-sociales")));
    let page = house.staff.get(&path).await.expect(200);
    page.says("Dette à ce jour : 92 545 €, sans interruption depuis mars 2026.")
        .says("La dette a augmenté de 76 543 € en trois mois, soit 77 % d’un mois habituel de cotisations (98 765 €), depuis octobre 2026.")
        .says("Octobre 2026")
        .says("27 183 €")
        .says("Accordé")
        .says("31 416 €")
        .says("Source : Urssaf, données du 24 novembre 2026, import « debits.csv, cotisations.csv, delais.csv »");
    assert!(page.sql <= 8, "{} statements", page.sql);
    house.staff.get(&path).await.expect(200);
    house
        .admin
        .get("/journal")
        .await
        .says("a lu les données sociales de EXEMPLE MÉCANIQUE")
        .says("s’est vu refuser les données sociales de EXEMPLE MÉCANIQUE")
        .says("a donné à");
    let page = house.admin.get(SETTINGS).await.expect(200);
    assert_eq!(page.texts("#lectures-legende").len(), 1);
    let words = page.words();
    assert_eq!(words.matches("Lue").count(), 2, "{words}");
    assert_eq!(words.matches("Refusée").count(), 4, "{words}");
    // Taken back by the administration: the next click is refused.
    let start = page.text.find(&format!("{READERS}/")).expect("a right");
    let id = &page.text[start + READERS.len() + 1..][..36];
    let form = page.form(&format!("{READERS}/{id}/retirer"));
    house.admin.submit(&form).await.expect(303);
    house.staff.get(&path).await.expect(403);
    let page = house.staff.get(&company).await.expect(200);
    page.hides("donnees-sociales");
}

#[tokio::test]
async fn who_leaves_the_staff_loses_the_right_for_good() {
    let mut house = House::new().await;
    house.activate().await;
    house.name().await.expect(303);
    house.staff.get(&reading()).await.expect(200);
    for role in ["adviser", "staff"] {
        sqlx::query("update users set role = $2 where id = $1")
            .bind(house.staff.user_id)
            .bind(role)
            .execute(&house.app.db.pool)
            .await
            .expect("a role");
        house.staff.get(&reading()).await.expect(403);
    }
}

#[tokio::test]
async fn an_import_is_previewed_again_and_undone_without_a_row_shown() {
    let mut house = House::new().await;
    house.activate().await;
    let other = "siret;nom;commune\n00002001600010;EXEMPLE;Albi\n";
    house
        .deposit(&[("debits.csv", &debts()), ("liste.csv", other)])
        .await
        .says("Déposez ces fichiers à part");
    let report = house.import_all().await;
    report
        .says("5 lignes créées")
        .says("1 à corriger")
        .says("ne sont montrées ici à personne")
        .hides(SIRET);
    hides_amounts(&report);
    let faults = house
        .staff
        .get(&format!("{}/rejets.csv", report.path))
        .await
        .expect(200);
    assert!(faults.text.contains("non affichée"), "{}", faults.text);
    hides_amounts(&faults);
    let listed = house
        .staff
        .get(&format!("{}?voir=facts-created", report.path))
        .await
        .expect(200);
    listed.hides("social_debt").hides(SIRET);
    let again = house
        .deposit(&[("cotisations.csv", &contributions())])
        .await;
    again.says("toutes déjà à jour");
    let undo = format!("{}/annuler", report.path);
    let page = house.staff.get(&undo).await.expect(200);
    house.staff.submit(&page.form(&undo)).await.expect(303);
    assert_eq!(house.count(SOCIAL_FACTS).await, 0);
}

#[tokio::test]
async fn a_preview_cannot_be_confirmed_once_turned_off() {
    let mut house = House::new().await;
    house.activate().await;
    let preview = house.deposit(&[("debits.csv", &debts())]).await;
    house.end().await.expect(303);
    house
        .confirm(&preview)
        .await
        .says("Les données sociales ne sont plus activées");
    assert_eq!(house.count("select count(*) from staged_facts").await, 0);
    assert_eq!(house.count(SOCIAL_FACTS).await, 0);
}

/// The pages of the imports say that nothing is left, and offer nothing.
async fn assert_nothing_to_undo(house: &mut House) {
    let list = house.staff.get("/imports").await.expect(200);
    list.says("Effacé à la fin de l’activation")
        .hides("Enregistré");
    let id: uuid::Uuid = sqlx::query_scalar("select id from imports order by created_at limit 1")
        .fetch_one(&house.app.db.pool)
        .await
        .expect("an import");
    let path = format!("/imports/{id}");
    let page = house.staff.get(&path).await.expect(200);
    page.says("a été effacé à la fin de l’activation")
        .says("Ce que le fichier avait changé")
        .hides("Annuler cet import");
    let undo = format!("{path}/annuler");
    let asked = house.staff.get(&undo).await.expect(303);
    assert_eq!(asked.location().as_deref(), Some(path.as_str()));
    house.staff.post(&undo, &[]).await.expect(303);
    let applied = "select count(*) from imports where status = 'applied'";
    assert_eq!(house.count(applied).await, 2);
}

#[tokio::test]
async fn the_end_asks_then_takes_the_rights_and_the_facts_along() {
    let mut house = House::new().await;
    house.activate().await;
    house.name().await.expect(303);
    house.import_all().await;
    let changed = debts().replace("5308643", "5308699");
    let page = house.deposit(&[("debits.csv", &changed)]).await;
    house.confirm(&page).await.says("1 modifiée");
    let page = house.admin.get(END).await.expect(200);
    page.says("5 faits sur 1 entreprise");
    let form = page.form(END).set("motif", "court");
    house
        .admin
        .submit(&form)
        .await
        .expect(422)
        .says("2 points à corriger");
    assert_eq!(house.count(SOCIAL_FACTS).await, 5);
    let stale = page.form(END).set("motif", "Fin de la convention");
    let done = house.end().await.expect(303);
    house
        .admin
        .get(&done.location().expect("the settings"))
        .await
        .says("Données sociales désactivées : 5 faits effacés.")
        .says("Fin de la convention");
    house
        .admin
        .submit(&stale.set("effacer", "oui"))
        .await
        .expect(409);
    assert_eq!(house.count(SOCIAL_FACTS).await, 0);
    assert_nothing_to_undo(&mut house).await;
    let ledger = "select count(*) from import_changes where row_key like 'social%'";
    assert_eq!(house.count(ledger).await, 0);
    let rights = "select count(*) from social_data_readers where revoked_at is null";
    assert_eq!(house.count(rights).await, 0);
    house.staff.get(&reading()).await.expect(403);
    // Told by its number only.
    let told = "select count(*) from audit_events where object_type = 'facts'";
    assert_eq!(house.count(told).await, 0);
    let amounts = "select count(*) from audit_events where concat(before, after) like '%53086%'";
    assert_eq!(house.count(amounts).await, 0);
    house
        .admin
        .get("/journal")
        .await
        .says("a mis fin aux données sociales et fiscales");
    // Nothing else of the ledger can be deleted.
    let list = "siret;nom;commune\n00002001600010;EXEMPLE;Albi\n";
    let page = house.deposit(&[("liste.csv", list)]).await;
    house.confirm(&page).await;
    let mut owner = house.app.db.owner().await;
    let refused = sqlx::raw_sql("delete from import_changes")
        .execute(&mut owner)
        .await;
    assert!(refused.is_err());
}

/// Amounts of the files, as they are written and as pages group them.
fn hides_amounts(page: &Page) {
    let plain: String = page
        .text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
        .collect();
    for amount in [
        "2345678", "5308643", "76543", "98765", "9876543", "31415", "27182", "27183", "412537",
        "1187641", "92545", "4242",
    ] {
        assert!(!plain.contains(amount), "{amount} is in {}", page.path);
    }
}

#[tokio::test]
async fn it_enters_no_export_no_search_no_page_but_its_own() {
    let mut house = House::new().await;
    house.activate().await;
    house.name().await.expect(303);
    house.import_all().await;
    house.score().await;
    let siren = SIREN;
    let mut adviser = house.app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let mut elected = house.app.sign_in(Role::Elected, &[ALBIGEOIS]).await;
    let mut pages = Vec::new();
    for path in [
        "/".to_owned(),
        "/entreprises".to_owned(),
        "/entreprises/export.csv".to_owned(),
        "/alertes".to_owned(),
        "/territoires".to_owned(),
        format!("/territoires/{ALBIGEOIS}"),
        format!("/territoires/{ALBIGEOIS}/vivier"),
        format!("/entreprises/{siren}"),
        format!("/entreprises/{siren}/faits"),
        format!("/entreprises/{siren}/impact"),
    ] {
        pages.push(house.staff.get(&path).await);
        pages.push(house.admin.get(&path).await);
        pages.push(adviser.get(&path).await);
        pages.push(elected.get(&path).await);
    }
    for page in &pages {
        hides_amounts(page);
        for word in [
            "social_",
            "Dette sociale",
            "Urssaf,",
            "DELAI",
            "Délai de paiement social",
        ] {
            page.hides(word);
        }
    }
    for asked in [
        "5308643",
        "53 086,43",
        "Urssaf",
        "dette sociale",
        "7302026000001",
    ] {
        let asked = asked.replace(' ', "+");
        for path in ["/recherche", "/entreprises", "/entreprises/export.csv"] {
            let page = house
                .staff
                .get(&format!("{path}?q={asked}"))
                .await
                .expect(200);
            page.hides("MÉCANIQUE");
        }
    }
    let mut journal = house.admin.get("/journal").await.expect(200);
    hides_amounts(&journal);
    journal = house.admin.get("/imports").await.expect(200);
    hides_amounts(&journal);
}

#[tokio::test]
async fn a_rise_raises_the_level_by_one_and_says_only_that_a_fact_is_reserved() {
    let mut house = House::new().await;
    let siren = SIREN;
    sqlx::query(
        "insert into signals (id, siren, kind, observed_on, motive, expires_on, author_id, author_name, created_at)
         select gen_random_uuid(), $1, kind, '2026-11-01', 'Motif d’essai.', '2027-05-01', $2, 'EXEMPLE', '2026-11-01'
           from unnest('{bank,client_loss}'::text[]) kind",
    )
    .bind(siren)
    .bind(house.staff.user_id)
    .execute(&house.app.db.pool)
    .await
    .expect("a signal");
    house.score().await;
    let level = "select count(*) from company_risks where retained = 'high'";
    assert_eq!(house.count(level).await, 1);
    house.activate().await;
    house.import_all().await;
    house.score().await;
    let raised = "select count(*) from company_risks where retained = 'critical'";
    assert_eq!(house.count(raised).await, 1);
    let page = house
        .staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .expect(200);
    page.says("un fait réservé");
    hides_amounts(&page);
    let cause: String = sqlx::query_scalar(
        "select string_agg(sentence, ' ') from alert_causes where sentence like '%critique%'",
    )
    .fetch_one(&house.app.db.pool)
    .await
    .expect("a cause");
    assert!(cause.contains("un fait réservé"), "{cause}");
    // What is kept for ever says no more.
    let kept: String = sqlx::query_scalar(
        "select string_agg(concat(cause, inputs, explanation), ' ') from risk_assessments",
    )
    .fetch_one(&house.app.db.pool)
    .await
    .expect("assessments");
    for word in ["76543", "7654321", "Urssaf", "social", "dette"] {
        assert!(!kept.contains(word), "{word} is in {kept}");
    }
    house.end().await.expect(303);
    house.score().await;
    assert_eq!(house.count(level).await, 1);
    let mut conn = house.app.state.pool.acquire().await.expect("a connection");
    let verified = risk::run::verify(&mut conn).await.expect("verified");
    assert_eq!((verified.checked, verified.different), (3, 0));
}
