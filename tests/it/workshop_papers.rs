//! What leaves a workshop on paper: minutes as a PDF, by hand and by mail, whole or not at all.

use chrono::TimeDelta;
use vigie::domain::Role;
use vigie::platform::mail::Mailer;
use vigie::platform::pdf::Printer;

use crate::mail::run_jobs;
use crate::pdf::{Read, pdf_of, printer};
use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES};
use crate::support::printer::Stub;
use crate::support::smtp::{Mode, SmtpServer};
use crate::workshops::{BANK, BANKER, SCHOOL, decide, guest, house, invite, plan, put, say, tick};

/// A workshop that was held: the banker came and the school did not.
async fn held(app: &TestApp, staff: &mut Client) -> (Client, String) {
    let path = plan(staff, "2026-12-03").await;
    put(staff, &path, &[1, 2]).await;
    let keys = [format!("p:{BANKER}"), format!("o:{SCHOOL}")];
    invite(staff, &path, &[&keys[0], &keys[1]]).await;
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    let banker = guest(app, "agnes@banque.example").await;
    tick(&mut staff, &path, banker, "oui").await;
    tick(&mut staff, &path, guest(app, "").await, "non").await;
    for (kind, text) in [
        ("shared", "Un marché perdu & <b>un autre</b>"),
        ("confidential", "SECRET-GLYCINE"),
        ("position", "Attendre le bilan"),
    ] {
        let fields = [("nature", kind), ("organisme", BANK), ("texte", text)];
        say(&mut staff, &path, 1, &fields).await.expect(303);
    }
    decide(&mut staff, &path, 1, &format!("g:{banker}"), "2027-01-31")
        .await
        .expect(303);
    (staff, path)
}

async fn send(staff: &mut Client, path: &str) -> String {
    let sending = format!("{path}/compte-rendu/envoyer");
    let preview = staff.get(&sending).await.expect(200);
    let told = preview.text.clone();
    staff.submit(&preview.form(&sending)).await.expect(303);
    told
}

async fn parked(app: &TestApp) -> i64 {
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let counts = vigie::platform::jobs::counts(&mut conn).await;
    counts.expect("the queue").parked
}

#[tokio::test]
async fn minutes_are_a_tagged_document_with_shared_parts_only_and_travel_with_their_mail() {
    let Some(printer) = printer() else { return };
    let (app, mut staff) = house().await;
    let app = app.printing_with(printer);
    let (mut staff, path) = held(&app, &mut staff).await;
    let file = format!("{path}/compte-rendu.pdf");
    let page = staff.get(&file).await.expect(200);
    assert_eq!(
        page.headers["content-disposition"],
        "attachment; filename=\"compte-rendu-2026-12-03.pdf\""
    );
    let read = pdf_of(&page);
    read.says("Projet : il n’est pas encore envoyé.");
    check(&read, "Direction du Développement Essai");
    let verb: (String, String) = sqlx::query_as(
        "select verb, object_label from audit_events where verb = 'export' order by id desc limit 1",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("the trace");
    assert_eq!(
        verb.1,
        "le compte rendu de l’atelier «\u{a0}Atelier d’hiver\u{a0}»"
    );

    let told = send(&mut staff, &path).await;
    assert!(told.contains("compte-rendu-2026-12-03.pdf"), "{told}");
    run_jobs(&app).await;
    let mails = app.state.mailer.sent();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "agnes@banque.example");
    let attached = &mails[0].attachments[0];
    assert_eq!(attached.file_name, "compte-rendu-2026-12-03.pdf");
    assert_eq!(attached.content_type, "application/pdf");
    let read = Read::of(&attached.content);
    read.says("Envoyé le 3 décembre 2026 par Direction du Développement Essai");
    check(&read, "Direction du Développement Essai");
    assert!(!mails[0].text.contains("SECRET-GLYCINE"));

    // An adviser of the territory reads the same, one of elsewhere nothing.
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let read = pdf_of(&adviser.get(&file).await.expect(200));
    check(&read, &format!("{} Essai", Role::Adviser.label()));
    let mut other = app.sign_in(Role::Adviser, &[CASTRES]).await;
    other.get(&file).await.expect(404);
}

