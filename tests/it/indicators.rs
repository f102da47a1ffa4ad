//! The indicators: what is counted, who reads it, what is kept.

use calamine::{Data, Reader as _, Xlsx};
use chrono::NaiveDate;
use vigie::domain::Role;
use vigie::features::indicators::queries::{context, counted, forget_changes, outcomes};
use vigie::features::indicators::snapshots;

use crate::pdf::{Read, printer};
use crate::support::app::{Client, Page, TestApp};
use crate::support::portfolio::{
    ALBIGEOIS, CASTRES, Company, MAZAMET, assess, make_key, open_alert, reference, siren, siret,
};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

async fn enter(app: &TestApp, n: u32, on: &str) {
    sqlx::query("update key_companies set entered_on = $2 where siren = $1")
        .bind(siren(n))
        .bind(day(on))
        .execute(&app.db.pool)
        .await
        .expect("an entry");
}

async fn jobs(app: &TestApp, n: u32, year: i32, count: i32) {
    sqlx::query(
        "insert into headcounts (siret, period, granularity, headcount, source, source_date)
         values ($1, make_date($2, 1, 1), 'year', $3, 'Urssaf', '2026-11-01')",
    )
    .bind(siret(n))
    .bind(year)
    .bind(count)
    .execute(&app.db.pool)
    .await
    .expect("a headcount");
}

/// Seven companies that entered in June 2025: one of each verdict, and one that entered this year.
async fn house() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    let names = [
        "EXEMPLE GARDE",
        "EXEMPLE FERME",
        "EXEMPLE LIQUIDE",
        "EXEMPLE PERD",
        "EXEMPLE MUETTE",
        "EXEMPLE RÉCENTE",
    ];
    for (n, name) in (1..).zip(names) {
        let elsewhere = n > 5;
        Company {
            active: n != 2,
            commune: if elsewhere { MAZAMET } else { "81004" },
            ..Company::new(n, name)
        }
        .add(pool)
        .await;
        let (territory, slot) = if elsewhere {
            (CASTRES, 1)
        } else {
            (ALBIGEOIS, i16::try_from(n).expect("a slot"))
        };
        make_key(pool, n, territory, slot, staff.user_id).await;
        enter(&app, n, if n == 6 { "2026-05-05" } else { "2025-06-02" }).await;
    }
    for n in [1, 2, 3, 4] {
        jobs(&app, n, 2025, 100).await;
        // The threshold itself is enough.
        jobs(&app, n, 2026, if n == 4 { 79 } else { 80 }).await;
    }
    assess(pool, &siren(3), None, "liquidation").await;
    (app, staff)
}

async fn meet(app: &TestApp, n: u32, on: &str, by: uuid::Uuid) {
    sqlx::query(
        "insert into meetings (id, siren, kind, held_on, summary, author_id, author_name, organisation_id,
                               by_council, created_at)
         select gen_random_uuid(), $1, 'visit', $2, 'Visite de l’atelier.', u.id, u.full_name, u.organisation_id,
                true, now()
         from users u where u.id = $3",
    )
    .bind(siren(n))
    .bind(day(on))
    .bind(by)
    .execute(&app.db.pool)
    .await
    .expect("a meeting");
}

