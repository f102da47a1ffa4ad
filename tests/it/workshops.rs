//! Workshops from the date to the next one: agenda, invitations, the room, minutes, decisions.

use chrono::TimeDelta;
use uuid::Uuid;
use vigie::domain::Role;
use vigie::platform::mail::Mail;

use crate::mail::run_jobs;
use crate::support::app::{Client, Page, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES, Company, MAZAMET, make_key, reference, siren};
use crate::support::printer::Stub;

pub const BANK: &str = "00000000-0000-7000-8000-0000000000b1";
pub const BANKER: &str = "00000000-0000-7000-8000-0000000000b2";
pub const SCHOOL: &str = "00000000-0000-7000-8000-0000000000c1";

/// Three key companies of the Albigeois, one elsewhere; a bank with someone, a school without address.
pub async fn house() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    for (n, name) in [(1, "EXEMPLE UN"), (2, "EXEMPLE DEUX"), (3, "EXEMPLE TROIS")] {
        Company::new(n, name).add(pool).await;
        let slot = i16::try_from(n).expect("a slot");
        make_key(pool, n, ALBIGEOIS, slot, staff.user_id).await;
    }
    Company {
        commune: MAZAMET,
        ..Company::new(4, "EXEMPLE AILLEURS")
    }
    .add(pool)
    .await;
    make_key(pool, 4, CASTRES, 1, staff.user_id).await;
    run(
        &app,
        "insert into organisations (id, name, kind, email, covers_everywhere)
         values ('00000000-0000-7000-8000-0000000000b1', 'EXEMPLE Banque', 'bank', 'accueil@banque.example', true),
                ('00000000-0000-7000-8000-0000000000c1', 'EXEMPLE Lycée', 'training', '', true);
         insert into partner_people (id, organisation_id, full_name, email)
         values ('00000000-0000-7000-8000-0000000000b2', '00000000-0000-7000-8000-0000000000b1',
                 'Agnès Mialhe', 'agnes@banque.example')",
    )
    .await;
    (app, staff)
}

async fn run(app: &TestApp, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&app.db.pool).await.expect(sql);
}

/// Creates a workshop on that day at 14:30; gives its path.
pub async fn plan(staff: &mut Client, day: &str) -> String {
    let page = staff.get("/ateliers/nouveau").await.expect(200);
    let form = page
        .form("/ateliers/nouveau")
        .set("titre", "Atelier d’hiver")
        .set("territoire", ALBIGEOIS)
        .set("jour", day)
        .set("heure", "14:30")
        .set("lieu", "Hôtel du Département");
    let done = staff.submit(&form).await.expect(303);
    done.location().expect("a location")
}

/// Puts companies on the agenda.
pub async fn put(staff: &mut Client, path: &str, numbers: &[u32]) {
    let to = format!("{path}/ordre-du-jour");
    for n in numbers {
        let form = staff.get(&to).await.form(&to).set("siren", &siren(*n));
        staff.submit(&form).await.expect(303);
    }
}

/// Adds guests by key.
pub async fn invite(staff: &mut Client, path: &str, keys: &[&str]) {
    let to = format!("{path}/invites");
    for key in keys {
        let form = staff.get(&to).await.form(&to).set("invites", key);
        staff.submit(&form).await.expect(303);
    }
}

/// Sends what waits; gives the page of the preview and the mails that left by then.
pub async fn send(app: &TestApp, staff: &mut Client, path: &str, what: &str) -> (Page, Vec<Mail>) {
    let to = format!("{path}/envoyer/{what}");
    let page = staff.get(&to).await.expect(200);
    staff.submit(&page.form(&to)).await.expect(303);
    run_jobs(app).await;
    (page, app.state.mailer.sent())
}

pub fn secret(mail: &Mail) -> String {
    let at = mail.text.find("/invitation/").expect("a link");
    mail.text[at..]
        .split_whitespace()
        .next()
        .expect("a path")
        .to_owned()
}

fn calendar(mail: &Mail) -> String {
    let file = mail.attachments.first().expect("a calendar");
    String::from_utf8(file.content.clone())
        .expect("UTF-8")
        .replace("\r\n ", "")
}

pub async fn guest(app: &TestApp, email: &str) -> Uuid {
    sqlx::query_scalar("select id from workshop_guests where person_email = $1")
        .bind(email)
        .fetch_one(&app.db.pool)
        .await
        .expect("a guest")
}

