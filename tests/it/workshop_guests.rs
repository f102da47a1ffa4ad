//! Guests who phone, a workshop taken again, and what people paste, click twice or open too late.

use chrono::TimeDelta;
use vigie::domain::Role;

use crate::support::app::{Client, Page};
use crate::support::portfolio::{ALBIGEOIS, siren};
use crate::workshops::{
    BANK, BANKER, SCHOOL, decide, guest, house, invite, plan, put, say, secret, send, tick,
};

/// A workshop of the 3 December with the banker, the bank and the school.
async fn with_guests(staff: &mut Client) -> String {
    let path = plan(staff, "2026-12-03").await;
    let keys = [
        format!("p:{BANKER}"),
        format!("o:{BANK}"),
        format!("o:{SCHOOL}"),
    ];
    invite(staff, &path, &[&keys[0], &keys[1], &keys[2]]).await;
    path
}

/// Notes an answer as someone of the council.
async fn note(staff: &mut Client, page: &str, answer: &str) -> Page {
    let form = staff.get(page).await.expect(200).form(page);
    staff.submit(&form.set("reponse", answer)).await
}

#[tokio::test]
async fn a_guest_who_phones_is_noted_and_their_own_answer_wins() {
    let (app, mut staff) = house().await;
    let path = with_guests(&mut staff).await;
    let (_, mails) = send(&app, &mut staff, &path, "invitations").await;
    let banker = guest(&app, "agnes@banque.example").await;
    let page = format!("{path}/invites/{banker}");
    staff
        .get(&format!("{path}/invites"))
        .await
        .says("Noter sa réponse");
    staff
        .get(&page)
        .await
        .expect(200)
        .says("Aucune réponse pour l’instant.");
    let blank = staff.get(&page).await.form(&page);
    staff
        .submit(&blank)
        .await
        .expect(422)
        .says("Choisissez une réponse.");
    note(&mut staff, &page, "replaced")
        .await
        .expect(422)
        .says("Écrivez le nom de la personne");
    let done = note(&mut staff, &page, "yes").await.expect(303);
    assert_eq!(done.location(), Some(format!("{path}/invites")));
    staff
        .get(&format!("{path}/invites"))
        .await
        .says("Réponse notée : Agnès Mialhe.")
        .says("Vient Au téléphone");
    staff
        .get(&page)
        .await
        .says("Vient, au téléphone. Noté par Direction du Développement Essai")
        .says("24 novembre 2026");
    // Whoever has answered is not reminded.
    staff
        .get(&format!("{path}/envoyer/rappels"))
        .await
        .hides("agnes@banque.example");

    app.wait(TimeDelta::days(1));
    let mut staff = app.session_of(staff.user_id).await;
    let mail = mails.iter().find(|mail| mail.to.starts_with("agnes"));
    let door = secret(mail.expect("an invitation"));
    let mut visitor = app.visitor();
    let shown = visitor.get(&door).await.expect(200);
    shown.says("Votre réponse a été notée au téléphone : vous venez.");
    let form = shown.form(&door).set("reponse", "no");
    visitor
        .submit(&form)
        .await
        .expect(200)
        .says("Réponse enregistrée : vous ne venez pas.");
    staff
        .get(&path)
        .await
        .says("Agnès Mialhe, EXEMPLE Banque : Ne vient pas");
    let history = staff.get(&page).await.expect(200).texts("ol.a-faire li");
    assert_eq!(history.len(), 2, "{history:?}");
    assert!(history[0].starts_with("Ne vient pas, par son lien"));
    assert!(history[1].starts_with("Vient, au téléphone."));
    // Their own answer is given once by the link; it changes by phone again.
    let other = form.set("reponse", "yes");
    visitor.submit(&other).await.expect(409);
    note(&mut staff, &page, "yes").await.expect(303);
    staff
        .get(&path)
        .await
        .says("Agnès Mialhe, EXEMPLE Banque : Vient");
}

