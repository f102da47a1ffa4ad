//! Mails of what is new and of the week, one's choices, one's calendar.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use vigie::domain::Role;
use vigie::features::notifications::run::{self, Told};
use vigie::platform::clock::Clock;
use vigie::platform::mail::Mail;

use crate::mail::run_jobs;
use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES, Company, make_key, reference, siren};

const CHOICES: &str = "/compte/courriels";

/// Wednesday: the digest of the week is past.
async fn house() -> (TestApp, Client) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    for (n, name) in [(1, "EXEMPLE MÉCANIQUE"), (2, "EXEMPLE TEXTILE")] {
        Company::new(n, name).add(&app.db.pool).await;
    }
    app.wait(TimeDelta::days(1));
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff)
}

async fn assess(app: &TestApp, n: u32, level: &str, at: DateTime<Utc>) -> i64 {
    sqlx::query_scalar(
        "insert into risk_assessments (siren, as_of, assessed_at, model_id, model_version, completeness,
           retained, state, is_sudden, cause, inputs, inputs_hash, explanation)
         values ($1, $3::timestamptz::date, $3, 'essai', '1', 80, $2, 'none', false, 'Essai.', '{}', 'x', '{}')
         returning id",
    )
    .bind(siren(n))
    .bind(level)
    .bind(at)
    .fetch_one(&app.db.pool)
    .await
    .expect("an assessment")
}

/// An open alert on the n-th company, which this person looks after.
async fn alert(app: &TestApp, n: u32, of: Option<Uuid>) -> Uuid {
    let assessment = assess(app, n, "high", app.state.clock.now() - TimeDelta::days(30)).await;
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into alerts (id, siren, opened_at, opened_by, assessment_id, level, is_procedure, status,
           assignee_id, taken_at)
         values ($1, $2, $3, $4, $4, 'high', false, case when $5::uuid is null then 'new' else 'taken' end,
                 $5, $3)",
    )
    .bind(id)
    .bind(siren(n))
    .bind(app.state.clock.now() - TimeDelta::days(30))
    .bind(assessment)
    .bind(of)
    .execute(&app.db.pool)
    .await
    .expect("an alert");
    id
}

/// What one colleague giving an alert to another one writes.
async fn give(app: &TestApp, alert: Uuid, from: Uuid, to: Uuid) {
    sqlx::query(
        "with a as (update alerts set status = 'taken', assignee_id = $3, taken_at = $4 where id = $1)
         insert into alert_events (alert_id, at, actor_id, actor_name, kind, text)
         values ($1, $4, $2, 'Paul Roux', 'assigned', 'Claire Martin')",
    )
    .bind(alert)
    .bind(from)
    .bind(to)
    .bind(app.state.clock.now())
    .execute(&app.db.pool)
    .await
    .expect("given");
}

async fn tick(app: &TestApp) -> Told {
    run::tick(&app.state).await.expect("a look")
}

async fn sent(app: &TestApp) -> Vec<Mail> {
    run_jobs(app).await;
    app.state.mailer.sent()
}

/// No company beside a level where a locked screen shows it.
fn check_subjects(mails: &[Mail]) {
    for mail in mails {
        assert!(!mail.subject.contains("EXEMPLE"), "{}", mail.subject);
        for level in ["élevé", "critique", "modéré", "faible", "redressement"] {
            assert!(
                !mail.subject.to_lowercase().contains(level),
                "{}",
                mail.subject
            );
        }
    }
}

#[tokio::test]
async fn an_alert_given_by_someone_else_is_told_once() {
    let (app, staff) = house().await;
    let boss = app.sign_in(Role::Staff, &[]).await;
    let first = alert(&app, 1, None).await;
    give(&app, first, boss.user_id, staff.user_id).await;
    // One's own is no news.
    let own = alert(&app, 2, None).await;
    give(&app, own, staff.user_id, staff.user_id).await;
    assert_eq!(tick(&app).await.immediate, 1);
    assert_eq!(tick(&app).await, Told::default());
    let mails = sent(&app).await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.to, format!("{}@essai.example", staff.user_id));
    assert_eq!(mail.subject, "Vigie\u{a0}: une alerte vous est confiée");
    for text in [&mail.text, &mail.html] {
        assert!(text.contains("EXEMPLE MÉCANIQUE, par Paul Roux"), "{text}");
        assert!(text.contains(&format!("http://localhost:8080/alertes/{first}")));
        assert!(text.contains("http://localhost:8080/compte/courriels"));
    }
    check_subjects(&mails);
}