pub async fn tick(staff: &mut Client, path: &str, guest: Uuid, word: &str) {
    let to = format!("{path}/presences/{guest}");
    staff.post(&to, &[("presence", word)]).await.expect(303);
}

pub async fn say(client: &mut Client, path: &str, n: u32, fields: &[(&str, &str)]) -> Page {
    let page = client
        .get(&format!("{path}/entreprises/{}", siren(n)))
        .await
        .expect(200);
    let mut form = page.form(&format!("{path}/entreprises/{}/saisies", siren(n)));
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.submit(&form).await
}

pub async fn decide(staff: &mut Client, path: &str, n: u32, owner: &str, due: &str) -> Page {
    let page = staff
        .get(&format!("{path}/entreprises/{}", siren(n)))
        .await
        .expect(200);
    let form = page
        .form(&format!("{path}/entreprises/{}/decisions", siren(n)))
        .set("decision", "meet")
        .set("quoi", "Rencontrer la direction")
        .set("qui", owner)
        .set("echeance", due);
    staff.submit(&form).await
}

async fn decision(app: &TestApp) -> Uuid {
    sqlx::query_scalar("select id from workshop_decisions order by decided_at desc limit 1")
        .fetch_one(&app.db.pool)
        .await
        .expect("a decision")
}

#[tokio::test]
async fn a_workshop_begins_with_a_date_in_france_and_five_lines() {
    let (app, mut staff) = house().await;
    staff
        .get("/ateliers")
        .await
        .expect(200)
        .says("Aucun atelier à venir");
    let page = staff.get("/ateliers/nouveau").await.expect(200);
    let form = page
        .form("/ateliers/nouveau")
        .set("titre", "Atelier")
        .set("jour", "2026-11-23")
        .set("heure", "9 heures");
    let refused = staff.submit(&form).await.expect(422);
    refused
        .says("Écrivez une heure")
        .says("Indiquez un lieu, ou l’adresse d’une visioconférence");
    assert_eq!(
        refused.form("/ateliers/nouveau").value("titre"),
        Some("Atelier")
    );
    let past = form.set("heure", "09:00").set("lieu", "Albi");
    staff
        .submit(&past)
        .await
        .expect(422)
        .says("Choisissez une date à venir");

    let path = plan(&mut staff, "2027-07-06").await;
    let page = staff.get(&path).await.expect(200);
    page.says("6 juillet 2027 à 14 h 30, Hôtel du Département. Albigeois.");
    assert_eq!(page.texts(".etapes a"), ["Préparer", "Inviter"]);
    // What belongs to the day leads nowhere before it.
    assert_eq!(
        page.texts(".etapes strong"),
        ["Tenir", "Décider", "Diffuser"]
    );
    // The first thing to do comes first.
    assert_eq!(page.texts(".actions .bouton")[1], "Choisir les entreprises");
    assert!(page.sql <= 9, "{} statements", page.sql);
    staff
        .get("/ateliers")
        .await
        .expect(200)
        .says("Atelier d’hiver")
        .says("Préparer : ordre du jour vide");

    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser.get(&path).await.expect(200).hides("/modifier");
    adviser
        .get("/ateliers")
        .await
        .expect(200)
        .says("Atelier d’hiver");
    let mut other = app.sign_in(Role::Adviser, &[CASTRES]).await;
    other.get(&path).await.expect(404);
    other
        .get("/ateliers")
        .await
        .expect(200)
        .hides("Atelier d’hiver");
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    elected.get(&path).await.expect(403);
}

#[tokio::test]
async fn two_people_who_change_the_date_at_once_meet() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    let to = format!("{path}/modifier");
    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    let first = staff.get(&to).await.form(&to).set("lieu", "Mazamet");
    let second = colleague.get(&to).await.form(&to).set("lieu", "Gaillac");
    staff.submit(&first).await.expect(303);
    let page = colleague.submit(&second).await.expect(409);
    page.says("Mazamet").says("Rien n’est perdu");
    assert_eq!(page.form(&to).value("lieu"), Some("Gaillac"));
    colleague.submit(&page.form(&to)).await.expect(303);
    staff.get(&path).await.says("Gaillac");
}