#[tokio::test]
async fn two_people_who_note_an_answer_at_once_meet_and_a_double_click_is_one() {
    let (app, mut staff) = house().await;
    let path = with_guests(&mut staff).await;
    // The school has no address: the phone is its only way.
    let school = format!("{path}/invites/{}", guest(&app, "").await);
    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    let first = staff.get(&school).await.form(&school).set("reponse", "yes");
    let second = colleague
        .get(&school)
        .await
        .form(&school)
        .set("reponse", "no");
    staff.submit(&first).await.expect(303);
    staff.submit(&first).await.expect(303);
    let refused = colleague.submit(&second).await.expect(409);
    refused
        .says("Une autre réponse vient d’être enregistrée")
        .says("Vient, au téléphone. Noté par Direction du Développement Essai");
    assert_eq!(refused.texts("ol.a-faire li").len(), 1);
    colleague
        .submit(&refused.form(&school).set("reponse", "no"))
        .await
        .expect(303);
    // Who answered stays on the list.
    staff
        .post(&format!("{school}/retirer"), &[])
        .await
        .expect(409);
    // Another date asks again; once it has begun it is presence that is noted.
    let to = format!("{path}/modifier");
    let form = staff.get(&to).await.form(&to).set("jour", "2026-12-10");
    staff.submit(&form).await.expect(303);
    staff.get(&path).await.says("EXEMPLE Lycée : Sans réponse");
    app.wait(TimeDelta::days(20));
    let mut staff = app.session_of(staff.user_id).await;
    note(&mut staff, &school, "yes")
        .await
        .expect(409)
        .says("Cet atelier a commencé");
    staff
        .get(&format!("{path}/invites"))
        .await
        .hides("Noter sa réponse");
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser.get(&school).await.expect(403);
}

#[tokio::test]
async fn a_workshop_is_taken_again_with_its_group_and_a_new_agenda() {
    let (app, mut staff) = house().await;
    let path = with_guests(&mut staff).await;
    put(&mut staff, &path, &[1]).await;
    staff
        .get("/ateliers")
        .await
        .hides("Reprendre l’atelier précédent");
    app.wait(TimeDelta::days(12));
    let mut staff = app.session_of(staff.user_id).await;
    sqlx::query("update partner_people set archived_on = '2026-12-04'")
        .execute(&app.db.pool)
        .await
        .expect("the banker has left");
    let list = staff.get("/ateliers").await.expect(200);
    list.says("Reprendre l’atelier précédent");
    let to = format!("{path}/reprendre");
    let page = staff.get(&to).await.expect(200);
    page.says("3 invités seront repris");
    let form = page.form(&to);
    for (name, value) in [
        ("titre", "Atelier d’hiver, 4 mars 2027"),
        ("jour", "2027-03-04"),
        ("heure", "14:30"),
        ("lieu", "Hôtel du Département"),
        ("territoire", ALBIGEOIS),
    ] {
        assert_eq!(form.value(name), Some(value));
    }
    staff
        .submit(&form.clone().set("jour", "2026-12-01"))
        .await
        .expect(422)
        .says("Choisissez une date à venir");
    // Another day is chosen: the title follows it.
    let form = form.set("jour", "2027-03-11");
    let done = staff.submit(&form).await.expect(303);
    let agenda = done.location().expect("a location");
    assert_eq!(staff.submit(&form).await.location(), Some(agenda.clone()));
    let page = staff.get(&agenda).await.expect(200);
    page.says("Atelier créé avec 2 invités : aucun n’a encore reçu de courriel.")
        .says("Rien à l’ordre du jour")
        .says("EXEMPLE DEUX (Albigeois)")
        .hides("EXEMPLE UN");
    let next = agenda.trim_end_matches("/ordre-du-jour");
    staff
        .get(next)
        .await
        .says("Atelier d’hiver, 11 mars 2027")
        .says("EXEMPLE Banque : Sans réponse")
        .says("EXEMPLE Lycée : Sans réponse")
        .hides("Mialhe");
    let count: i64 = sqlx::query_scalar("select count(*) from workshops")
        .fetch_one(&app.db.pool)
        .await
        .expect("a count");
    assert_eq!(count, 2);
}