#[tokio::test]
async fn a_followed_company_that_changes_level_is_told_to_who_follows_it() {
    let (app, staff) = house().await;
    let other = app.sign_in(Role::Staff, &[]).await;
    make_key(&app.db.pool, 1, ALBIGEOIS, 1, staff.user_id).await;
    alert(&app, 2, Some(staff.user_id)).await;
    let now = app.state.clock.now();
    assess(&app, 1, "low", now - TimeDelta::days(40)).await;
    assert_eq!(
        tick(&app).await.immediate,
        0,
        "a first assessment is no change"
    );
    assess(&app, 1, "moderate", now).await;
    assess(&app, 1, "critical", now).await;
    assess(&app, 2, "critical", now).await;
    assert_eq!(tick(&app).await.immediate, 1);
    assert_eq!(tick(&app).await, Told::default());
    let mails = sent(&app).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, format!("{}@essai.example", staff.user_id));
    assert_ne!(staff.user_id, other.user_id);
    assert_eq!(
        mails[0].subject,
        "Vigie\u{a0}: 2 entreprises que vous suivez ont changé de niveau"
    );
    for line in [
        "EXEMPLE MÉCANIQUE\u{a0}: critique, avant\u{a0}: faible",
        "EXEMPLE TEXTILE\u{a0}: critique, avant\u{a0}: élevé",
    ] {
        assert!(mails[0].text.contains(line), "{}", mails[0].text);
    }
    check_subjects(&mails);
    // The administrator sends these mails and may not read them.
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let id: Uuid = sqlx::query_scalar("select id from mails")
        .fetch_one(&app.db.pool)
        .await
        .expect("a mail");
    admin
        .get(&format!("/reglages/courriels/{id}"))
        .await
        .expect(200)
        .says("Contenu réservé à son destinataire")
        .hides("EXEMPLE");
}

#[tokio::test]
async fn nobody_is_told_of_what_they_may_not_see() {
    let (app, _staff) = house().await;
    let now = app.state.clock.now();
    // An adviser of another territory, an administrator and an elected official, all named referents.
    for (role, territories) in [
        (Role::Adviser, &[CASTRES][..]),
        (Role::Admin, &[]),
        (Role::Elected, &[]),
    ] {
        let person = app.sign_in(role, territories).await;
        sqlx::query("update key_companies set exited_on = entered_on, exit_outcome = 'other', exit_motive = 'Motif d’essai.'")
            .execute(&app.db.pool)
            .await
            .expect("a free place");
        make_key(&app.db.pool, 1, ALBIGEOIS, 1, person.user_id).await;
        assess(&app, 1, "low", now).await;
        assess(&app, 1, "critical", now).await;
        assert_eq!(tick(&app).await.immediate, 0, "{role}");
    }
    let adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    sqlx::query("update key_companies set referent_id = $1")
        .bind(adviser.user_id)
        .execute(&app.db.pool)
        .await
        .expect("a referent");
    assert_eq!(tick(&app).await.immediate, 1);
    // Suspended since: nothing.
    sqlx::query("update users set status = 'suspended' where id = $1")
        .bind(adviser.user_id)
        .execute(&app.db.pool)
        .await
        .expect("a suspension");
    assess(&app, 1, "low", now).await;
    assert_eq!(tick(&app).await.immediate, 0);
}

#[tokio::test]
async fn two_nodes_at_once_tell_once() {
    let (app, staff) = house().await;
    let boss = app.sign_in(Role::Staff, &[]).await;
    let id = alert(&app, 1, None).await;
    give(&app, id, boss.user_id, staff.user_id).await;
    let (a, b, c) = tokio::join!(tick(&app), tick(&app), tick(&app));
    assert_eq!(a.immediate + b.immediate + c.immediate, 1);
    assert_eq!(sent(&app).await.len(), 1);
}