fn check(read: &Read, author: &str) {
    assert_eq!(read.fact("Tagged"), "yes", "{}", read.info);
    assert_eq!(read.fact("Title"), "Compte rendu, Atelier d’hiver – Vigie");
    assert!(read.fact("Page size").contains("A4"), "{}", read.info);
    read.says("Confidentiel : ce qui est dit en atelier")
        .says("Présents EXEMPLE Banque")
        .says("Absents EXEMPLE Lycée")
        .says("Partagé, EXEMPLE Banque : Un marché perdu & <b>un autre</b>")
        .says("Position, EXEMPLE Banque : Attendre le bilan")
        .says("Rencontrer la direction (EXEMPLE Banque, pour le 31 janvier 2027)")
        .says("Exporté de Vigie le 3 décembre 2026 par")
        .says("Page 1 sur 1");
    assert!(read.text.contains(author), "{author} in {}", read.text);
    for hidden in ["SECRET-GLYCINE", "Mialhe", "agnes@", "Télécharger", "Menu"] {
        assert!(!read.text.contains(hidden), "{hidden} in {}", read.text);
    }
}

#[tokio::test]
async fn without_a_printer_nothing_leaves_by_half_and_the_job_is_done_again() {
    let (app, mut staff) = house().await;
    let app = app.printing_with(Printer::none());
    let (mut staff, path) = held(&app, &mut staff).await;
    let minutes = format!("{path}/compte-rendu");
    staff.get(&minutes).await.hides("Télécharger en PDF");
    let sent_back = staff.get(&format!("{minutes}.pdf")).await.expect(303);
    assert_eq!(sent_back.location().as_deref(), Some(minutes.as_str()));
    staff
        .get(&minutes)
        .await
        .says("Ce serveur ne sait pas faire de PDF : imprimez cette page");
    let told = send(&mut staff, &path).await;
    assert!(told.contains("rien ne part à moitié"), "{told}");
    let words = "1 courriel attend le PDF du compte rendu. Ce serveur ne sait pas faire de PDF";
    staff.get(&minutes).await.expect(200).says(words);
    for _ in 0..8 {
        run_jobs(&app).await;
        app.wait(TimeDelta::hours(1));
    }
    assert!(app.state.mailer.sent().is_empty());
    assert_eq!(parked(&app).await, 1);
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let tasks = admin.get("/reglages/taches").await.expect(200);
    tasks.says("PDF d’un compte rendu, puis son envoi");

    let stub = Stub::new();
    let app = app.printing_with(stub.printer());
    let job: uuid::Uuid = sqlx::query_scalar("select id from jobs where parked_at is not null")
        .fetch_one(&app.db.pool)
        .await
        .expect("the job");
    let again = tasks.form(&format!("/reglages/taches/{job}/relancer"));
    admin.submit(&again).await.expect(303);
    run_jobs(&app).await;
    let mails = app.state.mailer.sent();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].attachments[0].content.starts_with(b"%PDF"));
    // Done twice, it writes once.
    sqlx::query(
        "insert into jobs (id, kind, payload, run_at)
         select gen_random_uuid(), 'workshops.minutes', jsonb_build_object('minutes_id', id), now() - interval '1 day'
         from workshop_minutes",
    )
    .execute(&app.db.pool)
    .await
    .expect("the job again");
    run_jobs(&app).await;
    assert_eq!(app.state.mailer.sent().len(), 1);
    let mut staff = app.session_of(staff.user_id).await;
    staff.get(&minutes).await.expect(200).hides("attend le PDF");
}