#[tokio::test]
async fn maintained_needs_a_proof_and_lost_has_its_reason() {
    let (app, _) = house().await;
    let mut conn = app.db.pool.acquire().await.expect("a connection");
    let rows = outcomes(&mut conn, day("2026-11-24"), 80, None)
        .await
        .expect("rows");
    let told: Vec<(String, Option<String>, Option<String>)> = rows
        .into_iter()
        .map(|row| (row.siren, row.verdict, row.reason))
        .collect();
    for (n, verdict, reason) in [
        (1, Some("maintained"), None),
        (2, Some("lost"), Some("closed")),
        (3, Some("lost"), Some("liquidation")),
        (4, Some("lost"), Some("jobs")),
        (5, Some("unproven"), Some("jobs_unknown")),
        (6, None, None),
    ] {
        let expected = (
            siren(n),
            verdict.map(str::to_owned),
            reason.map(str::to_owned),
        );
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
    // Before its closure, and before the count of 2026, the closed one was open and not proven.
    let rows = outcomes(&mut conn, day("2025-12-31"), 80, None)
        .await
        .expect("rows");
    assert!(
        rows.iter().all(|row| row.verdict.is_none() && row.is_held),
        "{rows:?}"
    );
    let total = &counted(&mut conn, day("2026-11-24"), 80, None)
        .await
        .expect("figures")
        .lines
        .0[0];
    assert_eq!((total.identified, total.due), (6, 5));
    assert_eq!((total.maintained, total.lost, total.unproven), (1, 3, 1));
    assert_eq!(
        (total.jobs_known, total.jobs_then, total.jobs_now),
        (3, 300, 239)
    );
    assert_eq!(total.territories, 16);
}

#[tokio::test]
async fn a_company_is_followed_by_an_exchange_of_the_last_twelve_months() {
    let (app, staff) = house().await;
    meet(&app, 1, "2025-11-24", staff.user_id).await;
    meet(&app, 4, "2025-11-25", staff.user_id).await;
    let mut conn = app.db.pool.acquire().await.expect("a connection");
    for (evening, followed) in [
        ("2025-11-23", 0),
        ("2025-11-24", 1),
        ("2025-11-25", 2),
        ("2026-11-24", 1),
        ("2026-11-25", 0),
    ] {
        let lines = counted(&mut conn, day(evening), 80, None)
            .await
            .expect("figures")
            .lines
            .0;
        assert_eq!(lines[0].followed, followed, "{evening}");
        // The total is the sum of its territories.
        let sum: i32 = lines[1..].iter().map(|line| line.followed).sum();
        assert_eq!(sum, followed, "{evening}");
    }
}

#[tokio::test]
async fn the_page_tells_two_figures_and_opens_their_lists() {
    let (app, mut staff) = house().await;
    meet(&app, 1, "2026-10-01", staff.user_id).await;
    let page = staff.get("/indicateurs").await.expect(200);
    page.says("6 sur 80 places")
        .says("1 suivie")
        .says("1 sur 5");
    page.says("1 entreprise sans effectif connu");
    assert!(page.sql <= 6, "{} statements", page.sql);
    // Nothing moved: nothing is counted again.
    let again = staff.get("/indicateurs").await.expect(200);
    assert_eq!(again.sql, page.sql - 2);
    staff
        .get("/indicateurs/identifiees")
        .await
        .expect(200)
        .says("1 suivie sur 6 identifiées")
        .says("Rencontre, 1er octobre 2026");
    staff
        .get("/indicateurs/maintenues")
        .await
        .expect(200)
        .says("1 maintenue sur 5")
        .says("En liquidation, ou radiée")
        .says("100 (01/2025), puis 79 (01/2026)");
    staff
        .get(&format!("/indicateurs?territoire={CASTRES}"))
        .await
        .expect(200)
        .says("1 sur 5 places")
        .says("Aucune entreprise n’est entrée depuis douze mois");
    staff
        .get("/indicateurs?au=2027-01-01")
        .await
        .expect(422)
        .says("Choisissez une date passée");
}

#[tokio::test]
async fn officials_read_figures_and_no_name_and_advisers_their_territories() {
    let (app, _) = house().await;
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected.get("/indicateurs").await.expect(200);
    page.says("6 sur 80 places")
        .hides("EXEMPLE")
        .hides("/indicateurs/identifiees");
    elected
        .get("/indicateurs/rapport")
        .await
        .expect(200)
        .hides("EXEMPLE");
    elected
        .get("/indicateurs/maintenues")
        .await
        .expect(403)
        .hides("EXEMPLE");
    let mut adviser = app.sign_in(Role::Adviser, &[CASTRES]).await;
    adviser
        .get(&format!(
            "/indicateurs?territoire={ALBIGEOIS}&territoire={CASTRES}"
        ))
        .await
        .expect(200)
        .says("1 sur 5 places")
        .hides("6 sur");
    adviser
        .get("/indicateurs/maintenues")
        .await
        .expect(200)
        .hides("EXEMPLE LIQUIDE");
    adviser.get("/indicateurs/arretes").await.expect(403);
}

#[tokio::test]
async fn a_snapshot_never_changes_and_a_quarter_is_kept_once() {
    let (app, mut staff) = house().await;
    let (today, now) = (app.state.clock.today(), app.state.clock.now());
    let mut conn = app.db.pool.acquire().await.expect("a connection");
    assert!(
        snapshots::catch_up(&mut conn, today, now)
            .await
            .expect("a quarter")
    );
    assert!(
        !snapshots::catch_up(&mut conn, today, now)
            .await
            .expect("once")
    );
    let form = staff.get("/indicateurs/arretes").await.expect(200);
    form.says("30 septembre 2026").says("31 décembre 2026");
    let form = form.form("/indicateurs/arretes");
    let done = staff.submit(&form).await.expect(303);
    let kept = done.location().expect("a page");
    let before = staff.get(&kept).await.expect(200);
    // Signed again without a change, it is the same one.
    let again = staff.get("/indicateurs/arretes").await.expect(200);
    let again = staff
        .submit(&again.form("/indicateurs/arretes"))
        .await
        .expect(303);
    assert_eq!(again.location(), Some(kept.clone()));
    before
        .says("Arrêté au 24 novembre 2026")
        .says("6 sur 80 places");
    // The world moves on, the snapshot does not.
    sqlx::query("update key_companies set exited_on = '2026-11-24', exit_outcome = 'other', exit_motive = 'Motif d’essai.'")
        .execute(&app.db.pool)
        .await
        .expect("everybody leaves");
    staff
        .get("/indicateurs")
        .await
        .expect(200)
        .says("0 sur 80 places");
    staff.get(&kept).await.expect(200).says("6 sur 80 places");
    for statement in [
        "update indicator_snapshots set content = ''",
        "delete from indicator_snapshots",
    ] {
        let refused = sqlx::query(statement).execute(&app.db.pool).await;
        assert!(refused.is_err(), "{statement}");
    }
    let late = form.set("au", "2026-12-01");
    staff
        .submit(&late)
        .await
        .expect(422)
        .says("Choisissez une date passée");
}

#[tokio::test]
async fn the_commentary_is_signed_and_the_threshold_is_a_setting() {
    let (_app, mut staff) = house().await;
    let path = "/indicateurs/commentaire";
    let form = staff.get(path).await.expect(200).form(path);
    let long = "mot ".repeat(200);
    staff
        .submit(&form.clone().set("commentaire", &long))
        .await
        .expect(422)
        .says("raccourcissez ce texte");
    staff
        .submit(&form.set("commentaire", "Une année de commencement."))
        .await
        .expect(303);
    staff
        .get("/indicateurs")
        .await
        .says("Une année de commencement.")
        .says("Direction du Développement Essai");
    let path = "/indicateurs/reglages";
    let form = staff.get(path).await.expect(200).form(path);
    staff
        .submit(&form.clone().set("seuil", "zéro"))
        .await
        .expect(422)
        .says("Écrivez un nombre de 1 à 100");
    staff
        .submit(&form.clone().set("seuil", "79"))
        .await
        .expect(303);
    staff.get("/indicateurs").await.says("2 sur 5");
    // Someone who read the settings before meets those in force.
    let stale = staff.get(path).await.expect(200).form(path);
    let stale = stale.set("seuil", "50").set("version", "1");
    staff.submit(&stale).await.expect(409).says("79");
}

async fn plan(app: &TestApp, n: u32, opened_on: &str, by: uuid::Uuid) {
    sqlx::query(
        "with p as (
           insert into action_plans (id, siren, objective, opened_on, opened_by, created_at)
           values (gen_random_uuid(), $1, 'Garder l’atelier.', $2, $3, $2) returning id)
         insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, starts_on, due_on, status,
                              result, reason, ended_on, planned_euros, spent_euros, created_by, created_at)
         select gen_random_uuid(), p.id, 'land', 'support', v.title, u.organisation_id, $2, '2026-11-01', v.status,
                v.result, v.reason, v.ended_on::date, v.planned, v.spent, u.id, $2
         from p, users u, (values
           ('Trouver un terrain', 'ongoing', '', '', null, 10000, null),
           ('Signer le bail', 'done', 'Signé.', '', '2026-10-15', 5000, 6000),
           ('Racheter le voisin', 'dropped', '', 'Vendu.', '2026-10-20', 70000, null))
           v (title, status, result, reason, ended_on, planned, spent)
         where u.id = $3",
    )
    .bind(siren(n))
    .bind(day(opened_on))
    .bind(by)
    .execute(&app.db.pool)
    .await
    .expect("a plan");
}