#[tokio::test]
async fn the_agenda_is_proposed_ordered_and_printed() {
    let (app, mut staff) = house().await;
    let pool = &app.db.pool;
    sqlx::query(
        "with a as (insert into risk_assessments (siren, as_of, assessed_at, model_id, model_version, completeness,
                      retained, state, is_sudden, cause, inputs, inputs_hash, explanation)
                    values ($1, '2026-11-01', '2026-11-01', 'essai', '1', 80, 'high', 'none', false, 'Essai.', '{}', 'x', '{}')
                    returning id)
         insert into alerts (id, siren, opened_at, opened_by, assessment_id, level, is_procedure)
         select gen_random_uuid(), $1, '2026-11-01', id, id, 'high', false from a",
    )
    .bind(siren(2))
    .execute(pool)
    .await
    .expect("an alert");
    let path = plan(&mut staff, "2026-12-03").await;
    let to = format!("{path}/ordre-du-jour");
    let page = staff.get(&to).await.expect(200);
    let proposed = page.texts(".puces label");
    assert_eq!(proposed.len(), 3, "{proposed:?}");
    assert!(proposed[0].contains("EXEMPLE DEUX") && proposed[0].contains("alerte ouverte"));
    assert!(proposed[1].contains("pas revue depuis six mois, jamais vue en atelier"));
    staff
        .submit(&page.form(&to))
        .await
        .expect(422)
        .says("Cochez une entreprise");
    staff
        .submit(&page.form(&to).set("siren", "123"))
        .await
        .expect(422)
        .says("Aucune entreprise connue ne porte ce numéro");
    put(&mut staff, &path, &[2, 1, 4]).await;
    let page = staff.get(&to).await.expect(200);
    assert_eq!(
        page.texts(".a-faire > li > a"),
        ["EXEMPLE DEUX", "EXEMPLE UN", "EXEMPLE AILLEURS"]
    );
    staff
        .submit(&page.form(&format!("{to}/{}/monter", siren(4))))
        .await
        .expect(303);
    let gone = format!("{to}/{}/retirer", siren(2));
    staff.post(&gone, &[]).await.expect(303);
    let page = staff.get(&to).await.expect(200);
    assert_eq!(
        page.texts(".a-faire > li > a"),
        ["EXEMPLE AILLEURS", "EXEMPLE UN"]
    );
    staff.post(&gone, &[]).await.expect(409);

    let page = staff.get(&format!("{path}/fiches")).await.expect(200);
    assert_eq!(
        page.texts(".feuille h2"),
        ["EXEMPLE AILLEURS", "EXEMPLE UN"]
    );
    assert_eq!(page.text.matches("Confidentiel\u{a0}:").count(), 2);
    // Why a company is spoken of, and how it fares, is for the council.
    for word in ["alerte", "niveau", "élevé", "revue"] {
        assert!(!page.words().to_lowercase().contains(word), "{word}");
    }
    let adviser = &mut app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser
        .get(&path)
        .await
        .expect(200)
        .hides("Pas revue")
        .hides("Alerte ouverte");
}

#[tokio::test]
async fn forty_companies_hold_and_the_forty_first_is_refused() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    put(&mut staff, &path, &[1]).await;
    let few = [
        staff.get(&path).await.sql,
        staff.get(&format!("{path}/fiches")).await.sql,
        staff
            .get(&format!("{path}/entreprises/{}", siren(1)))
            .await
            .sql,
    ];
    for n in 10..50 {
        Company::new(n, "EXEMPLE EN PLUS").add(&app.db.pool).await;
    }
    put(&mut staff, &path, &(10..49).collect::<Vec<_>>()).await;
    let to = format!("{path}/ordre-du-jour");
    let form = staff.get(&to).await.form(&to).set("siren", &siren(49));
    staff
        .submit(&form)
        .await
        .expect(422)
        .says("40 entreprises au plus");
    let many = [
        staff.get(&path).await.sql,
        staff.get(&format!("{path}/fiches")).await.sql,
        staff
            .get(&format!("{path}/entreprises/{}", siren(1)))
            .await
            .sql,
    ];
    assert_eq!(few, many);
    assert!(many.iter().all(|sql| *sql <= 11), "{many:?}");
    assert!(staff.get("/ateliers").await.sql <= 6);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one journey")]