#[tokio::test]
async fn who_is_forgotten_before_the_mail_is_written_gets_none() {
    let (app, mut staff) = house().await;
    let stub = Stub::new();
    let app = app.printing_with(stub.printer());
    let (mut staff, path) = held(&app, &mut staff).await;
    send(&mut staff, &path).await;
    let to = format!("/personnes/{BANKER}/effacer");
    let form = staff.get(&to).await.expect(200).form(&to);
    staff.submit(&form).await.expect(303);
    run_jobs(&app).await;
    let written: i64 = sqlx::query_scalar("select count(*) from mails where kind = 'minutes'")
        .fetch_one(&app.db.pool)
        .await
        .expect("the outbox");
    assert_eq!((written, parked(&app).await), (0, 0));
    // The minutes stand, and never named them.
    let page = staff.get(&format!("{path}/compte-rendu")).await.expect(200);
    page.says("Un marché perdu")
        .says("Personne effacée, EXEMPLE Banque")
        .hides("Mialhe");
}

async fn mails(app: &TestApp) -> Vec<(String, String)> {
    run_jobs(app).await;
    let sent = app.state.mailer.sent();
    sent.into_iter()
        .map(|mail| (mail.to, mail.subject))
        .collect()
}

#[tokio::test]
async fn what_was_read_is_what_leaves_and_who_is_ticked_late_gets_it_too() {
    let (app, mut staff) = house().await;
    let stub = Stub::new();
    let app = app.printing_with(stub.printer());
    let (mut staff, path) = held(&app, &mut staff).await;
    let (page, sending) = (
        format!("{path}/compte-rendu"),
        format!("{path}/compte-rendu/envoyer"),
    );
    // Someone writes between the reading and the sending.
    let read = staff.get(&sending).await.expect(200).form(&sending);
    let fields = [
        ("nature", "shared"),
        ("organisme", BANK),
        ("texte", "Dit entre-temps"),
    ];
    say(&mut staff, &path, 2, &fields).await.expect(303);
    staff
        .submit(&read)
        .await
        .expect(409)
        .says("ont changé depuis votre lecture")
        .says("Dit entre-temps");
    send(&mut staff, &path).await;
    assert_eq!(mails(&app).await.len(), 1);

    // A second person of the bank is ticked late: they alone get the same minutes, once.
    sqlx::query(
        "insert into workshop_guests (id, workshop_id, organisation_id, person_name, person_email, user_id, created_at)
         select gen_random_uuid(), w.id, $1::uuid, 'Luc Bonnet', 'luc@banque.example', u.id, now()
         from workshops w, users u where u.id = $2",
    )
    .bind(BANK)
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("a guest");
    let late = guest(&app, "luc@banque.example").await;
    tick(&mut staff, &path, late, "oui").await;
    let told = send(&mut staff, &path).await;
    assert!(!told.contains("agnes@"), "{told}");
    let left = mails(&app).await;
    // Their account says their address of today: the preview showed it, the mail goes there.
    let address: String = sqlx::query_scalar("select email from users where id = $1")
        .bind(staff.user_id)
        .fetch_one(&app.db.pool)
        .await
        .expect("the account");
    assert!(told.contains(&address), "{told}");
    let expected = (
        address,
        "Compte rendu de l’atelier du 3\u{a0}décembre 2026".to_owned(),
    );
    assert_eq!(left[1..], [expected]);
    staff
        .get(&sending)
        .await
        .expect(200)
        .says("Personne n’a à recevoir ce courriel");
    staff
        .get(&page)
        .await
        .says("Envoyé le 3 décembre 2026")
        .says("à 2 personnes")
        .hides("Modifié depuis");
}