#[tokio::test]
async fn a_running_plan_follows_its_company_and_its_actions_count_by_dossier() {
    let (app, mut staff) = house().await;
    plan(&app, 1, "2026-10-01", staff.user_id).await;
    let mut conn = app.db.pool.acquire().await.expect("a connection");
    for (evening, followed, actions, done, late) in [
        ("2026-09-30", 0, 0, 0, 0),
        ("2026-10-10", 1, 3, 0, 0),
        ("2026-11-01", 1, 2, 1, 0),
        ("2026-11-24", 1, 2, 1, 1),
    ] {
        let told = counted(&mut conn, day(evening), 80, None)
            .await
            .expect("figures");
        assert_eq!(told.lines.0[0].followed, followed, "{evening}");
        let land = told.actions.first().cloned().unwrap_or_default();
        let told = (land.actions, land.done, land.late);
        assert_eq!(told, (actions, done, late), "{evening}");
    }
    let elsewhere = [CASTRES.to_owned()];
    let today = day("2026-11-24");
    let told = counted(&mut conn, today, 80, Some(&elsewhere)).await;
    assert!(told.expect("figures").actions.is_empty());
    staff
        .get("/indicateurs")
        .await
        .expect(200)
        .says("Foncier 2 actions pour 1 entreprise 1 1 15 000 € 6 000 €")
        .says("Formation Aucune action 0 0");
    staff
        .get("/indicateurs/identifiees")
        .await
        .says("Plan d’actions, 24 novembre 2026");
}

