//! Signing in, links, passwords, sessions, people.

use chrono::TimeDelta;
use uuid::Uuid;
use vigie::auth::password;
use vigie::domain::Role;
use vigie::features::accounts::provision;
use vigie::platform::jobs::Worker;
use vigie::platform::mail::Mailer;

use crate::support::app::{Client, Page, TestApp};

const RIGHT: &str = "cheval agrafe pile correcte";
const OTHER: &str = "lanterne mouette gravier souple";

/// A site that sends no mail: links are shown to the administrator.
async fn without_mail() -> TestApp {
    TestApp::with_mailer(Mailer::new(None).expect("no mail")).await
}

/// A person with a password, signed out.
async fn person(app: &TestApp, role: Role, email: &str) -> Uuid {
    let id = app.sign_in(role, &[]).await.user_id;
    let hash = password::hash(RIGHT.to_owned()).await;
    run(app, "delete from sessions where user_id = $1", id).await;
    sqlx::query("update users set email = $2, password_hash = $3 where id = $1")
        .bind(id)
        .bind(email)
        .bind(hash)
        .execute(&app.state.pool)
        .await
        .expect("a password");
    id
}

async fn run(app: &TestApp, sql: &'static str, id: Uuid) {
    sqlx::query(sql)
        .bind(id)
        .execute(&app.state.pool)
        .await
        .expect("a statement");
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(&app.state.pool)
        .await
        .expect("a count")
}

async fn run_jobs(app: &TestApp) {
    let registry = vigie::app::jobs(&app.state);
    let worker = Worker::new(app.state.pool.clone(), app.state.clock.clone(), registry);
    worker.run_due().await.expect("the jobs");
    assert_eq!(
        count(app, "select count(*) from jobs").await,
        0,
        "the queue is empty"
    );
}

async fn try_to_enter(client: &mut Client, email: &str, password: &str) -> Page {
    let form = client
        .get("/connexion")
        .await
        .expect(200)
        .form("/connexion");
    client
        .submit(&form.set("email", email).set("mot_de_passe", password))
        .await
}

#[tokio::test]
async fn signing_in_opens_the_page_that_was_asked_for_with_a_new_session() {
    let app = TestApp::new().await;
    person(&app, Role::Admin, "claire@tarn.example").await;
    let mut client = app.visitor();
    client.cookies.insert("vigie".into(), "a".repeat(64));
    let asked = client.get("/journal?objet=users").await.expect(303);
    let door = asked.location().expect("a redirection");
    let form = client.get(&door).await.expect(200).form("/connexion");
    let page = client
        .submit(
            &form
                .set("email", " Claire@Tarn.example ")
                .set("mot_de_passe", RIGHT),
        )
        .await
        .expect(303);
    assert_eq!(page.location().as_deref(), Some("/journal?objet=users"));
    let cookie = page.headers["set-cookie"].to_str().expect("a cookie");
    for part in ["vigie=", "; Path=/", "; HttpOnly", "; SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_ne!(
        client.cookies["vigie"],
        "a".repeat(64),
        "a token chosen by someone else is not kept"
    );
    client
        .get("/journal")
        .await
        .expect(200)
        .says("a ouvert une session");
    let first = client.clone();
    try_again_signed_in(&mut client).await;
    assert_ne!(first.cookies["vigie"], client.cookies["vigie"]);
    first.clone().get("/compte").await.expect(303);
}

async fn try_again_signed_in(client: &mut Client) {
    let fields = [("email", "claire@tarn.example"), ("mot_de_passe", RIGHT)];
    client.post("/connexion", &fields).await.expect(303);
}