async fn invitations_are_read_sent_answered_once_and_reminded_once() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    put(&mut staff, &path, &[1]).await;
    let (bank, banker, school) = (
        format!("o:{BANK}"),
        format!("p:{BANKER}"),
        format!("o:{SCHOOL}"),
    );
    invite(&mut staff, &path, &[&bank, &banker, &school]).await;
    // The same one twice stays one.
    let to = format!("{path}/invites");
    staff.post(&to, &[("invites", &bank)]).await.expect(303);
    staff
        .get(&to)
        .await
        .says("0 invité ajouté, les autres y étaient déjà")
        .says("Sans adresse : à prévenir autrement");

    let preview = staff
        .get(&format!("{path}/envoyer/invitations"))
        .await
        .expect(200);
    preview
        .says("Rien n’est encore parti")
        .says("agnes@banque.example")
        .says("atelier.ics")
        .says("EXEMPLE Lycée");
    run_jobs(&app).await;
    assert!(app.state.mailer.sent().is_empty());
    let stale = preview.form(&format!("{path}/envoyer/invitations"));
    let (_, mails) = send(&app, &mut staff, &path, "invitations").await;
    assert_eq!(mails.len(), 2);
    // A colleague who read the same page sends nothing again.
    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    let mut again = stale.clone();
    again.fields.retain(|(name, _)| name != "_cle");
    colleague
        .submit(&again)
        .await
        .expect(409)
        .says("Rien n’est parti");
    for mail in &mails {
        assert_eq!(
            mail.subject,
            "Invitation à l’atelier du 3\u{a0}décembre 2026"
        );
        let ics = calendar(mail);
        for line in [
            "METHOD:REQUEST",
            "DTSTART:20261203T133000Z",
            "DTEND:20261203T153000Z",
            "SEQUENCE:0",
        ] {
            assert!(ics.contains(line), "{line} in {ics}");
        }
        for words in [&mail.text, &mail.html, &ics] {
            assert!(
                !words.contains("EXEMPLE UN"),
                "a company in a mail:\n{words}"
            );
        }
    }
    let of = |to: &str| mails.iter().find(|mail| mail.to == to).expect("a mail");
    let door = secret(of("agnes@banque.example"));
    let mut visitor = app.visitor();
    let page = visitor.get(&door).await.expect(200);
    page.says("Atelier d’hiver")
        .says("Agnès Mialhe, EXEMPLE Banque")
        .hides("EXEMPLE UN");
    visitor.get(&door).await.expect(200).says("Viendrez-vous ?");
    let form = page.form(&door);
    visitor
        .submit(&form)
        .await
        .expect(422)
        .says("Choisissez une réponse");
    let form = form.set("reponse", "replaced");
    visitor
        .submit(&form)
        .await
        .expect(422)
        .says("Écrivez le nom de la personne");
    let form = form.set("remplacant", "Thibault <b>Valat</b>");
    visitor
        .submit(&form)
        .await
        .expect(200)
        .says("Thibault <b>Valat</b> vient à votre place");
    visitor.submit(&form).await.expect(200);
    let other = form.set("reponse", "no");
    visitor
        .submit(&other)
        .await
        .expect(409)
        .says("Cette adresse a déjà servi");
    let altered = format!("{}0", &door[..door.len() - 1]);
    if altered != door {
        visitor.get(&altered).await.expect(404);
    }
    staff
        .get(&path)
        .await
        .says("Remplacé par Thibault <b>Valat</b>");

    let (_, mails) = send(&app, &mut staff, &path, "rappels").await;
    assert_eq!(mails.len(), 3, "only who did not answer is reminded");
    assert_eq!(mails[2].to, "accueil@banque.example");
    assert!(mails[2].attachments.is_empty());
    staff
        .get(&format!("{path}/envoyer/rappels"))
        .await
        .says("Personne n’a à recevoir ce courriel");
    // The first mail's address still answers; after the date none does.
    visitor.get(&secret(&mails[0])).await.expect(200);
    app.wait(TimeDelta::days(10));
    visitor
        .get(&secret(&mails[2]))
        .await
        .expect(410)
        .says("n’est plus temps de répondre");
    visitor
        .post(&secret(&mails[2]), &[("reponse", "yes")])
        .await
        .expect(410);
}