#[tokio::test]
async fn small_numbers_of_alerts_do_not_tell_an_official_who_is_in_alert() {
    let (app, mut staff) = house().await;
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let hidden = "Dit pour tout le Département seulement";
    // The third is in liquidation, and assessed already.
    for (opened, n) in (1..).zip([1, 2, 4]) {
        let assessment = assess(&app.db.pool, &siren(n), Some("high"), "none").await;
        open_alert(&app.db.pool, &siren(n), assessment, "high").await;
        let page = elected.get("/indicateurs").await.expect(200);
        if opened < 3 {
            page.says(hidden).hides("alerte, ").hides("alertes, ");
        } else {
            page.says("3 alertes, aucune suivie");
        }
    }
    // The three are in this territory: the others, taken from the whole, would tell it.
    for path in ["/indicateurs", "/indicateurs/rapport"] {
        elected
            .get(&format!("{path}?territoire={ALBIGEOIS}"))
            .await
            .expect(200)
            .says(hidden)
            .hides("3 alertes");
    }
    let file = elected.get("/indicateurs/classeur.xlsx").await.expect(200);
    let alerts = sheet(&file, "Alertes et contact");
    assert!(
        alerts.contains(&cells(&["Ensemble", "3", "0", "Non communiqué"])),
        "{alerts:?}"
    );
    assert!(
        alerts.contains(&cells(&[
            "Albigeois",
            "Non communiqué",
            "Non communiqué",
            "Non communiqué"
        ])),
        "{alerts:?}"
    );
    let file = staff.get("/indicateurs/classeur.xlsx").await.expect(200);
    let alerts = sheet(&file, "Alertes et contact");
    assert!(
        alerts.contains(&cells(&["Albigeois", "3", "0", "Non communiqué"])),
        "{alerts:?}"
    );
}