#[tokio::test]
async fn a_refusal_says_the_same_whether_the_account_exists_or_not() {
    let app = TestApp::new().await;
    person(&app, Role::Staff, "claire@tarn.example").await;
    let suspended = person(&app, Role::Staff, "paul@tarn.example").await;
    run(
        &app,
        "update users set status = 'suspended' where id = $1",
        suspended,
    )
    .await;
    let mut texts = Vec::new();
    for (email, password) in [
        ("claire@tarn.example", "un autre mot de passe"),
        ("personne@tarn.example", RIGHT),
        ("paul@tarn.example", RIGHT),
    ] {
        let page = try_to_enter(&mut app.visitor(), email, password)
            .await
            .expect(422);
        page.says("Adresse ou mot de passe incorrect");
        page.hides(password);
        texts.push(page.words());
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:#?}");
}

#[tokio::test]
async fn after_five_failures_one_waits_and_the_page_says_how_long() {
    let app = TestApp::new().await;
    person(&app, Role::Admin, "claire@tarn.example").await;
    person(&app, Role::Admin, "paul@tarn.example").await;
    for _ in 0..5 {
        try_to_enter(&mut app.visitor(), "claire@tarn.example", "faux")
            .await
            .expect(422);
    }
    let page = try_to_enter(&mut app.visitor(), "claire@tarn.example", RIGHT)
        .await
        .expect(429);
    page.says("Réessayez dans 16 minutes");
    assert_eq!(page.headers["retry-after"], "960");
    try_to_enter(&mut app.visitor(), "paul@tarn.example", RIGHT)
        .await
        .expect(303);
    app.wait(TimeDelta::minutes(16));
    try_to_enter(&mut app.visitor(), "claire@tarn.example", RIGHT)
        .await
        .expect(303);
}

#[tokio::test]
async fn an_address_waits_a_minute_after_twenty_failures_whatever_the_account() {
    let app = TestApp::new().await;
    person(&app, Role::Admin, "claire@tarn.example").await;
    for stranger in 0..20 {
        try_to_enter(
            &mut app.visitor(),
            &format!("x{stranger}@tarn.example"),
            "faux",
        )
        .await
        .expect(422);
    }
    for _ in 0..2 {
        try_to_enter(&mut app.visitor(), "claire@tarn.example", RIGHT)
            .await
            .expect(429)
            .says("Réessayez dans 2 minutes");
    }
    let told = "select count(*) from audit_events where verb = 'sign_in_throttled'";
    assert_eq!(count(&app, told).await, 1, "once a minute");
    app.wait(TimeDelta::minutes(1));
    try_to_enter(&mut app.visitor(), "claire@tarn.example", RIGHT)
        .await
        .expect(303);
}

#[tokio::test]
async fn an_address_too_long_for_any_account_is_refused_like_the_others_and_not_kept() {
    let app = TestApp::new().await;
    let endless = format!("{}@tarn.example", "a".repeat(9_000));
    try_to_enter(&mut app.visitor(), &endless, RIGHT)
        .await
        .expect(422)
        .says("Adresse ou mot de passe incorrect");
    let kept = "select count(*) from sign_in_attempts where length(email) > 254";
    assert_eq!(count(&app, kept).await, 0);
}

#[tokio::test]
async fn a_refused_access_is_told_once_a_minute_in_the_journal() {
    let app = TestApp::new().await;
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    elected.get("/utilisateurs?q=secret").await.expect(403);
    elected.get("/imports/nouveau").await.expect(403);
    let told = "select count(*) from audit_events where verb = 'access_refused'";
    assert_eq!(count(&app, told).await, 1);
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get("/journal")
        .await
        .expect(200)
        .says("s’est vu refuser l’accès à /utilisateurs")
        .hides("secret");
}

#[tokio::test]
async fn one_who_forgets_a_password_locks_nobody_else() {
    let app = TestApp::new().await;
    let claire = person(&app, Role::Staff, "claire@tarn.example").await;
    let paul = person(&app, Role::Staff, "paul@tarn.example").await;
    // As many other accounts fail as an address may: they share none.
    sqlx::query(
        "insert into sign_in_attempts (email, ip, at, succeeded)
         select 'compte:' || n, 'compte', $1, false from generate_series(1, 20) n",
    )
    .bind(app.state.clock.now())
    .execute(&app.state.pool)
    .await
    .expect("failures");
    let mut answers = Vec::new();
    for (id, tries) in [(claire, 6), (paul, 1)] {
        let mut client = app.session_of(id).await;
        let form = client.get("/compte").await.form("/compte/mot-de-passe");
        for _ in 0..tries {
            let wrong = form
                .clone()
                .set("actuel", "faux")
                .set("mot_de_passe", OTHER);
            answers.push(client.submit(&wrong).await.expect(422));
        }
    }
    answers[4].says("Ce n’est pas votre mot de passe actuel");
    answers[5].says("Trop d’essais ont échoué");
    answers[6].says("Ce n’est pas votre mot de passe actuel");
}

#[tokio::test]
async fn parallel_tries_reach_the_password_five_times_at_most() {
    let app = TestApp::new().await;
    person(&app, Role::Staff, "claire@tarn.example").await;
    let tries = (0..20).map(|_| {
        let mut client = app.visitor();
        async move {
            let fields = [("email", "claire@tarn.example"), ("mot_de_passe", "faux")];
            client.post("/connexion", &fields).await.status.as_u16()
        }
    });
    let statuses = futures_util::future::join_all(tries).await;
    assert_eq!(
        statuses.iter().filter(|status| **status == 422).count(),
        5,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 429).count(),
        15,
        "{statuses:?}"
    );
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_of_rest_and_after_twelve_hours_of_work() {
    let app = TestApp::new().await;
    let mut resting = app.sign_in(Role::Staff, &[]).await;
    app.wait(TimeDelta::minutes(29));
    resting.get("/compte").await.expect(200);
    app.wait(TimeDelta::minutes(29));
    resting.get("/compte").await.expect(200);
    app.wait(TimeDelta::minutes(30));
    resting.get("/compte").await.expect(303);

    let mut working = app.sign_in(Role::Staff, &[]).await;
    for _ in 0..35 {
        app.wait(TimeDelta::minutes(20));
        working.get("/compte").await.expect(200);
    }
    app.wait(TimeDelta::minutes(20));
    working.get("/compte").await.expect(303);
}

#[tokio::test]
async fn signing_out_closes_the_session_and_clears_the_browser() {
    let app = TestApp::new().await;
    let mut client = app.sign_in(Role::Staff, &[]).await;
    let kept = client.clone();
    let page = client.post("/deconnexion", &[]).await.expect(303);
    assert!(
        page.headers["clear-site-data"]
            .to_str()
            .expect("text")
            .contains("\"cookies\"")
    );
    assert!(!client.cookies.contains_key("vigie"));
    let to = page.location().expect("a redirection");
    client
        .get(&to)
        .await
        .expect(200)
        .says("Votre session est fermée");
    kept.clone().get("/compte").await.expect(303);
}

/// Invites a person and gives the path of the link that the page shows.
async fn invite(admin: &mut Client, email: &str) -> String {
    let form = admin
        .get("/utilisateurs/inviter")
        .await
        .expect(200)
        .form("/utilisateurs/inviter");
    let form = form
        .set("nom", "Paul Roux")
        .set("email", email)
        .set("role", "elected")
        .set("organisation", "nouveau")
        .set("nouvel_organisme", "CCI d’essai")
        .set("nature", "cci");
    let page = admin.submit(&form).await.expect(200);
    link_of(&page)
}

fn link_of(page: &Page) -> String {
    let shown = page.texts("textarea").concat();
    shown
        .strip_prefix("http://localhost:8080")
        .expect("a link of this site")
        .to_owned()
}

#[tokio::test]
async fn an_invitation_opens_an_account_once_and_reading_it_uses_nothing_up() {
    let app = without_mail().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let link = invite(&mut admin, "paul@cci.example").await;
    let mut paul = app.visitor();
    for _ in 0..3 {
        paul.get(&link)
            .await
            .expect(200)
            .says("Bonjour Paul Roux")
            .says("De 14 à 128 caractères");
    }
    let form = paul.get(&link).await.form(&link);
    let page = paul
        .submit(&form.clone().set("mot_de_passe", "paul.roux.2026"))
        .await
        .expect(422);
    page.says("Ce mot de passe reprend surtout votre nom");
    page.hides("paul.roux.2026");
    let page = paul
        .submit(&form.clone().set("mot_de_passe", RIGHT))
        .await
        .expect(303);
    assert_eq!(
        page.location().as_deref(),
        Some("/indicateurs"),
        "the first page of an elected official"
    );
    paul.get("/compte").await.expect(200).says("Élue ou élu");

    let mut stranger = app.visitor();
    stranger
        .get(&link)
        .await
        .expect(410)
        .says("Il a déjà servi")
        .says("demandez-en une nouvelle");
    stranger
        .submit(&form.set("mot_de_passe", OTHER))
        .await
        .expect(410);
    try_to_enter(&mut app.visitor(), "paul@cci.example", RIGHT)
        .await
        .expect(303);
}

#[tokio::test]
async fn a_link_dies_when_it_is_old_or_when_another_replaces_it() {
    let app = without_mail().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let first = invite(&mut admin, "paul@cci.example").await;
    let account = admin.get("/utilisateurs").await.expect(200);
    let id: Uuid = sqlx::query_scalar("select id from users where email = 'paul@cci.example'")
        .fetch_one(&app.state.pool)
        .await
        .expect("Paul");
    account.says("pas encore acceptée");
    let action = format!("/utilisateurs/{id}/lien");
    let form = admin
        .get(&format!("/utilisateurs/{id}"))
        .await
        .expect(200)
        .form(&action);
    let second = link_of(&admin.submit(&form).await.expect(200));
    app.visitor().get(&first).await.expect(410);
    app.visitor().get(&second).await.expect(200);
    app.wait(TimeDelta::hours(72));
    app.visitor().get(&second).await.expect(410);
    for odd in ["/lien/x", "/lien/%00", &format!("/lien/{}", "0".repeat(64))] {
        app.visitor().get(odd).await.expect(410);
    }
}

#[tokio::test]
async fn an_invitation_sent_twice_makes_one_account_and_shows_one_link() {
    let app = without_mail().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let form = admin
        .get("/utilisateurs/inviter")
        .await
        .form("/utilisateurs/inviter");
    let form = form
        .set("nom", "Paul Roux")
        .set("email", "paul@cci.example")
        .set("role", "staff")
        .set("organisation", "nouveau")
        .set("nouvel_organisme", "CCI d’essai")
        .set("nature", "cci");
    admin.submit(&form).await.expect(200);
    let twin = admin.submit(&form).await.expect(303);
    assert!(
        twin.location()
            .expect("a redirection")
            .starts_with("/utilisateurs/")
    );
    let made = "select count(*) from users where email = 'paul@cci.example'";
    assert_eq!(count(&app, made).await, 1);
    let again = admin
        .get("/utilisateurs/inviter")
        .await
        .form("/utilisateurs/inviter");
    let fields: Vec<_> = form
        .fields
        .iter()
        .filter(|(name, _)| name != "_cle")
        .collect();
    let other = fields
        .into_iter()
        .fold(again, |form, (name, value)| form.set(name, value));
    let page = admin.submit(&other).await.expect(422);
    page.says("Cette adresse a déjà un compte");
    assert_eq!(
        page.form("/utilisateurs/inviter").value("nom"),
        Some("Paul Roux"),
        "nothing is lost"
    );
    assert_eq!(count(&app, made).await, 1);
}

#[tokio::test]
async fn a_refused_invitation_tells_every_fault_and_keeps_what_was_typed() {
    let app = without_mail().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let form = admin
        .get("/utilisateurs/inviter")
        .await
        .form("/utilisateurs/inviter");
    let page = admin
        .submit(&form.set("nom", "  ").set("email", "paul"))
        .await
        .expect(422);
    page.says("Écrivez une adresse électronique complète, par exemple prenom.nom@tarn.fr")
        .says("Écrivez le prénom et le nom")
        .says("Choisissez un rôle")
        .says("Choisissez un organisme");
    assert_eq!(
        page.form("/utilisateurs/inviter").value("email"),
        Some("paul")
    );
    assert!(page.text.contains("<title>Erreur"));
}

#[tokio::test]
async fn a_lost_password_is_mailed_and_the_page_says_the_same_to_strangers() {
    let app = TestApp::new().await;
    let id = person(&app, Role::Staff, "claire@tarn.example").await;
    let mut open = app.session_of(id).await;
    let mut texts = Vec::new();
    for email in ["claire@tarn.example", "personne@tarn.example"] {
        let mut visitor = app.visitor();
        let form = visitor
            .get("/mot-de-passe-oublie")
            .await
            .expect(200)
            .form("/mot-de-passe-oublie");
        texts.push(
            visitor
                .submit(&form.set("email", email))
                .await
                .expect(200)
                .words(),
        );
    }
    assert_eq!(texts[0], texts[1]);
    run_jobs(&app).await;
    let sent = app.state.mailer.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, "claire@tarn.example");
    let link = sent[0]
        .text
        .lines()
        .find_map(|line| line.strip_prefix("http://localhost:8080"));
    let link = link.expect("a link").to_owned();

    app.wait(TimeDelta::minutes(59));
    let mut open_again = app.session_of(id).await;
    let mut visitor = app.visitor();
    let form = visitor.get(&link).await.expect(200).form(&link);
    visitor
        .submit(&form.set("mot_de_passe", OTHER))
        .await
        .expect(303);
    visitor.get("/compte").await.expect(200);
    open.get("/compte").await.expect(303);
    open_again.get("/compte").await.expect(303);
    try_to_enter(&mut app.visitor(), "claire@tarn.example", RIGHT)
        .await
        .expect(422);
    try_to_enter(&mut app.visitor(), "claire@tarn.example", OTHER)
        .await
        .expect(303);
    run_jobs(&app).await;
    let sent = app.state.mailer.sent();
    assert_eq!(
        sent.last().expect("a mail").subject,
        "Vigie\u{a0}: votre mot de passe a changé"
    );
}