#[tokio::test]
async fn another_date_and_a_cancellation_are_told_after_a_preview() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    invite(&mut staff, &path, &[&format!("p:{BANKER}")]).await;
    let (_, mails) = send(&app, &mut staff, &path, "invitations").await;
    let door = secret(&mails[0]);
    app.visitor()
        .post(&door, &[("reponse", "yes")])
        .await
        .expect(200);
    staff.get(&path).await.says("Vient");

    let to = format!("{path}/modifier");
    let form = staff.get(&to).await.form(&to).set("jour", "2026-12-10");
    let done = staff.submit(&form).await.expect(303);
    assert_eq!(done.location(), Some(format!("{path}/envoyer/changement")));
    staff
        .get(&path)
        .await
        .says("Sans réponse")
        .says("Prévenir du changement");
    // Nobody is reminded of a date that they do not know.
    staff
        .get(&format!("{path}/envoyer/rappels"))
        .await
        .says("Personne n’a à recevoir");
    let (_, mails) = send(&app, &mut staff, &path, "changement").await;
    assert_eq!(mails.len(), 2);
    let ics = calendar(&mails[1]);
    assert!(
        ics.contains("SEQUENCE:1") && ics.contains("DTSTART:20261210T133000Z"),
        "{ics}"
    );
    assert!(ics.contains("METHOD:REQUEST"));

    let to = format!("{path}/annuler");
    let form = staff.get(&to).await.form(&to);
    staff.submit(&form).await.expect(422).says("Dites pourquoi");
    staff
        .submit(&form.set("motif", "La salle est inondée."))
        .await
        .expect(303);
    let (_, mails) = send(&app, &mut staff, &path, "annulation").await;
    let ics = calendar(&mails[2]);
    assert!(
        ics.contains("METHOD:CANCEL") && ics.contains("SEQUENCE:2"),
        "{ics}"
    );
    assert!(mails[2].text.contains("La salle est inondée."));
    staff
        .get(&to)
        .await
        .expect(409)
        .says("Cet atelier est annulé");
    app.visitor()
        .get(&door)
        .await
        .expect(410)
        .says("Cet atelier est annulé.");
}

#[tokio::test]
async fn a_refused_mail_is_listed_and_sent_again() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    invite(&mut staff, &path, &[&format!("p:{BANKER}")]).await;
    send(&app, &mut staff, &path, "invitations").await;
    run(
        &app,
        "update mails set status = 'refused', last_error = '550'",
    )
    .await;
    let page = staff.get(&format!("{path}/invites")).await.expect(200);
    page.says("Courriel refusé : corriger l’adresse ou relancer");
    // The address is mended on the person's card: the mail goes there.
    run(
        &app,
        "update partner_people set email = 'agnes.mialhe@banque.example'",
    )
    .await;
    let (preview, mails) = send(&app, &mut staff, &path, "invitations").await;
    preview.says("agnes.mialhe@banque.example");
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].to, "agnes.mialhe@banque.example");
}