fn cells(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Cells of a sheet as text, the empty ones at the end of a row aside.
fn sheet(page: &Page, name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> =
        Xlsx::new(std::io::Cursor::new(page.bytes.clone())).expect("a workbook");
    let range = book.worksheet_range(name).expect("a sheet");
    let row = |row: &[Data]| row.iter().map(Data::to_string).collect();
    range.rows().map(row).collect()
}

#[tokio::test]
async fn the_workbook_has_a_sheet_for_each_indicator_with_the_numbers_of_the_page() {
    let (app, mut staff) = house().await;
    let file = staff
        .get("/indicateurs/classeur.xlsx?au=2026-11-24")
        .await
        .expect(200);
    let maintained = sheet(&file, "Maintenues");
    assert_eq!(maintained[0][0], "Entreprises maintenues");
    assert!(maintained[1][0].starts_with("Définition"), "{maintained:?}");
    assert!(
        maintained[2][0].contains("24\u{a0}novembre 2026"),
        "{maintained:?}"
    );
    assert!(
        maintained.contains(&cells(&["Ensemble", "5", "1", "3", "1"])),
        "{maintained:?}"
    );
    let jobs = sheet(&file, "Emplois");
    assert!(
        jobs.contains(&cells(&["Ensemble", "6", "3", "300", "239"])),
        "{jobs:?}"
    );
    let book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(file.bytes.clone())).expect("a workbook");
    assert_eq!(book.sheet_names().len(), 10);
    let introduced = sheet(&file, "Mises en relation");
    assert!(
        introduced.contains(&cells(&["R&D", "0", "0", "0"])),
        "{introduced:?}"
    );
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin.get("/journal").await.says("les indicateurs");
}

#[tokio::test]
async fn the_report_is_one_tagged_page_with_the_numbers_of_the_screen() {
    let Some(printer) = printer() else { return };
    let (app, staff) = house().await;
    plan(&app, 1, "2026-10-01", staff.user_id).await;
    let app = app.printing_with(printer);
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected.get("/indicateurs").await.expect(200);
    page.says("1 sur 5 entrées depuis douze mois");
    let file = elected.get("/indicateurs/rapport.pdf").await.expect(200);
    let read = Read::of(&file.bytes);
    assert_eq!(read.fact("Pages"), "1", "{}", read.text);
    assert_eq!(read.fact("Tagged"), "yes");
    read.says("6 sur 80 places").says("1 sur 5").says("Val 81");
    assert!(!read.text.contains("EXEMPLE"), "{}", read.text);
}