#[tokio::test]
async fn the_digest_leaves_on_tuesday_at_nine_in_paris_once_a_week() {
    let (app, staff) = house().await;
    let woken = alert(&app, 1, Some(staff.user_id)).await;
    alert(&app, 2, Some(staff.user_id)).await;
    // Tuesday 1 December 2026, one minute before nine.
    let before: DateTime<Utc> = "2026-12-01T07:59:00Z".parse().expect("an instant");
    app.wait(before - app.state.clock.now());
    sqlx::query(
        "insert into alert_events (alert_id, at, actor_name, kind, text)
         values ($1, $2, 'Vigie', 'woken', 'Le jour prévu est arrivé.')",
    )
    .bind(woken)
    .bind(before - TimeDelta::days(1))
    .execute(&app.db.pool)
    .await
    .expect("woken");
    assert_eq!(tick(&app).await.digests, 0);
    app.wait(TimeDelta::minutes(1));
    assert_eq!(tick(&app).await.digests, 1);
    assert_eq!(tick(&app).await.digests, 0);
    let mails = sent(&app).await;
    assert_eq!(mails[0].subject, "Vigie\u{a0}: votre semaine");
    let text = &mails[0].text;
    let (ended, followed) = text
        .split_once("Alertes que vous suivez")
        .expect("both lists");
    assert!(ended.contains("EXEMPLE MÉCANIQUE"), "{text}");
    assert!(followed.contains("EXEMPLE TEXTILE"), "{text}");
    check_subjects(&mails);
    // The same week, another day chosen: not again. The next week: again.
    sqlx::query("insert into notification_choices values ($1, 4, true, true)")
        .bind(staff.user_id)
        .execute(&app.db.pool)
        .await
        .expect("Thursday");
    app.wait(TimeDelta::days(2));
    assert_eq!(tick(&app).await.digests, 0);
    app.wait(TimeDelta::days(7));
    assert_eq!(tick(&app).await.digests, 1);
}

#[tokio::test]
async fn an_empty_digest_is_not_sent_and_elected_officials_get_numbers_only() {
    let (app, mut staff) = house().await;
    staff
        .get("/compte/courriels/apercu")
        .await
        .expect(200)
        .says("Rien à dire cette semaine");
    let elected = app.sign_in(Role::Elected, &[]).await;
    let tuesday: DateTime<Utc> = "2026-12-01T08:00:00Z".parse().expect("an instant");
    app.wait(tuesday - app.state.clock.now());
    assert_eq!(tick(&app).await.digests, 0);
    make_key(&app.db.pool, 1, ALBIGEOIS, 1, staff.user_id).await;
    sqlx::query("update key_companies set entered_on = '2026-12-05'")
        .execute(&app.db.pool)
        .await
        .expect("a choice of the week");
    assert_eq!(
        tick(&app).await.digests,
        0,
        "the day's digest is that of nine"
    );
    app.wait(TimeDelta::days(7));
    assert_eq!(tick(&app).await.digests, 1);
    let mails = sent(&app).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, format!("{}@essai.example", elected.user_id));
    assert!(
        mails[0].text.contains("1\u{a0}entreprise choisie"),
        "{}",
        mails[0].text
    );
    assert!(!mails[0].text.contains("EXEMPLE") && !mails[0].html.contains("EXEMPLE"));
}