#[tokio::test]
async fn an_altered_or_late_link_answers_nothing() {
    let (app, mut staff) = house().await;
    let path = with_guests(&mut staff).await;
    let (_, mails) = send(&app, &mut staff, &path, "invitations").await;
    let door = secret(&mails[0]);
    let mut visitor = app.visitor();
    for altered in [
        door[..door.len() - 1].to_owned(),
        format!("{door}x"),
        door.to_uppercase().replace("/INVITATION/", "/invitation/"),
        "/invitation/%00".to_owned(),
        format!("/invitation/{}", "a".repeat(5000)),
    ] {
        let page = visitor.get(&altered).await;
        assert!(
            matches!(page.status.as_u16(), 404 | 414),
            "{altered}: {}",
            page.status
        );
        page.hides("Atelier d’hiver");
    }
    app.wait(TimeDelta::days(10));
    let late = visitor.post(&door, &[("reponse", "yes")]).await.expect(410);
    late.says("Cet atelier a déjà commencé : il n’est plus temps de répondre ici.")
        .says("Pour toute question, écrivez à");
    let answers: i64 = sqlx::query_scalar("select count(*) from workshop_answers")
        .fetch_one(&app.db.pool)
        .await
        .expect("a count");
    assert_eq!(answers, 0);
}

#[tokio::test]
async fn a_workshop_without_companies_has_every_page_and_says_so() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    for (page, words) in [
        ("", "Aucune entreprise n’est encore à l’ordre du jour."),
        ("/ordre-du-jour", "Rien à l’ordre du jour"),
        ("/fiches", "Aucune entreprise n’est à l’ordre du jour."),
        ("/presences", "Personne n’est invité"),
        ("/compte-rendu", "Aucune présence n’est notée."),
        (
            "/compte-rendu/envoyer",
            "Personne n’a à recevoir ce courriel",
        ),
    ] {
        staff
            .get(&format!("{path}{page}"))
            .await
            .expect(200)
            .says(words);
    }
    let sent_back = staff.get(&format!("{path}/decider")).await.expect(303);
    assert_eq!(sent_back.location(), Some(path.clone()));
    staff
        .get(&format!("{path}/entreprises/{}", siren(1)))
        .await
        .expect(404);
    // Minutes of nothing leave to nobody.
    let to = format!("{path}/compte-rendu/envoyer");
    staff
        .post(&to, &[("version", "1")])
        .await
        .expect(409)
        .says("Notez d’abord qui était présent.");
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser
        .get(&path)
        .await
        .expect(200)
        .hides("Choisir les entreprises");
}