/// What the slides say, without their marks, with plain blanks.
fn slides(page: &Page) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(page.bytes.clone())).expect("a file");
    let entry = zip.by_name("content.xml").expect("slides");
    let text = std::io::read_to_string(entry).expect("text");
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[tokio::test]
async fn the_slides_have_the_numbers_of_the_page_and_name_no_company() {
    let (app, staff) = house().await;
    plan(&app, 1, "2026-10-01", staff.user_id).await;
    let name = "Albigeois <nord> & \"sud\"";
    sqlx::query("update territories set short_name = $2 where siren = $1")
        .bind(ALBIGEOIS)
        .bind(name)
        .execute(&app.db.pool)
        .await
        .expect("a name");
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected.get("/indicateurs").await.expect(200);
    page.says("6 sur 80 places")
        .says("2 actions pour 1 entreprise");
    let file = elected.get("/indicateurs/diaporama.odp").await.expect(200);
    let said = slides(&file);
    for words in [
        ">6<text:span text:style-name=\"petit\"> sur 80 places<",
        ">1<text:span text:style-name=\"petit\"> sur 5<",
        ">2 actions pour 1 entreprise<",
        ">15 000 €<",
        ">Albigeois &lt;nord&gt; &amp; &quot;sud&quot;<",
        "Situation au 24 novembre 2026",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(!said.contains("EXEMPLE"), "{said}");
    let again = elected.get("/indicateurs/diaporama.odp").await.expect(200);
    assert_eq!(file.bytes, again.bytes);
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin.get("/journal").await.says("les indicateurs");
}

#[tokio::test]
async fn the_page_follows_every_change_at_once() {
    let (app, mut staff) = house().await;
    staff
        .get("/indicateurs")
        .await
        .expect(200)
        .says("dont 0 suivie");
    meet(&app, 1, "2026-10-01", staff.user_id).await;
    staff.get("/indicateurs").await.expect(200).says("1 suivie");
    // What is forgotten of the changes changes no figure.
    let mut conn = app.db.pool.acquire().await.expect("a connection");
    assert!(forget_changes(&mut conn).await.expect("forgotten") > 0);
    meet(&app, 4, "2026-10-02", staff.user_id).await;
    staff
        .get("/indicateurs")
        .await
        .expect(200)
        .says("2 suivies");
}

#[tokio::test]
async fn a_change_is_told_once_its_transaction_is_kept_and_only_then() {
    let (app, _) = house().await;
    let mut conn = app.db.pool.acquire().await.expect("a connection");
    let mut state = async || {
        context(&mut conn, app.state.clock.today())
            .await
            .expect("a state")
            .state
    };
    let before = state().await;
    let mut tx = app.db.pool.begin().await.expect("a transaction");
    for statement in [
        "update companies set name = name",
        "update meetings set place = place",
    ] {
        sqlx::query(statement)
            .execute(&mut *tx)
            .await
            .expect("done");
    }
    assert_eq!(state().await, before);
    let rows: i64 = sqlx::query_scalar("select count(*) from indicator_changes")
        .fetch_one(&mut *tx)
        .await
        .expect("a count");
    tx.commit().await.expect("kept");
    let after = state().await;
    assert_ne!(after, before);
    assert!(after.starts_with(&format!("{rows}/")), "{after}");
    let mut tx = app.db.pool.begin().await.expect("a transaction");
    sqlx::query("update companies set name = name")
        .execute(&mut *tx)
        .await
        .expect("done");
    tx.rollback().await.expect("undone");
    assert_eq!(state().await, after);
}

#[tokio::test]
async fn every_table_that_the_figures_read_tells_its_changes() {
    let (app, _) = house().await;
    // What people choose is read with each page.
    let silent: Vec<String> = sqlx::query_scalar(
        r"with recursive read (name) as (
            select proname::text from pg_proc
            where proname in ('indicator_figures', 'indicator_actions', 'indicator_introductions')
            union
            select found.name from read r
            cross join lateral (
              select coalesce(max(p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), '')),
                              max(pg_get_viewdef(v.oid))) as text
              from (select 1) one
              left join pg_proc p on p.proname = r.name
              left join pg_class v on v.relname = r.name and v.relkind = 'v') body
            join (select relname::text as name from pg_class
                  where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')
                  union all select proname from pg_proc where pronamespace = 'public'::regnamespace) found
              on body.text ~* ('\m(from|join)\s+\(*(public\.)?' || found.name || '\M')
              or body.text ~ ('\m' || found.name || '\('))
          select c.relname::text from read r
          join pg_class c on c.relname = r.name and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
          where not exists (select from pg_trigger t
                            where t.tgrelid = c.oid and t.tgfoid = 'tell_indicators'::regproc)
          order by 1",
    )
    .fetch_all(&app.db.pool)
    .await
    .expect("tables");
    assert_eq!(silent, ["organisations"]);
}

#[tokio::test]
async fn the_map_of_the_figures_shows_the_places_that_are_taken() {
    let (_app, mut staff) = house().await;
    let page = staff.get("/indicateurs").await.expect(200);
    page.says("1 place occupée sur 5");
}