#[tokio::test]
async fn one_chooses_the_day_or_none_and_what_is_told_at_once() {
    let (app, mut staff) = house().await;
    let page = staff.get(CHOICES).await.expect(200);
    page.says("Prochain résumé : 1er décembre 2026 à 9 h 00");
    assert!(page.sql <= 5, "{} statements", page.sql);
    let form = page.form(CHOICES);
    assert_eq!(form.value("jour"), Some("2"));
    let stale = form.clone();
    staff.submit(&form.set("jour", "jamais")).await.expect(303);
    let page = staff.get(CHOICES).await.expect(200);
    page.says("Vos choix sont enregistrés")
        .hides("Prochain résumé");
    // Filled before: told, and kept as it was typed.
    let again = uuid::Uuid::new_v4().to_string();
    let fields = [
        ("_cle", again.as_str()),
        ("jour", "5"),
        ("version", stale.value("version").unwrap()),
    ];
    let page = staff.post(CHOICES, &fields).await.expect(409);
    assert_eq!(page.form(CHOICES).value("jour"), Some("5"));
    staff
        .post(CHOICES, &[("jour", "9"), ("version", "1")])
        .await
        .expect(422)
        .says("Choisissez un jour");
    // No box ticked: nothing at once.
    let form = staff.get(CHOICES).await.form(CHOICES);
    let fields = [("jour", "3"), ("version", form.value("version").unwrap())];
    staff.post(CHOICES, &fields).await.expect(303);
    let boss = app.sign_in(Role::Staff, &[]).await;
    let id = alert(&app, 1, None).await;
    give(&app, id, boss.user_id, staff.user_id).await;
    assert_eq!(tick(&app).await.immediate, 0);
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    elected
        .get(CHOICES)
        .await
        .expect(200)
        .hides("change de niveau")
        .hides("confie une alerte");
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get("/journal?objet=notification_choices")
        .await
        .says("Jour du résumé")
        .says("mercredi");
}

#[tokio::test]
async fn a_mail_stops_its_kind_without_signing_in_and_reading_it_changes_nothing() {
    let (app, staff) = house().await;
    let boss = app.sign_in(Role::Staff, &[]).await;
    let first = alert(&app, 1, None).await;
    give(&app, first, boss.user_id, staff.user_id).await;
    tick(&app).await;
    let address = sent(&app).await[0].unsubscribe.clone().expect("an address");
    let path = address
        .strip_prefix("http://localhost:8080")
        .expect("our address")
        .to_owned();
    // Nothing in the database gives the address back once the mail left.
    let kept: Option<String> = sqlx::query_scalar("select unsubscribe from mails")
        .fetch_one(&app.db.pool)
        .await
        .expect("the mail");
    assert_eq!(kept, None);
    let mut stranger = app.visitor();
    stranger
        .get(&path)
        .await
        .expect(200)
        .says("Ne plus recevoir les courriels des alertes qui vous sont confiées ?");
    let chosen = "select count(*) from notification_choices";
    let count: i64 = sqlx::query_scalar(chosen)
        .fetch_one(&app.db.pool)
        .await
        .expect("a count");
    assert_eq!(count, 0);
    // As mail software does (RFC 8058): no cookie, no header of a browser.
    stranger
        .post(&path, &[("List-Unsubscribe", "One-Click")])
        .await
        .expect(200)
        .says("C’est fait");
    let second = alert(&app, 2, None).await;
    give(&app, second, boss.user_id, staff.user_id).await;
    assert_eq!(tick(&app).await.immediate, 0);
    for wrong in ["", "a", &"0".repeat(64), "../compte"] {
        stranger
            .get(&format!("/courriels/arret/{wrong}"))
            .await
            .expect(404);
    }
}