#[tokio::test]
async fn what_is_pasted_keeps_its_words_and_loses_what_nobody_sees() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    put(&mut staff, &path, &[1]).await;
    let keys = [format!("p:{BANKER}")];
    invite(&mut staff, &path, &[&keys[0]]).await;
    // As Word gives it: curly quotes, bullets, no-break spaces, soft hyphens, a mark at its start.
    let word = "\u{feff}L’entreprise «\u{a0}tient\u{a0}»\u{202f}:\r\n•\tdeux\u{ad} commandes\r\n\r\n–\u{a0}un “départ”";
    let fields = [("organisme", BANK), ("texte", word)];
    say(&mut staff, &path, 1, &fields).await.expect(303);
    let odd = "Prêt 👍🏽 à aider\u{0007}\u{202e}\u{200b} l’équipe 🚒";
    let fields = [("nature", "position"), ("organisme", BANK), ("texte", odd)];
    say(&mut staff, &path, 1, &fields).await.expect(303);
    let kept: Vec<String> =
        sqlx::query_scalar("select text from workshop_entries order by created_at, id")
            .fetch_all(&app.db.pool)
            .await
            .expect("the entries");
    assert_eq!(
        kept[0],
        "L’entreprise «\u{a0}tient\u{a0}»\u{202f}:\n•\tdeux commandes\n\n–\u{a0}un “départ”"
    );
    assert_eq!(kept[1], "Prêt 👍🏽 à aider l’équipe 🚒");
    let live = format!("{path}/entreprises/{}", siren(1));
    staff
        .get(&live)
        .await
        .expect(200)
        .says("• deux commandes")
        .says("Prêt 👍🏽 à aider l’équipe 🚒");
    // Only what nobody sees is no text.
    let fields = [("organisme", BANK), ("texte", " \u{200b}\u{7}\r\n ")];
    say(&mut staff, &path, 1, &fields)
        .await
        .expect(422)
        .says("Écrivez ce qui est dit, en une phrase.");
    // A note too long comes back whole, with what to do.
    let long = "Une phrase. ".repeat(4200);
    let fields = [("organisme", BANK), ("texte", long.as_str())];
    let refused = say(&mut staff, &path, 1, &fields).await.expect(422);
    refused.says("Raccourcissez ce texte");
    let form = refused.form(&format!("{live}/saisies"));
    assert_eq!(form.value("texte").map(str::trim), Some(long.trim()));
    let to = format!("{path}/compte-rendu");
    let form = staff.get(&to).await.form(&to).set("introduction", &long);
    staff
        .submit(&form)
        .await
        .expect(422)
        .says("Raccourcissez ce texte");
}

#[tokio::test]
async fn a_person_forgotten_after_the_minutes_leaves_the_decision_to_their_organisation() {
    let (app, mut staff) = house().await;
    let path = with_guests(&mut staff).await;
    put(&mut staff, &path, &[1]).await;
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    let banker = guest(&app, "agnes@banque.example").await;
    tick(&mut staff, &path, banker, "oui").await;
    decide(&mut staff, &path, 1, &format!("g:{banker}"), "2026-12-20")
        .await
        .expect(303);
    let minutes = format!("{path}/compte-rendu");
    staff
        .get(&minutes)
        .await
        .says("Agnès Mialhe, EXEMPLE Banque")
        .says("Rencontrer la direction (EXEMPLE Banque");
    let to = format!("/personnes/{BANKER}/effacer");
    let form = staff.get(&to).await.expect(200).form(&to);
    staff.submit(&form).await.expect(303);
    staff
        .get(&minutes)
        .await
        .expect(200)
        .says("Rencontrer la direction (EXEMPLE Banque")
        .hides("Mialhe");
    staff
        .get(&path)
        .await
        .says("Personne effacée, EXEMPLE Banque")
        .hides("Mialhe");
}

#[tokio::test]
async fn nobody_is_ticked_nothing_decided_and_nothing_sent_before_the_day() {
    let (app, mut staff) = house().await;
    let path = with_guests(&mut staff).await;
    put(&mut staff, &path, &[1]).await;
    let banker = guest(&app, "agnes@banque.example").await;
    let company = format!("{path}/entreprises/{}", siren(1));
    let presences = format!("{path}/presences");
    let sending = format!("{path}/compte-rendu/envoyer");
    let decision = [
        ("decision", "watch"),
        ("quoi", "Attendre le bilan"),
        ("qui", &format!("g:{banker}")),
        ("echeance", "2026-12-20"),
    ];
    let waits = "Cet atelier se tient le 3 décembre 2026";
    // The evening before in Paris, then a minute after midnight.
    app.wait(TimeDelta::hours(9 * 24 - 11));
    let mut staff = app.session_of(staff.user_id).await;
    for page in [&presences, &sending] {
        staff.get(page).await.expect(409).says(waits);
    }
    let ticked = format!("{presences}/{banker}");
    staff
        .post(&ticked, &[("presence", "oui")])
        .await
        .expect(409);
    let to = format!("{company}/decisions");
    staff.post(&to, &decision).await.expect(409).says(waits);
    staff.post(&sending, &[("version", "1")]).await.expect(409);
    staff
        .get(&path)
        .await
        .expect(200)
        .says("Tenir le 3 décembre 2026")
        .hides("Noter les présences");
    staff
        .get(&company)
        .await
        .expect(200)
        .says("Les décisions se prennent le jour de l’atelier, le 3 décembre 2026.");
    // What a partner will say may be prepared.
    let fields = [("organisme", BANK), ("texte", "Un prêt est possible")];
    say(&mut staff, &path, 1, &fields).await.expect(303);

    app.wait(TimeDelta::minutes(61));
    let mut staff = app.session_of(staff.user_id).await;
    tick(&mut staff, &path, banker, "oui").await;
    staff.post(&to, &decision).await.expect(303);
    staff
        .get(&sending)
        .await
        .expect(200)
        .says("Un prêt est possible");
}