#[tokio::test]
async fn without_mail_a_lost_password_is_for_the_administrator() {
    let app = without_mail().await;
    let page = app.visitor().get("/mot-de-passe-oublie").await.expect(200);
    page.says("Demandez un lien à l’administration de Vigie");
    app.visitor()
        .post("/mot-de-passe-oublie", &[("email", "a@b.fr")])
        .await
        .expect(200);
    assert_eq!(count(&app, "select count(*) from jobs").await, 0);
}

#[tokio::test]
async fn one_changes_the_password_with_the_present_one_and_the_other_sessions_close() {
    let app = TestApp::new().await;
    let id = person(&app, Role::Staff, "claire@tarn.example").await;
    let mut here = app.session_of(id).await;
    let mut there = app.session_of(id).await;
    let form = here
        .get("/compte")
        .await
        .expect(200)
        .form("/compte/mot-de-passe");
    let wrong = form
        .clone()
        .set("actuel", "faux")
        .set("mot_de_passe", OTHER);
    here.submit(&wrong)
        .await
        .expect(422)
        .says("Ce n’est pas votre mot de passe actuel");
    let short = form
        .clone()
        .set("actuel", RIGHT)
        .set("mot_de_passe", "court");
    here.submit(&short)
        .await
        .expect(422)
        .says("Choisissez au moins 14 caractères");
    here.submit(&form.set("actuel", RIGHT).set("mot_de_passe", OTHER))
        .await
        .expect(303);
    here.get("/compte").await.expect(200);
    there.get("/compte").await.expect(303);
    try_to_enter(&mut app.visitor(), "claire@tarn.example", OTHER)
        .await
        .expect(303);
    run_jobs(&app).await;
}