#[tokio::test]
async fn partners_read_what_was_sent_and_no_draft() {
    let (app, mut staff) = house().await;
    let stub = Stub::new();
    let app = app.printing_with(stub.printer());
    let (mut staff, path) = held(&app, &mut staff).await;
    let page = format!("{path}/compte-rendu");
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser
        .get(&page)
        .await
        .expect(200)
        .says("Il n’est pas encore envoyé")
        .hides("Un marché perdu");
    let refused = adviser.get(&format!("{page}.pdf")).await.expect(303);
    assert_eq!(refused.location(), Some(page.clone()));
    for (words, is_sent) in [
        ("Merci à tous.", true),
        ("Brouillon du Département.", false),
    ] {
        let form = staff.get(&page).await.expect(200).form(&page);
        staff
            .submit(&form.set("introduction", words))
            .await
            .expect(303);
        adviser.get(&page).await.expect(200).hides(words);
        if is_sent {
            send(&mut staff, &path).await;
            adviser.get(&page).await.expect(200).says(words);
        }
    }
    adviser.get(&page).await.says("Merci à tous.");
    staff
        .get(&page)
        .await
        .says("Brouillon du Département.")
        .says("Modifié depuis");
}

/// An adviser of the school, elsewhere than where workshops are held.
async fn school_of_castres(app: &TestApp) -> Client {
    let adviser = app.sign_in(Role::Adviser, &[CASTRES]).await;
    sqlx::query("update users set organisation_id = $2::uuid where id = $1")
        .bind(adviser.user_id)
        .bind(SCHOOL)
        .execute(&app.db.pool)
        .await
        .expect("the school's");
    app.session_of(adviser.user_id).await
}

#[tokio::test]
async fn one_told_otherwise_than_by_mail_sees_what_they_have_to_do() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    put(&mut staff, &path, &[1]).await;
    let mut adviser = school_of_castres(&app).await;
    invite(&mut staff, &path, &[&format!("o:{SCHOOL}")]).await;
    adviser.get(&path).await.expect(404);
    let school = guest(&app, "").await;
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    decide(&mut staff, &path, 1, &format!("g:{school}"), "2027-01-31")
        .await
        .expect(303);
    let mut adviser = app.session_of(adviser.user_id).await;
    adviser.get(&path).await.expect(200).says("Atelier d’hiver");
}

#[tokio::test]
async fn an_answer_by_telephone_opens_the_workshop_as_a_mail_would() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    let mut adviser = school_of_castres(&app).await;
    invite(&mut staff, &path, &[&format!("o:{SCHOOL}")]).await;
    adviser.get(&path).await.expect(404);
    let answer = format!("{path}/invites/{}", guest(&app, "").await);
    let form = staff.get(&answer).await.form(&answer);
    staff.submit(&form.set("reponse", "yes")).await.expect(303);
    adviser.get(&path).await.expect(200).says("Atelier d’hiver");
}

#[tokio::test]
async fn refused_minutes_are_said_to_be_and_go_again_to_the_corrected_address() {
    let server = SmtpServer::start(Mode::RefuseRecipient).await;
    let (app, mut staff) = house().await;
    let stub = Stub::new();
    let app = app
        .printing_with(stub.printer())
        .mailing_with(server.mailer());
    let (mut staff, path) = held(&app, &mut staff).await;
    send(&mut staff, &path).await;
    run_jobs(&app).await;
    staff
        .get(&format!("{path}/compte-rendu"))
        .await
        .says("1 courriel n’est pas arrivé");
    staff
        .get(&path)
        .await
        .says("envoi demandé le 3 décembre 2026")
        .says("1 courriel n’est pas arrivé");
    server.set(Mode::Accept);
    sqlx::query("update partner_people set email = 'agnes.mialhe@banque.example'")
        .execute(&app.db.pool)
        .await
        .expect("corrected");
    let told = send(&mut staff, &path).await;
    assert!(told.contains("agnes.mialhe@banque.example"), "{told}");
    run_jobs(&app).await;
    assert_eq!(server.received().len(), 1);
    staff
        .get(&format!("{path}/compte-rendu"))
        .await
        .says("à 1 personne.")
        .hides("n’est pas arrivé");
}