#[tokio::test]
async fn a_cancelled_workshop_offers_nothing_to_fill() {
    let (app, mut staff) = house().await;
    let path = with_guests(&mut staff).await;
    put(&mut staff, &path, &[1]).await;
    let cancel = format!("{path}/annuler");
    let form = staff.get(&cancel).await.form(&cancel);
    staff
        .submit(&form.set("motif", "Trop peu de réponses"))
        .await
        .expect(303);
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    for page in ["ordre-du-jour", "presences", "modifier"] {
        let page = staff.get(&format!("{path}/{page}")).await.expect(409);
        page.says("Cet atelier est annulé")
            .says("Rien n’a été modifié.")
            .hides("n’est pas enregistré");
    }
    // Who was told what stays readable.
    staff.get(&format!("{path}/invites")).await.expect(200);
    let company = format!("{path}/entreprises/{}", siren(1));
    for page in [&path, &company, &format!("{path}/compte-rendu")] {
        let page = staff.get(page).await.expect(200);
        let forms = page.text.matches("<form").count();
        // The search and the sign-out of every page.
        assert_eq!(forms, 2, "{}", page.text);
    }
}

#[tokio::test]
async fn two_people_of_one_mailbox_are_both_invited_each_with_a_link() {
    let (app, mut staff) = house().await;
    let path = plan(&mut staff, "2026-12-03").await;
    let colleague = "00000000-0000-7000-8000-0000000000b3";
    sqlx::query(
        "insert into partner_people (id, organisation_id, full_name, email)
         values ($1::uuid, $2::uuid, 'Luc Bonnet', 'Agnes@banque.example'),
                (gen_random_uuid(), $2::uuid, 'Agnès MIALHE', 'agnes@banque.example')",
    )
    .bind(colleague)
    .bind(crate::workshops::BANK)
    .execute(&app.db.pool)
    .await
    .expect("two records");
    let twin: uuid::Uuid =
        sqlx::query_scalar("select id from partner_people where full_name = 'Agnès MIALHE'")
            .fetch_one(&app.db.pool)
            .await
            .expect("a record");
    let mine = format!("u:{}", staff.user_id);
    let keys = [format!("p:{BANKER}"), format!("p:{colleague}")];
    invite(&mut staff, &path, &[&keys[0], &keys[1], &mine]).await;
    // The same person under another record is there already.
    invite(&mut staff, &path, &[&format!("p:{twin}")]).await;
    staff
        .get(&format!("{path}/invites"))
        .await
        .says("0 invité ajouté, les autres y étaient déjà");
    let (_, mails) = send(&app, &mut staff, &path, "invitations").await;
    assert_eq!(mails.len(), 3);
    let doors: std::collections::BTreeSet<_> = mails.iter().map(secret).collect();
    assert_eq!(doors.len(), 3);
    for mail in &mails {
        let file = String::from_utf8(mail.attachments[0].content.clone()).expect("UTF-8");
        let is_organiser = mail.to.starts_with(&staff.user_id.to_string());
        assert_eq!(file.contains("ATTENDEE"), !is_organiser, "{file}");
        let method = if is_organiser { "PUBLISH" } else { "REQUEST" };
        assert!(mail.attachments[0].content_type.ends_with(method));
    }
}