#[tokio::test]
async fn one_closes_ones_own_sessions_and_nobody_else_s() {
    let app = TestApp::new().await;
    let mut here = app.sign_in(Role::Staff, &[]).await;
    let mut there = app.session_of(here.user_id).await;
    let mut stranger = app.sign_in(Role::Staff, &[]).await;
    let page = here.get("/compte").await.expect(200);
    let action = page
        .texts("form")
        .iter()
        .find(|text| text.starts_with("Fermer la session"))
        .map(|_| action_of(&page, "/compte/sessions/"))
        .expect("a session to close");
    stranger.post(&action, &[]).await.expect(404);
    there.get("/compte").await.expect(200);
    here.submit(&page.form(&action)).await.expect(303);
    there.get("/compte").await.expect(303);
    let mut third = app.session_of(here.user_id).await;
    let form = here
        .get("/compte")
        .await
        .form("/compte/sessions/fermer-les-autres");
    here.submit(&form).await.expect(303);
    third.get("/compte").await.expect(303);
    here.get("/compte").await.expect(200);
    stranger.get("/compte").await.expect(200);
}

/// The first action of a form of the page that begins so.
fn action_of(page: &Page, start: &str) -> String {
    let marker = format!("action=\"{start}");
    let at = page.text.find(&marker).expect("such a form") + "action=\"".len();
    page.text[at..]
        .split('"')
        .next()
        .expect("an action")
        .to_owned()
}