#[tokio::test]
async fn minutes_corrected_before_a_mail_server_is_there_leave_once() {
    let (app, mut staff) = house().await;
    let stub = Stub::new();
    let app = app.printing_with(stub.printer());
    let app = app.mailing_with(Mailer::new(None).expect("no mail"));
    let (mut staff, path) = held(&app, &mut staff).await;
    tick(&mut staff, &path, guest(&app, "").await, "").await;
    send(&mut staff, &path).await;
    run_jobs(&app).await;
    let page = format!("{path}/compte-rendu");
    staff
        .get(&page)
        .await
        .expect(200)
        .says("Présence non notée");
    let form = staff.get(&page).await.form(&page);
    let form = form.set("remarques", "Une coquille corrigée.");
    staff.submit(&form).await.expect(303);
    send(&mut staff, &path).await;
    run_jobs(&app).await;
    let kept: Vec<(String, String)> = sqlx::query_as(
        "select status, subject from mails where kind = 'minutes' order by created_at, id",
    )
    .fetch_all(&app.db.pool)
    .await
    .expect("mails");
    let expected = [
        (
            "failed",
            "Compte rendu de l’atelier du 3\u{a0}décembre 2026",
        ),
        (
            "kept",
            "Compte rendu corrigé de l’atelier du 3\u{a0}décembre 2026",
        ),
    ];
    let expected = expected.map(|(status, subject)| (status.to_owned(), subject.to_owned()));
    assert_eq!(kept, expected);
}

#[tokio::test]
async fn a_workshop_that_was_held_is_neither_moved_nor_cancelled() {
    let (app, mut staff) = house().await;
    let (mut staff, path) = held(&app, &mut staff).await;
    staff
        .get(&path)
        .await
        .expect(200)
        .hides("Annuler l’atelier");
    let cancel = format!("{path}/annuler");
    staff
        .get(&cancel)
        .await
        .expect(409)
        .says("il ne s’annule plus");
    let fields = [("motif", "Trop tard"), ("version", "1")];
    staff.post(&cancel, &fields).await.expect(409);
    let edit = format!("{path}/modifier");
    let form = staff.get(&edit).await.expect(200).form(&edit);
    staff
        .submit(&form.clone().set("jour", "2026-12-20"))
        .await
        .expect(409)
        .says("cet atelier a eu lieu, sa date ne change plus");
    staff
        .submit(&form.set("titre", "Atelier d’automne"))
        .await
        .expect(303);
}

#[tokio::test]
async fn minutes_go_to_who_was_there_and_never_to_the_address_of_who_was_not() {
    let (app, mut staff) = house().await;
    let stub = Stub::new();
    let app = app.printing_with(stub.printer());
    let path = plan(&mut staff, "2026-12-03").await;
    put(&mut staff, &path, &[1]).await;
    invite(&mut staff, &path, &[&format!("p:{BANKER}")]).await;
    let banker = guest(&app, "agnes@banque.example").await;
    let to = format!("{path}/invites/{banker}");
    let answer = staff.get(&to).await.expect(200).form(&to);
    let answer = answer
        .set("reponse", "replaced")
        .set("remplacant", "Luc Bonnet");
    let bad = answer.clone().set("remplacant_adresse", "luc");
    staff.submit(&bad).await.expect(422);
    staff.submit(&answer).await.expect(303);
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    tick(&mut staff, &path, banker, "oui").await;
    let sending = format!("{path}/compte-rendu/envoyer");
    let unknown = staff.get(&sending).await.expect(200);
    unknown
        .says("Personne n’a à recevoir ce courriel")
        .says("Luc Bonnet, EXEMPLE Banque")
        .hides("agnes@");
    sqlx::query("update workshop_guests set replacement_email = 'luc@banque.example'")
        .execute(&app.db.pool)
        .await
        .expect("an address");
    // What was read is no more what would leave.
    let told = send(&mut staff, &path).await;
    assert!(
        told.contains("luc@banque.example") && !told.contains("agnes@"),
        "{told}"
    );
    run_jobs(&app).await;
    let left = app.state.mailer.sent();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].to, "luc@banque.example");
    assert!(
        left[0].text.starts_with("Bonjour Luc Bonnet"),
        "{}",
        left[0].text
    );
}