#[tokio::test]
async fn a_plan_started_again_does_not_count_twice_what_the_first_left_unended() {
    let (app, mut staff) = house().await;
    plan(&app, 1, "2026-10-01", staff.user_id).await;
    let mut conn = app.db.pool.acquire().await.expect("a connection");
    let mut land = async || {
        let told = counted(&mut conn, day("2026-11-24"), 80, None).await;
        let told = told.expect("figures");
        let land = told.actions.first().cloned().unwrap_or_default();
        (land.actions, land.done, land.late)
    };
    assert_eq!(land().await, (2, 1, 1));
    sqlx::query(
        "update action_plans set closed_on = '2026-11-20', closed_by = opened_by, outcome = 'maintained',
                outcome_motive = 'Bilan inventé'",
    )
    .execute(&app.db.pool)
    .await
    .expect("closed");
    // What was done stays; what was late then is over.
    assert_eq!(land().await, (1, 1, 0));
    staff
        .get("/indicateurs")
        .await
        .expect(200)
        .says("Foncier 1 action pour 1 entreprise 1 0");
}

#[tokio::test]
async fn years_begin_with_the_first_entry_and_an_empty_choice_says_so() {
    let (_app, mut staff) = house().await;
    let page = staff.get("/indicateurs").await.expect(200);
    page.says("Par année : 2026 , 2025 .");
    staff
        .get("/indicateurs?territoire=999999999")
        .await
        .expect(200)
        .says("Aucun territoire de Vigie ne répond à ce choix")
        // Nothing was counted: no zero is told.
        .hides("Aucune alerte")
        .hides("Aucune action");
}

#[tokio::test]
async fn a_commentary_speaks_of_the_whole_and_of_no_evening_before_it() {
    let (_app, mut staff) = house().await;
    let form = staff
        .get("/indicateurs/commentaire")
        .await
        .expect(200)
        .form("/indicateurs/commentaire")
        .set("commentaire", "Année de lancement.");
    staff.submit(&form).await.expect(303);
    let words = "Année de lancement.";
    staff.get("/indicateurs").await.says(words);
    staff
        .get("/indicateurs?au=2026-06-30")
        .await
        .expect(200)
        .hides(words);
    staff
        .get(&format!("/indicateurs?territoire={CASTRES}"))
        .await
        .expect(200)
        .hides(words);
}

#[tokio::test]
async fn each_figure_leads_to_what_is_behind_it_for_those_who_may_read_it() {
    let (app, mut staff) = house().await;
    let page = staff.get("/indicateurs").await.expect(200);
    let lists = [
        "/indicateurs/identifiees",
        "/indicateurs/maintenues",
        "/alertes",
        "/ateliers",
        "/mises-en-relation",
    ];
    for path in lists {
        assert!(page.text.contains(&format!("<a href=\"{path}")), "{path}");
        staff.get(path).await.expect(200);
    }
    // Advisers read levels, and handle no alert.
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let page = adviser.get("/indicateurs").await.expect(200);
    assert!(!page.text.contains("<a href=\"/alertes"));
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected.get("/indicateurs").await.expect(200);
    for path in [
        "/indicateurs/identifiees",
        "/indicateurs/maintenues",
        "/alertes",
    ] {
        assert!(!page.text.contains(&format!("<a href=\"{path}")), "{path}");
    }
}

#[tokio::test]
async fn the_workbook_tells_no_zero_of_what_nobody_stated() {
    let (app, mut staff) = house().await;
    let book = staff.get("/indicateurs/classeur.xlsx").await.expect(200);
    let unknown = "Non communiqué";
    let rows = sheet(&book, "Pollutions et services");
    assert!(
        rows.contains(&cells(&["Ensemble", "6", "0", unknown, "0", unknown])),
        "{rows:?}"
    );
    sqlx::query(
        "insert into impact_facts (id, siret, criterion, worth, note, noted_on, author_id)
         select gen_random_uuid(), siret, 'environment', 100, 'Cuves à traiter', '2026-11-01', referent_id
         from key_companies order by siret limit 1",
    )
    .execute(&app.db.pool)
    .await
    .expect("a fact");
    let book = staff.get("/indicateurs/classeur.xlsx").await.expect(200);
    let rows = sheet(&book, "Pollutions et services");
    assert!(
        rows.contains(&cells(&["Ensemble", "6", "1", "1", "0", unknown])),
        "{rows:?}"
    );
}