#[tokio::test]
async fn a_change_of_rights_or_a_suspension_closes_the_sessions_at_once() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let path = format!("/utilisateurs/{}", staff.user_id);
    let form = admin.get(&path).await.expect(200).form(&path);
    admin.submit(&form.set("role", "elected")).await.expect(303);
    staff.get("/compte").await.expect(303);
    let mut elected = app.session_of(staff.user_id).await;
    elected.get("/compte").await.expect(200).says("Élue ou élu");
    let suspend = format!("{path}/suspendre");
    let form = admin.get(&path).await.form(&suspend);
    admin.submit(&form).await.expect(303);
    elected.get("/compte").await.expect(303);
    admin.submit(&form).await.expect(303);
    let open = format!("{path}/reactiver");
    let form = admin.get(&path).await.says("Suspendu").path.clone();
    let form = admin.get(&form).await.form(&open);
    admin.submit(&form).await.expect(303);
    app.session_of(staff.user_id)
        .await
        .get("/compte")
        .await
        .expect(200);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let path = format!("/utilisateurs/{}", admin.user_id);
    let form = admin.get(&path).await.form(&path);
    let page = admin
        .submit(&form.clone().set("role", "staff"))
        .await
        .expect(422);
    page.says("C’est le dernier compte d’administration actif");
    let suspend = format!("{path}/suspendre");
    let form_of_suspension = admin.get(&path).await.form(&suspend);
    admin
        .submit(&form_of_suspension)
        .await
        .expect(409)
        .says("C’est le dernier compte");
    admin.get("/compte").await.expect(200);
    app.sign_in(Role::Admin, &[]).await;
    admin.submit(&form.set("role", "staff")).await.expect(303);
}