#[tokio::test]
async fn who_asks_to_be_forgotten_leaves_the_list_of_guests() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    invite(&mut staff, &path, &[&format!("p:{BANKER}")]).await;
    let (_, mails) = send(&app, &mut staff, &path, "invitations").await;
    let to = format!("/personnes/{BANKER}/effacer");
    let form = staff.get(&to).await.expect(200).form(&to);
    staff.submit(&form).await.expect(303);
    let page = staff.get(&format!("{path}/invites")).await.expect(200);
    page.says("Personne effacée")
        .hides("Mialhe")
        .hides("agnes@");
    app.visitor().get(&secret(&mails[0])).await.expect(404);
    let kept: i64 = sqlx::query_scalar(
        "select count(*) from audit_events a where to_jsonb(a)::text ilike any ('{%mialhe%,%agnes@%}')",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("the audit");
    assert_eq!(kept, 0);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one journey")]
async fn the_room_loses_nothing_and_keeps_its_secrets() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    put(&mut staff, &path, &[1, 2]).await;
    invite(
        &mut staff,
        &path,
        &[&format!("p:{BANKER}"), &format!("o:{SCHOOL}")],
    )
    .await;
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    let banker = guest(&app, "agnes@banque.example").await;
    let page = staff.get(&format!("{path}/presences")).await.expect(200);
    page.says("Agnès Mialhe");
    tick(&mut staff, &path, banker, "oui").await;
    tick(&mut staff, &path, guest(&app, "").await, "non").await;
    staff.get(&path).await.says("1 présent, 1 absent");

    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    sqlx::query("update users set organisation_id = $2::uuid where id = $1")
        .bind(adviser.user_id)
        .bind(SCHOOL)
        .execute(&app.db.pool)
        .await
        .expect("an organisation");
    say(
        &mut staff,
        &path,
        1,
        &[
            ("organisme", BANK),
            ("texte", "Une échéance <i>reportée</i>"),
        ],
    )
    .await
    .expect(303);
    let council = staff.get(&format!("{path}/entreprises/{}", siren(1))).await;
    council.says("Absents : EXEMPLE Lycée.");
    let long = "a".repeat(50_000);
    say(
        &mut staff,
        &path,
        1,
        &[("organisme", BANK), ("texte", &long)],
    )
    .await
    .expect(422)
    .says("Raccourcissez ce texte");
    say(
        &mut staff,
        &path,
        1,
        &[
            ("nature", "confidential"),
            ("organisme", BANK),
            ("texte", "Secret du Conseil"),
        ],
    )
    .await
    .expect(303);
    // The adviser speaks for their own organisation, at the same moment, and never within the council.
    let live = format!("{path}/entreprises/{}", siren(1));
    adviser
        .post(
            &format!("{live}/saisies"),
            &[
                ("nature", "confidential"),
                ("organisme", SCHOOL),
                ("texte", "x"),
            ],
        )
        .await
        .expect(422);
    adviser
        .post(
            &format!("{live}/saisies"),
            &[("nature", "shared"), ("organisme", BANK), ("texte", "x")],
        )
        .await
        .expect(422);
    say(
        &mut adviser,
        &path,
        1,
        &[("nature", "position"), ("texte", "Prêt à former")],
    )
    .await
    .expect(303);
    let page = adviser.get(&live).await.expect(200);
    page.says("Une échéance <i>reportée</i>")
        .says("Prêt à former")
        .hides("Secret du Conseil")
        .hides("Réservé");
    staff
        .get(&live)
        .await
        .expect(200)
        .says("Secret du Conseil")
        .says("Prêt à former");

    let entry: Uuid = sqlx::query_scalar("select id from workshop_entries where kind = 'position'")
        .fetch_one(&app.db.pool)
        .await
        .expect("an entry");
    let to = format!("{path}/saisies/{entry}");
    let first = adviser
        .get(&to)
        .await
        .expect(200)
        .form(&to)
        .set("texte", "Prêt à former dix personnes");
    let second = staff
        .get(&to)
        .await
        .expect(200)
        .form(&to)
        .set("texte", "Prêt à accueillir");
    adviser.submit(&first).await.expect(303);
    let page = staff.submit(&second).await.expect(409);
    page.says("Prêt à former dix personnes");
    assert_eq!(
        page.form(&to).value("texte").map(str::trim),
        Some("Prêt à accueillir")
    );
    let secret: Uuid =
        sqlx::query_scalar("select id from workshop_entries where kind = 'confidential'")
            .fetch_one(&app.db.pool)
            .await
            .expect("an entry");
    adviser
        .get(&format!("{path}/saisies/{secret}"))
        .await
        .expect(404);
    adviser
        .post(&format!("{live}/decisions"), &[])
        .await
        .expect(403);
    // What was said keeps its company on the agenda.
    staff
        .post(&format!("{path}/ordre-du-jour/{}/retirer", siren(1)), &[])
        .await
        .expect(409);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one journey")]
async fn minutes_tell_what_was_shared_to_who_came_and_once() {
    let (app, mut staff) = house().await;
    let stub = Stub::new();
    let app = app.printing_with(stub.printer());
    let path = plan(&mut staff, "2026-12-03").await;
    put(&mut staff, &path, &[1]).await;
    invite(
        &mut staff,
        &path,
        &[
            &format!("p:{BANKER}"),
            &format!("o:{BANK}"),
            &format!("o:{SCHOOL}"),
        ],
    )
    .await;
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    let to = format!("{path}/compte-rendu");
    let sending = format!("{to}/envoyer");
    staff
        .get(&sending)
        .await
        .expect(200)
        .says("Personne n’a à recevoir ce courriel");
    let banker = guest(&app, "agnes@banque.example").await;
    tick(&mut staff, &path, banker, "oui").await;
    tick(
        &mut staff,
        &path,
        guest(&app, "accueil@banque.example").await,
        "non",
    )
    .await;
    for (kind, text) in [
        ("shared", "Un marché perdu"),
        ("confidential", "Secret du Conseil"),
        ("position", "Attendre"),
    ] {
        say(
            &mut staff,
            &path,
            1,
            &[("nature", kind), ("organisme", BANK), ("texte", text)],
        )
        .await
        .expect(303);
    }
    decide(&mut staff, &path, 1, &format!("g:{banker}"), "2027-01-31")
        .await
        .expect(303);
    let form = staff
        .get(&to)
        .await
        .expect(200)
        .form(&to)
        .set("introduction", "Bonjour <script>alert(1)</script>")
        .set("remarques", "Merci à tous.");
    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    let other = colleague
        .get(&to)
        .await
        .form(&to)
        .set("introduction", "Autre texte");
    staff.submit(&form).await.expect(303);
    let page = colleague.submit(&other).await.expect(409);
    page.says("Merci à tous.");
    assert_eq!(
        page.form(&to).value("introduction").map(str::trim),
        Some("Autre texte")
    );

    let page = staff.get(&to).await.expect(200);
    page.says("Projet : il n’est pas encore envoyé")
        .says("Partagé, EXEMPLE Banque : Un marché perdu")
        .says("Position, EXEMPLE Banque : Attendre")
        .says("Décision, rencontrer : Rencontrer la direction (EXEMPLE Banque, pour le 31 janvier 2027)")
        .says("Agnès Mialhe, EXEMPLE Banque")
        .hides("Secret du Conseil")
        .hides("<script>alert");
    let preview = staff.get(&sending).await.expect(200);
    preview
        .says("agnes@banque.example")
        .hides("accueil@banque.example")
        .hides("Secret du Conseil");
    let stale = preview.form(&sending);
    staff.submit(&stale).await.expect(303);
    run_jobs(&app).await;
    let mails = app.state.mailer.sent();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        mails[0].subject,
        "Compte rendu de l’atelier du 3\u{a0}décembre 2026"
    );
    for words in [&mails[0].text, &mails[0].html] {
        assert!(
            words.contains("Un marché perdu") && words.contains("Confidentiel"),
            "{words}"
        );
        assert!(!words.contains("Secret du Conseil"));
    }
    assert!(!mails[0].html.contains("<script>"));
    let mut again = stale.clone();
    again.fields.retain(|(name, _)| name != "_cle");
    staff
        .submit(&again)
        .await
        .expect(409)
        .says("est déjà parti et n’a pas changé");
    staff.get(&to).await.says("à 1 personne.");
    staff.get(&path).await.says("compte rendu envoyé le");
    let kept: String = sqlx::query_scalar("select content::text from workshop_minutes")
        .fetch_one(&app.db.pool)
        .await
        .expect("what was sent");
    assert!(
        kept.contains("Un marché perdu") && !kept.contains("Secret") && !kept.contains("Mialhe")
    );
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one journey")]
async fn a_decision_lives_until_it_is_done() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    put(&mut staff, &path, &[1]).await;
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    let me = format!("u:{}", staff.user_id);
    decide(&mut staff, &path, 1, &me, "2026-12-01")
        .await
        .expect(422)
        .says("Écrivez une date à venir");
    decide(&mut staff, &path, 1, &me, "2026-12-20")
        .await
        .expect(303);
    let id = decision(&app).await;
    staff.get("/").await.expect(200).hides(&id.to_string());

    app.wait(TimeDelta::days(20));
    let mut staff = app.session_of(staff.user_id).await;
    // Late: on the home page of who carries it out, and of nobody else.
    let home = staff.get("/").await.expect(200);
    home.says("Tenir la décision sur EXEMPLE UN")
        .says("Atelier d’hiver, en retard de 3 jours");
    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    colleague.get("/").await.expect(200).hides(&id.to_string());
    staff
        .get("/compte/courriels/apercu")
        .await
        .expect(200)
        .says("Décisions d’atelier à tenir")
        .says("EXEMPLE UN : Rencontrer la direction, pour le 20 décembre 2026");
    let company = format!("/entreprises/{}", siren(1));
    let page = staff.get(&company).await.expect(200);
    page.says("Décision d’atelier : Rencontrer la direction")
        .says("Atelier d’hiver");
    assert_eq!(page.texts("#ateliers ~ ol.a-faire a"), ["Atelier d’hiver"]);
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get(&company)
        .await
        .expect(200)
        .hides("Rencontrer la direction")
        .hides("Atelier d’hiver");

    // Who no longer works with companies is told nothing of it.
    for (role, is_told) in [("admin", false), ("staff", true)] {
        sqlx::query("update users set role = $2 where id = $1")
            .bind(staff.user_id)
            .bind(role)
            .execute(&app.db.pool)
            .await
            .expect("another role");
        staff = app.session_of(staff.user_id).await;
        let home = staff.get("/").await.expect(200);
        let digest = staff.get("/compte/courriels/apercu").await.expect(200);
        assert_eq!(home.text.contains("EXEMPLE UN"), is_told, "{role}");
        assert_eq!(
            digest.text.contains("Rencontrer la direction"),
            is_told,
            "{role}"
        );
    }
    let kept: i64 = sqlx::query_scalar(
        "select count(*) from audit_events a
         where object_type = 'workshop_decisions' and to_jsonb(a)::text like '%Rencontrer la direction%'",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("the audit");
    assert_eq!(kept, 0, "the journal knows that it was decided, not what");

    let next = plan(&mut staff, "2027-02-02").await;
    let page = staff.get(&next).await.expect(200);
    page.says("Décidé la dernière fois : fait ?")
        .says("Rencontrer la direction");
    let to = format!("/decisions/{id}");
    let form = staff.get(&to).await.expect(200).form(&to);
    staff
        .submit(&form.clone())
        .await
        .expect(422)
        .says("Dites si c’est fait.");
    staff
        .submit(&form.clone().set("etat", "abandonne"))
        .await
        .expect(422)
        .says("Dites pourquoi elle est abandonnée");
    let later = form.clone().set("etat", "pas_encore");
    staff
        .submit(&later)
        .await
        .expect(422)
        .says("Écrivez une date à venir");
    staff
        .submit(&later.set("nouvelle_date", "2027-01-15"))
        .await
        .expect(303);
    staff.get(&to).await.says("15/01/2027").says("En cours");

    // Two people close it at once.
    let page = staff.get(&next).await.expect(200);
    let mut button = page.form(&to);
    let other = colleague
        .get(&to)
        .await
        .form(&to)
        .set("etat", "abandonne")
        .set("motif", "La direction refuse tout rendez-vous.");
    staff.submit(&button).await.expect(303);
    let refused = colleague.submit(&other).await.expect(409);
    refused
        .says("Faite")
        .says("Une autre personne vient de dire où en est cette décision");
    assert_eq!(
        refused.form(&to).value("motif").map(str::trim),
        Some("La direction refuse tout rendez-vous.")
    );
    button.fields.retain(|(name, _)| name != "_cle");
    staff.submit(&button).await.expect(409);
    staff
        .get(&next)
        .await
        .expect(200)
        .hides("Décidé la dernière fois");
    staff
        .get(&company)
        .await
        .says("Décision d’atelier faite : Rencontrer la direction");
}

#[tokio::test]
async fn workshops_and_decisions_are_on_the_calendar_of_who_has_to_be_there() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-11-24").await;
    put(&mut staff, &path, &[1]).await;
    let me = format!("u:{}", staff.user_id);
    decide(&mut staff, &path, 1, &me, "2026-12-20")
        .await
        .expect(303);
    let page = staff.get("/compte/courriels").await.expect(200);
    let shown = staff.submit(&page.form("/compte/agenda")).await.expect(200);
    let at = shown.text.find("/calendrier/").expect("an address");
    let address: String = shown.text[at..]
        .chars()
        .take_while(|c| !c.is_whitespace() && *c != '<' && *c != '"')
        .collect();
    let feed = app.visitor().get(&address).await.expect(200);
    let text = feed.text.replace("\r\n ", "");
    assert!(
        text.contains("SUMMARY:Atelier d’hiver") && text.contains("DTSTART:20261124T133000Z"),
        "{text}"
    );
    assert!(
        text.contains("SUMMARY:Décision d’atelier\u{a0}: EXEMPLE UN"),
        "{text}"
    );
}