#[tokio::test]
async fn the_calendar_has_a_secret_address_that_is_renewed_and_ended() {
    let (app, mut staff) = house().await;
    let waiting = alert(&app, 1, Some(staff.user_id)).await;
    alert(&app, 2, Some(staff.user_id)).await;
    sqlx::query("update alerts set status = 'waiting', waits_until = '2026-12-03' where id = $1")
        .bind(waiting)
        .execute(&app.db.pool)
        .await
        .expect("put off");
    sqlx::query(
        "insert into signals (id, siren, kind, observed_on, motive, expires_on, author_id, author_name, created_at)
         values ($1, $2, 'bank', '2026-11-01', 'Motif d’essai.', '2027-05-01', $3, 'Essai', now())",
    )
    .bind(Uuid::now_v7())
    .bind(siren(2))
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("a signal");
    let first = address(&mut staff).await;
    let mut program = app.visitor();
    let feed = program.get(&first).await.expect(200);
    assert_eq!(feed.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(feed.sql <= 6, "{} statements", feed.sql);
    let text = feed.text.replace("\r\n ", "");
    assert!(
        text.contains("SUMMARY:Alerte à reprendre\u{a0}: EXEMPLE MÉCANIQUE\r\n"),
        "{text}"
    );
    assert!(text.contains("DTSTART;VALUE=DATE:20261203"));
    assert!(text.contains("DTSTART;VALUE=DATE:20270501"));
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
    for level in ["élevé", "high", "critique"] {
        assert!(!text.to_lowercase().contains(level), "{level}");
    }
    // Renewed: the old address is as if it never was.
    let second = address(&mut staff).await;
    assert_ne!(first, second);
    program.get(&first).await.expect(404);
    program.get(&second).await.expect(200);
    // Suspended: nothing either.
    set_status(&app, staff.user_id, "suspended").await;
    program.get(&second).await.expect(404);
    set_status(&app, staff.user_id, "active").await;
    let stop = staff.get(CHOICES).await.form("/compte/agenda/arreter");
    staff.submit(&stop).await.expect(303);
    program.get(&second).await.expect(404);
    program.get("/calendrier/vigie.ics").await.expect(404);
}

async fn set_status(app: &TestApp, id: Uuid, status: &str) {
    sqlx::query("update users set status = $2 where id = $1")
        .bind(id)
        .bind(status)
        .execute(&app.db.pool)
        .await
        .expect("a status");
}

async fn address(staff: &mut Client) -> String {
    let form = staff.get(CHOICES).await.expect(200).form("/compte/agenda");
    let page = staff.submit(&form).await.expect(200);
    let address = page.texts("code").pop().expect("the address");
    // Sent twice, the form shows it no second time, and changes nothing.
    staff.submit(&form).await.expect(303);
    address
        .strip_prefix("http://localhost:8080")
        .expect("our address")
        .to_owned()
}

#[tokio::test]
async fn what_was_promised_at_a_meeting_is_on_the_calendar_and_in_the_digest() {
    let (app, mut staff) = house().await;
    let log = format!("/entreprises/{}/rencontres/nouvelle", siren(1));
    let form = staff.get(&log).await.form(&log);
    let form = form.set("essentiel", "Rien de neuf.").set("suite", "mois");
    staff.submit(&form).await.expect(303);
    let feed = app.visitor().get(&address(&mut staff).await).await;
    let feed = feed.expect(200).text.replace("\r\n ", "");
    assert!(feed.contains("SUMMARY:Suite promise"), "{feed}");
    assert!(feed.contains("/rencontres/"), "{feed}");
    // Tuesday 29 December 2026 at nine: it is late.
    let tuesday: DateTime<Utc> = "2026-12-29T08:00:00Z".parse().expect("an instant");
    app.wait(tuesday - app.state.clock.now());
    assert_eq!(tick(&app).await.digests, 1);
    let mails = sent(&app).await;
    let text = &mails.last().expect("a digest").text;
    assert!(text.contains("Suites promises"), "{text}");
    assert!(text.contains("Reprendre contact"), "{text}");
}

#[tokio::test]
async fn digests_follow_both_changes_of_the_hour() {
    for (sunday, tuesday) in [
        ("2027-03-28T12:00:00Z", "2027-03-30T07:00:00Z"),
        ("2027-10-31T12:00:00Z", "2027-11-02T08:00:00Z"),
    ] {
        let mut app = TestApp::new().await;
        reference(&app.db.pool).await;
        Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
        app.state.clock = Clock::fixed(sunday.parse().expect("an instant"));
        let staff = app.sign_in(Role::Staff, &[]).await;
        alert(&app, 1, Some(staff.user_id)).await;
        assert_eq!(tick(&app).await.digests, 0);
        let nine: DateTime<Utc> = tuesday.parse().expect("an instant");
        app.wait(nine - app.state.clock.now() - TimeDelta::seconds(1));
        assert_eq!(tick(&app).await.digests, 0, "{tuesday}");
        app.wait(TimeDelta::seconds(1));
        assert_eq!(tick(&app).await.digests, 1, "{tuesday}");
    }
}