#[tokio::test]
async fn two_administrators_who_leave_together_leave_one() {
    let app = TestApp::new().await;
    let first = app.sign_in(Role::Admin, &[]).await;
    let second = app.sign_in(Role::Admin, &[]).await;
    let leave = |mut client: Client| async move {
        let path = format!("/utilisateurs/{}/suspendre", client.user_id);
        client.post(&path, &[]).await.status.as_u16()
    };
    let (a, b) = futures_util::future::join(leave(first), leave(second)).await;
    let mut statuses = [a, b];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let left = "select count(*) from users where role = 'admin' and status = 'active'";
    assert_eq!(count(&app, left).await, 1);
}

#[tokio::test]
async fn of_two_people_who_edit_an_account_the_second_sees_both_versions() {
    let app = TestApp::new().await;
    let mut first = app.sign_in(Role::Admin, &[]).await;
    let mut second = app.sign_in(Role::Admin, &[]).await;
    let id = person(&app, Role::Staff, "claire@tarn.example").await;
    let path = format!("/utilisateurs/{id}");
    let form_of_first = first.get(&path).await.form(&path);
    let form_of_second = second.get(&path).await.form(&path);
    first
        .submit(&form_of_first.set("nom", "Claire Martin-Roux"))
        .await
        .expect(303);
    let page = second
        .submit(&form_of_second.set("nom", "Claire Roux"))
        .await
        .expect(409);
    page.says("pendant votre saisie")
        .says("Enregistré : Claire Martin-Roux")
        .says("Votre saisie : Claire Roux");
    let form = page.form(&path);
    assert_eq!(form.value("nom"), Some("Claire Roux"), "nothing is lost");
    second.submit(&form).await.expect(303);
    second.get(&path).await.says("Claire Roux");
}

#[tokio::test]
async fn signing_in_does_not_make_a_form_out_of_date() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let id = person(&app, Role::Staff, "claire@tarn.example").await;
    let path = format!("/utilisateurs/{id}");
    let form = admin.get(&path).await.form(&path);
    try_to_enter(&mut app.visitor(), "claire@tarn.example", RIGHT)
        .await
        .expect(303);
    admin
        .submit(&form.set("nom", "Claire Roux"))
        .await
        .expect(303);
}