#[tokio::test]
async fn a_secret_address_is_kept_nowhere_once_its_mail_left() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-10").await;
    put(&mut staff, &path, &[1]).await;
    invite(&mut staff, &path, &[&format!("p:{BANKER}")]).await;
    let (_, mails) = send(&app, &mut staff, &path, "invitations").await;
    let answer = secret(&mails[0]);
    let (text, html): (String, String) = sqlx::query_as("select text, html from mails")
        .fetch_one(&app.db.pool)
        .await
        .expect("the mail");
    assert!(text.contains("(adresse personnelle, effacée)"), "{text}");
    assert!(!text.contains("/invitation/"), "{text}");
    assert!(html.is_empty());
    let kept: i64 =
        sqlx::query_scalar("select count(*) from mails m where m::text like '%' || $1 || '%'")
            .bind(&answer)
            .fetch_one(&app.db.pool)
            .await
            .expect("a count");
    assert_eq!(kept, 0);
    // It answers all the same, and the administrator may not send what is no longer whole.
    app.visitor().get(&answer).await.expect(200);
    let id: Uuid = sqlx::query_scalar("select id from mails")
        .fetch_one(&app.db.pool)
        .await
        .expect("the mail");
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let page = format!("/reglages/courriels/{id}");
    admin
        .get(&page)
        .await
        .expect(200)
        .says("n’est plus gardé entier")
        .hides("Renvoyer");
    admin
        .post(&format!("{page}/renvoyer"), &[])
        .await
        .expect(409);
}