#[tokio::test]
async fn a_form_in_flight_when_the_session_ends_comes_back_filled() {
    let app = without_mail().await;
    let id = person(&app, Role::Admin, "claire@tarn.example").await;
    let mut client = app.session_of(id).await;
    let form = client
        .get("/utilisateurs/inviter")
        .await
        .form("/utilisateurs/inviter");
    let form = form.set("nom", "Anaïs & Cie = 100 %").set("role", "staff");
    app.wait(TimeDelta::minutes(31));
    let page = client.submit(&form).await.expect(401);
    page.says("Votre session a expiré pendant votre saisie");
    let door = page.form("/connexion");
    let wrong = door
        .clone()
        .set("email", "claire@tarn.example")
        .set("mot_de_passe", "faux");
    let door = client.submit(&wrong).await.expect(422).form("/connexion");
    let right = door
        .set("email", "claire@tarn.example")
        .set("mot_de_passe", RIGHT);
    let page = client.submit(&right).await.expect(200);
    page.says("Votre saisie est conservée")
        .says("Retrouver ma saisie");
    let page = client
        .submit(&page.form("/utilisateurs/inviter"))
        .await
        .expect(200);
    page.says("Votre session avait expiré");
    let form = page.form("/utilisateurs/inviter");
    assert_eq!(form.value("nom"), Some("Anaïs & Cie = 100 %"));
    assert_eq!(form.value("role"), Some("staff"));
    assert_eq!(
        count(&app, "select count(*) from users").await,
        1,
        "nothing was carried out"
    );
}

#[tokio::test]
async fn identifiers_that_mean_nothing_are_not_found() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    for id in [
        "0",
        "-1",
        "9223372036854775808",
        "%D9%A1%D9%A2",
        "x",
        &Uuid::nil().to_string(),
    ] {
        admin.get(&format!("/utilisateurs/{id}")).await.expect(404);
        admin
            .post(&format!("/utilisateurs/{id}/suspendre"), &[])
            .await
            .expect(404);
        admin
            .post(&format!("/compte/sessions/{id}/fermer"), &[])
            .await
            .expect(404);
    }
    for page in ["0", "-1", "2", "99999999999"] {
        admin
            .get(&format!("/utilisateurs?page={page}"))
            .await
            .expect(404);
    }
    admin
        .post("/utilisateurs/inviter", &[("nom", "a\0b")])
        .await
        .expect(400);
}

#[tokio::test]
async fn the_first_administrator_comes_by_a_link_that_dies_with_its_use() {
    let app = TestApp::new().await;
    let now = app.state.clock.now();
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let first_link = provision::first_administrator_link(&mut conn, now)
        .await
        .expect("a link");
    let link = provision::first_administrator_link(&mut conn, now)
        .await
        .expect("a link");
    let link = link.expect("nobody yet");
    let mut visitor = app.visitor();
    visitor
        .get(&first_link.expect("nobody yet"))
        .await
        .expect(410);
    let form = visitor.get(&link).await.expect(200).form(&link);
    let page = visitor
        .submit(&form.clone().set("email", "claire"))
        .await
        .expect(422);
    page.says("Écrivez le prénom et le nom")
        .says("Écrivez une adresse électronique complète");
    let filled = form
        .set("nom", "Claire Martin")
        .set("email", "claire@tarn.example")
        .set("mot_de_passe", RIGHT);
    visitor.submit(&filled).await.expect(303);
    visitor
        .get("/utilisateurs")
        .await
        .expect(200)
        .says("Personne d’autre pour l’instant");
    app.visitor().get(&link).await.expect(410);
    assert_eq!(
        provision::first_administrator_link(&mut conn, now)
            .await
            .expect("an answer"),
        None
    );
}

#[tokio::test]
async fn the_demonstration_has_one_account_for_each_role_told_once() {
    let app = TestApp::new().await;
    let now = app.state.clock.now();
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let made = provision::demo_users(&mut conn, &[], now)
        .await
        .expect("accounts");
    assert_eq!(made.len(), Role::ALL.len());
    for account in &made {
        let mut client = app.visitor();
        try_to_enter(&mut client, &account.email, &account.password)
            .await
            .expect(303);
        client
            .get("/compte")
            .await
            .expect(200)
            .says(account.role.label());
    }
    let again = provision::demo_users(&mut conn, &[], now)
        .await
        .expect("accounts");
    assert!(again.is_empty());
}

#[tokio::test]
async fn the_command_line_invites_resets_suspends_and_lists() {
    let app = TestApp::new().await;
    let now = app.state.clock.now();
    let pool = &app.state.pool;
    let paul = provision::NewPerson {
        email: "Paul@cci.example".into(),
        name: "Paul Roux".into(),
        role: Role::Adviser,
        organisation: "CCI d’essai".into(),
        territories: Vec::new(),
    };
    let refused = provision::invite(pool, paul.clone(), now).await;
    assert!(matches!(refused, Err(provision::Error::NoTerritory)));
    let link = provision::invite(
        pool,
        provision::NewPerson {
            role: Role::Staff,
            ..paul.clone()
        },
        now,
    )
    .await
    .expect("a link");
    app.visitor().get(&link).await.expect(200).says("Paul Roux");
    let twice = provision::invite(
        pool,
        provision::NewPerson {
            role: Role::Staff,
            ..paul
        },
        now,
    )
    .await;
    assert!(matches!(twice, Err(provision::Error::Known(_))));
    let again = provision::reset(pool, "PAUL@cci.example", now)
        .await
        .expect("a link");
    app.visitor().get(&link).await.expect(410);
    app.visitor().get(&again).await.expect(200);
    assert_eq!(
        provision::suspend(pool, "paul@cci.example", now)
            .await
            .expect("a name"),
        "Paul Roux"
    );
    app.visitor().get(&again).await.expect(410);
    let suspended = provision::reset(pool, "paul@cci.example", now).await;
    assert!(matches!(suspended, Err(provision::Error::Suspended)));
    let lines = provision::list(pool).await.expect("a list");
    assert_eq!((lines.len(), lines[0].status.as_str()), (1, "suspended"));
}

#[tokio::test]
async fn what_no_longer_serves_is_forgotten() {
    let app = TestApp::new().await;
    let id = person(&app, Role::Staff, "claire@tarn.example").await;
    app.session_of(id).await;
    try_to_enter(&mut app.visitor(), "claire@tarn.example", "faux")
        .await
        .expect(422);
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let purge = async |conn: &mut sqlx::PgConnection| {
        let (limits, now) = (app.state.session_limits(), app.state.clock.now());
        vigie::features::accounts::upkeep::purge(conn, limits, now)
            .await
            .expect("a purge")
    };
    let early = purge(&mut conn).await;
    assert_eq!((early.sessions, early.attempts, early.links), (0, 0, 0));
    app.wait(TimeDelta::minutes(31));
    let late = purge(&mut conn).await;
    assert_eq!((late.sessions, late.attempts), (1, 1));
}

#[tokio::test]
async fn every_answer_bears_the_headers_of_protection_whatever_its_status() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let mut visitor = app.visitor();
    let css = visitor.get("/connexion").await.text;
    let at = css.find("/static/").expect("a style sheet");
    let css = css[at..].split('"').next().expect("an address").to_owned();
    let pages = [
        visitor.get("/connexion").await.expect(200),
        visitor.get("/compte").await.expect(303),
        visitor.post("/compte/mot-de-passe", &[]).await.expect(401),
        staff.get("/journal").await.expect(403),
        admin.get("/utilisateurs/0").await.expect(404),
        visitor.get("/lien/x").await.expect(410),
        visitor.post("/connexion", &[]).await.expect(422),
        visitor.get(&css).await.expect(200),
        broken(&app, &mut admin).await.expect(500),
    ];
    for page in pages {
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "permissions-policy",
        ] {
            assert!(
                page.headers.contains_key(name),
                "{name} on {} {}",
                page.status,
                page.path
            );
        }
        let policy = page.headers["content-security-policy"]
            .to_str()
            .expect("text");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(!page.headers.contains_key("server"));
        assert!(
            !page
                .headers
                .keys()
                .any(|name| name.as_str().starts_with("access-control"))
        );
    }
}

/// A page whose table has gone: a fault of ours.
async fn broken(app: &TestApp, admin: &mut Client) -> Page {
    let mut owner = app.db.owner().await;
    sqlx::raw_sql("alter table organisations rename to elsewhere")
        .execute(&mut owner)
        .await
        .expect("a broken schema");
    // Sessions read the organisation too: only what a page reads alone may break.
    sqlx::raw_sql("create view organisations as select * from elsewhere; grant select on organisations to vigie_app; alter table territories rename to gone")
        .execute(&mut owner)
        .await
        .expect("a broken schema");
    let page = admin.get("/utilisateurs/inviter").await;
    page.hides("territories").hides("select");
    page
}

#[tokio::test]
async fn an_act_from_another_origin_is_refused_and_does_nothing() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        let mut forged = admin.clone();
        forged
            .headers
            .insert(name, value.parse().expect("a header"));
        forged.post("/deconnexion", &[]).await.expect(403);
        forged
            .post("/compte/sessions/fermer-les-autres", &[])
            .await
            .expect(403);
    }
    admin.get("/compte").await.expect(200);
}
